//! What the ReplicaSet controller needs to know about a set's pods, maintained incrementally so that a sync need not read them all.
//!
//! Promises: the counts equal those of a full walk over the pods (a test compares them).

use base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use api::object::workload::ReplicaSetSpec;
use api::object::{Name, Pod};
use base::time::{Span, Time};

/// A pod's stage in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Neither terminal nor terminating. Models pkg/controller/controller_utils.go IsPodActive.
    Active,
    /// Terminating, but not terminal yet. Models controller_utils.go IsPodTerminating.
    Terminating,
    /// Terminal.
    Ended,
}

/// The facts about one pod that matter to its ReplicaSet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplicaFacts {
    /// Its stage.
    pub life: Life,
    /// Since when it is Ready, if it is.
    pub ready: Option<Time>,
    /// Whether it has all labels of the template.
    pub labeled: bool,
    /// Whether the set's selector matches it.
    pub selected: bool,
}

impl ReplicaFacts {
    /// Extracts the facts about a pod, for a set with this spec.
    pub fn of(pod: &Pod, spec: Option<&ReplicaSetSpec>) -> Self {
        let has_label = |(key, value): (&Name, &Name)| pod.meta.labels.get(key) == Some(value);
        ReplicaFacts {
            life: match pod.status.phase.terminal() {
                true => Life::Ended,
                false if pod.meta.terminating() => Life::Terminating,
                false => Life::Active,
            },
            ready: pod.ready_since(),
            labeled: spec.is_none_or(|s| s.template.labels.iter().all(has_label)),
            selected: spec.is_none_or(|s| s.selector.matches(&pod.meta.labels)),
        }
    }

    /// Whether it is active.
    pub fn active(self) -> bool {
        self.life == Life::Active
    }

    /// Since when it counts as a Ready pod of the set.
    fn serves(self) -> Option<Time> {
        self.ready.filter(|_| self.active() && self.selected)
    }
}

/// Counts over a set's pods. Pods that the selector does not match are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplicaCounts {
    /// Active pods.
    pub active: i64,
    /// Those of them with all labels of the template.
    pub labeled: i64,
    /// Those of them that are Ready.
    pub ready: i64,
    /// Those of them that have been Ready for long enough.
    pub available: i64,
    /// Terminating pods.
    pub terminating: i64,
}

/// The pods of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplicaPods {
    rows: SortedMap<Name, ReplicaFacts>,
    unselected: SortedSet<Name>,
    unready: SortedSet<Name>,
    ready_since: SortedSet<(Time, Name)>,
    counts: ReplicaCounts,
    lasting: usize,
}

impl ReplicaPods {
    /// Adds or updates a pod.
    pub fn put(&mut self, name: &Name, facts: ReplicaFacts) {
        self.take(name);
        self.count(facts, 1);
        self.lasting += usize::from(facts.life != Life::Ended);
        if let Some(since) = facts.serves() {
            self.ready_since.insert((since, Rc::clone(name)));
        } else if facts.active() && facts.selected {
            self.unready.insert(Rc::clone(name));
        }
        if !facts.selected {
            self.unselected.insert(Rc::clone(name));
        }
        self.rows.insert(Rc::clone(name), facts);
    }

    /// Removes a pod.
    pub fn take(&mut self, name: &Name) -> Option<ReplicaFacts> {
        let facts = self.rows.remove(name)?;
        self.count(facts, -1);
        self.lasting -= usize::from(facts.life != Life::Ended);
        if let Some(since) = facts.serves() {
            self.ready_since.remove(&(since, Rc::clone(name)));
        }
        self.unready.remove(name);
        self.unselected.remove(name);
        Some(facts)
    }

    fn count(&mut self, facts: ReplicaFacts, by: i64) {
        if !facts.selected {
            return;
        }
        let if_so = |yes: bool| if yes { by } else { 0 };
        self.counts.active += if_so(facts.active());
        self.counts.labeled += if_so(facts.active() && facts.labeled);
        self.counts.ready += if_so(facts.serves().is_some());
        self.counts.terminating += if_so(facts.life == Life::Terminating);
    }

    /// Whether the set has no pods.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether any pod is not terminal yet.
    pub fn any_lasting(&self) -> bool {
        self.lasting > 0
    }

    /// The names of all pods.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.rows.keys()
    }

    /// The names of the pods that count: active and matched by the selector.
    pub fn active(&self) -> impl Iterator<Item = &Name> {
        self.rows.iter().filter(|(_, f)| f.active() && f.selected).map(|(name, _)| name)
    }

    /// The names of the active pods that the selector does not match.
    pub fn strangers(&self) -> impl Iterator<Item = &Name> {
        self.unselected.iter().filter(|name| self.rows.get(*name).is_some_and(|f| f.active()))
    }

    /// Counts over all pods.
    pub fn counts(&self, min_ready: Span, now: Time) -> ReplicaCounts {
        let young = i64::try_from(self.young(min_ready, now).count()).unwrap_or(0);
        ReplicaCounts { available: self.counts.ready - young, ..self.counts }
    }

    /// When the next pod will have been Ready for `min_ready`.
    pub fn next_available(&self, min_ready: Span, now: Time) -> Option<Time> {
        self.young(min_ready, now).next().map(|(since, _)| *since + min_ready)
    }

    /// An active pod that is not available, preferably one that is not even Ready.
    pub fn first_unavailable(&self, min_ready: Span, now: Time) -> Option<&Name> {
        self.unready.first().or_else(|| self.young(min_ready, now).next().map(|(_, name)| name))
    }

    /// The pods that have been Ready for less than `min_ready`, with since when; the longest Ready first.
    fn young(&self, min_ready: Span, now: Time) -> impl Iterator<Item = &(Time, Name)> {
        now.less_than_ago(min_ready).into_iter().flat_map(|from| self.ready_since.range((from, Name::default())..))
    }
}
