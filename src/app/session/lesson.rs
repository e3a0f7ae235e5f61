//! Lessons: beginning one, choosing a claim, running the command, leaving.

use base::time::Time;
use leptos::prelude::*;
use lesson::{Phase, Progress, course};
use playground::Playground;
use playground::history::History;
use playground::setup;

use crate::keyboard::focus;
use crate::preferences::Tab;

use super::{Running, SPEEDS, Session, Speed};

/// How long a lesson's command is watched at most, in milliseconds of wall time, as far as the speeds allow.
const MAX_WATCHED: u64 = 12_000;

impl Session {
    /// Begins a lesson: its cluster stands still until the question is answered. The visitor's own run waits for the end of the lessons.
    pub fn begin_lesson(self, at: usize) {
        let progress = Progress::begin(at);
        let own = self.own_run();
        self.take_run(progress.lesson().begin(&setup(), self.lang.get_untracked()));
        self.left.set(own);
        self.lesson.set(Some(progress));
        self.publish();
    }

    /// The visitor's own run, if anything was done in it; else, and during a lesson, the one that was left for it.
    pub(super) fn own_run(self) -> Option<History> {
        let own = |run: &History| run.has_story() || !untrack(|| self.is_applied());
        let here = self.run.with_value(|run| (self.lesson.with_untracked(Option::is_none) && own(run)).then(|| run.clone()));
        here.or_else(|| self.left.get_untracked())
    }

    /// Chooses the claim that the visitor expects to come true.
    pub fn predict(self, claim: usize) {
        self.lesson.update(|lesson| {
            if let Some(lesson) = lesson.as_mut().filter(|lesson| lesson.phase == Phase::Predict) {
                lesson.chosen = Some(claim);
            }
        });
    }

    /// Whether a question is waiting for an answer.
    pub fn is_asking(self) -> bool {
        self.lesson.with_untracked(|lesson| lesson.is_some_and(|lesson| lesson.phase == Phase::Predict))
    }

    /// Runs the lesson's command, as fast as it can still be watched.
    pub fn run_lesson(self) {
        let Some(progress) = self.lesson.get_untracked().filter(|lesson| lesson.phase == Phase::Predict) else { return };
        let lesson = progress.lesson();
        self.lesson.set(Some(self.run.with_value(|run| progress.run(run.present()))));
        let bearable = |speed: &&Speed| lesson.within.0 * 1000 / speed.0 <= MAX_WATCHED;
        self.set_speed(*SPEEDS.iter().find(bearable).unwrap_or(&SPEEDS[SPEEDS.len() - 1]));
        self.type_line(&lesson.line);
        // A phone shows one of the two.
        self.preferences.tab.set(Tab::Cluster);
        self.keep_running(Running::Clock);
    }

    /// Goes to the next lesson, or after the last one back to the playground.
    pub fn next_lesson(self) {
        match self.lesson.get_untracked().map(|lesson| lesson.at + 1) {
            Some(next) if next < course().len() => self.begin_lesson(next),
            _ => self.leave_lesson(),
        }
    }

    /// Leaves the lessons for the run from before; where there was none, the lesson's goes on.
    pub fn leave_lesson(self) {
        self.lesson.set(None);
        self.bring_back();
        self.publish();
        request_animation_frame(|| focus(".manifest"));
    }

    /// Reveals the outcome once the lesson's time is over, and pauses.
    pub(super) fn look_at_lesson(self, playground: &Playground) {
        let before = self.lesson.get_untracked();
        let after = before.map(|lesson| lesson.look(playground));
        if before != after {
            self.lesson.set(after);
            self.preferences.tab.set(Tab::Manifest);
            self.pause();
            request_animation_frame(move || self.publish());
        }
    }

    /// When the lesson's command has been watched long enough.
    pub(super) fn lesson_end(self) -> Option<Time> {
        match self.lesson.with_untracked(|lesson| lesson.map(|lesson| lesson.phase)) {
            Some(Phase::Run { until, .. }) => Some(until),
            _ => None,
        }
    }
}
