//! Defaults of Jobs, `CronJob`s and autoscalers.
//!
//! Models pkg/apis/batch/v1/defaults.go and pkg/apis/autoscaling/v2/defaults.go.

use crate::default::pod;
use base::fill::Fill;
use base::value::Value;

/// The default `backoffLimit` of a job.
const BACKOFF_LIMIT: i64 = 6;
/// The default with a limit per index: no limit.
const BACKOFF_LIMIT_NONE: i64 = 2_147_483_647;
/// The default CPU utilisation target, in percent of the request.
const CPU_UTILIZATION: i64 = 80;
/// The default period of a scaling policy, in seconds.
const SCALING_PERIOD_SECONDS: i64 = 15;

/// Models `SetDefaults_Job`.
pub fn job(job: &mut Value) {
    let given = |job: &Value, field: &str| job.at(&["spec", field]).is_some_and(|v| !v.is_null());
    if !given(job, "completions") && !given(job, "parallelism") {
        job.set(&["spec", "completions"], 1);
    }
    job.absent(&["spec", "parallelism"], 1);
    let limit = if given(job, "backoffLimitPerIndex") { BACKOFF_LIMIT_NONE } else { BACKOFF_LIMIT };
    job.absent(&["spec", "backoffLimit"], limit);
    let is_new = job.text_at(&["metadata", "resourceVersion"]).unwrap_or("").is_empty();
    if !is_new {
        labels_from_template(job);
    }
    job.absent(&["spec", "completionMode"], "NonIndexed");
    job.absent(&["spec", "suspend"], false);
    let replacement = if given(job, "podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    job.absent(&["spec", "podReplacementPolicy"], replacement);
    job.absent(&["spec", "manualSelector"], false);
    job.each(&["spec", "podFailurePolicy", "rules"], |rule| rule.each(&["onPodConditions"], |pattern| pattern.zero(&["status"], "True")));
    pod::template(job, &["spec", "template"]);
}

/// Copies the template's labels to a job without any. In Go the two share one map, so that labels added to a new job's template also
/// show up on the job: for new jobs this runs after those have been added.
pub fn labels_from_template(job: &mut Value) {
    if let Some(labels) = job.at(&["spec", "template", "metadata", "labels"]).cloned() {
        job.absent(&["metadata", "labels"], labels);
    }
}

/// Models `SetDefaults_CronJob`.
pub fn cron_job(job: &mut Value) {
    job.zero(&["spec", "concurrencyPolicy"], "Allow");
    job.absent(&["spec", "suspend"], false);
    job.absent(&["spec", "successfulJobsHistoryLimit"], 3);
    job.absent(&["spec", "failedJobsHistoryLimit"], 1);
    pod::template(job, &["spec", "jobTemplate", "spec", "template"]);
}

/// Models `SetDefaults_HorizontalPodAutoscaler`.
pub fn autoscaler(scaler: &mut Value) {
    scaler.absent(&["spec", "minReplicas"], 1);
    if scaler.list_at(&["spec", "metrics"]).is_empty() {
        let mut metric = Value::of([("type", "Resource")]);
        metric.set(&["resource", "name"], "cpu");
        metric.set(&["resource", "target", "type"], "Utilization");
        metric.set(&["resource", "target", "averageUtilization"], CPU_UTILIZATION);
        scaler.set(&["spec", "metrics"], Value::list([metric]));
    }
    scaler.within(&["spec", "behavior"], |behavior| {
        let policy = |kind: &str, value: i64| {
            let period = ("periodSeconds", Value::from(SCALING_PERIOD_SECONDS));
            Value::of([("type", Value::from(kind)), ("value", Value::from(value)), period])
        };
        behavior.absent(&["scaleUp", "stabilizationWindowSeconds"], 0);
        behavior.absent(&["scaleUp", "selectPolicy"], "Max");
        behavior.absent(&["scaleUp", "policies"], Value::list([policy("Pods", 4), policy("Percent", 100)]));
        behavior.absent(&["scaleDown", "selectPolicy"], "Max");
        behavior.absent(&["scaleDown", "policies"], Value::list([policy("Percent", 100)]));
    });
}
