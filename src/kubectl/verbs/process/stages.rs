//! What an attached command goes through: a pod that is to run, its process, and the end of both.

use crate::target::Target;

/// A process whose output is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    pub number: u64,
    /// The pod that was created for it, if it is that pod's main process.
    pub(super) created: Option<Target>,
    /// Whether it was said that one is connected with it; a main process that ends at once has ended before that, and its log is shown.
    pub(super) is_open: bool,
}

/// A pod to attach to as soon as it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub(super) pod: Target,
}

/// A pod whose process has ended, possibly to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    pub(super) pod: Target,
}
