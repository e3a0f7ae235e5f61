//! The passing of time: with the wall clock at the chosen speed, step by step, until the cluster is quiet, and backwards.

use api::release::Release;
use base::time::{Span, Time};
use leptos::prelude::*;
use playground::Pace;
use playground::history::History;
use playground::own_write::Lookout;
use playground::stop::{Halt, Stops};
use view::why::Why;
use view::zero::Zero;

use super::slices::{at_once_or_in_slices, slices, wall, within};
use super::{LONGEST_FRAME, Running, Session};
use crate::keyed::set_if_new;
use crate::script::embedded;

/// The speed of virtual time, in thousandths of wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speed(u64);

impl Speed {
    /// How many times faster than the wall clock's virtual time passes, rounded down.
    pub(super) fn times(self) -> u64 {
        self.0 / 1000
    }

    /// Whether it is offered; the others have keys alone.
    pub fn is_offered(self) -> bool {
        [1, 20].contains(&self.times())
    }

    /// `0.25×`.
    pub fn label(self) -> String {
        if self.0 < 1000 { format!("0.{}×", self.0 / 10) } else { format!("{}×", self.0 / 1000) }
    }
}

/// The available speeds.
pub const SPEEDS: [Speed; 6] = [Speed(250), Speed(1000), Speed(4000), Speed(20_000), Speed(100_000), Speed(1_000_000)];
/// How fast pods come up on a first visit.
pub(super) const RISING: Speed = Speed(2000);
/// From this speed on nothing is animated: only states are drawn.
const NO_MOTION_FROM: Speed = Speed(20_000);
/// No faster does time pass while a command waits in the foreground, in virtual per wall time.
pub(super) const WATCHED: u32 = 20;
/// From so many times the chosen speed on, it is told that time is stretched.
const STRETCHED: u64 = 4;
/// How long simulating and publishing may take per frame, in milliseconds of wall time. A screen shows a frame every 17 ms; the browser
/// needs the rest for its own work.
pub(super) const FRAME_WORK: f64 = 5.0;
/// The simulation runs at least this long per frame, however long drawing takes.
const MIN_RUNNING: f64 = 1.0;
/// The number of frames over which drawing time is averaged, roughly.
const DRAWINGS_REMEMBERED: f64 = 8.0;

/// In this time a lost node is noticed, and its pods are told to go.
const LOST: Span = Span::seconds(420);

/// Who wants no motion sees time step from change to change, and in between in steps of this length, in milliseconds of wall time.
const STEP: f64 = 1000.0;

/// For so long, in milliseconds of wall time, frames show the clock alone where nothing has come to pass. Ages, and what is on disks, may
/// be told that late.
const ALL_EVERY: f64 = 250.0;

/// What has come to pass in a run: visible changes, writes to the log of the API server, the last line of the terminal.
type Past = (u64, usize, Option<u64>);

/// The frames in which time passes.
#[derive(Clone, Copy)]
pub struct Frames {
    /// When the last one began, in milliseconds of wall time.
    last: StoredValue<f64>,
    /// How many times faster than was chosen time passes; 0 where it passes as chosen.
    stretch: RwSignal<u64>,
    /// How many there were.
    count: StoredValue<u32>,
    /// The recent average time that drawing takes, in milliseconds of wall time.
    drawing: StoredValue<f64>,
    /// Whether the visitor wants no motion.
    in_steps: bool,
    /// How many visible changes there were when one was drawn last, and when that was, in milliseconds of wall time.
    drawn: StoredValue<(u64, f64)>,
    /// What had come to pass when all was drawn last, and when that was, in milliseconds of wall time.
    all: StoredValue<(Past, f64)>,
    /// Debounce: the next answer of Why, and the number of frames it has been held back.
    pub(super) pending_why: StoredValue<(Why, u32)>,
    /// Virtual time that has yet to be run, in thousandths of a millisecond.
    owed: StoredValue<u64>,
    /// Looks for disks without anything on them.
    pub(super) looks_for_disks: StoredValue<Lookout>,
}

impl Frames {
    pub(super) fn new() -> Frames {
        let wish = window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        Frames {
            last: StoredValue::new(0.0),
            stretch: RwSignal::new(0),
            count: StoredValue::new(0),
            drawing: StoredValue::new(0.0),
            in_steps: wish.is_some_and(|wish| wish.matches()),
            drawn: StoredValue::default(),
            all: StoredValue::default(),
            pending_why: StoredValue::default(),
            owed: StoredValue::new(0),
            looks_for_disks: StoredValue::default(),
        }
    }

    /// Whether a frame is drawn after so many visible changes.
    fn is_due(self, changes: u64) -> bool {
        let (before, since) = self.drawn.get_value();
        let due = !self.in_steps || changes != before || wall() - since >= STEP;
        if due {
            self.drawn.set_value((changes, wall()));
        }
        due
    }

    /// Whether a frame after all this shows the clock alone; if not, all is drawn now.
    fn is_clock_alone(self, past: Past) -> bool {
        let (before, since) = self.all.get_value();
        let alone = past == before && wall() - since < ALL_EVERY;
        if !alone {
            self.all.set_value((past, wall()));
        }
        alone
    }
}

/// What is done once the cluster is quiet.
#[derive(Clone)]
pub(super) enum Planned {
    /// A line is typed.
    Line(String),
    /// The node of a pod is stopped.
    StopNode,
}

impl Session {
    /// Plays or pauses.
    pub fn toggle(self) {
        if self.playing.get_untracked() {
            self.pause();
            // What is not drawn anew at every frame is drawn as it stands now.
            self.publish();
        } else {
            // Of a run in another page nothing more is to come: it is shown from its start.
            if embedded() && self.next.with_untracked(String::is_empty) {
                self.seek_start();
            }
            self.play();
        }
    }

    /// Lets the clock run.
    pub(super) fn play(self) {
        self.keep_running(Running::Clock);
    }

    pub(super) fn pause(self) {
        self.tasked.set_value(0);
        self.telling.set_value(None);
        self.running.set_value(Running::Nothing);
        self.playing.set(false);
    }

    /// Chooses how fast time passes.
    pub fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        self.fast.set(speed.0 >= NO_MOTION_FROM.0);
    }

    /// Advances to the next visible change, and pauses there.
    pub fn step(self) {
        self.jump(|run, go_on| run.step(go_on));
    }

    /// Jumps to the next timer, and pauses there.
    pub fn skip(self) {
        self.jump(|run, go_on| run.skip(go_on));
    }

    /// Advances somewhere in slices, and pauses there.
    fn jump(self, go: impl Fn(&mut History, &mut dyn FnMut() -> bool) -> Pace + 'static) {
        self.pause();
        at_once_or_in_slices(move || {
            // Whatever makes time pass by now goes on from here.
            if self.running.get_value() != Running::Nothing {
                return false;
            }
            let ends = slices();
            let pace = self.run.try_update_value(|run| go(run, &mut || !ends.is_over()));
            self.tell_halt(pace);
            self.publish();
            pace == Some(Pace::Stopped)
        });
    }

    /// Changes the breakpoints.
    pub fn stop_at(self, change: impl FnOnce(&mut Stops)) {
        self.stops.update(change);
        self.run.update_value(|run| run.stop_at(self.stops.get_untracked()));
    }

    /// If a run hit a breakpoint, or cannot go on, pauses and reports it.
    pub(super) fn tell_halt(self, pace: Option<Pace>) {
        let text = self.lang.get_untracked().text();
        let told = |run: &History, halt: &Halt| text.time.stopped(halt.because, &halt.about, &run.zero().label(halt.at));
        let news = match pace {
            Some(Pace::Halted) => self.run.with_value(|run| run.halt().map(|halt| told(run, halt)).unwrap_or_default()),
            Some(Pace::Circles) => text.time.is_livelocked().to_owned(),
            Some(Pace::Reached | Pace::Stopped) | None => return,
        };
        self.pause();
        self.news.set(news);
    }

    /// Goes back to the last visible change, and pauses there.
    pub fn step_back(self) {
        let to = self.run.with_value(|run| run.head().timeline().before(run.present().now()));
        self.seek(to);
    }

    /// Shows another instant, and pauses there.
    pub fn seek(self, to: Time) {
        self.pause();
        set_if_new(self.news, String::new());
        set_if_new(self.aside, String::new());
        self.run.update_value(|run| run.seek(to));
        self.publish();
    }

    /// Moves the shown instant by some milliseconds, and pauses there.
    pub fn nudge(self, by: i64) {
        let to = Time(self.clock.get_untracked().0.saturating_add_signed(by));
        if to <= self.head.get_untracked() {
            return self.seek(to);
        }
        self.jump(move |run, go_on| run.run(to, go_on));
    }

    /// From which instant the run's time is counted.
    pub fn zero(self) -> Zero {
        self.ruler.get().zero()
    }

    /// Shows the instant from which the run's time is counted.
    pub fn seek_start(self) {
        self.seek(self.run.with_value(|run| run.zero().0));
    }

    /// Shows the furthest instant the run has reached.
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

    /// Runs as fast as possible until nothing is left to do.
    pub fn run_until_quiet(self) {
        self.keep_running(Running::UntilQuiet);
    }

    /// Stops a node once all is quiet, and tells what follows from it as a story.
    pub fn stop_node_and_watch(self) {
        self.keep_running(Running::UntilQuiet);
        self.planned.set_value(Some(Planned::StopNode));
    }

    /// Restarts: an empty cluster, and the manifest applied to it.
    pub fn restart(self) {
        self.begin_again(self.run.with_value(|run| run.branch().release));
    }

    /// Restarts on a release. What was done in the run before can be brought back.
    pub(super) fn begin_again(self, release: &'static Release) {
        let lesson = self.lesson.with_untracked(Option::is_some);
        let own = self.own_run().filter(|own| lesson || own.has_story());
        self.take_run(self.run.with_value(|run| run.begin_again(release)));
        self.begin();
        if let Some(left) = own {
            self.news.set(self.lang.get_untracked().text().time.begun_again().to_owned());
            self.left.set(Some(left));
        }
    }

    /// Whether a run was left by starting over or for a lesson, and nothing was done since.
    pub fn can_bring_back(self) -> bool {
        self.left.with(Option::is_some)
    }

    /// Goes back to the run that was left.
    pub fn bring_back(self) {
        if let Some(left) = self.left.try_update(Option::take).flatten() {
            self.take_run(left);
            self.publish();
        }
    }

    pub(super) fn forget_left(self) {
        if self.left.with_untracked(Option::is_some) {
            self.left.set(None);
        }
    }

    /// Pauses, for nothing is under way any more; outside of lessons tells what goes on all the same.
    fn come_to_rest(self) {
        self.pause();
        if self.lesson.with_untracked(Option::is_none) {
            let at = |run: &History| run.zero().label(run.present().now());
            let told = self.run.with_value(|run| Some(run.present().rest()?.told(&at(run), self.lang.get_untracked())));
            if let Some(told) = told.filter(|told| !told.is_empty()) {
                self.aside.set(told);
            }
        }
    }

    /// The cluster is quiet: types the planned line if there is one, or pauses.
    fn go_on_as_planned(self) {
        let Some(planned) = self.planned.try_update_value(Option::take).flatten() else { return self.come_to_rest() };
        let news = self.news.get_untracked();
        self.running.set_value(Running::Clock);
        match planned {
            Planned::Line(line) => self.type_line(&line),
            Planned::StopNode => {
                self.publish();
                self.switch_node();
                let end = self.clock.get_untracked() + LOST;
                self.watch(Some(end), 1.0);
                return self.news.set(self.lang.get_untracked().text().hello.stopped().to_owned());
            }
        }
        self.news.set(news);
    }

    /// Requests animation frames, unless they are already coming.
    pub(super) fn keep_running(self, running: Running) {
        let idle = self.running.get_value() == Running::Nothing;
        self.planned.set_value(None);
        set_if_new(self.aside, String::new());
        self.running.set_value(running);
        self.playing.set(true);
        if idle {
            self.frames.last.set_value(wall());
            request_animation_frame(move || self.frame());
        }
    }

    /// One frame: runs the simulation as far as speed and budget allow, and publishes.
    pub(super) fn frame(self) {
        let begun = wall();
        let passed = (begun - self.frames.last.get_value()).clamp(0.0, LONGEST_FRAME);
        self.frames.last.set_value(begun);
        // The time that drawing takes is not available for running.
        let drawing = self.frames.drawing.get_value();
        let go_on = within(begun + (FRAME_WORK - drawing).max(MIN_RUNNING));
        let before = self.run.with_value(|run| run.present().now());
        match self.running.get_value() {
            Running::Nothing => return,
            Running::Clock if self.tell_story(passed) => {}
            Running::Clock => self.run_clock(passed, go_on),
            Running::UntilQuiet => {
                // A lesson ends at its own time, and not before.
                let end = self.lesson_end();
                let pace = match end {
                    Some(end) => self.run.try_update_value(|run| run.run(end, go_on)),
                    // What follows from a task ends where nothing new comes.
                    None if self.lesson.with_untracked(Option::is_some) => self.tell_to_end(go_on),
                    None => self.run.try_update_value(|run| run.run_until_quiet(go_on)),
                };
                if pace == Some(Pace::Reached) {
                    self.go_on_as_planned();
                }
                self.tell_halt(pace);
            }
        }
        self.tell_stretch(before, passed);
        self.go_on_with_scene();
        self.write_names();
        let changes = self.run.with_value(|run| run.present().timeline().changes());
        // What stands still now is shown as it stands.
        if self.running.get_value() == Running::Nothing || self.frames.is_due(changes) {
            self.draw_frame();
        }
        request_animation_frame(move || self.frame());
    }

    /// How many times faster than was chosen time passes until something happens; `None` where it passes as chosen.
    pub(crate) fn stretch(self) -> Option<usize> {
        usize::try_from(self.frames.stretch.get()).ok().filter(|times| *times > 1)
    }

    /// Tells that time passes faster than was chosen, in the steps of a magnitude so that the number can be read.
    fn tell_stretch(self, before: Time, passed: f64) {
        let now = self.run.with_value(|run| run.present().now());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 ms of the wall")]
        let chosen = (passed as u64).max(1) * self.speed.get_untracked().0;
        let times = now.since(before).0 * 1000 / chosen.max(1);
        let told = if self.running.get_value() == Running::Nothing || times < STRETCHED { 0 } else { 10_u64.pow(times.ilog10()) };
        // A frame in which nothing passes while a change is shown is no pause of what is told.
        if told > 0 || now > before || self.running.get_value() == Running::Nothing {
            set_if_new(self.frames.stretch, told);
        }
    }

    /// Publishes a frame, and measures how long that takes: the clock alone where nothing has come to pass; panes take turns while many
    /// pods change.
    fn draw_frame(self) {
        let begun = wall();
        let runs = self.running.get_value() != Running::Nothing;
        let many = runs && self.drawn.with_value(|drawn| drawn.dense.is_some());
        self.frames.count.update_value(|count| *count = count.wrapping_add(1));
        // A lesson looks at every instant, and an answer that is held back is due at the next one.
        let waits = self.lesson.with_untracked(Option::is_some) || self.frames.pending_why.with_value(|(_, held)| *held > 0);
        if runs && !many && !waits && self.frames.is_clock_alone(self.run.with_value(past)) {
            self.publish_clock();
        } else {
            self.publish_turn(many.then(|| self.frames.count.get_value()));
        }
        let before = self.frames.drawing.get_value();
        self.frames.drawing.set_value(before + (wall() - begun - before) / DRAWINGS_REMEMBERED);
    }

    /// Runs as much virtual time as corresponds to the wall time that has passed.
    pub(super) fn run_clock(self, passed: f64, go_on: impl FnMut() -> bool) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 100 ms of the wall")]
        let passed = (passed * 1000.0) as u64;
        let waits = self.run.with_value(|run| run.present().waits_for_command());
        let speed = self.speed.get_untracked().0.min(if waits { u64::from(WATCHED) * 1000 } else { u64::MAX });
        let owed = self.frames.owed.get_value() + passed * speed / 1000;
        self.frames.owed.set_value(owed % 1000);
        let pace = self.run.try_update_value(|run| {
            let until = Time(run.present().now().0 + owed / 1000);
            run.run(self.lesson_end().map_or(until, |end| end.min(until)), go_on)
        });
        self.tell_halt(pace);
    }
}

/// What has come to pass in a run.
fn past(run: &History) -> Past {
    let state = run.present();
    (state.timeline().changes(), state.sim().log().len(), state.terminal().lines().last().map(|line| line.id))
}
