//! What is typed into the terminal.

use leptos::prelude::*;
use playground::history::{Act, History};
use text::Lang;
use verbs::documentation;

use super::{Running, Session};
use crate::script::{page_data, tell_script};

/// Where the page's script puts what the API says of its fields.
const FIELDS: &str = "data-fields";

impl Session {
    /// Takes in what the API says of its fields, if the page's script has fetched it.
    pub(super) fn take_fields(self) {
        if let Some(text) = page_data(FIELDS).filter(|text| !text.is_empty()) {
            documentation::learn(text);
            tell_script(FIELDS, "", "fields-taken");
        }
        let held = self.held.try_update(std::mem::take).unwrap_or_default();
        held.into_iter().for_each(|act| self.execute(act));
    }

    /// Executes a line of the page's own in the terminal, beside what is under way there.
    pub fn type_line(self, line: &str) {
        self.enter(Act::Line(line.to_owned()));
    }

    /// Executes a line that somebody types into the terminal, after what is under way there.
    pub fn queue_line(self, line: &str) {
        self.enter(Act::Queue(line.to_owned()));
    }

    /// Executes a line: one that asks what a field means, and all that follow, once the text of that is there.
    fn enter(self, act: Act) {
        let waits = !self.held.with_untracked(Vec::is_empty);
        let explains = act.line().is_some_and(|line| line.contains("explain"));
        if !waits && (!explains || documentation::is_there()) {
            return self.execute(act);
        }
        self.held.update(|held| held.push(act));
        if !waits {
            tell_script(FIELDS, "", "fields");
        }
    }

    fn execute(self, act: Act) {
        let line = act.line().unwrap_or_default().to_owned();
        if !line.trim().is_empty() {
            self.typed.update_value(|typed| typed.push(line.clone()));
        }
        let is_typed = matches!(act, Act::Queue(_));
        self.act_in_lesson(&line, |run, lang| run.act(act, lang));
        // Who types a command that waits waits with it.
        let waits = || self.run.with_value(|run| run.present().prompt().is_empty() && run.present().edits().is_none());
        if is_typed && self.lesson.with_untracked(Option::is_none) && waits() {
            self.play();
        }
    }

    /// Acts as a line does, or as the end of an editor, which has none; in a lesson, what follows is told as a story.
    pub(super) fn act_in_lesson(self, line: &str, act: impl FnOnce(&mut History, Lang) -> bool) {
        let goes_on = self.line_in_lesson(line);
        self.act_so(act);
        if goes_on {
            self.watch(None, 1.0);
            self.keep_running(Running::Clock);
        }
    }

    /// Interrupts the running commands.
    pub fn interrupt(self) {
        self.act(Act::Interrupt);
    }

    /// Whether a command waits in the foreground, and reads nothing.
    pub fn command_waits(self) -> bool {
        self.busy.get() && self.terminal.with(|_| self.run.with_value(|run| run.present().waits_for_command()))
    }

    /// Whether lines wait for the command in the foreground.
    pub fn has_typed_ahead(self) -> bool {
        self.terminal.with(|_| self.run.with_value(|run| run.present().has_typed_ahead()))
    }

    /// Whether time would pass faster than one can watch a command that waits.
    pub fn is_held_back(self) -> bool {
        self.playing.get() && (self.fast.get() || self.lesson.with(Option::is_some))
    }

    /// Shows another terminal; an index after the last opens a new one.
    pub fn choose_tab(self, tab: usize) {
        self.run.update_value(|run| run.choose_tab(tab));
        self.publish();
    }

    /// A line with its last word completed; `None` if no word may stand there.
    pub fn completed(self, line: &str) -> Option<String> {
        self.run.with_value(|run| run.present().completed(line))
    }

    /// The line typed so many lines ago, and how many that are: at most as many as there are. None ago is the empty one.
    pub fn typed_ago(self, lines: usize) -> (usize, String) {
        self.typed.with_value(|typed| {
            let ago = lines.min(typed.len());
            (ago, typed.get(typed.len() - ago).cloned().unwrap_or_default())
        })
    }
}
