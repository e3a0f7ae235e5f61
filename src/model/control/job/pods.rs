//! Which pods a Job creates and which it removes.
//!
//! Models pkg/controller/job/job_controller.go manageJob and activePodsForRemoval.

use std::cmp::Reverse;
use std::rc::Rc;

use super::{BATCH, MAX_PODS_PER_SYNC, Sync, TRACKING, Tally, length, untracks};
use crate::plan::{Action, Step};
use crate::pod_control::slow_batches;
use api::object::{Pod, PodTemplate};
use base::sort::Sort;
use base::time::Span;
use base::value::Value;
use server::request::Request;
use why::{Reason, Verdict};

impl<'a> Sync<'a> {
    /// Creates or deletes pods; returns the number of active pods, with verdict and reason.
    pub(super) fn manage(&mut self, tally: &mut Tally, wanted: Option<i64>) -> (i64, Verdict, Reason) {
        let active = length(&tally.active);
        let parallelism = self.wanted("parallelism").unwrap_or(1);
        let suspended = self.is_suspended();
        let target = match wanted {
            _ if suspended => 0,
            Some(wanted) => parallelism.min(wanted - tally.succeeded).max(0),
            None if tally.succeeded > 0 => active,
            None => parallelism,
        };
        let surplus = self.surplus(tally, active - target);
        if !surplus.is_empty() {
            let (pods, count) = (self.pods(), length(&surplus));
            tally.tracked.retain(|pod| !surplus.iter().any(|gone| gone.meta.uid == pod.meta.uid));
            tally.terminating += count;
            tally.ready -= surplus.iter().map(|pod| i64::from(pod.ready())).sum::<i64>();
            self.plan.batches.push(surplus.iter().map(|pod| vec![untracks(pod), pods.delete(pod)]).collect());
            return (active - count, Verdict::Acts, Reason::RemovingReplicas { count });
        }
        if suspended {
            return (active, Verdict::Waits, Reason::JobIsSuspended);
        }
        let leaving = if self.waits_for_failed() { tally.terminating } else { 0 };
        if active + leaving >= target {
            return (active, Verdict::Waits, Reason::JobRuns { succeeded: tally.succeeded, wanted });
        }
        match self.next(tally, (target - active - leaving).min(MAX_PODS_PER_SYNC)) {
            Ok(steps) => {
                let count = length(&steps);
                self.plan.batches.extend(slow_batches(steps));
                (active + count, Verdict::Acts, Reason::CreatingReplicas { count })
            }
            Err((pause, failed)) => {
                self.plan.look_again(pause.max(BATCH));
                (active, Verdict::Waits, Reason::BacksOff { failed })
            }
        }
    }

    /// The pods to remove, the least useful first.
    fn surplus(&self, tally: &Tally<'a>, count: i64) -> Vec<&'a Rc<Pod>> {
        let mut surplus = tally.active.clone();
        surplus.sort_small_by_key(|pod| {
            (pod.node.is_some(), pod.status.phase, pod.ready(), Reverse(pod.ready_since()), Reverse(pod.meta.created))
        });
        let count = if self.is_suspended() { count } else { count.min(MAX_PODS_PER_SYNC) };
        surplus.truncate(usize::try_from(count).unwrap_or(0));
        surplus
    }

    /// The steps that create so many pods; or how long to wait, after how many failures.
    fn next(&self, tally: &Tally, count: i64) -> Result<Vec<Step>, (Span, i64)> {
        let pause = tally.in_a_row.pause(self.view.now);
        if pause.0 > 0 {
            return Err((pause, tally.in_a_row.count));
        }
        let template = self.job.raw.at(&["spec", "template"]).unwrap_or(&Value::Null);
        Ok(std::iter::repeat_n(self.creates(template), usize::try_from(count).unwrap_or(0)).collect())
    }

    /// The step that creates a pod from a template.
    fn creates(&self, template: &Value) -> Step {
        let mut step = self.pods().create(&PodTemplate::decode(template));
        if let Action::Server(Request::Create(pod)) = &mut step.action {
            pod.meta_mut().finalizers.make_mut().push(TRACKING.into());
        }
        step
    }
}
