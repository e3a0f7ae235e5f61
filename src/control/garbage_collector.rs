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

    /// Has the dependents looked at that an object waits for; lets the object go once none is left that blocks it.
    ///
    /// Models processDeletingDependentsItem. A dependent that comes later is looked at only when another one goes.
    fn hold(&self) -> Plan {
        let uid = self.object.meta().uid;
        let blocks = |d: &&Object| d.meta().owners.iter().any(|o| o.uid == uid && o.blocks);
        let blocking: Vec<&Object> = self.dependents().filter(blocks).collect();
        if blocking.is_empty() {
            let mut plan = Plan::default();
            plan.then(self.release(FOREGROUND_DELETION));
            return plan;
        }
        let waits = Reason::WaitsForDependents { count: i64::try_from(blocking.len()).unwrap_or(0) };
        let wake = blocking.into_iter().filter(|d| !d.meta().terminating()).map(Object::key).collect();
        Plan { wake, ..Plan::nothing(self.decision(Verdict::Waits, waits)) }
    }

    /// Deletes an object none of whose owners stays; takes the others off one that has an owner that does.
    fn collect(&self) -> Plan {
        let owners = &self.object.meta().owners;
        let waits = |o: &&Object| o.meta().terminating() && o.meta().has_finalizer(FOREGROUND_DELETION);
        let stays = |o: &&OwnerRef| self.owner(o).is_some_and(|x| !waits(&x));
        let (staying, going): (Vec<&OwnerRef>, Vec<&OwnerRef>) = owners.iter().partition(stays);
        let mut plan = Plan::default();
        let Some(first) = going.first() else { return plan };
        if staying.is_empty() {
            let waited_for = going.iter().any(|o| self.owner(o).is_some());
            plan.decisions.push(self.decision(Verdict::Acts, Reason::OwnerGone { owner: Rc::clone(&first.name) }));
            plan.then(self.delete(waited_for));
        } else {
            let left: Vec<OwnerRef> = staying.into_iter().cloned().collect();
            plan.then(Step::new(Request::Edit(self.key.clone(), Edit::SetOwners(left))).on_error(OnError::GoneIsFine));
        }
        plan
    }

    /// The owner, where it exists under that uid. Owners of kinds that are not modelled exist nowhere.
    fn owner(&self, owner: &OwnerRef) -> Option<&Object> {
        let found = self.live.get(&ObjectKey::new(owner.kind?, &self.key.namespace, &owner.name))?;
        (found.meta().uid == owner.uid).then_some(found)
    }

    /// Deletes the object as it was found, and, where an owner waits for it, only after its own dependents.
    fn delete(&self, waited_for: bool) -> Step {
        let meta = self.object.meta();
        let has_dependents = self.cache.dependents(meta.uid).next().is_some();
        let propagation = Some(Propagation::Foreground).filter(|_| waited_for && has_dependents);
        let (uid, revision) = (Some(meta.uid.to_string().into()), Some(meta.revision));
        let options = DeleteOptions { propagation, uid, revision, ..DeleteOptions::default() };
        Step::new(Request::Delete(self.key.clone(), options)).on_error(OnError::GoneIsFine)
    }

    fn release(&self, finalizer: &'static str) -> Step {
        Step::new(Request::Edit(self.key.clone(), Edit::RemoveFinalizer(finalizer.into()))).on_error(OnError::GoneIsFine)
    }
}
