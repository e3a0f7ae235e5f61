//! Faults of what is asked of pods: readiness that nobody asks for, peers that are looked for, ports that are opened twice.

use api::kind::Kind;
use text::risks::Fault;
use why::ProbeKind;

use super::manifest::{Found, Item, Part, Pods, named};
use super::services::publishes;

pub(super) fn of(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    unasked(pods, items, all);
    peers(pods, items, all);
    ports(pods, all);
}

/// Whether any container has a probe.
fn has(pods: &Pods, probe: ProbeKind) -> bool {
    pods.running().any(|one| one.get(probe.field()).is_some())
}

/// Containers that nobody asks whether they are ready, where somebody calls them or a next pod waits for them. Servers that nobody asks
/// whether they still answer, where that is not told with it.
fn unasked(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let is_unwatched = pods.running().any(|one| !one.list_at(&["ports"]).is_empty()) && !has(pods, ProbeKind::Liveness);
    let matters = pods.item.replicas() > 1 || pods.services(items).next().is_some();
    let is_unasked = pods.running().next().is_some() && !has(pods, ProbeKind::Readiness) && matters;
    let starts = if has(pods, ProbeKind::Startup) { ProbeKind::Startup.field() } else { "" };
    let hangs = if is_unwatched && starts.is_empty() { ProbeKind::Liveness.field() } else { "" };
    if is_unasked {
        let names: Vec<&str> = pods.running().map(|one| one.name()).collect();
        all.push(pods.spec.fault(Fault::NoReadiness, &["containers"]).name(names.join(", ")).value(hangs).other(starts));
    }
    if is_unwatched && (!is_unasked || hangs.is_empty()) {
        all.push(pods.spec.fault(Fault::NoLiveness, &["containers"]).value(starts));
    }
}

/// Members that name each other, are asked whether they are Ready, and are published only then.
fn peers(pods: &Pods, items: &[Item], all: &mut Vec<Found>) {
    let is_asked = has(pods, ProbeKind::Readiness) && pods.item.replicas() > 1;
    let Some(name) = pods.item.text_at(&["spec", "serviceName"]).filter(|_| is_asked) else { return };
    let Some(service) = named(items, Kind::Service, &pods.item.key.namespace, name) else { return };
    let spec = pods.spec.to_json();
    let named = (0..pods.item.replicas()).filter(|ordinal| spec.contains(&format!("{}-{ordinal}.{name}", pods.item.key.name)));
    if !publishes(service) && named.count() > 1 {
        all.push(service.fault(Fault::PeersUnpublished, &["spec"]).value(format!("svc/{name}")).about(pods.item));
    }
}

/// A port that two addresses of one setting open. A port that containers only declare opens nothing.
fn ports(pods: &Pods, all: &mut Vec<Found>) {
    pods.running().for_each(|container| container.each(&["env"]).for_each(|variable| listeners(&variable, all)));
}

/// `CLIENT://:9092,CONTROLLER://:9092`: addresses to listen at, of which two have one port.
fn listeners(variable: &Part, all: &mut Vec<Found>) {
    let is_to_listen = variable.name().ends_with("LISTENERS") && !variable.name().contains("ADVERTISED");
    let Some(value) = variable.text_at(&["value"]).filter(|_| is_to_listen) else { return };
    let mut known: Vec<(&str, &str)> = Vec::new();
    for listener in value.split(',') {
        let Some((of, address)) = listener.trim().split_once("://") else { continue };
        let Some((_, port)) = address.rsplit_once(':') else { continue };
        if let Some((other, _)) = known.iter().find(|(_, known)| *known == port) {
            return all.push(variable.fault(Fault::PortTwice, &[]).name(other).value(port).other(of));
        }
        known.push((of, port));
    }
}
