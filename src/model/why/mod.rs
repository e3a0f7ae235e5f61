//! Why things are as they are: the decisions of all components, as data.
//!
//! Promises: every outcome of a decision carries a [`Reason`]; a decision names the objects it concerns, whether or not they
//! exist yet. Sentences are made from these values elsewhere, in two languages.
//! Must not know: how a decision is carried out, words of any language.

pub mod cause;
pub mod content_deletion;
pub mod explain;
pub mod log;
pub mod maintenance;
pub mod page;
pub mod plugin;
pub mod probe;
pub mod reason;
pub mod rule;
pub mod slices;

pub use api::controller::Component;
use api::object::ObjectKey;
use base::fields::{Field, Fields};
use base::time::Time;
use base::word::Word;
pub use cause::{Cause, Family};
pub use content_deletion::ContentDeletion;
pub use log::DecisionLog;
pub use maintenance::Maintenance;
pub use plugin::{Lack, Plugin};
pub use probe::ProbeKind;
pub use reason::Reason;
pub use rule::{Decider, Rule, Trouble};
pub use slices::{EndpointChanges, EndpointsUpkeep, Slices};

/// The outcome of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The component acts now.
    Acts,
    /// The component waits for something.
    Waits,
    /// A request was refused.
    Refused,
    /// Nothing is left to do.
    Done,
}

/// What a disruption budget counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Healthy {
    /// How many pods are healthy.
    pub healthy: i64,
    /// How many have to be.
    pub desired: i64,
    /// How many pods there should be.
    pub expected: i64,
}

impl Field for Healthy {
    fn put(&self, _: &'static str, fields: &mut Fields) {
        fields.number("healthy", self.healthy);
        fields.number("desired", self.desired);
        fields.number("expected", self.expected);
    }
}

/// What a decision was based on, of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A field: `status.conditions[Ready]`.
    Field(&'static str),
    /// What the scores of a node came to.
    Score,
    /// What a filter had against a node.
    Filter,
}

impl Seen {
    /// How it is named.
    pub fn word(self) -> &'static str {
        match self {
            Seen::Field(field) => field,
            Seen::Score => "score",
            Seen::Filter => "filter",
        }
    }
}

/// A fact that the decision was based on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The object it belongs to.
    pub of: ObjectKey,
    pub what: Seen,
    pub value: Word,
    /// The resource version that was seen.
    pub revision: u64,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The component that decided.
    pub who: Component,
    /// The object it concerns; it need not exist.
    pub about: ObjectKey,
    /// The outcome.
    pub verdict: Verdict,
    pub because: Reason,
    /// The object that stands in the way.
    pub blocked_by: Option<ObjectKey>,
    /// When the component will reconsider by itself.
    pub until: Option<Time>,
    /// The fields it was based on.
    pub evidence: Vec<Evidence>,
}

impl Decision {
    /// A decision without evidence, blocker or deadline.
    pub fn new(who: Component, about: ObjectKey, verdict: Verdict, because: Reason) -> Self {
        Decision { who, about, verdict, because, blocked_by: None, until: None, evidence: Vec::new() }
    }

    /// Sets the object that blocks it.
    #[must_use]
    pub fn blocked_by(mut self, key: ObjectKey) -> Self {
        self.blocked_by = Some(key);
        self
    }

    /// Sets when the component will reconsider.
    #[must_use]
    pub fn until(mut self, at: Time) -> Self {
        self.until = Some(at);
        self
    }

    /// Adds a piece of evidence.
    #[must_use]
    pub fn seen(mut self, of: ObjectKey, field: &'static str, value: impl Into<Word>, revision: u64) -> Self {
        self.evidence.push(Evidence { of, what: Seen::Field(field), value: value.into(), revision });
        self
    }
}

mod samples {
    use super::{EndpointChanges, Healthy, Plugin, ProbeKind};
    use base::fields::samples::nth;

    base::sample! {
        EndpointChanges:
            EndpointChanges { added: vec![nth(0); 5], changed: vec![], removed: vec![nth(1)] },
            EndpointChanges { added: vec![], changed: vec![nth(0), nth(1)], removed: vec![] };
        Healthy: Healthy { healthy: 1, desired: 2, expected: 3 }, Healthy { healthy: 3, desired: 1, expected: 3 };
        Plugin: Plugin::NodePorts;
        ProbeKind: ProbeKind::Startup, ProbeKind::Readiness, ProbeKind::Liveness;
    }
}
