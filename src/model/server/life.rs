//! The life of a pod, folded from the log write by write.
//!
//! Whoever reads lives keeps those of the pods that are asked about, and hands each the writes to its pod.
//!
//! Promises: every instant is exact, because the log has every write.
//! Must not know: processes on machines, words of any language.

use std::rc::Rc;

use super::log::{Actor, Change};
use api::object::{Name, Object, Pod};
use base::stretch::{Stretch, lasting, turn};
use base::time::Time;

/// What a write was to the life of a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Created,
    /// Put on a node.
    Bound(Name),
    Ready,
    /// No longer Ready, though nobody had deleted it.
    Unready,
    /// Asked to go, by whom.
    Deleted(Actor),
    /// No longer in the API server.
    Gone,
}

impl Event {
    /// What a write was; `None` where it was nothing of these, or not to a pod.
    pub fn of(change: &Change) -> Option<Event> {
        let (before, pod) = match change.sides(Object::as_pod) {
            [Some(before), Some(pod)] => (before, pod),
            [None, Some(_)] => return Some(Event::Created),
            [Some(_), None] => return Some(Event::Gone),
            [None, None] => return None,
        };
        if change.is_deletion() {
            return Some(Event::Deleted(change.by.clone()));
        }
        if let (None, Some(node)) = (&before.node, &pod.node) {
            return Some(Event::Bound(Rc::clone(node)));
        }
        match (before.ready(), pod.ready()) {
            _ if pod.meta.terminating() => None,
            (false, true) => Some(Event::Ready),
            (true, false) => Some(Event::Unready),
            _ => None,
        }
    }
}

/// A pod, and what has happened to it since it came or since its life is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life {
    /// As it was last written.
    pub pod: Rc<Pod>,
    pub since: Time,
    /// When it was Ready, and nobody had asked it to go.
    pub ready: Vec<Stretch>,
    /// When it was asked to go, and by whom; `None` if that was before its life is read, too.
    pub asked: Option<(Time, Actor)>,
    /// When it left the API server, and who took it away.
    pub gone: Option<(Time, Actor)>,
}

impl Life {
    /// That of a pod from an instant on.
    pub fn of(pod: &Rc<Pod>, since: Time) -> Life {
        let mut life = Life { pod: Rc::clone(pod), since, ready: Vec::new(), asked: None, gone: None };
        life.turn(since);
        life
    }

    /// Takes in a write to the pod.
    pub fn take(&mut self, change: &Change) -> Option<Event> {
        let event = Event::of(change);
        let end = || Some((change.at, change.by.clone()));
        match &event {
            Some(Event::Deleted(_)) => self.asked = end(),
            Some(Event::Gone) => self.gone = end(),
            _ => {}
        }
        if let Some(pod) = change.object().and_then(Object::as_pod) {
            self.pod = Rc::clone(pod);
        }
        self.turn(change.at);
        event
    }

    fn turn(&mut self, at: Time) {
        let serves = self.pod.ready() && self.gone.is_none() && !self.pod.meta.terminating();
        turn(&mut self.ready, serves.then_some(()), at);
    }

    /// Whether it is Ready, and nobody has asked it to go.
    pub fn serves(&self) -> bool {
        lasting(&self.ready).is_some()
    }

    /// When it was asked to go, or went without having been asked, and by whose hand.
    pub fn ended(&self) -> Option<&(Time, Actor)> {
        self.asked.as_ref().or(self.gone.as_ref().filter(|_| !self.pod.meta.terminating()))
    }

    /// Since when it has no longer been Ready, though nobody had asked it to go by then.
    pub fn lost(&self) -> Option<Time> {
        let to = self.ready.last()?.to?;
        self.ended().is_none_or(|(ended, _)| to < *ended).then_some(to)
    }
}
