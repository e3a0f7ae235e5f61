//! JSON patches: a list of operations, each on a path.
//!
//! Models gopkg.in/evanphx/json-patch.v4 as the API server uses it; RFC 6902.

use base::value::Value;

use super::error::{MISSING, PatchError};
use super::text::cannot_unmarshal;

/// The maximum number of operations.
const MAX_OPERATIONS: usize = 10_000;

/// Who reads a patch: what cannot be decoded names the type that it would have become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Server,
    Kubectl,
}

impl Reader {
    fn cannot_decode(self, value: &Value, is_operation: bool) -> PatchError {
        let (before, go) = match (self, is_operation) {
            (Reader::Server, false) => ("error decoding patch: ", "[]handlers.jsonPatchOp"),
            (Reader::Server, true) => ("error decoding patch: ", "handlers.jsonPatchOp"),
            (Reader::Kubectl, false) => ("", "jsonpatch.Patch"),
            (Reader::Kubectl, true) => ("", "jsonpatch.Operation"),
        };
        PatchError::Malformed(format!("{before}{}", cannot_unmarshal(value, go)))
    }
}

/// Applies the operations to an object.
pub(super) fn apply(object: &Value, patch: &Value, reader: Reader) -> Result<Value, PatchError> {
    let operations = match patch {
        Value::List(operations) => operations.as_slice(),
        Value::Null if reader == Reader::Kubectl => &[],
        other => return Err(reader.cannot_decode(other, false)),
    };
    if operations.len() > MAX_OPERATIONS && reader == Reader::Server {
        let words = format!("The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}, got {}", operations.len());
        return Err(PatchError::Malformed(words));
    }
    if let Some(wrong) = operations.iter().find(|o| !matches!(o, Value::Map(_) | Value::Null)) {
        return Err(reader.cannot_decode(wrong, true));
    }
    let mut out = object.clone();
    for operation in operations {
        carry_out(&mut out, operation)?;
    }
    Ok(out)
}

/// Why an operation does not apply.
enum Wrong {
    /// A list has no item at this path.
    MissingKey(String),
    /// All else, in words.
    Words(String),
}

impl From<String> for Wrong {
    fn from(words: String) -> Self {
        Wrong::Words(words)
    }
}

impl From<Wrong> for PatchError {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::MissingKey(path) => PatchError::MissingKey(path),
            Wrong::Words(words) => PatchError::Inapplicable(words),
        }
    }
}

/// Carries out one operation.
fn carry_out(object: &mut Value, operation: &Value) -> Result<(), Wrong> {
    let verb = operation.text_at(&["op"]).unwrap_or("unknown");
    let value = || operation.get("value").cloned().unwrap_or_default();
    let no_path = match verb {
        "add" | "remove" | "copy" => MISSING.to_owned(),
        _ => format!("operation missing path field: {MISSING}"),
    };
    let path = || operation.text_at(&["path"]).ok_or_else(|| format!("{verb} operation failed to decode path: {no_path}"));
    let from = || {
        let missing = || format!("{verb} operation failed to decode from: operation, missing from field: {MISSING}");
        operation.text_at(&["from"]).ok_or_else(missing)
    };
    let astray = |what: &str| astray(verb, what);
    let in_path = |why: String, path: &str| format!("error in {verb} for path: '{path}': {why}");
    match verb {
        "add" => {
            let path = path()?;
            let (container, key) = container(object, path).ok_or_else(|| astray(&format!("doc is missing path: \"{path}\"")))?;
            add(container, key, value()).map_err(|why| in_path(why, path))?;
        }
        "remove" => {
            let path = path()?;
            let (container, key) = container(object, path).ok_or_else(|| astray(&format!("doc is missing path: \"{path}\"")))?;
            remove(container, &key).map_err(|why| in_path(why, path))?;
        }
        "replace" => replace(object, path()?, value())?,
        "move" => {
            let from = from()?;
            let (place, key) = container(object, from).ok_or_else(|| astray(&format!("doc is missing from path: {from}")))?;
            let moved = remove(place, &key).map_err(|why| in_path(why, &key))?;
            let path = path()?;
            let (place, key) = container(object, path).ok_or_else(|| astray(&format!("doc is missing destination path: {path}")))?;
            add(place, key, moved).map_err(|why| in_path(why, path))?;
        }
        "copy" => {
            let from = from()?;
            let (place, key) = container(object, from).ok_or_else(|| astray(&format!("doc is missing from path: {from}")))?;
            let copied = get(place, &key).map_err(|why| format!("error in copy for from: '{from}': {why}"))?;
            let path = path()?;
            let (place, key) = container(object, path).ok_or_else(|| astray(&format!("doc is missing destination path: {path}")))?;
            add(place, key, copied).map_err(|why| format!("error while adding value during copy: {why}"))?;
        }
        "test" => {
            let path = path()?;
            let there = if path.is_empty() {
                object.clone()
            } else {
                let (place, key) = container(object, path).ok_or_else(|| astray(&format!("is missing path: {path}")))?;
                get(place, &key).map_err(|why| in_path(why, path))?
            };
            if there != value() {
                return Err(format!("testing value {path} failed: test failed").into());
            }
        }
        other => return Err(format!("Unexpected kind: {other}").into()),
    }
    Ok(())
}

/// The error of an operation whose place is not there.
fn astray(verb: &str, what: &str) -> String {
    format!("{verb} operation does not apply: {what}: {MISSING}")
}

/// The map or list that contains a pointer's target, and the pointer's last segment. The root has no container.
fn container<'a>(object: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let mut parts: Vec<String> = path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    let last = parts.pop()?;
    let mut at = object;
    for part in &parts {
        at = match at {
            Value::Map(_) => at.make_map().get_mut(part)?,
            Value::List(items) => {
                let i = index(part, items.len(), items.len()).ok()?;
                &mut at.make_list()[i]
            }
            _ => return None,
        };
    }
    matches!(at, Value::Map(_) | Value::List(_)).then_some((at, last))
}

/// Why an index segment denotes no position.
enum BadIndex<'a> {
    /// It is no number.
    Text(&'a str),
    /// There is no such position.
    OutOfRange(i64),
}

impl From<BadIndex<'_>> for String {
    fn from(bad: BadIndex) -> Self {
        match bad {
            BadIndex::Text(part) => format!("strconv.Atoi: parsing {part:?}: invalid syntax"),
            BadIndex::OutOfRange(number) => format!("Unable to access invalid index: {number}: invalid index referenced"),
        }
    }
}

/// The position that an index segment denotes; negative ones count back from `end`.
fn index(part: &str, end: usize, length: usize) -> Result<usize, BadIndex<'_>> {
    let number: i64 = part.parse().map_err(|_| BadIndex::Text(part))?;
    let out_of_range = || BadIndex::OutOfRange(number);
    let size = usize::try_from(number.unsigned_abs()).map_err(|_| out_of_range())?;
    let i = if number < 0 { end.checked_sub(size).ok_or_else(out_of_range)? } else { size };
    if i < length { Ok(i) } else { Err(out_of_range()) }
}

/// The value under a key or index; `null` for a missing key.
fn get(container: &Value, key: &str) -> Result<Value, String> {
    Ok(match container {
        Value::List(items) => items[index(key, items.len(), items.len())?].clone(),
        map => map.get(key).cloned().unwrap_or_default(),
    })
}

fn add(container: &mut Value, key: String, value: Value) -> Result<(), String> {
    if let Value::List(items) = container {
        let after = items.len() + 1;
        let improper = |bad| match bad {
            BadIndex::Text(_) => format!("value was not a proper array index: '{key}': {}", String::from(bad)),
            BadIndex::OutOfRange(_) => bad.into(),
        };
        let i = if key == "-" { items.len() } else { index(&key, after, after).map_err(improper)? };
        container.make_list().insert(i, value);
    } else {
        container.make_map().insert(key, value);
    }
    Ok(())
}

/// Like the library, this also sets a missing key of a map.
fn replace(object: &mut Value, path: &str, value: Value) -> Result<(), Wrong> {
    if path.is_empty() {
        if !matches!(value, Value::Map(_) | Value::List(_)) {
            return Err(Wrong::Words("replace operation value must be object or array: %!w(<nil>)".to_owned()));
        }
        *object = value;
        return Ok(());
    }
    let (container, key) = container(object, path).ok_or_else(|| astray("replace", &format!("doc is missing path: {path}")))?;
    if let Value::List(items) = container {
        let i = index(&key, items.len(), items.len()).map_err(|_| Wrong::MissingKey(path.to_owned()))?;
        container.make_list()[i] = value;
    } else {
        container.make_map().insert(key, value);
    }
    Ok(())
}

fn remove(container: &mut Value, key: &str) -> Result<Value, String> {
    if let Value::List(items) = container {
        let i = index(key, items.len(), items.len())?;
        return Ok(container.make_list().remove(i));
    }
    container.make_map().remove(key).ok_or_else(|| format!("Unable to remove nonexistent key: {key}: {MISSING}"))
}
