//! JSON whose keys keep their insertion order, as in recordings.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use base::time::Span;
use base::value::Value;

/// A map in insertion order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordered(pub Vec<(String, Value)>);

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// The contents of a line of a trace, without its number and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    fields: String,
}

impl Entry {
    /// An entry of this kind: `pod.bound`.
    pub fn new(e: &str) -> Self {
        Entry { fields: String::new() }.with("e", e)
    }

    /// The entry and a field.
    #[must_use]
    pub fn with(self, key: &str, value: impl Serialize) -> Self {
        let json = serde_json::to_string(&value).unwrap_or_else(|_| "null".into());
        self.with_json(key, &json)
    }

    /// The entry and a field, if there is a value.
    #[must_use]
    pub fn with_some(self, key: &str, value: Option<impl Serialize>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The entry and a field, unless the text is empty.
    #[must_use]
    pub fn with_text(self, key: &str, text: &str) -> Self {
        self.with_some(key, (!text.is_empty()).then_some(text))
    }

    /// The entry and a list, unless it is empty.
    #[must_use]
    pub fn with_list(self, key: &str, items: &[impl Serialize]) -> Self {
        self.with_some(key, (!items.is_empty()).then_some(items))
    }

    /// The entry and a number of seconds: `2`, `1.5`.
    #[must_use]
    pub fn with_seconds(self, key: &str, span: Span) -> Self {
        let fraction = format!("{:03}", span.0 % 1000);
        let text = format!("{}.{}", span.0 / 1000, fraction.trim_end_matches('0'));
        self.with_json(key, text.trim_end_matches('.'))
    }

    fn with_json(mut self, key: &str, json: &str) -> Self {
        if !self.fields.is_empty() {
            self.fields.push(',');
        }
        self.fields.push('"');
        self.fields.push_str(key);
        self.fields.push_str("\":");
        self.fields.push_str(json);
        self
    }

    /// The line of a trace with this number, `t` milliseconds after its first step.
    pub fn line(&self, seq: usize, t: i64) -> String {
        format!("{{\"seq\":{seq},\"t\":{t},{}}}\n", self.fields)
    }
}
