//! Faults of a pod's own fields.

use api::object::pod::GRACE_PERIOD_SECONDS;
use api::well_known::HOSTNAME;
use base::image_name::{fault, name_and_tag};
use base::quantity::Quantity;
use base::time::Span;
use base::value::Value;
use cluster::command::pauses;
use cluster::inside::refusals::missing;
use cluster::programs::{Peers, program_of};
use plan::documents::fails_after;
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Part, Pods, labels, spelled, texts};
use super::places::{REQUIRED, WISHED};
use super::probes::{asks, asks_redis};

/// How long pods have to end.
const GRACE: [&str; 1] = ["terminationGracePeriodSeconds"];

pub(super) fn of(pods: &Pods, others: &[Pods], all: &mut Vec<Found>) {
    for container in pods.containers() {
        ending(pods, &container, all);
        probes(&container, all);
        heap(&container, all);
        image(&container, all);
        password(&container, all);
    }
    pods.running().for_each(|one| early(&one, all));
    apart(pods, others, all);
    // So little time to end that a store is killed while it writes.
    if let Some(grace) = pods.spec.int_at(&GRACE).filter(|grace| *grace <= SHORT) {
        all.push(pods.spec.fault(Fault::ShortGrace, &GRACE).value(grace));
    }
    one_node(pods, all);
    members(pods, all);
}

/// A hook before the end that takes longer than the pod has to end. Models pkg/kubelet/kuberuntime killContainer.
fn ending(pods: &Pods, container: &Part, all: &mut Vec<Found>) {
    let path = ["lifecycle", "preStop"];
    let Some(hook) = container.at(&path) else { return };
    let grace = pods.spec.int_at(&GRACE).unwrap_or(GRACE_PERIOD_SECONDS);
    let words: Vec<&str> = texts(hook, &["exec", "command"]).collect();
    if words.iter().any(|script| is_endless(script)) {
        all.push(container.fault(Fault::GraceTooShort, &path).value(ENDLESS).other(grace));
        return;
    }
    let sleeps = hook.int_at(&["sleep", "seconds"]).map_or_else(|| pauses(words), Span::of_seconds);
    if sleeps >= Span::of_seconds(grace) && sleeps > Span(0) {
        all.push(container.fault(Fault::GraceTooShort, &path).value(sleeps.0 / 1000).other(grace));
    }
}

/// What stands in the place of how long a hook takes that waits in a loop.
const ENDLESS: &str = "endless";

/// Whether a script waits in a loop that only something else ends.
fn is_endless(script: &str) -> bool {
    let loops = ["while true", "while :", "while [ true ]"];
    loops.iter().any(|words| script.contains(words)) && script.contains("sleep ")
}

/// A probe of a port by a name that its container does not have. Models pkg/probe ResolveContainerPort.
fn probes(container: &Part, all: &mut Vec<Found>) {
    for probe in ProbeKind::ALL.map(ProbeKind::field) {
        for path in [[probe, "httpGet", "port"], [probe, "tcpSocket", "port"]] {
            let port = container.text_at(&path).filter(|port| port.parse::<u16>().is_err());
            if let Some(port) = port.filter(|port| !container.each(&["ports"]).any(|own| own.name() == *port)) {
                all.push(container.fault(Fault::ProbePort, &path).value(port).other(probe));
            }
        }
    }
}

/// A probe that kills a container whose start takes longer, as no startup probe waits for it. Models pkg/kubelet/prober.
fn early(container: &Part, all: &mut Vec<Found>) {
    let field = ProbeKind::Liveness.field();
    let Some(probe) = container.get(field).filter(|_| container.get(ProbeKind::Startup.field()).is_none()) else { return };
    let allows = fails_after(probe);
    let is_slow = program_of(container.image()).is_some_and(|program| program.is_slow);
    if allows <= (if is_slow { EARLY_FOR_STORE } else { EARLY }) && !is_answered(&asks(container, field)) {
        all.push(container.fault(Fault::LivenessEarly, &[field]).value(allows));
    }
}

/// Starts that take no longer than so many seconds are not unusual.
const EARLY: i64 = 60;
/// The same of a store that reads its log or its parts first.
const EARLY_FOR_STORE: i64 = 180;

/// Whether a probe passes as soon as a server answers anything. `redis-cli ping` ends with 0 also where the answer is an error, as while
/// Redis loads its data.
fn is_answered(line: &str) -> bool {
    let looks = ["grep", "PONG", "|", "[", "test ", " -e "].iter().any(|word| line.contains(word));
    asks_redis(line) && line.to_ascii_lowercase().contains("ping") && !looks
}

/// So many seconds are short for a store.
const SHORT: i64 = 10;

/// A heap of Java that is larger than the memory that its container may use.
fn heap(container: &Part, all: &mut Vec<Found>) {
    let path = ["resources", "limits", "memory"];
    let Some((shown, limit)) = container.at(&path).and_then(|memory| Some((memory, Quantity::read(memory)?.units()))) else { return };
    if let Some((word, _)) = heaps(container).into_iter().find(|(_, heap)| *heap >= limit) {
        all.push(container.fault(Fault::HeapOverLimit, &path).value(word).other(shown.to_json().trim_matches('"')));
    }
}

/// The options of Java that say how large a heap may become, each with its bytes.
pub(super) fn heaps(container: &Part) -> Vec<(String, i64)> {
    let values = container.list_at(&["env"]).iter().filter_map(|one| one.text_at(&["value"]));
    let words = values.chain(container.words()).flat_map(|text| text.split(|c: char| c.is_whitespace() || "\"'=".contains(c)));
    words.filter_map(|word| Some((word.to_owned(), bytes(word.strip_prefix("-Xmx")?)?))).collect()
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
fn image(container: &Part, all: &mut Vec<Found>) {
    let Some(image) = container.text_at(&["image"]) else { return };
    let kind = match fault(image) {
        Some(_) => Fault::NoImageName,
        None if !image.contains('@') && moves(name_and_tag(image).1) => Fault::FloatingTag,
        None => return,
    };
    all.push(container.fault(kind, &["image"]).value(image));
}

/// A database whose image does not start without one of the variables for a password.
fn password(container: &Part, all: &mut Vec<Found>) {
    let bare = |name: &str| name.strip_suffix("_FILE").unwrap_or(name).to_owned();
    let given: Vec<String> = container.each(&["env"]).map(|one| bare(one.name())).collect();
    let is_own = container.list_at(&["command"]).is_empty() && container.list_at(&["envFrom"]).is_empty();
    if let Some(wanted) = missing(container.image(), &given).filter(|_| is_own) {
        all.push(container.fault(Fault::NoPassword, &[]).value(wanted));
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
    let rules: [(&[&str], &[&str]); 3] = [
        (&["affinity", "podAntiAffinity", REQUIRED], &[]),
        (&["affinity", "podAntiAffinity", WISHED], &["podAffinityTerm"]),
        (&["topologySpreadConstraints"], &[]),
    ];
    for (list, within) in rules {
        // Of several terms, one that is about other pods is meant so.
        let [rule] = pods.spec.list_at(list) else { continue };
        let wanted = rule.at(within).and_then(|term| term.get("labelSelector")).map(selected).unwrap_or_default();
        // What keeps away from pods of another workload is meant so.
        let is_meant = others.iter().any(|one| one.are_selected(&one.item.key.namespace, &wanted));
        if !wanted.is_empty() && !is_meant && !wanted.iter().all(|pair| pods.labels.contains(pair)) {
            all.push(pods.spec.fault(Fault::ApartFromOthers, list).value(spelled(&wanted)));
        }
    }
}

/// The labels that a selector asks for: those that it names, and those of which an expression allows one value.
fn selected(selector: &Value) -> Vec<(String, String)> {
    let expressions = selector.list_at(&["matchExpressions"]).iter().filter_map(of_one_value);
    labels(selector.get("matchLabels")).into_iter().chain(expressions).collect()
}

/// The label of an expression that allows one value.
fn of_one_value(expression: &Value) -> Option<(String, String)> {
    let [value] = expression.list_at(&["values"]) else { return None };
    let is_in = expression.text_at(&["operator"]) == Some("In");
    Some((expression.text_at(&["key"])?.to_owned(), value.as_text()?.to_owned())).filter(|_| is_in)
}

/// Several pods that may run on one node only.
fn one_node(pods: &Pods, all: &mut Vec<Found>) {
    let paths: [&[&str]; 2] = [&["nodeName"], &["nodeSelector", HOSTNAME]];
    let found = paths.into_iter().find_map(|path| Some((path, pods.spec.text_at(path)?)));
    if let Some((path, node)) = found.filter(|_| pods.item.replicas() > 1) {
        all.push(pods.spec.fault(Fault::OneNode, path).name(node).value(path[0]).other(pods.item.replicas()));
    }
}

/// An even number of members that need a majority: one less bears as many losses.
fn members(pods: &Pods, all: &mut Vec<Found>) {
    let replicas = pods.item.replicas();
    if replicas > 1 && replicas % 2 == 0 && pods.agree(|peers| peers == Peers::Quorum) {
        all.push(pods.item.fault(Fault::EvenMembers, &["spec", "replicas"]).value(replicas).other(replicas - 1));
    }
}
