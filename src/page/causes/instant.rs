//! One instant of a cluster, and what is asked of it at every turn.

use std::rc::Rc;

use crate::command::{Form, Naming};
use api::kind::Kind;
use api::object::{Name, NamespacedName, ObjectKey, Pod, StatefulSet, Uid, parent_and_ordinal};
use api::release::Release;
use base::sort::Sort;
use base::sorted::SortedMap;
use base::time::Time;
use cluster::images::Images;
use cluster::inside::Disks;
use cluster::kubelet::Machine;
use server::log::Log;
use server::tables::Tables;
use sim::Sim;
use text::{Lang, Text};
use why::DecisionLog;
use why::explain::{Evicted, Explanation, explain, held_by_budget, no_longer_evicted};
use why::log::Entry;

/// The namespace in which lines act that name none, until somebody chooses another.
const DEFAULT_NAMESPACE: &str = "default";

/// What one can select and ask about: a pod's identity, whether or not there is a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    pub namespace: String,
    /// The pod's name: `web-2`.
    pub pod: String,
}

/// How many ordinals of a set are looked at: a set may want more pods than anybody can see.
pub const MAX_ORDINALS: usize = 5000;

/// One instant of the cluster, and in which words to speak of it.
#[derive(Clone, Copy)]
pub struct Instant<'a> {
    /// The objects.
    pub tables: &'a Tables,
    /// The objects as far as the DNS server has seen them.
    pub names: &'a Tables,
    /// The machines behind the nodes, by the names of these: what runs, whether or not the API server knows of it.
    pub machines: &'a SortedMap<Name, Machine>,
    /// How images behave.
    pub images: &'a Images,
    /// What the components decided.
    pub decisions: &'a DecisionLog,
    /// The instant.
    pub now: Time,
    /// The release that runs.
    pub release: &'static Release,
    /// The words.
    pub lang: Lang,
    /// What is inside containers, and on volumes.
    pub disks: &'a Disks,
    /// What was written to the API server, in order.
    pub log: &'a Log,
    /// The sets that were deleted, as they were then but without any ordinal that is wanted: what they leave behind is drawn.
    pub gone: &'a [Rc<StatefulSet>],
    /// The pods whose eviction somebody asks for until it is granted; `None` where nobody keeps count.
    pub evicted: Evicted<'a>,
    /// The namespace in which lines act that name none.
    pub current: &'a str,
    /// Where lines are to be typed.
    pub form: Form,
}

impl<'a> Instant<'a> {
    /// What a simulation shows now.
    pub fn of(sim: &'a Sim, lang: Lang) -> Instant<'a> {
        Instant {
            tables: sim.tables(),
            names: &sim.cache().tables,
            machines: sim.machines_by_node(),
            images: sim.images(),
            decisions: sim.decisions(),
            now: sim.now(),
            release: sim.release(),
            lang,
            disks: sim.disks(),
            log: sim.log(),
            gone: &[],
            evicted: None,
            current: DEFAULT_NAMESPACE,
            form: Form::Here,
        }
    }

    /// The words.
    pub fn text(&self) -> &'static Text {
        self.lang.text()
    }

    /// How a line names a namespace.
    pub fn naming(&self, namespace: &str) -> Naming {
        match self.form {
            Form::Here => Naming::of(namespace, self.current),
            Form::Elsewhere => Naming::elsewhere(namespace),
        }
    }

    /// Whether a node's machine is off or cut off.
    pub fn is_out(&self, node: &str) -> bool {
        !self.machines.get(node).is_none_or(Machine::connected)
    }

    /// Whether a pod's readiness probes are made to fail.
    pub fn holds_unready(&self, identity: &Identity) -> bool {
        let pod = self.tables.pod(&identity.namespace, &identity.pod);
        pod.is_some_and(|pod| {
            let machine = pod.node.as_ref().and_then(|node| self.machines.get(node));
            machine.is_some_and(|machine| machine.holds_unready(pod.meta.uid))
        })
    }

    /// Why something is as it is.
    pub fn explain(&self, about: &ObjectKey) -> Explanation {
        explain(self.tables, self.decisions, self.evicted, about)
    }

    /// What holds a pod that is to leave its node.
    pub fn held_by_budget(&self, pod: &Pod) -> Option<&'a Entry> {
        held_by_budget(self.tables, self.decisions, self.evicted, pod)
    }

    /// What held a pod that was to leave its node, and is to no more.
    pub fn no_longer_evicted(&self, pod: &Pod) -> Option<&'a Entry> {
        no_longer_evicted(self.tables, self.decisions, self.evicted, pod)
    }

    /// The ordinals a set speaks of: those it wants, those that have a pod, those that have a claim. Ascending.
    pub fn ordinals(&self, set: &StatefulSet) -> Vec<i64> {
        let pods = self.pods_of(set).filter_map(|pod| set.ordinal_of(&pod.meta.name));
        let claims = self.tables.claims().filter(|claim| claim.meta.namespace == set.meta.namespace);
        let claims = claims.filter_map(|claim| set.of_claim(&claim.meta.name).map(|(_, ordinal)| ordinal));
        let wanted = set.ordinals();
        let mut ordinals: Vec<i64> = pods.chain(claims).filter(|ordinal| !wanted.contains(ordinal)).collect();
        ordinals.extend(wanted.clone().take(MAX_ORDINALS));
        ordinals.sort_small();
        ordinals.dedup();
        ordinals
    }

    /// The pods that a set manages, by name.
    pub fn pods_of(&self, set: &StatefulSet) -> impl Iterator<Item = &'a Pod> {
        let (tables, uid) = (self.tables, set.meta.uid);
        tables.pods().filter(move |pod| pod.meta.is_controlled_by(uid)).map(|pod| &**pod)
    }

    /// The number of a revision, by the name of its ControllerRevision.
    pub fn revision(&self, namespace: &str, name: &str) -> Option<i64> {
        self.tables.revision(namespace, name).map(|revision| revision.number)
    }

    /// The set that gives a pod or a claim of this name, if there is one.
    pub fn set_of(&self, about: &ObjectKey) -> Option<&'a StatefulSet> {
        match about.kind {
            Kind::Pod => self.set(&about.namespace, parent_and_ordinal(&about.name)?.0),
            Kind::PersistentVolumeClaim => {
                let gives = |set: &&'a Rc<StatefulSet>| set.meta.namespace == about.namespace && set.of_claim(&about.name).is_some();
                self.tables.stateful_sets().find(gives).map(|set| &**set)
            }
            _ => None,
        }
    }

    /// A set, or one that was deleted and has left pods or claims behind. Pods that are orphans are no longer the set's.
    pub fn set_or_gone(&self, namespace: &str, name: &str) -> Option<&'a StatefulSet> {
        let is_it = |set: &&'a Rc<StatefulSet>| &*set.meta.namespace == namespace && &*set.meta.name == name;
        let is_own = |set: &StatefulSet, ordinal: &i64| {
            let pod = self.tables.pod(namespace, &set.pod_name(*ordinal));
            pod.is_none_or(|pod| pod.meta.is_controlled_by(set.meta.uid))
        };
        let lingers = |set: &&'a StatefulSet| {
            let ordinals = self.ordinals(set);
            !ordinals.is_empty() && ordinals.iter().all(|ordinal| is_own(set, ordinal))
        };
        let gone = || self.gone.iter().find(is_it).map(|set| &**set).filter(lingers);
        self.set(namespace, name).or_else(gone)
    }

    /// Whether a set that was deleted has left pods or claims behind.
    pub fn lingers(&self, set: &NamespacedName) -> bool {
        self.set_or_gone(&set.namespace, &set.name).is_some()
    }

    /// A set.
    pub fn set(&self, namespace: &str, name: &str) -> Option<&'a StatefulSet> {
        self.tables.stateful_set(namespace, name).map(|set| &**set)
    }
}

/// As much of a uid as tells one pod from another of its name.
pub fn short_uid(uid: Uid) -> String {
    const DIGITS: usize = 4;
    uid.to_string().chars().take(DIGITS).collect()
}
