//! Letting time pass in a playground.

use super::{Drive, Goal, Pace, Playground, Unwatched, Watch, World};
use api::object::ObjectKey;
use base::time::Time;
use console::{Console, go};
use sim::Sim;
use sim::retries::Retry;
use text::Lang;

/// What is left to happen by itself in a run that has come to rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    Nothing,
    /// This, again and again, which changes nothing.
    OnlyRetries(Vec<(ObjectKey, Retry)>),
}

impl Rest {
    /// What is to be said of it, `at` an instant of the run; empty where nothing is left.
    pub fn told(&self, at: &str, lang: Lang) -> String {
        match self {
            Rest::Nothing => String::new(),
            Rest::OnlyRetries(tried) => lang.text().time.only_retries(at, &view::retries(tried, lang)),
        }
    }
}

impl Drive for Playground {
    fn world(&self) -> &World {
        &self.world
    }

    fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    fn happen(&mut self, at: Time) {
        self.world.pass(at);
        self.after_events();
    }

    fn changes(&self) -> u64 {
        self.timeline.changes()
    }
}

impl Playground {
    /// Lets time pass up to an instant, or until `go_on` says no.
    pub fn run(&mut self, until: Time, mut go_on: impl FnMut() -> bool) -> Pace {
        go(self, Goal::Until(until), &mut Unwatched, &mut go_on)
    }

    /// Lets time pass up to an instant, and has `see` look at the cluster after each event.
    pub fn run_seen(&mut self, until: Time, see: &mut dyn FnMut(&Sim)) {
        go(self, Goal::Until(until), &mut Seen(see), &mut || true);
    }

    /// Lets time pass until nothing is left to do, or until `go_on` says no.
    pub fn run_until_quiet(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        go(self, Goal::Quiet, &mut Unwatched, &mut go_on)
    }

    /// Lets time pass until something happens that can be seen, or until `go_on` says no.
    pub fn step(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        go(self, Goal::Change { at_most: None }, &mut Unwatched, &mut go_on)
    }

    /// Lets time pass until the goal is reached, a breakpoint is hit, or `go_on` says no.
    pub fn go(&mut self, goal: Goal, watch: &mut Watch, go_on: &mut dyn FnMut() -> bool) -> Pace {
        go(self, goal, watch, go_on)
    }

    /// What is left to happen; `None` while something is under way.
    pub fn rest(&self) -> Option<Rest> {
        let retries = if self.world.is_at_rest() { self.sim().retries() } else { return None };
        Some(if retries.is_empty() { Rest::Nothing } else { Rest::OnlyRetries(retries) })
    }

    /// Whether somebody watches a command that waits: one in the foreground that reads no line.
    pub fn waits_for_command(&self) -> bool {
        self.world.consoles().iter().any(Console::waits)
    }
}

/// Somebody who looks at the cluster after each event.
struct Seen<'a>(&'a mut dyn FnMut(&Sim));

impl console::Watch for Seen<'_> {
    fn see(&mut self, world: &World, _since: usize) {
        (self.0)(&world.sim);
    }
}
