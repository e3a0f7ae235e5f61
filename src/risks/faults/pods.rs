//! Faults of a pod's own fields.

use api::default::GRACE_PERIOD_SECONDS;
use api::kind::Kind;
use api::well_known::HOSTNAME;
use base::field_path::Step;
use base::image_name::{fault, name_and_tag};
use base::quantity::Quantity;
use base::time::Span;
use base::value::Value;
use cluster::command::pauses;
use cluster::inside::apps::{Peers, app_of};
use cluster::inside::refusals::missing;
use plan::documents::fails_after;
use plan::guess::agrees;
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Pods, labels, spelled, steps};

pub(super) fn of(pods: &Pods, others: &[Pods], all: &mut Vec<Found>) {
    if !pods.is_of_set() {
        return;
    }
    for (path, container) in pods.containers() {
        ending(pods, &path, container, all);
        probes(pods, &path, container, all);
        early(pods, &path, container, all);
        heap(pods, &path, container, all);
        image(pods, &path, container, all);
        password(pods, &path, container, all);
    }
    apart(pods, others, all);
    short_grace(pods, all);
    one_node(pods, all);
    members(pods, all);
}

fn push(pods: &Pods, all: &mut Vec<Found>, of: Fault, path: &[Step], texts: [String; 3]) {
    all.push(pods.item.fault(of, path, texts));
}

fn name_of(container: &Value) -> String {
    container.text_at(&["name"]).unwrap_or_default().to_owned()
}

/// A hook before the end that takes longer than the pod has to end. Models pkg/kubelet/kuberuntime killContainer.
fn ending(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let Some(hook) = container.at(&["lifecycle", "preStop"]) else { return };
    let grace = pods.spec.int_at(&["terminationGracePeriodSeconds"]).unwrap_or(GRACE_PERIOD_SECONDS);
    let words = hook.list_at(&["exec", "command"]).iter().filter_map(Value::as_text);
    let sleeps = hook.int_at(&["sleep", "seconds"]).map_or_else(|| pauses(words), Span::of_seconds);
    if sleeps >= Span::of_seconds(grace) && sleeps > Span(0) {
        let path = [path, &steps(&["lifecycle", "preStop"])].concat();
        let texts = [name_of(container), (sleeps.0 / 1000).to_string(), grace.to_string()];
        push(pods, all, Fault::GraceTooShort, &path, texts);
    }
}

/// A probe of a port by a name that its container does not have. Models pkg/probe ResolveContainerPort.
fn probes(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    for probe in [ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness].map(ProbeKind::field) {
        for action in ["httpGet", "tcpSocket"] {
            let Some(port) = container.text_at(&[probe, action, "port"]).filter(|port| port.parse::<u16>().is_err()) else { continue };
            if !container.list_at(&["ports"]).iter().any(|own| own.text_at(&["name"]) == Some(port)) {
                let path = [path, &steps(&[probe, action, "port"])].concat();
                push(pods, all, Fault::ProbePort, &path, [name_of(container), port.to_owned(), probe.to_owned()]);
            }
        }
    }
}

/// A probe that kills a container whose start takes longer, as no startup probe waits for it. Models pkg/kubelet/prober.
fn early(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let of = |kind: ProbeKind| container.get(kind.field());
    let Some(probe) = of(ProbeKind::Liveness).filter(|_| of(ProbeKind::Startup).is_none()) else { return };
    let allows = fails_after(probe);
    let is_store = container.text_at(&["image"]).is_some_and(|image| SLOW.contains(&name_and_tag(image).0));
    if allows <= (if is_store { EARLY_FOR_STORE } else { EARLY })
        && !is_answered(probe)
        && !path.contains(&Step::Field("initContainers".into()))
    {
        let path = [path, &steps(&[ProbeKind::Liveness.field()])].concat();
        push(pods, all, Fault::LivenessEarly, &path, [name_of(container), allows.to_string(), String::new()]);
    }
}

/// Starts that take no longer than so many seconds are not unusual.
const EARLY: i64 = 60;
/// The same of a store that reads its log or its parts first.
const EARLY_FOR_STORE: i64 = 180;
/// Stores that do so.
const SLOW: [&str; 16] = [
    "cassandra",
    "clickhouse",
    "clickhouse-server",
    "cp-kafka",
    "elasticsearch",
    "influxdb",
    "kafka",
    "mariadb",
    "mongo",
    "mysql",
    "neo4j",
    "opensearch",
    "postgis",
    "postgres",
    "scylla",
    "timescaledb",
];

/// Whether a probe passes as soon as a server answers anything. `redis-cli ping` ends with 0 also where the answer is an error, as while
/// Redis loads its data.
fn is_answered(probe: &Value) -> bool {
    let words: Vec<&str> = probe.list_at(&["exec", "command"]).iter().filter_map(Value::as_text).collect();
    let text = words.join(" ");
    let looks = ["grep", "PONG", "|", "[", "test ", " -e "].iter().any(|word| text.contains(word));
    (text.contains("redis-cli") || text.contains("valkey-cli")) && text.to_ascii_lowercase().contains("ping") && !looks
}

/// So little time to end that a store is killed while it writes.
fn short_grace(pods: &Pods, all: &mut Vec<Found>) {
    let Some(grace) = pods.spec.int_at(&["terminationGracePeriodSeconds"]) else { return };
    if grace <= SHORT {
        let path = pods.below(&["terminationGracePeriodSeconds"]);
        push(pods, all, Fault::ShortGrace, &path, [String::new(), grace.to_string(), String::new()]);
    }
}

/// So many seconds are short for a store.
const SHORT: i64 = 10;

/// A heap of Java that is larger than the memory that its container may use.
fn heap(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let limit = container.at(&["resources", "limits", "memory"]).and_then(Quantity::read).map(Quantity::units);
    let Some(limit) = limit else { return };
    let env = container.list_at(&["env"]).iter().filter_map(|one| one.text_at(&["value"]));
    let words = ["command", "args"].iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
    let heaps = env
        .chain(words)
        .flat_map(|text| text.split(|c: char| c.is_whitespace() || "\"'=".contains(c)))
        .filter_map(|word| Some((word, bytes(word.strip_prefix("-Xmx")?)?)));
    if let Some((word, _)) = heaps.into_iter().find(|(_, heap)| *heap >= limit) {
        let path = [path, &steps(&["resources", "limits", "memory"])].concat();
        let shown = container.at(&["resources", "limits", "memory"]).map(Value::to_json).unwrap_or_default();
        push(pods, all, Fault::HeapOverLimit, &path, [name_of(container), word.to_owned(), shown.trim_matches('"').to_owned()]);
    }
}

/// `512m` as Java reads it.
fn bytes(size: &str) -> Option<i64> {
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match size[digits.len()..].to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        _ => return None,
    };
    digits.parse::<i64>().ok().and_then(|number| number.checked_shl(shift))
}

/// An image whose name no runtime takes, or whose version is not fixed. Models github.com/distribution/reference.
fn image(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let Some(image) = container.text_at(&["image"]) else { return };
    let path = [path, &steps(&["image"])].concat();
    if fault(image).is_some() {
        push(pods, all, Fault::NoImageName, &path, [name_of(container), image.to_owned(), String::new()]);
    } else if !image.contains('@') && moves(name_and_tag(image).1) {
        push(pods, all, Fault::FloatingTag, &path, [name_of(container), image.to_owned(), String::new()]);
    }
}

/// A database whose image does not start without one of the variables for a password.
fn password(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let name = |one: &Value| one.text_at(&["name"]).map(|name| name.strip_suffix("_FILE").unwrap_or(name).to_owned());
    let given: Vec<String> = container.list_at(&["env"]).iter().filter_map(name).collect();
    let wanted = missing(container.text_at(&["image"]).unwrap_or_default(), &given);
    let is_own = container.list_at(&["command"]).is_empty() && container.list_at(&["envFrom"]).is_empty();
    if let Some(wanted) = wanted.filter(|_| is_own) {
        push(pods, all, Fault::NoPassword, path, [name_of(container), wanted.to_owned(), String::new()]);
    }
}

/// Whether a tag is given to one image after another.
fn moves(tag: &str) -> bool {
    const MOVING: [&str; 9] = ["alpine", "dev", "edge", "latest", "main", "master", "nightly", "slim", "stable"];
    // Of a tag with a number, only what is called the latest of a version moves.
    let is_part =
        |part: &str| ["latest", "SNAPSHOT"].contains(&part) || MOVING.contains(&part) && !tag.contains(|c: char| c.is_ascii_digit());
    tag.is_empty() || tag.split('-').any(is_part)
}

/// Rules that keep pods apart, and select others than the set's own. Models the scheduler's plugins interpodaffinity and podtopologyspread.
fn apart(pods: &Pods, others: &[Pods], all: &mut Vec<Found>) {
    let mut look = |path: Vec<Step>, term: &Value| {
        let wanted = labels(term.at(&["labelSelector", "matchLabels"]));
        // What keeps away from pods of another workload is meant so.
        let is_meant = others.iter().any(|one| one.are_selected(&one.item.key.namespace, &wanted));
        if !wanted.is_empty() && !is_meant && !wanted.iter().all(|pair| pods.labels.contains(pair)) {
            push(pods, all, Fault::ApartFromOthers, &path, [String::new(), spelled(&wanted), String::new()]);
        }
    };
    let affinity = ["affinity", "podAntiAffinity"];
    for (field, within) in [
        ("requiredDuringSchedulingIgnoredDuringExecution", &[][..]),
        ("preferredDuringSchedulingIgnoredDuringExecution", &["podAffinityTerm"]),
    ] {
        let list: Vec<&str> = affinity.into_iter().chain([field]).collect();
        // Of several terms, one that is about other pods is meant so.
        if let [term] = pods.spec.list_at(&list) {
            look(pods.below(&list), term.at(within).unwrap_or(term));
        }
    }
    if let [spread] = pods.spec.list_at(&["topologySpreadConstraints"]) {
        look(pods.below(&["topologySpreadConstraints"]), spread);
    }
}

/// Several pods that may run on one node only.
fn one_node(pods: &Pods, all: &mut Vec<Found>) {
    let named = pods.spec.text_at(&["nodeName"]).map(|node| (vec!["nodeName"], node));
    let selected = pods.spec.text_at(&["nodeSelector", HOSTNAME]).map(|node| (vec!["nodeSelector", HOSTNAME], node));
    if let Some((path, node)) = named.or(selected).filter(|_| pods.item.replicas() > 1) {
        let texts = [node.to_owned(), path[0].to_owned(), pods.item.replicas().to_string()];
        push(pods, all, Fault::OneNode, &pods.below(&path), texts);
    }
}

/// An even number of members that need a majority: one less bears as many losses.
fn members(pods: &Pods, all: &mut Vec<Found>) {
    let replicas = pods.item.replicas();
    let images = pods.spec.list_at(&["containers"]).iter().filter_map(|one| one.text_at(&["image"]));
    let needs = images.into_iter().any(|image| app_of(image).peers == Peers::Quorum) || agrees(&pods.spec.to_json());
    if needs && pods.item.key.kind == Kind::StatefulSet && replicas > 1 && replicas % 2 == 0 {
        let texts = [String::new(), replicas.to_string(), (replicas - 1).to_string()];
        push(pods, all, Fault::EvenMembers, &steps(&["spec", "replicas"]), texts);
    }
}
