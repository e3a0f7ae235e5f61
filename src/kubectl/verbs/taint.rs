//! `taint`: what keeps pods away from nodes.
//!
//! Models k8s.io/kubectl/pkg/cmd/taint.

use crate::api::client::{PatchType, Subresource};
use crate::api::kind::Kind;
use crate::base::value::Value;
use crate::kubectl::commands::Call;
use crate::kubectl::failure::Failure;
use crate::kubectl::job::{Step, done_or};
use crate::kubectl::resources::{find, kind_called};
use crate::kubectl::select::Filter;
use crate::kubectl::session::Session;
use crate::kubectl::verbs::write::{DryRun, Report};
use crate::kubectl::view::{self, text};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A taint to add, or one to take away; without an effect all of the key are taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        if !self.value.is_empty() {
            value.set(&["value"], self.value.as_str());
        }
        value
    }
}

/// Runs the command.
pub fn taint(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    let report = Report::of(call, session)?;
    let mut args = call.args.as_slice();
    let Some((kind, rest)) = args.split_first() else {
        return Err(Failure::client("one or more resources must be specified as <resource> <name> or <resource>/<name>"));
    };
    if find(kind) != Some(Kind::Node) {
        let known = kind_called(kind)?;
        return Err(Failure::client(format!("invalid resource type {}, only node(s) is supported", known.info().plural)));
    }
    args = rest;
    let names = args.iter().take_while(|a| !a.contains('=') && !a.ends_with('-') && !a.contains(':')).count();
    let (names, specs) = args.split_at(names);
    if specs.is_empty() {
        return Err(Failure::client("at least one taint update is required"));
    }
    let (add, remove) = read_taints(specs)?;
    let filter = Filter::of(call);
    let nodes: Vec<Result<Value, Failure>> = if names.is_empty() {
        if filter.is_empty() && !call.flags.on("all") {
            return Err(Failure::client("at least one resource name must be specified since 'all' parameter is not set"));
        }
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

fn read_taints(specs: &[String]) -> Result<(Vec<Taint>, Vec<Taint>), Failure> {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for spec in specs {
        let invalid = || Failure::client(format!("invalid taint spec: {spec}"));
        let (body, takes_away) = match spec.strip_suffix('-') {
            Some(body) => (body, true),
            None => (spec.as_str(), false),
        };
        let (pair, effect) = body.split_once(':').unwrap_or((body, ""));
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if key.is_empty() || effect.contains(':') || (!takes_away && effect.is_empty()) {
            return Err(invalid());
        }
        if !effect.is_empty() && !EFFECTS.contains(&effect) {
            return Err(Failure::client(format!("invalid taint effect: {effect}, unsupported taint effect")));
        }
        let taint = Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() };
        if takes_away { remove.push(taint) } else { add.push(taint) }
    }
    Ok((add, remove))
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
    if !overwrite && add.iter().any(|t| old.iter().any(|o| t.is(o))) {
        let name = view::name(node);
        return Err(Failure::client(format!("node {name} already has a taint(s) with same effect(s) and --overwrite is false")));
    }
    if let Some(missing) = remove.iter().find(|t| !old.iter().any(|o| t.is(o))) {
        let effect = if missing.effect.is_empty() { String::new() } else { format!(":{}", missing.effect) };
        return Err(Failure::client(format!("taint \"{}{effect}\" not found", missing.key)));
    }
    let mut taints: Vec<Value> = add.iter().map(Taint::to_value).collect();
    taints.extend(old.iter().filter(|o| !add.iter().chain(remove).any(|t| t.is(o))).cloned());
    let word = match (add.is_empty(), remove.is_empty()) {
        (_, true) => "tainted",
        (true, false) => "untainted",
        (false, false) => "modified",
    };
    let mut changed = node.clone();
    let mut patch = Value::map();
    patch.set(&["spec", "taints"], if taints.is_empty() { Value::Null } else { Value::list(taints) });
    if report.dry_run != DryRun::Client {
        let dry = report.dry_run == DryRun::Server;
        let written = session.client.patch(Kind::Node, "", view::name(node), PatchType::Merge, &patch, Subresource::None, dry)?;
        session.warn_all(&written);
        changed = written.object;
    }
    report.say(session, &format!("node/{}", view::name(node)), word, &changed)
}
