//! What the StatefulSet controller needs to know about a set's pods, maintained incrementally so that a sync need not read them all.
//!
//! Promises: counts and first blockers equal those of a full walk over the pods (a test compares them).

use api::well_known::{CONTROLLER_REVISION_HASH, POD_NAME};
use base::sort::Sort;
use base::sorted::{SortedMap, SortedSet};
use std::ops::Range;

use api::object::pod::is_available;
use api::object::{Name, Pod, PodPhase, Uid, writes_ordinal};
use base::time::{Span, Time};

/// The facts about one pod that matter to its StatefulSet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct PodFacts {
    /// The pod's name.
    pub name: Name,
    /// The pod's uid.
    pub uid: Uid,
    /// The version seen.
    pub revision_seen: u64,
    pub phase: PodPhase,
    /// Since when it is Ready, if it is.
    pub ready: Option<Time>,
    /// Whether its deletion has been requested.
    pub terminating: bool,
    /// The name of its revision; empty if the label is missing.
    pub revision: Name,
    /// Whether its name and its identity labels are those of its ordinal.
    pub identity: bool,
    /// Whether its volumes are the claims of its ordinal.
    pub storage: bool,
    /// Whether the set's selector still matches it.
    pub selected: bool,
}

impl PodFacts {
    /// Extracts the facts about a pod. `storage` and `selected` come from the caller, who knows the set.
    pub fn of(pod: &Pod, storage: bool, selected: bool) -> Self {
        PodFacts {
            name: pod.meta.name.clone(),
            uid: pod.meta.uid,
            revision_seen: pod.meta.revision,
            phase: pod.status.phase,
            ready: pod.ready_since(),
            terminating: pod.meta.terminating(),
            revision: pod.meta.label(CONTROLLER_REVISION_HASH).cloned().unwrap_or_default(),
            identity: pod.meta.label(POD_NAME) == Some(&pod.meta.name) && writes_ordinal(&pod.meta.name),
            storage,
            selected,
        }
    }

    /// Models stateful_set_utils.go isRunningAndReady.
    pub fn running_and_ready(&self) -> bool {
        self.phase == PodPhase::Running && self.ready.is_some()
    }

    /// Models stateful_set_utils.go isRunningAndAvailable, which despite its name does not check the phase.
    pub fn available(&self, min_ready: Span, now: Time) -> bool {
        is_available(self.ready, min_ready, now)
    }

    /// Models stateful_set_utils.go isUnavailable.
    pub fn unavailable(&self, min_ready: Span, now: Time) -> bool {
        self.terminating || !self.available(min_ready, now)
    }

    /// Whether a sync has nothing to do for it, regardless of the time.
    fn settled(&self) -> bool {
        self.running_and_ready() && !self.terminating && self.identity && self.storage && self.selected
    }

    /// Whether a sync has something to do for it other than to wait, as long as the claims of the set's pods are there.
    fn needs_repair(&self) -> bool {
        self.phase.terminal() || !self.identity || !self.storage
    }
}

/// The pods of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetPods {
    rows: SortedMap<i64, PodFacts>,
    unsettled: SortedSet<i64>,
    needs_repair: SortedSet<i64>,
    unselected: SortedSet<i64>,
    running_ready: i64,
    ready_since: SortedSet<(Time, i64)>,
    live_by_revision: SortedMap<Name, SortedSet<i64>>,
    of_revision: SortedMap<Name, usize>,
    contiguous: (i64, i64),
}

/// Counts over all pods of a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pods.
    pub replicas: i64,
    /// Running and Ready.
    pub ready: i64,
    /// Ready for at least `minReadySeconds`.
    pub available: i64,
}

impl SetPods {
    /// Adds or updates a pod.
    pub fn put(&mut self, ordinal: i64, facts: PodFacts) {
        let before = self.rows.insert(ordinal, facts.clone());
        self.shift(ordinal, before.as_ref(), Some(&facts));
        let (start, end) = self.contiguous;
        if before.is_none() && ordinal == end && end > start {
            self.contiguous.1 = self.run_end(ordinal);
        }
    }

    /// Removes a pod.
    pub fn take(&mut self, ordinal: i64) -> Option<PodFacts> {
        let facts = self.rows.remove(&ordinal)?;
        self.shift(ordinal, Some(&facts), None);
        if (self.contiguous.0..self.contiguous.1).contains(&ordinal) {
            self.contiguous.1 = ordinal;
        }
        Some(facts)
    }

    /// Brings everything that is kept beside the rows up to date with what became of one.
    fn shift(&mut self, ordinal: i64, before: Option<&PodFacts>, after: Option<&PodFacts>) {
        let both = |is: fn(&PodFacts) -> bool| [before, after].map(|facts| facts.is_some_and(is));
        mark(&mut self.unsettled, ordinal, both(|facts| !facts.settled()));
        mark(&mut self.needs_repair, ordinal, both(PodFacts::needs_repair));
        mark(&mut self.unselected, ordinal, both(|facts| !facts.selected));
        let [was_ready, is_ready] = both(PodFacts::running_and_ready).map(i64::from);
        self.running_ready += is_ready - was_ready;
        let [was_since, is_since] = [before, after].map(|facts| facts.and_then(|facts| facts.ready));
        if was_since != is_since {
            if let Some(since) = was_since {
                self.ready_since.remove(&(since, ordinal));
            }
            if let Some(since) = is_since {
                self.ready_since.insert((since, ordinal));
            }
        }
        let [was_of, is_of] = [before, after].map(|facts| facts.map(|facts| &facts.revision));
        if was_of != is_of {
            if let Some(revision) = was_of {
                self.forget_revision(revision);
            }
            if let Some(revision) = is_of {
                *self.of_revision.entry(revision.clone()).or_default() += 1;
            }
        }
        let stands = |facts: &&PodFacts| !facts.terminating;
        let [was_standing, is_standing] = [before, after].map(|facts| facts.filter(stands).map(|facts| &facts.revision));
        if was_standing != is_standing {
            if let Some(revision) = was_standing {
                self.falls(revision, ordinal);
            }
            if let Some(revision) = is_standing {
                self.live_by_revision.entry(revision.clone()).or_default().insert(ordinal);
            }
        }
    }

    /// One pod less is of a revision.
    fn forget_revision(&mut self, revision: &Name) {
        if let Some(count) = self.of_revision.get_mut(revision) {
            *count -= 1;
            if *count == 0 {
                self.of_revision.remove(revision);
            }
        }
    }

    /// A pod no longer stands for a revision.
    fn falls(&mut self, revision: &Name, ordinal: i64) {
        if let Some(set) = self.live_by_revision.get_mut(revision) {
            set.remove(&ordinal);
            if set.is_empty() {
                self.live_by_revision.remove(revision);
            }
        }
    }

    fn run_end(&self, from: i64) -> i64 {
        let mut end = from;
        for ordinal in self.rows.range(from..).map(|(o, _)| *o) {
            if ordinal != end {
                break;
            }
            end += 1;
        }
        end
    }

    /// Sets the first desired ordinal, so that the first missing one is found without a walk.
    pub fn begin_at(&mut self, start: i64) {
        if self.contiguous.0 != start || self.contiguous.1 <= start {
            self.contiguous = (start, self.run_end(start));
        }
    }

    /// Whether there is no pod.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One pod.
    pub fn get(&self, ordinal: i64) -> Option<&PodFacts> {
        self.rows.get(&ordinal)
    }

    /// The pods of a range of ordinals, lowest first.
    pub fn range(&self, range: Range<i64>) -> impl DoubleEndedIterator<Item = (i64, &PodFacts)> {
        let range = range.start..range.end.max(range.start);
        self.rows.range(range).map(|(o, f)| (*o, f))
    }

    /// The pods outside a range of ordinals, lowest first.
    pub fn outside(&self, range: Range<i64>) -> impl DoubleEndedIterator<Item = (i64, &PodFacts)> {
        let end = range.end.max(range.start);
        self.rows.range(..range.start).chain(self.rows.range(end..)).map(|(o, f)| (*o, f))
    }

    /// The lowest ordinal of a range that has no pod.
    pub fn first_missing(&self, range: &Range<i64>) -> Option<i64> {
        let end = if (self.contiguous.0..self.contiguous.1).contains(&range.start) { self.contiguous.1 } else { self.run_end(range.start) };
        (end < range.end).then_some(end)
    }

    /// The lowest pod of a range that a sync has to act on or wait for.
    pub fn first_unsettled(&self, range: &Range<i64>, min_ready: Span, now: Time) -> Option<i64> {
        let unsettled = self.unsettled.range(range.start..range.end.max(range.start)).next().copied();
        let young = self.not_yet_available(min_ready, now).map(|(_, ordinal)| *ordinal).filter(|o| range.contains(o)).min();
        unsettled.into_iter().chain(young).min()
    }

    /// The pods of a range that a sync has to act on or wait for, lowest first.
    pub fn unsettled(&self, range: &Range<i64>) -> impl Iterator<Item = i64> {
        self.unsettled.range(range.start..range.end.max(range.start)).copied()
    }

    /// Every pod of a range that has ended or is not as its set says, lowest first: a part of the unsettled ones, most of which
    /// are only on their way.
    pub fn needs_repair(&self, range: &Range<i64>) -> impl Iterator<Item = i64> {
        self.needs_repair.range(range.start..range.end.max(range.start)).copied()
    }

    /// The pods that the set's selector no longer matches.
    pub fn unselected(&self) -> impl Iterator<Item = (i64, &PodFacts)> {
        self.unselected.iter().filter_map(|o| self.rows.get(o).map(|f| (*o, f)))
    }

    /// The pods with zeros before their ordinals.
    pub(crate) fn misnamed(&self) -> impl Iterator<Item = (i64, &PodFacts)> {
        let found = self.needs_repair.iter().filter_map(|o| self.rows.get(o).map(|f| (*o, f)));
        found.filter(|(_, f)| !writes_ordinal(&f.name))
    }

    /// Pods that have been Ready for less than `min_ready`, with since when; the longest Ready first.
    fn not_yet_available(&self, min_ready: Span, now: Time) -> impl Iterator<Item = &(Time, i64)> {
        now.less_than_ago(min_ready).into_iter().flat_map(|from| self.ready_since.range((from, i64::MIN)..))
    }

    /// When the next pod will have been Ready for `min_ready`.
    pub fn next_available(&self, min_ready: Span, now: Time) -> Option<Time> {
        self.not_yet_available(min_ready, now).next().map(|(since, _)| *since + min_ready)
    }

    /// Counts over all pods.
    pub fn counts(&self, min_ready: Span, now: Time) -> Counts {
        let replicas = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        let young =
            self.not_yet_available(min_ready, now).filter(|(_, o)| self.rows.get(o).is_some_and(PodFacts::running_and_ready)).count();
        Counts { replicas, ready: self.running_ready, available: self.running_ready - i64::try_from(young).unwrap_or(0) }
    }

    /// The number of pods of a revision that are not terminating.
    pub fn live_of(&self, revision: &str) -> i64 {
        self.live_by_revision.get(revision).map_or(0, |s| i64::try_from(s.len()).unwrap_or(i64::MAX))
    }

    /// The pods in a range that are neither terminating nor of this revision, highest first.
    pub fn outdated(&self, revision: &str, range: &Range<i64>) -> Vec<i64> {
        let range = range.start..range.end.max(range.start);
        let mut found: Vec<i64> =
            self.live_by_revision.iter().filter(|(r, _)| &***r != revision).flat_map(|(_, s)| s.range(range.clone()).copied()).collect();
        found.sort_small_by(|a, b| b.cmp(a));
        found
    }

    /// Whether any pod, terminating or not, is of this revision.
    pub fn has_revision(&self, revision: &str) -> bool {
        self.of_revision.contains_key(revision)
    }
}

/// Brings the set of the ordinals for which something holds up to date with whether it did and does.
fn mark(set: &mut SortedSet<i64>, ordinal: i64, [was, is]: [bool; 2]) {
    if is && !was {
        set.insert(ordinal);
    } else if was && !is {
        set.remove(&ordinal);
    }
}
