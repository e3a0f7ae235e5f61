//! Decisions to verdicts: which family of causes a reason belongs to, and on which object it hangs.

use std::borrow::Cow;
use std::rc::Rc;

use super::beside::{claims_alone, data_leaves, expansions, leaving, nothing, remarks};
use super::cures;
use super::door::Whole;
use super::doubt::{doubt, of_withheld};
use super::dump::Dump;
use super::report::{Door, Tried, verdict};
pub use super::report::{Report, Verdict};
pub use super::world::LOOKS;
use super::world::{SETTLES, World};
use super::{ask, ground, heard, places, reading, waits};
use api::kind::Kind;
use api::object::{ObjectKey, Pod, StatefulSet};
use base::slices::{Slices, Work, whole};
use base::sorted::SortedSet;
use causes::blame::{Blame, Sure, cause_of, is_well};
use causes::remedy::{Cure, Goal};
use causes::waits::{chain_of, told};
use sim::Sim;
use text::diagnose::{Assumed, Told};
use why::explain::{Link, explain};
use why::{Cause, Family, Reason};

/// A dump of more objects is not looked at once more with the opposite of what was assumed.
const MOST_COMPARED: usize = 300;
/// How many causes may stand one behind the other.
const CAUSES: usize = 3;

/// What is the matter with the clusters of some texts, taken as one.
pub fn diagnose<'a>(texts: impl IntoIterator<Item = &'a str>) -> Report {
    whole(report_of(Dump::read(texts), Slices::WHOLE))
}

/// What is the matter with one workload of the cluster of some texts.
pub fn diagnose_one<'a>(texts: impl IntoIterator<Item = &'a str>, workload: &ObjectKey) -> Report {
    let mut dump = Dump::read(texts);
    dump.only = Some(workload.clone());
    whole(report_of(dump, Slices::WHOLE))
}

/// What is the matter with the cluster of a text, in slices. `otherwise`: the assumptions of which the opposite is supposed
/// ([`Assumed::id`]).
pub fn diagnosis(text: String, otherwise: SortedSet<String>, slices: Slices) -> Work<Report> {
    Work::new(async move {
        let mut dump = Dump::read_in([text.as_str()], slices).await;
        dump.otherwise.extend(otherwise);
        report_of(dump, slices).await
    })
}

/// What is the matter with the cluster of a dump, in slices, and what of it hangs on what was assumed.
async fn report_of(dump: Dump, slices: Slices) -> Report {
    let dump = match Whole::of(dump) {
        Ok(whole) => whole.into_dump(),
        Err(text) => return reading::report(*text),
    };
    let copy = (dump.objects.len() <= MOST_COMPARED).then(|| dump.clone());
    let mut report = report_in(&World::made(dump, slices).await, true).await;
    let is_open = report.verdicts.iter().any(|verdict| verdict.sure != Sure::Certain);
    let has_cures = report.verdicts.iter().any(|verdict| !verdict.cures.is_empty());
    let decisive =
        |one: &&Assumed| one.may_decide() && !report.supposes_otherwise(one) && (is_open || has_cures && **one == Assumed::Volumes);
    let decisive: Vec<Assumed> = report.assumed.iter().filter(decisive).filter(|_| copy.is_some()).cloned().collect();
    for one in decisive {
        let mut other = copy.clone().unwrap_or_default();
        other.otherwise.insert(one.id());
        let world = World::made(other, slices).await.untried();
        ground::compare(&mut report, &report_in(&world, false).await, &one, &world).await;
    }
    report
}

/// What is the matter with a world.
pub fn report(world: &World) -> Report {
    whole(report_in(world, false))
}

/// The same of a world of one's own, in its slices.
pub fn report_by(world: World) -> Work<Report> {
    Work::new(async move { report_in(&world, false).await })
}

/// What is the matter with a world, in its slices. Where the world is that of its dump, what the objects say cannot be contradicted.
pub(super) async fn report_in(world: &World, is_dump: bool) -> Report {
    let looked = World::after_in(&world.sim, LOOKS, world.slices).await;
    let settled = World::after_in(&looked, SETTLES, world.slices).await;
    let (mut verdicts, mut well) = (Vec::new(), Vec::new());
    for set in world.sim.tables().stateful_sets().filter(|set| !set.meta.terminating()) {
        match of_set(world, &looked, &settled, set).await {
            Some(found) => verdicts.extend(found),
            None => well.push(set.key()),
        }
    }
    verdicts.extend(leaving(world, &settled, &verdicts).await);
    verdicts.extend(claims_alone(world, &settled));
    verdicts.extend(data_leaves(world, &verdicts));
    verdicts.extend(expansions(world));
    let heard = heard::verdicts(world, &verdicts);
    // What only seems to wait says less than the words for it.
    let tells = |verdict: &Verdict| heard.iter().any(|one| one.workload == verdict.workload || one.workload.name.is_empty());
    verdicts.retain(|verdict| ![Family::NotStuck, Family::CannotKnow].contains(&verdict.family()) || !tells(verdict));
    verdicts.extend(heard);
    let mut told: Vec<(Cause, ObjectKey)> = Vec::new();
    verdicts.retain(|verdict| {
        let is_new = !told.contains(&(verdict.cause, verdict.object.clone()));
        told.push((verdict.cause, verdict.object.clone()));
        is_new
    });
    if is_dump && world.dump.otherwise.is_empty() {
        keep_the_law(world, &mut verdicts);
    }
    let is_asked = |verdict: &Verdict| world.dump.only.as_ref().is_none_or(|key| speaks_of(verdict, key));
    verdicts.retain(is_asked);
    well.retain(|key| world.dump.only.as_ref().is_none_or(|only| only == key));
    if verdicts.is_empty() {
        verdicts.extend(remarks(world).await);
        verdicts.retain(is_asked);
    }
    if verdicts.is_empty() {
        verdicts.extend(nothing(world, &well));
    }
    ground::signed(world, &mut verdicts);
    ground::left_claims(world, &mut verdicts);
    let is_read_whole = world.dump.unread.is_empty();
    for verdict in &mut verdicts {
        of_withheld(world, verdict);
        verdict.missing = ask::lines(world, verdict);
        if !is_read_whole && verdict.family() == Family::NotStuck && verdict.sure == Sure::Certain {
            verdict.sure = Sure::Likely;
        }
        verdict.told = facts(world, verdict);
        verdict.lines = ground::lines(world, verdict);
        if !is_read_whole {
            verdict.told.fields.text("unread", "unread");
        }
    }
    waits::attach(&world.dump, &mut verdicts);
    let Dump { unread, account, others, facts, otherwise, .. } = world.dump.clone();
    let assumed = world.assumed.clone();
    // Nothing is called well while a line is not read.
    well.retain(|_| is_read_whole);
    Report { verdicts, assumed, otherwise, unread, account, others, facts, at: world.at, well, door: Door::Dump, with: None }
}

/// Takes back what contradicts the objects of the dump: of a workload of which nothing else was told, the reason is not known.
fn keep_the_law(world: &World, verdicts: &mut Vec<Verdict>) {
    let (kept, against): (Vec<Verdict>, Vec<Verdict>) =
        std::mem::take(verdicts).into_iter().partition(|verdict| reading::against(&world.dump, verdict).is_none());
    *verdicts = kept;
    for one in against.into_iter().filter(|one| one.family() != Family::NotStuck) {
        if !verdicts.iter().any(|verdict| verdict.workload == one.workload) {
            let blame = Blame::of(Cause::NoReason, one.workload.clone()).unknown();
            verdicts.push(by_words(world, &world.sim, blame, &one.workload));
        }
    }
}

/// Whether a verdict is on a workload, or on the namespace in which it is.
fn speaks_of(verdict: &Verdict, key: &ObjectKey) -> bool {
    let of_place = verdict.workload.kind == Kind::Namespace && verdict.workload.name == key.namespace;
    of_place || verdict.workload == *key || verdict.object == *key
}

/// What a set waits for; `None` if nothing is the matter. What its pods say by themselves beats what the world decides: a verdict of
/// another family is not told.
async fn of_set(world: &World, looked: &Sim, settled: &Sim, set: &Rc<StatefulSet>) -> Option<Vec<Verdict>> {
    let found = decided(world, looked, settled, set).await;
    let Some(said) = reading::object_says(&world.dump, &set.key()).filter(|_| world.dump.otherwise.is_empty()) else { return found };
    // Which pod of an old revision a rollout waits for, its words do not tell.
    let agrees = |verdict: &Verdict| [said.family(), Family::RollbackTrap].contains(&verdict.family());
    if found.as_ref().is_some_and(|found| found.iter().any(agrees)) {
        return found;
    }
    Some(vec![by_words(world, looked, said, &set.key())])
}

/// What a set waits for in the world; `None` if nothing is the matter.
async fn decided(world: &World, looked: &Sim, settled: &Sim, set: &Rc<StatefulSet>) -> Option<Vec<Verdict>> {
    let key = set.key();
    if is_well(looked, &key) && is_well(&world.sim, &key) {
        return None;
    }
    let ends = is_well(settled, &key);
    // What the pasted cluster says speaks of the world as it is, not of one that is otherwise.
    let said = (ends && world.dump.otherwise.is_empty()).then(|| heard::said(world, set)).flatten();
    if let Some(said) = said {
        let mut told = by_words(world, looked, said, &key);
        sooner(world, &mut told).await;
        return Some(vec![told]);
    }
    if ends {
        return Some(vec![under_way(world, looked, &key).await]);
    }
    let mut found = causes(world, settled, set, CAUSES).await;
    if let Some(unknown) = found.first().filter(|first| first.sure == Sure::Unknown) {
        // What the world made by itself is not what is not known: why the pasted cluster has not made it is.
        let absent = world.sim.tables().get(&unknown.object).is_none().then(|| Blame::of(Cause::PodsMissing, set.key()).unknown());
        if let Some(said) = heard::said(world, set).or(absent) {
            found = vec![by_words(world, settled, said, &key)];
        }
    }
    if found.is_empty() {
        let blame = Blame::of(Cause::NoReason, key.clone()).unknown();
        found.push(verdict(world, settled, blame, &key, chain_of(settled, &key)));
    }
    Some(found)
}

/// The verdict on a set that becomes well by itself.
async fn under_way(world: &World, looked: &Sim, key: &ObjectKey) -> Verdict {
    let blame = by_itself(world, looked, key);
    if blame.cause == Cause::InProgress && world.withholds(ask::HOLDS) {
        // What could not be read may hold it up.
        return by_words(world, looked, Blame::of(Cause::NoReason, key.clone()).unknown(), key);
    }
    let mut verdict = verdict(world, looked, blame.clone(), key, chain_of(looked, key));
    let goal = Goal::Well(key.clone());
    verdict.ends_in = cures::outcome(&world.sim, &[], &goal, SETTLES, world.slices).await.0;
    verdict.cures = cures::tried(world, &world.sim, &goal, &blame, &|_| None).await.cures;
    if !world.is_live && world.dump.events.is_empty() && blame.cause == Cause::InProgress {
        // Whatever holds it up and is no object, Events alone tell.
        verdict.sure = Sure::Likely;
    }
    doubt(world, &mut verdict);
    verdict
}

/// Tries what ends a wait that ends by itself much later.
async fn sooner(world: &World, verdict: &mut Verdict) {
    let goal = Goal::Well(verdict.workload.clone());
    let Some(alone) = cures::outcome(&world.sim, &[], &goal, SETTLES, world.slices).await.0.filter(|alone| *alone > LOOKS + LOOKS) else {
        return;
    };
    let blame = Blame { sure: verdict.sure, ..Blame::of(verdict.cause, verdict.object.clone()) };
    let tries = cures::tried(world, &world.sim, &goal, &blame, &|_| None).await;
    let (cures, late) = tries.cures.into_iter().partition(|tried| tried.took.is_some_and(|took| took + LOOKS + LOOKS < alone));
    (verdict.cures, verdict.not_cures) = (cures, tries.not_cures.into_iter().chain(late).collect());
}

/// The causes for which a set waits, one behind the other: with the first one gone, the next one shows.
async fn causes(world: &World, settled: &Sim, set: &StatefulSet, most: usize) -> Vec<Verdict> {
    let key = set.key();
    let mut goal = Goal::Well(key.clone());
    let (mut found, mut firsts): (Vec<Verdict>, Vec<Cure>) = (Vec::new(), Vec::new());
    let (mut looked, mut from) = (Cow::Borrowed(settled), Cow::Borrowed(&world.sim));
    for _ in 0..most {
        let chain = chain_of(&looked, &key);
        let is_new = |new: &Blame| found.iter().all(|old| old.family() != new.family() || old.object != new.object);
        let Some(mut blame) = cause_of(&looked, &key, &chain).filter(is_new) else { break };
        if found.is_empty() {
            goal = Goal::of(set, blame.family());
        }
        let leaves = world.sim.tables().get(&blame.object).is_some_and(|object| object.meta().terminating());
        if blame.cause == Cause::NodeUnreachablePodTerminating && !leaves {
            blame.cause = Cause::NodeUnreachable;
        }
        if !found.is_empty() && world.withholds(ask::rests_on(blame.cause).chain(ask::DISKS)) {
            // What shows behind the first cause may come of what could not be read.
            break;
        }
        let mut verdict = verdict(world, &looked, blame.clone(), &key, chain);
        let finds = |after: &Sim| cause_of(after, &key, &chain_of(after, &key));
        let tries = cures::tried(world, &from, &goal, &blame, &finds).await;
        (verdict.cures, verdict.not_cures) = (tries.cures, tries.not_cures);
        doubt(world, &mut verdict);
        if [Family::NoNodeFits, Family::VolumeElsewhere].contains(&verdict.family()) {
            let waits = |pod: &&Rc<Pod>| pod.meta.is_controlled_by(set.meta.uid) && pod.node.is_none();
            let pod = looked.tables().pods().find(waits);
            verdict.nodes = pod.map_or(Vec::new(), |pod| places::refusals(&looked, pod));
        }
        let is_open = verdict.sure == Sure::Unknown;
        let is_helpless = verdict.cures.is_empty();
        if let Some((first, _)) = tries.partly.as_ref().filter(|_| !is_helpless) {
            verdict.not_cures.insert(0, Tried { lines: first.lines.clone(), took: None, risks: Vec::new() });
        }
        match found.last_mut().filter(|before| (before.family(), before.cause) == (verdict.family(), verdict.cause)) {
            // The same at the next pod is the same cause, which is not over before it is over there, too.
            Some(before) => before.cures = verdict.cures,
            None => found.push(verdict),
        }
        // Behind what is not known stands nothing that is.
        let Some((first, after)) = tries.partly.filter(|_| is_helpless && !is_open) else { break };
        firsts.push(first);
        looked = Cow::Owned(after.clone());
        from = Cow::Owned(after);
    }
    cures::together(world, &goal, &firsts, &mut found).await;
    found
}

/// The verdict that words give.
fn by_words(world: &World, sim: &Sim, blame: Blame, key: &ObjectKey) -> Verdict {
    verdict(world, sim, blame, key, Vec::new())
}

/// What a set waits for that becomes well by itself: a pod that is given time to end, or time alone.
fn by_itself(world: &World, looked: &Sim, key: &ObjectKey) -> Blame {
    let waits = |link: &Link| {
        matches!(
            link.entry.as_ref().map(|entry| &entry.decision.because),
            Some(Reason::WaitsForPodToBeAvailable { .. } | Reason::UpdateWaitsForUnavailable { .. })
        )
    };
    let set = looked.tables().stateful_set(&key.namespace, &key.name);
    let links = explain(looked.tables(), looked.decisions(), None, key).links;
    let is_own = |pod: &&Rc<Pod>| set.is_some_and(|set| pod.meta.is_controlled_by(set.meta.uid));
    if set.is_some_and(|set| set.spec.min_ready_seconds > 0) && links.iter().any(waits) {
        return Blame::of(Cause::MinReadySeconds, key.clone());
    }
    match world.sim.tables().pods().filter(is_own).find(|pod| heard::has_time(world, pod)) {
        Some(pod) => Blame::of(Cause::GracePeriod, pod.key()),
        None => Blame::of(Cause::InProgress, key.clone()),
    }
}

/// What is to be told of a verdict.
fn facts(world: &World, verdict: &Verdict) -> Told {
    let (sure, said) = (verdict.sure, verdict.said.clone());
    let blame = Blame { sure, said, ..Blame::of(verdict.cause, verdict.object.clone()) };
    told(&world.sim, &blame, &verdict.workload, verdict.chain.last().map(|(_, last)| last))
}
