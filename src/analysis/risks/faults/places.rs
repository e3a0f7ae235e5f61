//! Faults of what pods ask of their nodes.

use api::kind::Kind;
use api::well_known::HOSTNAME;
use base::value::Value;
use plan::places::OWN;
use text::risks::Fault;

use super::super::known::is_extended;
use super::manifest::{Found, Item, Pods, is_within, labels, of_kind, spelled, texts};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    host_port(pods, all);
    extended(pods, all);
    beforehand(pods, all);
    // Where the nodes are given, the run tells.
    if of_kind(items, Kind::Node).next().is_none() {
        chosen(pods, all);
    }
    apart(pods, all);
}

/// Folders that every node has.
const OF_SYSTEM: [&str; 8] = ["/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/var/log"];
/// The terms by which an affinity rules out nodes.
pub(super) const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
/// Those by which one prefers nodes.
pub(super) const WISHED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// The port of its node that a port of a container asks for.
pub(super) fn host_port_of(port: &Value) -> Option<i64> {
    port.int_at(&["hostPort"]).filter(|number| *number > 0)
}

/// A port of the node. Models the scheduler's plugin nodeports.
fn host_port(pods: &Pods, all: &mut Vec<Found>) {
    let found = pods.containers().find_map(|container| {
        let (port, number) = container.each(&["ports"]).find_map(|one| host_port_of(&one).map(|number| (one, number)))?;
        Some(port.fault(Fault::HostPort, &["hostPort"]).name(container.name()).value(number))
    });
    all.extend(found);
}

/// A resource that only nodes with a device plugin have. Models the scheduler's plugin noderesources.
fn extended(pods: &Pods, all: &mut Vec<Found>) {
    let found = pods.containers().find_map(|container| {
        let mut limits = container.at(&["resources", "limits"]).into_iter().flat_map(Value::members);
        let (name, _) = limits.find(|(name, _)| is_extended(name))?;
        Some(container.fault(Fault::ExtraResource, &["resources", "limits", name]).value(name))
    });
    all.extend(found);
}

/// A folder or a file of the node that nobody makes. Models pkg/volume/hostpath checkType.
fn beforehand(pods: &Pods, all: &mut Vec<Found>) {
    for volume in pods.volumes() {
        let kind = volume.text_at(&["hostPath", "type"]).filter(|kind| ["Directory", "File", "Socket"].contains(kind));
        let path = volume.text_at(&["hostPath", "path"]).unwrap_or_default();
        if let Some(kind) = kind.filter(|_| !OF_SYSTEM.into_iter().any(|known| is_within(path, known))) {
            all.push(volume.fault(Fault::Beforehand, &["hostPath"]).value(path).other(kind));
        }
    }
}

/// Nodes that only a label chooses. Models the scheduler's plugin nodeaffinity.
fn chosen(pods: &Pods, all: &mut Vec<Found>) {
    // Several pods on one node are told so.
    let is_told = |key: &str| OWN.contains(&key) || key == HOSTNAME && pods.item.replicas() > 1;
    let wanted: Vec<(String, String)> = labels(pods.spec.at(&["nodeSelector"])).into_iter().filter(|(key, _)| !is_told(key)).collect();
    if !wanted.is_empty() {
        return all.push(pods.spec.fault(Fault::NodesChosen, &["nodeSelector"]).name("nodeSelector").value(spelled(&wanted)));
    }
    let path = ["affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"];
    let [term] = pods.spec.list_at(&path) else { return };
    let of = |one: &Value| {
        let key = one.text_at(&["key"]).filter(|key| !OWN.contains(key))?;
        match one.text_at(&["operator"])? {
            "In" => Some(format!("{key} in ({})", texts(one, &["values"]).collect::<Vec<_>>().join(", "))),
            "Exists" => Some(key.to_owned()),
            _ => None,
        }
    };
    let wanted: Vec<String> = term.list_at(&["matchExpressions"]).iter().filter_map(of).collect();
    if !wanted.is_empty() {
        all.push(pods.spec.fault(Fault::NodesChosen, &path).name("nodeAffinity").value(wanted.join(", ")));
    }
}

/// Pods of which no two may share a node. Models the scheduler's plugin interpodaffinity.
fn apart(pods: &Pods, all: &mut Vec<Found>) {
    let path = ["affinity", "podAntiAffinity", REQUIRED];
    let selects = |one: &Value| {
        let own = pods.labels.iter().find(|(key, _)| one.text_at(&["key"]) == Some(key));
        one.text_at(&["operator"]) == Some("In") && own.is_some_and(|(_, own)| texts(one, &["values"]).any(|value| value == own))
    };
    let is_own = |term: &Value| {
        let wanted = labels(term.at(&["labelSelector", "matchLabels"]));
        let by_list = term.list_at(&["labelSelector", "matchExpressions"]);
        let says = !wanted.is_empty() || !by_list.is_empty();
        let is_it = by_list.iter().all(selects) && wanted.iter().all(|pair| pods.labels.contains(pair));
        term.text_at(&["topologyKey"]) == Some(HOSTNAME) && says && is_it
    };
    let replicas = pods.item.replicas();
    if replicas > 1 && pods.spec.list_at(&path).iter().any(is_own) {
        all.push(pods.spec.fault(Fault::NodeEach, &path).value(replicas));
    }
}

/// Folders of nodes that volumes need there beforehand. Models pkg/volume/local.
pub(super) fn folders(items: &[Item], all: &mut Vec<Found>) {
    let local = || of_kind(items, Kind::PersistentVolume).filter_map(|one| Some((one, one.text_at(&["spec", "local", "path"])?)));
    if let Some((first, _)) = local().next() {
        let paths: Vec<&str> = local().map(|(_, path)| path).collect();
        all.push(first.fault(Fault::LocalFolder, &["spec", "local"]).name(paths.join(", ")));
    }
}
