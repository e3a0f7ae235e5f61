//! The controllers: planners over what a [`View`] shows.
//!
//! Promises: a plan is a function of the view, and of the controller's own memory where it has one, which it updates; every plan
//! that sends requests names its reasons. A controller is declared where it is planned, by a constant that [`CONTROLLERS`] lists.
//! Must not know: how requests are sent, the queue of events, any chance but the keyed one, the browser.

pub mod attach_detach;
pub mod attachments;
pub mod autoscaler;
pub mod cache;
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
mod memory;
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
mod seen;
pub mod set_pods;
pub mod stateful_set;
pub mod taint_eviction;
pub mod volume_binder;
pub mod volume_maker;
pub mod volume_match;
pub mod wake;
mod workloads;

use api::controller::Controller;
use api::kind::Kind;
pub use memory::Memories;
use registration::{Effect, Registration, Watch, Watches};
pub use seen::{Environment, View};
use server::log::Change;

/// The controllers, in the order in which they are told of a change.
pub static CONTROLLERS: [(Controller, &Registration); Controller::COUNT] = [
    (Controller::GarbageCollector, &garbage_collector::CONTROLLER),
    (Controller::ResourceQuota, &resource_quota::CONTROLLER),
    (Controller::Autoscaler, &autoscaler::CONTROLLER),
    (Controller::StatefulSet, &stateful_set::CONTROLLER),
    (Controller::ReplicaSet, &replica_set::CONTROLLER),
    (Controller::DaemonSet, &daemon_set::CONTROLLER),
    (Controller::Job, &job::CONTROLLER),
    (Controller::Deployment, &deployment::CONTROLLER),
    (Controller::Claims, &volume_binder::CLAIMS),
    (Controller::EphemeralVolume, &ephemeral_volume::CONTROLLER),
    (Controller::ClaimProtection, &protection::CLAIMS),
    (Controller::Volumes, &volume_binder::VOLUMES),
    (Controller::VolumeProtection, &protection::VOLUMES),
    (Controller::EndpointSlice, &endpoint_slice::CONTROLLER),
    (Controller::Endpoints, &endpoints::ENDPOINTS),
    (Controller::NodeTaints, &node_lifecycle::taints::CONTROLLER),
    (Controller::NodeMonitor, &node_lifecycle::MONITOR),
    (Controller::NodeTurns, &node_lifecycle::TURNS),
    (Controller::TaintEviction, &taint_eviction::CONTROLLER),
    (Controller::PodGc, &pod_gc::CONTROLLER),
    (Controller::StaleDisruption, &disruption::STALE),
    (Controller::Disruption, &disruption::CONTROLLER),
    (Controller::Namespace, &namespace::CONTROLLER),
    (Controller::Definition, &definition::CONTROLLER),
    (Controller::ServiceAccounts, &namespace_objects::ACCOUNTS),
    (Controller::RootCertificates, &namespace_objects::CERTIFICATES),
    (Controller::AttachDetach, &attach_detach::CONTROLLER),
];

/// What a controller declares of itself.
pub fn registration(controller: Controller) -> &'static Registration {
    static NUMBERED: [&Registration; Controller::NUMBERS] = {
        let (mut all, mut known, mut at) = ([CONTROLLERS[0].1; Controller::NUMBERS], [false; Controller::NUMBERS], 0);
        while at < CONTROLLERS.len() {
            let (controller, own) = CONTROLLERS[at];
            assert!(!known[controller as usize], "a controller is registered twice");
            let after_others = at > 0 && CONTROLLERS[at - 1].1.watches_all.is_none();
            assert!(!(after_others && own.watches_all.is_some()), "who watches everything is told first");
            (all[controller as usize], known[controller as usize]) = (own, true);
            at += 1;
        }
        all
    };
    NUMBERED[controller as usize]
}

/// What a change leads to, by the kind of the object: for each kind the controllers that watch it, in their order.
struct Watchers<const COUNT: usize> {
    all: [(Controller, fn(&mut Watch)); COUNT],
    /// By the place of a kind: where its own begin, and with those of the next where they end.
    begin: [u16; Kind::ALL.len() + 2],
}

/// What a controller watches, first or last.
const fn watches(of: &Registration, last: bool) -> Watches {
    if last { of.watches_last } else { of.watches }
}

/// How many watches there are.
const fn count(last: bool) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < CONTROLLERS.len() {
        count += watches(CONTROLLERS[at].1, last).len();
        at += 1;
    }
    count
}

impl<const COUNT: usize> Watchers<COUNT> {
    const fn new(last: bool) -> Self {
        let mut watchers = Watchers { all: [(CONTROLLERS[0].0, registration::own_key as _); COUNT], begin: [0; _] };
        let (mut kind, mut filled) = (0, 0);
        while kind + 1 < watchers.begin.len() {
            let mut at = 0;
            while at < CONTROLLERS.len() {
                let (watches, mut one) = (watches(CONTROLLERS[at].1, last), 0);
                while one < watches.len() {
                    if watches[one].0.index() == kind {
                        watchers.all[filled] = (CONTROLLERS[at].0, watches[one].1);
                        filled += 1;
                    }
                    one += 1;
                }
                at += 1;
            }
            kind += 1;
            #[expect(clippy::cast_possible_truncation, reason = "there are some hundred")]
            {
                watchers.begin[kind] = filled as u16;
            }
        }
        watchers
    }

    fn of(&self, kind: Kind) -> &[(Controller, fn(&mut Watch))] {
        let kind = kind.index();
        &self.all[self.begin[kind].into()..self.begin[kind + 1].into()]
    }
}

static FIRST: Watchers<{ count(false) }> = Watchers::new(false);
static LAST: Watchers<{ count(true) }> = Watchers::new(true);

/// Whether any controller is told last of a change of this kind.
pub fn is_told_last(kind: Kind) -> bool {
    !LAST.of(kind).is_empty()
}

/// Tells the controllers of a change that their cache shows, or those that are told of it last; what comes of it is added to the effects,
/// in order.
pub fn tell(view: View, memory: &mut Memories, change: &Change, last: bool, effects: &mut Vec<Effect>) {
    let mut watch = Watch { controller: CONTROLLERS[0].0, change, view, memory, effects };
    // They are told of everything, and before the others.
    for (controller, watches_all) in CONTROLLERS.iter().map_while(|(controller, own)| Some((*controller, own.watches_all?))) {
        if !last {
            watch.controller = controller;
            watches_all(&mut watch);
        }
    }
    let told = if last { LAST.of(change.key.kind) } else { FIRST.of(change.key.kind) };
    for (controller, one) in told {
        watch.controller = *controller;
        one(&mut watch);
    }
}
