//! The directives of a strategic merge patch: keys that say what plain values cannot.

use base::value::{Map, Value};

use super::error::PatchError;
use super::text::go_type;

/// In a map: what to do with the map as a whole.
pub(super) const PATCH: &str = "$patch";
/// Deletes the map, or the list element with this merge key.
pub(super) const DELETE: &str = "delete";
/// Replaces the existing map or list with the rest of the patch.
pub(super) const REPLACE: &str = "replace";
/// Would merge the list; not supported upstream either.
pub(super) const MERGE: &str = "merge";
/// In a map: the keys that stay.
pub(super) const RETAIN_KEYS: &str = "$retainKeys";
/// Prefix of a list name: the scalars to delete from it.
pub(super) const DELETE_FROM_LIST: &str = "$deleteFromPrimitiveList";
/// Prefix of a list name: the order of its elements.
pub(super) const ELEMENT_ORDER: &str = "$setElementOrder";

/// The list that a key such as `$setElementOrder/ports` refers to.
pub(super) fn list_name<'a>(key: &'a str, directive: &str) -> Result<&'a str, PatchError> {
    match key.split_once('/') {
        Some((prefix, name)) if prefix == directive => Ok(name),
        _ => Err(bad_format(if directive == DELETE_FROM_LIST { "primitive list" } else { "setElementOrder list" })),
    }
}

/// `invalid patch format of retainKeys`.
pub(super) fn bad_format(of: &str) -> PatchError {
    PatchError::Malformed(format!("invalid patch format of {of}"))
}

/// `expected a map[string]interface {}, but received a string`.
pub(super) fn bad_type(expected: &Value, actual: &Value) -> PatchError {
    PatchError::Other(format!("expected a {}, but received a {}", go_type(expected), go_type(actual)))
}

/// A value without any maps that contain `$patch`; `None` if it is one itself.
pub(super) fn without_directives(value: &Value) -> Option<Value> {
    match value {
        Value::Map(map) if map.contains(PATCH) => None,
        Value::Map(map) => Some(Value::from(map.iter().filter_map(|(k, v)| Some((k.clone(), without_directives(v)?))).collect::<Map>())),
        Value::List(items) => Some(Value::list(items.iter().filter_map(without_directives))),
        other => Some(other.clone()),
    }
}

/// What upstream's algorithm leaves of a value once its directives are removed: maps are modified, lists are not.
pub(super) fn residue(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::list(items.iter().map(residue)),
        other => without_directives(other).unwrap_or_else(|| other.clone()),
    }
}

/// A value without nulls in its maps.
pub(super) fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            Value::from(map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_nulls(v))).collect::<Map>())
        }
        Value::List(items) => Value::list(items.iter().map(without_nulls)),
        other => other.clone(),
    }
}
