//! Events: what components say about objects.

use super::meta::{Meta, Name, ObjectKey, Uid};
use crate::api::kind::Kind;
use crate::base::time::Time;
use crate::base::value::{Map, Value};
use crate::base::word::Word;

/// An Event. Models v1.Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Metadata.
    pub meta: Meta,
    /// What it is about.
    pub about: ObjectKey,
    /// The uid of what it is about; zero where the speaker does not know it.
    pub about_uid: Uid,
    /// The version of what it is about; 0 where the speaker does not tell it.
    pub about_revision: u64,
    /// Which part of it: `spec.containers{nginx}`; may be empty.
    pub field_path: Name,
    /// `Warning` rather than `Normal`.
    pub warning: bool,
    /// `SuccessfulCreate`, …
    pub reason: Word,
    /// The sentence.
    pub message: Word,
    /// How often it was said.
    pub count: i64,
    /// When it was said first.
    pub first: Time,
    /// When it was said last.
    pub last: Time,
    /// Who says it: `statefulset-controller`.
    pub source: Word,
    /// On which node the speaker is; may be empty.
    pub host: Name,
}

impl Event {
    /// `Normal` or `Warning`.
    pub fn kind_word(&self) -> &'static str {
        if self.warning { "Warning" } else { "Normal" }
    }

    /// As the API server shows it.
    pub fn encode(&self) -> Value {
        let mut object = super::header(Kind::Event, &self.meta);
        object.insert("count", self.count);
        object.insert("eventTime", Value::Null);
        object.insert("firstTimestamp", self.first.rfc3339());
        object.insert("involvedObject", self.encode_about());
        object.insert("lastTimestamp", self.last.rfc3339());
        object.insert("message", &self.message);
        object.insert("reason", &self.reason);
        object.insert("reportingComponent", &self.source);
        object.insert("reportingInstance", &self.host);
        let mut source = Map::new();
        source.insert("component", &self.source);
        if !self.host.is_empty() {
            source.insert("host", &self.host);
        }
        object.insert("source", source);
        object.insert("type", self.kind_word());
        object.into()
    }

    fn encode_about(&self) -> Value {
        let mut m = Map::new();
        m.insert("apiVersion", self.about.kind.api_version());
        if !self.field_path.is_empty() {
            m.insert("fieldPath", &self.field_path);
        }
        m.insert("kind", self.about.kind.info().name);
        m.insert("name", &self.about.name);
        if !self.about.namespace.is_empty() {
            m.insert("namespace", &self.about.namespace);
        }
        if self.about_revision != 0 {
            m.insert("resourceVersion", self.about_revision.to_string());
        }
        if self.about_uid != Uid::default() {
            m.insert("uid", self.about_uid.to_string());
        }
        m.into()
    }
}
