//! Time passing: by the clock of the wall at the speed chosen, by steps, until nothing is left to do, and backwards.

use leptos::prelude::*;
use ordinal::api::release::Release;
use ordinal::base::time::Time;
use ordinal::playground::Pace;
use ordinal::playground::stop::{Halt, Stops};
use ordinal::view::timeline;

use super::{LONGEST_FRAME, LONGEST_STEP, NO_MOTION_FROM, Running, Session, Speed, wall, within};
use crate::app::keyed::set_if_new;

/// How long running and publishing may take within one frame, in milliseconds of the wall. A screen shows a frame every 17; the browser
/// wants the rest for its own work.
const FRAME_WORK: f64 = 5.0;
/// For so long the simulation runs in each frame, however long drawing takes.
const LEAST_RUNNING: f64 = 1.0;
/// Over about how many frames the time that drawing takes is averaged.
const DRAWINGS_REMEMBERED: f64 = 8.0;

impl Session {
    /// Plays or pauses.
    pub fn toggle(self) {
        if self.playing.get_untracked() {
            self.pause();
        } else {
            self.play();
        }
    }

    /// Lets the clock run.
    pub(super) fn play(self) {
        self.keep_running(Running::Clock);
    }

    pub(super) fn pause(self) {
        self.running.set_value(Running::Nothing);
        self.playing.set(false);
        self.behind.set(false);
    }

    /// Chooses how fast time passes.
    pub fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        self.fast.set(speed.0 >= NO_MOTION_FROM.0);
        self.behind.set(false);
    }

    /// Goes to the next thing that can be seen, and pauses there.
    pub fn step(self) {
        self.pause();
        let go_on = within(wall() + LONGEST_STEP);
        let pace = self.run.try_update_value(|run| run.step(go_on));
        self.tell_halt(pace);
        self.publish();
    }

    /// Goes to the next timer at once, and pauses there.
    pub fn skip(self) {
        self.pause();
        let pace = self.run.try_update_value(|run| run.skip(within(wall() + LONGEST_STEP)));
        self.tell_halt(pace);
        self.publish();
    }

    /// Changes what a run stops at.
    pub fn stop_at(self, change: impl FnOnce(&mut Stops)) {
        self.stops.update(change);
        self.run.update_value(|run| run.stop_at(self.stops.get_untracked()));
    }

    /// Where a run came to something it was to stop at, pauses and says so.
    pub(super) fn tell_halt(self, pace: Option<Pace>) {
        if pace == Some(Pace::Halted) {
            self.pause();
            let text = self.lang.get_untracked().text();
            let told = |halt: &Halt| (text.time.stopped)(halt.because, &halt.about, &timeline::ruler_label(halt.at));
            self.news.set(self.run.with_value(|run| run.halt().map(told).unwrap_or_default()));
        }
    }

    /// Goes to the last thing before that could be seen, and pauses there.
    pub fn step_back(self) {
        let to = self.run.with_value(|run| run.head().timeline().before(run.present().now()));
        self.seek(to);
    }

    /// Shows another instant, and pauses there.
    pub fn seek(self, to: Time) {
        self.pause();
        set_if_new(self.news, String::new());
        self.run.update_value(|run| run.seek(to));
        self.publish();
    }

    /// Shows an instant so many milliseconds on or back, and pauses there.
    pub fn nudge(self, by: i64) {
        let to = Time(self.clock.get_untracked().0.saturating_add_signed(by));
        if to <= self.head.get_untracked() {
            return self.seek(to);
        }
        self.pause();
        self.run.update_value(|run| {
            run.run(to, within(wall() + LONGEST_STEP));
        });
        self.publish();
    }

    /// Shows the furthest that the run has come.
    pub fn seek_now(self) {
        self.seek(self.head.get_untracked());
    }

    /// Shows another branch.
    pub fn return_to(self, id: u32) {
        self.pause();
        self.run.update_value(|run| run.return_to(id));
        self.news.set(String::new());
        self.publish();
    }

    /// Runs as fast as it goes until nothing is left to do.
    pub fn run_until_quiet(self) {
        self.keep_running(Running::UntilQuiet);
    }

    /// Begins again: an empty cluster, and the manifest applied to it.
    pub fn restart(self) {
        self.begin_again(self.run.with_value(|run| run.branch().release));
    }

    /// Begins again on a release.
    pub(super) fn begin_again(self, release: &'static Release) {
        self.take_run(self.run.with_value(|run| run.begin_again(release)));
        self.begin();
    }

    /// Everything is quiet: what was planned is done and seen, or the run pauses.
    fn go_on_as_planned(self) {
        match self.planned.try_update_value(Option::take).flatten() {
            Some(line) => {
                let news = self.news.get_untracked();
                self.running.set_value(Running::Clock);
                self.type_line(&line);
                self.news.set(news);
            }
            None => self.pause(),
        }
    }

    /// Asks for frames, unless they come already.
    pub(super) fn keep_running(self, running: Running) {
        let idle = self.running.get_value() == Running::Nothing;
        self.planned.set_value(None);
        self.running.set_value(running);
        self.playing.set(true);
        if idle {
            self.last_frame.set_value(wall());
            request_animation_frame(move || self.frame());
        }
    }

    /// One frame: runs the simulation as far as the speed asks and the budget allows, and publishes.
    pub(super) fn frame(self) {
        let begun = wall();
        let passed = (begun - self.last_frame.get_value()).clamp(0.0, LONGEST_FRAME);
        self.last_frame.set_value(begun);
        // What drawing takes is not there to run in.
        let drawing = self.drawing.get_value();
        let go_on = within(begun + (FRAME_WORK - drawing).max(LEAST_RUNNING));
        match self.running.get_value() {
            Running::Nothing => return,
            Running::Clock => self.run_clock(passed, go_on),
            Running::UntilQuiet => {
                let pace = self.run.try_update_value(|run| run.run_until_quiet(go_on));
                if pace == Some(Pace::Reached) {
                    self.go_on_as_planned();
                }
                self.tell_halt(pace);
            }
        }
        self.draw_frame();
        request_animation_frame(move || self.frame());
    }

    /// Publishes what a frame came to, and notes how long that takes; panes take turns while many pods change.
    fn draw_frame(self) {
        let begun = wall();
        let many = self.running.get_value() != Running::Nothing && self.drawn.with_value(|drawn| drawn.dense.is_some());
        self.frames.update_value(|frames| *frames = frames.wrapping_add(1));
        self.publish_turn(many.then(|| self.frames.get_value()));
        let before = self.drawing.get_value();
        self.drawing.set_value(before + (wall() - begun - before) / DRAWINGS_REMEMBERED);
    }

    /// Lets pass what virtual time the wall's time asks for.
    pub(super) fn run_clock(self, passed: f64, go_on: impl FnMut() -> bool) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 ms of the wall")]
        let passed = (passed * 1000.0) as u64;
        let owed = self.owed.get_value() + passed * self.speed.get_untracked().0 / 1000;
        self.owed.set_value(owed % 1000);
        let pace = self.run.try_update_value(|run| {
            let until = Time(run.present().now().0 + owed / 1000);
            run.run(self.lesson_end().map_or(until, |end| end.min(until)), go_on)
        });
        set_if_new(self.behind, pace == Some(Pace::Stopped));
        self.tell_halt(pace);
    }
}
