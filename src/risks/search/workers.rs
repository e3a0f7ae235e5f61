//! One of several workers: which courses it runs, and what it takes from the others.

use std::rc::Rc;

use super::super::course::{Course, When};
use super::super::player::State;
use super::Search;
use super::share::{Claim, Place, Share, Summary};
use super::trial::Outcome;

/// How many courses further on a worker runs one while another is still at the next.
const AHEAD: usize = 64;

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
                Claim::Known(summary) => {
                    let outcome = self.settled(course, summary.outcome());
                    return Some(outcome).filter(|outcome| !self.is_news(course, &self.shown(course, outcome)));
                }
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
        loop {
            if let Some(outcome) = self.go(&mut trial) {
                return Some(outcome);
            }
        }
    }

    /// A state from which further courses begin, after a single act that another worker has run.
    pub(super) fn state_after(&mut self, act: usize, is_back: bool) -> Option<Rc<State>> {
        let Outcome { held, end, .. } = self.run(vec![(act, When::AtOnce)])?;
        for (is_back, rest) in [(false, held.rest), (true, end.rest)] {
            if let (Some(state), Some(known)) = (rest.and_then(|rest| rest.state), self.from.get_mut(&(act, is_back))) {
                *known = Some(state);
            }
        }
        self.from.get(&(act, is_back)).cloned().flatten()
    }
}
