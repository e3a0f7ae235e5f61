//! What is to come of a cure.

use api::object::ObjectKey;
use sim::Sim;

use crate::blame::is_well;

/// What is to come of a cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// A StatefulSet is what it should be.
    Well(ObjectKey),
    Gone(ObjectKey),
    There(ObjectKey),
    /// A Service is there and has no cluster IP.
    Headless(ObjectKey),
    /// A budget lets a pod go.
    Allows(ObjectKey),
}

impl Goal {
    /// The object that it is about.
    pub fn about(&self) -> &ObjectKey {
        let (Goal::Well(key) | Goal::Gone(key) | Goal::There(key) | Goal::Headless(key) | Goal::Allows(key)) = self;
        key
    }

    /// Whether it is reached.
    pub fn reached(&self, sim: &Sim) -> bool {
        let (tables, key) = (sim.tables(), self.about());
        match self {
            Goal::Well(key) => is_well(sim, key),
            Goal::Gone(_) => tables.get(key).is_none(),
            Goal::There(_) => tables.get(key).is_some(),
            Goal::Headless(_) => tables.service(&key.namespace, &key.name).is_some_and(|service| service.headless()),
            Goal::Allows(_) => tables.budget(&key.namespace, &key.name).is_none_or(|budget| budget.status.disruptions_allowed > 0),
        }
    }
}
