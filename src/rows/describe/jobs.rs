//! Jobs, CronJobs and DaemonSets.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go JobDescriber, CronJobDescriber and DaemonSetDescriber.

use base::time::{Span, Time};
use base::value::Value;
use rows::cells::{label_selector, selector};
use rows::describe::common::{controlled_by, head, labels_and_annotations};
use rows::describe::layout::Page;
use rows::describe::pod_template;
use rows::describe::view::View;
use rows::describe::workloads::pods_status;
use rows::view::{NONE, UNSET, int, labels_text, long_date, map_at, scalar, text, truth};

/// Describes a Job, up to its events.
pub fn job(page: &mut Page, job: &Value, view: &View) {
    head(page, job);
    page.field(0, "Selector", job.at(&["spec", "selector"]).map_or_else(String::new, label_selector));
    labels_and_annotations(page, job);
    controlled_by(page, 0, "Controlled By", job, view);
    page.field(0, "Parallelism", int(job, &["spec", "parallelism"]).to_string());
    page.field(0, "Completions", or_unset(job, "completions"));
    for (title, field) in [
        ("Completion Mode", "completionMode"),
        ("Suspend", "suspend"),
        ("Backoff Limit", "backoffLimit"),
        ("TTL Seconds After Finished", "ttlSecondsAfterFinished"),
    ] {
        page.field_some(0, title, job.at(&["spec", field]).map(scalar));
    }
    let (start, end) = (text(job, &["status", "startTime"]), text(job, &["status", "completionTime"]));
    for (title, stamp) in [("Start Time", start), ("Completed At", end)] {
        if !stamp.is_empty() {
            page.field(0, title, long_date(stamp));
        }
    }
    if let (Some(start), Some(end)) = (Time::parse_rfc3339(start), Time::parse_rfc3339(end)) {
        page.field(0, "Duration", Span(end.since(start).0).human());
    }
    if let Some(seconds) = job.at(&["spec", "activeDeadlineSeconds"]) {
        page.field(0, "Active Deadline Seconds", format!("{}s", scalar(seconds)));
    }
    let count = |field: &str| int(job, &["status", field]);
    let ready = job.at(&["status", "ready"]).map(|ready| format!(" ({} Ready)", scalar(ready))).unwrap_or_default();
    let pods = format!("{} Active{ready} / {} Succeeded / {} Failed", count("active"), count("succeeded"), count("failed"));
    page.field(0, "Pods Statuses", pods);
    if text(job, &["spec", "completionMode"]) == "Indexed" {
        let indexes = text(job, &["status", "completedIndexes"]);
        page.field(0, "Completed Indexes", if indexes.is_empty() { NONE } else { indexes });
    }
    pod_template(page, job.at(&["spec", "template"]), view);
}

fn or_unset(job: &Value, field: &str) -> String {
    job.at(&["spec", field]).map_or_else(|| UNSET.to_owned(), scalar)
}

/// Describes a CronJob, up to its events.
pub fn cron_job(page: &mut Page, cron_job: &Value, view: &View) {
    head(page, cron_job);
    labels_and_annotations(page, cron_job);
    page.field(0, "Schedule", text(cron_job, &["spec", "schedule"]));
    page.field(0, "Concurrency Policy", text(cron_job, &["spec", "concurrencyPolicy"]));
    page.field(0, "Suspend", if truth(cron_job, &["spec", "suspend"]) { "True" } else { "False" });
    if view.release.describes_protocols_and_zones {
        page.field(0, "Time Zone", or_unset(cron_job, "timeZone"));
    }
    page.field(0, "Successful Job History Limit", or_unset(cron_job, "successfulJobsHistoryLimit"));
    page.field(0, "Failed Job History Limit", or_unset(cron_job, "failedJobsHistoryLimit"));
    let deadline = cron_job.at(&["spec", "startingDeadlineSeconds"]);
    page.field(0, "Starting Deadline Seconds", deadline.map_or_else(|| UNSET.to_owned(), |seconds| format!("{}s", scalar(seconds))));
    let job = cron_job.at(&["spec", "jobTemplate"]).cloned().unwrap_or_default();
    page.field(0, "Selector", job.at(&["spec", "selector"]).map_or_else(|| UNSET.to_owned(), label_selector));
    page.field(0, "Parallelism", or_unset(&job, "parallelism"));
    page.field(0, "Completions", or_unset(&job, "completions"));
    if let Some(seconds) = job.at(&["spec", "activeDeadlineSeconds"]) {
        page.field(0, "Active Deadline Seconds", format!("{}s", scalar(seconds)));
    }
    pod_template(page, job.at(&["spec", "template"]), view);
    let last = text(cron_job, &["status", "lastScheduleTime"]);
    page.field(0, "Last Schedule Time", if last.is_empty() { UNSET.to_owned() } else { long_date(last) });
    let active: Vec<&str> = cron_job.list_at(&["status", "active"]).iter().map(|job| text(job, &["name"])).collect();
    page.field(0, "Active Jobs", if active.is_empty() { NONE.to_owned() } else { active.join(", ") });
}

/// Describes a DaemonSet, up to its events.
pub fn daemon_set(page: &mut Page, set: &Value, view: &View) {
    head(page, set);
    page.field(0, "Selector", selector(set));
    page.field(0, "Node-Selector", labels_text(map_at(set, &["spec", "template", "spec", "nodeSelector"])));
    labels_and_annotations(page, set);
    for (label, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(0, format!("{label}: {}", int(set, &["status", field])));
    }
    pods_status(page, 0, "Pods Status", set, view);
    pod_template(page, set.at(&["spec", "template"]), view);
}
