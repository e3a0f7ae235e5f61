//! Defaulting: the fields that the API server fills in when the client leaves them out.
//!
//! The server takes three steps: [`apply`] is the scheme's defaulting and depends on the object alone; then [`create`] or
//! [`update`] applies the kind's strategy to a new or changed object: the initial status, the generation, and resetting fields that
//! clients may not set. All are pure and idempotent.
//! Left to the server, because it depends on more than the object: name, uid, timestamps and namespace (before [`create`], which
//! labels jobs with their uid), cluster IPs and node ports (after [`create`]), and all of admission (service accounts,
//! tolerations, classes, finalizers).
//! Not modelled: Windows, cloud volumes.
//!
//! Models pkg/apis/*/v1/defaults.go and pkg/registry/*/*/strategy.go.

mod batch;
mod gates;
mod kept;
mod pod;
mod service;
mod storage;
mod strategy;
mod workload;

use api::kind::Kind;
use api::release::Release;
use base::fill::Fill;
use base::value::Value;

pub use strategy::{create, update};

/// Applies the scheme's defaults for a kind.
pub fn apply(kind: Kind, object: &mut Value, release: &Release) {
    match kind {
        Kind::Pod => pod::pod(object),
        Kind::PodTemplate => pod::template(object, &["template"]),
        Kind::Service => service::apply(object),
        Kind::StatefulSet => workload::stateful_set(object, release),
        Kind::Deployment => workload::deployment(object),
        Kind::ReplicaSet => workload::replica_set(object),
        Kind::DaemonSet => workload::daemon_set(object),
        Kind::ReplicationController => workload::replication_controller(object),
        Kind::Job => batch::job(object),
        Kind::CronJob => batch::cron_job(object),
        Kind::HorizontalPodAutoscaler => batch::autoscaler(object),
        Kind::PersistentVolume => storage::volume(object),
        Kind::PersistentVolumeClaim => storage::claim(object),
        Kind::StorageClass => storage::class(object),
        Kind::CSINode => csi_node(object, release),
        Kind::RuntimeClass => object.amounts(&["overhead", "podFixed"]),
        // Models `SetDefaults_PriorityClass`.
        Kind::PriorityClass => object.absent(&["preemptionPolicy"], "PreemptLowerPriority"),
        Kind::Secret => storage::secret(object),
        Kind::ResourceQuota => object.amounts(&["spec", "hard"]),
        Kind::LimitRange => object.each(&["spec", "limits"], limit_range),
        Kind::Namespace => namespace(object),
        Kind::Node => node(object),
        Kind::EndpointSlice => endpoint_slice(object),
        Kind::Endpoints => endpoints(object),
        Kind::NetworkPolicy => network_policy(object),
        Kind::RoleBinding | Kind::ClusterRoleBinding => binding(object),
        // Models `SetDefaults_IngressClass`.
        Kind::IngressClass => object.within(&["spec", "parameters"], |parameters| parameters.absent(&["scope"], "Cluster")),
        Kind::CustomResourceDefinition => kept::definition(object),
        Kind::ValidatingWebhookConfiguration | Kind::MutatingWebhookConfiguration => kept::webhooks(kind, object),
        Kind::ValidatingAdmissionPolicy | Kind::MutatingAdmissionPolicy => kept::policy(object),
        Kind::CSIDriver => kept::driver(object),
        Kind::APIService => object.within(&["spec", "service"], |service| service.absent(&["port"], 443)),
        Kind::FlowSchema => object.within(&["spec"], |spec| spec.zero(&["matchingPrecedence"], 1000)),
        Kind::PriorityLevelConfiguration => kept::level(object),
        // The others have none, or none that is modelled.
        _ => {}
    }
}

/// An empty list of topology keys is written as none.
fn csi_node(node: &mut Value, release: &Release) {
    node.each(&["spec", "drivers"], |driver| {
        if driver.list_at(&["topologyKeys"]).is_empty() {
            driver.set(&["topologyKeys"], Value::Null);
        }
    });
    if release.csi_nodes_have_status {
        node.absent(&["status"], Value::map());
    }
}

/// Labels a namespace with its name, so that selectors can match it. Models `SetDefaults_Namespace`.
fn namespace(namespace: &mut Value) {
    if let Some(name) = namespace.text_at(&["metadata", "name"]).filter(|n| !n.is_empty()).map(str::to_owned) {
        namespace.set(&["metadata", "labels", "kubernetes.io/metadata.name"], name);
    }
}

/// Derives the missing defaults of a `Container` limit from one another. Models `SetDefaults_LimitRangeItem`.
fn limit_range(item: &mut Value) {
    for list in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        item.amounts(&[list]);
    }
    if item.text_at(&["type"]) != Some("Container") {
        return;
    }
    for (list, from) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
        let amounts = item.at(&[from]).and_then(Value::as_map).cloned().unwrap_or_default();
        for (name, amount) in amounts.iter() {
            item.absent(&[list, &**name], amount.clone());
        }
    }
}

/// Defaults a node's allocatable to its capacity. Models `SetDefaults_NodeStatus` and `Convert_core_NodeSpec_To_v1_NodeSpec`.
fn node(node: &mut Value) {
    // `podCIDR` and the first of `podCIDRs` mirror each other.
    if let Some(range) = node.text_at(&["spec", "podCIDR"]).filter(|range| !range.is_empty()).map(str::to_owned)
        && node.list_at(&["spec", "podCIDRs"]).first().and_then(Value::as_text) != Some(&range)
    {
        node.set(&["spec", "podCIDRs"], Value::list([range]));
    }
    if let Some(first) = node.list_at(&["spec", "podCIDRs"]).first().cloned() {
        node.set(&["spec", "podCIDR"], first);
    }
    if let Some(capacity) = node.at(&["status", "capacity"]).cloned() {
        node.absent(&["status", "allocatable"], capacity);
    }
}

/// Models `SetDefaults_NetworkPolicy` and `SetDefaults_NetworkPolicyPort`.
fn network_policy(policy: &mut Value) {
    if policy.list_at(&["spec", "policyTypes"]).is_empty() {
        let types: &[&str] = if policy.list_at(&["spec", "egress"]).is_empty() { &["Ingress"] } else { &["Ingress", "Egress"] };
        policy.set(&["spec", "policyTypes"], Value::list(types.iter().copied()));
    }
    for list in ["ingress", "egress"] {
        policy.each(&["spec", list], |rule| rule.each(&["ports"], |port| port.absent(&["protocol"], "TCP")));
    }
}

/// Models `SetDefaults_RoleBinding` and `SetDefaults_Subject`.
fn binding(binding: &mut Value) {
    const GROUP: &str = Kind::Role.info().group;
    binding.zero(&["roleRef", "apiGroup"], GROUP);
    binding.each(&["subjects"], |subject| {
        if matches!(subject.text_at(&["kind"]), Some("User" | "Group")) {
            subject.zero(&["apiGroup"], GROUP);
        }
    });
}

/// Models `SetDefaults_EndpointPort` of discovery.k8s.io.
fn endpoint_slice(slice: &mut Value) {
    slice.each(&["ports"], |port| {
        port.absent(&["name"], "");
        port.absent(&["protocol"], "TCP");
    });
}

/// Models `SetDefaults_Endpoints`.
fn endpoints(endpoints: &mut Value) {
    endpoints.each(&["subsets"], |subset| subset.each(&["ports"], |port| port.zero(&["protocol"], "TCP")));
}
