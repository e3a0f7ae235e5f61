//! The EndpointSlice controller: keeps the slices of a Service in step with the pods it selects.
//!
//! Reads a Service, the changed pods (all selected ones, if the Service changed or somebody else changed a slice), their nodes, and
//! its [`Memory`] of the slices; decides which slices to create, update and delete. A changed pod costs only its slice, not a walk over
//! all pods. No timers: the caller decides when to retry a pod whose node is unknown.
//! Models pkg/controller/endpointslice/endpointslice_controller.go syncService and k8s.io/endpointslice reconciler.go.
//!
//! Promises: the same memory, view and changes give the same plan; a slice holds at most [`MAX_ENDPOINTS`]; nothing is written
//! if nothing changed; the slices of a Service without a selector are left alone.
//! Must not know: how requests are sent, names that the server generates, time.
//! Not modelled: IPv6 and dual stack, topology hints. Where upstream processes endpoints in the random order of
//! a Go map, here they are sorted by pod name.

pub mod endpoint;
pub(crate) mod labels;
pub(crate) mod memory;
mod sync;

use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use api::kind::Kind;
use api::object::network::{Endpoint, EndpointPort};
use api::object::{EndpointSlice, Labels, Meta, Name, Object, ObjectKey, OwnerRef, Pod, Service};
use base::time::Time;
pub use endpoint::{Concern, concern};
use labels::annotate;
pub use labels::manages;
pub use memory::Memory;
use server::tables::Tables;
pub use sync::CONTROLLER;
use why::{EndpointChanges, Slices};

/// The maximum number of endpoints in a slice. kube-controller-manager --max-endpoints-per-slice.
pub const MAX_ENDPOINTS: usize = 100;

/// What a Service's slices lack: the writes, in order, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The writes: creations, then updates, then deletions.
    pub writes: Vec<SliceWrite>,
    /// Why these, or why none.
    pub because: Slices,
    /// Pods left out because their node, the second name, is unknown; to be passed again.
    pub without_node: Vec<(Name, Name)>,
}

/// A write of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SliceWrite {
    /// Creates it; the server generates its name from `generateName`.
    Create(EndpointSlice),
    /// Updates it, if it still is as last seen or written.
    Update(EndpointSlice),
    /// Deletes it; it is no error if it is already gone.
    Delete(ObjectKey),
}

/// The writes that a Service needs, given its changed pods. The results of the writes must be passed to [`Memory::observe`]
/// before the next look; pods whose write failed must be passed again.
pub fn difference(view: &Tables, service: &Service, changed: &SortedSet<Name>, memory: &mut Memory) -> Difference {
    let leave_alone = |because| Difference { writes: Vec::new(), because, without_node: Vec::new() };
    if service.is_external_name() {
        return leave_alone(Slices::AreNotNeeded);
    }
    if service.spec.selector.is_empty() {
        return leave_alone(Slices::AreLeftToOthers);
    }
    let everything = memory.start_over(service);
    let pods = pods(view, service, (!everything).then_some(changed));
    let trigger = memory.triggers.compute(service, &pods, everything);
    let mut without_node = Vec::new();
    let pods = pods.into_iter().map(|(name, pod)| (name, pod.and_then(|p| wanted(view, service, p, &mut without_node)))).collect();
    let desired = Desired { everything, pods };
    let (writes, endpoints) = reconcile(service, memory, desired, trigger);
    let because = match (writes.is_empty(), endpoints.is_nothing()) {
        (true, _) => Slices::AreCurrent,
        (false, true) => Slices::FollowService,
        (false, false) => Slices::FollowPods(endpoints),
    };
    Difference { writes, because, without_node }
}

/// The pods that a Service selects, or of these names those that it does.
pub fn pods<'a>(view: &'a Tables, service: &Service, names: Option<&SortedSet<Name>>) -> Vec<(Name, Option<&'a Pod>)> {
    let namespace = &service.meta.namespace;
    let Some(names) = names else {
        let all = view.within(Kind::Pod, namespace).filter_map(Object::as_pod).filter(|p| service.selects(&p.meta));
        return all.map(|p| (Rc::clone(&p.meta.name), Some(&**p))).collect();
    };
    let found = |name: &Name| view.pod(namespace, name).map(|p| &**p).filter(|p| service.selects(&p.meta));
    names.iter().map(|name| (Rc::clone(name), found(name))).collect()
}

/// The wanted state of a pod in the slices: its endpoint and ports.
fn wanted(view: &Tables, service: &Service, pod: &Pod, without_node: &mut Vec<(Name, Name)>) -> Option<Wanted> {
    let name = pod.node.as_deref().unwrap_or_default();
    let node = view.node("", name);
    let endpoint = Rc::new(endpoint::endpoint(service, pod, node.map(|node| &**node))?);
    if node.is_none() && !service.spec.publish_not_ready {
        without_node.push((Rc::clone(&pod.meta.name), name.into()));
        return None;
    }
    Some(Wanted { endpoint, ports: endpoint::ports(service, pod) })
}

/// The wanted state of one pod in the slices.
#[derive(Clone, Debug)]
struct Wanted {
    endpoint: Rc<Endpoint>,
    ports: Vec<EndpointPort>,
}

/// The wanted states of the changed pods. Those already placed have been removed.
struct Desired {
    /// Whether pods that are not listed should be removed from the slices.
    everything: bool,
    /// In the order of their names.
    pods: Vec<(Name, Option<Wanted>)>,
}

impl Desired {
    /// Whether nothing is to be changed.
    fn is_nothing(&self) -> bool {
        !self.everything && self.pods.is_empty()
    }

    /// What is wanted of a pod, where it is among the changed ones.
    fn of(&mut self, pod: &Name) -> Option<&mut Option<Wanted>> {
        let at = self.pods.binary_search_by(|(name, _)| name.cmp(pod)).ok()?;
        Some(&mut self.pods[at].1)
    }
}

/// Ports in canonical order. Models util NewPortMapKey.
fn port_key(ports: &[EndpointPort]) -> Vec<EndpointPort> {
    let mut key = ports.to_vec();
    key.sort_small();
    key
}

/// The slices for one set of ports during reconciliation.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Slices that changed.
    updated: Vec<EndpointSlice>,
    /// Unchanged slices, which may have room for more.
    unchanged: Vec<Rc<EndpointSlice>>,
    /// How many unchanged slices have none.
    full: usize,
    /// Slices that lost all of their endpoints.
    emptied: Vec<Rc<EndpointSlice>>,
    /// New slices.
    created: Vec<EndpointSlice>,
}

/// The writes, and what they change about endpoints. Models reconcileByAddressType and finalize.
fn reconcile(service: &Service, memory: &mut Memory, mut desired: Desired, trigger: Option<Time>) -> (Vec<SliceWrite>, EndpointChanges) {
    let mut changes = EndpointChanges::default();
    let labels = memory.labels(service);
    let owned = |slice: &EndpointSlice| slice.meta.owners.iter().any(|o| o.uid == service.meta.uid && o.kind == Some(Kind::Service));
    // Each write of a slice is observed a moment later, and then there is nothing left to do.
    let settled = |slice: &Rc<EndpointSlice>| owned(slice) && !slice.endpoints.is_empty() && slice.meta.labels == labels;
    if desired.is_nothing() && memory.slices().next().is_some() && memory.slices().all(settled) {
        return (Vec::new(), changes);
    }
    let mut touched: Vec<&Name> = desired.pods.iter().filter_map(|(pod, _)| memory.place(pod)).collect();
    touched.sort_small();
    let mut touched = touched.into_iter().peekable();
    let mut foreign: Vec<Rc<EndpointSlice>> = Vec::new();
    let mut groups: SortedMap<Vec<EndpointPort>, Group> = SortedMap::new();
    let mut group: Option<(Vec<EndpointPort>, &EndpointSlice, &mut Group)> = None;
    for slice in memory.slices() {
        let mut is_touched = desired.everything;
        while touched.next_if(|name| **name <= slice.meta.name).is_some() {
            is_touched = true;
        }
        if !owned(slice) {
            foreign.push(Rc::clone(slice));
            continue;
        }
        // Nearly always all have the same ports.
        if group.as_ref().is_none_or(|(_, other, _)| other.ports != slice.ports) {
            let key = port_key(&slice.ports);
            group = Some((key.clone(), slice, groups.entry(key).or_default()));
        }
        if let Some((key, _, group)) = &mut group {
            group.sort_in(slice, (key, &labels), is_touched, &mut desired, &mut changes);
        }
    }
    let mut left: SortedMap<Vec<EndpointPort>, Vec<Wanted>> = SortedMap::new();
    for wanted in desired.pods.into_iter().filter_map(|(_, wanted)| wanted) {
        left.entry(port_key(&wanted.ports)).or_default().push(wanted);
    }
    for (key, wanted) in left {
        groups.entry(key).or_default().place(service, wanted, &labels, &mut changes);
    }
    (finalize(service, groups, foreign, &labels, trigger), changes.joined())
}

impl Group {
    /// Sorts a slice into the group by what happens to it. Models step 1 of reconcileByPortMapping.
    fn sort_in(
        &mut self,
        slice: &Rc<EndpointSlice>,
        (key, labels): (&[EndpointPort], &Labels),
        touched: bool,
        desired: &mut Desired,
        changes: &mut EndpointChanges,
    ) {
        let relabelled = slice.meta.labels != *labels;
        if slice.endpoints.len() >= MAX_ENDPOINTS && !(touched || relabelled) {
            self.full += 1;
            return;
        }
        if slice.endpoints.is_empty() || !(touched || relabelled) {
            self.unchanged.push(Rc::clone(slice));
            return;
        }
        let endpoints = kept(slice, key, desired, changes);
        if endpoints.is_empty() {
            self.emptied.push(Rc::clone(slice));
        } else if relabelled || endpoints != slice.endpoints {
            self.updated.push(remade(slice, endpoints, labels));
        } else {
            self.unchanged.push(Rc::clone(slice));
        }
    }

    /// Places new endpoints: in slices that are written anyway, the fullest first; then, if they all fit, in the unchanged
    /// slice that they fill best; then in new ones. Models steps 2 and 3 of reconcileByPortMapping and getSliceToFill.
    fn place(&mut self, service: &Service, wanted: Vec<Wanted>, labels: &Labels, changes: &mut EndpointChanges) {
        let ports = wanted.first().map(|w| w.ports.clone()).unwrap_or_default();
        changes.added.extend(wanted.iter().map(|w| Rc::clone(&w.endpoint.pod)));
        let mut waiting = wanted.into_iter().map(|w| w.endpoint).peekable();
        self.updated.sort_small_by_key(|slice| std::cmp::Reverse(slice.endpoints.len()));
        for slice in &mut self.updated {
            fill(slice, &mut waiting);
        }
        while waiting.peek().is_some() {
            let room = |s: &EndpointSlice| MAX_ENDPOINTS.checked_sub(s.endpoints.len() + waiting.len());
            let best = self.unchanged.iter().enumerate().filter_map(|(i, s)| Some((room(s)?, i))).min();
            if let Some((_, i)) = best.filter(|_| waiting.len() < MAX_ENDPOINTS) {
                let slice = self.unchanged.remove(i);
                let mut slice = remade(&slice, slice.endpoints.clone(), labels);
                fill(&mut slice, &mut waiting);
                self.updated.push(slice);
            } else {
                let mut slice = new_slice(service, ports.clone(), labels);
                fill(&mut slice, &mut waiting);
                self.created.push(slice);
            }
        }
    }
}

/// The endpoints of a slice that stay, updated. Pods found here are removed from what is desired.
fn kept(slice: &EndpointSlice, key: &[EndpointPort], desired: &mut Desired, changes: &mut EndpointChanges) -> Vec<Rc<Endpoint>> {
    let mut endpoints = Vec::with_capacity(slice.endpoints.len());
    for old in &slice.endpoints {
        let everything = desired.everything;
        let place = desired.of(&old.pod);
        if place.is_none() && !everything {
            endpoints.push(Rc::clone(old));
            continue;
        }
        let here = |w: &mut Wanted| {
            let new = &w.endpoint;
            new.ip == old.ip && new.hostname == old.hostname && port_key(&w.ports) == key
        };
        match place.and_then(|w| w.take_if(here)) {
            Some(new) => {
                if new.endpoint != *old {
                    changes.changed.push(Rc::clone(&old.pod));
                }
                endpoints.push(new.endpoint);
            }
            None => changes.removed.push(Rc::clone(&old.pod)),
        }
    }
    endpoints
}

/// A slice with its endpoints and labels replaced.
fn remade(slice: &EndpointSlice, endpoints: Vec<Rc<Endpoint>>, labels: &Labels) -> EndpointSlice {
    let meta = Meta { labels: Rc::clone(labels), ..slice.meta.clone() };
    EndpointSlice { meta, service: Rc::clone(&slice.service), ports: slice.ports.clone(), endpoints, written: None }
}

/// Adds endpoints while there is room.
fn fill(slice: &mut EndpointSlice, waiting: &mut dyn Iterator<Item = Rc<Endpoint>>) {
    let room = MAX_ENDPOINTS.saturating_sub(slice.endpoints.len());
    slice.endpoints.extend(waiting.take(room));
}

/// Assembles the writes: adds an empty slice if there would be none, and reuses slices to be deleted for ones to be
/// created. Models the end of reconcileByAddressType, and finalize.
fn finalize(
    service: &Service,
    groups: SortedMap<Vec<EndpointPort>, Group>,
    foreign: Vec<Rc<EndpointSlice>>,
    labels: &Labels,
    trigger: Option<Time>,
) -> Vec<SliceWrite> {
    let (mut created, mut updated) = (Vec::new(), Vec::new());
    let mut spare: Vec<Rc<EndpointSlice>> = Vec::new();
    let mut stays = 0;
    for group in groups.into_values() {
        let (empty, full): (Vec<_>, Vec<_>) = group.unchanged.into_iter().partition(|s| s.endpoints.is_empty());
        stays += group.full + full.len() + group.updated.len();
        spare.extend(group.emptied.into_iter().chain(empty));
        created.extend(group.created);
        updated.extend(group.updated);
    }
    if stays == 0 && created.is_empty() {
        let is_placeholder = |s: &Rc<EndpointSlice>| s.ports.is_empty() && s.endpoints.is_empty() && s.meta.labels == *labels;
        if foreign.is_empty() && spare.len() == 1 && spare.iter().all(is_placeholder) {
            return Vec::new();
        }
        created.push(new_slice(service, Vec::new(), labels));
    }
    let mut deleted: Vec<Rc<EndpointSlice>> = Vec::new();
    for slice in spare {
        match created.pop() {
            Some(mut new) => {
                let Meta { name, uid, revision, generation, created, .. } = slice.meta.clone();
                new.meta = Meta { name, uid, revision, generation, created, ..new.meta };
                updated.push(new);
            }
            None => deleted.push(slice),
        }
    }
    deleted.extend(foreign);
    if service.meta.terminating() {
        created.clear();
    }
    for slice in created.iter_mut().chain(&mut updated) {
        annotate(&mut slice.meta, trigger);
    }
    let deleted = deleted.into_iter().map(|slice| SliceWrite::Delete(slice.key()));
    created.into_iter().map(SliceWrite::Create).chain(updated.into_iter().map(SliceWrite::Update)).chain(deleted).collect()
}

/// Models newEndpointSlice.
fn new_slice(service: &Service, ports: Vec<EndpointPort>, labels: &Labels) -> EndpointSlice {
    let meta = Meta {
        namespace: Rc::clone(&service.meta.namespace),
        generate_name: Some(format!("{}-", service.meta.name).into()),
        labels: Rc::clone(labels),
        owners: vec![OwnerRef::controller(Kind::Service, &service.meta)].into(),
        ..Meta::default()
    };
    EndpointSlice { meta, service: Rc::clone(&service.meta.name), ports, endpoints: Vec::new(), written: None }
}
