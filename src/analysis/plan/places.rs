//! What pods and volumes ask of nodes, and nodes that have it.

use std::rc::Rc;

use api::kind::Kind;
use api::object::node::{Capacity, NodeStatus};
use api::object::resources::pod_requests;
use api::object::{Meta, Name, Node};
use api::release::Release;
use api::well_known::HOSTNAME;
use base::quantity::Quantity;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::{Map, Value};
use server::ingest::found;
use server::tables::Tables;
use sim::Setup;

use crate::documents::objects_of;
use crate::lack::Lack;

/// How the labels begin that say where a node is.
const REGIONS: [&str; 2] = ["topology.kubernetes.io/", "failure-domain.beta.kubernetes.io/"];
/// Labels that every node has by itself.
pub const OWN: [&str; 4] = ["kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"];
/// Of a workload with more pods, so many are counted.
const MOST_PODS: i64 = 1000;

/// What objects ask of nodes: names, labels, devices and room.
pub(crate) fn lacks(tables: &Tables, documents: &[Value]) -> Vec<Lack> {
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    documents.iter().for_each(|document| look(document, false, &mut places));
    let (names, labels) = places.into_iter().partition::<Vec<_>, _>(|(label, _)| label == HOSTNAME);
    let mut all: Vec<Lack> = names.into_iter().flat_map(|(_, names)| names).map(|name| Lack::Node { name: name.into() }).collect();
    let labels = labels.into_iter().filter(|(label, _)| !OWN.contains(&&**label));
    all.extend(labels.map(|(label, values)| Lack::Label { label, values }));
    all.extend(devices(documents).into_iter().map(|(name, count)| Lack::Device { name, count }));
    all.extend(room(tables, documents));
    all
}

/// The devices that all pods request together, by their names.
fn devices(documents: &[Value]) -> SortedMap<Name, i64> {
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

/// Nodes with room for all pods together and one more, where those of a new cluster do not take each pod.
fn room(tables: &Tables, documents: &[Value]) -> Option<Lack> {
    let usual = tables.nodes().next()?.status.capacity;
    let mut free: Vec<Capacity> = tables.nodes().map(|node| node.status.capacity).collect();
    let (mut sum, mut most, mut fits) = (Capacity::default(), Capacity::default(), true);
    for document in documents {
        let Some(spec) = document.at(&["spec", "template", "spec"]) else { continue };
        let (one, count) = (pod_requests(spec, 0, 0), document.int_at(&["spec", "replicas"]).unwrap_or(1));
        (most.cpu_milli, most.memory) = (most.cpu_milli.max(one.cpu_milli), most.memory.max(one.memory));
        for _ in 0..count.clamp(0, MOST_PODS) {
            let emptiest = free.iter_mut().max_by_key(|node| (node.memory, node.cpu_milli))?;
            emptiest.cpu_milli = emptiest.cpu_milli.saturating_sub(one.cpu_milli);
            emptiest.memory = emptiest.memory.saturating_sub(one.memory);
            fits &= emptiest.cpu_milli >= 0 && emptiest.memory >= 0;
            sum.cpu_milli = sum.cpu_milli.saturating_add(one.cpu_milli);
            sum.memory = sum.memory.saturating_add(one.memory);
        }
    }
    let whole = |amount: i64, unit: i64| (amount.div_euclid(unit) + i64::from(amount % unit > 0)) * unit;
    let capacity = Capacity {
        cpu_milli: usual.cpu_milli.max(whole(sum.cpu_milli.saturating_add(most.cpu_milli), 1000)),
        memory: usual.memory.max(whole(sum.memory.saturating_add(most.memory), 1 << 30)),
        pods: usual.pods,
    };
    (!fits).then_some(Lack::Room { capacity })
}

/// A new cluster with the nodes that a text brings; those of the setup, where the text brings none.
#[must_use]
pub(crate) fn brought(mut setup: Setup, text: &str, release: &'static Release) -> Setup {
    let documents = objects_of(text);
    let nodes = documents.iter().filter(|one| Kind::claimed(one) == Some(Kind::Node));
    let node = |value: &Value| found(Kind::Node, value, release, Time(0)).ok()?.as_node().cloned();
    let nodes: Vec<Rc<Node>> = nodes.filter_map(node).filter(|node| !node.meta.name.is_empty()).collect();
    if !nodes.is_empty() {
        setup.nodes = nodes.iter().map(|node| Rc::clone(&node.meta.name)).collect();
        setup.machines = nodes.into_iter().map(|node| (Rc::clone(&node.meta.name), node)).collect();
    }
    setup
}

/// A new cluster whose nodes have what was added.
#[must_use]
pub(crate) fn with(mut setup: Setup, added: &[Lack]) -> Setup {
    let is_of_nodes = |lack: &&Lack| matches!(lack, Lack::Node { .. } | Lack::Label { .. } | Lack::Device { .. } | Lack::Room { .. });
    let added: Vec<&Lack> = added.iter().filter(is_of_nodes).collect();
    if added.is_empty() {
        return setup;
    }
    let named: Vec<Name> =
        added.iter().filter_map(|lack| if let Lack::Node { name } = lack { Some(Rc::clone(name)) } else { None }).collect();
    let (few, others) = (setup.nodes.len().max(named.len()), setup.nodes.iter().filter(|node| !named.contains(node)));
    setup.nodes = named.iter().chain(others).take(few).cloned().collect();
    let machine = |(at, name): (usize, &Name)| (Rc::clone(name), Rc::new(node(at, name, setup.capacity, &added)));
    setup.machines = setup.nodes.iter().enumerate().map(machine).collect();
    setup
}

/// A node with the labels and the devices that were added.
fn node(at: usize, name: &Name, usual: Capacity, added: &[&Lack]) -> Node {
    let (mut labels, mut devices, mut capacity) = (SortedMap::new(), Vec::new(), usual);
    for lack in added {
        match lack {
            Lack::Label { label, values } => {
                let last = label.rsplit('/').next().unwrap_or_default();
                let value = values.get(at % values.len().max(1)).cloned().unwrap_or_else(|| format!("{last}-{}", at + 1));
                labels.insert(Name::from(label.as_str()), Name::from(value));
            }
            Lack::Device { name, count } => devices.push((Rc::clone(name), Value::from(count.to_string()))),
            Lack::Room { capacity: room } => capacity = *room,
            _ => {}
        }
    }
    let meta = Meta { name: Rc::clone(name), labels: Rc::new(labels), ..Meta::default() };
    let devices: Map = devices.into_iter().collect();
    let status = NodeStatus { capacity, extended: [devices.clone(), devices], ..NodeStatus::default() };
    Node { meta, raw: Value::map(), unschedulable: false, taints: Vec::new(), status }
}

/// Takes a label with the values that are asked for, once.
fn union(all: &mut Vec<(String, Vec<String>)>, label: &str, more: Vec<String>) {
    let at = all.iter().position(|(known, _)| known == label).unwrap_or(all.len());
    if at == all.len() {
        all.push((label.to_owned(), Vec::new()));
    }
    let known = &mut all[at].1;
    for one in more {
        if !known.contains(&one) {
            known.push(one);
        }
    }
}

/// What nodes need not have: without it they are only liked less, or pods keep off nobody.
fn is_wish(key: &str, value: &Value) -> bool {
    key.starts_with("preferred") || key == "podAntiAffinity" || value.text_at(&["whenUnsatisfiable"]) == Some("ScheduleAnyway")
}

/// Takes the labels without which no node takes a pod or a volume.
fn look(value: &Value, is_of_nodes: bool, places: &mut Vec<(String, Vec<String>)>) {
    value.as_list().into_iter().flatten().filter(|item| !is_wish("", item)).for_each(|item| look(item, is_of_nodes, places));
    if let Some(label) = value.text_at(&["topologyKey"]) {
        union(places, label, Vec::new());
    }
    if let Some(node) = value.text_at(&["nodeName"]) {
        union(places, HOSTNAME, vec![node.to_owned()]);
    }
    let is_region = |label: &str| label == HOSTNAME || REGIONS.iter().any(|begins| label.starts_with(begins));
    if let Some(label) = value.text_at(&["key"]).filter(|label| is_of_nodes || is_region(label)) {
        match value.text_at(&["operator"]) {
            None | Some("In") => union(places, label, texts(value.list_at(&["values"]))),
            Some("Exists") => union(places, label, Vec::new()),
            Some(_) if is_region(label) => union(places, label, Vec::new()),
            Some(_) => {}
        }
    }
    for (key, item) in value.members().filter(|(key, item)| !is_wish(key, item)) {
        let wanted = item.members().filter(|_| **key == *"nodeSelector");
        wanted.for_each(|(label, name)| union(places, label, name.as_text().map(str::to_owned).into_iter().collect()));
        look(item, is_of_nodes || **key == *"nodeAffinity", places);
    }
}

fn texts(list: &[Value]) -> Vec<String> {
    list.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect()
}
