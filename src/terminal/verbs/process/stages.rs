//! What an attached command goes through: a pod that is to run, its process, and the end of both.

use kubectl::target::Target;

/// Which command has made a container, to attach to its own process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// `run`, which has made the whole pod, and tells how it ends.
    Run,
    /// `debug`.
    Debug,
}

/// A container that was made for a command, which is its own process.
#[derive(Clone)]
pub(crate) struct Made {
    pub pod: Target,
    pub container: String,
    pub by: Maker,
}

/// A process whose output is shown.
#[derive(Clone)]
pub struct Process {
    pub number: u64,
    /// The container that was made for it, if it is that container's own process.
    pub(super) made: Option<Made>,
    /// Whether it was said that one is connected with it; a main process that ends at once has ended before that, and its log is shown.
    pub(super) is_open: bool,
}

/// A container to attach to as soon as it runs.
#[derive(Clone)]
pub struct Attached {
    pub(crate) made: Made,
    /// The version of its pod of which it was last told why the container waits.
    pub(crate) told: String,
}

impl Attached {
    pub(crate) fn to(made: Made) -> Self {
        Attached { made, told: String::new() }
    }
}

/// A pod whose process has ended, possibly to be deleted.
#[derive(Clone)]
pub struct Leaving {
    pub(super) pod: Target,
}
