//! What the server accepts and keeps, and nothing in the simulation acts on.

use crate::notes::pod_spec;
use api::admit::is_token;
use api::decode::{acts_on, not_simulated};
use api::kind::Kind;
use api::object::Object;
use api::release::Release;
use api::rules::rules;
use base::field_path::Step;
use base::value::Value;
use cluster::command::runs_exec_probes;
use server::log::{Actor, Change};

/// Where the fields of a pod begin in a workload.
const POD: &str = "template.spec.";

/// The fields of an object that are kept and change nothing, or its kind, where nothing of it does. What they would be anyway is no news.
pub fn parts(object: &Value, release: &Release) -> Vec<String> {
    let Some(kind) = Kind::claimed(object) else {
        // Nothing acts on a custom kind.
        return object.text_at(&["kind"]).map(str::to_owned).into_iter().collect();
    };
    let mut fields = not_simulated(kind, object);
    // Every pod gets a volume with its token.
    let in_token = |path: &[Step]| (1..path.len()).any(|to| at(object, &path[..to]).is_some_and(is_token));
    fields.retain(|path| !in_token(&path.0));
    let says = |key: &str| !matches!(key, "apiVersion" | "kind" | "metadata" | "status");
    let all = object.members().filter(|(key, _)| says(key)).count();
    if all > 0 && (!acts_on(kind) || fields.iter().filter(|path| path.0.len() == 1).count() == all) {
        return vec![kind.info().name.to_owned()];
    }
    let mut unsaid = object.clone();
    for path in &fields {
        remove(&mut unsaid, &path.0);
    }
    (rules().fill_in)(kind, &mut unsaid, release);
    if kind == Kind::Service {
        (rules().prepare_new)(kind, &mut unsaid, release);
    }
    fields.retain(|path| at(&unsaid, &path.0) != at(object, &path.0));
    fields.iter().map(ToString::to_string).chain(supposed_probes(object)).collect()
}

/// The exec probes that pass whatever they run: those in containers of whose image nothing is known.
fn supposed_probes(object: &Value) -> Vec<String> {
    let Some((path, spec)) = pod_spec(object) else { return Vec::new() };
    let mut probes = Vec::new();
    for list in ["initContainers", "containers"] {
        for (at, container) in spec.list_at(&[list]).iter().enumerate() {
            let is_interactive = container.get("stdin").and_then(Value::as_bool) == Some(true);
            let is_scripted = ["command", "args"].iter().any(|words| !container.list_at(&[words]).is_empty()) && !is_interactive;
            if runs_exec_probes(container.text_at(&["image"]).unwrap_or_default(), is_scripted) {
                continue;
            }
            let is_exec = |probe: &&str| container.at(&[probe, "exec"]).is_some();
            let found = ["startupProbe", "livenessProbe", "readinessProbe"].into_iter().filter(is_exec);
            probes.extend(found.map(|probe| format!("{path}.{list}[{at}].{probe}.exec")));
        }
    }
    probes
}

/// The same, where a field stands in several items: what it is called in each, `configMap.defaultMode`, once.
pub fn once(parts: Vec<String>) -> Vec<String> {
    let same = |part: &str| parts.iter().filter(|other| within_item(other) == within_item(part)).count();
    let mut told: Vec<String> = Vec::new();
    for part in &parts {
        let name = if same(part) > 1 { within_item(part) } else { part };
        if !told.iter().any(|known| known == name) {
            told.push(name.to_owned());
        }
    }
    told
}

/// The path of a field in the innermost item of a list or pod that it is in; the whole path of any other.
fn within_item(part: &str) -> &str {
    let places = [("].", part.rfind("].")), (POD, part.rfind(POD))];
    let begins = places.iter().filter_map(|(mark, at)| Some(at.as_ref()? + mark.len())).max();
    begins.map_or(part, |at| &part[at..])
}

/// Removes the field at the end of a path, if it is there.
fn remove(object: &mut Value, path: &[Step]) {
    match path {
        [Step::Field(key) | Step::Key(key)] => _ = object.remove(&[key]),
        [Step::Field(key) | Step::Key(key), rest @ ..] => _ = object.make_map().get_mut(key).map(|value| remove(value, rest)),
        [Step::Index(at), rest @ ..] => _ = object.make_list().get_mut(*at).map(|value| remove(value, rest)),
        [] => {}
    }
}

/// The value at the end of a path.
pub(crate) fn at<'a>(object: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(object, |value, step| match step {
        Step::Field(key) | Step::Key(key) => value.get(key),
        Step::Index(at) => value.as_list()?.get(*at),
    })
}

/// The same of what a person has written, with the kind and whatever the place in a list, as far as it was not there before.
pub fn written(change: &Change, release: &Release) -> Vec<String> {
    let parts_of = |object: Option<&Object>| object.map_or(Vec::new(), |object| parts(&object.encode(), release));
    if change.by != Actor::User || change.after.is_none() {
        return Vec::new();
    }
    let before = parts_of(change.before.as_ref());
    let kind = change.key.kind.info().name;
    let is_new = parts_of(change.after.as_ref()).into_iter().filter(|part| !before.contains(part));
    is_new.map(|part| if part == kind { part } else { format!("{kind} {}", anywhere(&part)) }).collect()
}

/// `spec.containers[].tty` for `spec.containers[2].tty`.
fn anywhere(part: &str) -> String {
    let mut pieces = part.split('[');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |whole, piece| whole + "[" + piece.trim_start_matches(|c: char| c.is_ascii_digit()))
}
