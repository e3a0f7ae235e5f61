//! What the pasted cluster itself said, where the world of the paste has nothing against going on: something decisive was not pasted.
//!
//! [`causes::message`] takes messages apart; here they are held against the objects, because Events are history: a later one of the
//! right reason, or the state of an object, says that an earlier one is over.

use std::rc::Rc;

use super::event::Happened;
use super::over::stands;
use super::report::{Verdict, verdict};
use super::status::taken;
use super::world::World;
use api::kind::Kind;
use api::object::pod::{POD_SCHEDULED, PodPhase, READY, Truth};
use api::object::storage::SELECTED_NODE;
use api::object::{Claim, ObjectKey, Pod, StatefulSet, parent_and_ordinal};
use base::fields::Fields;
use base::sort::Sort;
use base::time::{Span, Time};
use causes::blame::{Blame, Sure, is_well};
use causes::message::{Told, take_apart};
use causes::rollout::waits_in_vain;
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
/// Families of which images and revisions may tell a finer one.
pub(super) const FINER_BY_REVISION: [Family; 2] = [Family::ContainerFails, Family::OrderedGate];

fn is_fresh(world: &World, event: &Happened) -> bool {
    event.last.is_none_or(|last| world.at.since(last) < FRESH)
}

fn key_of(event: &Happened) -> ObjectKey {
    let kind = Kind::named(&event.about.0).unwrap_or(Kind::Pod);
    let namespace = if kind.info().namespaced { &*event.about.1 } else { "" };
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

/// Takes for certain what words say, too, that were said of the object of a verdict.
pub(super) fn confirm(verdict: &mut Verdict, said: &Blame) {
    if said.family() == verdict.family() && verdict.said == Fields::default() {
        verdict.said = said.said.clone();
    }
    if said.family() == verdict.family() && verdict.cause == Cause::CrashLoop {
        // That a container ends is all that a row makes the world know.
        verdict.cause = said.cause;
    }
    if said.family() != verdict.family() || said.sure != Sure::Certain {
        return;
    }
    verdict.sure = Sure::Certain;
    if said.family() == Family::ClaimPending && said.cause != verdict.cause {
        // Why a volume is not made, whoever was to make it knows best; what was tried goes by another reason.
        (verdict.cause, verdict.object) = (said.cause, said.object.clone());
        (verdict.cures, verdict.not_cures) = (Vec::new(), Vec::new());
    }
}

/// What was said of the object of a verdict.
pub(super) fn of_object(world: &World, key: &ObjectKey) -> Option<Blame> {
    loudest(world, |event| key_of(event) == *key)
}

/// Whether an Event concerns a set that is not what it should be: the set, its pods that are not Ready, its claims.
fn concerns(world: &World, set: &StatefulSet, event: &Happened) -> bool {
    let tables = world.sim.tables();
    let (namespace, name) = (&*set.meta.namespace, &*set.meta.name);
    let (kind, place, about) = (&*event.about.0, &*event.about.1, &*event.about.2);
    if about.is_empty() {
        return true;
    }
    place == namespace
        && match Kind::named(kind) {
            Some(Kind::StatefulSet) => about == name,
            Some(Kind::Pod) => {
                let own = parent_and_ordinal(about).is_some_and(|(parent, _)| parent == name);
                own && tables.pod(namespace, about).is_none_or(|pod| !pod.ready() || pod.meta.terminating())
            }
            Some(Kind::PersistentVolumeClaim) => {
                let own = set.of_claim(about).is_some() || parent_and_ordinal(about).is_some_and(|(parent, _)| parent.ends_with(name));
                own && tables.claim(namespace, about).is_none_or(|claim| !claim.bound() || claim.meta.terminating())
            }
            _ => false,
        }
}

/// What was said of a set that is known in part and is not what it should be, of its pods that are not Ready and its claims.
pub(super) fn of_set(world: &World, set: &StatefulSet) -> Option<Blame> {
    // A pod that was pasted is not what is missing.
    let is_beside = |event: &Happened| take_apart(&event.message).is_some_and(|told| BESIDE.contains(&told.saying.cause.family()));
    let heard = loudest(world, |event| concerns(world, set, event) && !is_beside(event));
    heard.filter(|blame| blame.cause != Cause::WaitsForPod || !world.shows(Kind::Pod)).map(|blame| of_volume(world, blame))
}

/// Whether a cause is one for which a pod has no node.
fn is_of_place(family: Family, cause: Cause) -> bool {
    let places = [Family::NoNodeFits, Family::VolumeElsewhere, Family::ClaimPending, Family::ClaimGone, Family::NobodySchedules];
    places.contains(&family) || cause == Cause::NotScheduled
}

/// What else was said, of other pods of a set than those of which there is a verdict: what ends one wait does not end these.
pub(super) fn besides(world: &World, set: &StatefulSet, known: &[Verdict]) -> Vec<Blame> {
    let all = &world.dump.events;
    let mut found: Vec<Blame> = Vec::new();
    for at in (0..all.len()).filter(|at| all[*at].about.0 == Kind::Pod.info().name && concerns(world, set, &all[*at])) {
        let Some(blame) = stands(all, at).map(|told| told.cause(&key_of(&all[at]))) else { continue };
        let is_told = known.iter().any(|one| one.object == blame.object || one.family() == blame.family());
        let is_told = is_told || found.iter().any(|one| one.object == blame.object || one.family() == blame.family());
        let waits = ![Family::CannotKnow, Family::NotStuck].contains(&blame.family()) && !BESIDE.contains(&blame.family());
        if waits && !is_told && blame.object.kind == Kind::Pod && !blame.object.name.is_empty() {
            found.push(blame);
        }
    }
    // Peers may wait for a pod that nobody has placed.
    let unplaced_pod = |pod: &&Rc<Pod>| {
        let is_told = |key: &ObjectKey| known.iter().any(|one| one.object == *key) || found.iter().any(|one| one.object == *key);
        pod.meta.is_controlled_by(set.meta.uid) && pod.node.is_none() && !pod.meta.terminating() && !is_told(&pod.key())
    };
    let said = |pod: &Pod| loudest(world, |event| event.about.2 == *pod.meta.name && concerns(world, set, event));
    // Of a second pod of which nothing is said there is no more to tell than of the first.
    let is_open = |blame: &Blame| blame.sure == Sure::Unknown && known.iter().any(|one| is_of_place(one.family(), one.cause));
    let other = world.sim.tables().pods().find(unplaced_pod).map(|pod| said(pod).unwrap_or_else(|| unplaced(world, pod)));
    found.extend(other.filter(|blame| !is_open(blame)));
    found
}

/// A cause that hangs on where a volume is, at the volume, if the pod has one only.
fn of_volume(world: &World, blame: Blame) -> Blame {
    let tables = world.sim.tables();
    let pod = tables.pod(&blame.object.namespace, &blame.object.name).filter(|_| blame.family() == Family::VolumeElsewhere);
    let claims = pod.into_iter().flat_map(|pod| pod.claim_volumes().filter_map(|volume| tables.claim(&pod.meta.namespace, &volume.claim)));
    let mut volumes = claims.filter_map(|claim| tables.volume("", &claim.spec.volume)).filter(|_| world.shows(Kind::PersistentVolume));
    match (volumes.next().map(|volume| volume.key()), volumes.next()) {
        (Some(object), None) => Blame { object, ..blame },
        _ => blame,
    }
}

/// Whether of a set there is no more than a manifest, which does not stop its pods from being placed.
pub(super) fn is_manifest(world: &World, set: &StatefulSet) -> bool {
    let pod = &set.spec.template.raw;
    let held =
        pod.list_at(&["schedulingGates"]).is_empty() && pod.text_at(&["schedulerName"]).is_none_or(|name| name == "default-scheduler");
    held && set.status.replicas == 0 && !world.shows(Kind::Pod) && !world.dump.tells_state(&set.key())
}

/// What a set that is known in part may wait for, where neither the world nor any message tells; what was said of what is not known,
/// where nothing else is likely.
pub(super) fn unheard(world: &World, set: &Rc<StatefulSet>, said: Option<Blame>) -> Blame {
    let found = unsaid(world, set);
    if found.sure == Sure::Unknown { said.unwrap_or(found) } else { found }
}

/// The same without what was said.
fn unsaid(world: &World, set: &Rc<StatefulSet>) -> Blame {
    let tables = world.sim.tables();
    let pods = set.ordinals().map(|ordinal| (ordinal, tables.pod(&set.meta.namespace, &set.pod_name(ordinal))));
    let unwell = pods.filter(|(_, pod)| pod.is_none_or(|pod| !pod.ready() || pod.meta.terminating())).map(|(_, pod)| pod).next();
    let unknown = |detail, key| Blame::of(detail, key).unknown();
    if let Some(taken) = taken(world, set).filter(|_| !matches!(unwell, Some(Some(_)))) {
        return taken;
    }
    match unwell {
        None => unknown(Cause::RevisionsDiffer, set.key()),
        Some(None) if tables.pods().any(|pod| pod.meta.is_controlled_by(set.meta.uid)) => unknown(Cause::PodsMissing, set.key()),
        Some(None) => unknown(Cause::NoPods, set.key()),
        Some(Some(pod)) if pod.status.phase == PodPhase::Succeeded && !pod.meta.terminating() => {
            Blame::of(Cause::PodCompleted, pod.key()).likely()
        }
        Some(Some(pod)) if pod.status.phase.terminal() => {
            let killed = world.dump.about(Kind::Pod, &pod.meta.namespace, &pod.meta.name).any(|event| event.reason == "Killing");
            if killed { Blame::of(Cause::PodFinalizer, pod.key()).likely() } else { unended(world, pod) }
        }
        Some(Some(pod)) if is_marked(world, pod) || pod.meta.terminating() && tables.nodes().any(|node| node.silent()) => silent(pod),
        Some(Some(pod)) if has_time(world, pod) => Blame::of(Cause::GracePeriod, pod.key()).likely(),
        Some(Some(pod)) if pod.meta.terminating() => unended(world, pod),
        Some(Some(pod)) if waits_in_vain(set, pod) => Blame::of(Cause::RollbackTrapNeverReady, pod.key()).likely(),
        Some(Some(pod)) if pod.node.is_none() => unplaced(world, pod),
        Some(Some(pod)) => unknown(Cause::NotStarted, pod.key()),
    }
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

/// What a pod without a node may wait for. A description tells whether a scheduler has looked at the pod, and whether anything was
/// reported of it: a scheduler that finds no node says so again and again.
fn unplaced(world: &World, pod: &Pod) -> Blame {
    let (key, tables) = (pod.key(), world.sim.tables());
    let likely = |cause| Blame::of(cause, key.clone()).likely();
    let unknown = || Blame::of(Cause::NotScheduled, key.clone()).unknown();
    let set = parent_and_ordinal(&key.name).map(|(set, _)| ObjectKey::new(Kind::StatefulSet, &key.namespace, &set.into()));
    let now = world.dump.newest.unwrap_or(world.at);
    if let Some(set) = set.filter(|_| now.since(pod.meta.created) < SPEAKS && pod.meta.created > Time(0)) {
        // A scheduler takes a moment.
        return Blame::of(Cause::InProgress, set).likely();
    }
    let named = [key.kind.info().name, &*key.namespace, &*key.name].map(str::to_owned);
    let is_quiet = world.dump.quiet.contains(&named.into());
    let looked = match pod.condition(POD_SCHEDULED) {
        None => return if is_quiet { likely(Cause::UnknownScheduler) } else { unknown() },
        // Rows of tables have a reason made up for them.
        Some(told) => told.status == Truth::False && told.reason.is_empty(),
    };
    if !looked || is_quiet {
        return if looked { likely(Cause::SchedulingGate) } else { unknown() };
    }
    let placed = |claim: &Claim| claim.meta.annotation(SELECTED_NODE).is_some();
    let by_place = |claim: &Claim| tables.claims().any(|other| other.class() == claim.class() && placed(other));
    let claims: Vec<&Rc<Claim>> = pod.claim_volumes().filter_map(|of| tables.claim(&pod.meta.namespace, &of.claim)).collect();
    match () {
        () if !claims.is_empty() && !world.shows(Kind::PersistentVolumeClaim) => unknown(),
        () if claims.iter().any(|claim| !claim.bound() && !by_place(claim)) => unknown(),
        () if claims.iter().any(|claim| claim.bound() && placed(claim)) => likely(Cause::VolumeNodeUnavailable),
        () => likely(Cause::NoNodeFits),
    }
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
pub(super) fn alone(world: &World, known: &[Verdict]) -> Vec<Verdict> {
    if !world.dump.mixed {
        // Of a cluster that was printed whole, objects tell everything.
        return Vec::new();
    }
    let is_known = known.iter().any(|verdict| ![Family::NotStuck, Family::CannotKnow].contains(&verdict.family()));
    let all = &world.dump.events;
    let told = (0..all.len()).filter_map(|at| Some((at, stands(all, at)?)));
    let mut told: Vec<(usize, Told<'_>)> = told.filter(|(_, told)| !is_known || BESIDE.contains(&told.saying.cause.family())).collect();
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
        Kind::StatefulSet => is_well(&world.sim, about) && !world.supposes(about),
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
        let told = take_apart(&event.message).filter(|told| told.saying.cause.family() == Family::PodRefused);
        let refused = || Blame::of(Cause::Refused, set.key());
        return Some(told.map_or_else(refused, |told| Blame { object: set.key(), ..told.cause(&set.key()) }));
    }
    for pod in pods.iter().filter(|pod| !pod.ready()) {
        if is_marked(world, pod) {
            return Some(silent(pod));
        }
        let of = |words: &str| take_apart(words).map(|told| told.cause(&pod.key()).likely());
        let unplaced = pod.condition(POD_SCHEDULED).filter(|condition| condition.status == Truth::False && pod.node.is_none());
        let lacks = [Kind::Node, Kind::PersistentVolumeClaim, Kind::PersistentVolume].iter().any(|kind| !world.pasted(*kind));
        let lacks = lacks || world.withholds([Kind::Pod]);
        if let Some(found) = unplaced.filter(|_| lacks).and_then(|condition| of(&condition.message)) {
            return Some(found);
        }
        let events = dump.about(Kind::Pod, namespace, &pod.meta.name);
        let unmounted = events.filter(|event| NOT_MOUNTED.contains(&&*event.reason) && is_fresh(world, event)).last();
        let starts = pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
        if let Some(event) = unmounted.filter(|_| starts) {
            let other = || Blame::of(Cause::Mount, pod.key());
            return Some(of(&event.message).unwrap_or_else(other));
        }
        if let Some(found) = stands_still(world, pod) {
            return Some(found);
        }
    }
    None
}

/// A pod that its kubelet should long have started, or ended.
fn stands_still(world: &World, pod: &Pod) -> Option<Blame> {
    let overdue = pod.meta.deletion.is_some_and(|deletion| world.at.since(deletion.at) > OVERDUE) && pod.meta.finalizers.is_empty();
    let begun = pod.status.started.is_some_and(|started| world.at.since(started) > LATE);
    let waits = begun && pod.node.is_some() && pod.status.containers.iter().all(|container| container.starts == 0);
    match () {
        () if overdue => Some(unended(world, pod)),
        () if waits => Some(Blame::of(Cause::Mount, pod.key()).likely()),
        () => None,
    }
}
