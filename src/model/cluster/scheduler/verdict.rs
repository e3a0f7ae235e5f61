//! The result of a scheduling decision: a node, or why there is none.

use std::rc::Rc;

use api::object::{Name, Pod};
use base::sorted::SortedSet;
use base::word::Word;
pub use why::{Lack, Plugin};

/// Reported for a node on which removing pods would not help.
pub const NOT_HELPFUL: &str = "Preemption is not helpful for scheduling";

/// Why a node, or the pod as a whole, was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub plugin: Plugin,
    /// In Kubernetes' words; several only if one plugin gives several.
    pub reasons: Vec<Word>,
    /// The same as data, where the plugin has several reasons.
    pub lacks: Vec<Lack>,
    /// Whether removing pods could help: `Unschedulable` rather than `UnschedulableAndUnresolvable`.
    pub resolvable: bool,
}

impl Refusal {
    /// A refusal that removing pods cannot change.
    pub fn for_good(plugin: Plugin, reason: impl Into<Word>) -> Self {
        Refusal { plugin, reasons: vec![reason.into()], lacks: Vec::new(), resolvable: false }
    }

    /// A refusal that removing pods could change.
    pub fn for_now(plugin: Plugin, reason: impl Into<Word>) -> Self {
        Refusal { resolvable: true, ..Self::for_good(plugin, reason) }
    }
}

/// The outcome of preemption for a pod that fits nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preemption {
    /// Not tried: the pod was refused before any node was looked at.
    Untried,
    /// The pod may not preempt, or already has: why, in Kubernetes' words.
    Ineligible(&'static str),
    /// No preemption would help: the reasons, node by node.
    Helpless(Vec<Word>),
    /// A node can be freed.
    Found(Room),
}

/// A node, and the victims on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    pub node: Name,
    /// The victims, the most important first; some may be terminating already.
    pub victims: Vec<Rc<Pod>>,
    /// How many of them would violate a disruption budget.
    pub violations: usize,
}

/// Why no node was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// There are no nodes at all.
    NoNodes,
    /// The pod was refused before any node was looked at.
    Pod(Refusal),
    /// Every node was refused, in order of name.
    Nodes(Vec<(Name, Refusal)>),
}

/// No node is feasible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// The message of the `FailedScheduling` event and the `PodScheduled` condition.
    pub message: String,
    /// The same as data.
    pub because: Because,
    /// The outcome of preemption.
    pub preemption: Preemption,
}

impl Unfit {
    /// The plugins that refused, whose wake-ups the queue waits for. Empty if there are no nodes.
    pub fn plugins(&self) -> SortedSet<Plugin> {
        match &self.because {
            Because::NoNodes => SortedSet::new(),
            Because::Pod(refusal) => SortedSet::from([refusal.plugin]),
            Because::Nodes(refusals) => refusals.iter().map(|(_, r)| r.plugin).collect(),
        }
    }

    /// What the pod lacks on one node or another.
    pub fn lacks(&self) -> Vec<Lack> {
        let Because::Nodes(refusals) = &self.because else { return Vec::new() };
        let all: SortedSet<&Lack> = refusals.iter().flat_map(|(_, refusal)| &refusal.lacks).collect();
        all.into_iter().cloned().collect()
    }
}

/// The score of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeScore {
    pub node: Name,
    /// The weighted sum.
    pub total: i64,
}

/// The scores of several nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Each node's, in order of name.
    pub nodes: Vec<NodeScore>,
    /// What each plugin adds to them, weighted, in the same order.
    pub parts: Vec<(Plugin, Vec<i64>)>,
}

/// A node was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub node: Name,
    /// Claims to be provisioned on that node: their `selected-node` is to be written, even if it already names it.
    pub provisions: Vec<Name>,
    /// Claims to be bound to existing volumes: claim and volume.
    pub bindings: Vec<(Name, Name)>,
    /// The scores of the feasible nodes; none if there is just one, which is then not scored.
    pub scores: Scores,
    /// Why each of the other nodes was refused, in order of name.
    pub refusals: Vec<(Name, Refusal)>,
}

/// The result of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A node was chosen.
    Fits(Fit),
    /// No node is feasible.
    Unschedulable(Unfit),
}
