//! The controllers' work queues: which keys wait, which are being synced, and how far their plans have got.
//!
//! Models client-go util/workqueue: a key is queued at most once, is never synced twice at the same time, and is retried with
//! back-off while its sync fails. What is to be queued later waits apart from the queue: neither a sync before that nor its success
//! takes it back, and only an earlier time takes its place.

use std::rc::Rc;

use super::event::{Event, Queue};
use api::controller::Controller;
use api::object::{ObjectKey, Uid};
use api::obstacle::Failure;
use base::hash::print_name;
use base::slots::{SlotId, Slots};
use base::sorted::SortedMap;
use base::time::{Span, Time};
use control::plan::{Plan, Stage};
use control::registration;

/// The queue state of one key of one controller.
#[derive(Clone, Debug)]
struct KeyState {
    controller: Controller,
    key: ObjectKey,
    /// When it is picked up.
    due: Option<Time>,
    /// When it is queued again, whatever happens before.
    later: Option<Time>,
    /// Whether only a failure asked for that.
    retries: bool,
    running: bool,
    /// When to sync again, if that was asked for during a sync.
    dirty: Option<Time>,
    failures: u32,
}

impl KeyState {
    /// Queues the key; see [`Workers::enqueue`].
    fn enqueue(&mut self, queue: &mut Queue, place: SlotId, at: Time) {
        if self.running {
            self.dirty = Some(self.dirty.map_or(at, |asked| asked.min(at)));
        } else if self.due.is_none_or(|due| due > at) {
            self.due = Some(at);
            queue.push(at, Event::Sync(self.controller, self.key.clone(), place));
        }
    }

    /// Queues the key later; see [`Workers::enqueue_after`].
    fn enqueue_after(&mut self, queue: &mut Queue, place: SlotId, at: Time) {
        if registration(self.controller).goes_round {
            return self.enqueue(queue, place, at);
        }
        self.retries = false;
        if self.later.is_none_or(|later| later > at) {
            self.later = Some(at);
            queue.push(at, Event::Sync(self.controller, self.key.clone(), place));
        }
    }

    fn is_of(&self, controller: Controller, key: &ObjectKey) -> bool {
        self.controller == controller && self.key == *key
    }

    /// Whether nothing is known of the key: it neither waits nor is synced.
    fn is_idle(&self) -> bool {
        self.due.is_none() && self.later.is_none() && !self.running
    }
}

/// A sync in progress.
#[derive(Clone, Debug)]
pub struct Run {
    pub controller: Controller,
    /// The object being synced.
    pub key: ObjectKey,
    /// The requests and events it is carrying out.
    pub plan: Plan,
    /// How far it has got.
    pub at: Position,
    /// Which chains of the current batch have failed.
    pub broken: Vec<usize>,
    /// The first error.
    pub error: Option<Failure>,
    /// Whether a failure prevents the status update.
    pub skip_status: bool,
    /// How many deletions reduce `status.currentReplicas`.
    pub taken_from_current: i64,
    /// The object written last, and the revision it got.
    pub written: Option<(ObjectKey, u64)>,
    /// The owner whose writes are tracked by the staleness guard.
    pub owner: Option<Uid>,
    /// Where the state of its key is.
    pub place: SlotId,
}

/// A sync's position in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At a step of the chains of a batch of a stage.
    Batch(Stage, usize, usize),
    /// At the status update.
    Status,
    /// At a step of the plan's final part.
    Finally(usize),
    /// Finished.
    End,
}

/// How many idle keys are kept at least.
const MOST_IDLE: usize = 1024;

/// All controllers' queues and running syncs.
#[derive(Clone, Debug, Default)]
pub struct Workers {
    /// Idle keys are kept for a while: most are soon queued again.
    keys: Slots<KeyState>,
    idle: usize,
    /// Shared, so that moving or copying the map only moves pointers: plans are large, and there may be thousands.
    runs: SortedMap<u64, Rc<Run>>,
    started: u64,
    own_writes: SortedMap<Uid, u64>,
}

/// The hash by which a key of a controller is found.
fn hash(controller: Controller, key: &ObjectKey) -> u32 {
    let number = (key.kind.index() * Controller::NUMBERS + controller as usize) as u64;
    print_name(number, &key.namespace, &key.name)
}

impl Workers {
    /// Where the state of a key is, by its hash.
    fn place(&self, hash: u32, controller: Controller, key: &ObjectKey) -> Option<SlotId> {
        self.keys.find(hash, |state| state.is_of(controller, key))
    }

    /// The state of a key that is to be queued, which may be new, and where it is.
    fn state(&mut self, controller: Controller, key: &ObjectKey) -> (&mut KeyState, SlotId) {
        let hash = hash(controller, key);
        let place = self.place(hash, controller, key).unwrap_or_else(|| {
            let key = key.clone();
            self.idle += 1;
            self.keys
                .add(hash, KeyState { controller, key, due: None, later: None, retries: false, running: false, dirty: None, failures: 0 })
        });
        let state = self.keys.get_mut(place).expect("found or added");
        self.idle -= usize::from(state.is_idle());
        (state, place)
    }

    /// Queues a key for a sync at a time; if it is already queued for an earlier time, that stands.
    pub fn enqueue(&mut self, queue: &mut Queue, controller: Controller, key: &ObjectKey, at: Time) {
        let (state, place) = self.state(controller, key);
        state.enqueue(queue, place, at);
    }

    /// Queues a key at a later time; if that is already to happen earlier, it stays so. Models delaying_queue.go AddAfter.
    pub fn enqueue_after(&mut self, queue: &mut Queue, controller: Controller, key: &ObjectKey, at: Time) {
        let (state, place) = self.state(controller, key);
        state.enqueue_after(queue, place, at);
    }

    /// Takes a key from the queue, if it is due now and has not been rescheduled; returns where its state is, which may have been at this
    /// place when it was queued, forgotten since, and made anew elsewhere.
    pub fn begin(&mut self, controller: Controller, key: &ObjectKey, place: SlotId, now: Time) -> Option<SlotId> {
        let is_there = self.keys.get(place).is_some_and(|state| state.is_of(controller, key));
        let place = if is_there { place } else { self.place(hash(controller, key), controller, key)? };
        let state = self.keys.get_mut(place)?;
        let mut asked = state.due == Some(now);
        if state.later == Some(now) {
            state.later = None;
            asked |= state.due.is_none();
        }
        if asked && state.running {
            state.dirty = Some(state.dirty.map_or(now, |dirty| dirty.min(now)));
        } else if asked {
            (state.running, state.due) = (true, None);
            return Some(place);
        }
        None
    }

    /// Whether a sync that is due then can still change anything: it has not been rescheduled, and is not left over from an attempt
    /// that failed before another one succeeded.
    pub fn awaits(&self, controller: Controller, key: &ObjectKey, at: Time) -> bool {
        let state = self.place(hash(controller, key), controller, key).and_then(|place| self.keys.get(place));
        state.is_some_and(|state| state.due == Some(at) || state.later == Some(at) && !(state.retries && state.failures == 0))
    }

    /// Stores a sync that sends requests; returns its number.
    pub fn start(&mut self, run: Run) -> u64 {
        self.started += 1;
        self.put_back(self.started, Rc::new(run));
        self.started
    }

    /// Takes out a running sync to continue it. Return it with [`Workers::put_back`].
    pub fn take(&mut self, id: u64) -> Option<Rc<Run>> {
        self.runs.remove(&id)
    }

    /// The running syncs that began after the one with this number, with their numbers.
    pub fn since(&self, number: u64) -> impl Iterator<Item = (u64, &Run)> {
        self.runs.range(number.saturating_add(1)..).map(|(number, run)| (*number, &**run))
    }

    /// Whether no sync is running.
    pub fn idle(&self) -> bool {
        self.runs.is_empty()
    }

    /// Stores a sync until its next request.
    pub fn put_back(&mut self, id: u64, run: Rc<Run>) {
        self.runs.insert(id, run);
    }

    /// Finishes a sync: retries it if it failed, and requeues the key if it changed meanwhile or asked for it.
    pub fn finish(&mut self, queue: &mut Queue, done: &Done, now: Time) {
        let Some(state) = self.keys.get_mut(done.place) else { return };
        state.running = false;
        let dirty = std::mem::take(&mut state.dirty);
        state.failures = if done.failed { state.failures + 1 } else { 0 };
        let (failures, only_retries) = (state.failures, state.later.is_none() || state.retries);
        if done.failed {
            let pause = done.retry_first.0.saturating_mul(1 << (failures - 1).min(40)).min(done.retry_most.0);
            state.enqueue_after(queue, done.place, now + Span(pause));
            state.retries = only_retries;
        }
        if let Some(again) = done.again {
            state.enqueue_after(queue, done.place, now + again);
        }
        if let Some(asked) = dirty {
            state.enqueue(queue, done.place, asked.max(now + done.sync));
        }
        if state.is_idle() {
            self.idle += 1;
            self.forget_idle();
        }
    }

    /// Forgets the idle keys when there are many, and more than others.
    fn forget_idle(&mut self) {
        if self.idle > MOST_IDLE && self.idle > self.keys.len() / 2 {
            self.keys.retain(|state| hash(state.controller, &state.key), |state| !state.is_idle());
            self.idle = 0;
        }
    }

    /// Records that a controller wrote something for an owner, at a revision its cache has yet to reach.
    pub fn wrote(&mut self, owner: Uid, revision: u64) {
        self.own_writes.insert(owner, revision);
    }

    /// Whether a cache at this revision is missing the latest writes for an owner. Models pkg/controller/util/consistency EnsureReady.
    pub fn behind(&mut self, owner: Uid, seen: u64) -> bool {
        match self.own_writes.get(&owner) {
            Some(wrote) if *wrote > seen => true,
            Some(_) => {
                self.own_writes.remove(&owner);
                false
            }
            None => false,
        }
    }
}

/// The outcome of a sync.
#[derive(Clone, Copy, Debug)]
pub struct Done {
    /// Where the state of the key is.
    pub place: SlotId,
    pub failed: bool,
    /// After how long it asks to be requeued.
    pub again: Option<Span>,
    /// The initial back-off after a failure.
    pub retry_first: Span,
    /// The maximum back-off after failures.
    pub retry_most: Span,
    /// The delay between a change and its sync.
    pub sync: Span,
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::kind::Kind;

    /// Everything that is synced up to an instant, and when; each sync takes no time, and fails where told.
    fn syncs(workers: &mut Workers, queue: &mut Queue, until: Time, fails: impl Fn(Time) -> bool) -> Vec<u64> {
        let mut seen = Vec::new();
        while queue.next_time().is_some_and(|at| at <= until) {
            let Some((now, Event::Sync(controller, key, place))) = queue.pop() else { continue };
            if let Some(place) = workers.begin(controller, &key, place, now) {
                seen.push(now.0);
                let (retry_first, retry_most) = (Span(100), Span(10_000));
                let done = Done { place, failed: fails(now), again: None, retry_first, retry_most, sync: Span(1) };
                workers.finish(queue, &done, now);
            }
        }
        seen
    }

    #[test]
    fn a_retry_that_is_due_comes_whatever_happens_before() {
        let (mut workers, mut queue) = (Workers::default(), Queue::default());
        let (controller, key) = (Controller::StatefulSet, ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into()));
        workers.enqueue(&mut queue, controller, &key, Time(0));
        assert_eq!(syncs(&mut workers, &mut queue, Time(300), |_| true), [0, 100, 300]);
        assert!(workers.awaits(controller, &key, Time(700)));
        workers.enqueue(&mut queue, controller, &key, Time(400));
        assert_eq!(syncs(&mut workers, &mut queue, Time(400), |_| true), [400], "woken early, it fails again");
        workers.enqueue(&mut queue, controller, &key, Time(500));
        assert_eq!(syncs(&mut workers, &mut queue, Time(500), |_| false), [500], "woken early, it succeeds");
        assert!(!workers.awaits(controller, &key, Time(700)), "what is left over changes nothing");
        assert_eq!(syncs(&mut workers, &mut queue, Time(99_999), |_| false), [700], "of several times, the earliest");
        assert_eq!((workers.idle, workers.keys.len()), (1, 1), "nothing waits any more");
    }

    #[test]
    fn what_is_due_during_a_sync_is_done_after_it() {
        let (mut workers, mut queue) = (Workers::default(), Queue::default());
        let (controller, key) = (Controller::Job, ObjectKey::new(Kind::Job, &"default".into(), &"once".into()));
        workers.enqueue(&mut queue, controller, &key, Time(0));
        let place = workers.begin(controller, &key, SlotId::default(), Time(0)).expect("it is due");
        workers.enqueue_after(&mut queue, controller, &key, Time(5));
        assert_eq!(workers.begin(controller, &key, place, Time(5)), None);
        let (retry_first, retry_most, sync) = (Span(100), Span(10_000), Span(1));
        workers.finish(&mut queue, &Done { place, failed: false, again: None, retry_first, retry_most, sync }, Time(7));
        assert_eq!(syncs(&mut workers, &mut queue, Time(99), |_| false), [8]);
    }

    #[test]
    fn idle_keys_are_forgotten_when_there_are_many() {
        let (mut workers, mut queue) = (Workers::default(), Queue::default());
        let key = |n: u64| ObjectKey::new(Kind::Pod, &"default".into(), &format!("web-{n}").into());
        for n in 0..4_000 {
            workers.enqueue(&mut queue, Controller::PodGc, &key(n), Time(n));
        }
        workers.enqueue(&mut queue, Controller::PodGc, &key(1), Time(9_000));
        syncs(&mut workers, &mut queue, Time(3_900), |_| false);
        assert!(workers.keys.len() < 2_100, "{} of 4000", workers.keys.len());
        assert_eq!(workers.keys.len() - workers.idle, 99, "who waits is kept");
        assert_eq!(syncs(&mut workers, &mut queue, Time(9_000), |_| false).len(), 99);
    }
}
