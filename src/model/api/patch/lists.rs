//! The order of merged lists.
//!
//! Models k8s.io/apimachinery/pkg/util/strategicpatch patch.go: sliceElementType, normalizeElementOrder and what they use.

use base::sort::Sort;
use base::sorted::SortedMap;

use base::value::Value;

use super::directive::{DELETE, PATCH, bad_type};
use super::error::PatchError;
use super::text::{go_lists, go_text, go_type};

/// Up to this many elements, the real algorithms' handling of contradictory orders is reproduced step by step.
const FOLLOWED_EXACTLY: usize = 1000;

/// What the elements of a list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ElementKind {
    /// Maps, identified by a merge key.
    Map,
    /// Plain values.
    Scalar,
}

/// What the elements of the lists are; all must be of one type.
pub(super) fn element_kind(lists: &[&[Value]]) -> Result<ElementKind, PatchError> {
    let mut all = lists.iter().flat_map(|list| list.iter());
    let Some(first) = all.next() else {
        return PatchError::other("no elements in any of the given slices");
    };
    if matches!(first, Value::List(_)) {
        return Err(PatchError::Inapplicable("lists of lists are not supported".to_owned()));
    }
    if first.is_null() || all.any(|v| go_type(v) != go_type(first)) {
        return PatchError::other(format!("list element types are not identical: {}", go_lists(lists)));
    }
    Ok(if matches!(first, Value::Map(_)) { ElementKind::Map } else { ElementKind::Scalar })
}

/// `map: map[image:x] does not contain declared merge key: name`.
pub(super) fn no_merge_key(map: &Value, key: &str) -> PatchError {
    PatchError::Other(format!("map: {} does not contain declared merge key: {key}", go_text(map)))
}

/// An element's identity: the value of its merge key, or the element itself.
pub(super) fn identity<'a>(item: &'a Value, key: &str, kind: ElementKind) -> &'a Value {
    match kind {
        ElementKind::Map => item.get(key).unwrap_or(&Value::Null),
        ElementKind::Scalar => item,
    }
}

/// The first index of each identity in a list.
pub(super) fn places<'a>(list: &'a [Value], key: &str, kind: ElementKind) -> SortedMap<&'a Value, usize> {
    let mut places = SortedMap::new();
    for (i, item) in list.iter().enumerate() {
        places.entry(identity(item, key, kind)).or_insert(i);
    }
    places
}

/// A map's value of the merge key.
pub(super) fn key_of<'a>(item: &'a Value, key: &str) -> Result<&'a Value, PatchError> {
    match item {
        Value::Map(map) => map.get(key).ok_or_else(|| no_merge_key(item, key)),
        other => Err(bad_type(&Value::map(), other)),
    }
}

fn is_deletion(item: &Value) -> bool {
    item.get(PATCH).and_then(Value::as_text) == Some(DELETE)
}

/// The elements in the order given by `order`, deletions last.
pub(super) fn ordered(items: Vec<Value>, order: &[Value], key: &str, kind: ElementKind) -> Result<Vec<Value>, PatchError> {
    let (items, deletions) = match kind {
        ElementKind::Scalar => (items, Vec::new()),
        ElementKind::Map => {
            for item in items.iter().chain(order) {
                key_of(item, key)?;
            }
            items.into_iter().partition(|item| !is_deletion(item))
        }
    };
    let places = places(order, key, kind);
    let mut placed: Vec<(Option<usize>, Value)> =
        items.into_iter().map(|item| (places.get(identity(&item, key, kind)).copied(), item)).collect();
    if placed.iter().all(|(place, _)| place.is_some()) || placed.len() > FOLLOWED_EXACTLY {
        placed.sort_small_by_key(|(place, _)| *place);
    } else {
        insertion_sort(&mut placed);
    }
    Ok(placed.into_iter().map(|(_, item)| item).chain(deletions).collect())
}

/// Upstream's comparison answers "before" whenever it does not know one of the two, so the result depends on the algorithm.
fn insertion_sort(items: &mut [(Option<usize>, Value)]) {
    let before = |a: Option<usize>, b: Option<usize>| a.zip(b).is_none_or(|(a, b)| a < b);
    for i in 1..items.len() {
        let mut j = i;
        while j > 0 && before(items[j].0, items[j - 1].0) {
            items.swap(j, j - 1);
            j -= 1;
        }
    }
}

/// Merges the patch's elements and those that only the server has, each in their own order; a server element stays in front of
/// those that it preceded.
pub(super) fn interleaved(
    patch: Vec<Value>,
    server_only: Vec<Value>,
    patch_order: &[Value],
    server_order: &[Value],
    key: &str,
    kind: ElementKind,
) -> Result<Vec<Value>, PatchError> {
    let patch = ordered(patch, patch_order, key, kind)?;
    let server_only = ordered(server_only, server_order, key, kind)?;
    let places = places(server_order, key, kind);
    let place = |item: &Value| places.get(identity(item, key, kind)).copied();
    let mut out = Vec::with_capacity(patch.len() + server_only.len());
    let (mut left, mut right) = (server_only.into_iter().peekable(), patch.into_iter().peekable());
    while let (Some(l), Some(r)) = (left.peek(), right.peek()) {
        let left_first = place(l).zip(place(r)).is_some_and(|(l, r)| l < r);
        out.extend(if left_first { left.next() } else { right.next() });
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}

/// Splits a list into the elements that are in `by` and those that are not.
pub(super) fn split_by(list: Vec<Value>, by: &[Value], key: &str) -> Result<(Vec<Value>, Vec<Value>), PatchError> {
    let kind = if key.is_empty() { ElementKind::Scalar } else { ElementKind::Map };
    if kind == ElementKind::Map {
        if let Some(i) = by.iter().position(|item| !matches!(item, Value::Map(_))) {
            return PatchError::other(format!("value for key {i} is not a map"));
        }
        for item in &list {
            key_of(item, key)?;
        }
    }
    let places = places(by, key, kind);
    Ok(list.into_iter().partition(|item| places.contains_key(identity(item, key, kind))))
}

/// The elements without duplicates. The last element takes the place of a removed one, as in upstream's algorithm.
pub(super) fn without_repetition(mut items: Vec<Value>) -> Vec<Value> {
    if items.len() > FOLLOWED_EXACTLY {
        let mut seen = base::sorted::SortedSet::new();
        items.retain(|item| seen.insert(item.clone()));
        return items;
    }
    let mut i = 0;
    while i < items.len() {
        let mut j = i + 1;
        while j < items.len() {
            if items[i] == items[j] {
                items.swap_remove(j);
            } else {
                j += 1;
            }
        }
        i += 1;
    }
    items
}

/// Scalars sorted by their text in Go.
pub(super) fn sorted_scalars(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_small_by_key(go_text);
    items
}
