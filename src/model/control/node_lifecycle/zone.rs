//! The state of each zone and the resulting eviction rate.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go ComputeZoneState and setLimiterInZone, and
//! scheduler/rate_limited_queue.go with its burst of one.

use api::object::node::{REGION, ZONE};
use api::object::{Name, Node, no_name};
use base::time::{Span, Time};

/// The interval between two nodes. kube-controller-manager --node-eviction-rate, 0.1 a second.
const EVICTION_PAUSE: Span = Span::seconds(10);
/// The interval in a large zone that is partially disrupted. --secondary-node-eviction-rate, 0.01 a second.
const SECONDARY_PAUSE: Span = Span::seconds(100);
/// Zones with more nodes than this are large. --large-cluster-size-threshold.
const LARGE_ZONE: usize = 50;
/// The percentage of silent nodes from which a zone is partially disrupted. --unhealthy-zone-threshold.
const SILENT_PERCENT: usize = 55;
/// Up to this many silent nodes never disrupt a zone partially. ComputeZoneState.
const SILENT_FEW: usize = 2;

/// Region and zone; both empty if nodes have no such labels.
pub type ZoneName = (Name, Name);

/// The zone of a node. Models k8s.io/component-helpers/node/topology GetZoneKey.
pub fn zone_of(node: &Node) -> ZoneName {
    let label = |key: &str| node.meta.label(key).cloned().unwrap_or_else(no_name);
    (label(REGION), label(ZONE))
}

/// How much of a zone is silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZoneState {
    /// Little or nothing.
    #[default]
    Normal,
    /// Much of it.
    Partial,
    Full,
}

/// The number of ready and other nodes in a zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ready nodes.
    pub ready: usize,
    /// All other nodes.
    pub silent: usize,
}

impl Tally {
    /// Adds a node to the count.
    pub fn count(&mut self, ready: bool) {
        *(if ready { &mut self.ready } else { &mut self.silent }) += 1;
    }

    /// How much of the zone is silent.
    pub fn state(self) -> ZoneState {
        let all = self.ready + self.silent;
        if self.ready == 0 && self.silent > 0 {
            ZoneState::Full
        } else if self.silent > SILENT_FEW && self.silent * 100 >= SILENT_PERCENT * all {
            ZoneState::Partial
        } else {
            ZoneState::Normal
        }
    }

    /// The interval between two evicted nodes; `None` if evictions stop. A fully silent zone is evicted at the normal rate, as long as
    /// another zone is not.
    pub fn pause(self) -> Option<Span> {
        match self.state() {
            ZoneState::Normal | ZoneState::Full => Some(EVICTION_PAUSE),
            ZoneState::Partial => (self.ready + self.silent > LARGE_ZONE).then_some(SECONDARY_PAUSE),
        }
    }
}

/// The nodes of a zone whose pods are waiting to be evicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The zone's state when last computed.
    pub state: ZoneState,
    /// The nodes, in the order in which they are to be tainted.
    pub queue: Vec<Name>,
    pause: Option<Span>,
    next: Time,
}

impl Default for Zone {
    fn default() -> Self {
        Zone { state: ZoneState::Normal, queue: Vec::new(), pause: Some(EVICTION_PAUSE), next: Time(0) }
    }
}

impl Zone {
    /// Queues a node, unless it already is.
    pub fn add(&mut self, node: &Name) {
        if !self.queue.contains(node) {
            self.queue.push(node.clone());
        }
    }

    /// Changes the interval. Models RateLimitedTimedQueue.SwapLimiter: a wait in progress starts over.
    pub fn set_pause(&mut self, pause: Option<Span>, now: Time) {
        if self.pause == pause {
            return;
        }
        let waiting = self.pause.is_none() || now < self.next;
        self.pause = pause;
        self.next = if waiting { now + pause.unwrap_or_default() } else { now };
    }

    /// Removes and returns the next node, if it is due.
    pub fn take(&mut self, now: Time) -> Option<Name> {
        let pause = self.pause?;
        if self.queue.is_empty() || now < self.next {
            return None;
        }
        self.next = now + pause;
        Some(self.queue.remove(0))
    }

    /// When the next node is due; `None` if none is queued or evictions have stopped.
    pub fn next_turn(&self) -> Option<Time> {
        self.pause.filter(|_| !self.queue.is_empty()).map(|_| self.next)
    }
}
