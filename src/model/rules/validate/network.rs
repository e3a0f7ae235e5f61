//! NetworkPolicies, Ingresses and IngressClasses: what their table cannot say in a row, and the Services' part that Ingresses share.

use std::net::IpAddr;

use crate::validate::meta;
use crate::validate::report::{Members, Report};
use crate::validate::rules::{Here, each};
use api::admit::INGRESS_CLASS;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The directions of traffic that a policy is about.
const POLICY_TYPES: [&str; 2] = ["Ingress", "Egress"];
/// Its rules: the list, and what each names its peers.
const RULES: [(&str, &str); 2] = [("ingress", "from"), ("egress", "to")];
/// What no path may contain that is matched by its segments.
const BAD_SEQUENCES: [&str; 5] = ["//", "/./", "/../", "%2f", "%2F"];
/// What it may not end with.
const BAD_ENDINGS: [&str; 2] = ["/..", "/."];
/// The longest name of a controller, in bytes.
const CONTROLLER_MAX: usize = 250;

/// The rules of a policy and where they stand, with the name of their peers.
fn rules(spec: &Value) -> impl Iterator<Item = (FieldPath, &'static str, &Value)> {
    RULES.into_iter().flat_map(move |(list, peers)| {
        let path = FieldPath::of("spec").field(list);
        spec.items(list).iter().enumerate().map(move |(i, rule)| (path.index(i), peers, rule))
    })
}

/// The ranges of addresses in a policy and where they stand.
pub fn blocks(spec: &Value) -> Vec<(FieldPath, &Value)> {
    let of_rule = |(path, peers, rule): (FieldPath, &'static str, _)| {
        let block = move |(i, peer): (usize, _)| Some((path.field(peers).index(i).field("ipBlock"), Value::given(peer, "ipBlock")?));
        Value::items(rule, peers).iter().enumerate().filter_map(block)
    };
    rules(spec).flat_map(of_rule).collect()
}

/// The directions of a policy.
pub(super) fn policy_types(value: &Value, path: &FieldPath, report: &mut Report) {
    if value.as_list().is_some_and(|types| types.len() > POLICY_TYPES.len()) {
        return report.invalid(path, value.clone(), "may not specify more than two policyTypes");
    }
    each(value, path, &mut |one, path| report.known(path, one, &POLICY_TYPES));
}

/// Models `ValidateNetworkPolicyPort`.
pub(super) fn policy_port(here: &Here, report: &mut Report) {
    let Here { of: port, path, .. } = here;
    let (number, at, end_at) = (port.given("port"), path.field("port"), path.field("endPort"));
    let end = port.number("endPort");
    match (number.map(|number| (number.as_int(), number)), end) {
        (Some((Some(number), _)), end) => {
            report.each(&at, number, names::port_number(number));
            let Some(end) = end else { return };
            if end < number {
                let shown = if report.release.shows_end_of_ports { end } else { number };
                report.invalid(&end_at, shown, "must be greater than or equal to `port`");
            }
            report.each(&end_at, end, names::port_number(end));
        }
        (Some((None, name)), end) => {
            if let Some(end) = end {
                report.invalid(&end_at, end, "may not be specified when `port` is non-numeric");
            }
            let name = name.as_text().unwrap_or_default();
            report.each(&at, name, names::port_name(name));
        }
        (None, Some(end)) => report.invalid(&end_at, end, "may not be specified when `port` is not specified"),
        (None, None) => {}
    }
}

/// On an update, ranges of addresses may stay as they were. Models `ValidateIPBlock`.
pub(super) fn address_block(here: &Here, report: &mut Report) {
    let (block, range, path) = (here.of, here.of.text("cidr"), here.path);
    let blocks = here.before.map(|before| blocks(before.part("spec"))).unwrap_or_default();
    let known: Vec<&Value> = blocks.iter().flat_map(|(_, block)| block.get("cidr").into_iter().chain(block.items("except"))).collect();
    let judge = |at: &FieldPath, range: &str, report: &mut Report| {
        if !known.iter().any(|known| known.as_text() == Some(range)) {
            report.each(at, range, names::address_range(range));
        }
    };
    judge(&path.field("cidr"), range, report);
    let Some((whole, length)) = names::parse_range(range) else { return };
    for (i, except) in block.items("except").iter().enumerate() {
        let (at, except) = (path.field("except").index(i), except.as_text().unwrap_or_default());
        judge(&at, except, report);
        if let Some((part, inner)) = names::parse_range(except)
            && (length >= inner || network_of(part, length) != network_of(whole, length))
        {
            report.invalid(&at, except, "must be a strict subset of `cidr`");
        }
    }
}

/// The first bits of an address, with its family.
fn network_of(ip: IpAddr, length: u8) -> (bool, u128) {
    let (bits, width) = names::bits_of(ip);
    (ip.is_ipv4(), bits.checked_shr(width - u32::from(length)).unwrap_or_default())
}

/// The class of a new Ingress is not said in two ways.
pub(super) fn class_twice(here: &Here, report: &mut Report) {
    let annotated = here.of.part("metadata").part("annotations").given(INGRESS_CLASS).and_then(Value::as_text);
    let class = here.value.given("ingressClassName").and_then(Value::as_text);
    if let (Some(annotated), Some(class)) = (annotated, class)
        && annotated != class
    {
        let path = FieldPath::of("annotations").field(INGRESS_CLASS);
        report.invalid(&path, annotated, "must match `ingressClassName` when both are specified");
    }
}

/// An Ingress that leads nowhere.
pub(super) fn unrouted(here: &Here, report: &mut Report) {
    report.invalid(here.path, here.of.part("rules").clone(), "either `defaultBackend` or `rules` must be specified");
}

/// The name of a host, whose first part may be `*`.
pub(super) fn host_name(host: &str) -> Vec<String> {
    if host.contains('*') { names::dns_wildcard(host) } else { names::dns_subdomain(host) }
}

/// A name that is no address.
pub(super) fn no_address(host: &Value, path: &FieldPath, report: &mut Report) {
    let is_address = host.as_text().is_some_and(|host| names::parse_ip(host).is_some());
    report.invalid_if(is_address, path, host.clone(), "must be a DNS name, not an IP address");
}

/// Models `validateHTTPIngressPath`.
pub(super) fn http_path(here: &Here, report: &mut Report) {
    let (text, at, kind) = (here.of.text("path"), here.path, here.of.text("pathType"));
    let is_split = matches!(kind, "Exact" | "Prefix");
    if !text.starts_with('/') && (is_split || kind == "ImplementationSpecific" && !text.is_empty()) {
        report.invalid(at, text, "must be an absolute path");
    }
    if is_split {
        for bad in BAD_SEQUENCES.into_iter().filter(|bad| text.contains(bad)) {
            report.invalid(at, text, format!("must not contain '{bad}'"));
        }
        for bad in BAD_ENDINGS.into_iter().filter(|bad| text.ends_with(bad)) {
            report.invalid(at, text, format!("cannot end with '{bad}'"));
        }
    }
}

/// Models `validateIngressBackend`.
pub(super) fn backend(here: &Here, report: &mut Report) {
    let Here { of, path, .. } = here;
    match (of.given("resource"), of.given("service")) {
        (Some(_), Some(_)) => report.invalid(path, "", "cannot set both resource and service backends"),
        (Some(_), None) => {}
        (None, Some(service)) => {
            let (at, port) = (path.field("service").field("port"), service.part("port"));
            match (port.text("name"), port.number("number").unwrap_or_default()) {
                ("", 0) => report.required(path, "port name or number is required"),
                ("", number) => report.each(&at.field("number"), number, names::port_number(number)),
                (name, 0) => report.each(&at.field("name"), name, names::port_name(name)),
                _ => report.invalid(path, "", "cannot set both port name & port number"),
            }
        }
        (None, None) => report.invalid(path, "", "resource or service backend is required"),
    }
}

/// Validates the updated status of an Ingress. Models `ValidateIngressStatusUpdate`.
pub fn ingress_status(new: &Value, old: &Value, report: &mut Report) {
    let entries = |of: &Value| of.part("status").part("loadBalancer").items("ingress").to_vec();
    let known = entries(old);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    for (i, one) in entries(new).iter().enumerate() {
        let (path, ip, host) = (FieldPath::of("status.loadBalancer.ingress").index(i), one.text("ip"), one.text("hostname"));
        if !ip.is_empty() && !known.iter().any(|known| known.text("ip") == ip) {
            report.each(&path.field("ip"), ip, names::ip_address(ip));
        }
        balancer_host(host, &path.field("hostname"), report);
    }
}

/// The name under which a load balancer is reached, if it has one.
pub fn balancer_host(host: &str, path: &FieldPath, report: &mut Report) {
    if !host.is_empty() {
        report.each(path, host, names::dns_subdomain(host));
        no_address(&host.into(), path, report);
    }
}

/// The name of a controller. Models `IsDomainPrefixedPath`.
pub(super) fn controller(name: &Value, path: &FieldPath, report: &mut Report) {
    let name = name.as_text().unwrap_or_default();
    if name.len() > CONTROLLER_MAX {
        report.too_long(path, CONTROLLER_MAX);
    }
    match name.split_once('/').filter(|(host, rest)| !host.is_empty() && !rest.is_empty()) {
        _ if name.is_empty() => report.required(path, ""),
        None => report.invalid(path, name, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
        Some((host, rest)) => {
            report.each(path, host, names::dns_subdomain(host));
            report.each(path, rest, names::http_path(rest));
        }
    }
}
