//! Claims, volumes, classes and nodes.

use super::{fill, name, place, text};
use crate::paste::{bare, merge};
use crate::read::{Dump, Printed};
use crate::supplied::{MADE_BY, NO_PROVISIONER};
use crate::words::captured;
use crate::world::{Assumed, SELECTED_NODE};
use api::kind::Kind;
use api::object::Uid;
use api::well_known::HOSTNAME;
use base::sorted::SortedMap;
use base::value::Value;

/// The annotation by which the control plane asks a provisioner for a claim's volume.
const ASKS: &str = "volume.kubernetes.io/storage-provisioner";
/// In which words an Event of a claim names the provisioner that it waits for.
const PROVISIONERS: [&str; 2] = ["external provisioner '{name}'", "external provisioner \"{name}\""];

/// Completes a node: it is Ready unless it says otherwise, and has room.
pub(super) fn node(value: &mut Value) {
    let called = name(value).to_owned();
    fill(value, &["metadata", "labels", HOSTNAME], called);
    for key in ["allocatable", "capacity"] {
        fill(value, &["status", key], Value::of([("cpu", "64"), ("memory", "256Gi"), ("pods", "110"), ("ephemeral-storage", "100Gi")]));
    }
    if !is_ready(value) && value.list_at(&["spec", "taints"]).is_empty() {
        let taint = |effect: &str| Value::of([("key", "node.kubernetes.io/unreachable"), ("effect", effect)]);
        value.set(&["spec", "taints"], Value::list(["NoSchedule", "NoExecute"].map(taint)));
    }
}

/// Whether a node does not say that it is not Ready.
pub(super) fn is_ready(node: &Value) -> bool {
    let is_not = |one: &Value| one.text_at(&["type"]) == Some("Ready") && one.text_at(&["status"]) != Some("True");
    !node.list_at(&["status", "conditions"]).iter().any(is_not)
}

/// Completes a claim: Bound, unless its phase is told.
pub(super) fn claim(value: &mut Value, dump: &Dump, assumed: &mut Vec<Assumed>) {
    fill(value, &["spec", "accessModes"], Value::list(["ReadWriteOnce"]));
    let size = value.at(&["status", "capacity", "storage"]).cloned().filter(|size| size.as_text() != Some("0"));
    fill(value, &["spec", "resources", "requests", "storage"], size.unwrap_or_else(|| "1Gi".into()));
    fill(value, &["metadata", "finalizers"], Value::list(["kubernetes.io/pvc-protection"]));
    if value.at(&["metadata", "deletionTimestamp"]).is_some() && !text(value, &["spec", "volumeName"]).is_empty() {
        fill(value, &["status", "phase"], "Bound");
    }
    if value.at(&["status", "phase"]).is_none() {
        let called = name(value).to_owned();
        if dump.holds(Assumed::ClaimBound { claim: called.as_str().into() }, assumed) {
            value.set(&["status", "phase"], "Bound");
            fill(value, &["spec", "volumeName"], format!("pv-{called}"));
        } else {
            value.set(&["status", "phase"], "Pending");
        }
    }
    if text(value, &["status", "phase"]) != "Pending" {
        for note in ["pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller"] {
            fill(value, &["metadata", "annotations", note], "yes");
        }
    } else if let Some(name) = waits_for(dump, value) {
        fill(value, &["metadata", "annotations", ASKS], name);
    }
}

/// The provisioner that an Event of a claim says it waits for.
fn waits_for(dump: &Dump, claim: &Value) -> Option<String> {
    let mut about = dump.about(Kind::PersistentVolumeClaim, place(claim), name(claim));
    let named = about.find_map(|event| PROVISIONERS.iter().find_map(|words| captured(words, &event.message)))?;
    named.first().map(|(_, name)| (*name).to_owned())
}

/// Completes a volume: with the uid of the claim that it is bound to, as far as that is told.
pub(super) fn volume(value: &mut Value, dump: &Dump) {
    let claims = |claim: &&Value| {
        name(claim) == text(value, &["spec", "claimRef", "name"]) && place(claim) == text(value, &["spec", "claimRef", "namespace"])
    };
    let bound = |claim: &&Value| text(claim, &["spec", "volumeName"]) == name(value);
    let uid = dump.of(Kind::PersistentVolumeClaim).filter(claims).find(bound).and_then(|claim| claim.at(&["metadata", "uid"])).cloned();
    if value.at(&["spec", "claimRef"]).is_some() {
        // A volume of a claim that is gone names its uid.
        fill(value, &["spec", "claimRef", "uid"], uid.unwrap_or_else(|| Uid::parse(name(value)).to_string().into()));
    }
    fill(value, &["spec", "persistentVolumeReclaimPolicy"], "Retain");
    let path = format!("/data/{}", name(value));
    fill(value, &["spec", "hostPath", "path"], path);
    fill(value, &["metadata", "finalizers"], Value::list(["kubernetes.io/pv-protection"]));
}

/// Classes that claims name, where no class was pasted and Events tell that there is such a class.
pub(super) fn classes(dump: &mut Dump, assumed: &mut Vec<Assumed>) {
    if dump.has(Kind::StorageClass) {
        return;
    }
    let mut made: SortedMap<String, (String, &'static str)> = SortedMap::new();
    for claim in dump.of(Kind::PersistentVolumeClaim) {
        let class = text(claim, &["spec", "storageClassName"]);
        let asked = text(claim, &["metadata", "annotations", ASKS]);
        let waits = dump.about(Kind::PersistentVolumeClaim, place(claim), name(claim));
        let said = waits.into_iter().any(|event| ["WaitForFirstConsumer", "WaitForPodScheduled"].contains(&&*event.reason));
        let is_lazy = said || claim.at(&["metadata", "annotations", SELECTED_NODE]).is_some();
        let is_bound = text(claim, &["status", "phase"]) == "Bound";
        if class.is_empty() || !(is_lazy || is_bound || !asked.is_empty()) {
            continue;
        }
        let by = dump.of(Kind::PersistentVolume).find(|volume| name(volume) == text(claim, &["spec", "volumeName"]));
        let by = by.map(|volume| text(volume, &["metadata", "annotations", MADE_BY]).to_owned()).unwrap_or_default();
        let free = dump
            .of(Kind::PersistentVolume)
            .any(|volume| text(volume, &["spec", "storageClassName"]) == class && !name(volume).starts_with("pvc-"));
        let provisioner = match () {
            () if !asked.is_empty() => asked.to_owned(),
            () if !by.is_empty() => by,
            () if free => NO_PROVISIONER.to_owned(),
            () => format!("{class}.example.com"),
        };
        made.entry(class.to_owned())
            .or_insert((provisioner, if is_lazy || asked.is_empty() { "WaitForFirstConsumer" } else { "Immediate" }));
    }
    for (class, (provisioner, mode)) in made {
        assumed.push(Assumed::Class { class: class.as_str().into(), provisioner: provisioner.as_str().into() });
        let mut value = bare(Kind::StorageClass, "", &class);
        value.set(&["provisioner"], provisioner);
        value.set(&["volumeBindingMode"], mode);
        value.set(&["reclaimPolicy"], "Delete");
        dump.partly.insert(merge::key(&value));
        dump.objects.push(Printed { kind: Kind::StorageClass, value });
    }
}
