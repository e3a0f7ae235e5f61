//! JSON patches: a list of operations, each on a path.
//!
//! Models gopkg.in/evanphx/json-patch.v4 as the API server uses it; RFC 6902.

use crate::base::value::Value;

use super::PatchError;
use super::text::cannot_unmarshal;

/// The maximum number of operations.
const MOST_OPERATIONS: usize = 10_000;

/// Applies the operations to an object.
pub(super) fn apply(object: &Value, patch: &Value) -> Result<Value, PatchError> {
    let Value::List(operations) = patch else {
        return Err(cannot_decode(patch, "[]handlers.jsonPatchOp"));
    };
    if operations.len() > MOST_OPERATIONS {
        let words = format!("The allowed maximum operations in a JSON patch is {MOST_OPERATIONS}, got {}", operations.len());
        return Err(PatchError::Malformed(words));
    }
    if let Some(wrong) = operations.iter().find(|o| !matches!(o, Value::Map(_) | Value::Null)) {
        return Err(cannot_decode(wrong, "handlers.jsonPatchOp"));
    }
    let mut out = object.clone();
    for operation in operations.iter() {
        carry_out(&mut out, operation)?;
    }
    Ok(out)
}

fn cannot_decode(value: &Value, go: &str) -> PatchError {
    PatchError::Malformed(format!("error decoding patch: {}", cannot_unmarshal(value, go)))
}

fn carry_out(object: &mut Value, operation: &Value) -> Result<(), PatchError> {
    let verb = operation.text_at(&["op"]).unwrap_or("unknown");
    let path = |name: &str| operation.text_at(&[name]).ok_or_else(|| refused(&format!("{verb} operation failed to decode {name}")));
    let value = || operation.get("value").cloned().unwrap_or_default();
    match verb {
        "add" => add(object, path("path")?, value()),
        "remove" => remove(object, path("path")?).map(|_| ()),
        "replace" => replace(object, path("path")?, value()),
        "move" => {
            let moved = remove(object, path("from")?)?;
            add(object, path("path")?, moved)
        }
        "copy" => {
            let copied = get(object, path("from")?)?;
            add(object, path("path")?, copied)
        }
        "test" => {
            let path = path("path")?;
            let there = if path.is_empty() { object.clone() } else { get(object, path)? };
            if there == value() { Ok(()) } else { Err(refused(&format!("testing value {path} failed: test failed"))) }
        }
        other => Err(refused(&format!("Unexpected kind: {other}"))),
    }
}

fn refused(words: &str) -> PatchError {
    PatchError::Inapplicable(words.to_owned())
}

fn missing(path: &str) -> PatchError {
    refused(&format!("doc is missing path: {path}"))
}

/// The map or list that contains a pointer's target, and the pointer's last segment. The root has no container.
fn container<'a>(object: &'a mut Value, path: &str) -> Result<(&'a mut Value, String), PatchError> {
    let mut parts: Vec<String> = path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let last = parts.pop().ok_or_else(|| missing(path))?;
    let mut at = object;
    for part in &parts {
        at = match at {
            Value::Map(_) => at.make_map().get_mut(part).ok_or_else(|| missing(path))?,
            Value::List(items) => {
                let i = index(part, items.len(), items.len())?;
                &mut at.make_list()[i]
            }
            _ => return Err(missing(path)),
        };
    }
    match at {
        Value::Map(_) | Value::List(_) => Ok((at, last)),
        _ => Err(missing(path)),
    }
}

/// The position that an index segment denotes; negative ones count back from `end`.
fn index(part: &str, end: usize, length: usize) -> Result<usize, PatchError> {
    let wrong = || refused(&format!("Unable to access invalid index: {part}"));
    let number: i64 = part.parse().map_err(|_| wrong())?;
    let size = usize::try_from(number.unsigned_abs()).map_err(|_| wrong())?;
    let i = if number < 0 { end.checked_sub(size).ok_or_else(wrong)? } else { size };
    if i < length { Ok(i) } else { Err(wrong()) }
}

/// The value at a path; `null` for a missing key.
fn get(object: &mut Value, path: &str) -> Result<Value, PatchError> {
    let (container, last) = container(object, path)?;
    Ok(match container {
        Value::List(items) => items[index(&last, items.len(), items.len())?].clone(),
        map => map.get(&last).cloned().unwrap_or_default(),
    })
}

fn add(object: &mut Value, path: &str, value: Value) -> Result<(), PatchError> {
    let (container, last) = container(object, path)?;
    if let Value::List(items) = container {
        let after = items.len() + 1;
        let i = if last == "-" { items.len() } else { index(&last, after, after)? };
        container.make_list().insert(i, value);
    } else {
        container.make_map().insert(last, value);
    }
    Ok(())
}

/// Like the library, this also sets a missing key of a map.
fn replace(object: &mut Value, path: &str, value: Value) -> Result<(), PatchError> {
    if path.is_empty() {
        if !matches!(value, Value::Map(_) | Value::List(_)) {
            return Err(refused("replace operation value must be object or array"));
        }
        *object = value;
        return Ok(());
    }
    let (container, last) = container(object, path)?;
    if let Value::List(items) = container {
        let i = index(&last, items.len(), items.len())?;
        container.make_list()[i] = value;
    } else {
        container.make_map().insert(last, value);
    }
    Ok(())
}

fn remove(object: &mut Value, path: &str) -> Result<Value, PatchError> {
    let (container, last) = container(object, path)?;
    if let Value::List(items) = container {
        let i = index(&last, items.len(), items.len())?;
        return Ok(container.make_list().remove(i));
    }
    container.make_map().remove(&last).ok_or_else(|| missing(path))
}
