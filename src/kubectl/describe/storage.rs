//! Claims, volumes and storage classes.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::describe::common::{go_list, head, labels_and_annotations, multiline, probed_conditions, status_or_terminating};
use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::describe::volumes::source;
use crate::view::{self, NONE, UNSET, access_modes, labels_text, map_at, scalar, text};
use api::kind::Kind;
use base::value::Value;
use rows::cells::{self, is_default_class};

/// Describes a PersistentVolumeClaim, up to its events.
pub fn claim(page: &mut Page, claim: &Value, view: &View) {
    head(page, claim);
    page.field(0, "StorageClass", cells::storage_class(claim));
    status_or_terminating(page, claim, view.now);
    page.field(0, "Volume", text(claim, &["spec", "volumeName"]));
    labels_and_annotations(page, claim);
    page.field(0, "Finalizers", go_list(claim.list_at(&["metadata", "finalizers"])));
    page.field(0, "Capacity", cells::claim_capacity(claim));
    page.field(0, "Access Modes", cells::claim_modes(claim));
    page.field_some(0, "VolumeMode", claim.text_at(&["spec", "volumeMode"]));
    data_source(page, 0, claim);
    multiline(page, "", "Used By", &users(claim, view));
    if !claim.list_at(&["status", "conditions"]).is_empty() {
        probed_conditions(page, claim, "LastProbeTime", "lastProbeTime");
    }
}

/// What a claim's volume is to be filled with.
pub fn data_source(page: &mut Page, level: usize, claim: &Value) {
    let Some(from) = claim.at(&["spec", "dataSource"]) else { return };
    page.line(level, "DataSource:");
    for (label, field) in [("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")] {
        if let Some(value) = from.text_at(&[field]) {
            page.field(level + 1, label, value);
        }
    }
}

/// The pods that mount a claim.
fn users(claim: &Value, view: &View) -> Vec<String> {
    let mounts = |pod: &&Value| {
        let volumes = pod.list_at(&["spec", "volumes"]);
        let own = |v: &Value| {
            v.get("ephemeral").is_some() && format!("{}-{}", view::name(pod), v.text_at(&["name"]).unwrap_or_default()) == view::name(claim)
        };
        volumes.iter().any(|v| v.text_at(&["persistentVolumeClaim", "claimName"]) == Some(view::name(claim)) || own(v))
    };
    let pods = view.client.list(Kind::Pod, Some(view::namespace(claim)));
    pods.iter().filter(mounts).map(|p| view::name(p).to_owned()).collect()
}

/// Describes a PersistentVolume, up to its events.
pub fn volume(page: &mut Page, volume: &Value, view: &View) {
    head(page, volume);
    labels_and_annotations(page, volume);
    page.field(0, "Finalizers", go_list(volume.list_at(&["metadata", "finalizers"])));
    page.field(0, "StorageClass", cells::storage_class(volume));
    status_or_terminating(page, volume, view.now);
    page.field(0, "Claim", cells::claim_reference(volume));
    page.field(0, "Reclaim Policy", text(volume, &["spec", "persistentVolumeReclaimPolicy"]));
    page.field(0, "Access Modes", access_modes(volume.list_at(&["spec", "accessModes"])));
    page.field_some(0, "VolumeMode", volume.text_at(&["spec", "volumeMode"]));
    page.field(0, "Capacity", volume.at(&["spec", "capacity", "storage"]).map(scalar).unwrap_or_default());
    node_affinity(page, volume);
    page.field(0, "Message", text(volume, &["status", "message"]));
    page.line(0, "Source:");
    if let Some(spec) = volume.get("spec") {
        source(page, spec);
    }
}

fn node_affinity(page: &mut Page, volume: &Value) {
    let Some(required) = volume.at(&["spec", "nodeAffinity", "required"]) else {
        page.field(0, "Node Affinity", NONE);
        return;
    };
    page.field(0, "Node Affinity", "");
    let terms = required.list_at(&["nodeSelectorTerms"]);
    page.field(1, "Required Terms", if terms.is_empty() { NONE } else { "" });
    for (i, term) in terms.iter().enumerate() {
        let expressions: Vec<String> = term.list_at(&["matchExpressions"]).iter().map(requirement).collect();
        multiline(page, "    ", &format!("Term {i}"), &expressions);
    }
}

/// `zone in [a, b]`; a topology has no other operator, and does not name it.
fn requirement(e: &Value) -> String {
    let values: Vec<String> = e.list_at(&["values"]).iter().map(scalar).collect();
    let values = if values.is_empty() { String::new() } else { format!(" [{}]", values.join(", ")) };
    format!("{} {}{values}", text(e, &["key"]), e.text_at(&["operator"]).unwrap_or("in").to_ascii_lowercase())
}

/// Describes a StorageClass, up to its events.
pub fn storage_class(page: &mut Page, class: &Value, _view: &View) {
    page.field(0, "Name", view::name(class));
    page.field(0, "IsDefaultClass", if is_default_class(class) { "Yes" } else { "No" });
    page.field(0, "Annotations", labels_text(map_at(class, &["metadata", "annotations"])));
    page.field(0, "Provisioner", text(class, &["provisioner"]));
    page.field(0, "Parameters", labels_text(map_at(class, &["parameters"])));
    page.field(0, "AllowVolumeExpansion", class.at(&["allowVolumeExpansion"]).map_or_else(|| UNSET.to_owned(), title_case));
    let options: Vec<String> = class.list_at(&["mountOptions"]).iter().map(|o| format!("  {}", scalar(o))).collect();
    if options.is_empty() {
        page.field(0, "MountOptions", NONE);
    } else {
        page.line(0, "MountOptions:");
        for option in options {
            page.line(0, option);
        }
    }
    page.field(0, "ReclaimPolicy", class.text_at(&["reclaimPolicy"]).unwrap_or("Delete"));
    page.field(0, "VolumeBindingMode", cells::or_unset(text(class, &["volumeBindingMode"])));
    let terms = class.list_at(&["allowedTopologies"]);
    if !terms.is_empty() {
        page.field(0, "AllowedTopologies", "");
    }
    for (i, term) in terms.iter().enumerate() {
        let requirements = term.list_at(&["matchLabelExpressions"]);
        if requirements.is_empty() {
            page.field(1, &format!("Term {i}"), NONE);
        }
        for (j, one) in requirements.iter().enumerate() {
            let title = if j == 0 { format!("Term {i}:") } else { String::new() };
            page.line(1, format!("{title}\t{}", requirement(one)));
        }
    }
}

fn title_case(value: &Value) -> String {
    if value.as_bool() == Some(true) { "True" } else { "False" }.to_owned()
}
