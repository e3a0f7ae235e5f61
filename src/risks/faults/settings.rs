//! Faults of variables and options: references that stay as they are written, names where numbers are wanted, stores that save nothing.

use api::kind::Kind;
use base::field_path::Step;
use base::image_name::{full, name_and_tag, without_tag};
use base::value::Value;
use text::risks::Fault;

use super::manifest::{Found, Item, Pods, steps};
use super::probes::{has_line, is_redis, settings};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    for (path, container) in pods.containers() {
        unexpanded(pods, &path, container, all);
        unsaved(pods, &path, container, items, all);
        unfilled(pods, &path, container, all);
    }
    unformed(pods, items, all);
}

/// Variables that are numbers for the program which reads them.
const NUMBERS: [&str; 7] =
    ["KAFKA_BROKER_ID", "KAFKA_CFG_BROKER_ID", "KAFKA_CFG_NODE_ID", "KAFKA_NODE_ID", "ZOOKEEPER_SERVER_ID", "ZOO_MY_ID", "ZOO_SERVER_ID"];

/// The images whose own programs read these, by how their names end.
const READERS: [&str; 6] =
    ["apache/kafka", "bitnami/kafka", "bitnami/zookeeper", "confluentinc/cp-kafka", "confluentinc/cp-zookeeper", "library/zookeeper"];

/// A variable that names one which comes after it, or none, and one that is the name of a pod where a number is wanted. Models
/// third_party/forked/golang/expansion and pkg/kubelet makeEnvironmentVariables.
fn unexpanded(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let env = container.list_at(&["env"]);
    let image = full(container.text_at(&["image"]).unwrap_or_default());
    // A script of somebody's own may take the number out of the name.
    let is_plain = READERS.iter().any(|name| without_tag(&image).0.ends_with(name))
        && container.list_at(&["command"]).is_empty()
        && container.list_at(&["args"]).is_empty();
    let mut known: Vec<&str> = Vec::new();
    for (at, variable) in env.iter().enumerate() {
        let name = variable.text_at(&["name"]).unwrap_or_default();
        let place = || -> Vec<Step> { path.iter().cloned().chain([Step::Field("env".into()), Step::Index(at)]).collect() };
        let container_name = || container.text_at(&["name"]).unwrap_or_default().to_owned();
        let is_written = name.starts_with("ZOO") && is_id_written(pods);
        if is_plain
            && !is_written
            && NUMBERS.contains(&name)
            && variable.text_at(&["valueFrom", "fieldRef", "fieldPath"]) == Some("metadata.name")
        {
            let first = format!("{}-0", pods.item.key.name);
            all.push(pods.item.fault(Fault::NameForNumber, &place(), [container_name(), first, name.to_owned()]));
        }
        let value = variable.text_at(&["value"]).unwrap_or_default();
        let open = references(value).find(|one| !known.contains(one) && container.list_at(&["envFrom"]).is_empty());
        if let Some(open) = open {
            all.push(pods.item.fault(Fault::NotExpanded, &place(), [container_name(), open.to_owned(), name.to_owned()]));
        }
        known.push(name);
    }
}

/// The file in which ZooKeeper keeps its number. Its image writes none where there is one.
const ID_FILE: &str = "myid";

/// Whether a container that runs beforehand writes the number of a member.
fn is_id_written(pods: &Pods) -> bool {
    pods.spec.list_at(&["initContainers"]).iter().any(|one| one.to_json().contains(ID_FILE))
}

/// The variables that a value names as `$(NAME)`. Kubernetes' own are left out, and so is what a shell would run.
fn references(value: &str) -> impl Iterator<Item = &str> {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_own = |name: &&str| name.contains("_SERVICE_") || name.contains("_PORT");
    let named = value.match_indices("$(").filter(|(at, _)| !value[..*at].ends_with('$'));
    named.filter_map(|(at, _)| value[at + 2..].split(')').next()).filter(is_name).filter(move |name| !is_own(name))
}

/// A cache that is told to save nothing, on a volume.
fn unsaved(pods: &Pods, path: &[Step], container: &Value, items: &[Item], all: &mut Vec<Found>) {
    let words = ["command", "args"].into_iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
    let is_redis = is_redis(container);
    let words: Vec<&str> = words.collect();
    let says = |option: &str, value: &str| words.windows(2).any(|pair| pair == [option, value]);
    let has_volume = pods.claimed().next().is_some();
    let is_set = |text: &str| has_line(text, &["save", "\"\""]) && has_line(text, &["appendonly", "no"]);
    let by_words = says("--save", "") && !says("--appendonly", "yes");
    let by_file = !words.iter().any(|word| word.contains("save") || word.contains("appendonly")) && settings(pods, items).any(is_set);
    if is_redis && has_volume && (by_words || by_file) {
        let path: Vec<Step> = path.iter().cloned().chain(steps(&["args"])).collect();
        let texts = [container.text_at(&["name"]).unwrap_or_default().to_owned(), String::new(), String::new()];
        all.push(pods.item.fault(Fault::NothingSaved, &path, texts));
    }
}

/// A variable whose whole value is to be filled in.
fn unfilled(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    for (at, variable) in container.list_at(&["env"]).iter().enumerate() {
        let (name, value) = (variable.text_at(&["name"]).unwrap_or_default(), variable.text_at(&["value"]).unwrap_or_default().trim());
        let inner = value.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
        if inner.is_some_and(|inner| !inner.is_empty() && inner.chars().all(is_word)) {
            let path: Vec<Step> = path.iter().cloned().chain([Step::Field("env".into()), Step::Index(at)]).collect();
            let container = container.text_at(&["name"]).unwrap_or_default();
            all.push(pods.item.fault(Fault::Placeholder, &path, [container.to_owned(), value.to_owned(), name.to_owned()]));
        }
    }
}

/// By which images members are set to be of one cluster, by which words, and by which words somebody forms the cluster.
const FORMED: [(&str, &str, &[&str]); 3] = [
    ("redis", "cluster-enabled yes", &["--cluster create", "cluster meet", "cluster addslots"]),
    ("mongo", "--replSet", &["initiate"]),
    ("cockroach", "--join", &["init"]),
];

/// Members that somebody has to make a cluster of, where nothing of the manifest does.
fn unformed(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    // Another container may do so.
    let [container] = pods.spec.list_at(&["containers"]) else { return };
    let name = name_and_tag(container.text_at(&["image"]).unwrap_or_default()).0;
    let is_beside = |one: &&Item| matches!(one.key.kind, Kind::ConfigMap | Kind::Job | Kind::CronJob | Kind::Deployment | Kind::Pod);
    let beside: Vec<String> = items.iter().filter(is_beside).map(|one| one.value.to_json()).collect();
    let own = pods.spec.to_json();
    let spaced = |text: &str| text.replace("\",\"", " ");
    let has = |word: &str| spaced(&own).contains(word) || beside.iter().any(|text| spaced(text).contains(word));
    let found = FORMED.into_iter().find(|(image, sign, _)| *image == name && has(sign));
    let open = found.filter(|(.., forms)| pods.item.replicas() > 1 && !forms.iter().any(|word| has(word)));
    if let Some((_, sign, _)) = open {
        all.push(pods.item.fault(Fault::NotFormed, &pods.below(&["containers"]), [String::new(), sign.to_owned(), String::new()]));
    }
}
