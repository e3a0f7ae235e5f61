//! Deployments, ReplicaSets, DaemonSets and ReplicationControllers, and the rules that workloads share.
//!
//! Models pkg/apis/apps/validation/validation.go and pkg/apis/core/validation/validation.go `ValidateReplicationController`.

use crate::validate::counters::{collisions, status_counters};
use crate::validate::int_or_percent::{at_most_all, int_or_percent, is_zero};
use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report};
use crate::validate::{meta, pod, selector};
use api::kind::Kind;
use api::status::Fault;
use base::field_path::FieldPath;
use base::value::Value;

/// Validates a new Deployment. Models `ValidateDeployment`.
pub fn create_deployment(deployment: &Value, report: &mut Report) {
    meta::create(Kind::Deployment, deployment.part("metadata"), report);
    deployment_spec(deployment.part("spec"), report);
}

/// Validates an updated Deployment. Models `ValidateDeploymentUpdate` and the strategy's immutable selector.
pub fn update_deployment(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    deployment_spec(new.part("spec"), report);
    immutable_selector(new, old, report);
}

/// Models `ValidateDeploymentSpec`.
fn deployment_spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    report.non_negative(&path.field("replicas"), spec.number("replicas").unwrap_or(0));
    selected_template(spec, &path, report);
    deployment_strategy(spec.part("strategy"), &path.field("strategy"), report);
    report.counters(&path, spec, &["minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds"]);
    let ready_seconds = spec.number("minReadySeconds").unwrap_or(0);
    if let Some(seconds) = spec.number("progressDeadlineSeconds").filter(|seconds| *seconds <= ready_seconds) {
        report.invalid(&path.field("progressDeadlineSeconds"), seconds, "must be greater than minReadySeconds");
    }
}

fn deployment_strategy(strategy: &Value, path: &FieldPath, report: &mut Report) {
    let rolling = strategy.given("rollingUpdate");
    let at = path.field("rollingUpdate");
    match (strategy.text("type"), rolling) {
        ("Recreate", Some(_)) => report.forbidden(&at, "may not be specified when strategy `type` is 'Recreate'"),
        ("Recreate", None) => {}
        ("RollingUpdate", None) => report.required(&at, "this should be defaulted and never be nil"),
        ("RollingUpdate", Some(rolling)) => {
            let (unavailable, surge) = (rolling.part("maxUnavailable"), rolling.part("maxSurge"));
            int_or_percent(unavailable, &at.field("maxUnavailable"), report);
            int_or_percent(surge, &at.field("maxSurge"), report);
            if is_zero(unavailable) && is_zero(surge) {
                report.invalid_amount(&at.field("maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0");
            }
            at_most_all(unavailable, &at.field("maxUnavailable"), report);
        }
        _ => report.not_supported_typed(path, strategy, GoType::of("DeploymentStrategy"), &["Recreate", "RollingUpdate"]),
    }
}

/// Validates a new `ReplicaSet`. Models `ValidateReplicaSet`.
pub fn create_replica_set(set: &Value, report: &mut Report) {
    meta::create(Kind::ReplicaSet, set.part("metadata"), report);
    replica_set_spec(set.part("spec"), report);
}

/// Validates an updated `ReplicaSet`. Models `ValidateReplicaSetUpdate` and the strategy's immutable selector.
pub fn update_replica_set(new: &Value, old: &Value, report: &mut Report) {
    create_replica_set(new, report);
    meta::update(new.part("metadata"), old.part("metadata"), report);
    replica_set_spec(new.part("spec"), report);
    immutable_selector(new, old, report);
}

/// Models `ValidateReplicaSetSpec`, whose messages mention deployments.
fn replica_set_spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    report.counters(&path, spec, &["replicas", "minReadySeconds"]);
    selected_template(spec, &path, report);
}

/// The selector and the template, which must match: of a Deployment or a ReplicaSet, either of which is a `deployment` in errors about
/// the selector and a `ReplicaSet` in those about the template. Models `ValidatePodTemplateSpecForReplicaSet`.
fn selected_template(spec: &Value, path: &FieldPath, report: &mut Report) {
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

fn immutable_selector(new: &Value, old: &Value, report: &mut Report) {
    let (selector, before) = (new.part("spec").given("selector"), old.part("spec").given("selector"));
    if selector != before {
        report.invalid_typed(&FieldPath::of("spec.selector"), selector, GoType::of("LabelSelector"), IMMUTABLE);
    }
}

/// Validates a new `DaemonSet`. Models `ValidateDaemonSet`.
pub fn create_daemon_set(set: &Value, report: &mut Report) {
    meta::create(Kind::DaemonSet, set.part("metadata"), report);
    daemon_set_spec(set.part("spec"), report);
}

/// Validates an updated `DaemonSet`. Models `ValidateDaemonSetUpdate`.
pub fn update_daemon_set(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    immutable_selector(new, old, report);
    daemon_set_spec(new.part("spec"), report);
}

/// Models `ValidateDaemonSetSpec`.
fn daemon_set_spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
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
    report.non_negative(&path.field("minReadySeconds"), spec.number("minReadySeconds").unwrap_or(0));
    daemon_set_strategy(spec.part("updateStrategy"), &path.field("updateStrategy"), report);
    report.non_negative(&path.field("revisionHistoryLimit"), spec.number("revisionHistoryLimit").unwrap_or(0));
}

/// Models `ValidateDaemonSetUpdateStrategy`.
fn daemon_set_strategy(strategy: &Value, path: &FieldPath, report: &mut Report) {
    let at = path.field("rollingUpdate");
    match (strategy.text("type"), strategy.given("rollingUpdate")) {
        ("OnDelete", _) => {}
        ("RollingUpdate", None) => report.required(&at, ""),
        ("RollingUpdate", Some(rolling)) => {
            let fields = ["maxUnavailable", "maxSurge"];
            for field in fields {
                int_or_percent(rolling.part(field), &at.field(field), report);
            }
            for field in fields {
                at_most_all(rolling.part(field), &at.field(field), report);
            }
            match fields.map(|field| is_zero(rolling.part(field))) {
                [false, false] => {
                    let surge = rolling.part("maxSurge");
                    report.invalid_amount(&at.field("maxSurge"), surge, "may not be set when maxUnavailable is non-zero");
                }
                [true, true] => report.required(&at.field("maxUnavailable"), "cannot be 0 when maxSurge is 0"),
                _ => {}
            }
        }
        _ => report.not_supported_typed(path, strategy, GoType::of("DaemonSetUpdateStrategy"), &["RollingUpdate", "OnDelete"]),
    }
}

/// Validates a new or updated replication controller. Models `ValidateReplicationController`.
pub fn replication_controller(controller: &Value, old: Option<&Value>, report: &mut Report) {
    match old {
        Some(old) => meta::update(controller.part("metadata"), old.part("metadata"), report),
        None => meta::create(Kind::ReplicationController, controller.part("metadata"), report),
    }
    let spec = controller.part("spec");
    let path = FieldPath::of("spec");
    let last = report.release.declared_rules_decide;
    let counts = |fields: &[&str], report: &mut Report| report.counters(&path, spec, fields);
    if !last {
        counts(&["minReadySeconds"], report);
    }
    let wanted = spec.entries("selector");
    report.needs(&path, spec, "selector", "");
    if !last {
        counts(&["replicas"], report);
    }
    let Some(template) = spec.given("template") else { return report.required(&path.field("template"), "") };
    let labels = template.part("metadata").part("labels");
    if wanted.iter().any(|(key, value)| labels.get(key) != Some(*value)) {
        report.add(&path.field("template").field("metadata").field("labels"), Fault::NotSelected(labels.clone()), "");
    }
    pod::endless_template(template, "ReplicationController", &path.field("template"), report);
    if last {
        counts(&["replicas", "minReadySeconds"], report);
    }
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
