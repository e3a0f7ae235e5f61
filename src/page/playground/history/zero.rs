//! The zero of a run: its start, unless what led up to a question lies before it.
//!
//! Promises: whatever instant or branch is shown, time is counted from the same instant; nothing else of a run depends on zero.

use std::rc::Rc;

use super::History;
use crate::Playground;
use base::time::Time;
use view::zero::Zero;

impl Playground {
    /// From which instant the run's time is counted.
    pub fn zero(&self) -> Zero {
        self.zero
    }
}

impl History {
    /// From which instant the run's time is counted.
    pub fn zero(&self) -> Zero {
        self.present.zero
    }

    /// Counts the run's time from an instant.
    pub fn set_zero(&mut self, at: Time) {
        let heads = self.branches.iter_mut().filter_map(|branch| branch.head.as_mut()).map(Rc::make_mut);
        let beside = self.beside.as_mut().map(|place| &mut place.state);
        for state in heads.chain(beside).chain([&mut self.present]) {
            state.zero = Zero(at);
        }
    }
}
