//! A visitor's way through a lesson.

use std::rc::Rc;

use super::{Lesson, Part, Seen};
use api::release::Release;
use base::time::Time;
use playground::Playground;
use playground::label::acts_alike;
use text::Lang;

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
    /// The release of the run.
    pub release: &'static Release,
    /// How the question went on the releases before.
    pub(super) earlier: Vec<Earlier>,
    /// The index of the chosen claim.
    pub chosen: Option<usize>,
    /// The ways that were tried and did not achieve the aim.
    pub tried: Vec<usize>,
    pub phase: Phase,
    /// The state in which the phase began.
    begun: Rc<Playground>,
    /// When the question was asked or, as soon as it runs, when the command was run.
    pub run_at: Time,
    /// What decided the answer.
    seen: Rc<[Seen]>,
    /// The check list of the task.
    parts: Rc<[Part]>,
}

/// How the question went on a release.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    release: &'static Release,
    outcome: Option<usize>,
    /// Whether the prediction was right; `None` if there was none.
    pub(super) predicted: Option<bool>,
}

impl PartialEq for Progress {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.lesson, other.lesson)
            && (self.chosen, self.phase, &self.tried) == (other.chosen, other.phase, &other.tried)
            && Rc::ptr_eq(&self.begun, &other.begun)
            && self.parts == other.parts
    }
}

impl Progress {
    /// Begins a lesson, whose run stands at the question.
    pub fn begin(lesson: &'static Lesson, state: &Playground) -> Progress {
        Progress {
            lesson,
            release: state.sim().release(),
            earlier: Vec::new(),
            chosen: None,
            tried: Vec::new(),
            phase: Phase::Predict,
            begun: Rc::new(state.clone()),
            run_at: state.now(),
            seen: Rc::default(),
            parts: Rc::default(),
        }
    }

    /// Asks the question once more, of a run that stands there again, on the same release or on the next. Ways that were tried are
    /// remembered of the same release alone.
    #[must_use]
    pub fn begin_again(&self, state: &Playground) -> Progress {
        let (mut earlier, mut tried, begun) = (self.earlier.clone(), self.tried.clone(), Progress::begin(self.lesson, state));
        if begun.release != self.release {
            let outcome = if let Phase::Reveal { outcome, .. } = self.phase { outcome } else { None };
            earlier.push(Earlier { release: self.release, outcome, predicted: self.predicted() });
            tried.clear();
        }
        Progress { earlier, tried, ..begun }
    }

    /// The release on which the same question comes next; `None` while this one is not over, and on the last.
    pub fn next_release(&self) -> Option<&'static Release> {
        let is_over = matches!(self.phase, Phase::Reveal { .. }) && !self.leads_back();
        self.lesson.next_release(self.release).filter(|_| is_over)
    }

    /// The release before this one on which a claim came true.
    pub fn was_true_on(&self, claim: usize) -> Option<&'static Release> {
        self.earlier.iter().rev().find(|earlier| earlier.outcome == Some(claim)).map(|earlier| earlier.release)
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
            Phase::Run { until } if state.now() >= until => self.reveal(state),
            Phase::Reveal { outcome, done: false } if !self.parts.is_empty() => {
                let goal = self.lesson.task.as_ref().map(|task| &task.goal);
                let parts: Rc<[Part]> = goal.map_or_else(Vec::new, |goal| goal.parts_now(&self.parts, &self.begun, state)).into();
                let done = parts.iter().all(|part| part.done);
                Progress { phase: Phase::Reveal { outcome, done }, parts, ..self }
            }
            _ => self,
        }
    }

    fn reveal(mut self, state: &Playground) -> Progress {
        let lesson = self.lesson;
        let outcome = lesson.outcome(self.chosen, &self.begun, state);
        let decided = if lesson.chooses() { Some(&lesson.aim) } else { outcome.map(|outcome| &lesson.claims[outcome].holds) };
        let seen = decided.map_or_else(Vec::new, |decided| decided.seen(&self.begun, state));
        self.tried.extend(self.chosen.filter(|way| lesson.chooses() && outcome.is_none() && !self.tried.contains(way)));
        // There is a task where the rule is told.
        let task = lesson.task_on(self.release).filter(|_| outcome.is_some() || !lesson.chooses());
        let parts = task.map_or_else(Vec::new, |task| task.goal.parts(state));
        Progress {
            phase: Phase::Reveal { outcome, done: false },
            begun: Rc::new(state.clone()),
            seen: seen.into(),
            parts: parts.into(),
            ..self
        }
    }

    /// What decided the answer, or why the way did not achieve the aim; nothing before that is revealed.
    pub fn evidence(&self) -> &[Seen] {
        &self.seen
    }

    /// The check list of the task; empty before there is a task.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Why it came as it did, once that is revealed; `None` while there is another way to try, or another release.
    pub fn cause(&self, lang: Lang) -> Option<&'static str> {
        let is_told = matches!(self.phase, Phase::Reveal { outcome, .. } if outcome.is_some() || !self.lesson.chooses());
        (is_told && self.next_release().is_none()).then(|| self.lesson.because.told(lang))
    }

    /// Whether a way has failed, so that another one is to be chosen.
    pub fn leads_back(&self) -> bool {
        self.lesson.chooses() && matches!(self.phase, Phase::Reveal { outcome: None, .. })
    }

    /// Whether the explanation of a wait would give the answer away.
    pub fn hides_why(&self) -> bool {
        self.phase == Phase::Predict
    }

    /// Whether a line does what a way does that is still to be chosen, or what the task asks for that is not done yet.
    pub fn gives_away(&self, line: &str) -> bool {
        let (asks, works) = match self.phase {
            Phase::Predict | Phase::Run { .. } => (true, true),
            Phase::Reveal { done, .. } => (self.leads_back(), !done),
        };
        let ways = self.lesson.claims.iter().map(|way| &way.line).filter(|_| asks);
        let task = self.lesson.task.iter().flat_map(|task| &task.solution).filter(|_| works);
        ways.chain(task).any(|known| acts_alike(line, known))
    }

    /// The end of the observation; before the command is run, of one that begins with the question.
    pub fn end(&self) -> Time {
        self.run_at + self.lesson.within
    }

    /// From when to when the run went that was revealed.
    pub fn seen(&self) -> Option<(Time, Time)> {
        matches!(self.phase, Phase::Reveal { .. }).then(|| (self.run_at, self.end()))
    }

    /// Whether another claim came true than the one that was chosen.
    pub fn is_wrong(&self) -> bool {
        matches!(self.phase, Phase::Reveal { outcome, .. } if self.chosen.is_some() && outcome != self.chosen)
    }
}
