//! Faults of a pod's own fields.

use api::kind::Kind;
use api::well_known::HOSTNAME;
use base::field_path::Step;
use base::image_name::fault;
use base::quantity::Quantity;
use base::time::Span;
use base::value::Value;
use cluster::command::pauses;
use cluster::inside::apps::{Peers, app_of};
use text::risks::Fault;

use super::{Found, Pods, labels, spelled, steps};

/// The default time that processes have to end, in seconds.
const GRACE: i64 = 30;

pub(super) fn of(pods: &Pods, all: &mut Vec<Found>) {
    if !pods.is_of_set() {
        return;
    }
    for (path, container) in pods.containers() {
        ending(pods, &path, container, all);
        probes(pods, &path, container, all);
        heap(pods, &path, container, all);
        image(pods, &path, container, all);
    }
    unasked(pods, all);
    apart(pods, all);
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
    let grace = pods.spec.int_at(&["terminationGracePeriodSeconds"]).unwrap_or(GRACE);
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
    for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
        for action in ["httpGet", "tcpSocket"] {
            let Some(port) = container.text_at(&[probe, action, "port"]).filter(|port| port.parse::<u16>().is_err()) else { continue };
            if !container.list_at(&["ports"]).iter().any(|own| own.text_at(&["name"]) == Some(port)) {
                let path = [path, &steps(&[probe, action, "port"])].concat();
                push(pods, all, Fault::ProbePort, &path, [name_of(container), port.to_owned(), probe.to_owned()]);
            }
        }
    }
}

/// A heap of Java that is larger than the memory that its container may use.
fn heap(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let limit = container.at(&["resources", "limits", "memory"]).and_then(Quantity::read).map(Quantity::units);
    let Some(limit) = limit else { return };
    let env = container.list_at(&["env"]).iter().filter_map(|one| one.text_at(&["value"]));
    let words = ["command", "args"].iter().flat_map(|field| container.list_at(&[field])).filter_map(Value::as_text);
    let heaps = env.chain(words).flat_map(str::split_whitespace).filter_map(|word| Some((word, bytes(word.strip_prefix("-Xmx")?)?)));
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

/// An image whose name no runtime takes. Models github.com/distribution/reference.
fn image(pods: &Pods, path: &[Step], container: &Value, all: &mut Vec<Found>) {
    let Some(image) = container.text_at(&["image"]).filter(|image| fault(image).is_some()) else { return };
    let path = [path, &steps(&["image"])].concat();
    push(pods, all, Fault::NoImageName, &path, [name_of(container), image.to_owned(), String::new()]);
}

/// Containers that nobody asks whether they are ready.
fn unasked(pods: &Pods, all: &mut Vec<Found>) {
    let containers = pods.spec.list_at(&["containers"]);
    if containers.is_empty() || containers.iter().any(|one| one.get("readinessProbe").is_some()) {
        return;
    }
    let names: Vec<&str> = containers.iter().filter_map(|one| one.text_at(&["name"])).collect();
    push(pods, all, Fault::NoReadiness, &pods.below(&["containers"]), [names.join(", "), String::new(), String::new()]);
}

/// Rules that keep pods apart, and select others than the set's own. Models the scheduler's plugins interpodaffinity and podtopologyspread.
fn apart(pods: &Pods, all: &mut Vec<Found>) {
    let mut look = |path: Vec<Step>, term: &Value| {
        let wanted = labels(term.at(&["labelSelector", "matchLabels"]));
        if !wanted.is_empty() && !wanted.iter().all(|pair| pods.labels.contains(pair)) {
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
    let needs = images.into_iter().any(|image| app_of(image).peers == Peers::Quorum);
    if needs && pods.item.key.kind == Kind::StatefulSet && replicas > 1 && replicas % 2 == 0 {
        let texts = [String::new(), replicas.to_string(), (replicas - 1).to_string()];
        push(pods, all, Fault::EvenMembers, &steps(&["spec", "replicas"]), texts);
    }
}
