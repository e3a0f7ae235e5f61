//! `kubectl describe`: an object, related objects, and its events, as text.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go. Promises: lines, order and alignment are kubectl's.
//! Not modelled: how roles, their bindings, NetworkPolicies and Ingresses are described.

mod events;
mod network;
mod small;

use api::kind::Kind;
use api::view::View;
use base::value::Value;
use rows::describe::layout::Page;

pub use events::event_interval;

/// The kinds whose descriptions are not simulated.
const UNDESCRIBED: [Kind; 7] =
    [Kind::NetworkPolicy, Kind::Ingress, Kind::IngressClass, Kind::Role, Kind::ClusterRole, Kind::RoleBinding, Kind::ClusterRoleBinding];

/// Whether `describe` of a kind is simulated.
pub fn is_described(kind: Kind) -> bool {
    !UNDESCRIBED.contains(&kind)
}

/// How a kind is described: its writer, and whether events follow.
type Writer = (fn(&mut Page, &Value, &View), bool);

fn writer(kind: Kind) -> Writer {
    match kind {
        Kind::EndpointSlice => (network::endpoint_slice, true),
        Kind::Endpoints => (network::endpoints, true),
        Kind::HorizontalPodAutoscaler => (small::autoscaler, true),
        Kind::CSINode => (small::csi_node, true),
        Kind::ConfigMap => (small::config_map, true),
        Kind::Secret => (small::secret, false),
        Kind::LimitRange => (small::limit_range, false),
        _ => (small::generic, true),
    }
}

/// The description of an object.
pub fn describe(kind: Kind, object: &Value, view: &View, show_events: bool) -> String {
    let mut page = Page::new();
    let has_events = if rows::describe::describe(&mut page, kind, object, view) {
        !matches!(kind, Kind::Namespace | Kind::ResourceQuota)
    } else {
        let (write, has_events) = writer(kind);
        write(&mut page, object, view);
        has_events
    };
    if has_events && show_events {
        events::events(&mut page, &events::events_of(view.client, kind, object), view);
    }
    page.aligned()
}
