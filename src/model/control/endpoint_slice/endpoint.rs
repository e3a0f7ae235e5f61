//! A pod as an endpoint. Models k8s.io/endpointslice utils.go and util/controller_utils.go.

use std::rc::Rc;

use api::object::network::{Endpoint, EndpointPort, ServicePort, TargetPort};
use api::object::node::ZONE;
use api::object::{Node, Pod, Service, no_name};
use base::hash::fnv1a_128;
use base::sort::Sort;

/// How a change of a pod affects a Service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    Nothing,
    /// The slices are out of date, but the controller does not notice until something else triggers a sync.
    Unnoticed,
    /// The controller syncs the Service.
    Noticed,
}

/// What a change of a pod is to a Service; `None` is a pod that does not exist. Models util/controller_utils.go
/// GetServicesToUpdateOnPodChange and podEndpointsChanged.
pub fn concern(service: &Service, before: Option<&Pod>, after: Option<&Pod>) -> Concern {
    let selected = |pod: &Pod| pod.meta.namespace == service.meta.namespace && service.selects(&pod.meta);
    let is = after.is_some_and(selected);
    let was = match (before, after) {
        (Some(before), Some(after)) if Rc::ptr_eq(&before.meta.labels, &after.meta.labels) => is,
        _ => before.is_some_and(selected),
    };
    let noticed = match (before, after) {
        (Some(before), Some(after)) if was && is => matters(before, after),
        _ => was || is,
    };
    if noticed {
        return Concern::Noticed;
    }
    // Upstream asks for readiness, not for the end: one that was not Ready and is evicted stays in the slices for a while.
    let ended = |pod: Option<&Pod>| pod.is_some_and(|p| p.status.phase.terminal());
    if is && ended(before) != ended(after) { Concern::Unnoticed } else { Concern::Nothing }
}

fn matters(before: &Pod, after: &Pod) -> bool {
    // A pod that is leaving always counts: upstream compares where the deletion time stands in memory.
    after.meta.terminating()
        || before.meta.terminating()
        || before.ready() != after.ready()
        || before.status.ip != after.status.ip
        || before.meta.uid != after.meta.uid
        || before.meta.labels != after.meta.labels
        || (&before.spec.hostname, &before.spec.subdomain) != (&after.spec.hostname, &after.spec.subdomain)
}

/// Whether a pod belongs in the slices: it has an IP and is not terminal. A terminating pod stays. Models ShouldPodBeInEndpoints.
pub fn belongs(pod: &Pod) -> bool {
    pod.status.ip.is_some() && !pod.status.phase.terminal()
}

/// A pod as an endpoint of a Service; `None` if it is not one. Models podToEndpoint.
pub fn endpoint(service: &Service, pod: &Pod, node: Option<&Node>) -> Option<Endpoint> {
    let ip = pod.status.ip.filter(|_| belongs(pod))?;
    let (serving, terminating) = (pod.ready(), pod.meta.terminating());
    Some(Endpoint {
        ip,
        hostname: if named_by(service, pod) { Rc::clone(&pod.spec.hostname) } else { no_name() },
        node: pod.node.clone().unwrap_or_else(no_name),
        zone: node.and_then(|node| node.meta.label(ZONE)).cloned().unwrap_or_else(no_name),
        pod: Rc::clone(&pod.meta.name),
        pod_uid: pod.meta.uid,
        ready: service.spec.publish_not_ready || (serving && !terminating),
        serving,
        terminating,
    })
}

/// Whether the pod has a host name under the Service. Models ShouldSetHostname.
fn named_by(service: &Service, pod: &Pod) -> bool {
    !pod.spec.hostname.is_empty() && pod.spec.subdomain == service.meta.name && pod.meta.namespace == service.meta.namespace
}

/// The ports of a Service as they are on one of its pods, in the order of their hashes; a port that the pod does not have is left
/// out. Models getEndpointPorts, and util portsInOrder by which NewPortMapKey sorts them.
pub fn ports(service: &Service, pod: &Pod) -> Vec<EndpointPort> {
    let port = |p: &ServicePort| {
        let (name, protocol, app) = (Rc::clone(&p.name), Rc::clone(&p.protocol), Rc::clone(&p.app));
        Some(EndpointPort { name, port: port_number(pod, p)?, protocol, app })
    };
    let mut ports: Vec<EndpointPort> = service.spec.ports.iter().filter_map(port).collect();
    ports.sort_small_by_key(hash);
    ports
}

/// The sort key of a port. Models util deepHashObjectToString.
fn hash(EndpointPort { name, port, protocol, app }: &EndpointPort) -> u128 {
    let app = if app.is_empty() { "<nil>" } else { app };
    let dumped = format!(
        "(v1.EndpointPort){{Name:(*string){name} Protocol:(*v1.Protocol){protocol} Port:(*int32){port} AppProtocol:(*string){app}}}"
    );
    fnv1a_128(dumped.as_bytes())
}

/// The number of a target port on a pod; sidecars are searched after the containers. Models FindPort.
pub fn port_number(pod: &Pod, port: &ServicePort) -> Option<i64> {
    let name = match &port.target {
        TargetPort::Number(n) => return Some(*n),
        TargetPort::Named(name) => name,
    };
    let template = &pod.spec.template;
    let containers = template.containers.iter().chain(template.init_containers.iter().filter(|c| c.sidecar));
    let mut offered = containers.flat_map(|c| &c.ports);
    offered.find(|p| p.name == *name && p.protocol == port.protocol).map(|p| p.port)
}
