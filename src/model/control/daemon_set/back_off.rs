//! How long a DaemonSet leaves a failed pod before it deletes the next one on the same node.
//!
//! Models daemon_controller.go podsShouldBeOnNode, failedPodsBackoffKey, and k8s.io/client-go/util/flowcontrol Backoff.

use api::object::{Name, Uid};
use base::sorted::SortedMap;
use base::time::{Span, Time};

/// The first back-off; it doubles. Models cmd/kube-controller-manager/app/apps.go.
const FIRST: Span = Span::seconds(1);
/// The maximum back-off; after twice as long without a failure it begins anew.
const MOST: Span = Span::seconds(900);

/// The last deletion of a failed pod, and for how long the next one waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct BackOff {
    last: Time,
    wait: Span,
}

/// What the controller remembers: the back-off of each set, as it was when its status was last written, on each node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(SortedMap<(Uid, i64, Name), BackOff>);

impl Memory {
    /// Forgets what began anew by now.
    pub(super) fn forget(&mut self, now: Time) {
        self.0.retain(|_, back_off| now.since(back_off.last) <= Span(MOST.0 * 2));
    }

    /// Asks to delete a failed pod: the answer is how long to wait before the next look, or nothing where it may go at once.
    pub(super) fn action(&mut self, set: Uid, observed: i64, node: &Name, now: Time) -> Option<Span> {
        let wait = match self.0.get(&(set, observed, node.clone())) {
            Some(known) if now.since(known.last) < known.wait => return Some(known.wait),
            Some(known) => Span((known.wait.0 * 2).min(MOST.0)),
            None => FIRST,
        };
        self.0.insert((set, observed, node.clone()), BackOff { last: now, wait });
        None
    }
}
