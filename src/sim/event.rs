//! Everything that can happen, and the queue it waits in.

use base::sorted::SortedMap;
use std::cmp::Reverse;
use std::rc::Rc;

use crate::preemption::Preempting;
use api::controller::Controller;
use api::object::{Name, ObjectKey, Uid};
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
    /// A controller picks up a key.
    Sync(Controller, ObjectKey),
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

/// The events to come, in order of time and, at one instant, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// In reverse order, so that the next one leaves from the end, near which most are added.
    events: SortedMap<Reverse<(Time, u64)>, Event>,
    added: u64,
}

impl Queue {
    /// Adds an event.
    pub fn push(&mut self, at: Time, event: Event) {
        self.added += 1;
        self.events.insert(Reverse((at, self.added)), event);
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Time, Event)> {
        self.events.pop_last().map(|(Reverse((at, _)), event)| (at, event))
    }

    /// When the next event is due.
    pub fn next_time(&self) -> Option<Time> {
        self.events.last_key_value().map(|(Reverse((at, _)), _)| *at)
    }

    /// The events ahead, soonest first.
    pub fn ahead(&self) -> impl Iterator<Item = (Time, &Event)> {
        self.events.iter().rev().map(|(Reverse((at, _)), event)| (*at, event))
    }
}
