//! The conditions a scenario can wait for.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::file::read_seconds;
use super::json::Ordered;
use api::kind::Kind;
use api::object::pod::{ContainerState, POD_SCHEDULED, Truth};
use api::object::{Object, ObjectKey};
use base::time::Span;
use base::value::Value;
use server::tables::Tables;

/// The namespace of scenarios.
pub const NAMESPACE: &str = "default";

/// Whether the recorders watched an object: it is in the scenarios' namespace, or cluster-scoped.
pub fn is_watched(key: &ObjectKey) -> bool {
    matches!(&*key.namespace, "" | NAMESPACE)
}

/// The kinds a condition can refer to, by its names for them.
const KINDS: [(&str, Kind); 9] = [
    ("pod", Kind::Pod),
    ("sts", Kind::StatefulSet),
    ("deploy", Kind::Deployment),
    ("rs", Kind::ReplicaSet),
    ("pvc", Kind::PersistentVolumeClaim),
    ("pv", Kind::PersistentVolume),
    ("node", Kind::Node),
    ("svc", Kind::Service),
    ("pdb", Kind::PodDisruptionBudget),
];

/// The counters of a workload's status, by a condition's names for them.
const COUNTERS: [(&str, &str); 5] = [
    ("replicas", "replicas"),
    ("ready", "readyReplicas"),
    ("current", "currentReplicas"),
    ("updated", "updatedReplicas"),
    ("available", "availableReplicas"),
];

/// What `is` may say of an object.
const STATES: [(&str, Holds); 12] = [
    ("exists", |_| true),
    (GONE, |_| false),
    ("ready", ready),
    ("not-ready", |object| !ready(object)),
    ("pending", |object| phase(object) == Some("Pending")),
    ("running", |object| phase(object) == Some("Running")),
    ("failed", |object| phase(object) == Some("Failed")),
    ("bound", |object| phase(object) == Some("Bound")),
    ("scheduled", |object| object.as_pod().is_some_and(|pod| pod.node.is_some())),
    ("unschedulable", |object| match object {
        Object::Node(node) => node.unschedulable,
        Object::Pod(pod) => pod.condition(POD_SCHEDULED).is_some_and(|c| c.status == Truth::False && c.reason == "Unschedulable"),
        _ => false,
    }),
    ("terminating", |object| object.meta().terminating()),
    ("succeeded", |object| phase(object) == Some("Succeeded")),
];
type Holds = fn(&Object) -> bool;
/// The state of an object that does not exist.
const GONE: &str = "gone";

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// As written: keys and values of the right types. Strings may contain `${…}`.
    written: Vec<(String, Value)>,
    /// Its timeout, if it has one of its own.
    pub timeout: Option<Span>,
}

impl Condition {
    /// The condition as in a file.
    pub fn to_value(&self) -> Value {
        Value::of(self.written.iter().map(|(key, value)| (key.as_str(), value.clone())))
    }

    /// Parses a condition.
    fn read(written: Vec<(String, Value)>) -> Result<Self, String> {
        written.iter().try_for_each(|(key, value)| check(key, value))?;
        let has = |key: &str| written.iter().any(|(known, _)| known == key);
        let objects = written.iter().filter(|(key, _)| kind(key).is_some()).count();
        let wants = written.iter().any(|(key, _)| is_about_object(key));
        match (objects, has("pods"), has("event"), has("on")) {
            (2.., ..) => return Err("a wait is about one object; this one names several".into()),
            (1, false, false, false) if !wants => return Err("says what to look at, but not what to wait for".into()),
            (1, false, false, false) => {}
            (0, true, false, false) | (0, false, true, true) if !wants => {}
            _ => return Err("a wait is about one object, about `pods`, or about an `event` with `on`".into()),
        }
        let timeout = written.iter().find(|(key, _)| key == "timeout").and_then(|(_, value)| read_seconds(value));
        Ok(Condition { written, timeout })
    }

    /// The condition with all `${…}` substituted.
    pub fn filled(&self, fill: impl Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let filled = self.written.iter().map(|(key, value)| {
            let value = value.as_text().map_or_else(|| Ok(value.clone()), |t| fill(t).map(Value::from))?;
            Ok((key.clone(), value))
        });
        Self::read(filled.collect::<Result<_, String>>()?)
    }

    /// As in a trace: as written, without uids.
    pub fn shown(&self) -> Ordered {
        let shown = self.written.iter().filter(|(key, _)| key != "notUid");
        Ordered(shown.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// Whether it holds.
    pub fn holds(&self, tables: &Tables) -> bool {
        let get = |key: &str| self.written.iter().find(|(known, _)| known == key).map(|(_, value)| value);
        let text = |key| get(key).and_then(Value::as_text);
        if let Some(count) = get("pods") {
            return i64::try_from(tables.within(Kind::Pod, NAMESPACE).count()).ok() == count.as_int();
        }
        let Some((kind, name)) = self.written.iter().find_map(|(key, value)| Some((kind(key)?, value.as_text()?))) else {
            let mut events = tables.within(Kind::Event, NAMESPACE).filter_map(Object::as_event);
            return events.any(|e| Some(&*e.reason) == text("event") && Some(&*e.about.name) == text("on"));
        };
        let object = tables.find(kind, NAMESPACE, name);
        let object = object.filter(|o| text("notUid").is_none_or(|uid| o.meta().uid.to_string() != uid));
        let mut wants = self.written.iter().filter(|(key, _)| is_about_object(key));
        wants.all(|(key, value)| object.map_or_else(|| value.as_text() == Some(GONE), |object| holds(object, key, value)))
    }
}

/// `pod=web-0 is=ready`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, (key, value)) in self.written.iter().enumerate() {
            let text = value.spelled();
            write!(f, "{}{key}={text}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

/// The kind that a key names an object of.
fn kind(key: &str) -> Option<Kind> {
    KINDS.iter().find(|(word, _)| *word == key).map(|(_, kind)| *kind)
}

/// Whether a key says what must hold for the object.
fn is_about_object(key: &str) -> bool {
    matches!(key, "is" | "waiting" | "restarts" | "image") || COUNTERS.iter().any(|(word, _)| *word == key)
}

/// Refuses a key that is not known, or a value that does not fit its key.
fn check(key: &str, value: &Value) -> Result<(), String> {
    let (fits, form) = match key {
        "is" | "waiting" | "image" | "notUid" | "event" | "on" => (value.as_text().is_some(), "a string"),
        "timeout" => (read_seconds(value).is_some(), "a number of seconds"),
        _ if kind(key).is_some() => (value.as_text().is_some(), "a string"),
        _ if matches!(key, "pods" | "restarts") || is_about_object(key) => (value.as_int().is_some(), "a whole number"),
        _ => return Err(format!("a wait has no field `{key}`")),
    };
    match value.as_text().filter(|word| key == "is" && STATES.iter().all(|(state, _)| state != word)) {
        _ if !fits => Err(format!("`{key}` must be {form}, not {}", value.to_json())),
        Some(word) => {
            let states: Vec<&str> = STATES.iter().map(|(word, _)| *word).collect();
            Err(format!("`{word}` is not a state; the states are {}", states.join(", ")))
        }
        None => Ok(()),
    }
}

/// Whether an object is as a key says with its value.
fn holds(object: &Object, key: &str, value: &Value) -> bool {
    let (text, count, pod) = (value.as_text().unwrap_or_default(), value.as_int(), object.as_pod());
    match key {
        "is" => STATES.iter().any(|(word, holds)| *word == text && holds(object)),
        // A container waits with this reason.
        "waiting" => pod.is_some_and(|p| {
            let waits = |s: &ContainerState| matches!(s, ContainerState::Waiting { reason, .. } if **reason == *text);
            p.status.containers.iter().any(|c| waits(&c.state))
        }),
        // A container was restarted at least this often.
        "restarts" => pod.is_some_and(|p| p.status.containers.iter().any(|c| Some(c.restarts) >= count)),
        // A container has this image.
        "image" => pod.is_some_and(|p| p.spec.template.containers.iter().any(|c| *c.image == *text)),
        _ => COUNTERS.iter().any(|(word, field)| *word == key && Some(counter(object, "status", field)) == count),
    }
}

fn ready(object: &Object) -> bool {
    match object {
        Object::Pod(pod) => pod.ready(),
        Object::Node(node) => node.ready() == Truth::True,
        _ => counter(object, "status", "readyReplicas") == counter(object, "spec", "replicas"),
    }
}

fn phase(object: &Object) -> Option<&'static str> {
    match object {
        Object::Pod(pod) => Some(pod.status.phase.word()),
        Object::Claim(claim) => Some(claim.status.phase.word()),
        Object::Volume(volume) => Some(volume.status.phase.word()),
        _ => None,
    }
}

/// A number from a workload; zero if it is missing.
fn counter(object: &Object, part: &str, name: &str) -> i64 {
    object.encode().int_at(&[part, name]).unwrap_or(0)
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Condition;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("what to wait for")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Condition, A::Error> {
                let mut written = Vec::new();
                while let Some(entry) = entries.next_entry::<String, Value>()? {
                    written.push(entry);
                }
                Condition::read(written).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_map(Reader)
    }
}
