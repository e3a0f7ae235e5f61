//! What keeps a pod that has no node from each of the nodes: it is closed, or has pods that exclude this one.
//! And a spread over more places than there are.

use std::rc::Rc;

use crate::Instant;
use crate::apart::{Wide, wide};
use crate::fits::Fits;
use api::object::{Name, Pod};
use base::sorted::SortedMap;
use base::value::Value;
use cluster::scheduler::{Loads, View, apart, cordon_tolerated, refusals};
use why::Plugin;

/// The constraints of a spread, as a field of a pod.
const FIELD: [&str; 2] = ["spec", "topologySpreadConstraints"];

/// How the scheduler begins to speak of a node.
const OF_A_NODE: &str = "node(s) ";

/// What keeps a pod from a node.
#[derive(Clone)]
pub enum Bar<'a> {
    /// Nobody new gets there.
    Closed,
    /// These pods, of its own set or of others.
    Pods(Vec<&'a Pod>),
}

/// The nodes that are closed to a pod or have pods that exclude it, each with what keeps it away.
pub fn barred<'a>(shot: &Instant<'a>, pod: &'a Pod, by: &[Plugin]) -> impl Iterator<Item = (&'a Name, Bar<'a>)> {
    let (tables, takes_closed) = (shot.tables, cordon_tolerated(&pod.spec.template.tolerations));
    let excludes = by.contains(&Plugin::InterPodAffinity);
    let nodes = tables.nodes().filter(move |_| excludes || by.contains(&Plugin::NodeUnschedulable));
    nodes.filter_map(move |node| {
        if node.unschedulable && !takes_closed {
            return Some((&node.meta.name, Bar::Closed));
        }
        let others = tables.pods().filter(|other| excludes && other.meta.uid != pod.meta.uid && apart(tables, pod, node, other).is_some());
        let others: Vec<&Pod> = others.map(|other| &**other).collect();
        (!others.is_empty()).then_some((&node.meta.name, Bar::Pods(others)))
    })
}

/// Why a node does not take a pod.
pub struct Refused<'a> {
    pub node: Name,
    /// What keeps the pod away, where that is known.
    pub bar: Option<Bar<'a>>,
    /// What the scheduler says of the node.
    pub says: String,
}

/// The nodes that do not take a pod that has none, each with the reason.
#[inline(never)]
pub fn refused<'a>(shot: &Instant<'a>, pod: &'a Pod) -> Vec<Refused<'a>> {
    let mut loads = Loads::default();
    shot.tables.pods().for_each(|pod| loads.place(pod));
    let nominated = SortedMap::new();
    let view = View { tables: shot.tables, loads: &loads, nominated: &nominated, release: shot.release, now: shot.now };
    let by = [Plugin::NodeUnschedulable, Plugin::InterPodAffinity];
    let mut bars: SortedMap<Name, Bar> = barred(shot, pod, &by).map(|(node, bar)| (Rc::clone(node), bar)).collect();
    let mut all = Vec::new();
    for (node, refusal) in refusals(&view, pod) {
        let bar = bars.remove(&node).filter(|bar| bar.plugin() == refusal.plugin);
        let says = refusal.reasons.first().map_or("", |reason| reason.trim_start_matches(OF_A_NODE));
        all.push(Refused { node, bar, says: says.to_owned() });
    }
    all
}

impl Bar<'_> {
    /// The plugin of the scheduler that refuses a node for this.
    fn plugin(&self) -> Plugin {
        match self {
            Bar::Closed => Plugin::NodeUnschedulable,
            Bar::Pods(_) => Plugin::InterPodAffinity,
        }
    }
}

/// The spread for whose `minDomains` alone a pod finds no node.
#[inline(never)]
pub(crate) fn too_wide(shot: &Instant, pod: &Pod, by: &[Plugin]) -> Option<Wide> {
    if !by.contains(&Plugin::PodTopologySpread) {
        return None;
    }
    wide(shot.tables, &pod.spec.template).map(|(wide, _)| wide).find(|wide| {
        let mut other = pod.encode();
        let mut all = other.list_at(&FIELD).to_vec();
        let is_there = all.get_mut(wide.at).is_some_and(|one| one.remove(&["minDomains"]).is_some());
        other.set(&FIELD, Value::list(all));
        is_there && Fits::of(shot, &Pod::decode(&other)).as_it_is()
    })
}
