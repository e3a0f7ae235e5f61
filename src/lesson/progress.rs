//! A visitor's way through a lesson.

use std::rc::Rc;

use super::Lesson;
use base::time::Time;
use playground::Playground;

/// The phase of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The question is asked; time stands still.
    Predict,
    /// The command runs.
    Run {
        /// The end of the observation.
        until: Time,
    },
    /// The outcome is shown.
    Reveal {
        /// The claim that came true; `None` if none did, because something else was done in the meantime or the way did not achieve the
        /// aim.
        outcome: Option<usize>,
        /// Whether the task is done.
        done: bool,
    },
}

/// A lesson in progress.
#[derive(Clone, Debug)]
pub struct Progress {
    pub lesson: &'static Lesson,
    /// The index of the chosen claim.
    pub chosen: Option<usize>,
    pub phase: Phase,
    /// The state in which the phase began.
    begun: Rc<Playground>,
    /// When the command was run.
    run_at: Time,
}

impl PartialEq for Progress {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.lesson, other.lesson)
            && (self.chosen, self.phase) == (other.chosen, other.phase)
            && Rc::ptr_eq(&self.begun, &other.begun)
    }
}

impl Progress {
    /// Begins a lesson, whose run stands at the question.
    pub fn begin(lesson: &'static Lesson, state: &Playground) -> Progress {
        Progress { lesson, chosen: None, phase: Phase::Predict, begun: Rc::new(state.clone()), run_at: state.now() }
    }

    /// Starts observing, from the present on.
    #[must_use]
    pub fn run(self, state: &Playground) -> Progress {
        let until = state.now() + self.lesson.within;
        Progress { phase: Phase::Run { until }, begun: Rc::new(state.clone()), run_at: state.now(), ..self }
    }

    /// Reveals the outcome once the time is over, and afterwards whether the task is done.
    #[must_use]
    pub fn look(self, state: &Playground) -> Progress {
        match self.phase {
            Phase::Run { until } if state.now() >= until => {
                let outcome = self.lesson.outcome(self.chosen, &self.begun, state);
                Progress { phase: Phase::Reveal { outcome, done: false }, begun: Rc::new(state.clone()), ..self }
            }
            Phase::Reveal { outcome, done: false } => {
                let done = self.lesson.task.as_ref().is_some_and(|task| task.goal.holds(&self.begun, state));
                Progress { phase: Phase::Reveal { outcome, done }, ..self }
            }
            _ => self,
        }
    }

    /// Whether the explanation of a wait would give the answer away.
    pub fn hides_why(&self) -> bool {
        self.phase == Phase::Predict
    }

    /// From when to when the run went that was revealed.
    pub fn seen(&self) -> Option<(Time, Time)> {
        matches!(self.phase, Phase::Reveal { .. }).then(|| (self.run_at, self.run_at + self.lesson.within))
    }

    /// Whether another claim came true than the one that was chosen.
    pub fn is_wrong(&self) -> bool {
        matches!(self.phase, Phase::Reveal { outcome, .. } if self.chosen.is_some() && outcome != self.chosen)
    }
}
