//! Pod volumes and PersistentVolume sources, as data: the words of a line and the fields to show.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeVolumes.

use crate::base::value::Value;
use crate::kubectl::describe::layout::Page;
use crate::kubectl::view::{UNSET, int, scalar, text, truth};

/// How a missing field of a source is shown.
#[derive(Clone, Copy)]
enum Missing {
    Nothing,
    False,
    Unset,
    Zero,
}

use Missing::{False, Nothing, Unset, Zero};

/// A kind of volume: its field, the text of `Type:`, and label, field and default of each line.
type Source = (&'static str, &'static str, &'static [(&'static str, &'static str, Missing)]);

const SOURCES: &[Source] = &[
    ("hostPath", "HostPath (bare host directory volume)", &[("Path", "path", Nothing), ("HostPathType", "type", Nothing)]),
    (
        "emptyDir",
        "EmptyDir (a temporary directory that shares a pod's lifetime)",
        &[("Medium", "medium", Nothing), ("SizeLimit", "sizeLimit", Unset)],
    ),
    (
        "persistentVolumeClaim",
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        &[("ClaimName", "claimName", Nothing), ("ReadOnly", "readOnly", False)],
    ),
    ("configMap", "ConfigMap (a volume populated by a ConfigMap)", &[("Name", "name", Nothing), ("Optional", "optional", False)]),
    ("secret", "Secret (a volume populated by a Secret)", &[("SecretName", "secretName", Nothing), ("Optional", "optional", False)]),
    (
        "nfs",
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        &[("Server", "server", Nothing), ("Path", "path", Nothing), ("ReadOnly", "readOnly", False)],
    ),
    ("local", "LocalVolume (a persistent volume backed by local storage on a node)", &[("Path", "path", Nothing)]),
    (
        "gcePersistentDisk",
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        &[("PDName", "pdName", Nothing), ("FSType", "fsType", Nothing), ("Partition", "partition", Zero), ("ReadOnly", "readOnly", False)],
    ),
    (
        "awsElasticBlockStore",
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        &[
            ("VolumeID", "volumeID", Nothing),
            ("FSType", "fsType", Nothing),
            ("Partition", "partition", Zero),
            ("ReadOnly", "readOnly", False),
        ],
    ),
    (
        "csi",
        "CSI (a Container Storage Interface (CSI) volume source)",
        &[
            ("Driver", "driver", Nothing),
            ("FSType", "fsType", Nothing),
            ("VolumeHandle", "volumeHandle", Nothing),
            ("ReadOnly", "readOnly", False),
        ],
    ),
];

/// The section of a pod's or template's volumes.
pub fn volumes(page: &mut Page, space: &str, volumes: &[Value]) {
    if volumes.is_empty() {
        page.line(0, format!("{space}Volumes:\t<none>"));
        return;
    }
    page.line(0, format!("{space}Volumes:"));
    for volume in volumes {
        page.line(1, format!("{}{}:", if space.is_empty() { "" } else { " " }, text(volume, &["name"])));
        source(page, volume);
    }
}

/// The lines that describe a volume's source.
pub fn source(page: &mut Page, volume: &Value) {
    if let Some(projected) = volume.get("projected") {
        projection(page, projected);
    } else if let Some(downward) = volume.get("downwardAPI") {
        page.field(2, "Type", "DownwardAPI (a volume populated by information about the pod)");
        page.line(2, "Items:");
        for item in downward.list_at(&["items"]) {
            for source in [["fieldRef", "fieldPath"], ["resourceFieldRef", "resource"]] {
                if let Some(source) = item.text_at(&source) {
                    page.line(3, format!("{source} -> {}", text(item, &["path"])));
                }
            }
        }
    } else if let Some((field, kind, lines)) = SOURCES.iter().find(|(field, ..)| volume.get(field).is_some()) {
        page.field(2, "Type", kind);
        for (label, key, missing) in *lines {
            let value = volume.at(&[field, key]).filter(|v| !v.is_null()).map(scalar);
            let value = value.unwrap_or_else(|| {
                match missing {
                    Nothing => "",
                    False => "false",
                    Unset => UNSET,
                    Zero => "0",
                }
                .to_owned()
            });
            page.field(2, label, value);
        }
    } else {
        page.line(2, "<unknown>");
    }
}

fn projection(page: &mut Page, projected: &Value) {
    page.field(2, "Type", "Projected (a volume that contains injected data from multiple sources)");
    for part in projected.list_at(&["sources"]) {
        if let Some(secret) = part.get("secret") {
            page.field(2, "SecretName", text(secret, &["name"]));
            page.field(2, "Optional", truth(secret, &["optional"]).to_string());
        } else if part.get("downwardAPI").is_some() {
            page.field(2, "DownwardAPI", "true");
        } else if let Some(map) = part.get("configMap") {
            page.field(2, "ConfigMapName", text(map, &["name"]));
            page.field(2, "Optional", truth(map, &["optional"]).to_string());
        } else if let Some(token) = part.get("serviceAccountToken") {
            page.field(2, "TokenExpirationSeconds", int(token, &["expirationSeconds"]).to_string());
        }
    }
}
