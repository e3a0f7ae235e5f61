//! Defaults of volumes, claims, classes and Secrets.
//!
//! Models pkg/apis/core/v1/defaults.go and pkg/apis/storage/v1/defaults.go.

use base::base64;
use base::fill::Fill;
use base::value::{Value, members};

/// Models `SetDefaults_PersistentVolume`.
pub fn volume(volume: &mut Value) {
    volume.zero(&["status", "phase"], "Pending");
    volume.zero(&["spec", "persistentVolumeReclaimPolicy"], "Retain");
    volume.absent(&["spec", "volumeMode"], "Filesystem");
    volume.amounts(&["spec", "capacity"]);
    volume.within(&["spec"], disk);
}

/// Models the `SetDefaults` of the volume types that pods and volumes share.
pub fn disk(holder: &mut Value) {
    holder.within(&["hostPath"], |source| source.absent(&["type"], ""));
    holder.within(&["rbd"], |source| {
        source.zero(&["pool"], "rbd");
        source.zero(&["user"], "admin");
        source.zero(&["keyring"], "/etc/ceph/keyring");
    });
    holder.within(&["iscsi"], |source| source.zero(&["iscsiInterface"], "default"));
    holder.within(&["azureDisk"], |source| {
        source.absent(&["cachingMode"], "ReadWrite");
        source.absent(&["kind"], "Shared");
        source.absent(&["fsType"], "ext4");
        source.absent(&["readOnly"], false);
    });
}

/// Models `SetDefaults_PersistentVolumeClaim`.
pub fn claim(claim: &mut Value) {
    claim.zero(&["status", "phase"], "Pending");
    claim.absent(&["spec", "volumeMode"], "Filesystem");
    for list in [&["spec", "resources", "limits"][..], &["spec", "resources", "requests"], &["status", "capacity"]] {
        claim.amounts(list);
    }
}

/// Models `SetDefaults_StorageClass`.
pub fn class(class: &mut Value) {
    class.absent(&["reclaimPolicy"], "Delete");
    class.absent(&["volumeBindingMode"], "Immediate");
}

/// Moves `stringData` into `data`, overriding it. Models `SetDefaults_Secret` and `Convert_v1_Secret_To_core_Secret`.
pub fn secret(secret: &mut Value) {
    secret.zero(&["type"], "Opaque");
    let plain = secret.remove(&["stringData"]);
    for (key, text) in members(plain.as_ref().and_then(Value::as_map)) {
        secret.set(&["data", key], base64::encode(text.as_text().unwrap_or("").as_bytes()));
    }
}
