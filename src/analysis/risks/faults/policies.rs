//! Faults of network policies. Models networking.k8s.io policies, which add up.

use api::kind::Kind;
use base::value::Value;
use cluster::programs::Peers;
use intake::told::short;
use text::risks::Fault;

use super::manifest::{Found, Item, Pods, labels, named, of_kind, texts};

/// The port of DNS.
const DNS: i64 = 53;
/// The label by which a namespace has its name.
const NAME: &str = "kubernetes.io/metadata.name";

pub(super) fn of(pods: &Pods, others: &[Pods], items: &[Item], all: &mut Vec<Found>) {
    let inward = about(pods, items, "Ingress");
    if let Some(first) = inward.first() {
        if inward.iter().all(|one| one.list_at(&["spec", "ingress"]).is_empty()) {
            all.push(first.fault(Fault::DeniesAll, &["spec"]).name(short(&pods.item.key)));
        } else {
            shut_out(pods, others, items, &inward, all);
        }
    }
    let outward = about(pods, items, "Egress");
    let is_dns = |rule: &Value| {
        let ports = rule.list_at(&["ports"]);
        !ports.is_empty() && ports.iter().all(|port| port.int_at(&["port"]) == Some(DNS))
    };
    let is_closed = |one: &&Item| one.list_at(&["spec", "egress"]).iter().all(is_dns);
    if let Some(first) = outward.first().filter(|_| outward.iter().all(is_closed)) {
        all.push(first.fault(Fault::NoWayOut, &["spec", "egress"]).name(short(&pods.item.key)));
    }
}

/// The policies of one direction that are about pods.
fn about<'a>(pods: &Pods, items: &'a [Item], direction: &str) -> Vec<&'a Item> {
    let is_about = |one: &&Item| {
        let is_plain = one.at(&["spec", "podSelector", "matchExpressions"]).is_none();
        is_plain && pods.are_selected(&one.key.namespace, &labels(one.at(&["spec", "podSelector", "matchLabels"])))
    };
    let is_of = |one: &&Item| {
        let by_default = direction == "Ingress" || one.at(&["spec", "egress"]).is_some();
        let mut types = texts(one, &["spec", "policyTypes"]).peekable();
        if types.peek().is_none() { by_default } else { types.any(|one| one == direction) }
    };
    of_kind(items, Kind::NetworkPolicy).filter(is_about).filter(is_of).collect()
}

/// Members, or pods that name a Service of the set, which no policy lets in.
fn shut_out(pods: &Pods, others: &[Pods], items: &[Item], policies: &[&Item], all: &mut Vec<Found>) {
    let admits =
        |from: &Pods| policies.iter().any(|one| one.list_at(&["spec", "ingress"]).iter().any(|rule| lets(rule, pods, from, items)));
    let mut tell = |other: &Item| {
        let found = policies[0].fault(Fault::ShutOut, &["spec", "ingress"]);
        all.push(found.name(short(&pods.item.key)).other(short(&other.key)));
    };
    if pods.item.replicas() > 1 && pods.agree(|peers| peers != Peers::None) && !admits(pods) {
        tell(pods.item);
    }
    let names: Vec<&str> = pods.services(items).map(|one| &*one.key.name).collect();
    let calls = |one: &&Pods| {
        let text = one.spec.to_json();
        let is_word = |at: usize, name: &str| {
            let part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part)
        };
        one.item.key != pods.item.key && names.iter().any(|name| text.match_indices(name).any(|(at, _)| is_word(at, name)))
    };
    if let Some(client) = others.iter().filter(calls).find(|one| !admits(one)) {
        tell(client.item);
    }
}

/// Whether a rule lets pods in, as far as the manifest tells: what it does not tell is taken to.
fn lets(rule: &Value, to: &Pods, from: &Pods, items: &[Item]) -> bool {
    let peers = rule.list_at(&["from"]);
    let is_admitted = |peer: &Value| {
        if peer.get("ipBlock").is_some() {
            return true;
        }
        let is_open = |selector: &Value| selector.get("matchExpressions").is_some();
        let of_pods = peer
            .get("podSelector")
            .is_none_or(|one| is_open(one) || from.are_selected(&from.item.key.namespace, &labels(one.get("matchLabels"))));
        let of_space = match peer.get("namespaceSelector") {
            None => from.item.key.namespace == to.item.key.namespace,
            Some(one) if is_open(one) => true,
            Some(one) => has(from, &labels(one.get("matchLabels")), items),
        };
        of_pods && of_space
    };
    peers.is_empty() || peers.iter().any(is_admitted)
}

/// Whether the namespace of pods has labels, where the manifest tells.
fn has(from: &Pods, wanted: &[(String, String)], items: &[Item]) -> bool {
    let space = &*from.item.key.namespace;
    let told = named(items, Kind::Namespace, "", space);
    let own = |key: &str, value: &str| match told {
        _ if key == NAME => value == space,
        Some(told) => told.text_at(&["metadata", "labels", key]) == Some(value),
        None => true,
    };
    wanted.iter().all(|(key, value)| own(key, value))
}
