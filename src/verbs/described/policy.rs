//! NetworkPolicies.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go NetworkPolicyDescriber.

use api::view::{NONE, View, scalar, text};
use base::time::Time;
use base::value::Value;
use rows::cells::label_selector;
use rows::describe::common::{head, labels_and_annotations};
use rows::describe::layout::Page;

/// Describes a NetworkPolicy.
pub fn network_policy(page: &mut Page, policy: &Value, _view: &View) {
    head(page, policy);
    page.field(0, "Created on", created(policy));
    labels_and_annotations(page, policy);
    page.line(0, "Spec:");
    let selected = policy.at(&["spec", "podSelector"]).map_or_else(|| NONE.to_owned(), label_selector);
    let to_all = if selected == NONE { " (Allowing the specific traffic to all pods in this namespace)" } else { "" };
    page.line(1, format!("PodSelector:     {selected}{to_all}"));
    let types: Vec<String> = policy.list_at(&["spec", "policyTypes"]).iter().map(scalar).collect();
    for way in [
        Way { list: "ingress", kind: "Ingress", peers: "from", title: "From", end: "source" },
        Way { list: "egress", kind: "Egress", peers: "to", title: "To", end: "destination" },
    ] {
        if types.iter().any(|one| one == way.kind) {
            page.line(1, format!("Allowing {} traffic:", way.list));
            rules(page, policy.list_at(&["spec", way.list]), &way);
        } else {
            page.line(1, format!("Not affecting {} traffic", way.list));
        }
    }
    page.line(1, format!("Policy Types: {}", if types.is_empty() { NONE.to_owned() } else { types.join(", ") }));
}

/// When a policy was created, as Go prints a time.
fn created(policy: &Value) -> String {
    let stamp = Time::parse_rfc3339(text(policy, &["metadata", "creationTimestamp"]));
    stamp.unwrap_or_default().date("%Y-%m-%d %T +0000 UTC")
}

/// The words for one direction of traffic.
struct Way {
    list: &'static str,
    kind: &'static str,
    peers: &'static str,
    title: &'static str,
    end: &'static str,
}

/// What is allowed in one direction. Models printNetworkPolicySpecIngressFrom and printNetworkPolicySpecEgressTo.
fn rules(page: &mut Page, rules: &[Value], way: &Way) {
    if rules.is_empty() {
        page.line(2, format!("{NONE} (Selected pods are isolated for {} connectivity)", way.list));
    }
    for (i, rule) in rules.iter().enumerate() {
        if i > 0 {
            page.line(2, "----------");
        }
        let ports = rule.list_at(&["ports"]);
        if ports.is_empty() {
            page.line(2, "To Port: <any> (traffic allowed to all ports)");
        }
        for port in ports {
            let number = port.get("port").map_or_else(|| "<nil>".to_owned(), scalar);
            let (range, end) = port.get("endPort").map_or(("", String::new()), |end| (" Range", format!("-{}", scalar(end))));
            page.line(2, format!("To Port{range}: {number}{end}/{}", port.text_at(&["protocol"]).unwrap_or("TCP")));
        }
        let (title, peers) = (way.title, rule.list_at(&[way.peers]));
        if peers.is_empty() {
            page.line(2, format!("{title}: <any> (traffic not restricted by {})", way.end));
        }
        for peer in peers {
            page.line(2, format!("{title}:"));
            for (label, field) in [("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")] {
                if let Some(selector) = peer.get(field) {
                    page.line(3, format!("{label}: {}", label_selector(selector)));
                }
            }
            if let Some(block) = peer.get("ipBlock") {
                let except: Vec<String> = block.list_at(&["except"]).iter().map(scalar).collect();
                page.line(3, "IPBlock:");
                page.line(4, format!("CIDR: {}", text(block, &["cidr"])));
                page.line(4, format!("Except: {}", except.join(", ")));
            }
        }
    }
}
