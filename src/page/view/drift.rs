//! Where the manifest that was applied and the cluster differ by now: what Apply would set again.
//!
//! Promises: only what the manifest writes counts, as the server reads it; nothing differs right after everything was applied.

use super::Snapshot;
use super::manifest::line_at;
use api::decode::decode_strict;
use api::object::ObjectKey;
use base::field_path::FieldPath;
use base::value::Value;
use text::Prose;
use yaml::Document;

/// The parts of an object that whoever writes it does not read again.
const WRITTEN_ONLY: [&str; 3] = ["stringData", "status", "apiVersion"];

/// The lines of the manifest, counted from 1, whose fields have another value in the cluster, each with what there is to say.
pub fn of(shot: &Snapshot) -> Vec<(usize, Prose)> {
    shot.manifest.iter().flat_map(|(key, document)| of_object(shot, &key, document)).collect()
}

fn of_object(shot: &Snapshot, key: &ObjectKey, document: &Document) -> Vec<(usize, Prose)> {
    let written = document.value.as_ref().and_then(|value| decode_strict(key.kind, value, shot.release).ok());
    let Some((written, live)) = written.zip(shot.tables.get(key)) else { return Vec::new() };
    let (live, mut found) = (live.encode(), Vec::new());
    for (name, value) in written.members().filter(|(name, _)| !WRITTEN_ONLY.contains(&&***name)) {
        compare(&FieldPath::root().field(name), value, live.get(name), &mut |path, written, live| {
            let words = &shot.text().manifest;
            let told = live.map_or_else(|| words.drift_gone(&plain(written)), |live| words.drift(&plain(live), &plain(written)));
            found.extend(line_at(document, path).map(|line| (line, Prose::read(&told))));
        });
    }
    found
}

/// Tells of each value below a path that is written and is another one, or none, in the cluster.
fn compare(path: &FieldPath, written: &Value, live: Option<&Value>, tell: &mut dyn FnMut(&FieldPath, &Value, Option<&Value>)) {
    match written {
        Value::Map(map) => map.iter().for_each(|(key, value)| compare(&path.field(key), value, live.and_then(|live| live.get(key)), tell)),
        Value::List(items) => {
            let live = live.and_then(Value::as_list).unwrap_or_default();
            items.iter().enumerate().for_each(|(at, item)| compare(&path.index(at), item, counterpart(item, at, live), tell));
        }
        Value::Null => {}
        value if live == Some(value) => {}
        value => tell(path, value, live),
    }
}

/// The item of a list that is the same: by its name, where it has one, or else by its place.
fn counterpart<'a>(item: &Value, at: usize, live: &'a [Value]) -> Option<&'a Value> {
    match item.text_at(&["name"]) {
        Some(name) => live.iter().find(|other| other.text_at(&["name"]) == Some(name)),
        None => live.get(at),
    }
}

/// A value as one reads it: a text without quotes.
fn plain(value: &Value) -> String {
    value.spelled()
}
