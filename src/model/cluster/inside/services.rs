//! The variables in which a container finds the Services that were there when it started.
//!
//! Models pkg/kubelet/kubelet_pods.go getServiceEnvVarMap and pkg/kubelet/envvars FromServices.

use std::rc::Rc;

use api::kind::Kind;
use api::object::network::{Service, ServicePort};
use api::object::{Object, Pod};
use base::value::Value;
use server::tables::Tables;

/// The namespace and name of the API server's Service, which every container is told of. kubelet_pods.go masterServices.
const API_SERVER: (&str, &str) = ("default", "kubernetes");

/// The Services of a pod's namespace that its containers are told of, and the API server's own.
pub(super) fn services_for(pod: &Pod, tables: &Tables) -> Vec<Rc<Service>> {
    let links = pod.spec.template.raw.get("enableServiceLinks").and_then(Value::as_bool) != Some(false);
    let has_address = |service: &&Rc<Service>| !matches!(&*service.spec.cluster_ip, "" | "None");
    let own = tables.within(Kind::Service, &pod.meta.namespace).filter_map(Object::as_service);
    let mut all: Vec<Rc<Service>> = own.filter(|_| links).filter(has_address).cloned().collect();
    let (namespace, name) = API_SERVER;
    if all.iter().all(|service| *service.meta.name != *name) {
        all.extend(tables.service(namespace, name).filter(has_address).cloned());
    }
    all
}

pub(super) fn service_variables(services: &[Rc<Service>]) -> Vec<(String, String)> {
    services.iter().flat_map(|service| variables_of(service)).collect()
}

fn variables_of(service: &Service) -> Vec<(String, String)> {
    let (name, ip) = (variable_name(&service.meta.name), &service.spec.cluster_ip);
    let mut all = vec![(format!("{name}_SERVICE_HOST"), ip.to_string())];
    let Some(first) = service.spec.ports.first() else { return all };
    all.push((format!("{name}_SERVICE_PORT"), first.port.to_string()));
    let named = service.spec.ports.iter().filter(|port| !port.name.is_empty());
    all.extend(named.map(|port| (format!("{name}_SERVICE_PORT_{}", variable_name(&port.name)), port.port.to_string())));
    let protocol = |port: &ServicePort| port.protocol.to_ascii_lowercase();
    let url = |port: &ServicePort| format!("{}://{ip}:{}", protocol(port), port.port);
    all.push((format!("{name}_PORT"), url(first)));
    for port in &service.spec.ports {
        let prefix = format!("{name}_PORT_{}_{}", port.port, port.protocol);
        let parts = [("", url(port)), ("_PROTO", protocol(port)), ("_PORT", port.port.to_string()), ("_ADDR", ip.to_string())];
        all.extend(parts.into_iter().map(|(suffix, value)| (format!("{prefix}{suffix}"), value)));
    }
    all
}

/// `MY_NGINX` of `my-nginx`.
fn variable_name(name: &str) -> String {
    name.replace('-', "_").to_ascii_uppercase()
}
