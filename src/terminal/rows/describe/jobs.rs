//! Jobs, CronJobs, DaemonSets and accounts.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go JobDescriber, CronJobDescriber, DaemonSetDescriber and ServiceAccountDescriber.

use super::common::{date, multiline};
use crate::describe::layout::Page;
use api::view::{NONE, UNSET, View, int, scalar, text};
use base::time::{Span, Time};
use base::value::Value;

pub(super) fn duration(page: &mut Page, level: usize, title: &str, job: &Value, _: &View) {
    let [start, end] = ["startTime", "completionTime"].map(|field| Time::parse_rfc3339(text(job, &["status", field])));
    if let Some((start, end)) = start.zip(end) {
        page.field(level, title, Span(end.since(start).0).human());
    }
}

/// `30s`.
pub(super) fn seconds(seconds: &Value) -> String {
    format!("{}s", scalar(seconds))
}

pub(super) fn seconds_or_unset(value: &Value) -> String {
    if value.is_null() { UNSET.to_owned() } else { seconds(value) }
}

pub(super) fn date_or_unset(stamp: &Value) -> String {
    if stamp.is_null() { UNSET.to_owned() } else { date(stamp) }
}

/// `1 Active (1 Ready) / 0 Succeeded / 0 Failed`.
pub(super) fn pods_of_job(job: &Value) -> String {
    let count = |field: &str| int(job, &["status", field]);
    let ready = job.at(&["status", "ready"]).map(|ready| format!(" ({} Ready)", scalar(ready))).unwrap_or_default();
    format!("{} Active{ready} / {} Succeeded / {} Failed", count("active"), count("succeeded"), count("failed"))
}

/// The names of some objects.
pub(super) fn jobs(active: &Value) -> String {
    let names = names_in(active);
    if names.is_empty() { NONE.to_owned() } else { names.join(", ") }
}

pub(super) fn names_of(page: &mut Page, level: usize, title: &str, objects: &Value) {
    multiline(page, level, title, &names_in(objects));
}

fn names_in(objects: &Value) -> Vec<String> {
    objects.as_list().unwrap_or_default().iter().map(|one| text(one, &["name"]).to_owned()).collect()
}

/// How many nodes a DaemonSet has pods on.
pub(super) fn nodes_of_set(page: &mut Page, level: usize, _: &str, set: &Value, _: &View) {
    for (label, field) in [
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ] {
        page.line(level, format!("{label}: {}", int(set, &["status", field])));
    }
}
