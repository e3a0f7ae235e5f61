//! The pod failure and success policies of Jobs.
//!
//! Models the `PodFailurePolicy` and the `SuccessPolicy` of pkg/apis/batch/validation/validation.go.

use crate::validate::report::{Members, Report};
use crate::validate::rules::Here;
use api::names;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::sorted::SortedSet;
use base::value::Value;

/// The maximum number of rules in a policy, and of conditions in a rule.
const RULES_MAX: usize = 20;
/// The maximum number of exit codes in a rule.
const EXIT_CODES_MAX: usize = 255;
/// The maximum length of a list of indexes.
const INDEXES_MAX: usize = 64 * 1024;
const ACTIONS: [&str; 4] = ["Count", "FailIndex", "FailJob", "Ignore"];
const OPERATORS: [&str; 2] = ["In", "NotIn"];
const STATUSES: [&str; 3] = ["False", "True", "Unknown"];

/// Models `validatePodFailurePolicy`.
pub(super) fn failure(here: &Here, report: &mut Report) {
    let (job, rules, path) = (here.of, here.value.items("rules"), here.path.field("rules"));
    report.too_many(&path, rules.len(), RULES_MAX);
    for (i, rule) in rules.iter().enumerate() {
        failure_rule(job, rule, &path.index(i), report);
    }
}

fn failure_rule(job: &Value, rule: &Value, path: &FieldPath, report: &mut Report) {
    let action = rule.text("action");
    if action == "FailIndex" {
        if job.given("backoffLimitPerIndex").is_none() {
            report.invalid(&path.field("action"), action, "requires the backoffLimitPerIndex to be set");
        }
    } else {
        listed(&path.field("action"), action, &ACTIONS, report);
    }
    let (codes, conditions) = (rule.given("onExitCodes"), rule.items("onPodConditions"));
    if let Some(codes) = codes {
        exit_codes(job.part("template").part("spec"), codes, &path.field("onExitCodes"), report);
    }
    let at = path.field("onPodConditions");
    report.too_many(&at, conditions.len(), RULES_MAX);
    for (i, condition) in conditions.iter().enumerate() {
        report.each(&at.index(i).field("type"), condition.text("type"), names::label_key(condition.text("type")));
        listed(&at.index(i).field("status"), condition.text("status"), &STATUSES, report);
    }
    match (codes, conditions) {
        (Some(_), [_, ..]) => report.invalid_unshown(path, "specifying both OnExitCodes and OnPodConditions is not supported"),
        (None, []) => report.invalid_unshown(path, "specifying one of OnExitCodes and OnPodConditions is required"),
        _ => {}
    }
}

/// A required enum value; if it is missing, the error lists the valid ones.
fn listed(path: &FieldPath, value: &str, supported: &[&str], report: &mut Report) {
    if value.is_empty() {
        let list: Vec<String> = supported.iter().map(|word| go_quoted(word)).collect();
        report.required(path, &format!("valid values: [{}]", list.join(" ")));
    } else {
        report.known(path, value, supported);
    }
}

fn exit_codes(pod: &Value, codes: &Value, path: &FieldPath, report: &mut Report) {
    let operator = codes.text("operator");
    listed(&path.field("operator"), operator, &OPERATORS, report);
    if let Some(name) = codes.given("containerName").and_then(Value::as_text) {
        let mut containers = pod.items("containers").iter().chain(pod.items("initContainers"));
        if !containers.any(|container| container.text("name") == name) {
            let detail = "must be one of the container or initContainer names in the pod template";
            report.invalid(&path.field("containerName"), name, detail);
        }
    }
    let (path, values) = (path.field("values"), codes.items("values"));
    if values.is_empty() {
        report.invalid(&path, codes.part("values").clone(), "at least one value is required");
    } else {
        report.too_many(&path, values.len(), EXIT_CODES_MAX);
    }
    let mut seen = SortedSet::new();
    for (i, code) in values.iter().enumerate() {
        report.invalid_if(operator == "In" && code.as_int() == Some(0), &path.index(i), 0, "must not be 0 for the In operator");
        if !seen.insert(code.as_int()) {
            report.duplicate(&path.index(i), code.clone());
        }
    }
    report.invalid_if(!values.is_sorted_by_key(Value::as_int), &path, values.to_vec(), "must be ordered");
}

/// Models `validateSuccessPolicy`, for an Indexed Job.
pub(super) fn success(here: &Here, report: &mut Report) {
    let (job, rules, path) = (here.of, here.value.items("rules"), here.path);
    report.needs(path, here.value, "rules", "at least one rules must be specified when the successPolicy is specified");
    let path = path.field("rules");
    report.too_many(&path, rules.len(), RULES_MAX);
    for (i, rule) in rules.iter().enumerate() {
        success_rule(rule, job.number("completions").unwrap_or(0), &path.index(i), report);
    }
}

fn success_rule(rule: &Value, completions: i64, path: &FieldPath, report: &mut Report) {
    let (indexes, count) = (rule.given("succeededIndexes").and_then(Value::as_text), rule.number("succeededCount"));
    report.required_if(indexes.is_none() && count.is_none(), path, "at least one of succeededCount or succeededIndexes must be specified");
    let mut listed = None;
    if let Some(indexes) = indexes {
        let path = path.field("succeededIndexes");
        if indexes.len() > INDEXES_MAX {
            report.too_long(&path, INDEXES_MAX);
        }
        listed = Some(count_indexes(indexes, completions).unwrap_or_else(|wrong| {
            report.invalid(&path, indexes, format!("error parsing succeededIndexes: {wrong}"));
            0
        }));
    }
    let Some(count) = count else { return };
    let path = path.field("succeededCount");
    report.non_negative(&path, count);
    if count > completions {
        report.invalid(&path, count, format!("must be less than or equal to {completions} (the number of specified completions)"));
    }
    if let Some(listed) = listed.filter(|listed| count > *listed) {
        let of = "(the number of indexes in the specified succeededIndexes field)";
        report.invalid(&path, count, format!("must be less than or equal to {listed} {of}"));
    }
}

/// The number of indexes in a list such as `0-2,5`, or the error in it. Models `validateIndexesFormat`.
fn count_indexes(text: &str, completions: i64) -> Result<i64, String> {
    let (mut last, mut total) = (None, 0);
    for interval in text.split(',').filter(|_| !text.is_empty()) {
        let parts: Vec<&str> = interval.split('-').collect();
        let index = |text: &str| match text.parse::<i64>() {
            Err(_) => Err(format!("cannot convert string to integer for index: {}", go_quoted(text))),
            Ok(index) if index >= completions => Err(format!("too large index: {}", go_quoted(text))),
            Ok(index) => Ok(index),
        };
        let (from, to) = match parts[..] {
            [one] => (index(one)?, None),
            [from, to] => (index(from)?, Some(index(to)?)),
            _ => {
                let rule = "violates the requirement that an index interval can have at most two parts separated by '-'";
                return Err(format!("the fragment {} {rule}", go_quoted(interval)));
            }
        };
        for (before, after) in [(Some(from), to), (last, Some(from))] {
            if let (Some(before), Some(after)) = (before, after)
                && before >= after
            {
                return Err(format!("non-increasing order, previous: {before}, current: {after}"));
            }
        }
        let to = to.unwrap_or(from);
        (last, total) = (Some(to), total + to - from + 1);
    }
    Ok(total)
}
