//! Services, EndpointSlices and Endpoints.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::describe::common::{head, labels_and_annotations};
use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::view::{self, NONE, UNSET, int, labels_text, map_at, scalar, text};
use api::kind::Kind;
use api::release::Release;
use api::well_known::SERVICE_NAME;
use base::value::Value;

/// How many addresses a line lists before it counts the rest.
const MAX_ADDRESSES: usize = 3;

/// Describes a Service, up to its events.
pub fn service(page: &mut Page, service: &Value, view: &View) {
    let spec = service.get("spec").cloned().unwrap_or_default();
    let joined = |path: &[&str]| spec.list_at(path).iter().map(scalar).collect::<Vec<_>>().join(",");
    let or_none = |list: String| if list.is_empty() { NONE.to_owned() } else { list };
    head(page, service);
    labels_and_annotations(page, service);
    page.field(0, "Selector", labels_text(map_at(&spec, &["selector"])));
    page.field(0, "Type", text(&spec, &["type"]));
    page.field_some(0, "IP Family Policy", spec.text_at(&["ipFamilyPolicy"]));
    page.field(0, "IP Families", or_none(joined(&["ipFamilies"])));
    page.field(0, "IP", text(&spec, &["clusterIP"]));
    page.field(0, "IPs", or_none(joined(&["clusterIPs"])));
    if !spec.list_at(&["externalIPs"]).is_empty() {
        page.field(0, "External IPs", joined(&["externalIPs"]));
    }
    page.field_some(0, "External Name", spec.text_at(&["externalName"]));
    let ingress = service.list_at(&["status", "loadBalancer", "ingress"]).iter();
    let ingress: Vec<String> = ingress.map(ingress_text).collect();
    if !ingress.is_empty() {
        page.field(0, "LoadBalancer Ingress", ingress.join(", "));
    }
    let slices = slices_of(view::namespace(service), view::name(service), view);
    for port in spec.list_at(&["ports"]) {
        service_port(page, port, &slices, view.release);
    }
    page.field(0, "Session Affinity", text(&spec, &["sessionAffinity"]));
    for (label, field) in [("External Traffic Policy", "externalTrafficPolicy"), ("Internal Traffic Policy", "internalTrafficPolicy")] {
        page.field_some(0, label, spec.text_at(&[field]));
    }
    if int(&spec, &["healthCheckNodePort"]) != 0 {
        page.field(0, "HealthCheck NodePort", int(&spec, &["healthCheckNodePort"]).to_string());
    }
    if !spec.list_at(&["loadBalancerSourceRanges"]).is_empty() {
        page.field(0, "LoadBalancer Source Ranges", joined(&["loadBalancerSourceRanges"]));
    }
    page.field_some(0, "Traffic Distribution", spec.text_at(&["trafficDistribution"]).filter(|_| view.release.describes_traffic));
}

/// The slices of a Service.
pub fn slices_of(namespace: &str, service: &str, view: &View) -> Vec<Value> {
    let mut slices = view.client.list(Kind::EndpointSlice, Some(namespace));
    slices.retain(|s| text(s, &["metadata", "labels", SERVICE_NAME]) == service);
    slices
}

/// One way in through a load balancer. Models describe.go buildIngressString.
fn ingress_text(one: &Value) -> String {
    match (one.text_at(&["ip"]).filter(|ip| !ip.is_empty()), one.text_at(&["ipMode"])) {
        (None, _) => text(one, &["hostname"]).to_owned(),
        (Some(ip), None) => ip.to_owned(),
        (Some(ip), Some(mode)) => format!("{ip} ({mode})"),
    }
}

fn service_port(page: &mut Page, port: &Value, slices: &[Value], release: &Release) {
    let name = port.text_at(&["name"]).filter(|n| !n.is_empty());
    let shown = name.unwrap_or(UNSET);
    let protocol = port.text_at(&["protocol"]).unwrap_or("TCP");
    page.field(0, "Port", format!("{shown}\t{}/{protocol}", int(port, &["port"])));
    let target = port.get("targetPort").map(scalar).unwrap_or_default();
    page.field(0, "TargetPort", format!("{target}/{protocol}"));
    page.field_some(0, "AppProtocol", port.text_at(&["appProtocol"]).filter(|_| release.describes_protocols_and_zones));
    if int(port, &["nodePort"]) != 0 {
        page.field(0, "NodePort", format!("{shown}\t{}/{protocol}", int(port, &["nodePort"])));
    }
    page.field(0, "Endpoints", ready_addresses(slices, name.unwrap_or_default()));
}

/// The ready addresses of a port. Models formatEndpointSlices.
pub fn ready_addresses(slices: &[Value], port_name: &str) -> String {
    if slices.is_empty() {
        return NONE.to_owned();
    }
    let (mut shown, mut count, mut more) = (Vec::new(), 0, false);
    for slice in slices {
        let ports = slice.list_at(&["ports"]);
        let named = ports.iter().filter(|p| text(p, &["name"]) == port_name);
        let mut endings: Vec<String> = named.map(|p| format!(":{}", p.get("port").map(scalar).unwrap_or_default())).collect();
        if ports.is_empty() {
            endings.push(String::new());
        }
        for ending in endings {
            for endpoint in slice.list_at(&["endpoints"]) {
                // There is more as soon as one follows, ready or not.
                more |= shown.len() == MAX_ADDRESSES;
                if endpoint.at(&["conditions", "ready"]).and_then(Value::as_bool) == Some(false) {
                    continue;
                }
                if !more {
                    shown.push(endpoint.list_at(&["addresses"]).first().map(scalar).unwrap_or_default() + &ending);
                }
                count += 1;
            }
        }
    }
    let shown = shown.join(",");
    if more { format!("{shown} + {} more...", count - MAX_ADDRESSES) } else { shown }
}

/// Describes an EndpointSlice, up to its events.
pub fn endpoint_slice(page: &mut Page, slice: &Value, _view: &View) {
    head(page, slice);
    labels_and_annotations(page, slice);
    page.field(0, "AddressType", text(slice, &["addressType"]));
    let ports = slice.list_at(&["ports"]);
    if ports.is_empty() {
        page.line(0, format!("Ports: {UNSET}"));
    } else {
        page.line(0, "Ports:");
        page.line(1, "Name\tPort\tProtocol\n  ----\t----\t--------");
        for port in ports {
            let name = port.text_at(&["name"]).filter(|n| !n.is_empty()).unwrap_or(UNSET);
            let number = port.get("port").map_or_else(|| UNSET.to_owned(), scalar);
            page.line(1, format!("{name}\t{number}\t{}", text(port, &["protocol"])));
        }
    }
    let endpoints = slice.list_at(&["endpoints"]);
    if endpoints.is_empty() {
        page.line(0, format!("Endpoints: {NONE}"));
        return;
    }
    page.line(0, "Endpoints:");
    for endpoint in endpoints {
        let addresses: Vec<String> = endpoint.list_at(&["addresses"]).iter().map(scalar).collect();
        page.field(1, "- Addresses", addresses.join(","));
        page.line(2, "Conditions:");
        page.field(3, "Ready", endpoint.at(&["conditions", "ready"]).map_or_else(|| UNSET.to_owned(), scalar));
        page.field(2, "Hostname", endpoint.text_at(&["hostname"]).unwrap_or(UNSET));
        if let Some(target) = endpoint.get("targetRef") {
            page.field(2, "TargetRef", format!("{}/{}", text(target, &["kind"]), text(target, &["name"])));
        }
        page.field(2, "NodeName", endpoint.text_at(&["nodeName"]).unwrap_or(UNSET));
        page.field(2, "Zone", endpoint.text_at(&["zone"]).unwrap_or(UNSET));
    }
}

/// Describes an Endpoints object, up to its events.
pub fn endpoints(page: &mut Page, endpoints: &Value, _view: &View) {
    head(page, endpoints);
    labels_and_annotations(page, endpoints);
    page.line(0, "Subsets:");
    for subset in endpoints.list_at(&["subsets"]) {
        for (label, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
            let all: Vec<&str> = subset.list_at(&[field]).iter().map(|a| text(a, &["ip"])).collect();
            page.field(1, label, if all.is_empty() { NONE.to_owned() } else { all.join(",") });
        }
        let ports = subset.list_at(&["ports"]);
        if !ports.is_empty() {
            page.line(1, "Ports:");
            page.line(2, "Name\tPort\tProtocol");
            page.line(2, "----\t----\t--------");
            for port in ports {
                let name = port.text_at(&["name"]).unwrap_or(UNSET);
                page.line(2, format!("{name}\t{}\t{}", int(port, &["port"]), text(port, &["protocol"])));
            }
        }
        page.write("\n");
    }
}
