//! When a kubelet renews its node's lease, as a function of time, so that a healthy node needs no simulation events.
//!
//! Models pkg/kubelet's lease controller, k8s.io/component-helpers/apimachinery/lease. The first renewal happens when the kubelet
//! starts, then one per interval, as long as the API server can be reached.
//! Not modelled: retries of a failed renewal.

use base::time::{Span, Time};

/// The validity of a lease, in seconds: `leaseDurationSeconds`. KubeletConfiguration nodeLeaseDurationSeconds.
pub const LEASE_DURATION_SECONDS: i64 = 40;

/// The renewals of one lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    from: Time,
    every: Span,
    silent_since: Option<Time>,
}

impl Heartbeat {
    /// Starts renewing at an instant.
    pub fn new(from: Time, every: Span) -> Self {
        Heartbeat { from, every, silent_since: None }
    }

    /// The time of the last renewal at or before `now`.
    pub fn last(&self, now: Time) -> Time {
        let end = self.silent_since.map_or(now, |silent| silent.min(now));
        let every = self.every.0.max(1);
        self.from + Span(end.since(self.from).0 / every * every)
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
        *self = Heartbeat::new(now, self.every);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_renewal_follows_from_the_time() {
        let mut beat = Heartbeat::new(Time(300), Span(1000));
        assert_eq!([300, 1299, 1300, 9999].map(|t| beat.last(Time(t)).0), [300, 300, 1300, 9300]);
        beat.stop(Time(2500));
        beat.stop(Time(7000));
        assert_eq!([2000, 2500, 60_000].map(|t| beat.last(Time(t)).0), [1300, 2300, 2300]);
        beat.resume(Time(8123));
        assert_eq!([8123, 9122, 9123].map(|t| beat.last(Time(t)).0), [8123, 8123, 9123]);
    }
}
