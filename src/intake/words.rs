//! What components and clients say, taken apart: the one place that knows their words.
//!
//! A row of [`SAYINGS`] names words of a message, the family and the finer cause that they stand for, the kind it hangs on, and what would
//! say more. `{pod}` and the like stand for a name that the message gives.
//!
//! Used where the world of the paste has nothing against going on: something decisive was not pasted. With everything pasted, the
//! components decide anew, and their decisions count.

use super::cause::Blame;
use super::paste::merge::is_name;
use super::verdict::Sure;
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};
use why::{Cause, Family};

/// Words of a message, and what they stand for.
pub(crate) struct Saying {
    words: &'static str,
    pub cause: Cause,
    on: Kind,
    /// The message says so itself.
    is_sure: bool,
    /// The command that prints what would say more; may be empty.
    pub ask: &'static str,
}

const fn row(words: &'static str, cause: Cause, on: Kind, is_sure: bool, ask: &'static str) -> Saying {
    Saying { words, cause, on, is_sure, ask }
}

const NODES: &str = "kubectl get nodes,pods -A -o yaml";
const CLAIMS: &str = "kubectl get pvc,pv,sc -A -o yaml";
const ADMISSION: &str = "kubectl get sa,quota,limitrange,ns -A -o yaml";
const HOOKS: &str = "kubectl get validatingwebhookconfiguration,mutatingwebhookconfiguration,svc -A -o yaml";
const POLICIES: &str = "kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding -o yaml";
/// Their tables have names, and nothing of what is in them.
const CONFIGS: &str = "kubectl get configmaps,secrets -A";
const ATTACHED: &str = "kubectl get volumeattachment,csinode,pods -A -o yaml";
const ROLLOUT: &str = "kubectl get sts,pod,controllerrevision -A -o yaml";
const SETS: &str = "kubectl get sts -A -o yaml";
const UNPLACED: &str = "kubectl get pod,event,pvc,pv,node -A -o yaml";
const PODS: &str = "kubectl get sts,pod,event -A -o yaml";

/// The messages of Kubernetes and kubectl, the more telling first.
static SAYINGS: &[Saying] = &[
    // A client.
    row("updates to statefulset spec for fields other than", Cause::ImmutableField, Kind::StatefulSet, true, ""),
    row("field is immutable", Cause::ImmutableField, Kind::StatefulSet, true, ""),
    row("spec is immutable after creation", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true, ""),
    row("can not be less than previous value", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true, ""),
    row("only dynamically provisioned pvc can be resized", Cause::ImmutableClaim, Kind::PersistentVolumeClaim, true, ""),
    row("`selector` does not match template `labels`", Cause::InvalidTemplate, Kind::StatefulSet, true, ""),
    row(
        "Cannot evict pod as it would violate the pod's disruption budget",
        Cause::BudgetAllowsNone,
        Kind::Pod,
        true,
        "kubectl get pdb,sts,pod -A -o yaml",
    ),
    row("rollout status is only available for RollingUpdate", Cause::Ondelete, Kind::StatefulSet, true, SETS),
    // A node.
    row("which was running pod {pod} is unresponsive", Cause::NodeUnreachable, Kind::Pod, true, "kubectl get nodes -o yaml"),
    row("NodeLost", Cause::NodeUnreachable, Kind::Pod, true, "kubectl get nodes -o yaml"),
    row("Kubelet stopped posting node status", Cause::NodeUnreachable, Kind::Node, true, "kubectl get pods -A -o yaml"),
    row("NodeStatusUnknown", Cause::NodeUnreachable, Kind::Node, true, "kubectl get pods -A -o yaml"),
    row("Marking for deletion Pod {ns}/{pod}", Cause::NodeUnreachablePodTerminating, Kind::Pod, false, "kubectl get nodes -o yaml"),
    row("Node is not ready", Cause::NodeUnreachable, Kind::Pod, false, "kubectl get nodes -o yaml"),
    // The namespace controller.
    row("has finalizers remaining", Cause::NamespaceTerminating, Kind::Namespace, true, "kubectl get ns,pod,pvc,sts -A -o yaml"),
    row(
        "content in the namespace has finalizers",
        Cause::NamespaceTerminating,
        Kind::Namespace,
        true,
        "kubectl get ns,pod,pvc,sts -A -o yaml",
    ),
    row(
        "in namespace {ns} because it is being terminated",
        Cause::NamespaceTerminating,
        Kind::Namespace,
        false,
        "kubectl get ns,pod,pvc,sts -A -o yaml",
    ),
    // The set's controller.
    row("pvc {pvc} is being deleted", Cause::PvcTerminating, Kind::PersistentVolumeClaim, true, "kubectl get pvc -A -o yaml"),
    row(
        "persistentvolumeclaim \"{pvc}\" is being deleted",
        Cause::PvcTerminating,
        Kind::PersistentVolumeClaim,
        true,
        "kubectl get pvc -A -o yaml",
    ),
    row("failed quota: {quota}: must specify", Cause::QuotaMustSpecifyRequests, Kind::ResourceQuota, true, ""),
    row("exceeded quota: {quota},", Cause::QuotaExceeded, Kind::ResourceQuota, true, ""),
    row("exceeded quota", Cause::QuotaExceeded, Kind::StatefulSet, true, ADMISSION),
    row("must specify", Cause::QuotaMustSpecifyRequests, Kind::StatefulSet, false, ADMISSION),
    row("looking up service account {ns}/{sa}:", Cause::ServiceaccountMissing, Kind::StatefulSet, true, ""),
    row("looking up service account", Cause::ServiceaccountMissing, Kind::StatefulSet, true, ADMISSION),
    row("violates PodSecurity \"restricted", Cause::PodsecurityRestricted, Kind::Namespace, true, ""),
    row("violates PodSecurity", Cause::PodsecurityBaseline, Kind::Namespace, true, ""),
    row("unable to validate against any", Cause::Refused, Kind::StatefulSet, true, ADMISSION),
    row("admission webhook \"{webhook}\" denied", Cause::Webhook, Kind::StatefulSet, true, HOOKS),
    row("ValidatingAdmissionPolicy '{policy}' with binding", Cause::Refused, Kind::StatefulSet, true, POLICIES),
    row("failed calling webhook", Cause::Webhook, Kind::StatefulSet, true, HOOKS),
    row("failed calling admission webhook", Cause::Webhook, Kind::StatefulSet, true, HOOKS),
    row("object is being deleted: pods \"{pod}\" already exists", Cause::NameLeaving, Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("pods \"{pod}\" already exists", Cause::NameTaken, Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("pods \"{pod}\" is forbidden", Cause::Refused, Kind::StatefulSet, true, ADMISSION),
    row("no PriorityClass with name", Cause::Refused, Kind::StatefulSet, true, ADMISSION),
    row(
        "create Pod {pod} in StatefulSet {set} failed error: The POST operation",
        Cause::HiddenReason,
        Kind::StatefulSet,
        false,
        "kubectl get sts,pod,node -A -o yaml",
    ),
    row("create Pod {pod} in StatefulSet {set} failed", Cause::Refused, Kind::StatefulSet, true, ADMISSION),
    row("Create Pod {pod} in StatefulSet {set} failed", Cause::Refused, Kind::StatefulSet, true, ADMISSION),
    // Claims and volumes.
    row("no storage class is set", Cause::NoDefaultStorageclass, Kind::PersistentVolumeClaim, true, ""),
    row("torageclass.storage.k8s.io \"{sc}\" not found", Cause::StorageclassNotFound, Kind::PersistentVolumeClaim, true, ""),
    row("torageclass \"{sc}\" not found", Cause::StorageclassNotFound, Kind::PersistentVolumeClaim, true, ""),
    row("torageClass \"{sc}\" not found", Cause::StorageclassNotFound, Kind::PersistentVolumeClaim, true, ""),
    row(
        "ailed to provision volume with StorageClass \"{sc}\"",
        Cause::ProvisionerRefuses,
        Kind::StorageClass,
        true,
        "kubectl get pvc,sc,events -A -o yaml",
    ),
    row("by external provisioner", Cause::ProvisionerNotRunning, Kind::PersistentVolumeClaim, false, CLAIMS),
    row("by the external provisioner", Cause::ProvisionerNotRunning, Kind::PersistentVolumeClaim, false, CLAIMS),
    row("has lost its PersistentVolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true, ""),
    row("has lost reference to PersistentVolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true, ""),
    row("persistentvolumeclaim \"{pvc}\" bound to non-existent persistentvolume", Cause::PvcLost, Kind::PersistentVolumeClaim, true, ""),
    row("volume node affinity conflict", Cause::VolumeNodeUnavailable, Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("PersistentVolume's node affinity", Cause::VolumeNodeUnavailable, Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("no available volume zone", Cause::VolumeNodeUnavailable, Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("NoVolumeZoneConflict", Cause::VolumeNodeUnavailable, Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("NoVolumeNodeConflict", Cause::VolumeNodeUnavailable, Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("unbound immediate PersistentVolumeClaims", Cause::ClaimPending, Kind::Pod, false, CLAIMS),
    row("unbound PersistentVolumeClaims", Cause::ClaimPending, Kind::Pod, false, CLAIMS),
    row("PersistentVolumeClaim is not bound", Cause::ClaimPending, Kind::Pod, false, CLAIMS),
    row("didn't find available persistent volumes", Cause::NoVolumeFits, Kind::Pod, false, CLAIMS),
    row("did not have enough free storage", Cause::NoVolumeFits, Kind::Pod, false, CLAIMS),
    row("annot bind to requested volume \"{pv}\"", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, true, CLAIMS),
    row("already bound to a different claim", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, true, CLAIMS),
    row("no persistent volumes available", Cause::NoVolumeFits, Kind::PersistentVolumeClaim, false, CLAIMS),
    row("persistentvolumeclaim \"{pvc}\" not found", Cause::PvcMissing, Kind::PersistentVolumeClaim, true, CLAIMS),
    row("exceed max volume count", Cause::VolumeLimit, Kind::Pod, true, ATTACHED),
    row("MaxVolumeCount", Cause::VolumeLimit, Kind::Pod, true, ATTACHED),
    // The scheduler.
    row("SchedulingGated", Cause::SchedulingGate, Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("scheduling gates", Cause::SchedulingGate, Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("Insufficient memory", Cause::InsufficientMemory, Kind::Pod, true, NODES),
    row("nsufficient {resource}", Cause::InsufficientResources, Kind::Pod, true, NODES),
    row("PodFitsResources", Cause::InsufficientResources, Kind::Pod, true, NODES),
    row("Too many pods", Cause::TooManyPods, Kind::Pod, true, NODES),
    row("have free ports", Cause::HostPortTaken, Kind::Pod, true, NODES),
    row("PodFitsHostPorts", Cause::HostPortTaken, Kind::Pod, true, NODES),
    row("didn't match pod affinity rules", Cause::PodAffinityNoMatch, Kind::Pod, true, NODES),
    row("anti-affinity", Cause::AntiAffinityTooFewNodes, Kind::Pod, true, NODES),
    row("MatchInterPodAffinity", Cause::AntiAffinityTooFewNodes, Kind::Pod, false, NODES),
    row("pod topology spread", Cause::TopologySpread, Kind::Pod, true, NODES),
    row("untolerated taint", Cause::UntoleratedTaint, Kind::Pod, true, NODES),
    row("that the pod didn't tolerate", Cause::UntoleratedTaint, Kind::Pod, true, NODES),
    row("PodToleratesNodeTaints", Cause::UntoleratedTaint, Kind::Pod, true, NODES),
    row("didn't match", Cause::NodeselectorNoMatch, Kind::Pod, true, NODES),
    row("MatchNodeSelector", Cause::NodeselectorNoMatch, Kind::Pod, true, NODES),
    row("were unschedulable", Cause::Cordoned, Kind::Pod, true, NODES),
    row("nodes are available", Cause::NoNodeFits, Kind::Pod, false, NODES),
    row("no nodes available to schedule pods", Cause::NoNodeFits, Kind::Pod, true, NODES),
    // Volumes on nodes.
    row("MountVolume.SetUp failed for volume \"{volume}\" : configmap", Cause::MountConfigMissing, Kind::Pod, true, CONFIGS),
    row("MountVolume.SetUp failed for volume \"{volume}\" : secret", Cause::MountConfigMissing, Kind::Pod, true, CONFIGS),
    row("references non-existent", Cause::ConfigMissing, Kind::Pod, true, ""),
    row("Multi-Attach error", Cause::MultiAttach, Kind::Pod, true, ATTACHED),
    row("waiting on detach before it can be attached", Cause::MultiAttach, Kind::Pod, true, ATTACHED),
    row("already used by pod", Cause::MultiAttach, Kind::Pod, true, ATTACHED),
    row("not found in the list of registered CSI drivers", Cause::CsiDriverMissing, Kind::Pod, true, "kubectl get csinode -o yaml"),
    row("AttachVolume.{step} failed", Cause::Attach, Kind::Pod, true, ATTACHED),
    row("MountVolume.{step} failed", Cause::Mount, Kind::Pod, true, ATTACHED),
    row("nable to attach or mount volumes", Cause::Mount, Kind::Pod, true, ATTACHED),
    row("nable to mount volumes", Cause::Mount, Kind::Pod, true, ATTACHED),
    row("waiting for volumes to attach", Cause::Mount, Kind::Pod, true, ATTACHED),
    row("FailedAttachVolume", Cause::Attach, Kind::Pod, true, ATTACHED),
    row("FailedMount", Cause::Mount, Kind::Pod, true, ATTACHED),
    // Containers.
    row("CreateContainerConfigError", Cause::ConfigMissing, Kind::Pod, true, "kubectl get pods,events,cm -A -o yaml"),
    row("Error: configmap \"{cm}\" not found", Cause::ConfigMissing, Kind::Pod, true, ""),
    row("Error: secret \"{secret}\" not found", Cause::ConfigMissing, Kind::Pod, true, ""),
    row("couldn't find key", Cause::ConfigMissing, Kind::Pod, true, ""),
    row("runAsNonRoot", Cause::CannotStart, Kind::Pod, true, ""),
    row("CreateContainerError", Cause::CannotStart, Kind::Pod, true, "kubectl get pods,events -A -o yaml"),
    row("RunContainerError", Cause::CannotStart, Kind::Pod, true, "kubectl get pods,events -A -o yaml"),
    row("ailed to create containerd task", Cause::CannotStart, Kind::Pod, true, ""),
    row("executable file not found", Cause::CannotStart, Kind::Pod, true, ""),
    row("ailed to start container", Cause::CannotStart, Kind::Pod, true, ""),
    row("ailed to pull image \"{image}\"", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("Back-off pulling image \"{image}\"", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("ImagePullBackOff", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("ErrImage", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("InvalidImageName", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("Failed to apply default image tag", Cause::ImagePull, Kind::Pod, false, ROLLOUT),
    row("OOMKilled", Cause::OutOfMemory, Kind::Pod, false, ROLLOUT),
    row("Liveness probe failed", Cause::LivenessProbe, Kind::Pod, false, ROLLOUT),
    row("failed liveness probe", Cause::LivenessProbe, Kind::Pod, false, ROLLOUT),
    row("tartup probe failed", Cause::LivenessProbe, Kind::Pod, false, ROLLOUT),
    row("failed startup probe", Cause::LivenessProbe, Kind::Pod, false, ROLLOUT),
    row("Init:", Cause::Init, Kind::Pod, false, PODS),
    row("restarting failed container", Cause::CrashLoop, Kind::Pod, false, ROLLOUT),
    row("restarting failed docker container", Cause::CrashLoop, Kind::Pod, false, ROLLOUT),
    row("CrashLoopBackOff", Cause::CrashLoop, Kind::Pod, false, ROLLOUT),
    row("Readiness probe", Cause::GateNeverReady, Kind::Pod, false, ROLLOUT),
    // What only waits, or is well.
    row("waiting for first consumer to be created", Cause::WaitsForPod, Kind::PersistentVolumeClaim, false, PODS),
    row("waiting for pod {pod} to be scheduled", Cause::NotScheduled, Kind::Pod, false, UNPLACED),
    row("out of {n} new pods have been updated", Cause::RolloutWaits, Kind::StatefulSet, false, ROLLOUT),
    row("pods to be ready...", Cause::RolloutWaits, Kind::StatefulSet, false, ROLLOUT),
    row("waiting for statefulset rolling update", Cause::RolloutWaits, Kind::StatefulSet, false, ROLLOUT),
    // A set that is not held back counts all its pods.
    row("partitioned roll out complete: 0 new pods", Cause::Partition, Kind::StatefulSet, false, SETS),
    row("partitioned roll out complete", Cause::Complete, Kind::StatefulSet, false, SETS),
    row("statefulset rolling update complete", Cause::Complete, Kind::StatefulSet, false, SETS),
];

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
];

/// A message, taken apart.
pub(crate) struct Told<'a> {
    pub saying: &'static Saying,
    /// How telling it is: the lower, the more.
    pub rank: usize,
    names: Vec<(&'static str, &'a str)>,
    /// Whether different nodes are no good for different reasons.
    is_mixed: bool,
}

/// Whether a message of the scheduler has several reasons: `1 Insufficient cpu, 2 node(s) were unschedulable`.
fn is_mixed(text: &str) -> bool {
    let before = text.split("preemption:").next().unwrap_or(text);
    let of = |part: &str| SAYINGS.iter().find(|saying| captured(saying.words, part).is_some()).map(|saying| saying.cause);
    let mut all = before.split(", ").filter_map(of);
    all.next().is_some_and(|first| all.any(|other| other != first))
}

/// What a message says; `None` if none is known that it has the words of.
pub(crate) fn take_apart(text: &str) -> Option<Told<'_>> {
    let (rank, saying, mut names) =
        SAYINGS.iter().enumerate().find_map(|(rank, saying)| Some((rank, saying, captured(saying.words, text)?)))?;
    names.extend(NAMES.iter().filter_map(|words| captured(words, text)).flatten());
    Some(Told { saying, rank, names, is_mixed: saying.cause.family() == Family::NoNodeFits && is_mixed(text) })
}

/// The names that stand in a text where words have braces; `None` where the text does not have the words.
pub(crate) fn captured<'a>(words: &'static str, text: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
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
            (_, true) => Sure::Certain,
            (_, false) => Sure::Likely,
        };
        let detail = if self.is_mixed { Cause::NoNodeFits } else { self.saying.cause };
        Blame { sure, ..Blame::of(detail, object) }
    }
}
