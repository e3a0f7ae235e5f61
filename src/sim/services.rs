//! The watches of the controllers of EndpointSlices and Endpoints: which Services a change concerns.

use std::rc::Rc;

use super::Sim;
use api::controller::Controller;
use api::kind::Kind;
use api::object::{Name, Object, ObjectKey, Pod};
use control::endpoint_slice::{self, Concern};
use control::slice_mirroring;
use server::log::Change;

impl Sim {
    /// Wakes the controllers for the Services that a change concerns.
    pub(super) fn route_service(&mut self, change: &Change) {
        match change.object() {
            Some(Object::Service(_)) => {
                if change.after.is_none() {
                    self.slices.forgets(&change.key);
                } else {
                    self.slices.meets(&change.key, &self.cache.tables);
                    self.enqueue(Controller::EndpointSlice, &change.key);
                }
                self.route_service_to_endpoints(change);
            }
            Some(Object::EndpointSlice(_)) => {
                let sides = change.sides(Object::as_slice);
                for service in self.slices.sees(sides) {
                    self.enqueue(Controller::EndpointSlice, &service);
                }
                for slice in sides.into_iter().flatten().filter(|slice| slice_mirroring::manages(slice)) {
                    self.enqueue(Controller::EndpointSliceMirroring, &endpoints_of(&slice.meta.namespace, &slice.service));
                }
            }
            Some(Object::Pod(_)) => {
                let [before, after] = change.sides(Object::as_pod);
                self.route_pod_to_services(before, after);
            }
            Some(Object::Node(node)) if change.after.is_none() => self.note_pods_without_node(&node.meta.name),
            _ => {}
        }
    }

    fn route_service_to_endpoints(&mut self, change: &Change) {
        let endpoints = endpoints_of(&change.key.namespace, &change.key.name);
        self.enqueue(Controller::Endpoints, &endpoints);
        let [before, after] = change.sides(Object::as_service).map(|side| side.map(|service| service.spec.selector.is_empty()));
        let lacks_selector = after.or(before) == Some(true);
        if lacks_selector && before.zip(after) != Some((true, true)) || before.zip(after) == Some((true, false)) {
            self.enqueue(Controller::EndpointSliceMirroring, &endpoints);
        }
    }

    /// Wakes the controllers that watch Endpoints: one makes anew what is deleted, the other mirrors what nothing but it shows. Upstream's
    /// looks at those of Services with selectors, too, and finds nothing to do.
    pub(super) fn route_endpoints(&mut self, change: &Change) {
        let key = &change.key;
        if change.after.is_none() {
            self.enqueue(Controller::Endpoints, key);
        }
        let mut sides = change.sides(Object::as_endpoints).into_iter().flatten();
        let has_selector = self.cache.tables.service(&key.namespace, &key.name).is_some_and(|service| !service.spec.selector.is_empty());
        if !has_selector && sides.any(|endpoints| slice_mirroring::wants_mirror(endpoints)) {
            self.enqueue(Controller::EndpointSliceMirroring, key);
        }
    }

    /// Nobody is told of a deleted node, but whoever looks again finds that its pods have none.
    fn note_pods_without_node(&mut self, node: &Name) {
        for pod in self.cache.pods_on(node) {
            let services = self.cache.tables.within(Kind::Service, &pod.meta.namespace).filter_map(Object::as_service);
            for service in services.filter(|service| service.selects(&pod.meta)) {
                self.slices.notes(&service.key(), &pod.meta.name);
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
            let endpoints = endpoints_of(&key.namespace, &key.name);
            self.slices.notes(&key, &pod.meta.name);
            let is_news = self.endpoints.notes(&endpoints, &pod.meta.name, after.map(|pod| &**pod));
            if concern == Concern::Noticed {
                self.enqueue(Controller::EndpointSlice, &key);
                if is_news {
                    self.enqueue(Controller::Endpoints, &endpoints);
                }
            }
        }
    }
}

/// The Endpoints of a Service.
fn endpoints_of(namespace: &Name, service: &Name) -> ObjectKey {
    ObjectKey::new(Kind::Endpoints, namespace, service)
}
