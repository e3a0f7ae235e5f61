//! Why things are as they are: every decision of a component, as data.
//!
//! Promises: every way out of a decision carries a [`Reason`]; a decision names the objects it is about, even if they do not
//! exist yet. Sentences are made from these values elsewhere, in two languages.
//! Must not know: how a decision is carried out, words of any language.

pub mod explain;
pub mod log;
pub mod reason;

use crate::api::object::ObjectKey;
use crate::base::time::Time;
use crate::base::word::Word;
pub use log::DecisionLog;
pub use reason::Reason;

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Component {
    /// The StatefulSet controller.
    StatefulSet,
    /// The Deployment controller.
    Deployment,
    /// The ReplicaSet controller.
    ReplicaSet,
    /// The DaemonSet controller.
    DaemonSet,
    /// The Job controller.
    Job,
    /// The EndpointSlice controller.
    EndpointSlice,
    /// The controller that binds claims to volumes.
    PersistentVolumeBinder,
    /// The controller that attaches volumes to nodes.
    AttachDetach,
    /// The controllers that keep claims and volumes in use.
    StorageProtection,
    /// The garbage collector.
    GarbageCollector,
    /// The node lifecycle controller.
    NodeLifecycle,
    /// The taint eviction controller.
    TaintEviction,
    /// The pod garbage collector.
    PodGc,
    /// The disruption controller.
    Disruption,
    /// The horizontal pod autoscaler.
    Autoscaler,
    /// The scheduler.
    Scheduler,
    /// The scheduler, of pods whose place others take.
    Preemption,
    /// What makes volumes.
    Provisioner,
    /// A kubelet.
    Kubelet,
    /// The namespace controller.
    Namespace,
}

/// What a decision came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does something now.
    Acts,
    /// It waits for something.
    Waits,
    /// It was refused, or refuses.
    Refused,
    /// Nothing is left to do.
    Done,
}

/// One thing that was seen and counted for the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Of which object.
    pub of: ObjectKey,
    /// Which field: `status.conditions[Ready]`.
    pub field: &'static str,
    /// What it said.
    pub value: Word,
    /// The version that was seen.
    pub revision: u64,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Who decided.
    pub who: Component,
    /// What about; need not exist.
    pub about: ObjectKey,
    /// What it came to.
    pub verdict: Verdict,
    /// Why.
    pub because: Reason,
    /// What stands in the way.
    pub blocked_by: Option<ObjectKey>,
    /// When it will be looked at again by itself.
    pub until: Option<Time>,
    /// What was seen.
    pub evidence: Vec<Evidence>,
}

impl Decision {
    /// A decision without evidence, blocker or time.
    pub fn new(who: Component, about: ObjectKey, verdict: Verdict, because: Reason) -> Self {
        Decision { who, about, verdict, because, blocked_by: None, until: None, evidence: Vec::new() }
    }

    /// The same, blocked by an object.
    #[must_use]
    pub fn blocked_by(mut self, key: ObjectKey) -> Self {
        self.blocked_by = Some(key);
        self
    }

    /// The same, to be looked at again then.
    #[must_use]
    pub fn until(mut self, at: Time) -> Self {
        self.until = Some(at);
        self
    }

    /// The same with one more thing that was seen.
    #[must_use]
    pub fn seen(mut self, of: ObjectKey, field: &'static str, value: impl Into<Word>, revision: u64) -> Self {
        self.evidence.push(Evidence { of, field, value: value.into(), revision });
        self
    }
}
