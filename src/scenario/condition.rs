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

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// As written; strings may contain `${…}`.
    written: Vec<(String, Value)>,
    about: About,
    wants: Vec<Want>,
    /// Its timeout, if it has one of its own.
    pub timeout: Option<Span>,
}

/// What a condition refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
enum About {
    /// One object, unless it has this uid.
    Object { kind: Kind, name: String, not_uid: Option<String> },
    /// The number of pods.
    Pods(i64),
    /// An Event about an object with this name.
    Event { reason: String, on: String },
}

/// What must hold for the object.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Want {
    Is(State),
    /// A container waits with this reason.
    Waiting(String),
    /// A container was restarted at least this often.
    Restarts(i64),
    /// A container has this image.
    Image(String),
    /// A counter of the status, by its name there, has this value.
    Counter(&'static str, i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Exists,
    Gone,
    Ready,
    NotReady,
    /// `status.phase` has this value.
    Phase(&'static str),
    Scheduled,
    Unschedulable,
    Terminating,
}

const STATES: [(&str, State); 12] = [
    ("exists", State::Exists),
    ("gone", State::Gone),
    ("ready", State::Ready),
    ("not-ready", State::NotReady),
    ("pending", State::Phase("Pending")),
    ("running", State::Phase("Running")),
    ("failed", State::Phase("Failed")),
    ("bound", State::Phase("Bound")),
    ("scheduled", State::Scheduled),
    ("unschedulable", State::Unschedulable),
    ("terminating", State::Terminating),
    ("succeeded", State::Phase("Succeeded")),
];

impl Condition {
    /// The condition as in a file.
    pub fn to_value(&self) -> Value {
        Value::of(self.written.iter().map(|(key, value)| (key.as_str(), value.clone())))
    }

    /// Parses a condition.
    fn read(written: Vec<(String, Value)>) -> Result<Self, String> {
        let mut reading = Reading::default();
        for (key, value) in &written {
            reading.take(key, value)?;
        }
        let Reading { object, not_uid, pods, event, on, wants, timeout } = reading;
        let about = match (object, pods, event, on) {
            (Some((kind, name)), None, None, None) if !wants.is_empty() => About::Object { kind, name, not_uid },
            (Some(_), None, None, None) => return Err("says what to look at, but not what to wait for".into()),
            (None, Some(n), None, None) if wants.is_empty() => About::Pods(n),
            (None, None, Some(reason), Some(on)) if wants.is_empty() => About::Event { reason, on },
            _ => return Err("a wait is about one object, about `pods`, or about an `event` with `on`".into()),
        };
        Ok(Condition { written, about, wants, timeout })
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
        match &self.about {
            About::Pods(n) => i64::try_from(tables.within(Kind::Pod, NAMESPACE).count()) == Ok(*n),
            About::Event { reason, on } => {
                let mut events = tables.within(Kind::Event, NAMESPACE).filter_map(Object::as_event);
                events.any(|e| *e.reason == **reason && *e.about.name == **on)
            }
            About::Object { kind, name, not_uid } => {
                let object = tables.find(*kind, NAMESPACE, name);
                let other = object.filter(|o| not_uid.as_ref().is_none_or(|uid| o.meta().uid.to_string() != *uid));
                self.wants.iter().all(|w| w.holds(other))
            }
        }
    }
}

/// `pod=web-0 is=ready`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, (key, value)) in self.written.iter().enumerate() {
            let text = value.as_text().map_or_else(|| value.to_json(), str::to_owned);
            write!(f, "{}{key}={text}", if i > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl Want {
    fn holds(&self, object: Option<&Object>) -> bool {
        let Some(object) = object else {
            return *self == Want::Is(State::Gone);
        };
        let pod = object.as_pod();
        match self {
            Want::Is(state) => state.holds(object),
            Want::Waiting(want) => pod.is_some_and(|p| {
                let waits = |s: &ContainerState| matches!(s, ContainerState::Waiting { reason, .. } if **reason == **want);
                p.status.containers.iter().any(|c| waits(&c.state))
            }),
            Want::Restarts(n) => pod.is_some_and(|p| p.status.containers.iter().any(|c| c.restarts >= *n)),
            Want::Image(image) => pod.is_some_and(|p| p.spec.template.containers.iter().any(|c| *c.image == **image)),
            Want::Counter(name, n) => counter(object, "status", name) == *n,
        }
    }
}

impl State {
    fn holds(self, object: &Object) -> bool {
        match self {
            State::Exists => true,
            State::Gone => false,
            State::Ready => ready(object),
            State::NotReady => !ready(object),
            State::Phase(word) => phase(object) == Some(word),
            State::Scheduled => object.as_pod().is_some_and(|p| p.node.is_some()),
            State::Unschedulable => match object {
                Object::Node(node) => node.unschedulable,
                Object::Pod(pod) => pod.condition(POD_SCHEDULED).is_some_and(|c| c.status == Truth::False && c.reason == "Unschedulable"),
                _ => false,
            },
            State::Terminating => object.meta().terminating(),
        }
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

/// What has been parsed so far.
#[derive(Default)]
struct Reading {
    object: Option<(Kind, String)>,
    not_uid: Option<String>,
    pods: Option<i64>,
    event: Option<String>,
    on: Option<String>,
    wants: Vec<Want>,
    timeout: Option<Span>,
}

impl Reading {
    fn take(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let text = || value.as_text().map(str::to_owned).ok_or_else(|| format!("`{key}` must be a string, not {}", value.to_json()));
        let count = || value.as_int().ok_or_else(|| format!("`{key}` must be a whole number, not {}", value.to_json()));
        match key {
            "is" => {
                let word = text()?;
                let state = STATES.iter().find(|(w, _)| *w == word).map(|(_, s)| *s);
                self.wants.push(Want::Is(state.ok_or_else(|| format!("`{word}` is not a state; the states are {}", words(&STATES)))?));
            }
            "waiting" => self.wants.push(Want::Waiting(text()?)),
            "restarts" => self.wants.push(Want::Restarts(count()?)),
            "image" => self.wants.push(Want::Image(text()?)),
            "notUid" => self.not_uid = Some(text()?),
            "pods" => self.pods = Some(count()?),
            "event" => self.event = Some(text()?),
            "on" => self.on = Some(text()?),
            "timeout" => {
                let span = read_seconds(value).ok_or_else(|| format!("`timeout` must be a number of seconds, not {}", value.to_json()))?;
                self.timeout = Some(span);
            }
            _ => self.take_object_or_counter(key, text, count)?,
        }
        Ok(())
    }

    fn take_object_or_counter(
        &mut self,
        key: &str,
        text: impl Fn() -> Result<String, String>,
        count: impl Fn() -> Result<i64, String>,
    ) -> Result<(), String> {
        if let Some((_, kind)) = KINDS.iter().find(|(word, _)| *word == key) {
            if self.object.replace((*kind, text()?)).is_some() {
                return Err("a wait is about one object; this one names several".into());
            }
        } else if let Some((_, field)) = COUNTERS.iter().find(|(word, _)| *word == key) {
            self.wants.push(Want::Counter(field, count()?));
        } else {
            return Err(format!("a wait has no field `{key}`"));
        }
        Ok(())
    }
}

/// `exists, gone, ready`.
fn words<T>(table: &[(&'static str, T)]) -> String {
    table.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
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
