//! Label selectors and node selectors: their validity, and whether a label selector matches.
//!
//! Models apimachinery pkg/apis/meta/v1/validation and pkg/apis/meta/v1 `LabelSelectorAsSelector`.

use crate::validate::report::{Members, Report};
use crate::validate::{internal, meta};
use api::names;
use base::field_path::FieldPath;
use base::label::LabelSelector;
use base::value::Value;

const NOT_AN_OPERATOR: &str = "not a valid selector operator";
const VALUES_NEEDED: &str = "must be specified when `operator` is 'In' or 'NotIn'";
const NO_VALUES: &str = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

/// An optional label selector. Models `ValidateLabelSelector`.
pub fn label_selector(selector: &Value, path: &FieldPath, report: &mut Report) {
    meta::labels(selector.part("matchLabels"), &path.field("matchLabels"), report);
    for (path, requirement) in path.field("matchExpressions").each(selector.items("matchExpressions").iter()) {
        let values = requirement.items("values");
        match requirement.text("operator") {
            "In" | "NotIn" if values.is_empty() => report.required(&path.field("values"), VALUES_NEEDED),
            "Exists" | "DoesNotExist" if !values.is_empty() => report.forbidden(&path.field("values"), NO_VALUES),
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => report.invalid(&path.field("operator"), other, NOT_AN_OPERATOR),
        }
        label_name(requirement.text("key"), &path.field("key"), report);
        label_values(values, &path.field("values"), report);
    }
}

/// A label key. Models `ValidateLabelName`.
pub fn label_name(key: &str, path: &FieldPath, report: &mut Report) {
    report.each(path, key, names::label_key(key));
}

fn label_values(values: &[Value], path: &FieldPath, report: &mut Report) {
    for (i, value) in values.iter().enumerate() {
        let value = value.as_text().unwrap_or("");
        report.each(&path.index(i), value, names::label_value(value));
    }
}

/// The selector of a workload: required, valid, not empty. `word` names the kind in the last error.
pub fn workload_selector(selector: Option<&Value>, word: &str, path: &FieldPath, report: &mut Report) {
    let Some(selector) = selector else { return report.required(path, "") };
    label_selector(selector, path, report);
    if is_everything(selector) {
        let detail = format!("empty selector is invalid for {word}");
        report.invalid_typed(path, selector, internal::GoType::of("LabelSelector"), detail);
    }
}

/// Whether a selector has no requirements, hence matches everything.
pub fn is_everything(selector: &Value) -> bool {
    selector.entries("matchLabels").is_empty() && selector.items("matchExpressions").is_empty()
}

/// Whether a selector is valid. Models the errors of `LabelSelectorAsSelector`.
pub fn is_sound(selector: &Value) -> bool {
    let mut report = Report::default();
    label_selector(selector, &FieldPath::root(), &mut report);
    report.errors.is_empty()
}

/// Whether a valid selector matches these labels; a missing selector matches nothing.
pub fn matches(selector: Option<&Value>, labels: &Value) -> bool {
    let label = |key: &str| labels.get(key).and_then(Value::as_text);
    selector.and_then(LabelSelector::of_value).is_some_and(|selector| selector.matches(label))
}

/// A required node selector. Models `ValidateNodeSelector`.
pub fn node_selector(selector: &Value, path: &FieldPath, report: &mut Report) {
    report.needs(path, selector, "nodeSelectorTerms", "must have at least one node selector term");
    let path = path.field("nodeSelectorTerms");
    for (i, term) in selector.items("nodeSelectorTerms").iter().enumerate() {
        node_term(term, false, &path.index(i), report);
    }
}

/// A node selector term. `any_value` skips the check that values are valid label values. Models `ValidateNodeSelectorTerm`.
pub fn node_term(term: &Value, any_value: bool, path: &FieldPath, report: &mut Report) {
    for (i, requirement) in term.items("matchExpressions").iter().enumerate() {
        node_requirement(requirement, any_value, &path.field("matchExpressions").index(i), report);
    }
    for (i, requirement) in term.items("matchFields").iter().enumerate() {
        node_field_requirement(requirement, &path.field("matchFields").index(i), report);
    }
}

fn node_requirement(requirement: &Value, any_value: bool, path: &FieldPath, report: &mut Report) {
    let values = requirement.items("values");
    let at = path.field("values");
    match requirement.text("operator") {
        "In" | "NotIn" if values.is_empty() => report.required(&at, VALUES_NEEDED),
        "Exists" | "DoesNotExist" if !values.is_empty() => report.forbidden(&at, NO_VALUES),
        "Gt" | "Lt" if values.len() != 1 => report.required(&at, "must be specified single value when `operator` is 'Lt' or 'Gt'"),
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => report.invalid(&path.field("operator"), other, NOT_AN_OPERATOR),
    }
    label_name(requirement.text("key"), &path.field("key"), report);
    if !any_value {
        label_values(values, &at, report);
    }
}

fn node_field_requirement(requirement: &Value, path: &FieldPath, report: &mut Report) {
    let values = requirement.items("values");
    match requirement.text("operator") {
        "In" | "NotIn" if values.len() != 1 => {
            report.required(&path.field("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        "In" | "NotIn" => {}
        other => report.invalid(&path.field("operator"), other, NOT_AN_OPERATOR),
    }
    let key = requirement.text("key");
    if key != "metadata.name" {
        return report.invalid(&path.field("key"), key, "not a valid field selector key");
    }
    for (i, value) in values.iter().enumerate() {
        let value = value.as_text().unwrap_or("");
        report.each(&path.field("values").index(i), value, names::dns_subdomain(value));
    }
}
