//! JSON merge patches: maps are merged, null deletes, everything else replaces.
//!
//! Models gopkg.in/evanphx/json-patch.v4 MergePatch; RFC 7386.

use base::value::Value;

use super::directive::without_nulls;
use super::error::PatchError;
use super::text::cannot_unmarshal;

/// Applies a patch to an object.
pub fn merge(object: &Value, patch: &Value) -> Result<Value, PatchError> {
    match patch {
        Value::Null => Err(PatchError::Malformed("Invalid JSON Patch".to_owned())),
        Value::Map(_) => Ok(merged(object, patch)),
        other => {
            let words = cannot_unmarshal(other, "map[string]interface {}");
            Err(PatchError::Malformed(format!("error decoding patch: {words}")))
        }
    }
}

fn merged(object: &Value, patch: &Value) -> Value {
    let (Value::Map(existing), Value::Map(wanted)) = (object, patch) else {
        return if matches!(object, Value::Map(_)) { patch.clone() } else { without_nulls(patch) };
    };
    let mut out = existing.as_ref().clone();
    for (key, value) in wanted.iter() {
        match out.get(key) {
            _ if value.is_null() => {
                out.remove(key);
            }
            Some(there) if !there.is_null() => {
                let value = merged(there, value);
                out.insert(key.clone(), value);
            }
            _ => {
                out.insert(key.clone(), without_nulls(value));
            }
        }
    }
    Value::from(out)
}
