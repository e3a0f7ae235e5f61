//! StatefulSets, their status, and ControllerRevisions.
//!
//! Models pkg/apis/apps/validation/validation.go `ValidateStatefulSet…` and `ValidateControllerRevision…`.

use crate::validate::counters::{collisions, status_counters};
use crate::validate::int_or_percent::is_zero;
use crate::validate::internal::GoType;
use crate::validate::report::{Counts, IMMUTABLE, Members, Report, is_empty};
use crate::validate::rules::Here;
use crate::validate::{claim, meta, pod, selector};
use api::object::stateful_set::IMMUTABLE_FIELDS;
use api::status::{Fault, Fixed};
use base::field_path::FieldPath;
use base::value::Value;

/// The spec's mutable fields.
const UPDATABLE_FIELDS: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
];

/// The numbers of a status, in the order in which errors are reported.
const COUNTERS: [&str; 7] =
    ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas", "observedGeneration", "collisionCount"];

/// What may change of a set. Models the rest of `ValidateStatefulSetUpdate`.
pub(super) fn changes(here: &Here, report: &mut Report) {
    let Some(before) = here.old.filter(|_| !report.release.more_declared_rules_decide) else { return };
    let spec = here.value;
    if report.release.immutable_fields_one_by_one {
        let path = FieldPath::of("spec");
        for field in IMMUTABLE_FIELDS {
            immutable_field(field, spec, before, &path.field(field), report);
        }
        return;
    }
    let rest = |spec: &Value| -> Vec<Option<Value>> {
        IMMUTABLE_FIELDS.iter().map(|field| spec.given(field).filter(|v| !is_zero_member(v)).cloned()).collect()
    };
    if rest(spec) != rest(before) {
        let (last, list) = UPDATABLE_FIELDS.split_last().unwrap_or((&"", &[]));
        let list: Vec<String> = list.iter().map(|field| format!("'{field}'")).collect();
        let detail = format!("updates to statefulset spec for fields other than {} and '{last}' are forbidden", list.join(", "));
        report.forbidden(&FieldPath::of("spec"), Fixed(detail));
    }
}

/// What is said of a rolling update where all pods are recreated; releases that do not know `Recreate` refuse the type alone.
pub(super) fn recreated(here: &Here, report: &mut Report) {
    if report.release.recreates_sets {
        let of = GoType::of("RollingUpdateStatefulSetStrategy");
        report.invalid_typed(here.path, here.value, of, "only allowed for updateStrategy 'RollingUpdate'");
    }
}

/// What may not change of a set, as releases since 1.38 declare it: without the new value.
pub(super) fn declared(here: &Here, report: &mut Report) {
    if !report.release.more_declared_rules_decide {
        return;
    }
    report.required_if(here.of.given("selector").is_none(), &here.path.field("selector"), "");
    let Some(before) = here.old else { return };
    let given = |spec: &Value, field: &str| spec.given(field).filter(|v| !is_zero_member(v)).cloned();
    for field in IMMUTABLE_FIELDS.into_iter().filter(|field| given(here.of, field) != given(before, field)) {
        report.invalid(&here.path.field(field), Value::Null, IMMUTABLE);
    }
}

fn is_zero_member(value: &Value) -> bool {
    is_empty(value) || value.as_text() == Some("")
}

fn immutable_field(field: &str, new: &Value, old: &Value, path: &FieldPath, report: &mut Report) {
    let (value, before) = (new.given(field).filter(|v| !is_zero_member(v)), old.given(field).filter(|v| !is_zero_member(v)));
    if value == before {
        return;
    }
    let of = match field {
        "selector" => GoType::of("LabelSelector"),
        "volumeClaimTemplates" => GoType::list("PersistentVolumeClaim"),
        _ => return report.invalid(path, new.text(field), IMMUTABLE),
    };
    match value {
        Some(value) => report.invalid_typed(path, value, of, IMMUTABLE),
        None => report.invalid(path, new.part(field).clone(), IMMUTABLE),
    }
}

/// How the pods of a set are managed.
pub(super) fn management(here: &Here, report: &mut Report) {
    match here.value.as_text().unwrap_or_default() {
        "" => report.required(here.path, ""),
        "OrderedReady" | "Parallel" => {}
        other => report.add(here.path, Fault::Neither(other.into(), ["OrderedReady", "Parallel"]), ""),
    }
}

/// The templates of a new set's claims.
pub(super) fn claims(templates: &Value, path: &FieldPath, report: &mut Report) {
    for (path, template) in path.each(templates.as_list().unwrap_or_default().iter()) {
        claim::spec(template.part("spec"), &path.field("spec"), report);
    }
}

/// The selector and the template; one that was wrong before an update may stay so.
pub(super) fn pods(here: &Here, report: &mut Report) {
    let (spec, selector, path) = (here.of, here.of.given("selector"), FieldPath::of("spec.template"));
    if selector.is_some() || !report.release.more_declared_rules_decide {
        selector::workload_selector(selector, "statefulset", here.path, report);
    }
    if selector.is_some_and(|s| !selector::is_sound(s)) {
        report.invalid_typed(here.path, here.value, GoType::of("LabelSelector"), "");
    } else {
        let mut was = Report::of(report.release);
        if let Some(before) = here.before {
            template(before.part("spec"), &path, &mut was);
        }
        let count = report.len();
        template(spec, &path, report);
        if !was.errors.is_empty() {
            report.errors.truncate(count);
        }
    }
    pod::only_endless(spec.part("template"), "StatefulSet", &path, report);
}

/// Of a set that rolls, some pod is away.
pub(super) fn not_zero(most: &Value, path: &FieldPath, report: &mut Report) {
    report.invalid_if(is_zero(most), path, most.clone(), "cannot be 0");
}

/// The template, with the claims as the volumes they will become. Models `ValidatePodTemplateSpecForStatefulSet`.
fn template(spec: &Value, path: &FieldPath, report: &mut Report) {
    let template = spec.part("template");
    let labels = template.part("metadata").part("labels");
    let wanted = spec.given("selector");
    if !wanted.is_some_and(selector::is_everything) && !selector::matches(wanted, labels) {
        report.add(&path.field("metadata").field("labels"), Fault::NotSelected(labels.clone()), "");
    }
    pod::template(&with_claims_as_volumes(spec), path, report);
}

/// Inserts the claims as volumes before the template's own, replacing those of the same name. Host name and subdomain are dropped,
/// as they are up to the controller.
fn with_claims_as_volumes(spec: &Value) -> Value {
    let mut template = spec.part("template").clone();
    let claims: Vec<&str> = spec.items("volumeClaimTemplates").iter().map(|c| c.part("metadata").text("name")).collect();
    let mut volumes: Vec<Value> = Vec::new();
    for (i, name) in claims.iter().enumerate() {
        if !claims[..i].contains(name) {
            let mut volume = Value::of([("name", *name)]);
            volume.set(&["persistentVolumeClaim", "claimName"], *name);
            volumes.push(volume);
        }
    }
    let own = template.part("spec").items("volumes").iter().filter(|v| !claims.contains(&v.text("name")));
    volumes.extend(own.cloned().collect::<Vec<_>>());
    if !claims.is_empty() {
        template.set(&["spec", "volumes"], volumes);
    }
    for field in ["hostname", "subdomain"] {
        template.remove(&["spec", field]);
    }
    template
}

/// Validates an updated status. Models `ValidateStatefulSetStatusUpdate`.
pub fn status(new: &Value, old: &Value, report: &mut Report) {
    let status = new.part("status");
    let path = FieldPath::of("status");
    counts(status, &path, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    collisions(status, old.part("status"), &path, report);
}

/// Checks the numbers of a status. Models `ValidateStatefulSetStatus`.
pub fn counts(status: &dyn Counts, path: &FieldPath, report: &mut Report) {
    report.counters(path, status, &COUNTERS);
    let parts = ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"];
    status_counters(status, &parts, "cannot be greater than status.readyReplicas", path, report);
}

/// The data of a new revision. Models a part of `ValidateControllerRevisionCreate`.
pub(super) fn data(data: &Value, path: &FieldPath, report: &mut Report) {
    match data {
        Value::Null => report.required(path, "data is mandatory"),
        Value::Map(_) => {}
        _ => report.required(path, "data must be a valid JSON object"),
    }
}

/// The data of a revision stays.
pub(super) fn same_data(here: &Here, report: &mut Report) {
    here.old.into_iter().for_each(|old| report.immutable(here.path, Some(here.value), Some(old)));
}
