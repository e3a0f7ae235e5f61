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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_quarter_of_an_hour_and_begins_anew_after_half_an_hour() {
        let (mut memory, set, node) = (Memory::default(), Uid::from_bits(16), Name::from("node-1"));
        let (mut now, mut waits) = (Time(0), Vec::new());
        for _ in 0..12 {
            assert_eq!(memory.action(set, 1, &node, now), None);
            let wait = memory.action(set, 1, &node, now).expect("it has just been asked");
            assert_eq!(
                [memory.action(Uid::from_bits(32), 1, &node, now), memory.action(set, 2, &node, now)],
                [None, None],
                "others have their own"
            );
            memory.0.retain(|(of, observed, _), _| (*of, *observed) == (set, 1));
            waits.push(wait.0 / 1000);
            now += wait;
            memory.forget(now);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        memory.forget(now + Span(MOST.0 * 2 + 1));
        assert_eq!(memory, Memory::default());
    }
}
