//! Objects by kind, namespace and name: the data structure behind the store and every view of it.

use base::sorted::{SortedMap, SortedSet};
use base::time::Time;
use std::cmp::Reverse;
use std::rc::Rc;

use api::kind::Kind;
use api::object::storage::ClaimRef;
use api::object::{
    Claim, ControllerRevision, Deployment, DisruptionBudget, EndpointSlice, Endpoints, Name, NamespacedName, Node, Object, ObjectKey, Pod,
    ReplicaSet, Service, StatefulSet, StorageClass, Volume,
};

/// Objects by kind, namespace and name, iterated in that order. Clones share the objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// One table per kind, in the order of `Kind::ALL`.
    by_kind: [Kept; Kind::ALL.len()],
    custom: SortedMap<Kind, Kept>,
    /// The names of the volumes whose `claimRef` names a claim.
    volumes_by_claim: SortedMap<NamespacedName, SortedSet<Name>>,
    /// Those of all others.
    unclaimed: SortedSet<Name>,
}

/// The objects of one kind, by namespace and name.
type Kept = SortedMap<Name, SortedMap<Name, Object>>;

impl Default for Tables {
    fn default() -> Self {
        Tables {
            by_kind: [const { Kept::new() }; Kind::ALL.len()],
            custom: SortedMap::new(),
            volumes_by_claim: SortedMap::new(),
            unclaimed: SortedSet::new(),
        }
    }
}

/// The claim in a volume's `claimRef`.
fn claim_of(volume: &Rc<Volume>) -> Option<NamespacedName> {
    volume.spec.claim.as_ref().map(ClaimRef::namespaced_name)
}

macro_rules! typed {
    ($($get:ident $list:ident $read:ident $kind:ident $type:ty;)*) => {$(
        /// One object of this kind.
        pub fn $get(&self, namespace: &str, name: &str) -> Option<&Rc<$type>> {
            self.find(Kind::$kind, namespace, name).and_then(Object::$read)
        }

        /// All objects of this kind, by namespace and name.
        pub fn $list(&self) -> impl Iterator<Item = &Rc<$type>> {
            self.all(Kind::$kind).filter_map(Object::$read)
        }
    )*};
}

impl Tables {
    /// The table of a kind; `None` for a custom kind of which there never was an object.
    fn kept(&self, kind: Kind) -> Option<&Kept> {
        self.by_kind.get(kind.index()).or_else(|| self.custom.get(&kind))
    }

    /// Every kind of Kubernetes' own, and the custom kinds of which there are objects.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().chain(self.custom.keys()).copied()
    }

    /// One object; cluster-scoped kinds are stored under the empty namespace.
    pub fn find(&self, kind: Kind, namespace: &str, name: &str) -> Option<&Object> {
        let namespace = if kind.info().namespaced { namespace } else { "" };
        self.kept(kind)?.get(namespace)?.get(name)
    }

    /// The object with this key.
    pub fn get(&self, key: &ObjectKey) -> Option<&Object> {
        self.find(key.kind, &key.namespace, &key.name)
    }

    /// All objects of a kind, by namespace and name.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.kept(kind).into_iter().flat_map(|kept| kept.values().flat_map(SortedMap::values))
    }

    /// How many objects there are of all kinds.
    pub fn count(&self) -> usize {
        self.by_kind.iter().chain(self.custom.values()).flat_map(SortedMap::values).map(SortedMap::len).sum()
    }

    /// The objects of a kind in one namespace, by name.
    pub fn within(&self, kind: Kind, namespace: &str) -> impl Iterator<Item = &Object> {
        self.kept(kind).and_then(|kept| kept.get(namespace)).into_iter().flat_map(SortedMap::values)
    }

    /// Inserts or replaces an object; returns the previous version.
    pub fn insert(&mut self, object: Object) -> Option<Object> {
        let ObjectKey { kind, namespace, name } = object.key();
        let volume = object.as_volume().cloned();
        let kept = match self.by_kind.get_mut(kind.index()) {
            Some(kept) => kept,
            None => self.custom.entry(kind).or_default(),
        };
        let within = match kept.get_mut(&namespace) {
            Some(within) => within,
            None => kept.entry(namespace).or_default(),
        };
        let old = within.insert(name, object);
        if let Some(volume) = volume {
            let claim = claim_of(&volume);
            let before = old.as_ref().and_then(Object::as_volume);
            if before.is_none_or(|before| claim_of(before) != claim) {
                self.forget_volume(old.as_ref());
                let names = claim.map_or(&mut self.unclaimed, |claim| self.volumes_by_claim.entry(claim).or_default());
                names.insert(Rc::clone(&volume.meta.name));
            }
        }
        old
    }

    /// Removes an object and returns it.
    pub fn remove(&mut self, key: &ObjectKey) -> Option<Object> {
        let kept = match self.by_kind.get_mut(key.kind.index()) {
            Some(kept) => kept,
            None => self.custom.get_mut(&key.kind)?,
        };
        let old = kept.get_mut(&key.namespace)?.remove(&key.name);
        self.forget_volume(old.as_ref());
        old
    }

    fn forget_volume(&mut self, old: Option<&Object>) {
        let Some(volume) = old.and_then(Object::as_volume) else { return };
        let Some(claim) = claim_of(volume) else {
            self.unclaimed.remove(&volume.meta.name);
            return;
        };
        if let Some(names) = self.volumes_by_claim.get_mut(&claim) {
            names.remove(&volume.meta.name);
            if names.is_empty() {
                self.volumes_by_claim.remove(&claim);
            }
        }
    }

    /// The volumes a claim might bind to, by name: those whose `claimRef` names it, and the unclaimed ones.
    pub fn volumes_for(&self, claim: &Claim) -> impl Iterator<Item = &Rc<Volume>> {
        let own = self.volumes_by_claim.get(&claim.meta.namespaced_name());
        own.into_iter().flatten().chain(&self.unclaimed).filter_map(|name| self.volume("", name))
    }

    /// The default storage class: the newest, by the second, of those annotated as default. What the cluster began with is older than
    /// anything made in its first second. Models pkg/volume/util GetDefaultClass.
    pub fn default_class(&self) -> Option<&Rc<StorageClass>> {
        let marked = self.classes().filter(|class| class.is_default());
        let age = |created: Time| (created.stamp(), created > Time::default());
        marked.max_by_key(|class| (age(class.meta.created), Reverse(Rc::clone(&class.meta.name))))
    }

    /// The budgets that select a pod, by name.
    pub fn budgets_of(&self, pod: &Pod) -> impl Iterator<Item = &Rc<DisruptionBudget>> {
        let within = self.within(Kind::PodDisruptionBudget, &pod.meta.namespace).filter_map(Object::as_budget);
        within.filter(|budget| budget.selects(&pod.meta.labels))
    }

    typed! {
        pod pods as_pod Pod Pod;
        stateful_set stateful_sets as_stateful_set StatefulSet StatefulSet;
        revision revisions as_revision ControllerRevision ControllerRevision;
        deployment deployments as_deployment Deployment Deployment;
        replica_set replica_sets as_replica_set ReplicaSet ReplicaSet;
        claim claims as_claim PersistentVolumeClaim Claim;
        volume volumes as_volume PersistentVolume Volume;
        class classes as_class StorageClass StorageClass;
        service services as_service Service Service;
        slice slices as_slice EndpointSlice EndpointSlice;
        endpoints all_endpoints as_endpoints Endpoints Endpoints;
        node nodes as_node Node Node;
        budget budgets as_budget PodDisruptionBudget DisruptionBudget;
    }
}
