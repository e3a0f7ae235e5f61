//! The Endpoints controller: keeps the Endpoints of a Service in step with the pods it selects.
//!
//! Reads a Service, the changed pods (all selected ones, if the Service changed), its Endpoints and its memory of the addresses. A changed
//! pod costs only its address. Unlike in slices, a terminating pod has none, unless the Service publishes what is not ready.
//! Models pkg/controller/endpoint/endpoints_controller.go syncService.
//!
//! Promises: nothing is written if nothing changed; the Endpoints of a Service without a selector are left alone.
//! Must not know: how requests are sent, time.
//! Not modelled: of pods that listen on different ports, those with several addresses in one object count once towards the most that it
//! may hold.

pub(crate) mod memory;

use std::rc::Rc;

pub use memory::Memories;
use memory::Memory;

use crate::endpoint_slice::labels::{HEADLESS, annotate};
use crate::endpoint_slice::{endpoint, pods};
use crate::plan::{OnError, PendingEvent, Plan, Step};
use crate::registration::{OwnWrites, Registration, Watch, own_key};
use crate::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::endpoints::{Addresses, Subsets};
use api::object::event::EventType;
use api::object::network::{Endpoint, EndpointPort};
use api::object::{Endpoints, Labels, Meta, Name, ObjectKey, Pod, Service};
use base::sorted::SortedMap;
use base::time::Time;
use server::request::Request;
use why::{Component, Decision, EndpointsUpkeep, Reason, Verdict};

/// The controller. What it watches of pods stands with [`endpoint_slice`](crate::endpoint_slice): both look at one Service after the other.
pub(crate) static ENDPOINTS: Registration = Registration {
    own_writes: OwnWrites::All(Kind::Endpoints),
    ..Registration::new(
        &[(Kind::Service, |watch| watch.enqueue(&endpoints_of(&watch.change.key))), (Kind::Endpoints, watch)],
        |view, key, memory| plan(view, key, &mut memory.endpoints),
    )
};
/// The component name in this controller's events, and its value of the label that names it.
const CONTROLLER: &str = "endpoint-controller";
/// The label that names the controller of Endpoints.
const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
/// The annotation of Endpoints that do not show all addresses, and its value.
const OVER_CAPACITY: (&str, &str) = ("endpoints.kubernetes.io/over-capacity", "truncated");

/// A pod's address and its ports; `None` if it has none. Models podToEndpointAddressForService and addEndpointSubset.
fn wanted(service: &Service, pod: &Pod) -> Option<(Endpoint, Vec<EndpointPort>)> {
    let published = service.spec.publish_not_ready;
    let found = endpoint::endpoint(service, pod, None).filter(|found| published || !found.terminating)?;
    let ports = endpoint::ports(service, pod);
    let listens = !ports.is_empty() || service.spec.ports.is_empty() && service.headless();
    let ready = published || found.serving;
    listens.then_some((Endpoint { ready, serving: ready, terminating: false, ..found }, ports))
}

pub(super) fn endpoints_of(service: &ObjectKey) -> ObjectKey {
    ObjectKey::new(Kind::Endpoints, &service.namespace, &service.name)
}

/// Queues Endpoints that are gone, to be made anew.
fn watch(watch: &mut Watch) {
    if watch.change.after.is_none() {
        own_key(watch);
    }
}

/// Plans one sync of Endpoints.
pub fn plan(view: View, key: &ObjectKey, memories: &mut Memories) -> Plan {
    let tables = &view.cache.tables;
    let decided = |verdict, upkeep| Decision::new(Component::Endpoints, key.clone(), verdict, Reason::Endpoints(upkeep));
    let Some(service) = tables.service(&key.namespace, &key.name) else {
        memories.forgets(key);
        if tables.get(key).is_none() && view.live.get(key).is_none() {
            return Plan::default();
        }
        let mut plan = Plan::nothing(decided(Verdict::Acts, EndpointsUpkeep::GoWithService));
        plan.then(Step::new(Request::Delete(key.clone(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound));
        return plan;
    };
    if service.is_external_name() || service.spec.selector.is_empty() {
        return Plan::nothing(decided(Verdict::Done, EndpointsUpkeep::AreLeftAlone));
    }
    if let Some(plan) = view.stale(Component::Endpoints, key) {
        return plan;
    }
    let memory = memories.of(key);
    let now = Some((service.meta.uid, service.meta.revision));
    let everything = memory.seen != now;
    let pods = pods(tables, service, (!everything).then_some(&memory.changed));
    memory.changed.clear();
    if everything {
        memory.seen = now;
        memory.labels = labels(service, tables.endpoints(&key.namespace, &key.name));
        (memory.places, memory.addresses) = (SortedMap::new(), Rc::new(Addresses::none(&key.namespace)));
    }
    let trigger = memory.triggers.compute(service, &pods, everything);
    for (name, pod) in &pods {
        memory.place(name, pod.and_then(|pod| wanted(service, pod)));
    }
    let current = tables.endpoints(&key.namespace, &key.name);
    if current.is_some_and(|current| is_current(current, service, &memory.addresses)) {
        return Plan::nothing(decided(Verdict::Done, EndpointsUpkeep::AreCurrent));
    }
    let leaving = || tables.find(Kind::Namespace, "", &key.namespace).is_some_and(|n| n.meta().terminating());
    let mut plan = Plan::nothing(decided(Verdict::Acts, EndpointsUpkeep::FollowPods));
    // A terminating namespace accepts no new objects; upstream gives up silently.
    if current.is_some() || !leaving() {
        plan.then(write(key, current.map(|current| &**current), memory, trigger));
    }
    plan
}

/// Whether Endpoints need no write. Models the comparison in syncService: labelsCorrectForEndpoints, capacityAnnotationSetCorrectly.
fn is_current(current: &Endpoints, service: &Service, wanted: &Rc<Addresses>) -> bool {
    let own = |key: &str| matches!(key, HEADLESS | MANAGED_BY);
    let labels = &current.meta.labels;
    let of_service = labels.iter().filter(|(key, _)| !own(key));
    let labelled = labels.get(MANAGED_BY).is_some_and(|by| **by == *CONTROLLER)
        && service.meta.labels.len() == of_service.clone().count()
        && of_service.clone().all(|(key, value)| service.meta.label(key) == Some(value));
    labelled && current.meta.annotation(OVER_CAPACITY.0).is_none() && current.subsets == Subsets::Kept(Rc::clone(wanted))
}

/// The step that writes Endpoints, and what is said if it fails.
fn write(key: &ObjectKey, current: Option<&Endpoints>, memory: &Memory, trigger: Option<Time>) -> Step {
    let fresh = || Meta { namespace: Rc::clone(&key.namespace), name: Rc::clone(&key.name), ..Meta::default() };
    let mut meta = current.map_or_else(fresh, |current| current.meta.clone());
    meta.labels = Rc::clone(&memory.labels);
    annotate(&mut meta, trigger);
    if memory.addresses.overflow() {
        Rc::make_mut(&mut meta.annotations).insert(OVER_CAPACITY.0.into(), OVER_CAPACITY.1.into());
    } else if meta.annotation(OVER_CAPACITY.0).is_some() {
        Rc::make_mut(&mut meta.annotations).remove(OVER_CAPACITY.0);
    }
    let (reason, failed) = match current {
        None => ("FailedToCreateEndpoint", "Failed to create endpoint for service "),
        Some(_) => ("FailedToUpdateEndpoint", "Failed to update endpoint "),
    };
    let message = [failed, &key.namespace, "/", &key.name, ": "].concat();
    let complaint = PendingEvent::of(key.clone(), &meta, CONTROLLER, EventType::Warning, reason, message);
    let object = Endpoints { meta, subsets: Subsets::Kept(Rc::clone(&memory.addresses)) }.into();
    Step::new(if current.is_none() { Request::Create(object) } else { Request::Update(object) }).reports_every_failure(complaint)
}

/// The labels of a Service's Endpoints: the Service's, and the controller's own; those that they have, where these are the same.
fn labels(service: &Service, current: Option<&Rc<Endpoints>>) -> Labels {
    let mut labels = SortedMap::clone(&service.meta.labels);
    labels.remove(HEADLESS);
    if service.spec.cluster_ip.is_empty() || service.headless() {
        labels.insert(HEADLESS.into(), Name::default());
    }
    labels.insert(MANAGED_BY.into(), CONTROLLER.into());
    current.map(|current| &current.meta.labels).filter(|there| ***there == labels).cloned().unwrap_or_else(|| Rc::new(labels))
}
