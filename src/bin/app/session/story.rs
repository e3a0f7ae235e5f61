//! The pace of a story: what changes is held for a while, and stretches in which nothing changes are passed ever faster. A story whose end
//! is not known ends where nothing new comes.

use base::time::{Span, Time};
use leptos::prelude::*;
use playground::history::History;
use playground::story::{Outlook, Story};
use playground::{Goal, Pace, Playground, Watch};

use super::Session;
use super::clock::{FRAME_WORK, WATCHED};
use super::slices::{wall, within};

/// Changes that follow each other so closely are seen as one.
const TOGETHER: Span = Span(150);
/// How long all changes are held together, in milliseconds of wall time, and each at least and at most.
const HOLDS: f64 = 9500.0;
const HOLD: (f64, f64) = (250.0, 4000.0);
/// For so long the story goes on after a task is done.
const AFTER_TASK: Span = Span::seconds(60);
/// How many changes the work on a task is taken to have.
const OF_TASK: usize = 6;
/// How long counting changes may take, in milliseconds of wall time.
const COUNTING: f64 = 40.0;
/// How fast time passes after a change, in virtual per wall time, and at most.
const SLOW: f64 = 1.5;
const FAST: f64 = 2000.0;
/// In this wall time without a change, in milliseconds, the speed doubles.
const DOUBLES_IN: f64 = 220.0;

/// How far a story is told.
#[derive(Clone, Debug)]
pub(super) struct Telling {
    story: Story,
    /// Where the story ends, if not with a lesson.
    end: Option<Time>,
    /// Where it ends at the latest, because the task is done.
    latest: Option<Time>,
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

impl Telling {
    /// Tells as much as belongs into a frame, up to the end where that is known: how the run stopped, and whether the story is over.
    fn go_on(&mut self, run: &mut History, end: Option<Time>, passed: f64) -> (Pace, bool) {
        let now = wall();
        let looks = end.is_none() && self.changed.is_none();
        let outlook = looks.then(|| self.story.outlook(run.present(), &mut within(now + FRAME_WORK)));
        match outlook {
            _ if now < self.until => return (Pace::Reached, false),
            Some(Outlook::Open) => {
                self.until = now;
                return (Pace::Reached, false);
            }
            Some(Outlook::Ends) => return (Pace::Reached, true),
            Some(Outlook::GoesOn(_)) | None => {}
        }
        // Where nothing changes, a slow frame would pass over all that comes.
        let new = outlook.and_then(|outlook| if let Outlook::GoesOn(at) = outlook { Some(at) } else { None });
        let speed = (SLOW * ((now - self.until) / self.slower / DOUBLES_IN).exp2()).min(FAST) / self.slower;
        let speed = if self.changed.is_some() { 1.0 / self.slower } else { speed };
        let speed = if run.present().waits_for_command() { speed.min(f64::from(WATCHED)) } else { speed };
        let (here, before) = (run.present().now(), run.present().timeline().changes());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most some minutes")]
        let until = Time(here.0 + ((passed * speed) as u64).max(1));
        let goes_to = [self.changed.map(|at| at + TOGETHER), end, self.latest, new].into_iter().flatten().fold(until, Time::min);
        let go_on = within(now + FRAME_WORK);
        let pace = if self.changed.is_some() { run.run(goes_to, go_on) } else { run.run_to_change(goes_to, go_on) };
        let here = run.present().now();
        if self.changed.is_none() && run.present().timeline().changes() != before {
            self.changed = Some(here);
        }
        if self.changed.is_some_and(|at| here >= at + TOGETHER) {
            self.until = wall() + self.hold * self.slower;
            self.changed = None;
        }
        (pace, end.is_some_and(|end| here >= end) || self.latest.is_some_and(|end| here >= end))
    }
}

impl Session {
    /// Tells what happens from now on as a story: up to an instant, or as far as the lesson goes, or to where nothing new comes.
    pub(super) fn watch(self, end: Option<Time>, slower: f64) {
        let telling = self.run.with_value(|run| {
            let known = end.or_else(|| self.lesson_end());
            let groups = known.map_or(OF_TASK, |end| groups(run.present().clone(), end));
            #[expect(clippy::cast_precision_loss, reason = "few changes")]
            let hold = (HOLDS / groups as f64).clamp(HOLD.0, HOLD.1);
            Telling {
                story: Story::begin(run.present()),
                end,
                latest: None,
                slower,
                hold,
                changed: Some(run.present().now()),
                until: wall(),
            }
        });
        self.telling.set_value(Some(telling));
    }

    /// Runs as much virtual time as the story lets pass in a frame; false if no story is told.
    pub(super) fn tell_story(self, passed: f64) -> bool {
        let lesson_end = self.lesson_end();
        let told = self.telling.try_update_value(|telling| {
            let telling = telling.as_mut()?;
            let end = telling.end.or(lesson_end);
            let (pace, ends) = self.run.try_update_value(|run| telling.go_on(run, end, passed))?;
            Some((pace, ends, end.is_none()))
        });
        let Some((pace, ends, is_open)) = told.flatten() else { return false };
        self.tell_halt(Some(pace).filter(|pace| *pace != Pace::Reached));
        if !self.go_on_solving(ends && is_open) && ends {
            self.pause();
        }
        true
    }

    /// Ends the story soon: the task is done, and what follows at once is still told.
    pub(super) fn end_soon(self, now: Time) {
        self.telling.update_value(|telling| _ = telling.as_mut().map(|telling| telling.latest = Some(now + AFTER_TASK)));
    }

    /// Begins the story anew that is told: with what has just been done.
    pub(super) fn begin_story(self) {
        self.telling.update_value(|telling| {
            if let Some(telling) = telling {
                telling.story = self.run.with_value(|run| Story::begin(run.present()));
            }
        });
    }

    /// Lets time pass as fast as possible to where the story of the present instant has nothing new.
    pub(super) fn tell_to_end(self, mut go_on: impl FnMut() -> bool) -> Option<Pace> {
        if self.telling.with_value(Option::is_none) {
            self.watch(None, 1.0);
        }
        let tell = |telling: &mut Option<Telling>| {
            let story = &mut telling.as_mut()?.story;
            self.run.try_update_value(|run| run.tell(story, &mut go_on))
        };
        self.telling.try_update_value(tell).flatten()
    }
}
