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
use api::kind::Kind;
use api::object::{Name, ObjectKey};
use api::release::Release;
use base::dice::Dice;
use base::time::{Span, Time};
use cache::Cache;
use heartbeat::Heartbeat;
use plan::Plan;
use registration::{Effect, Registration, Watch};
use server::log::Change;
use server::tables::Tables;
use why::{Component, Decision, Reason, Verdict};

/// The controllers, in the order in which they are told of a change.
pub static CONTROLLERS: [(Controller, &Registration); Controller::COUNT] = [
    (Controller::GarbageCollector, &garbage_collector::CONTROLLER),
    (Controller::ResourceQuota, &resource_quota::CONTROLLER),
    (Controller::Autoscaler, &autoscaler::CONTROLLER),
    (Controller::StatefulSet, &stateful_set::CONTROLLER),
    (Controller::ReplicaSet, &replica_set::CONTROLLER),
    (Controller::DaemonSet, &daemon_set::CONTROLLER),
    (Controller::CronJob, &cron_job::CONTROLLER),
    (Controller::TimeToLive, &job::time_to_live::CONTROLLER),
    (Controller::Job, &job::CONTROLLER),
    (Controller::Deployment, &deployment::CONTROLLER),
    (Controller::Claims, &volume_binder::CLAIMS),
    (Controller::EphemeralVolume, &ephemeral_volume::CONTROLLER),
    (Controller::ClaimProtection, &protection::CLAIMS),
    (Controller::Volumes, &volume_binder::VOLUMES),
    (Controller::VolumeProtection, &protection::VOLUMES),
    (Controller::EndpointSlice, &endpoint_slice::CONTROLLER),
    (Controller::Endpoints, &endpoints::ENDPOINTS),
    (Controller::EndpointSliceMirroring, &slice_mirroring::MIRRORING),
    (Controller::NodeTaints, &node_lifecycle::taints::CONTROLLER),
    (Controller::NodeMonitor, &node_lifecycle::MONITOR),
    (Controller::NodeTurns, &node_lifecycle::TURNS),
    (Controller::TaintEviction, &taint_eviction::CONTROLLER),
    (Controller::PodGc, &pod_gc::CONTROLLER),
    (Controller::StaleDisruption, &disruption::STALE),
    (Controller::Disruption, &disruption::CONTROLLER),
    (Controller::Namespace, &namespace::CONTROLLER),
    (Controller::Definition, &definition::CONTROLLER),
    (Controller::Tokens, &token::CONTROLLER),
    (Controller::ServiceAccounts, &namespace_objects::ACCOUNTS),
    (Controller::RootCertificates, &namespace_objects::CERTIFICATES),
    (Controller::AttachDetach, &attach_detach::CONTROLLER),
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
    static NUMBERED: [&Registration; Controller::COUNT] = {
        let (mut all, mut known, mut at) = ([CONTROLLERS[0].1; Controller::COUNT], [false; Controller::COUNT], 0);
        while at < CONTROLLERS.len() {
            let (controller, own) = CONTROLLERS[at];
            assert!(!known[controller as usize], "a controller is registered twice");
            (all[controller as usize], known[controller as usize]) = (own, true);
            at += 1;
        }
        all
    };
    NUMBERED[controller as usize]
}

/// By the place of a kind: a bit for each controller that watches it, in their order.
type ByKind = [u64; Kind::ALL.len() + 1];

const fn by_kind(last: bool) -> ByKind {
    let (mut all, mut at) = ([0; Kind::ALL.len() + 1], 0);
    while at < CONTROLLERS.len() {
        let whom = CONTROLLERS[at].1;
        let watches = if last { whom.watches_last } else { whom.watches };
        let everything = !last && whom.watches_all.is_some();
        let mut one = 0;
        while one < if everything { all.len() } else { watches.len() } {
            all[if everything { one } else { watches[one].0.index() }] |= 1 << at;
            one += 1;
        }
        at += 1;
    }
    all
}

/// Tells the controllers of a change that their cache shows, or those that are told of it last; returns what comes of it, in order.
pub fn tell(view: View, memory: &mut Memories, change: &Change, last: bool) -> Vec<Effect> {
    static TOLD: [ByKind; 2] = [by_kind(false), by_kind(true)];
    let mut told = TOLD[usize::from(last)][change.key.kind.index()];
    let mut watch = Watch { controller: CONTROLLERS[0].0, change, view, memory, effects: Vec::new() };
    while told != 0 {
        let (controller, whom) = CONTROLLERS[told.trailing_zeros() as usize];
        told &= told - 1;
        watch.controller = controller;
        if let Some(all) = whom.watches_all.filter(|_| !last) {
            all(&mut watch);
        }
        let watches = if last { whom.watches_last } else { whom.watches };
        watches.iter().filter(|(kind, _)| *kind == change.key.kind).for_each(|(_, one)| one(&mut watch));
    }
    watch.effects
}

/// What controllers read of a cluster besides its objects.
pub struct Surroundings<'a> {
    /// From a write until it is seen.
    pub watch: Span,
    /// From seeing a change until the sync it causes.
    pub sync: Span,
    /// The same where the garbage collector looks up an object and its owners again before.
    pub collect: Span,
    /// The time between two checks of the nodes.
    pub node_monitor_period: Span,
    /// How long a node may be silent.
    pub node_monitor_grace: Span,
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
        const AROUND: Surroundings = Surroundings {
            watch: Span(1),
            sync: Span(1),
            collect: Span(1),
            node_monitor_period: Span(1),
            node_monitor_grace: Span(1),
            has_drivers: false,
            dice: Dice { seed: 1 },
            heartbeat: &|_| None,
        };
        View { cache, live: &cache.tables, now, release: &api::release::V1_37, behind: false, around: &AROUND }
    }
}
