//! The log of a member of a replicated application: its writes in order, as stored in its file.
//!
//! Promises: a log that is written and read again is the same; of two writes with one number the later line wins, so that what another
//! process wrote there is overwritten; malformed lines are ignored.

use std::fmt;
use std::rc::Rc;

use api::object::Name;
use base::sort::Sort;
use base::time::Time;

/// Identifies a write.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The election term in which it was accepted.
    pub epoch: u32,
    /// Its number in that term, from 1.
    pub number: u32,
    /// The member that accepted it: `zk-1#a02e`.
    pub by: Name,
}

impl Mark {
    /// Its position in the order of all writes.
    pub fn place(&self) -> (u32, u32) {
        (self.epoch, self.number)
    }
}

/// A write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identity.
    pub mark: Mark,
    /// When it was accepted.
    pub at: Time,
    /// Its contents: a key and its value, as a rule.
    pub text: Rc<str>,
}

impl Entry {
    fn parse(line: &str) -> Option<Entry> {
        let mut words = line.splitn(4, ' ');
        let (epoch, number) = words.next()?.split_once('.')?;
        let mark = Mark { epoch: epoch.parse().ok()?, number: number.parse().ok()?, by: words.next()?.into() };
        Some(Entry { mark, at: Time(words.next()?.parse().ok()?), text: words.next()?.into() })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Entry { mark: Mark { epoch, number, by }, at: Time(ms), text } = self;
        writeln!(f, "{epoch}.{number} {by} {ms} {text}")
    }
}

/// Parses a file.
pub fn read(text: &str) -> Vec<Entry> {
    let mut all: Vec<Entry> = text.lines().filter_map(Entry::parse).collect();
    // The sort is stable: of several under one number, the latest comes last.
    all.sort_small_by(|a, b| a.mark.place().cmp(&b.mark.place()));
    let mut log: Vec<Entry> = Vec::with_capacity(all.len());
    for entry in all {
        if log.last().is_some_and(|last| last.mark.place() == entry.mark.place()) {
            log.pop();
        }
        log.push(entry);
    }
    log
}

/// Whether a write is in a log.
pub fn holds(log: &[Entry], mark: &Mark) -> bool {
    log.binary_search_by(|entry| entry.mark.place().cmp(&mark.place())).is_ok_and(|at| log[at].mark == *mark)
}

/// The position of a log's last write; zero for an empty log.
pub fn end(log: &[Entry]) -> (u32, u32) {
    log.last().map_or((0, 0), |last| last.mark.place())
}
