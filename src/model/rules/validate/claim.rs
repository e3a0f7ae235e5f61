//! PersistentVolumeClaims and claim templates.
//!
//! Not modelled: allocated resources during expansion.
//!
//! Models pkg/apis/core/validation/validation.go `ValidatePersistentVolumeClaim` and what it calls.

use crate::validate::internal::{GoType, go_json_indented};
use crate::validate::report::{Members, Report};
use crate::validate::{diff, meta, resources, selector};
use api::kind::Kind;
use api::names;
use api::object::storage::CLASS_BETA;
use api::status::Fixed;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// The access modes, in the order in which messages list them.
const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];
const SPEC_IMMUTABLE: &str = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/// Validates a new claim. Models `ValidatePersistentVolumeClaim`.
pub fn create(claim: &Value, report: &mut Report) {
    meta::create(Kind::PersistentVolumeClaim, claim.part("metadata"), report);
    spec(claim.part("spec"), &FieldPath::of("spec"), report);
}

/// The claim template of an ephemeral volume. Models `ValidatePersistentVolumeClaimTemplate`.
pub fn template(template: &Value, path: &FieldPath, report: &mut Report) {
    let meta = template.part("metadata");
    let at = path.field("metadata");
    meta::annotations(meta.part("annotations"), &at.field("annotations"), report);
    meta::labels(meta.part("labels"), &at.field("labels"), report);
    for field in ["name", "generateName", "namespace", "uid", "resourceVersion", "generation", "ownerReferences", "finalizers"] {
        report.forbidden_if(meta.given(field).is_some(), &at.field(field), "cannot be set");
    }
    spec(template.part("spec"), &path.field("spec"), report);
}

/// A claim's spec. Models `ValidatePersistentVolumeClaimSpec`.
pub fn spec(spec: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, spec, "accessModes", "at least 1 access mode is required");
    selector::label_selector(spec.part("selector"), &path.field("selector"), report);
    access_modes(spec.part("accessModes"), &path.field("accessModes"), report);
    let at = path.field("resources").key("storage");
    match spec.part("resources").part("requests").given("storage") {
        Some(storage) => resources::positive(storage, &at, report),
        None => report.required(&at, ""),
    }
    report.may_be_named(path, spec, "storageClassName", names::dns_subdomain);
    volume_mode(spec, path, report);
    sources(spec, path, report);
    report.may_be_named(path, spec, "volumeAttributesClassName", names::dns_subdomain);
}

/// Access modes must be known, and `ReadWriteOncePod` must be the only one.
pub fn access_modes(modes: &Value, path: &FieldPath, report: &mut Report) {
    let modes: Vec<&str> = modes.as_list().unwrap_or_default().iter().map(|m| m.as_text().unwrap_or("")).collect();
    for mode in &modes {
        report.known(path, mode, &ACCESS_MODES);
    }
    let exclusive = |mode: &&&str| **mode == "ReadWriteOncePod";
    let other = modes.iter().any(|mode| ACCESS_MODES.contains(mode) && *mode != "ReadWriteOncePod");
    report.forbidden_if(other && modes.iter().find(exclusive).is_some(), path, "may not use ReadWriteOncePod with other access modes");
}

/// The volume mode, if given, must be known.
pub fn volume_mode(spec: &Value, path: &FieldPath, report: &mut Report) {
    report.may_be(path, spec, "volumeMode", &VOLUME_MODES);
}

/// The data sources. Models `validateDataSource` and `validateDataSourceRef`.
fn sources(spec: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["dataSource", "dataSourceRef"] {
        let Some(source) = spec.given(field) else { continue };
        let path = path.field(field);
        for field in ["name", "kind"] {
            report.needs(&path, source, field, "");
        }
        let (group, kind) = (source.text("apiGroup"), source.text("kind"));
        if group.is_empty() && kind != "PersistentVolumeClaim" {
            report.invalid(&path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        report.may_be_named(&path, source, "apiGroup", names::dns_subdomain);
        if field == "dataSourceRef" {
            report.may_be_named(&path, source, "namespace", names::dns_label);
        }
    }
    if let (Some(source), Some(reference)) = (spec.given("dataSource"), spec.given("dataSourceRef")) {
        let same = ["apiGroup", "kind", "name"].iter().all(|field| source.text(field) == reference.text(field));
        // The value that the server intends to show here is empty.
        if !reference.text("namespace").is_empty() {
            report.invalid(path, Value::map(), "may not be specified when dataSourceRef.namespace is specified");
        } else if !same {
            report.invalid(path, Value::map(), "must match dataSourceRef");
        }
    }
}

/// Validates an updated claim. Models `ValidatePersistentVolumeClaimUpdate`.
pub fn update(new: &Value, old: &Value, report: &mut Report) {
    create(new, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    create(new, report);
    let path = FieldPath::of("spec");
    let (spec, before) = (new.part("spec"), old.part("spec"));
    if !becomes_a_field(new, old) {
        let class = |of: &Value| of.part("metadata").part("annotations").text(CLASS_BETA).to_owned();
        report.immutable_text(&FieldPath::of("metadata.annotations").field(CLASS_BETA), &class(new), &class(old));
    }
    let (rest, before_rest) = without_updatable(new, old);
    let shown = |spec: &Value| go_json_indented(spec, GoType::of("PersistentVolumeClaimSpec"));
    let (was, is) = (shown(&before_rest), shown(&rest));
    if was != is {
        report.forbidden(&path, Fixed(format!("{SPEC_IMMUTABLE}\n{}", diff::unified(&was, &is))));
    }
    let amount = |of: &Value, path: &[&str]| of.at(path).and_then(Quantity::read).unwrap_or_default();
    let size = |of: &Value| amount(of, &["resources", "requests", "storage"]);
    if size(spec) < size(before) && size(spec) <= amount(old, &["status", "capacity", "storage"]) {
        report.forbidden(&FieldPath::of("spec.resources.requests.storage"), "field can not be less than status.capacity");
    }
    report.immutable(&FieldPath::of("volumeMode"), spec.given("volumeMode"), before.given("volumeMode"));
}

/// Whether an update names a claim's class in the field as the annotation did: then the annotation may go.
/// Models `validateStorageClassUpgradeFromAnnotation`.
fn becomes_a_field(new: &Value, old: &Value) -> bool {
    let annotated = |of: &Value| of.part("metadata").part("annotations").given(CLASS_BETA).cloned();
    let (was, is, class) = (annotated(old), annotated(new), new.part("spec").given("storageClassName"));
    was.is_some() && old.part("spec").given("storageClassName").is_none() && class == was.as_ref() && (is.is_none() || is == was)
}

/// Both specs with mutable fields removed: a volume is bound once, a class set once, and a bound claim may grow.
fn without_updatable(new: &Value, old: &Value) -> (Value, Value) {
    let (mut rest, mut before) = (new.part("spec").clone(), old.part("spec").clone());
    let copy = |field: &[&str], from: &Value, to: &mut Value| match from.at(field) {
        Some(value) => to.set(field, value.clone()),
        None => {
            to.remove(field);
        }
    };
    if before.text("volumeName").is_empty() {
        copy(&["volumeName"], &rest, &mut before);
    }
    let annotated = old.part("metadata").part("annotations").given(CLASS_BETA);
    let class = rest.given("storageClassName");
    if before.given("storageClassName").is_none() && class.is_some() && (annotated.is_none() || annotated == class) {
        copy(&["storageClassName"], &before, &mut rest);
    }
    if new.text_at(&["status", "phase"]) == Some("Bound") {
        if rest.at(&["resources", "requests"]).is_some() {
            copy(&["resources", "requests", "storage"], &before, &mut rest);
        }
        copy(&["volumeAttributesClassName"], &before, &mut rest);
    }
    (rest, before)
}
