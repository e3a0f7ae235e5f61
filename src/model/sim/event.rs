//! Everything that can happen, and the queue it waits in.

use base::sorted::SortedMap;
use std::cmp::Reverse;
use std::rc::Rc;

use crate::preemption::Preempting;
use api::controller::Controller;
use api::object::{Name, ObjectKey, Uid};
use base::slots::SlotId;
use base::time::Time;
use cluster::kubelet::Timer;
use control::plan::PendingEvent;
use server::log::{Actor, Change};
use server::request::Request;

/// Something that happens at an instant.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The watching components see what was written up to the watch's delay ago.
    Deliver,
    /// A controller picks up a key, whose state was at this place when it was queued.
    Sync(Controller, ObjectKey, SlotId),
    /// A sync sends its next request.
    Continue(u64),
    Record(Rc<PendingEvent>),
    /// A component other than a controller sends a request and does not look at the answer.
    Send(Actor, Rc<Request>),
    /// The scheduler tries the pods in its active queue.
    Schedule,
    /// The scheduler deletes a victim of preemption.
    Preempt(Rc<Preempting>),
    /// The scheduler asks for a pod's volumes.
    AskForVolumes(Uid, Rc<[Request]>),
    /// The scheduler asks whether a pod's volumes are bound.
    PollVolumes(Uid),
    /// A provisioner has made a volume.
    Provisioned(ObjectKey, Uid),
    /// A provisioner looks again at a claim that asked it for a volume.
    ProvisionerLooks(ObjectKey, Uid),
    /// A driver has made a volume larger.
    Grown(ObjectKey, Uid),
    /// A driver has attached or detached what a VolumeAttachment is about.
    Driver(ObjectKey, Uid),
    /// A kubelet reports its node's status, and which volumes may be mounted there.
    NodeStatus(Name),
    /// A kubelet wakes for a pod.
    Kubelet(Name, Uid, Timer),
    /// Members of replicated applications agree on something, or a client writes to them.
    Applications,
    /// The process of an init container, or the command of a hook, may have ended.
    Inside(Name, Uid, Name),
    /// A kubelet sees a change over a slow way.
    Late(Rc<Change>),
}

/// How many of the next events are kept apart.
const NEAR: usize = 32;

/// The events to come, in order of time and, at one instant, in the order in which they were added.
///
/// Most events are due soon after they are added: the next ones are in a short list, and few are ever looked for among all others, which
/// a clone shares.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// The next events, the soonest last: it leaves from the end. None is due after one of the others, and there is one if any is ahead.
    near: Vec<(Time, u64, Event)>,
    /// The others, also in reverse order.
    far: SortedMap<Reverse<(Time, u64)>, Event>,
    added: u64,
}

impl Queue {
    /// Adds an event.
    pub fn push(&mut self, at: Time, event: Event) {
        self.added += 1;
        if self.near.first().is_some_and(|(latest, ..)| *latest <= at) && !self.far.is_empty() {
            self.far.insert(Reverse((at, self.added)), event);
            return;
        }
        let place = self.near.partition_point(|(other, ..)| *other > at);
        self.near.insert(place, (at, self.added, event));
        if self.near.len() > NEAR {
            self.far.extend(self.near.drain(..NEAR / 2).map(|(at, added, event)| (Reverse((at, added)), event)));
        }
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Time, Event)> {
        let (at, _, event) = self.near.pop()?;
        if self.near.is_empty() {
            let next = std::iter::from_fn(|| self.far.pop_last()).take(NEAR / 2);
            self.near.extend(next.map(|(Reverse((at, added)), event)| (at, added, event)));
            self.near.reverse();
        }
        Some((at, event))
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.near.last().map(|(at, ..)| *at)
    }

    /// The events ahead, soonest first.
    pub fn ahead(&self) -> impl Iterator<Item = (Time, &Event)> {
        let far = self.far.iter().rev().map(|(Reverse((at, _)), event)| (*at, event));
        self.near.iter().rev().map(|(at, _, event)| (*at, event)).chain(far)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::dice::{Dice, Purpose};

    #[test]
    fn events_leave_by_time_and_then_as_they_came() {
        let dice = Dice { seed: 4 };
        let roll = |n, k, sides| dice.below(Purpose::Operation, n, k, sides);
        let (mut queue, mut all, mut now) = (Queue::default(), Vec::new(), 0);
        for n in 0..6_000 {
            // It fills, and empties again.
            if roll(n, 1, 1000) < if n / 1_500 % 2 == 0 { 600 } else { 350 } {
                let at = now + [0, 1, roll(n, 3, 40), roll(n, 3, 9_000)][usize::try_from(roll(n, 2, 4)).expect("small")];
                queue.push(Time(at), Event::Continue(n));
                all.push((at, n));
            } else {
                let next = all.iter().min().copied();
                all.retain(|other| Some(*other) != next);
                assert_eq!(queue.next_time(), next.map(|(at, _)| Time(at)));
                assert_eq!(queue.pop(), next.map(|(at, n)| (Time(at), Event::Continue(n))));
                now = next.map_or(now, |(at, _)| at);
            }
        }
        all.sort_unstable();
        let ahead: Vec<_> = queue.ahead().map(|(at, event)| (at, event.clone())).collect();
        assert_eq!(ahead, all.into_iter().map(|(at, n)| (Time(at), Event::Continue(n))).collect::<Vec<_>>());
    }
}
