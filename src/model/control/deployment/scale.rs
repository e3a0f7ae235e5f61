//! How the pods of a scaled or paused Deployment are distributed over its ReplicaSets.
//!
//! Models pkg/controller/deployment/sync.go sync, scale, isScalingEvent, scaleReplicaSet.

use std::rc::Rc;

use super::proportion::shares;
use super::{DESIRED_REPLICAS, Sets, Sync};
use crate::plan::Step;
use api::object::event::EventType;
use api::object::workload::DeploymentStrategy;
use api::object::{Name, ReplicaSet};
use server::request::{Edit, Request};
use why::{Maintenance, Reason, Verdict};

/// Whether a ReplicaSet that wants pods notes another size of its Deployment than this.
pub fn notes_another_size(set: &ReplicaSet, wanted: i64) -> bool {
    let noted = set.meta.annotation(DESIRED_REPLICAS).and_then(|noted| noted.parse::<i64>().ok());
    set.spec.replicas > 0 && noted.is_some_and(|noted| noted != wanted)
}

impl Sync<'_> {
    /// The ReplicaSets that were not scaled since the Deployment's size changed.
    pub(super) fn unscaled(&mut self) -> Vec<Name> {
        let sets = self.sets();
        sets.all().filter(|set| notes_another_size(set, self.deployment.spec.replicas)).map(|set| set.meta.name.clone()).collect()
    }

    /// Scales the ReplicaSets without advancing a rollout.
    pub(super) fn adjust(&mut self, unscaled: Vec<Name>) {
        let sets = self.sets();
        self.share_out(&sets);
        if self.deployment.spec.paused {
            self.forget_old(&sets);
        }
        if self.plan.decisions.is_empty() {
            // Where nothing is shared out, nothing is noted, and nothing goes on.
            if sets.old.iter().any(|set| set.status.replicas > 0) {
                self.decide(Verdict::Waits, Reason::SizeIsNotNoted(unscaled));
            } else {
                self.decide(Verdict::Done, Reason::Maintenance(Maintenance::StatusFollows));
            }
        }
        self.write_counts(&sets);
    }

    fn share_out(&mut self, sets: &Sets) {
        let wanted = self.deployment.spec.replicas;
        let active: Vec<Rc<ReplicaSet>> = sets.all().filter(|s| s.spec.replicas > 0).cloned().collect();
        if active.len() < 2 {
            if let Some(only) = active.first().or(sets.new.as_ref()).or(sets.old.last()) {
                self.resize(only, wanted);
            }
            return;
        }
        if sets.new.as_ref().is_some_and(|new| self.is_saturated(new)) {
            for set in sets.old.iter().filter(|s| s.spec.replicas > 0) {
                self.resize(set, 0);
            }
            return;
        }
        if matches!(self.deployment.spec.strategy, DeploymentStrategy::RollingUpdate { .. }) {
            for (set, size) in shares(&self.deployment, active) {
                self.write_size(&set, size);
            }
        }
    }

    /// Whether the new ReplicaSet has all of its pods and they are available. Models deployment_util.go IsSaturated.
    fn is_saturated(&self, new: &ReplicaSet) -> bool {
        let wanted = self.deployment.spec.replicas;
        let desired = new.meta.annotation(DESIRED_REPLICAS).and_then(|d| d.parse().ok());
        new.spec.replicas == wanted && desired == Some(wanted) && new.status.available == wanted
    }

    /// Scales a ReplicaSet and returns it as it will be; `None` if it already has that size.
    /// Models sync.go scaleReplicaSetAndRecordEvent.
    pub(super) fn resize(&mut self, set: &Rc<ReplicaSet>, replicas: i64) -> Option<Rc<ReplicaSet>> {
        (set.spec.replicas != replicas).then(|| self.write_size(set, replicas))
    }

    /// Writes the size of a ReplicaSet and the annotations that record the Deployment's. Models sync.go scaleReplicaSet.
    fn write_size(&mut self, set: &Rc<ReplicaSet>, replicas: i64) -> Rc<ReplicaSet> {
        let mut resized = Rc::clone(set);
        Rc::make_mut(&mut resized).spec.set(&["replicas"], replicas);
        self.note_size(Rc::make_mut(&mut resized));
        if resized == *set {
            return resized;
        }
        let first = self.written.insert(Rc::clone(&set.meta.name));
        let request = if first { Request::Update(resized.clone().into()) } else { Request::Edit(set.key(), Edit::Replicas(replicas)) };
        let (name, from) = (Rc::clone(&set.meta.name), set.spec.replicas);
        let mut step = Step::new(request);
        if from != replicas {
            let direction = if from < replicas { "up" } else { "down" };
            step = step.says(self.pending_event(
                EventType::Normal,
                "ScalingReplicaSet",
                format!("Scaled {direction} replica set {name} from {from} to {replicas}"),
            ));
            self.decide(Verdict::Acts, Reason::ScalingReplicaSet { name, from, to: replicas });
        }
        self.plan.then(step);
        resized
    }
}
