//! What is worth a verdict beside the sets that wait: what is being deleted and stays, claims by themselves, drains; and what is to be
//! said where nothing waits.

use std::rc::Rc;

use super::cause::{Blame, finalizer_detail, is_foreign, of_claim};
use super::cures::{self, Goal};
use super::doubt::doubt;
use super::verdict::{Verdict, verdict};
use super::world::World;
use api::kind::Kind;
use api::object::storage::ClaimPhase;
use api::object::{Claim, Deletion, Object, ObjectKey, Pod, StatefulSet};
use sim::Sim;
use text::Lang;
use text::why::{Because, Case, Standing};
use why::explain::explain;
use why::{Cause, Reason};

/// What is being deleted and stays, where no verdict speaks of it.
pub(super) async fn leaving(world: &World, settled: &Sim, known: &[Verdict]) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let mut found: Vec<Verdict> = Vec::new();
    let kinds = tables.kinds().filter(|kind| *kind != Kind::Namespace);
    for object in kinds.flat_map(|kind| tables.all(kind).collect::<Vec<_>>()) {
        let held = object.meta().terminating() && object.meta().finalizers.iter().any(|name| is_foreign(name));
        if !held || settled.tables().get(&object.key()).is_none() || known.iter().any(|verdict| verdict.object == object.key()) {
            continue;
        }
        let namespace = tables.find(Kind::Namespace, "", &object.meta().namespace);
        let going = namespace.is_some_and(|namespace| namespace.meta().terminating());
        let detail = if going {
            Cause::NamespaceTerminating
        } else if leaving_owner(world, object).is_some() {
            Cause::ForegroundDeletionFinalizer
        } else {
            finalizer_detail(object.kind())
        };
        let blame = Blame::of(detail, object.key());
        let owner = leaving_owner(world, object);
        let workload = if going { ObjectKey::global(Kind::Namespace, &object.meta().namespace) } else { owner.unwrap_or(object.key()) };
        let mut verdict = verdict(world, settled, blame.clone(), &workload, Vec::new());
        let finalizer = object.meta().finalizers.iter().find(|name| is_foreign(name)).cloned().unwrap_or_default();
        let because = Because::Decided(&Reason::HeldByFinalizer { finalizer });
        let case = Case { subject: &object.meta().name, standing: Standing::Exists, set: "", because };
        verdict.chain = vec![(object.key(), Lang::default().text().why.row(&case))];
        verdict.since = object.meta().deletion.map(Deletion::asked);
        let tries = cures::tried(world, &world.sim, &Goal::Gone(workload.clone()), &blame, &|_| None).await;
        (verdict.cures, verdict.not_cures) = (tries.cures, tries.not_cures);
        found.push(verdict);
    }
    found
}

/// The claims without a volume that are no set's which was pasted.
pub(super) fn claims_alone(world: &World, settled: &Sim) -> Vec<Verdict> {
    let tables = settled.tables();
    let of_set = |claim: &Claim| {
        let gives = |set: &Rc<StatefulSet>| set.meta.namespace == claim.meta.namespace && set.of_claim(&claim.meta.name).is_some();
        tables.stateful_sets().any(gives)
    };
    let mut found = Vec::new();
    for claim in tables.claims().filter(|claim| (!claim.bound() || claim.status.phase == ClaimPhase::Lost) && !of_set(claim)) {
        let key = claim.key();
        let chain = explain(tables, settled.decisions(), None, &key).links;
        let Some(entry) = chain.first().and_then(|link| link.entry.as_ref()) else { continue };
        let waits = entry.decision.because == Reason::WaitsForFirstConsumer;
        let unknown = || Blame::of(Cause::WaitsForPod, key.clone()).unknown();
        let Some(blame) = of_claim(settled, &key, &entry.decision.because).or_else(|| waits.then(unknown)) else { continue };
        let mut told = verdict(world, settled, blame, &key, chain);
        told.missing.extend(waits.then(|| format!("kubectl -n {} get pods,events -o yaml", key.namespace)));
        doubt(world, &mut told);
        found.push(told);
    }
    found
}

/// The owner of an object that is being deleted and waits for it.
fn leaving_owner(world: &World, object: &Object) -> Option<ObjectKey> {
    let owner = object.meta().controller()?;
    let key = ObjectKey::new(owner.kind?, &object.meta().namespace, &owner.name);
    world.sim.tables().get(&key).filter(|owner| owner.meta().terminating()).map(Object::key)
}

/// What is worth a word although nobody waits: two sets of one selector, a governing Service that is not there.
pub(super) async fn remarks(world: &World) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let sets: Vec<&Rc<StatefulSet>> = tables.stateful_sets().collect();
    let mut found = Vec::new();
    for (i, set) in sets.iter().enumerate() {
        let same =
            |other: &&&Rc<StatefulSet>| other.meta.namespace == set.meta.namespace && other.spec.match_labels == set.spec.match_labels;
        if sets[i + 1..].iter().any(|other| same(&other)) {
            let blame = Blame::of(Cause::TwoSetsOneSelector, set.key());
            found.push(verdict(world, &world.sim, blame, &set.key(), Vec::new()));
        }
        let service = ObjectKey::new(Kind::Service, &set.meta.namespace, &set.spec.service_name);
        if tables.service(&service.namespace, &service.name).is_some_and(|service| !service.headless()) {
            let blame = Blame::of(Cause::GoverningServiceNotHeadless, service.clone());
            let mut verdict = verdict(world, &world.sim, blame.clone(), &set.key(), Vec::new());
            verdict.cures = cures::tried(world, &world.sim, &Goal::Headless(service.clone()), &blame, &|_| None).await.cures;
            found.push(verdict);
        }
        if !set.spec.service_name.is_empty() && world.dump.has(Kind::Service) && tables.get(&service).is_none() {
            let blame = Blame::of(Cause::GoverningServiceMissing, service.clone());
            let mut verdict = verdict(world, &world.sim, blame.clone(), &set.key(), Vec::new());
            verdict.cures = cures::tried(world, &world.sim, &Goal::There(service), &blame, &|_| None).await.cures;
            found.push(verdict);
        }
    }
    found.extend(drains(world).await);
    found
}

/// Nodes that were closed and whose pods may not be evicted: as far as objects tell, somebody drains them in vain.
async fn drains(world: &World) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let mut found: Vec<Verdict> = Vec::new();
    let closed = |pod: &&Rc<Pod>| pod.node.as_ref().and_then(|node| tables.node("", node)).is_some_and(|node| node.unschedulable);
    for pod in tables.pods().filter(closed).filter(|pod| !pod.meta.terminating()) {
        let Some(budget) = tables.budgets_of(pod).find(|budget| budget.status.disruptions_allowed == 0) else { continue };
        let key = budget.key();
        if found.iter().any(|known| known.object == key) {
            continue;
        }
        let owner = pod.meta.controller().and_then(|owner| Some(ObjectKey::new(owner.kind?, &pod.meta.namespace, &owner.name)));
        let blame = Blame::of(Cause::BudgetAllowsNone, key.clone()).likely();
        let mut told = verdict(world, &world.sim, blame.clone(), &owner.unwrap_or(pod.key()), Vec::new());
        let tries = cures::tried(world, &world.sim, &Goal::Allows(key), &blame, &|_| None).await;
        (told.cures, told.not_cures) = (tries.cures, tries.not_cures);
        found.push(told);
    }
    found
}

/// The verdict where nothing is the matter, or nothing can be known.
pub(super) fn nothing(world: &World, well: &[ObjectKey]) -> Vec<Verdict> {
    let mut all: Vec<Verdict> = Vec::new();
    for key in well {
        all.push(verdict(world, &world.sim, Blame::of(Cause::Complete, key.clone()), key, Vec::new()));
    }
    if all.is_empty() {
        let nobody = ObjectKey::global(Kind::Namespace, &"default".into());
        let mut unknown = verdict(world, &world.sim, Blame::of(Cause::NoWorkload, nobody.clone()).unknown(), &nobody, Vec::new());
        unknown.missing.push("kubectl get sts,pod,pvc,pv,sc,node,controllerrevision,svc,sa,quota,pdb,event -A -o yaml".to_owned());
        all.push(unknown);
    }
    all
}
