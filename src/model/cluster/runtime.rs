//! What happened to machines and processes, whether or not the API server has heard of it.

use super::images::{Behaviour, FREEZES_AFTER, SLOW_BY};
use api::object::{Name, Uid};
use base::time::Time;

/// A happening on a machine, of which the API server learns later or never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeEntry {
    /// When.
    pub at: Time,
    /// The length of the log of changes at that time.
    pub position: usize,
    pub what: Happening,
}

/// What can happen on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    Started(Process),
    /// A process ended.
    Stopped {
        process: Process,
        /// Its exit code, if it was told to terminate.
        exit_code: Option<i64>,
        /// How it ended: `terminated`, `exit code 1`.
        why: Name,
    },
    /// A node became unreachable.
    NodeDown(Name),
    /// A node became reachable again.
    NodeUp(Name),
}

/// A container's process on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub pod: Name,
    /// The pod's uid.
    pub uid: Uid,
    pub node: Name,
    pub container: Name,
    pub image: Name,
}

/// When a process responds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// When it starts listening.
    pub from: Time,
    /// When it begins to hang, if it does.
    pub until: Option<Time>,
}

/// Why a process does not respond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It is not listening yet.
    NotYet,
    /// It hangs.
    Frozen,
}

impl Answers {
    /// The responsiveness of a process of this image that starts now.
    pub fn of(behaviour: Behaviour, now: Time) -> Self {
        let from = if behaviour.slow { now + SLOW_BY } else { now };
        Answers { from, until: behaviour.freezes.then_some(from + FREEZES_AFTER) }
    }

    /// Whether the process hangs and ignores signals.
    pub fn frozen(self, now: Time) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Why the process does not respond; `None` if it does.
    pub fn silence(self, now: Time) -> Option<Silence> {
        if self.frozen(now) {
            return Some(Silence::Frozen);
        }
        (now < self.from).then_some(Silence::NotYet)
    }
}
