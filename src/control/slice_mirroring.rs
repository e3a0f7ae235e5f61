//! The EndpointSlice mirroring controller: mirrors the Endpoints of a Service without a selector into slices.
//!
//! Reads Endpoints, their Service and the slices that mirror them. There are few such Endpoints, so that each sync looks at all of them.
//! Models pkg/controller/endpointslicemirroring: endpointslicemirroring_controller.go syncEndpoints and reconciler.go.
//!
//! Promises: nothing is written if nothing changed; only slices that carry this controller's label are touched.
//! Must not know: how requests are sent, names that the server generates, time.
//! Where upstream takes addresses in the random order of a Go map, here they keep the order that they have in the Endpoints.

use std::rc::Rc;

use crate::endpoint_slice::labels::LAST_CHANGE;
use crate::endpoints::endpoints_of;
use crate::plan::{OnError, PendingEvent, Plan, Step};
use crate::registration::{OwnWrites, Registration, Watch, own_key};
use crate::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::managed::LAST_APPLIED;
use api::object::endpoints::repacked;
use api::object::event::EventType;
use api::object::network::SLICE_MANAGED_BY;
use api::object::{EndpointSlice, Endpoints, Labels, Meta, Object, ObjectKey, OwnerRef};
use api::well_known::SERVICE_NAME;
use base::given::InsertGiven;
use base::sorted::SortedMap;
use base::time::Span;
use base::value::{Map, Value};
use server::request::Request;
use server::tables::Tables;
use why::{Component, Decision, Mirroring, Reason, Verdict};

/// The controller.
pub static MIRRORING: Registration = Registration {
    // Models defaultSyncBackOff and maxSyncBackOff.
    retry: Some((Span::seconds(1), Span::seconds(100))),
    own_writes: OwnWrites::All(Kind::Service),
    ..Registration::new(&[(Kind::Service, watch_service), (Kind::EndpointSlice, watch_slice), (Kind::Endpoints, watch)], |view, key, _| {
        plan(view, key)
    })
};
/// The value of the label of a slice that names this controller.
const CONTROLLER: &str = "endpointslicemirroring-controller.k8s.io";
/// The label of Endpoints that are not to be mirrored.
const SKIP_MIRROR: &str = "endpointslice.kubernetes.io/skip-mirror";
/// The annotation of Endpoints that some process keeps its lease in.
const LEADER: &str = "control-plane.alpha.kubernetes.io/leader";
/// The most addresses that are mirrored of a subset. kube-controller-manager --mirroring-max-endpoints-per-subset.
const MAX_ADDRESSES: usize = 1000;

/// Queues the Endpoints of a Service that has no selector, which is new, or that comes to have one.
fn watch_service(watch: &mut Watch) {
    let [before, after] = watch.change.sides(Object::as_service).map(|side| side.map(|service| service.spec.selector.is_empty()));
    let lacks_selector = after.or(before) == Some(true);
    if lacks_selector && before.zip(after) != Some((true, true)) || before.zip(after) == Some((true, false)) {
        watch.enqueue(&endpoints_of(&watch.change.key));
    }
}

fn watch_slice(watch: &mut Watch) {
    for slice in watch.change.sides(Object::as_slice).into_iter().flatten().filter(|slice| manages(slice)) {
        watch.enqueue(&ObjectKey::new(Kind::Endpoints, &slice.meta.namespace, &slice.service));
    }
}

/// Queues Endpoints that nothing but a mirror shows. Upstream looks at those of Services with selectors, too, and finds nothing to do.
fn watch(watch: &mut Watch) {
    let key = &watch.change.key;
    let mut sides = watch.change.sides(Object::as_endpoints).into_iter().flatten();
    let service = watch.view.cache.tables.service(&key.namespace, &key.name);
    if service.is_none_or(|service| service.spec.selector.is_empty()) && sides.any(|endpoints| wants_mirror(endpoints)) {
        own_key(watch);
    }
}

/// Whether this controller manages a slice. Models managedByController.
fn manages(slice: &EndpointSlice) -> bool {
    slice.meta.label(SLICE_MANAGED_BY.0).is_some_and(|by| **by == *CONTROLLER)
}

/// Whether Endpoints are to be mirrored, if their Service has no selector. Models shouldMirror.
fn wants_mirror(endpoints: &Endpoints) -> bool {
    endpoints.meta.label(SKIP_MIRROR).is_none_or(|skip| **skip != *"true") && endpoints.meta.annotation(LEADER).is_none()
}

/// Plans one sync of Endpoints.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let tables = &view.cache.tables;
    let there: Vec<&Rc<EndpointSlice>> = mirrors(tables, key).collect();
    let endpoints = tables.endpoints(&key.namespace, &key.name).filter(|endpoints| wants_mirror(endpoints));
    let service = tables.service(&key.namespace, &key.name).filter(|service| service.spec.selector.is_empty());
    let endpoints = endpoints.filter(|_| service.is_some());
    if endpoints.is_none() && there.is_empty() { Plan::default() } else { follow(view, key, endpoints, &there) }
}

/// Has slices follow Endpoints, or go where none are to be mirrored.
// A first visit does not run this.
#[inline(never)]
fn follow(view: View, key: &ObjectKey, endpoints: Option<&Rc<Endpoints>>, there: &[&Rc<EndpointSlice>]) -> Plan {
    let tables = &view.cache.tables;
    let decided = |verdict, mirroring| Decision::new(Component::EndpointSliceMirroring, key.clone(), verdict, Reason::Mirroring(mirroring));
    let Some(endpoints) = endpoints else {
        let mut plan = Plan::nothing(decided(Verdict::Acts, Mirroring::IsOver));
        for slice in there {
            plan.then(delete(slice));
        }
        return plan;
    };
    if let Some(plan) = view.stale(Component::EndpointSliceMirroring, key) {
        return plan;
    }
    let desired = desired(endpoints);
    let steps = reconcile(endpoints, &desired, there);
    let (verdict, mirroring) =
        if steps.is_empty() { (Verdict::Done, Mirroring::IsCurrent) } else { (Verdict::Acts, Mirroring::FollowsEndpoints) };
    let mut plan = Plan::nothing(decided(verdict, mirroring));
    let skipped: usize = desired.iter().map(|group| group.endpoints.len().saturating_sub(MAX_ADDRESSES)).sum();
    if skipped > 0 {
        let message = format!(
            "A max of {MAX_ADDRESSES} addresses can be mirrored to EndpointSlices per Endpoints subset. {skipped} addresses were skipped"
        );
        let source = "endpoint-slice-mirroring-controller";
        plan.say.push(PendingEvent::of(key.clone(), &endpoints.meta, source, EventType::Warning, "TooManyAddressesToMirror", message));
    }
    // A terminating namespace accepts no new objects; upstream gives up silently.
    let leaving = tables.find(Kind::Namespace, "", &key.namespace).is_some_and(|n| n.meta().terminating());
    for step in steps {
        if !(leaving && matches!(step.action, crate::plan::Action::Server(Request::Create(_)))) {
            plan.then(step);
        }
    }
    plan
}

/// The slices that mirror Endpoints, by name. Models endpointSlicesMirroredForService.
fn mirrors<'a>(tables: &'a Tables, key: &'a ObjectKey) -> impl Iterator<Item = &'a Rc<EndpointSlice>> {
    let slices = tables.within(Kind::EndpointSlice, &key.namespace).filter_map(Object::as_slice);
    slices.filter(|slice| slice.service == key.name && manages(slice))
}

fn delete(slice: &EndpointSlice) -> Step {
    Step::new(Request::Delete(slice.key(), DeleteOptions::default())).on_error(OnError::IgnoreNotFound)
}

/// The endpoints that one slice is to have.
struct Group {
    family: &'static str,
    ports: Vec<Value>,
    endpoints: Vec<Value>,
}

impl Group {
    /// What a slice has besides its metadata.
    fn body(&self) -> Value {
        let mut m = Map::new();
        m.insert("addressType", self.family);
        m.insert("endpoints", Value::list(self.endpoints.iter().take(MAX_ADDRESSES).cloned()));
        m.insert("ports", if self.ports.is_empty() { Value::Null } else { Value::list(self.ports.iter().cloned()) });
        m.into()
    }
}

/// The endpoints wanted, for each family of addresses and set of ports. Models newDesiredCalc and addressToEndpoint.
fn desired(endpoints: &Endpoints) -> Vec<Group> {
    let subsets = endpoints.subsets.encode();
    let mut groups = Vec::new();
    for subset in repacked(subsets.as_list().unwrap_or_default()) {
        let port = |port: &Value| {
            let mut port = port.clone();
            if port.get("name").is_none() {
                port.set(&["name"], "");
            }
            port
        };
        for family in ["IPv4", "IPv6"] {
            let listed = |(list, ready): (&'static str, bool)| {
                let of_family = |a: &&Value| a.text_at(&["ip"]).is_some_and(|ip| ip.contains(':') == (family == "IPv6"));
                subset.list_at(&[list]).iter().filter(of_family).map(|address| endpoint(address, ready)).collect::<Vec<_>>()
            };
            let endpoints: Vec<Value> = [("addresses", true), ("notReadyAddresses", false)].into_iter().flat_map(listed).collect();
            if !endpoints.is_empty() {
                groups.push(Group { family, ports: subset.list_at(&["ports"]).iter().map(port).collect(), endpoints });
            }
        }
    }
    groups
}

/// An address as a slice has it.
fn endpoint(address: &Value, ready: bool) -> Value {
    let mut m = Map::new();
    m.insert("addresses", Value::list(address.get("ip").cloned()));
    m.insert("conditions", Value::of([("ready", ready)]));
    for key in ["hostname", "nodeName", "targetRef"] {
        m.insert_some(key, address.get(key).cloned());
    }
    m.into()
}

/// The writes that bring the slices in step: creations, then updates, then deletions. Models reconcile and finalize.
fn reconcile(endpoints: &Endpoints, desired: &[Group], there: &[&Rc<EndpointSlice>]) -> Vec<Step> {
    let mut spare: Vec<&EndpointSlice> = there.iter().map(|slice| &***slice).collect();
    let (mut created, mut updated) = (Vec::new(), Vec::new());
    for group in desired {
        let wanted = mirror(endpoints, group);
        let same_group = |slice: &&EndpointSlice| {
            let body = slice.encode();
            let ports = body.list_at(&["ports"]);
            body.text_at(&["addressType"]) == Some(group.family)
                && ports.len() == group.ports.len()
                && ports.iter().all(|port| group.ports.contains(port))
        };
        match spare.iter().position(same_group) {
            Some(at) => {
                let slice = spare.remove(at);
                if !is_current(slice, &wanted) {
                    updated.push(over(slice, wanted));
                }
            }
            None => created.push((group.family, wanted)),
        }
    }
    // Slices to be deleted are reused for ones to be created.
    created.retain(|(family, wanted)| {
        let Some(at) = spare.iter().position(|slice| slice.encode().text_at(&["addressType"]) == Some(*family)) else { return true };
        updated.push(over(spare.remove(at), wanted.clone()));
        false
    });
    if endpoints.meta.terminating() {
        created.clear();
    }
    let created = created.into_iter().map(|(_, slice)| Step::new(Request::Create(slice.into())));
    let updated = updated.into_iter().map(|slice| Step::new(Request::Update(slice.into())));
    created.chain(updated).chain(spare.into_iter().map(delete)).collect()
}

fn is_current(slice: &EndpointSlice, wanted: &EndpointSlice) -> bool {
    let meta = |slice: &EndpointSlice| (Rc::clone(&slice.meta.labels), Rc::clone(&slice.meta.annotations));
    let owner = |slice: &EndpointSlice| slice.meta.controller().map(|owner| owner.uid);
    let told = |slice: &EndpointSlice| slice.encode().get("endpoints").cloned();
    meta(slice) == meta(wanted) && owner(slice) == owner(wanted) && told(slice) == told(wanted)
}

/// A wanted slice in the place of one that is there.
fn over(slice: &EndpointSlice, mut wanted: EndpointSlice) -> EndpointSlice {
    wanted.meta.name = Rc::clone(&slice.meta.name);
    wanted.meta.generate_name = None;
    wanted
}

/// Models newEndpointSlice.
fn mirror(endpoints: &Endpoints, group: &Group) -> EndpointSlice {
    let of = &endpoints.meta;
    let mut labels = SortedMap::clone(&of.labels);
    labels.insert(SERVICE_NAME.into(), Rc::clone(&of.name));
    labels.insert(SLICE_MANAGED_BY.0.into(), CONTROLLER.into());
    let mut annotations = SortedMap::clone(&of.annotations);
    annotations.remove(LAST_CHANGE);
    annotations.remove(LAST_APPLIED);
    let meta = Meta {
        namespace: Rc::clone(&of.namespace),
        generate_name: Some(format!("{}-", of.name).into()),
        labels: Labels::new(labels),
        annotations: Labels::new(annotations),
        owners: vec![OwnerRef::controller(Kind::Endpoints, of)].into(),
        ..Meta::default()
    };
    EndpointSlice { meta, service: Rc::clone(&of.name), ..EndpointSlice::decode(&group.body()) }
}
