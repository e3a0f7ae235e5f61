//! Where an entry is in a sorted map.

use std::cmp::Ordering;

use super::Position;

/// A search in a map of any type: one copy of the code for all maps.
pub(super) struct Search<'a> {
    /// The number of runs.
    pub(super) runs: usize,
    /// The number of entries of a run.
    pub(super) length: &'a dyn Fn(usize) -> usize,
    /// How the key of an entry, given by its run and its index, compares with what is sought.
    pub(super) order: &'a dyn Fn(usize, usize) -> Ordering,
}

impl Search<'_> {
    /// The position of the first entry that does not compare as less, and whether it compares as equal. It is often where the last search
    /// ended, or right before or behind.
    pub(super) fn from(&self, last: Position) -> (Position, bool) {
        self.near(last).unwrap_or_else(|| self.among_all())
    }

    fn near(&self, Position { run, at }: Position) -> Option<(Position, bool)> {
        let length = if run < self.runs { (self.length)(run) } else { return None };
        let at_end = if run + 1 == self.runs { Ordering::Greater } else { Ordering::Less };
        let there = |at: usize| if at < length { (self.order)(run, at) } else { at_end };
        match there(at) {
            Ordering::Equal => Some((Position { run, at }, true)),
            Ordering::Greater if at == 0 => (run == 0).then_some((Position { run, at }, false)),
            Ordering::Greater => match there(at - 1) {
                Ordering::Equal => Some((Position { run, at: at - 1 }, true)),
                Ordering::Less => Some((Position { run, at }, false)),
                Ordering::Greater => None,
            },
            Ordering::Less => {
                let behind = there(at + 1);
                behind.is_ge().then_some((Position { run, at: at + 1 }, behind.is_eq()))
            }
        }
    }

    fn among_all(&self) -> (Position, bool) {
        let last_of = |run: usize| (self.length)(run).checked_sub(1);
        let full = self.runs.saturating_sub(1);
        let run = match search(full, |run| last_of(run).map_or(Ordering::Less, |at| (self.order)(run, at))) {
            Ok(run) => return (Position { run, at: (self.length)(run) - 1 }, true),
            Err(run) => run,
        };
        let length = if run < self.runs { (self.length)(run) } else { 0 };
        match search(length, |at| (self.order)(run, at)) {
            Ok(at) => (Position { run, at }, true),
            Err(at) => (Position { run, at }, false),
        }
    }
}

/// Binary search among `count` elements: the index of the element, or where it would be inserted.
fn search(count: usize, order: impl Fn(usize) -> Ordering) -> Result<usize, usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        match order(middle) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Ok(middle),
            Ordering::Greater => high = middle,
        }
    }
    Err(low)
}
