//! The documents of a manifest as values.

use api::object::ObjectKey;
use base::value::Value;
use playground::documents::objects;

/// The objects of a text.
pub(super) fn values(text: &str) -> impl Iterator<Item = Value> {
    objects(&yaml::parse(text)).into_iter().filter_map(|document| document.value)
}

/// Whether a document is the object of a key; one that names no namespace is in `default`.
pub fn is_it(value: &Value, key: &ObjectKey) -> bool {
    let namespace = value.text_at(&["metadata", "namespace"]).unwrap_or("default");
    let placed = key.namespace.is_empty() || *key.namespace == *namespace;
    placed && value.text_at(&["kind"]) == Some(key.kind.info().name) && value.text_at(&["metadata", "name"]) == Some(&key.name)
}
