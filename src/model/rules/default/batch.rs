//! Defaults of Jobs, `CronJob`s and autoscalers.
//!
//! Models pkg/apis/batch/v1/defaults.go and pkg/apis/autoscaling/v2/defaults.go.

use api::release::Release;
use base::fill::Fill;
use base::value::Value;

/// The default CPU utilisation target, in percent of the request.
const CPU_UTILIZATION: i64 = 80;
/// The default period of a scaling policy, in seconds.
const SCALING_PERIOD_SECONDS: i64 = 15;

/// A job that is not new has the labels of its template, if it has none. Models the part of `SetDefaults_Job` on labels.
pub(super) fn job(job: &mut Value, _: &Release) {
    if !job.text_at(&["metadata", "resourceVersion"]).unwrap_or("").is_empty() {
        labels_from_template(job);
    }
}

/// Copies the template's labels to a job without any. In Go the two share one map, so that labels added to a new job's template also
/// show up on the job: for new jobs this runs after those have been added.
pub fn labels_from_template(job: &mut Value) {
    if let Some(labels) = job.at(&["spec", "template", "metadata", "labels"]).cloned() {
        job.absent(&["metadata", "labels"], labels);
    }
}

/// What an autoscaler goes by. Models `SetDefaults_HorizontalPodAutoscaler`.
pub(super) fn metrics(spec: &mut Value, _: &Release) {
    if spec.list_at(&["metrics"]).is_empty() {
        let mut metric = Value::of([("type", "Resource")]);
        metric.set(&["resource", "name"], "cpu");
        metric.set(&["resource", "target", "type"], "Utilization");
        metric.set(&["resource", "target", "averageUtilization"], CPU_UTILIZATION);
        spec.set(&["metrics"], Value::list([metric]));
    }
}

/// How fast an autoscaler scales. Models `GenerateHPAScaleUpRules` and `GenerateHPAScaleDownRules`.
pub(super) fn behavior(behavior: &mut Value, _: &Release) {
    let policy = |kind: &str, value: i64| {
        let period = ("periodSeconds", Value::from(SCALING_PERIOD_SECONDS));
        Value::of([("type", Value::from(kind)), ("value", Value::from(value)), period])
    };
    behavior.absent(&["scaleUp", "stabilizationWindowSeconds"], 0);
    behavior.absent(&["scaleUp", "selectPolicy"], "Max");
    behavior.absent(&["scaleUp", "policies"], Value::list([policy("Pods", 4), policy("Percent", 100)]));
    behavior.absent(&["scaleDown", "selectPolicy"], "Max");
    behavior.absent(&["scaleDown", "policies"], Value::list([policy("Percent", 100)]));
}
