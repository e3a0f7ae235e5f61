//! What the Endpoints controller remembers about a Service between syncs, so that a changed pod costs only its address.

use std::rc::Rc;

use crate::endpoint_slice::memory::Triggers;
use api::object::endpoints::Addresses;
use api::object::network::{Endpoint, EndpointPort};
use api::object::pod::READY;
use api::object::{Labels, Name, ObjectKey, Pod, Uid};
use base::sorted::{SortedMap, SortedSet};

/// What is remembered of one Service, by the name that its Endpoints have, too.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    /// The Service's uid and revision at the last sync.
    pub(super) seen: Option<(Uid, u64)>,
    pub(super) triggers: Triggers,
    /// The pods that changed since the last sync.
    pub(super) changed: SortedSet<Name>,
    /// Each pod's address and its ports.
    pub(super) places: SortedMap<Name, (Rc<Endpoint>, Rc<[EndpointPort]>)>,
    pub(super) addresses: Rc<Addresses>,
    pub(super) labels: Labels,
}

/// What the controller remembers of every Service.
#[derive(Clone, Debug, Default)]
pub struct Memories {
    services: SortedMap<Name, SortedMap<Name, Memory>>,
}

impl Memories {
    pub(super) fn of(&mut self, key: &ObjectKey) -> &mut Memory {
        let within = self.services.entry(Rc::clone(&key.namespace)).or_default();
        within.entry(Rc::clone(&key.name)).or_insert_with(|| Memory {
            seen: None,
            triggers: Triggers::default(),
            changed: SortedSet::new(),
            places: SortedMap::new(),
            addresses: Rc::new(Addresses::none(&key.namespace)),
            labels: Labels::default(),
        })
    }

    /// Takes in that a pod of the Service with these Endpoints has to be looked at, and returns whether anything can come of it: not if it
    /// is new and has neither an address nor a condition that dates it. Upstream looks at the Service then, too, and finds nothing to do.
    pub fn notes(&mut self, key: &ObjectKey, name: &Name, pod: Option<&Pod>) -> bool {
        let memory = self.of(key);
        memory.changed.insert(Rc::clone(name));
        let is_bare = pod.is_some_and(|pod| pod.status.ip.is_none() && pod.condition(READY).is_none());
        !is_bare || memory.places.contains_key(name) || memory.addresses.overflow()
    }

    pub(super) fn forgets(&mut self, key: &ObjectKey) {
        if let Some(within) = self.services.get_mut(&key.namespace) {
            within.remove(&key.name);
        }
    }
}

impl Memory {
    /// Brings a pod's address up to date.
    pub(super) fn place(&mut self, name: &Name, wanted: Option<(Endpoint, Vec<EndpointPort>)>) {
        let old = self.places.get(name);
        let same = |(endpoint, ports): &(Endpoint, Vec<EndpointPort>)| old.is_some_and(|old| *old.0 == *endpoint && *old.1 == **ports);
        if wanted.as_ref().map_or(old.is_none(), same) {
            return;
        }
        let addresses = Rc::make_mut(&mut self.addresses);
        if let Some((endpoint, ports)) = self.places.remove(name) {
            addresses.remove(&endpoint, &ports);
        }
        if let Some((endpoint, ports)) = wanted {
            let endpoint = Rc::new(endpoint);
            let ports = addresses.add(&endpoint, ports);
            self.places.insert(Rc::clone(name), (endpoint, ports));
        }
    }
}
