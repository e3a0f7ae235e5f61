//! How many nodes of a zone are silent, and how fast nodes may be emptied then.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go ComputeZoneState and setLimiterInZone, and
//! scheduler/rate_limited_queue.go with its burst of one.

use crate::api::object::{Name, Node};
use crate::base::time::{Span, Time};

/// The pause between two nodes' being emptied. kube-controller-manager --node-eviction-rate, 0.1 a second.
const EVICTION_PAUSE: Span = Span::seconds(10);
/// The same where much of a large zone is silent. --secondary-node-eviction-rate, 0.01 a second.
const SECONDARY_PAUSE: Span = Span::seconds(100);
/// A zone of more nodes than this is large. --large-cluster-size-threshold.
const LARGE_ZONE: usize = 50;
/// The percentage of silent nodes at which much of a zone is silent. --unhealthy-zone-threshold.
const SILENT_PERCENT: usize = 55;
/// So many silent nodes are never much of a zone. ComputeZoneState.
const SILENT_FEW: usize = 2;

const REGION: &str = "topology.kubernetes.io/region";
const ZONE: &str = "topology.kubernetes.io/zone";

/// A region and a zone in it; both empty where nodes have no such labels.
pub type ZoneName = (Name, Name);

/// The zone of a node. Models k8s.io/component-helpers/node/topology GetZoneKey.
pub fn zone_of(node: &Node) -> ZoneName {
    let label = |key: &str| node.meta.label(key).cloned().unwrap_or_default();
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
    /// All of it.
    Full,
}

/// How many nodes of a zone are ready and how many are not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ready nodes.
    pub ready: usize,
    /// The others.
    pub silent: usize,
}

impl Tally {
    /// Counts a node in.
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

    /// The pause between two nodes of the zone; `None` where none may be emptied. A zone that is silent as a whole is emptied as
    /// fast as any, as long as another one is not.
    pub fn pause(self) -> Option<Span> {
        match self.state() {
            ZoneState::Normal | ZoneState::Full => Some(EVICTION_PAUSE),
            ZoneState::Partial => (self.ready + self.silent > LARGE_ZONE).then_some(SECONDARY_PAUSE),
        }
    }
}

/// The nodes of a zone that wait to be emptied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// How much of it was silent when it was last looked at.
    pub state: ZoneState,
    /// Nodes, in the order in which they are to be emptied.
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
    /// Adds a node, unless it waits already.
    pub fn add(&mut self, node: &Name) {
        if !self.queue.contains(node) {
            self.queue.push(node.clone());
        }
    }

    /// Changes the pause. Models RateLimitedTimedQueue.SwapLimiter: who had to wait still has to.
    pub fn set_pause(&mut self, pause: Option<Span>, now: Time) {
        if self.pause == pause {
            return;
        }
        let waiting = self.pause.is_none() || now < self.next;
        self.pause = pause;
        self.next = if waiting { now + pause.unwrap_or_default() } else { now };
    }

    /// Takes the next node, where one waits and its turn has come.
    pub fn take(&mut self, now: Time) -> Option<Name> {
        let pause = self.pause?;
        if self.queue.is_empty() || now < self.next {
            return None;
        }
        self.next = now + pause;
        Some(self.queue.remove(0))
    }

    /// When the turn of the next node comes; `None` where none waits or none may be emptied.
    pub fn next_turn(&self) -> Option<Time> {
        self.pause.filter(|_| !self.queue.is_empty()).map(|_| self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_counts_as_disrupted_from_three_silent_nodes_and_55_percent_on() {
        let cases = [
            ((3, 0), ZoneState::Normal, Some(10)),
            ((1, 2), ZoneState::Normal, Some(10)),
            ((3, 3), ZoneState::Normal, Some(10)),
            ((2, 3), ZoneState::Partial, None),
            ((1, 3), ZoneState::Partial, None),
            ((20, 31), ZoneState::Partial, Some(100)),
            ((0, 1), ZoneState::Full, Some(10)),
            ((0, 0), ZoneState::Normal, Some(10)),
        ];
        for ((ready, silent), state, pause) in cases {
            let tally = Tally { ready, silent };
            assert_eq!((tally.state(), tally.pause()), (state, pause.map(Span::seconds)), "{tally:?}");
        }
    }

    #[test]
    fn nodes_are_taken_one_by_one_with_a_pause_between_them() {
        let mut zone = Zone::default();
        for node in ["a", "b", "a", "c"] {
            zone.add(&node.into());
        }
        assert_eq!(zone.take(Time(100)).as_deref(), Some("a"));
        assert_eq!(zone.take(Time(10_000)), None);
        assert_eq!(zone.next_turn(), Some(Time(10_100)));
        assert_eq!(zone.take(Time(10_100)).as_deref(), Some("b"));
        zone.set_pause(None, Time(11_000));
        assert_eq!((zone.take(Time(99_000)), zone.next_turn()), (None, None));
        zone.set_pause(Some(EVICTION_PAUSE), Time(50_000));
        assert_eq!(zone.take(Time(59_999)), None);
        assert_eq!(zone.take(Time(60_000)).as_deref(), Some("c"));
        assert_eq!(zone.next_turn(), None);
    }
}
