//! What components and clients say, taken apart: the one place that knows their words.
//!
//! A row of [`SAYINGS`] names words of a message, the family and the finer cause that they stand for, the kind it hangs on, and what would
//! say more. `{pod}` and the like stand for a name that the message gives.
//!
//! Used where the world of the paste has nothing against going on: something decisive was not pasted. With everything pasted, the
//! components decide anew, and their decisions count.

use super::cause::Cause;
use super::paste::merge::is_name;
use super::verdict::Sure;
use api::kind::Kind;
use api::object::{ObjectKey, parent_and_ordinal};

/// Words of a message, and what they stand for.
pub(crate) struct Saying {
    words: &'static str,
    pub family: &'static str,
    pub detail: &'static str,
    on: Kind,
    /// The message says so itself.
    is_sure: bool,
    /// The command that prints what would say more; may be empty.
    pub ask: &'static str,
}

const fn row(words: &'static str, family: &'static str, detail: &'static str, on: Kind, is_sure: bool, ask: &'static str) -> Saying {
    Saying { words, family, detail, on, is_sure, ask }
}

/// The family where no node takes a pod, and the finer cause where the reasons differ.
const NO_NODE: &str = "no-node-fits";
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
    row("updates to statefulset spec for fields other than", "refused-update", "immutable-field", Kind::StatefulSet, true, ""),
    row("field is immutable", "refused-update", "immutable-field", Kind::StatefulSet, true, ""),
    row("spec is immutable after creation", "refused-update", "immutable-claim", Kind::PersistentVolumeClaim, true, ""),
    row("can not be less than previous value", "refused-update", "immutable-claim", Kind::PersistentVolumeClaim, true, ""),
    row("only dynamically provisioned pvc can be resized", "refused-update", "immutable-claim", Kind::PersistentVolumeClaim, true, ""),
    row("`selector` does not match template `labels`", "refused-update", "invalid-template", Kind::StatefulSet, true, ""),
    row(
        "Cannot evict pod as it would violate the pod's disruption budget",
        "drain-blocked",
        "budget-allows-none",
        Kind::Pod,
        true,
        "kubectl get pdb,sts,pod -A -o yaml",
    ),
    row("rollout status is only available for RollingUpdate", "on-delete", "ondelete", Kind::StatefulSet, true, SETS),
    // A node.
    row("which was running pod {pod} is unresponsive", "node-silent", "node-unreachable", Kind::Pod, true, "kubectl get nodes -o yaml"),
    row("NodeLost", "node-silent", "node-unreachable", Kind::Pod, true, "kubectl get nodes -o yaml"),
    row("Kubelet stopped posting node status", "node-silent", "node-unreachable", Kind::Node, true, "kubectl get pods -A -o yaml"),
    row("NodeStatusUnknown", "node-silent", "node-unreachable", Kind::Node, true, "kubectl get pods -A -o yaml"),
    row(
        "Marking for deletion Pod {ns}/{pod}",
        "node-silent",
        "node-unreachable-pod-terminating",
        Kind::Pod,
        false,
        "kubectl get nodes -o yaml",
    ),
    row("Node is not ready", "node-silent", "node-unreachable", Kind::Pod, false, "kubectl get nodes -o yaml"),
    // The namespace controller.
    row(
        "has finalizers remaining",
        "held-by-finalizer",
        "namespace-terminating",
        Kind::Namespace,
        true,
        "kubectl get ns,pod,pvc,sts -A -o yaml",
    ),
    row(
        "content in the namespace has finalizers",
        "held-by-finalizer",
        "namespace-terminating",
        Kind::Namespace,
        true,
        "kubectl get ns,pod,pvc,sts -A -o yaml",
    ),
    row(
        "in namespace {ns} because it is being terminated",
        "held-by-finalizer",
        "namespace-terminating",
        Kind::Namespace,
        false,
        "kubectl get ns,pod,pvc,sts -A -o yaml",
    ),
    // The set's controller.
    row(
        "pvc {pvc} is being deleted",
        "held-by-finalizer",
        "pvc-terminating",
        Kind::PersistentVolumeClaim,
        true,
        "kubectl get pvc -A -o yaml",
    ),
    row(
        "persistentvolumeclaim \"{pvc}\" is being deleted",
        "held-by-finalizer",
        "pvc-terminating",
        Kind::PersistentVolumeClaim,
        true,
        "kubectl get pvc -A -o yaml",
    ),
    row("failed quota: {quota}: must specify", "pod-refused", "quota-must-specify-requests", Kind::ResourceQuota, true, ""),
    row("exceeded quota: {quota},", "pod-refused", "quota-exceeded", Kind::ResourceQuota, true, ""),
    row("exceeded quota", "pod-refused", "quota-exceeded", Kind::StatefulSet, true, ADMISSION),
    row("must specify", "pod-refused", "quota-must-specify-requests", Kind::StatefulSet, false, ADMISSION),
    row("looking up service account {ns}/{sa}:", "pod-refused", "serviceaccount-missing", Kind::StatefulSet, true, ""),
    row("looking up service account", "pod-refused", "serviceaccount-missing", Kind::StatefulSet, true, ADMISSION),
    row("violates PodSecurity \"restricted", "pod-refused", "podsecurity-restricted", Kind::Namespace, true, ""),
    row("violates PodSecurity", "pod-refused", "podsecurity-baseline", Kind::Namespace, true, ""),
    row("unable to validate against any", "pod-refused", "refused", Kind::StatefulSet, true, ADMISSION),
    row("admission webhook \"{webhook}\" denied", "pod-refused", "webhook", Kind::StatefulSet, true, HOOKS),
    row("ValidatingAdmissionPolicy '{policy}' with binding", "pod-refused", "refused", Kind::StatefulSet, true, POLICIES),
    row("failed calling webhook", "pod-refused", "webhook", Kind::StatefulSet, true, HOOKS),
    row("failed calling admission webhook", "pod-refused", "webhook", Kind::StatefulSet, true, HOOKS),
    row(
        "object is being deleted: pods \"{pod}\" already exists",
        "pod-refused",
        "name-leaving",
        Kind::Pod,
        true,
        "kubectl get pods -A -o yaml",
    ),
    row("pods \"{pod}\" already exists", "identity-conflict", "name-taken", Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("pods \"{pod}\" is forbidden", "pod-refused", "refused", Kind::StatefulSet, true, ADMISSION),
    row("no PriorityClass with name", "pod-refused", "refused", Kind::StatefulSet, true, ADMISSION),
    row(
        "create Pod {pod} in StatefulSet {set} failed error: The POST operation",
        "pod-refused",
        "hidden-reason",
        Kind::StatefulSet,
        false,
        "kubectl get sts,pod,node -A -o yaml",
    ),
    row("create Pod {pod} in StatefulSet {set} failed", "pod-refused", "refused", Kind::StatefulSet, true, ADMISSION),
    row("Create Pod {pod} in StatefulSet {set} failed", "pod-refused", "refused", Kind::StatefulSet, true, ADMISSION),
    // Claims and volumes.
    row("no storage class is set", "claim-pending", "no-default-storageclass", Kind::PersistentVolumeClaim, true, ""),
    row("torageclass.storage.k8s.io \"{sc}\" not found", "claim-pending", "storageclass-not-found", Kind::PersistentVolumeClaim, true, ""),
    row("torageclass \"{sc}\" not found", "claim-pending", "storageclass-not-found", Kind::PersistentVolumeClaim, true, ""),
    row("torageClass \"{sc}\" not found", "claim-pending", "storageclass-not-found", Kind::PersistentVolumeClaim, true, ""),
    row(
        "ailed to provision volume with StorageClass \"{sc}\"",
        "claim-pending",
        "provisioner-refuses",
        Kind::StorageClass,
        true,
        "kubectl get pvc,sc,events -A -o yaml",
    ),
    row("by external provisioner", "claim-pending", "provisioner-not-running", Kind::PersistentVolumeClaim, false, CLAIMS),
    row("by the external provisioner", "claim-pending", "provisioner-not-running", Kind::PersistentVolumeClaim, false, CLAIMS),
    row("has lost its PersistentVolume", "claim-gone", "pvc-lost", Kind::PersistentVolumeClaim, true, ""),
    row("has lost reference to PersistentVolume", "claim-gone", "pvc-lost", Kind::PersistentVolumeClaim, true, ""),
    row(
        "persistentvolumeclaim \"{pvc}\" bound to non-existent persistentvolume",
        "claim-gone",
        "pvc-lost",
        Kind::PersistentVolumeClaim,
        true,
        "",
    ),
    row("volume node affinity conflict", "volume-elsewhere", "volume-node-unavailable", Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("PersistentVolume's node affinity", "volume-elsewhere", "volume-node-unavailable", Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("no available volume zone", "volume-elsewhere", "volume-node-unavailable", Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("NoVolumeZoneConflict", "volume-elsewhere", "volume-node-unavailable", Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("NoVolumeNodeConflict", "volume-elsewhere", "volume-node-unavailable", Kind::Pod, true, "kubectl get nodes,pv -o yaml"),
    row("unbound immediate PersistentVolumeClaims", "claim-pending", "claim-pending", Kind::Pod, false, CLAIMS),
    row("unbound PersistentVolumeClaims", "claim-pending", "claim-pending", Kind::Pod, false, CLAIMS),
    row("PersistentVolumeClaim is not bound", "claim-pending", "claim-pending", Kind::Pod, false, CLAIMS),
    row("didn't find available persistent volumes", "claim-pending", "no-volume-fits", Kind::Pod, false, CLAIMS),
    row("did not have enough free storage", "claim-pending", "no-volume-fits", Kind::Pod, false, CLAIMS),
    row("annot bind to requested volume \"{pv}\"", "claim-pending", "no-volume-fits", Kind::PersistentVolumeClaim, true, CLAIMS),
    row("already bound to a different claim", "claim-pending", "no-volume-fits", Kind::PersistentVolumeClaim, true, CLAIMS),
    row("no persistent volumes available", "claim-pending", "no-volume-fits", Kind::PersistentVolumeClaim, false, CLAIMS),
    row("persistentvolumeclaim \"{pvc}\" not found", "claim-gone", "pvc-missing", Kind::PersistentVolumeClaim, true, CLAIMS),
    row("exceed max volume count", "attach-or-mount", "volume-limit", Kind::Pod, true, ATTACHED),
    row("MaxVolumeCount", "attach-or-mount", "volume-limit", Kind::Pod, true, ATTACHED),
    // The scheduler.
    row("SchedulingGated", "nobody-schedules", "scheduling-gate", Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("scheduling gates", "nobody-schedules", "scheduling-gate", Kind::Pod, true, "kubectl get pods -A -o yaml"),
    row("Insufficient memory", "no-node-fits", "insufficient-memory", Kind::Pod, true, NODES),
    row("nsufficient {resource}", "no-node-fits", "insufficient-resources", Kind::Pod, true, NODES),
    row("PodFitsResources", "no-node-fits", "insufficient-resources", Kind::Pod, true, NODES),
    row("Too many pods", "no-node-fits", "too-many-pods", Kind::Pod, true, NODES),
    row("have free ports", "no-node-fits", "host-port-taken", Kind::Pod, true, NODES),
    row("PodFitsHostPorts", "no-node-fits", "host-port-taken", Kind::Pod, true, NODES),
    row("didn't match pod affinity rules", "no-node-fits", "pod-affinity-no-match", Kind::Pod, true, NODES),
    row("anti-affinity", "no-node-fits", "anti-affinity-too-few-nodes", Kind::Pod, true, NODES),
    row("MatchInterPodAffinity", "no-node-fits", "anti-affinity-too-few-nodes", Kind::Pod, false, NODES),
    row("pod topology spread", "no-node-fits", "topology-spread", Kind::Pod, true, NODES),
    row("untolerated taint", "no-node-fits", "untolerated-taint", Kind::Pod, true, NODES),
    row("that the pod didn't tolerate", "no-node-fits", "untolerated-taint", Kind::Pod, true, NODES),
    row("PodToleratesNodeTaints", "no-node-fits", "untolerated-taint", Kind::Pod, true, NODES),
    row("didn't match", "no-node-fits", "nodeselector-no-match", Kind::Pod, true, NODES),
    row("MatchNodeSelector", "no-node-fits", "nodeselector-no-match", Kind::Pod, true, NODES),
    row("were unschedulable", "no-node-fits", "cordoned", Kind::Pod, true, NODES),
    row("nodes are available", "no-node-fits", "no-node-fits", Kind::Pod, false, NODES),
    row("no nodes available to schedule pods", "no-node-fits", "no-node-fits", Kind::Pod, true, NODES),
    // Volumes on nodes.
    row("MountVolume.SetUp failed for volume \"{volume}\" : configmap", "attach-or-mount", "config-missing", Kind::Pod, true, CONFIGS),
    row("MountVolume.SetUp failed for volume \"{volume}\" : secret", "attach-or-mount", "config-missing", Kind::Pod, true, CONFIGS),
    row("references non-existent", "container-fails", "config-missing", Kind::Pod, true, ""),
    row("Multi-Attach error", "attach-or-mount", "multi-attach", Kind::Pod, true, ATTACHED),
    row("waiting on detach before it can be attached", "attach-or-mount", "multi-attach", Kind::Pod, true, ATTACHED),
    row("already used by pod", "attach-or-mount", "multi-attach", Kind::Pod, true, ATTACHED),
    row(
        "not found in the list of registered CSI drivers",
        "attach-or-mount",
        "csi-driver-missing",
        Kind::Pod,
        true,
        "kubectl get csinode -o yaml",
    ),
    row("AttachVolume.{step} failed", "attach-or-mount", "attach", Kind::Pod, true, ATTACHED),
    row("MountVolume.{step} failed", "attach-or-mount", "mount", Kind::Pod, true, ATTACHED),
    row("nable to attach or mount volumes", "attach-or-mount", "mount", Kind::Pod, true, ATTACHED),
    row("nable to mount volumes", "attach-or-mount", "mount", Kind::Pod, true, ATTACHED),
    row("waiting for volumes to attach", "attach-or-mount", "mount", Kind::Pod, true, ATTACHED),
    row("FailedAttachVolume", "attach-or-mount", "attach", Kind::Pod, true, ATTACHED),
    row("FailedMount", "attach-or-mount", "mount", Kind::Pod, true, ATTACHED),
    // Containers.
    row("CreateContainerConfigError", "container-fails", "config-missing", Kind::Pod, true, "kubectl get pods,events,cm -A -o yaml"),
    row("Error: configmap \"{cm}\" not found", "container-fails", "config-missing", Kind::Pod, true, ""),
    row("Error: secret \"{secret}\" not found", "container-fails", "config-missing", Kind::Pod, true, ""),
    row("couldn't find key", "container-fails", "config-missing", Kind::Pod, true, ""),
    row("runAsNonRoot", "container-fails", "cannot-start", Kind::Pod, true, ""),
    row("CreateContainerError", "container-fails", "cannot-start", Kind::Pod, true, "kubectl get pods,events -A -o yaml"),
    row("RunContainerError", "container-fails", "cannot-start", Kind::Pod, true, "kubectl get pods,events -A -o yaml"),
    row("ailed to create containerd task", "container-fails", "cannot-start", Kind::Pod, true, ""),
    row("executable file not found", "container-fails", "cannot-start", Kind::Pod, true, ""),
    row("ailed to start container", "container-fails", "cannot-start", Kind::Pod, true, ""),
    row("ailed to pull image \"{image}\"", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("Back-off pulling image \"{image}\"", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("ImagePullBackOff", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("ErrImage", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("InvalidImageName", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("Failed to apply default image tag", "container-fails", "image-pull", Kind::Pod, false, ROLLOUT),
    row("OOMKilled", "container-fails", "out-of-memory", Kind::Pod, false, ROLLOUT),
    row("Liveness probe failed", "container-fails", "liveness-probe", Kind::Pod, false, ROLLOUT),
    row("failed liveness probe", "container-fails", "liveness-probe", Kind::Pod, false, ROLLOUT),
    row("tartup probe failed", "container-fails", "liveness-probe", Kind::Pod, false, ROLLOUT),
    row("failed startup probe", "container-fails", "liveness-probe", Kind::Pod, false, ROLLOUT),
    row("Init:", "container-fails", "init", Kind::Pod, false, PODS),
    row("restarting failed container", "container-fails", "crash-loop", Kind::Pod, false, ROLLOUT),
    row("restarting failed docker container", "container-fails", "crash-loop", Kind::Pod, false, ROLLOUT),
    row("CrashLoopBackOff", "container-fails", "crash-loop", Kind::Pod, false, ROLLOUT),
    row("Readiness probe", "ordered-gate", "never-ready", Kind::Pod, false, ROLLOUT),
    // What only waits, or is well.
    row("waiting for first consumer to be created", "cannot-know", "waits-for-pod", Kind::PersistentVolumeClaim, false, PODS),
    row("waiting for pod {pod} to be scheduled", "cannot-know", "not-scheduled", Kind::Pod, false, UNPLACED),
    row("out of {n} new pods have been updated", "cannot-know", "rollout-waits", Kind::StatefulSet, false, ROLLOUT),
    row("pods to be ready...", "cannot-know", "rollout-waits", Kind::StatefulSet, false, ROLLOUT),
    row("waiting for statefulset rolling update", "cannot-know", "rollout-waits", Kind::StatefulSet, false, ROLLOUT),
    // A set that is not held back counts all its pods.
    row("partitioned roll out complete: 0 new pods", "partition", "partition", Kind::StatefulSet, false, SETS),
    row("partitioned roll out complete", "not-stuck", "complete", Kind::StatefulSet, false, SETS),
    row("statefulset rolling update complete", "not-stuck", "complete", Kind::StatefulSet, false, SETS),
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
    let of = |part: &str| SAYINGS.iter().find(|saying| captured(saying.words, part).is_some()).map(|saying| saying.detail);
    let mut all = before.split(", ").filter_map(of);
    all.next().is_some_and(|first| all.any(|other| other != first))
}

/// What a message says; `None` if none is known that it has the words of.
pub(crate) fn take_apart(text: &str) -> Option<Told<'_>> {
    let (rank, saying, mut names) =
        SAYINGS.iter().enumerate().find_map(|(rank, saying)| Some((rank, saying, captured(saying.words, text)?)))?;
    names.extend(NAMES.iter().filter_map(|words| captured(words, text)).flatten());
    Some(Told { saying, rank, names, is_mixed: saying.family == NO_NODE && is_mixed(text) })
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
    pub fn cause(&self, about: &ObjectKey) -> Cause {
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
        let sure = match (self.saying.family, self.saying.is_sure) {
            ("cannot-know", _) => Sure::Unknown,
            (_, true) => Sure::Certain,
            (_, false) => Sure::Likely,
        };
        let detail = if self.is_mixed { NO_NODE } else { self.saying.detail };
        Cause { sure, ..Cause::of(self.saying.family, detail, object) }
    }
}
