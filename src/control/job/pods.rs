//! Which pods a Job creates and which it removes.
//!
//! Models pkg/controller/job/job_controller.go manageJob, activePodsForRemoval and getPodCreationInfoForIndependentIndexes.

use std::cmp::Reverse;
use std::rc::Rc;

use super::back_off::Failures;
use super::indexes::{Indexes, failures, index_of, template};
use super::policy::{PolicyAction, judge};
use super::{BATCH, MAX_PODS_PER_SYNC, Sync, TRACKING, Tally, length, untracks};
use crate::plan::{Action, Step};
use crate::pod_control::slow_batches;
use api::object::{Pod, PodPhase, PodTemplate};
use base::sort::Sort;
use base::time::Span;
use base::value::Value;
use server::request::Request;
use why::{Reason, Verdict};

/// The indexes of an Indexed Job, as its status and its pods have them.
pub struct Standing<'a> {
    pub succeeded: Indexes,
    /// Those that failed, if each index has a limit of its own.
    pub failed: Option<Indexes>,
    /// Failed pods that are kept until they are replaced, so that their successors know how often their index has failed.
    pub kept: Vec<(i64, &'a Rc<Pod>)>,
}

impl<'a> Sync<'a> {
    /// The number of indexes of an Indexed Job.
    pub(super) fn indexes(&self) -> Option<i64> {
        let indexed = self.job.raw.text_at(&["spec", "completionMode"]) == Some("Indexed");
        indexed.then(|| self.wanted("completions").unwrap_or(0))
    }

    /// Where the indexes stand. Models calculateSucceededIndexes, calculateFailedIndexes and getPodsWithDelayedDeletionPerIndex.
    pub(super) fn standing(&self, tally: &Tally<'a>) -> Option<Standing<'a>> {
        let end = self.indexes()?;
        let tracked = || tally.tracked.iter().filter_map(|pod| Some((index_of(pod, end)?, *pod)));
        let known = |field: &str| Indexes::parse(self.status.text_at(&[field]).unwrap_or(""), end);
        let won = tracked().filter(|(_, pod)| pod.status.phase == PodPhase::Succeeded);
        let succeeded = known("completedIndexes").and(won.map(|(index, _)| index));
        let Some(limit) = self.wanted("backoffLimitPerIndex") else { return Some(Standing { succeeded, failed: None, kept: Vec::new() }) };
        let lost = || tracked().filter(|(_, pod)| self.has_failed(pod));
        let is_last = |pod: &Pod| match judge(&self.job.raw, pod).map(|found| found.action) {
            Some(PolicyAction::FailIndex) => true,
            Some(PolicyAction::Ignore) => false,
            Some(PolicyAction::FailJob | PolicyAction::Count) | None => failures(pod)[0] >= limit,
        };
        let failed = known("failedIndexes").and(lost().filter(|(_, pod)| is_last(pod)).map(|(index, _)| index));
        let active = Indexes::default().and(tally.active.iter().filter_map(|pod| index_of(pod, end)));
        let mut kept: Vec<(i64, &Rc<Pod>)> =
            lost().filter(|(index, _)| ![&succeeded, &failed, &active].iter().any(|s| s.has(*index))).collect();
        kept.sort_small_by_key(|(index, pod)| (*index, Reverse(failures(pod).iter().sum::<i64>())));
        kept.dedup_by_key(|(index, _)| *index);
        Some(Standing { succeeded, failed: Some(failed), kept })
    }

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

    /// The pods to remove: those without an index of their own, and so many more of the others, the least useful first.
    fn surplus(&self, tally: &Tally<'a>, count: i64) -> Vec<&'a Rc<Pod>> {
        let mut taken = Indexes::default();
        let mut is_alone = |pod: &Pod| {
            let Some(end) = self.indexes() else { return true };
            let index = index_of(pod, end).filter(|index| !taken.has(*index));
            taken = std::mem::take(&mut taken).and(index);
            index.is_some()
        };
        let (mut rest, mut surplus): (Vec<&Rc<Pod>>, Vec<&Rc<Pod>>) = tally.active.iter().copied().partition(|pod| is_alone(pod));
        rest.sort_small_by_key(|pod| {
            (pod.node.is_some(), pod.status.phase, pod.ready(), Reverse(pod.ready_since()), Reverse(pod.meta.created))
        });
        let count = if self.is_suspended() { count } else { count.min(MAX_PODS_PER_SYNC) };
        let more = usize::try_from(count).unwrap_or(0).saturating_sub(surplus.len());
        surplus.extend(rest.into_iter().take(more));
        surplus
    }

    /// The steps that create so many pods; or how long to wait, after how many failures.
    fn next(&self, tally: &Tally, count: i64) -> Result<Vec<Step>, (Span, i64)> {
        let pause = tally.in_a_row.pause(self.view.now);
        let count = usize::try_from(count).unwrap_or(0);
        let Some((standing, end)) = tally.standing.as_ref().zip(self.indexes()) else {
            let template = self.job.raw.at(&["spec", "template"]).unwrap_or(&Value::Null);
            let step = || self.creates(template, None);
            return if pause.0 > 0 { Err((pause, tally.in_a_row.count)) } else { Ok(std::iter::repeat_n(step(), count).collect()) };
        };
        if pause.0 > 0 && standing.failed.is_none() {
            return Err((pause, tally.in_a_row.count));
        }
        let (mut steps, mut soonest) = (Vec::new(), None);
        for index in self.pending(tally, standing).lacks(end, count) {
            let before = standing.kept.iter().find(|(kept, _)| *kept == index).map(|(_, pod)| *pod);
            let counts = before.map_or([0, 0], |pod| failures(pod));
            let failures = before.map_or(Failures::default(), |pod| Failures::of(counts.iter().sum::<i64>() + 1, pod));
            let pause = failures.pause(self.view.now);
            if pause.0 > 0 {
                soonest = soonest.into_iter().chain([(pause, failures.count)]).min();
                continue;
            }
            let more = |pod: &Rc<Pod>| if self.counts(pod) { [1, 0] } else { [0, 1] };
            let more = before.map_or([0, 0], more);
            let failed = standing.failed.is_some().then(|| [counts[0] + more[0], counts[1] + more[1]]);
            let (template, prefix) = template(&self.job.raw, &self.job.meta.name, index, failed);
            steps.push(self.creates(&template, Some(prefix)));
        }
        soonest.filter(|_| steps.is_empty()).map_or(Ok(steps), Err)
    }

    /// The indexes that need no pod. Models firstPendingIndexes.
    fn pending(&self, tally: &Tally, standing: &Standing) -> Indexes {
        let end = self.indexes().unwrap_or(0);
        let leaves = |pod: &&&Rc<Pod>| self.waits_for_failed() && pod.meta.terminating() && !pod.status.phase.terminal();
        let pods = tally.active.iter().chain(tally.tracked.iter().filter(leaves));
        let busy = standing.succeeded.clone().and(pods.filter_map(|pod| index_of(pod, end)));
        busy.with(standing.failed.iter().flat_map(Indexes::intervals))
    }

    /// The step that creates a pod from a template; its name begins with the Job's, or with `prefix`.
    fn creates(&self, template: &Value, prefix: Option<String>) -> Step {
        let mut step = self.pods().create(&PodTemplate::decode(template));
        if let Action::Server(Request::Create(pod)) = &mut step.action {
            let meta = pod.meta_mut();
            meta.finalizers.make_mut().push(TRACKING.into());
            meta.generate_name = prefix.map(Into::into).or_else(|| meta.generate_name.take());
        }
        step
    }
}
