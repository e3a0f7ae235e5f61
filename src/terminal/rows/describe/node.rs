//! Nodes. Models k8s.io/kubectl/pkg/describe/describe.go describeNode and describeNodeResource.

use crate::describe::common::multiline;
use crate::describe::layout::Page;
use api::kind::Kind;
use api::object::resources::sum_of_containers;
use api::view::{self, UNSET, View, long_date, map_at, object_age, text};
use base::quantity::Quantity;
use base::sort::Sort;
use base::value::{Value, members};

/// The namespace of node leases.
const LEASE_NAMESPACE: &str = "kube-node-lease";

/// The rows that the table of allocated resources always has.
const ALWAYS_SHOWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// Models describe.go printTaintsMultilineWithIndent: by effect, then by key.
pub(super) fn taints(page: &mut Page, level: usize, title: &str, taints: &Value) {
    let shown = |t: &Value| match text(t, &["value"]) {
        "" => format!("{}:{}", text(t, &["key"]), text(t, &["effect"])),
        value => format!("{}={value}:{}", text(t, &["key"]), text(t, &["effect"])),
    };
    let mut all: Vec<&Value> = taints.as_list().unwrap_or_default().iter().collect();
    all.sort_small_by_key(|t| format!("{},{}", text(t, &["effect"]), text(t, &["key"])));
    multiline(page, level, title, &all.into_iter().map(shown).collect::<Vec<String>>());
}

pub(super) fn lease(page: &mut Page, level: usize, title: &str, node: &Value, view: &View) {
    match view.client.get(Kind::Lease, LEASE_NAMESPACE, view::name(node)) {
        Ok(lease) => {
            let part = |field: &str| lease.text_at(&["spec", field]);
            page.line(level, format!("{title}:"));
            page.field(level + 1, "HolderIdentity", part("holderIdentity").unwrap_or(UNSET));
            for (label, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
                page.field(level + 1, label, part(field).map_or_else(|| UNSET.to_owned(), long_date));
            }
        }
        Err(status) => page.field(level, title, format!("Failed to get lease: {status}")),
    }
}

pub(super) fn addresses(page: &mut Page, level: usize, title: &str, addresses: &Value) {
    page.line(level, format!("{title}:"));
    for address in addresses.as_list().unwrap_or_default() {
        page.field(level + 1, text(address, &["type"]), text(address, &["address"]));
    }
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

pub(super) fn pod_table(page: &mut Page, level: usize, title: &str, node: &Value, view: &View) {
    let (pods, allocatable) = (pods_on(node, view), Share::allocatable(node));
    page.field(level, title, format!("({} in total)", pods.len()));
    page.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    page.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    for pod in &pods {
        let cell = |list, resource| allocatable.show(resource, asked(pod, list, resource));
        let cells = ["cpu", "memory"].map(|resource| ["requests", "limits"].map(|list| cell(list, resource)).join("\t")).join("\t");
        page.line(1, format!("{}\t{}\t\t{cells}\t{}", view::namespace(pod), view::name(pod), object_age(view.now, pod)));
    }
}

pub(super) fn allocated(page: &mut Page, level: usize, title: &str, node: &Value, view: &View) {
    let (pods, allocatable) = (pods_on(node, view), Share::allocatable(node));
    page.line(level, format!("{title}:\n  (Total limits may be over 100 percent, i.e., overcommitted.)"));
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
