//! EndpointSlices and Endpoints.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use api::view::{NONE, UNSET, View, int, scalar, text};
use base::value::Value;
use rows::describe::common::{head, labels_and_annotations};
use rows::describe::layout::Page;

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
