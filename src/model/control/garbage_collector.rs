//! The garbage collector: deletes objects whose owners are gone, orphans dependents, and handles foreground deletion.
//!
//! Models pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem and attemptToOrphan. As upstream, the cache tells it
//! what to look at and who depends on whom, but the object and its owners are read from the API server before anything is deleted.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, PendingEvent, Plan, Step};
use super::registration::{Effect, Registration, Watch, own_key};
use super::seen::View;
use super::wake::{Wake, When};
use api::client::{DeleteOptions, Propagation};
use api::controller::Controller;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Meta, Name, Object, ObjectKey, OwnerRef, Uid};
use server::request::{Edit, Request};
use server::{FOREGROUND_DELETION, ORPHAN_DEPENDENTS, waits_for_dependents};
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration { watches_all: Some(watch), ..Registration::new(&[], |view, key, _| plan(view, key)) };
/// The source component of this controller's events.
const SOURCE: &str = "garbage-collector-controller";

/// The inputs of one sync.
#[derive(Clone, Copy)]
struct Sync<'a> {
    view: View<'a>,
    key: &'a ObjectKey,
    object: &'a Object,
}

/// Queues the objects concerned by the removal of one, or of its owners. Models graph_builder.go processGraphChanges.
fn watch(watch: &mut Watch) {
    let Some(object) = watch.change.object() else { return };
    let (cache, meta) = (watch.view.cache, object.meta());
    if let Some(old) = watch.change.before.as_ref().filter(|old| watch.change.after.is_some() && old.meta().owners != meta.owners) {
        watch_unblocked(watch, old.meta(), meta);
    }
    if watch.change.after.is_none() {
        watch.effects.extend(cache.dependents(meta.uid).map(|key| Effect::Wake(collect(watch.view, key))));
        for owner in &meta.owners {
            if let Some(kind) = owner.kind {
                enqueue_waiting_owner(watch, &ObjectKey::new(kind, &meta.namespace, &owner.name));
            }
        }
    } else if meta.terminating() && !meta.finalizers.is_empty() {
        if watch.change.before.as_ref().is_none_or(|old| !old.meta().terminating() || old.meta().finalizers != meta.finalizers) {
            own_key(watch);
        }
        // All dependents of an object that begins to wait for them, blocking or not. Models processTransitions.
        if waits_for_dependents(meta) && watch.change.before.as_ref().is_none_or(|old| !waits_for_dependents(old.meta())) {
            watch.enqueue_all(cache.dependents(meta.uid).cloned());
        }
    } else if lacks_an_owner(cache, watch.change.before.as_ref(), object) {
        watch.effects.push(Effect::Wake(collect(watch.view, &watch.change.key)));
        watch.effects.extend(misplaced_owner(cache, object).map(Box::new).map(Effect::Say));
    }
}

/// Queues the owners whose foreground deletion a surviving dependent no longer blocks.
/// Models graph_builder.go addUnblockedOwnersToDeleteQueue.
fn watch_unblocked(watch: &mut Watch, old: &Meta, new: &Meta) {
    let blocks = |uid: Uid| new.owners.iter().any(|o| o.uid == uid && o.is_blocking());
    for owner in old.owners.iter().filter(|o| o.is_blocking() && !blocks(o.uid)) {
        let Some(key) = owner.kind.map(|kind| ObjectKey::new(kind, &new.namespace, &owner.name)) else { continue };
        if watch.view.cache.tables.get(&key).is_some_and(|o| o.meta().has_finalizer(FOREGROUND_DELETION)) {
            enqueue_waiting_owner(watch, &key);
        }
    }
}

/// Whether a new owner of an object is missing. Of an owner that it had, another kind or name is no news. Models graph_builder.go
/// referencesDiffs, and what adds such an owner as a virtual node and processes it.
fn lacks_an_owner(cache: &Cache, before: Option<&Object>, object: &Object) -> bool {
    let namespace = &object.meta().namespace;
    let there = |kind: Kind, name: &Name| cache.tables.get(&ObjectKey::new(kind, namespace, name)).map(|o| o.meta().uid);
    let is_new = |owner: &&OwnerRef| before.is_none_or(|old| old.meta().owners.iter().all(|known| known.uid != owner.uid));
    object.meta().owners.iter().filter(is_new).any(|o| o.kind.and_then(|kind| there(kind, &o.name)) != Some(o.uid))
}

/// Queues a terminating owner, whose dependents the controller has in its graph.
fn enqueue_waiting_owner(watch: &mut Watch, owner: &ObjectKey) {
    if watch.view.cache.tables.get(owner).is_some_and(|o| o.meta().terminating()) {
        watch.enqueue(owner);
    }
}

/// What is looked up again before. Models pkg/controller/garbagecollector attemptToDeleteItem.
fn collect(view: View, key: &ObjectKey) -> Wake {
    Wake { controller: Controller::GarbageCollector, key: key.clone(), when: When::In(view.around.collect) }
}

/// Plans one sync of an object.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let View { cache, live, .. } = view;
    let Some(uid) = cache.tables.get(key).map(|o| o.meta().uid) else { return Plan::default() };
    let Some(object) = live.get(key).filter(|o| o.meta().uid == uid) else { return Plan::default() };
    let sync = Sync { view, key, object };
    let meta = object.meta();
    if meta.terminating() && meta.has_finalizer(ORPHAN_DEPENDENTS) {
        return sync.orphan();
    }
    if waits_for_dependents(meta) {
        return sync.hold();
    }
    if meta.terminating() || meta.owners.is_empty() { Plan::default() } else { sync.collect() }
}

/// The event about an object whose owner is in another namespace, where it does not count as one.
/// Models graph_builder.go addDependentToOwners and reportInvalidNamespaceOwnerRef.
fn misplaced_owner(cache: &Cache, object: &Object) -> Option<PendingEvent> {
    let meta = object.meta();
    let elsewhere = |other: &Object| !other.meta().namespace.is_empty() && other.meta().namespace != meta.namespace;
    let is_elsewhere = |owner: &&OwnerRef| {
        owner.kind.is_some_and(|kind| cache.tables.all(kind).any(|other| other.meta().uid == owner.uid && elsewhere(other)))
    };
    let owner = meta.owners.iter().find(is_elsewhere)?;
    let ((kind, version), namespace) = (&owner.written, &meta.namespace);
    let identity = format!("[{version}/{kind}, namespace: {namespace}, name: {}, uid: {}]", owner.name, owner.uid);
    let words = format!("ownerRef {identity} does not exist in namespace \"{namespace}\"");
    let pending_event = PendingEvent::by_name(object.key(), SOURCE, EventType::Warning, "OwnerRefInvalidNamespace", words);
    Some(PendingEvent { uid: meta.uid, ..pending_event })
}

impl Sync<'_> {
    fn decision(&self, verdict: Verdict, because: Reason) -> Decision {
        Decision::new(Component::GarbageCollector, self.key.clone(), verdict, because)
    }

    /// The object's dependents according to the cache that still refer to it in the API server.
    fn dependents(&self) -> impl Iterator<Item = &Object> {
        let uid = self.object.meta().uid;
        let names = move |d: &&Object| d.meta().owners.iter().any(|o| o.uid == uid);
        self.view.cache.dependents(uid).filter_map(|d| self.view.live.get(d)).filter(names)
    }

    /// Removes the owner reference from every dependent, then the object's `orphan` finalizer.
    fn orphan(&self) -> Plan {
        let mut plan = Plan::nothing(self.decision(Verdict::Acts, Reason::OrphansDependents));
        let uid = self.object.meta().uid;
        let let_go = |dependent: &Object| {
            let edit = Edit::RemoveOwner { of: dependent.meta().uid, owner: uid };
            vec![Step::new(Request::Edit(dependent.key(), edit)).on_error(OnError::IgnoreNotFound)]
        };
        plan.batches.push(self.dependents().map(let_go).collect());
        plan.then(self.release(ORPHAN_DEPENDENTS));
        plan
    }

    /// Requeues the dependents that block a foreground deletion; removes the finalizer once none is left.
    ///
    /// Models processDeletingDependentsItem. A dependent that is created later is noticed only when another one goes.
    fn hold(&self) -> Plan {
        let uid = self.object.meta().uid;
        let blocks = |d: &&Object| d.meta().owners.iter().any(|o| o.uid == uid && o.is_blocking());
        let blocking: Vec<&Object> = self.dependents().filter(blocks).collect();
        if blocking.is_empty() {
            let mut plan = Plan::nothing(
                self.decision(Verdict::Acts, Reason::Maintenance(Maintenance::FinalizerDone { finalizer: FOREGROUND_DELETION })),
            );
            plan.then(self.release(FOREGROUND_DELETION));
            return plan;
        }
        let waits = Reason::WaitsForDependents { count: i64::try_from(blocking.len()).unwrap_or(0) };
        let wake = blocking.into_iter().filter(|d| !d.meta().terminating()).map(|d| collect(self.view, &d.key())).collect();
        Plan { wake, ..Plan::nothing(self.decision(Verdict::Waits, waits)) }
    }

    /// Deletes an object if none of its owners stays; otherwise removes the references to the owners that do not. Where the kind of
    /// an owner is not known to the API server, nothing of that can be told; upstream asks again and again, in vain.
    fn collect(&self) -> Plan {
        let owners = &self.object.meta().owners;
        if let Some(unknown) = owners.iter().find(|owner| owner.kind.is_none()) {
            return Plan::nothing(self.decision(Verdict::Done, Reason::OwnerOfUnknownKind(Rc::clone(&unknown.written.0))));
        }
        let stays = |o: &&OwnerRef| self.owner(o).is_some_and(|x| !waits_for_dependents(x.meta()));
        let (staying, going): (Vec<&OwnerRef>, Vec<&OwnerRef>) = owners.iter().partition(stays);
        let mut plan = Plan::default();
        let Some(first) = going.first() else { return plan };
        if staying.is_empty() {
            plan.decide(self.decision(Verdict::Acts, Reason::OwnerGone(Rc::clone(&first.name))));
            let is_waited_for = going.iter().any(|o| self.owner(o).is_some());
            self.delete(&mut plan, is_waited_for && self.view.cache.dependents(self.object.meta().uid).next().is_some());
        } else {
            plan.decide(self.decision(Verdict::Acts, Reason::Maintenance(Maintenance::ForgetsOwner { owner: Rc::clone(&first.name) })));
            let left: Vec<OwnerRef> = staying.into_iter().cloned().collect();
            plan.then(Step::new(Request::Edit(self.key.clone(), Edit::SetOwners(left.into()))).on_error(OnError::IgnoreNotFound));
        }
        plan
    }

    /// The owner, if it exists under that UID.
    fn owner(&self, owner: &OwnerRef) -> Option<&Object> {
        let found = self.view.live.get(&ObjectKey::new(owner.kind?, &self.key.namespace, &owner.name))?;
        (found.meta().uid == owner.uid).then_some(found)
    }

    /// Deletes the object, with its UID and its version as preconditions; in the foreground if an owner waits for it and it has
    /// dependents. If one of those waits for others, too, they might all wait in a circle: then no owner waits for the object any
    /// longer, which changes its version.
    fn delete(&self, plan: &mut Plan, in_foreground: bool) {
        let meta = self.object.meta();
        let in_circle = in_foreground && self.dependents().any(|dependent| waits_for_dependents(dependent.meta()));
        if in_circle {
            let unblocked = |owner: &OwnerRef| OwnerRef { blocks: owner.blocks.map(|_| false), ..owner.clone() };
            let owners = meta.owners.iter().map(unblocked).collect();
            plan.then(Step::new(Request::Edit(self.key.clone(), Edit::SetOwners(owners))).on_error(OnError::IgnoreNotFound));
        }
        let options = DeleteOptions {
            propagation: in_foreground.then_some(Propagation::Foreground),
            uid: Some(meta.uid.to_string().into()),
            revision: (!in_circle).then_some(meta.revision),
            ..DeleteOptions::default()
        };
        plan.then(Step::new(Request::Delete(self.key.clone(), options)).on_error(OnError::IgnoreNotFound));
    }

    fn release(&self, finalizer: &'static str) -> Step {
        Step::new(Request::Edit(self.key.clone(), Edit::RemoveFinalizer(finalizer.into()))).on_error(OnError::IgnoreNotFound)
    }
}
