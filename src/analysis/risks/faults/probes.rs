//! Faults of probes that ask in a way in which their container cannot answer.

use api::kind::Kind;
use base::value::Value;
use cluster::programs::{Settings, app_of};
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Item, Part, Pods, named};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    for container in pods.containers() {
        let probes = || ProbeKind::ALL.into_iter().map(ProbeKind::field);
        // What one probe cannot ask, the others cannot either.
        if let Some((probe, variable)) = probes().find_map(|probe| Some((probe, unfilled(&container, probe)?))) {
            all.push(container.fault(Fault::ProbeVariable, &[probe]).value(variable).other(probe));
        }
        let is_tls_only = || is_redis(&container) && settings(pods, items).any(is_tls_only);
        if let Some(probe) = probes().find(|probe| is_plain(&container, probe)).filter(|_| is_tls_only()) {
            all.push(container.fault(Fault::ProbePlain, &[probe]).value("redis-cli").other(probe));
        }
    }
}

/// A variable that a probe names, and whose value comes from elsewhere. Models pkg/kubelet/container
/// ExpandContainerCommandOnlyStatic, which puts in plain values only.
fn unfilled<'a>(container: &Part<'a>, probe: &str) -> Option<&'a str> {
    let mut referred = container.each(&["env"]).filter(|one| one.get("valueFrom").is_some()).map(|one| one.name());
    referred.find(|name| {
        let sign = format!("$({name})");
        let is_named = |word: &str| word.match_indices(&sign).any(|(at, _)| !word[..at].ends_with('$'));
        container.texts(&[probe, "exec", "command"]).any(is_named)
    })
}

/// The texts of the settings that the pods mount, and whose files their containers are told to read.
pub(super) fn settings<'a>(pods: &Pods<'a>, items: &'a [Item]) -> impl Iterator<Item = &'a str> {
    let words: Vec<&str> = pods.containers().flat_map(|one| one.words()).collect();
    let maps = pods.spec.each(&["volumes"]).filter_map(|one| {
        let name = one.text_at(&["configMap", "name"])?;
        named(items, Kind::ConfigMap, &pods.item.key.namespace, name)?.get("data")
    });
    let files: Vec<_> = maps.flat_map(Value::members).collect();
    files.into_iter().filter(move |(file, _)| words.iter().any(|word| word.contains(&***file))).filter_map(|(_, text)| text.as_text())
}

/// Whether the server of a container is Redis.
pub(super) fn is_redis(container: &Part) -> bool {
    app_of(container.image()).settings == Settings::Redis
}

/// Whether a file of settings has a line, whatever blanks are in it.
pub(super) fn has_line(text: &str, line: &[&str]) -> bool {
    text.lines().any(|one| one.split_whitespace().eq(line.iter().copied()))
}

/// Whether Redis listens with TLS only.
fn is_tls_only(text: &str) -> bool {
    has_line(text, &["port", "0"]) && text.lines().any(|line| line.trim().starts_with("tls-port "))
}

/// What a probe runs, as one line.
pub(super) fn asks(container: &Part, probe: &str) -> String {
    container.texts(&[probe, "exec", "command"]).collect::<Vec<_>>().join(" ")
}

pub(super) fn asks_redis(line: &str) -> bool {
    ["redis-cli", "valkey-cli"].iter().any(|program| line.contains(program))
}

/// Whether a probe asks Redis without TLS.
fn is_plain(container: &Part, probe: &str) -> bool {
    let line = asks(container, probe);
    asks_redis(&line) && !line.contains("--tls")
}
