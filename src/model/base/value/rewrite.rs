//! Copies of a list or a map with other entries, which share the original where no entry changes.

use std::convert::Infallible;
use std::rc::Rc;

use super::{Map, Value};

impl Value {
    /// Whether two values are one: the same list, map or text in memory, or the same scalar. Values that are not one may still be equal.
    pub fn is_one_with(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::List(one), Value::List(other)) => Rc::ptr_eq(one, other),
            (Value::Map(one), Value::Map(other)) => Rc::ptr_eq(one, other),
            (Value::Text(one), Value::Text(other)) | (Value::Real(one), Value::Real(other)) => Rc::ptr_eq(one, other),
            (Value::List(_) | Value::Map(_) | Value::Text(_) | Value::Real(_), _) => false,
            (one, other) => one == other,
        }
    }
}

/// The list with each item as `rewrite` returns it, by its place.
pub fn list<E>(items: &Rc<Vec<Value>>, mut rewrite: impl FnMut(usize, &Value) -> Result<Value, E>) -> Result<Value, E> {
    let mut out: Option<Vec<Value>> = None;
    for (at, item) in items.iter().enumerate() {
        let new = rewrite(at, item)?;
        if let Some(out) = &mut out {
            out.push(new);
        } else if !new.is_one_with(item) {
            let mut changed = Vec::with_capacity(items.len());
            changed.extend_from_slice(&items[..at]);
            changed.push(new);
            out = Some(changed);
        }
    }
    Ok(out.map_or_else(|| Value::List(Rc::clone(items)), Value::from))
}

/// The map with each member as `rewrite` returns it, and without those for which `rewrite` returns `None`.
pub fn map<E>(map: &Rc<Map>, mut rewrite: impl FnMut(&Rc<str>, &Value) -> Result<Option<Value>, E>) -> Result<Value, E> {
    let mut out: Option<Vec<(Rc<str>, Value)>> = None;
    for (at, (key, member)) in map.iter().enumerate() {
        let new = rewrite(key, member)?;
        if out.is_none() && new.as_ref().is_some_and(|new| new.is_one_with(member)) {
            continue;
        }
        let out = out.get_or_insert_with(|| {
            let mut before = Vec::with_capacity(map.len());
            before.extend_from_slice(&map.entries[..at]);
            before
        });
        out.extend(new.map(|new| (Rc::clone(key), new)));
    }
    Ok(out.map_or_else(|| Value::Map(Rc::clone(map)), |entries| Value::from(Map { entries, as_written: map.as_written })))
}

/// [`map`] where nothing can fail and no member goes.
pub fn members(of: &Rc<Map>, mut rewrite: impl FnMut(&str, &Value) -> Value) -> Value {
    let Ok(value) = map(of, |key, member| Ok::<_, Infallible>(Some(rewrite(key, member))));
    value
}

/// [`list`] where nothing can fail.
pub fn items(of: &Rc<Vec<Value>>, mut rewrite: impl FnMut(&Value) -> Value) -> Value {
    let Ok(value) = list(of, |_, item| Ok::<_, Infallible>(rewrite(item)));
    value
}
