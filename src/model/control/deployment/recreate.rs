//! The Recreate strategy: new pods are created only once all old ones are gone.
//!
//! Models pkg/controller/deployment/recreate.go rolloutRecreate.

use super::{Sets, Sync};
use crate::replica_pods::ReplicaPods;
use why::{Reason, Verdict};

impl Sync<'_> {
    /// Takes one step of a rollout.
    pub(super) fn recreate(&mut self) {
        let sets = self.sets();
        let mut shrunk = false;
        for set in &sets.old {
            shrunk |= self.resize(set, 0).is_some();
        }
        if !shrunk && self.old_pods_last(&sets) {
            let count = sets.old.iter().map(|s| s.status.replicas + s.status.terminating.unwrap_or(0)).sum();
            self.decide(Verdict::Waits, Reason::RolloutWaitsForOldPods { count });
            shrunk = true;
        }
        if shrunk {
            self.write_progress(&sets);
            return;
        }
        let Some(sets) = (if sets.new.is_some() { Some(sets) } else { self.sets_with_new() }) else { return };
        let Some(new) = sets.new.clone() else { return };
        if self.resize(&new, self.deployment.spec.replicas).is_none() {
            self.wait_or_finish(&sets, &new);
        }
        self.write_progress(&sets);
    }

    /// Whether a pod of an old template is not terminal yet. Models recreate.go oldPodsRunning.
    fn old_pods_last(&self, sets: &Sets) -> bool {
        let lasting = |pods: &ReplicaPods| pods.any_lasting();
        sets.old.iter().any(|set| set.status.replicas > 0 || self.view.cache.replicas_of(set.meta.uid).is_some_and(lasting))
    }
}
