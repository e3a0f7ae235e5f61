//! `scale`: sets the number of replicas.
//!
//! Models k8s.io/kubectl/pkg/cmd/scale/scale.go.

pub(super) mod scaling;

use crate::polls::{Poll, Polls};
use crate::record::record_on;
use crate::targets::{self, Lookup};
use crate::work::{Step, Work, done_or};
use crate::write::Report;
use api::client::{Patch, Subresource};
use api::kind::{Kind, Trait};
use api::status::Status;
use api::view::{int, text};
use base::time::Span;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;
use scaling::Scaling;

/// From one look for the replicas asked for to the next.
const BETWEEN_LOOKS: Span = Span::seconds(1);

/// Runs the command.
pub fn scale(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let Some(replicas) = call.flags.int("replicas") else {
        return Err(Failure::client("required flag(s) \"replicas\" not set"));
    };
    Failure::client_if(replicas < 0, "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0")?;
    if call.flags.int("current-replicas").is_some_and(|n| n < -1) {
        return Err(Failure::client("The --current-replicas must specify an integer of -1 or greater"));
    }
    let report = Report::of(call)?.by_one_printer();
    let (targets, failures) = Failure::parted(targets::find(call, &call.args, session, Lookup::default())?);
    if targets.len() > 1 && call.flags.text("resource-version").is_some_and(|version| !version.is_empty()) {
        return Err(Failure::client("cannot use --resource-version with multiple resources"));
    }
    Failure::client_if(targets.is_empty() && failures.is_empty(), "no objects passed to scale")?;
    Scaling { rest: targets.into_iter().rev().collect(), replicas, report, polls: None, failures }.go_on(call, session)
}

fn write(call: &Call, session: &mut Session, target: &Target, replicas: i64, report: &Report) -> Result<(), Failure> {
    if !report.asks_server() {
        return Ok(());
    }
    if matches!(target.kind, Kind::Custom(_)) {
        return Err(Status::not_found(&target.kind.resource(), &target.name).into());
    }
    if !target.kind.has(Trait::Scale) {
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
    let mut patch = Value::map();
    patch.set(&["spec", "replicas"], replicas);
    let Target { kind, namespace, name, .. } = target;
    let written = session.client.patch(*kind, namespace, name, Patch::merge(&patch), Subresource::Scale, &report.options)?;
    session.warn_all(&written);
    Ok(())
}

/// Whether an object has its replicas, or somebody else has asked for others. Models pkg/scale/scale.go scaleHasDesiredReplicas.
fn is_scaled(target: &Target, replicas: i64, session: &Session) -> Result<bool, Failure> {
    let live = session.client.get(target.kind, &target.namespace, &target.name)?;
    Ok(int(&live, &["spec", "replicas"]) != replicas || int(&live, &["status", "replicas"]) == replicas)
}

impl Scaling {
    /// Goes on with the present object and then the next.
    pub fn go_on(mut self, call: &Call, session: &mut Session) -> Result<Step, Failure> {
        while let Some(target) = self.rest.last() {
            if self.polls.is_none() {
                write(call, session, target, self.replicas, &self.report)?;
            }
            if let Some(timeout) = call.flags.duration("timeout").filter(|_| !self.report.dry_run.is_dry()) {
                let polls = self.polls.get_or_insert_with(|| Polls::new(BETWEEN_LOOKS, timeout, session));
                match polls.take(session) {
                    Poll::Now if is_scaled(target, self.replicas, session)? => {}
                    Poll::Now => continue,
                    Poll::Later(at) => return Ok(Step::Wait(Work::Scale(Box::new(self)), Some(at))),
                    Poll::Over => return Err(Failure::client(format!("timed out waiting for {:?} to be synced", target.name))),
                }
            }
            if !self.report.dry_run.is_dry() {
                record_on(call, session, target, &self.report.options)?;
            }
            let mut object = target.object.clone();
            object.set(&["spec", "replicas"], self.replicas);
            self.report.say(session, &target.resource_name(), "scaled", &object)?;
            self.rest.pop();
            self.polls = None;
        }
        done_or(self.failures)
    }
}
