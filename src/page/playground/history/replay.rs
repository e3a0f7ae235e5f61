//! Replaying: what was done is done again at its instant.
//!
//! Promises: whoever is told to stop goes on where that was, and comes to the same.

use std::rc::Rc;

use super::History;
use super::input::{perform, prepare};
use crate::{Goal, Pace};
use base::time::Time;

/// How many polls of a run pass between checks whether a checkpoint is due.
const LOOKS_BETWEEN_CHECKPOINTS: u32 = 16;

impl History {
    /// [`History::seek`] without the branch beside, for as long as `go_on` allows; the same once more goes on.
    pub(super) fn seek_while(&mut self, to: Time, go_on: &mut dyn FnMut() -> bool) -> Pace {
        let to = to.max(self.start());
        if to >= self.head().now() {
            self.show_head();
            return Pace::Reached;
        }
        let checkpoint = self.branch().checkpoints.before(to);
        if self.present.now() > to || self.present.sim().steps() < checkpoint.state.sim().steps() {
            let (state, done) = (Rc::clone(&checkpoint.state), checkpoint.done);
            self.show((*state).clone(), done);
        }
        // Replaying ignores breakpoints: this part has been lived already.
        let stops = std::mem::take(&mut self.watch.stops);
        let pace = self.go_alone(Goal::Until(to), go_on);
        self.watch.stops = stops;
        pace
    }

    /// Lets time pass, repeating the branch's inputs at their instants.
    pub(crate) fn go(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        let pace = self.go_alone(goal, go_on);
        match self.follow(go_on) {
            Pace::Stopped if pace == Pace::Reached => Pace::Stopped,
            _ => pace,
        }
    }

    /// [`History::go`], without the branch beside.
    pub(super) fn go_alone(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        self.watch.halt = None;
        if self.present.is_looking() && !self.present.look_on(go_on) {
            return Pace::Stopped;
        }
        loop {
            let ahead = self.branch().inputs.get(self.done).map(|input| input.at);
            let next = ahead.map_or(goal, |at| goal.no_later_than(at));
            let (mut looks, mut told) = (0, false);
            let mut look = || {
                looks += 1;
                told = !go_on();
                !told && looks < LOOKS_BETWEEN_CHECKPOINTS
            };
            let pace = self.present.go(next, &mut self.watch, &mut look);
            self.keep_checkpoint();
            if pace == Pace::Stopped {
                if told {
                    return Pace::Stopped;
                }
                continue;
            }
            let acted = self.repeat_inputs(go_on);
            self.catch_up();
            let Some(acted) = acted else { return Pace::Stopped };
            if acted == 0 || matches!(goal, Goal::Change { .. }) || pace == Pace::Halted {
                return pace;
            }
            // To apply a manifest takes as long as many events.
            if !go_on() {
                return Pace::Stopped;
            }
        }
    }

    /// Repeats the inputs at this instant; how many there were, or `None` if `go_on` returned false before the last.
    fn repeat_inputs(&mut self, go_on: &mut dyn FnMut() -> bool) -> Option<usize> {
        let now = self.present.now();
        let before = self.done;
        while let Some(input) = self.branch().inputs.get(self.done).filter(|input| input.at <= now).cloned() {
            if self.done > before && !go_on() {
                return None;
            }
            self.end_instant();
            if !prepare(&mut self.present, &input, go_on) {
                return None;
            }
            let editor = Rc::clone(&self.present.manifest);
            perform(&mut self.present, &input);
            self.present.take_text(editor, self.lang);
            self.done += 1;
            if !self.present.look_on(go_on) {
                return None;
            }
        }
        Some(self.done - before)
    }

    /// If the state shown has reached the branch's furthest, it becomes the head again.
    fn catch_up(&mut self) {
        let branch = self.branch();
        if self.done == branch.inputs.len() && branch.head.as_ref().is_some_and(|head| head.now() <= self.present.now()) {
            self.current().head = None;
        }
    }
}
