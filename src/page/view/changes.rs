//! What changed in an object between two instants, as a unified diff of its YAML.
//!
//! The objects of the past are read from the log of writes. An instant is its end, as on the timeline.
//!
//! Promises: fields that only count or repeat others are left out ([`without_counters`]); an object of the same name that replaced another
//! is compared like any other.
//! Must not know: branches. The log of a run's furthest instant has every instant of its branch.

use super::Snapshot;
use super::why::object_named;
use api::managed::LAST_APPLIED;
use api::object::{Object, ObjectKey};
use base::time::Time;
use base::value::{Map, Value};
use causes::command::read_naming;
use kubectl::flags::read_duration;
use kubectl::hunks::unified;
use server::log::Change;

/// What the terminal calls the present.
const NOW: &str = "now";
/// What makes a duration an instant of the past.
const AGO: &str = "ago";

/// An object at two instants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// `pod/web-1`.
    pub object: String,
    /// The first instant, as the clock writes it: `0:12.500`.
    pub from: String,
    pub to: String,
    /// Whether the object was there at the first instant, and at the second.
    pub there: (bool, bool),
    /// Whether the log still has what the object was at the first instant.
    pub is_known: bool,
    /// The differences; empty where there are none.
    pub hunks: String,
}

/// What changed in an object from one instant to another. `shot` is of the later one, or of any after that.
pub fn between(shot: &Snapshot, key: &ObjectKey, from: Time, to: Time) -> Changes {
    let (before, after) = (then(shot, key, from), then(shot, key, to));
    let text = |side: &Result<Option<&Object>, Forgotten>| match side {
        Ok(Some(object)) => yaml::print(&without_counters(object)),
        _ => String::new(),
    };
    Changes {
        object: format!("{}/{}", key.kind.info().singular, key.name),
        from: shot.zero.clock(from),
        to: shot.zero.clock(to),
        there: (matches!(before, Ok(Some(_))), matches!(after, Ok(Some(_)))),
        is_known: before.is_ok() && after.is_ok(),
        hunks: unified(&text(&before), &text(&after)),
    }
}

/// The instant with which an object is compared where nobody names one: before the last line typed that wrote anything, or else, where the
/// object is as it was then, before its own last change.
pub fn reference(shot: &Snapshot, key: &ObjectKey, to: Time) -> Time {
    let end = shot.log.until(to);
    let last = (shot.log.first()..end).rev().find(|at| shot.log.get(*at).is_some_and(|change| change.key == *key));
    let begun = |first: u64| shot.log.after_revision(first.saturating_sub(1));
    let line = shot.typed.iter().rev().map(|typed| begun(typed.revisions.0)).find(|at| *at < end);
    let at = line.filter(|line| last.is_some_and(|last| *line <= last)).or(last);
    let before = |change: &Change| Time(change.at.0.saturating_sub(1));
    at.and_then(|at| shot.log.get(at)).map_or(to, before)
}

/// What the terminal answers to `playground diff WORDS`, and the exit code.
pub fn told(shot: &Snapshot, words: &[&str]) -> (String, i32) {
    let text = &shot.text().see;
    let (key, instants) = match read(shot, words) {
        Ok(read) => read,
        Err(Some(word)) => return (format!("{}\n", text.no_instant(&word)), 1),
        Err(None) => return (format!("{}\n", text.diff_usage()), 1),
    };
    let to = instants.get(1).copied().unwrap_or(shot.now);
    let from = instants.first().copied().unwrap_or_else(|| reference(shot, &key, to));
    let Changes { object, from, to, there, is_known, hunks } = between(shot, &key, from, to);
    match there {
        _ if !is_known => (format!("{}\n", text.forgotten(&object, &from)), 1),
        (false, false) => (format!("{}\n", text.neither(&object, &from, &to)), 1),
        _ if hunks.is_empty() => (format!("{}\n", text.same(&object, &from, &to)), 0),
        _ => (format!("--- {object} {from}\n+++ {object} {to}\n{hunks}"), 0),
    }
}

/// What words name: an object, and at most two instants. An error has the word that is no instant of the run, if there is one.
fn read(shot: &Snapshot, words: &[&str]) -> Result<(ObjectKey, Vec<Time>), Option<String>> {
    let (namespace, words) = read_naming(words, shot.current).ok_or(None)?;
    let is_instant = |at: &usize| words[*at] == NOW || words[*at].contains([':', ' ']) || words.get(at + 1) == Some(&AGO);
    let end = (0..words.len()).find(is_instant).unwrap_or(words.len());
    let key = object_named(shot, namespace, &words[..end]).ok_or(None)?;
    let (mut instants, mut rest) = (Vec::new(), &words[end..]);
    while let Some((first, others)) = rest.split_first() {
        let before = others.first().filter(|next| **next == AGO).map(|_| *first).or_else(|| first.strip_suffix(AGO).map(str::trim_end));
        rest = &others[usize::from(others.first() == Some(&AGO))..];
        let at = match before {
            Some(span) => ago(span, shot.now),
            None if *first == NOW => Some(shot.now),
            None => shot.zero.read(first),
        };
        instants.push(at.filter(|at| *at <= shot.now).ok_or_else(|| Some((*first).to_owned()))?);
    }
    if instants.len() > 2 { Err(None) } else { Ok((key, instants)) }
}

/// An instant so long before another, but no earlier than the start.
fn ago(span: &str, now: Time) -> Option<Time> {
    let span = u64::try_from(read_duration(span).ok()?).ok()?;
    Some(Time(now.0.saturating_sub(span)))
}

/// The log has dropped what an object was.
struct Forgotten;

/// An object at the end of an instant, if it was there.
fn then<'a>(shot: &Snapshot<'a>, key: &ObjectKey, at: Time) -> Result<Option<&'a Object>, Forgotten> {
    let (log, end) = (shot.log, shot.log.until(at));
    let change = |at: usize| log.get(at).filter(|change| change.key == *key);
    if let Some(change) = (log.first()..end).rev().find_map(change) {
        return Ok(change.after.as_ref());
    }
    match (end..log.len()).find_map(change) {
        Some(_) if end < log.first() => Err(Forgotten),
        Some(next) => Ok(next.before.as_ref()),
        // Nobody wrote it since the cluster stands.
        None => Ok(shot.tables.get(key)),
    }
}

/// An object without the fields that count its writes, and without the manifest that was applied last, which repeats other fields.
fn without_counters(object: &Object) -> Value {
    let mut value = object.encode();
    for field in ["resourceVersion", "generation"] {
        value.remove(&["metadata", field]);
    }
    value.remove(&["metadata", "annotations", LAST_APPLIED]);
    if value.at(&["metadata", "annotations"]).and_then(Value::as_map).is_some_and(Map::is_empty) {
        value.remove(&["metadata", "annotations"]);
    }
    value.remove(&["status", "observedGeneration"]);
    if !value.list_at(&["status", "conditions"]).is_empty() {
        let conditions = value.list_at(&["status", "conditions"]).iter().cloned().map(|mut condition| {
            condition.remove(&["observedGeneration"]);
            condition
        });
        value.set(&["status", "conditions"], Value::list(conditions.collect::<Vec<_>>()));
    }
    value
}
