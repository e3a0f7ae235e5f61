//! Reading objects as kubectl's printers do: names, times, abbreviations.
//!
//! Promises: every function accepts any value at all; what is missing reads as Kubernetes spells it.

use crate::client::Client;
use crate::object::NamespacedName;
use crate::object::pod_status::NEVER_STARTED;
use crate::release::Release;
use base::sorted::SortedSet;
use base::time::Time;
use base::value::{Map, Value, members};

/// Access modes, as printers and as objects name them, in Kubernetes' order.
pub const MODES: [(&str, &str); 4] =
    [("RWO", "ReadWriteOnce"), ("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWOP", "ReadWriteOncePod")];

/// How printers show something absent.
pub const NONE: &str = "<none>";

/// How printers show something that was never set.
pub const UNSET: &str = "<unset>";

/// How printers show an unknown time.
pub const UNKNOWN: &str = "<unknown>";

pub use crate::managed::LAST_APPLIED;

/// What a description may use besides the object.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The server.
    pub client: &'a dyn Client,
    /// The current time.
    pub now: Time,
    /// The release of kubectl.
    pub release: &'static Release,
}

/// `metadata.name`.
pub fn name(object: &Value) -> &str {
    text(object, &["metadata", "name"])
}

/// `metadata.namespace`; empty if there is none.
pub fn namespace(object: &Value) -> &str {
    text(object, &["metadata", "namespace"])
}

/// Both.
pub fn namespaced_name(object: &Value) -> NamespacedName {
    NamespacedName::of(namespace(object), name(object))
}

/// `metadata.uid`.
pub fn uid(object: &Value) -> &str {
    text(object, &["metadata", "uid"])
}

/// Whether the object is being deleted.
pub fn is_terminating(object: &Value) -> bool {
    object.at(&["metadata", "deletionTimestamp"]).is_some_and(|t| !t.is_null())
}

/// The text at a path; empty if there is none.
pub fn text<'a>(object: &'a Value, path: &[&str]) -> &'a str {
    object.text_at(path).unwrap_or_default()
}

/// The text at a path, or `<none>`.
pub fn text_or_none(object: &Value, path: &[&str]) -> String {
    match text(object, path) {
        "" => NONE.to_owned(),
        some => some.to_owned(),
    }
}

/// The integer at a path; 0 if there is none.
pub fn int(object: &Value, path: &[&str]) -> i64 {
    object.int_at(path).unwrap_or(0)
}

/// The boolean at a path; false if there is none.
pub fn truth(object: &Value, path: &[&str]) -> bool {
    object.at(path).and_then(Value::as_bool).unwrap_or(false)
}

/// The map at a path, if it has entries.
pub fn map_at<'a>(object: &'a Value, path: &[&str]) -> Option<&'a Map> {
    object.at(path).and_then(Value::as_map).filter(|m| !m.is_empty())
}

/// A scalar as text, strings without quotes.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Text(t) => t.to_string(),
        other => other.to_json(),
    }
}

/// `a=b,c=d`, or `<none>`. Models labels.FormatLabels, which puts the pairs in order, not the keys: `a/x=1` is before `a=2`.
pub fn labels_text(labels: Option<&Map>) -> String {
    let pairs: SortedSet<String> = members(labels).map(|(k, v)| format!("{k}={}", scalar(v))).collect();
    if pairs.is_empty() { NONE.to_owned() } else { pairs.iter().map(String::as_str).collect::<Vec<_>>().join(",") }
}

/// The time since an instant, in the format of tables.
pub fn age(now: Time, stamp: &str) -> String {
    if stamp.is_empty() {
        return UNKNOWN.to_owned();
    }
    match Time::parse_rfc3339(stamp) {
        Some(then) if then.0 > now.0 + 1000 => "<invalid>".to_owned(),
        Some(then) => now.since(then).human(),
        None => UNKNOWN.to_owned(),
    }
}

/// The object's age.
pub fn object_age(now: Time, object: &Value) -> String {
    age(now, text(object, &["metadata", "creationTimestamp"]))
}

/// A time as `describe` shows it: `Fri, 20 Nov 2026 07:08:37 +0000`. Models time.RFC1123Z in UTC.
pub fn long_date(stamp: &str) -> String {
    /// Neither can be told as a time here, where time begins later.
    const BEFORE: [(&str, &str); 2] = [(NEVER_STARTED, "Thu, 01 Jan 1970 00:00:00 +0000"), ("", "Mon, 01 Jan 0001 00:00:00 +0000")];
    let before = || BEFORE.iter().find(|(known, _)| *known == stamp).unwrap_or(&BEFORE[1]).1.to_owned();
    Time::parse_rfc3339(stamp).map_or_else(before, |time| time.date("%a, %d %b %Y %T +0000"))
}

/// The object's controller owner reference.
pub fn controller_of(object: &Value) -> Option<&Value> {
    object.list_at(&["metadata", "ownerReferences"]).iter().find(|r| truth(r, &["controller"]))
}

/// The condition with this type.
pub fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    object.list_at(&["status", "conditions"]).iter().find(|c| text(c, &["type"]) == kind)
}

/// `RWO,RWX`, in Kubernetes' order.
pub fn access_modes(modes: &[Value]) -> String {
    let has = |long: &str| modes.iter().any(|m| m.as_text() == Some(long));
    MODES.iter().filter(|(_, long)| has(long)).map(|(short, _)| *short).collect::<Vec<_>>().join(",")
}
