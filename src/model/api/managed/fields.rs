//! Sets of fields, in the form in which `managedFields` shows them: a map from steps to the sets below them.
//!
//! A step is `f:NAME` for a field or a key of a map, `k:{…}` for an element of a list by its keys, `v:…` for one by its value. A
//! set of nothing under a step says that the step itself is in the set; where there is something below it, `.` says so.
//! Models sigs.k8s.io/structured-merge-diff/v6 fieldpath: set.go, serialize.go, path.go and element.go.

use base::json;
use base::sort::Sort;
use base::value::{Map, Value};

/// Says of a step with others below it that it is in the set itself.
const ITSELF: &str = ".";

/// As many digits as a number has at most.
const DIGITS: usize = 20;

/// What is under a step of a set.
pub fn below<'a>(set: &'a Map, step: &str) -> Option<&'a Map> {
    set.get(step).and_then(Value::as_map)
}

/// Whether the step that a set stands under is in the set that it stands in.
pub fn is_member(node: &Map) -> bool {
    node.is_empty() || node.contains(ITSELF)
}

/// Whether a step is in a set.
pub fn has(set: &Map, step: &str) -> bool {
    below(set, step).is_some_and(is_member)
}

/// The steps of a set, each with what is under it.
pub fn steps(set: &Map) -> impl Iterator<Item = (&str, &Map)> {
    set.iter().filter(|(step, _)| &***step != ITSELF).filter_map(|(step, node)| Some((&**step, node.as_map()?)))
}

/// Puts a step into a set with what is in the set below it, if there is anything to say of it.
pub fn put(set: &mut Map, step: &str, mut node: Map, member: bool) {
    node.remove(ITSELF);
    if !node.is_empty() && member {
        node.insert(ITSELF, Value::map());
    }
    if member || !node.is_empty() {
        set.insert(step, node);
    }
}

/// How a step fares with what is below it in one set and in another: whether it is in the result itself, and what is below it there.
type Rule = fn(&Map, bool, Option<&Map>) -> (bool, Map);

fn joined(set: &Map, other: &Map, rule: Rule) -> Map {
    let mut out = Map::new();
    for (step, node) in steps(set) {
        let (member, node) = rule(node, is_member(node), below(other, step));
        put(&mut out, step, node, member);
    }
    out
}

/// What is in either set.
pub fn union(set: &Map, other: &Map) -> Map {
    let mut out = joined(set, other, |node, member, other| match other {
        Some(other) => (member || is_member(other), union(node, other)),
        None => (member, node.clone()),
    });
    for (step, node) in steps(other).filter(|(step, _)| below(set, step).is_none()) {
        put(&mut out, step, node.clone(), is_member(node));
    }
    out
}

/// What is in both sets.
pub fn intersection(set: &Map, other: &Map) -> Map {
    joined(set, other, |node, member, other| match other {
        Some(other) => (member && is_member(other), intersection(node, other)),
        None => (false, Map::new()),
    })
}

/// What is in the first set and not in the second.
pub fn difference(set: &Map, other: &Map) -> Map {
    joined(set, other, |node, member, other| match other {
        Some(other) => (member && !is_member(other), difference(node, other)),
        None => (member, node.clone()),
    })
}

/// What of a set is neither in the other one nor below something that is.
pub fn outside(set: &Map, other: &Map) -> Map {
    joined(set, other, |node, member, other| match other {
        Some(other) if is_member(other) => (false, Map::new()),
        Some(other) => (member, outside(node, other)),
        None => (member, node.clone()),
    })
}

/// The set of one field, by the names that lead to it.
pub fn of(names: &[&str]) -> Map {
    let mut set = Map::new();
    if let [first, rest @ ..] = names {
        set.insert(format!("f:{first}"), of(rest));
    }
    set
}

/// The set of several fields: paths of names with dots between them, parted by blanks.
pub fn named(paths: &str) -> Map {
    let mut set = Map::new();
    for path in paths.split(' ') {
        set = union(&set, &of(&path.split('.').collect::<Vec<&str>>()));
    }
    set
}

/// The paths in a set, as words: what is in it at a level before what is in it below.
pub fn paths(set: &Map) -> Vec<String> {
    let mut sorted: Vec<(&str, &Map)> = steps(set).collect();
    sorted.sort_small_by_key(|(step, _)| spelled_to(step, DIGITS));
    let mut out: Vec<String> = sorted.iter().filter(|(_, node)| is_member(node)).map(|(step, _)| spelled(step)).collect();
    for (step, node) in sorted {
        out.extend(paths(node).into_iter().map(|rest| spelled(step) + &rest));
    }
    out
}

/// A step as a path has it: `.name`, `[containerPort=80,protocol="TCP"]`, `[="a"]`.
pub fn spelled(step: &str) -> String {
    spelled_to(step, 0)
}

/// The same, with numbers padded so that they compare by size.
fn spelled_to(step: &str, digits: usize) -> String {
    match step.split_once(':') {
        Some(("f", name)) => format!(".{name}"),
        Some(("v", value)) => format!("[={value}]"),
        _ => {
            let keys = json::value(step.trim_start_matches("k:"));
            let keys = keys.as_ref().and_then(Value::as_map).cloned().unwrap_or_default();
            let words = keys.iter().map(|(key, value)| {
                let word = value.to_json();
                let zeros = if value.as_text().is_some() { 0 } else { digits.saturating_sub(word.len()) };
                format!("{key}={}{word}", "0".repeat(zeros))
            });
            format!("[{}]", words.collect::<Vec<String>>().join(","))
        }
    }
}
