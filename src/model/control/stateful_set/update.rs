//! The rolling update: how a changed template reaches the pods.
//!
//! Models pkg/controller/statefulset/stateful_set_control.go updateStatefulSet (its last part) and, with the `maxUnavailable` gate on,
//! updateStatefulSetAfterInvariantEstablished.

use std::ops::Range;

use super::{Flow, Sync};
use crate::plan::Batch;
use crate::set_pods::PodFacts;
use api::object::int_or_percent::IntOrPercent;
use api::object::stateful_set::UpdateStrategy;
use base::sort::Sort;
use why::{Reason, Verdict};

impl Sync<'_> {
    /// Replaces the pods that are not at the update revision, from the highest ordinal down.
    pub(super) fn update(&mut self) -> Flow {
        if self.recreates() {
            return Flow::Next;
        }
        let off: Vec<i64> = self.pods.outdated(&self.revisions.update, &self.range);
        if self.set.spec.strategy != UpdateStrategy::RollingUpdate {
            if !off.is_empty() {
                self.decide(Verdict::Waits, Reason::OnDeleteWaitsForYou { count: i64::try_from(off.len()).unwrap_or(0) });
            }
            return Flow::Next;
        }
        let floor = self.set.first_updated();
        // What this sync has just created counts as there, and as unavailable.
        let mut due: Vec<i64> = off.iter().chain(&self.made_old).copied().filter(|o| *o >= floor).collect();
        if !self.made_old.is_empty() {
            due.sort_small();
            due.reverse();
        }
        if due.is_empty() && !off.is_empty() && self.plan.decisions.is_empty() {
            self.decide(Verdict::Done, Reason::BelowPartition { below: floor });
        }
        if self.view.release.max_unavailable_stateful_set {
            self.update_by_budget(&due, floor);
        } else {
            self.update_one(&due, floor);
        }
        Flow::Next
    }

    /// Replaces one pod at a time: the highest outdated one, unless a pod above it is unavailable.
    fn update_one(&mut self, due: &[i64], floor: i64) {
        let Some(next) = due.first().copied() else { return };
        let range = floor.max(self.range.start)..self.range.end;
        let unavailable = |f: &PodFacts| self.holds_up(f);
        let present = self.pods.range(range.clone()).rev().find(|(_, f)| unavailable(f)).map(|(o, _)| o);
        let missing = self.highest_missing(range);
        match present.into_iter().chain(missing).max() {
            Some(waits) if waits > next => {
                self.decide_for(Verdict::Waits, Reason::UpdateWaitsForUnavailable { ordinal: waits }, waits);
            }
            _ => self.replace(&[next]),
        }
    }

    /// Whether a pod counts as one that an update took down. Models stateful_set_utils.go isUnavailable.
    pub(super) fn holds_up(&self, facts: &PodFacts) -> bool {
        facts.unavailable(self.min_ready, self.view.now)
    }

    /// The highest desired ordinal without a pod in the cache. A pod created earlier in this sync therefore counts as unavailable.
    fn highest_missing(&self, range: Range<i64>) -> Option<i64> {
        let mut expected = range.end;
        for (ordinal, _) in self.pods.range(range.clone()).rev() {
            if ordinal != expected - 1 {
                return Some(expected - 1);
            }
            expected = ordinal;
        }
        (expected > range.start).then_some(expected - 1)
    }

    /// Replaces as many pods at a time as `maxUnavailable` allows.
    fn update_by_budget(&mut self, due: &[i64], floor: i64) {
        if due.is_empty() {
            return;
        }
        let start = if self.view.release.budgets_update_range { floor.max(self.range.start) } else { self.range.start };
        let counted = start..self.range.end.max(start);
        let mut unavailable = counted.end - counted.start;
        let most = self.max_unavailable(unavailable);
        let mut first = None;
        for (ordinal, facts) in self.pods.range(counted.clone()) {
            if self.holds_up(facts) {
                first = first.or(Some(ordinal));
            } else {
                unavailable -= 1;
            }
        }
        let budget = most - unavailable;
        let stuck = |o: &i64| self.pods.get(*o).is_none_or(|f| !f.terminating && !f.available(self.min_ready, self.view.now));
        let whatever_the_budget = self.set.parallel() && self.view.release.parallel_update_replaces_unavailable;
        let (mut chosen, healthy): (Vec<i64>, Vec<i64>) = due.iter().partition(|o| whatever_the_budget && stuck(o));
        chosen.extend(healthy.into_iter().take(usize::try_from(budget).unwrap_or(0)));
        if chosen.is_empty() {
            let ordinal = first.or_else(|| self.pods.first_missing(&counted)).unwrap_or(counted.start);
            self.decide_for(Verdict::Waits, Reason::UpdateWaitsForUnavailable { ordinal }, ordinal);
        } else {
            self.replace(&chosen);
        }
    }

    /// `maxUnavailable` resolved to a number of pods, a percentage of so many. Models stateful_set_utils.go getStatefulSetMaxUnavailable.
    fn max_unavailable(&self, of: i64) -> i64 {
        let written = self.set.spec.rolling_update.as_ref().and_then(|r| r.max_unavailable.as_ref());
        written.and_then(IntOrPercent::decode).map_or(1, |most| most.rounded_down(of)).max(1)
    }

    fn replace(&mut self, ordinals: &[i64]) {
        let mut batch = Batch::new();
        for ordinal in ordinals {
            let mut step = self.delete_step(&self.pod_key(*ordinal).name);
            step.for_update = true;
            batch.push(vec![step]);
        }
        for ordinal in ordinals {
            self.decide_for(Verdict::Acts, Reason::ReplacingForUpdate { ordinal: *ordinal }, *ordinal);
        }
        self.plan.batches.extend(batch.into_iter().map(|chain| vec![chain]));
    }
}
