//! Containers: images, ports, probes, variables, mounts, states.

use super::Told;
use super::block::{Block, number_or_text};
use super::fill;
use super::parts::{between, list};
use crate::describe::{CONTAINER, TERMINATED};
use crate::part;
use base::given::SetGiven;
use base::value::Value;

/// The fields of a probe by the words before their numbers; the newer ones are called as the field.
const PROBE: [(&str, &str); 5] = [
    ("delay", "initialDelaySeconds"),
    ("timeout", "timeoutSeconds"),
    ("period", "periodSeconds"),
    ("#success", "successThreshold"),
    ("#failure", "failureThreshold"),
];

/// Containers with their statuses, into a pod or a template.
pub fn containers(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    for name in block.heads(block.below(at)) {
        let mut one = Value::map();
        fill(block, block.below(name), CONTAINER, &mut one, told);
        add_container(block.label(name), block.label(at).starts_with("Init"), one, into);
    }
}

/// Puts in a container of its `spec` and its `status`.
pub fn add_container(name: &str, init: bool, mut one: Value, into: &mut Value) {
    let lists =
        if init { ["spec initContainers", "status initContainerStatuses"] } else { ["spec containers", "status containerStatuses"] };
    for (side, list) in ["spec", "status"].into_iter().zip(lists) {
        if let Some(mut half) = one.remove(&[side]).or_else(|| (side == "spec").then(Value::map)) {
            half.set(&["name"], name);
            part(into, list).make_list().push(half);
        }
    }
}

/// `4500/TCP (main), 80/TCP`: the ports, or those of the node that lead there.
pub fn ports(block: &Block, at: usize, into: &mut Value, _: &mut Told) {
    let ports = part(into, "spec ports").make_list();
    for (number, text) in block.value(at).into_iter().flat_map(|value| value.split(", ")).enumerate() {
        let Some((port, protocol)) = text.split_once('/') else { continue };
        let Ok(port) = port.parse::<u16>() else { continue };
        if block.label(at).starts_with("Host") {
            if let Some(one) = ports.get_mut(number).filter(|_| port > 0) {
                one.set(&["hostPort"], port);
            }
            continue;
        }
        let mut one = Value::of([("containerPort", Value::from(port))]);
        one.set(&["protocol"], protocol.split(' ').next().unwrap_or_default());
        one.set_some(&["name"], between(protocol, "(", ")"));
        ports.push(one);
    }
    if ports.is_empty() {
        into.remove(&["spec", "ports"]);
    }
}

/// Texts, one per line below the label.
pub fn words(block: &Block, at: usize) -> Option<Value> {
    list(block.texts(at).map(Value::from))
}

/// What a container does, or did last.
pub fn state(block: &Block, at: usize, into: &mut Value, told: &mut Told) {
    let Some(value @ ("Running" | "Waiting" | "Terminated")) = block.value(at) else { return };
    let mut state = Value::map();
    fill(block, block.below(at), TERMINATED, &mut state, told);
    let field = if block.label(at) == "State" { "state" } else { "lastState" };
    into.set(&["status", field, &value.to_ascii_lowercase()], state);
}

/// The path of a URL without its escapes.
fn unescaped(path: &str) -> String {
    let mut pieces = path.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => bytes.extend([byte].iter().chain(&piece.as_bytes()[2..])),
            None => bytes.extend(b"%".iter().chain(piece.as_bytes())),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `http-get http://:80/ delay=0s timeout=1s period=1s #success=1 #failure=1`.
pub fn probe(block: &Block, at: usize) -> Option<Value> {
    let value = block.value(at)?;
    let (action, times) = value.split_once(" delay=").map_or((value, ""), |(action, _)| (action, &value[action.len()..]));
    let mut probe = Value::map();
    for (word, number) in times.split_whitespace().filter_map(|time| time.split_once('=')) {
        let field = PROBE.iter().find(|(short, field)| *short == word || *field == word);
        if let Some(((_, field), number)) = field.zip(number.trim_end_matches('s').parse::<i32>().ok()) {
            probe.set(&[field], number);
        }
    }
    let port = |text: &str| number_or_text(text).unwrap_or_default();
    let (kind, target) = action.split_once(' ')?;
    match kind {
        "exec" => probe.set(&["exec", "command"], Value::list(target.trim_matches(['[', ']']).split(' '))),
        "grpc" => {
            let (number, service) = target.rsplit_once(':')?.1.split_once(' ').unwrap_or_default();
            probe.set(&["grpc", "port"], port(number));
            probe.set(&["grpc", "service"], service);
        }
        "http-get" | "tcp-socket" => {
            let (scheme, address) = target.split_once("://").unwrap_or(("", target));
            let (address, path) = address.split_at(address.find('/').unwrap_or(address.len()));
            let (host, number) = address.rsplit_once(':')?;
            let field = if kind == "http-get" { "httpGet" } else { "tcpSocket" };
            for (key, text) in [("scheme", &*scheme.to_ascii_uppercase()), ("host", host), ("path", &unescaped(path))] {
                probe.set_filled(&[field, key], text);
            }
            probe.set(&[field, "port"], port(number));
        }
        _ => return None,
    }
    Some(probe)
}

/// The name of what a variable is taken from, the key there, and whether it may be missing.
pub fn reference(text: &str, name: &str) -> Value {
    let mut out = Value::of([("name", name)]);
    out.set_some(&["key"], between(text, "the key '", "'"));
    if text.ends_with("Optional: true") {
        out.set(&["optional"], true);
    }
    out
}

/// The variables of a container: their names, and what they are taken from. Values are private and not kept.
pub fn variables(block: &Block, at: usize) -> Option<Value> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let lines = block.heads(block.below(at)).map(|at| block.lines[at].split()).filter(|(name, _)| is_name(name));
    list(lines.map(|(name, value)| {
        let mut one = Value::of([("name", name)]);
        for (before, field) in [("' in secret '", "secretKeyRef"), ("' of config map '", "configMapKeyRef")] {
            if let Some(from) = between(value, before, "'").filter(|_| value.starts_with("<set to the key '")) {
                one.set(&["valueFrom", field], reference(value, from));
            }
        }
        let path = value.rsplit_once("(v1:").and_then(|(_, path)| path.strip_suffix(')'));
        one.set_some(&["valueFrom", "fieldRef"], path.map(|path| Value::of([("apiVersion", "v1"), ("fieldPath", path)])));
        one
    }))
}

/// `settings  ConfigMap with prefix 'A_'  Optional: false`, one per line.
pub fn variables_from(block: &Block, at: usize) -> Option<Value> {
    list(block.lines[block.below(at)].iter().filter_map(|line| {
        let cells = line.cells();
        let (name, kind) = (cells.first()?.text, cells.get(1)?.text);
        let field = if kind.starts_with("ConfigMap") { "configMapRef" } else { "secretRef" };
        let mut one = Value::of([(field, reference(&line.text, name))]);
        one.set_some(&["prefix"], between(kind, "with prefix '", "'"));
        Some(one)
    }))
}

/// `/data from data (rw,path="sub")`, or `/dev/x from data`, one per line.
pub fn mounts(block: &Block, at: usize) -> Option<Value> {
    let key = if block.label(at) == "Devices" { "devicePath" } else { "mountPath" };
    list(block.lines[block.below(at)].iter().filter_map(|line| {
        let (path, from) = line.text.split_once(" from ")?;
        let (name, how) = from.split_once(" (").unwrap_or((from, ""));
        let mut one = Value::of([(key, path), ("name", name)]);
        one.set_filled(&["readOnly"], how.starts_with("ro"));
        one.set_some(&["subPath"], between(how, "path=\"", "\""));
        Some(one)
    }))
}
