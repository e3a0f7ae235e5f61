//! Which workloads a change of what they manage wakes.
//!
//! Models resolveControllerRef and the event handlers of pkg/controller/{statefulset,replicaset,deployment,daemon,job}.

use api::kind::Kind;
use api::object::selector::Selector;
use api::object::{Name, Object, ObjectKey, OwnerRef};
use server::log::Change;

use super::cache::Cache;
use super::registration::Watch;

impl Watch<'_> {
    /// Queues the workloads of a kind that manage an object, managed it before, or could adopt it.
    pub(super) fn managers(&mut self, kind: Kind) {
        let (cache, change) = (self.view.cache, self.change);
        self.enqueue_all(owners(change, kind).filter(|owner| is_there(cache, owner)).map(|(key, _)| key));
        self.enqueue_all(adopters(cache, change, kind));
    }
}

/// The workloads of a kind that controlled an object before a change of it and after, with their uids; one that stays, once.
pub(super) fn owners(change: &Change, kind: Kind) -> impl Iterator<Item = Owner<'_>> {
    let [before, after] = [&change.before, &change.after].map(|object| object.as_ref().and_then(|object| object.meta().controller()));
    let stays = |owner: &&OwnerRef| after.is_some_and(|after| std::ptr::eq(after, *owner) || after == *owner);
    let controllers = before.filter(|owner| !stays(owner)).into_iter().chain(after);
    controllers.filter(move |owner| owner.is_a(kind)).map(move |owner| named(&change.key.namespace, kind, owner))
}

/// A workload by the reference of what it manages.
pub(super) type Owner<'a> = (ObjectKey, &'a OwnerRef);

/// The workload of a kind that a reference names.
pub(super) fn named<'a>(namespace: &Name, kind: Kind, owner: &'a OwnerRef) -> Owner<'a> {
    (ObjectKey::new(kind, namespace, &owner.name), owner)
}

/// Whether a workload is there, and not another of its name.
pub(super) fn is_there(cache: &Cache, (key, owner): &Owner) -> bool {
    cache.tables.get(key).is_some_and(|object| object.meta().uid == owner.uid)
}

/// The workloads of a kind that could adopt an object which has no controller, and is new or has other labels or owners than before.
pub(super) fn adopters<'a>(cache: &'a Cache, change: &'a Change, kind: Kind) -> impl Iterator<Item = ObjectKey> + 'a {
    let is_news = |new: &&Object| {
        let new = new.meta();
        new.controller().is_none()
            && change.before.as_ref().is_none_or(|old| old.meta().labels != new.labels || old.meta().owners != new.owners)
    };
    let orphan = change.after.as_ref().filter(is_news).map(Object::meta);
    orphan.into_iter().flat_map(move |orphan| {
        let picks = |set: &&Object| match set {
            Object::StatefulSet(set) => set.spec.selector.matches(&orphan.labels),
            Object::ReplicaSet(set) => set.spec.selector.matches(&orphan.labels),
            Object::Deployment(set) => set.spec.selector.matches(&orphan.labels),
            Object::Plain(set) => set.raw.at(&["spec", "selector"]).is_some_and(|s| Selector::decode(s).matches(&orphan.labels)),
            _ => false,
        };
        cache.tables.within(kind, &orphan.namespace).filter(picks).map(Object::key)
    })
}
