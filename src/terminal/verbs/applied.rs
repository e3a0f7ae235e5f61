//! The annotation in which `kubectl apply` remembers what it applied.
//!
//! Models k8s.io/kubectl/pkg/util/apply.go.

use api::managed::memory_of;
use api::view::LAST_APPLIED;
use base::value::Value;

/// An object with its own configuration remembered in it.
pub fn remembering(object: &Value) -> Value {
    let mut object = object.clone();
    object.remove(&["metadata", "annotations", LAST_APPLIED]);
    if object.at(&["metadata", "annotations"]).and_then(Value::as_map).is_none() {
        object.set(&["metadata", "annotations"], Value::map());
    }
    // kubectl reads annotations as texts, and writes what it read.
    for (key, value) in object.at(&["metadata", "annotations"]).and_then(Value::as_map).cloned().unwrap_or_default().iter() {
        if value.is_null() {
            object.set(&["metadata", "annotations", key], "");
        }
    }
    let text = memory_of(&object);
    object.set(&["metadata", "annotations", LAST_APPLIED], text);
    object
}

/// What was applied last; `None` if nothing is remembered.
pub fn remembered(object: &Value) -> Option<Value> {
    let text = object.text_at(&["metadata", "annotations", LAST_APPLIED])?;
    yaml::parse(text).into_iter().next()?.value
}
