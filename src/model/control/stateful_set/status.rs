//! The status update at the end of a sync.
//!
//! Models pkg/controller/statefulset/stateful_set_control.go computeReplicaStatus, updateStatefulSetStatus and
//! stateful_set_utils.go completeRollingUpdate.

use std::rc::Rc;

use super::Sync;
use super::recreate::{PROGRESSING, Progress};
use crate::plan::{Plan, StatusChange, StatusWrite};
use api::object::stateful_set::{StatefulSetStatus, UpdateStrategy};
use base::time::Span;

impl Sync<'_> {
    /// Completes the plan: the status, the revision history's clean-up, and when to requeue.
    pub(super) fn finish(mut self) -> Plan {
        let counts = self.pods.counts(self.min_ready, self.view.now);
        let r = &self.revisions;
        let keeps = self.view.release.keeps_conditions_of_sets;
        let mut status = StatefulSetStatus {
            observed_generation: self.set.meta.generation,
            replicas: counts.replicas,
            ready: counts.ready,
            available: counts.available,
            current: self.pods.live_of(&r.current),
            updated: self.pods.live_of(&r.update),
            current_revision: Rc::clone(&r.current),
            update_revision: Rc::clone(&r.update),
            collision_count: Some(r.collisions),
            conditions: if keeps { self.set.status.conditions.clone() } else { Vec::new() },
        };
        let every = self.view.release.complete_update_for_every_strategy || self.set.spec.strategy == UpdateStrategy::RollingUpdate;
        let is_complete = status.updated == status.ready && status.ready == status.replicas && status.replicas == self.set.spec.replicas;
        if every && is_complete {
            status.current = status.updated;
            status.current_revision = Rc::clone(&r.update);
        }
        if let Some(progress) = self.progress {
            progress.tell(&mut status.conditions, self.view.now);
        }
        if is_complete && self.recreates() && status.conditions.iter().any(|c| *c.kind == *PROGRESSING) {
            Progress::Completed.tell(&mut status.conditions, self.view.now);
        }
        self.plan.finally = r.forget(self.set, &self.pods);
        // Conditions that are not kept are no reason to write.
        let conditions = if keeps { &self.set.status.conditions } else { &status.conditions };
        let seen = StatefulSetStatus { conditions: conditions.clone(), ..self.set.status.clone() };
        let change = StatusChange::StatefulSet { seen, wanted: status };
        self.plan.status = Some(StatusWrite { key: self.key.clone(), uid: self.set.meta.uid, change });
        self.plan.again = self.next_look(counts.ready != counts.available, counts.available);
        self.plan
    }

    /// When to look again whether pods have become available. Models stateful_set.go syncStatefulSet.
    fn next_look(&self, some_will_be: bool, available: i64) -> Option<Span> {
        if self.view.release.looks_when_available {
            let next = some_will_be.then(|| self.pods.next_available(self.min_ready, self.view.now)).flatten();
            return next.map(|at| at.since(self.view.now));
        }
        (self.min_ready > Span(0) && available != self.set.spec.replicas).then_some(self.min_ready)
    }
}
