//! HorizontalPodAutoscalers.
//!
//! Models pkg/apis/autoscaling/validation/validation.go.
//! Not modelled: metric selectors.

use crate::validate::report::{Members, NOT_NEGATIVE, Report};
use crate::validate::{meta, resources};
use api::kind::Kind;
use api::names;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// A metric source; listed in the server's order.
struct Source {
    kind: &'static str,
    field: &'static str,
    /// Of these target fields one is required; `lacks` is the error if neither is set: its field and its detail.
    needs: [&'static str; 2],
    lacks: (&'static str, &'static str),
}

const UTILIZATION: (&str, &str) = ("averageUtilization", "must set either a target raw value or a target utilization");
const SOURCES: [Source; 5] = [
    Source {
        kind: "Object",
        field: "object",
        needs: ["value", "averageValue"],
        lacks: ("averageValue", "must set either a target value or averageValue"),
    },
    Source {
        kind: "External",
        field: "external",
        needs: ["value", "averageValue"],
        lacks: ("averageValue", "must set either a target value for metric or a per-pod target"),
    },
    Source {
        kind: "Pods",
        field: "pods",
        needs: ["averageValue", "averageValue"],
        lacks: ("averageValue", "must specify a positive target averageValue"),
    },
    Source { kind: "Resource", field: "resource", needs: ["averageUtilization", "averageValue"], lacks: UTILIZATION },
    Source { kind: "ContainerResource", field: "containerResource", needs: ["averageUtilization", "averageValue"], lacks: UTILIZATION },
];
/// The maximum stabilisation window and policy period, in seconds.
const MAX_WINDOW: i64 = 3600;
const MAX_PERIOD: i64 = 1800;

/// Validates a new or updated autoscaler. Models `ValidateHorizontalPodAutoscaler`.
pub fn judge(scaler: &Value, old: Option<&Value>, report: &mut Report) {
    match old {
        Some(old) => meta::update(scaler.part("metadata"), old.part("metadata"), report),
        None => meta::create(Kind::HorizontalPodAutoscaler, scaler.part("metadata"), report),
    }
    let spec = scaler.part("spec");
    let path = FieldPath::of("spec");
    let last = report.release.declared_rules_decide;
    if !last {
        bounds(spec, old, "must be set and greater than 0", &path, report);
    }
    let least = spec.number("minReplicas");
    let most = spec.number("maxReplicas").unwrap_or(0);
    if least.is_some_and(|least| most < least) {
        report.invalid(&path.field("maxReplicas"), most, "must be greater than or equal to `minReplicas`");
    }
    reference(spec.part("scaleTargetRef"), &path.field("scaleTargetRef"), report);
    let version = |of: &Value| of.part("spec").part("scaleTargetRef").text("apiVersion").to_owned();
    let version_of_old = old.map(version);
    if let Some(wrong) = wrong_group(&version(scaler)).filter(|_| version_of_old.is_none_or(|old| wrong_group(&old).is_none())) {
        report.invalid(&path.field("scaleTargetRef").field("apiVersion"), version(scaler), wrong);
    }
    for (i, metric) in spec.items("metrics").iter().enumerate() {
        self::metric(metric, &path.field("metrics").index(i), report);
    }
    if least == Some(0) && !spec.items("metrics").iter().any(|m| matches!(m.text("type"), "Object" | "External")) {
        let detail = "must specify at least one Object or External metric to support scaling to zero replicas";
        report.forbidden(&path.field("metrics"), detail);
    }
    for direction in ["scaleUp", "scaleDown"] {
        if let Some(rules) = spec.part("behavior").given(direction) {
            scaling(rules, &path.field("behavior").field(direction), report);
        }
    }
    if last {
        bounds(spec, old, "", &path, report);
    }
}

/// Checks the minimum and maximum of replicas; `detail` is that of the error for a missing maximum.
fn bounds(spec: &Value, old: Option<&Value>, detail: &str, path: &FieldPath, report: &mut Report) {
    let was_zero = old.is_some_and(|old| old.part("spec").number("minReplicas") == Some(0));
    let lowest = i64::from(!report.release.autoscalers_scale_to_zero && !was_zero);
    let at_least = |lowest: i64| format!("must be greater than or equal to {lowest}");
    if let Some(least) = spec.number("minReplicas").filter(|least| *least < lowest) {
        report.invalid(&path.field("minReplicas"), least, at_least(lowest));
    }
    match spec.number("maxReplicas").unwrap_or(0) {
        0 => report.required(&path.field("maxReplicas"), detail),
        most if most < 0 => report.invalid(&path.field("maxReplicas"), most, at_least(1)),
        _ => {}
    }
}

/// The error about a version whose group is missing. Models `ValidateAPIVersion`.
fn wrong_group(version: &str) -> Option<String> {
    match version.split_once('/') {
        Some((_, rest)) if rest.contains('/') => Some(format!("unexpected GroupVersion string: {version}")),
        Some(("", _)) | None => Some("apiVersion must specify API group".to_owned()),
        Some(_) => None,
    }
}

/// Models `validateMetricSpec`.
fn metric(metric: &Value, path: &FieldPath, report: &mut Report) {
    let kind = metric.text("type");
    report.needs(path, metric, "type", "must specify a metric source type");
    let present: Vec<&Source> = SOURCES.iter().filter(|s| metric.given(s.field).is_some()).collect();
    if let Some(first) = present.first() {
        source(first, metric.part(first.field), &path.field(first.field), report);
    }
    let expected = SOURCES.iter().find(|s| s.kind == kind).map(|s| s.field);
    match expected {
        None => report.not_supported(&path.field("type"), kind, &["ContainerResource", "External", "Object", "Pods", "Resource"]),
        Some(field) if metric.given(field).is_none() => {
            report.required(&path.field(field), "must populate information for the given metric source");
        }
        Some(_) => {}
    }
    if present.len() != 1 {
        for other in present.iter().filter(|s| Some(s.field) != expected) {
            report.forbidden(&path.field(other.field), "must populate the given metric source only");
        }
    }
}

/// Models `validateObjectSource` and its like.
fn source(source: &Source, given: &Value, path: &FieldPath, report: &mut Report) {
    match source.field {
        "resource" | "containerResource" => {
            let name = given.text("name");
            report.needs(path, given, "name", "must specify a resource name");
            if source.field == "containerResource" {
                if !name.is_empty() {
                    resources::container_name(name, &path.field("name"), report);
                }
                report.needs(path, given, "container", "must specify a container");
                report.may_be_named(path, given, "container", names::dns_label);
            }
        }
        field => {
            if field == "object" {
                reference(given.part("describedObject"), &path.field("describedObject"), report);
            }
            let (at, metric) = (path.field("metric"), given.part("metric"));
            report.needs(&at, metric, "name", "must specify a metric name");
            report.may_be_named(&at, metric, "name", names::path_segment);
        }
    }
    target(given.part("target"), source, &path.field("target"), report);
}

/// Models `validateMetricTarget`.
fn target(target: &Value, source: &Source, path: &FieldPath, report: &mut Report) {
    let kind = target.text("type");
    report.needs(path, target, "type", "must specify a metric target type");
    if !["Utilization", "Value", "AverageValue"].contains(&kind) {
        report.invalid(&path.field("type"), kind, "must be either Utilization, Value, or AverageValue");
    }
    let amount = |field: &str| target.given(field).and_then(Quantity::read);
    for field in ["value", "averageValue"] {
        if let Some(amount) = amount(field).filter(|a| a.is_zero() || a.is_negative()) {
            report.invalid(&path.field(field), amount.to_string(), "must be positive");
        }
    }
    if let Some(utilization) = target.number("averageUtilization").filter(|n| *n < 1) {
        report.invalid(&path.field("averageUtilization"), utilization, "must be greater than 0");
    }
    let there = |field: &str| target.given(field).is_some();
    let none = source.needs.iter().all(|field| !there(field));
    if none || source.field == "pods" && amount("averageValue").is_some_and(|a| a.is_zero() || a.is_negative()) {
        report.required(&path.field(source.lacks.0), source.lacks.1);
    }
    if there(source.needs[0]) && there(source.needs[1]) {
        match source.field {
            "external" => report.forbidden(&path.field("value"), "may not set both a target value for metric and a per-pod target"),
            "resource" | "containerResource" => {
                report.forbidden(&path.field("averageValue"), "may not set both a target raw value and a target utilization");
            }
            _ => {}
        }
    }
}

/// A reference to the scale target or a metric's object. Models `ValidateCrossVersionObjectReference`.
fn reference(target: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["kind", "name"] {
        report.name(path, target, field, names::path_segment);
    }
}

/// Checks the scaling rules of one direction. Models `validateScalingRules`.
fn scaling(rules: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(window) = rules.number("stabilizationWindowSeconds") {
        let at = path.field("stabilizationWindowSeconds");
        if window < 0 {
            report.invalid(&at, window, "must be greater than or equal to zero");
        } else if window > MAX_WINDOW {
            report.invalid(&at, window, format!("must be less than or equal to {MAX_WINDOW}"));
        }
    }
    if let Some(select) = rules.given("selectPolicy").and_then(Value::as_text) {
        report.known(&path.field("selectPolicy"), select, &["Disabled", "Max", "Min"]);
    }
    let policies = rules.items("policies");
    report.needs(path, rules, "policies", "must specify at least one Policy");
    for (path, policy) in path.field("policies").each(policies.iter()) {
        report.known(&path.field("type"), policy.text("type"), &["Percent", "Pods"]);
        let [value, period] = ["value", "periodSeconds"].map(|field| policy.number(field).unwrap_or(0));
        for (field, number) in [("value", value), ("periodSeconds", period)] {
            report.invalid_if(number <= 0, &path.field(field), number, "must be greater than zero");
        }
        if period > MAX_PERIOD {
            report.invalid(&path.field("periodSeconds"), period, format!("must be less than or equal to {MAX_PERIOD}"));
        }
    }
    if let Some(tolerance) = rules.given("tolerance").and_then(Value::as_text).filter(|amount| amount.starts_with('-')) {
        report.invalid(&path.field("tolerance"), tolerance, NOT_NEGATIVE);
    }
}
