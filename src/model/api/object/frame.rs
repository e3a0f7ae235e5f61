//! What all objects have around their own fields: `apiVersion`, `kind` and `metadata`.

use std::rc::Rc;

use super::meta::Meta;
use crate::kind::Kind;
use base::value::{Map, Value};

/// `apiVersion`, `kind` and `metadata` of an object.
pub(super) fn header(kind: Kind, meta: &Meta) -> Map {
    let mut m = Map::new();
    m.insert("apiVersion", kind.api_version());
    m.insert("kind", kind.info().name);
    m.insert("metadata", meta.encode());
    m
}

/// An object without its header.
pub(super) fn body(object: &Value) -> Value {
    let mut rest = object.as_map().cloned().unwrap_or_default();
    rest.retain(|k, _| !matches!(k, "apiVersion" | "kind" | "metadata"));
    rest.into()
}

/// An object of a spec and a status, with its header.
pub(super) fn with_status(kind: Kind, meta: &Meta, spec: &Value, status: Value) -> Value {
    let mut object = header(kind, meta);
    object.insert("spec", spec.clone());
    object.insert("status", status);
    object.into()
}

/// A body with its header.
pub(super) fn with_header(kind: Kind, meta: &Meta, raw: &Value) -> Value {
    let mut m = header(kind, meta);
    for (k, v) in raw.members() {
        m.insert(Rc::clone(k), v.clone());
    }
    m.into()
}
