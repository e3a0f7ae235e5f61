//! Events: what components report about objects.

use super::frame::header;
use super::meta::{Meta, Name, ObjectKey, Uid};
use crate::kind::Kind;
use base::given::InsertGiven;
use base::time::Time;
use base::value::{Map, Value};
use base::word::Word;

base::named! {
    #[derive(Hash)]
    EventType {
        /// As it should be.
        Normal "Normal",
        /// Something is amiss.
        Warning "Warning",
    }
}

/// An Event. Models v1.Event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    pub meta: Meta,
    pub about: ObjectKey,
    /// That object's uid; zero if the reporting component does not know it.
    pub about_uid: Uid,
    /// That object's version; 0 if the reporting component does not set it.
    pub about_revision: u64,
    /// The part of the object concerned: `spec.containers{nginx}`; may be empty.
    pub field_path: Name,
    pub kind: EventType,
    /// `SuccessfulCreate`, …
    pub reason: Word,
    pub message: Word,
    /// How often it occurred.
    pub count: i64,
    /// When it first occurred.
    pub first: Time,
    /// When it last occurred.
    pub last: Time,
    /// The reporting component: `statefulset-controller`.
    pub source: Word,
    /// The reporting component's node; may be empty.
    pub host: Name,
}

/// Formats a time like `metav1.MicroTime`.
fn micro_time(time: Time) -> String {
    let seconds = time.rfc3339();
    format!("{}.{:03}000Z", seconds.trim_end_matches('Z'), time.0 % 1000)
}

impl Event {
    /// Encodes the event as the API server returns it.
    pub fn encode(&self) -> Value {
        let mut object = header(Kind::Event, &self.meta);
        object.insert("involvedObject", self.encode_about());
        object.insert("message", &self.message);
        object.insert("reason", &self.reason);
        object.insert("reportingComponent", &self.source);
        object.insert("type", self.kind.word());
        match self.action() {
            Some(action) => self.encode_new_style(&mut object, action),
            None => self.encode_old_style(&mut object),
        }
        object.into()
    }

    /// The action that the component took, if it reports through events.k8s.io, as only the scheduler does.
    /// Models pkg/scheduler's calls of EventRecorder Eventf.
    fn action(&self) -> Option<&'static str> {
        match (&*self.source, &*self.reason) {
            ("default-scheduler", "Scheduled") => Some("Binding"),
            ("default-scheduler", "Preempted") => Some("Preempting"),
            ("default-scheduler", _) => Some("Scheduling"),
            _ => None,
        }
    }

    /// Encodes one time in microseconds, and a series if it recurred. Models client-go tools/events makeEvent.
    fn encode_new_style(&self, object: &mut Map, action: &str) {
        object.insert("action", action);
        object.insert("eventTime", micro_time(self.first));
        object.insert("firstTimestamp", Value::Null);
        object.insert("lastTimestamp", Value::Null);
        object.insert("reportingInstance", format!("{}-control-plane", self.source));
        if self.count > 1 {
            let mut series = Map::new();
            series.insert("count", self.count);
            series.insert("lastObservedTime", micro_time(self.last));
            object.insert("series", series);
        }
        object.insert("source", Map::new());
    }

    /// Encodes a count, and times in seconds. Models client-go tools/record makeEvent.
    fn encode_old_style(&self, object: &mut Map) {
        object.insert("count", self.count);
        object.insert("eventTime", Value::Null);
        object.insert("firstTimestamp", self.first.rfc3339());
        object.insert("lastTimestamp", self.last.rfc3339());
        object.insert("reportingInstance", &self.host);
        let mut source = Map::new();
        source.insert("component", &self.source);
        source.insert_filled("host", &self.host);
        object.insert("source", source);
    }

    fn encode_about(&self) -> Value {
        let mut m = Map::new();
        m.insert("apiVersion", self.about.kind.api_version());
        m.insert_filled("fieldPath", &self.field_path);
        m.insert("kind", self.about.kind.info().name);
        m.insert("name", &self.about.name);
        m.insert_filled("namespace", &self.about.namespace);
        if self.about_revision != 0 {
            m.insert("resourceVersion", self.about_revision.to_string());
        }
        if self.about_uid != Uid::default() {
            m.insert("uid", self.about_uid.to_string());
        }
        m.into()
    }
}
