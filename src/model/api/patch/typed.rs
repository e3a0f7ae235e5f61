//! What the server finds wrong with an object that is applied on its own side, before it merges it.
//!
//! Models sigs.k8s.io/structured-merge-diff typed/validate.go and apimachinery pkg/util/managedfields/internal/structuredmerge.go.
//! Not modelled: a list or a map where a scalar should be, which the decoder refuses in its own words.

use crate::kind::Kind;
use crate::managed::MANAGED_FIELDS;
use crate::managed::fields::spelled;
use crate::managed::walk::step_of;
use crate::patch::text::go_text;
use crate::schema::{Element, Field, Shape, StructType, schema};
use crate::status::{Status, StatusReason};
use base::sorted::SortedSet;
use base::value::Value;

/// Refuses what is no object of its kind, or names an element of a list twice.
pub fn check(kind: Kind, object: &Value) -> Result<(), Status> {
    if object.at(&MANAGED_FIELDS).is_some_and(|fields| !fields.is_null()) {
        return Err(Status::bad_request("metadata.managedFields must be nil".to_owned()));
    }
    let mut wrong = Vec::new();
    structure(schema().kind(kind), object, "", &mut wrong);
    let words = match wrong.as_slice() {
        [] => return Ok(()),
        [one] => one.clone(),
        many => format!("errors:\n  {}", many.join("\n  ")),
    };
    let text = |key: &str| object.text_at(&["metadata", key]).unwrap_or_default();
    let (info, version) = (kind.info(), kind.api_version());
    let version = if info.group.is_empty() { format!("/{version}") } else { version };
    let about = format!("({}/{}; {version}, Kind={})", text("namespace"), text("name"), info.name);
    let message = format!("failed to create typed patch object {about}: {words}");
    Err(Status { reason: StatusReason::Unknown, ..Status::bad_request(message) })
}

fn structure(ty: &StructType, value: &Value, path: &str, wrong: &mut Vec<String>) {
    let Value::Map(map) = value else {
        wrong.push(unexpected(path, "map", value));
        return;
    };
    for (key, member) in map.iter() {
        let path = format!("{path}.{key}");
        match ty.field(key) {
            None => wrong.push(format!("{path}: field not declared in schema")),
            Some(field) => field_of(field, member, &path, wrong),
        }
    }
}

fn field_of(field: &Field, value: &Value, path: &str, wrong: &mut Vec<String>) {
    match (field.shape, value) {
        (Shape::One, value) => element(field, value, path, wrong),
        (Shape::Map, Value::Map(map)) => map.iter().for_each(|(key, item)| element(field, item, &format!("{path}.{key}"), wrong)),
        (Shape::List, Value::List(items)) => {
            let mut seen = SortedSet::new();
            for (i, item) in items.iter().enumerate() {
                let place = if field.is_atomic() { format!("[{i}]") } else { spelled(&step_of(field, item)) };
                element(field, item, &format!("{path}{place}"), wrong);
                if !seen.insert(place.clone()) {
                    wrong.push(format!("{path}: duplicate entries for key {place}"));
                }
            }
        }
        (_, Value::Null) => {}
        (Shape::Map, other) => wrong.push(unexpected(path, "map", other)),
        (Shape::List, other) => wrong.push(unexpected(path, "list", other)),
    }
}

fn unexpected(path: &str, wanted: &str, value: &Value) -> String {
    format!("{path}: expected {wanted}, got &{{{}}}", go_text(value))
}

fn element(field: &Field, value: &Value, path: &str, wrong: &mut Vec<String>) {
    match (field.element, value) {
        (_, Value::Null) => {}
        (Element::Struct(_), Value::Bool(_) | Value::List(_)) if field.alternative().is_some() => {}
        (Element::Struct(id), value) => structure(schema().of(id), value, path, wrong),
        (Element::Int32 | Element::Int64, Value::Text(_)) => wrong.push(format!("{path}: expected numeric (int or float), got string")),
        (Element::Int32 | Element::Int64, Value::Bool(_)) => wrong.push(format!("{path}: expected numeric (int or float), got bool")),
        (Element::Text, Value::Bool(_) | Value::Int(_) | Value::Real(_)) => {
            wrong.push(format!("{path}: expected string, got &value.valueUnstructured{{Value:{}}}", value.to_json()));
        }
        _ => {}
    }
}
