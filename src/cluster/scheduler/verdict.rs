//! What a decision says: a node, or why there is none.

use crate::base::sorted::SortedSet;
use std::fmt;

use super::preempt::Preemption;
use crate::api::object::Name;
use crate::base::word::Word;

/// A part of the scheduler that refuses nodes or ranks them. The order is that in which they are asked.
/// Models pkg/scheduler/framework/plugins/names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the plugin of that name")]
pub enum Plugin {
    SchedulingGates,
    NodeUnschedulable,
    NodeName,
    TaintToleration,
    NodeAffinity,
    NodePorts,
    NodeResourcesFit,
    VolumeRestrictions,
    VolumeBinding,
    VolumeZone,
    PodTopologySpread,
    InterPodAffinity,
    NodeResourcesBalancedAllocation,
}

/// Its Kubernetes name.
impl fmt::Display for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why a node, or the pod as a whole, was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// By whom.
    pub plugin: Plugin,
    /// In Kubernetes' words; several only where one plugin gives several.
    pub reasons: Vec<Word>,
    /// Whether fewer pods could help: `Unschedulable` rather than `UnschedulableAndUnresolvable`.
    pub resolvable: bool,
}

impl Refusal {
    /// A refusal that no removal of pods can change.
    pub fn for_good(plugin: Plugin, reason: impl Into<Word>) -> Self {
        Refusal { plugin, reasons: vec![reason.into()], resolvable: false }
    }

    /// A refusal that a removal of pods can change.
    pub fn for_now(plugin: Plugin, reason: impl Into<Word>) -> Self {
        Refusal { resolvable: true, ..Self::for_good(plugin, reason) }
    }
}

/// Why there is no node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// There are no nodes at all.
    NoNodes,
    /// The pod was refused before any node was looked at.
    Pod(Refusal),
    /// Every node was refused, in order of their names.
    Nodes(Vec<(Name, Refusal)>),
}

/// No node is good enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    /// What the `FailedScheduling` event and the `PodScheduled` condition say.
    pub message: String,
    /// The same as data.
    pub because: Because,
    /// Whom it takes the place of.
    pub preemption: Preemption,
}

impl Unfit {
    /// The plugins that refused: what the queue waits for. Empty where there are no nodes.
    pub fn plugins(&self) -> SortedSet<Plugin> {
        match &self.because {
            Because::NoNodes => SortedSet::new(),
            Because::Pod(refusal) => SortedSet::from([refusal.plugin]),
            Because::Nodes(refusals) => refusals.iter().map(|(_, r)| r.plugin).collect(),
        }
    }
}

/// How good a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeScore {
    /// The node.
    pub node: Name,
    /// The weighted sum.
    pub total: i64,
    /// The weighted parts.
    pub parts: Vec<(Plugin, i64)>,
}

/// A node was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The node.
    pub node: Name,
    /// Claims for which a volume has to be made there: `selected-node` is to be written, also where it already says so.
    pub provisions: Vec<Name>,
    /// Claims that existing volumes are to be bound to: claim and volume.
    pub bindings: Vec<(Name, Name)>,
    /// How good each node was that fits, in order of their names; empty where only one fits, which is then not ranked.
    pub scores: Vec<NodeScore>,
    /// Why each of the other nodes was refused, in order of their names.
    pub refusals: Vec<(Name, Refusal)>,
}

/// What a decision says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A node was chosen.
    Fits(Fit),
    /// No node is good enough.
    Unschedulable(Unfit),
}
