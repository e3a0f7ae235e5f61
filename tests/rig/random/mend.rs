//! Repairing a world after the last operation, so that the declared state can be reached.
//!
//! First all faults are repaired and the manifests are applied again. Whatever is still in the way then would also be in a real
//! StatefulSet's way until somebody acts: each such case is recognised by visible signs, and dealt with as a person would. If
//! anything else keeps the world from its declared state, it is a bug of the simulation.

use std::rc::Rc;

use super::operation::{QUOTA, hold, kubectl};
use super::world::{NODES, ORDINALS, SETS};
use crate::condition::NAMESPACE;
use crate::file::{Fault, Step};
use api::kind::Kind;
use api::object::parent_and_ordinal;
use api::object::storage::VolumePhase;
use api::object::{Object, Pod, StatefulSet, Volume};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::time::Span;
use sim::Sim;
use why::{Component, Reason};

/// The time after each round of repairs. Longer than the first back-offs of pulls and restarts.
pub(super) const ROUND: Span = Span::seconds(180);
/// The most rounds: each can free one ordinal of each set, which may free the next one.
pub(super) const ROUNDS: u64 = 2 * ORDINALS + 4;
/// The time for the world to become quiet afterwards: longer than the longest back-off after failed syncs.
pub(super) const LAST_ROUND: Span = Span::seconds(1200);
/// From the repair of faults until the manifests are applied: longer than the longest grace period.
const GRACE: Span = Span::seconds(45);

/// The steps that undo every fault that operations can cause, and apply these manifests again.
pub(super) fn put_right(sim: &Sim, names: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for node in NODES {
        steps.push(Step::Fault(Fault::NodeUp { node: node.into(), restart_containers: false }));
        steps.push(kubectl(format!("uncordon {node}")));
        steps.push(kubectl(format!("taint node {node} example.com/busy-")));
    }
    for pod in held_pods(sim) {
        steps.push(hold(&pod, false));
    }
    steps.push(kubectl(format!("delete quota {QUOTA} --ignore-not-found --wait=false")));
    steps.push(Step::Sleep(GRACE));
    steps.extend(names.iter().map(|name| kubectl(format!("apply -f {name}.yaml"))));
    steps
}

fn held_pods(sim: &Sim) -> Vec<String> {
    // The finalizer of a Job's pod goes by itself.
    let of_job = |p: &Pod| p.meta.controller().is_some_and(|o| o.kind == Some(Kind::Job));
    let held = sim.tables().pods().filter(|p| !p.meta.finalizers.is_empty() && !of_job(p));
    held.map(|p| p.meta.name.to_string()).collect()
}

/// What a person would do now about what is in the way; empty if nothing is.
pub(super) fn help(sim: &Sim, round: u64) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for set in SETS {
        match sim.tables().stateful_set(NAMESPACE, set) {
            // Its earlier deletion has completed only now.
            None => steps.push(kubectl(format!("apply -f {set}.yaml"))),
            Some(found) => steps.extend(help_set(sim, found, round)),
        }
    }
    for volume in sim.tables().all(Kind::PersistentVolume).filter_map(Object::as_volume).filter(|volume| is_kept_for_nobody(sim, volume)) {
        steps.extend(volume.spec.claim.iter().map(|of| kubectl(format!("delete pvc {} --wait=false", of.name))));
    }
    steps
}

/// Whether a volume was deleted after it had become Bound and before its claim had: it is kept as if in use, and its claim gets no other.
fn is_kept_for_nobody(sim: &Sim, volume: &Volume) -> bool {
    let claim = volume.spec.claim.as_ref().and_then(|of| sim.tables().claim(&of.namespace, &of.name));
    volume.meta.terminating() && volume.status.phase == VolumePhase::Bound && claim.is_some_and(|claim| claim.spec.volume.is_empty())
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
        // The deletion of a claim wakes no controller: any change of the set does.
        steps.push(kubectl(format!("annotate sts {} touched=again-{round} --overwrite", set.meta.name)));
    }
    steps
}

/// Whether a pod that the set will not adopt has the name of one it needs, or uses the claim whose deletion it waits for.
fn is_in_the_way(set: &StatefulSet, pod: &Pod) -> bool {
    !pod.meta.is_controlled_by(set.meta.uid) && (set.meta.terminating() || !set.spec.selector.matches(&pod.meta.labels))
}

/// Whether an adopted pod lacks the claims of its ordinal, which cannot be added any more.
fn lacks_its_claims(set: &StatefulSet, pod: &Pod) -> bool {
    let Some((_, ordinal)) = parent_and_ordinal(&pod.meta.name) else { return false };
    let has = |claim: &str| pod.claim_volumes().any(|v| *v.claim == *claim);
    !pod.meta.terminating() && !set.spec.claim_templates.iter().all(|t| has(&t.claim_name(&set.meta.name, ordinal)))
}

/// Whether a bound pod's claim is not, or no longer, bound: one that was deleted before the pod was bound, and recreated
/// afterwards, waits for a pod to be scheduled.
fn lost_its_claim(sim: &Sim, pod: &Pod) -> bool {
    let bound = |claim: &str| sim.tables().claim(&pod.meta.namespace, claim).is_some_and(|c| c.bound());
    pod.node.is_some() && !pod.meta.terminating() && !pod.claim_volumes().all(|v| bound(&v.claim))
}

/// The forced rollback: whether a pod of an old revision does not become Ready, for which an ordered set waits before it replaces it.
fn is_trapped(set: &StatefulSet, pod: &Pod) -> bool {
    !pod.ready() && !pod.meta.terminating() && pod.meta.label(CONTROLLER_REVISION_HASH) != Some(&set.status.update_revision)
}

/// Whether the set's controller waits for a claim's deletion, of which it will not be notified.
fn waits_in_silence(sim: &Sim, set: &StatefulSet) -> bool {
    let key = set.key();
    let last = sim.decisions().by(&key, Component::StatefulSet);
    last.is_some_and(|e| matches!(e.decision.because, Reason::StaleClaim { .. }))
}
