//! Services: ports, addresses and traffic policies.
//!
//! Checks against what is already allocated (cluster IPs and node ports) are left to the allocator.
//! Not modelled: a second address family, deprecated annotations.
//!
//! Models pkg/apis/core/validation/validation.go `ValidateService…`.

use base::sorted::SortedSet;
use std::net::IpAddr;

use crate::validate::container::protocol;
use crate::validate::internal::GoType;
use crate::validate::report::{Members, Report};
use crate::validate::{meta, network, probe};
use api::kind::Kind;
use api::names;
use api::status::Fixed;
use base::field_path::FieldPath;
use base::value::Value;

const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const FAMILIES: [&str; 2] = ["IPv4", "IPv6"];
const ONLY_LOAD_BALANCER: &str = "may only be used when `type` is 'LoadBalancer'";
const MAY_NOT_CHANGE: Fixed<&str> = Fixed("may not change once set");
/// The maximum session affinity timeout, in seconds.
const AFFINITY_SECONDS_MAX: i64 = 86_400;

/// Validates a new service. Errors in its IP families come first and are reported alone. Models `ValidateServiceCreate`.
pub fn create(service: &Value, report: &mut Report) {
    addresses(service.part("spec"), report);
    if report.errors.is_empty() {
        meta::create(Kind::Service, service.part("metadata"), report);
        body(service, report);
    }
}

/// Validates an updated service. Errors in its IP families are reported alone here, too. Models `ValidateServiceUpdate`.
pub fn update(new: &Value, old: &Value, report: &mut Report) {
    let so_far = report.errors.len();
    addresses(new.part("spec"), report);
    if report.errors.len() > so_far {
        report.errors.drain(..so_far);
        return;
    }
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let (spec, before) = (new.part("spec"), old.part("spec"));
    cluster_ips_stay(spec, before, report);
    if spec.text("type") == "LoadBalancer"
        && before.text("type") == "LoadBalancer"
        && spec.given("loadBalancerClass") != before.given("loadBalancerClass")
    {
        let class = spec.given("loadBalancerClass").cloned().unwrap_or_default();
        report.invalid(&FieldPath::of("spec.loadBalancerClass"), class, MAY_NOT_CHANGE);
    }
    load_balancer_class(spec, report);
    meta::create(Kind::Service, new.part("metadata"), report);
    body(new, report);
}

/// Validates the updated status of a Service. Models `ValidateLoadBalancerStatus`.
pub fn status(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let path = FieldPath::of("status.loadBalancer.ingress");
    let ingress = new.part("status").part("loadBalancer").items("ingress");
    if new.part("spec").text("type") != "LoadBalancer" && !ingress.is_empty() {
        return report.forbidden(&path, "may only be used when `spec.type` is 'LoadBalancer'");
    }
    for (i, one) in ingress.iter().enumerate() {
        let (path, ip, mode) = (path.index(i), one.text("ip"), one.given("ipMode").and_then(Value::as_text));
        let of_mode = path.field("ipMode");
        report.may_be_named(&path, one, "ip", names::ip_address);
        match mode {
            None if !ip.is_empty() => report.required(&of_mode, "must be specified when `ip` is set"),
            Some(_) if ip.is_empty() => report.forbidden(&of_mode, "may not be specified when `ip` is not set"),
            Some(mode) => report.one_of(&of_mode, mode, &["Proxy", "VIP"]),
            None => {}
        }
        network::balancer_host(one.text("hostname"), &path.field("hostname"), report);
    }
}

fn is_headless(spec: &Value) -> bool {
    matches!(spec.items("clusterIPs"), [only] if only.as_text() == Some("None"))
}

/// Models `ValidateService` after the metadata.
fn body(service: &Value, report: &mut Report) {
    let spec = service.part("spec");
    let path = FieldPath::of("spec");
    let kind = spec.text("type");
    let ports = spec.items("ports");
    if !is_headless(spec) && kind != "ExternalName" {
        report.needs(&path, spec, "ports", "");
    }
    of_type(spec, kind, &path, report);
    let mut port_names = SortedSet::new();
    for (i, port) in ports.iter().enumerate() {
        self::port(port, ports.len() > 1, &mut port_names, &path.field("ports").index(i), report);
    }
    meta::labels(spec.part("selector"), &path.field("selector"), report);
    session_affinity(spec, &path, report);
    addresses(spec, report);
    for (i, ip) in spec.items("externalIPs").iter().enumerate() {
        external_ip(ip.as_text().unwrap_or(""), &path.field("externalIPs").index(i), report);
    }
    report.one_of(&path.field("type"), kind, &TYPES);
    node_ports(ports, kind, &path.field("ports"), report);
    duplicate_ports(ports, &path.field("ports"), report);
    load_balancer(spec, kind, &path, report);
    load_balancer_class(spec, report);
    traffic(spec, kind, &path, report);
}

/// Fields restricted to some types of Services.
fn of_type(spec: &Value, kind: &str, path: &FieldPath, report: &mut Report) {
    match kind {
        "LoadBalancer" | "NodePort" if is_headless(spec) => {
            let detail = format!("may not be set to 'None' for {kind} services");
            report.invalid(&path.field("clusterIPs").index(0), "None", detail);
        }
        "ExternalName" => {
            for field in ["clusterIPs", "ipFamilies"] {
                report.forbidden_if(!spec.items(field).is_empty(), &path.field(field), "may not be set for ExternalName services");
            }
            if spec.given("ipFamilyPolicy").is_some() {
                report.forbidden(&path.field("ipFamilyPolicy"), "may not be set for ExternalName services");
            }
            let name = spec.text("externalName");
            match name.strip_suffix('.').unwrap_or(name) {
                "" => report.required(&path.field("externalName"), ""),
                name => report.each(&path.field("externalName"), name, names::dns_subdomain(name)),
            }
        }
        _ => {}
    }
}

/// Models `validateServicePort`.
fn port<'a>(port: &'a Value, needs_name: bool, names_seen: &mut SortedSet<&'a str>, path: &FieldPath, report: &mut Report) {
    let name = port.text("name");
    if name.is_empty() {
        report.required_if(needs_name, &path.field("name"), "");
    } else {
        report.each(&path.field("name"), name, names::dns_label(name));
        if !names_seen.insert(name) {
            report.duplicate(&path.field("name"), name);
        }
    }
    let number = port.number("port").unwrap_or(0);
    report.each(&path.field("port"), number, names::port_number(number));
    protocol(port.text("protocol"), &path.field("protocol"), report);
    probe::port(port.part("targetPort"), &path.field("targetPort"), report);
    if let Some(app) = port.given("appProtocol").and_then(Value::as_text) {
        report.each(&path.field("appProtocol"), app, names::label_key(app));
    }
}

fn session_affinity(spec: &Value, path: &FieldPath, report: &mut Report) {
    let affinity = spec.text("sessionAffinity");
    report.one_of(&path.field("sessionAffinity"), affinity, &["ClientIP", "None"]);
    let config = spec.given("sessionAffinityConfig");
    let at = path.field("sessionAffinityConfig");
    match (affinity, config) {
        ("ClientIP", config) => client_ip_config(config, &at, report),
        ("None", Some(_)) => report.forbidden(&at, "must not be set when session affinity is None"),
        _ => {}
    }
}

/// Models `validateClientIPAffinityConfig`.
fn client_ip_config(config: Option<&Value>, path: &FieldPath, report: &mut Report) {
    let detail = "when session affinity type is ClientIP";
    let Some(config) = config else { return report.required(path, detail) };
    let path = path.field("clientIP");
    let Some(client_ip) = config.given("clientIP") else { return report.required(&path, detail) };
    let path = path.field("timeoutSeconds");
    match client_ip.number("timeoutSeconds") {
        None => report.required(&path, detail),
        Some(seconds) if !(1..=AFFINITY_SECONDS_MAX).contains(&seconds) => {
            report.invalid(&path, seconds, format!("must be greater than 0 and less than {AFFINITY_SECONDS_MAX}"));
        }
        Some(_) => {}
    }
}

/// The requested IP families, in a single-stack IPv4 cluster. Models `initIPFamilyFields`.
pub fn addresses(spec: &Value, report: &mut Report) {
    if spec.text("type") == "ExternalName" {
        return;
    }
    related_fields(spec, report);
    if report.errors.is_empty() {
        one_family(spec, report);
    }
    if report.errors.is_empty() && !(is_headless(spec) && spec.entries("selector").is_empty()) {
        only_family(spec, report);
    }
}

/// `SingleStack` rules out two IPs or families, and an IPv6 address without a family is refused.
fn one_family(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    let (ips, families) = (spec.items("clusterIPs"), spec.items("ipFamilies"));
    for (things, word) in [(ips, "cluster IPs"), (families, "IP families")] {
        if spec.text("ipFamilyPolicy") == "SingleStack" && things.len() == 2 {
            let detail = format!("must be 'RequireDualStack' or 'PreferDualStack' when multiple {word} are specified");
            report.invalid(&path.field("ipFamilyPolicy"), "SingleStack", detail);
        }
    }
    for (i, ip) in ips.iter().enumerate().skip(families.len()) {
        if ip.as_text().is_some_and(|ip| ip.contains(':')) {
            report.invalid(&path.field("clusterIPs").index(i), Value::list(ips.to_vec()), "IPv6 is not configured on this cluster");
        }
    }
}

fn only_family(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    if spec.text("ipFamilyPolicy") == "RequireDualStack" {
        let detail = "this cluster is not configured for dual-stack services";
        report.invalid(&path.field("ipFamilyPolicy"), "RequireDualStack", detail);
    }
    for (i, family) in spec.items("ipFamilies").iter().enumerate() {
        if family.as_text() != Some("IPv4") {
            report.invalid(&path.field("ipFamilies").index(i), family.clone(), "not configured on this cluster");
        }
    }
}

/// The fields related to cluster IPs. Models `ValidateServiceClusterIPsRelatedFields`.
fn related_fields(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    let at = path.field("clusterIPs");
    let ips: Vec<&str> = spec.items("clusterIPs").iter().map(|ip| ip.as_text().unwrap_or("")).collect();
    let all = || Value::list(ips.iter().copied());
    let first = spec.text("clusterIP");
    match (first.is_empty(), ips.first()) {
        (false, None) => report.required(&at, ""),
        (false, Some(ip)) if *ip != first => report.invalid(&at, all(), "first value must match `clusterIP`"),
        (true, Some(_)) => report.invalid(&at, all(), "must be empty when `clusterIP` is not specified"),
        _ => {}
    }
    families(spec, &path, report);
    let mut sound = true;
    for (i, ip) in ips.iter().enumerate() {
        if i == 0 && *ip == "None" {
            if ips.len() > 1 {
                sound = false;
                report.invalid(&at, all(), "'None' must be the first and only value");
            }
            continue;
        }
        let wrong = names::ip_address(ip);
        sound &= wrong.is_empty();
        report.each(&at.index(i), *ip, wrong);
    }
    report.invalid_if(ips.len() > 2, &at, all(), "may only hold up to 2 values");
    if !sound || is_headless(spec) {
        return;
    }
    let parsed: Vec<Option<IpAddr>> = ips.iter().map(|ip| names::parse_ip(ip)).collect();
    if let [Some(a), Some(b)] = parsed.as_slice()
        && a.is_ipv4() == b.is_ipv4()
    {
        report.invalid(&at, all(), "may specify no more than one IP for each IP family");
    }
    for (i, (ip, family)) in parsed.iter().flatten().zip(spec.items("ipFamilies")).enumerate() {
        let family = family.as_text().unwrap_or("");
        if FAMILIES.contains(&family) && ip.is_ipv4() != (family == "IPv4") {
            report.invalid(&at.index(i), ips[i], format!("expected an {family} value as indicated by `ipFamilies[{i}]`"));
        }
    }
}

fn families(spec: &Value, path: &FieldPath, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (i, family) in spec.items("ipFamilies").iter().enumerate() {
        let family = family.as_text().unwrap_or("");
        let at = path.field("ipFamilies").index(i);
        report.known(&at, family, &FAMILIES);
        if !seen.insert(family) {
            report.duplicate(&at, family);
        }
    }
    report.may_be(path, spec, "ipFamilyPolicy", &["PreferDualStack", "RequireDualStack", "SingleStack"]);
}

/// Allocated cluster IPs are immutable. Models `validateUpgradeDowngradeClusterIPs`.
fn cluster_ips_stay(new: &Value, old: &Value, report: &mut Report) {
    let external = [new, old].iter().any(|spec| spec.text("type") == "ExternalName");
    if external || is_headless(new) && is_headless(old) {
        return;
    }
    let at = FieldPath::of("spec.clusterIPs");
    let (ips, before) = (new.items("clusterIPs"), old.items("clusterIPs"));
    let shown = || Value::list(ips.to_vec());
    report.invalid_if(ips.is_empty() && !before.is_empty(), &at.index(0), Value::Null, "primary clusterIP can not be unset");
    let compared = if ips.len() == before.len() { ips.len() } else { 1 };
    for (i, (ip, before)) in ips.iter().zip(before).take(compared).enumerate() {
        if ip != before {
            report.invalid(&at.index(i), shown(), MAY_NOT_CHANGE);
        }
    }
    if before.len() > ips.len() && ips.len() == 1 && new.text("ipFamilyPolicy") != "SingleStack" {
        let policy = new.given("ipFamilyPolicy").cloned().unwrap_or_default();
        let detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
        report.invalid(&FieldPath::of("spec.ipFamilyPolicy"), policy, detail);
    }
}

/// An IP that is reachable from other hosts. Models `ValidateEndpointIP`.
pub fn external_ip(ip: &str, path: &FieldPath, report: &mut Report) {
    let Some(address) = names::parse_ip(ip).filter(|_| names::ip_address(ip).is_empty()) else {
        return report.each(path, ip, names::ip_address(ip));
    };
    if address.is_unspecified() {
        report.invalid(path, ip, format!("may not be unspecified ({ip})"));
    }
    report.invalid_if(address.is_loopback(), path, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    let link_local = match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    };
    report.invalid_if(link_local, path, ip, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    let link_local_multicast = match address {
        IpAddr::V4(v4) => v4.octets()[..3] == [224, 0, 0],
        IpAddr::V6(v6) => v6.segments()[0] & 0xff0f == 0xff02,
    };
    report.invalid_if(link_local_multicast, path, ip, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
}

fn node_ports(ports: &[Value], kind: &str, path: &FieldPath, report: &mut Report) {
    let number = |port: &Value| port.number("nodePort").unwrap_or(0);
    if kind == "ClusterIP" {
        for (i, _) in ports.iter().enumerate().filter(|(_, port)| number(port) != 0) {
            report.forbidden(&path.index(i).field("nodePort"), "may not be used when `type` is 'ClusterIP'");
        }
    }
    let mut seen = SortedSet::new();
    for (i, port) in ports.iter().enumerate().filter(|(_, port)| number(port) != 0) {
        if !seen.insert((port.text("protocol"), number(port))) {
            report.duplicate(&path.index(i).field("nodePort"), number(port));
        }
    }
}

fn duplicate_ports(ports: &[Value], path: &FieldPath, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (i, port) in ports.iter().enumerate() {
        let (protocol, number) = (port.text("protocol"), port.number("port").unwrap_or(0));
        if !seen.insert((protocol, number)) {
            let key = Value::of([("protocol", Value::from(protocol)), ("port", Value::from(number))]);
            report.duplicate_typed(&path.index(i), &key, GoType::of("ServicePort"), "");
        }
    }
}

fn load_balancer(spec: &Value, kind: &str, path: &FieldPath, report: &mut Report) {
    let ranges = spec.items("loadBalancerSourceRanges");
    let at = path.field("LoadBalancerSourceRanges");
    report.forbidden_if(!ranges.is_empty() && kind != "LoadBalancer", &at, ONLY_LOAD_BALANCER);
    for (i, range) in ranges.iter().enumerate() {
        let range = range.as_text().unwrap_or("").trim();
        report.each(&at.index(i), range, names::address_range(range));
    }
    let allocate = spec.given("allocateLoadBalancerNodePorts");
    report.forbidden_if(allocate.is_some() && kind != "LoadBalancer", &path.field("allocateLoadBalancerNodePorts"), ONLY_LOAD_BALANCER);
    report.required_if(allocate.is_none() && kind == "LoadBalancer", &FieldPath::of("allocateLoadBalancerNodePorts"), "");
}

fn load_balancer_class(spec: &Value, report: &mut Report) {
    let Some(class) = spec.given("loadBalancerClass").and_then(Value::as_text) else { return };
    let path = FieldPath::of("spec.loadBalancerClass");
    if spec.text("type") == "LoadBalancer" {
        report.each(&path, class, names::label_key(class));
    } else {
        report.forbidden(&path, ONLY_LOAD_BALANCER);
    }
}

/// Models `validateServiceExternalTrafficPolicy` and its neighbours.
fn traffic(spec: &Value, kind: &str, path: &FieldPath, report: &mut Report) {
    let external = spec.text("externalTrafficPolicy");
    let reachable = matches!(kind, "LoadBalancer" | "NodePort") || kind == "ClusterIP" && !spec.items("externalIPs").is_empty();
    if reachable {
        report.one_of(&path.field("externalTrafficPolicy"), external, &["Cluster", "Local"]);
    } else if !external.is_empty() {
        report.invalid(&path.field("externalTrafficPolicy"), external, "may only be set for externally-accessible services");
    }
    let health = spec.number("healthCheckNodePort").unwrap_or(0);
    if health != 0 && !(kind == "LoadBalancer" && external == "Local") {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        report.invalid(&path.field("healthCheckNodePort"), health, detail);
    }
    let at = path.field("internalTrafficPolicy");
    match spec.given("internalTrafficPolicy").and_then(Value::as_text) {
        Some(internal) => report.known(&at, internal, &["Cluster", "Local"]),
        None if matches!(kind, "ClusterIP" | "NodePort" | "LoadBalancer") => report.required(&at, ""),
        None => {}
    }
    if let Some(distribution) = spec.given("trafficDistribution").and_then(Value::as_text) {
        let supported = ["PreferClose", "PreferSameZone", "PreferSameNode"];
        report.known(&path.field("trafficDistribution"), distribution, &supported);
    }
}
