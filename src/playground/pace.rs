//! Letting time pass: to an instant, to the next thing that can be seen, until nothing is left to do, or up to a breakpoint.

use super::Playground;
use super::stop::{Halt, Stops};
use base::time::Time;
use sim::Sim;

/// How many events happen between two looks at whether to go on.
const EVENTS_BETWEEN_LOOKS: u32 = 8;

/// The goal of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// An instant.
    Until(Time),
    /// Nothing left to do.
    Quiet,
    /// Something that can be seen, but no later than this instant.
    Change {
        /// The instant; `None` if it may be as late as it wants.
        at_most: Option<Time>,
    },
}

impl Goal {
    /// The instant beyond which a run does not go.
    fn limit(self) -> Option<Time> {
        match self {
            Goal::Until(at) => Some(at),
            Goal::Quiet => None,
            Goal::Change { at_most } => at_most,
        }
    }

    /// The goal of a run that is interrupted at an instant.
    #[must_use]
    pub fn no_later_than(self, at: Time) -> Goal {
        match self {
            Goal::Until(until) => Goal::Until(until.min(at)),
            Goal::Quiet => Goal::Until(at),
            Goal::Change { at_most } => Goal::Change { at_most: Some(at_most.map_or(at, |most| most.min(at))) },
        }
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// The goal is reached.
    Reached,
    /// It was told to stop before.
    Stopped,
    /// A breakpoint was hit.
    Halted,
    /// The model goes in circles at one instant, which is a mistake of ours.
    Circles,
}

/// The breakpoints of a run, and the one that was hit.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// The breakpoints.
    pub stops: Stops,
    /// The one that was hit.
    pub halt: Option<Halt>,
}

impl Watch {
    /// Looks at what happened since a position of the log.
    fn look(&mut self, sim: &Sim, since: usize) {
        if self.halt.is_none() && self.stops.any() {
            self.halt = self.stops.hit(sim, since);
        }
    }
}

impl Playground {
    /// Lets time pass up to an instant, or until `go_on` says no.
    pub fn run(&mut self, until: Time, mut go_on: impl FnMut() -> bool) -> Pace {
        self.go(Goal::Until(until), &mut Watch::default(), &mut go_on)
    }

    /// Lets time pass up to an instant, and has `see` look at the cluster after each event.
    pub fn run_seen(&mut self, until: Time, see: &mut dyn FnMut(&Sim)) {
        while let Some(next) = self.next_time().filter(|next| *next <= until) {
            self.happen(next);
            if self.sim.is_livelocked() {
                return;
            }
            see(&self.sim);
        }
        self.sim.run_until(until);
    }

    /// Lets time pass until nothing is left to do, or until `go_on` says no.
    pub fn run_until_quiet(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        self.go(Goal::Quiet, &mut Watch::default(), &mut go_on)
    }

    /// Lets time pass until something happens that can be seen, or until `go_on` says no.
    pub fn step(&mut self, mut go_on: impl FnMut() -> bool) -> Pace {
        self.go(Goal::Change { at_most: None }, &mut Watch::default(), &mut go_on)
    }

    /// Lets time pass until the goal is reached, or until `go_on` says no. Unless it says no, every event of the instant at which this
    /// ends has happened.
    pub fn go(&mut self, goal: Goal, watch: &mut Watch, go_on: &mut dyn FnMut() -> bool) -> Pace {
        let (before, until) = (self.timeline.changes(), goal.limit());
        let mut events = 0;
        while let Some(next) = self.next_time().filter(|next| until.is_none_or(|until| *next <= until)) {
            if watch.halt.is_some() && next > self.now() {
                return Pace::Halted;
            }
            let there = match goal {
                Goal::Until(_) => false,
                Goal::Quiet => self.only_tries_again(),
                Goal::Change { .. } => self.timeline.changes() != before && next > self.now(),
            };
            if there {
                return Pace::Reached;
            }
            let written = self.sim.log().len();
            self.happen(next);
            if self.sim.is_livelocked() {
                return Pace::Circles;
            }
            watch.look(&self.sim, written);
            events += 1;
            if events % EVENTS_BETWEEN_LOOKS == 0 && !go_on() {
                return Pace::Stopped;
            }
        }
        if watch.halt.is_some() {
            return Pace::Halted;
        }
        let there = matches!(goal, Goal::Change { .. }) && self.timeline.changes() != before;
        if let Some(until) = until.filter(|_| !there) {
            self.sim.run_until(until);
        }
        Pace::Reached
    }

    /// Whether nothing is ahead but what failed before, or comes to nothing, some time later and for ever.
    pub(super) fn only_tries_again(&self) -> bool {
        let asked = self.timeline.moments().iter().rfind(|moment| moment.is_command()).map(|moment| moment.at);
        let in_vain = self.sim.tries_in_vain(asked);
        !self.tabs.iter().any(|tab| tab.console.gets_on(in_vain)) && self.sim.only_tries_again(in_vain)
    }

    /// Whether somebody watches a command that waits: one in the foreground that reads no line.
    pub fn waits_for_command(&self) -> bool {
        self.tabs.iter().any(|tab| tab.console.waits())
    }

    /// When something happens next: in the cluster, or in a command that waits.
    pub(super) fn next_time(&self) -> Option<Time> {
        let waits = self.tabs.iter().filter_map(|tab| tab.console.due());
        self.sim.next_time().into_iter().chain(waits).min()
    }

    /// Lets what is next happen, at its instant.
    pub(super) fn happen(&mut self, at: Time) {
        if self.sim.next_time().is_some_and(|next| next <= at) {
            self.sim.step();
        } else {
            self.sim.run_until(at);
        }
        self.after_events();
    }
}
