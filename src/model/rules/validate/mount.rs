//! Mounts and block devices of containers.
//!
//! Models pkg/apis/core/validation/validation.go `ValidateVolumeMounts` and `ValidateVolumeDevices`.

use base::sorted::SortedSet;

use crate::validate::file_path::{descending_path, goes_back};
use crate::validate::report::{Members, Report};
use crate::validate::scope::Volumes;
use base::field_path::FieldPath;
use base::value::Value;

/// The mounts of a container. Models `ValidateVolumeMounts`.
pub fn mounts(container: &Value, volumes: &Volumes, path: &FieldPath, report: &mut Report) {
    let devices = container.items("volumeDevices");
    let mut places = SortedSet::new();
    for (at, mount) in path.each(container.items("volumeMounts").iter()) {
        let (name, place) = (mount.text("name"), mount.text("mountPath"));
        report.needs(&at, mount, "name", "");
        if !volumes.contains_key(name) {
            report.not_found(&at.field("name"), name);
        }
        report.needs(&at, mount, "mountPath", "");
        report.invalid_if(!places.insert(place), &at.field("mountPath"), place, "must be unique");
        if devices.iter().any(|d| d.text("name") == name) {
            report.invalid(&at.field("name"), name, "must not already exist in volumeDevices");
        }
        if devices.iter().any(|d| d.text("devicePath") == place) {
            report.invalid(&at.field("mountPath"), place, "must not already exist as a path in volumeDevices");
        }
        sub_paths(mount, volumes, path, &at, report);
        propagation(mount, container, &path.field("mountPropagation"), report);
        recursive_read_only(mount, &path.field("recursiveReadOnly"), report);
    }
}

/// The raw devices of a container. Models `ValidateVolumeDevices`.
pub fn devices(container: &Value, volumes: &Volumes, path: &FieldPath, report: &mut Report) {
    let mounts = container.items("volumeMounts");
    let (mut names, mut places) = (SortedSet::new(), SortedSet::new());
    for (at, device) in path.each(container.items("volumeDevices").iter()) {
        let (name, place) = (device.text("name"), device.text("devicePath"));
        report.needs(&at, device, "name", "");
        report.invalid_if(names.contains(name), &at.field("name"), name, "must be unique");
        match volumes.get(name) {
            None => report.not_found(&at.field("name"), name),
            Some(v) if v.given("persistentVolumeClaim").or(v.given("ephemeral")).is_none() => {
                let detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                report.invalid(&at.field("name"), name, detail);
            }
            Some(_) => {}
        }
        report.needs(&at, device, "devicePath", "");
        report.invalid_if(places.contains(place), &at.field("devicePath"), place, "must be unique");
        if goes_back(place) {
            report.invalid(&at.field("devicePath"), place, "can not contain backsteps ('..')");
        } else {
            places.insert(place);
        }
        report.invalid_if(mounts.iter().any(|m| m.text("name") == name), &at.field("name"), name, "must not already exist in volumeMounts");
        if mounts.iter().any(|m| m.text("mountPath") == place) {
            report.invalid(&at.field("devicePath"), place, "must not already exist as a path in volumeMounts");
        }
        if !name.is_empty() {
            names.insert(name);
        }
    }
}

/// The server reports these fields without the mount's index.
fn sub_paths(mount: &Value, volumes: &Volumes, path: &FieldPath, at: &FieldPath, report: &mut Report) {
    let (sub_path, expression) = (mount.text("subPath"), mount.text("subPathExpr"));
    if volumes.get(mount.text("name")).is_some_and(|v| v.given("image").is_some()) {
        for (field, value) in [("subPath", sub_path), ("subPathExpr", expression)] {
            report.invalid_if(!value.is_empty(), &at.field(field), value, "not allowed in image volume sources");
        }
    }
    if !sub_path.is_empty() {
        descending_path(sub_path, &path.field("subPath"), report);
    }
    if !expression.is_empty() {
        report.invalid_if(!sub_path.is_empty(), &at.field("subPathExpr"), expression, "subPathExpr and subPath are mutually exclusive");
        descending_path(expression, &path.field("subPathExpr"), report);
    }
}

fn propagation(mount: &Value, container: &Value, path: &FieldPath, report: &mut Report) {
    let Some(mode) = mount.given("mountPropagation").and_then(Value::as_text) else { return };
    report.known(path, mode, &["Bidirectional", "HostToContainer", "None"]);
    if mode == "Bidirectional" && !container.part("securityContext").flag("privileged") {
        report.forbidden(path, "Bidirectional mount propagation is available only to privileged containers");
    }
}

fn recursive_read_only(mount: &Value, path: &FieldPath, report: &mut Report) {
    let Some(mode) = mount.given("recursiveReadOnly").and_then(Value::as_text) else { return };
    match mode {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            report.forbidden_if(!mount.flag("readOnly"), path, "may only be specified when readOnly is true");
            if mount.given("mountPropagation").is_some_and(|mode| mode.as_text() != Some("None")) {
                report.forbidden(path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        other => report.not_supported(path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}
