//! Members that an object has only where there is something to say. Models Go's `omitempty`.

use crate::value::{Map, Value};

/// Whether a value is left out: `null`, false, zero, or an empty text, list or map.
pub fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// Inserts into a map what is there.
pub trait InsertGiven {
    /// Inserts a value that is not empty or zero.
    fn insert_filled(&mut self, key: &str, value: impl Into<Value>);
    /// Inserts a value, if there is one.
    fn insert_some(&mut self, key: &str, value: Option<impl Into<Value>>);
}

impl InsertGiven for Map {
    fn insert_filled(&mut self, key: &str, value: impl Into<Value>) {
        self.insert_some(key, Some(value.into()).filter(|value| !is_nothing(value)));
    }

    fn insert_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.insert(key, value.into());
        }
    }
}

/// Sets at a path of a value what is there.
pub trait SetGiven {
    /// Sets a value that is not empty or zero.
    fn set_filled(&mut self, path: &[&str], value: impl Into<Value>);
    /// Sets a value, if there is one.
    fn set_some(&mut self, path: &[&str], value: Option<impl Into<Value>>);
}

impl SetGiven for Value {
    fn set_filled(&mut self, path: &[&str], value: impl Into<Value>) {
        self.set_some(path, Some(value.into()).filter(|value| !is_nothing(value)));
    }

    fn set_some(&mut self, path: &[&str], value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(path, value.into());
        }
    }
}
