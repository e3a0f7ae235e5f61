//! Cures: lines that are typed into a terminal beside a copy of the world, and what came of them.
//!
//! Promises: whatever is offered was tried and ended the wait; whatever is said not to help was tried and did not. Lines name what the
//! pasted cluster names, and are kubectl's only.

use std::rc::Rc;

pub use super::report::Tried;
use super::report::Verdict;
use super::world::{LOOKS, SETTLES, World};
use api::object::{Name, Pod};
use base::slices::Slices;
use base::time::Span;
use causes::blame::Blame;
use causes::remedy::{Cure, Goal, candidates, tempting};
use console::experiment::{Act, Bounds, Ended, Experiment, Sight};
use sim::Sim;
use text::diagnose::Risk;
use why::Family;

/// How many cures are offered for one cause.
const OFFERED: usize = 4;
/// For so long what does not help is watched.
const IN_VAIN: Span = Span::seconds(400);

/// How many pods that are made anew are told by name.
const NAMED: usize = 4;
/// What came of all tries for a cause.
#[derive(Clone, Debug, Default)]
pub struct Tries {
    pub cures: Vec<Tried>,
    pub not_cures: Vec<Tried>,
    /// Lines after which the object waits for something else, and the world after them.
    pub partly: Option<(Cure, Sim)>,
}

/// Types lines beside a copy of a world; returns how long it took until the goal was reached, and the copy. Nobody types before the
/// components have decided about what they found.
pub async fn outcome(sim: &Sim, lines: &[String], goal: &Goal, patience: Span, slices: Slices) -> (Option<Span>, Sim) {
    let begins = if lines.is_empty() { sim.clone() } else { World::after_in(sim, LOOKS, slices).await };
    outcome_in(console::World::of_kubectl(begins), lines, goal, patience, slices).await
}

/// The same in a terminal that is there.
async fn outcome_in(mut copy: console::World, lines: &[String], goal: &Goal, patience: Span, slices: Slices) -> (Option<Span>, Sim) {
    let took = typed(&mut copy, lines, goal, patience, slices).await;
    (took, copy.sim)
}

/// How long lines took; `None` also where so much happens that the world never comes to rest.
async fn typed(copy: &mut console::World, lines: &[String], goal: &Goal, patience: Span, slices: Slices) -> Option<Span> {
    let (began, goal) = (copy.now(), goal.clone());
    let mut experiment = Experiment::new(Bounds { span: patience, ..Bounds::CURE });
    for line in lines {
        experiment.then([Act::Type(0, line.as_str().into()), Act::Answer]);
    }
    // What was asked for is not there at once.
    experiment.then([Act::Pause, Act::See(Sight::new(move |sim| goal.reached(sim)))]);
    loop {
        match experiment.step(copy, &mut || !slices.is_over()) {
            Some(Ended::Done(at)) => return Some(at.since(began)),
            Some(Ended::Passed(_) | Ended::Circles) => return None,
            None => slices.rest().await,
        }
    }
}

/// Whether lines are the same, whether or not they name the namespace that is meant without a name.
fn are_same(one: &[String], other: &[String]) -> bool {
    let plain = |line: &String| line.replace("kubectl -n default ", "kubectl ");
    one.iter().map(plain).eq(other.iter().map(plain))
}

/// Whether two lines scale the same workload, to numbers that differ.
fn is_less_of(one: &[String], other: &[String]) -> bool {
    let scaled = |lines: &[String]| match lines {
        [line] => line.split_once(" --replicas=").map(|(before, _)| before.to_owned()),
        _ => None,
    };
    one != other && scaled(one).is_some() && scaled(one) == scaled(other)
}

/// What lines risk, with the pods that were Ready before and were made anew since.
fn risks(before: &Sim, after: &Sim, known: impl IntoIterator<Item = Risk>) -> Vec<Risk> {
    let anew = |pod: &&Rc<Pod>| after.tables().pod(&pod.meta.namespace, &pod.meta.name).is_some_and(|new| new.meta.uid != pod.meta.uid);
    let mut pods: Vec<Name> = before.tables().pods().filter(|pod| pod.ready()).filter(anew).map(|pod| Rc::clone(&pod.meta.name)).collect();
    let more = pods.len().saturating_sub(NAMED);
    pods.truncate(NAMED);
    let restarts = (!pods.is_empty()).then_some(Risk::Restarts { pods, more });
    known.into_iter().chain(restarts).collect()
}

/// Tries what may help, and what looks as if it did.
pub(super) async fn tried(world: &World, sim: &Sim, goal: &Goal, blame: &Blame, finds: &dyn Fn(&Sim) -> Option<Blame>) -> Tries {
    let slices = world.slices;
    let mut tries = Tries::default();
    if !world.tries {
        return tries;
    }
    // What ends a wait is known once it is decided that there is one.
    let decided = console::World::of_kubectl(World::after_in(sim, LOOKS, slices).await);
    let may_help = candidates(&world.absent, &decided.sim, goal, blame);
    let tempting = tempting(&decided.sim, goal, blame);
    for candidate in may_help {
        // Which pods go when there are fewer is for another controller to choose: that none is left helps whichever it chooses.
        let is_none = candidate.lines.iter().any(|line| line.ends_with("=0"));
        let is_more = |tried: &Tried| !is_none && tried.took.is_some() && is_less_of(&tried.lines, &candidate.lines);
        let known = |tried: &Tried| are_same(&tried.lines, &candidate.lines) || is_more(tried);
        // Nobody gives up data where something else helps. That the set has fewer pods is no help.
        let is_less = |risk: &Risk| matches!(risk, Risk::Fewer { set, .. } if *set == goal.about().name);
        let is_needless = candidate.gives_up && tries.cures.iter().any(|tried| !tried.risks.iter().any(is_less));
        if is_needless || tries.cures.len() >= OFFERED || tries.cures.iter().chain(&tries.not_cures).any(known) {
            continue;
        }
        let (took, after) = outcome_in(decided.clone(), &candidate.lines, goal, SETTLES, slices).await;
        // What happens by itself is no risk of lines that wait for it.
        let risks = if blame.family() == Family::NotStuck { Vec::new() } else { risks(sim, &after, candidate.risk.clone()) };
        let tried = Tried { lines: candidate.lines.clone(), took, risks };
        if took.is_some() {
            tries.not_cures.retain(|not| !is_less_of(&not.lines, &tried.lines));
            tries.cures.push(tried);
            continue;
        }
        let moved_on = finds(&after).is_some_and(|next| next.family() != blame.family() || next.object != blame.object);
        if moved_on && tries.partly.is_none() {
            tries.partly = Some((candidate, after));
        } else {
            tries.not_cures.push(tried);
        }
    }
    for candidate in tempting {
        let known = |tried: &Tried| are_same(&tried.lines, &candidate.lines);
        if tries.cures.iter().any(known) || tries.not_cures.iter().any(known) {
            continue;
        }
        let (took, after) = outcome_in(decided.clone(), &candidate.lines, goal, IN_VAIN, slices).await;
        let tried = Tried { lines: candidate.lines, took, risks: risks(sim, &after, candidate.risk) };
        if took.is_some() { tries.cures.push(tried) } else { tries.not_cures.push(tried) }
    }
    tries
}

/// Where several causes stand one behind the other, each cure is of use only with the others: tries them together.
pub(super) async fn together(world: &World, goal: &Goal, firsts: &[Cure], found: &mut [Verdict]) {
    let (Some(last), true) = (found.last().and_then(|verdict| verdict.cures.first()).cloned(), !firsts.is_empty()) else { return };
    let lines: Vec<String> = firsts.iter().flat_map(|one| one.lines.iter().cloned()).chain(last.lines.iter().cloned()).collect();
    let (took, after) = outcome(&world.sim, &lines, goal, SETTLES, world.slices).await;
    if took.is_none() {
        // The last cause was tried without the others.
        for verdict in found {
            verdict.cures.clear();
        }
    } else {
        let of_last = last.risks.into_iter().filter(|risk| !matches!(risk, Risk::Restarts { .. }));
        let risks = risks(&world.sim, &after, firsts.iter().filter_map(|one| one.risk.clone()).chain(of_last));
        let both = Tried { lines, took, risks };
        for verdict in found {
            verdict.cures = vec![both.clone()];
        }
    }
}
