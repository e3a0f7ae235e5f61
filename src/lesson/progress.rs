//! Where somebody is in the course.

use super::{COURSE, Lesson};
use crate::base::time::Time;
use crate::playground::Playground;

/// How far a lesson has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The question is asked; time stands.
    Predict,
    /// The command runs.
    Run {
        /// The position of the log at which it began.
        since: usize,
        /// Until when one looks.
        until: Time,
    },
    /// What happened is shown.
    Reveal {
        /// Which claim came true; `None` where something else was done in the meantime.
        outcome: Option<usize>,
    },
}

/// A lesson under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which lesson of the course.
    pub at: usize,
    /// Which claim was chosen.
    pub chosen: Option<usize>,
    /// How far it has come.
    pub phase: Phase,
}

impl Progress {
    /// A lesson of the course, just begun; the last for any number beyond.
    pub fn begin(at: usize) -> Progress {
        Progress { at: at.min(COURSE.len() - 1), chosen: None, phase: Phase::Predict }
    }

    /// The lesson.
    pub fn lesson(&self) -> &'static Lesson {
        &COURSE[self.at]
    }

    /// Runs the command from here on.
    #[must_use]
    pub fn run(self, state: &Playground) -> Progress {
        let (since, until) = (state.sim().log().len(), state.now() + self.lesson().within);
        Progress { phase: Phase::Run { since, until }, ..self }
    }

    /// Reveals what happened, once its time is over.
    #[must_use]
    pub fn look(self, state: &Playground) -> Progress {
        match self.phase {
            Phase::Run { since, until } if state.now() >= until => {
                Progress { phase: Phase::Reveal { outcome: self.lesson().outcome(state, since, until) }, ..self }
            }
            _ => self,
        }
    }

    /// Whether why something waits would give the answer away.
    pub fn hides_why(&self) -> bool {
        !matches!(self.phase, Phase::Reveal { .. })
    }
}
