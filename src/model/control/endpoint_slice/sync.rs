//! One sync of a Service: what is sent and said of the difference between its slices and its pods, and what is remembered until then.
//!
//! Models pkg/controller/endpointslice/endpointslice_controller.go syncService and the handlers that lead to it.

use std::rc::Rc;

use super::memory::{Memories, Remembered};
use super::{Concern, Difference, SliceWrite, concern, difference};
use crate::endpoints::endpoints_of;
use crate::plan::{OnError, PendingEvent, Plan, Step};
use crate::registration::{Registration, Watch, own_key};
use crate::seen::View;
use crate::wake::When;
use api::client::DeleteOptions;
use api::controller::Controller;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Name, Object, ObjectKey};
use base::time::Span;
use base::word::Word;
use server::request::Request;
use why::{Component, Decision, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration {
    // Models endpointslice_controller.go defaultSyncBackOff and maxSyncBackOff.
    retry: Some((Span::seconds(1), Span::seconds(1000))),
    wrote: Some(|memory, key, deletes, object| memory.slices.wrote(key, deletes, object)),
    ..Registration::new(
        &[(Kind::Service, watch), (Kind::EndpointSlice, watch_slice), (Kind::Pod, watch_pod), (Kind::Node, watch_node)],
        |view, key, memory| plan(view, key, &mut memory.slices),
    )
};
/// The component name in this controller's events.
const SOURCE: &str = "endpoint-slice-controller";

fn watch(watch: &mut Watch) {
    let (cache, slices) = (watch.view.cache, &mut watch.memory.slices);
    if watch.change.after.is_none() {
        slices.services.remove(&watch.change.key);
    } else {
        slices.meets(&watch.change.key, &cache.tables);
        own_key(watch);
    }
}

fn watch_slice(watch: &mut Watch) {
    let news = watch.memory.slices.sees(watch.change.sides(Object::as_slice));
    watch.enqueue_all(news);
}

/// Queues the Services whose endpoints a pod's change concerns, and wakes the controller of Endpoints for them.
fn watch_pod(watch: &mut Watch) {
    let cache = watch.view.cache;
    let [before, after] = watch.change.sides(Object::as_pod).map(|side| side.map(|pod| &**pod));
    for service in cache.tables.within(Kind::Service, &watch.change.key.namespace).filter_map(Object::as_service) {
        let concern = concern(service, before, after);
        if concern == Concern::Nothing {
            continue;
        }
        let key = service.key();
        let (endpoints, pod) = (endpoints_of(&key), &watch.change.key.name);
        watch.memory.slices.notes(&key, pod);
        let is_news = watch.memory.endpoints.notes(&endpoints, pod, after);
        if concern == Concern::Noticed {
            watch.enqueue(&key);
            if is_news {
                watch.wake(Controller::Endpoints, &endpoints, When::In(watch.view.around.sync));
            }
        }
    }
}

/// Nobody is told of a deleted node, but whoever looks again finds that its pods have none.
fn watch_node(watch: &mut Watch) {
    if watch.change.after.is_some() {
        return;
    }
    let cache = watch.view.cache;
    for pod in cache.pods_on(&watch.change.key.name) {
        let services = cache.tables.within(Kind::Service, &pod.meta.namespace).filter_map(Object::as_service);
        for service in services.filter(|service| service.selects(&pod.meta)) {
            watch.memory.slices.notes(&service.key(), &pod.meta.name);
        }
    }
}

/// Plans one sync of a Service.
fn plan(view: View, key: &ObjectKey, memories: &mut Memories) -> Plan {
    let tables = &view.cache.tables;
    let Some(service) = tables.service(&key.namespace, &key.name) else { return Plan::default() };
    let Remembered { memory, changed } = memories.services.entry(key.clone()).or_default();
    let Difference { writes, because, without_node } = difference(tables, service, changed, memory);
    changed.clear();
    changed.extend(without_node.iter().map(|(pod, _)| Rc::clone(pod)));
    let mut plan = Plan::default();
    let about = PendingEvent::of(key.clone(), &service.meta, SOURCE, EventType::Warning, "FailedToUpdateEndpointSlices", "");
    if let Some(error) = without_nodes(key, &without_node) {
        let message = format!("Error updating Endpoint Slices for Service {}/{}: {error}", key.namespace, key.name).into();
        plan.say.push(PendingEvent { message, ..about.clone() });
        let because = Reason::SyncFailed { error: error.clone(), obstacle: None, skip_status: false };
        plan.decide(Decision::new(Component::EndpointSlice, key.clone(), Verdict::Refused, because));
        plan.error = Some(error.into());
    } else {
        let verdict = if writes.is_empty() { Verdict::Done } else { Verdict::Acts };
        plan.decide(Decision::new(Component::EndpointSlice, key.clone(), verdict, Reason::Slices(because)));
    }
    // A terminating namespace accepts no new objects; upstream gives up silently.
    let leaving = tables.find(Kind::Namespace, "", &key.namespace).is_some_and(|n| n.meta().terminating());
    for write in writes {
        if !(leaving && matches!(write, SliceWrite::Create(_))) {
            plan.then(step(key, write, &about));
        }
    }
    plan
}

/// The step that carries a write out, and what is said if it fails.
fn step(service: &ObjectKey, write: SliceWrite, about: &PendingEvent) -> Step {
    let (what, name) = match &write {
        SliceWrite::Create(_) => ("create", ""),
        SliceWrite::Update(slice) => ("update ", &*slice.meta.name),
        SliceWrite::Delete(slice) => ("delete ", &*slice.name),
    };
    let (namespace, of) = (&*service.namespace, &*service.name);
    let message = [
        "Error updating Endpoint Slices for Service ",
        namespace,
        "/",
        of,
        ": failed to ",
        what,
        name,
        " EndpointSlice for Service ",
        namespace,
        "/",
        of,
        ": ",
    ];
    let message = message.concat().into();
    let (request, on_error) = match write {
        SliceWrite::Create(slice) => (Request::Create(slice.into()), OnError::Fail),
        SliceWrite::Update(slice) => (Request::Update(slice.into()), OnError::Fail),
        SliceWrite::Delete(slice) => (Request::Delete(slice, DeleteOptions::default()), OnError::IgnoreNotFound),
    };
    Step::new(request).on_error(on_error).reports_every_failure(PendingEvent { message, ..about.clone() })
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
