//! How a world is mended after the last operation, so that what was declared can be reached.
//!
//! First everything that was broken is put right and the manifests are applied again. What then still stands in the way is what
//! stands in the way of a real StatefulSet, too, until somebody acts: each such case is recognized by what can be seen, and acted
//! on as a person would. Anything else that keeps the world from what was declared is a mistake of the simulation.

use std::rc::Rc;

use super::operation::{QUOTA, kubectl};
use super::world::{NODES, ORDINALS, SETS};
use crate::api::kind::Kind;
use crate::api::object::parent_and_ordinal;
use crate::api::object::{Object, Pod, StatefulSet};
use crate::base::time::Span;
use crate::control::facts::REVISION_LABEL;
use crate::scenario::condition::NAMESPACE;
use crate::scenario::file::{Fault, Step};
use crate::sim::Sim;
use crate::why::{Component, Reason};

/// How long the world gets after each round of mending. Longer than the pauses between pulls and restarts at first.
pub(super) const ROUND: Span = Span::seconds(180);
/// How many rounds of help there are at the most: each can free one ordinal of each set, which may free the next one.
pub(super) const ROUNDS: u64 = 2 * ORDINALS + 4;
/// How long the world then gets to become quiet: longer than the longest pause after failed syncs.
pub(super) const LAST_ROUND: Span = Span::seconds(1200);
/// From putting things right to applying the manifests: longer than the longest grace period.
const GRACE: Span = Span::seconds(45);

/// The steps that put everything right that operations can break.
pub(super) fn put_right(sim: &Sim) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for node in NODES {
        steps.push(Step::Fault(Fault::NodeUp { node: node.into(), restart_containers: false }));
        steps.push(kubectl(format!("uncordon {node}")));
        steps.push(kubectl(format!("taint node {node} example.com/busy-")));
    }
    for pod in held_pods(sim) {
        steps.push(kubectl(format!("patch pod {pod} --type=merge -p '{{\"metadata\":{{\"finalizers\":null}}}}'")));
    }
    steps.push(kubectl(format!("delete quota {QUOTA} --ignore-not-found --wait=false")));
    steps.push(Step::Sleep(GRACE));
    steps.extend(SETS.map(|set| kubectl(format!("apply -f {set}.yaml"))));
    steps
}

fn held_pods(sim: &Sim) -> Vec<String> {
    let held = sim.tables().pods().filter(|p| !p.meta.finalizers.is_empty());
    held.map(|p| p.meta.name.to_string()).collect()
}

/// What a person would do now about what stands in the way; nothing where nothing does.
pub(super) fn help(sim: &Sim, round: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for set in SETS {
        match sim.tables().stateful_set(NAMESPACE, set) {
            // Its deletion, asked for before, has only come to its end now.
            None => steps.push(kubectl(format!("apply -f {set}.yaml"))),
            Some(found) => steps.extend(help_set(sim, found, round)),
        }
    }
    steps
}

fn help_set(sim: &Sim, set: &Rc<StatefulSet>, round: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let pods = sim.tables().within(Kind::Pod, NAMESPACE).filter_map(Object::as_pod);
    for pod in pods.filter(|p| parent_and_ordinal(&p.meta.name).is_some_and(|(parent, _)| *parent == *set.meta.name)) {
        let name = &pod.meta.name;
        if is_in_the_way(set, pod) || is_trapped(set, pod) || lacks_its_claims(set, pod) || lost_its_claim(sim, pod) {
            steps.push(kubectl(format!("delete pod {name} --wait=false")));
        } else if !pod.ready() && !pod.meta.terminating() {
            steps.push(Step::Fault(Fault::PodReady { pod: name.to_string() }));
        }
    }
    if waits_in_silence(sim, set) {
        // Nothing wakes the controller when a claim goes: any change of the set does.
        steps.push(kubectl(format!("annotate sts {} touched=again-{round} --overwrite", set.meta.name)));
    }
    steps
}

/// Whether a pod that the set does not take has the name of one that it needs, or the claim that its deletion waits for.
fn is_in_the_way(set: &StatefulSet, pod: &Pod) -> bool {
    !pod.meta.is_controlled_by(set.meta.uid) && (set.meta.terminating() || !set.spec.selector.matches(&pod.meta.labels))
}

/// Whether a pod that the set took was made without the claims of its ordinal, which cannot be given to it any more.
fn lacks_its_claims(set: &StatefulSet, pod: &Pod) -> bool {
    let Some((_, ordinal)) = parent_and_ordinal(&pod.meta.name) else { return false };
    let has = |claim: &str| pod.claim_volumes().any(|v| *v.claim == *claim);
    !pod.meta.terminating() && !set.spec.claim_templates.iter().all(|t| has(&t.claim_name(&set.meta.name, ordinal)))
}

/// Whether a pod has a node and a claim is not, or no longer, bound: one that was deleted before the pod had its node, and made
/// anew after, waits for a pod to be scheduled.
fn lost_its_claim(sim: &Sim, pod: &Pod) -> bool {
    let bound = |claim: &str| sim.tables().claim(&pod.meta.namespace, claim).is_some_and(|c| c.bound());
    pod.node.is_some() && !pod.meta.terminating() && !pod.claim_volumes().all(|v| bound(&v.claim))
}

/// The forced rollback: whether a pod of an old revision does not get ready, for which an ordered set waits before it replaces it.
fn is_trapped(set: &StatefulSet, pod: &Pod) -> bool {
    !pod.ready() && !pod.meta.terminating() && pod.meta.label(REVISION_LABEL) != Some(&set.status.update_revision)
}

/// Whether the set's controller waits for a claim to go, which nobody will tell it of.
fn waits_in_silence(sim: &Sim, set: &StatefulSet) -> bool {
    let key = set.key();
    let last = sim.decisions().by(&key, Component::StatefulSet);
    last.is_some_and(|e| matches!(e.decision.because, Reason::StaleClaim { .. }))
}
