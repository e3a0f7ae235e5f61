//! Deletes what belongs to something that is gone, lets go what shall be orphaned, and holds what waits for its dependents.
//!
//! Models pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem and attemptToOrphan.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use crate::api::client::{DeleteOptions, Propagation};
use crate::api::object::{Object, ObjectKey, OwnerRef};
use crate::server::request::{Edit, Request};
use crate::server::{FOREGROUND_DELETION, ORPHAN_DEPENDENTS};
use crate::why::{Component, Decision, Reason, Verdict};

/// One look at one object.
pub fn plan(cache: &Cache, key: &ObjectKey) -> Plan {
    let Some(object) = cache.tables.get(key) else { return Plan::default() };
    let meta = object.meta();
    if meta.terminating() && meta.has_finalizer(ORPHAN_DEPENDENTS) {
        return orphan(cache, key, object);
    }
    if meta.terminating() && meta.has_finalizer(FOREGROUND_DELETION) {
        return hold(cache, key, object);
    }
    if meta.terminating() || meta.owners.is_empty() { Plan::default() } else { collect(cache, key, object) }
}

/// Lets every dependent go, then the object itself.
fn orphan(cache: &Cache, key: &ObjectKey, object: &Object) -> Plan {
    let mut plan = Plan::nothing(decision(key, Verdict::Acts, Reason::OrphansDependents));
    let uid = object.meta().uid;
    let let_go = |dependent: &ObjectKey| {
        let of = cache.tables.get(dependent)?.meta().uid;
        Some(vec![Step::new(Request::Edit(dependent.clone(), Edit::RemoveOwner(of, uid))).on_error(OnError::GoneIsFine)])
    };
    plan.batches.push(cache.dependents(uid).filter_map(let_go).collect());
    plan.then(Step::new(Request::Edit(key.clone(), Edit::RemoveFinalizer(ORPHAN_DEPENDENTS.into()))).on_error(OnError::GoneIsFine));
    plan
}

/// Deletes the dependents of an object that waits for them; lets the object go once none is left that blocks it.
fn hold(cache: &Cache, key: &ObjectKey, object: &Object) -> Plan {
    let uid = object.meta().uid;
    let dependents: Vec<&Object> = cache.dependents(uid).filter_map(|d| cache.tables.get(d)).collect();
    let blocks = |d: &&&Object| d.meta().owners.iter().any(|o| o.uid == uid && o.blocks);
    let blocking = dependents.iter().filter(blocks).count();
    if blocking == 0 {
        let mut plan = Plan::default();
        plan.then(Step::new(Request::Edit(key.clone(), Edit::RemoveFinalizer(FOREGROUND_DELETION.into()))).on_error(OnError::GoneIsFine));
        return plan;
    }
    let mut plan = Plan::nothing(decision(key, Verdict::Waits, Reason::WaitsForDependents { count: i64::try_from(blocking).unwrap_or(0) }));
    let staying = dependents.into_iter().filter(|d| !d.meta().terminating());
    plan.batches.push(staying.map(|d| vec![delete(d, Some(Propagation::Foreground).filter(|_| has_dependents(cache, d)))]).collect());
    plan
}

fn has_dependents(cache: &Cache, object: &Object) -> bool {
    cache.dependents(object.meta().uid).next().is_some()
}

/// Deletes an object none of whose owners is left; takes the absent owners off one that has others.
fn collect(cache: &Cache, key: &ObjectKey, object: &Object) -> Plan {
    let owners = &object.meta().owners;
    let here = |o: &&OwnerRef| owner_of(cache, key, o).is_some();
    let (solid, gone): (Vec<&OwnerRef>, Vec<&OwnerRef>) = owners.iter().partition(here);
    let waiting =
        |o: &OwnerRef| owner_of(cache, key, o).is_some_and(|x| x.meta().terminating() && x.meta().has_finalizer(FOREGROUND_DELETION));
    if let Some(absent) = gone.first().filter(|_| solid.is_empty()) {
        let mut plan = Plan::nothing(decision(key, Verdict::Acts, Reason::OwnerGone { owner: Rc::clone(&absent.name) }));
        plan.then(delete(object, None));
        return plan;
    }
    let mut plan = Plan::default();
    if !gone.is_empty() {
        let left: Vec<OwnerRef> = solid.iter().map(|o| (*o).clone()).collect();
        plan.then(Step::new(Request::Edit(key.clone(), Edit::SetOwners(left))).on_error(OnError::GoneIsFine));
    } else if !solid.is_empty() && solid.iter().all(|o| waiting(o)) {
        plan.decisions.push(decision(key, Verdict::Acts, Reason::OwnerGone { owner: Rc::clone(&solid[0].name) }));
        plan.then(delete(object, Some(Propagation::Foreground).filter(|_| has_dependents(cache, object))));
    }
    plan
}

/// The owner, where it exists under that uid. Owners of kinds that are not modelled exist nowhere.
fn owner_of<'a>(cache: &'a Cache, key: &ObjectKey, owner: &OwnerRef) -> Option<&'a Object> {
    let found = cache.tables.get(&ObjectKey::new(owner.kind?, &key.namespace, &owner.name))?;
    (found.meta().uid == owner.uid).then_some(found)
}

fn delete(object: &Object, propagation: Option<Propagation>) -> Step {
    let options = DeleteOptions { propagation, uid: Some(object.meta().uid.to_string().into()), ..DeleteOptions::default() };
    Step::new(Request::Delete(object.key(), options)).on_error(OnError::Ignore)
}

fn decision(key: &ObjectKey, verdict: Verdict, because: Reason) -> Decision {
    Decision::new(Component::GarbageCollector, key.clone(), verdict, because)
}
