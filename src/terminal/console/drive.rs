//! The driver: lets time pass in a world towards a goal, while somebody watches.
//!
//! The page and its stories run here, and every [`Experiment`](super::experiment::Experiment). Scenario files and dumps do not.
//! Promises: the same world and goal come to the same end, however often the caller stops a run and lets it go on.

use base::time::Time;

use super::World;

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
    /// The caller stopped the run.
    Stopped,
    /// The watch ended the run.
    Halted,
    /// The model goes in circles at one instant, which is a mistake of ours.
    Circles,
}

/// Looks at a world while time passes.
pub trait Watch {
    /// Looks at a world after an event, and at what was written since a position of the log.
    fn see(&mut self, _world: &World, _since: usize) {}

    /// Whether the run ends with the present instant.
    fn halts(&self) -> bool {
        false
    }
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {}

/// Something in which time passes.
pub trait Drive {
    /// The cluster and its terminals.
    fn world(&self) -> &World;

    /// The same, to be changed.
    fn world_mut(&mut self) -> &mut World;

    /// Lets what is next happen, at its instant.
    fn happen(&mut self, at: Time);

    /// How many changes can be seen so far.
    fn changes(&self) -> u64 {
        self.world().sim.log().len() as u64
    }
}

/// Lets time pass until the goal is reached, or until `go_on` says no. Unless it says no, every event of the instant at which this ends
/// has happened.
pub fn go(run: &mut dyn Drive, goal: Goal, watch: &mut dyn Watch, go_on: &mut dyn FnMut() -> bool) -> Pace {
    let (before, until) = (run.changes(), goal.limit());
    let mut events = 0;
    while let Some(next) = run.world().next_time().filter(|next| until.is_none_or(|until| *next <= until)) {
        if watch.halts() && next > run.world().now() {
            return Pace::Halted;
        }
        let is_reached = match goal {
            Goal::Until(_) => false,
            Goal::Quiet => run.world().is_at_rest(),
            Goal::Change { .. } => run.changes() != before && next > run.world().now(),
        };
        if is_reached {
            return Pace::Reached;
        }
        let written = run.world().sim.log().len();
        run.happen(next);
        if run.world().sim.is_livelocked() {
            return Pace::Circles;
        }
        watch.see(run.world(), written);
        events += 1;
        if events % EVENTS_BETWEEN_LOOKS == 0 && !go_on() {
            return Pace::Stopped;
        }
    }
    if watch.halts() {
        return Pace::Halted;
    }
    let is_seen = matches!(goal, Goal::Change { .. }) && run.changes() != before;
    if let Some(until) = until.filter(|_| !is_seen) {
        run.world_mut().sim.run_until(until);
    }
    Pace::Reached
}
