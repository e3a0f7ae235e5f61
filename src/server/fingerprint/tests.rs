//! Whatever a write says leaves a trace of its own.

use super::*;
use crate::log::Actor;
use api::kind::Kind;
use api::object::Endpoints;
use api::object::endpoints::{Addresses, Subsets};
use api::object::network::Endpoint;
use api::object::node::Taint;
use api::object::pod::{Ip, PodPhase, Truth};
use api::object::storage::ClaimPhase;
use api::object::{ControllerRevision, Deployment};
use api::object::{Deletion, DisruptionBudget, ObjectKey, OwnerRef, Plain, ReplicaSet, Service};
use base::time::Time;

fn read(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

/// The print of a write of an object, over a former version of it.
fn print(before: Option<&Object>, after: Object) -> u64 {
    let key = ObjectKey::new(after.kind(), &after.meta().namespace, &after.meta().name);
    of(&Change { revision: 7, at: Time(7), key, before: before.cloned(), after: Some(after), by: Actor::Setup, signed: None })
}

/// Each change leaves a print of its own, over the former version and without one.
fn vary<T: Clone + Into<Object>>(plain: &T, changes: &[fn(&mut T)]) {
    let first: Object = plain.clone().into();
    for before in [None, Some(&first)] {
        let mut prints = vec![print(before, first.clone())];
        for (i, change) in changes.iter().enumerate() {
            let mut other = plain.clone();
            change(&mut other);
            let found = print(before, other.into());
            assert!(!prints.contains(&found), "change {i} of a {:?} leaves no trace", first.kind());
            prints.push(found);
        }
    }
}

const TEMPLATE: &str = "{metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: app}]}}";

/// Endpoints that the controller keeps, with one address.
fn kept(change: impl FnOnce(&mut Endpoint)) -> Subsets {
    let slice = EndpointSlice::decode(&read("{endpoints: [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: web-0, uid: a}}]}"));
    let mut endpoint = Rc::clone(&slice.endpoints[0]);
    change(Rc::make_mut(&mut endpoint));
    let mut addresses = Addresses::none(&"default".into());
    addresses.add(&endpoint, slice.ports);
    Subsets::Kept(Rc::new(addresses))
}

#[test]
fn whatever_is_written_of_endpoints_leaves_a_trace() {
    vary(
        &Endpoints { meta: Meta::default(), subsets: kept(|_| {}) },
        &[
            |e| e.subsets = kept(|e| e.ready = false),
            |e| e.subsets = kept(|e| e.ip = Ip([10, 0, 0, 2])),
            |e| e.subsets = kept(|e| e.pod_uid = Uid::from_bits(1 << 8)),
            |e| e.subsets = kept(|e| e.node = "node-1".into()),
            |e| e.subsets = kept(|e| e.hostname = "node-1".into()),
            |e| e.subsets = Subsets::Written(read("[{addresses: [{ip: 10.0.0.1}]}]")),
            |e| e.subsets = Subsets::Written(read("[{addresses: [{ip: 10.0.0.2}]}]")),
        ],
    );
}

#[test]
fn whatever_is_written_of_a_pod_leaves_a_trace() {
    let mut pod = Pod::decode(&read("{metadata: {name: web-0, labels: {a: b}}, spec: {containers: [{name: app, image: app}]}}"));
    pod.status.conditions = vec![Condition::new("Ready", Truth::False, Time(1))];
    let running = ContainerState::Running { started: Time(1) };
    let (name, image) = ("app".into(), "app".into());
    pod.status.containers =
        vec![ContainerStatus { name, image, state: running, last: None, ready: false, started: true, restarts: 0, starts: 1 }];
    vary(
        &pod,
        &[
            |p| p.node = Some("node-1".into()),
            |p| p.node = Some("node-2".into()),
            |p| p.status.phase = PodPhase::Running,
            |p| p.status.ip = Some(Ip([10, 0, 0, 1])),
            |p| p.status.reason = "Evicted".into(),
            |p| p.status.conditions[0].status = Truth::True,
            |p| p.status.conditions[0].observed = 2,
            |p| p.status.observed = 2,
            |p| p.status.conditions[0].reason = "ContainersNotReady".into(),
            |p| p.status.conditions[0].message = "not ready".into(),
            |p| p.status.conditions[0].since = Time(2),
            |p| p.status.conditions.push(Condition::new("Other", Truth::True, Time(1))),
            |p| p.status.containers[0].restarts = 1,
            |p| p.status.containers[0].image = "app:2".into(),
            |p| p.status.containers[0].ready = true,
            |p| p.status.containers[0].state = ContainerState::Waiting { reason: "CrashLoopBackOff".into(), message: "".into() },
            |p| {
                p.status.containers[0].last =
                    Some(Terminated { exit_code: 1, reason: "Error".into(), message: "".into(), started: Time(1), finished: Time(2) });
            },
            |p| {
                let containers = Value::list([Value::of([("name", "app"), ("image", "app:2")])]);
                Rc::make_mut(&mut p.spec).template.set(&["spec", "containers"], containers);
            },
            |p| Rc::make_mut(&mut p.spec).hostname = "web-0".into(),
        ],
    );
}

#[test]
fn whatever_is_written_of_metadata_leaves_a_trace() {
    let map = Plain { kind: Kind::ConfigMap, meta: Meta::decode(&read("{metadata: {name: a, labels: {a: b}}}")), raw: Value::map() };
    vary(
        &map,
        &[
            |o| o.meta.generation = 2,
            |o| o.meta.deletion = Some(Deletion { at: Time(9), grace: 0 }),
            |o| o.meta.deletion = Some(Deletion { at: Time(9), grace: 9 }),
            |o| o.meta.finalizers = vec!["example.com/hold".into()].into(),
            |o| drop(Rc::make_mut(&mut o.meta.labels).insert("a".into(), "c".into())),
            |o| drop(Rc::make_mut(&mut o.meta.annotations).insert("a".into(), "b".into())),
            |o| o.meta.owners = vec![OwnerRef::controller(Kind::StatefulSet, &Meta::default())].into(),
            |o| o.meta.owners = vec![OwnerRef { blocks: None, ..OwnerRef::controller(Kind::StatefulSet, &Meta::default()) }].into(),
            |o| o.raw = Value::of([("data", Value::of([("a", "1")]))]),
            |o| o.raw = Value::of([("data", Value::of([("a", 1)]))]),
        ],
    );
}

#[test]
fn whatever_is_written_of_a_workload_leaves_a_trace() {
    let spec = format!("{{metadata: {{name: web}}, spec: {{selector: {{matchLabels: {{app: web}}}}, template: {TEMPLATE}}}}}");
    vary(
        &StatefulSet::decode(&read(&spec)),
        &[
            |s| s.spec.set(&["replicas"], 2),
            |s| s.status.replicas = 1,
            |s| s.status.available = 1,
            |s| s.status.observed_generation = 1,
            |s| s.status.current_revision = "web-1".into(),
            |s| s.status.update_revision = "web-1".into(),
        ],
    );
    vary(
        &Deployment::decode(&read(&spec)),
        &[|d| d.spec.set(&["replicas"], 2), |d| d.status.replicas = 1, |d| d.status.unavailable = 1, |d| d.status.observed_generation = 1],
    );
    vary(
        &ReplicaSet::decode(&read(&spec)),
        &[
            |s| s.spec.set(&["replicas"], 2),
            |s| s.status.fully_labeled = 1,
            |s| s.status.conditions.push(Condition::new("ReplicaFailure", Truth::True, Time(1))),
        ],
    );
    let job = |kind| Plain { kind, meta: Meta::default(), raw: read(&spec) };
    for kind in [Kind::Job, Kind::DaemonSet, Kind::Secret, Kind::VolumeAttachment] {
        vary(&job(kind), &[|o| o.raw.set(&["status", "active"], 1), |o| o.raw.set(&["status", "attached"], true)]);
    }
    vary(
        &ControllerRevision::decode(&read(&format!(
            "{{metadata: {{name: web-1}}, revision: 1, data: {{spec: {{template: {TEMPLATE}}}}}}}"
        ))),
        &[|r| r.number = 2, |r| r.data = Value::map()],
    );
}

#[test]
fn whatever_is_written_of_volumes_leaves_a_trace() {
    vary(
        &Claim::decode(&read("{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}")),
        &[
            |c| c.status.phase = ClaimPhase::Bound,
            |c| c.spec.set(&["volumeName"], "one"),
            |c| c.status.capacity = "1Gi".into(),
            |c| c.spec.set(&["resources", "requests", "storage"], "2Gi"),
        ],
    );
    vary(
        &Volume::decode(&read("{metadata: {name: one}, spec: {capacity: {storage: 1Gi}}}")),
        &[|v| v.status.phase = api::object::storage::VolumePhase::Bound, |v| v.spec.set(&["capacity", "storage"], "2Gi")],
    );
}

#[test]
fn a_node_leaves_the_trace_of_all_that_is_shown_of_it() {
    let mut node = Node::decode(&read("{metadata: {name: node-1}, spec: {podCIDR: 10.244.1.0/24}}"));
    for _ in 0..2 {
        let (mut told, mut shown) = (Print(0), Print(0));
        told.node(&node);
        shown.value(&node.encode());
        assert_eq!(told.0, shown.0, "{node:?}");
        node.status.volumes_attached.extend(["one".into(), "two".into()]);
        node.status.volumes_in_use.push("one".into());
    }
}

#[test]
fn whatever_is_written_of_nodes_and_services_leaves_a_trace() {
    let node = Node::decode(&read("{metadata: {name: node-1}, spec: {}}"));
    vary(
        &node,
        &[
            |n| n.unschedulable = true,
            |n| n.taints.push(Taint { key: "a".into(), value: "".into(), effect: "NoSchedule".into(), since: None }),
            |n| n.status.conditions.push(Condition::new("Ready", Truth::Unknown, Time(1))),
            |n| n.status.volumes_attached.push("one".into()),
            |n| n.status.volumes_in_use.push("one".into()),
        ],
    );
    vary(
        &Service::decode(&read("{metadata: {name: web}, spec: {clusterIP: None, selector: {app: web}}}")),
        &[|s| {
            s.spec.set(&["publishNotReadyAddresses"], true);
        }],
    );
    vary(
        &DisruptionBudget::decode(&read("{metadata: {name: web}, spec: {maxUnavailable: 1}}")),
        &[|b| b.status.disruptions_allowed = 1, |b| b.status.expected_pods = 1],
    );
    let slice = EndpointSlice::decode(&read(
        "{metadata: {name: web-1}, ports: [{port: 80, name: http}], endpoints: [\
         {addresses: [10.0.0.1], conditions: {ready: true}}, {addresses: [10.0.0.2], conditions: {ready: true}}]}",
    ));
    assert_eq!(slice.endpoints.len(), 2);
    vary(
        &slice,
        &[
            |s| Rc::make_mut(&mut s.endpoints[0]).ready = false,
            |s| Rc::make_mut(&mut s.endpoints[1]).ready = false,
            |s| Rc::make_mut(&mut s.endpoints[1]).terminating = true,
            |s| Rc::make_mut(&mut s.endpoints[1]).node = "node-1".into(),
            |s| drop(s.endpoints.pop()),
            |s| s.ports[0].port = 81,
            |s| s.written = None,
        ],
    );
}
