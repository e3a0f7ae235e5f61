//! Jobs and `CronJob`s.
//!
//! Not modelled: the rules of pod failure and success policies, changes while a job is suspended, the grammar of schedules beyond their
//! number of fields.
//!
//! Models pkg/apis/batch/validation/validation.go.

use crate::api::kind::Kind;
use crate::api::release::Release;
use crate::api::status::FieldPath;
use crate::api::validate::internal::{GoType, go_json};
use crate::api::validate::report::{IMMUTABLE, Members, Report};
use crate::api::validate::{meta, names, pod, selector};
use crate::base::value::Value;

/// A `CronJob`'s name leaves room for what its jobs are called.
const CRON_JOB_NAME_MAX: usize = 52;
/// What a job counts.
const COUNTERS: [&str; 7] = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
    "maxFailedIndexes",
];
/// How many parts a schedule has.
const SCHEDULE_FIELDS: usize = 5;

/// A new job. Models `ValidateJob`.
pub fn create(job: &Value, report: &mut Report) {
    meta::create(Kind::Job, job.part("metadata"), report);
    spec(job.part("spec"), report);
}

/// A changed job. Models `ValidateJobUpdate`.
pub fn update(new: &Value, old: &Value, release: &Release, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    let (spec, before) = (new.part("spec"), old.part("spec"));
    self::spec(spec, report);
    let path = FieldPath::of("spec");
    if spec.text("completionMode") != "Indexed" {
        report.immutable(&path.field("completions"), spec.given("completions"), before.given("completions"));
    }
    for (field, of) in [("selector", "LabelSelector"), ("template", "PodTemplateSpec")] {
        if spec.part(field) != before.part(field) {
            report.invalid_struct(&path.field(field), &go_json(spec.part(field), GoType::of(of).of_release(release)), IMMUTABLE);
        }
    }
    for (field, of) in [("podFailurePolicy", "PodFailurePolicy"), ("successPolicy", "SuccessPolicy")] {
        if spec.given(field) != before.given(field) {
            let shown = spec.given(field).map_or("null".into(), |policy| go_json(policy, GoType::of(of)));
            report.invalid_struct(&path.field(field), &shown, IMMUTABLE);
        }
    }
    for field in ["completionMode", "backoffLimitPerIndex", "managedBy"] {
        report.immutable(&path.field(field), spec.given(field), before.given(field));
    }
}

/// Models `ValidateJobSpec`.
fn spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    runs(spec, &path, report);
    match spec.given("selector") {
        None => report.required(&path.field("selector"), ""),
        Some(selector) => selector::label_selector(selector, &path.field("selector"), report),
    }
    let labels = spec.part("template").part("metadata").part("labels");
    let wanted = spec.given("selector");
    if wanted.is_none_or(selector::is_sound) && !selector::matches(wanted, labels) {
        let path = path.field("template").field("metadata").field("labels");
        report.invalid(&path, labels.clone(), super::workload::SELECTOR_MISMATCH);
    }
}

/// What a job and the template of one have in common. Models `validateJobSpec`.
fn runs(spec: &Value, path: &FieldPath, report: &mut Report) {
    for field in COUNTERS {
        report.non_negative(&path.field(field), spec.number(field).unwrap_or(0));
    }
    if spec.given("maxFailedIndexes").is_some() && spec.given("backoffLimitPerIndex").is_none() {
        report.required(&path.field("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
    }
    if let Some(manager) = spec.given("managedBy").and_then(Value::as_text) {
        managed_by(manager, &path.field("managedBy"), report);
    }
    if let Some(mode) = spec.given("completionMode").and_then(Value::as_text) {
        if !["NonIndexed", "Indexed"].contains(&mode) {
            report.not_supported(&path.field("completionMode"), mode, &["Indexed", "NonIndexed"]);
        }
        if mode == "Indexed" && spec.given("completions").is_none() {
            report.required(&path.field("completions"), "when completion mode is Indexed");
        }
    }
    if matches!(spec.text("completionMode"), "" | "NonIndexed") {
        of_indexed_jobs(spec, path, report);
    }
    if let Some(policy) = spec.given("podReplacementPolicy").and_then(Value::as_text) {
        let supported = ["Failed", "TerminatingOrFailed"];
        if !supported.contains(&policy) {
            report.not_supported(&path.field("podReplacementPolicy"), policy, &supported);
        }
    }
    let template = spec.part("template");
    pod::template(template, &path.field("template"), report);
    let policy = template.part("spec").text("restartPolicy");
    let at = path.field("template").field("spec").field("restartPolicy");
    match policy {
        "OnFailure" | "Never" => {}
        "Always" | "" => {
            let detail = "valid values: \"OnFailure\", \"Never\"";
            report.required(&at, detail);
        }
        other => report.not_supported(&at, other, &["OnFailure", "Never"]),
    }
}

/// Who else than the job controller may look after a job. Models `IsDomainPrefixedPath` as far as its host.
fn managed_by(manager: &str, path: &FieldPath, report: &mut Report) {
    match manager.split_once('/').filter(|(host, rest)| !host.is_empty() && !rest.is_empty()) {
        _ if manager.is_empty() => report.required(path, ""),
        None => report.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")"),
        Some((host, _)) => report.each(path, host, names::dns_subdomain(host)),
    }
}

/// What only a job that counts its pods may have.
fn of_indexed_jobs(spec: &Value, path: &FieldPath, report: &mut Report) {
    const NEEDS_INDEXES: &str = "requires indexed completion mode";
    for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
        if let Some(count) = spec.number(field) {
            report.invalid(&path.field(field), count, NEEDS_INDEXES);
        }
    }
    if let Some(policy) = spec.given("successPolicy") {
        report.invalid_struct(&path.field("successPolicy"), &go_json(policy, GoType::of("SuccessPolicy")), NEEDS_INDEXES);
    }
}

/// A new `CronJob`. Models `ValidateCronJobCreate`.
pub fn create_cron(job: &Value, report: &mut Report) {
    meta::create(Kind::CronJob, job.part("metadata"), report);
    cron_spec(job.part("spec"), report);
    let name = job.part("metadata").text("name");
    if name.len() > CRON_JOB_NAME_MAX {
        report.invalid(&FieldPath::of("metadata.name"), name, format!("must be no more than {CRON_JOB_NAME_MAX} characters"));
    }
}

/// A changed `CronJob`. Models `ValidateCronJobUpdate`.
pub fn update_cron(new: &Value, old: &Value, report: &mut Report) {
    meta::update(new.part("metadata"), old.part("metadata"), report);
    cron_spec(new.part("spec"), report);
}

/// Models `validateCronJobSpec`.
fn cron_spec(spec: &Value, report: &mut Report) {
    let path = FieldPath::of("spec");
    let schedule = spec.text("schedule");
    let parts = schedule.split_whitespace().count();
    if schedule.is_empty() {
        report.required(&path.field("schedule"), "");
    } else if schedule.contains("TZ") {
        report.invalid(&path.field("schedule"), schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
    } else if !schedule.starts_with('@') && parts != SCHEDULE_FIELDS {
        let detail = format!("expected exactly {SCHEDULE_FIELDS} fields, found {parts}: [{schedule}]");
        report.invalid(&path.field("schedule"), schedule, detail);
    }
    report.non_negative(&path.field("startingDeadlineSeconds"), spec.number("startingDeadlineSeconds").unwrap_or(0));
    report.one_of(&path.field("concurrencyPolicy"), spec.text("concurrencyPolicy"), &["Allow", "Forbid", "Replace"]);
    let template = path.field("jobTemplate");
    let job = spec.part("jobTemplate").part("spec");
    runs(job, &template.field("spec"), report);
    if let Some(selector) = job.given("selector") {
        let shown = go_json(selector, GoType::of("LabelSelector"));
        report.invalid_struct(&template.field("spec").field("selector"), &shown, "`selector` will be auto-generated");
    }
    if job.flag("manualSelector") {
        report.not_supported(&template.field("spec").field("manualSelector"), true, &["nil", "false"]);
    }
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        report.non_negative(&path.field(field), spec.number(field).unwrap_or(0));
    }
}
