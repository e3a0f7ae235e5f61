//! `Recreate`: all pods of old revisions go at once, and new ones come only when all of those are gone.
//!
//! Models pkg/controller/statefulset/stateful_set_control.go recreateDeleteAndWait and stateful_set_utils.go setProgressingCondition.
//! What makes the new pods is the same as ever: in order, under `OrderedReady`.

use super::pods::MAX_BATCH;
use super::{Flow, Sync};
use crate::plan::Batch;
use crate::pod_control::slow_start;
use api::object::pod::Condition;
use api::object::stateful_set::UpdateStrategy;
use base::time::Time;
use why::{Reason, Verdict};

/// The type of the condition that tells how far a recreation is.
pub(super) const PROGRESSING: &str = "Progressing";

/// How far a recreation is, as the set's condition tells it.
#[derive(Clone, Copy)]
pub(super) enum Progress {
    Deleting,
    Creating,
    Completed,
}

impl Progress {
    fn said(self, now: Time) -> Condition {
        let (runs, reason, message) = match self {
            Progress::Deleting => (true, "RecreateInProgress", "Deleting old revision pods"),
            Progress::Creating => (true, "RecreateInProgress", "Waiting for new-revision pods to be created"),
            Progress::Completed => (false, "RecreateCompleted", "All pods recreated successfully"),
        };
        Condition { reason: reason.into(), message: message.into(), ..Condition::new(PROGRESSING, runs, now) }
    }

    /// Sets the condition among others. The time of its last transition stays where its status does.
    pub(super) fn tell(self, conditions: &mut Vec<Condition>, now: Time) {
        let told = self.said(now);
        match conditions.iter_mut().find(|c| c.kind == told.kind) {
            None => conditions.push(told),
            Some(old) => {
                let since = if old.status == told.status { old.since } else { told.since };
                *old = Condition { since, observed: old.observed, ..told };
            }
        }
    }
}

/// A pod of an old revision.
struct Old {
    /// Its place in the order in which the controller looks at pods.
    turn: i64,
    ordinal: i64,
    is_going: bool,
}

impl Sync<'_> {
    pub(super) fn recreates(&self) -> bool {
        self.set.spec.strategy == UpdateStrategy::Recreate
    }

    /// Deletes the pods of old revisions, unwanted ones too, and goes no further while one of them is there.
    pub(super) fn recreate(&mut self) -> Flow {
        if self.recreates() { self.recreate_old() } else { Flow::Next }
    }

    // A first visit does not run this.
    #[inline(never)]
    fn recreate_old(&mut self) -> Flow {
        let old = self.old_in_turn();
        let Some(first) = old.first().map(|old| old.ordinal) else {
            if self.revisions.current != self.revisions.update {
                self.progress = Some(Progress::Creating);
            }
            return Flow::Next;
        };
        self.progress = Some(Progress::Deleting);
        let staying: Vec<&Old> = old.iter().filter(|old| !old.is_going).collect();
        if staying.is_empty() {
            self.decide_for(Verdict::Waits, Reason::RecreateWaitsForPodToGo { ordinal: first }, first);
        }
        let mut rest = staying.as_slice();
        for part in slow_start(0..staying.last().map_or(0, |last| last.turn + 1), MAX_BATCH) {
            let (due, later) = rest.split_at(rest.partition_point(|old| part.contains(&old.turn)));
            rest = later;
            let mut batch = Batch::new();
            for ordinal in due.iter().map(|old| old.ordinal) {
                let mut step = self.delete_step(&self.pod_key(ordinal).name);
                step.for_update = true;
                batch.push(vec![step]);
                self.decide_for(Verdict::Acts, Reason::RecreatingPod { ordinal }, ordinal);
            }
            if !batch.is_empty() {
                self.plan.batches.push(batch);
            }
        }
        Flow::Stop
    }

    /// The pods of old revisions in the controller's order: those wanted, lowest first, then the others, highest first. A wanted place
    /// without a pod takes a turn all the same.
    fn old_in_turn(&self) -> Vec<Old> {
        let wanted = self.pods.range(self.range.clone()).map(|(ordinal, facts)| (ordinal - self.range.start, ordinal, facts));
        let others = self.pods.outside(self.range.clone()).rev();
        let others = (self.range.end - self.range.start..).zip(others).map(|(turn, (ordinal, facts))| (turn, ordinal, facts));
        let old = wanted.chain(others).filter(|(.., facts)| facts.revision != self.revisions.update);
        old.map(|(turn, ordinal, facts)| Old { turn, ordinal, is_going: facts.terminating }).collect()
    }
}
