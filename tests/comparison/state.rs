//! The state of the cluster each time it had settled, and its Events.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::run::{Run, base, split, squeeze, text};
use crate::words::{AGES, age, replace};

/// Events that appear in some runs only: retries after a lost race, and repetitions.
pub const NOISE_EVENTS: [&str; 10] = [
    "FailedToUpdateEndpointSlices",
    "FailedToUpdateEndpoint",
    "FailedToCreateEndpoint",
    "ExternalProvisioning",
    "FailedUpdate",
    "FailedScheduling",
    "Starting",
    "RegisteredNode",
    "NodeAllocatableEnforced",
    "LeaderElection",
];
/// The prefix of an Event that stands for several.
const COMBINED: &str = "(combined from similar events)";

/// The state, part by part: pods, claims, volumes, endpoints, statuses, revisions, nodes.
pub type State = BTreeMap<&'static str, Value>;

#[derive(Clone, Default)]
struct World {
    pods: Map<String, Value>,
    claims: Map<String, Value>,
    volumes: Map<String, Value>,
    endpoints: Map<String, Value>,
    status: Map<String, Value>,
    revisions: Map<String, Value>,
    nodes: Map<String, Value>,
}

/// The state at every `settled` mark.
pub fn states(run: &Run) -> Vec<State> {
    let mut world = World::default();
    let mut out = Vec::new();
    for entry in &run.trace {
        if text(entry, "e") == "settled" {
            out.push(world.snapshot());
        } else {
            world.take(run, entry);
        }
    }
    out
}

/// Sets a field of an existing object.
fn set(objects: &mut Map<String, Value>, name: &str, key: &str, value: Value) {
    if let Some(Value::Object(fields)) = objects.get_mut(name) {
        fields.insert(key.into(), value);
    }
}

impl World {
    fn take(&mut self, run: &Run, x: &Value) {
        let name = text(x, "name");
        let (kind, what) = split(x);
        match (kind, what) {
            ("pod", "removed") => drop(self.pods.remove(name)),
            ("pod", _) => self.take_pod(run, what, name, x),
            ("pvc", "created") => drop(self.claims.insert(name.into(), json!({"phase": "Pending"}))),
            ("pvc", "removed") => drop(self.claims.remove(name)),
            ("pvc", "phase" | "owners") => set(&mut self.claims, name, what, x[what].clone()),
            ("pvc", "deleting") => set(&mut self.claims, name, what, true.into()),
            ("pv", "created") => drop(self.volumes.insert(name.into(), json!({"claim": x["claim"], "phase": "Pending"}))),
            ("pv", "removed") => drop(self.volumes.remove(name)),
            ("pv", "phase") => set(&mut self.volumes, name, what, x[what].clone()),
            ("endpoints", _) => drop(self.endpoints.insert(text(x, "service").into(), behind(x))),
            ("eps", "removed") => drop(self.endpoints.remove(name)),
            ("sts" | "deploy" | "rs" | "pdb", "status") => {
                let mut fields = x.as_object().cloned().unwrap_or_default();
                fields.retain(|key, _| !matches!(key.as_str(), "seq" | "t" | "e" | "name"));
                self.status.insert(format!("{kind}/{name}"), fields.into());
            }
            ("sts" | "deploy" | "rs" | "pdb", "removed") => drop(self.status.remove(&format!("{kind}/{name}"))),
            ("rev", "created" | "revision") => drop(self.revisions.insert(name.into(), x["revision"].clone())),
            ("rev", "removed") => drop(self.revisions.remove(name)),
            ("node", "ready" | "taints" | "unschedulable") => {
                let value = match what {
                    "ready" => &x["status"],
                    "taints" => &x["taints"],
                    _ => &x["value"],
                };
                self.nodes.entry(name).or_insert_with(|| json!({}));
                set(&mut self.nodes, name, what, value.clone());
            }
            _ => {}
        }
    }

    fn take_pod(&mut self, run: &Run, what: &str, name: &str, x: &Value) {
        let (key, value) = match what {
            "created" => {
                let (image, revision) = (&x["image"], &x["revision"]);
                let pod =
                    json!({"image": image, "revision": revision, "phase": "Pending", "ready": false, "node": null, "containers": null});
                self.pods.insert(name.into(), pod);
                return;
            }
            "bound" => {
                if let Some(Value::Object(pod)) = self.pods.get_mut(name) {
                    pod.remove("scheduling");
                }
                ("node", true.into())
            }
            "phase" | "image" | "owners" => (what, x[what].clone()),
            "deleting" => (what, true.into()),
            "containers" => {
                let shown = |c: &Value| json!([c["state"], c["ready"], c["restarts"]]);
                let containers: Vec<Value> = x["containers"].as_array().into_iter().flatten().map(shown).collect();
                (what, containers.into())
            }
            "condition" => match text(x, "type") {
                "Ready" => ("ready", (text(x, "status") == "True").into()),
                "PodScheduled" => ("scheduling", run.stable(text(x, "message")).into()),
                _ => return,
            },
            _ => return,
        };
        set(&mut self.pods, name, key, value);
    }

    fn snapshot(&self) -> State {
        let (mut named, mut anonymous) = (Map::new(), BTreeMap::<String, u64>::new());
        for (name, pod) in &self.pods {
            if name.contains("-#") {
                *anonymous.entry(format!("{} {pod}", base(name))).or_default() += 1;
            } else {
                named.insert(name.clone(), pod.clone());
            }
        }
        let sorted = |values: &mut dyn Iterator<Item = String>| {
            let mut list: Vec<String> = values.collect();
            list.sort();
            Value::from(list)
        };
        BTreeMap::from([
            ("pods", named.into()),
            ("generated pods", json!(anonymous)),
            ("claims", self.claims.clone().into()),
            ("volumes", sorted(&mut self.volumes.values().map(|v| format!("{} {}", text(v, "claim"), text(v, "phase"))))),
            ("endpoints", self.endpoints.clone().into()),
            ("status", self.status.clone().into()),
            ("revisions", self.revisions.clone().into()),
            ("nodes", sorted(&mut self.nodes.values().map(Value::to_string))),
        ])
    }
}

/// The endpoints of a Service, without their nodes.
fn behind(x: &Value) -> Value {
    let mut list: Vec<String> = Vec::new();
    for endpoint in x["endpoints"].as_array().into_iter().flatten() {
        let mut endpoint = endpoint.clone();
        endpoint["pod"] = base(text(&endpoint, "pod")).into();
        if let Value::Object(fields) = &mut endpoint {
            fields.remove("node");
        }
        list.push(endpoint.to_string());
    }
    list.sort();
    list.into()
}

/// Type, reason, object and message.
pub type Said = [String; 4];

/// All Events, without duplicates.
pub fn said(run: &Run) -> BTreeSet<Said> {
    let told = |x: &&Value| {
        let message = text(x, "message");
        !NOISE_EVENTS.contains(&text(x, "reason")) && !message.starts_with("Cancelling deletion of Pod") && !message.starts_with(COMBINED)
    };
    let shown = |x: &Value| {
        let message = squeeze_inside(&replace(&run.stable(text(x, "message")), "<age>", AGES, age));
        [text(x, "type").into(), text(x, "reason").into(), base(&run.stable(text(x, "object"))), message]
    };
    run.trace.iter().filter(|x| text(x, "e") == "event").filter(told).map(shown).collect()
}

/// Collapses white space, but keeps it at the ends.
fn squeeze_inside(message: &str) -> String {
    let space = |yes: bool| if yes { " " } else { "" };
    format!("{}{}{}", space(message.starts_with(char::is_whitespace)), squeeze(message), space(message.ends_with(char::is_whitespace)))
}

/// The reason and object of Events that the recorder has aggregated.
pub fn folded(run: &Run) -> BTreeSet<(&str, &str)> {
    let combined = run.trace.iter().filter(|x| text(x, "e") == "event" && text(x, "message").starts_with(COMBINED));
    combined.map(|x| (text(x, "reason"), text(x, "object"))).collect()
}
