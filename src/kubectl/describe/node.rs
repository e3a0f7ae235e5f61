//! Nodes. Models k8s.io/kubectl/pkg/describe/describe.go describeNode and describeNodeResource.

use crate::describe::common::{created, labels_and_annotations, multiline, probed_conditions, resources};
use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::view::{self, UNSET, long_date, map_at, object_age, scalar, text, truth};
use api::kind::Kind;
use api::object::resources::sum_of_containers;
use base::quantity::Quantity;
use base::sort::Sort;
use base::value::{Value, members};
use rows::cells::node_roles;

/// The namespace of node leases.
const LEASE_NAMESPACE: &str = "kube-node-lease";

/// The rows that the table of allocated resources always has.
const ALWAYS_SHOWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// Describes a node, up to its events.
pub fn node(page: &mut Page, node: &Value, view: &View) {
    page.field(0, "Name", view::name(node));
    page.field(0, "Roles", node_roles(node));
    labels_and_annotations(page, node);
    created(page, node);
    taints(page, node);
    page.field(0, "Unschedulable", truth(node, &["spec", "unschedulable"]).to_string());
    lease(page, node, view);
    if !node.list_at(&["status", "conditions"]).is_empty() {
        probed_conditions(page, node, "LastHeartbeatTime", "lastHeartbeatTime");
    }
    page.line(0, "Addresses:");
    for address in node.list_at(&["status", "addresses"]) {
        page.field(1, text(address, &["type"]), text(address, &["address"]));
    }
    resources(page, 0, "Capacity", map_at(node, &["status", "capacity"]));
    resources(page, 0, "Allocatable", map_at(node, &["status", "allocatable"]));
    system_info(page, node, view);
    let pods = pods_on(node, view);
    let allocatable = Share::allocatable(node);
    pod_table(page, &pods, &allocatable, view);
    allocated(page, &pods, &allocatable);
}

/// Models describe.go printTaintsMultilineWithIndent: by effect, then by key.
fn taints(page: &mut Page, node: &Value) {
    let shown = |t: &Value| match text(t, &["value"]) {
        "" => format!("{}:{}", text(t, &["key"]), text(t, &["effect"])),
        value => format!("{}={value}:{}", text(t, &["key"]), text(t, &["effect"])),
    };
    let mut all: Vec<&Value> = node.list_at(&["spec", "taints"]).iter().collect();
    all.sort_small_by_key(|t| format!("{},{}", text(t, &["effect"]), text(t, &["key"])));
    multiline(page, "", "Taints", &all.into_iter().map(shown).collect::<Vec<String>>());
}

fn lease(page: &mut Page, node: &Value, view: &View) {
    match view.client.get(Kind::Lease, LEASE_NAMESPACE, view::name(node)) {
        Ok(lease) => {
            let part = |field: &str| lease.text_at(&["spec", field]);
            page.line(0, "Lease:");
            page.field(1, "HolderIdentity", part("holderIdentity").unwrap_or(UNSET));
            for (label, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
                page.field(1, label, part(field).map_or_else(|| UNSET.to_owned(), long_date));
            }
        }
        Err(status) => page.field(0, "Lease", format!("Failed to get lease: {status}")),
    }
}

fn system_info(page: &mut Page, node: &Value, view: &View) {
    page.line(0, "System Info:");
    for (label, field) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        page.field(1, label, text(node, &["status", "nodeInfo", field]));
    }
    if !view.release.describes_protocols_and_zones {
        page.field(1, "Kube-Proxy Version", text(node, &["status", "nodeInfo", "kubeProxyVersion"]));
    }
    page.field_some(0, "PodCIDR", node.text_at(&["spec", "podCIDR"]));
    let ranges: Vec<String> = node.list_at(&["spec", "podCIDRs"]).iter().map(scalar).collect();
    if !ranges.is_empty() {
        page.field(0, "PodCIDRs", ranges.join(","));
    }
    page.field_some(0, "ProviderID", node.text_at(&["spec", "providerID"]));
}

fn pods_on(node: &Value, view: &View) -> Vec<Value> {
    let mut pods = view.client.list(Kind::Pod, None);
    pods.retain(|p| text(p, &["spec", "nodeName"]) == view::name(node));
    pods.retain(|p| !matches!(text(p, &["status", "phase"]), "Succeeded" | "Failed"));
    pods
}

/// A node's allocatable resources, for showing requests as a percentage.
struct Share<'a> {
    node: &'a Value,
}

impl<'a> Share<'a> {
    fn allocatable(node: &'a Value) -> Self {
        Share { node }
    }

    /// `100m (2%)`.
    fn show(&self, resource: &str, asked: Quantity) -> String {
        let field = if self.node.at(&["status", "allocatable"]).is_some() { "allocatable" } else { "capacity" };
        let offered = self.node.at(&["status", field, resource]).and_then(Quantity::read).unwrap_or_default();
        let percent = match offered.thousandths() {
            0 => 0,
            whole => i128::from(asked.thousandths()) * 100 / i128::from(whole),
        };
        format!("{asked} ({percent}%)")
    }
}

/// The sum of a pod's requests or limits for a resource, with its overhead.
fn asked(pod: &Value, list: &str, resource: &str) -> Quantity {
    let Some(spec) = pod.get("spec") else { return Quantity::default() };
    let sum = sum_of_containers(spec, list, resource).unwrap_or_default();
    let overhead = spec.at(&["overhead", resource]).and_then(Quantity::read);
    overhead.filter(|_| list == "requests" || sum != Quantity::default()).map_or(sum, |overhead| sum.plus(overhead))
}

fn pod_table(page: &mut Page, pods: &[Value], allocatable: &Share, view: &View) {
    page.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    page.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    page.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    for pod in pods {
        let cell = |list, resource| allocatable.show(resource, asked(pod, list, resource));
        let cells = ["cpu", "memory"].map(|resource| ["requests", "limits"].map(|list| cell(list, resource)).join("\t")).join("\t");
        page.line(1, format!("{}\t{}\t\t{cells}\t{}", view::namespace(pod), view::name(pod), object_age(view.now, pod)));
    }
}

fn allocated(page: &mut Page, pods: &[Value], allocatable: &Share) {
    page.line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
    page.line(1, "Resource\tRequests\tLimits");
    page.line(1, "--------\t--------\t------");
    let total = |list, resource: &str| pods.iter().fold(Quantity::default(), |sum, p| sum.plus(asked(p, list, resource)));
    for resource in ALWAYS_SHOWN {
        let cell = |list| allocatable.show(resource, total(list, resource));
        page.line(1, format!("{resource}\t{}\t{}", cell("requests"), cell("limits")));
    }
    let is_extended = |name: &&str| !ALWAYS_SHOWN.contains(name) && *name != "pods" && !name.starts_with("hugepages-");
    let all = members(map_at(allocatable.node, &["status", "allocatable"]));
    for resource in all.map(|(name, _)| &**name).filter(is_extended) {
        page.line(1, format!("{resource}\t{}\t{}", total("requests", resource), total("limits", resource)));
    }
}
