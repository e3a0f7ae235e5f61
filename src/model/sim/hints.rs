//! The nodes a recorded scheduler chose for each pod, so that a replay breaks ties between equal nodes the same way.
//!
//! Promises: a hint is looked up by the name the trace gives the pod; a run without hints pays nothing for them.
//! Absent on purpose: any influence on whether a node fits; filters and scores decide that.

use std::rc::Rc;

use super::numbering::Numbering;
use api::kind::Kind;
use api::object::{Meta, Name, Pod, Uid};
use base::sorted::SortedMap;

/// The recorded placements, and which recorded pod each pod corresponds to.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// The nodes of a pod's successive incarnations, by its name in the trace: `web-0`, `dep@1-#2`.
    recorded: SortedMap<Name, Vec<Name>>,
    /// The trace's names.
    numbering: Numbering,
    /// Each pod's name in the trace, and which incarnation of that name it is, counted from 1.
    pods: SortedMap<Uid, (Name, usize)>,
}

impl Hints {
    /// Hints from where a recording has placed each pod, by its name.
    pub fn new(recorded: SortedMap<Name, Vec<Name>>) -> Self {
        Hints { recorded, ..Hints::default() }
    }

    /// Registers a ReplicaSet, whose pods are numbered within it.
    pub fn meets_replica_set(&mut self, meta: &Meta) {
        if !self.recorded.is_empty() {
            self.numbering.learn(Kind::ReplicaSet, meta);
        }
    }

    /// Registers a pod.
    pub fn meets_pod(&mut self, pod: &Pod) {
        if self.recorded.is_empty() {
            return;
        }
        let nth = self.numbering.learn(Kind::Pod, &pod.meta);
        let name = self.numbering.label(&pod.meta.name).unwrap_or(&pod.meta.name);
        self.pods.insert(pod.meta.uid, (Rc::clone(name), nth));
    }

    /// Forgets a deleted pod.
    pub fn forgets(&mut self, uid: Uid) {
        self.pods.remove(&uid);
    }

    /// The node recorded for this pod.
    pub fn node(&self, uid: Uid) -> Option<&Name> {
        let (name, nth) = self.pods.get(&uid)?;
        self.recorded.get(name)?.get(nth.checked_sub(1)?)
    }
}
