//! `EndpointSlice`s: their addresses, ports and hints.
//!
//! Models pkg/apis/discovery/validation/validation.go. Since 1.37, declarative validation is authoritative and its errors come last.

use std::net::IpAddr;

use crate::validate::report::{IMMUTABLE, Members, Report};
use crate::validate::rules::Here;
use crate::validate::service;
use api::names;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::value::Value;

const ADDRESS_TYPES: [&str; 3] = ["FQDN", "IPv4", "IPv6"];
const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];
const ENDPOINTS_MAX: usize = 1000;
const ADDRESSES_MAX: usize = 100;
const HINTS_MAX: usize = 8;

/// Validates a slice; unchanged endpoints are not checked again.
pub(super) fn slice(here: &Here, report: &mut Report) {
    let (slice, old, last) = (here.of, here.old, report.release.declared_rules_decide);
    if !last {
        address_type(slice, report);
    }
    ports(slice.items("ports"), report);
    if old.is_none_or(|old| slice.items("endpoints") != old.items("endpoints")) {
        endpoints(slice, report);
    }
    if last {
        address_type(slice, report);
        for (i, endpoint) in slice.items("endpoints").iter().enumerate() {
            count(endpoint.items("addresses"), "", &FieldPath::of("endpoints").index(i).field("addresses"), report);
        }
    }
    if old.is_some_and(|old| slice.text("addressType") != old.text("addressType")) {
        let shown = if last { Value::Null } else { slice.text("addressType").into() };
        report.invalid(&FieldPath::of("addressType"), shown, IMMUTABLE);
    }
}

fn ports(ports: &[Value], report: &mut Report) {
    let mut seen = Vec::new();
    for (i, port) in ports.iter().enumerate() {
        let (name, path) = (port.text("name"), FieldPath::of("ports").index(i));
        report.may_be_named(&path, port, "name", names::dns_label);
        if seen.contains(&name) {
            report.duplicate(&path.field("name"), name);
        }
        seen.push(name);
        report.known(&path.field("protocol"), port.text("protocol"), &PROTOCOLS);
        if let Some(protocol) = port.given("appProtocol").and_then(Value::as_text) {
            report.each(&path.field("appProtocol"), protocol, names::label_key(protocol));
        }
    }
}

fn endpoints(slice: &Value, report: &mut Report) {
    let (path, endpoints) = (FieldPath::of("endpoints"), slice.items("endpoints"));
    if endpoints.len() > ENDPOINTS_MAX {
        return report.too_many(&path, endpoints.len(), ENDPOINTS_MAX);
    }
    for (path, endpoint) in path.each(endpoints.iter()) {
        if !report.release.declared_rules_decide {
            count(endpoint.items("addresses"), "must contain at least 1 address", &path.field("addresses"), report);
        }
        for (j, ip) in endpoint.items("addresses").iter().enumerate() {
            address(ip.as_text().unwrap_or(""), slice.text("addressType"), &path.field("addresses"), j, report);
        }
        let name = |field: &str| endpoint.given(field).and_then(Value::as_text);
        if let Some(node) = name("nodeName") {
            report.each(&path.field("nodeName"), node, names::dns_subdomain(node));
        }
        if let Some(host) = name("hostname") {
            report.each(&path.field("hostname"), host, names::dns_label(host));
        }
        for (field, rule) in [("forZones", names::label_value as names::NameRule), ("forNodes", names::dns_subdomain)] {
            hints(endpoint.part("hints").items(field), rule, &path.field("hints").field(field), report);
        }
    }
}

fn address(text: &str, kind: &str, path: &FieldPath, i: usize, report: &mut Report) {
    let at = path.index(i);
    if kind == "FQDN" {
        return domain(text, &at, report);
    }
    if let (true, Some(ip)) = (names::ip_address(text).is_empty(), names::parse_ip(text)) {
        match (kind, ip) {
            ("IPv4", IpAddr::V6(_)) => report.invalid(path, text, "must be an IPv4 address"),
            ("IPv6", IpAddr::V4(_)) => report.invalid(path, text, "must be an IPv6 address"),
            ("IPv6", IpAddr::V6(ip)) if ip.to_string() != text => {
                return report.invalid(&at, text, format!("must be in canonical form ({})", go_quoted(&ip.to_string())));
            }
            _ => {}
        }
    }
    if ADDRESS_TYPES.contains(&kind) {
        service::external_ip(text, &at, report);
    }
}

/// Models `IsFullyQualifiedDomainName`.
fn domain(name: &str, path: &FieldPath, report: &mut Report) {
    let bare = name.strip_suffix('.').unwrap_or(name);
    let wrong = names::dns_subdomain(bare);
    if name.is_empty() {
        report.required(path, "");
    } else if !wrong.is_empty() {
        report.invalid(path, bare, wrong.join(","));
    } else if !bare.contains('.') {
        report.invalid(path, bare, "should be a domain with at least two segments separated by dots");
    } else if let Some(label) = bare.split('.').find(|label| !names::dns_label(label).is_empty()) {
        report.invalid(path, label, names::dns_label(label).join(","));
    }
}

fn hints(hints: &[Value], rule: names::NameRule, path: &FieldPath, report: &mut Report) {
    if hints.len() > HINTS_MAX {
        return report.too_many(path, hints.len(), HINTS_MAX);
    }
    for (i, hint) in hints.iter().enumerate() {
        let (name, path) = (hint.text("name"), path.index(i).field("name"));
        if hints[..i].iter().any(|other| other.text("name") == name) {
            report.duplicate(&path, name);
        }
        report.each(&path, name, rule(name));
    }
}

fn address_type(slice: &Value, report: &mut Report) {
    report.one_of(&FieldPath::of("addressType"), slice.text("addressType"), &ADDRESS_TYPES);
}

/// Checks the number of addresses; `detail` is that of the error if there are none.
fn count(addresses: &[Value], detail: &str, path: &FieldPath, report: &mut Report) {
    if addresses.is_empty() {
        report.required(path, detail);
    }
    report.too_many(path, addresses.len(), ADDRESSES_MAX);
}
