//! A key that is to be queued for a controller, and when.

use api::controller::Controller;
use api::object::ObjectKey;
use base::time::{Span, Time};

/// When a key is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After this time.
    In(Span),
    /// After this time, whatever happens before; see [`Registration::goes_round`](crate::registration::Registration::goes_round).
    Later(Span),
    /// At this instant, which no jitter moves.
    At(Time),
}

/// A key that is to be queued.
#[derive(Clone, Debug, PartialEq)]
pub struct Wake {
    /// For whom.
    pub controller: Controller,
    pub key: ObjectKey,
    pub when: When,
}
