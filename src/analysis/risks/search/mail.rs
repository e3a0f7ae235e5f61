//! Workers that share no memory: each runs the courses that begin with its own acts, and writes to the others what came of them.
//!
//! Promises: who runs a course depends on nothing but the course and the number of workers; no other one keeps the states after its first
//! act. A worker that is told what former ones wrote runs none of those courses again, but those that show something new.

use std::cell::{Cell, RefCell};

use base::sorted::SortedMap;

use super::super::pack::Pack;
use super::share::{Claim, CourseId, Share, Summary};

/// What a worker knows of the others.
#[derive(Debug)]
pub(crate) struct Mail {
    /// The number of this worker, and how many there are.
    own: usize,
    of: usize,
    /// How many searches this worker has begun.
    searches: Cell<usize>,
    known: RefCell<SortedMap<CourseId, Summary>>,
    /// What the others have not been told yet.
    unsent: RefCell<Vec<(CourseId, Summary)>>,
    waits: Cell<bool>,
}

impl Mail {
    /// The mail of a worker, by its number, among so many.
    pub fn new(own: usize, of: usize) -> Mail {
        let (known, unsent) = (RefCell::default(), RefCell::default());
        Mail { own, of, searches: Cell::new(0), known, unsent, waits: Cell::new(false) }
    }

    /// Takes in what another worker has written.
    pub fn hear(&self, line: &str) {
        self.known.borrow_mut().extend(Vec::<(CourseId, Summary)>::unpacked(line));
        self.waits.set(false);
    }

    /// A line for the others; empty where there is nothing to be told.
    pub fn tell(&self) -> String {
        let unsent = self.unsent.take();
        if unsent.is_empty() { String::new() } else { unsent.packed() }
    }

    /// Whether nothing is to be done before another worker has written.
    pub fn waits(&self) -> bool {
        self.waits.get()
    }
}

impl Share for Mail {
    fn begin(&self) -> usize {
        self.searches.set(self.searches.get() + 1);
        self.searches.get()
    }

    fn claim(&self, place: CourseId, first: usize) -> Claim {
        match self.known.borrow().get(&place) {
            Some(summary) => Claim::Known(summary.clone()),
            None if self.keeps(first) => Claim::Own,
            None => Claim::Taken,
        }
    }

    fn keeps(&self, first: usize) -> bool {
        first % self.of == self.own
    }

    /// Each worker comes to courses that begin with an act of its own.
    fn ahead(&self, acts: usize) -> usize {
        2 * self.of * acts
    }

    fn publish(&self, place: CourseId, summary: Summary) {
        if self.known.borrow_mut().insert(place, summary.clone()).is_none() {
            self.unsent.borrow_mut().push((place, summary));
        }
    }

    fn wait(&self, _: CourseId) -> bool {
        self.waits.set(true);
        false
    }
}
