//! Preemption, when a pod fits on no node: which pods of lower priority would have to go from which node, and on which node they
//! are the fewest and least important.
//!
//! Models pkg/scheduler/framework/plugins/defaultpreemption and pkg/scheduler/framework/preemption.
//! Promises: no pod is preempted that need not be; the same view, pod and draw give the same victims.
//! Must not know: requests, who deletes the victims.
//! Not modelled: groups of pods, extenders, considering only a sample of more than a hundred nodes.

use std::cmp::Reverse;
use std::rc::Rc;

use super::load::NodeLoad;
use super::site::View;
use super::verdict::{NOT_HELPFUL, Preemption, Refusal, Room};
use super::{TieBreak, filter_alone, one_of, priority};
use api::object::budget::DisruptionBudget;
use api::object::selector::Selector;
use api::object::{Name, Node, Pod};
use base::sort::Sort;
use base::time::Time;
use base::word::Word;

/// Reported for a node without pods of lower priority.
const NO_VICTIMS: &str = "No preemption victims found for incoming pod";
/// Reported for a pod that may not preempt others.
const NEVER: &str = "not eligible due to preemptionPolicy=Never.";
/// Reported for a pod whose victims are still terminating.
const WAITS: &str = "not eligible due to a terminating pod on the nominated node.";
/// Added to each priority before summing, so that none is negative.
const PRIORITY_OFFSET: i64 = 1 << 31;

/// Looks for victims for a pod that every node refused. Models Evaluator.Preempt.
pub fn preempt(view: &View, pod: &Pod, refusals: &[(Name, Refusal)], tie: &TieBreak) -> Preemption {
    if let Some(why) = ineligible(view, pod, refusals) {
        return Preemption::Ineligible(why);
    }
    let (mut rooms, mut reasons) = (Vec::new(), Vec::new());
    for (name, refusal) in refusals {
        match view.tables.node("", name).filter(|_| refusal.resolvable).map(|node| victims_on(view, pod, node)) {
            None => reasons.push(NOT_HELPFUL.into()),
            Some(Ok(room)) => rooms.push(room),
            Some(Err(refused)) => reasons.extend(refused),
        }
    }
    match choose(view, pod, &rooms, tie) {
        Some(chosen) => Preemption::Found(rooms.swap_remove(chosen)),
        None => Preemption::Helpless(reasons),
    }
}

/// Why a pod may not preempt others now. Models PodEligibleToPreemptOthers.
fn ineligible(view: &View, pod: &Pod, refusals: &[(Name, Refusal)]) -> Option<&'static str> {
    if pod.spec.template.scheduling.never_preempts {
        return Some(NEVER);
    }
    let (meant, _) = refusals.iter().find(|(name, refusal)| *name == pod.status.nominated && refusal.resolvable)?;
    let leaves = |other: &Rc<Pod>| priority(other) < priority(pod) && other.meta.terminating() && other.preempted();
    view.loads.node(meant).is_some_and(|load| load.pods().any(leaves)).then_some(WAITS)
}

/// The fewest and least important victims that make room on a node, or why none would.
/// Models SelectVictimsOnNode.
fn victims_on(view: &View, pod: &Pod, node: &Node) -> Result<Room, Vec<Word>> {
    let load = view.loads.node(&node.meta.name);
    let lower = load.into_iter().flat_map(NodeLoad::pods).filter(|other| priority(other) < priority(pod));
    let mut lower: Vec<Rc<Pod>> = lower.cloned().collect();
    if lower.is_empty() {
        return Err(vec![NO_VICTIMS.into()]);
    }
    let mut loads = view.loads.clone();
    for other in &lower {
        loads.remove(other);
    }
    filter_alone(&View { loads: &loads, ..*view }, pod, node).map_err(|refusal| refusal.reasons)?;
    lower.sort_small_by_key(|other| importance(other, view.now));
    let mut victims = Vec::new();
    let mut violations = 0;
    for (violates, other) in kept_first(view, lower) {
        loads.place(&other);
        if filter_alone(&View { loads: &loads, ..*view }, pod, node).is_err() {
            loads.remove(&other);
            violations += usize::from(violates);
            victims.push(other);
        }
    }
    victims.sort_small_by_key(|other| importance(other, view.now));
    Ok(Room { node: Rc::clone(&node.meta.name), victims, violations })
}

/// Sort key that puts more important pods first: higher priority, then earlier start. Models MoreImportantVictim.
fn importance(pod: &Pod, now: Time) -> (Reverse<i64>, Time, Time, Name) {
    (Reverse(priority(pod)), began(pod, now), pod.meta.created, Rc::clone(&pod.meta.name))
}

/// A pod's start time, to the second; the present if it has not started. Models pkg/scheduler/util GetPodStartTime.
fn began(pod: &Pod, now: Time) -> Time {
    pod.status.started.map_or(now, Time::stamp)
}

/// The pods, each with whether evicting it would violate a disruption budget, those first. Models FilterVictimsWithPDBViolation.
fn kept_first(view: &View, pods: Vec<Rc<Pod>>) -> Vec<(bool, Rc<Pod>)> {
    let mut budgets: Vec<(&Rc<DisruptionBudget>, i64)> = view.tables.budgets().map(|b| (b, b.status.disruptions_allowed)).collect();
    let mut violates = |pod: &Pod| {
        let speaks = |budget: &DisruptionBudget| {
            let named = budget.spec.selector.as_ref().is_some_and(|selector| *selector != Selector::default());
            budget.meta.namespace == pod.meta.namespace && named && !pod.meta.labels.is_empty() && budget.selects(&pod.meta.labels)
        };
        for (budget, allowed) in &mut budgets {
            if speaks(budget) && !budget.status.disrupted_pods.contains_key(&pod.meta.name) {
                *allowed -= 1;
                if *allowed < 0 {
                    return true;
                }
            }
        }
        false
    };
    let mut all: Vec<(bool, Rc<Pod>)> = pods.into_iter().map(|pod| (violates(&pod), pod)).collect();
    all.sort_small_by_key(|(violates, _)| !violates);
    all
}

/// The index of the room with the least loss. Models pickOneNodeForPreemption.
fn choose(view: &View, pod: &Pod, rooms: &[Room], tie: &TieBreak) -> Option<usize> {
    let loss = |room: &Room| {
        let victims = &room.victims;
        let highest = victims.iter().map(|v| priority(v)).max().unwrap_or(i64::MIN);
        let sum: i64 = victims.iter().map(|v| priority(v) + PRIORITY_OFFSET).sum();
        let earliest = victims.iter().filter(|v| priority(v) == highest).map(|v| began(v, view.now)).min();
        (room.violations, highest, sum, victims.len(), Reverse(earliest))
    };
    let least = rooms.iter().map(loss).min()?;
    let tied: Vec<usize> = (0..rooms.len()).filter(|i| loss(&rooms[*i]) == least).collect();
    let names: Vec<&str> = tied.iter().map(|i| &*rooms[*i].node).collect();
    tied.get(one_of(&names, pod, tie)).copied()
}
