//! A `create -f` in progress: the objects left.

use crate::manifest::Manifest;
use crate::turns::Turns;
use kubectl::failure::Failure;

/// A `create -f` in progress, one object after the other.
#[derive(Clone)]
pub struct Creating {
    pub(super) rest: Turns<Manifest>,
    /// How many were created.
    pub(super) count: usize,
    /// What could not be read.
    pub(super) unread: Vec<Failure>,
    pub(super) failures: Vec<Failure>,
}
