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
    /// persistentvolume-binder: claims
    Claims,
    /// persistentvolume-binder: volumes
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
    /// ephemeral-volume
    EphemeralVolume,
    /// persistentvolume-attach-detach
    AttachDetach,
    /// taint-eviction
    TaintEviction,
    /// pod-garbage-collector
    PodGc,
    /// disruption
    Disruption,
    /// disruption: pods that were to be disrupted, and stay
    StaleDisruption,
    /// horizontal-pod-autoscaler
    Autoscaler,
    /// namespace
    Namespace,
    /// serviceaccount
    ServiceAccounts,
    /// root-ca-certificate-publisher
    RootCertificates,
    /// resourcequota
    ResourceQuota,
    /// ttl-after-finished
    TimeToLive,
    /// endpoints
    Endpoints,
    /// endpointslicemirroring
    EndpointSliceMirroring,
}

/// Each with its name, in order.
const NAMES: [(Controller, &str); Controller::COUNT] = [
    (Controller::StatefulSet, "statefulset-controller"),
    (Controller::ReplicaSet, "replicaset-controller"),
    (Controller::Deployment, "deployment-controller"),
    (Controller::DaemonSet, "daemonset-controller"),
    (Controller::Job, "job-controller"),
    (Controller::CronJob, "cronjob-controller"),
    (Controller::Claims, "persistentvolume-binder-controller"),
    (Controller::Volumes, "persistentvolume-binder-controller"),
    (Controller::ClaimProtection, "persistentvolumeclaim-protection-controller"),
    (Controller::VolumeProtection, "persistentvolume-protection-controller"),
    (Controller::GarbageCollector, "garbage-collector-controller"),
    (Controller::EndpointSlice, "endpointslice-controller"),
    (Controller::NodeMonitor, "node-lifecycle-controller"),
    (Controller::NodeTurns, "node-lifecycle-controller"),
    (Controller::NodeTaints, "node-lifecycle-controller"),
    (Controller::EphemeralVolume, "ephemeral-volume-controller"),
    (Controller::AttachDetach, "persistentvolume-attach-detach-controller"),
    (Controller::TaintEviction, "taint-eviction-controller"),
    (Controller::PodGc, "pod-garbage-collector-controller"),
    (Controller::Disruption, "disruption-controller"),
    (Controller::StaleDisruption, "disruption-controller"),
    (Controller::Autoscaler, "horizontal-pod-autoscaler-controller"),
    (Controller::Namespace, "namespace-controller"),
    (Controller::ServiceAccounts, "serviceaccount-controller"),
    (Controller::RootCertificates, "root-ca-certificate-publisher-controller"),
    (Controller::ResourceQuota, "resourcequota-controller"),
    (Controller::TimeToLive, "ttl-after-finished-controller"),
    (Controller::Endpoints, "endpoints-controller"),
    (Controller::EndpointSliceMirroring, "endpointslice-mirroring-controller"),
];

impl Controller {
    /// How many there are.
    pub const COUNT: usize = Controller::EndpointSliceMirroring as usize + 1;

    /// All of them.
    pub fn all() -> impl Iterator<Item = Controller> {
        NAMES.iter().map(|(controller, _)| *controller)
    }

    /// As kube-controller-manager names it, which is not always the source of its Events.
    ///
    /// Models cmd/kube-controller-manager/names/controller_names.go.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_stand_in_the_order_of_the_controllers() {
        assert!(Controller::all().enumerate().all(|(at, controller)| controller as usize == at));
    }
}
