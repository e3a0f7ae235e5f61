//! The plan of a sync: which requests to send, in which order, and which events to emit.
//!
//! A plan is a value. The engine sends its requests one by one in virtual time, so that other writes can really come in between; the
//! plan itself was made from a single view, as in upstream's syncs.

use std::rc::Rc;

use api::object::event::EventType;
use api::object::stateful_set::StatefulSetStatus;
use api::object::workload::ReplicaSetStatus;
use api::object::{Deployment, Meta, Name, ObjectKey, OwnerRef, Uid, no_name};
use api::obstacle::Failure;
use api::status::StatusReason;
use base::time::{Span, Time};
use base::word::Word;
use server::request::{Edit, Request};
use why::Decision;

use super::wake::Wake;

/// An event to emit, before counting and aggregation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingEvent {
    pub about: ObjectKey,
    /// The object's uid; zero if not given.
    pub uid: Uid,
    /// The object's version; 0 if not given.
    pub revision: u64,
    /// The part of the object; may be empty.
    pub field_path: Name,
    pub kind: EventType,
    pub reason: Word,
    pub message: Word,
    /// The reporting component.
    pub source: Word,
    /// The reporting component's node; may be empty.
    pub host: Name,
}

impl PendingEvent {
    /// An event about an object with known metadata. Models client-go tools/reference GetReference.
    pub fn of(
        about: ObjectKey,
        meta: &Meta,
        source: impl Into<Word>,
        kind: EventType,
        reason: &'static str,
        message: impl Into<Word>,
    ) -> Self {
        PendingEvent { uid: meta.uid, revision: meta.revision, ..PendingEvent::by_name(about, source, kind, reason, message) }
    }

    /// An event about an object known only by name.
    pub fn by_name(about: ObjectKey, source: impl Into<Word>, kind: EventType, reason: &'static str, message: impl Into<Word>) -> Self {
        PendingEvent {
            about,
            uid: Uid::default(),
            revision: 0,
            field_path: no_name(),
            kind,
            reason: reason.into(),
            message: message.into(),
            source: source.into(),
            host: no_name(),
        }
    }
}

/// What a failed request means for the rest of the sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    /// The sync fails.
    Fail,
    /// Success if the object is already gone, of which nothing is said.
    IgnoreNotFound,
    /// Success if the object is already gone, as if this request had removed it.
    NotFoundIsSuccess,
    /// Success if the object already exists.
    IgnoreAlreadyExists,
    /// Success whatever the answer.
    Ignore,
}

impl OnError {
    /// Whether a refusal with this reason counts as success.
    pub fn forgives(self, reason: StatusReason) -> bool {
        match self {
            OnError::Fail => false,
            OnError::IgnoreNotFound | OnError::NotFoundIsSuccess => reason == StatusReason::NotFound,
            OnError::IgnoreAlreadyExists => reason == StatusReason::AlreadyExists,
            OnError::Ignore => true,
        }
    }
}

/// As the version in an update: overwrite what the same sync wrote just before.
pub const NO_PRECONDITION: u64 = 0;

/// The action of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Sends a request.
    Server(Request),
    /// Fails with this error without sending anything.
    Fail(Failure),
    /// Creates the missing claims of a set's pod. Every step is tried; failures are reported together.
    Claims(Vec<Step>),
    /// Sets the owner references of a pod's claims according to the retention policy, from the cache at the time of the step.
    OwnClaims(i64),
}

/// The event for a failed step. The error is put behind its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureEvent {
    pub pending_event: PendingEvent,
    /// Whether it is also emitted if a create fails because the name is taken.
    pub when_taken: bool,
    /// A Deployment, as it was seen, that notes it in its condition Progressing.
    pub noted_by: Option<Rc<Deployment>>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub action: Action,
    /// How to treat a refusal.
    pub on_error: OnError,
    /// Emitted on success.
    pub said: Option<Box<PendingEvent>>,
    /// Whether the object's name, which the server may have generated, is put behind the message of that.
    pub append_created_name: bool,
    /// Emitted on failure.
    pub failure_events: Vec<FailureEvent>,
    /// Sets the claim owners of this ordinal after the step, unless the name was taken. Comes before the failure event.
    pub claims_of: Option<i64>,
    /// Whether it deletes a pod for an update: on success, `status.currentReplicas` is one less.
    pub for_update: bool,
}

impl Step {
    /// An action whose failure fails the sync, without events.
    fn of(action: Action) -> Self {
        Step {
            action,
            on_error: OnError::Fail,
            said: None,
            append_created_name: false,
            failure_events: Vec::new(),
            claims_of: None,
            for_update: false,
        }
    }

    /// A request whose failure fails the sync, without events.
    pub fn new(request: Request) -> Self {
        Step::of(Action::Server(request))
    }

    /// Makes an owner the controller of an object, which may be gone by then. Models pkg/controller/controller_ref_manager.go AdoptPod.
    pub fn adopt(object: ObjectKey, uid: Uid, owner: OwnerRef) -> Self {
        Step::new(Request::Edit(object, Edit::AddOwner(uid, owner))).on_error(OnError::IgnoreNotFound)
    }

    /// Takes an owner from an object, which may be gone by then. Models pkg/controller/controller_ref_manager.go ReleasePod.
    pub fn release(object: ObjectKey, uid: Uid, owner: Uid) -> Self {
        Step::new(Request::Edit(object, Edit::RemoveOwner { of: uid, owner })).on_error(OnError::IgnoreNotFound)
    }

    /// A step that fails.
    pub fn fail(failure: Failure) -> Self {
        Step::of(Action::Fail(failure))
    }

    /// A step that creates a pod's missing claims.
    pub fn claims(steps: Vec<Step>) -> Self {
        Step::of(Action::Claims(steps))
    }

    /// A step that checks the claims of a pod that was just created.
    pub fn own_claims(ordinal: i64) -> Self {
        Step::of(Action::OwnClaims(ordinal))
    }

    /// Sets how refusals are treated.
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    /// Sets the event emitted on success.
    #[must_use]
    pub fn says(mut self, pending_event: PendingEvent) -> Self {
        self.said = Some(Box::new(pending_event));
        self
    }

    /// Sets the event emitted on success, whose message ends in the name that the object got.
    #[must_use]
    pub fn append_created_name(self, pending_event: PendingEvent) -> Self {
        Step { append_created_name: true, ..self.says(pending_event) }
    }

    /// Adds an event emitted on failure, unless a create finds the name taken.
    #[must_use]
    pub fn reports_failure(mut self, pending_event: PendingEvent) -> Self {
        self.failure_events.push(FailureEvent { pending_event, when_taken: false, noted_by: None });
        self
    }

    /// Adds an event emitted on every failure.
    #[must_use]
    pub fn reports_every_failure(mut self, pending_event: PendingEvent) -> Self {
        self.failure_events.push(FailureEvent { pending_event, when_taken: true, noted_by: None });
        self
    }

    /// Lets a Deployment note the last complaint.
    #[must_use]
    pub fn noted_by(mut self, deployment: &Rc<Deployment>) -> Self {
        if let Some(complaint) = self.failure_events.last_mut() {
            complaint.noted_by = Some(Rc::clone(deployment));
        }
        self
    }
}

/// Requests sent in sequence; the first failure ends the chain.
pub type Chain = Vec<Step>;

/// Chains that run in parallel.
pub type Batch = Vec<Chain>;

/// The status at the end of a sync, before the effects of its requests are added.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusWrite {
    pub key: ObjectKey,
    /// Its uid: an object recreated under the same name is not written to.
    pub uid: Uid,
    /// The status as seen, which decides whether a write is needed, and the one to write.
    pub change: StatusChange,
}

/// A status as seen and as wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusChange {
    StatefulSet {
        seen: StatefulSetStatus,
        wanted: StatefulSetStatus,
    },
    ReplicaSet {
        seen: ReplicaSetStatus,
        wanted: ReplicaSetStatus,
        /// The reason of the condition that reports a failed request.
        failure: &'static str,
        /// The time of the sync.
        now: Time,
    },
}

/// A part of a plan's batches, by what a failure in it means. They run in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Adopting and releasing: nothing more is done.
    Adoption,
    /// What precedes the computation of the status: no status is written.
    Preamble,
    /// Everything else.
    Main,
}

impl Stage {
    /// The one after it.
    pub fn next(self) -> Option<Stage> {
        match self {
            Stage::Adoption => Some(Stage::Preamble),
            Stage::Preamble => Some(Stage::Main),
            Stage::Main => None,
        }
    }
}

/// The outcome of one sync.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The batches of [`Stage::Adoption`].
    pub adoption: Vec<Batch>,
    /// Those of [`Stage::Preamble`].
    pub preamble: Vec<Batch>,
    /// Those of [`Stage::Main`]. All are run in order, up to the first batch with a failed chain.
    pub batches: Vec<Batch>,
    /// Written even if a later batch failed.
    pub status: Option<StatusWrite>,
    /// Sent last, even if a batch failed; the first failure ends it.
    pub finally: Chain,
    /// Events emitted at once.
    pub say: Vec<PendingEvent>,
    /// The decisions, with their reasons.
    pub decisions: Vec<Rc<Decision>>,
    /// The sync fails with this error even if no request failed.
    pub error: Option<Failure>,
    /// Requeue after this time.
    pub again: Option<Span>,
    /// Other keys to queue.
    pub wake: Vec<Wake>,
}

impl Plan {
    /// Whether its first requests adopt something: the owner is read live before. Models pkg/controller/controller_ref_manager.go
    /// RecheckDeletionTimestamp; what is found then is heeded where the adoption is carried out.
    pub fn adopts_first(&self) -> bool {
        let first = self.adoption.iter().chain(&self.preamble).chain(&self.batches).next();
        let adopts = |step: &Step| matches!(step.action, Action::Server(Request::Edit(_, Edit::AddOwner(..))));
        first.is_some_and(|batch| batch.iter().filter_map(|chain| chain.first()).any(adopts))
    }

    /// A plan that does nothing, for a reason.
    pub fn nothing(decision: Decision) -> Self {
        Plan { decisions: vec![Rc::new(decision)], ..Plan::default() }
    }

    /// Adds a decision.
    pub fn decide(&mut self, decision: Decision) {
        self.decisions.push(Rc::new(decision));
    }

    /// Appends a batch of one chain of one step.
    pub fn then(&mut self, step: Step) {
        self.batches.push(vec![vec![step]]);
    }

    /// Requeues after this time, unless an earlier requeue is already set.
    pub fn look_again(&mut self, after: Span) {
        self.again = Some(self.again.map_or(after, |again| again.min(after)));
    }

    /// The batches of a stage.
    pub fn stage(&self, stage: Stage) -> &[Batch] {
        match stage {
            Stage::Adoption => &self.adoption,
            Stage::Preamble => &self.preamble,
            Stage::Main => &self.batches,
        }
    }

    /// The same, to be changed.
    pub fn stage_mut(&mut self, stage: Stage) -> &mut [Batch] {
        match stage {
            Stage::Adoption => &mut self.adoption,
            Stage::Preamble => &mut self.preamble,
            Stage::Main => &mut self.batches,
        }
    }

    /// All steps, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let batches = self.adoption.iter().chain(&self.preamble).chain(&self.batches);
        batches.flatten().flatten().chain(&self.finally)
    }

    /// Whether it sends no requests.
    pub fn is_empty(&self) -> bool {
        self.steps().next().is_none()
    }
}
