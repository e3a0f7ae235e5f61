//! A cluster, the files beside it, and the terminals into it, as one value.
//!
//! Promises: plain data; a clone goes on by itself. Time passes one event at a time, and what runs in a terminal goes on with it.
//! Must not know: what is drawn, what a terminal shows, manifests.

use super::runner::NOT_FOUND;
use super::{Console, Context, Line, OwnWords, Said, library};
use base::sorted::SortedSet;
use base::time::{Span, Time};
use kubectl::Files;
use kubectl::form::Change;
use kubectl::session::Pace;
use sim::Sim;

/// A command asks for this many objects at one instant: more take time, as they do everywhere.
const PACE: Pace = Pace { object: Span(0), schema: Span(0), at_once: 250 };
/// How many terminals may be open at once.
pub const MAX_TERMINALS: usize = 4;

/// A cluster and the terminals into it.
#[derive(Clone, Debug)]
pub struct World {
    /// The cluster.
    pub sim: Sim,
    /// The files of the terminals.
    pub files: Files,
    consoles: Vec<Console>,
    /// Answers words that are not kubectl's or the shell's while nobody else does.
    own: fn(&mut Sim, &Files, &[String]) -> Said,
    /// What was printed that reads differently from what guides show, since [`World::take_changes`].
    changes: SortedSet<Change>,
    /// How far the log was read when terminals went on.
    read: usize,
    /// When a command last did something.
    commanded: Option<Time>,
}

impl World {
    /// A terminal into a cluster.
    pub fn new(sim: Sim, own: fn(&mut Sim, &Files, &[String]) -> Said) -> World {
        let (read, consoles) = (sim.log().len(), vec![Console::new(true)]);
        World { sim, files: library::files(), consoles, own, changes: SortedSet::new(), read, commanded: None }
    }

    /// A terminal that knows the shell and kubectl only.
    pub fn of_kubectl(sim: Sim) -> World {
        World::new(sim, |_, _, _| Said { text: String::new(), code: NOT_FOUND, acted: false })
    }

    /// The present.
    pub fn now(&self) -> Time {
        self.sim.now()
    }

    /// The terminals.
    pub fn consoles(&self) -> &[Console] {
        &self.consoles
    }

    /// A terminal.
    pub fn console_mut(&mut self, terminal: usize) -> &mut Console {
        &mut self.consoles[terminal]
    }

    /// Opens terminals up to one, as far as there may be so many; the place of the one that stands for it.
    pub fn open(&mut self, terminal: usize) -> usize {
        while self.consoles.len() <= terminal.min(MAX_TERMINALS - 1) {
            self.consoles.push(Console::new(true));
        }
        terminal.min(MAX_TERMINALS - 1)
    }

    /// Closes all terminals but a new one.
    pub fn begin_again(&mut self) {
        self.consoles = vec![Console::new(true)];
    }

    /// The terminals in which a command is under way.
    pub fn busy(&self) -> Vec<usize> {
        (0..self.consoles.len()).filter(|terminal| self.consoles[*terminal].is_busy()).collect()
    }

    /// When something happens next: in the cluster, or in a command that waits.
    pub fn next_time(&self) -> Option<Time> {
        let waits = self.consoles.iter().filter_map(Console::due);
        self.sim.next_time().into_iter().chain(waits).min()
    }

    /// Whether nothing is ahead but what failed before, or comes to nothing, some time later and for ever.
    pub fn is_at_rest(&self) -> bool {
        let in_vain = self.sim.tries_in_vain(self.commanded);
        !self.consoles.iter().any(|console| console.gets_on(in_vain)) && self.sim.only_tries_again(in_vain)
    }

    /// Notes that a command did something at the present.
    pub fn note_command(&mut self) {
        self.commanded = Some(self.now());
    }

    /// What was printed that reads differently from what guides show.
    pub fn take_changes(&mut self) -> SortedSet<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Lets a terminal do something, with an answer to words that are the page's own.
    pub fn with<'a>(&'a mut self, terminal: usize, own: &'a mut OwnWords<'a>, act: impl FnOnce(&mut Console, &mut Context)) {
        let listening: Vec<_> = self.consoles.iter().flat_map(Console::listens).collect();
        let World { sim, files, consoles, changes, .. } = self;
        act(&mut consoles[terminal], &mut Context { sim, files, pace: PACE, listening: &listening, own, changes });
    }

    /// Types a line into a terminal.
    pub fn type_line(&mut self, terminal: usize, text: &str) {
        let text = text.trim_end();
        if !text.is_empty() || !self.consoles[terminal].awaits_command() {
            self.command(terminal, |console, context| match console.types_ahead() {
                true => console.hold(text),
                false => console.type_line(Line { id: 0, text: text.into() }, context),
            });
        }
    }

    /// Ends the command in a terminal, as Ctrl-C does.
    pub fn interrupt(&mut self, terminal: usize) {
        let own = self.own;
        self.with(terminal, &mut |sim, files, words| own(sim, files, words), Console::interrupt);
        self.forget_printed();
    }

    /// Lets a terminal do something, and then the others what follows from that.
    fn command(&mut self, terminal: usize, act: impl FnOnce(&mut Console, &mut Context)) {
        let (own, before, mut acted) = (self.own, self.sim.log().len(), false);
        let mut noting = |sim: &mut Sim, files: &Files, words: &[String]| {
            let said = own(sim, files, words);
            acted |= said.acted;
            said
        };
        self.with(terminal, &mut noting, act);
        if acted || self.sim.log().len() > before {
            self.note_command();
        }
        self.go_on();
        self.forget_printed();
    }

    /// Lets the next event happen, at its instant.
    pub fn pass(&mut self, at: Time) {
        if self.sim.next_time().is_some_and(|next| next <= at) {
            self.sim.step();
        } else {
            self.sim.run_until(at);
        }
    }

    /// Brings what containers hold up to date; whether anything was written since the last call.
    pub fn catch_up(&mut self) -> bool {
        let is_changed = self.read < self.sim.log().len();
        self.read = self.sim.log().len();
        if is_changed && self.sim.disks().has_mains() {
            self.sim.catch_up_with_containers();
        }
        is_changed
    }

    /// Whether what runs in a terminal may go on.
    pub fn is_due(&self, terminal: usize, is_changed: bool) -> bool {
        let console = &self.consoles[terminal];
        console.is_busy() && (is_changed || console.due().is_some_and(|due| due <= self.now()))
    }

    /// Lets what runs in the terminals go on after something happened.
    fn go_on(&mut self) {
        let (own, is_changed) = (self.own, self.catch_up());
        for terminal in 0..self.consoles.len() {
            if self.is_due(terminal, is_changed) {
                self.with(terminal, &mut |sim, files, words| own(sim, files, words), Console::go_on);
                self.forget_printed();
            }
            while let Some(text) = self.consoles[terminal].take_ahead() {
                let begin = |console: &mut Console, context: &mut Context| console.type_line(Line { id: 0, text }, context);
                self.with(terminal, &mut |sim, files, words| own(sim, files, words), begin);
                self.forget_printed();
            }
        }
    }

    /// Nobody reads what these terminals print.
    fn forget_printed(&mut self) {
        for console in &mut self.consoles {
            drop((console.take_new(), console.take_written()));
        }
        self.changes = SortedSet::new();
    }
}

impl super::Drive for World {
    fn world(&self) -> &World {
        self
    }

    fn world_mut(&mut self) -> &mut World {
        self
    }

    fn happen(&mut self, at: Time) {
        self.pass(at);
        self.go_on();
    }
}
