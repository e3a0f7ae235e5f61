//! NetworkPolicies, Ingresses and IngressClasses.
//!
//! Models pkg/apis/networking/validation/validation.go, and the Services' part that Ingresses share.
//! Not modelled: that an update may keep what an older server had let in.

use std::net::IpAddr;

use crate::validate::report::{Members, Report};
use crate::validate::{meta, selector};
use api::admit::INGRESS_CLASS;
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// The protocols of a policy's ports, in the order of the message.
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];
/// The directions of traffic that a policy is about.
const POLICY_TYPES: [&str; 2] = ["Ingress", "Egress"];
/// Its rules: the list, and what each names its peers.
const RULES: [(&str, &str); 2] = [("ingress", "from"), ("egress", "to")];
/// The ways in which a path is matched.
const PATH_TYPES: [&str; 3] = ["Exact", "ImplementationSpecific", "Prefix"];
/// What no path may contain that is matched by its segments.
const BAD_SEQUENCES: [&str; 5] = ["//", "/./", "/../", "%2f", "%2F"];
/// What it may not end with.
const BAD_ENDINGS: [&str; 2] = ["/..", "/."];
/// The longest name of a controller, in bytes.
const CONTROLLER_MAX: usize = 250;
const NOT_AN_ADDRESS: &str = "must be a DNS name, not an IP address";

/// Validates a new policy. Models `ValidateNetworkPolicy`.
pub fn create_policy(policy: &Value, report: &mut Report) {
    meta::create(Kind::NetworkPolicy, policy.part("metadata"), report);
    policy_spec(policy.part("spec"), &[], report);
}

/// Validates an updated policy, in which ranges of addresses may stay as they were. Models `ValidateNetworkPolicyUpdate`.
pub fn update_policy(new: &Value, old: &Value, report: &mut Report) {
    let blocks = blocks(old.part("spec"));
    let known: Vec<&Value> = blocks.iter().flat_map(|(_, block)| block.get("cidr").into_iter().chain(block.items("except"))).collect();
    meta::update(new.part("metadata"), old.part("metadata"), report);
    policy_spec(new.part("spec"), &known, report);
}

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

/// Models `ValidateNetworkPolicySpec`.
fn policy_spec(spec: &Value, known: &[&Value], report: &mut Report) {
    let path = FieldPath::of("spec");
    selector::label_selector(spec.part("podSelector"), &path.field("podSelector"), report);
    for (path, peers, rule) in rules(spec) {
        for (i, port) in rule.items("ports").iter().enumerate() {
            policy_port(port, &path.field("ports").index(i), report);
        }
        for (i, of) in rule.items(peers).iter().enumerate() {
            peer(of, known, &path.field(peers).index(i), report);
        }
    }
    let (types, path) = (spec.items("policyTypes"), path.field("policyTypes"));
    if types.len() > POLICY_TYPES.len() {
        report.invalid(&path, Value::list(types.to_vec()), "may not specify more than two policyTypes");
    } else {
        for (i, one) in types.iter().enumerate() {
            report.known(&path.index(i), one.as_text().unwrap_or_default(), &POLICY_TYPES);
        }
    }
    if report.release.declared_rules_decide {
        for (path, _) in blocks(spec).into_iter().filter(|(_, block)| block.text("cidr").is_empty()) {
            report.required(&path.field("cidr"), "");
        }
    }
}

/// Models `ValidateNetworkPolicyPort`.
fn policy_port(port: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(protocol) = port.given("protocol").and_then(Value::as_text) {
        report.known(&path.field("protocol"), protocol, &PROTOCOLS);
    }
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

/// Models `ValidateNetworkPolicyPeer`.
fn peer(peer: &Value, known: &[&Value], path: &FieldPath, report: &mut Report) {
    let selectors = ["podSelector", "namespaceSelector"].map(|field| (field, peer.given(field)));
    for (field, selector) in selectors {
        if let Some(selector) = selector {
            selector::label_selector(selector, &path.field(field), report);
        }
    }
    let selects = selectors.iter().any(|(_, selector)| selector.is_some());
    match peer.given("ipBlock") {
        Some(block) => {
            address_block(block, known, &path.field("ipBlock"), report);
            report.forbidden_if(selects, path, "may not specify both ipBlock and another peer");
        }
        None if selects => {}
        None => report.required(path, "must specify a peer"),
    }
}

/// Models `ValidateIPBlock`.
fn address_block(block: &Value, known: &[&Value], path: &FieldPath, report: &mut Report) {
    let (range, at) = (block.text("cidr"), path.field("cidr"));
    let judge = |at: &FieldPath, range: &str, report: &mut Report| {
        if !known.iter().any(|known| known.as_text() == Some(range)) {
            report.each(at, range, names::address_range(range));
        }
    };
    if range.is_empty() {
        report.required_if(!report.release.declared_rules_decide, &at, "");
        return;
    }
    judge(&at, range, report);
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

/// Validates a new Ingress. Models `ValidateIngressCreate`.
pub fn create_ingress(ingress: &Value, report: &mut Report) {
    meta::create(Kind::Ingress, ingress.part("metadata"), report);
    ingress_spec(ingress.part("spec"), report);
    let annotated = ingress.part("metadata").part("annotations").given(INGRESS_CLASS).and_then(Value::as_text);
    let class = ingress.part("spec").given("ingressClassName").and_then(Value::as_text);
    if let (Some(annotated), Some(class)) = (annotated, class)
        && annotated != class
    {
        let path = FieldPath::of("annotations").field(INGRESS_CLASS);
        report.invalid(&path, annotated, "must match `ingressClassName` when both are specified");
    }
}

/// Validates an updated Ingress. Models `ValidateIngressUpdate`.
pub fn update_ingress(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    meta::create(Kind::Ingress, new.part("metadata"), report);
    ingress_spec(new.part("spec"), report);
}

/// Models `ValidateIngressSpec`.
fn ingress_spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    let rules = spec.items("rules");
    match spec.given("defaultBackend") {
        Some(default) => backend(default, &path.field("defaultBackend"), report),
        None if rules.is_empty() => {
            report.invalid(&path, spec.part("rules").clone(), "either `defaultBackend` or `rules` must be specified");
        }
        None => {}
    }
    for (i, rule) in rules.iter().enumerate() {
        ingress_rule(rule, &path.field("rules").index(i), report);
    }
    for (i, tls) in spec.items("tls").iter().enumerate() {
        let path = path.field("tls").index(i);
        for (i, host) in tls.items("hosts").iter().enumerate() {
            host_name(host.as_text().unwrap_or_default(), &path.field("hosts").index(i), report);
        }
        report.may_be_named(&path, tls, "secretName", names::dns_subdomain);
    }
    if let Some(class) = spec.given("ingressClassName").and_then(Value::as_text) {
        report.each(&path.field("ingressClassName"), class, names::dns_subdomain(class));
    }
}

/// The name of a host, whose first part may be `*`.
fn host_name(host: &str, path: &FieldPath, report: &mut Report) {
    report.each(path, host, if host.contains('*') { names::dns_wildcard(host) } else { names::dns_subdomain(host) });
}

/// Models `validateIngressRules`.
fn ingress_rule(rule: &Value, path: &FieldPath, report: &mut Report) {
    let host = rule.text("host");
    if !host.is_empty() {
        report.invalid_if(names::parse_ip(host).is_some(), &path.field("host"), host, NOT_AN_ADDRESS);
        host_name(host, &path.field("host"), report);
    }
    let Some(http) = rule.given("http") else { return };
    let path = path.field("http");
    report.needs(&path, http, "paths", "");
    for (i, one) in http.items("paths").iter().enumerate() {
        http_path(one, &path.field("paths").index(i), report);
    }
}

/// Models `validateHTTPIngressPath`.
fn http_path(of: &Value, path: &FieldPath, report: &mut Report) {
    let (text, at) = (of.text("path"), path.field("path"));
    let Some(kind) = of.given("pathType").and_then(Value::as_text) else {
        return report.required(&path.field("pathType"), "pathType must be specified");
    };
    report.known(&path.field("pathType"), kind, &PATH_TYPES);
    let is_split = matches!(kind, "Exact" | "Prefix");
    if !text.starts_with('/') && (is_split || kind == PATH_TYPES[1] && !text.is_empty()) {
        report.invalid(&at, text, "must be an absolute path");
    }
    if is_split {
        for bad in BAD_SEQUENCES.into_iter().filter(|bad| text.contains(bad)) {
            report.invalid(&at, text, format!("must not contain '{bad}'"));
        }
        for bad in BAD_ENDINGS.into_iter().filter(|bad| text.ends_with(bad)) {
            report.invalid(&at, text, format!("cannot end with '{bad}'"));
        }
    }
    backend(of.part("backend"), &path.field("backend"), report);
}

/// Models `validateIngressBackend`.
fn backend(backend: &Value, path: &FieldPath, report: &mut Report) {
    match (backend.given("resource"), backend.given("service")) {
        (Some(_), Some(_)) => report.invalid(path, "", "cannot set both resource and service backends"),
        (Some(resource), None) => reference(resource, false, &path.field("resource"), report),
        (None, Some(service)) => {
            let (at, port) = (path.field("service"), service.part("port"));
            report.name(&at, service, "name", names::dns_label);
            let at = at.field("port");
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

/// A reference to an object of any kind; what is missing may be left to the declared rules, which come last.
/// Models `validateIngressTypedLocalObjectReference`.
fn reference(of: &Value, is_declared: bool, path: &FieldPath, report: &mut Report) {
    if let Some(group) = of.given("apiGroup").and_then(Value::as_text) {
        report.each(&path.field("apiGroup"), group, names::dns_subdomain(group));
    }
    let comes_last = is_declared && report.release.declared_rules_decide;
    let judge = if comes_last { Report::may_be_named } else { Report::name };
    for field in ["kind", "name"] {
        judge(report, path, of, field, names::path_segment);
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
        report.invalid_if(names::parse_ip(host).is_some(), path, host, NOT_AN_ADDRESS);
    }
}

/// Validates a new IngressClass. Models `ValidateIngressClass`.
pub fn create_class(class: &Value, report: &mut Report) {
    meta::create(Kind::IngressClass, class.part("metadata"), report);
    let (spec, path) = (class.part("spec"), FieldPath::of("spec"));
    controller(spec.text("controller"), &path.field("controller"), report);
    let Some(parameters) = spec.given("parameters") else { return };
    let path = path.field("parameters");
    reference(parameters, true, &path, report);
    scope(parameters, &path, report);
    if report.release.declared_rules_decide {
        for field in ["kind", "name"].into_iter().filter(|field| parameters.text(field).is_empty()) {
            report.required(&path.field(field), "");
        }
    }
}

/// Validates an updated IngressClass. Models `ValidateIngressClassUpdate`.
pub fn update_class(new: &Value, old: &Value, report: &mut Report) {
    let name = |class: &Value| class.part("spec").text("controller").to_owned();
    meta::update(new.part("metadata"), old.part("metadata"), report);
    report.immutable_text(&FieldPath::of("spec.controller"), &name(new), &name(old));
    create_class(new, report);
}

/// The name of a controller. Models `IsDomainPrefixedPath`.
fn controller(name: &str, path: &FieldPath, report: &mut Report) {
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

/// Where the parameters of a class are. Models the end of `validateIngressClassParametersReference`.
fn scope(parameters: &Value, path: &FieldPath, report: &mut Report) {
    let (at, namespace) = (path.field("namespace"), parameters.given("namespace").and_then(Value::as_text));
    match (parameters.text("scope"), namespace) {
        ("Namespace", None) => report.required(&at, "`parameters.scope` is set to 'Namespace'"),
        ("Namespace", Some(name)) => report.each(&at, name, names::dns_label(name)),
        ("Cluster", Some(_)) => report.forbidden(&at, "`parameters.scope` is set to 'Cluster'"),
        (scope, _) => report.known(&path.field("scope"), scope, &["Cluster", "Namespace"]),
    }
}
