//! What the CronJob controller says of Jobs that it did not create.
//!
//! Models pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob.
//! Not modelled: the schedule, hence Jobs that are active; that old Jobs are deleted.

use std::rc::Rc;

use super::plan::{PendingEvent, Plan, Step};
use super::registration::{Registration, own_key};
use super::seen::View;
use super::workloads::owners;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Object, ObjectKey, Plain};
use base::value::Value;
use server::request::Request;
use why::{Component, Decision, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(
    &[(Kind::CronJob, own_key), (Kind::Job, |watch| watch.enqueue_all(owners(watch.change, Kind::CronJob).map(|(key, _)| key)))],
    |view, key, _| plan(view, key),
);
/// The source component of this controller's events.
const SOURCE: &str = "cronjob-controller";
/// The status field with the time of the last success.
const LAST_SUCCESS: &str = "lastSuccessfulTime";

/// Plans one sync of a CronJob.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
    let Some(cron) = view.cache.tables.get(key).and_then(Object::as_plain) else { return Plan::default() };
    let mut plan = Plan::nothing(Decision::new(Component::CronJob, key.clone(), Verdict::Done, Reason::ScheduleIgnored));
    let mut status = cron.raw.get("status").cloned().unwrap_or_else(Value::map);
    let jobs = view.cache.tables.within(Kind::Job, &key.namespace).filter_map(Object::as_plain);
    for job in jobs.filter(|job| job.meta.controller().is_some_and(|owner| owner.uid == cron.meta.uid)) {
        if !ended(job, &["Complete", "Failed"]) {
            let message = format!("Saw a job that the controller did not create or forgot: {}", job.meta.name);
            plan.say.push(PendingEvent::of(key.clone(), &cron.meta, SOURCE, EventType::Warning, "UnexpectedJob", message));
        } else if let Some(at) = job.raw.text_at(&["status", "completionTime"]).filter(|_| ended(job, &["Complete"]))
            && status.text_at(&[LAST_SUCCESS]).is_none_or(|last| last < at)
        {
            status.set(&[LAST_SUCCESS], at);
        }
    }
    if cron.raw.get("status").is_none_or(|before| *before != status) && status != Value::map() {
        let mut changed = Rc::clone(cron);
        Rc::make_mut(&mut changed).raw.set(&["status"], status);
        plan.finally.push(Step::new(Request::Update(Object::Plain(changed))));
    }
    plan
}

/// Whether a Job ended in one of these ways.
fn ended(job: &Plain, how: &[&str]) -> bool {
    let is_so = |c: &Value| c.text_at(&["type"]).is_some_and(|kind| how.contains(&kind)) && c.text_at(&["status"]) == Some("True");
    job.raw.list_at(&["status", "conditions"]).iter().any(is_so)
}
