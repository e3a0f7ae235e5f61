//! What the pasted cluster itself said, where the world of the paste has nothing against going on: something decisive was not pasted.
//!
//! Used only then: with everything pasted, the components decide anew, and their decisions count.

use super::cause::Cause;
use super::read::Happened;
use super::verdict::Sure;
use super::world::World;
use api::kind::Kind;
use api::object::pod::{POD_SCHEDULED, READY, Truth};
use api::object::{ObjectKey, Pod, StatefulSet};
use base::time::Span;
use std::rc::Rc;

/// For so long what an Event says counts for the present.
const FRESH: Span = Span::seconds(1200);

/// So long after its deadline a pod that its kubelet ends is gone.
const OVERDUE: Span = Span::seconds(60);
/// So long after its kubelet has seen it, the containers of a pod have started.
const LATE: Span = Span::seconds(300);

/// The words of a scheduler or a kubelet, the family and the finer cause, and what would say more.
const SAID: [(&str, &str, &str, &str); 17] = [
    ("volume node affinity conflict", "volume-elsewhere", "volume-node-unavailable", "kubectl get nodes,pv -o yaml"),
    ("PersistentVolume's node affinity", "volume-elsewhere", "volume-node-unavailable", "kubectl get nodes,pv -o yaml"),
    ("unbound immediate PersistentVolumeClaims", "claim-pending", "claim-pending", "kubectl get pvc,pv,sc -A -o yaml"),
    ("didn't find available persistent volumes", "claim-pending", "no-volume-fits", "kubectl get pvc,pv,sc -A -o yaml"),
    ("Insufficient memory", "no-node-fits", "insufficient-memory", "kubectl get nodes,pods -A -o yaml"),
    ("Insufficient", "no-node-fits", "insufficient-resources", "kubectl get nodes,pods -A -o yaml"),
    ("pod anti-affinity rules", "no-node-fits", "anti-affinity-too-few-nodes", "kubectl get nodes,pods -A -o yaml"),
    ("pod topology spread", "no-node-fits", "topology-spread", "kubectl get nodes,pods -A -o yaml"),
    ("untolerated taint", "no-node-fits", "untolerated-taint", "kubectl get nodes -o yaml"),
    ("that the pod didn't tolerate", "no-node-fits", "untolerated-taint", "kubectl get nodes -o yaml"),
    ("didn't match", "no-node-fits", "nodeselector-no-match", "kubectl get nodes -o yaml"),
    ("were unschedulable", "no-node-fits", "cordoned", "kubectl get nodes -o yaml"),
    ("Multi-Attach error", "attach-or-mount", "multi-attach", "kubectl get volumeattachment,pods -A -o yaml"),
    ("already used by pod", "attach-or-mount", "multi-attach", "kubectl get volumeattachment,pods -A -o yaml"),
    ("not found in the list of registered CSI drivers", "attach-or-mount", "csi-driver-missing", "kubectl get csinode -o yaml"),
    ("exceed max volume count", "attach-or-mount", "volume-limit", "kubectl get csinode,volumeattachment -o yaml"),
    ("nodes are available", "no-node-fits", "no-node-fits", "kubectl get nodes,pods -A -o yaml"),
];
/// Reasons of Events about volumes that do not come to a pod.
const NOT_MOUNTED: [&str; 2] = ["FailedMount", "FailedAttachVolume"];

/// What words say of an object.
fn of(words: &str, object: &ObjectKey) -> Option<(Cause, &'static str)> {
    let (_, family, detail, missing) = SAID.iter().find(|(part, ..)| words.contains(part))?;
    Some((Cause { sure: Sure::Likely, ..Cause::of(family, detail, object.clone()) }, missing))
}

fn is_fresh(world: &World, event: &Happened) -> bool {
    event.last.is_none_or(|last| world.at.since(last) < FRESH)
}

/// What the pasted cluster said of a set that is not what it should be; and the command that prints what is missing.
pub(super) fn said(world: &World, set: &Rc<StatefulSet>) -> Option<(Cause, &'static str)> {
    let (tables, dump) = (world.sim.tables(), &world.dump);
    let (namespace, name) = (&*set.meta.namespace, &*set.meta.name);
    let pods: Vec<&Rc<Pod>> = tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).collect();
    let absent = set.ordinals().any(|ordinal| tables.pod(namespace, &set.pod_name(ordinal)).is_none());
    let refused = dump.about(Kind::StatefulSet, namespace, name).filter(|event| event.reason == "FailedCreate" && is_fresh(world, event));
    if let Some(event) = refused.last().filter(|_| absent) {
        let cause = Cause::of("pod-refused", refusal(&event.message), set.key());
        return Some((cause, "kubectl get sa,quota,limitrange,ns -A -o yaml"));
    }
    if !world.pasted(Kind::Pod) && set.status.replicas > 0 {
        let unknown = Cause { sure: Sure::Unknown, ..Cause::of("cannot-know", "no-pods", set.key()) };
        return Some((unknown, "kubectl get pods,pvc,events -A -o yaml"));
    }
    for pod in pods.iter().filter(|pod| !pod.ready()) {
        let told = pod.condition(READY).is_some_and(|ready| ready.status == Truth::False && ready.reason.is_empty());
        let serves = !pod.status.containers.is_empty() && pod.status.containers.iter().all(|container| container.ready);
        if told && serves && !world.pasted(Kind::Node) {
            let detail = if pod.meta.terminating() { "node-unreachable-pod-terminating" } else { "node-unreachable" };
            let cause = Cause { sure: Sure::Likely, ..Cause::of("node-silent", detail, pod.key()) };
            return Some((cause, "kubectl get nodes -o yaml"));
        }
        let unplaced = pod.condition(POD_SCHEDULED).filter(|condition| condition.status == Truth::False && pod.node.is_none());
        let lacks = !world.pasted(Kind::Node) || !world.pasted(Kind::PersistentVolumeClaim) || !world.pasted(Kind::PersistentVolume);
        if let Some(found) = unplaced.filter(|_| lacks).and_then(|condition| of(&condition.message, &pod.key())) {
            return Some(found);
        }
        let events = dump.about(Kind::Pod, namespace, &pod.meta.name);
        let unmounted = events.filter(|event| NOT_MOUNTED.contains(&&*event.reason) && is_fresh(world, event)).last();
        let starts = pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
        if let Some(event) = unmounted.filter(|_| starts) {
            let other = || (Cause::of("attach-or-mount", "mount", pod.key()), "kubectl get volumeattachment,csinode -o yaml");
            return Some(of(&event.message, &pod.key()).unwrap_or_else(other));
        }
        if let Some(found) = stands_still(world, pod) {
            return Some(found);
        }
    }
    None
}

/// A pod that its kubelet should long have started, or ended.
fn stands_still(world: &World, pod: &Pod) -> Option<(Cause, &'static str)> {
    let overdue = pod.meta.deletion.is_some_and(|deletion| world.at.since(deletion.at) > OVERDUE) && pod.meta.finalizers.is_empty();
    let begun = pod.status.started.is_some_and(|started| world.at.since(started) > LATE);
    let waits = begun && pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
    match () {
        () if overdue => {
            let cause = Cause { sure: Sure::Unknown, ..Cause::of("cannot-know", "kubelet-does-not-end-it", pod.key()) };
            Some((cause, "kubectl get nodes,events -A -o yaml"))
        }
        () if waits => {
            let cause = Cause { sure: Sure::Likely, ..Cause::of("attach-or-mount", "mount", pod.key()) };
            Some((cause, "kubectl get events,volumeattachment -A -o yaml"))
        }
        () => None,
    }
}

/// The finer cause of a refusal, by its words.
fn refusal(error: &str) -> &'static str {
    let known = [
        ("must specify", "quota-must-specify-requests"),
        ("exceeded quota", "quota-exceeded"),
        ("violates PodSecurity", "podsecurity"),
        ("looking up service account", "serviceaccount-missing"),
        ("admission webhook", "webhook"),
        ("failed calling webhook", "webhook"),
        ("is being deleted", "name-leaving"),
    ];
    known.iter().find(|(words, _)| error.contains(words)).map_or("refused", |(_, detail)| detail)
}
