//! Pod volumes and PersistentVolume sources, as data: the words of a line and the fields to show.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeVolumes.

use crate::describe::common::{ANNOTATION_LENGTH, shorten};
use crate::describe::layout::Page;
use crate::describe::storage::data_source;
use crate::view::{NONE, UNSET, int, map_at, scalar, text, truth};
use base::value::{Map, Value, members};
use rows::cells::storage_class;

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
    ("image", "Image (a container image or OCI artifact)", &[("Reference", "reference", Nothing), ("PullPolicy", "pullPolicy", Nothing)]),
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
        // Only a PersistentVolume has a handle.
        for (label, key, missing) in lines.iter().filter(|(_, key, _)| *key != "volumeHandle" || volume.at(&[field, key]).is_some()) {
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
        if *field == "csi" {
            let attributes = entries(map_at(volume, &["csi", "volumeAttributes"]), "=");
            nested(page, "VolumeAttributes", "", IN_SOURCE, &attributes);
        }
    } else if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
        page.field(2, "Type", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)");
        page.field(2, "StorageClass", storage_class(claim));
        page.field(2, "Volume", text(claim, &["spec", "volumeName"]));
        nested(page, "Labels", IN_SOURCE, IN_SOURCE, &entries(map_at(claim, &["metadata", "labels"]), "="));
        nested(page, "Annotations", IN_SOURCE, "", &entries(map_at(claim, &["metadata", "annotations"]), ": "));
        page.field(2, "Capacity", "");
        page.field(2, "Access Modes", "");
        page.field_some(2, "VolumeMode", claim.text_at(&["spec", "volumeMode"]));
        data_source(page, 2, claim);
    } else {
        page.line(1, "<unknown>");
    }
}

/// The indentation of a source's lines.
const IN_SOURCE: &str = "    ";

fn entries(map: Option<&Map>, sign: &str) -> Vec<String> {
    members(map).map(|(key, value)| shorten(&format!("{key}{sign}{}", scalar(value)), ANNOTATION_LENGTH)).collect()
}

/// Entries within a source, where upstream's writer indents not only each line, but each piece of it.
fn nested(page: &mut Page, title: &str, none_indent: &str, again: &str, entries: &[String]) {
    if entries.is_empty() {
        page.field(2, title, format!("{none_indent}{NONE}"));
    }
    for (i, entry) in entries.iter().enumerate() {
        let title = if i == 0 { format!("{title}:") } else { again.to_owned() };
        page.line(2, format!("{title}\t{IN_SOURCE}{entry}"));
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
