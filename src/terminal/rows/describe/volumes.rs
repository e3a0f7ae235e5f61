//! Pod volumes and PersistentVolume sources, as data: the words of a line and the fields to show.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go describeVolumes.

use super::{CLAIMSOURCE, SOURCES, print};
use crate::cells::storage_class;
use crate::describe::common::{ANNOTATION_LENGTH, shorten};
use crate::describe::layout::Page;
use api::view::{NONE, View, int, map_at, scalar, text, truth};
use base::value::{Map, Value, members};

/// The section of a pod's or template's volumes.
pub(super) fn volumes(page: &mut Page, level: usize, title: &str, volumes: &Value, view: &View) {
    let volumes = volumes.as_list().unwrap_or_default();
    page.line(level, format!("{title}:{}", if volumes.is_empty() { "\t<none>" } else { "" }));
    for volume in volumes {
        page.line(1, format!("{}{}:", if level == 0 { "" } else { " " }, text(volume, &["name"])));
        source(page, volume, view);
    }
}

/// The lines that describe a volume's source.
pub(super) fn source(page: &mut Page, volume: &Value, view: &View) {
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
    } else if let Some((field, kind, lines)) = SOURCES.iter().find(|(field, _, lines)| !lines.is_empty() && volume.get(field).is_some()) {
        page.field(2, "Type", kind);
        print(page, 2, lines, volume.get(field).unwrap_or(&Value::Null), view);
    } else if let Some(claim) = volume.at(&["ephemeral", "volumeClaimTemplate"]) {
        page.field(2, "Type", "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)");
        page.field(2, "StorageClass", storage_class(claim));
        page.field(2, "Volume", text(claim, &["spec", "volumeName"]));
        nested(page, "Labels", IN_SOURCE, IN_SOURCE, &entries(map_at(claim, &["metadata", "labels"]), "="));
        nested(page, "Annotations", IN_SOURCE, "", &entries(map_at(claim, &["metadata", "annotations"]), ": "));
        page.field(2, "Capacity", "");
        page.field(2, "Access Modes", "");
        print(page, 2, CLAIMSOURCE, claim, view);
    } else {
        page.line(1, "<unknown>");
    }
}

/// The indentation of a source's lines.
const IN_SOURCE: &str = "    ";

pub(super) fn attributes(page: &mut Page, _: usize, title: &str, attributes: &Value) {
    nested(page, title, "", IN_SOURCE, &entries(attributes.as_map(), "="));
}

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
