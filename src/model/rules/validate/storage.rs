//! PersistentVolumes, StorageClasses and CSINodes: what their tables cannot say in a row.
//!
//! Models pkg/apis/core/validation/validation.go `ValidatePersistentVolume` and pkg/apis/storage/validation/validation.go.

use api::status::Fixed;
use base::sorted::{SortedMap, SortedSet};

use crate::validate::internal::{GoType, go_json_indented};
use crate::validate::report::{IMMUTABLE, Members, Report, is_empty};
use crate::validate::rules::Here;
use crate::validate::{diff, file_path, resources, rules, selector, volume};
use api::names;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// The volume sources in the order in which the server checks them: the field, and its spelling in "only one" errors.
const SOURCES: [(&str, &str); 22] = [
    ("hostPath", "hostPath"),
    ("gcePersistentDisk", "gcePersistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore"),
    ("glusterfs", "glusterfs"),
    ("flocker", "flocker"),
    ("nfs", "nfs"),
    ("rbd", "rbd"),
    ("quobyte", "quobyte"),
    ("cephfs", "cephFS"),
    ("iscsi", "iscsi"),
    ("cinder", "cinder"),
    ("fc", "fc"),
    ("flexVolume", "flexVolume"),
    ("azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk"),
    ("scaleIO", "scaleIO"),
    ("local", "local"),
    ("storageos", "storageos"),
    ("csi", "csi"),
];
/// The maximum total size of a class's parameters, in bytes.
const PARAMETERS_MAX: usize = 256 * 1024;
/// The maximum number of parameters of a class.
const PARAMETERS_COUNT_MAX: usize = 512;

/// Only a directory below the root is emptied.
pub(super) fn emptied(here: &Here, report: &mut Report) {
    let is_root = here.of.part("hostPath").text("path").split('/').all(|step| matches!(step, "" | "."));
    report.forbidden_if(is_root, here.path, "may not be 'recycle' for a hostPath mount of '/'");
}

pub(super) fn attributes_class(class: &Value, path: &FieldPath, report: &mut Report) {
    match class.as_text().unwrap_or_default() {
        "" => report.required(path, "an empty string is disallowed"),
        class => report.each(path, class, names::dns_subdomain(class)),
    }
}

pub(super) fn capacity(here: &Here, report: &mut Report) {
    let (spec, path) = (here.of, here.path);
    let capacity = spec.entries("capacity");
    report.required_if(capacity.is_empty(), path, "");
    if capacity.len() != 1 || capacity[0].0 != "storage" {
        let shown = spec.given("capacity").cloned().unwrap_or_default();
        report.not_supported(path, shown, &["storage"]);
    }
    for (name, amount) in capacity {
        if let Some(amount) = Quantity::read(amount).filter(|amount| amount.is_negative()) {
            let shown =
                if report.release.shows_negative_capacity_as_written { amount.to_string().into() } else { Value::from(amount.units()) };
            report.invalid(&path.key(name), shown, "must be a valid resource quantity");
        }
        resources::positive(amount, &path.key(name), report);
    }
}

/// The one source of a volume.
pub(super) fn source(here: &Here, report: &mut Report) {
    let (spec, path) = (here.of, here.path);
    let mut found = false;
    for (field, blamed) in SOURCES {
        let Some(source) = spec.given(field) else { continue };
        if found && field != "flexVolume" {
            report.forbidden(&path.field(blamed), "may not specify more than 1 volume type");
            continue;
        }
        found = true;
        let at = path.field(if field == "gcePersistentDisk" { "persistentDisk" } else { field });
        match field {
            "hostPath" => volume::host_path(source, &at, false, report),
            "nfs" => volume::nfs(source, &at, false, report),
            "local" => local(source, spec.given("nodeAffinity").is_some(), path, report),
            "csi" => csi(source, &at, report),
            _ => rules::member("PersistentVolumeSpec", field, source, &at, report),
        }
    }
    report.required_if(!found, path, "must specify a volume type");
}

/// A local volume needs a path without `..` and a node affinity. Models `validateLocalVolumeSource`.
fn local(source: &Value, has_affinity: bool, path: &FieldPath, report: &mut Report) {
    let at = path.field("local").field("path");
    match source.text("path") {
        "" => report.required(&at, ""),
        place => file_path::no_backsteps(place, &at, report),
    }
    report.required_if(!has_affinity, &path.field("nodeAffinity"), "Local volume requires node affinity");
}

/// Models `validateCSIPersistentVolumeSource`.
fn csi(source: &Value, path: &FieldPath, report: &mut Report) {
    volume::csi_driver(source.text("driver"), &path.field("driver"), report);
    report.needs(path, source, "volumeHandle", "");
    for field in ["controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef"] {
        let Some(secret) = source.given(field) else { continue };
        report.name(&path.field(field), secret, "name", names::dns_subdomain);
        report.name(&path.field(field), secret, "namespace", names::dns_label);
    }
}

/// What may not change of a volume. Models `ValidatePersistentVolumeUpdate`.
pub(super) fn volume_changes(here: &Here, report: &mut Report) {
    let Some(old) = here.old else { return };
    let (spec, before) = (here.of.part("spec"), old.part("spec"));
    let source = |spec: &Value| go_json_indented(spec, GoType::of("PersistentVolumeSource").of_release(report.release));
    let (was, is) = (source(before), source(spec));
    if was != is {
        let detail = format!("spec.persistentvolumesource is immutable after creation\n{}", diff::unified(&was, &is));
        report.forbidden(&FieldPath::of("spec.persistentvolumesource"), Fixed(detail));
    }
    report.immutable(&FieldPath::of("volumeMode"), spec.given("volumeMode"), before.given("volumeMode"));
    if before.given("nodeAffinity").is_some() && before.given("nodeAffinity") != spec.given("nodeAffinity") {
        let detail = Fixed(format!("{}, except for updating from beta label to GA", IMMUTABLE.0));
        report.invalid_typed(&FieldPath::of("nodeAffinity"), spec.given("nodeAffinity"), GoType::of("VolumeNodeAffinity"), detail);
    }
    if before.given("volumeAttributesClassName").is_some() && spec.given("volumeAttributesClassName").is_none() {
        report.forbidden(&FieldPath::of("spec.volumeAttributesClassName"), "update from non-nil value to nil is forbidden");
    }
}

/// The name of a provisioner, in small letters.
pub(super) fn provisioner(name: &Value, path: &FieldPath, report: &mut Report) {
    let name = name.as_text().unwrap_or_default().to_ascii_lowercase();
    if !name.is_empty() {
        report.each(path, name.as_str(), names::label_key(&name));
    }
}

/// The drivers of a node. Models `validateCSINodeDrivers`.
pub(super) fn drivers(drivers: &Value, at: &FieldPath, report: &mut Report) {
    let drivers = drivers.as_list().unwrap_or_default();
    for (i, driver) in drivers.iter().enumerate() {
        let (path, name) = (at.index(i), driver.text("name"));
        report.each(&path.field("name"), name, names::dns_subdomain(name));
        report.needs(&path, driver, "nodeID", "");
        report.non_negative(&path.field("allocatable").field("count"), driver.part("allocatable").number("count").unwrap_or(0));
        if drivers[..i].iter().any(|before| before.text("name") == name) {
            report.duplicate(&path.field("name"), name);
        }
        let keys = driver.items("topologyKeys");
        for (n, key) in keys.iter().enumerate() {
            if keys[..n].contains(key) {
                report.duplicate(&path, key.clone());
            }
            report.each(&path, key.clone(), names::label_key(key.as_text().unwrap_or_default()));
        }
    }
}

/// Of a driver, only how many volumes it takes may change. Models `ValidateCSINodeUpdate`.
pub(super) fn same_drivers(here: &Here, report: &mut Report) {
    let before = here.old.and_then(Value::as_list).unwrap_or_default();
    for driver in here.value.as_list().unwrap_or_default() {
        let same = |before: &&Value| before.text("name") == driver.text("name");
        let [mut now, mut before] = [Some(driver), before.iter().find(same)].map(|d| d.cloned().unwrap_or_default());
        now.remove(&["allocatable"]);
        before.remove(&["allocatable"]);
        if !before.is_null() && now != before {
            report.invalid_typed(here.path, &now, GoType::of("CSINodeDriver"), IMMUTABLE);
        }
    }
}

/// The parameters of a class.
pub(super) fn parameters(here: &Here, report: &mut Report) {
    let (parameters, path) = (here.of.entries("parameters"), here.path);
    if parameters.len() > PARAMETERS_COUNT_MAX {
        return report.too_long(path, PARAMETERS_COUNT_MAX);
    }
    for (key, _) in &parameters {
        report.invalid_if(key.is_empty(), path, *key, "field can not be empty.");
    }
    let bytes: usize = parameters.iter().map(|(key, value)| key.len() + value.as_text().map_or(0, str::len)).sum();
    if bytes > PARAMETERS_MAX {
        report.too_long(path, PARAMETERS_MAX);
    }
}

/// Models `validateAllowedTopologies`, which starts out with an empty term for each one given.
pub(super) fn topologies(terms: &Value, path: &FieldPath, report: &mut Report) {
    let terms = terms.as_list().unwrap_or_default();
    let mut terms_seen: Vec<SortedMap<&str, SortedSet<&str>>> = vec![SortedMap::new(); terms.len()];
    for (i, term) in terms.iter().enumerate() {
        let path = path.index(i).field("matchLabelExpressions");
        let mut keys: Vec<&str> = Vec::new();
        for (path, requirement) in path.each(term.items("matchLabelExpressions").iter()) {
            let values = requirement.items("values");
            report.needs(&path, requirement, "values", "");
            for (k, value) in values.iter().enumerate() {
                if values[..k].contains(value) {
                    report.duplicate(&path.field("values").index(k), value.clone());
                }
            }
            let key = requirement.text("key");
            selector::label_name(key, &path.field("key"), report);
            if keys.contains(&key) {
                report.duplicate(&path.field("key"), key);
            }
            keys.push(key);
        }
        let expressions = term.items("matchLabelExpressions").iter();
        let this = expressions.map(|r| (r.text("key"), r.items("values").iter().filter_map(Value::as_text).collect())).collect();
        for _ in terms_seen.iter().filter(|term| **term == this) {
            report.duplicate(&path, "");
        }
        terms_seen.push(this);
    }
}

/// What may not change of a class. With declarative validation, errors come in the order of the fields and show `null` as the value.
/// Models `ValidateStorageClassUpdate`.
pub(super) fn changes(here: &Here, report: &mut Report) {
    let (new, Some(old)) = (here.of, here.old) else { return };
    let declared = report.release.declared_rules_decide;
    let first = if declared { ["provisioner", "parameters"] } else { ["parameters", "provisioner"] };
    for field in first.into_iter().chain(["reclaimPolicy", "volumeBindingMode"]) {
        let value = new.given(field).filter(|v| !is_empty(v));
        if value == old.given(field).filter(|v| !is_empty(v)) {
            continue;
        }
        if report.release.forbids_changes_of_classes && field != "volumeBindingMode" {
            report.forbidden(&FieldPath::of(field), Fixed(format!("updates to {field} are forbidden.")));
            continue;
        }
        let shown = if declared { Value::Null } else { value.cloned().unwrap_or_default() };
        report.invalid(&FieldPath::of(field), shown, IMMUTABLE);
    }
}
