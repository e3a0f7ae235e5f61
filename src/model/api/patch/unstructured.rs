//! Decodes the result of a strategic merge patch: the server converts it field by field instead of parsing JSON, hence the different
//! error messages.
//!
//! Models k8s.io/apimachinery/pkg/runtime converter.go FromUnstructuredWithValidation.

use std::rc::Rc;

use crate::decode::{Decoded, TypeError, decode_element, decode_with_empty, unknown_field_words};
use crate::release::Release;
use crate::schema::{Element, Field, Shape, StructType, schema};
use base::field_path::{FieldPath, Step};
use base::sort::Sort;
use base::value::{Value, rewrite};

use super::text::go_kind;

pub(super) fn decode_patched(ty: &'static StructType, object: &Value, release: &Release) -> Result<Decoded, TypeError> {
    let mut converter = Converter { path: Vec::new() };
    let converted = converter.structure(ty, object)?;
    let mut decoded = decode_with_empty(ty, &converted, release)?;
    decoded.unknown.sort_small_by_key(unknown_field_words);
    Ok(decoded)
}

struct Converter {
    path: Vec<Step>,
}

impl Converter {
    fn error<T>(&self, message: String) -> Result<T, TypeError> {
        Err(TypeError { message, path: FieldPath(self.path.clone()), wants: None })
    }

    /// Converts known fields in the order of the struct; unknown ones are left for the decoder to find.
    fn structure(&mut self, ty: &'static StructType, value: &Value) -> Result<Value, TypeError> {
        let Value::Map(map) = value else {
            return self.error(format!("cannot restore struct from: {}", go_kind(value)));
        };
        let mut out = Rc::clone(map);
        for field in &ty.fields {
            let Some(member) = map.get(field.name).filter(|v| !v.is_null()) else { continue };
            self.path.push(Step::Field(field.name.into()));
            let now = self.member(field, member)?;
            if !now.is_one_with(member) {
                Rc::make_mut(&mut out).insert(field.name, now);
            }
            self.path.pop();
        }
        Ok(Value::Map(out))
    }

    fn member(&mut self, field: &'static Field, value: &Value) -> Result<Value, TypeError> {
        match (field.shape, value) {
            (Shape::One, value) => self.element(field, value),
            (Shape::List, Value::List(items)) => rewrite::list(items, |i, item| {
                self.path.push(Step::Index(i));
                let item = self.element(field, item)?;
                self.path.pop();
                Ok(item)
            }),
            (Shape::Map, Value::Map(map)) => rewrite::map(map, |key, item| {
                self.path.push(Step::Key(key.clone()));
                let item = self.element(field, item)?;
                self.path.pop();
                Ok(Some(item))
            }),
            (Shape::List, other) => self.error(format!("cannot restore slice from {}", go_kind(other))),
            (Shape::Map, other) => self.error(format!("cannot restore map from {}", go_kind(other))),
        }
    }

    fn element(&mut self, field: &'static Field, value: &Value) -> Result<Value, TypeError> {
        let go_kind_wanted = match field.element {
            _ if value.is_null() => return Ok(Value::Null),
            Element::Struct(_) if field.alternative().is_some() && value.as_map().is_none() => return Ok(value.clone()),
            Element::Struct(id) => return self.structure(schema().of(id), value),
            Element::Raw | Element::Real => return Ok(value.clone()),
            Element::Time | Element::MicroTime | Element::Quantity | Element::IntOrString => {
                let alone = decode_element(field, value);
                return alone.map_err(|error| TypeError { path: FieldPath(self.path.clone()), ..error });
            }
            Element::Bytes => {
                return match value {
                    Value::Text(_) => match decode_element(field, value) {
                        Err(error) => self.error(format!("error decoding from json: {}", error.message)),
                        ok => ok,
                    },
                    Value::List(_) => Ok(value.clone()),
                    other => self.error(format!("cannot restore slice from {}", go_kind(other))),
                };
            }
            Element::Text => "string",
            Element::Bool => "bool",
            Element::Int32 => "int32",
            Element::Int64 => "int64",
        };
        let converted = match (field.element, value) {
            (Element::Text, Value::Text(_)) | (Element::Bool, Value::Bool(_)) | (Element::Int64, Value::Int(_)) => Ok(value.clone()),
            // Upstream's conversion truncates numbers that do not fit.
            (Element::Int32, Value::Int(n)) => Ok(Value::from(low_half(*n))),
            (Element::Text, Value::Int(_)) | (Element::Int32 | Element::Int64, Value::Real(_)) => {
                self.error(format!("cannot convert {} to {}", go_kind(value), field.go_element()))
            }
            _ => self.error(format!("unrecognized type: {go_kind_wanted}")),
        };
        converted.map_err(|error| TypeError { wants: field.plain_element(), ..error })
    }
}

/// The lower 32 bits, as a signed integer.
fn low_half(n: i64) -> i32 {
    let [a, b, c, d, ..] = n.to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}
