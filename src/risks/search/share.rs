//! Several workers on one search.
//!
//! Each worker does the whole search by itself, in the same order. What takes long is to run a course: one of the workers runs each, and
//! the others take from its [`Summary`] what they need. A course that shows something new is run by each of them, as only its own states
//! tell the details. So every worker comes to the same findings, however many there are.

use std::fmt::Debug;
use std::rc::Rc;

use super::super::course::Course;
use super::Search;
use super::trial::Outcome;
pub use super::trial::Summary;

/// How many courses further on a worker runs one while another is still at the next.
const AHEAD: usize = 64;

/// A course, by the number of its search, its depth and its number there.
pub type Place = (usize, usize, usize);

/// Who runs a course.
#[derive(Clone, Debug)]
pub enum Claim {
    /// The worker that asks.
    Own,
    /// Another one, which is not done.
    Taken,
    /// Another one has run it.
    Known(Summary),
}

/// What the workers share. Each has an object of its own.
pub trait Share: Debug {
    /// The number of the next search that this worker begins.
    fn begin(&self) -> usize;
    /// Asks for a course to be run here.
    fn claim(&self, place: Place) -> Claim;
    /// Tells what came of it.
    fn publish(&self, place: Place, summary: Summary);
    /// Waits until another worker has run a course.
    fn wait(&self, place: Place);
}

impl Search {
    /// What the workers share, where there are several: the page has one.
    pub(super) fn workers(&self) -> Option<Rc<dyn Share>> {
        if cfg!(target_family = "wasm") { None } else { self.options.share.clone() }
    }

    /// What came of a course that is not to be run here: another worker has run it, and it shows nothing new, or it was run here while
    /// others were awaited.
    pub(super) fn shared(&mut self, number: usize, course: &Course) -> Option<Outcome> {
        let share = self.workers()?;
        let place = (self.number, course.len(), number);
        if let Some(own) = self.ahead.remove(&place) {
            return Some(own);
        }
        loop {
            match share.claim(place) {
                Claim::Own => return None,
                Claim::Known(summary) => return Some(summary.outcome()).filter(|outcome| !self.is_news(course, &outcome.shown)),
                Claim::Taken => match self.unclaimed(&*share) {
                    Some((place, course)) => {
                        let Some(mut outcome) = self.run(course) else { continue };
                        share.publish(place, Summary::of(&outcome));
                        if place.1 > 1 {
                            outcome.forget_states();
                        }
                        self.ahead.insert(place, outcome);
                    }
                    None => share.wait(place),
                },
            }
        }
    }

    /// The next course that no worker runs, which is now claimed.
    fn unclaimed(&self, share: &dyn Share) -> Option<(Place, Course)> {
        let (depth, next) = self.next;
        (next..self.courses.numbers(depth).min(next + AHEAD)).find_map(|number| {
            let course = self.course(number).filter(|course| self.origin(course).is_some())?;
            let place = (self.number, depth, number);
            matches!(share.claim(place), Claim::Own).then_some((place, course))
        })
    }

    /// Runs a course to its end.
    fn run(&mut self, course: Course) -> Option<Outcome> {
        let mut trial = self.trial(course)?;
        while !trial.step() {}
        let (course, ended) = trial.end();
        self.judged(&course, ended)
    }

    /// A state from which further courses begin, after a single act that another worker has run.
    pub(super) fn state_after(&mut self, act: usize, is_back: bool) -> Option<Rc<super::State>> {
        let ended = self.run(vec![(act, super::When::AtOnce)])?.ended;
        for (is_back, rest) in [(false, Some(ended.held)), (true, ended.back)] {
            if let (Some(state), Some(known)) = (rest.and_then(|rest| rest.state), self.from.get_mut(&(act, is_back))) {
                *known = Some(state);
            }
        }
        self.from.get(&(act, is_back)).cloned().flatten()
    }
}
