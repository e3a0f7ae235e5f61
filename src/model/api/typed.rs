//! Objects as Go's typed encoders write them: including the empty members that the structs cannot omit.
//!
//! `kubectl create --dry-run=client -o yaml` prints objects in this form: `status: {}`, `resources: {}`, `strategy: {}`.
//! Models encoding/json over the k8s.io/api types. Must not know: defaulting, validation.

use std::rc::Rc;

use crate::kind::{Kind, Trait};
use crate::schema::{Element, Field, Shape, StructType, schema};
use base::value::{Value, rewrite};

/// The object with the members that Go writes even when they are empty. Existing members are left unchanged, but for empty
/// lists, which are written as none. Not modelled: that only a dry run of the server, which stores nothing, still shows them as empty.
pub fn with_empty_members(kind: Kind, object: &Value) -> Value {
    filled(schema().kind(kind), object)
}

/// The status of a new object: the members that Go writes even when they are empty. `None` for kinds without one.
pub fn first_status(kind: Kind) -> Option<Value> {
    let status = schema().kind(kind).field("status").and_then(|field| schema().inside(field));
    status.filter(|_| kind.has(Trait::Status)).map(|status| filled(status, &Value::map()))
}

fn filled(ty: &StructType, value: &Value) -> Value {
    let Value::Map(map) = value else { return value.clone() };
    let mut out = Rc::clone(map);
    for field in &ty.fields {
        let before = map.get(field.name);
        let now = match before {
            // The store forgets that a list was given, and empty.
            Some(Value::List(items)) if items.is_empty() && field.is_written_empty() => Value::Null,
            Some(value) => filled_member(field, value),
            None if field.is_written_empty() => empty(field),
            None => continue,
        };
        if before.is_none_or(|before| !before.is_one_with(&now)) {
            Rc::make_mut(&mut out).insert(field.name, now);
        }
    }
    Value::Map(out)
}

fn filled_member(field: &Field, value: &Value) -> Value {
    let Some(ty) = schema().inside(field) else { return value.clone() };
    match (field.shape, value) {
        (Shape::List, Value::List(items)) => rewrite::items(items, |item| filled(ty, item)),
        (Shape::Map, Value::Map(map)) => rewrite::members(map, |_, item| filled(ty, item)),
        (Shape::One, value) => filled(ty, value),
        _ => value.clone(),
    }
}

fn empty(field: &Field) -> Value {
    match (field.shape, field.element) {
        (Shape::List | Shape::Map, _) => Value::Null,
        (Shape::One, _) if field.is_pointer() => Value::Null,
        (Shape::One, element) => match element {
            Element::Text => Value::from(""),
            Element::Bool => Value::Bool(false),
            Element::Int32 | Element::Int64 => Value::Int(0),
            Element::Struct(id) if field.is_struct_by_value() => filled(schema().of(id), &Value::map()),
            Element::Quantity if field.is_struct_by_value() => Value::from("0"),
            Element::IntOrString if field.is_struct_by_value() => Value::Int(0),
            _ => Value::Null,
        },
    }
}
