//! When a kubelet renews its node's lease, as a function of time, so that a healthy node needs no simulation events.
//!
//! Models pkg/kubelet's lease controller, k8s.io/component-helpers/apimachinery/lease. The first renewal happens when the kubelet
//! starts, then one per interval, as long as the API server can be reached.
//! Where the way to the API server is slow, a renewal counts from when it arrives.
//! Not modelled: retries of a failed renewal, and renewals that time out because their answers come too late.

use base::time::{Span, Time};

/// The validity of a lease, in seconds: `leaseDurationSeconds`. KubeletConfiguration nodeLeaseDurationSeconds.
pub const LEASE_DURATION_SECONDS: i64 = 40;

/// The renewals of one lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    from: Time,
    every: Span,
    silent_since: Option<Time>,
    /// How long a renewal takes to arrive, and its answer to come back; the pause before the next one begins with the answer.
    late: Span,
    /// Every renewal whose number is a multiple of this is lost; 0 for none.
    loses: u32,
}

impl Heartbeat {
    /// Starts renewing at an instant.
    pub fn new(from: Time, every: Span) -> Self {
        Heartbeat { from, every, silent_since: None, late: Span(0), loses: 0 }
    }

    /// The time of the last renewal at or before `now`.
    pub fn last(&self, now: Time) -> Time {
        let end = self.silent_since.map_or(now, |silent| silent.min(now));
        let number = (end.since(self.from) + self.late).0 / self.turn();
        match (number, self.is_lost(number)) {
            (0, _) => self.from,
            (_, false) => self.arrival(number),
            (_, true) if self.loses == 1 => self.from,
            (_, true) => self.arrival(number - 1),
        }
    }

    /// From one renewal to the next, in milliseconds.
    fn turn(&self) -> u64 {
        (self.every.0 + 2 * self.late.0).max(1)
    }

    fn is_lost(&self, number: u64) -> bool {
        self.loses > 0 && number.is_multiple_of(u64::from(self.loses))
    }

    /// When a renewal arrives, counted from 1.
    fn arrival(&self, number: u64) -> Time {
        Time((self.from + Span(number * self.turn())).0 - self.late.0)
    }

    /// The first renewal, from the last one on, after which none comes for longer than `most`; `None` if they go on coming.
    pub fn last_before_gap(&self, now: Time, most: Span) -> Option<Time> {
        let mut heard = self.last(now);
        if self.silent() || self.loses == 1 {
            return Some(heard);
        }
        // Lost ones come back in a circle.
        for _ in 0..self.loses + 2 {
            let next = (heard.since(self.from) + self.late).0 / self.turn() + 1;
            let next = self.arrival(if self.is_lost(next) { next + 1 } else { next });
            if next.since(heard) > most {
                return Some(heard);
            }
            heard = next;
        }
        None
    }

    /// Renewals take so long each way from now on, and every one whose number is a multiple of `loses` is lost.
    pub fn lag(&mut self, now: Time, late: Span, loses: u32) {
        let from = if self.silent() { self.from } else { self.last(now) };
        *self = Heartbeat { from, late, loses, ..*self };
    }

    /// Since when renewals have stopped; `None` while they go on.
    pub fn silent_since(&self) -> Option<Time> {
        self.silent_since
    }

    /// Whether renewals have stopped.
    pub fn silent(&self) -> bool {
        self.silent_since.is_some()
    }

    /// Stops renewals from now on.
    pub fn stop(&mut self, now: Time) {
        self.silent_since.get_or_insert(now);
    }

    /// Resumes renewals, the first one now.
    pub fn resume(&mut self, now: Time) {
        *self = Heartbeat { from: now, silent_since: None, ..*self };
    }
}
