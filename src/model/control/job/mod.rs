//! The Job controller: runs pods until enough of them have succeeded, or too many have failed.
//!
//! Models pkg/controller/job/job_controller.go syncJob, manageJob and trackJobStatusAndRemoveFinalizers.
//! Reads: the controllers' cache.
//! Promises: each pod is counted once. A finalizer keeps it until then; its uid is written to the status before the finalizer is
//! removed, and added to the counts after that. Pods that the Job itself deletes lose the finalizer first, and are not counted.
//! Not modelled: the limit of 500 pods counted at once; indexes, policies of failure and success, and the time to live of a finished Job.

pub(crate) mod back_off;
mod claims;
mod end;
mod pods;
mod watch;

use std::rc::Rc;

use back_off::{Failures, Memory, ended_at};
use end::{Ending, JobEnd, Outcome};
pub use watch::{BATCH, CONTROLLER};

use super::plan::{Action, NO_PRECONDITION, OnError, PendingEvent, Plan, Step};
use super::pod_control::PodControl;
use super::seen::View;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Object, ObjectKey, Plain, Pod, PodPhase, Uid};
use api::well_known::JOB_NAME;
use base::sorted::SortedSet;
use base::time::{Span, Time};
use base::value::Value;
use server::request::{Edit, Request};
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The source component of this controller's events.
const SOURCE: &str = "job-controller";
/// The default of `backoffLimit`. Models pkg/apis/batch/v1/defaults.go.
const BACKOFF_LIMIT: i64 = 6;
/// The maximum number of pods that a sync creates or deletes. Models job_controller.go MaxPodCreateDeletePerSync.
const MAX_PODS_PER_SYNC: i64 = 500;
/// What `managedBy` says of a Job that is this controller's. Models k8s.io/api/batch/v1 JobControllerName.
const OWN_NAME: &str = "kubernetes.io/job-controller";
/// Where the status lists pods that it does not count yet.
const UNCOUNTED: &str = "uncountedTerminatedPods";
/// The finalizer that keeps a pod until it is counted.
const TRACKING: &str = "batch.kubernetes.io/job-tracking";

/// How a pod has ended, as its Job counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    Succeeded,
    Failed,
}

impl Ended {
    const ALL: [Ended; 2] = [Ended::Succeeded, Ended::Failed];

    /// Its count in the status, and its list of uids that are not in that yet.
    fn field(self) -> &'static str {
        match self {
            Ended::Succeeded => "succeeded",
            Ended::Failed => "failed",
        }
    }
}

/// The Job's pods, tallied.
#[derive(Default)]
struct Tally<'a> {
    active: Vec<&'a Rc<Pod>>,
    /// Those that still have the tracking finalizer.
    tracked: Vec<&'a Rc<Pod>>,
    ready: i64,
    terminating: i64,
    succeeded: i64,
    failed: i64,
    restarts: i64,
    /// Those that failed in a row.
    in_a_row: Failures,
}

/// One sync of a Job.
struct Sync<'a> {
    view: View<'a>,
    job: &'a Rc<Plain>,
    key: ObjectKey,
    /// Its pods, as they are once it has claimed them.
    own: Vec<&'a Rc<Pod>>,
    /// The status to write.
    status: Value,
    /// The event to emit once it is written.
    pending_event: Option<PendingEvent>,
    plan: Plan,
}

/// Plans one sync of a Job.
fn plan(view: View, key: &ObjectKey, memory: &mut Memory) -> Plan {
    let Some(job) = view.cache.tables.get(key).and_then(Object::as_plain) else {
        memory.remove(key);
        let mut plan = Plan::default();
        lets_go(view, key, &[], &mut plan);
        return plan;
    };
    if let Some(waits) = view.stale(Component::Job, key) {
        return waits;
    }
    if let Some(manager) = job.raw.text_at(&["spec", "managedBy"]).filter(|manager| *manager != OWN_NAME) {
        let because = Reason::JobIsLeftTo { manager: manager.to_owned().into() };
        let mut plan = Plan::nothing(Decision::new(Component::Job, key.clone(), Verdict::Done, because));
        lets_go(view, key, &[], &mut plan);
        return plan;
    }
    let mut status = job.raw.get("status").cloned().unwrap_or_else(Value::map);
    if status.get(UNCOUNTED).is_none() {
        status.set(&[UNCOUNTED], Value::map());
    }
    let mut sync = Sync { view, job, key: key.clone(), own: Vec::new(), status, pending_event: None, plan: Plan::default() };
    if job.meta.terminating() {
        sync.decide(Verdict::Done, Reason::WorkloadIsBeingDeleted);
    }
    if sync.is_finished() {
        memory.remove(&sync.key);
    } else {
        sync.claim();
        sync.run(memory);
    }
    let Sync { own, plan, .. } = &mut sync;
    lets_go(view, key, own, plan);
    sync.plan
}

/// Removes the finalizer from pods that no longer have a Job and are not adopted. Models job_controller.go syncOrphanPod.
fn lets_go(view: View, key: &ObjectKey, own: &[&Rc<Pod>], plan: &mut Plan) {
    let job = view.cache.tables.get(key).map(|job| job.meta().uid);
    let pods = view.cache.tables.within(Kind::Pod, &key.namespace).filter_map(Object::as_pod);
    let named = pods.filter(|pod| is_tracked(pod) && pod.meta.label(JOB_NAME).is_some_and(|job| *job == key.name));
    let strays = named.filter(|pod| pod.meta.controller().is_none_or(|owner| Some(owner.uid) != job));
    for pod in strays.filter(|pod| own.iter().all(|adopted| adopted.meta.uid != pod.meta.uid)) {
        let because = Reason::Maintenance(Maintenance::FinalizerDone { finalizer: TRACKING });
        plan.decide(Decision::new(Component::Job, pod.key(), Verdict::Acts, because));
        plan.finally.push(untracks(pod));
    }
}

/// Whether a pod still has the tracking finalizer, hence is not counted yet.
fn is_tracked(pod: &Pod) -> bool {
    pod.meta.finalizers.iter().any(|finalizer| **finalizer == *TRACKING)
}

/// The same of a pod of a Job's own, which gets the finalizer if it is adopted.
fn will_be_tracked(pod: &Pod) -> bool {
    is_tracked(pod) || pod.meta.controller().is_none()
}

/// The step that removes the finalizer from a pod.
fn untracks(pod: &Pod) -> Step {
    Step::new(Request::Edit(pod.key(), Edit::RemoveFinalizer(TRACKING.into()))).on_error(OnError::IgnoreNotFound)
}

impl<'a> Sync<'a> {
    fn is_finished(&self) -> bool {
        [Ending::Completes, Ending::Fails].into_iter().any(|ending| self.is_said(ending.terminal()))
    }

    /// Whether a condition is true.
    fn is_said(&self, kind: &str) -> bool {
        let holds = |c: &Value| c.text_at(&["type"]) == Some(kind) && c.text_at(&["status"]) == Some("True");
        self.status.list_at(&["conditions"]).iter().any(holds)
    }

    fn wanted(&self, field: &str) -> Option<i64> {
        self.job.raw.int_at(&["spec", field])
    }

    fn is_suspended(&self) -> bool {
        self.job.raw.at(&["spec", "suspend"]).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether a terminating pod is replaced only once it has ended. Models pkg/controller/job/utils.go onlyReplaceFailedPods.
    fn waits_for_failed(&self) -> bool {
        self.job.raw.text_at(&["spec", "podReplacementPolicy"]) == Some("Failed")
    }

    /// Whether a pod counts as failed: it failed, or is terminating and not waited for. Models job_controller.go isPodFailed.
    fn has_failed(&self, pod: &Pod) -> bool {
        let is_lost = || !self.waits_for_failed() && pod.meta.terminating() && pod.status.phase != PodPhase::Succeeded;
        pod.status.phase == PodPhase::Failed || is_lost()
    }

    fn run(&mut self, memory: &mut Memory) {
        let mut tally = self.tally(memory);
        let now = self.view.now;
        let suspended = self.is_suspended();
        if self.status.get("startTime").is_none() && !suspended {
            self.status.set(&["startTime"], now.rfc3339());
        }
        let (mut end, mut active) = (self.fails(&tally), length(&tally.active));
        if end.is_some() {
            let pods = self.pods();
            self.plan.batches.push(tally.active.iter().map(|pod| vec![pods.delete(pod)]).collect());
            (tally.terminating, tally.ready, active) = (tally.terminating + active, 0, 0);
        } else if !self.job.meta.terminating() {
            let wanted = self.wanted("completions");
            let (verdict, because);
            (active, verdict, because) = self.manage(&mut tally, wanted);
            let enough = wanted.map_or(tally.succeeded > 0, |wanted| tally.succeeded >= wanted);
            if enough && active == 0 {
                end = Some(Outcome::complete());
            } else {
                self.says_suspended(suspended);
                self.decide(verdict, because);
            }
        }
        if self.track(&tally, active, end.as_ref()) {
            memory.insert(self.key.clone(), tally.in_a_row);
        }
    }

    /// How the Job ends: an outcome announced by an earlier sync, or a failure found now.
    fn fails(&mut self, tally: &Tally) -> Option<Outcome> {
        let conditions = self.status.list_at(&["conditions"]).iter();
        let mut said = conditions.filter_map(|c| {
            let ending = [Ending::Completes, Ending::Fails].into_iter().find(|ending| c.text_at(&["type"]) == Some(ending.interim()))?;
            let reason = JobEnd::named(c.text_at(&["reason"])?)?;
            Some(Outcome { ending, reason, message: c.at(&["message"])?.as_shared_text()?.into() })
        });
        if let Some(said) = said.next() {
            return Some(said);
        }
        let limit = self.wanted("backoffLimit").unwrap_or(BACKOFF_LIMIT);
        let restarts_in_place = self.job.raw.text_at(&["spec", "template", "spec", "restartPolicy"]) == Some("OnFailure");
        if tally.failed > limit || restarts_in_place && tally.restarts > 0 && tally.restarts >= limit {
            return Some(Outcome::failed(JobEnd::BackoffLimitExceeded, "Job has reached the specified backoff limit"));
        }
        let start = self.status.text_at(&["startTime"]).and_then(Time::parse_rfc3339).filter(|_| !self.is_suspended())?;
        let deadline = start + Span::of_seconds(self.wanted("activeDeadlineSeconds")?);
        if deadline <= self.view.now {
            return Some(Outcome::failed(JobEnd::DeadlineExceeded, "Job was active longer than specified deadline"));
        }
        self.plan.look_again(deadline.since(self.view.now));
        None
    }

    fn tally(&self, memory: &Memory) -> Tally<'a> {
        let mut tally = Tally::default();
        let (mut succeeded, mut failed) = (Vec::new(), Vec::new());
        let uncounted = self.uncounted();
        let is_known = |pod: &Pod| Ended::ALL.iter().any(|ended| uncounted.contains(&(*ended, pod.meta.uid)));
        let is_new = |pod: &Pod| will_be_tracked(pod) && !is_known(pod);
        for &pod in &self.own {
            let (terminal, leaves) = (pod.status.phase.terminal(), pod.meta.terminating());
            tally.terminating += i64::from(leaves && !terminal);
            if will_be_tracked(pod) {
                tally.tracked.push(pod);
            }
            if matches!(pod.status.phase, PodPhase::Running | PodPhase::Pending) {
                tally.restarts += pod.status.init_containers.iter().chain(&pod.status.containers).map(|c| c.restarts).sum::<i64>();
            }
            match pod.status.phase {
                PodPhase::Succeeded if is_new(pod) => succeeded.push(ended_at(pod)),
                PodPhase::Succeeded => {}
                _ if self.has_failed(pod) => {
                    if is_new(pod) {
                        failed.push(ended_at(pod));
                    }
                }
                _ if leaves => {}
                _ => {
                    tally.ready += i64::from(pod.ready());
                    tally.active.push(pod);
                }
            }
        }
        let known = |ended: Ended| self.counted(ended) + count(&uncounted, ended);
        (tally.succeeded, tally.failed) = (length(&succeeded) + known(Ended::Succeeded), length(&failed) + known(Ended::Failed));
        tally.in_a_row = memory.get(&self.key).copied().unwrap_or_default();
        tally.in_a_row.add(&succeeded, &failed);
        tally
    }

    fn pods(&self) -> PodControl<'a> {
        PodControl { kind: Kind::Job, owner: &self.job.meta, source: SOURCE }
    }

    /// Records in a condition and an event that the Job was suspended or resumed; resuming restarts its clock.
    fn says_suspended(&mut self, suspended: bool) {
        if suspended == self.is_said("Suspended") {
            return;
        }
        let (reason, message, event) =
            if suspended { ("JobSuspended", "Job suspended", "Suspended") } else { ("JobResumed", "Job resumed", "Resumed") };
        self.sets_condition("Suspended", suspended, reason, message);
        if suspended {
            self.status.remove(&["startTime"]);
        } else {
            self.status.set(&["startTime"], self.view.now.rfc3339());
        }
        self.pending_event = Some(self.pods().pending_event(EventType::Normal, event, message));
    }

    fn sets_condition(&mut self, kind: &'static str, holds: bool, reason: &str, message: &str) {
        let now = self.view.now.rfc3339();
        let status = if holds { "True" } else { "False" };
        let members = [("lastProbeTime", &*now), ("lastTransitionTime", &now), ("message", message), ("reason", reason)];
        let condition = Value::of(members.into_iter().chain([("status", status), ("type", kind)]));
        let mut conditions = self.status.list_at(&["conditions"]).to_vec();
        match conditions.iter_mut().find(|c| c.text_at(&["type"]) == Some(kind)) {
            Some(old) => *old = condition,
            None => conditions.push(condition),
        }
        self.status.set(&["conditions"], Value::list(conditions));
    }

    /// Counts finished pods, removes their finalizers, and concludes the Job once nothing is left to wait for; returns whether the status
    /// changed before.
    fn track(&mut self, tally: &Tally, active: i64, end: Option<&Outcome>) -> bool {
        for (field, count) in [("ready", tally.ready), ("terminating", tally.terminating)] {
            self.status.set(&[field], count);
        }
        self.sets_count("active", active);
        let all = end.is_some() || self.job.meta.terminating();
        let is_over = |pod: &Pod| pod.status.phase == PodPhase::Succeeded || self.has_failed(pod);
        let counted: Vec<&Rc<Pod>> = tally.tracked.iter().filter(|pod| all || is_over(pod)).copied().collect();
        let is_failure = end.is_some_and(|end| end.ending == Ending::Fails);
        // Listed pods whose finalizer is gone move into the counts.
        let mut uncounted = self.uncounted();
        let before = Ended::ALL.map(|ended| count(&uncounted, ended));
        let tracked: SortedSet<Uid> = tally.tracked.iter().map(|pod| pod.meta.uid).collect();
        uncounted.retain(|(_, uid)| tracked.contains(uid));
        for (ended, before) in Ended::ALL.into_iter().zip(before) {
            self.sets_count(ended.field(), self.counted(ended) + before - count(&uncounted, ended));
        }
        for pod in &counted {
            let uid = pod.meta.uid;
            let has_succeeded = pod.status.phase == PodPhase::Succeeded && !uncounted.contains(&(Ended::Failed, uid));
            let ended = if has_succeeded { Ended::Succeeded } else { Ended::Failed };
            if has_succeeded || is_failure || self.has_failed(pod) {
                uncounted.insert((ended, uid));
            }
        }
        let mut lists = Value::map();
        for ended in Ended::ALL.into_iter().rev().filter(|ended| count(&uncounted, *ended) > 0) {
            let uids = uncounted.iter().filter(|(how, _)| *how == ended);
            lists.set(&[ended.field()], Value::list(uids.map(|(_, uid)| uid.to_string())));
        }
        self.status.set(&[UNCOUNTED], lists);
        if let Some(end) = end.filter(|end| !self.is_said(end.ending.interim())) {
            self.sets_condition(end.ending.interim(), true, end.reason.word(), &end.message);
        }
        let pending_event = self.pending_event.take();
        let written = self.writes(self.job.raw.get("status"), pending_event, false);
        self.plan.finally.extend(counted.iter().map(|pod| untracks(pod)));
        let before = self.status.clone();
        for ended in Ended::ALL {
            self.sets_count(ended.field(), self.counted(ended) + count(&uncounted, ended));
        }
        self.status.set(&[UNCOUNTED], Value::map());
        let pending_event = end.and_then(|end| self.ends(end, tally.terminating));
        self.writes(Some(&before), pending_event, written);
        written
    }

    /// How many pods that ended so the status counts.
    fn counted(&self, ended: Ended) -> i64 {
        self.status.int_at(&[ended.field()]).unwrap_or(0)
    }

    /// The pods that the status lists and does not count yet.
    fn uncounted(&self) -> SortedSet<(Ended, Uid)> {
        Ended::ALL.into_iter().flat_map(|ended| self.listed(ended)).collect()
    }

    fn listed(&self, ended: Ended) -> impl Iterator<Item = (Ended, Uid)> {
        let uids = self.status.list_at(&[UNCOUNTED, ended.field()]).iter().filter_map(Value::as_text);
        uids.map(move |uid| (ended, Uid::parse(uid)))
    }

    /// Concludes the Job, unless pods are still terminating.
    fn ends(&mut self, end: &Outcome, terminating: i64) -> Option<PendingEvent> {
        if terminating > 0 {
            self.decide(Verdict::Waits, Reason::JobWaitsForPods { count: terminating });
            return None;
        }
        self.sets_condition(end.ending.terminal(), true, end.reason.word(), &end.message);
        if end.ending == Ending::Fails {
            self.decide(Verdict::Done, Reason::JobHasFailed { field: end.reason.field() });
            return Some(self.pods().pending_event(EventType::Warning, end.reason.word(), end.message.clone()));
        }
        self.status.set(&["completionTime"], self.view.now.rfc3339());
        self.decide(Verdict::Done, Reason::JobIsComplete);
        Some(self.pods().pending_event(EventType::Normal, "Completed", "Job completed"))
    }

    fn sets_count(&mut self, field: &'static str, count: i64) {
        if count == 0 {
            self.status.remove(&[field]);
        } else {
            self.status.set(&[field], count);
        }
    }

    /// Writes the status if it differs from `before`; returns whether it did. `again` follows up on an earlier write of the same sync.
    fn writes(&mut self, before: Option<&Value>, pending_event: Option<PendingEvent>, again: bool) -> bool {
        if before == Some(&self.status) {
            return false;
        }
        let mut changed = Rc::clone(self.job);
        let job = Rc::make_mut(&mut changed);
        job.raw.set(&["status"], self.status.clone());
        if again {
            job.meta.revision = NO_PRECONDITION;
        }
        let step = Step { said: pending_event.map(Box::new), ..Step::new(Request::Update(Object::Plain(changed))) };
        self.plan.finally.push(step);
        true
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decide(Decision::new(Component::Job, self.key.clone(), verdict, because));
    }
}

/// Takes a pod that could not be created out of the status to be written, which is not written if it is as it was seen.
/// Models manageJob.
fn uncount(finally: &mut Vec<Step>, seen: Option<&Object>) {
    let seen = seen.and_then(Object::as_plain).and_then(|job| job.raw.get("status"));
    finally.retain_mut(|step| {
        let Action::Server(Request::Update(Object::Plain(job))) = &mut step.action else { return true };
        let raw = &mut Rc::make_mut(job).raw;
        match raw.int_at(&["status", "active"]).unwrap_or(0) {
            ..=1 => drop(raw.remove(&["status", "active"])),
            active => raw.set(&["status", "active"], active - 1),
        }
        step.said.is_some() || raw.get("status") != seen
    });
}

/// How many of these pods ended so.
fn count(pods: &SortedSet<(Ended, Uid)>, ended: Ended) -> i64 {
    i64::try_from(pods.iter().filter(|(how, _)| *how == ended).count()).unwrap_or(i64::MAX)
}

fn length<T>(list: &[T]) -> i64 {
    i64::try_from(list.len()).unwrap_or(i64::MAX)
}
