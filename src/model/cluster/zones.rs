//! Disks of clouds: in which zones a new volume can be reached.
//!
//! Models the drivers' own sources: kubernetes-sigs/aws-ebs-csi-driver, kubernetes-sigs/gcp-compute-persistent-disk-csi-driver,
//! kubernetes-sigs/azuredisk-csi-driver, kubernetes/cloud-provider-openstack and
//! kubernetes-sigs/alibaba-cloud-csi-driver, and kubernetes-csi/external-provisioner pkg/controller/topology.go.
//! Not modelled: which zone a cloud has capacity in.

use api::object::{Claim, Name, Node, StorageClass};
use base::sort::Sort;
use base::value::Value;
use control::volume_maker::driver_of;
use server::tables::Tables;

/// A driver whose disks are each in a zone.
struct Driver {
    name: &'static str,
    /// The label by which its own nodes say their zone.
    label: &'static str,
    /// In how many zones a disk of a class is; `None` for a disk that every zone reaches.
    zones: fn(&StorageClass) -> Option<usize>,
}

/// The labels by which nodes of any cloud say their zone.
const ZONE: [&str; 2] = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];

/// Drivers by the names that [`control::volume_maker::maker`] gives them.
const DRIVERS: [Driver; 6] = [
    Driver { name: "ebs.csi.aws.com", label: "topology.ebs.csi.aws.com/zone", zones: |_| Some(1) },
    Driver { name: "ebs.csi.eks.amazonaws.com", label: "eks.amazonaws.com/zone", zones: |_| Some(1) },
    Driver { name: "pd.csi.storage.gke.io", label: "topology.gke.io/zone", zones: of_google },
    Driver { name: "disk.csi.azure.com", label: "topology.disk.csi.azure.com/zone", zones: of_azure },
    Driver { name: "cinder.csi.openstack.org", label: "topology.cinder.csi.openstack.org/zone", zones: |_| Some(1) },
    Driver { name: "diskplugin.csi.alibabacloud.com", label: "topology.diskplugin.csi.alibabacloud.com/zone", zones: |_| Some(1) },
];

/// A parameter of a class; drivers do not heed the case of its name.
fn parameter<'a>(class: &'a StorageClass, name: &str) -> Option<&'a str> {
    let parameters = class.body.value().get("parameters")?;
    parameters.members().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_text())
}

/// Disks of Google: regional ones are in two zones.
fn of_google(class: &StorageClass) -> Option<usize> {
    let is_regional = parameter(class, "replication-type") == Some("regional-pd")
        || parameter(class, "type").is_some_and(|kind| kind == "hyperdisk-balanced-high-availability");
    Some(if is_regional { 2 } else { 1 })
}

/// Disks of Azure: zone-redundant ones are in every zone of their region.
fn of_azure(class: &StorageClass) -> Option<usize> {
    let kind = parameter(class, "skuName").or_else(|| parameter(class, "storageAccountType")).unwrap_or_default();
    if kind.to_ascii_uppercase().ends_with("_ZRS") { None } else { Some(1) }
}

/// The node affinity of a new volume of a claim; `None` where every node reaches it, or no node says its zone.
pub(crate) fn of_new(claim: &Claim, class: &StorageClass, provisioner: &str, tables: &Tables) -> Option<Value> {
    let driver = DRIVERS.iter().find(|driver| driver.name == provisioner)?;
    let count = (driver.zones)(class)?;
    let label = [driver.label].into_iter().chain(ZONE).find(|label| tables.nodes().any(|node| node.meta.label(label).is_some()))?;
    let mut zones: Vec<&Name> = tables.nodes().filter(|node| allows(class, node)).filter_map(|node| node.meta.label(label)).collect();
    zones.sort_small();
    zones.dedup();
    // With a node the disk is where the node is; without one, the claims of a set are spread.
    let chosen = claim.selected_node().and_then(|node| tables.node("", node)).and_then(|node| node.meta.label(label));
    let first = match chosen {
        Some(zone) => zones.iter().position(|known| *known == zone)?,
        None => spread(&claim.meta.name).checked_rem(zones.len())?,
    };
    let mut taken: Vec<&Name> = (0..count.min(zones.len())).map(|at| zones[(first + at) % zones.len()]).collect();
    taken.sort_small();
    let expression = Value::of([("key", Value::from(label)), ("operator", "In".into()), ("values", Value::list(taken))]);
    let term = Value::of([("matchExpressions", Value::list([expression]))]);
    Some(Value::of([("required", Value::of([("nodeSelectorTerms", Value::list([term]))]))]))
}

/// How the handle of a disk of Google says that it is a regional one.
const REGIONAL: &str = "/regions/";

/// How the `spec` of a volume names its disk, where that is in one zone and the `spec` does not say in which. Every node is then taken to
/// reach the disk. `None` for other volumes.
pub fn of_no_zone(spec: &Value) -> Option<&str> {
    let (driver, name) = driver_of(spec)?;
    let is_regional = spec.text_at(&["csi", "volumeHandle"]).is_some_and(|handle| handle.contains(REGIONAL));
    let is_of_zone = DRIVERS.iter().any(|known| known.name == driver) && !is_regional;
    (is_of_zone && spec.get("nodeAffinity").is_none()).then_some(name)
}

/// Whether a provisioner's disks are each in one zone, as far as its name tells.
pub fn is_of_zones(provisioner: &str) -> bool {
    control::volume_maker::maker(&provisioner.into()).is_ok_and(|maker| DRIVERS.iter().any(|known| *known.name == *maker))
}

/// Names by which clouds have classes of disks of one zone.
const CLASSES: [&str; 10] = [
    "default-ebs",
    "gp2",
    "gp3",
    "managed-csi",
    "managed-csi-premium",
    "managed-premium",
    "premium-rwo",
    "standard-rwo",
    "ebs-gp3",
    "ebs-sc",
];

/// Whether a class that nobody describes is of disks of one zone, as its name says.
pub fn is_named_of_zones(class: &str) -> bool {
    CLASSES.contains(&class)
}

/// Whether a class makes volumes for a node. Models `allowedTopologies`.
fn allows(class: &StorageClass, node: &Node) -> bool {
    let terms = class.body.value().list_at(&["allowedTopologies"]);
    let holds = |expression: &Value| {
        let own = expression.text_at(&["key"]).and_then(|key| node.meta.label(key));
        own.is_some_and(|own| expression.list_at(&["values"]).iter().any(|value| value.as_text() == Some(own)))
    };
    terms.is_empty() || terms.iter().any(|term| term.list_at(&["matchLabelExpressions"]).iter().all(holds))
}

/// A number by which claims of a set that do not wait for a pod come to different zones.
/// Models external-provisioner pkg/controller/topology.go getPVCNameHashAndIndexOffset.
fn spread(claim: &str) -> usize {
    let (name, ordinal) = claim.rsplit_once('-').and_then(|(name, last)| Some((name, last.parse::<usize>().ok()?))).unwrap_or((claim, 0));
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte));
    usize::try_from(hash).unwrap_or(0).wrapping_add(ordinal)
}
