//! Where a rule stands: the field that decides, or who does, and the page of the documentation that says so.

use crate::why::Reason;

/// A page of the documentation: its title, and its place below [`DOCS`].
pub(super) type Page = (&'static str, &'static str);

/// The documentation, in English.
pub(super) const DOCS: &str = "https://kubernetes.io/docs/";

const GUARANTEES: Page =
    ("Deployment and Scaling Guarantees", "concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees");
const STRATEGIES: Page = ("Update strategies", "concepts/workloads/controllers/statefulset/#update-strategies");
const PARTITIONS: Page = ("Partitioned rolling updates", "concepts/workloads/controllers/statefulset/#partitions");
const RETENTION: Page = ("PersistentVolumeClaim retention", "concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention");
const IDENTITY: Page = ("Pod Identity", "concepts/workloads/controllers/statefulset/#pod-identity");
const STABLE_STORAGE: Page = ("Stable Storage", "concepts/workloads/controllers/statefulset/#stable-storage");
const MIN_READY: Page = ("Minimum ready seconds", "concepts/workloads/controllers/statefulset/#minimum-ready-seconds");
const BINDING: Page = ("Volume binding mode", "concepts/storage/storage-classes/#volume-binding-mode");
const CLASSES: Page = ("Default StorageClass", "concepts/storage/storage-classes/#default-storageclass");
const CLAIMS: Page = ("Binding", "concepts/storage/persistent-volumes/#binding");
const PROTECTION: Page = ("Storage Object in Use Protection", "concepts/storage/persistent-volumes/#storage-object-in-use-protection");
const RECLAIMING: Page = ("Reclaiming", "concepts/storage/persistent-volumes/#reclaiming");
const DEPLOYMENT: Page = ("Deployments", "concepts/workloads/controllers/deployment/");
const JOB: Page = ("Jobs", "concepts/workloads/controllers/job/");
const DAEMON_SET: Page = ("DaemonSet", "concepts/workloads/controllers/daemonset/");
const TAINTS: Page = ("Taint based Evictions", "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions");
const DISRUPTIONS: Page = ("Disruptions", "concepts/workloads/pods/disruptions/#pod-disruption-budgets");
const SCHEDULING: Page = ("kube-scheduler", "concepts/scheduling-eviction/kube-scheduler/");
const TERMINATION: Page = ("Termination of Pods", "concepts/workloads/pods/pod-lifecycle/#pod-termination");
const PROBES: Page = ("Container probes", "concepts/workloads/pods/pod-lifecycle/#container-probes");
const INITS: Page = ("Init Containers", "concepts/workloads/pods/init-containers/");
const RESTARTS: Page = ("How Pods handle problems with containers", "concepts/workloads/pods/pod-lifecycle/#container-restarts");
const IMAGES: Page = ("Images", "concepts/containers/images/#imagepullbackoff");
const NODES: Page = ("Node status", "concepts/architecture/nodes/#node-status");
const COLLECTION: Page = ("Garbage Collection", "concepts/architecture/garbage-collection/");
const FINALIZERS: Page = ("Finalizers", "concepts/overview/working-with-objects/finalizers/");
pub(super) const FORCE_DELETE: Page = ("Force Delete StatefulSet Pods", "tasks/run-application/force-delete-stateful-set-pod/");

/// The field that decides, or who does, and the page that says so.
pub(super) fn source(reason: &Reason) -> (&'static str, Option<Page>) {
    match reason {
        Reason::CacheBehindOwnWrites | Reason::SyncFailed { .. } => ("statefulset-controller", None),
        Reason::ClaimingPods => ("spec.selector", Some(IDENTITY)),
        Reason::RepairingPod { .. } | Reason::NameTaken { .. } => ("statefulset-controller", Some(IDENTITY)),
        Reason::SetIsBeingDeleted
        | Reason::UpToDate
        | Reason::ReplacingTerminalPod { .. }
        | Reason::CreatingPod { .. }
        | Reason::CreatingPods { .. }
        | Reason::RemovingPod { .. }
        | Reason::WaitsForRemovedPod { .. } => ("spec.replicas", Some(GUARANTEES)),
        Reason::WaitsForPodToGo { .. } | Reason::WaitsForPodToBeReady { .. } | Reason::RemovalWaitsForLower { .. } => {
            ("spec.podManagementPolicy", Some(GUARANTEES))
        }
        Reason::WaitsForPodToBeAvailable { .. } => ("spec.minReadySeconds", Some(MIN_READY)),
        Reason::StaleClaim { .. } | Reason::ClaimIsBeingDeleted { .. } => ("spec.volumeClaimTemplates", Some(STABLE_STORAGE)),
        Reason::MarkingClaims => ("spec.persistentVolumeClaimRetentionPolicy", Some(RETENTION)),
        Reason::ReplacingForUpdate { .. } | Reason::OnDeleteWaitsForYou { .. } | Reason::UnknownStrategy => {
            ("spec.updateStrategy", Some(STRATEGIES))
        }
        Reason::UpdateWaitsForUnavailable { .. } => ("spec.updateStrategy", Some(STRATEGIES)),
        Reason::BelowPartition { .. } => ("spec.updateStrategy.rollingUpdate.partition", Some(PARTITIONS)),
        Reason::ClaimingReplicaSets | Reason::CreatingReplicaSet { .. } | Reason::ReplicaSetNameTaken { .. } => {
            ("spec.template", Some(DEPLOYMENT))
        }
        Reason::ScalingReplicaSet { .. } | Reason::RolloutWaitsForPods { .. } | Reason::RolloutWaitsForOldPods { .. } => {
            ("spec.strategy", Some(DEPLOYMENT))
        }
        Reason::ForgettingReplicaSet { .. } => ("spec.revisionHistoryLimit", Some(DEPLOYMENT)),
        Reason::ReplicasNotAvailable { .. } => ("spec.replicas", Some(DEPLOYMENT)),
        Reason::JobRuns { .. } | Reason::JobIsComplete => ("spec.completions", Some(JOB)),
        Reason::JobBacksOff { .. } | Reason::JobHasFailed => ("spec.backoffLimit", Some(JOB)),
        Reason::CreatingOnNodes { .. } => ("spec.template", Some(DAEMON_SET)),
        Reason::NoMetrics => ("spec.metrics", None),
        Reason::RolloutPaused => ("spec.paused", Some(DEPLOYMENT)),
        Reason::RolloutTimedOut { .. } => ("spec.progressDeadlineSeconds", Some(DEPLOYMENT)),
        Reason::CreatingReplicas { .. } | Reason::RemovingReplicas { .. } => ("spec.replicas", Some(DEPLOYMENT)),
        Reason::NodeIsHeard | Reason::NodeFellSilent { .. } | Reason::TaintsFollowNode => ("node-lifecycle-controller", Some(NODES)),
        Reason::EvictionIsPaced | Reason::ZoneIsSilent | Reason::NobodyIsHeard | Reason::NodeIsEmptied { .. } => {
            ("node-lifecycle-controller", Some(TAINTS))
        }
        Reason::ToleratesTaintFor { .. } | Reason::ToleratesTaint { .. } => ("spec.tolerations", Some(TAINTS)),
        Reason::EvictedByTaint { .. } | Reason::EvictionCalledOff => ("spec.tolerations", Some(TAINTS)),
        Reason::WaitsForNodeToReturn { .. } | Reason::NodeObjectGone { .. } | Reason::NodeIsOutOfService { .. } | Reason::NeverHadNode => {
            ("pod-garbage-collector", Some(NODES))
        }
        Reason::DisruptionsAllowed { .. } | Reason::NoDisruptionAllowed { .. } | Reason::NoPodsSelected | Reason::BudgetUnclear { .. } => {
            ("disruption-controller", Some(DISRUPTIONS))
        }
        Reason::NamespaceWaitsForPods { .. } | Reason::NamespaceWaitsForContent { .. } | Reason::NamespaceIsEmpty => {
            ("namespace-controller", None)
        }
        Reason::Unschedulable { .. } | Reason::Assigned { .. } => ("kube-scheduler", Some(SCHEDULING)),
        Reason::WaitsForVolumes { .. } | Reason::WaitsForFirstConsumer => ("volumeBindingMode", Some(BINDING)),
        Reason::NoStorageClass | Reason::StorageClassNotFound { .. } => ("storageClassName", Some(CLASSES)),
        Reason::WaitsForProvisioner { .. } | Reason::NoVolumeFits | Reason::WaitsForVolume { .. } | Reason::ClaimBound { .. } => {
            ("persistentvolume-controller", Some(CLAIMS))
        }
        Reason::VolumeLost { .. } => ("persistentvolume-controller", Some(CLAIMS)),
        Reason::ReclaimsVolume => ("persistentVolumeReclaimPolicy", Some(RECLAIMING)),
        Reason::ClaimInUse { .. } | Reason::VolumeInUse { .. } => ("metadata.finalizers", Some(PROTECTION)),
        Reason::InitContainerRuns { .. } => ("spec.template.spec.initContainers", Some(INITS)),
        Reason::StartingContainers | Reason::CrashLoop { .. } => ("kubelet", Some(RESTARTS)),
        Reason::ImagePullFails { .. } => ("spec.template.spec.containers", Some(IMAGES)),
        Reason::ProcessesEnded => ("spec.template.spec.restartPolicy", None),
        Reason::NotReadyYet | Reason::PodIsReady => ("kubelet", Some(PROBES)),
        Reason::StoppingContainers => ("kubelet", Some(TERMINATION)),
        Reason::NodeIsSilent { .. } => ("node-lifecycle-controller", Some(FORCE_DELETE)),
        Reason::OwnerGone { .. } | Reason::WaitsForDependents { .. } | Reason::OrphansDependents => {
            ("metadata.ownerReferences", Some(COLLECTION))
        }
        Reason::HeldByFinalizer { .. } => ("metadata.finalizers", Some(FINALIZERS)),
    }
}
