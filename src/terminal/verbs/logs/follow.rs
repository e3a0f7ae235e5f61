//! A log that is followed: where, and what of it was seen.

use api::object::NamespacedName;
use base::time::Time;

/// A log that is being followed.
#[derive(Clone)]
pub struct Follow {
    pub(super) pod: NamespacedName,
    pub(super) container: String,
    pub(super) seen: usize,
    /// Set until it could be read.
    pub(super) opens: Option<Opening>,
}

/// A log that is yet to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    /// How many of its lines to show.
    pub(super) tail: Option<usize>,
    /// When to try.
    pub(super) again: Time,
    /// When to give up.
    pub(super) until: Time,
}
