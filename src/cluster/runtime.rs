//! What happened to machines and processes, whether or not the API server heard of it.

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
