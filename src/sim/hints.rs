//! The nodes a recorded scheduler chose for each pod, so that a replay breaks ties between equal nodes the same way.
//!
//! Promises: a hint is looked up by the name the trace gives the pod; a run without hints pays nothing for them.
//! Absent on purpose: any influence on whether a node fits; filters and scores decide that.

use std::rc::Rc;

use crate::api::kind::Kind;
use crate::api::object::{Meta, Name, Pod, Uid};
use crate::base::sorted::SortedMap;

/// The recorded placements, and which recorded pod each pod corresponds to.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// The nodes of a pod's successive incarnations, by its name in the trace: `web-0`, `dep@1-#2`.
    recorded: SortedMap<Name, Vec<Name>>,
    /// How many objects have been numbered under each prefix.
    counted: SortedMap<Name, usize>,
    /// The trace's names for ReplicaSets, whose real names are generated.
    families: SortedMap<Name, Name>,
    /// Each pod's name in the trace, and which incarnation of that name it is, counted from 1.
    pods: SortedMap<Uid, (Name, usize)>,
}

impl Hints {
    pub fn new(recorded: SortedMap<Name, Vec<Name>>) -> Self {
        Hints { recorded, ..Hints::default() }
    }

    /// Registers a ReplicaSet, numbered within its owner: `dep@1`.
    pub fn meets_replica_set(&mut self, meta: &Meta) {
        let Some(owner) = meta.controller().filter(|_| !self.recorded.is_empty()) else { return };
        let n = self.count(format!("{}@", owner.name).into());
        self.families.insert(Rc::clone(&meta.name), format!("{}@{n}", owner.name).into());
    }

    /// Registers a pod; pods with generated names are numbered within their owner: `dep@1-#2`.
    pub fn meets_pod(&mut self, pod: &Pod) {
        if self.recorded.is_empty() {
            return;
        }
        let of_set = pod.meta.controller().is_some_and(|o| o.kind == Some(Kind::StatefulSet));
        let name = match pod.meta.generate_name.as_deref().filter(|_| !of_set).map(|g| g.trim_end_matches('-')) {
            None => Rc::clone(&pod.meta.name),
            Some(made_from) => {
                let family = self.families.get(made_from).map_or(made_from, |label| &**label);
                let label = format!("{family}-#");
                let n = self.count(label.as_str().into());
                format!("{label}{n}").into()
            }
        };
        let nth = self.count(Rc::clone(&name));
        self.pods.insert(pod.meta.uid, (name, nth));
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

    fn count(&mut self, name: Name) -> usize {
        let n = self.counted.entry(name).or_default();
        *n += 1;
        *n
    }
}
