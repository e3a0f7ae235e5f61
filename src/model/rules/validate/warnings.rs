//! Warnings about accepted objects.
//!
//! Not modelled: whether a certificate and its key match.
//!
//! Models the strategies' `WarningsOnCreate` and `WarningsOnUpdate`.

use std::net::IpAddr;

use crate::validate::report::Members;
use crate::validate::{network, pod_warnings};
use api::admit::INGRESS_CLASS;
use api::kind::Kind;
use api::names;
use api::object::storage::CLASS_BETA;
use base::base64;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::quoted::go_quoted;
use base::value::Value;

/// Annotations of volumes that have become fields.
const VOLUME_ANNOTATIONS: [(&str, &str); 2] = [
    (CLASS_BETA, "deprecated since v1.8; use \"storageClassName\" attribute instead"),
    ("volume.beta.kubernetes.io/mount-options", "deprecated since v1.31; use \"mountOptions\" attribute instead"),
];
/// A deprecated annotation of service accounts.
const ENFORCES_SECRETS: (&str, &str) =
    ("kubernetes.io/enforce-mountable-secrets", "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
/// A PersistentVolume's sources that no longer work, in the server's order.
const GONE_SOURCES: [&str; 6] = ["cephfs", "photonPersistentDisk", "scaleIO", "storageos", "glusterfs", "rbd"];

/// The warnings about an accepted object, in the server's order. `old` is its previous version, for an update.
pub fn of(kind: Kind, object: &Value, old: Option<&Value>) -> Vec<String> {
    let out = &mut Vec::new();
    let (meta, spec, path) = (object.part("metadata"), object.part("spec"), FieldPath::of("spec"));
    let is_other = |field: &[&str]| old.is_none_or(|old| old.at(field) != object.at(field));
    match kind {
        Kind::Pod if old.is_none() => {
            long_name(meta, "the Pod's hostname", out);
            pod_warnings::of(object, &FieldPath::root(), out);
        }
        Kind::Deployment | Kind::ReplicaSet | Kind::Job if is_other(&["metadata", "generation"]) => {
            if old.is_none() {
                long_name(meta, "Pod names and hostnames", out);
            }
            template(spec, &path, out);
        }
        Kind::DaemonSet if is_other(&["spec", "template"]) => template(spec, &path, out),
        Kind::CronJob => {
            if old.is_none() {
                long_name(meta, "Pod names and hostnames", out);
            }
            if is_other(&["metadata", "generation"]) {
                template(spec.part("jobTemplate").part("spec"), &path.field("jobTemplate").field("spec"), out);
            }
        }
        Kind::StatefulSet => stateful_set(spec, old.is_none(), is_other(&["metadata", "generation"]), out),
        Kind::PersistentVolumeClaim => {
            annotated(meta, &VOLUME_ANNOTATIONS[..1], out);
            claim_spec(spec, &path, out);
        }
        Kind::PersistentVolume => volume(meta, spec, &path, out),
        Kind::StorageClass => class(object, out),
        Kind::Service => service(meta, spec, &path, out),
        Kind::Node => node(spec, &path, out),
        Kind::ServiceAccount => annotated(meta, &[ENFORCES_SECRETS], out),
        Kind::Secret if object.text("type") == "kubernetes.io/tls" => certificate(object.part("data"), out),
        Kind::EndpointSlice if old.is_none() && object.text("addressType") == "FQDN" => {
            out.push("spec.addressType: FQDN endpoints are deprecated".to_owned());
        }
        Kind::NetworkPolicy => {
            for (path, block) in network::blocks(spec) {
                address_range(block.text("cidr"), &path.field("cidr"), out);
                for (i, range) in block.items("except").iter().enumerate() {
                    address_range(range.as_text().unwrap_or_default(), &path.field("except").index(i), out);
                }
            }
        }
        Kind::Ingress
            if old.is_none() && spec.given("ingressClassName").is_none() && meta.part("annotations").given(INGRESS_CLASS).is_some() =>
        {
            out.push(format!("annotation {INGRESS_CLASS:?} is deprecated, please use 'spec.ingressClassName' instead"));
        }
        _ => {}
    }
    std::mem::take(out)
}

fn long_name(meta: &Value, what_for: &str, out: &mut Vec<String>) {
    let wrong = names::dns_label(meta.text("name"));
    if !wrong.is_empty() {
        let text = format!("this is used in {what_for}, which can result in surprising behavior; a DNS label is recommended");
        out.push(format!("metadata.name: {text}: [{}]", wrong.join(" ")));
    }
}

fn template(spec: &Value, path: &FieldPath, out: &mut Vec<String>) {
    pod_warnings::of(spec.part("template"), &path.field("template"), out);
}

fn stateful_set(spec: &Value, is_new: bool, spec_changed: bool, out: &mut Vec<String>) {
    let path = FieldPath::of("spec");
    if spec_changed {
        template(spec, &path, out);
    }
    for (path, claim) in path.field("volumeClaimTemplates").each(spec.items("volumeClaimTemplates").iter()) {
        claim_spec(claim.part("spec"), &if is_new { path } else { path.field("Spec") }, out);
    }
    if spec.number("revisionHistoryLimit").is_some_and(|limit| limit < 0) {
        let text = "a negative value retains all historical revisions; a value >= 0 is recommended";
        out.push(format!("spec.revisionHistoryLimit: {text}"));
    }
}

/// Models pkg/api/persistentvolumeclaim `GetWarningsForPersistentVolumeClaimSpec`.
pub fn claim_spec(spec: &Value, path: &FieldPath, out: &mut Vec<String>) {
    for list in ["requests", "limits"] {
        let amount = spec.part("resources").part(list).get("storage");
        fractional_bytes(amount, &path.field("resources").field(list).key("storage"), out);
    }
}

/// Warns about a fraction of a byte.
pub fn fractional_bytes(amount: Option<&Value>, path: &FieldPath, out: &mut Vec<String>) {
    if let Some(text) = amount.and_then(Value::as_text).filter(|text| Quantity::parse(text).is_ok_and(|amount| !amount.is_whole())) {
        let text = format!("fractional byte value {} is invalid, must be an integer", go_quoted(text));
        out.push(format!("{path}: {text}"));
    }
}

fn annotated(meta: &Value, old: &[(&str, &str)], out: &mut Vec<String>) {
    for (key, text) in old {
        if meta.part("annotations").given(key).is_some() {
            out.push(format!("{}: {text}", FieldPath::of("metadata.annotations").key(key)));
        }
    }
}

/// Models pkg/api/persistentvolume `GetWarningsForPersistentVolume`.
fn volume(meta: &Value, spec: &Value, path: &FieldPath, out: &mut Vec<String>) {
    annotated(meta, &VOLUME_ANNOTATIONS, out);
    if spec.text("persistentVolumeReclaimPolicy") == "Recycle" {
        let text = "The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.";
        out.push(format!("{}: {text}", path.field("persistentVolumeReclaimPolicy")));
    }
    let terms = spec.part("nodeAffinity").part("required").items("nodeSelectorTerms");
    for (path, term) in path.field("nodeAffinity").field("required").field("nodeSelectorTerms").each(terms.iter()) {
        pod_warnings::node_term(term, false, &path, out);
    }
    for field in GONE_SOURCES {
        pod_warnings::gone_volume(spec, field, path, out);
    }
}

/// Models pkg/api/storage `GetWarningsForStorageClass`.
fn class(class: &Value, out: &mut Vec<String>) {
    for (i, term) in class.items("allowedTopologies").iter().enumerate() {
        for (j, expression) in term.items("matchLabelExpressions").iter().enumerate() {
            if let Some(text) = pod_warnings::old_node_label(expression.text("key")) {
                let path = FieldPath::of("allowedTopologies").index(i).field("matchLabelExpressions").index(j).field("key");
                out.push(format!("{path}: {text}"));
            }
        }
    }
}

fn addresses(all: &[Value], path: &FieldPath, out: &mut Vec<String>) {
    for (i, ip) in all.iter().enumerate() {
        address(ip.as_text().unwrap_or(""), &path.index(i), out);
    }
}

/// Models pkg/api/service `GetWarningsForService`.
fn service(meta: &Value, spec: &Value, path: &FieldPath, out: &mut Vec<String>) {
    let hints = "service.kubernetes.io/topology-aware-hints";
    if meta.part("annotations").given(hints).is_some() {
        out.push(format!("annotation {hints} is deprecated, please use service.kubernetes.io/topology-mode instead"));
    }
    let (kind, external) = (spec.text("type"), spec.items("externalIPs"));
    if !["", "None"].contains(&spec.text("clusterIP")) {
        addresses(spec.items("clusterIPs"), &path.field("clusterIPs"), out);
    }
    let is_headless = kind == "ClusterIP" && spec.text("clusterIP") == "None";
    if is_headless {
        let ignored = [
            ("loadBalancerIP", !spec.text("loadBalancerIP").is_empty()),
            ("externalIPs", !external.is_empty()),
            ("SessionAffinity", spec.text("sessionAffinity") != "None"),
        ];
        for (field, _) in ignored.into_iter().filter(|(_, is_set)| *is_set) {
            out.push(format!("spec.{field} is ignored for headless services"));
        }
    }
    addresses(external, &path.field("externalIPs"), out);
    if !external.is_empty() && !is_headless && kind != "ExternalName" {
        out.push("spec.externalIPs is deprecated and may no longer be implemented in some clusters".to_owned());
    }
    if !spec.text("loadBalancerIP").is_empty() {
        address(spec.text("loadBalancerIP"), &path.field("loadBalancerIP"), out);
    }
    for (i, range) in spec.items("loadBalancerSourceRanges").iter().enumerate() {
        address_range(range.as_text().unwrap_or(""), &path.field("loadBalancerSourceRanges").index(i), out);
    }
    if kind == "ExternalName" && !external.is_empty() {
        out.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if kind != "ExternalName" && !spec.text("externalName").is_empty() {
        out.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if spec.text("trafficDistribution") == "PreferClose" {
        out.push("spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"".to_owned());
    }
}

fn node(spec: &Value, path: &FieldPath, out: &mut Vec<String>) {
    if !spec.text("externalID").is_empty() {
        out.push("spec.externalID: this field is deprecated, and is unused by Kubernetes".to_owned());
    }
    for (i, range) in spec.items("podCIDRs").iter().enumerate() {
        address_range(range.as_text().unwrap_or(""), &path.field("podCIDRs").index(i), out);
    }
}

/// Warns about a certificate or its key that is no PEM. Models crypto/tls X509KeyPair, as far as what lies in the blocks.
fn certificate(data: &Value, out: &mut Vec<String>) {
    if let Some((_, what)) = [("tls.crt", "certificate"), ("tls.key", "key")].into_iter().find(|(key, _)| !is_pem(data.text(key))) {
        out.push(format!("tls: failed to find any PEM data in {what} input"));
    }
}

/// Whether there is a PEM block in what this encodes.
fn is_pem(encoded: &str) -> bool {
    let text = base64::decode(encoded).unwrap_or_default();
    String::from_utf8_lossy(&text).split("-----BEGIN ").skip(1).any(is_block)
}

/// Whether this is a PEM block, from its type on: with an end of that type, and base64 in between. Models encoding/pem Decode, but for
/// headers.
fn is_block(text: &str) -> bool {
    let Some((kind, rest)) = text.split_once("-----\n") else { return false };
    let end = ["-----END ", kind, "-----"].concat();
    rest.split_once(end.as_str()).is_some_and(|(body, _)| base64::decode(body).is_ok())
}

/// Warns about an IP address in non-canonical form. Models `GetWarningsForIP`; the address is known to be valid.
pub fn address(ip: &str, path: &FieldPath, out: &mut Vec<String>) {
    if let Ok(IpAddr::V6(address)) = ip.parse()
        && address.to_string() != ip
    {
        let (shown, usual) = (go_quoted(ip), go_quoted(&address.to_string()));
        out.push(format!("{path}: IPv6 address {shown} should be in RFC 5952 canonical format ({usual})"));
    }
}

/// Warns about a CIDR in non-canonical form. Models `GetWarningsForCIDR`; the range is known to be valid.
fn address_range(range: &str, path: &FieldPath, out: &mut Vec<String>) {
    let Some((ip, bits)) = range.trim().split_once('/') else { return };
    if let Ok(IpAddr::V6(address)) = ip.parse()
        && address.to_string() != ip
    {
        let (shown, usual) = (go_quoted(range), go_quoted(&format!("{address}/{bits}")));
        out.push(format!("{path}: IPv6 CIDR value {shown} should be in RFC 5952 canonical format ({usual})"));
    }
}
