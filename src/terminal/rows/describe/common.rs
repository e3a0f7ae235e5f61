//! What several kinds' descriptions share: labels, annotations, conditions, events.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::cells::label_selector;
use crate::describe::layout::Page;
use api::view::{self, LAST_APPLIED, NONE, UNSET, View, age, labels_text, long_date, scalar, text};
use base::value::Value;

/// The longest annotation shown on one line, including its key.
pub const ANNOTATION_LENGTH: usize = 140;

/// A title with one entry per line in the column after it; `<none>` if there are none.
pub fn multiline(page: &mut Page, level: usize, title: &str, entries: &[String]) {
    if entries.is_empty() {
        page.field(level, title, NONE);
    }
    for (i, entry) in entries.iter().enumerate() {
        if i == 0 {
            page.field(level, title, entry);
        } else {
            page.line(0, format!("\t{entry}"));
        }
    }
}

/// `Labels:`, or another map, one `key=value` per line.
pub(super) fn labels(page: &mut Page, level: usize, title: &str, labels: &Value) {
    let entries: Vec<String> = labels.members().map(|(k, v)| format!("{k}={}", scalar(v))).collect();
    multiline(page, level, title, &entries);
}

/// `Annotations:`, one `key: value` per line, without kubectl's own.
pub(super) fn annotations(page: &mut Page, level: usize, title: &str, annotations: &Value) {
    let shown: Vec<_> = annotations.members().filter(|(key, _)| key.as_ref() != LAST_APPLIED).collect();
    let title = format!("{}{title}:\t", "  ".repeat(level));
    if shown.is_empty() {
        page.line(0, format!("{title}{NONE}"));
    }
    for (i, (key, value)) in shown.into_iter().enumerate() {
        let indent = if i == 0 { &title } else { "\t" };
        let value = scalar(value);
        let value = value.strip_suffix('\n').unwrap_or(&value);
        if value.len() + key.len() + 2 > ANNOTATION_LENGTH || value.contains('\n') {
            page.line(0, format!("{indent}{key}:"));
            for line in value.split('\n') {
                page.line(0, format!("\t  {}", shorten(line, ANNOTATION_LENGTH - 2)));
            }
        } else {
            page.line(0, format!("{indent}{key}: {value}"));
        }
    }
}

/// The beginning of a line that is longer than this, or all of it.
pub fn shorten(line: &str, most: usize) -> String {
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line.to_owned(),
    }
}

/// Labels and annotations of an object.
pub fn labels_and_annotations(page: &mut Page, object: &Value) {
    let part = |key| object.at(&["metadata", key]).unwrap_or(&Value::Null);
    labels(page, 0, "Labels", part("labels"));
    annotations(page, 0, "Annotations", part("annotations"));
}

/// Name and namespace.
pub fn head(page: &mut Page, object: &Value) {
    page.field(0, "Name", view::name(object));
    if !view::namespace(object).is_empty() {
        page.field(0, "Namespace", view::namespace(object));
    }
}

/// When the object was created.
pub fn created(page: &mut Page, object: &Value) {
    page.field(0, "CreationTimestamp", long_date(text(object, &["metadata", "creationTimestamp"])));
}

/// A time.
pub(super) fn date(stamp: &Value) -> String {
    long_date(stamp.as_text().unwrap_or_default())
}

/// The conditions of a workload: type, status and reason.
pub(super) fn conditions(page: &mut Page, _: usize, _: &str, object: &Value, _: &View) {
    let conditions = object.list_at(&["status", "conditions"]);
    if conditions.is_empty() {
        return;
    }
    page.line(0, "Conditions:\n  Type\tStatus\tReason");
    page.line(1, "----\t------\t------");
    for c in conditions {
        page.line(1, format!("{} \t{}\t{}", text(c, &["type"]), text(c, &["status"]), text(c, &["reason"])));
    }
}

/// The conditions of an object that are probed from time to time, with times and messages.
fn timed_conditions(page: &mut Page, object: &Value, probe_heading: &str, probe_field: &str) {
    let conditions = object.list_at(&["status", "conditions"]);
    if conditions.is_empty() {
        return;
    }
    page.line(0, "Conditions:");
    page.line(1, format!("Type\tStatus\t{probe_heading}\tLastTransitionTime\tReason\tMessage"));
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for c in conditions {
        let [kind, status, reason, message] = ["type", "status", "reason", "message"].map(|field| text(c, &[field]));
        let [probed, since] = [probe_field, "lastTransitionTime"].map(|field| long_date(text(c, &[field])));
        page.line(1, format!("{kind} \t{status} \t{probed} \t{since} \t{reason} \t{message}"));
    }
}

pub(super) fn probed_conditions(page: &mut Page, _: usize, _: &str, object: &Value, _: &View) {
    timed_conditions(page, object, "LastProbeTime", "lastProbeTime");
}

pub(super) fn heartbeats(page: &mut Page, _: usize, _: &str, object: &Value, _: &View) {
    timed_conditions(page, object, "LastHeartbeatTime", "lastHeartbeatTime");
}

/// The name of the owner that controls the object: `StatefulSet/web`.
pub fn controlled_by(page: &mut Page, level: usize, title: &str, object: &Value, _: &View) {
    if let Some(owner) = view::controller_of(object) {
        page.field(level, title, format!("{}/{}", text(owner, &["kind"]), text(owner, &["name"])));
    }
}

/// The phase, or how long the object has been terminating.
pub(super) fn status_or_terminating(page: &mut Page, level: usize, title: &str, object: &Value, view: &View) {
    let leaving = text(object, &["metadata", "deletionTimestamp"]);
    let phase = text(object, &["status", "phase"]).to_owned();
    page.field(level, title, if leaving.is_empty() { phase } else { format!("Terminating (lasts {})", age(view.now, leaving)) });
}

/// `[a b]`, as Go prints a list of strings.
pub(super) fn go_list(items: &Value) -> String {
    format!("[{}]", joined(items, " "))
}

/// `a,b`, or `<none>`.
pub(super) fn commas(items: &Value) -> String {
    if items.as_list().is_none_or(<[Value]>::is_empty) { NONE.to_owned() } else { joined(items, ",") }
}

fn joined(items: &Value, between: &str) -> String {
    items.as_list().unwrap_or_default().iter().map(scalar).collect::<Vec<_>>().join(between)
}

/// `a=b,c=d`.
pub(super) fn pairs(map: &Value) -> String {
    labels_text(map.as_map())
}

pub(super) fn selector_or_unset(selector: &Value) -> String {
    if selector.is_null() { UNSET.to_owned() } else { label_selector(selector) }
}

/// `name: value` for each entry of a resource list.
pub(super) fn amounts(page: &mut Page, level: usize, title: &str, amounts: &Value) {
    page.line(level, format!("{title}:"));
    for (name, quantity) in amounts.members() {
        page.field(level + 1, name, scalar(quantity));
    }
}
