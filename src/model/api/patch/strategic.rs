//! Strategic merge patches: maps are merged, lists are merged or replaced as the schema says.
//!
//! Models k8s.io/apimachinery/pkg/util/strategicpatch patch.go StrategicMergeMapPatch and mergeMap. As upstream, merging consumes the
//! patch's directives; what remains of the patch is what the server shows when it refuses the result.

use base::sorted::SortedMap;
use std::rc::Rc;

use crate::schema::{Field, StructType};
use base::value::{Map, Value};

use super::directive::{
    DELETE, DELETE_FROM_LIST, ELEMENT_ORDER, MERGE, PATCH, REPLACE, RETAIN_KEYS, bad_format, bad_type, list_name, residue,
    without_directives, without_nulls,
};
use super::error::PatchError;
use super::lists::{ElementKind, element_kind, identity, interleaved, key_of, no_merge_key, places, split_by, without_repetition};
use super::lookup::{Lookup, merge_key};
use super::text::{cannot_unmarshal, go_text, go_type};

/// The purpose of a merge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Applies a patch: directives are executed, nulls delete.
    Apply,
    /// Combines two patches into one: directives and nulls are kept.
    Combine,
}

/// Applies a patch to an object; also returns what the merge has left of the patch.
pub(super) fn apply(ty: &'static StructType, object: &Value, patch: &Value) -> Result<(Value, Value), PatchError> {
    let Value::Map(patch) = patch else {
        return Err(PatchError::Malformed(cannot_unmarshal(patch, "map[string]interface {}")));
    };
    let mut rest = patch.as_ref().clone();
    let original = object.as_map().cloned().unwrap_or_default();
    let merged = merge_maps(original, &mut rest, Lookup::Struct(ty), Mode::Apply)?;
    Ok((Value::from(merged), Value::from(rest)))
}

/// Merges a patch into a map.
pub(super) fn merge_maps(mut original: Map, patch: &mut Map, lookup: Lookup, mode: Mode) -> Result<Map, PatchError> {
    if let Some(directive) = patch.get(PATCH) {
        let directive = directive.clone();
        return match directive.as_text() {
            Some(REPLACE) => {
                patch.remove(PATCH);
                Ok(patch.clone())
            }
            Some(DELETE) => Ok(Map::new()),
            _ => Err(bad_directive(&directive, patch)),
        };
    }
    retain_keys(&mut original, patch, mode)?;
    merge_ordered_lists(&mut original, patch, lookup, mode)?;
    let keys: Vec<Rc<str>> = patch.iter().map(|(key, _)| Rc::clone(key)).collect();
    for key in keys {
        merge_member(&mut original, patch, &key, lookup, mode)?;
    }
    Ok(original)
}

fn bad_directive(directive: &Value, map: &Map) -> PatchError {
    let directive = match directive {
        Value::Null => "%!s(<nil>)".to_owned(),
        Value::Bool(_) | Value::Int(_) | Value::Real(_) => format!("%!s({}={})", go_type(directive), go_text(directive)),
        other => go_text(other),
    };
    PatchError::Other(format!("unknown patch type: {directive} in map: {}", go_text(&Value::from(map.clone()))))
}

fn merge_member(original: &mut Map, patch: &mut Map, key: &str, lookup: Lookup, mode: Mode) -> Result<(), PatchError> {
    let Some(wanted) = patch.get(key).cloned() else { return Ok(()) };
    let deletes = key.starts_with(DELETE_FROM_LIST);
    if deletes && mode == Mode::Combine {
        original.insert(key, wanted);
        return Ok(());
    }
    let name = if deletes { list_name(key, DELETE_FROM_LIST)? } else { key };
    if wanted.is_null() {
        original.remove(name);
        if mode == Mode::Apply {
            return Ok(());
        }
    }
    let existing = original.get(name).cloned();
    let merged = match (existing, &wanted) {
        (Some(Value::Map(existing)), Value::Map(wanted)) => {
            let (inside, field) = lookup.map_under(name)?;
            if field.is_replaced() {
                original.insert(name, Value::Map(wanted.clone()));
                return Ok(());
            }
            let mut rest = wanted.as_ref().clone();
            let merged = merge_maps(existing.as_ref().clone(), &mut rest, inside, mode)?;
            patch.insert(key, rest);
            Some(Value::from(merged))
        }
        (Some(Value::List(existing)), Value::List(wanted)) => {
            let (inside, field) = lookup.list_under(name)?;
            let mut rest = wanted.as_ref().clone();
            let merged = merge_lists(existing.as_ref().clone(), &mut rest, inside, field, deletes, mode)?;
            patch.insert(key, rest);
            Some(Value::from(merged))
        }
        (Some(existing), wanted) if go_type(&existing) == go_type(wanted) => without_directives(wanted),
        _ if deletes => return Ok(()),
        (_, wanted) => {
            let wanted = if mode == Mode::Apply { without_nulls(wanted) } else { wanted.clone() };
            patch.insert(key, residue(&wanted));
            without_directives(&wanted)
        }
    };
    match merged {
        Some(value) => original.insert(name, value),
        None => original.remove(name),
    };
    Ok(())
}

/// Deletes the keys that `$retainKeys` does not list.
fn retain_keys(original: &mut Map, patch: &mut Map, mode: Mode) -> Result<(), PatchError> {
    let Some(retained) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    if mode == Mode::Combine {
        return match original.get(RETAIN_KEYS) {
            Some(other) if *other != retained => PatchError::other(format!(
                "{} and {} are not deep equal: this may happen when calculating the 3-way diff patch",
                go_text(other),
                go_text(&retained)
            )),
            _ => {
                original.insert(RETAIN_KEYS, retained);
                Ok(())
            }
        };
    }
    let Value::List(names) = &retained else { return Err(bad_format("retainKeys")) };
    let retains = |key: &str| names.iter().any(|name| name.as_text() == Some(key));
    let is_directive = |key: &str| key.starts_with(DELETE_FROM_LIST) || key.starts_with(ELEMENT_ORDER);
    if patch.iter().any(|(key, value)| !value.is_null() && !is_directive(key) && !retains(key)) {
        return Err(bad_format("retainKeys"));
    }
    original.retain(|key, _| retains(key));
    Ok(())
}

/// Merges the lists for which the patch has a `$setElementOrder`, and removes them from the patch.
fn merge_ordered_lists(original: &mut Map, patch: &mut Map, lookup: Lookup, mode: Mode) -> Result<(), PatchError> {
    let keys: Vec<Rc<str>> = patch.iter().map(|(key, _)| Rc::clone(key)).filter(|key| key.starts_with(ELEMENT_ORDER)).collect();
    for key in keys {
        let Some(order) = patch.get(&key).cloned() else { continue };
        if mode == Mode::Combine {
            match original.get(&key) {
                Some(other) if *other != order => return Err(bad_format("setElementOrder list")),
                _ => original.insert(Rc::clone(&key), order.clone()),
            };
        }
        patch.remove(&key);
        let Value::List(order) = &order else { return Err(bad_type(&Value::list::<Value>([]), &order)) };
        let name = list_name(&key, ELEMENT_ORDER)?;
        let existing = list_in(original, name)?;
        let wanted = list_in(patch, name)?;
        let (inside, field) = lookup.list_under(name)?;
        let key = merge_key(field);
        check_against_order(wanted.as_deref().unwrap_or(&[]), order, key)?;
        let merged = match (&existing, &wanted) {
            (None, None) => continue,
            (Some(existing), None) => existing.clone(),
            (None, Some(wanted)) => wanted.iter().filter_map(without_directives).collect(),
            (Some(existing), Some(wanted)) => merge_lists(existing.clone(), &mut wanted.clone(), inside, field, false, mode)?,
        };
        let (existing, wanted) = (existing.unwrap_or_default(), wanted.unwrap_or_default());
        let (of_patch, server_only) = split_by(merged, order, key)?;
        let kind = element_kind(&[&existing, &wanted])?;
        original.insert(name, interleaved(of_patch, server_only, order, &as_left(existing, &wanted, key), key, kind)?);
        patch.remove(name);
    }
    Ok(())
}

/// The server's list as merging leaves it for the ordering after it: upstream deletes and appends in the array of that list, whose
/// length stays. So an element with a new name, in place of a deleted one, comes after those that only the server has.
fn as_left(mut existing: Vec<Value>, wanted: &[Value], key: &str) -> Vec<Value> {
    let (length, same) = (existing.len(), |a: &Value, b: &Value| !key.is_empty() && a.get(key) == b.get(key));
    let (gone, plain): (Vec<&Value>, Vec<&Value>) = wanted.iter().partition(|item| item.get(PATCH).is_some());
    existing.retain(|item| !gone.iter().any(|other| same(other, item)));
    let new: Vec<Value> = plain.into_iter().filter(|item| !existing.iter().any(|other| same(other, item))).cloned().collect();
    existing.extend(new);
    existing.truncate(length);
    existing
}

fn list_in(map: &Map, name: &str) -> Result<Option<Vec<Value>>, PatchError> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::List(items)) => Ok(Some(items.as_ref().clone())),
        Some(other) => Err(bad_type(&Value::list::<Value>([]), other)),
    }
}

/// Checks that the patch's elements are in the order of its `$setElementOrder`.
fn check_against_order(wanted: &[Value], order: &[Value], key: &str) -> Result<(), PatchError> {
    if wanted.is_empty() || order.is_empty() {
        return Ok(());
    }
    let id = |item: &Value| if key.is_empty() { Ok(item.clone()) } else { key_of(item, key).cloned() };
    let mut order_left = order.iter();
    for item in wanted {
        if !key.is_empty() && !matches!(item, Value::Map(_)) {
            return Err(bad_type(&Value::map(), item));
        }
        if item.get(PATCH).is_some() {
            continue;
        }
        let wanted_id = id(item)?;
        loop {
            let Some(next) = order_left.next() else {
                let (wanted, order) = (Value::list(wanted.iter().cloned()), Value::list(order.iter().cloned()));
                return PatchError::other(format!(
                    "The order in patch list:\n{}\n doesn't match {ELEMENT_ORDER} list:\n{}\n",
                    go_text(&wanted),
                    go_text(&order)
                ));
            };
            if id(next)? == wanted_id {
                break;
            }
        }
    }
    Ok(())
}

fn merge_lists(
    original: Vec<Value>,
    patch: &mut [Value],
    inside: Lookup,
    field: &Field,
    deletes: bool,
    mode: Mode,
) -> Result<Vec<Value>, PatchError> {
    if !field.is_merged() && !deletes {
        return Ok(patch.to_vec());
    }
    if original.is_empty() && patch.is_empty() {
        return Ok(original);
    }
    let key = merge_key(field);
    let kind = element_kind(&[&original, patch])?;
    if kind == ElementKind::Scalar {
        if deletes {
            let gone = places(patch, "", kind);
            return Ok(original.into_iter().filter(|item| !gone.contains_key(item)).collect());
        }
        let both = original.iter().chain(patch.iter()).cloned().collect();
        let (of_patch, server_only) = split_by(without_repetition(both), patch, key)?;
        return interleaved(of_patch, server_only, patch, &original, key, kind);
    }
    if key.is_empty() {
        return PatchError::other(format!("cannot merge lists without merge key for {}", inside.kind_name()));
    }
    let (original, mut plain) = carry_out_directives(original, patch, key)?;
    let merged = merge_elements(original.clone(), &mut plain, inside, key, mode)?;
    for (item, rest) in patch.iter_mut().filter(|item| item.get(PATCH).is_none()).zip(&plain) {
        item.clone_from(rest);
    }
    let (of_patch, server_only) = split_by(merged, &plain, key)?;
    interleaved(of_patch, server_only, &plain, &original, key, kind)
}

/// Executes the elements that contain `$patch`, and returns the patch's other elements.
fn carry_out_directives(mut original: Vec<Value>, patch: &[Value], key: &str) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let mut plain = Vec::new();
    let mut replaces = false;
    for item in patch {
        let Value::Map(map) = item else { return Err(bad_type(&Value::map(), item)) };
        match map.get(PATCH) {
            None => plain.push(item.clone()),
            Some(directive) => match directive.as_text() {
                Some(DELETE) => {
                    let gone = map.get(key).ok_or_else(|| no_merge_key(item, key))?;
                    original.retain(|other| other.get(key) != Some(gone));
                }
                Some(REPLACE) => replaces = true,
                Some(MERGE) => return PatchError::other("merging lists cannot yet be specified in the patch"),
                _ => return Err(bad_directive(directive, map)),
            },
        }
    }
    Ok(if replaces { (plain, Vec::new()) } else { (original, plain) })
}

/// Merges each element of the patch into the one with the same merge key, or appends it.
fn merge_elements(mut original: Vec<Value>, patch: &mut [Value], inside: Lookup, key: &str, mode: Mode) -> Result<Vec<Value>, PatchError> {
    let mut at: SortedMap<Value, usize> = places(&original, key, ElementKind::Map).into_iter().map(|(id, i)| (id.clone(), i)).collect();
    for item in patch {
        let id = key_of(item, key)?.clone();
        if let Some(i) = at.get(&id).copied().filter(|i| original[*i].get(key).is_some()) {
            let existing = original[i].as_map().cloned().unwrap_or_default();
            let mut rest = item.as_map().cloned().unwrap_or_default();
            let merged = Value::from(merge_maps(existing, &mut rest, inside, mode)?);
            *item = Value::from(rest);
            at.insert(identity(&merged, key, ElementKind::Map).clone(), i);
            original[i] = merged;
        } else {
            at.insert(id, original.len());
            original.push(item.clone());
        }
    }
    Ok(original)
}
