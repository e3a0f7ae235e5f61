//! Decides where one pod goes: which nodes it may run on, which of them is best, or why there is none.
//!
//! Models pkg/scheduler/schedule_one.go schedulePod with the default plugins.
//!
//! Promises: the same view, pod and draw give the same verdict; every refusal names its plugin; nodes are asked in order of
//! their names; a decision looks at every node, but at single pods only where some pod names others it wants near or far.
//! Reads: the scheduler's own view, which may lag behind the API server.
//! Must not know: the queue of pods, requests, time, who writes the binding.
//! Not modelled: preemption of pods of lower priority, resource claims, attach limits, images (every node counts as having
//! none), nominated nodes, extenders, other schedulers' profiles.

mod affinity;
mod filter;
mod load;
mod logarithm;
pub mod message;
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
pub use queue::Queue;
pub use verdict::{Because, Fit, NodeScore, Plugin, Refusal, Unfit, Verdict};

use crate::api::object::{Name, Node, Pod};
use crate::api::release::Release;
use crate::base::dice::{Dice, Purpose};
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
    /// The release that is modelled.
    pub release: &'a Release,
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
    let load = |node: &Node| view.loads.node(&node.meta.name).unwrap_or(&unloaded);
    let sites: Vec<Site> = view.tables.nodes().map(|node| Site { node, load: load(node) }).collect();
    let unfit = |because| Verdict::Unschedulable(explain(view.release, pod, because, sites.len()));
    if sites.is_empty() {
        return unfit(Because::NoNodes);
    }
    let cycle = match filter::Cycle::prepare(view, pod, &sites) {
        Ok(cycle) => cycle,
        Err(refusal) => return unfit(Because::Pod(refusal)),
    };
    let mut candidates = Vec::new();
    let mut refusals = Vec::new();
    for site in &sites {
        match cycle.filter(site) {
            Ok(volumes) => candidates.push(Candidate { site: *site, volumes }),
            Err(refusal) => refusals.push((Rc::clone(&site.node.meta.name), refusal)),
        }
    }
    match candidates.as_slice() {
        [] => unfit(Because::Nodes(refusals)),
        [only] => Verdict::Fits(only.fit(Vec::new(), refusals)),
        several => {
            let scores = score::rank(view, pod, &sites, several);
            Verdict::Fits(several[best(&scores, pod, tie)].fit(scores, refusals))
        }
    }
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
    let preferred = tie.prefer.and_then(|name| tied.iter().copied().find(|i| *scores[*i].node == *name));
    preferred.unwrap_or_else(|| {
        let draw = tie.dice.below(Purpose::NodeTie, pod.meta.uid.bits(), tie.attempt, tied.len() as u64);
        usize::try_from(draw).ok().and_then(|i| tied.get(i)).copied().unwrap_or_default()
    })
}

fn explain(release: &Release, pod: &Pod, because: Because, all_nodes: usize) -> Unfit {
    let never_preempts = pod.spec.template.scheduling.never_preempts;
    Unfit { message: message::unschedulable(release, &because, all_nodes, never_preempts), because }
}
