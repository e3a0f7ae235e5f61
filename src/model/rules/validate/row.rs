//! What the rows of all tables have in common: the field and the conditions.

use api::go_dump::is_pointer;
use api::kind::Kind;
use api::schema::{Field, StructType};
use base::value::Value;

/// In place of the index of a field: the struct.
pub const OF_STRUCT: u8 = u8::MAX;

/// A condition of a row.
pub enum When {
    New,
    Kind(Kind),
    Field(u8, Is),
}

/// What a field has to be.
pub enum Is {
    Set,
    Unset,
    Text(&'static str),
    Not(&'static str),
}

impl When {
    /// Whether the condition holds of a struct.
    pub fn holds(&self, kind: Kind, is_new: bool, ty: &StructType, of: &Value) -> bool {
        let (field, is) = match self {
            When::New => return is_new,
            When::Kind(other) => return *other == kind,
            When::Field(at, is) => (&ty.fields[usize::from(*at)], is),
        };
        let value = of.get(field.name).unwrap_or(&Value::Null);
        let text = || value.as_bool().map_or(value.as_text().unwrap_or(""), |is| if is { "true" } else { "false" });
        match is {
            Is::Set => is_set(field, value),
            Is::Unset => !is_set(field, value),
            Is::Text(other) => text() == *other,
            Is::Not(other) => text() != *other,
        }
    }
}

/// Whether a value is absent, empty or `false`.
pub fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// Whether a field is there. What is a pointer in Go may be empty.
pub fn is_set(field: &Field, value: &Value) -> bool {
    if is_pointer(field) { !value.is_null() } else { !is_unset(value) }
}
