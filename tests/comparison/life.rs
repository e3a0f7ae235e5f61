//! The life of each object, and the order in which a workload's pods went through theirs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::run::{Run, base, split, text};
use crate::words::{DATES, replace, stamp};

/// The kinds that are compared.
const KINDS: [&str; 9] = ["pod", "pvc", "pv", "rev", "rs", "sts", "deploy", "svc", "pdb"];
/// The changes of pods whose order is compared.
const MOMENTS: [&str; 5] = ["created", "ready", "unready", "deleting", "removed"];
/// Pairs of changes in which one pod's lets another proceed.
const CAUSES: [(&str, &str); 4] = [("ready", "created"), ("ready", "deleting"), ("removed", "created"), ("removed", "deleting")];
/// The order of two moments at least this far apart, in milliseconds, is not accidental.
const APART_MS: i64 = 100;

/// Kind, name, incarnation.
pub type Who = (String, String, u64);

/// Each object's significant changes in order; for pods with generated names, the sorted lives of their family.
pub fn lives(run: &Run) -> BTreeMap<Who, Vec<String>> {
    let mut lives: BTreeMap<Who, Vec<Value>> = BTreeMap::new();
    for entry in &run.trace {
        let (kind, what) = split(entry);
        if !KINDS.contains(&kind) {
            continue;
        }
        if let Some(step) = significant(run, kind, what, entry) {
            let who = (kind.to_owned(), text(entry, "name").to_owned(), entry["inst"].as_u64().unwrap_or(1));
            let steps = lives.entry(who).or_default();
            if steps.last() != Some(&step) {
                steps.push(step);
            }
        }
    }
    let mut out: BTreeMap<Who, Vec<String>> = BTreeMap::new();
    for ((kind, name, incarnation), steps) in lives {
        let family = name.contains("-#");
        let who = if family { (kind, base(&name), 0) } else { (kind, name, incarnation) };
        out.entry(who).or_default().push(Value::from(steps).to_string());
    }
    for lives in out.values_mut() {
        lives.sort();
    }
    out
}

/// A change as it is compared; `None` if it only concerns timing or chance.
fn significant(run: &Run, kind: &str, what: &str, entry: &Value) -> Option<Value> {
    match (kind, what) {
        ("sts" | "deploy" | "rs" | "pdb", "status") | ("rs", "spec" | "revision") | (_, "grace") | ("pvc", "selectedNode") => return None,
        ("pod", "condition") => {
            return match text(entry, "type") {
                "Ready" => Some(json!([if text(entry, "status") == "True" { "ready" } else { "unready" }])),
                "DisruptionTarget" => Some(json!(["disruption", entry["reason"]])),
                _ => None,
            };
        }
        ("pod", "containers") => {
            let shown = |c: &Value| json!([c["name"], c["state"], c["restarts"]]);
            let containers: Vec<Value> = entry["containers"].as_array().into_iter().flatten().map(shown).collect();
            return Some(json!(["containers", containers]));
        }
        ("pod", "phase") => return Some(json!(["phase", entry["phase"], entry["reason"]])),
        _ => {}
    }
    let mut fields: Map<String, Value> = entry.as_object().cloned().unwrap_or_default();
    fields.retain(|key, _| !matches!(key.as_str(), "seq" | "t" | "e" | "name" | "inst" | "hashName"));
    for (key, value) in &mut fields {
        if key == "node" && (kind == "pv" || (kind, what) == ("pod", "bound")) {
            *value = "?".into();
        } else if let Value::String(s) = value {
            *s = run.stable(s);
        }
        without_stamps(value);
    }
    Some(json!([what, fields]))
}

fn without_stamps(value: &mut Value) {
    match value {
        Value::String(s) => *s = replace(s, "<time>", DATES, stamp).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(without_stamps),
        Value::Object(fields) => fields.values_mut().for_each(without_stamps),
        _ => {}
    }
}

/// A change of a pod: what, which pod, and its how-manyth occurrence.
pub type Moment = (String, String, usize);

/// Each workload's moments in order, with milliseconds.
pub fn moments(run: &Run) -> BTreeMap<String, Vec<(Moment, i64)>> {
    let mut out: BTreeMap<String, Vec<(Moment, i64)>> = BTreeMap::new();
    let (mut owner, mut ready) = (BTreeMap::new(), BTreeMap::new());
    let mut count: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for entry in &run.trace {
        let ("pod", mut what) = split(entry) else { continue };
        let name = text(entry, "name");
        if what == "created" {
            owner.insert(name, workload(entry));
            ready.insert(name, false);
        }
        if what == "condition" {
            let now = text(entry, "status") == "True";
            if text(entry, "type") != "Ready" || ready.insert(name, now).unwrap_or(false) == now {
                continue;
            }
            what = if now { "ready" } else { "unready" };
        }
        if !MOMENTS.contains(&what) {
            continue;
        }
        let who = owner.get(name).cloned().unwrap_or_else(|| "none".into());
        let nth = count.entry((who.clone(), what.into(), base(name))).or_default();
        *nth += 1;
        out.entry(who).or_default().push(((what.into(), base(name), *nth), entry["t"].as_i64().unwrap_or(0)));
    }
    out
}

/// The workload of a new pod; ReplicaSets are represented by their Deployment.
fn workload(created: &Value) -> String {
    let owners = created["owners"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let Some(owner) = owners.filter(|o| !o.contains("not controller")).find_map(|o| o.split(' ').next()) else { return "none".into() };
    match owner.strip_prefix("ReplicaSet/").and_then(|name| name.rsplit_once('@')) {
        Some((deployment, _)) => format!("Deployment/{deployment}"),
        None => owner.to_owned(),
    }
}

/// The non-accidental ordered pairs of one run: of one pod, far enough apart in time, or of cause and effect.
pub fn before(moments: &[(Moment, i64)]) -> BTreeSet<(&Moment, &Moment)> {
    let mut out = BTreeSet::new();
    for (i, (p, t)) in moments.iter().enumerate() {
        for (q, u) in &moments[i + 1..] {
            if p.1 == q.1 || u - t >= APART_MS || CAUSES.contains(&(&p.0, &q.0)) {
                out.insert((p, q));
            }
        }
    }
    out
}

/// For each pod with a node-bound volume: whether all incarnations ran on the same node.
pub fn places(run: &Run) -> BTreeMap<&str, bool> {
    let tied = run.trace.iter().filter(|x| text(x, "e") == "pv.created" && !text(x, "node").is_empty());
    let tied: BTreeSet<&str> = tied.map(|x| text(x, "claim")).collect();
    let (mut first, mut pinned, mut same) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for entry in &run.trace {
        let name = text(entry, "name");
        match text(entry, "e") {
            "pod.created" => {
                let mut claims = entry["claims"].as_array().into_iter().flatten().filter_map(Value::as_str);
                pinned.insert(name, claims.any(|c| tied.contains(c)));
            }
            "pod.bound" if pinned.get(name) == Some(&true) && !name.contains("-#") => {
                let here = *first.entry(name).or_insert(text(entry, "node")) == text(entry, "node");
                *same.entry(name).or_insert(true) &= here;
            }
            _ => {}
        }
    }
    same
}
