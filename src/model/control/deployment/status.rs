//! A Deployment's status: counts, availability and the rollout's progress.
//!
//! Models pkg/controller/deployment/sync.go calculateStatus, syncDeploymentStatus and progress.go syncRolloutStatus.

use std::rc::Rc;

use super::progress::ProgressReason;
use super::{AVAILABLE, PROGRESSING, Sets, Sync};
use crate::replica_set::REPLICA_FAILURE;
use api::object::pod::{Condition, Truth};
use api::object::workload::{DeploymentCondition, DeploymentStatus};
use base::time::Span;
use why::{Reason, Verdict};

/// Added to the wait for the progress deadline, to be sure that it has passed. Models progress.go requeueStuckDeployment.
const DEADLINE_MARGIN: Span = Span::seconds(1);

impl Sync<'_> {
    /// Writes the counts, but not the rollout's progress.
    pub(super) fn write_counts(&mut self, sets: &Sets) {
        let status = self.counted(sets);
        self.write_status(status);
    }

    /// Writes the counts and the rollout's progress.
    pub(super) fn write_progress(&mut self, sets: &Sets) {
        let mut status = self.counted(sets);
        match self.deployment.spec.progress_deadline {
            None => status.remove_condition(PROGRESSING),
            Some(deadline) if !self.was_complete(&status) => self.judge_progress(&mut status, sets, deadline),
            Some(_) => {}
        }
        match failure(sets) {
            Some(condition) => {
                let updated = condition.since;
                status.set_condition(DeploymentCondition { condition, updated });
            }
            None => status.remove_condition(REPLICA_FAILURE),
        }
        if !self.write_status(status) {
            self.look_again_at_deadline();
        }
    }

    /// Writes a status if it differs from the one seen; returns whether it did.
    fn write_status(&mut self, status: DeploymentStatus) -> bool {
        let changed = self.deployment.status != status;
        if changed {
            Rc::make_mut(&mut self.deployment).status = status;
            self.write();
        }
        changed
    }

    /// Models sync.go calculateStatus.
    fn counted(&self, sets: &Sets) -> DeploymentStatus {
        let sum = |count: fn(&api::object::ReplicaSet) -> i64| sets.all().map(|s| count(s)).sum::<i64>();
        let available = sets.available();
        let mut status = DeploymentStatus {
            observed_generation: self.deployment.meta.generation,
            replicas: sum(|s| s.status.replicas),
            updated: sets.new.as_ref().map_or(0, |s| s.status.replicas),
            ready: sum(|s| s.status.ready),
            available,
            unavailable: (sets.wanted() - available).max(0),
            terminating: self.view.release.counts_terminating_replicas.then(|| sets.all().filter_map(|s| s.status.terminating).sum()),
            collision_count: self.deployment.status.collision_count,
            conditions: self.deployment.status.conditions.clone(),
        };
        let enough = available >= self.deployment.spec.replicas - self.deployment.max_unavailable();
        let (reason, message) = if enough {
            ("MinimumReplicasAvailable", "Deployment has minimum availability.")
        } else {
            ("MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
        };
        status.set_condition(DeploymentCondition::new(AVAILABLE, enough.into(), self.view.now, reason, message));
        status
    }

    /// Whether the last rollout is complete and no new one has started.
    fn was_complete(&self, status: &DeploymentStatus) -> bool {
        status.replicas == status.updated && ProgressReason::told(&self.deployment.status) == Some(ProgressReason::Available)
    }

    /// Models deployment_util.go DeploymentComplete.
    pub(super) fn is_complete(&self, status: &DeploymentStatus) -> bool {
        let wanted = self.deployment.spec.replicas;
        status.updated == wanted
            && status.replicas == wanted
            && status.available == wanted
            && status.observed_generation >= self.deployment.meta.generation
    }

    /// Whether the rollout has progressed: more new pods, fewer old ones. Models deployment_util.go DeploymentProgressing.
    fn has_progressed(&self, status: &DeploymentStatus) -> bool {
        let before = &self.deployment.status;
        status.updated > before.updated
            || status.replicas - status.updated < before.replicas - before.updated
            || status.ready > before.ready
            || status.available > before.available
    }

    fn judge_progress(&mut self, status: &mut DeploymentStatus, sets: &Sets, deadline: Span) {
        let subject = sets
            .new
            .as_ref()
            .map_or_else(|| format!("Deployment \"{}\"", self.deployment.meta.name), |set| format!("ReplicaSet \"{}\"", set.meta.name));
        let now = self.view.now;
        let said = |truth, reason: ProgressReason, what: &str| {
            DeploymentCondition::new(PROGRESSING, truth, now, reason.word(), format!("{subject} {what}"))
        };
        if self.is_complete(status) {
            status.set_condition(said(Truth::True, ProgressReason::Available, "has successfully progressed."));
        } else if self.has_progressed(status) {
            let mut condition = said(Truth::True, ProgressReason::Updated, "is progressing.");
            let before = self.deployment.status.condition(PROGRESSING).map(|c| &c.condition);
            if let Some(before) = before.filter(|c| c.status == Truth::True) {
                condition.condition.since = before.since;
            }
            status.remove_condition(PROGRESSING);
            status.set_condition(condition);
        } else if self.is_late(status, deadline) {
            status.set_condition(said(Truth::False, ProgressReason::TimedOut, "has timed out progressing."));
            self.decide(Verdict::Refused, Reason::RolloutTimedOut { seconds: i64::try_from(deadline.0 / 1000).unwrap_or(i64::MAX) });
        }
    }

    /// Whether the progress deadline has passed. Models deployment_util.go DeploymentTimedOut.
    fn is_late(&self, status: &DeploymentStatus, deadline: Span) -> bool {
        let Some(said) = status.condition(PROGRESSING) else { return false };
        match ProgressReason::told(status) {
            Some(ProgressReason::Available) => false,
            Some(ProgressReason::TimedOut) => true,
            Some(
                ProgressReason::Created
                | ProgressReason::CreateFailed
                | ProgressReason::Found
                | ProgressReason::Updated
                | ProgressReason::Paused
                | ProgressReason::Resumed,
            )
            | None => said.updated + deadline < self.view.now,
        }
    }

    /// Models progress.go requeueStuckDeployment.
    fn look_again_at_deadline(&mut self) {
        let status = &self.deployment.status;
        let Some((deadline, said)) = self.deployment.spec.progress_deadline.zip(status.condition(PROGRESSING)) else { return };
        if self.is_complete(status) || ProgressReason::told(status) == Some(ProgressReason::TimedOut) {
            return;
        }
        let at = said.updated + deadline + DEADLINE_MARGIN;
        self.plan.again = Some(at.since(self.view.now).max(DEADLINE_MARGIN));
    }
}

/// The failure reported by a ReplicaSet, preferably the new one. Models sync.go getReplicaFailures.
fn failure(sets: &Sets) -> Option<Condition> {
    let mut all = sets.new.iter().chain(sets.all()).flat_map(|s| &s.status.conditions);
    all.find(|c| c.kind == *REPLICA_FAILURE).cloned()
}
