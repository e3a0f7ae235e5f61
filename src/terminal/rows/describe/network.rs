//! Services.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::describe::layout::Page;
use api::kind::Kind;
use api::release::Release;
use api::view::{self, NONE, UNSET, View, int, scalar, text};
use api::well_known::SERVICE_NAME;
use base::value::Value;

/// How many addresses a line lists before it counts the rest.
const MAX_ADDRESSES: usize = 3;

/// The slices of a Service.
fn slices_of(namespace: &str, service: &str, view: &View) -> Vec<Value> {
    let mut slices = view.client.list(Kind::EndpointSlice, Some(namespace));
    slices.retain(|s| text(s, &["metadata", "labels", SERVICE_NAME]) == service);
    slices
}

pub(super) fn ingress_texts(ingress: &Value) -> String {
    ingress.as_list().unwrap_or_default().iter().map(ingress_text).collect::<Vec<_>>().join(", ")
}

/// One way in through a load balancer. Models describe.go buildIngressString.
fn ingress_text(one: &Value) -> String {
    match (one.text_at(&["ip"]).filter(|ip| !ip.is_empty()), one.text_at(&["ipMode"])) {
        (None, _) => text(one, &["hostname"]).to_owned(),
        (Some(ip), None) => ip.to_owned(),
        (Some(ip), Some(mode)) => format!("{ip} ({mode})"),
    }
}

pub(super) fn ports_of_service(page: &mut Page, _: usize, _: &str, service: &Value, view: &View) {
    let slices = slices_of(view::namespace(service), view::name(service), view);
    for port in service.list_at(&["spec", "ports"]) {
        service_port(page, port, &slices, view.release);
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
fn ready_addresses(slices: &[Value], port_name: &str) -> String {
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
