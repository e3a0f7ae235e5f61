//! Nodes as the API server knows them, whether or not their machines are alive.

use std::rc::Rc;

use super::frame::header;
use super::meta::{Meta, Name};
use super::pod::READY;
use super::pod_status::{Condition, Ip, Truth, rewritten, rewritten_time};
use crate::kind::Kind;
use base::given::{InsertGiven, SetGiven};
use base::quantity::Quantity;
use base::time::Time;
use base::value::{Map, Value};
use base::word::Word;

/// A taint of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Taint {
    pub key: Name,
    /// Value; may be empty.
    pub value: Name,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: Name,
    /// When it was added.
    pub since: Option<Time>,
}

impl Taint {
    /// `key:effect` or `key=value:effect`.
    pub fn spelled(&self) -> String {
        if self.value.is_empty() { format!("{}:{}", self.key, self.effect) } else { format!("{}={}:{}", self.key, self.value, self.effect) }
    }
}

/// A Node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    pub meta: Meta,
    /// The spec except `unschedulable` and `taints`.
    pub raw: Value,
    /// Whether it is cordoned.
    pub unschedulable: bool,
    pub taints: Vec<Taint>,
    /// What its kubelet and the controllers tell of it.
    pub status: NodeStatus,
}

/// `status` of a Node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NodeStatus {
    /// What is allocatable: millicores of CPU, bytes of memory, pods.
    pub capacity: Capacity,
    /// `status.capacity`, if a client wrote another than what is allocatable.
    pub total: Option<Capacity>,
    /// What a client wrote besides, such as `example.com/gpu`: allocatable, and the capacity.
    pub extended: [Map; 2],
    pub address: Option<Ip>,
    /// Conditions, `Ready` among them.
    pub conditions: Vec<Condition>,
    /// When its kubelet last reported its status.
    pub heartbeat: Time,
    /// The kubelet version: `v1.37.1`.
    pub kubelet_version: Word,
    /// `status.volumesAttached`, written by the attach/detach controller.
    pub volumes_attached: Vec<Name>,
    /// `status.volumesInUse`, written by its kubelet: network volumes that may be mounted on it.
    pub volumes_in_use: Vec<Name>,
}

/// The label with a node's region.
pub const REGION: &str = "topology.kubernetes.io/region";
/// The label with a node's zone.
pub const ZONE: &str = "topology.kubernetes.io/zone";
/// The taint of a node that is not ready or has not reported yet.
pub const NOT_READY_TAINT: &str = "node.kubernetes.io/not-ready";
/// The taint of a silent node.
pub const UNREACHABLE_TAINT: &str = "node.kubernetes.io/unreachable";
/// The taint of a cordoned node.
pub const UNSCHEDULABLE_TAINT: &str = "node.kubernetes.io/unschedulable";
/// The taint by which an administrator declares a node shut down.
pub const OUT_OF_SERVICE_TAINT: &str = "node.kubernetes.io/out-of-service";
/// The effect that keeps new pods away.
pub const NO_SCHEDULE: &str = "NoSchedule";
/// The effect that evicts pods.
pub const NO_EXECUTE: &str = "NoExecute";

/// Ephemeral storage of every node, in bytes.
pub const EPHEMERAL_STORAGE: i64 = 100 << 30;

/// The capacity of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Capacity {
    pub cpu_milli: i64,
    /// Memory in bytes.
    pub memory: i64,
    /// Number of pods.
    pub pods: i64,
}

impl Capacity {
    fn decode(amounts: &Value) -> Self {
        let amount = |key: &str| amounts.get(key).and_then(Quantity::read).unwrap_or_default();
        Capacity { cpu_milli: amount("cpu").thousandths(), memory: amount("memory").units(), pods: amount("pods").units() }
    }

    fn encode(self) -> Map {
        let gib = 1 << 30;
        let cpu = if self.cpu_milli % 1000 == 0 { (self.cpu_milli / 1000).to_string() } else { format!("{}m", self.cpu_milli) };
        let memory = if self.memory % gib == 0 { format!("{}Gi", self.memory / gib) } else { self.memory.to_string() };
        let disk = format!("{}Gi", EPHEMERAL_STORAGE / gib);
        let pods = self.pods.to_string();
        let amounts = [(OWN[0], cpu), (OWN[1], disk), (OWN[2], memory), (OWN[3], pods)];
        amounts.into_iter().map(|(name, amount)| (Rc::from(name), Value::from(amount))).collect()
    }
}

/// The fields of a node's status that hold amounts.
const AMOUNTS: [&str; 2] = ["allocatable", "capacity"];

/// The resources that every node has.
const OWN: [&str; 4] = ["cpu", "ephemeral-storage", "memory", "pods"];

/// The amounts of the resources that not every node has.
fn extended(amounts: &Map) -> Map {
    amounts.iter().filter(|(name, _)| !OWN.contains(&&***name)).map(|(name, amount)| (Rc::clone(name), amount.clone())).collect()
}

impl Node {
    /// A node that its kubelet registers.
    pub fn registered(meta: Meta, raw: Value, capacity: Capacity, address: Ip, kubelet_version: Word, now: Time) -> Self {
        let status = NodeStatus { capacity, address: Some(address), heartbeat: now, kubelet_version, ..NodeStatus::default() };
        Node { meta, raw, unschedulable: false, taints: Vec::new(), status }
    }

    /// How much of an extended resource is allocatable.
    pub fn allocatable(&self, extended: &str) -> i64 {
        self.status.extended[0].get(extended).and_then(Quantity::read).unwrap_or_default().units()
    }

    /// Whether as much is allocatable of everything as on another version of it.
    pub fn offers_as_much_as(&self, other: &Node) -> bool {
        self.status.capacity == other.status.capacity && self.status.extended[0] == other.status.extended[0]
    }

    /// Decodes a node that a user writes; its status is left to the kubelet.
    pub fn decode(object: &Value) -> Self {
        let mut raw = object.get("spec").cloned().unwrap_or_else(Value::map);
        let unschedulable = raw.remove(&["unschedulable"]).and_then(|v| v.as_bool()).unwrap_or(false);
        let taint = |t: &Value| {
            let text = |key: &str| t.get(key).and_then(Value::as_shared_text).unwrap_or_default();
            Taint {
                key: text("key"),
                value: text("value"),
                effect: text("effect"),
                since: t.text_at(&["timeAdded"]).and_then(Time::parse_rfc3339),
            }
        };
        let taints = raw.remove(&["taints"]).map(|l| l.as_list().unwrap_or(&[]).iter().map(taint).collect()).unwrap_or_default();
        Node { meta: Meta::decode(object), raw, unschedulable, taints, status: NodeStatus::default() }
    }

    /// The status of its Ready condition; `Unknown` if it has none.
    pub fn ready(&self) -> Truth {
        self.condition(READY).map_or(Truth::Unknown, |c| c.status)
    }

    /// Whether nothing has been heard of it for so long that the control plane no longer knows.
    pub fn silent(&self) -> bool {
        self.ready() == Truth::Unknown
    }

    /// The condition of this type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.status.conditions.iter().find(|c| c.kind == *kind)
    }

    /// Sets conditions; those whose status stays the same keep their last transition time.
    pub fn set_conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            let mut new = condition.clone();
            match self.status.conditions.iter_mut().find(|c| c.kind == new.kind) {
                Some(old) => {
                    if old.status == new.status {
                        new.since = old.since;
                    }
                    *old = new;
                }
                None => self.status.conditions.push(new),
            }
        }
    }

    /// The taint with this key and effect.
    pub fn taint(&self, key: &str, effect: &str) -> Option<&Taint> {
        self.taints.iter().find(|t| *t.key == *key && *t.effect == *effect)
    }

    /// The `NoExecute` taints.
    pub fn evicting_taints(&self) -> impl Iterator<Item = &Taint> {
        self.taints.iter().filter(|t| &*t.effect == NO_EXECUTE)
    }

    /// Encodes the node as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = self.encode_without_volumes();
        if !self.status.volumes_attached.is_empty() {
            let attached = |name: &Name| Value::of([("devicePath", Value::from("")), ("name", name.into())]);
            object.set(&["status", "volumesAttached"], Value::list(self.status.volumes_attached.iter().map(attached)));
        }
        object.set_filled(&["status", "volumesInUse"], Value::list(self.status.volumes_in_use.iter()));
        object
    }

    /// The same without the lists of volumes, which may be long.
    pub fn encode_without_volumes(&self) -> Value {
        let mut object = header(Kind::Node, &self.meta);
        let mut spec = self.raw.clone();
        let m = spec.make_map();
        m.insert_filled("taints", Value::list(self.taints.iter().map(encode_taint)));
        m.insert_filled("unschedulable", self.unschedulable);
        object.insert("spec", spec);
        object.insert("status", self.status.encode(&self.meta.name));
        object.into()
    }
}

impl NodeStatus {
    /// Takes over what a client writes.
    pub fn rewrite(&mut self, status: &Value) {
        let amounts = |key: &str| status.get(key).map(Capacity::decode).unwrap_or_default();
        self.capacity = amounts("allocatable");
        self.total = Some(amounts("capacity")).filter(|total| *total != self.capacity);
        self.extended = AMOUNTS.map(|key| status.get(key).and_then(Value::as_map).map(extended).unwrap_or_default());
        let conditions = status.list_at(&["conditions"]);
        let ready = conditions.iter().find(|c| c.text_at(&["type"]) == Some(READY));
        let beat = ready.and_then(|c| c.text_at(&["lastHeartbeatTime"])).and_then(|text| rewritten_time(Some(self.heartbeat), text));
        self.heartbeat = beat.unwrap_or(self.heartbeat);
        self.conditions = rewritten(&self.conditions, conditions);
        let addresses = status.list_at(&["addresses"]).iter();
        let mut internal = addresses.filter(|a| a.text_at(&["type"]) == Some("InternalIP"));
        self.address = internal.find_map(|a| a.text_at(&["address"]).and_then(Ip::parse));
        let name = |value: &Value| value.get("name").and_then(Value::as_shared_text);
        self.volumes_attached = status.list_at(&["volumesAttached"]).iter().filter_map(name).collect();
        self.volumes_in_use = status.list_at(&["volumesInUse"]).iter().filter_map(Value::as_shared_text).collect();
        self.kubelet_version = status.text_at(&["nodeInfo", "kubeletVersion"]).unwrap_or_default().to_owned().into();
    }

    fn encode(&self, name: &str) -> Value {
        let mut m = Map::new();
        if let Some(ip) = self.address {
            let address = |kind: &str, a: String| Value::of([("address", a), ("type", kind.to_owned())]);
            m.insert("addresses", Value::list([address("InternalIP", ip.to_string()), address("Hostname", name.to_owned())]));
        }
        for ((key, amounts), extended) in AMOUNTS.iter().zip([self.capacity, self.total.unwrap_or(self.capacity)]).zip(&self.extended) {
            let mut all = if amounts == Capacity::default() { Map::new() } else { amounts.encode() };
            extended.iter().for_each(|(name, amount)| drop(all.insert(&**name, amount.clone())));
            m.insert_filled(key, Value::from(all));
        }
        m.insert_filled("conditions", Value::list(self.conditions.iter().map(|c| encode_node_condition(c, self.heartbeat))));
        m.insert("daemonEndpoints", Value::of([("kubeletEndpoint", Value::of([("Port", 0)]))]));
        m.insert("nodeInfo", self.encode_info());
        m.into()
    }

    fn encode_info(&self) -> Value {
        let info = [
            ("architecture", "amd64"),
            ("bootID", ""),
            ("containerRuntimeVersion", "containerd://2.1.0"),
            ("kernelVersion", "6.12.0"),
            ("kubeProxyVersion", ""),
            ("kubeletVersion", &*self.kubelet_version),
            ("machineID", ""),
            ("operatingSystem", "linux"),
            ("osImage", "Simulated Linux"),
            ("systemUUID", ""),
        ];
        Value::of(info)
    }
}

fn encode_taint(t: &Taint) -> Value {
    let mut m = Map::new();
    m.insert("effect", &t.effect);
    m.insert("key", &t.key);
    m.insert_some("timeAdded", t.since.map(Time::rfc3339));
    m.insert_filled("value", &t.value);
    m.into()
}

fn encode_node_condition(c: &Condition, heartbeat: Time) -> Value {
    let text = |w: &Word| Value::Text(Rc::from(&**w));
    Value::of([
        ("lastHeartbeatTime", Value::from(heartbeat.rfc3339())),
        ("lastTransitionTime", c.since.rfc3339().into()),
        ("message", text(&c.message)),
        ("reason", text(&c.reason)),
        ("status", c.status.word().into()),
        ("type", text(&c.kind)),
    ])
}
