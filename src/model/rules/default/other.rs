//! Defaults of kinds that their table cannot say in a row.

use api::release::Release;
use base::fill::Fill;
use base::value::Value;

/// An empty list of topology keys is written as none.
pub(super) fn csi_node(node: &mut Value, release: &Release) {
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
pub(super) fn namespace(namespace: &mut Value, _: &Release) {
    if let Some(name) = namespace.text_at(&["metadata", "name"]).filter(|n| !n.is_empty()).map(str::to_owned) {
        namespace.set(&["metadata", "labels", "kubernetes.io/metadata.name"], name);
    }
}

/// Derives the missing defaults of a `Container` limit from one another. Models `SetDefaults_LimitRangeItem`.
pub(super) fn limit_range(item: &mut Value, _: &Release) {
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
pub(super) fn node(node: &mut Value, _: &Release) {
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

/// The directions of a NetworkPolicy. Models `SetDefaults_NetworkPolicy`.
pub(super) fn network_policy(spec: &mut Value, _: &Release) {
    if spec.list_at(&["policyTypes"]).is_empty() {
        let types: &[&str] = if spec.list_at(&["egress"]).is_empty() { &["Ingress"] } else { &["Ingress", "Egress"] };
        spec.set(&["policyTypes"], Value::list(types.iter().copied()));
    }
}

/// How versions of a custom kind become one another.
pub(super) fn conversion(spec: &mut Value, _: &Release) {
    spec.absent(&["conversion"], Value::of([("strategy", "None")]));
}

/// The names of a custom kind that follow from its kind.
pub(super) fn names(names: &mut Value, _: &Release) {
    let kind = names.text_at(&["kind"]).unwrap_or_default().to_owned();
    if !kind.is_empty() {
        names.absent(&["singular"], kind.to_ascii_lowercase());
        names.absent(&["listKind"], format!("{kind}List"));
    }
}
