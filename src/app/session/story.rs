//! The pace of a lesson: what changes is held for a while, and stretches in which nothing changes are passed ever faster.

use base::time::{Span, Time};
use leptos::prelude::*;
use playground::Pace;

use super::{Session, wall, within};

/// Changes that follow each other so closely are seen as one.
const TOGETHER: Span = Span(150);
/// How long a change is held, in milliseconds of wall time: the first ones, those after them, and the rest.
const HOLDS: [f64; 3] = [1500.0, 600.0, 250.0];
/// How many changes are held so long.
const HELD: usize = 6;
/// How fast time passes after a change, in virtual per wall time, and at most.
const SLOW: f64 = 1.5;
const FAST: f64 = 2000.0;
/// In this wall time without a change, in milliseconds, the speed doubles.
const DOUBLES_IN: f64 = 220.0;
/// After so long without a change, in milliseconds of wall time, a task is left to the visitor.
const PATIENCE: f64 = 6000.0;

/// How far a story is told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Telling {
    /// Where the story ends, if not with a lesson.
    end: Option<Time>,
    /// By what everything is slower.
    slower: f64,
    /// How many changes were held.
    held: usize,
    /// The instant of the change that is about to be held.
    changed: Option<Time>,
    /// Until when the last change is held, in wall time.
    until: f64,
}

impl Session {
    /// Tells what happens from now on as a story: up to an instant, or as far as the lesson goes.
    pub(super) fn watch(self, end: Option<Time>, slower: f64) {
        let here = self.run.with_value(|run| run.present().now());
        self.telling.set_value(Some(Telling { end, slower, changed: Some(here), until: wall(), ..Telling::default() }));
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
            telling.until = wall() + HOLDS[(telling.held / HELD).min(HOLDS.len() - 1)] * telling.slower;
            (telling.changed, telling.held) = (None, telling.held + 1);
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
