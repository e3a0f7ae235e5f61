//! Defaults of Services.
//!
//! Cluster IPs and node ports are allocated later; the cases in which none is wanted are handled here.
//!
//! Models pkg/apis/core/v1/defaults.go `SetDefaults_Service` and pkg/registry/core/service.

use api::object::network::{has_node_ports, needs_cluster_ip, type_of};
use base::fill::Fill;
use base::sorted::SortedSet;

use api::release::Release;
use base::value::Value;

/// The default session affinity timeout, in seconds.
const AFFINITY_SECONDS: i64 = 10_800;

/// Models `SetDefaults_Service`.
pub(super) fn apply(service: &mut Value, _: &Release) {
    match service.text_at(&["spec", "sessionAffinity"]) {
        None | Some("None" | "") => {
            service.remove(&["spec", "sessionAffinityConfig"]);
        }
        Some("ClientIP") => service.absent(&["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"], AFFINITY_SECONDS),
        _ => {}
    }
    service.zero(&["spec", "type"], "ClusterIP");
    service.each(&["spec", "ports"], |port| {
        let number = port.int_at(&["port"]).unwrap_or(0);
        port.zero(&["targetPort"], number);
    });
    let kind = service.text_at(&["spec", "type"]).unwrap_or("").to_owned();
    if from_outside(service) {
        service.zero(&["spec", "externalTrafficPolicy"], "Cluster");
    }
    if matches!(kind.as_str(), "ClusterIP" | "NodePort" | "LoadBalancer") {
        service.absent(&["spec", "internalTrafficPolicy"], "Cluster");
    }
    if kind == "LoadBalancer" {
        service.absent(&["spec", "allocateLoadBalancerNodePorts"], true);
        service.each(&["status", "loadBalancer", "ingress"], |ingress| {
            if ingress.text_at(&["ip"]).is_some_and(|ip| !ip.is_empty()) {
                ingress.absent(&["ipMode"], "VIP");
            }
        });
    }
}

/// Prepares a new service: syncs `clusterIP` with `clusterIPs`, and sets the IP families. Models `normalizeClusterIPs` and
/// `initIPFamilyFields` on an IPv4 cluster.
pub fn create(service: &mut Value) {
    let ip = service.text_at(&["spec", "clusterIP"]).unwrap_or("").to_owned();
    if !ip.is_empty() && service.list_at(&["spec", "clusterIPs"]).is_empty() {
        service.set(&["spec", "clusterIPs"], Value::list([ip.as_str()]));
    }
    families(service);
}

fn families(service: &mut Value) {
    if !needs_cluster_ip(service) {
        // Models pkg/registry/core/service/storage defaultOnReadInternalTrafficPolicy.
        service.remove(&["spec", "internalTrafficPolicy"]);
        return;
    }
    let headless = service.list_at(&["spec", "clusterIPs"]).first().and_then(Value::as_text) == Some("None");
    let selects = service.at(&["spec", "selector"]).and_then(Value::as_map).is_some_and(|map| !map.is_empty());
    if headless && !selects {
        service.absent(&["spec", "ipFamilyPolicy"], "RequireDualStack");
        let families = service.list_at(&["spec", "ipFamilies"]);
        let first = families.first().and_then(Value::as_text).unwrap_or("IPv4").to_owned();
        if families.len() < 2 && service.text_at(&["spec", "ipFamilyPolicy"]) != Some("SingleStack") {
            let other = if first == "IPv4" { "IPv6" } else { "IPv4" };
            service.set(&["spec", "ipFamilies"], Value::list([first.as_str(), other]));
        } else if families.is_empty() {
            service.set(&["spec", "ipFamilies"], Value::list([first]));
        }
        return;
    }
    service.absent(&["spec", "ipFamilyPolicy"], "SingleStack");
    // The family follows from the requested addresses, if any; otherwise it is the cluster's, IPv4.
    let other_family = service.list_at(&["spec", "clusterIPs"]).iter().any(|ip| ip.as_text().is_some_and(|ip| ip.contains(':')));
    if !other_family && service.list_at(&["spec", "ipFamilies"]).is_empty() {
        service.set(&["spec", "ipFamilies"], Value::list(["IPv4"]));
    }
}

/// Prepares an update: keeps allocated values that the client left out, drops those that the new type does not have, and the second
/// of two where one is asked for. Models `patchAllocatedValues`, `normalizeClusterIPs`, `dropTypeDependentFields`, `initIPFamilyFields`.
pub fn update(new: &mut Value, old: &Value) {
    keep_allocated(new, old);
    normalize_cluster_ips(new, old);
    drop_type_dependent(new, old);
    if needs_cluster_ip(new)
        && let Some(policy) = old.at(&["spec", "ipFamilyPolicy"])
    {
        new.absent(&["spec", "ipFamilyPolicy"], policy.clone());
    }
    if new.text_at(&["spec", "ipFamilyPolicy"]) == Some("SingleStack") {
        for field in ["clusterIPs", "ipFamilies"] {
            let path = &["spec", field][..];
            if let [first, _, ..] = new.list_at(path)
                && new.at(path) == old.at(path)
            {
                new.set(path, Value::list([first.clone()]));
            }
        }
    }
    families(new);
}

/// Whether a Service can be reached from outside the cluster. Models `ExternallyAccessible`.
fn from_outside(service: &Value) -> bool {
    has_node_ports(service) || type_of(service) == "ClusterIP" && !service.list_at(&["spec", "externalIPs"]).is_empty()
}

fn node_ports(service: &Value) -> SortedSet<i64> {
    service.list_at(&["spec", "ports"]).iter().filter_map(|port| port.int_at(&["nodePort"])).filter(|number| *number != 0).collect()
}

fn keep_allocated(new: &mut Value, old: &Value) {
    let cluster_ip = &["spec", "clusterIP"][..];
    if needs_cluster_ip(new) && needs_cluster_ip(old) {
        if new.text_at(cluster_ip).unwrap_or("").is_empty() {
            new.copy(cluster_ip, old);
        }
        if new.list_at(&["spec", "clusterIPs"]).is_empty() {
            new.copy(&["spec", "clusterIPs"], old);
        }
    }
    if has_node_ports(new) && has_node_ports(old) {
        let used: SortedSet<i64> = node_ports(new).intersection(&node_ports(old)).copied().collect();
        let before = old.list_at(&["spec", "ports"]);
        let name = |port: &Value| port.text_at(&["name"]).unwrap_or("").to_owned();
        new.each(&["spec", "ports"], |port| {
            let same = before.iter().rfind(|p| name(p) == name(port));
            if let Some(number) = same.and_then(|p| p.int_at(&["nodePort"])).filter(|number| !used.contains(number)) {
                port.zero(&["nodePort"], number);
            }
        });
    }
}

fn normalize_cluster_ips(new: &mut Value, old: &Value) {
    let single = |service: &Value| service.text_at(&["spec", "clusterIP"]).unwrap_or("").to_owned();
    let many = |service: &Value| service.list_at(&["spec", "clusterIPs"]).to_vec();
    let (ip, before) = (single(new), single(old));
    if many(new).is_empty() && ip == before {
        new.copy(&["spec", "clusterIPs"], old);
    }
    if ip == before || many(new) != many(old) {
        return;
    }
    if ip.is_empty() {
        new.remove(&["spec", "clusterIPs"]);
    } else {
        new.set(&["spec", "clusterIPs"], Value::list([ip]));
    }
}

fn drop_type_dependent(new: &mut Value, old: &Value) {
    let forget = |new: &mut Value, fields: &[&str]| {
        for field in fields {
            if new.at(&["spec", field]) == old.at(&["spec", field]) {
                new.remove(&["spec", field]);
            }
        }
    };
    if needs_cluster_ip(old) && !needs_cluster_ip(new) {
        forget(new, &["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]);
    }
    if has_node_ports(old) && !has_node_ports(new) && node_ports(new).is_subset(&node_ports(old)) {
        new.each(&["spec", "ports"], |port| {
            port.remove(&["nodePort"]);
        });
    }
    let is_balanced = |service: &Value| type_of(service) == "LoadBalancer";
    let checks_health = |s: &Value| is_balanced(s) && s.text_at(&["spec", "externalTrafficPolicy"]) == Some("Local");
    if checks_health(old) && !checks_health(new) {
        forget(new, &["healthCheckNodePort"]);
    }
    if is_balanced(old) && !is_balanced(new) {
        forget(new, &["allocateLoadBalancerNodePorts", "loadBalancerClass"]);
    }
    if from_outside(old) && !from_outside(new) {
        forget(new, &["externalTrafficPolicy"]);
    }
}
