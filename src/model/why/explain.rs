//! Explanations: the chain of decisions from the object asked about to the root cause.
//!
//! Promises: works for objects that do not exist, because the component that does not create them has recorded why; the chain ends, even
//! if two objects wait for each other; every link is a recorded decision, never one made up here.
//! Must not know: how anything is worded.

use std::rc::Rc;

use super::log::Entry;
use super::{Component, DecisionLog, Reason, Verdict};
use api::kind::Kind;
use api::object::parent_and_ordinal;
use api::object::{ObjectKey, Pod, StatefulSet};
use base::value::Value;
use server::tables::Tables;

/// The maximum length of a chain.
const MAX_LINKS: usize = 12;

/// The pods whose eviction somebody asks for until it is granted; `None` where nobody keeps count, so that a refusal counts as standing.
pub type Evicted<'a> = Option<&'a [ObjectKey]>;

/// A link of a chain: an object, whether or not it exists, and the decision about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub about: ObjectKey,
    /// The decision; `None` if no component has decided about it yet.
    pub entry: Option<Entry>,
}

/// The explanation of one object's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The links, from the object asked about to the root cause.
    pub links: Vec<Link>,
    /// Whether the last link waits for an earlier one.
    pub circular: bool,
}

/// Explains an object, whether or not it exists.
pub fn explain(tables: &Tables, decisions: &DecisionLog, evicted: Evicted, about: &ObjectKey) -> Explanation {
    let mut links: Vec<Link> = Vec::new();
    let mut next = Some(about.clone());
    while let Some(key) = next.take() {
        if links.iter().any(|l| l.about == key) {
            return Explanation { links, circular: true };
        }
        let entry = decisive(tables, decisions, evicted, &key).cloned();
        next = entry.as_ref().and_then(|e| e.decision.blocked_by.clone()).filter(|k| *k != key);
        links.push(Link { about: key, entry });
        if links.len() == MAX_LINKS {
            break;
        }
    }
    Explanation { links, circular: false }
}

/// The decision responsible for an object's current state.
fn decisive<'a>(tables: &Tables, decisions: &'a DecisionLog, evicted: Evicted, key: &ObjectKey) -> Option<&'a Entry> {
    match key.kind {
        Kind::Pod => match tables.pod(&key.namespace, &key.name) {
            Some(pod) if pod.ready() => held_by_budget(tables, decisions, evicted, pod).or_else(|| of_pod(decisions, key, pod)),
            Some(pod) => of_pod(decisions, key, pod),
            None => of_absent_pod(tables, decisions, key),
        },
        Kind::PersistentVolumeClaim => {
            let components = [Component::ClaimProtection, Component::Provisioner, Component::PersistentVolumeBinder];
            let leaving = tables.claim(&key.namespace, &key.name).is_some_and(|c| c.meta.terminating());
            let stands =
                |entry: &&Entry| !matches!(&entry.decision.because, Reason::MayNotGrow { class, size } if grows(tables, key, class, size));
            components.into_iter().filter(|c| leaving || *c != Component::ClaimProtection).find_map(|c| decisions.by(key, c).filter(stands))
        }
        _ => decisions.about(key).max_by_key(|e| (e.last, e.first)),
    }
}

/// Whether what kept a claim from growing is over: its class lets it grow by now, or it has the size.
fn grows(tables: &Tables, claim: &ObjectKey, class: &str, size: &str) -> bool {
    let allows =
        tables.class("", class).is_none_or(|class| class.body.value().get("allowVolumeExpansion").and_then(Value::as_bool) == Some(true));
    allows || tables.claim(&claim.namespace, &claim.name).is_none_or(|claim| *claim.spec.request == *size)
}

/// A pod is up to the scheduler until it is bound, then to its kubelet; any component may delete it.
fn of_pod<'a>(decisions: &'a DecisionLog, key: &ObjectKey, pod: &Pod) -> Option<&'a Entry> {
    let leaving = [Component::NodeLifecycle, Component::TaintEviction, Component::PodGc, Component::GarbageCollector, Component::Kubelet];
    if pod.meta.terminating() {
        let newest = leaving.into_iter().filter_map(|c| decisions.by(key, c)).filter(|e| e.last >= pod.meta.created);
        return newest.max_by_key(|e| e.first);
    }
    let holder = if pod.node.is_none() { Component::Scheduler } else { Component::Kubelet };
    let by = |component| decisions.by(key, component).filter(|e| e.last >= pod.meta.created);
    let claims = || by(Component::EphemeralVolume).filter(|e| pod.node.is_none() && e.decision.verdict == Verdict::Refused);
    let waits = |component| by(component).filter(|e| e.decision.verdict == Verdict::Waits);
    let volume = || waits(Component::AttachDetach).filter(|_| pod.node.is_some());
    waits(Component::NodeLifecycle).or_else(claims).or_else(volume).or_else(|| by(holder))
}

/// The refusal of a pod's eviction, for as long as it stands: the pod is on a node that was closed, as every drain begins, somebody asks
/// again, and its budget lets nobody go.
pub fn held_by_budget<'a>(tables: &Tables, decisions: &'a DecisionLog, evicted: Evicted, pod: &Pod) -> Option<&'a Entry> {
    let entry = refused_eviction(tables, decisions, pod).filter(|_| evicted.is_none_or(|evicted| evicted.contains(&pod.key())))?;
    let budget = entry.decision.blocked_by.as_ref().and_then(|key| tables.budget(&key.namespace, &key.name))?;
    (budget.status.disruptions_allowed == 0).then_some(entry)
}

/// The refusal of the eviction of a pod that nobody asks for any more: its node is still closed, and the pod stays.
pub fn no_longer_evicted<'a>(tables: &Tables, decisions: &'a DecisionLog, evicted: Evicted, pod: &Pod) -> Option<&'a Entry> {
    refused_eviction(tables, decisions, pod).filter(|_| evicted.is_some_and(|evicted| !evicted.contains(&pod.key())))
}

/// The refusal of a pod's eviction from a node that was closed and still is.
fn refused_eviction<'a>(tables: &Tables, decisions: &'a DecisionLog, pod: &Pod) -> Option<&'a Entry> {
    tables.node("", pod.node.as_ref()?).filter(|node| node.unschedulable && !pod.meta.terminating())?;
    decisions.by(&pod.key(), Component::Disruption).filter(|e| e.last >= pod.meta.created)
}

/// The decision of the set that has not created this pod.
fn of_absent_pod<'a>(tables: &Tables, decisions: &'a DecisionLog, key: &ObjectKey) -> Option<&'a Entry> {
    let set = set_of(tables, key)?;
    decisions.by(&ObjectKey::new(Kind::StatefulSet, &key.namespace, &set.meta.name), Component::StatefulSet)
}

/// The set that this pod would belong to.
pub fn set_of<'a>(tables: &'a Tables, pod: &ObjectKey) -> Option<&'a Rc<StatefulSet>> {
    let (set, _) = parent_and_ordinal(&pod.name)?;
    tables.stateful_set(&pod.namespace, set)
}
