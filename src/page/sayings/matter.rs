//! What a tool reads that waits for a set: by what it says, and who calls the same set done.
//!
//! Promises: who calls a set done that another waits for, is what the recorded states show; a test counts it again.

use crate::words::words;
use std::sync::OnceLock;

/// The table; its head says how a row is written.
const ROWS: &str = include_str!("tools.txt");

words! {
    /// What a tool says about a set that it waits for, by what it read.
    Matter:
        /// Old pods are to be deleted by hand.
        ByHand "by-hand"
        /// A pod crashes.
        Crash "crash"
        /// The set is being deleted.
        Deleted "deleted"
        /// An object was refused, and what was applied before it stays.
        Left "left"
        /// It judges no set of this strategy.
        None "none"
        /// The controller has not seen the last change.
        Observed "observed"
        /// Another object than a set.
        Other "other"
        /// Too few pods exist.
        Pods "pods"
        /// It is in progress, and no more is said.
        Progress "progress"
        /// Too few pods are Ready.
        Ready "ready"
        /// Two revisions differ.
        Revisions "revisions"
        /// Its time is over, and no more is said.
        Silent "silent"
        /// There are more pods than wanted.
        Surplus "surplus"
        /// An object was refused before anything was applied.
        Untouched "untouched"
        /// Too few pods are updated.
        Updated "updated"
}

/// A list in the table, by its key.
type Row = (&'static str, Vec<&'static str>);

/// The rows of the table: a key, and the words behind it.
fn rows() -> &'static [Row] {
    static READ: OnceLock<Vec<Row>> = OnceLock::new();
    let row = |line: &'static str| line.split_once(" | ").map(|(key, words)| (key, words.split(", ").collect()));
    READ.get_or_init(|| ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect())
}

/// The tools of which a text speaks, by their words in the crate `done`.
pub fn spoken_of(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let is_tool = |(key, words): &&Row| !key.contains(' ') && words.iter().any(|word| text.contains(word));
    rows().iter().filter(is_tool).map(|(key, _)| *key).collect()
}

/// Of the tools that say a row, those that may have said it in a text that speaks of some.
pub fn tellers(who: &'static str, spoken: &[&str]) -> Vec<&'static str> {
    let of_text: Vec<&str> = who.split(',').filter(|tool| spoken.contains(tool)).collect();
    if of_text.is_empty() { who.split(',').collect() } else { of_text }
}

/// The tools that may call a set done of which a tool says something.
pub fn satisfied(matter: Matter, teller: &str) -> &'static [&'static str] {
    let is_it = |(key, _): &&Row| key.split_once(' ') == Some((matter.word(), teller));
    rows().iter().find(is_it).map_or(&[], |(_, tools)| tools)
}
