//! Scheduling constraints of pods (affinity, tolerations, topology spread) and taints of nodes.
//!
//! Models pkg/apis/core/validation/validation.go `validateAffinity`, `ValidateTolerations`, `validateTopologySpreadConstraints`,
//! `validateNodeTaints`.

use base::sorted::SortedSet;

use crate::validate::internal::GoType;
use crate::validate::report::{Members, POSITIVE, Report};
use crate::validate::selector;
use api::names;
use base::field_path::FieldPath;
use base::value::Value;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// Models `validateAffinity`.
pub fn affinity(affinity: &Value, path: &FieldPath, report: &mut Report) {
    if let Some(nodes) = affinity.given("nodeAffinity") {
        let path = path.field("nodeAffinity");
        if let Some(required) = nodes.given(REQUIRED) {
            selector::node_selector(required, &path.field(REQUIRED), report);
        }
        for (path, term) in path.field(PREFERRED).each(nodes.items(PREFERRED).iter()) {
            weight(term, &path, report);
            selector::node_term(term.part("preference"), true, &path.field("preference"), report);
        }
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        let pods = affinity.part(field);
        for (i, term) in pods.items(REQUIRED).iter().enumerate() {
            pod_term(term, &path.field(field).field(REQUIRED).index(i), report);
        }
        for (path, term) in path.field(field).field(PREFERRED).each(pods.items(PREFERRED).iter()) {
            weight(term, &path, report);
            pod_term(term.part("podAffinityTerm"), &path.field("podAffinityTerm"), report);
        }
    }
}

fn weight(term: &Value, path: &FieldPath, report: &mut Report) {
    let weight = term.number("weight").unwrap_or(0);
    report.invalid_if(!(1..=100).contains(&weight), &path.field("weight"), weight, "must be in the range 1-100");
}

/// Models `validatePodAffinityTerm`.
fn pod_term(term: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["labelSelector", "namespaceSelector"] {
        selector::label_selector(term.part(field), &path.field(field), report);
    }
    for namespace in term.items("namespaces").iter().filter_map(Value::as_text) {
        report.each(&path.field("namespace"), namespace, names::dns_label(namespace));
    }
    label_keys(term, path, report);
    let key = term.text("topologyKey");
    report.needs(path, term, "topologyKey", "can not be empty");
    selector::label_name(key, &path.field("topologyKey"), report);
}

/// Models `validateMatchLabelKeysAndMismatchLabelKeys`.
fn label_keys(term: &Value, path: &FieldPath, report: &mut Report) {
    for field in ["matchLabelKeys", "mismatchLabelKeys"] {
        let keys = term.items(field);
        if !keys.is_empty() && term.given("labelSelector").is_none() {
            report.forbidden(&path.field(field), "must not be specified when labelSelector is not set");
            continue;
        }
        for (i, key) in keys.iter().enumerate() {
            selector::label_name(key.as_text().unwrap_or(""), &path.field(field).index(i), report);
        }
    }
    selected_twice(term, path, report);
    for (i, key) in term.items("matchLabelKeys").iter().enumerate() {
        if term.items("mismatchLabelKeys").contains(key) {
            report.invalid(&path.field("matchLabelKeys").index(i), key.clone(), "exists in both matchLabelKeys and mismatchLabelKeys");
        }
    }
}

/// Models `ValidateTolerations`.
pub fn tolerations(tolerations: &[Value], path: &FieldPath, report: &mut Report) {
    for (path, toleration) in path.each(tolerations.iter()) {
        let at_operator = path.field("operator");
        let (key, operator, value, effect) =
            (toleration.text("key"), toleration.text("operator"), toleration.text("value"), toleration.text("effect"));
        if !key.is_empty() {
            selector::label_name(key, &path.field("key"), report);
        }
        if key.is_empty() && operator != "Exists" {
            let detail = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            report.invalid(&at_operator, operator, detail);
        }
        if toleration.given("tolerationSeconds").is_some() && effect != "NoExecute" {
            report.invalid(&path.field("effect"), effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        match operator {
            "Equal" | "" => joined(value, &at_operator, report),
            "Exists" if !value.is_empty() => report.invalid(&at_operator, value, "value must be empty when `operator` is 'Exists'"),
            "Exists" => {}
            "Lt" | "Gt" => report.not_supported(&at_operator, operator, &["Equal", "Exists", "Lt", "Gt"]),
            other => report.not_supported(&at_operator, other, &["Equal", "Exists"]),
        }
        if !effect.is_empty() {
            report.one_of(&path.field("effect"), effect, &EFFECTS);
        }
    }
}

/// A label value; all that is wrong with it goes into one error.
fn joined(value: &str, path: &FieldPath, report: &mut Report) {
    let wrong = names::label_value(value);
    report.invalid_if(!wrong.is_empty(), path, value, wrong.join(";"));
}

/// Models `validateTopologySpreadConstraints`.
pub fn topology_spread(constraints: &[Value], path: &FieldPath, report: &mut Report) {
    for (i, constraint) in constraints.iter().enumerate() {
        let path = path.index(i);
        let skew = constraint.number("maxSkew").unwrap_or(0);
        report.invalid_if(skew <= 0, &path.field("maxSkew"), skew, POSITIVE);
        let (key, action) = (constraint.text("topologyKey"), constraint.text("whenUnsatisfiable"));
        report.needs(&path, constraint, "topologyKey", "can not be empty");
        report.known(&path.field("whenUnsatisfiable"), action, &["DoNotSchedule", "ScheduleAnyway"]);
        if constraints[i + 1..].iter().any(|c| c.text("topologyKey") == key && c.text("whenUnsatisfiable") == action) {
            report.duplicate(&path.field("{topologyKey, whenUnsatisfiable}"), format!("{{{key}, {action}}}"));
        }
        if let Some(domains) = constraint.number("minDomains") {
            report.invalid_if(domains <= 0, &path.field("minDomains"), domains, POSITIVE);
            if action != "DoNotSchedule" {
                let detail = format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
                report.invalid(&path.field("minDomains"), domains, detail);
            }
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            report.may_be(&path, constraint, field, &["Honor", "Ignore"]);
        }
        label_keys(constraint, &path, report);
        selector::label_selector(constraint.part("labelSelector"), &path.field("labelSelector"), report);
    }
}

/// A key in `matchLabelKeys` must not also be in the label selector.
fn selected_twice(term: &Value, path: &FieldPath, report: &mut Report) {
    let keys = term.items("matchLabelKeys");
    let selector = term.part("labelSelector");
    let mut selected: SortedSet<&str> = selector.entries("matchLabels").into_iter().map(|(key, _)| key).collect();
    for expression in selector.items("matchExpressions") {
        let key = expression.text("key");
        if let Some(i) = keys.iter().rposition(|k| k.as_text() == Some(key))
            && selected.contains(key)
        {
            report.invalid(&path.index(i), key, "exists in both matchLabelKeys and labelSelector");
        }
        selected.insert(key);
    }
}

/// Taints of a node. Models `validateNodeTaints`.
pub fn taints(taints: &[Value], path: &FieldPath, report: &mut Report) {
    let mut seen = SortedSet::new();
    for (path, taint) in path.each(taints.iter()) {
        let (key, effect) = (taint.text("key"), taint.text("effect"));
        selector::label_name(key, &path.field("key"), report);
        joined(taint.text("value"), &path.field("value"), report);
        report.one_of(&path.field("effect"), effect, &EFFECTS);
        if !seen.insert((key, effect)) {
            report.duplicate_typed(&path, taint, GoType::of("Taint"), "taints must be unique by key and effect pair");
        }
    }
}
