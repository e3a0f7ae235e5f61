//! The way between a kubelet and the API server: how late what goes over it arrives, and what is lost.
//!
//! What is lost is sent again by whoever sent it: a kubelet's status manager tries again ten seconds later
//! (pkg/kubelet/status/status_manager.go syncPeriod), and a watch that broke off is listed anew; both are one pause here.
//! Promises: what goes one way arrives in the order in which it was sent, as on one connection; without a fault, everything arrives at
//! once; which messages are lost follows from their number alone.
//! Not modelled: a late answer to `kubectl exec` and `logs`, requests that time out and are sent twice.

use base::time::{Span, Time};

/// After how long what was lost is sent again.
const AGAIN: Span = Span::seconds(10);

/// The way, in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// How long a message takes, each way.
    pub delay: Span,
    /// Every message of a direction whose number is a multiple of this is lost at first; 0 for none.
    pub loses: u32,
    up: Lane,
    down: Lane,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lane {
    /// How many messages went since the fault.
    count: u32,
    /// When the last of them arrives.
    last: Time,
}

impl Link {
    /// The same way with another fault, or none; what is under way arrives as it would have.
    pub(super) fn with(self, delay: Span, loses: u32) -> Link {
        let lane = |lane: Lane| Lane { count: 0, ..lane };
        Link { delay, loses, up: lane(self.up), down: lane(self.down) }
    }

    /// Whether anything is late on it, or lost.
    pub fn lags(&self) -> bool {
        self.delay > Span(0) || self.loses > 0
    }

    /// When the API server gets what would reach it at an instant.
    pub fn sends(&mut self, at: Time) -> Time {
        let (delay, loses) = (self.delay, self.loses);
        self.up.passes(at, delay, loses)
    }

    /// When the kubelet sees what would reach it at an instant.
    pub fn hears(&mut self, at: Time) -> Time {
        let (delay, loses) = (self.delay, self.loses);
        self.down.passes(at, delay, loses)
    }
}

impl Lane {
    fn passes(&mut self, at: Time, delay: Span, loses: u32) -> Time {
        if delay == Span(0) && loses == 0 {
            return at.max(self.last);
        }
        self.count += 1;
        let again = if loses > 0 && self.count.is_multiple_of(loses) { AGAIN } else { Span(0) };
        self.last = self.last.max(at + delay + again);
        self.last
    }
}
