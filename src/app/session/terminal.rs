//! What is typed into the terminal.

use leptos::prelude::*;
use playground::history::Act;

use super::{Running, Session};

impl Session {
    /// Executes a line in the terminal.
    pub fn type_line(self, line: &str) {
        if !line.trim().is_empty() {
            self.typed.update_value(|typed| typed.push(line.to_owned()));
        }
        let goes_on = self.line_in_lesson(line);
        self.act(Act::Line(line.to_owned()));
        if goes_on {
            self.watch(None, 1.0);
            self.keep_running(Running::Clock);
        }
    }

    /// Interrupts the running commands.
    pub fn interrupt(self) {
        self.act(Act::Interrupt);
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
