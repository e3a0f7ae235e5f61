//! `delete`: deletes objects and waits until they are gone.
//!
//! Models k8s.io/kubectl/pkg/cmd/delete/delete.go.

pub(super) mod deleting;

use crate::manifests;
use crate::targets::{self, Lookup};
use crate::turns::{NextTurn, Turns};
use crate::work::{Step, Work, done_or};
use crate::write::DryRun;
use api::change::Change;
use api::client::{DeleteOptions, Propagation};
use base::time::Span;
use base::value::Value;
use deleting::{Awaited, Deleting, Gone};
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::Asked;
use kubectl::session::{Session, check_path};
use kubectl::target::Target;

/// The value of `--grace-period` that stands for "not given".
const NOT_GIVEN: i64 = -1;

const IMMEDIATE: &str = "Immediate deletion does not wait for confirmation that the running resource has been terminated. The \
                         resource may continue to run on the cluster indefinitely.";

/// Runs the command.
pub fn delete(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    check_words(call)?;
    let dry_run = DryRun::of(call)?;
    let by_selection = call.flags.on("all") || call.flags.given("selector") || call.flags.given("field-selector");
    let names_only = !by_selection || manifests::are_given(call);
    let found = targets::find(call, &call.args, session, Lookup { names_only, ..Lookup::default() })?;
    let (found, mut unread) = Failure::parted(found);
    if ignores_missing(call) {
        unread.retain(|failure| !failure.is_not_found());
    }
    let options = options(call, session, dry_run)?;
    warn_of_scope(call, session);
    Deleting { rest: Turns::new(found, session), options, gone: Vec::new(), unread, failures: Vec::new(), count: 0 }.go_on(call, session)
}

/// How long the server takes to answer at least: who waits for less does not hear it. In the model itself answers take no time.
pub const ANSWER_TAKES: Span = Span(2);

impl Deleting {
    /// Deletes the objects whose turn it is.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        let dry_run = DryRun::of(call)?;
        let ignore_missing = ignores_missing(call);
        loop {
            let target = match self.rest.take(session) {
                NextTurn::Now(target) => target,
                NextTurn::Later(at) => return Ok(Step::Wait(Work::Delete(Box::new(self)), Some(at))),
                NextTurn::Over => break,
            };
            self.count += 1;
            match delete_one(call, session, &target, &self.options, dry_run) {
                Ok(object) => self.gone.push(Awaited::new(&target, &object)),
                Err(failure) if ignore_missing && failure.is_not_found() => {}
                Err(failure) => self.failures.push(failure),
            }
        }
        let failures = Failure::then_unread(self.failures, self.unread);
        if !failures.is_empty() {
            return done_or(failures);
        }
        if self.count == 0 {
            session.output.line("No resources found");
        }
        if dry_run.is_dry() || call.flags.off("wait") {
            return Ok(Step::Done);
        }
        let timeout = call.flags.duration("timeout");
        if timeout.is_some_and(|timeout| timeout < ANSWER_TAKES) && !self.gone.is_empty() {
            return Err(Failure::Plain("Unable to connect to the server: context deadline exceeded".to_owned()));
        }
        Gone { objects: self.gone, until: timeout.map(|t| session.now() + t) }.go_on(session)
    }
}

fn ignores_missing(call: &Call) -> bool {
    let by_selection = call.flags.on("all") || call.flags.given("selector") || call.flags.given("field-selector");
    by_selection && !call.flags.given("ignore-not-found") || call.flags.on("ignore-not-found")
}

fn check_words(call: &Call) -> Result<(), Failure> {
    let given = |name| call.flags.given(name);
    if call.flags.on("all") && (given("selector") || given("field-selector")) {
        return Err(Failure::client("setting 'all' parameter but found a non empty selector. "));
    }
    if call.flags.on("all") && call.args.len() > 1 && !call.args.iter().any(|arg| arg.contains('/')) {
        return Err(Failure::client("name cannot be provided when a selector is specified"));
    }
    if let Some(mode) = call.flags.text("output").filter(|mode| !["", "name"].contains(mode)) {
        return Err(Failure::client(format!("unexpected -o output mode: {mode}. We only support '-o name'")));
    }
    Failure::client_if(call.flags.on("now") && given("grace-period"), "--now and --grace-period cannot be specified together")?;
    Ok(())
}

fn options(call: &Call, session: &mut Session, dry_run: DryRun) -> Result<DeleteOptions, Failure> {
    let force = call.flags.on("force");
    let mut grace = call.flags.int("grace-period").unwrap_or(NOT_GIVEN);
    if call.flags.on("now") || (grace == 0 && !force) {
        grace = 1;
    }
    if force && grace < 0 {
        grace = 0;
    }
    let propagation = propagation(call, session)?;
    Failure::client_if(force && grace > 0, "--force and --grace-period greater than 0 cannot be specified together")?;
    if force {
        if session.has(Change::ForceWarning) {
            session.output.warn(IMMEDIATE);
        } else {
            session.output.err(format!("warning: {IMMEDIATE}"));
        }
    }
    Ok(DeleteOptions {
        grace_period_seconds: Some(grace).filter(|g| *g >= 0),
        propagation: Some(propagation),
        uid: None,
        revision: None,
        dry_run: dry_run.is_dry(),
    })
}

/// The propagation policy of `--cascade`; the old boolean values are still understood.
pub fn propagation(call: &Call, session: &mut Session) -> Result<Propagation, Failure> {
    let old = |session: &mut Session, value: &str, new: &str| {
        let words = "is deprecated (boolean value) and can be replaced with";
        session.output.err(format!("warning: --cascade={value} {words} --cascade={new}."));
    };
    match call.flags.text("cascade").unwrap_or("background") {
        "background" => Ok(Propagation::Background),
        "foreground" => Ok(Propagation::Foreground),
        "orphan" => Ok(Propagation::Orphan),
        "true" => {
            old(session, "true", "background");
            Ok(Propagation::Background)
        }
        "false" => {
            old(session, "false", "orphan");
            Ok(Propagation::Orphan)
        }
        other => Err(Failure::client(format!("invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""))),
    }
}

fn warn_of_scope(call: &Call, session: &mut Session) {
    let asked = Asked::read(&call.args, session.client).unwrap_or_default();
    let cluster_wide = asked.kinds.iter().any(|k| !k.is_namespaced());
    if cluster_wide && call.flags.given("namespace") && !manifests::are_given(call) {
        session.output.warn("deleting cluster-scoped resources, not scoped to the provided namespace");
    }
}

fn delete_one(call: &Call, session: &mut Session, target: &Target, options: &DeleteOptions, dry_run: DryRun) -> Result<Value, Failure> {
    let object = if dry_run == DryRun::Client { Value::Null } else { delete_it(session, target, options)? };
    if call.flags.text("output") == Some("name") {
        session.output.line(target.resource_name());
    } else {
        say_deleted(session, target, call.flags.on("force"), dry_run);
    }
    Ok(object)
}

/// Has the server delete an object; what it was.
pub fn delete_it(session: &mut Session, target: &Target, options: &DeleteOptions) -> Result<Value, Failure> {
    let asked = check_path(&target.namespace, &target.name).and_then(|()| {
        session.warn_of(target.kind);
        session.client.delete(target.kind, &target.namespace, &target.name, options).map_err(Failure::Server)
    });
    asked.map_err(|failure| failure.from_source("deleting", &target.source))
}

/// `pod "web-0" force deleted from default namespace`.
pub fn say_deleted(session: &mut Session, target: &Target, force: bool, dry_run: DryRun) {
    let forced = if force { "force " } else { "" };
    let is_placed = !target.namespace.is_empty() && session.has(Change::DeletedFrom);
    let place = if is_placed { format!(" from {} namespace", target.namespace) } else { String::new() };
    let what = target.kind.qualified_singular();
    session.output.line(format!("{what} {:?} {forced}deleted{place}{}", target.name, dry_run.suffix()));
}

impl Gone {
    /// Checks again.
    pub fn go_on(mut self, session: &mut Session) -> Result<Step, Failure> {
        self.objects.retain(|o| o.is_there(session));
        if self.objects.is_empty() {
            return Ok(Step::Done);
        }
        if self.until.is_some_and(|until| session.now() >= until) {
            let first = &self.objects[0];
            return Err(Failure::client(format!("timed out waiting for the condition on {}/{}", first.kind.info().plural, first.name)));
        }
        let until = self.until;
        Ok(Step::Wait(Work::Gone(self), until))
    }
}
