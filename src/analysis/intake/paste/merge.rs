//! What several blocks say of one object, put together.
//!
//! Promises: an object that was printed whole is taken as it is; of what tables say the later row counts, and `describe` and manifests
//! say more than tables.

use super::named::{Key, bare, key};
use crate::event::Happened;
use api::kind::Kind;
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use base::value::Value;
use causes::message::{captured, is_name};
use rows::read::SAID;

/// The words in which Events name a namespace.
const PLACES: [&str; 5] =
    ["assigned {ns}/{name} to ", "claim \"{ns}/{name}\"", "service account {ns}/{name}:", "pod {pod}_{ns}(", "deletion Pod {ns}/{name}"];

/// Puts together what is known of each object: the printed ones, and those that the text tells of. The second of a pair says whether it is
/// known in part only; and whether one has no namespace that anything tells.
pub(crate) fn merged(
    printed: Vec<Value>,
    told: Vec<(usize, Value)>,
    tables: &[(usize, usize)],
    events: &mut [Happened],
) -> (Vec<(Value, bool)>, bool) {
    let mut all: Vec<Value> = Vec::new();
    all.extend(without_stale(told, tables));
    all.extend(printed);
    let is_placeless = name_places(&mut all, events);
    // The weak ones first: rows of tables, then `describe`, then manifests, then what a server printed.
    let strength = |value: &Value| match () {
        () if value.text_at(&["metadata", "uid"]).is_some() => 3,
        () if value.get("spec").is_some_and(|spec| spec.get("template").is_some() || spec.get("containers").is_some()) => 2,
        () => i32::from(value.get(SAID).is_none()),
    };
    all.sort_small_by_key(strength);
    let mut found: Vec<(Value, bool)> = Vec::new();
    let mut places: SortedMap<Key, usize> = SortedMap::new();
    for value in all {
        let key = key(&value);
        let is_whole = value.text_at(&["metadata", "uid"]).is_some();
        match places.get(&key).copied().filter(|_| !key.2.is_empty() && key.0 != "Event") {
            Some(place) if is_whole => found[place] = (value, false),
            Some(place) => overlay(&mut found[place].0, &value),
            None => {
                places.insert(key, found.len());
                found.push((value, !is_whole));
            }
        }
    }
    (found, is_placeless)
}

/// Writes the members of one value over those of another.
fn overlay(under: &mut Value, over: &Value) {
    match over {
        Value::Map(more) if under.as_map().is_some() => {
            for (name, member) in more.iter() {
                match under.make_map().get_mut(name) {
                    Some(known) => overlay(known, member),
                    None => under.set(&[name], member.clone()),
                }
            }
        }
        Value::Null => {}
        _ => *under = over.clone(),
    }
}

/// Leaves out rows of a table that a later table of the same objects does not have any more.
fn without_stale(told: Vec<(usize, Value)>, tables: &[(usize, usize)]) -> Vec<Value> {
    let within = |line: usize, table: &(usize, usize)| table.0 <= line && line <= table.1;
    let named = |table: &(usize, usize)| -> SortedSet<(String, String)> {
        told.iter().filter(|(line, _)| within(*line, table)).map(|(_, value)| (key(value).0, key(value).2)).collect()
    };
    let names: Vec<SortedSet<(String, String)>> = tables.iter().map(named).collect();
    let is_stale = |line: usize, value: &Value| {
        let Some(own) = tables.iter().position(|table| within(line, table)) else { return false };
        let me = (key(value).0, key(value).2);
        let alike = |later: &&SortedSet<(String, String)>| later.iter().any(|other| other.0 == me.0 && names[own].contains(other));
        names[own + 1..].iter().rev().find(alike).is_some_and(|later| !later.contains(&me))
    };
    let stale: Vec<bool> = told.iter().map(|(line, value)| is_stale(*line, value)).collect();
    told.into_iter().zip(stale).filter(|(_, stale)| !stale).map(|((_, value), _)| value).collect()
}

/// Finds the namespaces of objects and Events whose text names none; whether there is one of which nothing tells it.
fn name_places(all: &mut [Value], events: &mut [Happened]) -> bool {
    let mut places: SortedSet<String> = SortedSet::new();
    let mut of_name: SortedMap<(String, String), String> = SortedMap::new();
    for value in all.iter() {
        let (kind, namespace, name) = key(value);
        let claim = |field: &str| value.text_at(&["spec", "claimRef", field]).unwrap_or_default().to_owned();
        let seen = [(kind, namespace, name), ("PersistentVolumeClaim".to_owned(), claim("namespace"), claim("name"))];
        for (kind, namespace, name) in seen.into_iter().filter(|(_, namespace, _)| is_name(namespace)) {
            places.insert(namespace.clone());
            of_name.insert((kind, name), namespace);
        }
    }
    for event in events.iter() {
        let said = PLACES.iter().find_map(|words| captured(words, &event.message));
        let namespace = said.and_then(|names| names.into_iter().find(|(name, _)| *name == "ns")).map(|(_, value)| value.to_owned());
        for namespace in namespace.into_iter().chain([event.about.1.clone()]).filter(|place| is_name(place)) {
            of_name.insert((event.about.0.clone(), event.about.2.clone()), namespace.clone());
            places.insert(namespace);
        }
    }
    let only = places.iter().next().filter(|_| places.len() == 1).cloned().unwrap_or_else(|| "default".to_owned());
    let place = |kind: &str, name: &str| of_name.get(&(kind.to_owned(), name.to_owned())).cloned().unwrap_or_else(|| only.clone());
    let mut is_placeless = false;
    for value in all {
        let (kind, namespace, name) = key(value);
        if namespace.is_empty() && Kind::named(&kind).is_some_and(|kind| kind.is_namespaced() && kind != Kind::Event) {
            is_placeless |= places.len() != 1 && !of_name.contains_key(&(kind.clone(), name.clone()));
            value.set(&["metadata", "namespace"], place(&kind, &name));
        }
    }
    for event in events.iter_mut().filter(|event| event.about.1.is_empty() && (!event.about.2.is_empty() || places.len() == 1)) {
        if Kind::named(&event.about.0).is_none_or(|kind| kind.is_namespaced()) {
            is_placeless |= places.len() != 1 && !of_name.contains_key(&(event.about.0.clone(), event.about.2.clone()));
            event.about.1 = place(&event.about.0, &event.about.2);
        }
    }
    is_placeless
}

/// Gives an object of which only the status was pasted its kind and its name, where revisions tell them.
pub(crate) fn name_fragment(value: &mut Value) {
    // What `jq .status` leaves.
    if value.get("kind").is_none() && value.get("updateRevision").is_some() && value.get("replicas").is_some() {
        *value = Value::of([("status", value.clone())]);
    }
    let revision = value.text_at(&["status", "updateRevision"]).filter(|_| value.get("kind").is_none());
    if let Some((set, _)) = revision.and_then(|revision| revision.rsplit_once('-')).map(|(set, hash)| (set.to_owned(), hash.to_owned())) {
        let named = bare(Kind::StatefulSet, "", &set);
        for (key, member) in named.members() {
            if value.get(key).is_none() {
                value.set(&[key], member.clone());
            }
        }
    }
}
