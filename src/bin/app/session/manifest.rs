//! The text in the editor: the manifest, or an object that `kubectl edit` has put in its place.

use std::rc::Rc;

use causes::command;
use gloo_timers::callback::Timeout;
use kubectl::form::Form;
use leptos::prelude::*;
use playground::history::{Act, History};
use playground::own_write::is_own;
use playground::{EXAMPLE, Playground, is_same, scene, setup};
use sim::Setup;
use text::Prose;
use view::manifest::{Fix, Verdicts};
use view::window::{Window, start_of};
use view::{Snapshot, drift};

use super::slices::{slice, wall};
use super::{Request, Session};
use crate::keyed::set_if_new;
use crate::preferences::{Pane, Preferences};

/// How seldom is looked for drift while time passes, in milliseconds of wall time.
const DRIFT_EVERY: f64 = 500.0;
/// For how long nothing is typed before the text is looked at, in milliseconds.
const PAUSE: u32 = 150;

impl Session {
    /// Applies the manifest, and shows its set unless the one shown is among those applied; or saves what is edited in its place.
    pub fn apply(self) {
        if self.editing.with_untracked(Option::is_some) {
            let text = self.manifest.get_untracked();
            return self.act_in_lesson("", |run, lang| run.save(&text, lang));
        }
        let text = self.run.try_update_value(|run| run.take_off_server_fields().map(str::to_owned)).flatten();
        if let Some(text) = text {
            self.request(Request::PutText(&text));
        }
        self.type_line(&command::apply());
        let chosen = self.shown.get_untracked();
        let refused = self.verdicts.with_untracked(|verdicts| verdicts.refused_set.as_ref().map(|(set, _)| set.clone()));
        let applied: Vec<_> = match refused {
            Some(set) => vec![set],
            None => self.run.with_value(|run| run.present().sets_applied().collect()),
        };
        if chosen.is_some_and(|chosen| !applied.is_empty() && !applied.contains(&chosen)) {
            self.shown.set(None);
            self.forget_identity();
            self.publish();
        }
        // Who corrects a refused text goes on typing.
        let is_refused = |verdicts: &Verdicts| !verdicts.refusals.is_empty();
        if !self.verdicts.with_untracked(is_refused) {
            let is_read = |verdicts: &Verdicts| verdicts.notes.is_empty() && verdicts.missing.is_empty();
            let all_read = self.verdicts.with_untracked(is_read);
            let leaves = self.request(Request::LeaveEditor { all_read });
            // As one finds it on coming back: the cluster has the room.
            if leaves && all_read && self.lesson.with_untracked(Option::is_none) {
                self.preferences.open(Pane::Manifest, false);
            }
        }
    }

    /// Whether the run is the page's own example, with which nobody did anything.
    pub fn is_untouched(self) -> bool {
        let by_the_page =
            1 + usize::from(Preferences::form() != Form::default()) + self.scenes.staging.with_untracked(|staging| staging.typed);
        let is_example = |run: &History| {
            let inputs = run.inputs();
            let is_first = inputs.first().is_some_and(|input| [EXAMPLE, scene::MANIFEST].contains(&&*input.manifest));
            let by_visitor = inputs.iter().filter(|input| !matches!(&input.act, Act::Line(line) if is_own(line))).count();
            is_first && by_visitor <= by_the_page && run.branches().len() == 1 && !run.stands()
        };
        self.lesson.with_untracked(Option::is_none) && self.run.with_value(is_example)
    }

    /// Leads to the editor; on a first visit, to an empty cluster of the visitor's own. A text that was applied is selected: it is kept
    /// where the cluster is.
    pub fn begin_own(self) {
        if self.preferences.first.get_untracked() && self.is_untouched() {
            self.begin_own_with("");
        }
        self.request(Request::EnterEditor);
        if untrack(|| self.is_applied()) {
            self.request(Request::SelectText);
        }
    }

    /// Takes a manifest in the place of the text in the editor; in the place of the page's own example, for a cluster of the visitor's own.
    pub fn receive(self, text: &str) {
        if self.is_untouched() {
            return self.begin_own_with(text);
        }
        self.preferences.settle();
        self.request(Request::PutText(text));
    }

    /// Begins an empty cluster of the visitor's own, with a text in the editor that is still to be applied.
    pub fn begin_own_with(self, text: &str) {
        let setup = self.run.with_value(|run| Setup { release: run.branch().release, ..setup() });
        self.take_run(History::around_text(&setup, text, self.lang.get_untracked()));
        self.begin_form();
        self.shown.set(None);
        self.preferences.show_editor();
        self.preferences.settle();
        self.play();
        self.publish();
    }

    /// Makes everything that the manifest lacks, and applies it.
    pub fn create_missing(self) {
        for entry in self.verdicts.with_untracked(|verdicts| verdicts.missing.clone()) {
            self.type_line(&entry.line);
        }
        self.apply();
    }

    /// Takes over what was typed into the part of the text that is in the editor, and looks at the text once nothing more was typed for a
    /// moment.
    pub fn edit(self, part: &str) {
        let (text, window) = self.editor.window.with_untracked(|window| self.manifest.with_untracked(|text| window.replaced(text, part)));
        self.editor.window.set(window);
        self.take(text.into());
    }

    /// Puts another text in the place of all of it, which can be brought back.
    pub fn replace(self, text: Rc<str>) {
        self.editor.former.set(Some((self.manifest.get_untracked(), Rc::clone(&text))));
        self.editor.window.update(|window| *window = Window::around(&text, window.lines.start));
        self.take(text);
    }

    /// Brings back the text that was replaced last.
    pub fn restore_text(self) {
        if let Some((before, _)) = self.editor.former.get_untracked() {
            self.replace(before);
        }
    }

    fn take(self, text: Rc<str>) {
        let lang = self.lang.get_untracked();
        self.run.update_value(|run| run.edit(Rc::clone(&text), lang));
        self.manifest.set(text);
        self.look_after(PAUSE);
    }

    /// Shows the text of another run, or of what `kubectl edit` opened or closed.
    pub(super) fn show_text(self, text: Rc<str>) {
        if !self.manifest.with_untracked(|now| is_same(now, &text)) {
            self.editor.former.set(None);
            self.editor.window.update(|window| *window = Window::around(&text, window.lines.start));
            self.manifest.set(text);
        }
    }

    /// Whether only a part of the text is in the editor.
    pub fn is_in_parts(self) -> bool {
        self.manifest.with(|text| self.editor.window.with(|window| window.is_part(text)))
    }

    /// Looks at the editor's text after a time in milliseconds, unless it is asked to do so again before.
    pub fn look_after(self, pause: u32) {
        self.editor.looks.set_value(Some(Timeout::new(pause, move || self.look_on())));
    }

    /// Looks at the editor's text for as long as nobody notices, and goes on afterwards.
    fn look_on(self) {
        match self.run.try_update_value(|run| run.look_on(slice())) {
            Some(false) => self.look_after(0),
            _ => {
                self.editor.looks.set_value(None);
                self.run.with_value(|run| self.publish_verdicts(run.present()));
            }
        }
    }

    /// Looks at the editor's text soon, if there is something to look at and nobody has asked for it.
    pub(super) fn look_soon(self) {
        if self.editor.looks.with_value(Option::is_none) && self.run.with_value(|run| !run.present().is_looked_at()) {
            self.look_after(PAUSE);
        }
    }

    /// Makes a correction, unless what was typed since it was offered makes it another one.
    pub fn mend(self, fix: &Fix) {
        if !self.run.with_value(|run| run.present().is_looked_at()) {
            self.run.update_value(|run| _ = run.look_on(|| true));
            self.run.with_value(|run| self.publish_verdicts(run.present()));
        }
        if self.verdicts.with_untracked(|verdicts| verdicts.offers(fix)) {
            self.request(Request::PutText(&self.manifest.with_untracked(|text| fix.mend(text))));
        }
    }

    /// The label beside the Apply button.
    pub fn applied_label(self) -> String {
        let text = &self.lang.get().text().manifest;
        self.applied.with(|applied| match applied {
            Some(applied) if self.is_applied() => text.applied(applied.stored, applied.objects, &self.zero().label(applied.at)),
            Some(_) => text.edited().to_owned(),
            None => String::new(),
        })
    }

    /// Whether the text in the editor is what was applied last.
    pub fn is_applied(self) -> bool {
        self.applied.with(|applied| applied.as_ref().is_some_and(|applied| self.manifest.with(|now| is_same(now, &applied.text))))
    }

    /// Looks where the applied manifest and the cluster differ, once something was written since the last look. Nobody sees that where the
    /// editor is closed. All of the manifest is decoded for that: while time passes, not at every frame.
    pub(super) fn look_for_drift(self, playground: &Playground, shot: &Snapshot) {
        let is_seen = untrack(|| self.preferences.shows_manifest());
        let written = is_seen.then(|| playground.sim().log().len());
        let (before, since) = self.editor.drifted.get_value();
        let is_due = !self.playing.get_untracked() || before.is_some() != is_seen || wall() - since >= DRIFT_EVERY;
        if before != written && is_due {
            self.editor.drifted.set_value((written, wall()));
            set_if_new(self.editor.drifts, if is_seen { drift::of(shot) } else { Vec::new() });
        }
    }

    /// The same where the editor has just been opened.
    pub(crate) fn look_for_drift_now(self) {
        let lang = self.lang.get_untracked();
        self.run.with_value(|run| self.look_for_drift(run.present(), &run.present().snapshot(lang)));
    }

    /// The lines where the manifest in the editor and the cluster differ, while that is the one that was applied.
    pub(crate) fn drifts_shown(self) -> Vec<(usize, Prose)> {
        if self.editor.drifts.with(Vec::is_empty) || !self.is_applied() { Vec::new() } else { self.editor.drifts.get() }
    }

    /// Scrolls to a line of the text, counted from 1, and puts the caret there.
    pub fn show_line(self, line: usize) {
        self.preferences.show_editor();
        // Where the editor was hidden, it is there by then.
        request_animation_frame(move || {
            let at = self.manifest.with_untracked(|text| start_of(text, line.saturating_sub(1)));
            self.request(Request::PutCaret(at));
        });
    }

    /// Goes to the next or previous problem, from the line with the caret.
    pub fn show_problem(self, caret: Option<usize>, by: isize) {
        let lines = self.verdicts.with_untracked(Verdicts::lines);
        let here = caret.and_then(|line| lines.iter().position(|l| *l == line));
        let next = here.map_or(0, |at| at.wrapping_add_signed(by).wrapping_add(lines.len()) % lines.len().max(1));
        if let Some(line) = lines.get(next) {
            self.show_line(*line);
        }
    }
}
