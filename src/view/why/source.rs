//! The source of a rule: the deciding field or component, and the documentation page about it.

use super::Why;
use crate::api::controller::Controller;
use crate::api::kind::Kind;
use crate::api::object::ObjectKey;
use crate::api::obstacle::Obstacle;
use crate::base::value::Value;
use crate::view::Snapshot;
use crate::view::manifest::line_of;
use crate::why::log::Entry;
use crate::why::{Nature, Plugin, ProbeKind, Reason, Slices, Upkeep};
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

/// The deciding field or component, and the page about it.
pub(super) fn source(reason: &Reason) -> (&'static str, Option<Page>) {
    match reason {
        Reason::CacheBehindOwnWrites | Reason::SyncFailed { .. } => (Controller::StatefulSet.name(), None),
        Reason::ClaimingPods => ("spec.selector", Some(IDENTITY)),
        Reason::RepairingPod { .. } | Reason::NameTaken { .. } => (Controller::StatefulSet.name(), Some(IDENTITY)),
        Reason::WorkloadIsBeingDeleted => ("metadata.deletionTimestamp", Some(COLLECTION)),
        Reason::UpToDate
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
        Reason::ReplacingForUpdate { .. }
        | Reason::UpdateWaitsForUnavailable { .. }
        | Reason::OnDeleteWaitsForYou { .. }
        | Reason::UnknownStrategy => ("spec.updateStrategy", Some(STRATEGIES)),
        Reason::BelowPartition { .. } => ("spec.updateStrategy.rollingUpdate.partition", Some(PARTITIONS)),
        Reason::ClaimingReplicaSets | Reason::CreatingReplicaSet { .. } | Reason::ReplicaSetNameTaken { .. } => {
            ("spec.template", Some(DEPLOYMENT))
        }
        Reason::ScalingReplicaSet { .. } | Reason::RolloutWaitsForPods { .. } | Reason::RolloutWaitsForOldPods { .. } => {
            ("spec.strategy", Some(DEPLOYMENT))
        }
        Reason::ForgettingReplicaSet { .. } => ("spec.revisionHistoryLimit", Some(DEPLOYMENT)),
        Reason::JobRuns { .. } | Reason::JobIsComplete | Reason::JobWaitsForPods { .. } => ("spec.completions", Some(JOB)),
        Reason::JobIsSuspended => ("spec.suspend", Some(JOB)),
        Reason::BacksOff { .. } => ("spec.backoffLimit", Some(JOB)),
        Reason::JobHasFailed { field } => (field, Some(JOB)),
        Reason::ScheduleIgnored => ("spec.schedule", None),
        Reason::CreatingOnNodes { .. } => ("spec.template", Some(DAEMON_SET)),
        Reason::UpdateWaitsForNodes { .. } => ("spec.updateStrategy", Some(DAEMON_SET)),
        Reason::NoScaleTarget { .. } | Reason::ScalingIsOff => ("spec.scaleTargetRef", None),
        Reason::NoMetrics => ("spec.metrics", None),
        Reason::Rescales { from, to } => (if from < to { "spec.minReplicas" } else { "spec.maxReplicas" }, None),
        Reason::SizeIsNotNoted(_) => ("spec.replicas", Some(DEPLOYMENT)),
        Reason::RolloutPaused => ("spec.paused", Some(DEPLOYMENT)),
        Reason::RolloutTimedOut { .. } => ("spec.progressDeadlineSeconds", Some(DEPLOYMENT)),
        Reason::CreatingReplicas { .. } | Reason::RemovingReplicas { .. } | Reason::ReplicasNotAvailable { .. } => {
            ("spec.replicas", Some(DEPLOYMENT))
        }
        Reason::NodeIsHeard | Reason::NodeFellSilent { .. } => (Controller::NodeMonitor.name(), Some(NODES)),
        Reason::EvictionIsPaced | Reason::ZoneIsSilent | Reason::NobodyIsHeard | Reason::NodeIsEmptied { .. } => {
            (Controller::NodeMonitor.name(), Some(TAINTS))
        }
        Reason::ToleratesTaintFor { .. } | Reason::ToleratesTaint { .. } | Reason::EvictedByTaint { .. } | Reason::EvictionCalledOff => {
            ("spec.tolerations", Some(TAINTS))
        }
        Reason::WaitsForNodeToReturn { .. } | Reason::NodeObjectGone { .. } | Reason::NodeIsOutOfService { .. } | Reason::NeverHadNode => {
            (Controller::PodGc.name(), Some(NODES))
        }
        Reason::DisruptionsAllowed { .. }
        | Reason::NoDisruptionAllowed(_)
        | Reason::EvictionRefused { .. }
        | Reason::NoPodsSelected
        | Reason::BudgetUnclear { .. } => (Controller::Disruption.name(), Some(DISRUPTIONS)),
        Reason::Slices(Slices::FollowPods(_) | Slices::AreCurrent | Slices::AreLeftToOthers) => ("spec.selector", None),
        Reason::Slices(Slices::FollowService) => ("metadata.labels", None),
        Reason::Slices(Slices::AreNotNeeded) => ("spec.type", None),
        Reason::Emptying(_) => (Controller::Namespace.name(), None),
        Reason::Endpoints(_) => (Controller::Endpoints.name(), None),
        Reason::Mirroring(_) => (Controller::EndpointSliceMirroring.name(), None),
        Reason::WaitsForPreempted { .. } | Reason::Preempted { .. } => ("spec.template.spec.priorityClassName", Some(PREEMPTION)),
        Reason::Unschedulable { .. } | Reason::Assigned { .. } => ("kube-scheduler", Some(SCHEDULING)),
        Reason::WaitsForVolumes { .. } | Reason::WaitsForFirstConsumer => ("volumeBindingMode", Some(BINDING)),
        Reason::NoStorageClass | Reason::StorageClassNotFound { .. } => ("storageClassName", Some(CLASSES)),
        Reason::VolumeGoes { .. } => ("pv-protection", Some(PROTECTION)),
        Reason::WaitsForProvisioner { .. }
        | Reason::NoVolumeFits
        | Reason::WaitsForVolume { .. }
        | Reason::VolumeDoesNotSuit { .. }
        | Reason::ProvisionerRefuses { .. }
        | Reason::ClaimBound { .. }
        | Reason::WaitsForClaim(..)
        | Reason::VolumeTaken { .. }
        | Reason::VolumeLost { .. } => (Controller::Volumes.name(), Some(CLAIMS)),
        Reason::ReclaimsVolume | Reason::VolumeStays { .. } => ("persistentVolumeReclaimPolicy", Some(RECLAIMING)),
        Reason::ClaimInUse { .. } | Reason::VolumeInUse { .. } => ("metadata.finalizers", Some(PROTECTION)),
        Reason::AttachesVolume { .. }
        | Reason::VolumeAttached { .. }
        | Reason::WaitsForDetach { .. }
        | Reason::WaitsForUnmount { .. }
        | Reason::DetachesVolume { .. } => (Controller::AttachDetach.name(), Some(DETACHING)),
        Reason::MissingReference { missing: Obstacle::Missing(Kind::Secret, _) | Obstacle::MissingKey(Kind::Secret, ..), .. } => {
            ("spec.template.spec", Some(SECRETS))
        }
        Reason::ImagePullFails { .. } | Reason::MissingReference { missing: Obstacle::MissingImage, .. } => {
            ("spec.template.spec.containers", Some(IMAGES))
        }
        Reason::MissingReference { .. } => ("spec.template.spec", Some(CONFIGURING)),
        Reason::InvalidImageName { .. } => ("spec.template.spec.containers", Some(IMAGE_NAMES)),
        Reason::ReadinessGatesClosed(..) => ("spec.template.spec.readinessGates", Some(READINESS_GATES)),
        Reason::SchedulingGated(..) => ("spec.template.spec.schedulingGates", Some(SCHEDULING_GATES)),
        Reason::InitContainerRuns { .. } => ("spec.template.spec.initContainers", Some(INITS)),
        Reason::PastDeadline { .. } => ("spec.activeDeadlineSeconds", Some(PHASES)),
        Reason::OutOfMemory { .. } => ("resources.limits.memory", Some(MEMORY)),
        Reason::HookRuns { .. } | Reason::HookFailed { .. } => ("kubelet", Some(HOOKS)),
        Reason::StartingContainers | Reason::CrashLoop { .. } | Reason::CannotStart { .. } => ("kubelet", Some(RESTARTS)),
        Reason::ProcessesEnded => ("kubelet", Some(PHASES)),
        Reason::NotReadyYet
        | Reason::PodIsReady
        | Reason::SupposedReady { .. }
        | Reason::ProbeFails { .. }
        | Reason::FailedProbe { .. } => ("kubelet", Some(PROBES)),
        Reason::StoppingContainers => ("kubelet", Some(TERMINATION)),
        Reason::NodeIsSilent { .. } => (Controller::NodeMonitor.name(), Some(FORCE_DELETE)),
        Reason::OwnerGone(_) | Reason::OwnerOfUnknownKind(_) | Reason::WaitsForDependents { .. } | Reason::OrphansDependents => {
            ("metadata.ownerReferences", Some(COLLECTION))
        }
        Reason::HeldByFinalizer { .. } => ("metadata.finalizers", Some(FINALIZERS)),
        Reason::Upkeep(upkeep) => source_of_upkeep(upkeep),
    }
}

fn source_of_upkeep(upkeep: &Upkeep) -> (&'static str, Option<Page>) {
    match upkeep {
        Upkeep::ForgetsOwner { .. } => ("metadata.ownerReferences", Some(COLLECTION)),
        Upkeep::FinalizerDone { .. } | Upkeep::FinalizerBack { .. } => ("metadata.finalizers", Some(FINALIZERS)),
        Upkeep::TakesDefaultClass { .. } => ("storageClassName", Some(CLASSES)),
        Upkeep::VolumeReleased { .. } => (Controller::Volumes.name(), Some(CLAIMS)),
        Upkeep::KeepsRevisions => ("spec.template", Some(STRATEGIES)),
        Upkeep::StatusFollows | Upkeep::EveryNamespaceHasOne => ("kube-controller-manager", None),
        Upkeep::TaintsFollowNode => (Controller::NodeMonitor.name(), Some(NODES)),
        Upkeep::TimeIsOver => ("spec.ttlSecondsAfterFinished", Some(JOB)),
        Upkeep::MakesClaims => ("spec.template.spec.volumes", None),
    }
}

/// The fields that decide where a claim's volume comes from.
const VOLUME: &[&str] =
    &["spec.volumeClaimTemplates[0].spec.storageClassName", "spec.volumeClaimTemplates", "spec.storageClassName", "spec"];

/// The deciding fields of a manifest, if they are other than the one that [`source`] names: the first that is present counts.
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

/// The same explanation, with the deciding line of the manifest.
pub(super) fn with_line(shot: &Snapshot, why: Why, about: &ObjectKey, because: &Reason) -> Why {
    // Any controller can be behind, or fail: whoever says so.
    let anyones = match because {
        Reason::CacheBehindOwnWrites | Reason::SyncFailed { .. } => true,
        Reason::BacksOff { .. } => about.kind != Kind::Job,
        _ => false,
    };
    let said = |entry: &&Entry| anyones && entry.decision.because == *because;
    let by = shot.decisions.about(about).find(said).map_or_else(|| why.decided_by.clone(), |entry| entry.decision.who.name().to_owned());
    // A reason that controllers share is documented where the workload is.
    let own = page_of(about.kind).filter(|_| matches!(because, Reason::UpToDate | Reason::BacksOff { .. }));
    let docs = own.map(|(title, place)| (title, format!("{DOCS}{place}"))).or_else(|| why.docs.clone());
    let nature = because.nature();
    let line = documents(shot, about).find_map(|(key, document)| {
        let kind = key.kind;
        let meant = container_of(document, kind, because);
        // Where the image is what is wrong, its line comes before any other.
        let image = meant.as_ref().filter(|_| nature.image.is_some() && nature.trouble.is_some());
        let image = image.map(|meant| format!("spec.template.spec.{meant}.image"));
        let named = image.into_iter().chain(fields(because).iter().map(|field| (*field).to_owned())).chain([by.clone()]);
        let spelled = |field: String| {
            let field = if let Some(meant) = &meant { field.replace("containers[0]", meant) } else { field };
            // A pod's own manifest has no template around it.
            if kind == Kind::Pod { field.replace("spec.template.", "") } else { field }
        };
        named.map(spelled).find_map(|field| line_that_holds(shot, &key, document, &field))
    });
    Why { line, docs, decided_by: by, ..why }
}

/// Adds the field, and its line, that decides that an ordinal is not wanted.
pub(super) fn not_wanted(shot: &Snapshot, why: Why, set: &ObjectKey, field: &str) -> Why {
    let line = documents(shot, set).find_map(|(key, document)| line_that_holds(shot, &key, document, field));
    let docs = Some((GUARANTEES.0, format!("{DOCS}{}", GUARANTEES.1)));
    Why { line, decided_by: field.to_owned(), docs, ..why }
}

/// Adds the source of a node's verdict: its lease.
pub(super) fn of_node(why: Why) -> Why {
    let (by, docs) = source(&Reason::NodeIsHeard);
    Why { decided_by: by.to_owned(), docs: docs.map(|(title, place)| (title, format!("{DOCS}{place}"))), ..why }
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
