//! Computes patches the way kubectl does.
//!
//! Models k8s.io/apimachinery/pkg/util/strategicpatch patch.go CreateTwoWayMergePatch and CreateThreeWayMergePatch.

use std::cmp::Ordering;
use std::iter::Peekable;

use crate::kind::Kind;
use crate::schema::{Field, schema};
use base::given::InsertGiven;
use base::sort::Sort;
use base::value::{Map, Value};

use super::check_depth;
use super::directive::{DELETE, DELETE_FROM_LIST, ELEMENT_ORDER, PATCH, RETAIN_KEYS};
use super::error::PatchError;
use super::lists::{ElementKind, element_kind, key_of, ordered, sorted_scalars, without_repetition};
use super::lookup::{Lookup, merge_key};
use super::strategic::{Mode, merge_maps};
use super::text::{go_text, go_type};

/// Which parts of a difference to produce.
#[derive(Clone, Copy)]
struct Wanted {
    additions: bool,
    deletions: bool,
    /// Whether to add `$retainKeys`.
    retain_keys: bool,
}

/// The patch that turns `original` into `modified`.
pub fn two_way(kind: Kind, original: &Value, modified: &Value) -> Result<Value, PatchError> {
    check_depth(original)?;
    check_depth(modified)?;
    diff_roots(kind, original, modified, Wanted { additions: true, deletions: true, retain_keys: false }).map(Value::from)
}

/// The patch that `kubectl apply` sends: deletes what was applied last (`original`) but is no longer wanted (`modified`), sets what is
/// wanted and differs from the live object (`current`), and leaves the rest alone.
pub fn three_way(kind: Kind, original: &Value, modified: &Value, current: &Value) -> Result<Value, PatchError> {
    for value in [original, modified, current] {
        check_depth(value)?;
    }
    let mut delta = diff_roots(kind, current, modified, Wanted { additions: true, deletions: false, retain_keys: false })?;
    let deletions = diff_roots(kind, original, modified, Wanted { additions: false, deletions: true, retain_keys: false })?;
    merge_maps(deletions, &mut delta, Lookup::Struct(schema().kind(kind)), Mode::Combine).map(Value::from)
}

fn diff_roots(kind: Kind, original: &Value, modified: &Value, wanted: Wanted) -> Result<Map, PatchError> {
    let empty = Map::new();
    let (original, modified) = (original.as_map().unwrap_or(&empty), modified.as_map().unwrap_or(&empty));
    diff_maps(original, modified, Lookup::Struct(schema().kind(kind)), wanted)
}

fn diff_maps(original: &Map, modified: &Map, lookup: Lookup, wanted: Wanted) -> Result<Map, PatchError> {
    let mut patch = Map::new();
    for (key, new) in modified.iter() {
        match original.get(key) {
            None if wanted.additions => {
                patch.insert(key.clone(), new.clone());
            }
            None => {}
            Some(old) if key.as_ref() == PATCH => {
                if !matches!((old, new), (Value::Text(_), Value::Text(_))) {
                    return PatchError::other(format!("invalid value for special key: {PATCH}"));
                }
                if old != new {
                    patch.insert(PATCH, new.clone());
                }
            }
            Some(old) if go_type(old) != go_type(new) && wanted.additions => {
                patch.insert(key.clone(), new.clone());
            }
            Some(old) if go_type(old) != go_type(new) => {}
            Some(old) => diff_members(key, old, new, &mut patch, lookup, wanted)?,
        }
    }
    if wanted.deletions {
        for (key, _) in original.iter().filter(|(key, _)| !modified.contains(key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    let retained: Vec<Value> = modified.iter().filter(|(_, new)| !new.is_null()).map(|(key, _)| Value::from(key)).collect();
    let loses_keys = || original.iter().any(|(key, old)| !old.is_null() && !modified.contains(key));
    if wanted.retain_keys && !retained.is_empty() && (!patch.is_empty() || loses_keys()) {
        patch.insert(RETAIN_KEYS, sorted_scalars(retained));
    }
    Ok(patch)
}

fn diff_members(key: &str, old: &Value, new: &Value, patch: &mut Map, lookup: Lookup, wanted: Wanted) -> Result<(), PatchError> {
    match (old, new) {
        (Value::Map(old), Value::Map(new)) => {
            let (inside, field) = match lookup.map_under(key) {
                Ok(found) => found,
                Err(_) if old == new => return Ok(()),
                Err(error) => return Err(error),
            };
            if field.is_replaced() {
                if wanted.additions {
                    patch.insert(key, Value::Map(new.clone()));
                }
                return Ok(());
            }
            let inner = diff_maps(old, new, inside, Wanted { retain_keys: field.retains_keys(), ..wanted })?;
            patch.insert_filled(key, inner);
        }
        (Value::List(old), Value::List(new)) => {
            let (inside, field) = match lookup.list_under(key) {
                Ok(found) => found,
                Err(_) if old == new => return Ok(()),
                Err(error) => return Err(error),
            };
            if field.is_merged() {
                let wanted = Wanted { retain_keys: field.retains_keys(), ..wanted };
                diff_lists(key, old, new, patch, inside, field, wanted)?;
            } else if wanted.additions && old != new {
                patch.insert(key, Value::List(new.clone()));
            }
        }
        (old, new) => {
            if wanted.additions && old != new {
                patch.insert(key, new.clone());
            }
        }
    }
    Ok(())
}

fn diff_lists(
    name: &str,
    old: &[Value],
    new: &[Value],
    patch: &mut Map,
    inside: Lookup,
    field: &Field,
    wanted: Wanted,
) -> Result<(), PatchError> {
    if old.is_empty() {
        if wanted.additions && !new.is_empty() {
            patch.insert(name, Value::list(new.iter().cloned()));
        }
        return Ok(());
    }
    let key = merge_key(field);
    let (changes, deletions, order) = match element_kind(&[old, new])? {
        ElementKind::Map => {
            let (changes, order) = diff_lists_of_maps(old, new, inside, key, wanted)?;
            (changes, Vec::new(), order)
        }
        ElementKind::Scalar => diff_lists_of_scalars(old, new, wanted)?,
    };
    patch.insert_filled(name, changes);
    patch.insert_filled(&format!("{DELETE_FROM_LIST}/{name}"), deletions);
    patch.insert_filled(&format!("{ELEMENT_ORDER}/{name}"), order);
    Ok(())
}

/// Changed and removed elements, and the element order.
fn diff_lists_of_maps(
    old: &[Value],
    new: &[Value],
    inside: Lookup,
    key: &str,
    wanted: Wanted,
) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let (mut changes, mut deletions) = (Vec::new(), Vec::new());
    let (mut olds, mut news) = (by_key(old, key).into_iter().peekable(), by_key(new, key).into_iter().peekable());
    loop {
        for (_, item) in olds.peek().into_iter().chain(news.peek()) {
            key_of(item, key)?;
        }
        let Some(pair) = next_pair(&mut olds, &mut news) else { break };
        match pair {
            (Some(old), Some(new)) => {
                let (Value::Map(old), Value::Map(new_map)) = (old, new) else { continue };
                let mut change = diff_maps(old, new_map, inside, wanted)?;
                if !change.is_empty() {
                    change.insert(key, key_of(new, key)?.clone());
                    changes.push(Value::from(change));
                }
            }
            (None, Some(new)) if wanted.additions => changes.push(new.clone()),
            (Some(old), None) if wanted.deletions => {
                deletions.push(Value::of([(key, key_of(old, key)?.clone()), (PATCH, Value::from(DELETE))]));
            }
            _ => {}
        }
    }
    let mut changes = ordered(changes, new, key, ElementKind::Map)?;
    let same_order = old.len() == new.len() && old.iter().zip(new).all(|(a, b)| a.get(key) == b.get(key));
    changes.extend(deletions);
    let says_order = (wanted.additions && (!changes.is_empty() || !same_order)) || (wanted.deletions && !changes.is_empty());
    let order = new.iter().filter(|_| says_order).map(|item| Ok(Value::of([(key, key_of(item, key)?.clone())])));
    Ok((changes, order.collect::<Result<_, PatchError>>()?))
}

/// The next step of a merge over two sorted lists: the entries with the same key in both, or an entry of only one.
fn next_pair<'a>(
    olds: &mut Peekable<impl Iterator<Item = (String, &'a Value)>>,
    news: &mut Peekable<impl Iterator<Item = (String, &'a Value)>>,
) -> Option<(Option<&'a Value>, Option<&'a Value>)> {
    let order = match (olds.peek(), news.peek()) {
        (None, None) => return None,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some((a, _)), Some((b, _))) => a.cmp(b),
    };
    let old = if order.is_le() { olds.next() } else { None };
    let new = if order.is_ge() { news.next() } else { None };
    Some((old.map(|(_, value)| value), new.map(|(_, value)| value)))
}

/// The elements with their merge keys as text, sorted by that text. Like upstream's sort, it reverses elements with equal keys.
fn by_key<'a>(list: &'a [Value], key: &str) -> Vec<(String, &'a Value)> {
    let mut keyed: Vec<(String, &Value)> = list.iter().rev().map(|item| (go_text(item.get(key).unwrap_or(&Value::Null)), item)).collect();
    keyed.sort_small_by(|a, b| a.0.cmp(&b.0));
    keyed
}

type ScalarDiff = (Vec<Value>, Vec<Value>, Vec<Value>);

/// Added values, removed values, and the element order.
fn diff_lists_of_scalars(old: &[Value], new: &[Value], wanted: Wanted) -> Result<ScalarDiff, PatchError> {
    let sorted_old = sorted_scalars(old.to_vec());
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let mut olds = sorted_old.iter().map(|v| (go_text(v), v)).peekable();
    let sorted_new = sorted_scalars(new.to_vec());
    let mut news = sorted_new.iter().map(|v| (go_text(v), v)).peekable();
    while let Some(pair) = next_pair(&mut olds, &mut news) {
        match pair {
            (Some(old), None) if wanted.deletions => removed.push(old.clone()),
            (None, Some(new)) if wanted.additions => added.push(new.clone()),
            _ => {}
        }
    }
    let added = ordered(added, new, "", ElementKind::Scalar)?;
    let removed = without_repetition(removed);
    // Upstream sorts the old list in place first, so an unsorted new list always differs from it.
    let says_order = (wanted.deletions && !removed.is_empty()) || (wanted.additions && sorted_old != new);
    Ok((added, removed, if says_order { new.to_vec() } else { Vec::new() }))
}
