//! The control plane's cache: a view that lags behind the store by the watch delay.
//!
//! Upstream, the controllers of kube-controller-manager share one set of informers; the scheduler, the volume provisioner and
//! DNS have their own, fed by the same watches with about the same delay. Here they all share one view.
//! Promises: only [`Cache::see`] changes it, change by change in the store's order; indices agree with the tables.

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::attachments::Attachments;
use super::replica_pods::{ReplicaFacts, ReplicaPods};
use super::set_pods::{PodFacts, SetPods};
use api::kind::Kind;
use api::object::parent_and_ordinal;
use api::object::{NO_ORDINAL, Name, NamespacedName, Object, ObjectKey, OwnerRef, Pod, ReplicaSet, StatefulSet, Uid, no_name};
use server::dependents::Dependents;
use server::log::Change;
use server::tables::Tables;

/// A lagging view of the store, with indices.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    /// The objects as last seen.
    pub tables: Tables,
    /// The revision up to which all changes have been seen.
    pub revision: u64,
    sets: SortedMap<Uid, SetPods>,
    replicas: SortedMap<Uid, ReplicaPods>,
    orphans: SortedSet<NamespacedName>,
    /// Pods of sets that stand in no place of theirs.
    misplaced: SortedMap<Uid, SortedSet<NamespacedName>>,
    on_node: SortedMap<Name, SortedSet<NamespacedName>>,
    users: SortedMap<NamespacedName, SortedSet<Name>>,
    owned_claims: SortedSet<NamespacedName>,
    /// Claims that pods refer to but that are missing or terminating.
    lacking: SortedSet<NamespacedName>,
    dependents: Dependents,
    attachments: Attachments,
}

impl Cache {
    /// Applies a change.
    pub fn see(&mut self, change: &Change) {
        self.revision = change.revision;
        self.dependents.see(&change.key, change.before.as_ref(), change.after.as_ref());
        self.attachments.see(change);
        match change.object() {
            Some(Object::Pod(_)) => self.see_pod(change.sides(Object::as_pod)),
            Some(Object::Claim(claim)) => {
                let place = claim.meta.namespaced_name();
                if change.after.as_ref().is_some_and(|c| !c.meta().owners.is_empty()) {
                    self.owned_claims.insert(place.clone());
                } else {
                    self.owned_claims.remove(&place);
                }
                let stays = change.after.as_ref().is_some_and(|c| !c.meta().terminating());
                if !stays && self.users.contains_key(&place) {
                    self.lacking.insert(place);
                } else {
                    self.lacking.remove(&place);
                }
            }
            _ => {}
        }
        match &change.after {
            Some(object) => drop(self.tables.insert(object.clone())),
            None => drop(self.tables.remove(&change.key)),
        }
        if let Some(set) = change.after.as_ref().and_then(Object::as_stateful_set) {
            let was = change.before.as_ref().and_then(Object::as_stateful_set);
            if was.is_none_or(|old| old.spec.claim_templates != set.spec.claim_templates || old.spec.start != set.spec.start) {
                self.reindex(&Rc::clone(set));
            }
        }
        if let Some(set) = change.after.as_ref().and_then(Object::as_replica_set) {
            let was = change.before.as_ref().and_then(Object::as_replica_set);
            if was.is_none_or(|old| old.spec.template != set.spec.template) {
                self.judge_replicas_again(&Rc::clone(set));
            }
        }
    }

    /// The pods a ReplicaSet owns.
    pub fn replicas_of(&self, set: Uid) -> Option<&ReplicaPods> {
        self.replicas.get(&set)
    }

    /// The pods a set owns, by ordinal.
    pub fn pods_of(&self, set: Uid) -> Option<&SetPods> {
        self.sets.get(&set)
    }

    /// Pods owned by a set that stand in no place of its own: their name is not one of the set's, has a number that is no ordinal, or that
    /// of a pod which is there.
    pub fn misplaced(&self, set: Uid) -> impl Iterator<Item = &Rc<Pod>> {
        self.misplaced.get(&set).into_iter().flatten().filter_map(|pod| self.tables.pod(&pod.namespace, &pod.name))
    }

    /// Pods of a namespace without a controller.
    pub fn orphans(&self, namespace: &Name) -> impl Iterator<Item = &Rc<Pod>> {
        let from = NamespacedName::new(namespace, &no_name());
        let same = move |pod: &&NamespacedName| pod.namespace == *namespace;
        self.orphans.range(from..).take_while(same).filter_map(|pod| self.tables.pod(&pod.namespace, &pod.name))
    }

    /// Pods bound to a node.
    pub fn pods_on(&self, node: &str) -> impl Iterator<Item = &Rc<Pod>> {
        self.on_node.get(node).into_iter().flatten().filter_map(|pod| self.tables.pod(&pod.namespace, &pod.name))
    }

    /// Names of the pods that use a claim.
    pub fn users_of<'a>(&'a self, claim: &NamespacedName) -> impl Iterator<Item = &'a Name> + use<'a> {
        self.users.get(claim).into_iter().flatten()
    }

    /// Whether any claim has an owner.
    pub fn any_claim_owned(&self) -> bool {
        !self.owned_claims.is_empty()
    }

    /// Whether any claim that a pod refers to is missing or terminating.
    pub fn lacks_claims(&self) -> bool {
        !self.lacking.is_empty()
    }

    /// The pods that an owner controls, for kinds without an index of their own.
    pub fn managed_pods(&self, owner: Uid) -> impl Iterator<Item = &Rc<Pod>> {
        let pods = self.dependents(owner).filter_map(|key| self.tables.get(key)?.as_pod());
        pods.filter(move |pod| pod.meta.is_controlled_by(owner))
    }

    /// The VolumeAttachments.
    pub fn attachments(&self) -> &Attachments {
        &self.attachments
    }

    /// The objects with an owner reference to this uid.
    pub fn dependents(&self, owner: Uid) -> impl Iterator<Item = &ObjectKey> {
        self.dependents.of(owner)
    }

    /// Takes a pod's change into the indices. Where it stands in an index by what did not change, it stays.
    fn see_pod(&mut self, [old, new]: [Option<&Rc<Pod>>; 2]) {
        let both = old.zip(new);
        let same_owners = both.is_some_and(|(old, new)| old.meta.owners == new.meta.owners);
        let same_node = both.is_some_and(|(old, new)| old.node == new.node);
        let same_spec = both.is_some_and(|(old, new)| Rc::ptr_eq(&old.spec, &new.spec));
        if let Some(old) = old {
            let place = old.meta.namespaced_name();
            if !same_owners {
                self.leave_owner(old, &place);
            }
            if let Some(node) = old.node.as_ref().filter(|_| !same_node) {
                leave(&mut self.on_node, node, &place);
            }
            if !same_spec {
                self.leave_claims(old, &place);
            }
        }
        if let Some(new) = new {
            let place = new.meta.namespaced_name();
            self.join_owner(new, old.filter(|_| same_owners && same_spec), &place);
            if let Some(node) = new.node.as_ref().filter(|_| !same_node) {
                self.on_node.entry(Rc::clone(node)).or_default().insert(place.clone());
            }
            if !same_spec {
                self.join_claims(new, &place);
            }
        }
    }

    fn leave_owner(&mut self, pod: &Pod, place: &NamespacedName) {
        match pod.meta.controller().map(|o| o.uid) {
            None => drop(self.orphans.remove(place)),
            Some(owner) => {
                leave(&mut self.misplaced, &owner, place);
                if let (Some(pods), Some((_, ordinal))) = (self.sets.get_mut(&owner), parent_and_ordinal(&place.name))
                    && pods.get(ordinal).is_some_and(|facts| facts.name == place.name)
                {
                    pods.take(ordinal);
                    if pods.is_empty() {
                        self.sets.remove(&owner);
                    }
                    self.move_up(owner, ordinal);
                }
                if let Some(pods) = self.replicas.get_mut(&owner) {
                    pods.take(&place.name);
                    if pods.is_empty() {
                        self.replicas.remove(&owner);
                    }
                }
            }
        }
    }

    /// Gives the place of an ordinal to another pod with its number, if there is one.
    fn move_up(&mut self, owner: Uid, ordinal: i64) {
        let has_number = |pod: &&Rc<Pod>| parent_and_ordinal(&pod.meta.name).is_some_and(|(_, other)| other == ordinal);
        let other = self.misplaced(owner).find(has_number).cloned();
        if let Some(pod) = other {
            let place = pod.meta.namespaced_name();
            leave(&mut self.misplaced, &owner, &place);
            self.join_owner(&pod, None, &place);
        }
    }

    fn leave_claims(&mut self, pod: &Pod, place: &NamespacedName) {
        for volume in pod.claim_volumes() {
            let claim = NamespacedName::new(&place.namespace, &volume.claim);
            leave(&mut self.users, &claim, &place.name);
            if !self.users.contains_key(&claim) {
                self.lacking.remove(&claim);
            }
        }
    }

    /// Notes what the owner of a pod has to know of it. `alike`: an older version of it, of the same owner and spec.
    fn join_owner(&mut self, pod: &Pod, alike: Option<&Rc<Pod>>, place: &NamespacedName) {
        match pod.meta.controller() {
            None => drop(self.orphans.insert(place.clone())),
            Some(owner) if owner.is_a(Kind::ReplicaSet) => self.index_replica(pod, owner),
            Some(owner) if owner.is_a(Kind::StatefulSet) => self.index_member(pod, owner, alike, place),
            Some(_) => {}
        }
    }

    /// Gives a set's pod the place of its ordinal, if it has one. Of two pods of one number, the place is that of the one that came last.
    /// Upstream, it is that of the last one in a map's order. That begins at a chance place: seven times of eight, the last that came.
    fn index_member(&mut self, pod: &Pod, owner: &OwnerRef, alike: Option<&Rc<Pod>>, place: &NamespacedName) {
        let number = parent_and_ordinal(&place.name).filter(|(parent, ordinal)| *parent == &*owner.name && *ordinal != NO_ORDINAL);
        let number = number.map(|(_, ordinal)| ordinal);
        let standing = number.and_then(|ordinal| self.sets.get(&owner.uid)?.get(ordinal));
        let alike = alike.filter(|old| Rc::ptr_eq(&old.meta.labels, &pod.meta.labels));
        let known = standing.filter(|known| alike.is_some_and(|old| old.meta.uid == known.uid));
        let known = known.map(|known| (known.storage, known.selected));
        let other = standing.filter(|facts| facts.name != place.name).map(|facts| NamespacedName::new(&place.namespace, &facts.name));
        let is_aside = self.misplaced.get(&owner.uid).is_some_and(|aside| aside.contains(place));
        let (ordinal, misplaced) = match (number, other) {
            (Some(ordinal), None) => (Some(ordinal), None),
            (Some(ordinal), Some(other)) if !is_aside => (Some(ordinal), Some(other)),
            _ => (None, Some(place.clone())),
        };
        if let Some(misplaced) = misplaced {
            self.misplaced.entry(owner.uid).or_default().insert(misplaced);
        }
        let Some(ordinal) = ordinal else { return };
        let set = self.tables.stateful_set(&place.namespace, &owner.name).filter(|s| s.meta.uid == owner.uid).cloned();
        let (storage, selected) = match (&set, known) {
            (None, _) => (true, true),
            (Some(_), Some(known)) => known,
            (Some(set), None) => (storage_matches(set, pod, ordinal), set.spec.selector.matches(&pod.meta.labels)),
        };
        let pods = self.sets.entry(owner.uid).or_default();
        if let Some(set) = set {
            pods.begin_at(set.spec.start);
        }
        pods.put(ordinal, PodFacts::of(pod, storage, selected));
    }

    fn join_claims(&mut self, pod: &Pod, place: &NamespacedName) {
        for volume in pod.claim_volumes() {
            let claim = NamespacedName::new(&place.namespace, &volume.claim);
            if self.tables.claim(&claim.namespace, &claim.name).is_none_or(|c| c.meta.terminating()) {
                self.lacking.insert(claim.clone());
            }
            self.users.entry(claim).or_default().insert(Rc::clone(&place.name));
        }
    }

    fn index_replica(&mut self, pod: &Pod, owner: &OwnerRef) {
        let set = self.tables.replica_set(&pod.meta.namespace, &owner.name).filter(|s| s.meta.uid == owner.uid);
        let facts = ReplicaFacts::of(pod, set.map(|s| &*s.spec));
        self.replicas.entry(owner.uid).or_default().put(&pod.meta.name, facts);
    }

    /// Reevaluates all pods of a ReplicaSet after its spec has changed.
    fn judge_replicas_again(&mut self, set: &ReplicaSet) {
        let Some(pods) = self.replicas.get_mut(&set.meta.uid) else { return };
        let names: Vec<Name> = pods.names().cloned().collect();
        for name in names {
            if let Some(pod) = self.tables.pod(&set.meta.namespace, &name) {
                pods.put(&name, ReplicaFacts::of(pod, Some(&set.spec)));
            }
        }
    }

    /// Reevaluates all pods of a StatefulSet after its spec has changed.
    fn reindex(&mut self, set: &StatefulSet) {
        let Some(pods) = self.sets.get_mut(&set.meta.uid) else { return };
        pods.begin_at(set.spec.start);
        let names: Vec<(i64, Name)> = pods.range(0..i64::MAX).map(|(o, f)| (o, Rc::clone(&f.name))).collect();
        for (ordinal, name) in names {
            if let Some(pod) = self.tables.pod(&set.meta.namespace, &name) {
                let selected = set.spec.selector.matches(&pod.meta.labels);
                pods.put(ordinal, PodFacts::of(pod, storage_matches(set, pod, ordinal), selected));
            }
        }
    }
}

/// Takes a member out of the set of a key, and the key out with the last one: what has gone takes no room.
fn leave<K: Ord + Clone, T: Ord + Clone>(index: &mut SortedMap<K, SortedSet<T>>, key: &K, member: &T) {
    if let Some(set) = index.get_mut(key) {
        set.remove(member);
        if set.is_empty() {
            index.remove(key);
        }
    }
}

/// Whether a pod mounts the claims of its ordinal. Models pkg/controller/statefulset/stateful_set_utils.go storageMatches.
pub fn storage_matches(set: &StatefulSet, pod: &Pod, ordinal: i64) -> bool {
    set.spec.claim_templates.iter().all(|template| {
        let wanted = template.claim_name(&set.meta.name, ordinal);
        pod.claim_volumes().any(|v| v.volume == template.name && v.claim == wanted)
    })
}
