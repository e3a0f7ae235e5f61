//! What the node lifecycle controller remembers between checks: the nodes it knows, and the state of each zone.

use std::rc::Rc;

use super::zone::{Zone, ZoneName, zone_of};
use api::object::{Name, Node, Uid};
use base::sorted::SortedMap;
use base::time::{Span, Time};

/// How often the controller checks whether a queued node is due. scheduler.NodeEvictionPeriod.
pub(super) const TURN_PERIOD: Span = Span(100);

/// What the controller remembers between checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// The nodes it knows, with their uids as last seen; zero before the first check.
    pub(super) known: SortedMap<Name, Uid>,
    pub(super) zones: SortedMap<ZoneName, Zone>,
    /// Whether all zones are fully silent: the master disruption mode.
    pub(super) nobody: bool,
    /// Every node counts as heard from at this instant, whatever its lease says.
    pub(super) heard_since: Time,
}

impl Memory {
    /// A controller that already knows these nodes.
    pub fn knowing(nodes: &[Name]) -> Self {
        Memory { known: nodes.iter().map(|name| (Rc::clone(name), Uid::default())).collect(), ..Memory::default() }
    }

    /// When the next queued node in any zone is due.
    pub(super) fn next_turn(&self, now: Time) -> Option<Time> {
        let turn = self.zones.values().filter_map(Zone::next_turn).min()?;
        Some(turn.max(now).at_stroke(TURN_PERIOD))
    }

    pub(super) fn zone(&mut self, node: &Node) -> &mut Zone {
        self.zones.entry(zone_of(node)).or_default()
    }

    pub(super) fn waits(&self, node: &Node) -> bool {
        self.zones.get(&zone_of(node)).is_some_and(|z| z.queue.contains(&node.meta.name))
    }
}
