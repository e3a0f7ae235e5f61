//! What each object went through, and the order in which the pods of a workload went through it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::run::{Run, base, split, text};
use crate::words::{replace, stamp};

/// The kinds whose lives are compared.
const KINDS: [&str; 9] = ["pod", "pvc", "pv", "rev", "rs", "sts", "deploy", "svc", "pdb"];
/// The changes of pods whose order is compared.
const MOMENTS: [&str; 5] = ["created", "ready", "unready", "deleting", "removed"];
/// What one pod does that lets another go ahead.
const CAUSES: [(&str, &str); 4] = [("ready", "created"), ("ready", "deleting"), ("removed", "created"), ("removed", "deleting")];
/// So many milliseconds apart, two moments are no accident.
const APART_MS: i64 = 100;

/// Kind, name, incarnation.
pub type Who = (String, String, u64);

/// For each object the significant changes in order; for pods with generated names the lives of all of one family, sorted.
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

/// A change as it is compared; `None` for what is timing or chance.
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
        Value::String(s) => *s = replace(s, "<time>", stamp).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(without_stamps),
        Value::Object(fields) => fields.values_mut().for_each(without_stamps),
        _ => {}
    }
}

/// A change of a pod: what, which pod, and for the how manieth time.
pub type Moment = (String, String, usize);

/// For each workload the moments of its pods in the order in which they came, with milliseconds.
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

/// Whose a new pod is; the Deployment stands for its ReplicaSets.
fn workload(created: &Value) -> String {
    let owners = created["owners"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let Some(owner) = owners.filter(|o| !o.contains("not controller")).find_map(|o| o.split(' ').next()) else { return "none".into() };
    match owner.strip_prefix("ReplicaSet/").and_then(|name| name.rsplit_once('@')) {
        Some((deployment, _)) => format!("Deployment/{deployment}"),
        None => owner.to_owned(),
    }
}

/// The ordered pairs of one run that are no accident: of one pod, apart in time, or of cause and effect.
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

/// For each pod with a volume that is tied to a node: whether every incarnation landed where the first did.
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
