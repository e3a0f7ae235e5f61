//! What verdicts rest on: the lines that speak of their objects, what logs say, and what was assumed and decides.

use super::paste::found::Signed;
use super::report::{Report, Verdict};
use super::world::{SETTLES, World};
use super::{cures, signs, told};
use api::kind::Kind;
use api::object::Claim;
use base::sort::Sort;
use base::time::{Span, Time};
use causes::claims::own_claims;
use causes::remedy::Goal;
use std::rc::Rc;
use text::diagnose::{Assumed, Risk, Sign};
use why::{Cause, Family};

/// By so much a claim is older than its set that an earlier set left it.
const OLDER: Span = Span::seconds(3600);

/// Marks what of a report would be otherwise in a world of which the opposite of an assumption holds: verdicts, and cures that help no
/// more where disks are reached by their own nodes alone. `instead` is what is said of that world.
pub(super) async fn compare(report: &mut Report, instead: &Report, assumed: &Assumed, other: &World) {
    for verdict in &mut report.verdicts {
        let own: Vec<&Verdict> = instead.verdicts.iter().filter(|one| one.workload == verdict.workload).collect();
        let stays = own.iter().any(|one| (one.cause, &one.object) == (verdict.cause, &verdict.object));
        if let Some(found) = own.first().filter(|_| !stays) {
            verdict.hangs_on.push((assumed.clone(), found.told.clone()));
            // They were tried where the assumption holds.
            (verdict.cures, verdict.not_cures) = (Vec::new(), Vec::new());
        }
        let goal = Goal::Well(verdict.workload.clone());
        for cure in verdict.cures.iter_mut().filter(|_| *assumed == Assumed::Volumes && verdict.workload.kind == Kind::StatefulSet) {
            if cures::outcome(&other.sim, &cure.lines, &goal, SETTLES, other.slices).await.0.is_none() {
                cure.risks.insert(0, Risk::Unreached);
            }
        }
    }
}

/// The numbers of the lines that speak of the objects of a verdict.
pub(super) fn lines(world: &World, verdict: &Verdict) -> Vec<usize> {
    let own = [&verdict.object, &verdict.workload].into_iter().chain(verdict.chain.iter().map(|(about, _)| about));
    let names: Vec<String> = own.map(told::short).collect();
    let mut lines: Vec<usize> = world.dump.facts.iter().filter(|fact| names.contains(&fact.about)).map(|fact| fact.line).collect();
    lines.extend(verdict.signs.iter().map(|signed| signed.line));
    lines.sort_small();
    lines.dedup();
    lines
}

/// Claims that are much older than their set, and so were left by an earlier one: told where a process fails.
pub(super) fn left_claims(world: &World, verdicts: &mut [Verdict]) {
    let tables = world.sim.tables();
    for verdict in verdicts.iter_mut().filter(|verdict| verdict.family() == Family::ContainerFails) {
        let Some(set) = tables.stateful_set(&verdict.workload.namespace, &verdict.workload.name) else { continue };
        let is_left = |claim: &&Rc<Claim>| claim.meta.created > Time(0) && set.meta.created.since(claim.meta.created) > OLDER;
        for claim in own_claims(tables, set).filter(is_left) {
            let about = told::short(&claim.key());
            let line = world.dump.facts.iter().find(|fact| fact.about == about).map_or(0, |fact| fact.line);
            verdict.signs.push(Signed { line, pod: String::new(), text: about, sign: Sign::LeftClaim });
        }
    }
}

/// Gives verdicts what logs say: to the one on the pod, or on its set, or to the first.
pub(super) fn signed(world: &World, verdicts: &mut [Verdict]) {
    for signed in &world.dump.signs {
        let at = signs::place(signed, verdicts.iter().map(|one| (&*one.object.name, &*one.workload.name)));
        let Some(verdict) = verdicts.get_mut(at) else { return };
        verdict.signs.push(signed.clone());
        await_peer(world, verdict, signed);
    }
}

/// Where a pod that is not Ready looks for a peer that is created only after it, each waits for the other.
fn await_peer(world: &World, verdict: &mut Verdict, signed: &Signed) {
    let Some(set) = world.sim.tables().stateful_set(&verdict.workload.namespace, &verdict.workload.name) else { return };
    let Some(own) = set.ordinal_of(&verdict.object.name).filter(|_| verdict.cause == Cause::GateNeverReady) else { return };
    let is_there = |peer: &str| world.sim.tables().pod(&set.meta.namespace, peer).is_some();
    if let Some(peer) = signs::later_peer(signed, &set.meta.name, own, is_there) {
        verdict.cause = Cause::WaitsForPeers;
        verdict.said.text("peer", peer);
    }
}
