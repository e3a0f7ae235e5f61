//! What the tools read of a set.

use base::value::Value;

/// The namespace of an object; that of kubectl's default context where none is written.
pub fn namespace(object: &Value) -> &str {
    object.text_at(&["metadata", "namespace"]).filter(|name| !name.is_empty()).unwrap_or("default")
}

pub(crate) fn name(object: &Value) -> &str {
    object.text_at(&["metadata", "name"]).unwrap_or_default()
}

pub(crate) fn strategy(set: &Value) -> &str {
    set.text_at(&["spec", "updateStrategy", "type"]).unwrap_or_default()
}

/// The partition, where the set says one.
pub(crate) fn partition(set: &Value) -> Option<i64> {
    set.int_at(&["spec", "updateStrategy", "rollingUpdate", "partition"])
}

/// How many pods are wanted, where the set says so.
pub(crate) fn replicas(set: &Value) -> Option<i64> {
    set.int_at(&["spec", "replicas"])
}

/// A number of the status; 0 if there is none.
pub(crate) fn count(set: &Value, field: &str) -> i64 {
    set.int_at(&["status", field]).unwrap_or(0)
}

pub(crate) fn revision<'a>(set: &'a Value, field: &str) -> &'a str {
    set.text_at(&["status", field]).unwrap_or_default()
}

/// The generation of the spec; 0 if there is none.
pub(crate) fn generation(set: &Value) -> i64 {
    set.int_at(&["metadata", "generation"]).unwrap_or(0)
}
