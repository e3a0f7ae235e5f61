//! Faults of what pods ask of their nodes.

use api::kind::Kind;
use api::well_known::HOSTNAME;
use base::field_path::Step;
use base::value::Value;
use text::risks::Fault;

use super::super::known::is_extended;
use super::manifest::{Found, Item, Pods, labels, spelled, steps};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    host_port(pods, all);
    extended(pods, all);
    beforehand(pods, all);
    chosen(pods, items, all);
    apart(pods, all);
}

/// Labels that nodes have by themselves.
const OF_ALL: [&str; 4] = ["kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"];
/// Folders that every node has.
const OF_SYSTEM: [&str; 8] = ["/boot", "/dev", "/etc", "/lib", "/proc", "/sys", "/usr", "/var/log"];

/// A port of the node. Models the scheduler's plugin nodeports.
fn host_port(pods: &Pods, all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        let port = container.list_at(&["ports"]).iter().enumerate().find_map(|(at, port)| Some((at, port.int_at(&["hostPort"])?)));
        if let Some((at, number)) = port.filter(|(_, number)| *number > 0) {
            let path: Vec<Step> =
                path.into_iter().chain([Step::Field("ports".into()), Step::Index(at), Step::Field("hostPort".into())]).collect();
            let texts = [container.text_at(&["name"]).unwrap_or_default().to_owned(), number.to_string(), pods.item.replicas().to_string()];
            return all.push(pods.item.fault(Fault::HostPort, &path, texts));
        }
    }
}

/// A resource that only nodes with a device plugin have. Models the scheduler's plugin noderesources.
fn extended(pods: &Pods, all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        let limits = container.at(&["resources", "limits"]).into_iter().flat_map(Value::members);
        if let Some((name, _)) = limits.into_iter().find(|(name, _)| is_extended(name)) {
            let path: Vec<Step> = path.into_iter().chain(steps(&["resources", "limits", name])).collect();
            let texts = [container.text_at(&["name"]).unwrap_or_default().to_owned(), name.to_string(), String::new()];
            return all.push(pods.item.fault(Fault::ExtraResource, &path, texts));
        }
    }
}

/// A folder or a file of the node that nobody makes. Models pkg/volume/hostpath checkType.
fn beforehand(pods: &Pods, all: &mut Vec<Found>) {
    for (at, volume) in pods.spec.list_at(&["volumes"]).iter().enumerate() {
        let Some(kind) = volume.text_at(&["hostPath", "type"]).filter(|kind| ["Directory", "File", "Socket"].contains(kind)) else {
            continue;
        };
        let path = volume.text_at(&["hostPath", "path"]).unwrap_or_default();
        let is_below = |known: &str| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if OF_SYSTEM.into_iter().any(is_below) {
            continue;
        }
        let at: Vec<Step> = pods.below(&["volumes"]).into_iter().chain([Step::Index(at), Step::Field("hostPath".into())]).collect();
        let name = volume.text_at(&["name"]).unwrap_or_default();
        all.push(pods.item.fault(Fault::Beforehand, &at, [name.to_owned(), path.to_owned(), kind.to_owned()]));
    }
}

/// Nodes that only a label chooses. Models the scheduler's plugin nodeaffinity.
fn chosen(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let mut nodes = items.iter().filter(|one| one.key.kind == Kind::Node);
    // Where the nodes are given, the run tells.
    if nodes.next().is_some() {
        return;
    }
    // Several pods on one node are told so.
    let is_told = |key: &str| OF_ALL.contains(&key) || key == HOSTNAME && pods.item.replicas() > 1;
    let wanted: Vec<(String, String)> = labels(pods.spec.at(&["nodeSelector"])).into_iter().filter(|(key, _)| !is_told(key)).collect();
    if !wanted.is_empty() {
        let texts = ["nodeSelector".to_owned(), spelled(&wanted), String::new()];
        return all.push(pods.item.fault(Fault::NodesChosen, &pods.below(&["nodeSelector"]), texts));
    }
    let path = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    let [term] = pods.spec.list_at(&path) else { return };
    let of = |one: &Value| {
        let key = one.text_at(&["key"]).filter(|key| !OF_ALL.contains(key))?;
        let values: Vec<&str> = one.list_at(&["values"]).iter().filter_map(Value::as_text).collect();
        match one.text_at(&["operator"])? {
            "In" => Some(format!("{key} in ({})", values.join(", "))),
            "Exists" => Some(key.to_owned()),
            _ => None,
        }
    };
    let wanted: Vec<String> = term.list_at(&["matchExpressions"]).iter().filter_map(of).collect();
    if !wanted.is_empty() {
        let texts = ["nodeAffinity".to_owned(), wanted.join(", "), String::new()];
        all.push(pods.item.fault(Fault::NodesChosen, &pods.below(&path), texts));
    }
}

/// Pods of which no two may share a node. Models the scheduler's plugin interpodaffinity.
fn apart(pods: &Pods, all: &mut Vec<Found>) {
    let path = ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let is_own = |term: &Value| {
        let wanted = labels(term.at(&["labelSelector", "matchLabels"]));
        let by_list = term.list_at(&["labelSelector", "matchExpressions"]).iter().all(|one| {
            let own = |key: &str| pods.labels.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
            let values = one.list_at(&["values"]);
            let has = one.text_at(&["key"]).and_then(own).is_some_and(|own| values.iter().any(|value| value.as_text() == Some(own)));
            one.text_at(&["operator"]) == Some("In") && has
        });
        let says = !wanted.is_empty() || !term.list_at(&["labelSelector", "matchExpressions"]).is_empty();
        term.text_at(&["topologyKey"]) == Some(HOSTNAME) && says && by_list && wanted.iter().all(|pair| pods.labels.contains(pair))
    };
    let replicas = pods.item.replicas();
    if replicas > 1 && pods.spec.list_at(&path).iter().any(is_own) {
        all.push(pods.item.fault(Fault::NodeEach, &pods.below(&path), [String::new(), replicas.to_string(), String::new()]));
    }
}

/// Folders of nodes that volumes need there beforehand. Models pkg/volume/local.
pub(super) fn folders(items: &[Item], all: &mut Vec<Found>) {
    let local = |one: &&Item| one.key.kind == Kind::PersistentVolume && one.value.text_at(&["spec", "local", "path"]).is_some();
    let paths: Vec<&str> = items.iter().filter(local).filter_map(|one| one.value.text_at(&["spec", "local", "path"])).collect();
    if let Some(first) = items.iter().find(local) {
        let texts = [paths.join(", "), String::new(), String::new()];
        all.push(first.fault(Fault::LocalFolder, &steps(&["spec", "local"]), texts));
    }
}
