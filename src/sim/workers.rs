//! The controllers' work queues: which keys wait, which are being synced, and how far their plans have got.
//!
//! Models client-go util/workqueue: a key is queued at most once, is never synced twice at the same time, and is retried with
//! back-off while its sync fails.

use std::rc::Rc;

use super::event::{Event, Queue};
use crate::api::controller::Controller;
use crate::api::object::{ObjectKey, Uid};
use crate::api::obstacle::Failure;
use crate::base::sorted::SortedMap;
use crate::base::time::{Span, Time};
use crate::control::plan::Plan;

/// The queue state of one key of one controller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct KeyState {
    due: Option<Time>,
    running: bool,
    /// When to sync again, if that was asked for during a sync.
    dirty: Option<Time>,
    failures: u32,
}

/// A sync in progress.
#[derive(Clone, Debug)]
pub struct Run {
    /// The controller.
    pub controller: Controller,
    /// The object being synced.
    pub key: ObjectKey,
    /// The requests and events it is carrying out.
    pub plan: Plan,
    /// How far it has got.
    pub at: Position,
    /// Which chains of the current batch have failed.
    pub broken: Vec<bool>,
    /// The first error.
    pub error: Option<Failure>,
    /// Whether a failure prevents the status update.
    pub untold: bool,
    /// How many deletions reduce `status.currentReplicas`.
    pub taken_from_current: i64,
    /// The object written last, and the revision it got.
    pub written: Option<(ObjectKey, u64)>,
    /// The owner whose writes are tracked by the staleness guard.
    pub owner: Option<Uid>,
}

/// A sync's position in its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At a step of the chains of a batch.
    Batch(usize, usize),
    /// At the status update.
    Status,
    /// At a step of the plan's final part.
    Finally(usize),
    /// Finished.
    End,
}

/// All controllers' queues and running syncs.
#[derive(Clone, Debug, Default)]
pub struct Workers {
    keys: SortedMap<(Controller, ObjectKey), KeyState>,
    /// Shared, so that moving or copying the map only moves pointers: plans are large, and there may be thousands.
    runs: SortedMap<u64, Rc<Run>>,
    started: u64,
    own_writes: SortedMap<Uid, u64>,
}

impl Workers {
    /// Queues a key for a sync at a time; if it is already queued for an earlier time, that stands.
    pub fn enqueue(&mut self, queue: &mut Queue, controller: Controller, key: &ObjectKey, at: Time) {
        let state = self.keys.entry((controller, key.clone())).or_default();
        if state.running {
            state.dirty = Some(state.dirty.map_or(at, |asked| asked.min(at)));
        } else if state.due.is_none_or(|due| due > at) {
            state.due = Some(at);
            queue.push(at, Event::Sync(controller, key.clone()));
        }
    }

    /// Takes a key from the queue, if it is still due now and has not been rescheduled.
    pub fn begin(&mut self, controller: Controller, key: &ObjectKey, now: Time) -> bool {
        let Some(state) = self.keys.get_mut(&(controller, key.clone())) else { return false };
        if state.running || state.due != Some(now) {
            return false;
        }
        (state.running, state.due) = (true, None);
        true
    }

    /// Stores a sync that sends requests; returns its number.
    pub fn start(&mut self, run: Run) -> u64 {
        self.started += 1;
        self.put_back(self.started, run);
        self.started
    }

    /// Takes out a running sync to continue it. Return it with [`Workers::put_back`].
    pub fn take(&mut self, id: u64) -> Option<Run> {
        self.runs.remove(&id).map(Rc::unwrap_or_clone)
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
    pub fn put_back(&mut self, id: u64, run: Run) {
        self.runs.insert(id, Rc::new(run));
    }

    /// Finishes a sync: retries it if it failed, and requeues the key if it changed meanwhile or asked for it.
    pub fn finish(&mut self, queue: &mut Queue, done: &Done, now: Time) {
        let place = (done.controller, done.key.clone());
        let Some(state) = self.keys.get_mut(&place) else { return };
        state.running = false;
        let dirty = std::mem::take(&mut state.dirty);
        state.failures = if done.failed { state.failures + 1 } else { 0 };
        let failures = state.failures;
        if !done.failed && dirty.is_none() && done.again.is_none() {
            self.keys.remove(&place);
            return;
        }
        if done.failed {
            let pause = done.retry_first.0.saturating_mul(1 << (failures - 1).min(40)).min(done.retry_most.0);
            self.enqueue(queue, done.controller, &done.key, now + Span(pause));
        }
        if let Some(again) = done.again {
            self.enqueue(queue, done.controller, &done.key, now + again);
        }
        if let Some(asked) = dirty {
            self.enqueue(queue, done.controller, &done.key, asked.max(now + done.sync));
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
#[derive(Clone, Debug)]
pub struct Done {
    /// The controller.
    pub controller: Controller,
    /// The object synced.
    pub key: ObjectKey,
    /// Whether it failed.
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
