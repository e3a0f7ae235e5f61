//! Decides what a Job does next: run pods until enough of them have succeeded, or too many have failed.
//!
//! Models pkg/controller/job/job_controller.go syncJob and manageJob.
//! Reads: the controllers' cache. Finished pods are counted where they are seen, and a count never falls; the finalizer by which
//! upstream counts each exactly once is not modelled.
//! Not modelled: completion indexes, pod failure and success policies, suspension, time to live.

use std::rc::Rc;

use super::View;
use super::plan::{Plan, Step};
use super::pod_control::{PodControl, slow_start};
use crate::api::kind::Kind;
use crate::api::object::pod::ContainerState;
use crate::api::object::{Name, Object, ObjectKey, Plain, Pod, PodPhase, PodTemplate};
use crate::base::time::{Span, Time};
use crate::base::value::Value;
use crate::server::request::Request;
use crate::why::{Component, Decision, Reason, Verdict};

/// How this controller signs its events.
const SOURCE: &str = "job-controller";
/// How often pods may fail where a Job does not say. Models pkg/apis/batch/v1/defaults.go.
const BACKOFF_LIMIT: i64 = 6;
/// The pause after the first failure; doubles. Models job_controller.go DefaultJobPodFailureBackOff.
const BACK_OFF_FIRST: Span = Span::seconds(10);
/// The longest pause. Models job_controller.go MaxJobPodFailureBackOff.
const BACK_OFF_MOST: Span = Span::seconds(600);

/// How many pods a sync makes or deletes. Models job_controller.go MaxPodCreateDeletePerSync.
const PODS_PER_SYNC_MOST: i64 = 500;

/// How a Job ended: what its conditions say.
struct Outcome {
    /// The condition that announces the end, and the one that is the end.
    conditions: [&'static str; 2],
    reason: &'static str,
    message: &'static str,
}

const COMPLETE: Outcome = Outcome {
    conditions: ["SuccessCriteriaMet", "Complete"],
    reason: "CompletionsReached",
    message: "Reached expected number of succeeded pods",
};
const FAILED_TOO_OFTEN: Outcome = Outcome {
    conditions: ["FailureTarget", "Failed"],
    reason: "BackoffLimitExceeded",
    message: "Job has reached the specified backoff limit",
};
const TOO_LATE: Outcome = Outcome {
    conditions: ["FailureTarget", "Failed"],
    reason: "DeadlineExceeded",
    message: "Job was active longer than specified deadline",
};

/// What a Job's pods have come to.
#[derive(Default)]
struct Tally<'a> {
    active: Vec<&'a Rc<Pod>>,
    ready: i64,
    terminating: i64,
    succeeded: i64,
    failed: i64,
    restarts: i64,
    last_failure: Time,
}

/// One sync of one Job.
struct Sync<'a> {
    view: View<'a>,
    job: &'a Rc<Plain>,
    key: ObjectKey,
    plan: Plan,
}

/// What one sync of a Job does.
pub fn plan(view: View, namespace: &Name, name: &Name) -> Plan {
    let Some(Object::Plain(job)) = view.cache.tables.find(Kind::Job, namespace, name) else { return Plan::default() };
    let key = ObjectKey::new(Kind::Job, namespace, name);
    let mut sync = Sync { view, job, key, plan: Plan::default() };
    if view.behind {
        sync.decide(Verdict::Waits, Reason::CacheBehindOwnWrites);
        sync.plan.error = Some("cache is behind own writes".into());
    } else if job.meta.terminating() {
        sync.decide(Verdict::Done, Reason::SetIsBeingDeleted);
    } else if !sync.is_finished() {
        sync.run();
    }
    sync.plan
}

/// Whether a pod ended badly, or is lost. Models pkg/controller/job/utils.go isPodFailed.
fn has_failed(pod: &Pod) -> bool {
    pod.status.phase == PodPhase::Failed || pod.meta.terminating() && pod.status.phase != PodPhase::Succeeded
}

impl<'a> Sync<'a> {
    fn is_finished(&self) -> bool {
        let ended = |c: &Value| matches!(c.text_at(&["type"]), Some("Complete" | "Failed")) && c.text_at(&["status"]) == Some("True");
        self.job.raw.list_at(&["status", "conditions"]).iter().any(ended)
    }

    fn wanted(&self, field: &str) -> Option<i64> {
        self.job.raw.int_at(&["spec", field])
    }

    fn run(&mut self) {
        let tally = self.tally();
        let now = self.view.now;
        let start = self.job.raw.text_at(&["status", "startTime"]).and_then(Time::parse_rfc3339).unwrap_or(now);
        let deadline = self.wanted("activeDeadlineSeconds").map(|s| start + Span::of_seconds(s));
        let limit = self.wanted("backoffLimit").unwrap_or(BACKOFF_LIMIT);
        let wanted = self.wanted("completions");
        let enough = wanted.map_or(tally.succeeded > 0, |wanted| tally.succeeded >= wanted);
        let restarts_in_place = self.job.raw.text_at(&["spec", "template", "spec", "restartPolicy"]) == Some("OnFailure");
        let failed = tally.failed > limit || restarts_in_place && tally.restarts > 0 && tally.restarts >= limit;
        if failed {
            self.end(&tally, &FAILED_TOO_OFTEN, start);
        } else if deadline.is_some_and(|at| at <= now) {
            self.end(&tally, &TOO_LATE, start);
        } else if enough && tally.active.is_empty() && tally.terminating == 0 {
            self.end(&tally, &COMPLETE, start);
        } else {
            self.plan.again = deadline.map(|at| at.since(now));
            let active = self.manage(&tally, wanted);
            self.write(&tally, active, start, None);
        }
    }

    fn tally(&self) -> Tally<'a> {
        let mut tally = Tally::default();
        for pod in self.view.cache.managed_pods(self.job.meta.uid) {
            match pod.status.phase {
                PodPhase::Succeeded => tally.succeeded += 1,
                _ if has_failed(pod) => {
                    tally.failed += 1;
                    tally.terminating += i64::from(!pod.status.phase.terminal());
                    tally.last_failure = tally.last_failure.max(ended_at(pod));
                }
                _ => {
                    tally.ready += i64::from(pod.ready());
                    tally.restarts += pod.status.containers.iter().map(|c| c.restarts).sum::<i64>();
                    tally.active.push(pod);
                }
            }
        }
        let known = |field: &str| self.job.raw.int_at(&["status", field]).unwrap_or(0);
        (tally.succeeded, tally.failed) = (tally.succeeded.max(known("succeeded")), tally.failed.max(known("failed")));
        tally
    }

    /// Makes or deletes pods; tells how many there will be. Models job_controller.go manageJob.
    fn manage(&mut self, tally: &Tally, wanted: Option<i64>) -> i64 {
        let active = i64::try_from(tally.active.len()).unwrap_or(i64::MAX);
        let parallelism = self.wanted("parallelism").unwrap_or(1);
        let target = match wanted {
            Some(wanted) => parallelism.min(wanted - tally.succeeded).max(0),
            None if tally.succeeded > 0 => active,
            None => parallelism,
        };
        let pods = PodControl { kind: Kind::Job, owner: &self.job.meta, source: SOURCE };
        if active > target {
            let count = (active - target).min(PODS_PER_SYNC_MOST);
            let surplus = tally.active.iter().rev().take(usize::try_from(count).unwrap_or(0));
            self.plan.batches.push(surplus.map(|pod| vec![pods.delete(pod)]).collect());
            self.decide(Verdict::Acts, Reason::RemovingReplicas { count });
            return active - count;
        }
        if active == target {
            self.decide(Verdict::Waits, Reason::JobRuns { succeeded: tally.succeeded, wanted });
            return active;
        }
        let pause = self.back_off(tally);
        if pause.0 > 0 {
            self.plan.look_again(pause);
            self.decide(Verdict::Waits, Reason::JobBacksOff { failed: tally.failed });
            return active;
        }
        let template = Rc::new(PodTemplate::decode_template(self.job.raw.at(&["spec", "template"]).unwrap_or(&Value::Null)));
        let count = (target - active).min(PODS_PER_SYNC_MOST);
        let step = pods.create(&template);
        self.plan.batches.extend(slow_start(std::iter::repeat_n(step, usize::try_from(count).unwrap_or(0))));
        self.decide(Verdict::Acts, Reason::CreatingReplicas { count });
        active + count
    }

    /// How long to wait after the last failure. Models pkg/controller/job/backoff_utils.go.
    fn back_off(&self, tally: &Tally) -> Span {
        let Ok(failures @ 1..) = u32::try_from(tally.failed) else { return Span(0) };
        let pause = BACK_OFF_FIRST.0.saturating_mul(1 << (failures - 1).min(20)).min(BACK_OFF_MOST.0);
        (tally.last_failure + Span(pause)).since(self.view.now)
    }

    /// Ends the Job: what still runs is deleted, and conditions say how it came out.
    fn end(&mut self, tally: &Tally, outcome: &Outcome, start: Time) {
        let pods = PodControl { kind: Kind::Job, owner: &self.job.meta, source: SOURCE };
        self.plan.batches.push(tally.active.iter().map(|pod| vec![pods.delete(pod)]).collect());
        let complete = outcome.conditions[1] == "Complete";
        let spoken =
            if complete { pods.spoken(false, "Completed", "Job completed") } else { pods.spoken(true, outcome.reason, outcome.message) };
        let because = if complete { Reason::JobIsComplete } else { Reason::JobHasFailed };
        self.decide(Verdict::Done, because);
        self.write(tally, 0, start, Some(outcome));
        if let Some(step) = self.plan.finally.last_mut() {
            step.said = Some(Box::new(spoken));
        }
    }

    /// Writes the status, if it is another than before.
    fn write(&mut self, tally: &Tally, active: i64, start: Time, outcome: Option<&Outcome>) {
        let now = self.view.now.rfc3339();
        let mut status = self.job.raw.get("status").cloned().unwrap_or_else(Value::map);
        status.set(&["startTime"], start.rfc3339());
        status.set(&["uncountedTerminatedPods"], Value::map());
        for (field, count) in [("ready", if outcome.is_some() { 0 } else { tally.ready }), ("terminating", tally.terminating)] {
            status.set(&[field], count);
        }
        for (field, count) in [("active", active), ("succeeded", tally.succeeded), ("failed", tally.failed)] {
            if count == 0 {
                status.remove(&[field]);
            } else {
                status.set(&[field], count);
            }
        }
        if let Some(outcome) = outcome {
            let condition = |kind: &str| {
                let members =
                    [("lastProbeTime", &*now), ("lastTransitionTime", &now), ("message", outcome.message), ("reason", outcome.reason)];
                Value::of(members.into_iter().chain([("status", "True"), ("type", kind)]))
            };
            status.set(&["conditions"], Value::list(outcome.conditions.iter().map(|kind| condition(kind))));
            if outcome.conditions[1] == "Complete" {
                status.set(&["completionTime"], now.as_str());
            }
        }
        if self.job.raw.get("status") != Some(&status) {
            let mut changed = Rc::clone(self.job);
            Rc::make_mut(&mut changed).raw.set(&["status"], status);
            self.plan.finally.push(Step::new(Request::Update(Object::Plain(changed))));
        }
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decisions.push(Decision::new(Component::Job, self.key.clone(), verdict, because));
    }
}

/// When the last process of a pod ended; when the pod came, where none did.
fn ended_at(pod: &Pod) -> Time {
    let ends = pod.status.containers.iter().filter_map(|c| match &c.state {
        ContainerState::Terminated(ended) => Some(ended.finished),
        _ => None,
    });
    ends.max().unwrap_or(pod.meta.created)
}
