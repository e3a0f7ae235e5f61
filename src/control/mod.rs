//! The controllers: planners over what a [`View`] shows.
//!
//! Promises: a plan is a function of the view, and of the controller's own memory where it has one, which it updates; every plan
//! that sends requests names its reasons. A controller is declared where it is planned, by a constant that [`CONTROLLERS`] lists.
//! Must not know: how requests are sent, the queue of events, any chance but the keyed one, the browser.

pub mod attach_detach;
pub mod attachments;
pub mod autoscaler;
pub mod cache;
pub mod cron_job;
pub mod daemon_set;
pub mod definition;
pub mod deployment;
pub mod disruption;
pub mod endpoint_slice;
pub mod endpoints;
pub mod ephemeral_volume;
pub mod garbage_collector;
pub mod heartbeat;
pub mod job;
pub mod namespace;
pub mod namespace_objects;
pub mod node_lifecycle;
pub mod plan;
pub mod pod_control;
pub mod pod_gc;
pub mod protection;
pub mod registration;
pub mod replica_pods;
pub mod replica_set;
pub mod resource_quota;
pub mod set_pods;
pub mod slice_mirroring;
pub mod stateful_set;
pub mod taint_eviction;
pub mod token;
pub mod volume_binder;
pub mod volume_maker;
pub mod volume_match;
mod workloads;

use api::controller::Controller;
use api::object::{Name, ObjectKey};
use api::release::Release;
use base::dice::Dice;
use base::time::Time;
use cache::Cache;
use heartbeat::Heartbeat;
use node_lifecycle::Pace;
use plan::Plan;
use registration::{Registration, Watch};
use server::log::Change;
use server::tables::Tables;
use why::{Component, Decision, Reason, Verdict};

/// The controllers, in the order in which they are told of a change.
pub const CONTROLLERS: [&Registration; Controller::COUNT] = [
    &garbage_collector::CONTROLLER,
    &resource_quota::CONTROLLER,
    &autoscaler::CONTROLLER,
    &stateful_set::CONTROLLER,
    &replica_set::CONTROLLER,
    &daemon_set::CONTROLLER,
    &cron_job::CONTROLLER,
    &job::time_to_live::CONTROLLER,
    &job::CONTROLLER,
    &deployment::CONTROLLER,
    &volume_binder::CLAIMS,
    &ephemeral_volume::CONTROLLER,
    &protection::CLAIMS,
    &volume_binder::VOLUMES,
    &protection::VOLUMES,
    &endpoint_slice::CONTROLLER,
    &endpoints::ENDPOINTS,
    &slice_mirroring::MIRRORING,
    &node_lifecycle::taints::CONTROLLER,
    &node_lifecycle::MONITOR,
    &node_lifecycle::TURNS,
    &taint_eviction::CONTROLLER,
    &pod_gc::CONTROLLER,
    &disruption::STALE,
    &disruption::CONTROLLER,
    &namespace::CONTROLLER,
    &definition::CONTROLLER,
    &token::CONTROLLER,
    &namespace_objects::ACCOUNTS,
    &namespace_objects::CERTIFICATES,
    &attach_detach::CONTROLLER,
];

/// What the controllers remember between syncs, each for itself.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    attach_detach: attach_detach::Memory,
    daemon_sets: daemon_set::Memory,
    endpoints: endpoints::Memories,
    evictions: taint_eviction::Memory,
    jobs: job::Memory,
    nodes: node_lifecycle::Memory,
    pod_gc: pod_gc::Memory,
    slices: endpoint_slice::Memories,
}

impl Memories {
    /// Those of controllers that know these nodes already.
    pub fn knowing(nodes: &[Name]) -> Self {
        Memories { nodes: node_lifecycle::Memory::knowing(nodes), ..Memories::default() }
    }
}

/// What a controller declares of itself.
pub fn registration(controller: Controller) -> &'static Registration {
    const NUMBERED: [&Registration; Controller::COUNT] = {
        let (mut all, mut at) = (CONTROLLERS, 0);
        while at < CONTROLLERS.len() {
            all[CONTROLLERS[at].controller as usize] = CONTROLLERS[at];
            at += 1;
        }
        all
    };
    NUMBERED[controller as usize]
}

/// Tells the controllers of a change that their cache shows.
pub fn tell(watch: &mut Watch, change: &Change) {
    for whom in &CONTROLLERS {
        watch.tell_of_all(whom, change);
        watch.tell(whom, whom.watches, change);
    }
}

/// Tells those controllers of a change that are told of it last.
pub fn tell_last(watch: &mut Watch, change: &Change) {
    for whom in &CONTROLLERS {
        watch.tell(whom, whom.watches_last, change);
    }
}

/// What controllers read of a cluster besides its objects.
pub struct Surroundings<'a> {
    /// The delays that a controller reckons with.
    pub pace: Pace,
    /// Whether volumes have drivers, which attach them.
    pub has_drivers: bool,
    /// Determines the order of what upstream does in parallel.
    pub dice: Dice,
    /// When the lease of a node is renewed, if it has a kubelet: leases are not kept as objects.
    pub heartbeat: &'a dyn Fn(&str) -> Option<Heartbeat>,
}

/// What a sync gets to see.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The controllers' cache.
    pub cache: &'a Cache,
    /// The API server's current state, for the few controllers that read from it before they let something go.
    pub live: &'a Tables,
    /// The time of the sync; sampled once.
    pub now: Time,
    /// The Kubernetes release being modelled.
    pub release: &'static Release,
    /// Whether the cache does not show this controller's own last writes to this object yet.
    pub behind: bool,
    /// What else of the cluster it sees.
    pub around: &'a Surroundings<'a>,
}

impl View<'_> {
    /// The plan of a controller that does not see its own last writes yet: it waits, and looks again as after a failure.
    /// Models pkg/controller/util/consistency EnsureReady and, for other kinds, pkg/controller SatisfiedExpectations.
    fn stale(&self, who: Component, key: &ObjectKey) -> Option<Plan> {
        self.behind.then(|| Plan {
            error: Some("cache is behind own writes".into()),
            ..Plan::nothing(Decision::new(who, key.clone(), Verdict::Waits, Reason::CacheBehindOwnWrites))
        })
    }
}

#[cfg(test)]
impl<'a> View<'a> {
    /// What the newest release's controllers see where the cache lags behind nothing.
    pub fn at(cache: &'a Cache, now: Time) -> Self {
        let around = &Surroundings { pace: Pace::NONE, has_drivers: false, dice: Dice { seed: 1 }, heartbeat: &|_| None };
        View { cache, live: &cache.tables, now, release: &api::release::V1_37, behind: false, around }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_controller_is_registered_once() {
        assert!(CONTROLLERS.iter().all(|one| std::ptr::eq(registration(one.controller), *one)));
    }
}
