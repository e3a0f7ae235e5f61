//! Which label of a description is which field, kind by kind, and how its value is read.
//!
//! The labels are those of k8s.io/kubectl/pkg/describe/describe.go, from 1.6 on; two of one meaning are apart by a bar.

use super::block::Block;
use super::{containers, parts, storage};
use api::kind::Kind;
use base::value::Value;

/// A label, the field as a path from the object, and how the value is read.
pub type Row = (&'static str, &'static str, How);
/// What became of the lines of a description.
#[derive(Default)]
pub struct Told {
    /// What was understood: the number of a line, and the field and its value.
    pub said: Vec<(usize, String)>,
    /// The numbers of the lines whose labels are not known, and of those below them.
    pub unread: Vec<usize>,
}

/// How a value is read.
pub enum How {
    /// Not at all; the label tells the kind.
    Skip,
    Text,
    Int,
    /// A number, or a part in percent.
    Amount,
    /// `True` or `Yes`, or not.
    Truth,
    /// The same; that it is not so is left out.
    Flag,
    /// A time.
    Stamp,
    /// `30s`.
    Seconds,
    /// `a=b,c=d` on one line.
    Pairs,
    /// `a=b` or `a: b`, one per line.
    Entries,
    /// `name: value`, one per line below the label.
    Amounts,
    /// `[a b]` or `a,b`.
    Words,
    /// `RWO,RWX`.
    Modes,
    /// Numbers with the words that follow them: `3 desired | 1 total`. Only a line with all these words is meant.
    Counts(&'static [(&'static str, &'static str)]),
    /// What stands below the label is of these fields of the field.
    Within(&'static [Row]),
    /// As the function makes it of the line and those below.
    Made(fn(&Block, usize) -> Option<Value>),
    /// The function puts it into the object.
    By(fn(&Block, usize, &mut Value, &mut Told)),
}

use How::{Amount, Amounts, By, Counts, Entries, Flag, Int, Made, Modes, Pairs, Seconds, Skip, Stamp, Text, Truth, Within, Words};

/// Labels that describe an object of any kind.
pub const META: &[Row] = &[
    ("Name", "metadata name", Text),
    ("Namespace", "metadata namespace", Text),
    ("CreationTimestamp", "metadata creationTimestamp", Stamp),
    ("Labels", "metadata labels", Entries),
    ("Annotations", "metadata annotations", Entries),
    ("Finalizers", "metadata finalizers", Words),
    ("Selector", "spec selector", Made(parts::selector)),
    ("Controlled By|Controllers|Created By", "metadata ownerReferences", Made(parts::owner)),
    ("Conditions", "", By(parts::conditions)),
    ("Events", "", Skip),
];

/// Kinds with the labels that not every kind has. A row without a field is there to tell the kind; one of no other rows is not read.
pub const KINDS: &[(Kind, &[Row])] = &[
    (Kind::Pod, POD),
    (Kind::StatefulSet, STATEFUL_SET),
    (Kind::Deployment, DEPLOYMENT),
    (Kind::ReplicaSet, REPLICA_SET),
    (Kind::PersistentVolumeClaim, CLAIM),
    (Kind::PersistentVolume, VOLUME),
    (Kind::StorageClass, STORAGE_CLASS),
    (Kind::Node, NODE),
    (Kind::Service, SERVICE),
    (Kind::ResourceQuota, QUOTA),
    (Kind::PodDisruptionBudget, BUDGET),
    (Kind::Namespace, NAMESPACE),
    (Kind::IngressClass, &[("Controller", "", Skip), ("Parameters", "", Skip)]),
    (Kind::EndpointSlice, &[("AddressType", "", Skip), ("Endpoints", "", Skip)]),
    (Kind::ConfigMap, &[("Data", "", Skip)]),
    (Kind::Secret, &[("Data", "", Skip), ("Type", "", Skip)]),
];

const POD: &[Row] = &[
    ("Priority", "spec priority", Int),
    ("Priority Class Name|PriorityClassName", "spec priorityClassName", Text),
    ("Runtime Class Name", "spec runtimeClassName", Text),
    ("Service Account", "spec serviceAccountName", Text),
    ("Node", "", By(parts::node_of_pod)),
    ("Start Time", "status startTime", Stamp),
    ("Status", "", By(parts::status)),
    ("Termination Grace Period", "metadata deletionGracePeriodSeconds", Seconds),
    ("Reason", "status reason", Text),
    ("Message", "status message", Text),
    ("SeccompProfile", "spec securityContext seccompProfile type", Text),
    ("IP", "status podIP", Text),
    ("IPs", "", Skip),
    ("NominatedNodeName", "status nominatedNodeName", Text),
    ("Resources", "spec resources", Within(RESOURCES)),
    ("Init Containers", "", By(containers::containers)),
    ("Containers", "", By(containers::containers)),
    ("Ephemeral Containers", "", Skip),
    ("Readiness Gates", "spec readinessGates", Made(parts::readiness_gates)),
    ("Volumes", "", By(storage::volumes)),
    ("QoS Class|QoS Tier", "status qosClass", Text),
    ("Node-Selectors", "spec nodeSelector", Entries),
    ("Tolerations", "spec tolerations", Made(parts::tolerations)),
    ("Topology Spread Constraints", "spec topologySpreadConstraints", Made(parts::topology_spread)),
];

const TEMPLATE: &[Row] = &[
    ("Labels", "metadata labels", Entries),
    ("Annotations", "metadata annotations", Entries),
    ("Service Account", "spec serviceAccountName", Text),
    ("Init Containers", "", By(containers::containers)),
    ("Containers", "", By(containers::containers)),
    ("Volumes", "", By(storage::volumes)),
    ("Topology Spread Constraints", "spec topologySpreadConstraints", Made(parts::topology_spread)),
    ("Priority Class Name", "spec priorityClassName", Text),
    ("Node-Selectors", "spec nodeSelector", Entries),
    ("Tolerations", "spec tolerations", Made(parts::tolerations)),
];

/// Fields of a container below `spec`, and of its status below `status`.
pub const CONTAINER: &[Row] = &[
    ("Container ID", "status containerID", Text),
    ("Image", "spec image", Text),
    ("Image ID", "status imageID", Text),
    ("Port|Ports|Host Port|Host Ports", "", By(containers::ports)),
    ("SeccompProfile", "spec securityContext seccompProfile type", Text),
    ("Command", "spec command", Made(containers::words)),
    ("Args", "spec args", Made(containers::words)),
    ("State", "", By(containers::state)),
    ("Last State", "", By(containers::state)),
    ("Ready", "status ready", Truth),
    ("Restart Count", "status restartCount", Int),
    ("Limits", "spec resources limits", Amounts),
    ("Requests", "spec resources requests", Amounts),
    ("Liveness", "spec livenessProbe", Made(containers::probe)),
    ("Readiness", "spec readinessProbe", Made(containers::probe)),
    ("Startup", "spec startupProbe", Made(containers::probe)),
    ("Environment", "spec env", Made(containers::variables)),
    ("Environment Variables from", "spec envFrom", Made(containers::variables_from)),
    ("Mounts", "spec volumeMounts", Made(containers::mounts)),
    ("Devices", "spec volumeDevices", Made(containers::mounts)),
];

const RESOURCES: &[Row] = &[("Limits", "limits", Amounts), ("Requests", "requests", Amounts)];

/// Fields of a container's state.
pub const STATE: &[Row] = &[
    ("Reason", "reason", Text),
    ("Message", "message", Text),
    ("Exit Code", "exitCode", Int),
    ("Signal", "signal", Int),
    ("Started", "startedAt", Stamp),
    ("Finished", "finishedAt", Stamp),
];

/// Fields of a volume's source.
pub const SOURCE: &[Row] = &[
    ("ClaimName", "claimName", Text),
    ("ReadOnly", "readOnly", Flag),
    ("Name", "name", Text),
    ("SecretName", "secretName", Text),
    ("Optional", "optional", Flag),
    ("Path", "path", Text),
    ("HostPathType", "type", Text),
    ("Medium", "medium", Text),
    ("SizeLimit", "sizeLimit", Text),
    ("Server", "server", Text),
    ("PDName", "pdName", Text),
    ("VolumeID", "volumeID", Text),
    ("FSType", "fsType", Text),
    ("Driver", "driver", Text),
    ("VolumeHandle", "volumeHandle", Text),
    ("VolumeAttributes", "volumeAttributes", Entries),
    ("Reference", "reference", Text),
    ("PullPolicy", "pullPolicy", Text),
];

const STATEFUL_SET: &[Row] = &[
    ("Service Name", "spec serviceName", Text),
    ("Pod Management Policy", "spec podManagementPolicy", Text),
    ("Replicas", "", Counts(&[("desired", "spec replicas"), ("total", "status replicas")])),
    ("Update Strategy", "spec updateStrategy type", Text),
    (
        "Update Strategy",
        "spec updateStrategy rollingUpdate",
        Within(&[("Partition", "partition", Int), ("MaxUnavailable", "maxUnavailable", Amount)]),
    ),
    (
        "Persistent Volume Claim Retention Policy",
        "spec persistentVolumeClaimRetentionPolicy",
        Within(&[("WhenDeleted", "whenDeleted", Text), ("WhenScaled", "whenScaled", Text)]),
    ),
    ("Pods Status", "", Skip),
    ("Pod Template", "spec template", Within(TEMPLATE)),
    ("Volume Claims", "", By(storage::claim_templates)),
];

/// Fields of a claim's template.
pub const CLAIM_TEMPLATE: &[Row] = &[
    ("Name", "metadata name", Text),
    ("StorageClass", "spec storageClassName", Text),
    ("Labels", "metadata labels", Entries),
    ("Annotations", "metadata annotations", Entries),
    ("Capacity", "spec resources requests storage", Text),
    ("Access Modes", "spec accessModes", Words),
];

const DEPLOYMENT: &[Row] = &[
    (
        "Replicas",
        "",
        Counts(&[
            ("desired", "spec replicas"),
            ("updated", "status updatedReplicas"),
            ("total", "status replicas"),
            ("available", "status availableReplicas"),
            ("unavailable", "status unavailableReplicas"),
        ]),
    ),
    ("StrategyType", "spec strategy type", Text),
    ("MinReadySeconds", "spec minReadySeconds", Int),
    (
        "RollingUpdateStrategy",
        "",
        Counts(&[("max unavailable", "spec strategy rollingUpdate maxUnavailable"), ("max surge", "spec strategy rollingUpdate maxSurge")]),
    ),
    ("Pod Template", "spec template", Within(TEMPLATE)),
    ("OldReplicaSets", "", Skip),
    ("NewReplicaSet", "", Skip),
];

const REPLICA_SET: &[Row] = &[
    ("Replicas", "", Counts(&[("current", "status replicas"), ("desired", "spec replicas")])),
    ("Pods Status", "", Skip),
    ("Pod Template", "spec template", Within(TEMPLATE)),
];

const CLAIM: &[Row] = &[
    ("StorageClass", "spec storageClassName", Text),
    ("Status", "", By(parts::status)),
    ("Volume", "spec volumeName", Text),
    ("Capacity", "status capacity storage", Made(storage::capacity)),
    ("Access Modes", "status accessModes", Modes),
    ("VolumeMode", "spec volumeMode", Text),
    ("DataSource", "spec dataSource", Within(&[("APIGroup", "apiGroup", Text), ("Kind", "kind", Text), ("Name", "name", Text)])),
    ("Used By|Mounted By", "", Skip),
];

const VOLUME: &[Row] = &[
    ("StorageClass", "spec storageClassName", Text),
    ("Status", "", By(parts::status)),
    ("Claim", "spec claimRef", Made(storage::claim_ref)),
    ("Reclaim Policy", "spec persistentVolumeReclaimPolicy", Text),
    ("Access Modes", "spec accessModes", Modes),
    ("VolumeMode", "spec volumeMode", Text),
    ("Capacity", "spec capacity storage", Text),
    ("Node Affinity", "spec nodeAffinity required nodeSelectorTerms", Made(storage::node_affinity)),
    ("Message", "status message", Text),
    ("Source", "", By(storage::source_of_volume)),
];

const STORAGE_CLASS: &[Row] = &[
    ("IsDefaultClass", "metadata annotations storageclass.kubernetes.io/is-default-class", Made(storage::default_class)),
    ("Annotations", "metadata annotations", Pairs),
    ("Provisioner", "provisioner", Text),
    ("Parameters", "parameters", Pairs),
    ("AllowVolumeExpansion", "allowVolumeExpansion", Truth),
    ("MountOptions", "mountOptions", Made(containers::words)),
    ("ReclaimPolicy", "reclaimPolicy", Text),
    ("VolumeBindingMode", "volumeBindingMode", Text),
    ("AllowedTopologies", "allowedTopologies", Made(storage::allowed_topologies)),
];

const NODE: &[Row] = &[
    ("Roles|Role", "", Skip),
    ("Taints", "spec taints", Made(parts::taints)),
    ("Unschedulable", "spec unschedulable", Flag),
    ("Lease", "", Skip),
    ("Addresses", "status addresses", Made(parts::addresses)),
    ("Capacity", "status capacity", Amounts),
    ("Allocatable", "status allocatable", Amounts),
    ("System Info", "status nodeInfo", Within(NODE_INFO)),
    ("PodCIDR", "spec podCIDR", Text),
    ("PodCIDRs", "spec podCIDRs", Words),
    ("ProviderID", "spec providerID", Text),
    ("Non-terminated Pods", "", Skip),
    ("Allocated resources", "", Skip),
];

const NODE_INFO: &[Row] = &[
    ("Machine ID", "machineID", Text),
    ("System UUID", "systemUUID", Text),
    ("Boot ID", "bootID", Text),
    ("Kernel Version", "kernelVersion", Text),
    ("OS Image", "osImage", Text),
    ("Operating System", "operatingSystem", Text),
    ("Architecture", "architecture", Text),
    ("Container Runtime Version", "containerRuntimeVersion", Text),
    ("Kubelet Version", "kubeletVersion", Text),
];

const SERVICE: &[Row] = &[
    ("Selector", "spec selector", Pairs),
    ("Type", "spec type", Text),
    ("IP Family Policy", "spec ipFamilyPolicy", Text),
    ("IP Families", "spec ipFamilies", Words),
    ("IP", "spec clusterIP", Text),
    ("IPs", "spec clusterIPs", Words),
    ("External IPs", "spec externalIPs", Words),
    ("External Name", "spec externalName", Text),
    ("LoadBalancer Ingress", "", Skip),
    ("Port|TargetPort|NodePort", "", By(parts::service_port)),
    ("Endpoints", "", Skip),
    ("Session Affinity", "spec sessionAffinity", Text),
    ("External Traffic Policy", "spec externalTrafficPolicy", Text),
    ("Internal Traffic Policy", "spec internalTrafficPolicy", Text),
    ("HealthCheck NodePort", "spec healthCheckNodePort", Int),
    ("Traffic Distribution", "spec trafficDistribution", Text),
];

const QUOTA: &[Row] = &[("Scopes", "spec scopes", Words), ("Resource", "", By(parts::quota))];

const BUDGET: &[Row] = &[
    ("Min available", "spec minAvailable", Amount),
    ("Max unavailable", "spec maxUnavailable", Amount),
    (
        "Status",
        "status",
        Within(&[
            ("Allowed disruptions", "disruptionsAllowed", Int),
            ("Current", "currentHealthy", Int),
            ("Desired", "desiredHealthy", Int),
            ("Total", "expectedPods", Int),
        ]),
    ),
];

const NAMESPACE: &[Row] = &[
    ("Status", "", By(parts::status)),
    ("No resource quota.", "", Skip),
    ("No LimitRange resource.", "", Skip),
    ("Resource Quotas", "", Skip),
    ("Resource Limits", "", Skip),
];

/// Labels whose values are said beside a verdict.
pub const SAID: &str = "\
    Access Modes|Allowed disruptions|Capacity|Claim|Controlled By|Controllers|Endpoints|Exit Code|Finalizers|Image|IP|\
    IsDefaultClass|Last State|Max unavailable|Min available|Mounted By|Node|Node-Selectors|Partition|Pod Management Policy|\
    Pods Status|Provisioner|Readiness|Ready|Reason|Reclaim Policy|ReclaimPolicy|Replicas|Restart Count|Selector|\
    Service Name|Start Time|State|Status|StorageClass|Taints|Type|Unschedulable|Update Strategy|Used By|Volume|\
    VolumeBindingMode";

/// Whether a label is one of these, which are apart by bars.
pub fn is_among(labels: &str, label: &str) -> bool {
    labels.split('|').any(|one| one == label)
}

/// Whether a label stands at the margin of some kind's description.
pub fn is_label(label: &str) -> bool {
    KINDS.iter().map(|(_, rows)| *rows).chain([META]).any(|rows| rows.iter().any(|row| is_among(row.0, label)))
}
