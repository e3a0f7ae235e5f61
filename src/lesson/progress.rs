//! A visitor's progress through the course.

use super::{Lesson, course};
use base::time::Time;
use playground::Playground;

/// The phase of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The question is asked; time stands still.
    Predict,
    /// The command runs.
    Run {
        /// The position of the log at which it began.
        since: usize,
        /// The end of the observation.
        until: Time,
    },
    /// The outcome is shown.
    Reveal {
        /// The claim that came true; `None` if something else was done in the meantime.
        outcome: Option<usize>,
    },
}

/// A lesson in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The lesson's index in the course.
    pub at: usize,
    /// The index of the chosen claim.
    pub chosen: Option<usize>,
    pub phase: Phase,
}

impl Progress {
    /// Begins a lesson of the course; an index past the end means the last one.
    pub fn begin(at: usize) -> Progress {
        Progress { at: at.min(course().len() - 1), chosen: None, phase: Phase::Predict }
    }

    /// The lesson.
    pub fn lesson(&self) -> &'static Lesson {
        &course()[self.at]
    }

    /// Starts observing, from the present on.
    #[must_use]
    pub fn run(self, state: &Playground) -> Progress {
        let (since, until) = (state.sim().log().len(), state.now() + self.lesson().within);
        Progress { phase: Phase::Run { since, until }, ..self }
    }

    /// Reveals the outcome once the time is over.
    #[must_use]
    pub fn look(self, state: &Playground) -> Progress {
        match self.phase {
            Phase::Run { since, until } if state.now() >= until => {
                Progress { phase: Phase::Reveal { outcome: self.lesson().outcome(state, since, until) }, ..self }
            }
            _ => self,
        }
    }

    /// Whether the explanation of a wait would give the answer away.
    pub fn hides_why(&self) -> bool {
        !matches!(self.phase, Phase::Reveal { .. })
    }
}
