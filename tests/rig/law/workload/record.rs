//! Laws about workloads that single writes can break, given the writes before them: what controllers have yet to see of their own
//! doing, and what a Job counts.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::case::count;
use super::job::{OUTCOMES, TRACKING, listed, names, says};
use crate::law::deletion::UNDER_WAY;
use crate::law::named::{Law, Violation};
use api::controller::Controller;
use api::kind::Kind;
use api::object::{Object, ObjectKey, Plain, Pod, PodPhase, Uid};
use base::time::Time;
use control::plan::{Action, Plan};
use server::log::{Actor, Change};
use server::request::Request;

/// The condition of a Job that has what was asked of it, while its last pods go.
const CRITERIA_MET: &str = "SuccessCriteriaMet";

/// What the laws need to remember of earlier writes.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// When the controller of a workload last created or deleted one of its pods.
    own: BTreeMap<Uid, u64>,
    /// The pods of a Job that have succeeded, and all that have ended or were deleted.
    ended: BTreeMap<Uid, [BTreeSet<Uid>; 2]>,
    /// The Jobs as they were last written.
    jobs: BTreeMap<Uid, Rc<Plain>>,
    /// How many completions were asked of a Job when its criteria were met.
    goals: BTreeMap<Uid, i64>,
    /// When pods succeeded.
    succeeded: BTreeMap<Uid, Time>,
}

impl Record {
    /// Judges the next write.
    pub fn judge(&mut self, change: &Change) -> Result<(), Violation> {
        match (&change.before, change.object()) {
            (_, Some(Object::Pod(pod))) => {
                self.note(change, pod);
                self.judge_counted(change, pod)
            }
            (before, Some(Object::Plain(after))) if after.kind == Kind::Job && change.after.is_some() => {
                self.jobs.insert(after.meta.uid, Rc::clone(after));
                before.as_ref().and_then(Object::as_plain).map_or(Ok(()), |before| self.judge_job(change, before, after))
            }
            _ => Ok(()),
        }
    }

    /// A pod that succeeded is let go by its Job once it is listed as ended, unless the Job was about to delete it when it succeeded.
    fn judge_counted(&mut self, change: &Change, pod: &Pod) -> Result<(), Violation> {
        let tracked = |o: &Option<Object>| o.as_ref().is_some_and(|o| o.meta().has_finalizer(TRACKING));
        let since = *self.succeeded.entry(pod.meta.uid).or_insert(change.at);
        if pod.status.phase != PodPhase::Succeeded {
            self.succeeded.remove(&pod.meta.uid);
        }
        let let_go = tracked(&change.before) && !tracked(&change.after) && change.by == Actor::Controller(Controller::Job);
        let Some(job) = pod.meta.controller().and_then(|o| self.jobs.get(&o.uid)).filter(|_| let_go) else { return Ok(()) };
        let ends = job.meta.terminating() || OUTCOMES.iter().any(|kind| says(job, kind));
        let free = ends || pod.status.phase != PodPhase::Succeeded || change.at.since(since) <= UNDER_WAY;
        Law::JobsCountOnce.holds(free || names(job, pod), change.at, &change.key, || format!("{} lets it go uncounted", job.meta.name))
    }

    fn note(&mut self, change: &Change, pod: &Pod) {
        let Some(owner) = pod.meta.controller() else { return };
        let writer = owner.kind.and_then(|kind| match kind {
            Kind::ReplicaSet => Some(Controller::ReplicaSet),
            Kind::DaemonSet => Some(Controller::DaemonSet),
            Kind::Job => Some(Controller::Job),
            _ => None,
        });
        if writer.is_some_and(|c| change.by == Actor::Controller(c)) && (change.before.is_none() || change.is_deletion()) {
            self.own.insert(owner.uid, change.revision);
        }
        if owner.kind == Some(Kind::Job) && (pod.status.phase.terminal() || pod.meta.terminating() || change.after.is_none()) {
            let [succeeded, all] = self.ended.entry(owner.uid).or_default();
            all.insert(pod.meta.uid);
            if pod.status.phase == PodPhase::Succeeded {
                succeeded.insert(pod.meta.uid);
            }
        }
    }

    /// A controller creates and deletes pods by a view that shows what it did before. Models pkg/controller/util/consistency.
    pub fn judge_view(&self, key: &ObjectKey, uid: Uid, plan: &Plan, seen: u64, now: Time) -> Result<(), Violation> {
        let acts = |action: &Action| match action {
            Action::Server(Request::Create(Object::Pod(_))) => true,
            Action::Server(Request::Delete(key, _)) => key.kind == Kind::Pod,
            _ => false,
        };
        let own = self.own.get(&uid).copied().filter(|_| plan.batches.iter().flatten().flatten().any(|step| acts(&step.action)));
        let shown = own.is_none_or(|own| own <= seen);
        Law::OwnWritesAreSeen.holds(shown, now, key, || format!("it acts on what it saw at {seen}, and last wrote at {own:?}"))
    }

    fn judge_job(&mut self, change: &Change, before: &Plain, after: &Plain) -> Result<(), Violation> {
        let counts = |so: bool, what: &dyn Fn() -> String| Law::JobsCountOnce.holds(so, change.at, &change.key, what);
        let number = |job: &Plain, field: &str| job.raw.int_at(&["status", field]).unwrap_or(0);
        for field in ["succeeded", "failed"] {
            let (old, new) = (number(before, field), number(after, field));
            counts(new >= old, &|| format!("{old} {field} became {new}"))?;
        }
        let [succeeded, failed] = ["succeeded", "failed"].map(|field| number(after, field) + count(listed(after, field)));
        let [won, ended] = self.ended.get(&after.meta.uid).map_or([0, 0], |sets| sets.each_ref().map(count));
        counts(succeeded <= won && succeeded + failed <= ended, &|| {
            format!("{succeeded} succeeded and {failed} failed, of {ended} pods that ended and {won} that succeeded")
        })?;
        let most = after.raw.int_at(&["spec", "completions"]).unwrap_or(i64::MAX);
        counts(succeeded <= most || change.by == Actor::User, &|| format!("{succeeded} of {most} completions"))?;
        if says(after, CRITERIA_MET) && !says(before, CRITERIA_MET) {
            self.goals.insert(after.meta.uid, most);
        }
        // Once its criteria are met, a Job is complete whatever more is wanted of it.
        let goal = self.goals.get(&after.meta.uid).copied().unwrap_or(most);
        judge_end(change, before, after, failed, goal)
    }
}

/// A Job ends once, and only where its pods have it.
fn judge_end(change: &Change, before: &Plain, after: &Plain, failed: i64, goal: i64) -> Result<(), Violation> {
    let ends = |so: bool, what: &dyn Fn() -> String| Law::JobsEndOnce.holds(so, change.at, &change.key, what);
    for kind in OUTCOMES {
        ends(!says(before, kind) || says(after, kind), &|| format!("it is not {kind} any more"))?;
    }
    ends(!(says(after, "Complete") && says(after, "Failed")), &|| "it is both complete and failed".into())?;
    let reason = |job: &Plain| {
        let mut conditions = job.raw.list_at(&["status", "conditions"]).iter();
        conditions.find(|c| c.text_at(&["type"]) == Some("FailureTarget")).and_then(|c| c.text_at(&["reason"])).map(str::to_owned)
    };
    let in_place = after.raw.text_at(&["spec", "template", "spec", "restartPolicy"]) == Some("OnFailure");
    let limit = after.raw.int_at(&["spec", "backoffLimit"]).unwrap_or(6);
    let fails = reason(before).is_none() && reason(after).as_deref() == Some("BackoffLimitExceeded");
    ends(!fails || in_place || failed > limit, &|| format!("it fails after {failed} failures, where {limit} are allowed"))?;
    let asked = after.raw.int_at(&["spec", "completions"]).map(|_| goal);
    let missing = asked.filter(|_| says(after, "Complete") && !says(before, "Complete"));
    let succeeded = after.raw.int_at(&["status", "succeeded"]).unwrap_or(0);
    ends(missing.is_none_or(|most| succeeded >= most), &|| format!("it is complete with {succeeded} completions"))
}
