//! `taint`: sets the taints of nodes.
//!
//! Models k8s.io/kubectl/pkg/cmd/taint.

use crate::work::{Step, done_or};
use crate::write::Report;
use api::client::{Patch, Subresource};
use api::kind::Kind;
use api::names::{label_key, label_value};
use api::view::{self, text};
use base::given::SetGiven;
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::resources::{find, kind_called};
use kubectl::select::Filter;
use kubectl::session::Session;

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A taint to add or remove; without an effect, all taints with the key are removed.
#[derive(Clone)]
struct Taint {
    key: String,
    value: String,
    effect: String,
}

impl Taint {
    /// Whether a node's taint is this one: same key and effect.
    fn is(&self, other: &Value) -> bool {
        text(other, &["key"]) == self.key && (self.effect.is_empty() || text(other, &["effect"]) == self.effect)
    }

    fn to_value(&self) -> Value {
        let mut value = Value::of([("key", self.key.as_str()), ("effect", self.effect.as_str())]);
        value.set_filled(&["value"], self.value.as_str());
        value
    }
}

/// Runs the command.
pub fn taint(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let report = Report::of(call)?;
    // What the server answers is a Go struct; what is shown without it is the map that the patch was made of.
    let report = if report.asks_server() { report } else { report.of_maps() };
    let names = call.args.iter().take_while(|a| !a.contains('=') && !a.ends_with('-') && !a.contains(':')).count();
    let (resources, specs) = call.args.split_at(names);
    let Some((kind, names)) = resources.split_first() else {
        return Err(Failure::client("one or more resources must be specified as <resource> <name>"));
    };
    Failure::client_if(specs.is_empty(), "at least one taint update is required")?;
    if find(kind, session.client) != Some(Kind::Node) {
        kind_called(kind, session.client)?;
        return Err(Failure::client(format!("invalid resource type {}, only node types are supported", kind.to_ascii_lowercase())));
    }
    let (add, remove) = read_taints(specs).map_err(|wrong| call.usage(wrong))?;
    check_conflicts(&add, &remove)?;
    let filter = Filter::of(call);
    let all = call.flags.on("all");
    Failure::client_if(all && !filter.is_empty(), "setting 'all' parameter with a non empty selector is prohibited")?;
    let nodes: Vec<Result<Value, Failure>> = if all || names.is_empty() {
        Failure::client_if(filter.is_empty() && !all, "at least one resource name must be specified since 'all' parameter is not set")?;
        session.list(Kind::Node, None, &filter)?.into_iter().map(Ok).collect()
    } else {
        names.iter().map(|name| session.get(Kind::Node, "", name)).collect()
    };
    let overwrite = call.flags.on("overwrite");
    let mut failures = Vec::new();
    for node in nodes {
        let outcome = node.and_then(|node| taint_one(session, &node, &add, &remove, overwrite, &report));
        failures.extend(outcome.err());
    }
    done_or(failures)
}

/// Refuses to add and to remove one taint at once. Models taint.go Validate.
fn check_conflicts(add: &[Taint], remove: &[Taint]) -> Result<(), Failure> {
    let is_same = |new: &Taint, old: &Taint| new.key == old.key && (old.effect.is_empty() || new.effect == old.effect);
    let both = add.iter().flat_map(|new| remove.iter().filter(|old| is_same(new, old)));
    let told: Vec<String> = both.map(|old| format!("{}={}", old.key, old.effect)).collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(Failure::client(format!("can not both modify and remove the following taint(s) in the same command: {}", told.join(", "))))
}

/// The taints to add and to remove, or the error. Models parseTaints.
fn read_taints(specs: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), String> {
    let (mut add, mut remove): (Vec<Taint>, Vec<Taint>) = (Vec::new(), Vec::new());
    for spec in specs {
        if let Some(body) = spec.strip_suffix('-') {
            remove.push(read_taint(body)?);
            continue;
        }
        let taint = read_taint(spec)?;
        if taint.effect.is_empty() {
            return Err(format!("invalid taint spec: {spec}"));
        }
        if add.iter().any(|t| t.key == taint.key && t.effect == taint.effect) {
            let Taint { key, value, effect } = &taint;
            return Err(format!("duplicated taints with the same key and effect: {{{key} {value} {effect} <nil>}}"));
        }
        add.push(taint);
    }
    Ok((add, remove))
}

/// Parses `key=value:effect`, `key:effect` or `key`. Models parseTaint.
fn read_taint(spec: &str) -> Result<Taint, String> {
    let invalid = |why: &str| format!("invalid taint spec: {spec}{why}");
    let joined = |problems: &[String]| invalid(&format!(", {}", problems.join("; ")));
    let (mut key, mut value, mut effect) = (spec, "", "");
    if let Some((pair, after)) = spec.split_once(':') {
        if after.contains(':') {
            return Err(invalid(""));
        }
        if !EFFECTS.contains(&after) {
            return Err(format!("invalid taint effect: {after}, unsupported taint effect"));
        }
        effect = after;
        (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.contains('=') {
            return Err(invalid(""));
        }
        let problems = label_value(value);
        if !problems.is_empty() {
            return Err(joined(&problems));
        }
    }
    let problems = label_key(key);
    if !problems.is_empty() {
        return Err(joined(&problems));
    }
    Ok(Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() })
}

fn taint_one(
    session: &mut Session,
    node: &Value,
    add: &[Taint],
    remove: &[Taint],
    overwrite: bool,
    report: &Report,
) -> Result<(), Failure> {
    let old = node.list_at(&["spec", "taints"]);
    let there = add.iter().filter(|t| old.iter().any(|o| t.is(o)));
    let there: Vec<&str> = there.map(|t| t.key.as_str()).collect();
    if !overwrite && !there.is_empty() {
        let (name, keys) = (view::name(node), there.join(","));
        return Err(Failure::client(format!("node {name} already has {keys} taint(s) with same effect(s) and --overwrite is false")));
    }
    let missing = remove.iter().filter(|t| !old.iter().any(|o| t.is(o))).map(|t| {
        let effect = if t.effect.is_empty() { String::new() } else { format!(":{}", t.effect) };
        Failure::client(format!("taint \"{}{effect}\" not found", t.key))
    });
    Failure::from_all(missing.collect())?;
    let mut taints: Vec<Value> = add.iter().map(Taint::to_value).collect();
    taints.extend(old.iter().filter(|o| !add.iter().chain(remove).any(|t| t.is(o))).cloned());
    let adds = add.iter().any(|t| !old.iter().any(|o| t.is(o)));
    let word = match (adds, !remove.is_empty()) {
        (true, true) => "modified",
        _ if overwrite => "modified",
        (true, false) => "tainted",
        (false, _) => "untainted",
    };
    let mut changed = node.clone();
    let mut patch = Value::map();
    patch.set(&["spec", "taints"], if taints.is_empty() { Value::Null } else { Value::list(taints.iter().cloned()) });
    if report.asks_server() {
        let patch = Patch::merge(&patch);
        let written = session.client.patch(Kind::Node, "", view::name(node), patch, Subresource::None, &report.options)?;
        session.warn_all(&written);
        changed = written.object;
    } else {
        drop(changed.remove(&["spec", "taints"]));
        changed.set_filled(&["spec", "taints"], taints);
    }
    report.say_done(session, &format!("node/{}", view::name(node)), word, &changed)
}
