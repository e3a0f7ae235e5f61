//! The attach/detach controller: attaches network volumes to the nodes whose pods need them, and detaches them when no pod does.
//!
//! Models pkg/controller/volume/attachdetach/reconciler/reconciler.go and the state it reconciles. Upstream reconciles all volumes
//! ten times a second; here a volume is synced when it, its pods or their nodes change.
//! Promises: a single-writer volume is never attached to a second node; one that may still be mounted is detached only once its node
//! has been unhealthy for six minutes or has been tainted as out of service.
//! Must not know: how long a driver takes.
//! Not modelled: limits on volumes per node, drivers that need no attaching.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, PendingEvent, Plan, Step};
use super::registration::{Registration, Watch};
use super::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::node::OUT_OF_SERVICE_TAINT;
use api::object::pod::Truth;
use api::object::storage::Attachment;
use api::object::{Name, Node, Object, ObjectKey, Pod, Volume};
use api::release::Release;
use base::time::{Span, Time};
use server::request::{Edit, Request};
use why::{Component, Decision, Reason, Verdict};

/// The controller; it goes round.
pub static CONTROLLER: Registration = Registration {
    goes_round: true,
    watches_last: &[
        (Kind::Pod, watch_pod),
        (Kind::Node, watch_node),
        (Kind::PersistentVolume, watch_volume),
        (Kind::VolumeAttachment, watch_attachment),
    ],
    ..Registration::new(&[], |view, key, memory| plan(view, key, &mut memory.attach_detach))
};
/// The source component of this controller's events.
const SOURCE: &str = "attachdetach-controller";
/// How long a volume may stay mounted on an unhealthy node before it is force-detached. reconciler.go maxWaitForUnmountDuration.
const UNMOUNT_WAIT: Span = Span::seconds(360);

/// Volumes in use, by node.
type InUse = SortedMap<Name, Vec<Name>>;

/// What the controller remembers between syncs.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    volumes: SortedMap<Name, Known>,
    /// The volumes in use on deleted nodes, as last reported.
    gone: InUse,
}

/// What it remembers of a volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    /// Since when it should be detached from a node.
    unwanted: SortedMap<Name, Time>,
    /// Nodes to which it is to be attached, by requests that do not show in the cache yet.
    asked: SortedSet<Name>,
    /// Nodes for which a multi-attach error was reported.
    refused: SortedSet<Name>,
    /// Nodes for which a successful attach was reported.
    told: SortedSet<Name>,
}

/// The network volume behind a claim, according to the cache.
pub fn volume_behind<'a>(cache: &'a Cache, namespace: &str, claim: &str) -> Option<&'a Rc<Volume>> {
    let claim = cache.tables.claim(namespace, claim)?;
    cache.tables.volume("", &claim.spec.volume).filter(|v| v.spec.handle.is_some())
}

/// The entries that only one of two lists has, in neither of which one is twice. Most are between what both begin and end with.
pub fn difference<'a>(one: &'a [Name], other: &'a [Name]) -> SortedSet<&'a Name> {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let [one, other] = [one, other].map(|list| &list[same..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let [one, other]: [SortedSet<&Name>; 2] = [one, other].map(|list| list[..list.len() - end].iter().collect());
    one.difference(&other).chain(other.difference(&one)).copied().collect()
}

/// Queues volumes, where they have drivers: otherwise they need not be attached.
fn enqueue<'a>(watch: &mut Watch, volumes: impl Iterator<Item = &'a Name>) {
    if watch.view.around.has_drivers {
        watch.enqueue_all(volumes.map(|volume| ObjectKey::global(Kind::PersistentVolume, volume)));
    }
}

/// Queues the network volumes of a pod.
fn watch_pod(watch: &mut Watch) {
    let (cache, namespace) = (watch.view.cache, &watch.change.key.namespace);
    let claims = watch.change.object().and_then(Object::as_pod).into_iter().flat_map(|pod| pod.claim_volumes());
    enqueue(watch, claims.filter_map(|v| volume_behind(cache, namespace, &v.claim)).map(|v| &v.meta.name));
}

fn watch_volume(watch: &mut Watch) {
    if watch.change.object().and_then(Object::as_volume).is_some_and(|volume| volume.spec.handle.is_some()) {
        enqueue(watch, [&watch.change.key.name].into_iter());
    }
}

fn watch_attachment(watch: &mut Watch) {
    let attachment = watch.change.object().and_then(Attachment::read);
    enqueue(watch, attachment.iter().map(|attachment| &attachment.volume));
}

/// Queues the volumes on a node that a change of it concerns.
fn watch_node(watch: &mut Watch) {
    let (cache, node) = (watch.view.cache, &watch.change.key.name);
    let sides = watch.change.sides(Object::as_node).map(|side| side.map(|n| &**n));
    if watch.view.around.has_drivers {
        let gone = &mut watch.memory.attach_detach.gone;
        match sides {
            [_, Some(_)] => drop(gone.remove(node)),
            [Some(old), None] => drop(gone.insert(Rc::clone(node), old.status.volumes_in_use.clone())),
            [None, None] => {}
        }
    }
    let attachments = cache.attachments();
    let [before, after] = sides.map(Standing::of);
    if before == after {
        let [was_in_use, in_use] = sides.map(|side| side.map_or([].as_slice(), |n| n.status.volumes_in_use.as_slice()));
        let [was_attached, attached] = sides.map(|side| side.map_or([].as_slice(), |n| n.status.volumes_attached.as_slice()));
        let (changed, used) = (difference(was_attached, attached), difference(was_in_use, in_use));
        let listed = changed.iter().chain(&used).flat_map(|handle| attachments.called(handle, node));
        let in_order: SortedMap<&Name, &Name> = listed.map(|a| (&a.name, &a.volume)).collect();
        enqueue(watch, in_order.values().copied());
    } else {
        enqueue(watch, attachments.on(node).map(|a| &a.volume));
    }
}

/// The pods that need a volume, by node. A terminating pod needs it until its containers have ended.
fn users<'a>(cache: &'a Cache, volume: &Volume) -> SortedMap<Name, Vec<&'a Rc<Pod>>> {
    let mut users: SortedMap<Name, Vec<&Rc<Pod>>> = SortedMap::new();
    let Some(claim) = volume.spec.claim.as_ref().filter(|_| volume.spec.handle.is_some()) else { return users };
    if cache.tables.claim(&claim.namespace, &claim.name).is_none_or(|c| c.spec.volume != volume.meta.name) {
        return users;
    }
    let pods = cache.users_of(&claim.namespaced_name()).filter_map(|name| cache.tables.pod(&claim.namespace, name));
    for pod in pods.filter(|p| !p.status.phase.terminal()) {
        if let Some(node) = &pod.node {
            users.entry(Rc::clone(node)).or_default().push(pod);
        }
    }
    users
}

/// What the controller reads of a node besides the volumes that its status lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    exists: bool,
    healthy: bool,
    out_of_service: bool,
}

impl Standing {
    /// How a node stands.
    fn of(node: Option<&Node>) -> Self {
        Standing {
            exists: node.is_some(),
            healthy: node.is_some_and(|n| n.ready() == Truth::True),
            out_of_service: node.is_some_and(|n| n.taints.iter().any(|t| &*t.key == OUT_OF_SERVICE_TAINT)),
        }
    }
}

/// Plans one sync of a volume.
fn plan(view: View, key: &ObjectKey, memory: &mut Memory) -> Plan {
    let known = memory.volumes.entry(Rc::clone(&key.name)).or_default();
    let plan = plan_volume(view, &key.name, known, &memory.gone);
    if *known == Known::default() {
        memory.volumes.remove(&key.name);
    }
    plan
}

fn plan_volume(view: View, name: &Name, memory: &mut Known, gone: &InUse) -> Plan {
    let View { cache, release, .. } = view;
    let mut plan = Plan::default();
    let volume = cache.tables.volume("", name);
    let wanted = volume.map(|v| users(cache, v)).unwrap_or_default();
    let there: Vec<&Attachment> = cache.attachments().of(name).map(|a| &**a).collect();
    let is_there = |node: &Name| there.iter().any(|a| a.node == *node);
    memory.asked.retain(|node| !is_there(node));
    memory.unwanted.retain(|node, _| is_there(node));
    let handle = volume.and_then(|v| v.spec.handle.as_ref());
    for attachment in there.iter().filter(|a| !wanted.contains_key(&a.node)) {
        detach(view, attachment, handle, memory, gone, &mut plan);
    }
    let Some((volume, handle)) = volume.zip(handle) else { return plan };
    // While the volume is being attached or detached, nobody is told that it is elsewhere.
    let is_idle = plan.batches.is_empty() && there.iter().any(|a| a.attached && !a.leaving);
    let attach = Attach { cache, release, volume, handle, wanted: &wanted, there: &there, is_idle };
    for (node, pods) in &wanted {
        memory.unwanted.remove(node);
        attach.to(node, pods, memory, &mut plan);
    }
    memory.refused.retain(|node| wanted.contains_key(node));
    plan
}

/// Models the detaching half of reconciler.go reconcile.
fn detach(view: View, attachment: &Attachment, handle: Option<&Name>, memory: &mut Known, gone: &InUse, plan: &mut Plan) {
    let (View { cache, now, .. }, node) = (view, &attachment.node);
    let since = *memory.unwanted.entry(Rc::clone(node)).or_insert(now);
    if attachment.leaving {
        return;
    }
    let key = ObjectKey::global(Kind::PersistentVolume, &attachment.volume);
    let decide = |verdict, because| Decision::new(Component::AttachDetach, key.clone(), verdict, because);
    let found = cache.tables.node("", node);
    let in_use = found.map(|n| &n.status.volumes_in_use).or(gone.get(node));
    // What is not known of a node that is gone is taken to be mounted there. actual_state_of_world.go addVolume.
    let mounted = handle.is_some_and(|handle| in_use.is_none_or(|all| all.contains(handle)));
    let Standing { exists, healthy, out_of_service } = Standing::of(found.map(|n| &**n));
    let forced_at = since + UNMOUNT_WAIT;
    if mounted && !out_of_service && (healthy || now < forced_at) {
        let mut waits = decide(Verdict::Waits, Reason::WaitsForUnmount { node: Rc::clone(node) });
        waits = waits.blocked_by(ObjectKey::global(Kind::Node, node));
        if !healthy {
            waits = waits.until(forced_at);
        }
        if now < forced_at {
            plan.look_again(forced_at.since(now));
        }
        plan.decide(waits);
        return;
    }
    memory.told.remove(node);
    plan.decide(decide(Verdict::Acts, Reason::DetachesVolume { node: Rc::clone(node), forced: mounted }));
    let forget =
        handle.map(|h| Request::Edit(ObjectKey::global(Kind::Node, node), Edit::NodeVolume { handle: Rc::clone(h), attached: false }));
    let delete = Request::Delete(attachment.key(), DeleteOptions::default());
    // A deleted node has no status to update.
    let steps = forget.into_iter().filter(|_| exists).chain([delete]);
    plan.batches.push(vec![steps.map(|r| Step::new(r).on_error(OnError::IgnoreNotFound)).collect()]);
}

/// A volume and the nodes it should be attached to.
struct Attach<'a> {
    cache: &'a Cache,
    release: &'a Release,
    volume: &'a Volume,
    handle: &'a Name,
    wanted: &'a SortedMap<Name, Vec<&'a Rc<Pod>>>,
    there: &'a [&'a Attachment],
    /// Whether it is attached, and stays so for now.
    is_idle: bool,
}

impl Attach<'_> {
    /// Models reconciler.go attachDesiredVolumes and the attach operation it starts.
    fn to(&self, node: &Name, pods: &[&Rc<Pod>], memory: &mut Known, plan: &mut Plan) {
        let volume = &self.volume.meta.name;
        let decide = |plan: &mut Plan, verdict, because: Reason, blocked: Option<ObjectKey>| {
            for pod in pods {
                let decision = Decision::new(Component::AttachDetach, pod.key(), verdict, because.clone());
                plan.decide(Decision { blocked_by: blocked.clone(), ..decision });
            }
        };
        let comes = || Reason::AttachesVolume { volume: Rc::clone(volume), node: Rc::clone(node) };
        if let Some(attachment) = self.there.iter().find(|a| a.node == *node) {
            if !attachment.attached || attachment.leaving {
                decide(plan, Verdict::Waits, comes(), None);
                return;
            }
            decide(plan, Verdict::Done, Reason::VolumeAttached { volume: Rc::clone(volume) }, None);
            let known = |n: &Rc<Node>| n.status.volumes_attached.contains(self.handle);
            if self.cache.tables.node("", node).is_some_and(|n| !known(n)) {
                let edit = Edit::NodeVolume { handle: Rc::clone(self.handle), attached: true };
                plan.then(Step::new(Request::Edit(ObjectKey::global(Kind::Node, node), edit)).on_error(OnError::IgnoreNotFound));
            }
            if memory.told.insert(Rc::clone(node)) {
                let message = format!("AttachVolume.Attach succeeded for volume \"{volume}\" ");
                plan.say.extend(pods.iter().map(|pod| says(pod, EventType::Normal, "SuccessfulAttachVolume", message.clone())));
            }
            return;
        }
        if memory.asked.contains(node) {
            return;
        }
        let elsewhere = self.there.iter().map(|a| &a.node).next().or(memory.asked.first()).filter(|_| self.volume.one_node_only()).cloned();
        if let Some(other) = elsewhere {
            let users: Vec<&Rc<Pod>> = self.wanted.get(&other).into_iter().flatten().copied().collect();
            if self.is_idle && memory.refused.insert(Rc::clone(node)) {
                plan.say.extend(pods.iter().map(|pod| says(pod, EventType::Warning, "FailedAttachVolume", self.refusal(pod, &users))));
            }
            let because = Reason::WaitsForDetach { volume: Rc::clone(volume), node: other };
            let blocker = users.first().map_or_else(|| ObjectKey::global(Kind::PersistentVolume, volume), |pod| pod.key());
            decide(plan, Verdict::Waits, because, Some(blocker));
            return;
        }
        decide(plan, Verdict::Waits, comes(), None);
        memory.asked.insert(Rc::clone(node));
        plan.then(Step::new(Request::Create(Attachment::wish(self.volume, node).into())).on_error(OnError::IgnoreAlreadyExists));
    }

    /// Models reconciler.go reportMultiAttachError.
    fn refusal(&self, pod: &Pod, users: &[&Rc<Pod>]) -> String {
        let (prefix, held) = self.release.volume_elsewhere;
        let near: Vec<&str> = users.iter().filter(|u| u.meta.namespace == pod.meta.namespace).map(|u| &*u.meta.name).collect();
        let far = users.len() - near.len();
        let why = match (near.as_slice(), far) {
            ([], 0) => held.to_owned(),
            ([], far) => format!("Volume is already used by {far} pod(s) in different namespaces"),
            (near, 0) => format!("Volume is already used by pod(s) {}", near.join(", ")),
            (near, far) => format!("Volume is already used by pod(s) {} and {far} pod(s) in different namespaces", near.join(", ")),
        };
        format!("{prefix} for volume \"{}\" {why}", self.volume.meta.name)
    }
}

fn says(pod: &Pod, kind: EventType, reason: &'static str, message: String) -> PendingEvent {
    PendingEvent::of(pod.key(), &pod.meta, SOURCE, kind, reason, message)
}
