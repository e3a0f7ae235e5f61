//! Whoever types the lines of an [`Experiment`](console::experiment::Experiment) into a playground, or into a run that remembers them.

use super::history::{Act, History};
use super::{Goal, Pace, Playground, Unwatched};
use console::experiment::Subject;
use console::go;
use sim::Sim;
use text::Lang;

/// Types into something, and is answered in a language.
pub struct Typist<'a, R> {
    pub run: &'a mut R,
    pub lang: Lang,
}

impl Subject for Typist<'_, Playground> {
    fn sim(&self) -> &Sim {
        self.run.sim()
    }

    fn is_answered(&self, terminal: usize) -> bool {
        self.run.world().is_answered(terminal)
    }

    fn advance(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        go(self.run, goal, &mut Unwatched, go_on)
    }

    fn type_lines(&mut self, terminal: usize, lines: &str) {
        self.run.choose_tab(terminal);
        lines.lines().for_each(|line| self.run.type_line(line, self.lang));
    }

    fn end_line(&mut self, terminal: usize) {
        self.run.choose_tab(terminal);
        self.run.interrupt();
    }
}

impl Subject for Typist<'_, History> {
    fn sim(&self) -> &Sim {
        self.run.present().sim()
    }

    fn is_answered(&self, terminal: usize) -> bool {
        self.run.present().world().is_answered(terminal)
    }

    fn advance(&mut self, goal: Goal, go_on: &mut dyn FnMut() -> bool) -> Pace {
        self.run.go(goal, go_on)
    }

    fn type_lines(&mut self, terminal: usize, lines: &str) {
        self.run.choose_tab(terminal);
        // The run remembers what was typed at once as one act.
        self.run.act(Act::Line(lines.to_owned()), self.lang);
    }

    fn end_line(&mut self, terminal: usize) {
        self.run.choose_tab(terminal);
        self.run.act(Act::Interrupt, self.lang);
    }
}
