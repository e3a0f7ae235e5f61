//! Values of a form of their own: selectors, owners, conditions, tolerations, ports, quotas.

use super::Told;
use super::block::{Block, number, number_or_text, pair, present, stamp};
use crate::figures::{NEWEST, age, ago};
use crate::part;
use api::kind::Kind;
use base::given::SetGiven;
use base::label::{LabelSelector, Operator};
use base::time::Time;
use base::value::Value;

/// The phases of objects.
const PHASES: [&str; 9] = ["Pending", "Running", "Succeeded", "Failed", "Unknown", "Bound", "Lost", "Available", "Released"];
/// A list, unless it is empty.
pub fn list(items: impl Iterator<Item = Value>) -> Option<Value> {
    Some(Value::list(items)).filter(|list| list.as_list().is_some_and(|list| !list.is_empty()))
}

/// The text between two others.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}

/// A name as fields begin with: `LastProbeTime` as `lastProbeTime`, `CSI` as `csi`.
pub fn as_field(name: &str) -> String {
    if name.chars().all(|c| c.is_ascii_uppercase()) {
        return name.to_ascii_lowercase();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// `app=web,tier in (a,b)`.
pub fn selector(block: &Block, at: usize) -> Option<Value> {
    let any = |_: &str| Vec::new();
    let selector = LabelSelector::parse(block.value(at)?, &any, &any).ok()?;
    let mut out = Value::map();
    for one in selector.requirements {
        let operator = match one.operator {
            Operator::Equals | Operator::DoubleEquals => {
                out.set(&["matchLabels", &one.key], one.values.first()?);
                continue;
            }
            Operator::In => "In",
            Operator::NotIn | Operator::NotEquals => "NotIn",
            Operator::Exists => "Exists",
            Operator::DoesNotExist => "DoesNotExist",
            _ => return None,
        };
        let mut expression = Value::of([("key", Value::from(one.key)), ("operator", operator.into())]);
        expression.set_filled(&["values"], Value::list(one.values));
        part(&mut out, "matchExpressions").make_list().push(expression);
    }
    Some(out)
}

/// `StatefulSet/web`.
pub fn owner(block: &Block, at: usize) -> Option<Value> {
    let (kind, name) = block.value(at)?.split_once('/')?;
    let version = Kind::named(kind).map(Kind::api_version).unwrap_or_default();
    let mut owner = Value::of([("apiVersion", version), ("kind", kind.to_owned()), ("name", name.to_owned())]);
    for flag in ["controller", "blockOwnerDeletion"] {
        owner.set(&[flag], true);
    }
    Some(Value::list([owner]))
}

/// A phase, or for how long the object has been going away.
pub fn status(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some(value) = block.value(at) else { return };
    if value.starts_with("Terminating") {
        let since = between(value, "(lasts ", ")").and_then(age).map(|age| ago(age).rfc3339());
        let since = since.or_else(|| between(value, "(expires ", ")").and_then(stamp));
        // kubectl tells no age of a deadline that is still to come.
        let ahead = Some(value).filter(|value| value.contains("(lasts <invalid>)")).and_then(|_| grace(block)).map(Time::rfc3339);
        let since = since.or(ahead);
        into.set(&["metadata", "deletionTimestamp"], since.unwrap_or_else(|| NEWEST.rfc3339()));
        if into.text_at(&["kind"]) == Some(Kind::Namespace.info().name) {
            into.set(&["status", "phase"], "Terminating");
        }
    } else if value == "Active" || PHASES.contains(&value) {
        into.set(&["status", "phase"], value);
    }
}

/// The last instant that a deadline can have which is still to come: a grace period from now on.
fn grace(block: &Block) -> Option<Time> {
    let period = (0..block.lines.len()).find(|at| block.label(*at) == "Termination Grace Period").and_then(|at| block.value(at))?;
    Some(NEWEST + age(period)?)
}

/// `worker-1/172.18.0.2`.
pub fn node_of_pod(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some(value) = block.value(at) else { return };
    let (name, address) = value.split_once('/').unwrap_or((value, ""));
    for (path, text) in [(["spec", "nodeName"], name), (["status", "hostIP"], address)] {
        into.set_some(&path, present(text));
    }
}

/// A table of conditions, with whatever columns it has.
pub fn conditions(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    let mut heading: Vec<(usize, String)> = [(usize::MAX, "type".to_owned()), (usize::MAX, "status".to_owned())].into();
    for line in &block.lines[block.below(at)] {
        let cells = line.cells();
        match cells.first().map_or("", |cell| cell.text) {
            "Type" => heading = cells.iter().map(|cell| (cell.column, as_field(cell.text))).collect(),
            rule if rule.starts_with("--") => {}
            _ => {
                let mut condition = Value::map();
                for (number, cell) in cells.iter().enumerate() {
                    let column = heading.iter().find(|(column, _)| *column == cell.column).or_else(|| heading.get(number));
                    let Some((_, field)) = column else { continue };
                    let value = if field.ends_with("Time") { stamp(cell.text) } else { present(cell.text).map(str::to_owned) };
                    condition.set_some(&[field], value);
                }
                if let Some(status @ ("True" | "False" | "Unknown")) = condition.text_at(&["status"]) {
                    told.said.push((line.number, format!("{}: {status}", condition.text_at(&["type"]).unwrap_or_default())));
                    part(into, "status conditions").make_list().push(condition);
                }
            }
        }
    }
}

/// The conditions that a pod's readiness waits for.
pub fn readiness_gates(block: &Block, at: usize) -> Option<Value> {
    let gates = block.lines[block.below(at)].iter().filter_map(|line| Some(line.cells().first()?.text)).filter(|gate| *gate != "Type");
    list(gates.map(|gate| Value::of([("conditionType", gate)])))
}

/// `key=value:NoExecute op=Exists for 300s`; before 1.10 `key=value:Equal:NoExecute for 300s`.
pub fn tolerations(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).map(|text| {
        let mut words = text.split(' ');
        let mut pieces = words.next().unwrap_or_default().split(':').filter(|piece| *piece != "op=Exists");
        let (key, value) = pieces.next().map(|key| key.split_once('=').unwrap_or((key, ""))).unwrap_or_default();
        let effect = pieces.rfind(|piece| *piece != "Exists" && *piece != "Equal").unwrap_or_default();
        // An older kubectl does not print the operator; without a value it is hardly ever `Equal`.
        let operator = if value.is_empty() { "Exists" } else { "Equal" };
        let mut one = Value::of([("operator", operator)]);
        for (field, text) in [("key", key), ("value", value), ("effect", effect)] {
            one.set_filled(&[field], text);
        }
        let seconds = text.rsplit_once(" for ").and_then(|(_, time)| number(time.trim_end_matches('s')));
        one.set_some(&["tolerationSeconds"], seconds);
        one
    }))
}

/// `key=value:NoSchedule`, one per line.
pub fn taints(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).filter_map(|text| {
        let (key, effect) = text.rsplit_once(':')?;
        let (key, value) = key.split_once('=').unwrap_or((key, ""));
        let mut one = Value::of([("key", key), ("effect", effect)]);
        one.set_filled(&["value"], value);
        Some(one)
    }))
}

/// `zone:DoNotSchedule when max skew 1 is exceeded for selector app=web`, one per line.
pub fn topology_spread(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).filter_map(|text| {
        let (key, rest) = text.split_once(" when max skew ")?;
        let (key, otherwise) = key.rsplit_once(':')?;
        let mut one = Value::of([("topologyKey", key), ("whenUnsatisfiable", otherwise)]);
        one.set(&["maxSkew"], number(rest.split(' ').next()?)?);
        if let Some((_, labels)) = rest.split_once(" for selector ") {
            let labels = Block::new(&[(0, &format!("Selector: {labels}"))]);
            one.set(&["labelSelector"], selector(&labels, 0)?);
        }
        Some(one)
    }))
}

/// `InternalIP:  172.18.0.2`, one per line.
pub fn addresses(block: &Block, at: usize) -> Option<Value> {
    let lines = block.heads(block.below(at)).map(|at| block.lines[at].split());
    list(lines.map(|(kind, address)| Value::of([("type", kind), ("address", address)])))
}

/// A line of a Service's port: `Port:  http  80/TCP`, then where it leads.
pub fn service_port(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let Some((name, (number, protocol))) = block.value(at).and_then(|value| {
        let (before, number) = value.rsplit_once([' ', '\t']).unwrap_or(("", value));
        Some((before.trim(), number.split_once('/')?))
    }) else {
        return;
    };
    let ports = part(into, "spec ports").make_list();
    let Some(number) = number_or_text(number) else { return };
    match (block.label(at), ports.last_mut()) {
        ("Port", _) => {
            let mut port = Value::of([("port", number), ("protocol", protocol.into())]);
            port.set_some(&["name"], present(name));
            ports.push(port);
        }
        ("TargetPort", Some(last)) => last.set(&["targetPort"], number),
        (_, Some(last)) => last.set(&["nodePort"], number),
        _ => {}
    }
}

/// The table of a quota: resource, used, hard.
pub fn quota(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for line in &block.lines[at + 1..] {
        let cells = line.cells();
        let [resource, used, hard] = cells[..] else { continue };
        if resource.text.starts_with("--") || pair(&format!("{}=", resource.text)).is_none() {
            continue;
        }
        told.said.push((line.number, format!("{}: {} of {} used", resource.text, used.text, hard.text)));
        for (path, amount) in [(["status", "used"], used), (["status", "hard"], hard), (["spec", "hard"], hard)] {
            into.set(&[path[0], path[1], resource.text], amount.text);
        }
    }
}
