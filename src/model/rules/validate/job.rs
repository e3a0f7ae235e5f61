//! Jobs and `CronJob`s: what their table cannot say in a row.

use crate::validate::internal::GoType;
use crate::validate::report::{IMMUTABLE, Members, Report, is_empty};
use crate::validate::rules::Here;
use crate::validate::{meta, selector};
use api::names;
use api::status::Fault;
use api::well_known::OF_JOB;
use base::field_path::FieldPath;
use base::fill::Fill;
use base::value::Value;

/// The maximum length of a `CronJob`'s name, which leaves room for the suffix of its jobs' names.
const CRON_JOB_NAME_MAX: usize = 52;
/// The maximum length of `managedBy`.
const MANAGER_MAX: usize = 63;
/// The template's fields that may change while a job is suspended and has not started.
const FREE_WHILE_SUSPENDED: [&[&str]; 4] = [&["affinity", "nodeAffinity"], &["nodeSelector"], &["tolerations"], &["schedulingGates"]];

/// What is asked of a new job, and in some releases of an updated one.
pub(super) fn as_new(here: &Here, report: &mut Report) {
    if here.old.is_none() || report.release.judges_jobs_twice {
        meta::created(here, report);
        generated_labels(here.of, report);
    }
}

/// The labels that the server generates for a job's pods must not be set to other values. Models `validateGeneratedSelector`.
fn generated_labels(job: &Value, report: &mut Report) {
    let (meta, spec) = (job.part("metadata"), job.part("spec"));
    let Some(selector) = spec.given("selector").filter(|_| !spec.flag("manualSelector")) else { return };
    let labels = spec.part("template").part("metadata").part("labels");
    let path = FieldPath::of("spec.template.metadata.labels");
    let mut expected = Value::map();
    for keys in OF_JOB {
        for (key, value) in keys.into_iter().zip([meta.text("uid"), meta.text("name")]) {
            let wanted = format!("must be '{value}'");
            match labels.given(key).and_then(Value::as_text) {
                None => report.required(&path.key(key), &wanted),
                Some(other) if other != value => report.invalid(&path.key(key), labels.clone(), wanted),
                Some(_) => {}
            }
            expected.set(&[key], value);
        }
    }
    if selector::is_sound(selector) && !selector::matches(Some(selector), &expected) {
        report.invalid_typed(&FieldPath::of("spec.selector"), selector, GoType::of("LabelSelector"), "`selector` not auto-generated");
    }
}

/// What may change of a job. Models the rest of `ValidateJobUpdate`.
pub(super) fn changes(here: &Here, report: &mut Report) {
    let Here { of: new, old, .. } = here;
    let Some(old) = old else { return };
    let (spec, before) = (new.part("spec"), old.part("spec"));
    let path = FieldPath::of("spec");
    if spec.text("completionMode") != "Indexed" {
        report.immutable(&path.field("completions"), spec.given("completions"), before.given("completions"));
    }
    immutable_struct(spec, before, "selector", GoType::of("LabelSelector"), report);
    template_update(spec, old, report);
    report.immutable(&path.field("completionMode"), spec.given("completionMode"), before.given("completionMode"));
    immutable_struct(spec, before, "podFailurePolicy", GoType::of("PodFailurePolicy"), report);
    for field in ["backoffLimitPerIndex", "managedBy"] {
        report.immutable(&path.field(field), spec.given(field), before.given(field));
    }
    immutable_struct(spec, before, "successPolicy", GoType::of("SuccessPolicy"), report);
}

fn immutable_struct(spec: &Value, before: &Value, field: &str, of: GoType, report: &mut Report) {
    if spec.given(field) != before.given(field) {
        report.invalid_typed(&FieldPath::of("spec").field(field), spec.given(field), of, IMMUTABLE);
    }
}

/// A suspended job may still change its scheduling constraints and resources. Models `validatePodTemplateUpdate`.
fn template_update(spec: &Value, old: &Value, report: &mut Report) {
    let [mut now, mut before] = [spec, old.part("spec")].map(|spec| spec.part("template").part("spec").clone());
    let status = old.part("status");
    let suspended = |condition: &Value| condition.text("type") == "Suspended" && condition.text("status") == "True";
    let is_mutable = old.part("spec").flag("suspend")
        && (status.given("startTime").is_none() || status.items("conditions").iter().any(suspended))
        && status.number("active").unwrap_or(0) == 0;
    if !is_mutable {
        immutable_struct(spec, old.part("spec"), "template", GoType::of("PodTemplateSpec"), report);
        return;
    }
    for pods in [&mut now, &mut before] {
        for path in FREE_WHILE_SUSPENDED {
            pods.remove(path);
        }
        if pods.get("affinity").is_some_and(is_empty) {
            pods.remove(&["affinity"]);
        }
        for list in ["containers", "initContainers"] {
            pods.each(&[list], |container| drop(container.remove(&["resources"])));
        }
    }
    if now != before {
        let path = FieldPath::of("spec.template.spec");
        report.invalid_typed(&path, spec.part("template").part("spec"), GoType::of("PodSpec"), IMMUTABLE);
    }
}

/// The pods of a job are its own.
pub(super) fn selected(here: &Here, report: &mut Report) {
    let labels = here.of.part("template").part("metadata").part("labels");
    let wanted = here.of.given("selector");
    if wanted.is_none_or(selector::is_sound) && !selector::matches(wanted, labels) {
        report.add(&FieldPath::of("spec.template.metadata.labels"), Fault::NotSelected(labels.clone()), "");
    }
}

/// The pods of a job end.
pub(super) fn restart_policy(here: &Here, report: &mut Report) {
    let policy = here.value.part("spec").text("restartPolicy");
    let at = here.path.field("spec").field("restartPolicy");
    match policy {
        "OnFailure" | "Never" => {}
        "Always" | "" => report.required(&at, "valid values: \"OnFailure\", \"Never\""),
        other => report.not_supported(&at, other, &["OnFailure", "Never"]),
    }
}

/// The selector of a CronJob's jobs.
pub(super) fn not_manual(here: &Here, report: &mut Report) {
    report.not_supported(here.path, true, &["nil", "false"]);
}

/// The external controller of a job. Models `IsDomainPrefixedPath` as far as the host.
pub(super) fn managed_by(manager: &Value, path: &FieldPath, report: &mut Report) {
    let Some(manager) = manager.as_text() else { return };
    match manager.split_once('/').filter(|(host, rest)| !host.is_empty() && !rest.is_empty()) {
        _ if manager.is_empty() => report.required(path, ""),
        None => report.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
        Some((host, _)) => report.each(path, host, names::dns_subdomain(host)),
    }
    if manager.len() > MANAGER_MAX {
        report.too_long(path, MANAGER_MAX);
    }
}

/// The name of a new `CronJob` leaves room for those of its jobs.
pub(super) fn short_name(here: &Here, report: &mut Report) {
    let name = here.value.text("name");
    let is_long = name.len() > CRON_JOB_NAME_MAX;
    report.invalid_if(is_long, &here.path.field("name"), name, format!("must be no more than {CRON_JOB_NAME_MAX} characters"));
}
