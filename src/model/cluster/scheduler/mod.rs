//! Decides where a pod goes: which nodes are feasible, which of them is best, or why there is none.
//!
//! Models pkg/scheduler/schedule_one.go schedulePod with the default plugins.
//!
//! Promises: the same view, pod and draw give the same verdict; every refusal names its plugin; nodes are checked in order of
//! name; a decision looks at every node, but at individual pods only if some pod has inter-pod affinity.
//! Reads: the scheduler's own view, which may lag behind the API server.
//! Must not know: the queue of pods, requests, time, who writes the binding.
//! Not modelled: resource claims, images (every node counts as having none), extenders, other schedulers' profiles.

mod affinity;
mod filter;
mod load;
pub mod logarithm;
pub mod message;
mod preempt;
pub mod queue;
mod score;
mod site;
mod spread;
mod verdict;
mod volumes;
mod wake;

use std::rc::Rc;

pub use affinity::{Rule, apart};
pub use filter::cordon_tolerated;
pub use load::{Count, Loads, NodeLoad};
pub use queue::Queue;
pub use site::View;
use site::{Bindings, Candidate, Site};
pub use spread::domains;
pub use verdict::{Because, Fit, NodeScore, Plugin, Preemption, Refusal, Room, Scores, Unfit, Verdict};

use api::object::{Name, Node, Pod};
use api::release::Release;
use base::dice::{Dice, Purpose};
use base::sorted::SortedMap;

/// How to choose among equally good nodes.
#[derive(Clone, Copy, Debug)]
pub struct TieBreak<'a> {
    /// The node to take if it is among the best.
    pub prefer: Option<&'a str>,
    /// Randomness, otherwise.
    pub dice: Dice,
    /// How many times the pod was tried before.
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
    if let Some((site, bindings)) = meant.and_then(|site| Some((site, passes(site).ok()?))) {
        return Verdict::Fits(Candidate { site: *site, bindings }.fit(&cycle, Scores::default(), Vec::new()));
    }
    let mut candidates = Vec::new();
    let mut refusals = Vec::new();
    for site in &sites {
        match passes(site) {
            Ok(bindings) => candidates.push(Candidate { site: *site, bindings }),
            Err(refusal) => refusals.push((Rc::clone(&site.node.meta.name), refusal)),
        }
    }
    match candidates.as_slice() {
        [] => {
            let preemption = preempt::preempt(view, pod, &refusals, tie);
            unfit(Because::Nodes(refusals), preemption)
        }
        [only] => Verdict::Fits(only.fit(&cycle, Scores::default(), refusals)),
        several => {
            let scores = score::rank(view, pod, &sites, several);
            Verdict::Fits(several[best(&scores.nodes, pod, tie)].fit(&cycle, scores, refusals))
        }
    }
}

/// Why nodes refuse a pod, in order of name. There is none where the pod itself is refused.
pub fn refusals(view: &View, pod: &Pod) -> Vec<(Name, Refusal)> {
    let unloaded = NodeLoad::default();
    let sites = sites(view, &unloaded);
    let Ok(cycle) = filter::Cycle::prepare(view, pod, &sites) else { return Vec::new() };
    let refused = sites.iter().filter_map(|site| {
        let refusal = filter_beside_nominated(view, pod, &cycle, site).err()?;
        Some((Rc::clone(&site.node.meta.name), refusal))
    });
    refused.collect()
}

/// All nodes with their loads.
fn sites<'a>(view: &View<'a>, unloaded: &'a NodeLoad) -> Vec<Site<'a>> {
    let load = |node: &Node| view.loads.node(&node.meta.name).unwrap_or(unloaded);
    view.tables.nodes().map(|node| Site { node, load: load(node) }).collect()
}

/// What the pod's claims would be bound to on a node, or the first refusal. The filters must pass both with and without the pods
/// nominated to that node whose priority is not lower.
/// Models pkg/scheduler/framework/runtime/framework.go RunFilterPluginsWithNominatedPods.
fn filter_beside_nominated(view: &View, pod: &Pod, cycle: &filter::Cycle, site: &Site) -> Result<Bindings, Refusal> {
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

/// The same for a single node whose load differs from when the other nodes were filtered.
fn filter_alone(view: &View, pod: &Pod, node: &Node) -> Result<Bindings, Refusal> {
    let unloaded = NodeLoad::default();
    let sites = sites(view, &unloaded);
    let cycle = filter::Cycle::prepare(view, pod, &sites)?;
    let site = Site { node, load: view.loads.node(&node.meta.name).unwrap_or(&unloaded) };
    filter_beside_nominated(view, pod, &cycle, &site)
}

fn priority(pod: &Pod) -> i64 {
    pod.spec.template.scheduling.priority
}

impl Candidate<'_> {
    fn fit(&self, cycle: &filter::Cycle, scores: Scores, refusals: Vec<(Name, Refusal)>) -> Fit {
        let provisions = cycle.volumes.provisions(&self.bindings);
        Fit { node: Rc::clone(&self.site.node.meta.name), provisions, bindings: self.bindings.clone(), scores, refusals }
    }
}

/// The index of the best node. Models pkg/scheduler/schedule_one.go selectHost.
fn best(scores: &[NodeScore], pod: &Pod, tie: &TieBreak) -> usize {
    let most = scores.iter().map(|s| s.total).max().unwrap_or_default();
    let tied: Vec<usize> = (0..scores.len()).filter(|i| scores[*i].total == most).collect();
    let names: Vec<&str> = tied.iter().map(|i| &*scores[*i].node).collect();
    tied.get(one_of(&names, pod, tie)).copied().unwrap_or_default()
}

/// The index of the node chosen among equally good ones.
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
