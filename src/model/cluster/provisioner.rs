//! The provisioners outside the control plane: which claims ask for a volume, which are refused, and what volume they get.
//!
//! Models rancher/local-path-provisioner, sig-storage-lib-external-provisioner and kubernetes-csi/external-resizer as far as it shows:
//! events, names, paths and the node affinity of volumes.
//! Must not know: when anything happens, how requests are sent.

use std::rc::Rc;

use crate::zones;
use api::object::event::EventType;
use api::object::storage::{ClaimPhase, ClaimRef, PROVISIONED_BY, STORAGE_PROVISIONER};
use api::object::{Claim, Meta, Name, StorageClass, Volume};
use api::rules::rules;
use api::well_known::HOSTNAME;
use base::given::InsertGiven;
use base::time::Span;
use base::value::{Map, Value};
use control::plan::PendingEvent;
use control::volume_maker::maker;
use control::volume_match::size;
use server::tables::Tables;

/// The provisioner of local volumes that refuses what they cannot be.
pub const LOCAL_PATH: &str = "rancher.io/local-path";

/// The provisioner of volumes that every node reaches.
pub const NETWORK_DISK: &str = "network-disk.example.com";

/// The directory of local volumes on a node.
const BASE_PATH: &str = "/opt/volumes";

/// Provisioners whose volumes are folders of the node that first needs them, where the class waits for that pod. Other provisioners'
/// volumes are a CSI driver's, and go where the pod goes.
const ON_NODES: [&str; 5] = ["docker.io/hostpath", "k8s.io/minikube-hostpath", "microk8s.io/hostpath", "openebs.io/local", LOCAL_PATH];

/// Whether a class's volumes are each on one node, which no other node reaches.
pub fn is_on_nodes(class: &StorageClass) -> bool {
    class.body.waits_for_consumer && makes_on_nodes(&class.body.provisioner)
}

/// Whether a provisioner's volumes are each on one node.
pub fn makes_on_nodes(provisioner: &str) -> bool {
    ON_NODES.contains(&provisioner)
}

/// Whether a class that nobody describes is of disks of nodes, as its name says.
pub fn is_named_on_nodes(class: &str) -> bool {
    ["local", "hostpath"].iter().any(|word| class.to_ascii_lowercase().contains(word))
}

/// Who makes the volumes of a class that a manifest brings: it runs in the cluster that the manifest is for.
pub fn brought(class: &Value) -> Option<Name> {
    maker(&class.get("provisioner").and_then(Value::as_shared_text)?).ok()
}

/// A provisioner's resync period. sig-storage-lib-external-provisioner DefaultResyncPeriod, 15 minutes.
pub const RESYNC: Span = Span::seconds(900);

/// Whether a claim asks for a volume to be provisioned. Models sig-storage-lib-external-provisioner controller.go shouldProvision.
pub fn is_asked(claim: &Claim, tables: &Tables) -> bool {
    let class = || claim.class().and_then(|c| tables.class("", c));
    claim.spec.volume.is_empty()
        && claim.meta.annotation(STORAGE_PROVISIONER).is_some()
        && class().is_some_and(|c| maker(&c.body.provisioner).is_ok() && (!c.body.waits_for_consumer || claim.selected_node().is_some()))
}

/// Why a local volume cannot be provisioned for a claim. Models rancher/local-path-provisioner provisioner.go Provision.
pub fn local_refusal(claim: &Claim, provisioner: &str) -> Option<&'static str> {
    if provisioner != LOCAL_PATH {
        None
    } else if claim.spec.value().get("selector").is_some() {
        Some("claim.Spec.Selector is not supported")
    } else if claim.spec.modes.iter().any(|mode| !matches!(&**mode, "ReadWriteOnce" | "ReadWriteOncePod")) {
        Some("NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes")
    } else if claim.selected_node().is_none() {
        Some("configuration error, no node was specified")
    } else {
        None
    }
}

/// The volume for a claim, and who makes it; `None` where the claim's class is gone or nobody's.
pub fn made(claim: &Claim, tables: &Tables) -> Option<(Volume, Name)> {
    let class = claim.class().and_then(|c| tables.class("", c))?;
    let provisioner = maker(&class.body.provisioner).ok()?;
    Some((new_volume(claim, class, &provisioner, tables), provisioner))
}

/// Whether a bound claim asks for more than its volume has. Models pkg/controller/volume/expand pvcupdated.
pub fn is_to_grow(old: &Claim, claim: &Claim, tables: &Tables) -> bool {
    let is_same = (&claim.spec.request, &claim.status.capacity) == (&old.spec.request, &old.status.capacity);
    if claim.status.phase != ClaimPhase::Bound || is_same || claim.spec.request == claim.status.capacity {
        return false;
    }
    let grew = size(&claim.spec.request) > size(&old.spec.request) || size(&claim.status.capacity) > size(&old.status.capacity);
    let volume = tables.volume("", &claim.spec.volume);
    let is_its = volume.and_then(|volume| volume.spec.claim.as_ref()).is_some_and(|of| of.uid == Some(claim.meta.uid));
    grew && is_its && size(&claim.spec.request) > size(&claim.status.capacity)
}

/// Gives a claim and its volume the size that the claim requests.
pub fn grow(claim: &mut Claim, volume: &mut Volume) {
    volume.spec.set(&["capacity", "storage"], &claim.spec.request);
    claim.status.capacity = Rc::clone(&claim.spec.request);
}

/// An event that a provisioner emits about a claim.
pub fn says(claim: &Claim, provisioner: &Name, reason: &'static str, message: String) -> PendingEvent {
    PendingEvent::of(claim.key(), &claim.meta, Rc::clone(provisioner), EventType::Normal, reason, message)
}

/// The name of the volume that is made for a claim.
pub fn volume_name(claim: &Claim) -> String {
    format!("pvc-{}", claim.meta.uid)
}

fn new_volume(claim: &Claim, class: &StorageClass, provisioner: &Name, tables: &Tables) -> Volume {
    let name = volume_name(claim);
    let mut spec = Map::new();
    spec.insert("claimRef", ClaimRef::to(claim));
    spec.insert("accessModes", Value::list(claim.spec.modes.iter()));
    spec.insert("capacity", Value::of([("storage", &claim.spec.request)]));
    let node = claim.selected_node().filter(|_| is_on_nodes(class));
    // A name that no driver can have is that of a provisioner of folders: of one node, or of a file system that all nodes have.
    if node.is_some() || !(rules().can_be_driver)(provisioner) {
        let path = [BASE_PATH, "/", &name, "_", &claim.meta.namespace, "_", &claim.meta.name].concat();
        spec.insert("hostPath", Value::of([("path", path.as_str()), ("type", "DirectoryOrCreate")]));
        spec.insert_some("nodeAffinity", node.map(on_one_node));
    } else {
        spec.insert("csi", Value::of([("driver", Value::from(provisioner)), ("volumeHandle", name.as_str().into())]));
        spec.insert_some("nodeAffinity", zones::of_new(claim, class, provisioner, tables));
    }
    spec.insert("persistentVolumeReclaimPolicy", &class.body.reclaim);
    spec.insert("storageClassName", &class.meta.name);
    spec.insert("volumeMode", claim.spec.value().get("volumeMode").cloned().unwrap_or_else(|| "Filesystem".into()));
    let annotations = Rc::new([(PROVISIONED_BY.into(), Rc::clone(provisioner))].into());
    let meta = Meta { name: name.into(), annotations, ..Meta::default() };
    Volume::of(meta, spec.into())
}

/// The node affinity of a volume that is on one node.
pub fn on_one_node(node: &Name) -> Value {
    let expression = Value::of([("key", Value::from(HOSTNAME)), ("operator", "In".into()), ("values", Value::list([node]))]);
    let term = Value::of([("matchExpressions", Value::list([expression]))]);
    Value::of([("required", Value::of([("nodeSelectorTerms", Value::list([term]))]))])
}
