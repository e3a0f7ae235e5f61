//! The EndpointSlice controller's watches: which Services a change concerns.

use std::rc::Rc;

use super::Sim;
use crate::api::controller::Controller;
use crate::api::kind::Kind;
use crate::api::object::{Name, Object, ObjectKey, Pod};
use crate::control::endpoint_slice::{self, Concern};
use crate::server::log::Change;

impl Sim {
    /// Wakes the EndpointSlice controller for the Services that a change concerns.
    pub(super) fn route_service(&mut self, change: &Change) {
        match change.object() {
            Some(Object::Service(_)) if change.after.is_none() => self.endpoints.forgets(&change.key),
            Some(Object::Service(_)) => {
                self.endpoints.meets(&change.key, &self.cache.tables);
                self.enqueue(Controller::EndpointSlice, &change.key);
            }
            Some(Object::EndpointSlice(_)) => {
                for service in self.endpoints.sees(change.sides(Object::as_slice)) {
                    self.enqueue(Controller::EndpointSlice, &service);
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

    /// Nobody is told of a deleted node, but whoever looks again finds that its pods have none.
    fn note_pods_without_node(&mut self, node: &Name) {
        for pod in self.cache.pods_on(node) {
            let services = self.cache.tables.within(Kind::Service, &pod.meta.namespace).filter_map(Object::as_service);
            for service in services.filter(|service| service.selects(&pod.meta)) {
                self.endpoints.notes(&service.key(), &pod.meta.name);
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
            self.endpoints.notes(&key, &pod.meta.name);
            if concern == Concern::Noticed {
                self.enqueue(Controller::EndpointSlice, &key);
            }
        }
    }
}
