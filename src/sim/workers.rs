//! The controllers at work: which keys wait, which are being synced, and how far their plans have come.
//!
//! Models client-go util/workqueue: a key waits at most once, is never synced twice at the same time, and is retried at
//! growing intervals while its sync fails.

use std::rc::Rc;

use super::event::{Controller, Event, Queue};
use crate::api::object::{ObjectKey, Uid};
use crate::base::sorted::SortedMap;
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::control::plan::Plan;

/// What is known of one key of one controller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct KeyState {
    due: Option<Time>,
    running: bool,
    /// For when a sync was asked for while one was under way.
    dirty: Option<Time>,
    failures: u32,
}

/// A sync under way.
#[derive(Clone, Debug)]
pub struct Run {
    /// Whose.
    pub controller: Controller,
    /// Of what.
    pub key: ObjectKey,
    /// What it does.
    pub plan: Plan,
    /// How far it is.
    pub at: Position,
    /// Chains of the present batch that have failed.
    pub broken: Vec<bool>,
    /// The first error.
    pub error: Option<Word>,
    /// Whether something failed without which there is no status.
    pub untold: bool,
    /// Deletions that take one off `status.currentReplicas`.
    pub taken_from_current: i64,
    /// What was written last, and the revision it got.
    pub written: Option<(ObjectKey, u64)>,
    /// Whose writes are remembered, for the staleness guard.
    pub owner: Option<Uid>,
}

/// Where in its plan a sync is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At a step of the chains of a batch.
    Batch(usize, usize),
    /// At the status.
    Status,
    /// At a step of what comes last.
    Finally(usize),
    /// Through.
    End,
}

/// All controllers' queues and syncs.
#[derive(Clone, Debug, Default)]
pub struct Workers {
    keys: SortedMap<(Controller, ObjectKey), KeyState>,
    /// Shared, so that a map that is moved or copied moves pointers: plans are large, and there may be thousands.
    runs: SortedMap<u64, Rc<Run>>,
    started: u64,
    own_writes: SortedMap<Uid, u64>,
}

impl Workers {
    /// Asks for a sync of a key at a time; an earlier one already asked for stands.
    pub fn enqueue(&mut self, queue: &mut Queue, controller: Controller, key: &ObjectKey, at: Time) {
        let state = self.keys.entry((controller, key.clone())).or_default();
        if state.running {
            state.dirty = Some(state.dirty.map_or(at, |asked| asked.min(at)));
        } else if state.due.is_none_or(|due| due > at) {
            state.due = Some(at);
            queue.push(at, Event::Sync(controller, key.clone()));
        }
    }

    /// Takes a key up, if it is still due now. A key that was moved to another time is not.
    pub fn begin(&mut self, controller: Controller, key: &ObjectKey, now: Time) -> bool {
        let Some(state) = self.keys.get_mut(&(controller, key.clone())) else { return false };
        if state.running || state.due != Some(now) {
            return false;
        }
        (state.running, state.due) = (true, None);
        true
    }

    /// Keeps a sync that sends requests; gives its number.
    pub fn start(&mut self, run: Run) -> u64 {
        self.started += 1;
        self.put_back(self.started, run);
        self.started
    }

    /// A sync under way, to go on with it. Put it back with [`Workers::put_back`].
    pub fn take(&mut self, id: u64) -> Option<Run> {
        self.runs.remove(&id).map(Rc::unwrap_or_clone)
    }

    /// The syncs under way that began after the one of this number, by their numbers.
    pub fn since(&self, number: u64) -> impl Iterator<Item = (u64, &Run)> {
        self.runs.range(number.saturating_add(1)..).map(|(number, run)| (*number, &**run))
    }

    /// Whether no sync is under way.
    pub fn idle(&self) -> bool {
        self.runs.is_empty()
    }

    /// Keeps a sync until its next request.
    pub fn put_back(&mut self, id: u64, run: Run) {
        self.runs.insert(id, Rc::new(run));
    }

    /// Ends a sync: retries it if it failed, syncs again if the key changed meanwhile or asked to be looked at again.
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

    /// Remembers that a controller wrote something for an owner, at a revision its cache has yet to reach.
    pub fn wrote(&mut self, owner: Uid, revision: u64) {
        self.own_writes.insert(owner, revision);
    }

    /// Whether a cache at this revision lacks the last writes for an owner. Models pkg/controller/util/consistency EnsureReady.
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

/// How a sync ended.
#[derive(Clone, Debug)]
pub struct Done {
    /// Whose.
    pub controller: Controller,
    /// Of what.
    pub key: ObjectKey,
    /// Whether it failed.
    pub failed: bool,
    /// After how long it wants to be looked at again.
    pub again: Option<Span>,
    /// The first pause after a failure.
    pub retry_first: Span,
    /// The longest pause after failures.
    pub retry_most: Span,
    /// From a change to its sync.
    pub sync: Span,
}
