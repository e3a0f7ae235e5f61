//! What a controller declares of itself, and what comes of a change that it watches.
//!
//! Models what the constructors of pkg/controller give their informers and queues.

use api::controller::Controller;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use base::time::{Span, Time};
use server::log::Change;

use super::plan::{Chain, PendingEvent, Plan};
use super::{CONTROLLERS, Memories, View};

/// What is done with a change of an object of a kind.
pub type Watches = &'static [(Kind, fn(&mut Watch, &Change))];

/// A controller: its queue, what it watches, how it plans.
pub struct Registration {
    /// Who it is.
    pub controller: Controller,
    /// From a change until the sync it causes.
    pub pause: Pause,
    /// How long a key waits after the first failure, and at most; `None` for what client-go's util/workqueue
    /// `DefaultTypedControllerRateLimiter` has.
    pub retry: Option<(Span, Span)>,
    /// Where a key waits that is to be looked at later.
    pub later: Later,
    /// What of its own writes the controller keeps in mind until its cache shows them.
    pub own_writes: OwnWrites,
    /// The kinds it watches, each with what a change of such an object leads to.
    pub watches: Watches,
    /// The same for changes that it is told of after all other controllers, the kubelets and the provisioners.
    pub watches_last: Watches,
    /// What a change of any object leads to.
    pub watches_all: Option<fn(&mut Watch, &Change)>,
    /// Plans one sync of a key.
    pub plan: fn(View, &ObjectKey, &mut Memories) -> Plan,
    /// Takes in what one of the controller's own writes in a sync of a key returned: whether that deleted, and the object.
    pub wrote: Option<fn(&mut Memories, &ObjectKey, bool, &Object)>,
    /// What a create that failed changes about the end of its sync, given the object as it was seen.
    pub create_failed: Option<fn(&mut Chain, Option<&Object>)>,
}

/// From a change until the sync it causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// The usual one.
    Sync,
    /// The object and its owners are looked up again first. Models pkg/controller/garbagecollector attemptToDeleteItem.
    Collect,
}

/// Where a key waits that is to be looked at later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// In a queue of its own, which an earlier sync does not take it from. Models client-go util/workqueue `delaying_queue.go`.
    Delayed,
    /// In the queue itself: the controller goes round, or keeps one timer per object.
    Queued,
}

/// What of its own writes a controller keeps in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnWrites {
    /// None.
    None,
    /// Of an owner's pods and claims, but neither deletions nor revisions: it does not sync before its cache shows them.
    /// Models pkg/controller/util/consistency as `stateful_pod_control.go` uses it.
    PodsAndClaims,
    /// All of them, deletions too, for the object of this kind that a key names. Models pkg/controller `controller_utils.go`
    /// `ControllerExpectations`.
    All(Kind),
}

impl Registration {
    /// As most controllers have it.
    pub const fn new(controller: Controller, watches: Watches, plan: fn(View, &ObjectKey, &mut Memories) -> Plan) -> Self {
        Registration {
            controller,
            pause: Pause::Sync,
            retry: None,
            later: Later::Delayed,
            own_writes: OwnWrites::None,
            watches,
            watches_last: &[],
            watches_all: None,
            plan,
            wrote: None,
            create_failed: None,
        }
    }
}

/// When a key is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// After the controller's [`Pause`].
    Soon,
    /// After this time.
    In(Span),
    /// After this time, whatever happens before; see [`Later`].
    Later(Span),
    /// At this instant, which no jitter moves.
    At(Time),
}

/// A key that is to be queued.
#[derive(Clone, Debug, PartialEq)]
pub struct Wake {
    /// For whom.
    pub controller: Controller,
    /// The key.
    pub key: ObjectKey,
    /// When.
    pub when: When,
}

/// What comes of a change that a controller was told of.
#[derive(Debug)]
pub enum Effect {
    /// A key is queued.
    Wake(Wake),
    /// An event is emitted.
    Say(Box<PendingEvent>),
}

/// Controllers being told of a change.
pub struct Watch<'a> {
    /// What they see.
    pub view: View<'a>,
    /// What they remember.
    pub memory: &'a mut Memories,
    /// What comes of it, in order.
    pub effects: Vec<Effect>,
    /// The one that is being told.
    controller: Controller,
}

impl<'a> Watch<'a> {
    /// Before anybody is told of anything.
    pub fn new(view: View<'a>, memory: &'a mut Memories) -> Self {
        Watch { view, memory, effects: Vec::new(), controller: CONTROLLERS[0].controller }
    }

    /// Tells a controller of a change, of which it watches some kinds.
    pub(super) fn tell(&mut self, whom: &Registration, watches: Watches, change: &Change) {
        self.controller = whom.controller;
        for (_, watch) in watches.iter().filter(|(kind, _)| *kind == change.key.kind) {
            watch(self, change);
        }
    }

    /// Tells a controller of a change that watches all of them.
    pub(super) fn tell_of_all(&mut self, whom: &Registration, change: &Change) {
        if let Some(watch) = whom.watches_all {
            self.controller = whom.controller;
            watch(self, change);
        }
    }

    /// Queues a key.
    pub fn enqueue(&mut self, key: &ObjectKey) {
        self.wake(self.controller, key, When::Soon);
    }

    /// Queues keys.
    pub fn enqueue_all(&mut self, keys: impl IntoIterator<Item = ObjectKey>) {
        for key in keys {
            self.enqueue(&key);
        }
    }

    /// Queues a key after a time, whatever happens before.
    pub fn enqueue_after(&mut self, key: &ObjectKey, pause: Span) {
        self.wake(self.controller, key, When::Later(pause));
    }

    /// Queues a key for a controller.
    pub fn wake(&mut self, controller: Controller, key: &ObjectKey, when: When) {
        self.effects.push(Effect::Wake(Wake { controller, key: key.clone(), when }));
    }

    /// Emits an event.
    pub fn say(&mut self, pending_event: PendingEvent) {
        self.effects.push(Effect::Say(Box::new(pending_event)));
    }
}

/// Queues the key of a changed object.
pub fn own_key(watch: &mut Watch, change: &Change) {
    watch.enqueue(&change.key);
}
