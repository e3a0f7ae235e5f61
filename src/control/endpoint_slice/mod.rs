//! The EndpointSlice controller: keeps the slices of a Service in step with the pods it selects.
//!
//! Reads a Service, the pods named as changed (all that the Service selects, after it or a slice was changed by somebody else),
//! their nodes, and its [`Memory`] of the slices; decides which slices to create, update and delete. A pod's change costs its
//! slice, not all pods. No timers: a pod whose node is unknown is looked at again when the caller says so.
//! Models pkg/controller/endpointslice/endpointslice_controller.go syncService and k8s.io/endpointslice reconciler.go.
//!
//! Promises: the same memory, view and changes give the same plan; a slice holds at most [`MOST_ENDPOINTS`]; nothing is written
//! where nothing changed; the slices of a Service without selector are left alone.
//! Must not know: how requests are sent, names that the server generates, time.
//! Not modelled: IPv6 and dual stack, zones and topology hints, `appProtocol`. Where upstream takes endpoints in the random order of a Go
//! map, here they are taken in the order of their pods' names.

pub mod endpoint;
pub mod legacy;
mod memory;

use crate::base::sort::Sort;
use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::network::{Endpoint, EndpointPort, SERVICE_NAME};
use crate::api::object::{EndpointSlice, Labels, Meta, Name, Object, ObjectKey, OwnerRef, Pod, Service};
use crate::base::time::Time;
use crate::server::tables::Tables;
pub use endpoint::{Concern, concern};
pub use memory::Memory;

/// The most endpoints of a slice. kube-controller-manager --max-endpoints-per-slice.
pub const MOST_ENDPOINTS: usize = 100;
/// The label of a slice that names its controller, and this controller's value.
const MANAGED_BY: (&str, &str) = ("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
/// The label of a slice whose Service has no address of its own.
const HEADLESS: &str = "service.kubernetes.io/headless";
/// The annotation that says when the change happened that a slice follows.
const LAST_CHANGE: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// What to write, in order, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The writes: creations, then updates, then deletions.
    pub writes: Vec<SliceWrite>,
    /// What it comes to.
    pub reason: PlanReason,
    /// Pods left out because their node is unknown; upstream looks again after a while that doubles each time.
    pub without_node: Vec<Name>,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanReason {
    /// Slices have to be written.
    Writes,
    /// The slices are as they should be.
    UpToDate,
    /// The Service has no selector: its slices are somebody else's business.
    NoSelector,
    /// The Service is another name for something outside.
    ExternalName,
}

/// One write of a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SliceWrite {
    /// What is written.
    pub action: SliceAction,
    /// Why.
    pub reason: SliceReason,
}

/// What is done with a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SliceAction {
    /// It is made; the server makes up its name from `generateName`.
    Create(EndpointSlice),
    /// It is replaced, if it is still as it was seen or written last.
    Update(EndpointSlice),
    /// It is removed; that it is gone already is no error.
    Delete(ObjectKey),
}

/// Why a slice is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SliceReason {
    /// Its pods changed.
    Endpoints(EndpointChanges),
    /// The Service's labels changed.
    Labels,
    /// The Service has no endpoint, and an empty slice says so.
    NothingBehind,
    /// It has no endpoint left, and others have.
    Empty,
    /// It belongs to an earlier Service of that name.
    NotOwned,
}

/// Pods whose endpoints come, change or go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointChanges {
    /// Pods that come.
    pub added: Vec<Name>,
    /// Pods whose endpoint changes.
    pub changed: Vec<Name>,
    /// Pods that go.
    pub removed: Vec<Name>,
}

/// Decides what to write for a Service of which these pods changed. What is written has to be given to [`Memory::observe`]
/// before the next plan; pods whose write failed have to be named again.
pub fn plan(view: &Tables, service: &Service, changed: &SortedSet<Name>, memory: &mut Memory) -> Plan {
    let leave_alone = |reason| Plan { writes: Vec::new(), reason, without_node: Vec::new() };
    if service.is_external_name() {
        return leave_alone(PlanReason::ExternalName);
    }
    if service.selector.is_empty() {
        return leave_alone(PlanReason::NoSelector);
    }
    let namespace = &service.meta.namespace;
    let everything = memory.start_over(service);
    let pods: Vec<(Name, Option<&Pod>)> = if everything {
        let all = view.within(Kind::Pod, namespace).filter_map(Object::as_pod).filter(|p| service.selects(&p.meta));
        all.map(|p| (Rc::clone(&p.meta.name), Some(&**p))).collect()
    } else {
        let found = |name: &Name| view.pod(namespace, name).map(|p| &**p).filter(|p| service.selects(&p.meta));
        changed.iter().map(|name| (Rc::clone(name), found(name))).collect()
    };
    let trigger = memory.trigger(service, &pods, everything);
    let mut without_node = Vec::new();
    let mut desired = Desired { everything, pods: SortedMap::new() };
    for (name, pod) in pods {
        let wanted = pod.and_then(|p| wanted(view, service, p, &mut without_node));
        desired.pods.insert(name, wanted);
    }
    let writes = reconcile(service, memory, desired, trigger);
    let reason = if writes.is_empty() { PlanReason::UpToDate } else { PlanReason::Writes };
    Plan { writes, reason, without_node }
}

/// What a pod should be in the slices: its endpoint and the ports it has.
fn wanted(view: &Tables, service: &Service, pod: &Pod, without_node: &mut Vec<Name>) -> Option<Wanted> {
    let endpoint = Rc::new(endpoint::endpoint(service, pod)?);
    let has_node = view.node("", pod.node.as_deref().unwrap_or_default()).is_some();
    if !has_node && !service.publish_not_ready {
        without_node.push(Rc::clone(&pod.meta.name));
        return None;
    }
    Some(Wanted { endpoint, ports: endpoint::ports(service, pod) })
}

/// What one pod should be in the slices.
#[derive(Clone, Debug)]
struct Wanted {
    endpoint: Rc<Endpoint>,
    ports: Vec<EndpointPort>,
}

/// What the changed pods should be in the slices. What is taken out has found its place.
struct Desired {
    /// Pods that are not named should not be there.
    everything: bool,
    pods: SortedMap<Name, Option<Wanted>>,
}

impl Desired {
    /// Whether nothing is asked for: whatever is in the slices may stay.
    fn is_nothing(&self) -> bool {
        !self.everything && self.pods.is_empty()
    }
}

/// Ports in an order that does not depend on how they were written. Models util NewPortMapKey.
fn port_key(ports: &[EndpointPort]) -> Vec<EndpointPort> {
    let mut key = ports.to_vec();
    key.put_in_order();
    key
}

/// The slices of one set of ports while they are put together.
#[derive(Clone, Debug, Default)]
struct Group {
    /// Slices that changed.
    updated: Vec<(EndpointSlice, SliceReason)>,
    /// Slices that did not change, and may take more.
    unchanged: Vec<Rc<EndpointSlice>>,
    /// Slices whose endpoints all went.
    emptied: Vec<Rc<EndpointSlice>>,
    /// New slices.
    created: Vec<(EndpointSlice, SliceReason)>,
}

/// Models reconcileByAddressType and finalize.
fn reconcile(service: &Service, memory: &mut Memory, mut desired: Desired, trigger: Option<Time>) -> Vec<SliceWrite> {
    let labels = memory.labels(service);
    let owned = |slice: &EndpointSlice| slice.meta.owners.iter().any(|o| o.uid == service.meta.uid && o.kind == Some(Kind::Service));
    // Each write of a slice is seen again a moment later, and then nothing is left to be done.
    let settled = |slice: &Rc<EndpointSlice>| owned(slice) && !slice.endpoints.is_empty() && slice.meta.labels == labels;
    if desired.is_nothing() && memory.slices().next().is_some() && memory.slices().all(settled) {
        return Vec::new();
    }
    let touched: SortedSet<&Name> = desired.pods.keys().filter_map(|pod| memory.place(pod)).collect();
    let mut foreign: Vec<Rc<EndpointSlice>> = Vec::new();
    let mut groups: SortedMap<Vec<EndpointPort>, Group> = SortedMap::new();
    let mut key = Vec::new();
    let mut with_key: Option<&EndpointSlice> = None;
    for slice in memory.slices() {
        if !owned(slice) {
            foreign.push(Rc::clone(slice));
            continue;
        }
        // Nearly always all have the same ports.
        if with_key.is_none_or(|other| other.ports != slice.ports) {
            key = port_key(&slice.ports);
            groups.entry(key.clone()).or_default();
        }
        with_key = Some(slice);
        let touched = desired.everything || touched.contains(&slice.meta.name);
        if let Some(group) = groups.get_mut(&key) {
            group.sort_in(slice, &key, touched, &mut desired, &labels);
        }
    }
    let mut left: SortedMap<Vec<EndpointPort>, Vec<Wanted>> = SortedMap::new();
    for wanted in desired.pods.into_values().flatten() {
        left.entry(port_key(&wanted.ports)).or_default().push(wanted);
    }
    for (key, wanted) in left {
        groups.entry(key).or_default().place(service, wanted, &labels);
    }
    finalize(service, groups, foreign, &labels, trigger)
}

impl Group {
    /// Takes a slice apart and puts it to the others. Models step 1 of reconcileByPortMapping.
    fn sort_in(&mut self, slice: &Rc<EndpointSlice>, key: &[EndpointPort], touched: bool, desired: &mut Desired, labels: &Labels) {
        let relabelled = slice.meta.labels != *labels;
        if slice.endpoints.is_empty() || !(touched || relabelled) {
            self.unchanged.push(Rc::clone(slice));
            return;
        }
        let mut changes = EndpointChanges::default();
        let endpoints = kept(slice, key, desired, &mut changes);
        if endpoints.is_empty() {
            self.emptied.push(Rc::clone(slice));
        } else if relabelled || changes != EndpointChanges::default() {
            let reason = if changes == EndpointChanges::default() { SliceReason::Labels } else { SliceReason::Endpoints(changes) };
            self.updated.push((remade(slice, endpoints, labels), reason));
        } else {
            self.unchanged.push(Rc::clone(slice));
        }
    }

    /// Finds a place for new endpoints: in slices that are written anyway, the fullest first; then, if they all fit, in the
    /// one that they fill best; then in new ones. Models steps 2 and 3 of reconcileByPortMapping and getSliceToFill.
    fn place(&mut self, service: &Service, wanted: Vec<Wanted>, labels: &Labels) {
        let ports = wanted.first().map(|w| w.ports.clone()).unwrap_or_default();
        let mut waiting = wanted.into_iter().map(|w| w.endpoint).peekable();
        self.updated.put_in_order_of(|(slice, _)| std::cmp::Reverse(slice.endpoints.len()));
        for (slice, reason) in &mut self.updated {
            fill(slice, reason, &mut waiting);
        }
        while waiting.peek().is_some() {
            let room = |s: &EndpointSlice| MOST_ENDPOINTS.checked_sub(s.endpoints.len() + waiting.len());
            let best = self.unchanged.iter().enumerate().filter_map(|(i, s)| Some((room(s)?, i))).min();
            let mut reason = SliceReason::Endpoints(EndpointChanges::default());
            if let Some((_, i)) = best.filter(|_| waiting.len() < MOST_ENDPOINTS) {
                let slice = self.unchanged.remove(i);
                let mut slice = remade(&slice, slice.endpoints.clone(), labels);
                fill(&mut slice, &mut reason, &mut waiting);
                self.updated.push((slice, reason));
            } else {
                let mut slice = new_slice(service, ports.clone(), labels);
                fill(&mut slice, &mut reason, &mut waiting);
                self.created.push((slice, reason));
            }
        }
    }
}

/// The endpoints of a slice that stay, as they should be now. A pod that is found is taken out of what is desired.
fn kept(slice: &EndpointSlice, key: &[EndpointPort], desired: &mut Desired, changes: &mut EndpointChanges) -> Vec<Rc<Endpoint>> {
    let mut endpoints = Vec::with_capacity(slice.endpoints.len());
    for old in &slice.endpoints {
        if !desired.everything && !desired.pods.contains_key(&old.pod) {
            endpoints.push(Rc::clone(old));
            continue;
        }
        let place = desired.pods.get_mut(&old.pod);
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

/// A slice with other endpoints and labels.
fn remade(slice: &EndpointSlice, endpoints: Vec<Rc<Endpoint>>, labels: &Labels) -> EndpointSlice {
    let meta = Meta { labels: Rc::clone(labels), ..slice.meta.clone() };
    EndpointSlice { meta, service: Rc::clone(&slice.service), ports: slice.ports.clone(), endpoints }
}

/// Adds endpoints as long as there is room, and says so in the reason.
fn fill(slice: &mut EndpointSlice, reason: &mut SliceReason, waiting: &mut dyn Iterator<Item = Rc<Endpoint>>) {
    let mut changes = if let SliceReason::Endpoints(changes) = reason { std::mem::take(changes) } else { EndpointChanges::default() };
    let room = MOST_ENDPOINTS.saturating_sub(slice.endpoints.len());
    for endpoint in waiting.take(room) {
        changes.added.push(Rc::clone(&endpoint.pod));
        slice.endpoints.push(endpoint);
    }
    if changes != EndpointChanges::default() {
        *reason = SliceReason::Endpoints(changes);
    }
}

/// Puts the writes together: an empty slice where there would be none, and a slice that would go takes the place of one that
/// would be made. Models the end of reconcileByAddressType, and finalize.
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
        stays += full.len() + group.updated.len();
        spare.extend(group.emptied.into_iter().chain(empty));
        created.extend(group.created);
        updated.extend(group.updated);
    }
    if stays == 0 && created.is_empty() {
        let is_placeholder = |s: &Rc<EndpointSlice>| s.ports.is_empty() && s.endpoints.is_empty() && s.meta.labels == *labels;
        if foreign.is_empty() && spare.len() == 1 && spare.iter().all(is_placeholder) {
            return Vec::new();
        }
        created.push((new_slice(service, Vec::new(), labels), SliceReason::NothingBehind));
    }
    let mut deleted: Vec<(Rc<EndpointSlice>, SliceReason)> = Vec::new();
    for slice in spare {
        match created.pop() {
            Some((mut new, reason)) => {
                let Meta { name, uid, revision, generation, created, .. } = slice.meta.clone();
                new.meta = Meta { name, uid, revision, generation, created, ..new.meta };
                updated.push((new, with_removed(reason, &slice)));
            }
            None => deleted.push((slice, SliceReason::Empty)),
        }
    }
    deleted.extend(foreign.into_iter().map(|slice| (slice, SliceReason::NotOwned)));
    if service.meta.terminating() {
        created.clear();
    }
    let triggered = |(mut slice, reason): (EndpointSlice, SliceReason)| {
        annotate(&mut slice.meta, trigger);
        (slice, reason)
    };
    let created = created.into_iter().map(triggered).map(|(slice, reason)| SliceWrite { action: SliceAction::Create(slice), reason });
    let updated = updated.into_iter().map(triggered).map(|(slice, reason)| SliceWrite { action: SliceAction::Update(slice), reason });
    let deleted = deleted.into_iter().map(|(slice, reason)| SliceWrite { action: SliceAction::Delete(slice.key()), reason });
    created.chain(updated).chain(deleted).collect()
}

/// The reason for putting something else into a slice: what was in it goes.
fn with_removed(reason: SliceReason, old: &EndpointSlice) -> SliceReason {
    let removed: Vec<Name> = old.endpoints.iter().map(|e| Rc::clone(&e.pod)).collect();
    match reason {
        SliceReason::Endpoints(changes) => SliceReason::Endpoints(EndpointChanges { removed, ..changes }),
        SliceReason::NothingBehind if !removed.is_empty() => {
            SliceReason::Endpoints(EndpointChanges { removed, ..EndpointChanges::default() })
        }
        other => other,
    }
}

/// Models newEndpointSlice.
fn new_slice(service: &Service, ports: Vec<EndpointPort>, labels: &Labels) -> EndpointSlice {
    let meta = Meta {
        namespace: Rc::clone(&service.meta.namespace),
        generate_name: Some(format!("{}-", service.meta.name).into()),
        labels: Rc::clone(labels),
        owners: vec![OwnerRef::controller(Kind::Service, &service.meta)],
        ..Meta::default()
    };
    EndpointSlice { meta, service: Rc::clone(&service.meta.name), ports, endpoints: Vec::new() }
}

/// The labels of a Service's slices: the Service's, and the controller's own. Models setEndpointSliceLabels.
fn labels(service: &Service) -> Labels {
    let mut labels = SortedMap::clone(&service.meta.labels);
    labels.remove(HEADLESS);
    if service.cluster_ip.is_empty() || service.headless() {
        labels.insert(HEADLESS.into(), Name::default());
    }
    labels.insert(SERVICE_NAME.into(), Rc::clone(&service.meta.name));
    labels.insert(MANAGED_BY.0.into(), MANAGED_BY.1.into());
    Rc::new(labels)
}

/// Whether a slice is this controller's: only such slices are its [`Memory`]'s business. Models ManagedByController.
pub fn manages(slice: &EndpointSlice) -> bool {
    slice.meta.label(MANAGED_BY.0).is_some_and(|by| **by == *MANAGED_BY.1)
}

/// Models addTriggerTimeAnnotation.
fn annotate(meta: &mut Meta, trigger: Option<Time>) {
    let mut annotations = SortedMap::clone(&meta.annotations);
    match trigger {
        Some(time) => annotations.insert(LAST_CHANGE.into(), time.rfc3339().into()),
        None => annotations.remove(LAST_CHANGE),
    };
    meta.annotations = Rc::new(annotations);
}
