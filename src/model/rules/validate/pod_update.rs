//! Updates of pods: only few fields are mutable.
//!
//! Not modelled: in-place resize, which has a subresource of its own; static pods.
//!
//! Models pkg/apis/core/validation/validation.go `ValidatePodUpdate`, `ValidatePodStatusUpdate` and
//! `ValidatePodEphemeralContainersUpdate`.

use crate::validate::internal::{GoType, go_json_indented};
use crate::validate::report::{Members, Report};
use crate::validate::{container, diff, meta, pod, scheduling};
use api::names;
use api::status::Fixed;
use base::field_path::FieldPath;
use base::quoted::go_quoted;
use base::value::Value;

/// The mutable fields, in the server's words.
const UPDATABLE: &str = "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,\
    `spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),\
    `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
/// The same of a pod that has scheduling gates.
const UPDATABLE_WITH_GATES: &str = ",`spec.schedulingGates` (only deletions of existing scheduling gates),\
    `spec.nodeSelector` (only additions, and only while the pod has scheduling gates),\
    `spec.affinity.nodeAffinity` (only while the pod has scheduling gates)";
/// The maximum of `activeDeadlineSeconds`.
const DEADLINE_SECONDS_MAX: i64 = 2_147_483_647;

/// Validates an updated pod. Models `ValidatePodUpdate`.
pub fn update(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    pod::metadata_and_spec(new, report);
    let path = FieldPath::of("spec");
    let (new, old) = (new.part("spec"), old.part("spec"));
    for field in ["containers", "initContainers"] {
        let (containers, before) = (new.items(field), old.items(field));
        if containers.len() != before.len() {
            return report.forbidden(&path.field(field), "pod updates may not add or remove containers");
        }
        for (path, container) in path.field(field).each(containers.iter()) {
            report.needs(&path, container, "image", "");
            container::image_without_blanks(container, &path, report);
        }
    }
    if !deadline(new, old, &path.field("activeDeadlineSeconds"), report) {
        return;
    }
    tolerations(new.items("tolerations"), old.items("tolerations"), &path.field("tolerations"), report);
    scheduling_gates(new.items("schedulingGates"), old.items("schedulingGates"), &path.field("schedulingGates"), report);
    if new == old {
        return;
    }
    let rest = without_updatable(new, old, &path, report);
    let shown = |spec: &Value| go_json_indented(spec, GoType::of("PodSpec").of_release(report.release));
    let (before, after) = (shown(old), shown(&rest));
    if before != after {
        let gated = if report.release.names_changes_of_gated_pods { UPDATABLE_WITH_GATES } else { "" };
        report.forbidden(&path, Fixed(format!("{UPDATABLE}{gated}\n{}", diff::unified(&before, &after))));
    }
}

/// Validates a pod whose ephemeral containers were updated: none may be removed or changed. Models
/// `ValidatePodEphemeralContainersUpdate`.
pub fn ephemeral_containers(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    pod::metadata_and_spec(new, report);
    let path = FieldPath::of("spec").field("ephemeralContainers");
    let shown = |container: &Value| go_json_indented(container, GoType::of("EphemeralContainer").of_release(report.release));
    let wrong = |before: &Value| {
        let name = before.text("name");
        match new.part("spec").items("ephemeralContainers").iter().rfind(|container| container.text("name") == name) {
            None => Some(format!("existing ephemeral containers {} may not be removed\n", go_quoted(name))),
            Some(container) if container != before => {
                let difference = diff::unified(&shown(before), &shown(container));
                Some(format!("existing ephemeral containers {} may not be changed\n{difference}", go_quoted(name)))
            }
            Some(_) => None,
        }
    };
    let wrong: Vec<String> = old.part("spec").items("ephemeralContainers").iter().filter_map(wrong).collect();
    for detail in wrong {
        report.forbidden(&path, detail);
    }
}

/// Validates the updated status of a pod. Models `ValidatePodStatusUpdate`.
pub fn status(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    for (i, condition) in new.part("status").items("conditions").iter().enumerate() {
        let kind = condition.text("type");
        if !["PodScheduled", "Ready", "Initialized"].contains(&kind) {
            report.each(&FieldPath::of("metadata.conditions").index(i).field("Type"), kind, names::label_key(kind));
        }
    }
    let path = FieldPath::of("status");
    if new.part("spec").text("nodeName") != old.part("spec").text("nodeName") {
        report.forbidden(&path.field("nodeName"), "may not be changed directly");
    }
    let (status, before) = (new.part("status"), old.part("status"));
    report.immutable_text(&path.field("qosClass"), status.text("qosClass"), before.text("qosClass"));
    let policy = old.part("spec").text("restartPolicy");
    containers_stay_ended(status, before, policy, &path.field("containerStatuses"), report);
}

/// Containers that must not restart stay terminated. Models `ValidateContainerStateTransition`.
fn containers_stay_ended(new: &Value, old: &Value, policy: &str, path: &FieldPath, report: &mut Report) {
    if policy == "Always" {
        return;
    }
    for (i, before) in old.items("containerStatuses").iter().enumerate() {
        let Some(ended) = before.part("state").given("terminated") else { continue };
        if ended.number("exitCode").unwrap_or(0) != 0 && policy == "OnFailure" {
            continue;
        }
        let runs_again = |s: &&Value| s.text("name") == before.text("name") && s.part("state").given("terminated").is_none();
        for _ in new.items("containerStatuses").iter().filter(runs_again) {
            report.forbidden(&path.index(i).field("state"), "may not be transitioned to non-terminated state");
        }
    }
}

/// The deadline may be set or shortened. Returns whether validation should go on.
fn deadline(new: &Value, old: &Value, path: &FieldPath, report: &mut Report) -> bool {
    match (new.number("activeDeadlineSeconds"), old.number("activeDeadlineSeconds")) {
        (Some(new), _) if !(0..=DEADLINE_SECONDS_MAX).contains(&new) => {
            report.each(path, new, names::in_range(new, 0, DEADLINE_SECONDS_MAX));
            false
        }
        (Some(new), Some(old)) if old < new => {
            report.invalid(path, new, "must be less than or equal to previous value");
            false
        }
        (None, Some(_)) => {
            report.invalid(path, Value::Null, "must not update from a positive integer to nil value");
            true
        }
        _ => true,
    }
}

/// Tolerations may only be added. Models `validateOnlyAddedTolerations`.
fn tolerations(new: &[Value], old: &[Value], path: &FieldPath, report: &mut Report) {
    let timeless = |toleration: &Value| {
        let mut toleration = toleration.clone();
        toleration.remove(&["tolerationSeconds"]);
        toleration
    };
    if old.iter().any(|old| !new.iter().any(|new| timeless(new) == timeless(old))) {
        return report.forbidden(path, "existing toleration can not be modified except its tolerationSeconds");
    }
    scheduling::tolerations(new, path, report);
}

/// Scheduling gates may only be removed. Models `validateOnlyDeletedSchedulingGates`.
fn scheduling_gates(new: &[Value], old: &[Value], path: &FieldPath, report: &mut Report) {
    for (i, gate) in new.iter().enumerate() {
        let name = gate.text("name");
        if !old.iter().any(|old| old.text("name") == name) {
            report.forbidden(&path.index(i).field("name"), format!("only deletion is allowed, but found new scheduling gate '{name}'"));
        }
    }
}

/// The new spec with all mutable fields reset: any remaining difference is forbidden.
fn without_updatable(new: &Value, old: &Value, path: &FieldPath, report: &mut Report) -> Value {
    let mut rest = new.clone();
    for field in ["containers", "initContainers"] {
        if rest.given(field).is_none() {
            continue;
        }
        let before = old.items(field);
        let containers = new.items(field).iter().zip(before).map(|(container, before)| {
            let mut container = container.clone();
            container.set(&["image"], before.text("image"));
            container
        });
        rest.set(&[field], Value::list(containers));
    }
    let mut restored = vec!["activeDeadlineSeconds", "schedulingGates", "tolerations"];
    if old.number("terminationGracePeriodSeconds").is_some_and(|s| s < 0) && rest.number("terminationGracePeriodSeconds") == Some(1) {
        restored.push("terminationGracePeriodSeconds");
    }
    if !old.items("schedulingGates").is_empty() {
        let selected = old.entries("nodeSelector");
        let kept = |(key, value): &(&str, &Value)| new.part("nodeSelector").get(key) == Some(*value);
        if !selected.iter().all(kept) {
            let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
            report.invalid(&path.field("nodeSelector"), new.part("nodeSelector").clone(), detail);
        }
        restored.push("nodeSelector");
    }
    for field in restored {
        match old.given(field) {
            Some(value) => rest.set(&[field], value.clone()),
            None => {
                rest.remove(&[field]);
            }
        }
    }
    rest
}
