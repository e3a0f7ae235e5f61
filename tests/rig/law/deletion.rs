//! No object is deleted unasked: which actor may delete what, and under which condition.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::named::{Law, Violation};
use api::controller::Controller;
use api::kind::Kind;
use api::object::node::OUT_OF_SERVICE_TAINT;
use api::object::pod::POD_SCHEDULED;
use api::object::storage::Attachment;
use api::object::{Object, ObjectKey, OwnerRef, Pod, Uid};
use base::time::{Span, Time};
use server::log::{Actor, Change};
use server::tables::Tables;
use server::waits_for_dependents;

/// How long a request may be in flight. The slowest random worlds see changes late and send slowly, but both within this time.
pub(super) const UNDER_WAY: Span = Span::seconds(1);

/// Judges a write that sets an object's deletion timestamp, or removes an object without one. `taken_back` holds the owners that no
/// longer wait for their dependents, `let_go` the dependents that lost their controller, and since when.
pub fn judge(change: &Change, tables: &Tables, taken_back: &BTreeMap<Uid, Time>, let_go: &BTreeMap<Uid, Time>) -> Result<(), Violation> {
    let Some(before) = change.before.as_ref().filter(|_| change.is_deletion()) else { return Ok(()) };
    let unasked = |why: &str| Law::NothingUnasked.broken(change.at, &change.key, format!("{:?} deletes it although {why}", change.by));
    let just_now = let_go.get(&before.meta().uid).is_some_and(|at| change.at.since(*at) <= UNDER_WAY);
    reason_to_delete(change, before, tables, taken_back).or_else(|why| if just_now { Ok(()) } else { Err(unasked(&why)) })
}

/// `Ok` if the actor has a legitimate reason to delete the object; otherwise what speaks against it.
fn reason_to_delete(change: &Change, object: &Object, tables: &Tables, taken_back: &BTreeMap<Uid, Time>) -> Result<(), String> {
    let just_now = |owner: &OwnerRef| taken_back.get(&owner.uid).is_some_and(|at| change.at.since(*at) <= UNDER_WAY);
    match &change.by {
        Actor::User | Actor::Setup => Ok(()),
        Actor::Controller(Controller::GarbageCollector) if object.meta().owners.iter().any(just_now) => Ok(()),
        Actor::Controller(controller) => controller_may(*controller, object, change.at, tables),
        Actor::Kubelet(_) => Err("a kubelet only confirms a deletion that was asked for".into()),
        Actor::Scheduler => preempted(object),
        Actor::ApiServer if object.kind() == Kind::Event => Ok(()),
        Actor::ApiServer | Actor::Provisioner(_) | Actor::Speaker(_) => Err("it deletes nothing by itself".into()),
    }
}

fn controller_may(controller: Controller, object: &Object, now: Time, tables: &Tables) -> Result<(), String> {
    let kind = object.kind();
    match (controller, kind) {
        (Controller::GarbageCollector, _) => owners_are_going(object, tables),
        (Controller::StatefulSet, Kind::Pod | Kind::ControllerRevision)
        | (Controller::EndpointSlice, Kind::EndpointSlice)
        | (Controller::Endpoints, Kind::Endpoints) => Ok(()),
        (Controller::ReplicaSet, Kind::Pod) => owned_by_a(Kind::ReplicaSet, object),
        (Controller::DaemonSet, Kind::Pod | Kind::ControllerRevision) => owned_by_a(Kind::DaemonSet, object),
        (Controller::Job, Kind::Pod) => owned_by_a(Kind::Job, object),
        (Controller::Deployment, Kind::ReplicaSet) => owned_by_a(Kind::Deployment, object),
        (Controller::Claims | Controller::Volumes, Kind::PersistentVolume) => claim_is_gone(object, tables),
        (Controller::AttachDetach, Kind::VolumeAttachment) => nobody_needs(object, now, tables),
        (Controller::TaintEviction, Kind::Pod) => was_bound(object, now),
        (Controller::PodGc, Kind::Pod) => node_is_off(object, tables),
        (Controller::Namespace, _) => namespace_goes(object, tables),
        (Controller::Definition, _) => definition_goes(object, tables),
        _ => Err(format!("nothing is known by which {} would delete a {kind}", controller.component().name())),
    }
}

/// The garbage collector only deletes objects whose owners are all gone or under foreground deletion.
fn owners_are_going(object: &Object, tables: &Tables) -> Result<(), String> {
    let meta = object.meta();
    let stays = |owner: &&OwnerRef| {
        let found = owner.kind.and_then(|kind| tables.get(&ObjectKey::new(kind, &meta.namespace, &owner.name)));
        let found = found.filter(|o| o.meta().uid == owner.uid);
        found.is_some_and(|o| !waits_for_dependents(o.meta()))
    };
    match meta.owners.iter().find(stays) {
        Some(owner) => Err(format!("its owner {} is there", owner.name)),
        None if meta.owners.is_empty() => Err("it never had an owner".into()),
        None => Ok(()),
    }
}

fn owned_by_a(kind: Kind, object: &Object) -> Result<(), String> {
    let owned = object.meta().controller().is_some_and(|o| o.is_a(kind));
    if owned { Ok(()) } else { Err(format!("no {kind} has it")) }
}

/// The scheduler marks a victim with a condition before it deletes it.
fn preempted(object: &Object) -> Result<(), String> {
    let says = object.as_pod().is_some_and(|pod| pod.preempted());
    if says { Ok(()) } else { Err("it does not say that another takes its place".into()) }
}

fn definition_goes(object: &Object, tables: &Tables) -> Result<(), String> {
    let name = object.kind().resource();
    match tables.find(Kind::CustomResourceDefinition, "", &name) {
        Some(found) if !found.meta().terminating() => Err(format!("definition {name} stays")),
        _ => Ok(()),
    }
}

fn namespace_goes(object: &Object, tables: &Tables) -> Result<(), String> {
    let namespace = &object.meta().namespace;
    match tables.find(Kind::Namespace, "", namespace) {
        Some(found) if !found.meta().terminating() => Err(format!("namespace {namespace} stays")),
        _ => Ok(()),
    }
}

/// Taint eviction deletes by name: a pod that took over the name while the request was in flight is deleted too, as in a real
/// cluster.
fn was_bound(object: &Object, now: Time) -> Result<(), String> {
    let so = |pod: &Rc<Pod>| pod.node.is_some() || now.since(pod.meta.created) <= UNDER_WAY;
    if object.as_pod().is_some_and(so) { Ok(()) } else { Err("it has no node with taints".into()) }
}

/// Only a pod whose node is gone or marked out of service is removed without its kubelet's confirmation.
fn node_is_off(object: &Object, tables: &Tables) -> Result<(), String> {
    let node = object.as_pod().and_then(|p| p.node.as_ref()).and_then(|name| tables.node("", name));
    match node {
        Some(node) if node.taints.iter().all(|t| &*t.key != OUT_OF_SERVICE_TAINT) => Err(format!("node {} is in service", node.meta.name)),
        _ => Ok(()),
    }
}

/// A volume is detached only from a node on which no pod needs it, unless the pod came while the request was in flight.
fn nobody_needs(object: &Object, now: Time, tables: &Tables) -> Result<(), String> {
    let attachment = Attachment::read(object).ok_or("it attaches nothing")?;
    let claim = tables.volume("", &attachment.volume).and_then(|v| v.spec.claim.clone());
    let settled = |pod: &Rc<Pod>| pod.condition(POD_SCHEDULED).is_some_and(|c| now.since(c.since) > UNDER_WAY);
    let needs = |pod: &&Rc<Pod>| {
        let here = pod.node.as_ref() == Some(&attachment.node) && !pod.status.phase.terminal() && settled(pod);
        here && claim.as_ref().is_some_and(|c| c.namespace == pod.meta.namespace && pod.claim_volumes().any(|v| v.claim == c.name))
    };
    match tables.pods().find(needs) {
        Some(pod) => Err(format!("{} needs it on {}", pod.meta.name, attachment.node)),
        None => Ok(()),
    }
}

fn claim_is_gone(object: &Object, tables: &Tables) -> Result<(), String> {
    let volume = object.as_volume().ok_or("it is no volume")?;
    let reference = volume.spec.claim.as_ref().ok_or("no claim ever had it")?;
    let claim = tables.claim(&reference.namespace, &reference.name).map(Rc::clone);
    match claim.filter(|c| Some(c.meta.uid) == reference.uid && c.spec.volume == volume.meta.name) {
        Some(claim) => Err(format!("claim {} has it", claim.meta.name)),
        None => Ok(()),
    }
}
