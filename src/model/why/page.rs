//! Pages of the documentation that rules refer to.

/// A documentation page: its title, and its path below the root of the documentation in a language.
pub type Page = (&'static str, &'static str);

/// Deployment and Scaling Guarantees.
pub const GUARANTEES: Page =
    ("Deployment and Scaling Guarantees", "concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees");
/// Update strategies.
pub const STRATEGIES: Page = ("Update strategies", "concepts/workloads/controllers/statefulset/#update-strategies");
/// Partitioned rolling updates.
pub const PARTITIONS: Page = ("Partitioned rolling updates", "concepts/workloads/controllers/statefulset/#partitions");
/// PersistentVolumeClaim retention.
pub const RETENTION: Page =
    ("PersistentVolumeClaim retention", "concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention");
/// Pod Identity.
pub const IDENTITY: Page = ("Pod Identity", "concepts/workloads/controllers/statefulset/#pod-identity");
/// Stable Storage.
pub const STABLE_STORAGE: Page = ("Stable Storage", "concepts/workloads/controllers/statefulset/#stable-storage");
/// Minimum ready seconds.
pub const MIN_READY: Page = ("Minimum ready seconds", "concepts/workloads/controllers/statefulset/#minimum-ready-seconds");
/// Volume binding mode.
pub const BINDING: Page = ("Volume binding mode", "concepts/storage/storage-classes/#volume-binding-mode");
/// Default StorageClass.
pub const CLASSES: Page = ("Default StorageClass", "concepts/storage/storage-classes/#default-storageclass");
/// Binding.
pub const CLAIMS: Page = ("Binding", "concepts/storage/persistent-volumes/#binding");
/// Storage Object in Use Protection.
pub const PROTECTION: Page = ("Storage Object in Use Protection", "concepts/storage/persistent-volumes/#storage-object-in-use-protection");
/// Expanding Persistent Volumes Claims.
pub const EXPANSION: Page =
    ("Expanding Persistent Volumes Claims", "concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims");
/// Reclaiming.
pub const RECLAIMING: Page = ("Reclaiming", "concepts/storage/persistent-volumes/#reclaiming");
/// Deployments.
pub const DEPLOYMENT: Page = ("Deployments", "concepts/workloads/controllers/deployment/");
/// Jobs.
pub const JOB: Page = ("Jobs", "concepts/workloads/controllers/job/");
/// DaemonSet.
pub const DAEMON_SET: Page = ("DaemonSet", "concepts/workloads/controllers/daemonset/");
/// Taint based Evictions.
pub const TAINTS: Page = ("Taint based Evictions", "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions");
/// Disruptions.
pub const DISRUPTIONS: Page = ("Disruptions", "concepts/workloads/pods/disruptions/#pod-disruption-budgets");
/// kube-scheduler.
pub const SCHEDULING: Page = ("kube-scheduler", "concepts/scheduling-eviction/kube-scheduler/");
/// Preemption.
pub const PREEMPTION: Page = ("Preemption", "concepts/scheduling-eviction/pod-priority-preemption/#preemption");
/// Termination of Pods.
pub const TERMINATION: Page = ("Termination of Pods", "concepts/workloads/pods/pod-lifecycle/#pod-termination");
/// Pod phase.
pub const PHASES: Page = ("Pod phase", "concepts/workloads/pods/pod-lifecycle/#pod-phase");
/// Container probes.
pub(crate) const PROBES: Page = ("Container probes", "concepts/workloads/pods/pod-lifecycle/#container-probes");
/// Non-graceful node shutdown handling.
pub const DETACHING: Page =
    ("Non-graceful node shutdown handling", "concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown");
/// ConfigMaps.
pub const CONFIGURING: Page = ("ConfigMaps", "concepts/configuration/configmap/");
/// Secrets.
pub const SECRETS: Page = ("Secrets", "concepts/configuration/secret/");
/// Init Containers.
pub const INITS: Page = ("Init Containers", "concepts/workloads/pods/init-containers/");
/// Assign Memory Resources.
pub const MEMORY: Page = ("Assign Memory Resources", "tasks/configure-pod-container/assign-memory-resource/");
/// Container Lifecycle Hooks.
pub const HOOKS: Page = ("Container Lifecycle Hooks", "concepts/containers/container-lifecycle-hooks/");
/// How Pods handle problems with containers.
pub const RESTARTS: Page = ("How Pods handle problems with containers", "concepts/workloads/pods/pod-lifecycle/#container-restarts");
/// Images.
pub const IMAGES: Page = ("Images", "concepts/containers/images/#imagepullbackoff");
/// Images.
pub const IMAGE_NAMES: Page = ("Images", "concepts/containers/images/#image-names");
/// Pod readiness.
pub const READINESS_GATES: Page = ("Pod readiness", "concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate");
/// Pod Scheduling Readiness.
pub const SCHEDULING_GATES: Page = ("Pod Scheduling Readiness", "concepts/scheduling-eviction/pod-scheduling-readiness/");
/// Node status.
pub const NODES: Page = ("Node status", "concepts/architecture/nodes/#node-status");
/// Garbage Collection.
pub const COLLECTION: Page = ("Garbage Collection", "concepts/architecture/garbage-collection/");
/// Finalizers.
pub const FINALIZERS: Page = ("Finalizers", "concepts/overview/working-with-objects/finalizers/");
/// Force Delete StatefulSet Pods.
pub const FORCE_DELETE: Page = ("Force Delete StatefulSet Pods", "tasks/run-application/force-delete-stateful-set-pod/");
