//! The scenes of a first visit: each asks for a guess, has one control, and then the books are asked for again. Who touches nothing sees
//! all of them played.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use playground::history::Act;
use playground::scene::{self, Scene};
use playground::{EXAMPLE, Playground};
use view::cluster::{ItemKey, RowKey};
use view::node::Row;

use super::parts::{Later, Phase, Staging};
use super::slices::wall;
use super::{Dialog, Request, Running, SPEEDS, Session};
use crate::script::embedded;

/// For how long nothing has changed before a scene goes on, in milliseconds of wall time.
/// That is until all is there, until the books are seen, and until one has read.
const RISEN: f64 = 700.0;
const SEEN: f64 = 3200.0;
const READ: f64 = 8000.0;
const LOOKED: f64 = 2500.0;
/// The partition that the last scene comes to where nobody moves it.
const PLAYED: i64 = 2;

impl Session {
    /// All of the code is there: goes on with what waited for it.
    pub(super) fn go_on_whole(self) {
        if !self.first.whole.get_untracked() {
            self.first.whole.set(true);
            self.publish();
            self.bring_panes();
        }
    }

    /// Brings the panes that a first visit hides, each in a task of its own, and then the course. All of the code is there by then.
    pub(crate) fn bring_panes(self) {
        if !self.first.whole.get_untracked() {
            return;
        }
        let next = move || {
            if self.first.panes.get_untracked() == Later::COUNT {
                if let Some(dialog) = self.first.wanted.try_update_value(Option::take).flatten() {
                    self.request(Request::Open(dialog));
                }
                return self.take_course();
            }
            self.first.panes.update(|panes| *panes += 1);
            self.bring_panes();
        };
        // The session lives as long as the page.
        Timeout::new(0, next).forget();
    }

    /// Opens a dialog, or has it open as soon as it is there.
    pub(super) fn open_dialog(self, dialog: Dialog) {
        let is_there = self.request(Request::Open(dialog));
        self.first.wanted.set_value((!is_there).then_some(dialog));
    }

    /// Closes a dialog, or gives up to open one.
    pub(super) fn close_dialog(self, dialog: Dialog) {
        self.first.wanted.set_value(None);
        self.request(Request::Close(dialog));
    }

    /// The manifest that a visit begins with: that of the scenes, or the example.
    pub(super) fn first_manifest(is_first: bool) -> &'static str {
        if is_first { scene::MANIFEST } else { EXAMPLE }
    }

    /// Goes on with the scenes of a first visit, once nothing has changed for a while.
    pub(super) fn go_on_with_scene(self) {
        let plays = self.preferences.first.get_untracked() && self.first.whole.get_untracked();
        if !plays || self.running.get_value() == Running::UntilQuiet {
            return;
        }
        let staging = self.scenes.staging.get_untracked();
        if staging.phase == Phase::Unfolding && staging.scene.lasts().is_some() {
            if self.telling.with_value(Option::is_none) {
                // Time goes on at its usual pace.
                self.running.set_value(Running::Clock);
                self.playing.set(true);
                self.stage(Phase::Again);
            }
            return;
        }
        let is_up = self.run.with_value(|run| scene::is_settled(run.present()));
        let rest = staging.rest();
        if rest.is_some_and(|rest| (is_up || staging.phase.is_read()) && self.has_rested(rest)) {
            self.first.rested.set_value(None);
            self.go_on_from(&staging);
        }
    }

    /// Whether nothing was changed or asked for so long, in milliseconds of wall time.
    fn has_rested(self, rest: f64) -> bool {
        let changes = self.run.with_value(|run| {
            let state = run.present();
            state.timeline().changes() + state.sim().disks().requests().count()
        });
        // In the last scene requests never end.
        let phase = self.scenes.staging.with_untracked(|staging| staging.phase as u64);
        let now = if self.scenes.staging.with_untracked(Staging::asks_on) { phase } else { changes + phase };
        let rests = self.first.rested.get_value().filter(|(seen, _)| *seen == now);
        if rests.is_none() {
            self.first.rested.set_value(Some((now, wall())));
        }
        rests.is_some_and(|(_, since)| wall() - since >= rest)
    }

    fn go_on_from(self, staging: &Staging) {
        match staging.phase {
            Phase::Rising => {
                self.set_speed(SPEEDS[1]);
                self.prepare(staging.scene);
            }
            Phase::Setting => self.stage(Phase::Question),
            Phase::Question => self.stage(Phase::Control),
            Phase::Control => self.use_control(),
            Phase::Unfolding => self.unfold(staging.step),
            Phase::Again => self.ask_for_books(),
            Phase::Asked => self.stage(Phase::Verdict),
            Phase::Verdict => self.next_scene(),
            Phase::Over => {}
        }
    }

    fn stage(self, phase: Phase) {
        self.scenes.staging.update(|staging| staging.phase = phase);
    }

    /// Types lines of a scene. Whoever has paused the clock by a key sees nothing else that makes time pass.
    fn play_lines(self, lines: Vec<String>) {
        if self.running.get_value() == Running::Nothing {
            self.play();
        }
        self.scenes.staging.update(|staging| staging.typed += lines.len());
        for line in lines {
            self.act(Act::Line(line));
        }
    }

    fn lines(self, of: impl FnOnce(&Playground) -> Vec<String>) -> Vec<String> {
        self.run.with_value(|run| of(run.present()))
    }

    /// Types what a scene needs before its question.
    fn prepare(self, scene: Scene) {
        self.draw_requests(true);
        self.stage(Phase::Setting);
        self.play_lines(self.lines(|state| scene.prepares(state)));
    }

    /// Takes a guess: the first answer, or the second.
    pub(crate) fn guess(self, answer: usize) {
        self.scenes.staging.update(|staging| {
            staging.guesses[staging.scene as usize] = Some(answer);
            (staging.phase, staging.touched) = (Phase::Control, true);
        });
    }

    /// Somebody has the scene in hand: nothing goes on by itself where something is to be pressed.
    pub(crate) fn take_scene(self) {
        self.scenes.staging.update(|staging| staging.touched = true);
    }

    /// Uses the one control of the scene.
    pub(crate) fn use_control(self) {
        match self.scenes.staging.with_untracked(|staging| staging.scene) {
            Scene::Rollout => self.move_partition(PLAYED),
            _ => self.unfold(0),
        }
    }

    /// Types the next step of the control, or offers to ask again once there is none.
    fn unfold(self, step: usize) {
        let scene = self.scenes.staging.with_untracked(|staging| staging.scene);
        let steps = self.run.with_value(|run| scene.acts(run.present()));
        let Some(lines) = steps.into_iter().nth(step) else {
            return self.stage(if scene == Scene::Rollout { Phase::Verdict } else { Phase::Again });
        };
        self.scenes.staging.update(|staging| (staging.phase, staging.step) = (Phase::Unfolding, step + 1));
        self.play_lines(lines);
        if let Some(lasts) = scene.lasts() {
            let end = self.clock.get_untracked() + lasts;
            self.watch(Some(end), 1.0);
        }
    }

    /// Moves the partition of the last scene.
    pub(crate) fn move_partition(self, to: i64) {
        self.scenes.staging.update(|staging| {
            (staging.phase, staging.step) = (Phase::Unfolding, 0);
            staging.typed += 1;
        });
        self.hold_at(to);
    }

    /// Asks both sides for the books.
    pub(crate) fn ask_for_books(self) {
        self.stage(Phase::Asked);
        let made = self.run.with_value(|run| run.present().sim().disks().requests().count());
        self.scenes.staging.update(|staging| staging.since = made);
        let scene = self.scenes.staging.with_untracked(|staging| staging.scene);
        self.play_lines(scene.asks());
    }

    /// Goes on to the next scene, or ends.
    pub(crate) fn next_scene(self) {
        let Some(next) = self.scenes.staging.with_untracked(|staging| staging.scene.next()) else {
            self.stage(Phase::Over);
            return self.pause();
        };
        self.scenes.staging.update(|staging| staging.scene = next);
        self.prepare(next);
    }

    /// The row of the node that a pod is on.
    pub(crate) fn row_of(self, uid: &str) -> Option<RwSignal<Row>> {
        let key = ItemKey::Pod(uid.to_owned());
        let row = self.cells.with(|cells| cells.iter().find(|(_, items)| items.contains(&key)).map(|(at, _)| at.row.clone()));
        match row? {
            RowKey::Node(name) => self.rows.member(&name).map(RwSignal::from),
            RowKey::Waiting | RowKey::Class(_) => None,
        }
    }

    /// Plays all scenes once more.
    pub(crate) fn play_again(self) {
        self.scenes.staging.set(Staging::of(embedded()));
        self.take_run(self.run.with_value(|run| run.begin_again(run.branch().release)));
        self.begin();
    }

    /// Nothing goes on as it does in scenes.
    pub(super) fn end_scenes(self) {
        self.set_speed(SPEEDS[1]);
        self.draw_requests(false);
    }

    /// Leaves the scenes for the whole playground, with the cluster as it stands.
    pub(crate) fn leave_scenes(self) {
        self.preferences.settle();
    }
}

impl Staging {
    /// For how long nothing has changed before the scene goes on, in milliseconds of wall time; `None` while that is the visitor's to do.
    fn rest(&self) -> Option<f64> {
        match self.phase {
            Phase::Rising => Some(RISEN),
            Phase::Setting | Phase::Asked => Some(SEEN),
            Phase::Unfolding => Some(LOOKED),
            Phase::Question | Phase::Verdict => (!self.touched).then_some(READ),
            Phase::Control | Phase::Again => (!self.touched).then_some(LOOKED),
            Phase::Over => None,
        }
    }

    /// Whether what came back with a request belongs to what is shown: to the question for the books, or to the last scene's stream.
    pub(crate) fn hears(&self, number: u64) -> bool {
        let is_open = match self.phase {
            Phase::Asked | Phase::Verdict => true,
            Phase::Unfolding => self.asks_on(),
            _ => false,
        };
        is_open && number >= self.since
    }

    /// Whether clients ask all the time.
    fn asks_on(&self) -> bool {
        self.scene == Scene::Rollout
    }
}

impl Phase {
    /// Whether there is something to be read or pressed, however the cluster is.
    fn is_read(self) -> bool {
        matches!(self, Phase::Question | Phase::Control | Phase::Again | Phase::Asked | Phase::Verdict)
    }
}
