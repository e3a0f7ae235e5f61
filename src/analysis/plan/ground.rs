//! The nodes and the provisioners of the cluster that a manifest is for, as far as the manifest tells.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::{Capacity, NodeStatus};
use api::object::resources::pod_requests;
use api::object::{Meta, Name, Node};
use api::well_known::HOSTNAME;
use base::quantity::Quantity;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::{Map, Value};
use cluster::provisioner::brought;
use playground::Playground;
use server::ingest::found;
use sim::Setup;

use crate::documents::objects_of;

/// How the labels begin that say where a node is.
const REGIONS: [&str; 2] = ["topology.kubernetes.io/", "failure-domain.beta.kubernetes.io/"];

/// Labels that every node has by itself.
pub const OWN: [&str; 4] = ["kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"];

/// What a manifest tells of its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Nodes that it names; none where it brings all.
    pub nodes: Vec<Name>,
    /// Nodes that it brings: the cluster has no others.
    brings: Vec<Rc<Node>>,
    /// The provisioners of the classes that it brings.
    provisioners: Vec<Name>,
    /// Labels of nodes, each with the values that it asks for; none where it brings the nodes.
    pub places: Vec<(String, Vec<String>)>,
    /// Those labels that only a text asks for that is applied later.
    pub new: Vec<String>,
    /// The devices that its pods request together.
    devices: SortedMap<Name, i64>,
    /// What a node has to have at least.
    room: Capacity,
}

impl Ground {
    /// What a manifest tells beside the nodes of a new cluster, and what a text tells of them that is applied later.
    pub fn of(world: &Playground, text: &str, later: &str) -> Ground {
        let (documents, later) = (objects_of(text), objects_of(later));
        let of_kind = |kind: Kind| documents.iter().filter(move |one| Kind::claimed(one) == Some(kind));
        let release = world.sim().release();
        let node = |value: &Value| found(Kind::Node, value, release, Time(0)).ok()?.as_node().cloned();
        let brings: Vec<Rc<Node>> = of_kind(Kind::Node).filter_map(node).filter(|node| !node.meta.name.is_empty()).collect();
        let provisioners = of_kind(Kind::StorageClass).filter_map(brought).collect();
        let mut places = Vec::new();
        for document in documents.iter().filter(|_| brings.is_empty()) {
            look(document, false, &mut places);
        }
        let known: Vec<String> = places.iter().map(|(label, _)| label.clone()).collect();
        for document in later.iter().filter(|_| brings.is_empty()) {
            look(document, false, &mut places);
        }
        let is_there = |label: &str| OWN.contains(&label);
        let (names, places) = places.into_iter().partition::<Vec<_>, _>(|(label, _)| label == HOSTNAME);
        let nodes = names.into_iter().flat_map(|(_, names)| names).map(Name::from).collect();
        let is_new = |(label, _): &&(String, Vec<String>)| !known.contains(label) && !is_there(label);
        let new = places.iter().filter(is_new).map(|(label, _)| label.clone()).collect();
        let devices = devices(documents.iter().chain(&later));
        Ground {
            nodes,
            brings,
            provisioners,
            places: places.into_iter().filter(|(label, _)| !is_there(label)).collect(),
            new,
            devices,
            room: Capacity::default(),
        }
    }

    /// The same with assumed nodes of which each has room for all pods of a text that runs, and for one more.
    #[must_use]
    pub fn roomy(mut self, text: &str) -> Ground {
        let (mut sum, mut most) = (Capacity::default(), Capacity::default());
        for document in objects_of(text) {
            let Some(spec) = document.at(&["spec", "template", "spec"]) else { continue };
            let (one, count) = (pod_requests(spec, 0, 0), document.int_at(&["spec", "replicas"]).unwrap_or(1));
            let add = |sum: &mut i64, one: i64| *sum = sum.saturating_add(one.saturating_mul(count));
            add(&mut sum.cpu_milli, one.cpu_milli);
            add(&mut sum.memory, one.memory);
            (most.cpu_milli, most.memory) = (most.cpu_milli.max(one.cpu_milli), most.memory.max(one.memory));
        }
        self.room = Capacity { cpu_milli: sum.cpu_milli + most.cpu_milli, memory: sum.memory + most.memory, pods: 0 };
        self
    }

    /// What an assumed node has: as much as others, and as much as is needed, in whole cores and GiB.
    fn capacity(&self, usual: Capacity) -> Capacity {
        let whole = |amount: i64, unit: i64| amount.div_euclid(unit) + i64::from(amount % unit > 0);
        let cpu_milli = usual.cpu_milli.max(whole(self.room.cpu_milli, 1000) * 1000);
        Capacity { cpu_milli, memory: usual.memory.max(whole(self.room.memory, 1 << 30) << 30), pods: usual.pods }
    }

    /// A new cluster with the nodes that are brought, or with those that are named in the place of as many others.
    #[must_use]
    pub fn among(&self, mut setup: Setup) -> Setup {
        let others = setup.nodes.iter().filter(|node| !self.nodes.contains(node));
        let few = setup.nodes.len().max(self.nodes.len());
        let named = || self.nodes.iter().chain(others).take(few).cloned().collect();
        let brought = || self.brings.iter().map(|node| Rc::clone(&node.meta.name)).collect();
        setup.nodes = if self.brings.is_empty() { named() } else { brought() };
        if self.brings.is_empty() {
            let capacity = self.capacity(setup.capacity);
            let machine = |(at, name): (usize, &Name)| (Rc::clone(name), Rc::new(self.supposed(at, name, capacity)));
            setup.machines = setup.nodes.iter().enumerate().map(machine).collect();
        } else {
            setup.machines = self.brings.iter().map(|node| (Rc::clone(&node.meta.name), Rc::clone(node))).collect();
        }
        setup
    }

    /// A node as it has to be for the pods to run: with the labels and the devices that they ask for.
    fn supposed(&self, at: usize, name: &Name, capacity: Capacity) -> Node {
        let mut labels = SortedMap::new();
        for (label, values) in &self.places {
            let last = label.rsplit('/').next().unwrap_or_default();
            let value = values.get(at % values.len().max(1)).cloned().unwrap_or_else(|| format!("{last}-{}", at + 1));
            labels.insert(Name::from(label.as_str()), Name::from(value));
        }
        let meta = Meta { name: Rc::clone(name), labels: Rc::new(labels), ..Meta::default() };
        let devices: Map = self.devices.iter().map(|(name, amount)| (Rc::clone(name), Value::from(amount.to_string()))).collect();
        let extended = [devices.clone(), devices];
        let status = NodeStatus { capacity, extended, ..NodeStatus::default() };
        Node { meta, raw: Value::map(), unschedulable: false, taints: Vec::new(), status }
    }

    /// Whether the nodes are those that the text brings.
    pub(crate) fn has_nodes(&self) -> bool {
        !self.brings.is_empty()
    }

    /// The lines that run provisioners.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.provisioners.iter().map(|name| format!("playground run provisioner {name}"))
    }
}

/// The devices that all pods request together, by their names.
fn devices<'a>(documents: impl Iterator<Item = &'a Value>) -> SortedMap<Name, i64> {
    let mut all: SortedMap<Name, i64> = SortedMap::new();
    for document in documents {
        let Some(spec) = document.at(&["spec", "template", "spec"]) else { continue };
        let replicas = document.int_at(&["spec", "replicas"]).unwrap_or(1);
        let limits = spec.list_at(&["containers"]).iter().filter_map(|one| one.at(&["resources", "limits"]));
        for (name, value) in limits.flat_map(Value::members).filter(|(name, _)| name.contains('/')) {
            *all.entry(Name::from(&**name)).or_default() += replicas * Quantity::read(value).map_or(0, Quantity::units);
        }
    }
    all
}

/// Takes a name with what belongs to it, once.
pub fn union<K: PartialEq>(all: &mut Vec<(K, Vec<String>)>, key: K, more: Vec<String>) {
    let at = all.iter().position(|(known, _)| *known == key).unwrap_or(all.len());
    if at == all.len() {
        all.push((key, Vec::new()));
    }
    let known = &mut all[at].1;
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// Takes the labels by which an object asks for nodes, or tells them apart.
fn look(value: &Value, is_of_nodes: bool, places: &mut Vec<(String, Vec<String>)>) {
    value.as_list().into_iter().flatten().for_each(|item| look(item, is_of_nodes, places));
    if let Some(label) = value.text_at(&["topologyKey"]) {
        union(places, label.to_owned(), Vec::new());
    }
    if let Some(node) = value.text_at(&["nodeName"]) {
        union(places, HOSTNAME.to_owned(), vec![node.to_owned()]);
    }
    let is_region = |label: &str| label == HOSTNAME || REGIONS.iter().any(|begins| label.starts_with(begins));
    if let Some(label) = value.text_at(&["key"]).filter(|label| is_of_nodes || is_region(label)) {
        match value.text_at(&["operator"]) {
            None | Some("In") => union(places, label.to_owned(), texts(value.list_at(&["values"]))),
            Some("Exists") => union(places, label.to_owned(), Vec::new()),
            Some(_) if is_region(label) => union(places, label.to_owned(), Vec::new()),
            Some(_) => {}
        }
    }
    for (key, item) in value.members() {
        let wanted = item.members().filter(|_| **key == *"nodeSelector");
        wanted.for_each(|(label, name)| union(places, label.to_string(), name.as_text().map(str::to_owned).into_iter().collect()));
        look(item, is_of_nodes || **key == *"nodeAffinity", places);
    }
}

fn texts(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect()
}
