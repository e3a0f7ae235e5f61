//! HorizontalPodAutoscalers: what their table cannot say in a row.
//!
//! Not modelled: metric selectors.

use crate::validate::report::{Members, NOT_NEGATIVE, Report};
use crate::validate::resources;
use crate::validate::rules::Here;
use base::field_path::FieldPath;
use base::quantity::Quantity;
use base::value::Value;

/// The types of metrics, and where each says its source.
const SOURCES: [(&str, &str); 5] = [
    ("Object", "object"),
    ("External", "external"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
];

/// How few replicas there may be at least.
pub(super) fn lowest(here: &Here, report: &mut Report) {
    let was_zero = here.old == Some(&Value::from(0));
    let lowest = i64::from(!report.release.autoscalers_scale_to_zero && !was_zero);
    if let Some(least) = here.value.as_int().filter(|least| *least < lowest) {
        report.invalid(here.path, least, format!("must be greater than or equal to {lowest}"));
    }
}

/// The most replicas are no fewer than the least.
pub(super) fn bounds(here: &Here, report: &mut Report) {
    let most = here.value.as_int().unwrap_or(0);
    let is_wrong = here.of.number("minReplicas").is_some_and(|least| most < least);
    report.invalid_if(is_wrong, here.path, most, "must be greater than or equal to `minReplicas`");
}

/// The group of what is scaled, unless that was wrong before.
pub(super) fn group(here: &Here, report: &mut Report) {
    let version = here.value.text("apiVersion");
    let was_right = here.old.is_none_or(|old| wrong_group(old.text("apiVersion")).is_none());
    if let Some(wrong) = wrong_group(version).filter(|_| was_right) {
        report.invalid(&here.path.field("apiVersion"), version, wrong);
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

/// Only some metrics are there without pods.
pub(super) fn zero_replicas(here: &Here, report: &mut Report) {
    let of_objects = |metric: &Value| matches!(metric.text("type"), "Object" | "External");
    if here.of.number("minReplicas") == Some(0) && !here.of.items("metrics").iter().any(of_objects) {
        report.forbidden(here.path, "must specify at least one Object or External metric to support scaling to zero replicas");
    }
}

/// A metric has the source of its type, and no other.
pub(super) fn sources(here: &Here, report: &mut Report) {
    let is_there = |field: &str| here.of.given(field).is_some();
    let expected = SOURCES.iter().find(|(kind, _)| *kind == here.of.text("type")).map(|(_, field)| *field);
    if let Some(field) = expected.filter(|field| !is_there(field)) {
        report.required(&here.path.field(field), "must populate information for the given metric source");
    }
    let present: Vec<&str> = SOURCES.iter().map(|(_, field)| *field).filter(|field| is_there(field)).collect();
    for other in present.iter().filter(|field| present.len() > 1 && Some(**field) != expected) {
        report.forbidden(&here.path.field(other), "must populate the given metric source only");
    }
}

/// The resource of a container that is measured.
pub(super) fn container_name(name: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(name) = name.as_text().filter(|name| !name.is_empty()) {
        resources::container_name(name, path, report);
    }
}

pub(super) fn target_type(of: &Value, path: &FieldPath, report: &mut Report) {
    let of = of.as_text().unwrap_or_default();
    let is_known = ["Utilization", "Value", "AverageValue"].contains(&of);
    report.invalid_if(!is_known, path, of, "must be either Utilization, Value, or AverageValue");
}

/// An amount that is above zero.
pub(super) fn positive(amount: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(amount) = Quantity::read(amount).filter(is_not_positive) {
        report.invalid(path, amount.to_string(), "must be positive");
    }
}

fn is_not_positive(amount: &Quantity) -> bool {
    amount.is_zero() || amount.is_negative()
}

/// How a target is said, by the source of the metric.
pub(super) fn target(here: &Here, report: &mut Report) {
    let is_there = |field: &str| here.value.given(field).is_some();
    let (other, lacks) = match here.ty.name {
        "ObjectMetricSource" => ("value", "must set either a target value or averageValue"),
        "ExternalMetricSource" => ("value", "must set either a target value for metric or a per-pod target"),
        "PodsMetricSource" => ("averageValue", "must specify a positive target averageValue"),
        _ => ("averageUtilization", "must set either a target raw value or a target utilization"),
    };
    let has_none = !is_there(other) && !is_there("averageValue");
    if has_none || other == "averageValue" && Quantity::read(here.value.part(other)).is_some_and(|amount| is_not_positive(&amount)) {
        let lacking = if other == "averageUtilization" { other } else { "averageValue" };
        report.required(&here.path.field(lacking), lacks);
    }
    if !is_there(other) || !is_there("averageValue") {
        return;
    }
    if here.ty.name == "ExternalMetricSource" {
        report.forbidden(&here.path.field("value"), "may not set both a target value for metric and a per-pod target");
    } else if other == "averageUtilization" {
        report.forbidden(&here.path.field("averageValue"), "may not set both a target raw value and a target utilization");
    }
}

/// How far a metric may be off.
pub(super) fn tolerance(amount: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(tolerance) = amount.as_text().filter(|amount| amount.starts_with('-')) {
        report.invalid(path, tolerance, NOT_NEGATIVE);
    }
}
