//! Objects by kind, namespace and name: the data structure behind the store and every view of it.

use base::hash::print_name;
use base::slots::{SlotId, Slots};
use base::sorted::{SortedMap, SortedSet};
use base::time::Time;
use base::value::Value;
use std::cell::OnceCell;
use std::cmp::Reverse;
use std::fmt;
use std::rc::Rc;

use api::kind::Kind;
use api::object::storage::ClaimRef;
use api::object::{
    Claim, ControllerRevision, Deployment, DisruptionBudget, EndpointSlice, Endpoints, Name, NamespacedName, Node, Object, ObjectKey, Pod,
    ReplicaSet, Service, StatefulSet, StorageClass, Volume,
};

/// Objects by kind, namespace and name, iterated in that order. Clones share the objects.
#[derive(Clone)]
pub struct Tables {
    objects: Slots<Stored>,
    /// One table per kind, in the order of `Kind::ALL`.
    by_kind: [ByNamespace; Kind::ALL.len()],
    custom: SortedMap<Kind, ByNamespace>,
    /// The names of the volumes whose `claimRef` names a claim.
    volumes_by_claim: SortedMap<NamespacedName, SortedSet<Name>>,
    /// Those of all others.
    unclaimed: SortedSet<Name>,
}

/// An object, and what it is as a value once somebody has asked.
#[derive(Clone)]
struct Stored {
    object: Object,
    shown: OnceCell<Value>,
}

/// The places of the objects of one kind, by namespace and name.
type ByNamespace = SortedMap<Name, SortedMap<Name, SlotId>>;

impl Default for Tables {
    fn default() -> Self {
        Tables {
            objects: Slots::default(),
            by_kind: [const { ByNamespace::new() }; Kind::ALL.len()],
            custom: SortedMap::new(),
            volumes_by_claim: SortedMap::new(),
            unclaimed: SortedSet::new(),
        }
    }
}

/// Tables are the same if their objects are, whatever places these have.
impl PartialEq for Tables {
    fn eq(&self, other: &Self) -> bool {
        self.objects.len() == other.objects.len() && self.every().eq(other.every())
    }
}

impl Eq for Tables {}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.every()).finish()
    }
}

/// How an object is looked up: by the namespace of its kind, which is empty for cluster-scoped ones, its name, and the hash of both.
#[derive(Clone, Copy)]
struct Sought<'a> {
    kind: Kind,
    namespace: Option<&'a str>,
    name: &'a str,
    hash: u32,
}

impl<'a> Sought<'a> {
    fn new(kind: Kind, namespace: &'a str, name: &'a str) -> Self {
        let namespace = kind.is_namespaced().then_some(namespace);
        Sought { kind, namespace, name, hash: print_name(kind.index() as u64, namespace.unwrap_or_default(), name) }
    }

    fn is(&self, object: &Object) -> bool {
        let meta = object.meta();
        same(&meta.name, self.name) && self.namespace.is_none_or(|own| same(&meta.namespace, own)) && object.kind() == self.kind
    }
}

/// Whether texts are the same: what is looked up is often the very string that is kept.
fn same(one: &str, other: &str) -> bool {
    std::ptr::eq(one, other) || one == other
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
    fn kept(&self, kind: Kind) -> Option<&ByNamespace> {
        self.by_kind.get(kind.index()).or_else(|| self.custom.get(&kind))
    }

    /// Every kind of Kubernetes' own, and the custom kinds of which there are objects.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        Kind::ALL.iter().chain(self.custom.keys()).copied()
    }

    /// One object; cluster-scoped kinds are stored under the empty namespace.
    pub fn find(&self, kind: Kind, namespace: &str, name: &str) -> Option<&Object> {
        self.at(self.place(&Sought::new(kind, namespace, name))?)
    }

    fn at(&self, place: SlotId) -> Option<&Object> {
        self.objects.get(place).map(|stored| &stored.object)
    }

    /// An object as the API server shows it: made once of each that is here, since a client's write asks for the same several times.
    pub fn shown(&self, object: &Object) -> Value {
        let meta = object.meta();
        let place = self.place(&Sought::new(object.kind(), &meta.namespace, &meta.name));
        match place.and_then(|place| self.objects.get(place)).filter(|stored| stored.object.is_one_with(object)) {
            Some(stored) => stored.shown.get_or_init(|| object.encode()).clone(),
            None => object.encode(),
        }
    }

    /// The place of an object.
    fn place(&self, sought: &Sought) -> Option<SlotId> {
        self.objects.find(sought.hash, |stored| sought.is(&stored.object))
    }

    /// The object with this key.
    pub fn get(&self, key: &ObjectKey) -> Option<&Object> {
        self.find(key.kind, &key.namespace, &key.name)
    }

    /// All objects of a kind, by namespace and name.
    pub fn all(&self, kind: Kind) -> impl Iterator<Item = &Object> {
        self.kept(kind).into_iter().flat_map(|kept| kept.values()).flat_map(|within| self.of(within))
    }

    /// The objects of a kind in one namespace, by name.
    pub fn within(&self, kind: Kind, namespace: &str) -> impl Iterator<Item = &Object> {
        self.kept(kind).and_then(|kept| kept.get(namespace)).into_iter().flat_map(|within| self.of(within))
    }

    fn of<'a>(&'a self, within: &'a SortedMap<Name, SlotId>) -> impl Iterator<Item = &'a Object> {
        within.values().filter_map(|place| self.at(*place))
    }

    /// The objects of all kinds.
    fn every(&self) -> impl Iterator<Item = &Object> {
        self.kinds().flat_map(|kind| self.all(kind))
    }

    /// How many objects there are of all kinds.
    pub fn count(&self) -> usize {
        self.objects.len()
    }

    /// Inserts or replaces an object; returns the previous version.
    pub fn insert(&mut self, object: Object) -> Option<Object> {
        let (kind, meta) = (object.kind(), object.meta());
        let volume = object.as_volume().cloned();
        let sought = Sought::new(kind, &meta.namespace, &meta.name);
        let (hash, place) = (sought.hash, self.place(&sought));
        let old = if let Some(stored) = place.and_then(|place| self.objects.get_mut(place)) {
            stored.shown.take();
            Some(std::mem::replace(&mut stored.object, object))
        } else {
            self.add(hash, object);
            None
        };
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

    /// Adds an object that is not there yet.
    fn add(&mut self, hash: u32, object: Object) {
        let ObjectKey { kind, namespace, name } = object.key();
        let place = self.objects.add(hash, Stored { object, shown: OnceCell::new() });
        let kept = match self.by_kind.get_mut(kind.index()) {
            Some(kept) => kept,
            None => self.custom.entry(kind).or_default(),
        };
        let within = match kept.get_mut(&namespace) {
            Some(within) => within,
            None => kept.entry(namespace).or_default(),
        };
        within.insert(name, place);
    }

    /// Removes an object and returns it.
    pub fn remove(&mut self, key: &ObjectKey) -> Option<Object> {
        let ObjectKey { kind, namespace, name } = key;
        let sought = Sought::new(*kind, namespace, name);
        let old = self.objects.remove(sought.hash, self.place(&sought)?).map(|stored| stored.object);
        let kept = match self.by_kind.get_mut(kind.index()) {
            Some(kept) => kept,
            None => self.custom.get_mut(kind)?,
        };
        kept.get_mut(namespace)?.remove(name);
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
