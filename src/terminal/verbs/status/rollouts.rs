//! Rollouts that are watched one after the other.

use api::kind::Kind;
use base::time::Time;
use kubectl::failure::Failure;

/// Rollouts that are watched one after the other.
#[derive(Clone)]
pub struct Rollout {
    /// In reverse: the last one is being watched.
    pub(super) waiting: Vec<(Kind, String, String)>,
    /// Why some rollouts could not be watched to their end.
    pub(super) failures: Vec<Failure>,
    pub(super) revision: i64,
    pub(super) watch: bool,
    /// The store revision up to which the current object was seen; `None` if it was not looked at yet.
    pub(super) after: Option<u64>,
    pub(super) until: Option<Time>,
}
