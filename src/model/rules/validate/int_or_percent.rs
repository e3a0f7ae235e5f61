//! Numbers that may be given as percentages.

use crate::validate::report::Report;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

/// A non-negative number or a percentage. Models `ValidatePositiveIntOrPercent`.
pub fn int_or_percent(value: &Value, path: &FieldPath, report: &mut Report) {
    match value.as_text() {
        Some(text) => names::percent(text).into_iter().for_each(|wrong| report.invalid(path, value.clone(), wrong)),
        None => report.non_negative(path, value.as_int().unwrap_or(0)),
    }
}

/// Checks that a percentage is at most 100. Models `IsNotMoreThan100Percent`.
pub fn at_most_all(value: &Value, path: &FieldPath, report: &mut Report) {
    if percentage(value).is_some_and(|percent| percent > 100) {
        report.invalid(path, value.clone(), "must not be greater than 100%");
    }
}

/// Whether a number or percentage is zero; malformed text counts as zero.
/// Models `getIntOrPercentValue`.
pub fn is_zero(value: &Value) -> bool {
    match value.as_text() {
        Some(text) => percentage(value).or_else(|| text.parse().ok()).unwrap_or(0) == 0,
        None => value.as_int().unwrap_or(0) == 0,
    }
}

fn percentage(value: &Value) -> Option<i64> {
    value.as_text().filter(|text| names::percent(text).is_empty()).map(|text| text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
}
