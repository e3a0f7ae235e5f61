//! The scheduler's plugins, by which it says what keeps a pod from a node.

use std::fmt;

use base::fields::{Field, Fields};
use base::word::Word;

base::named! {
    /// A scheduler plugin that filters or scores nodes, in the order in which they run.
    /// Models pkg/scheduler/framework/plugins/names.
    Plugin {
        SchedulingGates "SchedulingGates",
        NodeUnschedulable "NodeUnschedulable",
        NodeName "NodeName",
        TaintToleration "TaintToleration",
        NodeAffinity "NodeAffinity",
        NodePorts "NodePorts",
        NodeResourcesFit "NodeResourcesFit",
        VolumeRestrictions "VolumeRestrictions",
        NodeVolumeLimits "NodeVolumeLimits",
        VolumeBinding "VolumeBinding",
        VolumeZone "VolumeZone",
        PodTopologySpread "PodTopologySpread",
        InterPodAffinity "InterPodAffinity",
        NodeResourcesBalancedAllocation "NodeResourcesBalancedAllocation",
    }
}

base::with_fields! {
    /// What a pod lacks on a node, of a plugin that may refuse for several reasons.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Lack {
        /// Room for another pod.
        Place,
        /// As much of a resource as it requests: `memory`.
        Resource(name: Word),
        /// A bound volume of it, which other nodes reach.
        Reach,
        /// A volume for a claim: none that is free fits, and none is made there.
        Volume,
    }
}

impl Field for Plugin {
    fn put(&self, name: &'static str, fields: &mut Fields) {
        fields.text(name, self.word());
    }
}

/// Its Kubernetes name.
impl fmt::Display for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.word())
    }
}
