//! The laws by name, and what breaks one.

use std::fmt;

use api::kind::Kind;
use api::object::ObjectKey;
use base::time::Time;

/// A property that holds in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Each write has a higher revision than the one before, and no earlier time.
    RevisionsIncrease,
    /// At most one object exists per kind, namespace and name, and no uid is ever reused.
    OneObjectPerIdentity,
    /// An object with finalizers is not removed.
    FinalizersHold,
    /// A deletion timestamp, once set, is never taken back.
    DeletionIsForGood,
    /// Every deletion was asked for by a user, or by a component for a reason that can be seen.
    NothingUnasked,
    /// A pod keeps its node and revision, never leaves a terminal phase, and its restart counts only grow.
    PodsDoNotTurnBack,
    /// Container statuses are written by the kubelet of the pod's node.
    KubeletsSpeakForTheirPods,
    /// A bound pod is removed only once it has terminated on its node, unless forced.
    BoundPodsAreConfirmed,
    /// A claim stays bound to its volume.
    ClaimsKeepTheirVolume,
    /// A single-writer volume is attached to one node at a time.
    OneNodePerVolume,
    /// A claim made for an ordinal is used by no other ordinal.
    ClaimsKeepTheirOrdinal,
    /// Pods are created for wanted ordinals only; under `OrderedReady` one at a time, and only above available pods.
    CreatedInOrder,
    /// A created pod has the revision that strategy and partition give its ordinal.
    RevisionOfOrdinal,
    /// Unwanted pods are removed from the highest ordinal down; under `OrderedReady` one at a time.
    RemovedInOrder,
    /// Updates replace pods from the highest ordinal down to the partition, no more at a time than `maxUnavailable` allows.
    UpdatedInOrder,
    /// Revisions and ReplicaSets in use are kept, and as many others as the history limit allows.
    HistoryIsKept,
    /// The StatefulSet controller deletes pods and revisions, and nothing else.
    ControllerDeletesNoClaims,
    /// The status written to a workload counts what its controller saw.
    StatusIsWhatWasSeen,
    /// A ReplicaSet or a Job makes pods up to the number that is wanted, and deletes those beyond it; neither does so while it ends.
    NoMoreThanWanted,
    /// A ReplicaSet deletes pods that are not on a node, not Running or not Ready before others.
    LeastUsefulGoFirst,
    /// A controller that sends requests says why.
    ReasonsAreGiven,
    /// The controller of a ReplicaSet, a DaemonSet or a Job acts once it sees what it did before.
    OwnWritesAreSeen,
    /// A Deployment has one ReplicaSet for each template.
    OneSetPerTemplate,
    /// A Deployment that is paused, resized or being deleted starts no rollout.
    PausedStays,
    /// No rollout makes more pods than `maxSurge` allows.
    SurgeIsBounded,
    /// In a rollout, ReplicaSets of old templates do not grow.
    OldSetsShrink,
    /// No rollout takes more available pods away than `maxUnavailable` allows.
    AvailabilityIsKept,
    /// With `Recreate`, pods of a new template come after the last one of an old template has ended. A set ends all of those at once.
    RecreateWaits,
    /// A DaemonSet makes pods for nodes that should run one and have none.
    OnePodPerNode,
    /// A Job counts each pod once, and no more than end.
    JobsCountOnce,
    /// A Job ends once, and as its pods have it.
    JobsEndOnce,
    /// A process runs where its pod is bound.
    ProcessesRunWhereBound,
    /// Processes of one identity run for one pod at a time, unless a deletion was forced.
    OneProcessPerIdentity,
    /// No component has seen more than the store holds, and at rest each has seen all of it.
    CachesFollow,
    /// At rest a workload's status counts its pods correctly.
    StatusIsTrue,
    /// At rest a Service's endpoints are its pods that have an address, and are ready where the pods are.
    EndpointsAreTrue,
    /// At rest claims and volumes agree on their bindings.
    BindingsAgree,
    /// At rest nothing is left whose owners are all gone.
    NothingIsLeftBehind,
    /// At rest a connected kubelet runs exactly what is bound to its node, and has reported it correctly.
    KubeletsAgree,
    /// When nothing more is done, the cluster comes to rest.
    Settles,
    /// When nothing stands in the way, the declared state is reached.
    DeclaredIsReached,
}

impl Law {
    /// A violation of this law by an object, at an instant.
    pub fn broken(self, at: Time, about: &ObjectKey, what: impl Into<String>) -> Violation {
        Violation { law: self, at, about: about.clone(), what: what.into() }
    }

    /// `Ok` if `so`; otherwise a violation of this law.
    pub fn holds(self, so: bool, at: Time, about: &ObjectKey, what: impl FnOnce() -> String) -> Result<(), Violation> {
        if so { Ok(()) } else { Err(self.broken(at, about, what())) }
    }
}

/// A law found to be broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub law: Law,
    /// When it was broken.
    pub at: Time,
    /// The object that broke it.
    pub about: ObjectKey,
    /// What happened, in our own words.
    pub what: String,
}

/// `0:12.345 StatefulSet default/web breaks CreatedInOrder: …`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {} breaks {:?}: {}", self.at, self.about, self.law, self.what)
    }
}

/// Stands in for the whole world where no single object is to blame.
pub(super) fn nobody() -> ObjectKey {
    ObjectKey::global(Kind::Namespace, &"default".into())
}
