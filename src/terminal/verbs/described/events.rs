//! The Events below a description.

use api::client::Client;
use api::kind::Kind;
use api::release::Release;
use api::view::{self, NONE, View, age, int, text};
use base::sort::Sort;
use base::time::Time;
use base::value::Value;
use kubectl::form::classic_message;
use rows::cells;
use rows::describe::layout::Page;

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
