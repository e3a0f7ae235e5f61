//! `replace`: overwrites objects, or deletes and recreates them.
//!
//! Models k8s.io/kubectl/pkg/cmd/replace/replace.go.

pub(super) mod replacing;

use crate::applied::remembering;
use crate::create::create_one;
use crate::delete::deleting::{Awaited, Gone};
use crate::delete::{delete_it, propagation, say_deleted};
use crate::manifest::Manifest;
use crate::manifests;
use crate::patch::has_part;
use crate::polls::{Poll, Polls};
use crate::turns::{NextTurn, Turns};
use crate::work::{Step, Work, done_or};
use crate::write::{DryRun, Report};
use api::client::{DeleteOptions, Propagation, Subresource};
use api::kind::Kind;
use api::status::Status;
use api::view;
use base::time::{Span, Time};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use replacing::{Creating, Deleting, Looking, Replacing};

/// Runs the command.
pub fn replace(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    Failure::client_if(!manifests::are_given(call), "must specify one of -f and -k")?;
    for flag in ["grace-period", "timeout"] {
        Failure::client_if(call.flags.given(flag) && !call.flags.on("force"), format!("--{flag} must have --force specified"))?;
    }
    let propagation = propagation(call, session)?;
    let report = Report::of(call)?;
    Failure::client_if(call.flags.on("force") && report.dry_run != DryRun::None, "--dry-run can not be used when --force is set")?;
    let read = manifests::read(call, session, !call.flags.on("force"))?;
    if call.flags.on("force") {
        Failure::client_if(read.is_empty(), "no objects passed to replace")?;
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

/// From one look for an old object to the next.
const BETWEEN_LOOKS: Span = Span::seconds(1);

/// How long each old object is looked for, if nothing else is asked for.
const DEFAULT_TIMEOUT: Span = Span::seconds(5 * 60);

/// Deletes all objects first.
fn force(call: &Call, session: &mut Session, read: Vec<Result<Manifest, Failure>>, propagation: Propagation) -> Result<Step, Failure> {
    // No grace at all is a second of it, and a wait.
    let (grace, is_awaited) = match call.flags.int("grace-period").filter(|grace| *grace >= 0) {
        Some(0) => (Some(1), true),
        grace => (grace, call.flags.on("wait")),
    };
    let options = DeleteOptions { grace_period_seconds: grace, propagation: Some(propagation), ..DeleteOptions::default() };
    let (manifests, unread) = Failure::parted(read);
    let rest = Turns::new(manifests.clone(), session);
    Deleting { manifests, rest, options, is_awaited, gone: Vec::new(), failures: Vec::new(), unread }.go_on(call, session)
}

impl Replacing {
    /// Goes on.
    pub fn go_on(self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        match self {
            Replacing::Deleting(part) => part.go_on(call, session),
            Replacing::Going(gone, manifests) => match gone.go_on(session)? {
                Step::Wait(Work::Gone(gone), until) => Ok(Replacing::Going(gone, manifests).waits(until)),
                _ => Looking::new(manifests, call, session).go_on(call, session),
            },
            Replacing::Looking(part) => part.go_on(call, session),
            Replacing::Creating(part) => part.go_on(call, session),
        }
    }

    fn waits(self, until: Option<Time>) -> Step {
        Step::Wait(Work::Replace(Box::new(self)), until)
    }
}

impl Deleting {
    fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        loop {
            let target = match self.rest.take(session) {
                NextTurn::Now(manifest) => manifest.target(),
                NextTurn::Later(at) => return Ok(Replacing::Deleting(self).waits(Some(at))),
                NextTurn::Over => break,
            };
            match delete_it(session, &target, &self.options) {
                Ok(object) => {
                    if call.flags.text("output") == Some("name") {
                        session.output.line(target.resource_name());
                    } else {
                        say_deleted(session, &target, false, DryRun::None);
                    }
                    self.gone.push(Awaited::new(&target, &object));
                }
                Err(failure) if failure.is_not_found() => {}
                Err(failure) => self.failures.push(failure),
            }
        }
        let failures = Failure::then_unread(self.failures, self.unread);
        if !failures.is_empty() {
            return done_or(failures);
        }
        let objects = if self.is_awaited { self.gone } else { Vec::new() };
        let until = call.flags.duration("timeout").map(|timeout| session.now() + timeout);
        Replacing::Going(Gone { objects, until }, self.manifests).go_on(call, session)
    }
}

impl Looking {
    fn new(manifests: Vec<Manifest>, call: &Call, session: &Session) -> Looking {
        let timeout = call.flags.duration("timeout").unwrap_or(DEFAULT_TIMEOUT);
        Looking { manifests, at: 0, timeout, polls: Polls::new(BETWEEN_LOOKS, timeout, session), failures: Vec::new() }
    }

    fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        while let Some(Manifest { kind, namespace, name, .. }) = self.manifests.get(self.at) {
            match self.polls.take(session) {
                Poll::Now => match session.client.get(*kind, namespace, name).map_err(Failure::Server) {
                    Ok(_) => continue,
                    Err(failure) if failure.is_not_found() => {}
                    Err(failure) => self.failures.push(failure),
                },
                Poll::Later(at) => return Ok(Replacing::Looking(self).waits(Some(at))),
                Poll::Over => self.failures.push(Failure::client("context deadline exceeded")),
            }
            self.at += 1;
            self.polls = Polls::new(BETWEEN_LOOKS, self.timeout, session);
        }
        if !self.failures.is_empty() {
            return done_or(self.failures);
        }
        // Only what is created is checked against the schema.
        let rest = Turns::after(session.around.pace.schema, self.manifests, session);
        Creating { rest, failures: Vec::new() }.go_on(call, session)
    }
}

impl Creating {
    fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let report = Report::of(call)?;
        loop {
            let mut manifest = match self.rest.take(session) {
                NextTurn::Now(manifest) => manifest,
                NextTurn::Later(at) => return Ok(Replacing::Creating(self).waits(Some(at))),
                NextTurn::Over => return done_or(self.failures),
            };
            // Refusals do not name the file here.
            manifest.source.clear();
            self.failures.extend(create_one(call, session, &manifest, &report, "replaced").err());
        }
    }
}
