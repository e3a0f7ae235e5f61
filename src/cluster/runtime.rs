//! What happened to machines and processes, whether or not the API server has heard of it.

use super::images::{Behaviour, FREEZES_AFTER, SLOW_BY};
use crate::api::object::{Name, Uid};
use crate::base::time::Time;

/// Something that happened on a machine, which the API server learns of later or never.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuntimeEntry {
    /// When.
    pub at: Time,
    /// How many changes were in the log then.
    pub position: usize,
    /// What.
    pub what: Happening,
}

/// What can happen on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A process began.
    Started(Process),
    /// A process ended.
    Stopped {
        /// Which.
        process: Process,
        /// Its exit code, where it was told to end.
        exit_code: Option<i64>,
        /// Why it ended: `terminated`, `exit code 1`.
        why: Name,
    },
    /// A node fell silent.
    NodeDown(Name),
    /// A node came back.
    NodeUp(Name),
}

/// A container's process on a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The pod.
    pub pod: Name,
    /// The pod's uid.
    pub uid: Uid,
    /// The node.
    pub node: Name,
    /// The container.
    pub container: Name,
    /// Its image.
    pub image: Name,
}

/// When a process answers those who ask it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// From when on it listens.
    pub from: Time,
    /// When it begins to hang, if it does.
    pub until: Option<Time>,
}

/// How a process does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It does not listen yet.
    NotYet,
    /// It hangs.
    Frozen,
}

impl Answers {
    /// What a process of an image does that begins now.
    pub fn of(behaviour: Behaviour, now: Time) -> Self {
        let from = if behaviour.slow { now + SLOW_BY } else { now };
        Answers { from, until: behaviour.freezes.then_some(from + FREEZES_AFTER) }
    }

    /// Whether the process hangs, and hears nothing.
    pub fn frozen(self, now: Time) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// How the process does not answer, if it does not.
    pub fn silence(self, now: Time) -> Option<Silence> {
        if self.frozen(now) {
            return Some(Silence::Frozen);
        }
        (now < self.from).then_some(Silence::NotYet)
    }
}
