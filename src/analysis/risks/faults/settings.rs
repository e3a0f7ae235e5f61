//! Faults of variables and options: references that stay as they are written, names where numbers are wanted, stores that save nothing.

use api::kind::Kind;
use base::image_name::{full, without_tag};
use cluster::inside::references;
use cluster::programs::{Clue, PROGRAMS, program_of};
use text::risks::Fault;

use super::manifest::{Found, Item, Part, Pods};
use super::probes::{has_line, is_redis, settings};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    for container in pods.containers() {
        unexpanded(pods, &container, all);
        unsaved(pods, &container, items, all);
        unfilled(&container, all);
    }
    unformed(pods, items, all);
}

/// Variables that are numbers for the program which reads them.
const NUMBERS: [&str; 7] =
    ["KAFKA_BROKER_ID", "KAFKA_CFG_BROKER_ID", "KAFKA_CFG_NODE_ID", "KAFKA_NODE_ID", "ZOOKEEPER_SERVER_ID", "ZOO_MY_ID", "ZOO_SERVER_ID"];

/// A variable that names one which comes after it, or none, and one that is the name of a pod where a number is wanted. Models
/// third_party/forked/golang/expansion and pkg/kubelet makeEnvironmentVariables.
fn unexpanded(pods: &Pods, container: &Part, all: &mut Vec<Found>) {
    let image = full(container.image());
    // A script of somebody's own may take the number out of the name.
    let mut readers = PROGRAMS.iter().flat_map(|program| program.numbers);
    let is_plain = readers.any(|name| without_tag(&image).0.ends_with(name)) && container.words().next().is_none();
    let mut known: Vec<&str> = Vec::new();
    for variable in container.each(&["env"]) {
        let name = variable.name();
        let is_number = is_plain && NUMBERS.contains(&name) && !(name.starts_with("ZOO") && is_id_written(pods));
        if is_number && variable.text_at(&["valueFrom", "fieldRef", "fieldPath"]) == Some("metadata.name") {
            let first = format!("{}-0", pods.item.key.name);
            all.push(variable.fault(Fault::NameForNumber, &[]).name(container.name()).value(first).other(name));
        }
        let value = variable.text_at(&["value"]).unwrap_or_default();
        let open = references(value).find(|one| !known.contains(one) && container.list_at(&["envFrom"]).is_empty());
        all.extend(open.map(|open| variable.fault(Fault::NotExpanded, &[]).name(container.name()).value(open).other(name)));
        known.push(name);
    }
}

/// The file in which ZooKeeper keeps its number. Its image writes none where there is one.
const ID_FILE: &str = "myid";

/// Whether a container that runs beforehand writes the number of a member.
fn is_id_written(pods: &Pods) -> bool {
    pods.initial().any(|one| one.to_json().contains(ID_FILE))
}

/// A cache that is told to save nothing, on a volume.
fn unsaved(pods: &Pods, container: &Part, items: &[Item], all: &mut Vec<Found>) {
    let words: Vec<&str> = container.words().collect();
    let says = |option: &str, value: &str| words.windows(2).any(|pair| pair == [option, value]);
    let is_set = |text: &str| has_line(text, &["save", "\"\""]) && has_line(text, &["appendonly", "no"]);
    let by_words = says("--save", "") && !says("--appendonly", "yes");
    let by_file = !words.iter().any(|word| word.contains("save") || word.contains("appendonly")) && settings(pods, items).any(is_set);
    if is_redis(container) && pods.claimed().next().is_some() && (by_words || by_file) {
        all.push(container.fault(Fault::NothingSaved, &["args"]));
    }
}

/// A variable whose whole value is to be filled in.
fn unfilled(container: &Part, all: &mut Vec<Found>) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
    for variable in container.each(&["env"]) {
        let value = variable.text_at(&["value"]).unwrap_or_default().trim();
        let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        if inner.is_some_and(|inner| !inner.is_empty() && inner.chars().all(is_word)) {
            all.push(variable.fault(Fault::Placeholder, &[]).name(container.name()).value(value).other(variable.name()));
        }
    }
}

/// Members that somebody has to make a cluster of, where nothing of the manifest does.
fn unformed(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    // Another container may do so.
    let [container] = pods.spec.list_at(&["containers"]) else { return };
    let Some(program) = container.text_at(&["image"]).and_then(program_of) else { return };
    let is_beside = |one: &&Item| matches!(one.key.kind, Kind::ConfigMap | Kind::Job | Kind::CronJob | Kind::Deployment | Kind::Pod);
    let beside = items.iter().filter(is_beside).map(|one| one.to_json());
    let texts: Vec<String> = beside.chain([pods.spec.to_json()]).map(|text| text.replace("\",\"", " ")).collect();
    let has = |word: &str| texts.iter().any(|text| text.contains(word));
    let Clue { text: sign, words } = program.forms;
    if !sign.is_empty() && has(sign) && pods.item.replicas() > 1 && !words.iter().any(|word| has(word)) {
        all.push(pods.spec.fault(Fault::NotFormed, &["containers"]).value(sign));
    }
}
