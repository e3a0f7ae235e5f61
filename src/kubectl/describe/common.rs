//! What several kinds' descriptions share: labels, annotations, conditions, events.
//!
//! Models k8s.io/kubectl/pkg/describe/describe.go.

use crate::describe::layout::Page;
use crate::describe::view::View;
use crate::form::classic_message;
use crate::view::{self, LAST_APPLIED, NONE, age, int, long_date, map_at, scalar, text};
use api::client::Client;
use api::kind::Kind;
use api::release::Release;
use base::sort::Sort;
use base::time::Time;
use base::value::{Map, Value, members};
use rows::cells;

/// The longest annotation shown on one line, including its key.
pub const ANNOTATION_LENGTH: usize = 140;

/// A title with one entry per line in the column after it; `<none>` if there are none.
pub fn multiline(page: &mut Page, indent: &str, title: &str, entries: &[String]) {
    if entries.is_empty() {
        page.line(0, format!("{indent}{title}:\t{NONE}"));
    }
    for (i, entry) in entries.iter().enumerate() {
        let title = if i == 0 { format!("{indent}{title}:") } else { String::new() };
        page.line(0, format!("{title}\t{entry}"));
    }
}

/// `Labels:`, or another map, one `key=value` per line.
pub fn labels(page: &mut Page, indent: &str, title: &str, labels: Option<&Map>) {
    let entries: Vec<String> = members(labels).map(|(k, v)| format!("{k}={}", scalar(v))).collect();
    multiline(page, indent, title, &entries);
}

/// `Annotations:`, one `key: value` per line, without kubectl's own.
pub fn annotations(page: &mut Page, title: &str, annotations: Option<&Map>) {
    let shown: Vec<_> = members(annotations).filter(|(key, _)| key.as_ref() != LAST_APPLIED).collect();
    page.write(format!("{title}:\t"));
    if shown.is_empty() {
        page.line(0, NONE);
    }
    for (i, (key, value)) in shown.into_iter().enumerate() {
        let indent = if i == 0 { "" } else { "\t" };
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
    labels(page, "", "Labels", map_at(object, &["metadata", "labels"]));
    annotations(page, "Annotations", map_at(object, &["metadata", "annotations"]));
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

/// The conditions of a workload: type, status and reason.
pub fn conditions(page: &mut Page, object: &Value) {
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

/// The conditions of an object with probe times: with times and messages.
pub fn probed_conditions(page: &mut Page, object: &Value, probe_heading: &str, probe_field: &str) {
    page.line(0, "Conditions:");
    page.line(1, format!("Type\tStatus\t{probe_heading}\tLastTransitionTime\tReason\tMessage"));
    page.line(1, "----\t------\t-----------------\t------------------\t------\t-------");
    for c in object.list_at(&["status", "conditions"]) {
        let [kind, status, reason, message] = ["type", "status", "reason", "message"].map(|field| text(c, &[field]));
        let [probed, since] = [probe_field, "lastTransitionTime"].map(|field| long_date(text(c, &[field])));
        page.line(1, format!("{kind} \t{status} \t{probed} \t{since} \t{reason} \t{message}"));
    }
}

/// The name of the owner that controls the object: `StatefulSet/web`.
pub fn controlled_by(page: &mut Page, object: &Value) {
    if let Some(owner) = view::controller_of(object) {
        page.field(0, "Controlled By", format!("{}/{}", text(owner, &["kind"]), text(owner, &["name"])));
    }
}

/// The phase, or how long the object has been terminating.
pub fn status_or_terminating(page: &mut Page, object: &Value, now: Time) {
    let leaving = text(object, &["metadata", "deletionTimestamp"]);
    if leaving.is_empty() {
        page.field(0, "Status", text(object, &["status", "phase"]));
    } else {
        page.field(0, "Status", format!("Terminating (lasts {})", age(now, leaving)));
    }
}

/// `[a b]`, as Go prints a list of strings.
pub fn go_list(items: &[Value]) -> String {
    format!("[{}]", items.iter().map(scalar).collect::<Vec<_>>().join(" "))
}

/// `name: value` for each entry of a resource list.
pub fn resources(page: &mut Page, level: usize, title: &str, resources: Option<&Map>) {
    if let Some(resources) = resources {
        page.line(level, format!("{title}:"));
        for (name, quantity) in resources.iter() {
            page.field(level + 1, name, scalar(quantity));
        }
    }
}

/// The events about an object, oldest first.
pub fn events_of(client: &dyn Client, kind: Kind, object: &Value) -> Vec<Value> {
    let (name, namespace, uid) = (view::name(object), view::namespace(object), view::uid(object));
    // The events of a node have the node's name as uid.
    let is_about = |event: &Value| {
        let about = |field: &str| text(event, &["involvedObject", field]);
        about("name") == name
            && about("kind") == kind.info().name
            && about("namespace") == namespace
            && (kind == Kind::Node || uid.is_empty() || about("uid") == uid)
    };
    let scope = Some(namespace).filter(|n| !n.is_empty());
    let mut events: Vec<Value> = client.list(Kind::Event, scope).into_iter().filter(is_about).collect();
    events.sort_small_by(|a, b| text(a, &["lastTimestamp"]).cmp(text(b, &["lastTimestamp"])));
    events
}

/// How long ago, how often and over which time: `5s (x2 over 7s)`.
pub fn event_interval(event: &Value, now: Time) -> String {
    let first = cells::event_first_seen(event, now);
    let last = cells::event_last_seen(event, now);
    if event.get("series").is_some() || int(event, &["count"]) > 1 {
        format!("{last} (x{} over {first})", cells::event_count(event))
    } else if text(event, &["eventTime"]).is_empty() {
        first
    } else {
        age(now, text(event, &["eventTime"]))
    }
}

/// An event's message, after the part of the object it refers to.
fn event_message(event: &Value, release: &Release) -> String {
    let message = text(event, &["message"]).trim();
    if !release.names_containers_of_events {
        return classic_message(message).unwrap_or_else(|| message.to_owned());
    }
    match text(event, &["involvedObject", "fieldPath"]) {
        "" => message.to_owned(),
        path => format!("{path}: {message}"),
    }
}

/// The `Events:` section at the end of most descriptions.
pub fn events(page: &mut Page, events: &[Value], view: &View) {
    if events.is_empty() {
        page.line(0, format!("Events:\t{NONE}"));
        return;
    }
    page.end_columns();
    page.line(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage");
    page.line(1, "----\t------\t----\t----\t-------");
    for event in events {
        let from = match text(event, &["source", "component"]) {
            "" => text(event, &["reportingComponent"]),
            component => component,
        };
        let (kind, reason) = (text(event, &["type"]), text(event, &["reason"]));
        page.line(1, format!("{kind}\t{reason}\t{}\t{from}\t{}", event_interval(event, view.now), event_message(event, view.release)));
    }
}
