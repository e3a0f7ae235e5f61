//! Looking at an instant of the past: a line that only asks is answered there, and is no part of the run.
//!
//! Promises: nothing but the terminal's text differs afterwards; a line that comes to anything else, or that takes time, is not answered
//! here.
//! Must not know: branches, inputs.

use super::applied::applies_text;
use super::{Drive, Playground, Tab};
use base::time::Span;
use text::Lang;
use view::terminal::{Terminal, Voice};

impl Playground {
    /// The answer to a line that only asks, as the terminal would stand then; `None` if it may do more, or takes time.
    pub(super) fn answer(&self, line: &str, lang: Lang) -> Option<Terminal> {
        if !self.awaits_command() || applies_text(line) {
            return None;
        }
        let mut asked = self.clone();
        asked.put_file();
        let files = asked.world.files.clone();
        asked.type_line(line, lang);
        let same = asked.world.sim.log().len() == self.world.sim.log().len() && asked.world.files == files;
        let [before, after] = [self, &asked].map(|state| &state.tabs[self.tab].terminal);
        (same && asked.console().only_looked(self.console())).then(|| before.with_asked(after))
    }

    /// What a line prints on standard output, in a terminal of its own on a copy of the cluster, which lives until the line ends or for so
    /// long.
    pub fn printed(&self, line: &str, patience: Span) -> String {
        let mut copy = self.clone();
        (copy.tabs, copy.tab) = (vec![Tab::new(0)], 0);
        copy.world.begin_again();
        copy.type_line(line, self.lang);
        let until = copy.now() + patience;
        while let Some(next) = copy.world.next_time().filter(|next| *next <= until && copy.is_busy() && !copy.world.sim.is_livelocked()) {
            copy.happen(next);
        }
        let lines = copy.tabs[0].terminal.lines().iter().filter(|line| line.voice == Voice::Output);
        lines.map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn show_answer(&mut self, answer: Terminal) {
        self.tabs[self.tab].terminal = answer;
    }

    /// Takes all answers out of the terminals: what stays is what the run itself says.
    pub(super) fn forget_answers(&mut self) {
        for tab in &mut self.tabs {
            tab.terminal.forget_asked();
        }
    }
}
