//! `--sort-by`.
//!
//! Models k8s.io/kubectl/pkg/cmd/get/sorter.go.

use std::cmp::Ordering;

use crate::print::jsonpath::Template;
use base::quantity::Quantity;
use base::sort::Sort;
use base::value::Value;

/// Why objects are not sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsorted {
    /// kubectl says so.
    Refused(String),
    /// kubectl dies of what stands at this path, with this error.
    Unsortable(String, String),
}

/// Sorts objects by the value at a path; those without it come first, the last of them foremost. If none has it, that is an error.
/// Models SortObjects, which inserts up to twelve objects one by one; the order that it gives to equals among more is not modelled.
pub fn sort_by(path: &str, objects: &mut [Value]) -> Result<(), Unsorted> {
    let template = Template::parse_relaxed(path).map_err(Unsorted::Refused)?;
    let key = |object: &Value| template.results(object).ok().and_then(|r| r.into_iter().flatten().next());
    let keys: Vec<Option<Value>> = objects.iter().map(key).collect();
    if !keys.is_empty() && keys.iter().all(Option::is_none) {
        return Err(Unsorted::Refused(no_field(path)));
    }
    let present: Vec<&Value> = keys.iter().flatten().collect();
    let mut pairs = present.iter().enumerate().flat_map(|(i, later)| present[..i].iter().map(move |earlier| (later, earlier)));
    if let Some(why) = pairs.find_map(|(later, earlier)| unsortable(later, earlier)) {
        return Err(Unsorted::Unsortable(relaxed(path), why));
    }
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_small_by(|a, b| match (&keys[*a], &keys[*b]) {
        (Some(x), Some(y)) => compare(x, y),
        (None, None) => b.cmp(a),
        (x, y) => x.is_some().cmp(&y.is_some()),
    });
    let sorted: Vec<Value> = order.into_iter().map(|at| std::mem::take(&mut objects[at])).collect();
    for (place, object) in objects.iter_mut().zip(sorted) {
        *place = object;
    }
    Ok(())
}

/// The error if no object has the field.
pub fn no_field(path: &str) -> String {
    format!("couldn't find any field with path \"{}\" in the list of objects", relaxed(path))
}

/// A path as kubectl completes it.
fn relaxed(path: &str) -> String {
    format!("{{.{}}}", path.trim_start_matches('{').trim_end_matches('}').trim_start_matches('.'))
}

/// Why two values have no order, if they have none. Models isLess.
fn unsortable(a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Bool(_) | Value::List(_) | Value::Map(_), _) => Some(format!("unsortable type: {}", a.go_type())),
        _ => (a.go_type() != b.go_type()).then(|| "unsortable interface: interface".to_owned()),
    }
}

/// Texts are compared letter by letter, unless both are quantities.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => match (Quantity::parse(x), Quantity::parse(y)) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            _ => x.cmp(y),
        },
        (a, b) => a.cmp(b),
    }
}
