//! A change of a manifest, and making it.

use api::object::ObjectKey;
use base::value::Value;

use plan::documents::is_it;
use text::risks::Guard;

/// A change of a manifest.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub guard: Guard,
    /// What is changed, added or taken away.
    pub object: ObjectKey,
    /// Which field; empty where the object itself is added or taken away.
    pub path: Vec<&'static str>,
    /// What it becomes; null where it is taken away.
    pub value: Value,
    /// What is shown of the value, where that is less.
    pub shown: Value,
    /// Objects that it needs beside.
    pub also: Vec<Value>,
}

impl Change {
    /// Makes the change; whether it changes anything. A document that is taken away becomes null.
    pub fn apply(&self, documents: &mut Vec<Value>) -> bool {
        if self.path.is_empty() && !self.value.is_null() {
            documents.push(self.value.clone());
            return true;
        }
        let Some(found) = documents.iter_mut().find(|document| is_it(document, &self.object)) else { return false };
        if self.path.is_empty() {
            *found = Value::Null;
            return true;
        }
        if self.value.is_null() {
            return found.remove(&self.path).is_some();
        }
        let is_new = found.at(&self.path) != Some(&self.value);
        found.set(&self.path, self.value.clone());
        documents.extend(self.also.iter().cloned());
        is_new
    }

    /// Whether documents spell out what it changes, which is a default otherwise.
    pub fn is_of_spelled(&self, documents: &[Value]) -> bool {
        documents.iter().any(|document| is_it(document, &self.object) && document.at(&self.path).is_some())
    }
}
