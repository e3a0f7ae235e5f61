//! Publishing: projects the shown instant anew, and sets each signal only if its value changed.

use std::rc::Rc;

use api::object::NamespacedName;
use causes::{Identity, command};
use leptos::prelude::*;
use lesson::Progress;
use playground::Playground;
use playground::history::History;
use text::Lang;
use view::Snapshot;
use view::cluster::{self, Cluster, ItemKey};
use view::manifest::Verdicts;
use view::side::Workload;
use view::timeline::Timeline;
use view::why::{self, Why};
use view::{application, compare, dns, sentence, side, storage, timeline};

use super::parts::Selection;
use super::{Area, LANES, Request, Session, Whose};
use crate::keyed::set_if_new;

/// With many pods, each pane that grows with them is drawn only once in this many frames, about once a second, since nobody can read lists
/// that change faster.
const TURNS: u32 = 64;
/// The frames in which prose, names and volumes are drawn.
const WORDS_TURN: u32 = 0;
const NAMES_TURN: u32 = 21;
const VOLUMES_TURN: u32 = 42;
/// An answer of Why that is another one at the next frame is read by nobody, and moves what stands below it. While time passes, one that
/// has just changed is not shown, for at most so many frames.
const BRIEF: u32 = 3;

/// Whether a pane that grows with the pods is drawn in this turn; without a turn, every pane is.
fn is_turn(turn: Option<u32>, of: u32) -> bool {
    turn.is_none_or(|turn| turn % TURNS == of)
}

impl Session {
    /// Publishes the shown instant.
    pub(super) fn publish(self) {
        self.publish_turn(None);
        self.look_soon();
    }

    /// Publishes the shown instant; with a turn given, only the growing pane whose turn it is.
    /// Of panes that are not there yet, or that a first visit hides, nothing is published.
    pub(super) fn publish_turn(self, turn: Option<u32>) {
        let is_turn = |of: u32| is_turn(turn, of);
        let lang = self.lang.get_untracked();
        let (whole, hides) = (self.first.whole.get_untracked(), self.preferences.first.get_untracked());
        self.run.with_value(|run| {
            let playground = run.present();
            let shot = playground.snapshot(lang);
            let shown = self.set_shown(playground);
            let shown = shown.as_ref();
            set_if_new(self.clock, playground.now());
            let whose = || {
                if run.stands() {
                    Whose::Pasted
                } else if self.is_untouched() {
                    Whose::Example
                } else {
                    Whose::Own
                }
            };
            set_if_new(self.whose, self.lesson.with_untracked(Option::is_none).then(whose));
            self.publish_next(playground, lang);
            let mut drawn = cluster::project(&shot, shown);
            side::add(&mut drawn, &shot, self.side_wanted.get_untracked().as_deref());
            // Many pods are looked through as seldom as lists are drawn.
            if self.see.relations.get_untracked() && (drawn.dense.is_none() || is_turn(WORDS_TURN)) {
                self.publish_relations(&shot, &drawn);
            }
            let beside = drawn.side.as_ref().map(|side| &side.workload);
            // The scenes of a first visit tell of themselves.
            if !hides && is_turn(WORDS_TURN) {
                self.publish_why(self.why_now(playground, &shot, shown, beside));
                self.publish_exceptions(&drawn);
            }
            if self.details.with_untracked(Option::is_some) {
                set_if_new(self.details, self.details_of(&shot));
            }
            set_if_new(self.decisions, if self.all_decisions.get_untracked() { why::decisions(&shot) } else { Vec::new() });
            if whole && !hides {
                self.publish_panes(run, &shot, shown, beside, turn);
            }
            let is_refused = |set: &&NamespacedName| shot.tables.stateful_set(&set.namespace, &set.name).is_none();
            set_if_new(self.refused_set, shown.filter(is_refused).map(|set| format!("statefulset/{}", set.name)));
            set_if_new(self.editing, playground.edits().map(|editing| editing.title.clone()));
            self.publish_verdicts(playground);
            if self.applied.with_untracked(|now| now.as_ref().map(Rc::as_ptr) != playground.applied().map(Rc::as_ptr)) {
                self.applied.set(playground.applied().cloned());
            }
            set_if_new(self.prompt, playground.prompt().to_owned());
            set_if_new(self.busy, playground.status().is_none());
            set_if_new(self.tabs, playground.tabs());
            set_if_new(self.form, playground.form());
            if self.terminal.with_untracked(|lines| lines.last().map(|line| line.id))
                != playground.terminal().lines().last().map(|line| line.id)
            {
                self.terminal.set(playground.terminal().lines().to_vec());
            }
            self.show_text(playground.shared_text());
            set_if_new(self.release, run.branch().release.name);
            self.publish_cluster(drawn);
            if !hides {
                self.publish_timeline(run, lang);
            }
            self.look_at_lesson(playground);
        });
    }

    /// Publishes the instant, where nothing else has changed.
    pub(super) fn publish_clock(self) {
        self.run.with_value(|run| {
            let (now, lang) = (run.present().now(), self.lang.get_untracked());
            set_if_new(self.clock, now);
            self.publish_next(run.present(), lang);
            self.publish_reach(run);
        });
    }

    /// Publishes what comes next. A first visit hides that.
    fn publish_next(self, playground: &Playground, lang: Lang) {
        if self.preferences.first.get_untracked() {
            return;
        }
        let next = playground.ahead().map(|(at, ahead)| sentence(at.since(playground.now()).0, &ahead, lang));
        set_if_new(self.next, next.unwrap_or_default());
    }

    /// Publishes how far the run has come, and the ruler for that.
    fn publish_reach(self, run: &History) {
        let end = self.lesson.with_untracked(|lesson| lesson.as_ref().map(Progress::end));
        set_if_new(self.ruler, timeline::ruler(run.zero().0, run.head().now(), end));
        set_if_new(self.head, run.head().now());
    }

    /// Publishes what the panes beside the cluster show.
    #[inline(never)]
    fn publish_panes(self, run: &History, shot: &Snapshot, set: Option<&NamespacedName>, beside: Option<&Workload>, turn: Option<u32>) {
        let playground = run.present();
        if is_turn(turn, NAMES_TURN) {
            let namespace = set.map_or(shot.current, |set| &set.namespace);
            set_if_new(self.dns, self.dns_line.with_untracked(|line| dns::project(shot, set).asking(shot, namespace, line)));
        }
        if is_turn(turn, VOLUMES_TURN) {
            set_if_new(self.storage, storage::project(shot, set));
        }
        set_if_new(self.application, application::project(shot, set));
        self.look_for_drift(playground, shot);
        let of_workloads = set.zip(beside).filter(|_| self.see.paired.get_untracked()).and_then(|(set, side)| {
            let deployment = NamespacedName::of(&set.namespace, &side.name);
            compare::side_by_side(playground.lives(), shot, set, &deployment)
        });
        set_if_new(self.tables, of_workloads.into_iter().chain(self.compare_branches(run, set, self.lang.get_untracked())).collect());
    }

    /// What Why says of what is chosen, of a lesson, of what was refused, or else of the set.
    #[inline(never)]
    fn why_now(self, playground: &Playground, shot: &Snapshot, set: Option<&NamespacedName>, beside: Option<&Workload>) -> Why {
        let (lang, verdicts) = (self.lang.get_untracked(), playground.verdicts());
        let hides = self.lesson.with_untracked(|lesson| lesson.as_ref().is_some_and(Progress::hides_why));
        let mut why = match self.selection.get_untracked() {
            _ if hides => why::hidden(lang),
            Some(Selection::Question(question)) => why::answer(shot, &question),
            Some(Selection::Identity(identity)) => why::project(shot, set, beside, Some(&identity)),
            None => match (self.cause_told(playground, lang), verdicts.refused_set.as_ref().filter(|(refused, _)| set == Some(refused))) {
                (Some(cause), _) => cause,
                (None, Some((set, why))) => why::refused_set(shot, set, why, playground.stored()),
                (None, None) => why::project(shot, set, beside, None),
            },
        };
        self.lesson.with_untracked(|lesson| {
            let gives_away = |line: &str| lesson.as_ref().is_some_and(|progress| progress.gives_away(line));
            why.ways.retain(|way| !gives_away(&way.entry.line));
        });
        let refused = why.verdict.is_empty() && !verdicts.refusals.is_empty();
        if refused { why::refused(lang, &verdicts.refusals) } else { why }
    }

    /// What Why says of a lesson whose outcome has just been revealed.
    fn cause_told(self, playground: &Playground, lang: Lang) -> Option<Why> {
        self.lesson.with_untracked(|lesson| {
            let now = lesson.as_ref()?;
            now.seen().filter(|(_, end)| playground.now() <= *end)?;
            Some(why::of_lesson(now.cause(lang)?, &now.lesson.field))
        })
    }

    /// Publishes Why's answer, unless it may be another one at the next frame.
    fn publish_why(self, why: Why) {
        let passing = self.playing.get_untracked() && !self.fast.get_untracked();
        let held = self.frames.pending_why.with_value(|(last, held)| if *last == why { BRIEF } else { *held });
        if passing && held < BRIEF && self.why.with_untracked(|shown| !shown.verdict.is_empty() && *shown != why) {
            return self.frames.pending_why.set_value((why, held + 1));
        }
        self.frames.pending_why.set_value((why.clone(), 0));
        set_if_new(self.why, why);
    }

    /// Publishes what there is to say about the manifest, where that is in the editor.
    pub(super) fn publish_verdicts(self, playground: &Playground) {
        let is_there = playground.edits().is_none();
        set_if_new(self.verdicts, if is_there { playground.verdicts().clone() } else { Verdicts::default() });
    }

    /// Compares the shown set with the workload beside it; where there is none, creates a Deployment with the same template there.
    pub fn stand_beside(self) {
        self.see.paired.set(true);
        if self.side.with_untracked(Option::is_some) {
            return self.publish();
        }
        let line = self.object.with_untracked(|line| line.as_ref().map(|line| command::beside(&line.name, &line.naming)));
        if let Some(line) = line {
            self.type_line(&line);
        }
    }

    /// Shows or hides the list of all decisions.
    pub fn toggle_decisions(self) {
        self.all_decisions.update(|all| *all = !*all);
        self.publish();
    }

    /// The chosen set while it exists, else one that was refused, else the first of what was applied last, else the first, else one that
    /// was deleted and has left something behind.
    pub(super) fn set_shown(self, playground: &Playground) -> Option<NamespacedName> {
        let exists = |set: &NamespacedName| playground.tables().stateful_set(&set.namespace, &set.name).is_some();
        let shot = playground.snapshot(self.lang.get_untracked());
        let gone = || shot.gone.iter().rev().map(|set| set.meta.namespaced_name()).find(|set| shot.lingers(set));
        let first = || playground.tables().stateful_sets().next().map(|set| set.meta.namespaced_name());
        let refused = || playground.verdicts().refused_set.as_ref().map(|(set, _)| set.clone());
        self.shown
            .get_untracked()
            .filter(exists)
            .or_else(refused)
            .or_else(|| playground.sets_applied().find(exists))
            .or_else(first)
            .or_else(gone)
    }

    pub(super) fn publish_cluster(self, cluster: Cluster) {
        self.publish_dense(&cluster);
        if self.drawn.with_value(|drawn| *drawn == cluster) {
            return;
        }
        set_if_new(self.sets, cluster.sets.clone());
        set_if_new(self.fleet, cluster.fleet.clone());
        set_if_new(self.object, cluster.object.clone());
        set_if_new(self.side, cluster.side.clone());
        set_if_new(self.partition, cluster.partition.clone());
        self.pods.publish(cluster.pods.clone());
        self.slots.publish(cluster.slots.clone());
        self.disks.publish(cluster.disks.clone());
        self.rows.publish(cluster.rows.iter().map(|row| (row.name.clone(), row.clone())));
        self.columns.publish(cluster.columns.iter().map(|column| (column.ordinal, column.clone())));
        set_if_new(self.classes, cluster.classes.clone());
        set_if_new(self.cells, cluster.cells.clone());
        set_if_new(self.pinned, cluster.pinned.clone());
        self.keep_focus(&cluster);
        self.drawn.set_value(cluster);
    }

    /// When a tile disappears, moves its focus to whatever represents its identity now.
    pub(super) fn keep_focus(self, cluster: &Cluster) {
        let focused = self.focused.get_untracked();
        let stays = |key: &ItemKey| cluster.has(key);
        if let Some(gone) = focused.as_ref().filter(|key| !stays(key)) {
            let replacement = self.drawn.with_value(|drawn| drawn.identity_of(gone)).and_then(|identity| cluster.item_of(&identity));
            let had_it = document().active_element().is_none_or(|active| active.tag_name() == "BODY" || active.has_attribute("data-item"));
            if let Some(replacement) = replacement.clone().filter(|_| had_it) {
                request_animation_frame(move || _ = self.request(Request::FocusItem(&replacement)));
            }
            self.focused.set(replacement);
        }
        let stop = self.focused.get_untracked().filter(stays).or_else(|| cluster.first());
        set_if_new(self.tab_stop, stop);
    }

    /// Publishes the timeline as far as the run has come; what is after the shown instant is drawn faintly.
    pub(super) fn publish_timeline(self, run: &History, lang: Lang) {
        let playground = run.head();
        self.publish_reach(run);
        set_if_new(self.past, run.is_past());
        set_if_new(self.ways, run.ways(lang));
        // With many pods only exceptional events have flags.
        let many = self.drawn.with_value(|drawn| drawn.dense.is_some());
        let told = playground.timeline().moments().iter().filter(|moment| !(many && moment.is_usual()));
        if self.moments.with_untracked(|moments| moments.last().map(|m| m.id)) != told.clone().next_back().map(|m| m.id) {
            self.moments.set(told.cloned().collect());
        }
        self.publish_lanes(playground, lang);
        let in_lesson = self.lesson.with_untracked(Option::is_some);
        let lanes = self.drawn.with_value(|drawn| drawn.rows(&playground.snapshot(lang), in_lesson, LANES));
        let track = |of: &Timeline, identity: &Identity| of.track(&identity.namespace, &identity.pod);
        let beside = run.beside().map(|(branch, state)| (branch.id, branch.head().unwrap_or(state).timeline()));
        // The rows of a branch stand together, so that one sees its shape.
        let own = lanes.iter().map(|identity| (identity.pod.clone(), track(playground.timeline(), identity)));
        let others = beside
            .into_iter()
            .flat_map(|(id, timeline)| lanes.iter().map(move |identity| (format!("{id}: {}", identity.pod), track(timeline, identity))));
        self.tracks.publish(own.chain(others));
    }

    /// Publishes the lanes of unreachable nodes, of the workload beside the set, and of the number of Ready pods.
    fn publish_lanes(self, playground: &Playground, lang: Lang) {
        let lanes = playground.timeline().lanes();
        let track = |spans: &[timeline::Span]| timeline::Track { spans: spans.to_vec(), ..timeline::Track::default() };
        let shot = playground.snapshot(lang);
        self.lanes.nodes.publish(lanes.nodes(|node| shot.is_out(node)).map(|(name, spans)| (name.to_string(), track(spans))));
        let side = self.drawn.with_value(|drawn| drawn.side.as_ref().map(|side| side.workload.clone()));
        let mixes = side.map(|side| (side.title(), lanes.mixes(&shot, &side)));
        set_if_new(self.lanes.side, mixes.filter(|(_, mixes)| !mixes.is_empty()));
        let area = |drawn: &Cluster| {
            let dense = drawn.dense.as_ref()?;
            Some(Area { ready: lanes.ready(&dense.namespace, &dense.set), most: dense.cells.len() })
        };
        set_if_new(self.lanes.area, self.drawn.with_value(area));
    }
}
