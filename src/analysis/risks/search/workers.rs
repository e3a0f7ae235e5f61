//! One of several workers: which courses it runs, and what it takes from the others.

use std::rc::Rc;

use super::super::course::{Course, When};
use super::super::player::State;
use super::Search;
use super::share::{Claim, CourseId, Share, Summary};
use super::trial::{Outcome, Turn};

impl Search {
    /// What the workers share, where there are several.
    pub(super) fn workers(&self) -> Option<Rc<dyn Share>> {
        self.options.share.clone()
    }

    /// What is to be done about a course. Where another worker has run it, it need not be run unless it shows something new. It may have
    /// been run here before its turn.
    pub(super) fn turn(&mut self, number: usize, course: &Course) -> Turn {
        let Some(share) = self.workers() else { return Turn::Ours };
        let place = (self.number, course.len(), number);
        if let Some(own) = self.ahead.remove(&place) {
            return Turn::Known(Box::new(own));
        }
        loop {
            match share.claim(place, course[0].0) {
                Claim::Own => return Turn::Ours,
                Claim::Known(summary) => {
                    let outcome = self.settled(course, summary.outcome());
                    let is_news = self.is_news(course, &self.shown(course, &outcome));
                    return if is_news { Turn::Ours } else { Turn::Known(Box::new(outcome)) };
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
                    None if share.wait(place) => {}
                    None => return Turn::Awaited,
                },
            }
        }
    }

    /// The next course that no worker runs, which is now claimed.
    fn unclaimed(&mut self, share: &dyn Share) -> Option<(CourseId, Course)> {
        let (depth, next) = self.next;
        let end = self.courses.numbers(depth).min(next + share.ahead(self.acts.len()));
        self.looked = self.looked.max(self.next);
        for number in self.looked.1..end {
            self.looked.1 = number + 1;
            let Some(course) = self.course(number).filter(|course| self.origin(course).is_some()) else { continue };
            let place = (self.number, depth, number);
            if matches!(share.claim(place, course[0].0), Claim::Own) {
                return Some((place, course));
            }
        }
        None
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
        for (is_back, rest) in [(false, held.part.rest), (true, end.rest)] {
            if let (Some(state), Some(known)) = (rest.and_then(|rest| rest.state), self.from.get_mut(&(act, is_back))) {
                *known = Some(state);
            }
        }
        self.from.get(&(act, is_back)).cloned().flatten()
    }
}
