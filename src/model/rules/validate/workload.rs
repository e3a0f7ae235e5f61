//! Deployments, ReplicaSets, DaemonSets and ReplicationControllers: what their table cannot say in a row.

use crate::validate::counters::{collisions, status_counters};
use crate::validate::int_or_percent::is_zero;
use crate::validate::internal::GoType;
use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use crate::validate::{meta, pod, selector};
use api::status::Fault;
use base::field_path::FieldPath;
use base::value::Value;

/// A rollout is late only once its pods could have become available.
pub(super) fn deadline(here: &Here, report: &mut Report) {
    let ready_seconds = here.of.number("minReadySeconds").unwrap_or(0);
    if let Some(seconds) = here.value.as_int().filter(|seconds| *seconds <= ready_seconds) {
        report.invalid(here.path, seconds, "must be greater than minReadySeconds");
    }
}

/// The type of a strategy.
pub(super) fn known_strategy(here: &Here, report: &mut Report) {
    let (of, known) = match here.ty.name {
        "DeploymentStrategy" => ("DeploymentStrategy", ["Recreate", "RollingUpdate"]),
        other => (other, ["RollingUpdate", "OnDelete"]),
    };
    let (is, is_set) = (here.of.text("type"), of == "StatefulSetUpdateStrategy");
    let recreates = is_set && report.release.recreates_sets;
    if known.contains(&is) || recreates && is == "Recreate" {
        return;
    }
    match of {
        _ if recreates => report.invalid_typed(here.path, here.of, GoType::of(of), "must be 'RollingUpdate', 'OnDelete', or 'Recreate'"),
        _ if is_set => report.neither_typed(here.path, here.of, GoType::of(of), known),
        _ => report.not_supported_typed(here.path, here.of, GoType::of(of), &known),
    }
}

/// A rolling update gets on.
pub(super) fn not_both(here: &Here, report: &mut Report) {
    if is_zero(here.value) && is_zero(here.of.part("maxSurge")) {
        report.invalid(here.path, here.value.clone(), "may not be 0 when `maxSurge` is 0");
    }
}

/// A DaemonSet replaces pods before or after, not both.
pub(super) fn either(here: &Here, report: &mut Report) {
    let (path, [unavailable, surge]) = (here.path, ["maxUnavailable", "maxSurge"].map(|field| here.of.part(field)));
    match (is_zero(unavailable), is_zero(surge)) {
        (false, false) => report.invalid(&path.field("maxSurge"), surge.clone(), "may not be set when maxUnavailable is non-zero"),
        (true, true) => report.required(&path.field("maxUnavailable"), "cannot be 0 when maxSurge is 0"),
        _ => {}
    }
}

/// The selector and the template, which must match: of a Deployment or a ReplicaSet, either of which is a `deployment` in errors about
/// the selector and a `ReplicaSet` in those about the template. Models `ValidatePodTemplateSpecForReplicaSet`.
pub(super) fn selected_template(here: &Here, report: &mut Report) {
    let Here { of: spec, path, .. } = here;
    let wanted = spec.given("selector");
    selector::workload_selector(wanted, "deployment", &path.field("selector"), report);
    if wanted.is_some_and(|s| !selector::is_sound(s)) {
        return report.invalid_typed(&path.field("selector"), spec.part("selector"), GoType::of("LabelSelector"), "invalid label selector");
    }
    let path = path.field("template");
    let labels = spec.part("template").part("metadata").part("labels");
    if !wanted.is_some_and(selector::is_everything) && !selector::matches(wanted, labels) {
        report.add(&path.field("metadata").field("labels"), Fault::NotSelected(labels.clone()), "");
    }
    pod::endless_template(spec.part("template"), "ReplicaSet", &path, report);
}

/// The selector and the template of a DaemonSet. Models the beginning of `ValidateDaemonSetSpec`.
pub(super) fn daemon_pods(here: &Here, report: &mut Report) {
    let Here { of: spec, path, .. } = here;
    let wanted = spec.given("selector");
    selector::label_selector(spec.part("selector"), &path.field("selector"), report);
    let labels = spec.part("template").part("metadata").part("labels");
    if wanted.is_none_or(selector::is_sound) && !selector::matches(wanted, labels) {
        report.add(&path.field("template").field("metadata").field("labels"), Fault::NotSelected(labels.clone()), "");
    }
    if let Some(selector) = wanted.filter(|s| selector::is_everything(s)) {
        report.invalid_typed(&path.field("selector"), selector, GoType::of("LabelSelector"), "empty selector is invalid for daemonset");
    }
    pod::endless_template(spec.part("template"), "DaemonSet", &path.field("template"), report);
}

/// The template of a ReplicationController.
pub(super) fn controller_pods(here: &Here, report: &mut Report) {
    let labels = here.value.part("metadata").part("labels");
    if here.of.entries("selector").iter().any(|(key, value)| labels.get(key) != Some(*value)) {
        report.add(&here.path.field("metadata").field("labels"), Fault::NotSelected(labels.clone()), "");
    }
    pod::endless_template(here.value, "ReplicationController", here.path, report);
}

/// Validates the updated status of a Deployment. Models `ValidateDeploymentStatusUpdate`.
pub fn deployment_status(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let status = new.part("status");
    let path = FieldPath::of("status");
    let counters = [
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "collisionCount",
    ];
    report.counters(&path, status, &counters);
    let parts = ["updatedReplicas", "readyReplicas", "availableReplicas"];
    status_counters(status, &parts, "cannot be greater than readyReplicas", &path, report);
    collisions(status, old.part("status"), &path, report);
}

/// Validates the updated status of a `ReplicaSet`. Models `ValidateReplicaSetStatusUpdate`.
pub fn replica_set_status(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let status = new.part("status");
    let path = FieldPath::of("status");
    let counters = ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"];
    report.counters(&path, status, &counters);
    let parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"];
    status_counters(status, &parts, "cannot be greater than readyReplicas", &path, report);
}
