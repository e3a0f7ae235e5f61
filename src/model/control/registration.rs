//! What a controller declares of itself, and what comes of a change that it watches.
//!
//! Models what the constructors of pkg/controller give their informers and queues.

use api::controller::Controller;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use base::time::Span;
use server::log::Change;

use super::memory::Memories;
use super::plan::{Chain, PendingEvent, Plan};
use super::seen::View;
use super::wake::{Wake, When};

/// Kinds of objects, each with what a change of such an object leads to.
pub type Watches = &'static [(Kind, fn(&mut Watch))];

/// A controller: what it watches, how it plans, and how its queue is kept.
pub struct Registration {
    pub watches: Watches,
    /// What it watches and is told of after all other controllers, the kubelets and the provisioners.
    pub watches_last: Watches,
    /// What a change of any object leads to.
    pub watches_all: Option<fn(&mut Watch)>,
    /// Plans one sync of a key.
    pub plan: fn(View, &ObjectKey, &mut Memories) -> Plan,
    /// How long a key waits after the first failure, and at most; `None` for what client-go's util/workqueue
    /// `DefaultTypedControllerRateLimiter` has.
    pub retry: Option<(Span, Span)>,
    /// Whether a key that is to be looked at later waits in the queue itself, as the controller goes round or keeps one timer per object. A
    /// sync does not take it from a queue of its own. Models client-go util/workqueue `delaying_queue.go`.
    pub goes_round: bool,
    /// What of its own writes the controller keeps in mind until its cache shows them.
    pub own_writes: OwnWrites,
    /// Takes in what one of the controller's own writes in a sync of a key returned: whether that deleted, and the object.
    pub wrote: Option<fn(&mut Memories, &ObjectKey, bool, &Object)>,
    /// What a create that failed changes about the end of its sync, given the object as it was seen.
    pub create_failed: Option<fn(&mut Chain, Option<&Object>)>,
}

/// What of its own writes a controller keeps in mind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnWrites {
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
    pub const fn new(watches: Watches, plan: fn(View, &ObjectKey, &mut Memories) -> Plan) -> Self {
        Registration {
            watches,
            watches_last: &[],
            watches_all: None,
            plan,
            retry: None,
            goes_round: false,
            own_writes: OwnWrites::None,
            wrote: None,
            create_failed: None,
        }
    }
}

/// What comes of a change that a controller is told of.
#[derive(Clone, Debug)]
pub enum Effect {
    /// A key is queued.
    Wake(Wake),
    /// An event is emitted.
    Say(Box<PendingEvent>),
}

/// A controller that is told of a change.
pub struct Watch<'a> {
    pub controller: Controller,
    pub change: &'a Change,
    /// What it sees.
    pub view: View<'a>,
    /// What controllers remember.
    pub memory: &'a mut Memories,
    /// What comes of it, in order.
    pub effects: &'a mut Vec<Effect>,
}

impl Watch<'_> {
    /// Queues a key.
    pub fn enqueue(&mut self, key: &ObjectKey) {
        self.wake(self.controller, key, When::In(self.view.around.sync));
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
}

/// Queues the key of the changed object.
pub fn own_key(watch: &mut Watch) {
    watch.enqueue(&watch.change.key);
}
