//! Ingresses and their classes.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go IngressDescriber and IngressClassDescriber.

use api::kind::Kind;
use api::view::{self, NONE, View, int, scalar, text, text_or_none};
use base::value::Value;
use rows::cells::balancers;
use rows::describe::common::{annotations, labels, labels_and_annotations};
use rows::describe::layout::Page;
use rows::describe::network::{ready_addresses, slices_of};

/// Describes an Ingress, up to its events.
pub fn ingress(page: &mut Page, ingress: &Value, view: &View) {
    let namespace = view::namespace(ingress);
    page.field(0, "Name", view::name(ingress));
    labels(page, 0, "Labels", ingress.at(&["metadata", "labels"]).unwrap_or(&Value::Null));
    page.field(0, "Namespace", namespace);
    page.field(0, "Address", balancers(ingress));
    page.field(0, "Ingress Class", text_or_none(ingress, &["spec", "ingressClassName"]));
    let default = ingress.at(&["spec", "defaultBackend"]).map_or_else(|| "<default>".to_owned(), |to| backend(to, namespace, view));
    page.field(0, "Default backend", &default);
    let tls = ingress.list_at(&["spec", "tls"]);
    if !tls.is_empty() {
        page.line(0, "TLS:");
    }
    for tls in tls {
        let hosts = tls.list_at(&["hosts"]).iter().map(scalar).collect::<Vec<_>>().join(",");
        page.line(
            1,
            match text(tls, &["secretName"]) {
                "" => format!("SNI routes {hosts}"),
                secret => format!("{secret} terminates {hosts}"),
            },
        );
    }
    page.line(0, "Rules:\n  Host\tPath\tBackends");
    page.line(1, "----\t----\t--------");
    let rules: Vec<&Value> = ingress.list_at(&["spec", "rules"]).iter().filter(|rule| rule.get("http").is_some()).collect();
    if rules.is_empty() {
        page.line(1, format!("*\t*\t{default}"));
    }
    for rule in rules {
        let host = text(rule, &["host"]);
        page.line(1, format!("{}\t", if host.is_empty() { "*" } else { host }));
        for path in rule.list_at(&["http", "paths"]) {
            let to = path.get("backend").map(|to| backend(to, namespace, view)).unwrap_or_default();
            page.line(2, format!("\t{} \t{to}", text(path, &["path"])));
        }
    }
    annotations(page, 0, "Annotations", ingress.at(&["metadata", "annotations"]).unwrap_or(&Value::Null));
}

/// Where requests go: a Service's port and its ready addresses, or a reference. Models describeBackendV1.
fn backend(to: &Value, namespace: &str, view: &View) -> String {
    let Some(service) = to.get("service") else {
        let Some(of) = to.get("resource") else { return String::new() };
        let group = of.text_at(&["apiGroup"]).unwrap_or(NONE);
        return format!("APIGroup: {group}, Kind: {}, Name: {}", text(of, &["kind"]), text(of, &["name"]));
    };
    let (name, number, by) = (text(service, &["name"]), int(service, &["port", "number"]), text(service, &["port", "name"]));
    let shown = if by.is_empty() { format!("{name}:{number}") } else { format!("{name}:{by}") };
    match view.client.get(Kind::Service, namespace, name) {
        Err(status) => format!("{shown} (<error: {}>)", status.message),
        Ok(found) => {
            let is_meant = |port: &&Value| number != 0 && int(port, &["port"]) == number || !by.is_empty() && text(port, &["name"]) == by;
            let port = found.list_at(&["spec", "ports"]).iter().rfind(is_meant).map_or("", |port| text(port, &["name"]));
            format!("{shown} ({})", ready_addresses(&slices_of(namespace, name, view), port))
        }
    }
}

/// Describes an IngressClass, up to its events.
pub fn ingress_class(page: &mut Page, class: &Value, _view: &View) {
    page.field(0, "Name", view::name(class));
    labels_and_annotations(page, class);
    page.field(0, "Controller", text(class, &["spec", "controller"]));
    let Some(parameters) = class.at(&["spec", "parameters"]) else { return };
    page.line(0, "Parameters:");
    page.field_some(1, "APIGroup", parameters.text_at(&["apiGroup"]));
    page.field(1, "Kind", text(parameters, &["kind"]));
    page.field(1, "Name", text(parameters, &["name"]));
}
