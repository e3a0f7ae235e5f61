//! The pace of a lesson: what changes is held for a while, and stretches in which nothing changes are passed ever faster.

use base::time::{Span, Time};
use leptos::prelude::*;
use playground::{Goal, Pace, Playground, Watch};

use super::{Session, wall, within};

/// Changes that follow each other so closely are seen as one.
const TOGETHER: Span = Span(150);
/// How long all changes are held together, in milliseconds of wall time, and each at least and at most.
const HOLDS: f64 = 9500.0;
const HOLD: (f64, f64) = (250.0, 4000.0);
/// How many changes the work on a task is taken to have.
const OF_TASK: usize = 6;
/// How long counting changes may take, in milliseconds of wall time.
const COUNTING: f64 = 40.0;
/// How fast time passes after a change, in virtual per wall time, and at most.
const SLOW: f64 = 1.5;
const FAST: f64 = 2000.0;
/// In this wall time without a change, in milliseconds, the speed doubles.
const DOUBLES_IN: f64 = 220.0;
/// After so long without a change, in milliseconds of wall time, a task is left to the visitor.
const PATIENCE: f64 = 6000.0;

/// How far a story is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Telling {
    /// Where the story ends, if not with a lesson.
    end: Option<Time>,
    /// By what everything is slower.
    slower: f64,
    /// How long each change is held, in milliseconds of wall time.
    hold: f64,
    /// The instant of the change that is about to be held.
    changed: Option<Time>,
    /// Until when the last change is held, in wall time.
    until: f64,
}

/// How many changes there are to be held from now to an instant, as far as they can be counted in a moment.
fn groups(mut state: Playground, end: Time) -> usize {
    let (mut groups, mut go_on) = (1, within(wall() + COUNTING));
    loop {
        let before = state.timeline().changes();
        let pace = state.go(Goal::Change { at_most: Some(end) }, &mut Watch::default(), &mut go_on);
        if pace != Pace::Reached || state.timeline().changes() == before || !go_on() {
            return groups;
        }
        groups += 1;
        state.run(end.min(state.now() + TOGETHER), &mut go_on);
    }
}

impl Session {
    /// Tells what happens from now on as a story: up to an instant, or as far as the lesson goes.
    pub(super) fn watch(self, end: Option<Time>, slower: f64) {
        let (here, groups) = self.run.with_value(|run| {
            let end = end.or_else(|| self.lesson_end());
            (run.present().now(), end.map_or(OF_TASK, |end| groups(run.present().clone(), end)))
        });
        #[expect(clippy::cast_precision_loss, reason = "few changes")]
        let hold = (HOLDS / groups as f64).clamp(HOLD.0, HOLD.1);
        self.telling.set_value(Some(Telling { end, slower, hold, changed: Some(here), until: wall() }));
    }

    /// Runs as much virtual time as the story lets pass in a frame; false if no story is told.
    pub(super) fn tell_story(self, passed: f64) -> bool {
        let Some(mut telling) = self.telling.get_value() else { return false };
        let now = wall();
        if now < telling.until {
            return true;
        }
        let quiet = now - telling.until;
        let speed = (SLOW * (quiet / telling.slower / DOUBLES_IN).exp2()).min(FAST) / telling.slower;
        let here = self.run.with_value(|run| run.present().now());
        let speed = if telling.changed.is_some() { 1.0 / telling.slower } else { speed };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most some minutes")]
        let until = Time(here.0 + ((passed * speed) as u64).max(1));
        let end = telling.end.or_else(|| self.lesson_end());
        let goes_to = [telling.changed.map(|at| at + TOGETHER), end].into_iter().flatten().fold(until, Time::min);
        let before = self.run.with_value(|run| run.present().timeline().changes());
        let pace = self.run.try_update_value(|run| {
            let go_on = within(now + super::clock::FRAME_WORK);
            if telling.changed.is_some() { run.run(goes_to, go_on) } else { run.run_to_change(goes_to, go_on) }
        });
        let (here, changes) = self.run.with_value(|run| (run.present().now(), run.present().timeline().changes()));
        if telling.changed.is_none() && changes != before {
            telling.changed = Some(here);
        }
        if telling.changed.is_some_and(|at| here >= at + TOGETHER) {
            telling.until = wall() + telling.hold * telling.slower;
            telling.changed = None;
        }
        self.telling.set_value(Some(telling));
        self.tell_halt(pace.filter(|pace| *pace != Pace::Reached));
        let is_over = !self.go_on_solving() && (telling.end.is_some_and(|end| here >= end) || (end.is_none() && quiet > PATIENCE));
        if is_over {
            self.pause();
        }
        true
    }
}
