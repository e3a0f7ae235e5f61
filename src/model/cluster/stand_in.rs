//! What plays the nodes: kubelets with all they do, or the stand-ins of the recordings.
//!
//! Promises: whatever a stand-in leaves out is a question here, and nothing else asks which of the two plays. Must not know how long
//! anything takes: [`crate::timing`].

/// Who plays the nodes of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nodes {
    /// Kubelets, container runtimes and drivers, as on machines.
    Real,
    /// The programs that stood in for nodes while the conformance suite's recordings were made: they start a pod's main containers at
    /// their own pace, and report on nothing else. tests/conformance/recorder.
    StandIns,
}

impl Nodes {
    /// Whether a pod is run with all it declares: init containers, hooks, probes, deadlines, gates, variables; and images that have to
    /// be on the machine.
    pub fn run_whole_pods(self) -> bool {
        self == Nodes::Real
    }

    /// Whether images come from registries, which do not have what nobody made.
    pub fn pull_from_registries(self) -> bool {
        self == Nodes::Real
    }

    /// Whether drivers provision what they can only, attach, mount and resize; otherwise a volume is there once it is bound.
    pub fn have_drivers(self) -> bool {
        self == Nodes::Real
    }

    /// Whether kubelets report on their nodes: on their start, their boot and their cordon.
    pub fn report_on_nodes(self) -> bool {
        self == Nodes::Real
    }

    /// Whether statuses and Events have all a kubelet says in them.
    pub fn speak_in_full(self) -> bool {
        self == Nodes::Real
    }

    /// Whether what one sync of a pod comes to is reported by the next, so that a container that waits for its restart or its image still
    /// shows why. Models pkg/kubelet/pod_workers.go completeWork.
    pub fn report_a_sync_late(self) -> bool {
        self == Nodes::Real
    }

    /// Whether a grace period counts from the deletion, rather than from when a kubelet sees it. The difference shows where one learns
    /// of a deletion late.
    pub fn count_grace_from_deletion(self) -> bool {
        self == Nodes::StandIns
    }
}
