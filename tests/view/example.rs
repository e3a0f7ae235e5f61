//! A moment of ordered creation, built by hand, to test the projections with.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::meta::OwnerRef;
use ordinal::api::object::network::{Endpoint, SLICE_MANAGED_BY};
use ordinal::api::object::pod::{ClaimVolume, Condition, ContainerState, ContainerStatus, Ip, PodSpec};
use ordinal::api::object::storage::ClaimPhase;
use ordinal::api::object::{
    Claim, ControllerRevision, EndpointSlice, Name, NamespacedName, Node, Object, ObjectKey, Pod, PodPhase, Service, StatefulSet, Uid,
    Volume,
};
use ordinal::api::release::V1_37;
use ordinal::api::well_known::{CONTROLLER_REVISION_HASH, SERVICE_NAME};
use ordinal::base::sorted::SortedMap;
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::causes::Instant;
use ordinal::causes::command::Form;
use ordinal::cluster::images::Images;
use ordinal::cluster::inside::Disks;
use ordinal::cluster::kubelet::Machine;
use ordinal::cluster::provisioner::on_one_node;
use ordinal::cluster::stand_in::Nodes;
use ordinal::server::log::Log;
use ordinal::server::tables::Tables;
use ordinal::text::Lang;
use ordinal::view::Snapshot;
use ordinal::view::manifest::Defined;
use ordinal::view::zero::Zero;
use ordinal::why::{Component, Decision, DecisionLog, Reason, Verdict};

/// Objects, and what else a snapshot needs.
pub struct Example {
    /// The objects.
    pub tables: Tables,
    /// The machines; none unless a test puts some there.
    pub machines: SortedMap<Name, Machine>,
    /// How images behave.
    pub images: Images,
    disks: Disks,
    /// What was decided.
    pub decisions: DecisionLog,
    log: Log,
    /// The instant.
    pub now: Time,
}

const NAMESPACE: &str = "default";
const REVISION: &str = "web-6c5f8b4d9";

/// The name of the set that tests look at.
pub fn web_name() -> NamespacedName {
    NamespacedName::of(NAMESPACE, "web")
}

/// web-0 is Ready on node-b, web-1 runs on node-a and is not Ready, web-2 waits for it.
pub fn ordered_creation() -> Example {
    let mut tables = Tables::default();
    tables.insert(Object::decode(Kind::Namespace, &Value::of([("metadata", Value::of([("name", NAMESPACE)]))])));
    for (name, last) in [("node-a", 11), ("node-b", 12), ("node-c", 13)] {
        tables.insert(node(name, Ip([10, 0, 0, last])).into());
    }
    let set = web();
    tables.insert(nginx().into());
    tables.insert(revision().into());
    for (ordinal, node, ip, ready) in [(0, "node-b", [10, 244, 2, 2], true), (1, "node-a", [10, 244, 1, 3], false)] {
        let volume = format!("pvc-{}", ["3f2a1c44", "81c70b2e"][usize::from(!ready)]);
        let name = set.spec.claim_templates[0].claim_name("web", ordinal);
        tables.insert(claim(&name, &volume).into());
        tables.insert(disk(&volume, node).into());
        tables.insert(pod(&set, ordinal, node, Ip(ip), ready, &name).into());
    }
    tables.insert(slice(&tables).into());
    tables.insert(set.into());
    Example {
        tables,
        machines: SortedMap::new(),
        images: Images::of(Nodes::Real),
        disks: Disks::default(),
        decisions: waiting(),
        log: Log::default(),
        now: Time(16_400),
    }
}

impl Example {
    /// The snapshot that projections take.
    pub fn snapshot(&self) -> Snapshot<'_> {
        let at = Instant {
            tables: &self.tables,
            names: &self.tables,
            machines: &self.machines,
            images: &self.images,
            decisions: &self.decisions,
            now: self.now,
            release: &V1_37,
            lang: Lang::English,
            disks: &self.disks,
            log: &self.log,
            gone: &[],
            evicted: None,
            current: NAMESPACE,
            form: Form::Here,
        };
        Snapshot { at, manifest: Defined::default(), typed: &[], zero: Zero::default() }
    }

    /// Takes a pod away.
    pub fn remove_pod(&mut self, name: &str) {
        self.tables.remove(&ObjectKey::new(Kind::Pod, &NAMESPACE.into(), &name.into()));
    }

    /// Takes the governing Service away.
    pub fn remove_service(&mut self) {
        self.tables.remove(&ObjectKey::new(Kind::Service, &NAMESPACE.into(), &"nginx".into()));
    }

    /// A pod becomes Ready, which no controller has seen yet.
    pub fn becomes_ready(&mut self, name: &str) {
        let Some(pod) = self.tables.pod(NAMESPACE, name).cloned() else { return };
        let mut pod = Rc::unwrap_or_clone(pod);
        pod.set_condition(Condition::new("Ready", true, Time(0)));
        self.tables.insert(pod.into());
    }

    /// Has the governing Service publish pods that are not Ready, or not.
    pub fn publish_not_ready(&mut self, publish: bool) {
        let Some(service) = self.tables.service(NAMESPACE, "nginx").cloned() else { return };
        let mut service = Rc::unwrap_or_clone(service);
        service.spec.set(&["publishNotReadyAddresses"], publish);
        self.tables.insert(service.into());
    }

    /// Changes how many pods are wanted.
    pub fn scale(&mut self, replicas: i64) {
        let Some(set) = self.tables.stateful_set(NAMESPACE, "web").cloned() else { return };
        let mut set = Rc::unwrap_or_clone(set);
        set.spec.set(&["replicas"], replicas);
        self.tables.insert(set.into());
    }
}

/// The controller waits for web-1.
fn waiting() -> DecisionLog {
    let key = |kind, name: &str| ObjectKey::new(kind, &NAMESPACE.into(), &name.into());
    let because = Reason::WaitsForPodToBeReady { ordinal: 1 };
    let decision = Decision::new(Component::StatefulSet, key(Kind::StatefulSet, "web"), Verdict::Waits, because);
    let mut log = DecisionLog::default();
    log.record(Time(9_100), decision.blocked_by(key(Kind::Pod, "web-1")));
    log
}

fn meta(name: &str, uid: u64) -> Value {
    let uid = Uid::from_bits(uid).to_string();
    Value::of([("name", name), ("namespace", NAMESPACE), ("uid", &uid)])
}

fn web() -> StatefulSet {
    let template = Value::of([("spec", Value::of([("containers", Value::list([container()]))]))]);
    let claim = Value::of([("metadata", Value::of([("name", "data")]))]);
    let mut spec = Value::of([("serviceName", Value::from("nginx")), ("replicas", 3.into()), ("template", template)]);
    spec.set(&["volumeClaimTemplates"], Value::list([claim]));
    let mut set = StatefulSet::decode(&Value::of([("metadata", meta("web", 1 << 60)), ("spec", spec)]));
    set.status.current_revision = REVISION.into();
    set.status.update_revision = REVISION.into();
    set
}

fn container() -> Value {
    Value::of([("name", "nginx"), ("image", "nginx:1.27")])
}

fn revision() -> ControllerRevision {
    let template = Value::of([("spec", Value::of([("containers", Value::list([container()]))]))]);
    let data = Value::of([("spec", Value::of([("template", template)]))]);
    ControllerRevision::decode(&Value::of([("metadata", meta(REVISION, 2 << 60)), ("revision", 1.into()), ("data", data)]))
}

fn nginx() -> Service {
    let mut spec = Value::of([("clusterIP", Value::from("None")), ("selector", Value::of([("app", "nginx")]))]);
    spec.set(&["ports"], Value::list([Value::of([("name", Value::from("http")), ("port", 80.into()), ("protocol", "TCP".into())])]));
    Service::decode(&Value::of([("metadata", meta("nginx", 3 << 60)), ("spec", spec)]))
}

fn node(name: &str, address: Ip) -> Node {
    let mut node = Node::decode(&Value::of([("metadata", Value::of([("name", name)]))]));
    node.status.address = Some(address);
    node.status.conditions = vec![Condition::new("Ready", true, Time(0))];
    node
}

fn claim(name: &str, volume: &str) -> Claim {
    let spec = Value::of([("storageClassName", "local-path"), ("volumeName", volume)]);
    let mut claim = Claim::decode(&Value::of([("metadata", meta(name, 4 << 60)), ("spec", spec)]));
    claim.status.phase = ClaimPhase::Bound;
    claim
}

fn disk(name: &str, node: &str) -> Volume {
    let spec = Value::of([("nodeAffinity", on_one_node(&node.into()))]);
    Volume::decode(&Value::of([("metadata", Value::of([("name", name)])), ("spec", spec)]))
}

fn pod(set: &StatefulSet, ordinal: i64, node: &str, ip: Ip, ready: bool, claim: &Name) -> Pod {
    let mut metadata = meta(&set.pod_name(ordinal), [0xa02e << 48, 0x7c1f << 48][usize::from(!ready)]);
    metadata.set(&["labels"], Value::of([("app", "nginx"), (CONTROLLER_REVISION_HASH, REVISION)]));
    let mut pod = Pod::decode(&Value::of([("metadata", metadata)]));
    pod.meta.owners = vec![OwnerRef::controller(Kind::StatefulSet, &set.meta)].into();
    let claims = vec![ClaimVolume { volume: "data".into(), claim: Rc::clone(claim), ephemeral: false }];
    pod.spec = Rc::new(PodSpec { template: set.spec.template.clone(), claims, ..(*pod.spec).clone() });
    pod.node = Some(node.into());
    pod.status.phase = PodPhase::Running;
    pod.status.ip = Some(ip);
    pod.set_condition(Condition::new("Ready", ready, Time(0)));
    pod.status.containers = vec![ContainerStatus {
        name: "nginx".into(),
        image: "nginx:1.27".into(),
        state: ContainerState::Running { started: Time(0) },
        last: None,
        ready,
        started: true,
        restarts: 0,
        starts: 1,
    }];
    pod
}

fn slice(tables: &Tables) -> EndpointSlice {
    let mut metadata = meta("nginx-x2kqp", 5 << 60);
    metadata.set(&["labels"], Value::of([(SERVICE_NAME, "nginx"), SLICE_MANAGED_BY]));
    let port = Value::of([("name", Value::from("http")), ("port", 80.into()), ("protocol", "TCP".into())]);
    let mut slice = EndpointSlice::decode(&Value::of([("metadata", metadata), ("ports", Value::list([port]))]));
    let endpoint = |pod: &Pod| Endpoint {
        ip: pod.status.ip.unwrap_or(Ip([0; 4])),
        hostname: Rc::clone(&pod.meta.name),
        node: pod.node.clone().unwrap_or_default(),
        zone: "".into(),
        pod: Rc::clone(&pod.meta.name),
        pod_uid: pod.meta.uid,
        ready: pod.ready(),
        serving: pod.ready(),
        terminating: false,
    };
    slice.written = None;
    slice.endpoints = tables.all(Kind::Pod).filter_map(Object::as_pod).map(|pod| Rc::new(endpoint(pod))).collect();
    slice
}
