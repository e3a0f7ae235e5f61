//! Faults of network policies. Models networking.k8s.io policies, which add up.

use api::kind::Kind;
use base::value::Value;
use cluster::inside::apps::{Peers, app_of};
use intake::told::short;
use plan::guess::agrees;
use text::risks::Fault;

use super::asked::services;
use super::manifest::{Found, Item, Pods, labels, steps};

/// The port of DNS.
const DNS: i64 = 53;
/// The label by which a namespace has its name.
const NAME: &str = "kubernetes.io/metadata.name";

pub(super) fn of(pods: &Pods, others: &[Pods], items: &[Item], all: &mut Vec<Found>) {
    let inward = about(pods, items, "Ingress");
    let lets_in = |one: &&Item| !one.value.list_at(&["spec", "ingress"]).is_empty();
    match inward.first() {
        Some(first) if !inward.iter().any(|one| lets_in(&one)) => {
            let texts = [short(&pods.item.key), String::new(), String::new()];
            all.push(first.fault(Fault::DeniesAll, &steps(&["spec"]), texts));
        }
        Some(first) => shut_out(pods, others, items, &inward, first, all),
        None => {}
    }
    let outward = about(pods, items, "Egress");
    let is_dns = |rule: &Value| {
        let ports = rule.list_at(&["ports"]);
        !ports.is_empty() && ports.iter().all(|port| port.int_at(&["port"]) == Some(DNS))
    };
    if let Some(first) = outward.first().filter(|_| outward.iter().all(|one| one.value.list_at(&["spec", "egress"]).iter().all(is_dns))) {
        all.push(first.fault(Fault::NoWayOut, &steps(&["spec", "egress"]), [short(&pods.item.key), String::new(), String::new()]));
    }
}

/// The policies of one direction that are about pods.
fn about<'a>(pods: &Pods, items: &'a [Item], direction: &str) -> Vec<&'a Item> {
    let is_policy = |one: &&Item| one.key.kind == Kind::NetworkPolicy && one.key.namespace == pods.item.key.namespace;
    let is_about = |one: &&Item| {
        let selector = one.value.at(&["spec", "podSelector"]);
        let is_plain = selector.is_none_or(|selector| selector.get("matchExpressions").is_none());
        is_plain && pods.are_selected(&one.key.namespace, &labels(one.value.at(&["spec", "podSelector", "matchLabels"])))
    };
    let is_of = |one: &&Item| {
        let types = one.value.list_at(&["spec", "policyTypes"]);
        let by_default = direction == "Ingress" || one.value.at(&["spec", "egress"]).is_some();
        if types.is_empty() { by_default } else { types.iter().any(|one| one.as_text() == Some(direction)) }
    };
    items.iter().filter(is_policy).filter(is_about).filter(is_of).collect()
}

/// Members, or pods that name a Service of the set, which no policy lets in.
fn shut_out(pods: &Pods, others: &[Pods], items: &[Item], policies: &[&Item], first: &Item, all: &mut Vec<Found>) {
    let admits =
        |from: &Pods| policies.iter().any(|one| one.value.list_at(&["spec", "ingress"]).iter().any(|rule| lets(rule, pods, from, items)));
    let images = || pods.spec.list_at(&["containers"]).iter().filter_map(|one| one.text_at(&["image"]));
    let talks = images().any(|image| app_of(image).peers != Peers::None) || agrees(&pods.spec.to_json());
    let set = short(&pods.item.key);
    if pods.item.replicas() > 1 && talks && !admits(pods) {
        all.push(first.fault(Fault::ShutOut, &steps(&["spec", "ingress"]), [set.clone(), String::new(), set.clone()]));
    }
    let names: Vec<&str> = services(pods, items).map(|one| &*one.key.name).collect();
    let calls = |one: &&Pods| {
        let text = one.spec.to_json();
        let is_word = |at: usize, name: &str| {
            let part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part)
        };
        one.item.key != pods.item.key && names.iter().any(|name| text.match_indices(name).any(|(at, _)| is_word(at, name)))
    };
    if let Some(client) = others.iter().filter(calls).find(|one| !admits(one)) {
        all.push(first.fault(Fault::ShutOut, &steps(&["spec", "ingress"]), [set, String::new(), short(&client.item.key)]));
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
    let told = items.iter().find(|one| one.key.kind == Kind::Namespace && *one.key.name == *space);
    let own = |key: &str, value: &str| match told {
        _ if key == NAME => value == space,
        Some(told) => told.value.text_at(&["metadata", "labels", key]) == Some(value),
        None => true,
    };
    wanted.iter().all(|(key, value)| own(key, value))
}
