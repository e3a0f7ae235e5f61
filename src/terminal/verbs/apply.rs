//! `apply`: files become objects, and what a file no longer says is removed.
//!
//! Models k8s.io/kubectl/pkg/cmd/apply.

pub(super) mod applying;

use crate::applied::remembered;
use crate::delete::deleting::Awaited;
use crate::delete::propagation;
use crate::manifest::Manifest;
use crate::manifests;
use crate::record::record;
use crate::turns::{NextTurn, Turns};
use crate::work::{Step, Work, done_or};
use crate::write::{DryRun, Report};
use crate::{prune, server_side};
use api::client::{DeleteOptions, Patch, PatchType, Subresource, WriteOptions};
use api::kind::Kind;
use api::object::ObjectKey;
use api::patch::{self, PatchError, three_way};
use api::release::Release;
use api::status::StatusReason;
use api::view::{self, LAST_APPLIED, is_terminating};
use applying::{Applying, Forced};
use base::value::{Map, Value};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::select::Filter;
use kubectl::session::{Session, check_path};
use kubectl::target::Target;

/// Runs the command.
pub fn apply(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    if !call.args.is_empty() {
        return Err(call.usage(format!("Unexpected args: [{}]", call.args.join(" "))));
    }
    if !manifests::are_given(call) {
        return Err(Failure::client("must specify one of -f and -k"));
    }
    let report = Report::of(call)?;
    check(call, report.dry_run)?;
    let filter = Filter::of(call);
    let mut read = manifests::read(call, session, true)?;
    read.retain(|m| m.as_ref().map_or(true, |m| filter.passes(&m.object)));
    if read.is_empty() {
        return Err(Failure::client("no objects passed to apply"));
    }
    let numbered =
        |(at, one): (usize, Result<Manifest, Failure>)| one.map(|one| (at, one)).map_err(|failure| Failure::Of(at, Box::new(failure)));
    let (read, unread) = Failure::parted(read.into_iter().enumerate().map(numbered).collect());
    Applying { rest: Turns::new(read, session), again: None, objects: Vec::new(), unread, failures: Vec::new() }.go_on(call, session)
}

/// Refuses flags that do not go together. Models apply.go Validate.
fn check(call: &Call, dry_run: DryRun) -> Result<(), Failure> {
    let on = |flag: &str| call.flags.on(flag);
    let by_server = on("server-side");
    let refusals = [
        (on("force-conflicts") && !by_server, "--force-conflicts only works with --server-side"),
        (
            dry_run == DryRun::Client && by_server,
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
        ),
        (by_server && on("force"), "--force cannot be used with --server-side"),
        (dry_run == DryRun::Server && on("force"), "--dry-run=server cannot be used with --force"),
        (on("all") && call.flags.given("selector"), "cannot set --all and --selector at the same time"),
        (on("prune") && on("force"), "--force cannot be used with --prune"),
        (
            on("prune") && !on("all") && !call.flags.given("selector"),
            "all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did \
             not mean to prune all resources, specify a label selector",
        ),
        (on("prune") && by_server, "--prune is in alpha and doesn't currently work on objects created by server-side apply"),
    ];
    refusals.into_iter().find(|(broken, _)| *broken).map_or(Ok(()), |(_, why)| Err(Failure::client(why)))
}

impl Applying {
    /// Applies those whose turn it is.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let report = Report::of(call)?;
        loop {
            let outcome = if let Some(forced) = self.again.take() {
                if forced.going.is_there(session) {
                    self.again = Some(forced);
                    return Ok(Step::Wait(Work::Apply(Box::new(self)), None));
                }
                forced.anew(session, &report).map(Some)
            } else {
                match self.rest.take(session) {
                    NextTurn::Now((at, manifest)) => {
                        self.begin(call, session, manifest, &report).map_err(|failure| Failure::Of(at, Box::new(failure)))
                    }
                    NextTurn::Later(at) => return Ok(Step::Wait(Work::Apply(Box::new(self)), Some(at))),
                    NextTurn::Over => break,
                }
            };
            match outcome {
                Ok(object) => {
                    if let Some(key) = object.as_ref().filter(|_| !report.dry_run.is_dry()).and_then(key_of) {
                        session.output.applied(key);
                    }
                    self.objects.extend(object);
                }
                Err(failure) => self.failures.push(failure),
            }
        }
        let is_well = self.unread.is_empty() && self.failures.is_empty();
        // Names are printed one by one, and objects at the end if all went well.
        let prints = report.prints_objects() && (is_well || call.flags.text("output") == Some("name"));
        if prints && !self.objects.is_empty() {
            report.print_all(session, &self.objects)?;
        }
        if is_well && call.flags.on("prune") {
            prune::prune(call, session, &self.objects, &report)?;
        }
        if self.failures.is_empty() {
            return done_or(self.unread);
        }
        done_or(Failure::aggregate(self.unread).into_iter().chain(self.failures).collect())
    }

    /// Applies one object; nothing where it was deleted by force, and is made anew once it is gone.
    fn begin(&mut self, call: &Call, session: &mut Session, mut manifest: Manifest, report: &Report) -> Result<Option<Value>, Failure> {
        record(call, &mut manifest.object);
        match apply_one(call, session, &manifest, report) {
            Err(failure) if call.flags.on("force") && !report.dry_run.is_dry() && is_forced(&failure) => {
                let target = manifest.target();
                let original = session.get(target.kind, &target.namespace, &target.name)?;
                let going = Awaited::new(&target, &delete(call, session, &target)?);
                self.again = Some(Forced { manifest, going, original });
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }
}

/// Which object this is.
fn key_of(object: &Value) -> Option<ObjectKey> {
    let kind = Kind::claimed(object)?;
    Some(ObjectKey::new(kind, &view::namespace(object).into(), &view::name(object).into()))
}

/// Whether `--force` deletes an object that was refused so, and makes it anew.
fn is_forced(failure: &Failure) -> bool {
    matches!(failure, Failure::Server(status) if matches!(status.reason, StatusReason::Conflict | StatusReason::Invalid))
}

fn delete(call: &Call, session: &mut Session, target: &Target) -> Result<Value, Failure> {
    let grace = call.flags.int("grace-period").filter(|grace| *grace >= 0);
    let options = DeleteOptions { grace_period_seconds: grace, propagation: Some(propagation(call, session)?), ..DeleteOptions::default() };
    Ok(session.client.delete(target.kind, &target.namespace, &target.name, &options)?)
}

impl Forced {
    /// Makes what is wanted, or else what was there. Models patcher.go deleteAndCreate.
    fn anew(self, session: &mut Session, report: &Report) -> Result<Value, Failure> {
        let Manifest { kind, namespace, name, source, .. } = &self.manifest;
        let wanted = self.manifest.remembering();
        match session.client.create(*kind, namespace, &wanted, &report.options) {
            Ok(written) => {
                session.warn_all(&written);
                if !report.prints_objects() {
                    session.output.line(format!("{}/{name} configured", kind.qualified_singular()));
                }
                Ok(written.object)
            }
            Err(refusal) => {
                let mut original = self.original;
                drop(original.remove(&["metadata", "resourceVersion"]));
                session.client.create(*kind, namespace, &original, &report.options)?;
                Err(Failure::Server(refusal).from_source(&in_vain(&self.manifest, &wanted.to_json(), session.client.release()), source))
            }
        }
    }
}

/// Applies one object; the object as it is then.
fn apply_one(call: &Call, session: &mut Session, manifest: &Manifest, report: &Report) -> Result<Value, Failure> {
    let Manifest { kind, namespace, name, .. } = manifest;
    let prefix = manifest.object.text_at(&["metadata", "generateName"]).unwrap_or_default();
    if name.is_empty() && !prefix.is_empty() {
        return Err(Failure::client(format!("from {prefix}: cannot use generate name with apply")));
    }
    let resource_name = format!("{}/{name}", kind.qualified_singular());
    let say = |session: &mut Session, done: &str| {
        if !report.prints_objects() {
            session.output.line(format!("{resource_name} {done}{}", report.dry_run.suffix()));
        }
    };
    if call.flags.on("server-side") {
        check_path(namespace, name)?;
        let object = server_side::apply(call, session, manifest, &report.options)?;
        warn_if_terminating(session, name, &object);
        say(session, "serverside-applied");
        return Ok(object);
    }
    let modified = manifest.remembering();
    let live = match session.get(*kind, namespace, name) {
        Ok(live) => live,
        Err(failure) if failure.is_not_found() => {
            let object = create(session, manifest, without_nulls(&modified), report)?;
            say(session, "created");
            return Ok(object);
        }
        Err(failure) => {
            let doing =
                format!("retrieving current configuration of:\n{}\nfrom server for:", described(manifest, session.client.release()));
            return Err(failure.from_source(&doing, &manifest.source));
        }
    };
    if live.text_at(&["metadata", "annotations", LAST_APPLIED]).is_none() {
        session.output.warn(&missing_annotation(manifest));
    }
    let object = send(session, manifest, &modified, &live, report)?;
    say(session, if object.is_some() { "configured" } else { "unchanged" });
    Ok(object.unwrap_or(live))
}

fn missing_annotation(manifest: &Manifest) -> String {
    format!(
        "resource {}/{} is missing the {LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be \
         used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation \
         will be patched automatically.",
        manifest.kind.info().plural,
        manifest.name
    )
}

fn create(session: &mut Session, manifest: &Manifest, object: Value, report: &Report) -> Result<Value, Failure> {
    if report.dry_run == DryRun::Client {
        return Ok(object);
    }
    let written = session.client.create(manifest.kind, &manifest.namespace, &object, &report.options);
    let written = written.map_err(|status| Failure::Server(status).from_source("creating", &manifest.source))?;
    session.warn_all(&written);
    Ok(written.object)
}

/// A new object without the members that are `null`, as a patch of an old one would delete them. Models apply.go pruneNullsFromMap.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            let given = map.iter().filter(|(_, member)| !member.is_null());
            Value::of(given.map(|(key, member)| (key.clone(), without_nulls(member))))
        }
        Value::List(items) => Value::list(items.iter().map(without_nulls)),
        other => other.clone(),
    }
}

/// Sends what makes the live object as it is wanted; nothing where it is so already.
fn send(session: &mut Session, manifest: &Manifest, modified: &Value, live: &Value, report: &Report) -> Result<Option<Value>, Failure> {
    let Manifest { kind, namespace, name, source, .. } = manifest;
    let patch = patch_of(session, manifest, modified, live)
        .map_err(|failure| failure.from_source(&in_vain(manifest, "", session.client.release()), source))?;
    let nothing = patch.as_map().is_some_and(Map::is_empty);
    if report.dry_run == DryRun::Client {
        let merged = patch::apply(*kind, PatchType::Strategic, live, &patch, session.client.release())?;
        warn_if_terminating(session, name, live);
        return Ok((!nothing).then_some(merged.object));
    }
    if nothing {
        warn_if_terminating(session, name, live);
        return Ok(None);
    }
    let options = WriteOptions { strict: true, ..report.options.clone() };
    let written = session.client.patch(*kind, namespace, name, Patch::strategic(&patch), Subresource::None, &options);
    let written = written.map_err(|status| {
        Failure::Server(status)
            .from_source("patching", source)
            .from_source(&in_vain(manifest, &patch.to_json(), session.client.release()), source)
    })?;
    session.warn_all(&written);
    warn_if_terminating(session, name, live);
    Ok(Some(written.object))
}

/// Models apply.go WarnIfDeleting, which is asked whether or not something changes.
pub fn warn_if_terminating(session: &mut Session, name: &str, live: &Value) {
    if is_terminating(live) {
        session.output.warn(&format!("Detected changes to resource {name} which is currently being deleted."));
    }
}

/// What did not go well, in an error.
fn in_vain(manifest: &Manifest, patch: &str, release: &Release) -> String {
    format!("applying patch:\n{patch}\nto:\n{}\nfor:", described(manifest, release))
}

/// Which object of which resource a manifest is about. Models resource.Info String.
fn described(Manifest { kind, namespace, name, .. }: &Manifest, release: &Release) -> String {
    let (info, version) = (kind.info(), kind.api_version());
    let version = if info.group.is_empty() { format!("/{version}") } else { version };
    let apart = if release.describes_resources_on_one_line { ", " } else { "\n" };
    format!(
        "Resource: \"{version}, Resource={}\", GroupVersionKind: \"{version}, Kind={}\"{apart}Name: {name:?}, Namespace: {namespace:?}",
        info.plural, info.name
    )
}

/// The patch between what was applied last, what is wanted and what is there.
pub fn patch_of(session: &mut Session, manifest: &Manifest, modified: &Value, live: &Value) -> Result<Value, Failure> {
    three_way(manifest.kind, &remembered(live).unwrap_or_else(Value::map), modified, live).map_err(|error| {
        for specification in ["openapi v3", "openapi"] {
            session.output.err(format!("warning: error calculating patch from {specification} spec: {error}"));
        }
        Failure::client(without_patch(session, modified, live, &error)).from_source("patching", &manifest.source)
    })
}

/// What is said where there is no patch between the three.
fn without_patch(session: &Session, modified: &Value, live: &Value, error: &PatchError) -> String {
    let original = remembered(live).map_or(String::new(), |original| original.to_json());
    // The answer to a get always has them.
    let mut live = live.clone();
    session.name_managers(&mut live);
    format!(
        "creating patch with:\noriginal:\n{original}\n\nmodified:\n{}\n\ncurrent:\n{}\n\nfor: {}",
        modified.to_json(),
        live.to_json(),
        error
    )
}
