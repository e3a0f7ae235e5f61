//! The RollingUpdate strategy: the new ReplicaSet grows as far as `maxSurge` allows; otherwise the old ones shrink as far as
//! `maxUnavailable` allows.
//!
//! Models pkg/controller/deployment/rolling.go rolloutRolling, reconcileNewReplicaSet, reconcileOldReplicaSets.

use std::rc::Rc;

use super::{Sets, Sync};
use api::object::ReplicaSet;
use why::{Reason, Verdict};

impl Sync<'_> {
    /// Takes one step of a rollout.
    pub(super) fn roll(&mut self) {
        let Some(sets) = self.sets_with_new() else { return };
        let Some(new) = sets.new.clone() else { return };
        if !self.resize_new(&sets, &new) && !self.shrink_old(&sets, &new) {
            self.wait_or_finish(&sets, &new);
        }
        self.write_progress(&sets);
    }

    /// Scales the new ReplicaSet to the size it may have. Models rolling.go reconcileNewReplicaSet.
    fn resize_new(&mut self, sets: &Sets, new: &Rc<ReplicaSet>) -> bool {
        let wanted = self.deployment.spec.replicas;
        let size = if new.spec.replicas > wanted { wanted } else { self.grown(new.spec.replicas, sets.wanted()) };
        self.resize(new, size).is_some()
    }

    /// Scales down the old ReplicaSets, unavailable pods first. Models rolling.go reconcileOldReplicaSets.
    fn shrink_old(&mut self, sets: &Sets, new: &ReplicaSet) -> bool {
        let least_available = self.deployment.spec.replicas - self.deployment.max_unavailable();
        let still_coming = new.spec.replicas - new.status.available;
        let mut removable = sets.wanted() - least_available - still_coming;
        if sets.old.iter().all(|s| s.spec.replicas == 0) || removable <= 0 {
            return false;
        }
        let mut old: Vec<Rc<ReplicaSet>> = sets.old.iter().filter(|s| s.spec.replicas > 0).cloned().collect();
        let mut spare = new.status.available + old.iter().map(|s| s.status.available).sum::<i64>() - least_available;
        let mut shrunk = false;
        for set in &mut old {
            if removable <= 0 {
                break;
            }
            let unhealthy = set.spec.replicas - set.status.available;
            if unhealthy < 0 {
                return false; // What it has to say is older than what it was last told.
            }
            let fewer = unhealthy.min(removable);
            if let Some(smaller) = self.resize(set, set.spec.replicas - fewer) {
                removable -= fewer;
                *set = smaller;
                shrunk = true;
            }
        }
        for set in &old {
            let surplus = set.spec.replicas.min(spare.max(0));
            if self.resize(set, set.spec.replicas - surplus).is_some() {
                spare -= surplus;
                shrunk = true;
            }
        }
        shrunk
    }

    /// With nothing to scale for now, either the rollout is complete or more pods have to become available.
    pub(super) fn wait_or_finish(&mut self, sets: &Sets, new: &ReplicaSet) {
        if self.is_complete(&self.deployment.status) {
            self.forget_old(sets);
            self.decide(Verdict::Done, Reason::UpToDate);
            return;
        }
        let name = Rc::clone(&new.meta.name);
        let missing = self.deployment.spec.replicas - new.status.available;
        let because = if missing > 0 {
            Reason::RolloutWaitsForPods { replica_set: name, count: missing }
        } else {
            Reason::RolloutWaitsForOldPods { count: sets.old.iter().map(|s| s.status.replicas).sum() }
        };
        let decision = self.decision(Verdict::Waits, because);
        let decision = decision.seen(new.key(), "status.availableReplicas", new.status.available.to_string(), new.meta.revision);
        self.plan.decide(decision.blocked_by(new.key()));
    }
}
