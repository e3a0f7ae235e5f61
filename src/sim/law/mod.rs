//! What holds in every run, whatever is done to the cluster: checked after each event, and for the whole world at rest.
//!
//! Promises: looking changes nothing and costs what changed since the last look; the same run gets the same verdict. The laws
//! count for themselves: what the controllers remember (facts, counts, reasons) is not trusted.
//! Must not know: who does things to the cluster and why; scenarios.
//! Not covered: laws of Deployments, Jobs and DaemonSets.

pub mod change;
pub mod declared;
pub mod deletion;
pub mod plan;
pub mod process;
pub mod rest;
mod set_view;

use std::fmt;

use super::Sim;
use super::event::{Controller, Event};
use crate::api::kind::Kind;
use crate::api::object::ObjectKey;
use crate::base::time::{Span, Time};
use change::History;
use process::Processes;

/// How far nothing may be ahead for the world to be at rest. Longer than a workqueue's first pauses after failures, shorter than
/// the pauses between restarts and resyncs.
const REST: Span = Span::seconds(1);

/// Something that holds in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Each write has a higher revision than the one before, and is not earlier.
    RevisionsIncrease,
    /// There is one object of a kind, namespace and name at a time, and no uid is ever given twice.
    OneObjectPerIdentity,
    /// An object with finalizers is not gone.
    FinalizersHold,
    /// What is being deleted stays so.
    DeletionIsForGood,
    /// Nothing is deleted that nobody asked to delete: by a user, or by a component for a reason that can be seen.
    NothingUnasked,
    /// A pod keeps its node and revision, never comes back from its end, and its restarts only grow.
    PodsDoNotTurnBack,
    /// What containers do is told by the kubelet of the pod's node.
    KubeletsSpeakForTheirPods,
    /// A pod that has a node is gone only once it has ended there, unless somebody forces it.
    BoundPodsAreConfirmed,
    /// A claim keeps its volume.
    ClaimsKeepTheirVolume,
    /// A volume of one writer is attached to one node at a time.
    OneNodePerVolume,
    /// A claim made for an ordinal is used by no other.
    ClaimsKeepTheirOrdinal,
    /// Pods are made for wanted ordinals only; under `OrderedReady` one at a time, and only above pods that are available.
    CreatedInOrder,
    /// A made pod is of the revision that strategy and partition give its ordinal.
    RevisionOfOrdinal,
    /// Unwanted pods go from the top; under `OrderedReady` one at a time.
    RemovedInOrder,
    /// Pods are replaced for an update from the top, above the partition, as many at a time as may be unavailable.
    UpdatedInOrder,
    /// A revision in use stays, and so do as many others as the limit says.
    HistoryIsKept,
    /// The StatefulSet controller deletes pods and revisions, and nothing else.
    ControllerDeletesNoClaims,
    /// The status that a StatefulSet is given is a count of what its controller saw.
    StatusIsWhatWasSeen,
    /// A process runs where its pod is bound.
    ProcessesRunWhereBound,
    /// Processes of one identity run on behalf of one pod at a time, unless a deletion was forced.
    OneProcessPerIdentity,
    /// What components have seen is not ahead of the store, and at rest it is the store.
    CachesFollow,
    /// At rest the status of a StatefulSet is a count of its pods.
    StatusIsTrue,
    /// At rest the endpoints of a Service are its pods that have an address, and are ready where the pods are.
    EndpointsAreTrue,
    /// At rest claim and volume say the same of each other.
    BindingsAgree,
    /// At rest nothing is left of which every owner is gone.
    NothingIsLeftBehind,
    /// At rest a kubelet that is connected runs what is bound to it, and has told the truth of it.
    KubeletsAgree,
    /// When nothing more is done, nothing more happens.
    Settles,
    /// When nothing stands in the way, what was declared is reached.
    DeclaredIsReached,
}

impl Law {
    /// Every law.
    pub const ALL: [Law; 28] = [
        Law::RevisionsIncrease,
        Law::OneObjectPerIdentity,
        Law::FinalizersHold,
        Law::DeletionIsForGood,
        Law::NothingUnasked,
        Law::PodsDoNotTurnBack,
        Law::KubeletsSpeakForTheirPods,
        Law::BoundPodsAreConfirmed,
        Law::ClaimsKeepTheirVolume,
        Law::OneNodePerVolume,
        Law::ClaimsKeepTheirOrdinal,
        Law::CreatedInOrder,
        Law::RevisionOfOrdinal,
        Law::RemovedInOrder,
        Law::UpdatedInOrder,
        Law::HistoryIsKept,
        Law::ControllerDeletesNoClaims,
        Law::StatusIsWhatWasSeen,
        Law::ProcessesRunWhereBound,
        Law::OneProcessPerIdentity,
        Law::CachesFollow,
        Law::StatusIsTrue,
        Law::EndpointsAreTrue,
        Law::BindingsAgree,
        Law::NothingIsLeftBehind,
        Law::KubeletsAgree,
        Law::Settles,
        Law::DeclaredIsReached,
    ];

    /// What is found broken, about an object, at an instant.
    pub fn broken(self, at: Time, about: &ObjectKey, what: impl Into<String>) -> Violation {
        Violation { law: self, at, about: about.clone(), what: what.into() }
    }

    /// `Ok` where the law holds.
    pub fn holds(self, so: bool, at: Time, about: &ObjectKey, what: impl FnOnce() -> String) -> Result<(), Violation> {
        if so { Ok(()) } else { Err(self.broken(at, about, what())) }
    }
}

/// A law found broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub law: Law,
    /// When.
    pub at: Time,
    /// By what.
    pub about: ObjectKey,
    /// How, in our own voice.
    pub what: String,
}

/// `0:12.345 StatefulSet default/web breaks CreatedInOrder: …`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} {} breaks {:?}: {}", self.at, self.about, self.law, self.what)
    }
}

/// The laws riding along in one run: how far it was looked at, and what has to be remembered of it.
#[derive(Clone, Debug, Default)]
pub struct Laws {
    history: History,
    processes: Processes,
    /// How much of the log was looked at.
    read: usize,
    /// How much of what happened on machines was looked at.
    heard: usize,
    /// The last sync that was judged.
    judged: u64,
    /// How long the log was when the world at rest was looked at last.
    rested: usize,
}

impl Laws {
    /// Looks at what happened since the last look. To be called after each event and after each request of a user.
    pub fn look(&mut self, sim: &Sim) -> Result<(), Violation> {
        let read = std::mem::replace(&mut self.read, sim.log().len());
        for (position, change) in (read..).zip(sim.log().from(read)) {
            self.hear(sim, position)?;
            self.history.judge(change, sim.tables())?;
            self.processes.see(change)?;
        }
        self.hear(sim, sim.log().len())?;
        rest::judge_cache_age(sim)?;
        for (number, run) in sim.workers.since(self.judged) {
            self.judged = number;
            if run.controller == Controller::StatefulSet {
                let sight = plan::Sight { cache: sim.cache(), now: sim.now(), release: sim.release() };
                plan::judge(&sight, &run.key, &run.plan)?;
            }
        }
        if self.rested != sim.log().len() && at_rest(sim) {
            self.rested = sim.log().len();
            rest::judge(sim)?;
        }
        Ok(())
    }

    /// Listens to the machines up to a position of the log.
    fn hear(&mut self, sim: &Sim, position: usize) -> Result<(), Violation> {
        while let Some(entry) = sim.runtime().get(self.heard).filter(|e| e.position <= position) {
            self.heard += 1;
            self.processes.hear(entry)?;
        }
        Ok(())
    }

    /// The instants at which processes of two pods ran under one identity, because somebody forced it.
    pub fn splits(&self) -> &[process::Split] {
        self.processes.splits()
    }
}

/// Stands for the world where no one object is to blame.
fn nobody() -> ObjectKey {
    ObjectKey::global(Kind::Namespace, &"default".into())
}

/// Whether everything written was seen and answered, and nothing but what machines do by themselves happens soon.
pub fn at_rest(sim: &Sim) -> bool {
    let soon = sim.now() + REST;
    let idle = |event: &Event| matches!(event, Event::Kubelet(..) | Event::Inside(..) | Event::Mounts(..));
    sim.delivered == sim.log().len() && sim.workers.idle() && sim.ahead().take_while(|(at, _)| *at < soon).all(|(_, event)| idle(event))
}
