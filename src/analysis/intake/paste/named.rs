//! Objects by their names: what a text names, before anything else of it is known.

use api::kind::Kind;
use base::given::SetGiven;
use base::value::Value;

/// The kind, namespace and name of an object.
pub type Key = (String, String, String);

/// The key of an object.
pub(crate) fn key(value: &Value) -> Key {
    let text = |path: &[&str]| value.text_at(path).unwrap_or_default().to_owned();
    (text(&["kind"]), text(&["metadata", "namespace"]), text(&["metadata", "name"]))
}

/// An object of no more than its kind and name.
pub(crate) fn bare(kind: Kind, namespace: &str, name: &str) -> Value {
    let mut value = Value::of([("apiVersion", Value::from(kind.api_version())), ("kind", kind.info().name.into())]);
    value.set(&["metadata", "name"], name);
    value.set_filled(&["metadata", "namespace"], namespace);
    value
}
