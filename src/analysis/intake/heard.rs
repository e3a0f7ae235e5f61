//! Events of the paste, used where the simulated cluster finds no problem.
//!
//! [`causes::message`] takes messages apart; here they are held against the objects, because Events are history: a later one of the
//! right reason, or the state of an object, says that an earlier one is over.

use std::rc::Rc;

use super::event::Happened;
use super::over::stands;
use super::report::{Verdict, verdict};
use super::world::World;
use api::kind::Kind;
use api::object::pod::{POD_SCHEDULED, READY, Truth};
use api::object::{ObjectKey, Pod, StatefulSet, parent_and_ordinal};
use base::sort::Sort;
use base::time::Span;
use causes::blame::{Blame, is_well};
use causes::message::{Said, SaidIn, Told, take_apart};
use why::{Cause, Family};

/// For so long what an Event says counts for the present.
const FRESH: Span = Span::seconds(1200);
/// A node of which nothing was heard for so long is not called silent yet: the node controller waits 40 seconds or more.
const SPEAKS: Span = Span::seconds(60);
/// So long after its deadline a pod that its kubelet ends is gone.
const OVERDUE: Span = Span::seconds(60);
/// So long after its kubelet has seen it, the containers of a pod have started.
const LATE: Span = Span::seconds(300);
/// Reasons of Events about volumes that do not come to a pod.
const NOT_MOUNTED: [&str; 2] = ["FailedMount", "FailedAttachVolume"];
/// Families that no set waits for: of which only the client is told, or which a pod that runs does not show.
const BESIDE: [Family; 4] = [Family::RefusedUpdate, Family::DrainBlocked, Family::OnDelete, Family::Expansion];
fn is_fresh(world: &World, event: &Happened) -> bool {
    event.last.is_none_or(|last| world.at.since(last) < FRESH)
}

fn key_of(event: &Happened) -> ObjectKey {
    let kind = Kind::named(&event.about.0).unwrap_or(Kind::Pod);
    let namespace = if kind.is_namespaced() { &*event.about.1 } else { "" };
    ObjectKey::new(kind, &namespace.into(), &event.about.2.as_str().into())
}

/// Whether an Event is the scheduler's, which tells of each node what stands against it.
fn counts_nodes(event: &Happened) -> bool {
    event.message.contains(" nodes are available: ")
}

/// The most telling of the Events that a test lets through.
fn loudest(world: &World, about: impl Fn(&Happened) -> bool) -> Option<Blame> {
    let all = &world.dump.events;
    let heard = (0..all.len()).filter(|at| about(&all[*at])).filter_map(|at| Some((at, stands(all, at)?)));
    let (at, told) = heard.min_by_key(|(at, told)| (told.rank, !counts_nodes(&all[*at])))?;
    Some(told.cause(&key_of(&all[at])))
}

/// What was said of the object of a verdict.
pub(super) fn of_object(world: &World, key: &ObjectKey) -> Option<Blame> {
    loudest(world, |event| key_of(event) == *key)
}

/// A pod that should be gone: how long it was given, and whether its node is Ready, if the text tells.
fn unended(world: &World, pod: &Pod) -> Blame {
    let mut blame = Blame::of(Cause::KubeletDoesNotEndIt, pod.key()).unknown();
    let node = pod.node.as_ref().filter(|node| world.dump.of(Kind::Node).any(|one| one.text_at(&["metadata", "name"]) == Some(node)));
    if let Some(node) = node.and_then(|node| world.sim.tables().node("", node)).filter(|node| !node.silent()) {
        blame.said.text("ready_node", &*node.meta.name);
    }
    blame
}

/// Whether a pod that goes away is within its grace period.
pub(super) fn has_time(world: &World, pod: &Pod) -> bool {
    let now = world.dump.newest.unwrap_or(world.at);
    pod.meta.deletion.is_some_and(|deletion| deletion.at > now) && pod.meta.finalizers.is_empty()
}

/// Whether a pod of which the text shows no node is not Ready although its containers are, and no readiness gate can be closed: so the
/// node controller marks the pods of a silent node.
fn is_marked(world: &World, pod: &Pod) -> bool {
    let told = pod.condition(READY).is_some_and(|ready| ready.status == Truth::False && ready.reason.is_empty());
    let serves = !pod.status.containers.is_empty() && pod.status.containers.iter().all(|container| container.ready);
    // A kubelet that reports about the pod is not silent.
    let now = world.dump.newest.unwrap_or(world.at);
    let reports = |event: &Happened| event.source.starts_with("kubelet") && event.last.is_some_and(|last| now.since(last) < SPEAKS);
    let is_heard = world.dump.about(Kind::Pod, &pod.meta.namespace, &pod.meta.name).any(reports);
    told && serves && !is_heard && pod.spec.template.raw.list_at(&["readinessGates"]).is_empty() && !world.shows(Kind::Node)
}

/// The cause where the node of a pod is likely silent.
fn silent(pod: &Pod) -> Blame {
    let detail = if pod.meta.terminating() { Cause::NodeUnreachablePodTerminating } else { Cause::NodeUnreachable };
    Blame::of(detail, pod.key()).likely()
}

/// What was said to a client, and what was said of objects of which the text tells no more.
pub(super) fn verdicts(world: &World, known: &[Verdict]) -> Vec<Verdict> {
    if !world.dump.mixed {
        // Of a cluster that was printed whole, objects tell everything.
        return Vec::new();
    }
    let is_known = known.iter().any(|verdict| ![Family::NotStuck, Family::CannotKnow].contains(&verdict.family()));
    let all = &world.dump.events;
    let told = (0..all.len()).filter_map(|at| Some((at, stands(all, at)?)));
    let mut told: Vec<(usize, Told<'_>)> = told.filter(|(_, told)| !is_known || BESIDE.contains(&told.cause.family())).collect();
    told.sort_small_by_key(|(at, told)| (told.rank, !counts_nodes(&all[*at])));
    let mut found: Vec<Verdict> = Vec::new();
    for (at, told) in told {
        let about = key_of(&all[at]);
        let blame = told.cause(&about);
        let workload = workload(&about, &blame.object);
        let spoken =
            |verdict: &Verdict| verdict.workload == workload || verdict.family() == blame.family() && verdict.workload.name.is_empty();
        let client = BESIDE.contains(&blame.family());
        let asks = blame.family() == Family::CannotKnow && !known.is_empty();
        if asks || found.iter().any(spoken) || is_well_by_now(world, &about) && !client || !found.is_empty() && about.name.is_empty() {
            continue;
        }
        let one = verdict(world, &world.sim, blame, &workload, Vec::new());
        found.push(one);
    }
    found
}

/// Whether an object that an Event is about is what it should be, whatever was said of it.
fn is_well_by_now(world: &World, about: &ObjectKey) -> bool {
    let tables = world.sim.tables();
    let pod = |pod: &Rc<Pod>| pod.ready() && !pod.meta.terminating();
    let others = || tables.pods().filter(|pod| pod.meta.namespace == about.namespace).count() > 1;
    match about.kind {
        // A pod that is not among several that are there is gone.
        Kind::Pod => tables.pod(&about.namespace, &about.name).map_or_else(|| !about.name.is_empty() && others(), pod),
        Kind::PersistentVolumeClaim => {
            tables.claim(&about.namespace, &about.name).is_some_and(|claim| claim.bound() && !claim.meta.terminating())
        }
        Kind::StatefulSet => is_well(&world.sim, about),
        Kind::Node => tables.node("", &about.name).is_some_and(|node| !node.silent()),
        _ => false,
    }
}

/// The workload that an object belongs to, as far as names tell.
fn workload(about: &ObjectKey, object: &ObjectKey) -> ObjectKey {
    for key in [about, object] {
        match key.kind {
            Kind::StatefulSet if !key.name.is_empty() => return key.clone(),
            Kind::Pod => {
                if let Some((parent, _)) = parent_and_ordinal(&key.name) {
                    return ObjectKey::new(Kind::StatefulSet, &key.namespace, &parent.into());
                }
            }
            _ => {}
        }
    }
    if about.name.is_empty() { object.clone() } else { about.clone() }
}

/// What the pasted cluster said of a set that is not what it should be.
pub(super) fn said(world: &World, set: &Rc<StatefulSet>) -> Option<Blame> {
    let (tables, dump) = (world.sim.tables(), &world.dump);
    let (namespace, name) = (&*set.meta.namespace, &*set.meta.name);
    let pods: Vec<&Rc<Pod>> = tables.pods().filter(|pod| pod.meta.is_controlled_by(set.meta.uid)).collect();
    let absent = set.ordinals().any(|ordinal| tables.pod(namespace, &set.pod_name(ordinal)).is_none());
    let refused = dump.about(Kind::StatefulSet, namespace, name).filter(|event| event.reason == "FailedCreate" && is_fresh(world, event));
    if let Some(event) = refused.last().filter(|_| absent) {
        let told = take_apart(event.said()).filter(|told| told.cause.family() == Family::PodRefused);
        let refused = || Blame::of(Cause::Refused, set.key());
        return Some(told.map_or_else(refused, |told| Blame { object: set.key(), ..told.cause(&set.key()) }));
    }
    for pod in pods.iter().filter(|pod| !pod.ready()) {
        if is_marked(world, pod) {
            return Some(silent(pod));
        }
        let of = |reason, text| take_apart(Said { place: SaidIn::Event, reason, text }).map(|told| told.cause(&pod.key()).likely());
        let unplaced = pod.condition(POD_SCHEDULED).filter(|condition| condition.status == Truth::False && pod.node.is_none());
        let lacks = [Kind::Node, Kind::PersistentVolumeClaim, Kind::PersistentVolume].iter().any(|kind| !world.pasted(*kind));
        let lacks = lacks || world.withholds([Kind::Pod]);
        if let Some(found) = unplaced.filter(|_| lacks).and_then(|condition| of("FailedScheduling", &condition.message)) {
            return Some(found);
        }
        let events = dump.about(Kind::Pod, namespace, &pod.meta.name);
        let unmounted = events.filter(|event| NOT_MOUNTED.contains(&&*event.reason) && is_fresh(world, event)).last();
        let starts = pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
        if let Some(event) = unmounted.filter(|_| starts) {
            let other = || Blame::of(Cause::Mount, pod.key());
            return Some(of(&event.reason, &event.message).unwrap_or_else(other));
        }
        if let Some(found) = stands_still(world, pod) {
            return Some(found);
        }
    }
    None
}

/// Whether a pod has a volume that somebody has to bring.
fn has_volumes(pod: &Pod) -> bool {
    let own = |volume: &base::value::Value| volume.get("projected").is_none() && volume.get("emptyDir").is_none();
    pod.spec.template.raw.list_at(&["volumes"]).iter().any(own)
}

/// A pod that its kubelet should long have started, or ended.
fn stands_still(world: &World, pod: &Pod) -> Option<Blame> {
    let overdue = pod.meta.deletion.is_some_and(|deletion| world.at.since(deletion.at) > OVERDUE) && pod.meta.finalizers.is_empty();
    let begun = pod.status.started.is_some_and(|started| world.at.since(started) > LATE);
    let waits = begun && pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
    match () {
        () if overdue => Some(unended(world, pod)),
        () if waits && has_volumes(pod) => Some(Blame::of(Cause::Mount, pod.key()).likely()),
        () if waits => Some(Blame::of(Cause::NotStarted, pod.key()).unknown()),
        () => None,
    }
}
