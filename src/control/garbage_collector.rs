//! The garbage collector: deletes objects whose owners are gone, orphans dependents, and handles foreground deletion.
//!
//! Models pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem and attemptToOrphan. As upstream, the cache tells it
//! what to look at and who depends on whom, but the object and its owners are read from the API server before anything is deleted.

use std::rc::Rc;

use super::View;
use super::cache::Cache;
use super::plan::{OnError, PendingEvent, Plan, Step};
use api::client::{DeleteOptions, Propagation};
use api::object::event::EventType;
use api::object::{Object, ObjectKey, OwnerRef};
use server::request::{Edit, Request};
use server::{FOREGROUND_DELETION, ORPHAN_DEPENDENTS, waits_for_dependents};
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The source component of this controller's events.
const SOURCE: &str = "garbage-collector-controller";

/// The inputs of one sync.
#[derive(Clone, Copy)]
struct Sync<'a> {
    view: View<'a>,
    key: &'a ObjectKey,
    object: &'a Object,
}

/// Plans one sync of an object.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
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
pub fn misplaced_owner(cache: &Cache, object: &Object) -> Option<PendingEvent> {
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
        let wake = blocking.into_iter().filter(|d| !d.meta().terminating()).map(Object::key).collect();
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
