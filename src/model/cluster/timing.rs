//! How long things take on machines and between them: every delay that differs from cluster to cluster is a field here. What is the
//! same on all of them, such as the resync periods of controllers, stands beside what keeps to it.

use crate::stand_in::Nodes;
use base::time::Span;

/// A timing profile. All spans are virtual milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The most jitter added to a delay, usually little of it; 0 for perfectly regular timing.
    pub jitter: Span,
    /// From a write until the watching components see it.
    pub watch: Span,
    /// From seeing a change until the sync it causes.
    pub sync: Span,
    /// The same for the garbage collector, which looks up the object and its owners again before it acts.
    pub collect: Span,
    /// From sending a request until its effect and response.
    pub request: Span,
    /// The same for a pod created by a controller, which passes through more admission plugins.
    pub pod_creation: Span,
    /// From emitting an Event until it is written.
    pub event: Span,
    /// First back-off after a failed sync; doubles with each failure. client-go workqueue, 5 ms.
    pub retry_first: Span,
    /// Longest back-off after failed syncs. client-go workqueue, 1000 s.
    pub retry_most: Span,
    /// From seeing an unscheduled pod until the scheduler's decision.
    pub schedule: Span,
    /// How often the scheduler checks whether a pod's volumes are bound: once a second, plus the time the check takes.
    pub volume_poll: Span,
    /// How long provisioning a volume takes.
    pub provision: Span,
    /// From a pod's binding until its kubelet's first status.
    pub kubelet_sees: Span,
    /// From there until its containers first start, if the image is present.
    pub container_start: Span,
    /// How long pulling an image takes that is not on the node yet; only with real nodes.
    pub image_pull: Span,
    /// From a container's start until its readiness probe first passes, if it has one.
    pub probe_passes: Span,
    /// From SIGTERM until a process that handles it has ended.
    pub stop: Span,
    /// From an event on the machine until its kubelet writes it.
    pub kubelet_writes: Span,
    /// From a failed pull to `ImagePullBackOff`; with real nodes, from the first one to the sync that the new sandbox causes, which
    /// reports `ErrImagePull`.
    pub pull_back_off_shown: Span,
    /// First back-off between pulls; doubles.
    pub pull_back_off_first: Span,
    /// From the start of a crashing process until its exit.
    pub crash_after: Span,
    /// From an exit until the first restart, or `CrashLoopBackOff`.
    pub restart: Span,
    /// First back-off between restarts; doubles. KubeletConfiguration, 10 s.
    pub crash_back_off_first: Span,
    /// Longest back-off between restarts or pulls. KubeletConfiguration, 300 s.
    pub back_off_most: Span,
    /// A container that ran this long resets its back-off. Kubelet, 600 s.
    pub back_off_forgets: Span,
    /// Who takes these times on the nodes.
    pub nodes: Nodes,
    /// How long a CSI driver takes to attach a network volume to a node.
    pub attach: Span,
    /// How long it takes to detach it.
    pub detach: Span,
    /// How long a kubelet takes to mount it.
    pub mount: Span,
    /// How often a kubelet renews its node's lease. KubeletConfiguration, a quarter of nodeLeaseDurationSeconds, 10 s.
    pub lease_renew: Span,
    /// How often the node lifecycle controller checks the nodes. kube-controller-manager --node-monitor-period, 5 s.
    pub node_monitor_period: Span,
    /// How long a node may be silent before it counts as unreachable. kube-controller-manager --node-monitor-grace-period, 50 s.
    pub node_monitor_grace: Span,
}

impl Timing {
    /// The timings of the conformance suite's recordings: medians over all of them, for both releases.
    pub fn recording() -> Self {
        Timing {
            jitter: Span(0),
            watch: Span(1),
            sync: Span(1),
            collect: Span(8),
            request: Span(3),
            pod_creation: Span(6),
            event: Span(2),
            retry_first: Span(5),
            retry_most: Span::seconds(1000),
            schedule: Span(2),
            volume_poll: Span(1012),
            provision: Span(150),
            kubelet_sees: Span(60),
            container_start: Span(300),
            image_pull: Span(0),
            probe_passes: Span(400),
            stop: Span(399),
            kubelet_writes: Span(7),
            pull_back_off_shown: Span(1500),
            pull_back_off_first: Span::seconds(20),
            crash_after: Span(1000),
            restart: Span(200),
            crash_back_off_first: Span::seconds(10),
            back_off_most: Span::seconds(300),
            back_off_forgets: Span::seconds(600),
            nodes: Nodes::StandIns,
            attach: Span(0),
            detach: Span(0),
            mount: Span(0),
            lease_renew: Span::seconds(1),
            node_monitor_period: Span::seconds(1),
            node_monitor_grace: Span::seconds(8),
        }
    }

    /// The same timings, with nodes watched at Kubernetes' default pace.
    pub fn recording_node_defaults() -> Self {
        Timing {
            lease_renew: Span::seconds(10),
            node_monitor_period: Span::seconds(5),
            node_monitor_grace: Span::seconds(50),
            ..Timing::recording()
        }
    }

    /// The same timings with real nodes, on which no image is present yet.
    #[must_use]
    pub fn with_real_nodes(self) -> Self {
        Timing {
            nodes: Nodes::Real,
            image_pull: Span(2500),
            pull_back_off_first: Span::seconds(10),
            attach: Span::seconds(6),
            detach: Span::seconds(4),
            mount: Span::seconds(1),
            ..self
        }
    }

    /// A small cluster on one's own machine, without any images pulled, as measured on one of Kubernetes 1.37.
    pub fn workstation() -> Self {
        Timing {
            watch: Span(10),
            sync: Span(10),
            collect: Span(40),
            request: Span(8),
            pod_creation: Span(14),
            event: Span(10),
            schedule: Span(30),
            volume_poll: Span(1000),
            provision: Span(1500),
            kubelet_sees: Span(300),
            container_start: Span(600),
            probe_passes: Span(1000),
            stop: Span(1200),
            kubelet_writes: Span(150),
            ..Timing::recording_node_defaults().with_real_nodes()
        }
    }
}
