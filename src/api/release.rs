//! The Kubernetes release that is modelled, as data. No other place tells releases apart; `change` only says when something came.

use crate::api::kind::Kind;
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
    /// Whether a change of a StorageClass is refused as "field is immutable" (1.37), not as "updates to … are forbidden.".
    pub immutable_storage_class_fields: bool,
    /// Whether a StatefulSet with a negative `revisionHistoryLimit` is warned of.
    pub warns_of_negative_history_limit: bool,
    /// Gate `PersistentVolumeClaimUnusedSinceTime`: claims say in a condition whether a pod refers to them.
    pub claim_unused_condition: bool,
    /// Gate `HPAGeneration`: autoscalers count their generations.
    pub generations_of_autoscalers: bool,
    /// Gate `HPAScaleToZero`: autoscalers say in a condition whether they have scaled to zero.
    pub autoscalers_tell_of_zero: bool,
    /// How long a new or changed autoscaler waits for its first look.
    pub autoscaler_first_look: Span,
    /// Whether the server's own pods are declared as the wire's are, with the host's namespaces beside the security context (1.37).
    pub pods_are_declared_as_on_the_wire: bool,
    /// Fields of pod templates, by struct, that came with a later release: they are not known, and what is named after a template's
    /// Go struct has other names.
    pub later_fields: &'static [(&'static str, &'static str)],
    /// What is said of a volume that is attached elsewhere: the beginning, and the end where no pod needs it there.
    pub volume_elsewhere: (&'static str, &'static str),
    /// Whether scheduling messages say "no new claims to deallocate" before `preemption:`.
    pub claims_to_deallocate_in_preemption: bool,
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
    names_ports: true,
    names_containers_of_events: true,
    max_unavailable_stateful_set: true,
    parallel_update_replaces_unavailable: true,
    complete_update_for_every_strategy: true,
    immutable_fields_one_by_one: true,
    immutable_storage_class_fields: true,
    warns_of_negative_history_limit: true,
    claim_unused_condition: true,
    generations_of_autoscalers: true,
    autoscalers_tell_of_zero: true,
    autoscaler_first_look: Span(0),
    pods_are_declared_as_on_the_wire: true,
    later_fields: &[],
    volume_elsewhere: (
        "Waiting for detach",
        "Volume is already exclusively attached to one node, waiting on detach before it can be attached to another node",
    ),
    claims_to_deallocate_in_preemption: false,
    says_whom_it_preempts: true,
};

/// The release before.
pub const V1_36: Release = Release {
    name: "1.36",
    git_version: "v1.36.3",
    kustomize_version: "v5.8.1",
    describes_set_policies: false,
    spells_probe_thresholds: false,
    names_ports: true,
    names_containers_of_events: true,
    max_unavailable_stateful_set: false,
    parallel_update_replaces_unavailable: false,
    complete_update_for_every_strategy: false,
    immutable_fields_one_by_one: false,
    immutable_storage_class_fields: false,
    warns_of_negative_history_limit: false,
    claim_unused_condition: false,
    generations_of_autoscalers: false,
    autoscalers_tell_of_zero: false,
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
        ("KeyToPath", "user"),
        ("PodCertificateProjection", "user"),
        ("PodSpec", "evictionResponders"),
        ("ProjectedVolumeSource", "defaultUser"),
        ("SecretVolumeSource", "defaultUser"),
        ("ServiceAccountTokenProjection", "user"),
        ("VolumeMount", "bindMountOptions"),
    ],
    volume_elsewhere: ("Multi-Attach error", "Volume is already exclusively attached to one node and can't be attached to another"),
    claims_to_deallocate_in_preemption: true,
    says_whom_it_preempts: false,
};

impl Release {
    /// All that can be modelled, the default first.
    pub const ALL: [&'static Release; 2] = [&V1_37, &V1_36];

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
