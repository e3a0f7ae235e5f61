//! An `apply` under way: the objects left, and one that was deleted by force.

use crate::delete::deleting::Awaited;
use crate::manifest::Manifest;
use crate::turns::Turns;
use base::value::Value;
use kubectl::failure::Failure;

/// An apply under way: one object after the other.
#[derive(Clone)]
pub struct Applying {
    /// Each with its place among those that were read.
    pub(super) rest: Turns<(usize, Manifest)>,
    /// What was deleted by force and is made anew once it is gone.
    pub(super) again: Option<Forced>,
    pub(super) objects: Vec<Value>,
    /// What could not be read.
    pub(super) unread: Vec<Failure>,
    pub(super) failures: Vec<Failure>,
}

/// An object that was deleted by force.
#[derive(Clone)]
pub(super) struct Forced {
    /// What is made in its place.
    pub(super) manifest: Manifest,
    pub(super) going: Awaited,
    /// The object, which is made again if what was to take its place is refused.
    pub(super) original: Value,
}
