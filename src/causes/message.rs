//! What components and clients say, taken apart: the one place that knows their words.
//!
//! A row of [`SAYINGS`] names words of a message, the cause that they stand for, and the kind it hangs on. `{pod}` and the like stand for
//! a name that the message gives.
//!
//! Used where a world has nothing against going on: something decisive is not known of it. Where everything is, the components decide
//! anew, and their decisions count.

use crate::blame::{Blame, Sure};
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use base::fields::Fields;
use why::{Cause, Family};

/// Words of a message, and what they stand for.
pub struct Saying {
    words: &'static str,
    pub cause: Cause,
    on: Kind,
    /// The message says so itself.
    is_sure: bool,
}

const fn row(words: &'static str, cause: Cause, on: Kind, is_sure: bool) -> Saying {
    Saying { words, cause, on, is_sure }
}

/// The messages of Kubernetes and kubectl, the more telling first.
static SAYINGS: &[Saying] = &[
    // A client.
    row("updates to statefulset spec for fields other than", Cause::ImmutableField, Kind::StatefulSet, true),
    row("field is immutable", Cause::ImmutableField, Kind::StatefulSet, true),
    row("spec is immutable after creation", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true),
    row("can not be less than previous value", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true),
    row("only dynamically provisioned pvc can be resized", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true),
    row("`selector` does not match template `labels`", Cause::InvalidTemplate, Kind::StatefulSet, true),
    row("Cannot evict pod as it would violate the pod's disruption budget", Cause::BudgetAllowsNone, Kind::Pod, true),
    row("rollout status is only available for RollingUpdate", Cause::OnDelete, Kind::StatefulSet, true),
    // A node.
    row("which was running pod {pod} is unresponsive", Cause::NodeUnreachable, Kind::Pod, true),
    row("NodeLost", Cause::NodeUnreachable, Kind::Pod, true),
    row("Kubelet stopped posting node status", Cause::NodeUnreachable, Kind::Node, true),
    row("NodeStatusUnknown", Cause::NodeUnreachable, Kind::Node, true),
    row("Marking for deletion Pod {ns}/{pod}", Cause::NodeUnreachablePodTerminating, Kind::Pod, false),
    row("Node is not ready", Cause::NodeUnreachable, Kind::Pod, false),
    // The namespace controller.
    row("has finalizers remaining", Cause::NamespaceTerminating, Kind::Namespace, true),
    row("content in the namespace has finalizers", Cause::NamespaceTerminating, Kind::Namespace, true),
    row("in namespace {ns} because it is being terminated", Cause::NamespaceTerminating, Kind::Namespace, false),
    // The set's controller.
    row("pvc {pvc} is being deleted", Cause::PvcTerminating, Kind::PersistentVolumeClaim, true),
    row("persistentvolumeclaim \"{pvc}\" is being deleted", Cause::PvcTerminating, Kind::PersistentVolumeClaim, true),
    row("failed quota: {quota}: must specify", Cause::QuotaMustSpecifyRequests, Kind::ResourceQuota, true),
    row("exceeded quota: {quota},", Cause::QuotaExceeded, Kind::ResourceQuota, true),
    row("exceeded quota", Cause::QuotaExceeded, Kind::StatefulSet, true),
    row("must specify", Cause::QuotaMustSpecifyRequests, Kind::StatefulSet, false),
    row("looking up service account {ns}/{sa}:", Cause::ServiceAccountMissing, Kind::StatefulSet, true),
    row("looking up service account", Cause::ServiceAccountMissing, Kind::StatefulSet, true),
    row("violates PodSecurity \"restricted", Cause::PodSecurityRestricted, Kind::Namespace, true),
    row("violates PodSecurity", Cause::PodSecurityBaseline, Kind::Namespace, true),
    row("unable to validate against any", Cause::Refused, Kind::StatefulSet, true),
    row("admission webhook \"{webhook}\" denied", Cause::Webhook, Kind::StatefulSet, true),
    row("ValidatingAdmissionPolicy '{policy}' with binding", Cause::Refused, Kind::StatefulSet, true),
    row(
        "failed calling webhook \"{webhook}\": failed to call webhook: Post \"https://{service}.{ns}.svc",
        Cause::WebhookSilent,
        Kind::StatefulSet,
        true,
    ),
    row("failed calling webhook", Cause::WebhookSilent, Kind::StatefulSet, true),
    row("failed calling admission webhook", Cause::WebhookSilent, Kind::StatefulSet, true),
    row("object is being deleted: pods \"{pod}\" already exists", Cause::NameLeaving, Kind::Pod, true),
    row("pods \"{pod}\" already exists", Cause::NameTaken, Kind::Pod, true),
    row("pods \"{pod}\" is forbidden", Cause::Refused, Kind::StatefulSet, true),
    row("no PriorityClass with name", Cause::Refused, Kind::StatefulSet, true),
    row("create Pod {pod} in StatefulSet {set} failed error: The POST operation", Cause::HiddenReason, Kind::StatefulSet, false),
    row(
        "is invalid: metadata.labels: Invalid value: \"{value}\": must be no more than 63 characters",
        Cause::NameTooLong,
        Kind::StatefulSet,
        true,
    ),
    row("Pod \"{pod}\" is invalid: {field}: ", Cause::InvalidPod, Kind::StatefulSet, true),
    row("create Pod {pod} in StatefulSet {set} failed", Cause::Refused, Kind::StatefulSet, true),
    row("Create Pod {pod} in StatefulSet {set} failed", Cause::Refused, Kind::StatefulSet, true),
    // A kubelet.
    row(
        "Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}",
        Cause::KubeletRefuses,
        Kind::Pod,
        true,
    ),
    row("error killing pod", Cause::RuntimeHangs, Kind::Pod, true),
    row("FailedKillPod", Cause::RuntimeHangs, Kind::Pod, true),
    row("Setting volume ownership for", Cause::VolumeOwnership, Kind::Pod, true),
    row("VolumePermissionChangeInProgress", Cause::VolumeOwnership, Kind::Pod, true),
    row("OutOf", Cause::KubeletRefuses, Kind::Pod, true),
    row("UnexpectedAdmissionError", Cause::KubeletRefuses, Kind::Pod, true),
    row("The node was low on resource: {resource}", Cause::Evicted, Kind::Pod, true),
    row("is recreating failed Pod {pod}", Cause::PodFailed, Kind::Pod, false),
    row("is recreating terminated Pod {pod}", Cause::PodFailed, Kind::Pod, false),
    // A volume that is to grow.
    row("didn't find a plugin capable of expanding", Cause::NobodyExpands, Kind::PersistentVolumeClaim, true),
    row("waiting for an external controller to expand", Cause::NobodyExpands, Kind::PersistentVolumeClaim, false),
    row("esize volume \"{pv}\" by resizer \"{resizer}\" failed", Cause::ExpansionFails, Kind::PersistentVolumeClaim, true),
    row("rror expanding volume", Cause::ExpansionFails, Kind::PersistentVolumeClaim, true),
    row("VolumeResizeFailed", Cause::ExpansionFails, Kind::PersistentVolumeClaim, true),
    row("FileSystemResizeFailed", Cause::ExpansionFails, Kind::PersistentVolumeClaim, true),
    row("to (re-)start a pod to finish file system resize", Cause::ExpansionWaitsForPod, Kind::PersistentVolumeClaim, true),
    row("FileSystemResizePending", Cause::ExpansionWaitsForPod, Kind::PersistentVolumeClaim, false),
    // Claims and volumes.
    row("no storage class is set", Cause::NoDefaultStorageClass, Kind::PersistentVolumeClaim, true),
    row("torageclass.storage.k8s.io \"{sc}\" not found", Cause::StorageClassNotFound, Kind::PersistentVolumeClaim, true),
    row("torageclass \"{sc}\" not found", Cause::StorageClassNotFound, Kind::PersistentVolumeClaim, true),
    row("torageClass \"{sc}\" not found", Cause::StorageClassNotFound, Kind::PersistentVolumeClaim, true),
    row("ailed to provision volume with StorageClass \"{sc}\"", Cause::ProvisionerRefuses, Kind::StorageClass, true),
    row("by external provisioner", Cause::ProvisionerNotRunning, Kind::PersistentVolumeClaim, false),
    row("by the external provisioner", Cause::ProvisionerNotRunning, Kind::PersistentVolumeClaim, false),
    row("has lost its PersistentVolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true),
    row("has lost reference to PersistentVolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true),
    row("persistentvolumeclaim \"{pvc}\" bound to non-existent persistentvolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true),
    row("volume node affinity conflict", Cause::VolumeNodeUnavailable, Kind::Pod, true),
    row("PersistentVolume's node affinity", Cause::VolumeNodeUnavailable, Kind::Pod, true),
    row("no available volume zone", Cause::VolumeNodeUnavailable, Kind::Pod, true),
    row("NoVolumeZoneConflict", Cause::VolumeNodeUnavailable, Kind::Pod, true),
    row("NoVolumeNodeConflict", Cause::VolumeNodeUnavailable, Kind::Pod, true),
    row("Predicate NodeAffinity failed", Cause::KubeletRefuses, Kind::Pod, true),
    row("unbound immediate PersistentVolumeClaims", Cause::ClaimPending, Kind::Pod, false),
    row("unbound PersistentVolumeClaims", Cause::ClaimPending, Kind::Pod, false),
    row("PersistentVolumeClaim is not bound", Cause::ClaimPending, Kind::Pod, false),
    row("didn't find available persistent volumes", Cause::NoVolumeFits, Kind::Pod, false),
    row("did not have enough free storage", Cause::NoVolumeFits, Kind::Pod, false),
    row("annot bind to requested volume \"{pv}\"", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, true),
    row("already bound to a different claim", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, true),
    row("no persistent volumes available", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, false),
    row("persistentvolumeclaim \"{pvc}\" not found", Cause::PvcMissing, Kind::PersistentVolumeClaim, true),
    row("exceed max volume count", Cause::VolumeLimit, Kind::Pod, true),
    row("MaxVolumeCount", Cause::VolumeLimit, Kind::Pod, true),
    // The scheduler.
    row("SchedulingGated", Cause::SchedulingGate, Kind::Pod, true),
    row("scheduling gates", Cause::SchedulingGate, Kind::Pod, true),
    row("Insufficient memory", Cause::InsufficientMemory, Kind::Pod, true),
    row("nsufficient {resource}", Cause::InsufficientResources, Kind::Pod, true),
    row("PodFitsResources", Cause::InsufficientResources, Kind::Pod, true),
    row("Too many pods", Cause::TooManyPods, Kind::Pod, true),
    row("have free ports", Cause::HostPortTaken, Kind::Pod, true),
    row("PodFitsHostPorts", Cause::HostPortTaken, Kind::Pod, true),
    row("didn't match pod affinity rules", Cause::PodAffinityNoMatch, Kind::Pod, true),
    row("existing pods anti-affinity", Cause::ExistingAntiAffinity, Kind::Pod, true),
    row("anti-affinity", Cause::AntiAffinityTooFewNodes, Kind::Pod, true),
    row("MatchInterPodAffinity", Cause::AntiAffinityTooFewNodes, Kind::Pod, false),
    row("pod topology spread", Cause::TopologySpread, Kind::Pod, true),
    row("untolerated taint", Cause::UntoleratedTaint, Kind::Pod, true),
    row("that the pod didn't tolerate", Cause::UntoleratedTaint, Kind::Pod, true),
    row("PodToleratesNodeTaints", Cause::UntoleratedTaint, Kind::Pod, true),
    row("didn't match", Cause::NodeSelectorNoMatch, Kind::Pod, true),
    row("MatchNodeSelector", Cause::NodeSelectorNoMatch, Kind::Pod, true),
    row("were unschedulable", Cause::Cordoned, Kind::Pod, true),
    row("nodes are available", Cause::NoNodeFits, Kind::Pod, false),
    row("no nodes available to schedule pods", Cause::NoNodeFits, Kind::Pod, true),
    // Volumes on nodes.
    row("MountVolume.SetUp failed for volume \"{volume}\" : configmap", Cause::MountConfigMissing, Kind::Pod, true),
    row("MountVolume.SetUp failed for volume \"{volume}\" : secret", Cause::MountConfigMissing, Kind::Pod, true),
    row("references non-existent", Cause::ConfigMissing, Kind::Pod, true),
    row("Multi-Attach error for volume \"{volume}\"", Cause::MultiAttach, Kind::Pod, true),
    row("Multi-Attach error", Cause::MultiAttach, Kind::Pod, true),
    row("waiting on detach before it can be attached", Cause::MultiAttach, Kind::Pod, true),
    row("already used by pod", Cause::MultiAttach, Kind::Pod, true),
    row("not found in the list of registered CSI drivers", Cause::CsiDriverMissing, Kind::Pod, true),
    row("currently attached to different node {other}", Cause::MultiAttach, Kind::Pod, true),
    row("attached to a different node {other}", Cause::MultiAttach, Kind::Pod, true),
    row("maximum number of data disks", Cause::VolumeLimit, Kind::Pod, true),
    row("AttachmentLimitExceeded", Cause::VolumeLimit, Kind::Pod, true),
    row("AttachVolume.{step} failed", Cause::Attach, Kind::Pod, true),
    row("MountVolume.{step} failed", Cause::Mount, Kind::Pod, true),
    row("nable to attach or mount volumes", Cause::Mount, Kind::Pod, true),
    row("nable to mount volumes", Cause::Mount, Kind::Pod, true),
    row("waiting for volumes to attach", Cause::Mount, Kind::Pod, true),
    row("FailedAttachVolume", Cause::Attach, Kind::Pod, true),
    row("FailedMount", Cause::Mount, Kind::Pod, true),
    // Containers.
    row("failed to prepare subPath", Cause::SubPath, Kind::Pod, true),
    row("CreateContainerConfigError", Cause::ConfigMissing, Kind::Pod, true),
    row("Error: configmap \"{cm}\" not found", Cause::ConfigMissing, Kind::Pod, true),
    row("Error: secret \"{secret}\" not found", Cause::ConfigMissing, Kind::Pod, true),
    row("couldn't find key", Cause::ConfigMissing, Kind::Pod, true),
    row("runAsNonRoot", Cause::CannotStart, Kind::Pod, true),
    row("CreateContainerError", Cause::CannotStart, Kind::Pod, true),
    row("RunContainerError", Cause::CannotStart, Kind::Pod, true),
    row("ailed to create containerd task", Cause::CannotStart, Kind::Pod, true),
    row("executable file not found", Cause::CannotStart, Kind::Pod, true),
    row("ailed to start container", Cause::CannotStart, Kind::Pod, true),
    row("ailed to pull image \"{image}\"", Cause::ImagePull, Kind::Pod, false),
    row("Back-off pulling image \"{image}\"", Cause::ImagePull, Kind::Pod, false),
    row("ImagePullBackOff", Cause::ImagePull, Kind::Pod, false),
    row("ErrImage", Cause::ImagePull, Kind::Pod, false),
    row("InvalidImageName", Cause::ImagePull, Kind::Pod, false),
    row("Failed to apply default image tag", Cause::ImagePull, Kind::Pod, false),
    row("OOMKilled", Cause::OutOfMemory, Kind::Pod, false),
    row("Liveness probe failed", Cause::LivenessProbe, Kind::Pod, false),
    row("failed liveness probe", Cause::LivenessProbe, Kind::Pod, false),
    row("tartup probe failed", Cause::LivenessProbe, Kind::Pod, false),
    row("failed startup probe", Cause::LivenessProbe, Kind::Pod, false),
    row("Init:", Cause::Init, Kind::Pod, false),
    row("restarting failed container", Cause::CrashLoop, Kind::Pod, false),
    row("restarting failed docker container", Cause::CrashLoop, Kind::Pod, false),
    row("CrashLoopBackOff", Cause::CrashLoop, Kind::Pod, false),
    row("Readiness probe", Cause::GateNeverReady, Kind::Pod, false),
    // What kubectl says of a pod that ended.
    row("NodeAffinity", Cause::KubeletRefuses, Kind::Pod, true),
    row("Evicted", Cause::Evicted, Kind::Pod, true),
    // What only waits, or is well.
    row("waiting for first consumer to be created", Cause::WaitsForPod, Kind::PersistentVolumeClaim, false),
    row("waiting for pod {pod} to be scheduled", Cause::NotScheduled, Kind::Pod, false),
    row("out of {n} new pods have been updated", Cause::RolloutWaits, Kind::StatefulSet, false),
    row("pods to be ready...", Cause::RolloutWaits, Kind::StatefulSet, false),
    row("waiting for statefulset rolling update", Cause::RolloutWaits, Kind::StatefulSet, false),
    // A set that is not held back counts all its pods.
    row("partitioned roll out complete: 0 new pods", Cause::Partition, Kind::StatefulSet, false),
    row("partitioned roll out complete", Cause::Complete, Kind::StatefulSet, false),
    row("statefulset rolling update complete", Cause::Complete, Kind::StatefulSet, false),
];

/// The words of the messages that stand for a cause; names in them are in braces.
pub fn words_of(cause: Cause) -> impl Iterator<Item = &'static str> {
    SAYINGS.iter().filter(move |saying| saying.cause == cause).map(|saying| saying.words)
}

/// The kind of object on which a cause hangs, as the first message says that stands for the cause.
pub fn kind_of(cause: Cause) -> Option<Kind> {
    SAYINGS.iter().find(|saying| saying.cause == cause).map(|saying| saying.on)
}

/// Words by which messages name objects.
static NAMES: &[&str] = &[
    "Pod {pod} in StatefulSet {set} ",
    "StatefulSet \"{set}\"",
    "StatefulSet.apps \"{set}\"",
    "statefulsets.apps \"{set}\"",
    "evicting pod \"{pod}\"",
    "evicting pod {ns}/{pod}",
    "pods \"{pod}\"",
    "pods/\"{pod}\" -n \"{ns}\"",
    "pod \"{pod}_{ns}(",
    "pod {pod}_{ns}(",
    "for pod \"{ns}\"/\"{pod}\"",
    "running pod {pod} ",
    "pod/{pod} ",
    "persistentvolumeclaim \"{pvc}\"",
    "PersistentVolumeClaim \"{pvc}\"",
    "claim \"{ns}/{pvc}\"",
    "assigned {ns}/{pod} to ",
    "used by pod(s) {user}",
    "failed for volume \"{volume}\"",
];

/// A message, taken apart.
pub struct Told<'a> {
    pub saying: &'static Saying,
    /// How telling it is: the lower, the more.
    pub rank: usize,
    names: Vec<(&'static str, &'a str)>,
    /// Whether different nodes are no good for different reasons.
    is_mixed: bool,
    /// Whether a filter that is asked after those of volumes decides where the volume is.
    is_decided: bool,
}

/// Whether a message of the scheduler has several reasons: `1 Insufficient cpu, 2 node(s) were unschedulable`.
fn is_mixed(text: &str) -> bool {
    let before = text.split("preemption:").next().unwrap_or(text);
    let of = |part: &str| SAYINGS.iter().find(|saying| captured(saying.words, part).is_some()).map(|saying| saying.cause);
    let mut all = before.split(", ").filter_map(of);
    all.next().is_some_and(|first| all.any(|other| other != first))
}

/// Words for filters that the scheduler asks after those of volumes: a node that one of these refuses is in reach of the volume.
/// Models pkg/scheduler/apis/config/v1/default_plugins.go.
const AFTER_VOLUMES: [&str; 3] = ["pod topology spread", "affinity rules", "existing pods anti-affinity"];

/// What a message says; `None` if none is known that it has the words of.
pub fn take_apart(text: &str) -> Option<Told<'_>> {
    let is_later = || AFTER_VOLUMES.iter().any(|words| text.contains(words));
    let decides = |saying: &Saying| saying.cause != Cause::VolumeNodeUnavailable || !is_later();
    let found = |(rank, saying): (usize, &'static Saying)| Some((rank, saying, captured(saying.words, text)?));
    let (rank, saying, mut names) = SAYINGS.iter().enumerate().filter(|(_, saying)| decides(saying)).find_map(found)?;
    names.extend(NAMES.iter().filter_map(|words| captured(words, text)).flatten());
    names.extend(text.split_once(" failed error: ").map(|(_, error)| ("error", error)));
    if saying.cause == Cause::ProvisionerRefuses {
        names.extend(text.split_once("\": ").map(|(_, error)| ("error", error)));
    }
    names.push(("message", text));
    Some(Told {
        saying,
        rank,
        names,
        is_mixed: [Family::NoNodeFits, Family::VolumeElsewhere].contains(&saying.cause.family()) && is_mixed(text),
        is_decided: is_later() && text.contains("volume node affinity"),
    })
}

/// Whether a text may be the name of an object, as far as characters tell.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ['-', '.'].contains(&c);
    !text.is_empty() && text.len() <= 253 && text.chars().all(fits) && !text.starts_with(['-', '.']) && !text.ends_with(['-', '.'])
}

/// The names that stand in a text where words have braces; `None` where the text does not have the words.
pub fn captured<'a>(words: &'static str, text: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut parts = words.split('{');
    let first = parts.next().unwrap_or_default();
    let mut from = 0;
    'place: loop {
        let start = from + text.get(from..)?.find(first)?;
        from = start + first.chars().next().map_or(1, char::len_utf8);
        let (mut rest, mut found) = (&text[start + first.len()..], Vec::new());
        for part in parts.clone() {
            let (name, next) = part.split_once('}').unwrap_or((part, ""));
            let end = if next.is_empty() {
                rest.find(|c: char| c.is_whitespace() || ",.;\"".contains(c)).unwrap_or(rest.len())
            } else {
                rest.find(next).unwrap_or(usize::MAX)
            };
            let Some(value) = rest.get(..end).filter(|value| !value.is_empty() && !value.contains(char::is_whitespace)) else {
                continue 'place;
            };
            found.push((name, value));
            rest = &rest[end + next.len()..];
        }
        return Some(found);
    }
}

impl Told<'_> {
    fn name(&self, of: &str) -> Option<&str> {
        self.names.iter().find(|(name, value)| *name == of && is_name(value)).map(|(_, value)| *value)
    }

    /// The object that a message names: its kind, namespace and name.
    pub fn about(&self) -> Option<(Kind, String, String)> {
        let namespace = self.name("ns").unwrap_or_default().to_owned();
        let kinds = [(Kind::StatefulSet, "set"), (Kind::Pod, "pod"), (Kind::PersistentVolumeClaim, "pvc")];
        let by_kind = |kind: Kind| kinds.iter().find(|(of, _)| *of == kind).and_then(|(_, word)| self.name(word));
        let first = by_kind(self.saying.on).map(|name| (self.saying.on, name));
        let (kind, name) = first.or_else(|| kinds.iter().find_map(|(kind, word)| Some((*kind, self.name(word)?))))?;
        Some((kind, namespace, name.to_owned()))
    }

    /// The cause that it stands for, said about an object of which it may name a finer one.
    pub fn cause(&self, about: &ObjectKey) -> Blame {
        let on = self.saying.on;
        let words = [
            (Kind::ResourceQuota, "quota"),
            (Kind::StorageClass, "sc"),
            (Kind::PersistentVolumeClaim, "pvc"),
            (Kind::PersistentVolume, "pv"),
            (Kind::Pod, "pod"),
            (Kind::StatefulSet, "set"),
            (Kind::Namespace, "ns"),
        ];
        let named = words.iter().find(|(kind, _)| *kind == on).and_then(|(_, word)| self.name(word));
        let parent = || parent_and_ordinal(&about.name).map(|(parent, _)| parent).filter(|_| about.kind == Kind::Pod);
        let name = match on {
            _ if about.kind == on && !about.name.is_empty() => &about.name,
            Kind::Namespace if named.is_none() => &*about.namespace,
            Kind::StatefulSet if named.is_none() => parent().unwrap_or_default(),
            _ => named.unwrap_or_default(),
        };
        let object = match on {
            // What it hangs on is not named; what waits is.
            _ if name.is_empty() && !about.name.is_empty() => about.clone(),
            kind if kind.info().namespaced => ObjectKey::new(kind, &about.namespace, &name.into()),
            kind => ObjectKey::global(kind, &name.into()),
        };
        let sure = match (self.saying.cause.family(), self.saying.is_sure) {
            (Family::CannotKnow, _) => Sure::Unknown,
            // Which of several reasons decides, the counts do not tell.
            (Family::VolumeElsewhere | Family::NoNodeFits, _) if self.is_mixed => Sure::Likely,
            (_, true) => Sure::Certain,
            (_, false) => Sure::Likely,
        };
        let own = |value: &str| value.strip_prefix(&*name).is_some_and(|hash| hash.starts_with('-'));
        let detail = match self.saying.cause {
            cause if self.is_mixed && cause.family() == Family::NoNodeFits && !self.is_decided => Cause::NoNodeFits,
            // Another label of the template is too long.
            Cause::NameTooLong if !self.names.iter().any(|(of, value)| *of == "value" && own(value)) => Cause::InvalidPod,
            cause => cause,
        };
        let mut said = Fields::default();
        self.names.iter().for_each(|(name, value)| said.text(name, *value));
        Blame { sure, said, ..Blame::of(detail, object) }
    }
}
