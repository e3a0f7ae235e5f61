//! The controllers of kube-controller-manager: who they are, and as whom they write.

/// A controller with a queue of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Controller {
    /// Keeps the pods and claims of StatefulSets.
    StatefulSet,
    /// Keeps as many pods as a ReplicaSet asks for.
    ReplicaSet,
    /// Rolls Deployments out over their ReplicaSets.
    Deployment,
    /// Keeps a pod on each suitable node.
    DaemonSet,
    /// Runs pods until a Job is done.
    Job,
    /// Would make Jobs by the clock.
    CronJob,
    /// Binds claims to volumes.
    Claims,
    /// Keeps the phase of volumes, and reclaims them.
    Volumes,
    /// Keeps claims while pods use them.
    ClaimProtection,
    /// Keeps volumes while claims are bound to them.
    VolumeProtection,
    /// Deletes what has no owner left.
    GarbageCollector,
    /// Keeps a Service's slices in step with its pods.
    EndpointSlice,
    /// Notices that nodes fall silent.
    NodeMonitor,
    /// Decides which silent node is emptied next.
    NodeTurns,
    /// Keeps the taints that follow a node's conditions.
    NodeTaints,
    /// Makes the claims of ephemeral volumes.
    EphemeralVolume,
    /// Attaches volumes to nodes and detaches them.
    AttachDetach,
    /// Deletes pods that do not tolerate a taint.
    TaintEviction,
    /// Deletes pods whose node is gone or out of service.
    PodGc,
    /// Keeps the counts of PodDisruptionBudgets.
    Disruption,
    /// Takes the mark from pods that were to be disrupted, and stay.
    StaleDisruption,
    /// Keeps a target within the bounds of its autoscaler.
    Autoscaler,
    /// Empties namespaces that are being deleted.
    Namespace,
    /// Deletes the objects of kinds whose definitions are being deleted.
    Definition,
    /// Fills the Secrets that hold tokens.
    Tokens,
    /// Gives every namespace its `default` ServiceAccount.
    ServiceAccounts,
    /// Gives every namespace the root certificate.
    RootCertificates,
    /// Counts what a quota limits.
    ResourceQuota,
    /// Deletes finished Jobs when their time is over.
    TimeToLive,
    /// Keeps a Service's Endpoints in step with its pods.
    Endpoints,
    /// Copies Endpoints written by hand into slices.
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
    (Controller::Definition, "crd_finalizer"),
    (Controller::Tokens, "serviceaccount-token-controller"),
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
