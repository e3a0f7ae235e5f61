//! The source of a rule: the deciding field or component, and the documentation page about it.

use super::Why;
use crate::api::kind::Kind;
use crate::api::object::ObjectKey;
use crate::api::obstacle::Obstacle;
use crate::base::value::Value;
use crate::view::Snapshot;
use crate::view::manifest::line_of;
use crate::why::{Component, Nature, Plugin, ProbeKind, Reason, Slices, Upkeep};
use crate::yaml::Document;

/// A documentation page: its title, and its path below [`DOCS`].
pub(super) type Page = (&'static str, &'static str);

/// The root of the documentation, in English.
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
const EXPANSION: Page = ("Expanding Persistent Volumes Claims", "concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims");
const RECLAIMING: Page = ("Reclaiming", "concepts/storage/persistent-volumes/#reclaiming");
const DEPLOYMENT: Page = ("Deployments", "concepts/workloads/controllers/deployment/");
const JOB: Page = ("Jobs", "concepts/workloads/controllers/job/");
const DAEMON_SET: Page = ("DaemonSet", "concepts/workloads/controllers/daemonset/");
const TAINTS: Page = ("Taint based Evictions", "concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions");
const DISRUPTIONS: Page = ("Disruptions", "concepts/workloads/pods/disruptions/#pod-disruption-budgets");
const SCHEDULING: Page = ("kube-scheduler", "concepts/scheduling-eviction/kube-scheduler/");
const PREEMPTION: Page = ("Preemption", "concepts/scheduling-eviction/pod-priority-preemption/#preemption");
const TERMINATION: Page = ("Termination of Pods", "concepts/workloads/pods/pod-lifecycle/#pod-termination");
const PHASES: Page = ("Pod phase", "concepts/workloads/pods/pod-lifecycle/#pod-phase");
const PROBES: Page = ("Container probes", "concepts/workloads/pods/pod-lifecycle/#container-probes");
const DETACHING: Page =
    ("Non-graceful node shutdown handling", "concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown");
const CONFIGURING: Page = ("ConfigMaps", "concepts/configuration/configmap/");
const SECRETS: Page = ("Secrets", "concepts/configuration/secret/");
const INITS: Page = ("Init Containers", "concepts/workloads/pods/init-containers/");
const MEMORY: Page = ("Assign Memory Resources", "tasks/configure-pod-container/assign-memory-resource/");
const HOOKS: Page = ("Container Lifecycle Hooks", "concepts/containers/container-lifecycle-hooks/");
const RESTARTS: Page = ("How Pods handle problems with containers", "concepts/workloads/pods/pod-lifecycle/#container-restarts");
const IMAGES: Page = ("Images", "concepts/containers/images/#imagepullbackoff");
const IMAGE_NAMES: Page = ("Images", "concepts/containers/images/#image-names");
const READINESS_GATES: Page = ("Pod readiness", "concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate");
const SCHEDULING_GATES: Page = ("Pod Scheduling Readiness", "concepts/scheduling-eviction/pod-scheduling-readiness/");
const NODES: Page = ("Node status", "concepts/architecture/nodes/#node-status");
const COLLECTION: Page = ("Garbage Collection", "concepts/architecture/garbage-collection/");
const FINALIZERS: Page = ("Finalizers", "concepts/overview/working-with-objects/finalizers/");
pub(super) const FORCE_DELETE: Page = ("Force Delete StatefulSet Pods", "tasks/run-application/force-delete-stateful-set-pod/");

/// What decides: a field of a manifest, or a component.
enum Decider {
    /// By its path.
    Field(&'static str),
    /// The one that usually gives this reason; whoever has given it is named instead.
    Who(Component),
}

use Decider::{Field, Who};

/// What decides about an object of a kind, and the page about it.
fn source(reason: &Reason, kind: Kind) -> (Decider, Option<Page>) {
    match reason {
        Reason::CacheBehindOwnWrites | Reason::SyncFailed { .. } => (Who(Component::StatefulSet), None),
        Reason::ClaimingPods => (Field("spec.selector"), Some(IDENTITY)),
        Reason::RepairingPod { .. } | Reason::NameTaken { .. } => (Who(Component::StatefulSet), Some(IDENTITY)),
        Reason::WorkloadIsBeingDeleted => (Field("metadata.deletionTimestamp"), Some(COLLECTION)),
        Reason::UpToDate => (Field("spec.replicas"), page_of(kind).or(Some(GUARANTEES))),
        Reason::ReplacingTerminalPod { .. }
        | Reason::CreatingPod { .. }
        | Reason::CreatingPods { .. }
        | Reason::RemovingPod { .. }
        | Reason::WaitsForRemovedPod { .. } => (Field("spec.replicas"), Some(GUARANTEES)),
        Reason::WaitsForPodToGo { .. } | Reason::WaitsForPodToBeReady { .. } | Reason::RemovalWaitsForLower { .. } => {
            (Field("spec.podManagementPolicy"), Some(GUARANTEES))
        }
        Reason::WaitsForPodToBeAvailable { .. } => (Field("spec.minReadySeconds"), Some(MIN_READY)),
        Reason::StaleClaim { .. } | Reason::ClaimIsBeingDeleted { .. } => (Field("spec.volumeClaimTemplates"), Some(STABLE_STORAGE)),
        Reason::MarkingClaims => (Field("spec.persistentVolumeClaimRetentionPolicy"), Some(RETENTION)),
        Reason::ReplacingForUpdate { .. }
        | Reason::UpdateWaitsForUnavailable { .. }
        | Reason::OnDeleteWaitsForYou { .. }
        | Reason::UnknownStrategy => (Field("spec.updateStrategy"), Some(STRATEGIES)),
        Reason::BelowPartition { .. } => (Field("spec.updateStrategy.rollingUpdate.partition"), Some(PARTITIONS)),
        Reason::ClaimingReplicaSets | Reason::CreatingReplicaSet { .. } | Reason::ReplicaSetNameTaken { .. } => {
            (Field("spec.template"), Some(DEPLOYMENT))
        }
        Reason::ScalingReplicaSet { .. } | Reason::RolloutWaitsForPods { .. } | Reason::RolloutWaitsForOldPods { .. } => {
            (Field("spec.strategy"), Some(DEPLOYMENT))
        }
        Reason::ForgettingReplicaSet { .. } => (Field("spec.revisionHistoryLimit"), Some(DEPLOYMENT)),
        Reason::JobRuns { .. } | Reason::JobIsComplete | Reason::JobWaitsForPods { .. } => (Field("spec.completions"), Some(JOB)),
        Reason::JobIsSuspended => (Field("spec.suspend"), Some(JOB)),
        Reason::JobIsLeftTo { .. } => (Field("spec.managedBy"), Some(JOB)),
        Reason::BacksOff { .. } if kind == Kind::Job => (Field("spec.backoffLimit"), Some(JOB)),
        Reason::BacksOff { .. } => (Who(Component::DaemonSet), page_of(kind)),
        Reason::JobHasFailed { field } => (Field(field), Some(JOB)),
        Reason::ScheduleIgnored => (Field("spec.schedule"), None),
        Reason::CreatingOnNodes { .. } => (Field("spec.template"), Some(DAEMON_SET)),
        Reason::UpdateWaitsForNodes { .. } => (Field("spec.updateStrategy"), Some(DAEMON_SET)),
        Reason::NoScaleTarget { .. } | Reason::ScalingIsOff => (Field("spec.scaleTargetRef"), None),
        Reason::NoMetrics => (Field("spec.metrics"), None),
        Reason::Rescales { from, to } => (Field(if from < to { "spec.minReplicas" } else { "spec.maxReplicas" }), None),
        Reason::SizeIsNotNoted(_) => (Field("spec.replicas"), Some(DEPLOYMENT)),
        Reason::RolloutPaused => (Field("spec.paused"), Some(DEPLOYMENT)),
        Reason::RolloutTimedOut { .. } => (Field("spec.progressDeadlineSeconds"), Some(DEPLOYMENT)),
        Reason::CreatingReplicas { .. } | Reason::RemovingReplicas { .. } | Reason::ReplicasNotAvailable { .. } => {
            (Field("spec.replicas"), Some(DEPLOYMENT))
        }
        Reason::NodeIsHeard | Reason::NodeFellSilent { .. } => (Who(Component::NodeLifecycle), Some(NODES)),
        Reason::EvictionIsPaced | Reason::ZoneIsSilent | Reason::NobodyIsHeard | Reason::NodeIsEmptied { .. } => {
            (Who(Component::NodeLifecycle), Some(TAINTS))
        }
        Reason::ToleratesTaintFor { .. } | Reason::ToleratesTaint { .. } | Reason::EvictedByTaint { .. } | Reason::EvictionCalledOff => {
            (Field("spec.tolerations"), Some(TAINTS))
        }
        Reason::WaitsForNodeToReturn { .. } | Reason::NodeObjectGone { .. } | Reason::NodeIsOutOfService { .. } | Reason::NeverHadNode => {
            (Who(Component::PodGc), Some(NODES))
        }
        Reason::DisruptionsAllowed { .. }
        | Reason::NoDisruptionAllowed(_)
        | Reason::EvictionRefused { .. }
        | Reason::NoPodsSelected
        | Reason::BudgetUnclear { .. } => (Who(Component::Disruption), Some(DISRUPTIONS)),
        Reason::Slices(Slices::FollowPods(_) | Slices::AreCurrent | Slices::AreLeftToOthers) => (Field("spec.selector"), None),
        Reason::Slices(Slices::FollowService) => (Field("metadata.labels"), None),
        Reason::Slices(Slices::AreNotNeeded) => (Field("spec.type"), None),
        Reason::Emptying(_) if kind == Kind::CustomResourceDefinition => (Who(Component::Definition), None),
        Reason::Emptying(_) => (Who(Component::Namespace), None),
        Reason::Endpoints(_) => (Who(Component::Endpoints), None),
        Reason::Mirroring(_) => (Who(Component::EndpointSliceMirroring), None),
        Reason::WaitsForPreempted { .. } | Reason::Preempted { .. } => (Field("spec.template.spec.priorityClassName"), Some(PREEMPTION)),
        Reason::Unschedulable { .. } | Reason::Assigned { .. } => (Who(Component::Scheduler), Some(SCHEDULING)),
        Reason::WaitsForVolumes { .. } | Reason::WaitsForFirstConsumer => (Field("volumeBindingMode"), Some(BINDING)),
        Reason::NoStorageClass | Reason::StorageClassNotFound { .. } => (Field("storageClassName"), Some(CLASSES)),
        Reason::MayNotGrow { .. } => (Field("allowVolumeExpansion"), Some(EXPANSION)),
        Reason::VolumeGoes { .. } => (Who(Component::VolumeProtection), Some(PROTECTION)),
        Reason::WaitsForProvisioner { .. }
        | Reason::NoVolumeFits
        | Reason::WaitsForVolume { .. }
        | Reason::VolumeDoesNotSuit { .. }
        | Reason::NoProvisionerRuns { .. }
        | Reason::ProvisionerRefuses { .. }
        | Reason::ClaimBound { .. }
        | Reason::WaitsForClaim(..)
        | Reason::VolumeTaken { .. }
        | Reason::VolumeLost { .. } => (Who(Component::PersistentVolumeBinder), Some(CLAIMS)),
        Reason::ReclaimsVolume | Reason::VolumeStays { .. } => (Field("persistentVolumeReclaimPolicy"), Some(RECLAIMING)),
        Reason::ClaimInUse { .. } | Reason::VolumeInUse { .. } => (Field("metadata.finalizers"), Some(PROTECTION)),
        Reason::AttachesVolume { .. }
        | Reason::VolumeAttached { .. }
        | Reason::WaitsForDetach { .. }
        | Reason::WaitsForUnmount { .. }
        | Reason::DetachesVolume { .. } => (Who(Component::AttachDetach), Some(DETACHING)),
        Reason::MissingReference { missing: Obstacle::Missing(Kind::Secret, _) | Obstacle::MissingKey(Kind::Secret, ..), .. } => {
            (Field("spec.template.spec"), Some(SECRETS))
        }
        Reason::ImagePullFails { .. } | Reason::MissingReference { missing: Obstacle::MissingImage, .. } => {
            (Field("spec.template.spec.containers"), Some(IMAGES))
        }
        Reason::MissingReference { .. } => (Field("spec.template.spec"), Some(CONFIGURING)),
        Reason::InvalidImageName { .. } => (Field("spec.template.spec.containers"), Some(IMAGE_NAMES)),
        Reason::ReadinessGatesClosed(..) => (Field("spec.template.spec.readinessGates"), Some(READINESS_GATES)),
        Reason::SchedulingGated(..) => (Field("spec.template.spec.schedulingGates"), Some(SCHEDULING_GATES)),
        Reason::InitContainerRuns { .. } => (Field("spec.template.spec.initContainers"), Some(INITS)),
        Reason::PastDeadline { .. } => (Field("spec.activeDeadlineSeconds"), Some(PHASES)),
        Reason::OutOfMemory { .. } => (Field("resources.limits.memory"), Some(MEMORY)),
        Reason::HookRuns { .. } | Reason::HookFailed { .. } => (Who(Component::Kubelet), Some(HOOKS)),
        Reason::StartingContainers | Reason::CrashLoop { .. } | Reason::CannotStart { .. } => (Who(Component::Kubelet), Some(RESTARTS)),
        Reason::ProcessesEnded => (Who(Component::Kubelet), Some(PHASES)),
        Reason::NotReadyYet
        | Reason::PodIsReady
        | Reason::SupposedReady { .. }
        | Reason::ProbeFails { .. }
        | Reason::FailedProbe { .. } => (Who(Component::Kubelet), Some(PROBES)),
        Reason::StoppingContainers => (Who(Component::Kubelet), Some(TERMINATION)),
        Reason::NodeIsSilent { .. } => (Who(Component::NodeLifecycle), Some(FORCE_DELETE)),
        Reason::OwnerGone(_) | Reason::OwnerOfUnknownKind(_) | Reason::WaitsForDependents { .. } | Reason::OrphansDependents => {
            (Field("metadata.ownerReferences"), Some(COLLECTION))
        }
        Reason::HeldByFinalizer { .. } => (Field("metadata.finalizers"), Some(FINALIZERS)),
        Reason::Upkeep(upkeep) => source_of_upkeep(upkeep),
    }
}

fn source_of_upkeep(upkeep: &Upkeep) -> (Decider, Option<Page>) {
    match upkeep {
        Upkeep::ForgetsOwner { .. } => (Field("metadata.ownerReferences"), Some(COLLECTION)),
        Upkeep::FinalizerDone { .. } | Upkeep::FinalizerBack { .. } => (Field("metadata.finalizers"), Some(FINALIZERS)),
        Upkeep::TakesDefaultClass { .. } => (Field("storageClassName"), Some(CLASSES)),
        Upkeep::VolumeReleased { .. } => (Who(Component::PersistentVolumeBinder), Some(CLAIMS)),
        Upkeep::KeepsRevisions => (Field("spec.template"), Some(STRATEGIES)),
        Upkeep::StatusFollows => (Who(Component::Disruption), None),
        Upkeep::TokenIsMade { .. } | Upkeep::AccountIsGone { .. } => (Field("type"), None),
        Upkeep::EveryNamespaceHasOne => (Who(Component::ServiceAccounts), None),
        Upkeep::TaintsFollowNode => (Who(Component::NodeLifecycle), Some(NODES)),
        Upkeep::TimeIsOver => (Field("spec.ttlSecondsAfterFinished"), Some(JOB)),
        Upkeep::MakesClaims => (Field("spec.template.spec.volumes"), None),
    }
}

/// The fields that decide where a claim's volume comes from.
const VOLUME: &[&str] =
    &["spec.volumeClaimTemplates[0].spec.storageClassName", "spec.volumeClaimTemplates", "spec.storageClassName", "spec"];

/// The deciding fields of a manifest, if they are other than the one that [`source`] has: the first that is present counts.
/// Pod fields are given with their path in a template; `containers[0]` stands for the container that the reason names.
fn fields(reason: &Reason) -> &'static [&'static str] {
    match reason {
        Reason::ProbeFails { probe: ProbeKind::Startup, .. } | Reason::FailedProbe { probe: ProbeKind::Startup, .. } => {
            &["spec.template.spec.containers[0].startupProbe"]
        }
        Reason::NotReadyYet | Reason::PodIsReady | Reason::ProbeFails { .. } | Reason::SupposedReady { .. } => {
            &["spec.template.spec.containers[0].readinessProbe", "spec.template.spec.containers[0].image"]
        }
        Reason::ProcessesEnded => &["spec.template.spec.restartPolicy"],
        Reason::OutOfMemory { .. } => &["spec.template.spec.containers[0].resources.limits.memory"],
        Reason::HookRuns { .. } | Reason::HookFailed { .. } => &["spec.template.spec.containers[0].lifecycle.postStart"],
        Reason::FailedProbe { .. } => &["spec.template.spec.containers[0].livenessProbe"],
        Reason::CrashLoop { .. } | Reason::CannotStart { .. } => {
            &["spec.template.spec.containers[0].command", "spec.template.spec.containers[0].args", "spec.template.spec.containers[0].image"]
        }
        Reason::StartingContainers => &["spec.template.spec.containers[0].image"],
        Reason::StoppingContainers => &["spec.template.spec.terminationGracePeriodSeconds", "spec.template"],
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::VolumeBinding) => VOLUME,
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::NodeAffinity) => {
            &["spec.template.spec.nodeSelector", "spec.template.spec.affinity"]
        }
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::InterPodAffinity) => &["spec.template.spec.affinity"],
        Reason::Unschedulable { by, .. } if by.contains(&Plugin::NodeResourcesFit) => &["spec.template.spec.containers[0].resources"],
        Reason::Unschedulable { .. }
        | Reason::NodeIsSilent { .. }
        | Reason::EvictedByTaint { .. }
        | Reason::ToleratesTaint { .. }
        | Reason::ToleratesTaintFor { .. } => &["spec.template.spec.tolerations", "spec.template"],
        Reason::WaitsForVolumes { .. }
        | Reason::WaitsForFirstConsumer
        | Reason::NoStorageClass
        | Reason::StorageClassNotFound { .. }
        | Reason::WaitsForProvisioner { .. }
        | Reason::NoVolumeFits
        | Reason::ClaimBound { .. }
        | Reason::WaitsForClaim(..)
        | Reason::VolumeGoes { .. }
        | Reason::VolumeTaken { .. }
        | Reason::VolumeLost { .. } => VOLUME,
        _ => &[],
    }
}

/// The page about a workload without ordinals.
fn page_of(kind: Kind) -> Option<Page> {
    match kind {
        Kind::Deployment | Kind::ReplicaSet => Some(DEPLOYMENT),
        Kind::DaemonSet => Some(DAEMON_SET),
        Kind::Job => Some(JOB),
        _ => None,
    }
}

/// The same explanation, with what decides and the page about it.
pub(super) fn sourced(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    let (decider, docs) = source(because, about.kind);
    let by = match decider {
        Field(field) => field,
        Who(usual) => shot.decisions.about(about).find(|entry| entry.decision.because == *because).map_or(usual, |e| e.decision.who).name(),
    };
    Why { decided_by: by.to_owned(), docs: docs.map(|(title, place)| (title, format!("{DOCS}{place}"))), ..why }
}

/// The same explanation, with the deciding line of the manifest.
pub(super) fn with_line(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    let why = sourced(shot, why, about, because);
    let nature = because.nature();
    let line = documents(shot, about).find_map(|(key, document)| {
        let kind = key.kind;
        let meant = container_of(document, kind, because);
        // Where the image is what is wrong, its line comes before any other.
        let image = meant.as_ref().filter(|_| nature.image.is_some() && nature.trouble.is_some());
        let image = image.map(|meant| format!("spec.template.spec.{meant}.image"));
        let named = image.into_iter().chain(fields(because).iter().map(|field| (*field).to_owned())).chain([why.decided_by.clone()]);
        let spelled = |field: String| {
            let field = if let Some(meant) = &meant { field.replace("containers[0]", meant) } else { field };
            // A pod's own manifest has no template around it.
            if kind == Kind::Pod { field.replace("spec.template.", "") } else { field }
        };
        named.map(spelled).find_map(|field| line_that_holds(shot, &key, document, &field))
    });
    Why { line, ..why }
}

/// Adds the field, and its line, that decides that an ordinal is not wanted.
pub(super) fn not_wanted(shot: &Snapshot, why: Why, set: &ObjectKey, field: &str) -> Why {
    let line = documents(shot, set).find_map(|(key, document)| line_that_holds(shot, &key, document, field));
    let docs = Some((GUARANTEES.0, format!("{DOCS}{}", GUARANTEES.1)));
    Why { line, decided_by: field.to_owned(), docs, ..why }
}

/// The documents that define an object: its own, and those of its origins, nearest first.
fn documents<'a>(shot: &Snapshot<'a>, about: &ObjectKey) -> impl Iterator<Item = (ObjectKey, &'a Document)> + use<'a> {
    let (manifest, keys) = (shot.manifest, origins(shot, about));
    keys.into_iter().filter_map(move |key| {
        let document = manifest.document_of(&key)?;
        Some((key, document))
    })
}

/// The line of a document with a field; `None` where the object has come to have another value, as after `kubectl scale`.
fn line_that_holds(shot: &Snapshot, key: &ObjectKey, document: &Document, field: &str) -> Option<usize> {
    let line = line_of(document, field)?;
    let names: Vec<&str> = field.split('.').collect();
    let value = |object: &Value| object.at(&names).filter(|value| value.as_map().is_none() && value.as_list().is_none()).cloned();
    let written = document.value.as_ref().and_then(value);
    let live = shot.tables.get(key).and_then(|object| value(&object.encode()));
    (written.is_none() || live.is_none() || written == live).then_some(line)
}

/// An object and its origins: a pod comes from its set, a claim from the set with its template.
pub(in crate::view) fn origins(shot: &Snapshot, about: &ObjectKey) -> Vec<ObjectKey> {
    const STEPS_MOST: usize = 4;
    let mut keys = vec![about.clone()];
    while let Some(above) = keys.last().filter(|_| keys.len() < STEPS_MOST).and_then(|key| above(shot, key)) {
        keys.push(above);
    }
    keys
}

fn above(shot: &Snapshot, key: &ObjectKey) -> Option<ObjectKey> {
    let owner = shot.tables.get(key).and_then(|object| object.meta().controller());
    if let Some((kind, owner)) = owner.and_then(|owner| Some((owner.kind?, owner))) {
        return Some(ObjectKey::new(kind, &key.namespace, &owner.name));
    }
    shot.set_of(key).map(|set| ObjectKey::new(Kind::StatefulSet, &key.namespace, &set.meta.name))
}

/// The container of a document that a reason names, or that has the image it names, as a field of the pod: `initContainers[1]`.
fn container_of(document: &Document, kind: Kind, because: &Reason) -> Option<String> {
    let Nature { container, image, .. } = because.nature();
    let (field, wanted) = container.map(|name| ("name", name)).or(image.map(|name| ("image", name)))?;
    let spec: &[&str] = if kind == Kind::Pod { &["spec"] } else { &["spec", "template", "spec"] };
    let pod = document.value.as_ref()?.at(spec)?;
    ["containers", "initContainers"].into_iter().find_map(|list| {
        let at = pod.list_at(&[list]).iter().position(|container| container.text_at(&[field]) == Some(wanted))?;
        Some(format!("{list}[{at}]"))
    })
}
