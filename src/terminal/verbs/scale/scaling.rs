//! A `scale` under way: the objects left, and the looks at the present one.

use crate::polls::Polls;
use crate::write::Report;
use kubectl::failure::Failure;
use kubectl::target::Target;

/// Scales one object after another, each once the one before has the replicas asked for.
#[derive(Clone)]
pub struct Scaling {
    /// In reverse: the last one is being scaled.
    pub(super) rest: Vec<Target>,
    pub(super) replicas: i64,
    pub(super) report: Report,
    /// When to look after the one that is written and not told of yet.
    pub(super) polls: Option<Polls>,
    /// What could not be read.
    pub(super) failures: Vec<Failure>,
}
