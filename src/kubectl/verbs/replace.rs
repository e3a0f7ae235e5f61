//! `replace`: overwrites objects, or deletes and recreates them.
//!
//! Models k8s.io/kubectl/pkg/cmd/replace/replace.go.

use crate::api::client::{DeleteOptions, Propagation, Subresource};
use crate::api::kind::Kind;
use crate::api::status::Status;
use crate::base::time::Time;
use crate::kubectl::applied::remembering;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::manifests::{self, Manifest};
use crate::kubectl::session::Session;
use crate::kubectl::targets::Target;
use crate::kubectl::verbs::Work;
use crate::kubectl::verbs::create::create_one;
use crate::kubectl::verbs::delete::{Awaited, propagation, say_deleted};
use crate::kubectl::verbs::patch::has_part;
use crate::kubectl::verbs::write::{DryRun, Report};
use crate::kubectl::view;

/// Runs the command.
pub fn replace(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if !manifests::are_given(call) {
        return Err(Failure::client("must specify one of -f and -k"));
    }
    if call.flags.given("raw") {
        return Err(Failure::not_simulated_with("replace", "--raw"));
    }
    for flag in ["grace-period", "timeout"] {
        if call.flags.given(flag) && !call.flags.on("force") {
            return Err(Failure::client(format!("--{flag} must have --force specified")));
        }
    }
    let propagation = propagation(call, session)?;
    let report = Report::of(call, session)?;
    if call.flags.on("force") && report.dry_run != DryRun::None {
        return Err(Failure::client("--dry-run can not be used when --force is set"));
    }
    let read = manifests::read(call, session, true)?;
    if read.is_empty() {
        return Err(Failure::client("no objects passed to replace"));
    }
    if call.flags.on("force") {
        return force(call, session, read, propagation);
    }
    let (read, unread) = Failure::parted(read);
    let failures = read.into_iter().filter_map(|manifest| replace_one(call, session, &manifest, &report).err()).collect();
    done_or(Failure::then_unread(failures, unread))
}

fn replace_one(call: &Call, session: &mut Session, manifest: &Manifest, report: &Report) -> Result<(), Failure> {
    let Manifest { kind, namespace, name, source, .. } = manifest;
    let from_source = |failure: Failure| failure.from_source("replacing", source);
    check_part(call, *kind).map_err(from_source)?;
    // Of some kinds, the server creates what is not there.
    let live = match session.get(*kind, namespace, name) {
        Err(failure) if failure.is_not_found() => None,
        looked_up => Some(looked_up.map_err(from_source)?),
    };
    let remember = call.flags.on("save-config") || manifest.object.text_at(&["metadata", "annotations", view::LAST_APPLIED]).is_some();
    let mut object = if remember { remembering(&manifest.object) } else { manifest.object.clone() };
    if report.asks_server() {
        if let Some(live) = live.filter(|_| object.text_at(&["metadata", "resourceVersion"]).is_none()) {
            object.set(&["metadata", "resourceVersion"], view::text(&live, &["metadata", "resourceVersion"]));
        }
        let written = session.client.replace(*kind, namespace, name, &object, Subresource::None, &report.options);
        let written = written.map_err(|status| from_source(status.into()))?;
        session.warn_all(&written);
        object = written.object;
    }
    report.say(session, &format!("{}/{name}", kind.qualified_singular()), "replaced", &object)
}

/// Refuses to replace a part of an object that objects of this kind do not have, or that what files hold cannot be.
fn check_part(call: &Call, kind: Kind) -> Result<(), Failure> {
    let part = call.flags.text("subresource").unwrap_or_default();
    match part {
        "" => Ok(()),
        _ if !has_part(kind, part) => Err(Failure::no_such_resource()),
        // What the server keeps of the metadata then is not simulated.
        "status" => Err(Failure::not_simulated("`kubectl replace --subresource=status`")),
        _ => {
            let info = kind.info();
            Err(Failure::Server(Status::bad_request(format!(
                "{0} in version {1:?} cannot be handled as a Scale: converting ({1}.{0}) to (autoscaling.Scale): unknown conversion",
                info.name, info.version
            ))))
        }
    }
}

/// Deletes all objects first.
fn force(call: &Call, session: &mut Session, read: Vec<Result<Manifest, Failure>>, propagation: Propagation) -> Result<Step, Failure> {
    let grace = call.flags.int("grace-period").filter(|g| *g >= 0);
    let options = DeleteOptions { grace_period_seconds: grace, propagation: Some(propagation), ..DeleteOptions::default() };
    let mut replacing =
        Replacing { manifests: Vec::new(), gone: Vec::new(), until: call.flags.duration("timeout").map(|t| session.now() + t) };
    for manifest in read {
        let manifest = manifest?;
        let target = Target::of_manifest(&manifest);
        match session.client.delete(target.kind, &target.namespace, &target.name, &options).map_err(Failure::Server) {
            Ok(object) => {
                say_deleted(session, &target, false, DryRun::None);
                replacing.gone.push(Awaited::new(&target, &object));
            }
            Err(failure) if failure.is_not_found() => {}
            Err(failure) => return Err(failure),
        }
        replacing.manifests.push(manifest);
    }
    replacing.go_on(call, session)
}

/// Waits until the old objects are gone, then creates the new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacing {
    manifests: Vec<Manifest>,
    gone: Vec<Awaited>,
    until: Option<Time>,
}

impl Replacing {
    /// Checks again.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        self.gone.retain(|o| o.is_there(session));
        if !self.gone.is_empty() {
            if self.until.is_some_and(|until| session.now() >= until) {
                return Err(Failure::client("timed out waiting for the condition"));
            }
            let until = self.until;
            return Ok(Step::Wait(Work::Replace(self), until));
        }
        let report = Report::of(call, session)?;
        let mut failures = Vec::new();
        for manifest in &self.manifests {
            failures.extend(create_one(call, session, manifest, &report, "replaced").err());
        }
        done_or(failures)
    }
}
