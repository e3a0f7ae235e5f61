//! The modelled Kubernetes release, as data. Nothing else tells releases apart; `change` only says when a change came.

use crate::change::Change;
use crate::kind::{Kind, Trait};
use crate::schema::{Field, StructType};
use base::time::Span;

/// How often an autoscaler is synced. kube-controller-manager --horizontal-pod-autoscaler-sync-period, 15 s.
pub const AUTOSCALER_PERIOD: Span = Span::seconds(15);

/// Fields, by struct.
pub type Fields = &'static [(&'static str, &'static str)];

/// Fields whose gates are on since 1.35, and whose kinds older releases know.
const ENABLED_SINCE_1_35: Fields = &[
    ("Container", "restartPolicyRules"),
    ("EnvVarSource", "fileKeyRef"),
    ("EphemeralContainer", "restartPolicyRules"),
    ("HPAScalingRules", "tolerance"),
    ("PodSpec", "hostnameOverride"),
    ("Volume", "image"),
];

/// Fields that are required since 1.38, or were until then.
const REQUIRED_SINCE_1_38: Fields = &[
    ("CSIDriver", "spec"),
    ("CSINode", "spec"),
    ("CSINodeSpec", "drivers"),
    ("CertificateSigningRequestSpec", "usages"),
    ("Condition", "message"),
    ("ContainerResourceMetricStatus", "container"),
    ("ContainerResourceMetricStatus", "current"),
    ("ContainerResourceMetricStatus", "name"),
    ("EphemeralVolumeSource", "volumeClaimTemplate"),
    ("ExternalMetricStatus", "current"),
    ("ExternalMetricStatus", "metric"),
    ("HorizontalPodAutoscalerCondition", "status"),
    ("HorizontalPodAutoscalerCondition", "type"),
    ("HorizontalPodAutoscalerStatus", "desiredReplicas"),
    ("ISCSIPersistentVolumeSource", "lun"),
    ("ISCSIVolumeSource", "lun"),
    ("IngressClass", "spec"),
    ("IngressClassSpec", "controller"),
    ("IngressPortStatus", "port"),
    ("IngressPortStatus", "protocol"),
    ("Job", "spec"),
    ("JobCondition", "status"),
    ("JobCondition", "type"),
    ("JobTemplateSpec", "spec"),
    ("MetricStatus", "type"),
    ("ModifyVolumeStatus", "status"),
    ("ObjectMetricStatus", "current"),
    ("ObjectMetricStatus", "describedObject"),
    ("ObjectMetricStatus", "metric"),
    ("ParamRef", "parameterNotFoundAction"),
    ("PodFailurePolicy", "rules"),
    ("PodsMetricStatus", "current"),
    ("PodsMetricStatus", "metric"),
    ("ResourceMetricStatus", "current"),
    ("ResourceMetricStatus", "name"),
    ("ScaleIOPersistentVolumeSource", "secretRef"),
    ("ScaleIOPersistentVolumeSource", "volumeName"),
    ("ScaleIOVolumeSource", "secretRef"),
    ("ScaleIOVolumeSource", "volumeName"),
    ("StorageOSPersistentVolumeSource", "volumeName"),
    ("StorageOSVolumeSource", "volumeName"),
    ("TokenRequest", "audience"),
    ("VolumeAttachmentStatus", "attached"),
    ("VolumeAttributesClass", "parameters"),
    ("VolumeNodeAffinity", "required"),
];
/// Fields that are required since 1.37, or were until then.
const REQUIRED_SINCE_1_37: Fields = &[
    ("ControllerRevision", "data"),
    ("ControllerRevision", "revision"),
    ("DaemonSet", "spec"),
    ("DaemonSetCondition", "status"),
    ("DaemonSetCondition", "type"),
    ("Deployment", "spec"),
    ("DeploymentCondition", "status"),
    ("DeploymentCondition", "type"),
    ("ReplicaSet", "spec"),
    ("ReplicaSetCondition", "status"),
    ("ReplicaSetCondition", "type"),
    ("StatefulSet", "spec"),
    ("StatefulSetCondition", "status"),
    ("StatefulSetCondition", "type"),
];
/// Fields that are required since 1.36, or were until then.
const REQUIRED_SINCE_1_36: Fields = &[
    ("CronJob", "spec"),
    ("EndpointSlice", "endpoints"),
    ("HorizontalPodAutoscaler", "spec"),
    ("IPAddress", "spec"),
    ("PodDisruptionBudgetStatus", "currentHealthy"),
    ("PodDisruptionBudgetStatus", "desiredHealthy"),
    ("PodDisruptionBudgetStatus", "disruptionsAllowed"),
    ("PodDisruptionBudgetStatus", "expectedPods"),
    ("PriorityClass", "value"),
    ("RoleRef", "apiGroup"),
];
/// Fields that were required until 1.34.
const REQUIRED_UNTIL_1_34: Fields = &[("PodFailurePolicyOnPodConditionsPattern", "status")];

/// What differs between the releases that can be modelled.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one difference, whatever the others are")]
pub struct Release {
    /// `1.37`.
    pub name: &'static str,
    /// Its name, and whether it is still to come: `1.38 (beta)`.
    pub label: &'static str,
    /// The version that a kubelet reports: `v1.37.1`.
    pub git_version: &'static str,
    /// The version of kustomize in its kubectl.
    pub kustomize_version: &'static str,
    /// Whether a negative capacity of a volume is shown as a quantity (1.38) instead of a number.
    pub shows_negative_capacity_as_written: bool,
    /// Where the server's scheme says that it does not know a kind.
    pub scheme_line: &'static str,
    /// Whether kubectl takes items of a typed list that do not say their kind, before it checks them (until 1.37).
    pub takes_items_without_kinds: bool,
    /// Whether kubectl's errors about arguments of `exec`, `top` and `api-*` omit the pointer to the help (1.38). An unknown field is then
    /// explained by its error alone.
    pub refuses_arguments_bluntly: bool,
    /// Whether kubectl says on one line of which resource an error is (1.38).
    pub describes_resources_on_one_line: bool,
    /// Whether the refusal to change a pod names what may change of one with scheduling gates (1.38).
    pub names_changes_of_gated_pods: bool,
    /// Whether its kubectl describes a StatefulSet's service, policies and `maxUnavailable`.
    pub describes_set_policies: bool,
    /// Whether its kubectl describes a probe with `successThreshold=1` instead of `#success=1`.
    pub spells_probe_thresholds: bool,
    /// Whether errors of its `kubectl run` omit the pointer to the help, and the pod is reported before its service (1.37).
    pub runs_in_newer_words: bool,
    /// Whether a list marks only the newest default StorageClass, and getting classes by name marks none (1.37).
    pub marks_newest_default_class: bool,
    /// Whether a patch that is not JSON is refused without details (1.37).
    pub refuses_patches_without_details: bool,
    /// Whether its kubectl refuses label columns together with custom columns (1.37), which do not show them.
    pub refuses_labels_beside_columns: bool,
    /// Whether its kubectl describes a service's application protocol and a CronJob's time zone, and no kube-proxy of nodes (1.36).
    pub describes_protocols_and_zones: bool,
    /// Whether its kubectl describes the secrets and tokens of a service account (until 1.34).
    pub describes_secrets_of_accounts: bool,
    /// Whether its kubectl describes ports with their names: `80/TCP (web)`.
    pub names_ports: bool,
    /// Whether its kubectl describes events with their container: `spec.containers{nginx}: Container started`.
    pub names_containers_of_events: bool,
    /// Gate `MaxUnavailableStatefulSet`: `updateStrategy.rollingUpdate.maxUnavailable` takes effect.
    pub max_unavailable_stateful_set: bool,
    /// With that gate on, whether unavailable pods below the partition leave the budget alone, and percentages are of the pods from the
    /// partition up (1.38).
    pub budgets_update_range: bool,
    /// Gate `StatefulSetRecreateStrategy`: a set may be updated by deleting all of its pods before it makes new ones (1.38).
    pub recreates_sets: bool,
    /// Whether a Parallel set deletes surplus pods before it makes missing ones (1.38).
    pub removes_before_creating: bool,
    /// Whether a pod such as `web-01` is no member of `web` (1.38).
    pub members_have_exact_names: bool,
    /// With that gate on, whether a Parallel set's unavailable pods are replaced first, and regardless of the budget.
    pub parallel_update_replaces_unavailable: bool,
    /// Whether a completed `OnDelete` or `Recreate` update also advances `status.currentRevision`.
    pub complete_update_for_every_strategy: bool,
    /// Whether a StatefulSet's controller keeps the conditions of its status, which others write (1.37).
    pub keeps_conditions_of_sets: bool,
    /// Gate `StaleControllerConsistencyStatefulSet`: a StatefulSet is not synced before the controller sees what it last wrote for it.
    pub sets_await_own_writes: bool,
    /// Whether events about a StatefulSet's pods begin with a capital (1.35): `Create Pod`.
    pub capitalizes_events_of_sets: bool,
    /// Whether a workload is synced when its next pod becomes available (1.35), instead of `minReadySeconds` after it was synced.
    pub looks_when_available: bool,
    /// Gate `DeploymentReplicaSetTerminatingReplicas`: Deployments and ReplicaSets count their terminating pods.
    pub counts_terminating_replicas: bool,
    /// Whether each immutable StatefulSet field is refused separately (1.37) instead of the spec as a whole.
    pub immutable_fields_one_by_one: bool,
    /// Whether declarative validation is authoritative (1.37): its errors come last, and do not show the value of an immutable field.
    pub declared_rules_decide: bool,
    /// The same for those rules that are declared since 1.38.
    pub more_declared_rules_decide: bool,
    /// Whether the longest names are told in bytes (1.35) instead of in characters.
    pub counts_bytes: bool,
    /// Gate `RelaxedServiceNameValidation`: the name of a Service may begin with a digit.
    pub relaxes_service_names: bool,
    /// Gate `InPlacePodVerticalScalingInitContainers`: init containers may be resized, which their policies have to fit.
    pub resizes_init_containers: bool,
    /// Whether changes of a StorageClass are forbidden (until 1.35) instead of its fields being immutable.
    pub forbids_changes_of_classes: bool,
    /// Whether the error about a NetworkPolicy's `endPort` below its `port` shows the former (1.37).
    pub shows_end_of_ports: bool,
    /// Whether a CSINode has a status.
    pub csi_nodes_have_status: bool,
    /// Gate `PersistentVolumeClaimUnusedSinceTime`: claims have a condition that says whether a pod refers to them.
    pub claim_unused_condition: bool,
    /// Gate `StorageCapacityScoring`: of nodes whose volumes a pod could be bound to, those are better where more is left over.
    pub scores_capacity_of_volumes: bool,
    /// Gate `HPAGeneration`: autoscalers have a generation.
    pub generations_of_autoscalers: bool,
    /// Gate `HPAScaleToZero`: autoscalers may scale to zero, and report in a condition whether they did.
    pub autoscalers_scale_to_zero: bool,
    /// The delay before the first sync of a new or changed autoscaler.
    pub autoscaler_first_look: Span,
    /// Whether the server's internal pod type matches the wire format, with the host namespaces outside the security context (1.37).
    pub pods_are_declared_as_on_the_wire: bool,
    /// Its number after `1.`, by which the schema says which fields it has. The others are unknown, and the names hashed from the
    /// template's Go structs differ without them.
    pub minor: u8,
    /// Fields that the release accepts and drops, since their gates are off.
    pub disabled_fields: &'static [Fields],
    /// Fields whose `required` in the schema is wrong for this release.
    pub required_otherwise: fn() -> &'static [Fields],
    /// What the output shows as guides do, since the change came later.
    pub later_changes: &'static [Change],
    /// Gate `SELinuxMount`: volumes may be mounted with an SELinux label (1.37).
    pub se_linux_mount: bool,
    /// Gates `ClusterTrustBundleProjection` and `PodCertificateRequest`: volumes may project certificates (1.37).
    pub projects_certificates: bool,
    /// Gate `AtomicWriteVolumeUserFields`: files of volumes may belong to a user (1.38).
    pub gives_files_to_users: bool,
    /// Gate `PodLevelResourcesFixDefaulting`: pod-level limits are defaulted from those of the containers (1.37).
    pub fills_in_limits_of_pods: bool,
    /// Whether image volumes must name their image in templates, too, not only in pods (1.37).
    pub templates_name_images_of_volumes: bool,
    /// Whether errors about an owner reference include its index, and missing parts are `Required` (1.37).
    pub counts_owners: bool,
    /// Whether an updated Job is first validated like a new one, and then as an update (1.36).
    pub judges_jobs_twice: bool,
    /// The multi-attach message: its beginning, and its end if no pod needs the volume on the other node.
    pub volume_elsewhere: (&'static str, &'static str),
    /// Whether scheduling messages say "no new claims to deallocate" before `preemption:`.
    pub claims_to_deallocate_in_preemption: bool,
    /// Whether a change of a node's taints requeues the pods that a new node would (1.36).
    pub taints_wake_like_new_nodes: bool,
    /// Whether a preempting pod's scheduling message says how many pods it preempts and where (1.37).
    pub says_whom_it_preempts: bool,
    /// Whether a kubelet says why a pod is not ready to start containers (1.37).
    pub says_why_no_sandbox: bool,
}

/// Whether one of the lists has a field of a struct.
pub fn are_in(lists: &[Fields], of: &str, field: &str) -> bool {
    lists.iter().any(|fields| fields.contains(&(of, field)))
}

/// The default release.
pub const V1_37: Release = Release {
    name: "1.37",
    label: "1.37",
    minor: 37,
    git_version: "v1.37.1",
    kustomize_version: "v5.8.1",
    shows_negative_capacity_as_written: false,
    scheme_line: "pkg/runtime/scheme.go:111",
    takes_items_without_kinds: true,
    refuses_arguments_bluntly: false,
    describes_resources_on_one_line: false,
    names_changes_of_gated_pods: false,
    describes_set_policies: true,
    spells_probe_thresholds: true,
    runs_in_newer_words: true,
    marks_newest_default_class: true,
    refuses_patches_without_details: true,
    refuses_labels_beside_columns: true,
    describes_protocols_and_zones: true,
    describes_secrets_of_accounts: false,
    names_ports: true,
    names_containers_of_events: true,
    max_unavailable_stateful_set: true,
    budgets_update_range: false,
    recreates_sets: false,
    removes_before_creating: false,
    members_have_exact_names: false,
    parallel_update_replaces_unavailable: true,
    complete_update_for_every_strategy: true,
    keeps_conditions_of_sets: true,
    sets_await_own_writes: true,
    capitalizes_events_of_sets: true,
    looks_when_available: true,
    counts_terminating_replicas: true,
    immutable_fields_one_by_one: true,
    declared_rules_decide: true,
    more_declared_rules_decide: false,
    counts_bytes: true,
    relaxes_service_names: true,
    resizes_init_containers: true,
    forbids_changes_of_classes: false,
    shows_end_of_ports: true,
    csi_nodes_have_status: true,
    claim_unused_condition: true,
    scores_capacity_of_volumes: true,
    generations_of_autoscalers: true,
    autoscalers_scale_to_zero: true,
    autoscaler_first_look: Span(0),
    pods_are_declared_as_on_the_wire: true,
    disabled_fields: &[],
    required_otherwise: || &[],
    later_changes: &[],
    se_linux_mount: true,
    projects_certificates: true,
    gives_files_to_users: false,
    fills_in_limits_of_pods: true,
    templates_name_images_of_volumes: true,
    counts_owners: true,
    judges_jobs_twice: false,
    volume_elsewhere: (
        "Waiting for detach",
        "Volume is already exclusively attached to one node, waiting on detach before it can be attached to another node",
    ),
    claims_to_deallocate_in_preemption: false,
    taints_wake_like_new_nodes: false,
    says_whom_it_preempts: true,
    says_why_no_sandbox: true,
};

/// 1.38 as its first beta has it, as far as it differs from 1.37.
pub const V1_38: Release = Release {
    name: "1.38",
    label: "1.38 (beta)",
    minor: 38,
    git_version: "v1.38.0-beta.0",
    kustomize_version: "v5.8.3",
    shows_negative_capacity_as_written: true,
    scheme_line: "pkg/runtime/scheme.go:110",
    takes_items_without_kinds: false,
    refuses_arguments_bluntly: true,
    describes_resources_on_one_line: true,
    names_changes_of_gated_pods: true,
    budgets_update_range: true,
    recreates_sets: true,
    removes_before_creating: true,
    members_have_exact_names: true,
    more_declared_rules_decide: true,
    gives_files_to_users: true,
    disabled_fields: &[&[("SeccompProfile", "oci")]],
    required_otherwise: || &[REQUIRED_SINCE_1_38],
    ..V1_37
};

/// 1.36, as far as it differs from 1.37.
pub const V1_36: Release = Release {
    name: "1.36",
    label: "1.36",
    minor: 36,
    git_version: "v1.36.3",
    describes_set_policies: false,
    spells_probe_thresholds: false,
    runs_in_newer_words: false,
    marks_newest_default_class: false,
    refuses_patches_without_details: false,
    refuses_labels_beside_columns: false,
    max_unavailable_stateful_set: false,
    parallel_update_replaces_unavailable: false,
    complete_update_for_every_strategy: false,
    keeps_conditions_of_sets: false,
    immutable_fields_one_by_one: false,
    declared_rules_decide: false,
    shows_end_of_ports: false,
    csi_nodes_have_status: false,
    claim_unused_condition: false,
    scores_capacity_of_volumes: false,
    generations_of_autoscalers: false,
    autoscalers_scale_to_zero: false,
    autoscaler_first_look: AUTOSCALER_PERIOD,
    pods_are_declared_as_on_the_wire: false,
    required_otherwise: || &[REQUIRED_SINCE_1_37],
    se_linux_mount: false,
    projects_certificates: false,
    fills_in_limits_of_pods: false,
    templates_name_images_of_volumes: false,
    counts_owners: false,
    judges_jobs_twice: true,
    volume_elsewhere: ("Multi-Attach error", "Volume is already exclusively attached to one node and can't be attached to another"),
    claims_to_deallocate_in_preemption: true,
    taints_wake_like_new_nodes: true,
    says_whom_it_preempts: false,
    says_why_no_sandbox: false,
    ..V1_37
};

/// 1.35, as far as it differs from 1.36.
pub const V1_35: Release = Release {
    name: "1.35",
    label: "1.35",
    minor: 35,
    git_version: "v1.35.4",
    kustomize_version: "v5.7.1",
    describes_protocols_and_zones: false,
    sets_await_own_writes: false,
    relaxes_service_names: false,
    resizes_init_containers: false,
    forbids_changes_of_classes: true,
    disabled_fields: &[&[("PodSpec", "workloadRef")]],
    required_otherwise: || &[REQUIRED_SINCE_1_37, REQUIRED_SINCE_1_36],
    later_changes: &[Change::KernelArchitecture, Change::UndoWarning],
    ..V1_36
};

/// 1.34, as far as it differs from 1.35.
pub const V1_34: Release = Release {
    name: "1.34",
    label: "1.34",
    minor: 34,
    git_version: "v1.34.4",
    describes_secrets_of_accounts: true,
    names_containers_of_events: false,
    capitalizes_events_of_sets: false,
    counts_bytes: false,
    looks_when_available: false,
    counts_terminating_replicas: false,
    disabled_fields: &[ENABLED_SINCE_1_35],
    required_otherwise: || &[REQUIRED_SINCE_1_37, REQUIRED_SINCE_1_36, REQUIRED_UNTIL_1_34],
    ..V1_35
};

/// No two releases have the same name.
impl PartialEq for Release {
    fn eq(&self, other: &Release) -> bool {
        self.name == other.name
    }
}

impl Eq for Release {}

impl Release {
    /// All releases that are held to recordings of their own, the default first.
    pub const ALL: [&'static Release; 5] = [&V1_37, &V1_38, &V1_36, &V1_35, &V1_34];

    /// Whether this release has a field of the schema.
    pub fn knows(&self, field: &Field) -> bool {
        field.releases.contains(&self.minor)
    }

    /// Whether this release drops a field of a struct.
    pub fn disables(&self, of: &str, field: &str) -> bool {
        are_in(self.disabled_fields, of, field)
    }

    /// Whether the release's OpenAPI document requires a field.
    pub fn requires(&self, of: &StructType, field: &Field) -> bool {
        field.is_required() != are_in((self.required_otherwise)(), of.name, field.name)
    }

    /// Whether the server maintains `metadata.generation` for a kind; others keep the generation they are sent with.
    pub fn counts_generations(&self, kind: Kind) -> bool {
        kind.has(Trait::Generation) && (kind != Kind::HorizontalPodAutoscaler || self.generations_of_autoscalers)
    }

    /// The release with this name.
    pub fn named(name: &str) -> Option<&'static Release> {
        Release::ALL.into_iter().find(|r| r.name == name)
    }
}
