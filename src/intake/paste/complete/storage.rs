//! Claims, volumes, classes and nodes.

use super::{fill, name, place, text};
use crate::disks::told_provisioner;
use crate::dump::Dump;
use api::kind::Kind;
use api::object::Uid;
use api::object::storage::{BIND_COMPLETED, BOUND_BY_CONTROLLER, CLAIM_PROTECTION, STORAGE_PROVISIONER};
use api::well_known::HOSTNAME;
use base::value::Value;
use text::diagnose::Assumed;

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
    fill(value, &["metadata", "finalizers"], Value::list([CLAIM_PROTECTION]));
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
        for note in [BIND_COMPLETED, BOUND_BY_CONTROLLER] {
            fill(value, &["metadata", "annotations", note], "yes");
        }
    } else if let Some(name) = told_provisioner(dump, value) {
        fill(value, &["metadata", "annotations", STORAGE_PROVISIONER], name);
    }
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
