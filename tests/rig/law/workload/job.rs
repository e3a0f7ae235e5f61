//! What a Job's controller may do. Models pkg/controller/job/job_controller.go manageJob.

use std::rc::Rc;

use super::case::{Case, count, family, is_active};
use crate::law::named::{Law, Violation};
use api::kind::Kind;
use api::object::selector::Selector;
use api::object::{Object, Plain, Pod, PodPhase};
use base::value::Value;
use server::request::Request;
use server::tables::Tables;

/// The finalizer that keeps a pod until it is counted.
pub(super) const TRACKING: &str = "batch.kubernetes.io/job-tracking";
/// The conditions of a Job that ends or has ended.
pub(super) const OUTCOMES: [&str; 4] = ["SuccessCriteriaMet", "FailureTarget", "Complete", "Failed"];

pub(super) fn judge(case: &Case) -> Result<(), Violation> {
    let Some(Object::Plain(job)) = case.tables().get(case.key) else { return Ok(()) };
    let selector = job.raw.at(&["spec", "selector"]).map(Selector::decode).unwrap_or_default();
    let own: Vec<&Rc<Pod>> = family(case.tables(), &job.meta, &selector).collect();
    let (created, deleted) = (case.created(), case.deleted_of(&own)?);
    let active: Vec<&Rc<Pod>> = own.iter().filter(|p| is_active(p)).copied().collect();
    let ends = OUTCOMES.iter().find(|kind| says(job, kind));
    let rests = job.meta.terminating() || suspended(job) || ends.is_some();
    case.holds(Law::NoMoreThanWanted, created.is_empty() || !rests, || format!("pods are made for a Job that rests: {ends:?}"))?;
    let late = job.raw.text_at(&["spec", "podReplacementPolicy"]) == Some("Failed");
    let leaving = if late { count(own.iter().filter(|p| p.meta.terminating() && !p.status.phase.terminal())) } else { 0 };
    let (have, made) = (count(&active) + leaving, count(&created));
    let most = wanted(job, own.iter().copied());
    case.holds(Law::NoMoreThanWanted, made == 0 || have + made <= most, || format!("{made} pods beside {have}, where {most} may run"))?;
    surplus(case, job, &deleted, &active, most, rests)
}

/// How many pods may run at once: as many as `parallelism` says, and no more than completions are missing.
fn wanted<'a>(job: &Plain, own: impl Iterator<Item = &'a Rc<Pod>>) -> i64 {
    let parallelism = job.raw.int_at(&["spec", "parallelism"]).unwrap_or(1);
    let Some(completions) = job.raw.int_at(&["spec", "completions"]) else { return parallelism };
    let uncounted = own.filter(|pod| pod.status.phase == PodPhase::Succeeded && is_tracked(pod) && !names(job, pod));
    let counted = job.raw.int_at(&["status", "succeeded"]).unwrap_or(0) + count(listed(job, "succeeded"));
    parallelism.min(completions - counted - count(uncounted)).max(0)
}

/// Pods that run are deleted only if there are more than may run, or the Job ends.
fn surplus(case: &Case, job: &Plain, deleted: &[&Rc<Pod>], active: &[&Rc<Pod>], most: i64, rests: bool) -> Result<(), Violation> {
    let running = deleted.iter().find(|pod| !is_active(pod));
    case.holds(Law::NothingUnasked, running.is_none(), || format!("{:?} does not run any more", running.map(|p| &p.meta.name)))?;
    let ends = |r: &&Request| matches!(r, Request::Update(Object::Plain(job)) if OUTCOMES.iter().any(|kind| says(job, kind)));
    let ended = rests || case.requests.iter().any(ends);
    let open = job.raw.at(&["spec", "completions"]).is_none() && job.raw.int_at(&["status", "succeeded"]).unwrap_or(0) > 0;
    let gone = count(deleted);
    let so = ended || open || gone == 0 || count(active) - gone >= most;
    case.holds(Law::NoMoreThanWanted, so, || format!("{gone} of {} pods go, where {most} may run", active.len()))
}

fn pods_of<'a>(tables: &'a Tables, job: &'a Plain) -> impl Iterator<Item = &'a Rc<Pod>> {
    let pods = tables.within(Kind::Pod, &job.meta.namespace).filter_map(Object::as_pod);
    pods.filter(|pod| pod.meta.is_controlled_by(job.meta.uid))
}

fn is_tracked(pod: &Pod) -> bool {
    pod.meta.has_finalizer(TRACKING)
}

fn suspended(job: &Plain) -> bool {
    job.raw.at(&["spec", "suspend"]).and_then(Value::as_bool) == Some(true)
}

/// The pods that have ended and are not in a count yet.
pub(super) fn listed<'a>(job: &'a Plain, list: &str) -> &'a [Value] {
    job.raw.list_at(&["status", "uncountedTerminatedPods", list])
}

pub(super) fn names(job: &Plain, pod: &Pod) -> bool {
    let uid = pod.meta.uid.to_string();
    ["succeeded", "failed"].iter().flat_map(|list| listed(job, list)).any(|known| known.as_text() == Some(&*uid))
}

/// Whether a condition is true.
pub(super) fn says(job: &Plain, kind: &str) -> bool {
    let holds = |c: &Value| c.text_at(&["type"]) == Some(kind) && c.text_at(&["status"]) == Some("True");
    job.raw.list_at(&["status", "conditions"]).iter().any(holds)
}

/// What the status says of its running pods, and what it should.
pub(super) fn told_and_so(tables: &Tables, job: &Plain) -> (Vec<i64>, Vec<i64>) {
    let told = ["active", "ready"].map(|field| job.raw.int_at(&["status", field]).unwrap_or(0));
    let active: Vec<&Rc<Pod>> = pods_of(tables, job).filter(|p| is_active(p)).collect();
    (told.into(), vec![count(&active), count(active.iter().filter(|p| p.ready()))])
}

/// What keeps a Job from its end, if anything.
pub(super) fn shortcoming(tables: &Tables, job: &Plain) -> Option<String> {
    if !says(job, "Complete") && !says(job, "Failed") {
        return (!suspended(job)).then(|| "it is neither complete nor failed".into());
    }
    let left = pods_of(tables, job).find(|pod| !pod.status.phase.terminal() || is_tracked(pod));
    left.map(|left| format!("it has ended, and {} has not or is not counted", left.meta.name))
}
