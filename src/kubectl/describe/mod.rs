//! `kubectl describe`: an object, related objects, and its events, as text.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go. Promises: lines, order and alignment are kubectl's.

mod common;
mod containers;
mod ingress;
mod jobs;
pub mod layout;
mod network;
mod node;
mod pod;
mod policy;
mod rbac;
mod small;
mod storage;
pub mod view;
mod volumes;
mod workloads;

use crate::describe::layout::Page;
use crate::describe::view::View;
use api::kind::Kind;
use base::value::Value;

pub use common::event_interval;
pub use containers::pod_template;

/// How a kind is described: its writer, and whether events follow.
type Writer = (fn(&mut Page, &Value, &View), bool);

fn writer(kind: Kind) -> Writer {
    match kind {
        Kind::Pod => (pod::pod, true),
        Kind::StatefulSet => (workloads::stateful_set, true),
        Kind::Deployment => (workloads::deployment, true),
        Kind::ReplicaSet | Kind::ReplicationController => (workloads::replica_set, true),
        Kind::DaemonSet => (workloads::daemon_set, true),
        Kind::Job => (jobs::job, true),
        Kind::CronJob => (jobs::cron_job, true),
        Kind::PersistentVolumeClaim => (storage::claim, true),
        Kind::PersistentVolume => (storage::volume, true),
        Kind::StorageClass => (storage::storage_class, true),
        Kind::Service => (network::service, true),
        Kind::NetworkPolicy => (policy::network_policy, false),
        Kind::Ingress => (ingress::ingress, true),
        Kind::IngressClass => (ingress::ingress_class, true),
        Kind::EndpointSlice => (network::endpoint_slice, true),
        Kind::Endpoints => (network::endpoints, true),
        Kind::Node => (node::node, true),
        Kind::PodDisruptionBudget => (small::disruption_budget, true),
        Kind::HorizontalPodAutoscaler => (small::autoscaler, true),
        Kind::PriorityClass => (small::priority_class, true),
        Kind::CSINode => (small::csi_node, true),
        Kind::ConfigMap => (small::config_map, true),
        Kind::ServiceAccount => (small::service_account, true),
        Kind::Secret => (small::secret, false),
        Kind::Namespace => (small::namespace, false),
        Kind::LimitRange => (small::limit_range, false),
        Kind::ResourceQuota => (small::quota, false),
        Kind::Role | Kind::ClusterRole => (rbac::role, false),
        Kind::RoleBinding | Kind::ClusterRoleBinding => (rbac::binding, false),
        _ => (small::generic, true),
    }
}

/// The description of an object.
pub fn describe(kind: Kind, object: &Value, view: &View, show_events: bool) -> String {
    let mut page = Page::new();
    let (write, has_events) = writer(kind);
    write(&mut page, object, view);
    if has_events && show_events {
        common::events(&mut page, &common::events_of(view.client, kind, object), view);
    }
    page.aligned()
}
