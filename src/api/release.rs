//! The Kubernetes release that is modelled, as data. No other place tells releases apart; `change` only says when something came.

use crate::api::kind::Kind;
use crate::api::schema::{Field, StructType};
use crate::base::time::Span;

/// How often an autoscaler is looked at. kube-controller-manager --horizontal-pod-autoscaler-sync-period, 15 s.
pub const AUTOSCALER_PERIOD: Span = Span::seconds(15);

/// What differs between the releases that can be modelled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one difference, whatever the others are")]
pub struct Release {
    /// `1.37`.
    pub name: &'static str,
    /// What a kubelet reports: `v1.37.1`.
    pub git_version: &'static str,
    /// The kustomize inside its kubectl.
    pub kustomize_version: &'static str,
    /// Whether its kubectl describes a set's service, policies and `maxUnavailable`.
    pub describes_set_policies: bool,
    /// Whether its kubectl describes a probe with `successThreshold=1`, not `#success=1`.
    pub spells_probe_thresholds: bool,
    /// Whether its kubectl says what is wrong with a `run` without pointing at its help, and tells of the pod before its service (1.37).
    pub runs_in_newer_words: bool,
    /// Whether of the default StorageClasses in a list only the newest is marked, and of those that are asked for by name none (1.37).
    pub marks_newest_default_class: bool,
    /// Whether a patch that is no JSON is refused without saying why (1.37).
    pub refuses_patches_without_details: bool,
    /// Whether its kubectl refuses columns of labels beside custom ones (1.37), which show none.
    pub refuses_labels_beside_columns: bool,
    /// Whether its kubectl describes ports with their names: `80/TCP (web)`.
    pub names_ports: bool,
    /// Whether its kubectl describes events with the container they are about: `spec.containers{nginx}: Container started`.
    pub names_containers_of_events: bool,
    /// Gate `MaxUnavailableStatefulSet`: `updateStrategy.rollingUpdate.maxUnavailable` counts.
    pub max_unavailable_stateful_set: bool,
    /// With that gate on, whether a Parallel set's pods that are not available are replaced whatever the budget says, and first.
    pub parallel_update_replaces_unavailable: bool,
    /// Whether a finished `OnDelete` or `Recreate` update moves `status.currentRevision`.
    pub complete_update_for_every_strategy: bool,
    /// Whether each immutable StatefulSet field is refused by itself (1.37), not the whole spec at once.
    pub immutable_fields_one_by_one: bool,
    /// Whether the rules that are declared with the types decide (1.37): they are asked last and show no value that may not change.
    pub declared_rules_decide: bool,
    /// Gate `PersistentVolumeClaimUnusedSinceTime`: claims say in a condition whether a pod refers to them.
    pub claim_unused_condition: bool,
    /// Gate `HPAGeneration`: autoscalers count their generations.
    pub generations_of_autoscalers: bool,
    /// Gate `HPAScaleToZero`: autoscalers may ask for no replica, and say in a condition whether they have scaled to zero.
    pub autoscalers_scale_to_zero: bool,
    /// How long a new or changed autoscaler waits for its first look.
    pub autoscaler_first_look: Span,
    /// Whether the server's own pods are declared as the wire's are, with the host's namespaces beside the security context (1.37).
    pub pods_are_declared_as_on_the_wire: bool,
    /// Fields, by struct, that came with a later release: they are not known, and what is named after a template's Go struct has other
    /// names.
    pub later_fields: &'static [(&'static str, &'static str)],
    /// Fields, by struct, of which the schema says wrongly for this release that they are required, or that they are not.
    pub required_otherwise: &'static [(&'static str, &'static str)],
    /// Gate `SELinuxMount`: volumes may be mounted with a label (1.37).
    pub se_linux_mount: bool,
    /// Gates `ClusterTrustBundleProjection` and `PodCertificateRequest`: volumes may be made of certificates (1.37).
    pub projects_certificates: bool,
    /// Gate `PodLevelResourcesFixDefaulting`: the limits of a pod as a whole are filled in from those of its containers (1.37).
    pub fills_in_limits_of_pods: bool,
    /// Whether templates, not only pods, have to name the image of an image volume (1.37).
    pub templates_name_images_of_volumes: bool,
    /// Whether complaints about an owner say which one it is, and what is missing is required (1.37).
    pub counts_owners: bool,
    /// Whether a changed Job is judged as a new one first, and then once more (1.36).
    pub judges_jobs_twice: bool,
    /// What is said of a volume that is attached elsewhere: the beginning, and the end where no pod needs it there.
    pub volume_elsewhere: (&'static str, &'static str),
    /// Whether scheduling messages say "no new claims to deallocate" before `preemption:`.
    pub claims_to_deallocate_in_preemption: bool,
    /// Whether a change of a node's taints lets those pods be tried again that a new node would (1.36).
    pub taints_wake_like_new_nodes: bool,
    /// Whether a pod that takes the place of others says in its scheduling message how many and where (1.37).
    pub says_whom_it_preempts: bool,
}

/// The default release.
pub const V1_37: Release = Release {
    name: "1.37",
    git_version: "v1.37.1",
    kustomize_version: "v5.8.1",
    describes_set_policies: true,
    spells_probe_thresholds: true,
    runs_in_newer_words: true,
    marks_newest_default_class: true,
    refuses_patches_without_details: true,
    refuses_labels_beside_columns: true,
    names_ports: true,
    names_containers_of_events: true,
    max_unavailable_stateful_set: true,
    parallel_update_replaces_unavailable: true,
    complete_update_for_every_strategy: true,
    immutable_fields_one_by_one: true,
    declared_rules_decide: true,
    claim_unused_condition: true,
    generations_of_autoscalers: true,
    autoscalers_scale_to_zero: true,
    autoscaler_first_look: Span(0),
    pods_are_declared_as_on_the_wire: true,
    later_fields: &[],
    required_otherwise: &[],
    se_linux_mount: true,
    projects_certificates: true,
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
};

/// The release before.
pub const V1_36: Release = Release {
    name: "1.36",
    git_version: "v1.36.3",
    kustomize_version: "v5.8.1",
    describes_set_policies: false,
    spells_probe_thresholds: false,
    runs_in_newer_words: false,
    marks_newest_default_class: false,
    refuses_patches_without_details: false,
    refuses_labels_beside_columns: false,
    names_ports: true,
    names_containers_of_events: true,
    max_unavailable_stateful_set: false,
    parallel_update_replaces_unavailable: false,
    complete_update_for_every_strategy: false,
    immutable_fields_one_by_one: false,
    declared_rules_decide: false,
    claim_unused_condition: false,
    generations_of_autoscalers: false,
    autoscalers_scale_to_zero: false,
    autoscaler_first_look: AUTOSCALER_PERIOD,
    pods_are_declared_as_on_the_wire: false,
    later_fields: &[
        ("ClusterTrustBundleProjection", "user"),
        ("ConfigMapVolumeSource", "defaultUser"),
        ("DownwardAPIVolumeFile", "user"),
        ("DownwardAPIVolumeSource", "defaultUser"),
        ("EmptyDirVolumeSource", "mode"),
        ("GRPCAction", "mode"),
        ("HTTPGetAction", "protocol"),
        ("HorizontalPodAutoscalerCondition", "observedGeneration"),
        ("JobSpec", "scheduling"),
        ("KeyToPath", "user"),
        ("NodeSpec", "podPreemptionPolicy"),
        ("NodeSystemInfo", "runningInUserNamespace"),
        ("PersistentVolumeClaimStatus", "healthStatus"),
        ("PodCertificateProjection", "user"),
        ("PodSpec", "evictionResponders"),
        ("PodStatus", "volumeHealth"),
        ("ProjectedVolumeSource", "defaultUser"),
        ("SecretVolumeSource", "defaultUser"),
        ("ServiceAccountTokenProjection", "user"),
        ("VolumeMount", "bindMountOptions"),
    ],
    required_otherwise: &[
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
    ],
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
};

impl Release {
    /// All that can be modelled, the default first.
    pub const ALL: [&'static Release; 2] = [&V1_37, &V1_36];

    /// Whether a struct has a field of the schema.
    pub fn knows(&self, of: &StructType, field: &Field) -> bool {
        !self.later_fields.contains(&(of.name, field.name))
    }

    /// Whether a field of a struct is required by the OpenAPI document.
    pub fn requires(&self, of: &StructType, field: &Field) -> bool {
        field.is_required() != self.required_otherwise.contains(&(of.name, field.name))
    }

    /// Whether objects of a kind count how often their spec was written; those of others have the generation they are sent with.
    /// Models the `PrepareForCreate` of each kind's strategy.
    pub fn counts_generations(&self, kind: Kind) -> bool {
        use Kind::{
            CronJob, DaemonSet, Deployment, EndpointSlice, HorizontalPodAutoscaler, Job, Pod, PodDisruptionBudget, PodTemplate, ReplicaSet,
            ReplicationController, StatefulSet,
        };
        match kind {
            Pod
            | StatefulSet
            | Deployment
            | ReplicaSet
            | DaemonSet
            | EndpointSlice
            | PodDisruptionBudget
            | Job
            | CronJob
            | PodTemplate
            | ReplicationController => true,
            HorizontalPodAutoscaler => self.generations_of_autoscalers,
            _ => false,
        }
    }

    /// The release of this name.
    pub fn named(name: &str) -> Option<&'static Release> {
        Release::ALL.into_iter().find(|r| r.name == name)
    }
}
