//! `scale`: sets the number of replicas.
//!
//! Models k8s.io/kubectl/pkg/cmd/scale/scale.go.

use crate::api::client::{PatchType, Subresource};
use crate::api::kind::Kind;
use crate::api::scale::is_scalable;
use crate::base::time::Time;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::record::record_on;
use crate::kubectl::session::Session;
use crate::kubectl::targets::{self, Lookup, Target};
use crate::kubectl::verbs::Work;
use crate::kubectl::verbs::write::{DryRun, Report};
use crate::kubectl::view::{int, text};

/// Runs the command.
pub fn scale(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some(replicas) = call.flags.int("replicas") else {
        return Err(Failure::client("required flag(s) \"replicas\" not set"));
    };
    if replicas < 0 {
        return Err(Failure::client("The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0"));
    }
    let report = Report::of(call, session)?;
    let (targets, failures) = Failure::parted(targets::find(call, &call.args, session, Lookup::default())?);
    if targets.is_empty() && failures.is_empty() {
        return Err(Failure::client("no objects passed to scale"));
    }
    let mut waiting = Vec::new();
    for target in targets {
        scale_one(call, session, &target, replicas, &report)?;
        if call.flags.duration("timeout").is_some() && !report.dry_run.is_dry() {
            waiting.push((target.kind, target.namespace, target.name));
        }
    }
    match call.flags.duration("timeout") {
        Some(timeout) if failures.is_empty() => Scaling { waiting, until: session.now() + timeout }.go_on(session),
        _ => done_or(failures),
    }
}

fn scale_one(call: &Call, session: &mut Session, target: &Target, replicas: i64, report: &Report) -> Result<(), Failure> {
    if !is_scalable(target.kind) {
        return Err(Failure::no_such_resource());
    }
    let current = int(&target.object, &["spec", "replicas"]);
    if let Some(expected) = call.flags.int("current-replicas").filter(|n| *n >= 0 && *n != current) {
        return Err(Failure::client(format!("Expected replicas to be {expected}, was {current}")));
    }
    let version = text(&target.object, &["metadata", "resourceVersion"]);
    if let Some(expected) = call.flags.text("resource-version").filter(|v| !v.is_empty() && *v != version) {
        return Err(Failure::client(format!("Expected resource version to be {expected}, was {version}")));
    }
    if report.dry_run != DryRun::Client {
        let mut patch = Value::map();
        patch.set(&["spec", "replicas"], replicas);
        let dry = report.dry_run == DryRun::Server;
        let written =
            session.client.patch(target.kind, &target.namespace, &target.name, PatchType::Merge, &patch, Subresource::Scale, dry)?;
        session.warn_all(&written);
        if !dry {
            record_on(call, session, target)?;
        }
    }
    let mut object = target.object.clone();
    object.set(&["spec", "replicas"], replicas);
    report.say(session, &target.resource_name(), "scaled", &object)
}

/// Waits until the replicas asked for exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaling {
    waiting: Vec<(Kind, String, String)>,
    until: Time,
}

impl Scaling {
    /// Checks again.
    pub fn go_on(mut self, session: &mut Session) -> Result<Step, Failure> {
        self.waiting.retain(|(kind, namespace, name)| {
            let object = session.client.get(*kind, namespace, name);
            object.is_ok_and(|o| int(&o, &["spec", "replicas"]) != int(&o, &["status", "replicas"]))
        });
        if self.waiting.is_empty() {
            return Ok(Step::Done);
        }
        if session.now() >= self.until {
            let late = self.waiting.iter().map(|(_, _, name)| Failure::client(format!("timed out waiting for {name:?} to be synced")));
            return done_or(late.collect());
        }
        let until = self.until;
        Ok(Step::Wait(Work::Scale(self), Some(until)))
    }
}
