//! The decision log: the latest decision of each component about each object, and the recent ones in order.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{Component, Decision};
use api::object::ObjectKey;
use base::hash::print_name;
use base::slots::{SlotId, Slots};
use base::time::Time;

/// How many recent decisions are kept; the latest per object are never dropped for age.
const RECENT: usize = 4_000;

/// A decision, with when it was first and last made and how many times in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub decision: Rc<Decision>,
    /// When it was first made.
    pub first: Time,
    /// When it was last made.
    pub last: Time,
    /// How many times in a row, with no other decision of the component about the object in between.
    pub times: u32,
}

/// All decisions that matter now.
#[derive(Clone, Debug, Default)]
pub struct DecisionLog {
    /// By object; one entry per component, in the order of the enum, and at least one. Shared, so that copying the world does not copy its
    /// reasons.
    latest: Slots<Rc<Vec<Entry>>>,
    recent: VecDeque<(Time, Rc<Decision>)>,
}

/// The hash by which what was decided about an object is found.
fn hash(about: &ObjectKey) -> u32 {
    print_name(about.kind.index() as u64, &about.namespace, &about.name)
}

impl DecisionLog {
    /// Records a decision. A repetition only updates its entry.
    pub fn record(&mut self, now: Time, decision: impl Into<Rc<Decision>>) {
        self.take_in(now, decision.into());
    }

    fn take_in(&mut self, now: Time, decision: Rc<Decision>) {
        let hash = hash(&decision.about);
        let place = self.place(hash, &decision.about);
        let entry = Entry { decision, first: now, last: now, times: 1 };
        if let Some(entries) = place.and_then(|place| self.latest.get_mut(place)) {
            if !note(Rc::make_mut(entries), &entry) {
                return;
            }
        } else {
            self.latest.add(hash, Rc::new(vec![entry.clone()]));
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((now, entry.decision));
    }

    /// Where the decisions about an object are, by its hash.
    fn place(&self, hash: u32, about: &ObjectKey) -> Option<SlotId> {
        self.latest.find(hash, |entries| entries.first().is_some_and(|entry| entry.decision.about == *about))
    }

    /// The latest decisions about an object, by component.
    pub fn about(&self, key: &ObjectKey) -> impl Iterator<Item = &Entry> {
        self.entries(key).into_iter().flat_map(|entries| entries.iter())
    }

    /// The latest decision of one component about an object.
    pub fn by(&self, key: &ObjectKey, who: Component) -> Option<&Entry> {
        self.entries(key)?.iter().find(|entry| entry.decision.who == who)
    }

    fn entries(&self, key: &ObjectKey) -> Option<&Rc<Vec<Entry>>> {
        self.latest.get(self.place(hash(key), key)?)
    }

    /// The recent decisions, oldest first.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &(Time, Rc<Decision>)> + Clone {
        self.recent.iter()
    }
}

/// Takes a decision in among the latest about its object; returns whether it is another than its component made last.
fn note(entries: &mut Vec<Entry>, new: &Entry) -> bool {
    let decision = &new.decision;
    let at = entries.partition_point(|entry| entry.decision.who < decision.who);
    let Some(own) = entries.get_mut(at).filter(|entry| entry.decision.who == decision.who) else {
        entries.insert(at, new.clone());
        return true;
    };
    if own.decision.because != decision.because || own.decision.verdict != decision.verdict {
        *own = new.clone();
        return true;
    }
    own.last = new.last;
    own.times = own.times.saturating_add(1);
    if own.decision != *decision {
        own.decision = Rc::clone(decision);
    }
    false
}
