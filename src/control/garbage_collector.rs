//! Deletes what belongs to something that is gone, lets go what shall be orphaned, and holds what waits for its dependents.
//!
//! Models pkg/controller/garbagecollector/garbagecollector.go attemptToDeleteItem and attemptToOrphan. As upstream, it learns from
//! its cache what to look at and who depends on whom, but asks the API server how the object and its owners are before it deletes.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use crate::api::client::{DeleteOptions, Propagation};
use crate::api::object::{Object, ObjectKey, OwnerRef};
use crate::server::request::{Edit, Request};
use crate::server::tables::Tables;
use crate::server::{FOREGROUND_DELETION, ORPHAN_DEPENDENTS};
use crate::why::{Component, Decision, Reason, Verdict};

/// What one look goes by.
#[derive(Clone, Copy)]
struct Look<'a> {
    /// What was seen of the store.
    cache: &'a Cache,
    /// The store, as asked now.
    live: &'a Tables,
    key: &'a ObjectKey,
    object: &'a Object,
}

/// One look at one object. `live` is what the API server answers.
pub fn plan(cache: &Cache, live: &Tables, key: &ObjectKey) -> Plan {
    let Some(uid) = cache.tables.get(key).map(|o| o.meta().uid) else { return Plan::default() };
    let Some(object) = live.get(key).filter(|o| o.meta().uid == uid) else { return Plan::default() };
    let look = Look { cache, live, key, object };
    let meta = object.meta();
    if meta.terminating() && meta.has_finalizer(ORPHAN_DEPENDENTS) {
        return look.orphan();
    }
    if meta.terminating() && meta.has_finalizer(FOREGROUND_DELETION) {
        return look.hold();
    }
    if meta.terminating() || meta.owners.is_empty() { Plan::default() } else { look.collect() }
}

impl Look<'_> {
    fn decision(&self, verdict: Verdict, because: Reason) -> Decision {
        Decision::new(Component::GarbageCollector, self.key.clone(), verdict, because)
    }

    /// The objects that were seen to name the object as an owner, where they still do.
    fn dependents(&self) -> impl Iterator<Item = &Object> {
        let uid = self.object.meta().uid;
        let names = move |d: &&Object| d.meta().owners.iter().any(|o| o.uid == uid);
        self.cache.dependents(uid).filter_map(|d| self.live.get(d)).filter(names)
    }

    /// Lets every dependent go, then the object itself.
    fn orphan(&self) -> Plan {
        let mut plan = Plan::nothing(self.decision(Verdict::Acts, Reason::OrphansDependents));
        let uid = self.object.meta().uid;
        let let_go = |dependent: &Object| {
            let edit = Edit::RemoveOwner(dependent.meta().uid, uid);
            vec![Step::new(Request::Edit(dependent.key(), edit)).on_error(OnError::GoneIsFine)]
        };
        plan.batches.push(self.dependents().map(let_go).collect());
        plan.then(self.release(ORPHAN_DEPENDENTS));
        plan
    }

    /// Deletes the dependents of an object that waits for them; lets the object go once none is left that blocks it.
    fn hold(&self) -> Plan {
        let uid = self.object.meta().uid;
        let dependents: Vec<&Object> = self.dependents().collect();
        let blocks = |d: &&&Object| d.meta().owners.iter().any(|o| o.uid == uid && o.blocks);
        let blocking = dependents.iter().filter(blocks).count();
        if blocking == 0 {
            let mut plan = Plan::default();
            plan.then(self.release(FOREGROUND_DELETION));
            return plan;
        }
        let waits = Reason::WaitsForDependents { count: i64::try_from(blocking).unwrap_or(0) };
        let mut plan = Plan::nothing(self.decision(Verdict::Waits, waits));
        let staying = dependents.into_iter().filter(|d| !d.meta().terminating());
        plan.batches.push(staying.map(|d| vec![self.delete(d, true)]).collect());
        plan
    }

    /// Deletes an object none of whose owners is left; takes the absent owners off one that has others.
    fn collect(&self) -> Plan {
        let owners = &self.object.meta().owners;
        let (solid, gone): (Vec<&OwnerRef>, Vec<&OwnerRef>) = owners.iter().partition(|o| self.owner(o).is_some());
        let waiting = |o: &OwnerRef| self.owner(o).is_some_and(|x| x.meta().terminating() && x.meta().has_finalizer(FOREGROUND_DELETION));
        if let Some(absent) = gone.first().filter(|_| solid.is_empty()) {
            let mut plan = Plan::nothing(self.decision(Verdict::Acts, Reason::OwnerGone { owner: Rc::clone(&absent.name) }));
            plan.then(self.delete(self.object, false));
            return plan;
        }
        let mut plan = Plan::default();
        if !gone.is_empty() {
            let left: Vec<OwnerRef> = solid.iter().map(|o| (*o).clone()).collect();
            plan.then(Step::new(Request::Edit(self.key.clone(), Edit::SetOwners(left))).on_error(OnError::GoneIsFine));
        } else if !solid.is_empty() && solid.iter().all(|o| waiting(o)) {
            plan.decisions.push(self.decision(Verdict::Acts, Reason::OwnerGone { owner: Rc::clone(&solid[0].name) }));
            plan.then(self.delete(self.object, true));
        }
        plan
    }

    /// The owner, where it exists under that uid. Owners of kinds that are not modelled exist nowhere.
    fn owner(&self, owner: &OwnerRef) -> Option<&Object> {
        let found = self.live.get(&ObjectKey::new(owner.kind?, &self.key.namespace, &owner.name))?;
        (found.meta().uid == owner.uid).then_some(found)
    }

    /// Deletes an object as it was found, and, where its owner waits for it, only after its own dependents.
    fn delete(&self, object: &Object, waits: bool) -> Step {
        let meta = object.meta();
        let has_dependents = self.cache.dependents(meta.uid).next().is_some();
        let propagation = Some(Propagation::Foreground).filter(|_| waits && has_dependents);
        let (uid, revision) = (Some(meta.uid.to_string().into()), Some(meta.revision));
        let options = DeleteOptions { propagation, uid, revision, ..DeleteOptions::default() };
        Step::new(Request::Delete(object.key(), options)).on_error(OnError::GoneIsFine)
    }

    fn release(&self, finalizer: &'static str) -> Step {
        Step::new(Request::Edit(self.key.clone(), Edit::RemoveFinalizer(finalizer.into()))).on_error(OnError::GoneIsFine)
    }
}
