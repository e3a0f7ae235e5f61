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
        held.iter().for_each(|line| self.execute(line));
    }

    /// Executes a line in the terminal: one that asks what a field means, and all that follow, once the text of that is there.
    pub fn type_line(self, line: &str) {
        let waits = !self.held.with_untracked(Vec::is_empty);
        if !waits && (!line.contains("explain") || documentation::is_there()) {
            return self.execute(line);
        }
        self.held.update(|held| held.push(line.to_owned()));
        if !waits {
            tell_script(FIELDS, "", "fields");
        }
    }

    fn execute(self, line: &str) {
        if !line.trim().is_empty() {
            self.typed.update_value(|typed| typed.push(line.to_owned()));
        }
        self.act_in_lesson(line, |run, lang| run.act(Act::Line(line.to_owned()), lang));
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
