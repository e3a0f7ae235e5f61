//! The controller that deletes finished Jobs once their time to live is over.
//!
//! Models pkg/controller/ttlafterfinished/ttlafterfinished_controller.go.

use crate::plan::{OnError, Plan, Step};
use crate::registration::{Registration, Watch, own_key};
use crate::seen::View;
use api::client::{DeleteOptions, Propagation};
use api::kind::Kind;
use api::object::{Object, ObjectKey, Plain};
use base::time::{Span, Time};
use base::value::Value;
use server::request::Request;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(&[(Kind::Job, watch)], |view, key, _| plan(view, key));

/// Queues a Job that has ended and is to be deleted some day. Models needsCleanup.
fn watch(watch: &mut Watch) {
    if watch.change.after.as_ref().and_then(Object::as_plain).is_some_and(|job| over_at(job).is_some()) {
        own_key(watch);
    }
}

/// Plans one sync of a Job. What is deleted is what the API server has: its time may have been changed meanwhile.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let over_at = |object: Option<&Object>| object.and_then(Object::as_plain).and_then(|job| over_at(job));
    let seen = over_at(view.cache.tables.get(key));
    let at = if seen.is_some_and(|at| at <= view.now) { over_at(view.live.get(key)) } else { seen };
    let Some(at) = at else { return Plan::default() };
    if at > view.now {
        return Plan { again: Some(at.since(view.now)), ..Plan::default() };
    }
    let because = Reason::Maintenance(Maintenance::TimeIsOver);
    let mut plan = Plan::nothing(Decision::new(Component::TimeToLive, key.clone(), Verdict::Acts, because));
    let uid = view.live.get(key).map(|job| job.meta().uid.to_string().into());
    let options = DeleteOptions { propagation: Some(Propagation::Foreground), uid, ..DeleteOptions::default() };
    plan.then(Step::new(Request::Delete(key.clone(), options)).on_error(OnError::IgnoreNotFound));
    plan
}

/// When the time of a finished Job is over. Models needsCleanup and getFinishAndExpireTime.
fn over_at(job: &Plain) -> Option<Time> {
    let lives = Span::of_seconds(job.raw.int_at(&["spec", "ttlSecondsAfterFinished"])?);
    let ends = |c: &&Value| matches!(c.text_at(&["type"]), Some("Complete" | "Failed")) && c.text_at(&["status"]) == Some("True");
    let ended = job.raw.list_at(&["status", "conditions"]).iter().find(ends)?;
    let finished = ended.text_at(&["lastTransitionTime"]).and_then(Time::parse_rfc3339)?;
    (!job.meta.terminating()).then_some(finished + lives)
}
