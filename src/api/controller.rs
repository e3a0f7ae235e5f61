//! The controllers of kube-controller-manager: who they are, and as whom they write.

/// A controller with a queue of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Controller {
    /// statefulset
    StatefulSet,
    /// replicaset
    ReplicaSet,
    /// deployment
    Deployment,
    /// daemonset
    DaemonSet,
    /// job
    Job,
    /// cronjob
    CronJob,
    /// persistentvolume-binder, claims
    Claims,
    /// persistentvolume-binder, volumes
    Volumes,
    /// persistentvolumeclaim-protection
    ClaimProtection,
    /// persistentvolume-protection
    VolumeProtection,
    /// garbage-collector
    GarbageCollector,
    /// endpointslice
    EndpointSlice,
    /// node-lifecycle: whether nodes are heard of
    NodeMonitor,
    /// node-lifecycle: which node is emptied next
    NodeTurns,
    /// node-lifecycle: the taints that follow a node's conditions
    NodeTaints,
    /// Pods' own claims.
    EphemeralVolume,
    /// attachdetach
    AttachDetach,
    /// taint-eviction
    TaintEviction,
    /// pod-garbage-collector
    PodGc,
    /// disruption
    Disruption,
    /// disruption: pods that were to be disrupted, and stay
    StaleDisruption,
    /// horizontal-pod-autoscaling
    Autoscaler,
    /// namespace
    Namespace,
    /// serviceaccount
    ServiceAccounts,
    /// root-ca-certificate-publisher
    RootCertificates,
    /// resourcequota
    ResourceQuota,
    /// Finished Jobs.
    TimeToLive,
    /// endpoints
    Endpoints,
    /// endpointslicemirroring
    EndpointSliceMirroring,
}

impl Controller {
    /// How many there are.
    pub const COUNT: usize = Controller::EndpointSliceMirroring as usize + 1;

    /// As kube-controller-manager names it.
    pub fn name(self) -> &'static str {
        match self {
            Controller::StatefulSet => "statefulset-controller",
            Controller::ReplicaSet => "replicaset-controller",
            Controller::Deployment => "deployment-controller",
            Controller::DaemonSet => "daemonset-controller",
            Controller::Job => "job-controller",
            Controller::TimeToLive => "ttl-after-finished-controller",
            Controller::CronJob => "cronjob-controller",
            Controller::Claims | Controller::Volumes => "persistentvolume-controller",
            Controller::ClaimProtection => "persistentvolumeclaim-protection-controller",
            Controller::VolumeProtection => "persistentvolume-protection-controller",
            Controller::GarbageCollector => "garbage-collector",
            Controller::EndpointSlice => "endpointslice-controller",
            Controller::Endpoints => "endpoints-controller",
            Controller::EndpointSliceMirroring => "endpointslice-mirroring-controller",
            Controller::NodeMonitor | Controller::NodeTurns | Controller::NodeTaints => "node-lifecycle-controller",
            Controller::AttachDetach => "attachdetach-controller",
            Controller::EphemeralVolume => "ephemeral-volume-controller",
            Controller::TaintEviction => "taint-eviction-controller",
            Controller::Autoscaler => "horizontal-pod-autoscaler-controller",
            Controller::PodGc => "pod-garbage-collector-controller",
            Controller::Disruption | Controller::StaleDisruption => "disruption-controller",
            Controller::Namespace => "namespace-controller",
            Controller::ServiceAccounts => "serviceaccount-controller",
            Controller::RootCertificates => "root-ca-certificate-publisher-controller",
            Controller::ResourceQuota => "resourcequota-controller",
        }
    }
}
