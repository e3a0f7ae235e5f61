//! Faults of probes that ask in a way in which their container cannot answer.

use api::kind::Kind;
use base::field_path::Step;
use base::image_name::name_and_tag;
use base::value::Value;
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Item, Pods, named};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        let probes = [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness].map(ProbeKind::field);
        // What one probe cannot ask, the others cannot either.
        if let Some((probe, variable)) = probes.iter().find_map(|probe| Some((*probe, unfilled(container, probe)?))) {
            tell(pods, &path, container, probe, Fault::ProbeVariable, variable, all);
        }
        let is_secret = || settings(pods, items).any(|text| is_tls_only(text));
        let asks = |probe: &&&str| is_plain(container, probe);
        if let Some(probe) = probes.iter().find(asks).filter(|_| is_redis(container) && is_secret()) {
            tell(pods, &path, container, probe, Fault::ProbePlain, "redis-cli".to_owned(), all);
        }
    }
}

fn tell(pods: &Pods, path: &[Step], container: &Value, probe: &str, fault: Fault, value: String, all: &mut Vec<Found>) {
    let path: Vec<Step> = path.iter().cloned().chain([Step::Field(probe.into())]).collect();
    let name = container.text_at(&["name"]).unwrap_or_default();
    all.push(pods.item.fault(fault, &path, [name.to_owned(), value, probe.to_owned()]));
}

/// A variable that a probe names, and whose value comes from elsewhere. Models pkg/kubelet/container
/// ExpandContainerCommandOnlyStatic, which puts in plain values only.
fn unfilled(container: &Value, probe: &str) -> Option<String> {
    let is_referred = |one: &&Value| one.get("valueFrom").is_some();
    let names: Vec<&str> = container.list_at(&["env"]).iter().filter(is_referred).filter_map(|one| one.text_at(&["name"])).collect();
    let words: Vec<&str> = container.list_at(&[probe, "exec", "command"]).iter().filter_map(Value::as_text).collect();
    let is_named = |name: &&&str| {
        let sign = format!("$({name})");
        words.iter().any(|word| word.match_indices(&sign).any(|(at, _)| !word[..at].ends_with('$')))
    };
    names.iter().find(is_named).map(|name| (*name).to_owned())
}

/// The texts of the settings that the pods mount, and whose files their containers are told to read.
pub(super) fn settings<'a>(pods: &'a Pods, items: &'a [Item]) -> impl Iterator<Item = &'a str> + 'a {
    let lists = |one: &'a Value| ["command", "args"].into_iter().flat_map(|field| one.list_at(&[field]));
    let words: Vec<&str> = pods.containers().flat_map(|(_, one)| lists(one)).filter_map(Value::as_text).collect();
    let maps = pods.spec.list_at(&["volumes"]).iter().filter_map(|volume| volume.text_at(&["configMap", "name"]));
    let maps = maps.filter_map(|name| named(items, Kind::ConfigMap, &pods.item.key.namespace, name));
    let files = maps.flat_map(|map| map.value.get("data").into_iter().flat_map(Value::members));
    files.filter(move |(file, _)| words.iter().any(|word| word.contains(&***file))).filter_map(|(_, text)| text.as_text())
}

/// Whether the server of a container is Redis.
pub(super) fn is_redis(container: &Value) -> bool {
    container.text_at(&["image"]).is_some_and(|image| ["redis", "valkey"].contains(&name_and_tag(image).0))
}

/// Whether a file of settings has a line, whatever blanks are in it.
pub(super) fn has_line(text: &str, line: &[&str]) -> bool {
    text.lines().any(|one| one.split_whitespace().eq(line.iter().copied()))
}

/// Whether Redis listens with TLS only.
fn is_tls_only(text: &str) -> bool {
    has_line(text, &["port", "0"]) && text.lines().any(|line| line.trim().starts_with("tls-port "))
}

/// Whether a probe asks Redis without TLS.
fn is_plain(container: &Value, probe: &str) -> bool {
    let words: Vec<&str> = container.list_at(&[probe, "exec", "command"]).iter().filter_map(Value::as_text).collect();
    let text = words.join(" ");
    ["redis-cli", "valkey-cli"].iter().any(|program| text.contains(program)) && !text.contains("--tls")
}
