//! The decision log: the latest decision of each component about each object, and the recent ones in order.

use std::collections::VecDeque;
use std::rc::Rc;

use super::{Component, Decision};
use api::kind::Kind;
use api::object::{NamespacedName, ObjectKey};
use base::sorted::SortedMap;
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
#[derive(Clone, Debug)]
pub struct DecisionLog {
    /// By kind, as most objects are decided about in turn with the same of other kinds; one entry per component, in the order of the
    /// enum. Shared, so that copying the world does not copy its reasons.
    latest: [SortedMap<NamespacedName, Rc<Vec<Entry>>>; Kind::ALL.len() + 1],
    recent: VecDeque<(Time, Rc<Decision>)>,
}

impl Default for DecisionLog {
    fn default() -> Self {
        DecisionLog { latest: [const { SortedMap::new() }; Kind::ALL.len() + 1], recent: VecDeque::new() }
    }
}

impl DecisionLog {
    /// Records a decision. A repetition only updates its entry.
    pub fn record(&mut self, now: Time, decision: impl Into<Rc<Decision>>) {
        self.take_in(now, decision.into());
    }

    fn take_in(&mut self, now: Time, decision: Rc<Decision>) {
        let about = &decision.about;
        let entries = Rc::make_mut(self.latest[about.kind.index()].entry(about.namespaced_name()).or_default());
        let at = entries.partition_point(|entry| entry.decision.who < decision.who);
        let own = entries.get_mut(at).filter(|entry| entry.decision.who == decision.who);
        let is_new = own.is_none();
        if let Some(entry) = own
            && entry.decision.because == decision.because
            && entry.decision.verdict == decision.verdict
        {
            entry.last = now;
            entry.times = entry.times.saturating_add(1);
            if entry.decision != decision {
                entry.decision = decision;
            }
            return;
        }
        let entry = Entry { decision: Rc::clone(&decision), first: now, last: now, times: 1 };
        if is_new {
            entries.insert(at, entry);
        } else {
            entries[at] = entry;
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back((now, decision));
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
        self.latest[key.kind.index()].get(&key.namespaced_name())
    }

    /// The recent decisions, oldest first.
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &(Time, Rc<Decision>)> + Clone {
        self.recent.iter()
    }
}
