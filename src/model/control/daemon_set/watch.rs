//! What a DaemonSet is looked at for.
//!
//! Models the event handlers of pkg/controller/daemon/daemon_controller.go.

use super::{place, tolerant};
use crate::cache::Cache;
use crate::registration::{OwnWrites, Registration, Watch, own_key};
use crate::workloads::{adopters, is_there, named};
use api::kind::Kind;
use api::object::node::Node;
use api::object::{Object, PodTemplate};
use api::well_known::TEMPLATE_GENERATION;

/// The controller.
pub static CONTROLLER: Registration = Registration {
    own_writes: OwnWrites::All(Kind::DaemonSet),
    watches_last: &[(Kind::Node, watch_node)],
    ..Registration::new(
        &[(Kind::DaemonSet, own_key), (Kind::Pod, |watch| watch.managers(Kind::DaemonSet)), (Kind::ControllerRevision, watch_revision)],
        |view, key, memory| super::plan(view, key, &mut memory.daemon_sets),
    )
};

/// Queues the sets concerned by a new node or a change of one. Nobody tells the controller of one that is deleted.
/// Models addNode, updateNode and syncNodeUpdate.
fn watch_node(watch: &mut Watch) {
    let (cache, [old, new]) = (watch.view.cache, watch.change.sides(Object::as_node));
    let Some(new) = new.filter(|new| old.is_none_or(|old| old.meta.labels != new.meta.labels || old.taints != new.taints)) else { return };
    let concerned = |set: &&Object| is_concerned(cache, set, new);
    watch.enqueue_all(cache.tables.all(Kind::DaemonSet).filter(concerned).map(Object::key));
}

/// Queues the sets whose revisions were changed or deleted, and those that may adopt one. StatefulSets only read theirs.
/// Models addHistory, updateHistory and deleteHistory.
fn watch_revision(watch: &mut Watch) {
    let cache = watch.view.cache;
    let [old, new] = [&watch.change.before, &watch.change.after].map(|object| object.as_ref().and_then(|o| o.meta().controller()));
    let left = old.filter(|_| old != new);
    let kept = new.filter(|_| watch.change.before.is_some());
    let owners = left.into_iter().chain(kept).filter(|owner| owner.is_a(Kind::DaemonSet));
    let owners = owners.map(|owner| named(&watch.change.key.namespace, Kind::DaemonSet, owner));
    watch.enqueue_all(owners.filter(|owner| is_there(cache, owner)).map(|(key, _)| key));
    watch.enqueue_all(adopters(cache, watch.change, Kind::DaemonSet));
}

/// Whether a new or changed node concerns a set: a pod has to be created or deleted, or misscheduled pods recounted.
/// Models syncNodeUpdate.
fn is_concerned(cache: &Cache, set: &Object, node: &Node) -> bool {
    let Object::Plain(set) = set else { return false };
    let template = set.raw.at(&["spec", "template"]).cloned().unwrap_or_default();
    let place = place(&PodTemplate::decode(&tolerant(template, "", set.meta.annotation(TEMPLATE_GENERATION))), node);
    let is_there = cache.managed_pods(set.meta.uid).any(|pod| pod.node.as_ref() == Some(&node.meta.name));
    let misplaced = set.raw.int_at(&["status", "numberMisscheduled"]).unwrap_or(0) > 0;
    if is_there { !place.stays || misplaced } else { place.runs }
}
