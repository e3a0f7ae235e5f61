//! Decides where one pod goes: which nodes it may run on, which of them is best, or why there is none.
//!
//! Models pkg/scheduler/schedule_one.go schedulePod with the default plugins.
//!
//! Promises: the same view, pod and draw give the same verdict; every refusal names its plugin; nodes are checked in order of
//! their names; a decision looks at every node, but at individual pods only where some pod asks to be near others or away from them.
//! Reads: the scheduler's own view, which may lag behind the API server.
//! Must not know: the queue of pods, requests, time, who writes the binding.
//! Not modelled: resource claims, attach limits, images (every node counts as having none), extenders, other schedulers' profiles.

mod affinity;
mod filter;
mod load;
mod logarithm;
pub mod message;
mod preempt;
pub mod queue;
mod score;
mod spread;
#[cfg(test)]
mod tests;
mod verdict;
mod volumes;
mod wake;

use std::rc::Rc;

pub use load::{Count, Loads, NodeLoad};
pub use preempt::{Preemption, Room};
pub use queue::Queue;
pub use verdict::{Because, Fit, NodeScore, Plugin, Refusal, Unfit, Verdict};

use crate::api::object::{Name, Node, Pod, Uid};
use crate::api::release::Release;
use crate::base::dice::{Dice, Purpose};
use crate::base::sorted::SortedMap;
use crate::base::time::Time;
use crate::server::tables::Tables;

/// The label by which every node is a place of its own.
const HOSTNAME: &str = "kubernetes.io/hostname";

/// What the scheduler knows.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Nodes, claims, volumes, classes, services, namespaces and owners of pods; pods are not looked at here.
    /// A claim or volume that an earlier decision assumed stands here as it was assumed, at the revision it was decided at.
    pub tables: &'a Tables,
    /// What pods take, those included whose binding is under way.
    pub loads: &'a Loads,
    /// Pods that others make room for, as they will be once they are on the nodes that are meant for them.
    pub nominated: &'a SortedMap<Uid, Rc<Pod>>,
    /// The release that is modelled.
    pub release: &'a Release,
    /// The present, which is when pods begin that have not begun.
    pub now: Time,
}

/// How one of several equally good nodes is chosen.
#[derive(Clone, Copy, Debug)]
pub struct TieBreak<'a> {
    /// The node to take if it is among the best.
    pub prefer: Option<&'a str>,
    /// Chance, otherwise.
    pub dice: Dice,
    /// How often the pod was tried before.
    pub attempt: u64,
}

/// Decides where a pod goes.
pub fn decide(view: &View, pod: &Pod, tie: &TieBreak) -> Verdict {
    let unloaded = NodeLoad::default();
    let sites = sites(view, &unloaded);
    let unfit = |because, preemption| Verdict::Unschedulable(explain(view.release, because, preemption, sites.len()));
    if sites.is_empty() {
        return unfit(Because::NoNodes, Preemption::Helpless(Vec::new()));
    }
    let cycle = match filter::Cycle::prepare(view, pod, &sites) {
        Ok(cycle) => cycle,
        Err(refusal) => return unfit(Because::Pod(refusal), Preemption::Untried),
    };
    let passes = |site: &Site| filter_beside_nominated(view, pod, &cycle, site);
    let meant = sites.iter().find(|site| site.node.meta.name == pod.status.nominated);
    if let Some((site, volumes)) = meant.and_then(|site| Some((site, passes(site).ok()?))) {
        return Verdict::Fits(Candidate { site: *site, volumes }.fit(Vec::new(), Vec::new()));
    }
    let mut candidates = Vec::new();
    let mut refusals = Vec::new();
    for site in &sites {
        match passes(site) {
            Ok(volumes) => candidates.push(Candidate { site: *site, volumes }),
            Err(refusal) => refusals.push((Rc::clone(&site.node.meta.name), refusal)),
        }
    }
    match candidates.as_slice() {
        [] => {
            let preemption = preempt::preempt(view, pod, &refusals, tie);
            unfit(Because::Nodes(refusals), preemption)
        }
        [only] => Verdict::Fits(only.fit(Vec::new(), refusals)),
        several => {
            let scores = score::rank(view, pod, &sites, several);
            Verdict::Fits(several[best(&scores, pod, tie)].fit(scores, refusals))
        }
    }
}

/// Every node, with what its pods take.
fn sites<'a>(view: &View<'a>, unloaded: &'a NodeLoad) -> Vec<Site<'a>> {
    let load = |node: &Node| view.loads.node(&node.meta.name).unwrap_or(unloaded);
    view.tables.nodes().map(|node| Site { node, load: load(node) }).collect()
}

/// What becomes of the pod's claims on a node, or the first refusal: both where those are there that the node is meant for, if
/// they are not of lower priority, and where they are not.
/// Models pkg/scheduler/framework/runtime/framework.go RunFilterPluginsWithNominatedPods.
fn filter_beside_nominated(view: &View, pod: &Pod, cycle: &filter::Cycle, site: &Site) -> Result<volumes::NodeVolumes, Refusal> {
    let before = |other: &&Rc<Pod>| {
        other.node.as_ref() == Some(&site.node.meta.name) && priority(other) >= priority(pod) && other.meta.uid != pod.meta.uid
    };
    let mut others = view.nominated.values().filter(before).peekable();
    if others.peek().is_some() {
        let mut loads = view.loads.clone();
        others.for_each(|other| loads.place(other));
        filter_alone(&View { loads: &loads, nominated: &SortedMap::new(), ..*view }, pod, site.node)?;
    }
    cycle.filter(site)
}

/// The same for one node, where what others take is not as it was when the other nodes were asked.
fn filter_alone(view: &View, pod: &Pod, node: &Node) -> Result<volumes::NodeVolumes, Refusal> {
    let unloaded = NodeLoad::default();
    let sites = sites(view, &unloaded);
    let cycle = filter::Cycle::prepare(view, pod, &sites)?;
    let site = Site { node, load: view.loads.node(&node.meta.name).unwrap_or(&unloaded) };
    filter_beside_nominated(view, pod, &cycle, &site)
}

fn priority(pod: &Pod) -> i64 {
    pod.spec.template.scheduling.priority
}

/// A node and what its pods take.
#[derive(Clone, Copy)]
struct Site<'a> {
    node: &'a Node,
    load: &'a NodeLoad,
}

impl Site<'_> {
    /// A label of the node.
    fn label(&self, key: &str) -> Option<&Name> {
        self.node.meta.label(key)
    }
}

/// A node that no filter refused.
struct Candidate<'a> {
    site: Site<'a>,
    volumes: volumes::NodeVolumes,
}

impl Candidate<'_> {
    fn fit(&self, scores: Vec<NodeScore>, refusals: Vec<(Name, Refusal)>) -> Fit {
        let volumes::NodeVolumes { provisions, bindings } = self.volumes.clone();
        Fit { node: Rc::clone(&self.site.node.meta.name), provisions, bindings, scores, refusals }
    }
}

/// The position of the best node. Models pkg/scheduler/schedule_one.go selectHost.
fn best(scores: &[NodeScore], pod: &Pod, tie: &TieBreak) -> usize {
    let most = scores.iter().map(|s| s.total).max().unwrap_or_default();
    let tied: Vec<usize> = (0..scores.len()).filter(|i| scores[*i].total == most).collect();
    let names: Vec<&str> = tied.iter().map(|i| &*scores[*i].node).collect();
    tied.get(one_of(&names, pod, tie)).copied().unwrap_or_default()
}

/// The position of the node that is taken of several equally good ones.
fn one_of(nodes: &[&str], pod: &Pod, tie: &TieBreak) -> usize {
    let preferred = tie.prefer.and_then(|name| nodes.iter().position(|node| *node == name));
    preferred.unwrap_or_else(|| {
        let draw = tie.dice.below(Purpose::NodeTie, pod.meta.uid.bits(), tie.attempt, nodes.len() as u64);
        usize::try_from(draw).unwrap_or_default()
    })
}

fn explain(release: &Release, because: Because, preemption: Preemption, all_nodes: usize) -> Unfit {
    Unfit { message: message::unschedulable(release, &because, &preemption, all_nodes), because, preemption }
}
