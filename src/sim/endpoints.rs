//! The EndpointSlice controller: which Services a change concerns, and the state it keeps about their slices.

use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use super::Sim;
use crate::api::client::DeleteOptions;
use crate::api::controller::Controller;
use crate::api::kind::Kind;
use crate::api::object::event::EventType;
use crate::api::object::{Name, Object, ObjectKey, Pod};
use crate::base::word::Word;
use crate::control::endpoint_slice::{self, Concern, Memory, SliceWrite};
use crate::control::plan::{OnError, Plan, Spoken, Step};
use crate::server::log::Change;
use crate::server::request::Request;
use crate::why::{Component, Decision, Reason, Verdict};

/// The component name in this controller's events.
const SOURCE: &str = "endpoint-slice-controller";

/// The controller's state for one Service.
#[derive(Clone, Debug, Default)]
struct Remembered {
    memory: Memory,
    changed: SortedSet<Name>,
}

/// The EndpointSlice controller's state.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    services: SortedMap<ObjectKey, Remembered>,
}

impl Endpoints {
    /// Records the object that one of the controller's writes returned.
    pub(super) fn wrote(&mut self, service: &ObjectKey, request: &Request, object: &Object) {
        let Some(remembered) = self.services.get_mut(service) else { return };
        match (request, object) {
            (Request::Delete(key, _), _) => remembered.memory.forget(&key.name, true),
            (_, Object::EndpointSlice(slice)) => remembered.memory.observe(slice, true),
            _ => false,
        };
    }
}

/// What is said of pods that are left out because their nodes are gone. Models reconciler.go reconcileByAddressType.
fn without_nodes(service: &ObjectKey, left_out: &[(Name, Name)]) -> Option<Word> {
    let of = |(pod, node): &(Name, Name)| {
        format!("skipping Pod {pod} for Service {}/{}: Node {node} Not Found", service.namespace, service.name)
    };
    match left_out {
        [] => None,
        [one] => Some(of(one).into()),
        many => Some(format!("[{}]", many.iter().map(of).collect::<Vec<_>>().join(", ")).into()),
    }
}

impl Sim {
    /// Wakes the EndpointSlice controller for the Services that a change concerns.
    pub(super) fn route_service(&mut self, change: &Change) {
        match change.object() {
            Some(Object::Service(_)) => {
                if change.after.is_none() {
                    self.endpoints.services.remove(&change.key);
                } else {
                    let slices = self.cache.tables.within(Kind::EndpointSlice, &change.key.namespace).filter_map(Object::as_slice);
                    // Slices that an earlier Service of this name was deleted without are there before it.
                    self.endpoints.services.entry(change.key.clone()).or_insert_with(|| {
                        let mut remembered = Remembered::default();
                        for slice in slices.filter(|slice| slice.service == change.key.name && endpoint_slice::manages(slice)) {
                            remembered.memory.observe(slice, false);
                        }
                        remembered
                    });
                    self.enqueue(Controller::EndpointSlice, &change.key);
                }
            }
            Some(Object::EndpointSlice(_)) => self.route_slice(change),
            Some(Object::Pod(_)) => {
                let [before, after] = change.sides(Object::as_pod);
                self.route_pod_to_services(before, after);
            }
            Some(Object::Node(node)) if change.after.is_none() => self.note_pods_without_node(&node.meta.name),
            _ => {}
        }
    }

    /// Wakes the controller for the Service of a slice, which may have been another's before. Slices that it does not manage are none of
    /// its business, and what it wrote itself is no news to it. Models onEndpointSliceUpdate and its like.
    fn route_slice(&mut self, change: &Change) {
        let [before, after] = change.sides(Object::as_slice).map(|slice| slice.filter(|slice| endpoint_slice::manages(slice)));
        for slice in before.into_iter().filter(|old| after.is_none_or(|new| new.service != old.service)).chain(after) {
            let service = ObjectKey::new(Kind::Service, &slice.meta.namespace, &slice.service);
            let Some(Remembered { memory, .. }) = self.endpoints.services.get_mut(&service) else { continue };
            let stays = after.is_some_and(|new| new.service == slice.service);
            let is_news = if stays { memory.observe(slice, false) } else { memory.forget(&slice.meta.name, false) };
            if is_news {
                self.enqueue(Controller::EndpointSlice, &service);
            }
        }
    }

    /// Nobody is told of a deleted node, but whoever looks again finds that its pods have none.
    fn note_pods_without_node(&mut self, node: &Name) {
        for pod in self.cache.pods_on(node) {
            let services = self.cache.tables.within(Kind::Service, &pod.meta.namespace).filter_map(Object::as_service);
            for service in services.filter(|service| service.selects(&pod.meta)) {
                if let Some(known) = self.endpoints.services.get_mut(&service.key()) {
                    known.changed.insert(Rc::clone(&pod.meta.name));
                }
            }
        }
    }

    fn route_pod_to_services(&mut self, before: Option<&Rc<Pod>>, after: Option<&Rc<Pod>>) {
        let Some(pod) = after.or(before) else { return };
        let concerned = |service: &Object| {
            let service = service.as_service()?;
            let concern = endpoint_slice::concern(service, before.map(|p| &**p), after.map(|p| &**p));
            (concern != Concern::Nothing).then(|| (service.key(), concern))
        };
        let services: Vec<(ObjectKey, Concern)> =
            self.cache.tables.within(Kind::Service, &pod.meta.namespace).filter_map(concerned).collect();
        for (key, concern) in services {
            let remembered = self.endpoints.services.entry(key.clone()).or_default();
            remembered.changed.insert(Rc::clone(&pod.meta.name));
            if concern == Concern::Noticed {
                self.enqueue(Controller::EndpointSlice, &key);
            }
        }
    }

    /// Plans one sync of a Service.
    pub(super) fn plan_endpoints(&mut self, key: &ObjectKey) -> Plan {
        let Some(service) = self.cache.tables.service(&key.namespace, &key.name) else { return Plan::default() };
        let remembered = self.endpoints.services.entry(key.clone()).or_default();
        let changed = std::mem::take(&mut remembered.changed);
        let decided = endpoint_slice::plan(&self.cache.tables, service, &changed, &mut remembered.memory);
        remembered.changed.extend(decided.without_node.iter().map(|(pod, _)| Rc::clone(pod)));
        let mut plan = Plan::default();
        // A terminating namespace accepts no new objects; upstream gives up silently.
        let leaving = self.cache.tables.find(Kind::Namespace, "", &key.namespace).is_some_and(|n| n.meta().terminating());
        let about = Spoken::of(key.clone(), &service.meta, SOURCE, EventType::Warning, "FailedToUpdateEndpointSlices", "");
        if let Some(error) = without_nodes(key, &decided.without_node) {
            let message = format!("Error updating Endpoint Slices for Service {}/{}: {error}", key.namespace, key.name).into();
            plan.say.push(Spoken { message, ..about.clone() });
            plan.decisions.push(Decision::new(
                Component::EndpointSlice,
                key.clone(),
                Verdict::Refused,
                Reason::SyncFailed { error: error.clone(), obstacle: None, untold: false },
            ));
            plan.error = Some(error.into());
        }
        if plan.decisions.is_empty() {
            let verdict = if decided.writes.is_empty() { Verdict::Done } else { Verdict::Acts };
            plan.decisions.push(Decision::new(Component::EndpointSlice, key.clone(), verdict, Reason::Slices(decided.because)));
        }
        for write in decided.writes {
            let (what, request, on_error) = match write {
                SliceWrite::Create(_) if leaving => continue,
                SliceWrite::Create(slice) => ("create".to_owned(), Request::Create(slice.into()), OnError::Fail),
                SliceWrite::Update(slice) => (format!("update {}", slice.meta.name), Request::Update(slice.into()), OnError::Fail),
                SliceWrite::Delete(slice) => {
                    (format!("delete {}", slice.name), Request::Delete(slice, DeleteOptions::default()), OnError::GoneIsFine)
                }
            };
            let of = format!("Service {}/{}", key.namespace, key.name);
            let message = format!("Error updating Endpoint Slices for {of}: failed to {what} EndpointSlice for {of}: {{}}").into();
            plan.then(Step::new(request).on_error(on_error).always_complains(Spoken { message, ..about.clone() }));
        }
        plan
    }
}
