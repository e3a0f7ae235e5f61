//! The scheduling queue: which pod is tried next, and when a refused pod is tried again.
//!
//! Models pkg/scheduler/backend/queue with its default feature gates.
//!
//! Promises: plain data; pods are ordered by priority, then by how long they have waited. A refused pod waits until a change could
//! help it, as judged by the plugins that refused it, and at most about five minutes. A pod that failed for another reason is retried
//! after its back-off.
//! Must not know: plugins, beyond asking `wake`; the pods themselves.
//! Not modelled: changes during a decision, which takes no time here; groups of pods.

use base::sorted::{SortedMap, SortedSet};
use std::cmp::Reverse;

use super::verdict::Plugin;
use super::wake::{Happening, helps};
use api::kind::Kind;
use api::object::{ObjectKey, Pod, SchedulingRules};
use api::release::Release;
use base::time::{Span, Time};
use control::cache::Cache;
use server::log::Change;

/// The initial back-off. Models KubeSchedulerConfiguration podInitialBackoffSeconds.
const BACK_OFF_FIRST: Span = Span::seconds(1);
/// The maximum back-off. Models KubeSchedulerConfiguration podMaxBackoffSeconds.
const BACK_OFF_MAX: Span = Span::seconds(10);
/// Back-offs end at multiples of this. Models backend/queue/backoff_queue.go backoffQOrderingWindowDuration.
const BACK_OFF_WINDOW: Span = Span::seconds(1);
/// After this a refused pod is retried regardless. Models podMaxInUnschedulablePodsDuration.
const WAITING_MAX: Span = Span::seconds(300);
/// How often pods that have waited too long are flushed. Models backend/queue/scheduling_queue.go Run.
const FLUSH_PERIOD: Span = Span::seconds(30);

/// The order of active pods: priority, waiting since, and of those that wait since the same instant which one began to first. Models
/// queuesort PrioritySort, whose instants are as fine as to tell any two apart.
type Rank = (Reverse<i64>, Time, u64);

/// The part of the queue a pod is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Ready to be tried.
    Active,
    /// Waits for its back-off to end. A refused pod is tried earlier if nothing else is ready.
    BackOff { until: Time },
    /// Waits for a change.
    Waiting,
    /// Being scheduled or bound.
    InFlight,
}

/// A pod that has no node yet.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    place: Stage,
    priority: i64,
    /// When it came, or failed last.
    since: Time,
    /// Its number among all that came or failed.
    sequence: u64,
    attempts: u64,
    refusals: u32,
    errors: u32,
    plugins: SortedSet<Plugin>,
    /// Whether it is preempting others, and must not be tried until all its victims have been told to go.
    held: bool,
}

impl Entry {
    fn rank(&self) -> Rank {
        (Reverse(self.priority), self.since, self.sequence)
    }

    /// When its current back-off ends, rounded up to the end of a window.
    /// Models backend/queue/backoff_queue.go getBackoffTime and isPodBackingoff.
    fn back_off_end(&self) -> Time {
        let failures = if self.errors > 0 { self.errors } else { self.refusals };
        let Some(doublings) = failures.checked_sub(1) else { return self.since };
        let span = BACK_OFF_FIRST.0.checked_shl(doublings).unwrap_or(u64::MAX).clamp(BACK_OFF_FIRST.0, BACK_OFF_MAX.0);
        following((self.since + Span(span)).0, BACK_OFF_WINDOW)
    }

    /// When the pod is retried though nothing changed; never while it is gated.
    fn flush(&self) -> Time {
        if self.plugins.contains(&Plugin::SchedulingGates) {
            return Time(u64::MAX);
        }
        following((self.since + WAITING_MAX).0, FLUSH_PERIOD)
    }
}

/// The pods that have no node yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    entries: SortedMap<ObjectKey, Entry>,
    active: SortedSet<(Rank, ObjectKey)>,
    back_off: SortedSet<(Time, Rank, ObjectKey)>,
    waiting: SortedSet<(Time, ObjectKey)>,
    next_sequence: u64,
}

impl Queue {
    /// Adds a new pod, to be tried at once; a gated pod waits until its scheduling gates are removed. A pod that is already queued
    /// stays where it is.
    pub fn push(&mut self, pod: &ObjectKey, rules: &SchedulingRules, now: Time) {
        if self.entries.contains_key(pod) {
            return;
        }
        let (place, plugins) =
            if rules.gated { (Stage::Waiting, SortedSet::from([Plugin::SchedulingGates])) } else { (Stage::Active, SortedSet::new()) };
        let (priority, sequence) = (rules.priority, self.number());
        let entry =
            Entry { place: Stage::InFlight, priority, since: now, sequence, attempts: 0, refusals: 0, errors: 0, plugins, held: false };
        self.entries.insert(pod.clone(), entry);
        self.put(pod, place);
    }

    /// Removes a pod that was bound or deleted.
    pub fn forget(&mut self, pod: &ObjectKey) {
        self.lift(pod);
        self.entries.remove(pod);
    }

    /// Pops the next pod to try, with the number of earlier attempts. If nothing else is ready, refused pods need not sit out their
    /// back-off. Models the gate SchedulerPopFromBackoffQ.
    pub fn pop(&mut self, now: Time) -> Option<(ObjectKey, u64)> {
        self.advance(now);
        let early = || self.back_off.iter().find(|(_, _, key)| self.entries.get(key).is_some_and(|e| !e.plugins.is_empty()));
        let pod = self.active.first().map(|(_, key)| key).or_else(|| early().map(|(_, _, key)| key))?.clone();
        self.put(&pod, Stage::InFlight);
        let entry = self.entries.get_mut(&pod)?;
        entry.attempts += 1;
        Some((pod, entry.attempts - 1))
    }

    /// Requeues a popped pod that these plugins refused or, if there are none, that failed with an error.
    /// Models backend/queue/scheduling_queue.go AddUnschedulableIfNotPresent.
    pub fn failed(&mut self, pod: &ObjectKey, plugins: SortedSet<Plugin>, now: Time) {
        let sequence = self.number();
        let Some(entry) = self.entries.get_mut(pod).filter(|e| e.place == Stage::InFlight) else { return };
        (entry.since, entry.sequence) = (now, sequence);
        entry.plugins = plugins;
        let place = if entry.plugins.is_empty() {
            entry.errors += 1;
            Stage::BackOff { until: entry.back_off_end() }
        } else {
            entry.refusals += 1;
            entry.errors = 0;
            Stage::Waiting
        };
        self.put(pod, place);
    }

    /// Wakes the pods that a change could help, to be tried once their back-off has ended, and returns them.
    /// `cache` holds the waiting pods. Models backend/queue/scheduling_queue.go MoveAllToActiveOrBackoffQueue.
    pub fn wake(&mut self, change: &Change, release: &Release, cache: &Cache, now: Time) -> Vec<ObjectKey> {
        Happening::of(change, release).map_or_else(Vec::new, |happening| self.wake_by(&happening, None, cache, now))
    }

    /// Wakes pods, up to a priority, because a pod no longer takes, or is nominated for, the place on its [`Pod::node`].
    /// Models eventhandlers.go updatePodInSchedulingQueue and handleAssumedPodDeletion.
    pub fn wake_for_place_of(&mut self, pod: &Pod, most: Option<i64>, cache: &Cache, now: Time) {
        self.wake_by(&Happening::Placed { before: Some(pod), after: None }, most, cache, now);
    }

    fn wake_by(&mut self, happening: &Happening, most: Option<i64>, cache: &Cache, now: Time) -> Vec<ObjectKey> {
        let tables = &cache.tables;
        let may = |key: &ObjectKey| self.entries.get(key).is_some_and(|e| !e.held && most.is_none_or(|most| e.priority <= most));
        let helped = |key: &ObjectKey| {
            let pod: Option<&Pod> = tables.pod(&key.namespace, &key.name).map(|p| &**p).filter(|_| may(key));
            let plugins = self.entries.get(key).map(|e| &e.plugins).into_iter().flatten();
            let ready = pod.filter(|p| !p.spec.template.scheduling.gated);
            ready.is_some_and(|pod| plugins.into_iter().any(|plugin| helps(happening, *plugin, pod, tables)))
        };
        let waits = |key: &ObjectKey| self.entries.get(key).is_some_and(|e| e.place == Stage::Waiting);
        let woken: Vec<ObjectKey> = match happening {
            // A claim helps none but its users, and a great many may wait for theirs.
            Happening::Claim { claim, .. } => {
                let users = cache.users_of(&claim.meta.namespaced_name());
                let users = users.map(|pod| ObjectKey::new(Kind::Pod, &claim.meta.namespace, pod));
                users.filter(|key| waits(key) && helped(key)).collect()
            }
            _ => self.waiting.iter().map(|(_, key)| key).filter(|key| helped(key)).cloned().collect(),
        };
        for pod in &woken {
            self.retry(pod, now);
        }
        woken
    }

    /// Holds a pod back while it preempts others, or releases it.
    /// Models defaultpreemption PreEnqueue.
    pub fn hold(&mut self, pod: &ObjectKey, held: bool) {
        if let Some(entry) = self.entries.get_mut(pod) {
            entry.held = held;
        }
    }

    /// Makes a pod ready to be tried at once, whatever it waits for. Models backend/queue/scheduling_queue.go Activate.
    pub fn activate(&mut self, pod: &ObjectKey) {
        if self.entries.get(pod).is_some_and(|e| matches!(e.place, Stage::Waiting | Stage::BackOff { .. })) {
            self.put(pod, Stage::Active);
        }
    }

    /// When [`Queue::pop`] next returns a pod if nothing changes; in the past if one is ready.
    pub fn next_time(&self) -> Option<Time> {
        let since = |key: &ObjectKey| self.entries.get(key).map(|e| e.since);
        let active = self.active.first().and_then(|(_, key)| since(key));
        let refused = |key: &ObjectKey| self.entries.get(key).is_some_and(|e| !e.plugins.is_empty());
        let early = self.back_off.iter().find(|(_, _, key)| refused(key)).and_then(|(_, _, key)| since(key));
        let back_off = self.back_off.first().map(|(until, _, _)| *until);
        let flush = self.waiting.first().map(|(flush, _)| *flush).filter(|t| t.0 < u64::MAX);
        [active, early, back_off, flush].into_iter().flatten().min()
    }

    /// Moves pods whose back-off has ended, and pods that have waited too long.
    fn advance(&mut self, now: Time) {
        let overdue: Vec<ObjectKey> = self.waiting.iter().take_while(|(flush, _)| *flush <= now).map(|(_, key)| key.clone()).collect();
        for pod in &overdue {
            self.retry(pod, now);
        }
        let ended: Vec<ObjectKey> = self.back_off.iter().take_while(|(until, _, _)| *until <= now).map(|(_, _, key)| key.clone()).collect();
        for pod in &ended {
            self.put(pod, Stage::Active);
        }
    }

    /// Lets a waiting pod be tried again after its back-off.
    fn retry(&mut self, pod: &ObjectKey, now: Time) {
        let Some(until) = self.entries.get(pod).map(Entry::back_off_end) else { return };
        self.put(pod, if until > now { Stage::BackOff { until } } else { Stage::Active });
    }

    /// The next number of what comes or fails.
    fn number(&mut self) -> u64 {
        self.next_sequence += 1;
        self.next_sequence
    }

    /// Puts a pod into a part of the queue.
    fn put(&mut self, pod: &ObjectKey, place: Stage) {
        self.lift(pod);
        let Some(entry) = self.entries.get_mut(pod) else { return };
        entry.place = place;
        match place {
            Stage::Active => {
                self.active.insert((entry.rank(), pod.clone()));
            }
            Stage::BackOff { until } => {
                self.back_off.insert((until, entry.rank(), pod.clone()));
            }
            Stage::Waiting => {
                self.waiting.insert((entry.flush(), pod.clone()));
            }
            Stage::InFlight => {}
        }
    }

    /// Takes a pod out of its part of the queue.
    fn lift(&mut self, pod: &ObjectKey) {
        let Some(entry) = self.entries.get(pod) else { return };
        match entry.place {
            Stage::Active => {
                self.active.remove(&(entry.rank(), pod.clone()));
            }
            Stage::BackOff { until } => {
                self.back_off.remove(&(until, entry.rank(), pod.clone()));
            }
            Stage::Waiting => {
                self.waiting.remove(&(entry.flush(), pod.clone()));
            }
            Stage::InFlight => {}
        }
    }
}

/// The next multiple of a period after an instant in milliseconds.
fn following(instant: u64, period: Span) -> Time {
    Time(((instant / period.0).saturating_add(1)).saturating_mul(period.0))
}
