//! Writing scenarios as files.

use crate::file::{Fault, Plane, SETTLE_TIMEOUT, Scenario, Step};
use base::given::InsertGiven;
use base::value::{Map, Value};
use playground::history::scenario::{self, seconds};

/// The text of a scenario file, which parses to the same scenario.
pub fn text(scenario: &Scenario) -> String {
    let mut m = Map::new();
    m.insert("name", scenario.name.as_str());
    m.insert("title", scenario.title.as_str());
    match scenario.plane {
        Plane::Default => {}
        Plane::NodeDefaults => drop(m.insert("plane", "node-defaults")),
        Plane::MaxUnavailable => drop(m.insert("plane", "maxunavailable")),
        Plane::Playground => drop(m.insert("plane", "playground")),
    }
    let cluster = &scenario.cluster;
    let classes = Value::list(cluster.storage_classes.iter().map(String::as_str));
    let classes = [("storageClasses", classes), ("defaultStorageClass", cluster.default_storage_class.as_str().into())];
    m.insert("cluster", Value::of(classes.into_iter().chain(cluster.real_nodes.then_some(("realNodes", true.into())))));
    let (kubelet, plane) = (scenario.kubelet, scenario.control_plane);
    insert_delays(
        &mut m,
        "kubelet",
        &[("SyncMs", kubelet.sync_ms), ("StartMs", kubelet.start_ms), ("ReadyMs", kubelet.ready_ms), ("StopMs", kubelet.stop_ms)],
    );
    insert_delays(&mut m, "controlPlane", &[("WatchMs", plane.watch_ms), ("SyncMs", plane.sync_ms), ("RequestMs", plane.request_ms)]);
    m.insert("files", Value::of(scenario.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))));
    m.insert("steps", Value::list(scenario.steps.iter().map(step)));
    let nodes = scenario.placements.iter().map(|(pod, nodes)| (pod.as_str(), Value::list(nodes.iter().map(String::as_str))));
    m.insert("placements", Value::of(nodes));
    yaml::print(&m.into())
}

fn insert_delays(m: &mut Map, key: &str, delays: &[(&str, Option<u64>)]) {
    let given: Vec<_> = delays.iter().filter_map(|(name, ms)| Some((*name, i64::try_from((*ms)?).ok()?))).collect();
    m.insert_filled(key, Value::of(given));
}

fn step(step: &Step) -> Value {
    match step {
        Step::Kubectl { line, background } | Step::Shell { line, background } => {
            let key = if matches!(step, Step::Shell { .. }) { "sh" } else { "kubectl" };
            let line = (key, line.as_str());
            Value::of([line].into_iter().chain(background.as_deref().map(|name| ("background", name))))
        }
        Step::Stop(name) => Value::of([("stop", name.as_str())]),
        Step::Join(name) => Value::of([("join", name.as_str())]),
        Step::Wait { condition, .. } => Value::of([("wait", condition.to_value())]),
        Step::Settle { quiet, timeout } if *timeout == SETTLE_TIMEOUT => Value::of([("settle", seconds(*quiet))]),
        Step::Settle { quiet, timeout } => Value::of([("settle", seconds(*quiet)), ("timeout", seconds(*timeout))]),
        Step::Sleep(span) => Value::of([("sleep", seconds(*span))]),
        Step::Note(text) => Value::of([("note", text.as_str())]),
        Step::Fault(f) => Value::of([("fault", fault(f))]),
        Step::Remember(values) => Value::of([("remember", Value::of(values.iter().map(|(name, value)| (name.as_str(), value.as_str()))))]),
        Step::Act { at, terminal, act } => scenario::act(*at, *terminal, act),
        Step::Edit { at, terminal, text } => scenario::edit(*at, *terminal, text),
    }
}

fn fault(fault: &Fault) -> Value {
    let on_pod = |op: &str, pod: &str| Value::of([("op", op), ("pod", pod)]);
    match fault {
        Fault::NodeDown { node } => Value::of([("op", "node-down"), ("node", node)]),
        Fault::NodeUp { node, restart_containers } => {
            let node = [("op", Value::from("node-up")), ("node", node.as_str().into())];
            Value::of(node.into_iter().chain(restart_containers.then_some(("restartContainers", true.into()))))
        }
        Fault::PodUnready { pod } => on_pod("pod-unready", pod),
        Fault::PodReady { pod } => on_pod("pod-ready", pod),
        Fault::Evict { pod } => on_pod("evict", pod),
        Fault::Crash { pod, exit_code } => {
            Value::of([("op", Value::from("crash")), ("pod", pod.as_str().into()), ("exitCode", (*exit_code).into())])
        }
    }
}
