//! Faults of what is asked of pods: readiness that nobody asks for, peers that are looked for, ports that are opened twice.

use api::kind::Kind;
use base::field_path::Step;
use base::value::Value;
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Item, Pods, labels, named, steps};

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    if !pods.is_of_set() {
        return;
    }
    unasked(pods, items, all);
    unwatched(pods, all);
    peers(pods, items, all);
    ports(pods, all);
}

/// The Services of the manifest that lead to the pods.
pub(super) fn services<'a>(pods: &'a Pods, items: &'a [Item]) -> impl Iterator<Item = &'a Item> {
    items.iter().filter(|one| one.key.kind == Kind::Service).filter(|one| {
        let wanted = labels(one.value.at(&["spec", "selector"]));
        !wanted.is_empty() && pods.are_selected(&one.key.namespace, &wanted)
    })
}

/// Whether any container has a probe.
fn has(containers: &[Value], probe: ProbeKind) -> bool {
    containers.iter().any(|one| one.get(probe.field()).is_some())
}

/// Whether any container is asked whether it is ready.
fn is_asked(containers: &[Value]) -> bool {
    has(containers, ProbeKind::Readiness)
}

/// Containers that nobody asks whether they are ready, where somebody calls them or a next pod waits for them.
fn unasked(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let containers = pods.spec.list_at(&["containers"]);
    let matters = pods.item.replicas() > 1 || services(pods, items).next().is_some();
    if containers.is_empty() || is_asked(containers) || !matters {
        return;
    }
    let names: Vec<&str> = containers.iter().filter_map(|one| one.text_at(&["name"])).collect();
    let starts = if has(containers, ProbeKind::Startup) { ProbeKind::Startup.field() } else { "" };
    let hangs = if is_unwatched(containers) && starts.is_empty() { ProbeKind::Liveness.field() } else { "" };
    let texts = [names.join(", "), hangs.to_owned(), starts.to_owned()];
    all.push(pods.item.fault(Fault::NoReadiness, &pods.below(&["containers"]), texts));
}

/// Whether servers are among containers, and nobody asks whether these still answer.
fn is_unwatched(containers: &[Value]) -> bool {
    containers.iter().any(|one| !one.list_at(&["ports"]).is_empty()) && !has(containers, ProbeKind::Liveness)
}

/// Servers that nobody asks whether they still answer, where that is not told with their readiness.
fn unwatched(pods: &Pods, all: &mut Vec<Found>) {
    let is_told = |one: &Found| one.fault == Fault::NoReadiness && one.object == pods.item.key && !one.value.is_empty();
    if is_unwatched(pods.spec.list_at(&["containers"])) && !all.iter().any(is_told) {
        all.push(pods.item.fault(Fault::NoLiveness, &pods.below(&["containers"]), Default::default()));
    }
}

/// Members that name each other, are asked whether they are Ready, and are published only then.
fn peers(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let is_asked = is_asked(pods.spec.list_at(&["containers"]));
    let Some(name) = pods.item.value.text_at(&["spec", "serviceName"]).filter(|_| is_asked && pods.item.replicas() > 1) else { return };
    let Some(service) = named(items, Kind::Service, &pods.item.key.namespace, name) else { return };
    let publishes = service.value.at(&["spec", "publishNotReadyAddresses"]).and_then(Value::as_bool) == Some(true);
    let spec = pods.spec.to_json();
    let named = (0..pods.item.replicas()).filter(|ordinal| spec.contains(&format!("{}-{ordinal}.{name}", pods.item.key.name)));
    if !publishes && named.count() > 1 {
        let value = format!("svc/{name}");
        all.push(service.fault(Fault::PeersUnpublished, &steps(&["spec"]), [String::new(), value, String::new()]).about(pods.item));
    }
}

/// A port that two containers declare, or that two addresses of one setting open.
fn ports(pods: &Pods, all: &mut Vec<Found>) {
    let mut declared: Vec<(i64, String, String)> = Vec::new();
    for (path, container) in pods.containers().filter(|(path, _)| path.contains(&Step::Field("containers".into()))) {
        let name = container.text_at(&["name"]).unwrap_or_default();
        for port in container.list_at(&["ports"]) {
            let protocol = port.text_at(&["protocol"]).unwrap_or("TCP").to_owned();
            let Some(number) = port.int_at(&["containerPort"]) else { continue };
            let twice = declared.iter().find(|(known, of, other)| *known == number && *of == protocol && other != name);
            if let Some((_, _, other)) = twice {
                let texts = [other.clone(), number.to_string(), name.to_owned()];
                all.push(pods.item.fault(Fault::PortTwice, &path, texts));
            }
            declared.push((number, protocol, name.to_owned()));
        }
        for (at, variable) in container.list_at(&["env"]).iter().enumerate() {
            listeners(pods, &path, at, variable, all);
        }
    }
}

/// `CLIENT://:9092,CONTROLLER://:9092`: addresses to listen at, of which two have one port.
fn listeners(pods: &Pods, path: &[Step], at: usize, variable: &Value, all: &mut Vec<Found>) {
    let (Some(name), Some(value)) = (variable.text_at(&["name"]), variable.text_at(&["value"])) else { return };
    let is_to_listen = name.ends_with("LISTENERS") && !name.contains("ADVERTISED");
    let mut known: Vec<(&str, &str)> = Vec::new();
    for listener in value.split(',').filter(|_| is_to_listen) {
        let Some((of, address)) = listener.trim().split_once("://") else { continue };
        let Some((_, port)) = address.rsplit_once(':') else { continue };
        if let Some((other, _)) = known.iter().find(|(_, known)| *known == port) {
            let path: Vec<Step> = path.iter().cloned().chain([Step::Field("env".into()), Step::Index(at)]).collect();
            return all.push(pods.item.fault(Fault::PortTwice, &path, [(*other).to_owned(), port.to_owned(), of.to_owned()]));
        }
        known.push((of, port));
    }
}
