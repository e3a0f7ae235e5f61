//! What a controller decides: requests to send, in which order, and what to say about each.
//!
//! A plan is a value. The engine sends its requests one by one in virtual time, so that what others write in between is really
//! in between; the plan itself was made from one view at one instant, as upstream's syncs are.

use crate::api::object::stateful_set::StatefulSetStatus;
use crate::api::object::workload::ReplicaSetStatus;
use crate::api::object::{Meta, Name, ObjectKey, Uid, no_name};
use crate::api::status::StatusReason;
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::server::request::Request;
use crate::why::Decision;

/// What a component says about an object, before it is counted and aggregated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// What about.
    pub about: ObjectKey,
    /// Its uid; zero where the speaker does not give it.
    pub uid: Uid,
    /// Its version; 0 where the speaker does not give it.
    pub revision: u64,
    /// Which part of it; may be empty.
    pub field_path: Name,
    /// `Warning` rather than `Normal`.
    pub warning: bool,
    /// The reason.
    pub reason: Word,
    /// The sentence.
    pub message: Word,
    /// Who says it.
    pub source: Word,
    /// On which node; may be empty.
    pub host: Name,
}

impl Spoken {
    /// What a component says about an object that it has at hand. Models client-go tools/reference GetReference.
    pub fn of(
        about: ObjectKey,
        meta: &Meta,
        source: impl Into<Word>,
        warning: bool,
        reason: &'static str,
        message: impl Into<Word>,
    ) -> Self {
        Spoken { uid: meta.uid, revision: meta.revision, ..Spoken::by_name(about, source, warning, reason, message) }
    }

    /// What a component says about an object that it only names.
    pub fn by_name(about: ObjectKey, source: impl Into<Word>, warning: bool, reason: &'static str, message: impl Into<Word>) -> Self {
        Spoken {
            about,
            uid: Uid::default(),
            revision: 0,
            field_path: no_name(),
            warning,
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
    /// It counts as done if the object is already gone.
    GoneIsFine,
    /// It counts as done if the object already exists.
    ThereIsFine,
    /// It counts as done whatever came back.
    Ignore,
}

impl OnError {
    /// Whether a refusal for this reason counts as done.
    pub fn forgives(self, reason: StatusReason) -> bool {
        match self {
            OnError::Fail => false,
            OnError::GoneIsFine => reason == StatusReason::NotFound,
            OnError::ThereIsFine => reason == StatusReason::AlreadyExists,
            OnError::Ignore => true,
        }
    }
}

/// The revision of an object in a request that writes it over what the same sync wrote of it just before.
pub const AS_JUST_WRITTEN: u64 = 0;

/// What one step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Sends a request.
    Server(Request),
    /// Fails with this error, without asking anybody.
    Fail(Word),
    /// Creates the claims that a set's pod lacks. Every step is tried; the failures are reported together.
    Claims(Vec<Step>),
    /// Gives the claims of a set's pod the owners its policy asks for, as the cache shows them when the step's turn comes.
    OwnClaims(i64),
}

/// What is said when a step fails; `{}` in the message stands for the error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is said.
    pub spoken: Spoken,
    /// Whether it is said, too, when a create finds the name taken.
    pub when_taken: bool,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub ask: Ask,
    /// What a refusal means.
    pub on_error: OnError,
    /// Said when it has been carried out; `{}` in the message stands for the name of the object, which the server may have given.
    pub said: Option<Box<Spoken>>,
    /// Said when it has failed.
    pub complaints: Vec<Complaint>,
    /// Whether its success takes one off `status.currentReplicas` (a pod deleted for an update).
    pub takes_from_current: bool,
}

impl Step {
    /// A request whose failure fails the sync, and about which nothing is said.
    pub fn new(request: Request) -> Self {
        Step { ask: Ask::Server(request), on_error: OnError::Fail, said: None, complaints: Vec::new(), takes_from_current: false }
    }

    /// A failure.
    pub fn fail(error: impl Into<Word>) -> Self {
        Step { ask: Ask::Fail(error.into()), on_error: OnError::Fail, said: None, complaints: Vec::new(), takes_from_current: false }
    }

    /// The claims that a pod lacks.
    pub fn claims(steps: Vec<Step>) -> Self {
        Step { ask: Ask::Claims(steps), ..Step::fail("") }
    }

    /// A look at the claims of a pod that was just created.
    pub fn own_claims(ordinal: i64) -> Self {
        Step { ask: Ask::OwnClaims(ordinal), ..Step::fail("") }
    }

    /// The same, with another meaning of refusals.
    #[must_use]
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    /// The same, with something to say when it was carried out.
    #[must_use]
    pub fn says(mut self, spoken: Spoken) -> Self {
        self.said = Some(Box::new(spoken));
        self
    }

    /// The same, with something to say when it failed, unless a create found the name taken.
    #[must_use]
    pub fn complains(mut self, spoken: Spoken) -> Self {
        self.complaints.push(Complaint { spoken, when_taken: false });
        self
    }

    /// The same, with something to say whenever it failed.
    #[must_use]
    pub fn always_complains(mut self, spoken: Spoken) -> Self {
        self.complaints.push(Complaint { spoken, when_taken: true });
        self
    }
}

/// Requests sent one after the other; the first that fails ends the chain.
pub type Chain = Vec<Step>;

/// Chains that run side by side.
pub type Batch = Vec<Chain>;

/// The status a sync ends with, before what its requests did is counted in.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusWrite {
    /// The set.
    pub key: ObjectKey,
    /// Its uid: a set recreated under the same name is not written to.
    pub uid: Uid,
    /// The status as the controller saw it, which decides whether a write is needed, and the one to be written.
    pub change: StatusChange,
}

/// A status as it was seen and as it is to be.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusChange {
    /// Of a StatefulSet.
    StatefulSet {
        /// As it was seen.
        seen: StatefulSetStatus,
        /// As it is to be.
        wanted: StatefulSetStatus,
    },
    /// Of a ReplicaSet.
    ReplicaSet {
        /// As it was seen.
        seen: ReplicaSetStatus,
        /// As it is to be.
        wanted: ReplicaSetStatus,
        /// The reason of the condition that reports a failed request.
        failure: &'static str,
        /// When the sync looked.
        now: Time,
    },
}

/// What one sync of one key does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// In order; a batch with a failed chain is the last.
    pub batches: Vec<Batch>,
    /// How many of the batches come before anything is known about the status: if one of them fails, none is written.
    pub preamble: usize,
    /// Written even when a later batch failed.
    pub status: Option<StatusWrite>,
    /// Sent last, even when a batch failed.
    pub finally: Chain,
    /// What is said at once.
    pub say: Vec<Spoken>,
    /// Why.
    pub decisions: Vec<Decision>,
    /// The sync ends in this error although no request failed.
    pub error: Option<Word>,
    /// Look again after this.
    pub again: Option<Span>,
    /// Other keys to be looked at.
    pub wake: Vec<ObjectKey>,
}

impl Plan {
    /// A plan that does nothing, for a reason.
    pub fn nothing(decision: Decision) -> Self {
        Plan { decisions: vec![decision], ..Plan::default() }
    }

    /// Appends a batch of one chain of one step.
    pub fn then(&mut self, step: Step) {
        self.batches.push(vec![vec![step]]);
    }

    /// Asks for another look after this, unless a sooner one is asked for.
    pub fn look_again(&mut self, after: Span) {
        self.again = Some(self.again.map_or(after, |again| again.min(after)));
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty() && self.finally.is_empty()
    }
}
