//! What is to come of a cure.

use api::object::stateful_set::UpdateStrategy;
use api::object::{ObjectKey, StatefulSet};
use sim::Sim;
use why::Family;

use crate::blame::is_well;

/// What is to come of a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A StatefulSet is what it should be.
    Well(ObjectKey),
    /// Each pod of a StatefulSet is Ready, at whatever revision somebody holds it.
    Up(ObjectKey),
    Gone(ObjectKey),
    There(ObjectKey),
    /// A budget lets a pod go.
    Allows(ObjectKey),
}

impl Goal {
    /// What is to come of a set that waits for a cause. Whoever holds a rollout back goes on doing so.
    pub fn of(set: &StatefulSet, cause: Family) -> Goal {
        let holds = set.spec.strategy == UpdateStrategy::OnDelete || set.partition() > 0;
        if holds && !is_held(cause) { Goal::Up(set.key()) } else { Goal::Well(set.key()) }
    }

    /// The object that it is about.
    pub fn about(&self) -> &ObjectKey {
        let (Goal::Well(key) | Goal::Up(key) | Goal::Gone(key) | Goal::There(key) | Goal::Allows(key)) = self;
        key
    }

    /// Whether it is reached.
    pub fn reached(&self, sim: &Sim) -> bool {
        let (tables, key) = (sim.tables(), self.about());
        match self {
            Goal::Well(key) => is_well(sim, key),
            Goal::Up(key) => tables.stateful_set(&key.namespace, &key.name).is_some_and(|set| are_ready(sim, set)),
            Goal::Gone(_) => tables.get(key).is_none(),
            Goal::There(_) => tables.get(key).is_some(),
            Goal::Allows(_) => tables.budget(&key.namespace, &key.name).is_none_or(|budget| budget.status.disruptions_allowed > 0),
        }
    }
}

/// Whether a set waits for somebody to go on with a rollout.
pub fn is_held(cause: Family) -> bool {
    [Family::OnDelete, Family::Partition].contains(&cause)
}

/// Whether a set has each of its pods, and each is Ready.
fn are_ready(sim: &Sim, set: &StatefulSet) -> bool {
    let mut pods = set.ordinals().map(|ordinal| sim.tables().pod(&set.meta.namespace, &set.pod_name(ordinal)));
    pods.all(|pod| pod.is_some_and(|pod| pod.ready() && !pod.meta.terminating()))
}
