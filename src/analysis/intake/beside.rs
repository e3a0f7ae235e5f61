//! What is worth a verdict beside the sets that wait: what is being deleted and stays, claims by themselves, drains; and what is to be
//! said where nothing waits.

use std::rc::Rc;

use super::cures;
use super::doubt::doubt;
use super::report::{Verdict, verdict};
use super::world::World;
use api::kind::Kind;
use api::object::pod::Truth;
use api::object::storage::{ClaimPhase, ClaimRef};
use api::object::{Claim, Deletion, Name, Object, ObjectKey, Pod, Service, StatefulSet};
use base::fields::Field;
use base::quantity::Quantity;
use base::value::Value;
use causes::blame::{Blame, finalizer_detail, is_foreign, of_claim};
use causes::message::take_apart;
use causes::remedy::Goal;
use sim::Sim;
use text::Lang;
use text::why::{Because, Case, Standing};
use why::explain::explain;
use why::{Cause, Family, Reason};

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
        doubt(world, &mut told);
        found.push(told);
    }
    found
}

/// Claims and volumes that are being deleted and stay for nothing but their use, where no verdict speaks of them.
pub(super) fn data_leaves(world: &World, known: &[Verdict]) -> Vec<Verdict> {
    let tables = world.sim.tables();
    let is_known =
        |key: &ObjectKey| known.iter().any(|verdict| verdict.object == *key || verdict.chain.iter().any(|(about, _)| about == key));
    let policy = |name: &Name| tables.volume("", name).filter(|_| world.shows(Kind::PersistentVolume)).map(|volume| &volume.spec.reclaim);
    let mut found = Vec::new();
    for claim in tables.claims().filter(|claim| claim.meta.terminating() && !is_known(&claim.key())) {
        let uses = |pod: &&Rc<Pod>| {
            let own = pod.meta.namespace == claim.meta.namespace && pod.claim_volumes().any(|volume| volume.claim == claim.meta.name);
            own && pod.node.is_some() && !pod.meta.terminating() && !pod.status.phase.terminal()
        };
        let Some(pod) = tables.pods().find(uses).filter(|pod| !is_known(&pod.key())) else { continue };
        let mut blame = Blame::of(Cause::ClaimLeaves, claim.key());
        blame.said.text("holder", &*pod.meta.name);
        policy(&claim.spec.volume).put("policy", &mut blame.said);
        found.push(verdict(world, &world.sim, blame, &of_set(world, &claim.key()), Vec::new()));
    }
    // Pods that run do not notice; none starts anew.
    for claim in tables.claims().filter(|claim| claim.status.phase == ClaimPhase::Lost && !is_known(&claim.key())) {
        let set = of_set(world, &claim.key());
        if set.kind == Kind::StatefulSet {
            found.push(verdict(world, &world.sim, Blame::of(Cause::PvcLost, claim.key()).likely(), &set, Vec::new()));
        }
    }
    for volume in tables.volumes().filter(|volume| volume.meta.terminating() && !is_known(&volume.key())) {
        let Some(of) = volume.spec.claim.as_ref().map(ClaimRef::namespaced_name) else { continue };
        let Some(claim) = tables.claim(&of.namespace, &of.name).filter(|claim| claim.bound()) else { continue };
        let mut blame = Blame::of(Cause::VolumeLeaves, volume.key());
        blame.said.text("holder", &*claim.meta.name);
        blame.said.text("policy", &*volume.spec.reclaim);
        found.push(verdict(world, &world.sim, blame, &of_set(world, &claim.key()), Vec::new()));
    }
    found
}

/// Claims that ask for more than they have, or of which a condition says so, where no message tells why.
pub(super) fn expansions(world: &World) -> Vec<Verdict> {
    let size = |text: &str| Quantity::read(&Value::from(text)).unwrap_or_default();
    let is_told = |claim: &Claim| {
        let about = world.dump.about(Kind::PersistentVolumeClaim, &claim.meta.namespace, &claim.meta.name);
        about.into_iter().any(|event| take_apart(event.said()).is_some_and(|told| told.cause.family() == Family::Expansion))
    };
    let of = |claim: &Rc<Claim>| {
        let is = |name: &str| claim.status.conditions.iter().any(|one| one.kind == *name && one.status == Truth::True);
        let is_short = claim.status.phase == ClaimPhase::Bound
            && !claim.status.capacity.is_empty()
            && size(&claim.status.capacity) < size(&claim.spec.request);
        let blame = if is("FileSystemResizePending") {
            Blame::of(Cause::ExpansionWaitsForPod, claim.key())
        } else if is_short && !is("Resizing") {
            Blame::of(Cause::NobodyExpands, claim.key()).likely()
        } else {
            return None;
        };
        Some(verdict(world, &world.sim, blame, &of_set(world, &claim.key()), Vec::new()))
    };
    world.sim.tables().claims().filter(|claim| !is_told(claim)).filter_map(of).collect()
}

/// The set that a claim is of; the claim, if it is no set's.
fn of_set(world: &World, claim: &ObjectKey) -> ObjectKey {
    let gives = |set: &&Rc<StatefulSet>| set.meta.namespace == claim.namespace && set.of_claim(&claim.name).is_some();
    world.sim.tables().stateful_sets().find(gives).map_or_else(|| claim.clone(), |set| set.key())
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
        found.extend(nameless(world, set));
        let service = ObjectKey::new(Kind::Service, &set.meta.namespace, &set.spec.service_name);
        // A Service with an address outside is there for clients.
        let is_told = found.iter().any(|verdict| verdict.object == service);
        if tables.service(&service.namespace, &service.name).is_some_and(|one| !one.headless() && !one.is_outside() && !is_told) {
            let blame = Blame::of(Cause::GoverningServiceNotHeadless, service.clone());
            found.push(verdict(world, &world.sim, blame, &set.key(), Vec::new()));
        }
        if !set.spec.service_name.is_empty() && world.shows(Kind::Service) && tables.get(&service).is_none() {
            let blame = Blame::of(Cause::GoverningServiceMissing, service.clone());
            let mut verdict = verdict(world, &world.sim, blame.clone(), &set.key(), Vec::new());
            verdict.cures = cures::tried(world, &world.sim, &Goal::There(service), &blame, &|_| None).await.cures;
            found.push(verdict);
        }
    }
    found.extend(drains(world).await);
    found
}

/// Why names of a set's pods do not resolve although its Service is there: the set names none, or its Service selects none of its pods.
fn nameless(world: &World, set: &Rc<StatefulSet>) -> Vec<Verdict> {
    let labels = &set.spec.template.labels;
    let joined =
        |all: &mut dyn Iterator<Item = (&Name, &Name)>| all.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",");
    let own = |service: &&Rc<Service>| service.meta.namespace == set.meta.namespace;
    let is_named = |service: &Service| {
        let name = &service.meta.name;
        if set.spec.service_name.is_empty() { service.headless() && *name == set.meta.name } else { *name == set.spec.service_name }
    };
    let selects = |service: &Service| service.spec.selector.iter().all(|(key, value)| labels.get(key) == Some(value));
    let mut found = Vec::new();
    for service in world.sim.tables().services().filter(own) {
        let is_blind = is_named(service) && !service.spec.selector.is_empty() && !selects(service);
        if is_blind {
            let mut blame = Blame::of(Cause::ServiceSelectsNothing, service.key());
            blame.said.text("selected", joined(&mut service.spec.selector.iter().map(|(key, value)| (key, value))));
            blame.said.text("labels", joined(&mut labels.iter()));
            found.push(verdict(world, &world.sim, blame, &set.key(), Vec::new()));
        }
        let serves = service.headless() && !service.spec.selector.is_empty() && (selects(service) || is_named(service));
        if set.spec.service_name.is_empty() && serves {
            let mut blame = Blame::of(Cause::NoServiceName, set.key());
            blame.said.text("service", &*service.meta.name);
            found.push(verdict(world, &world.sim, blame, &set.key(), Vec::new()));
        }
    }
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
        let mut blame = Blame::of(Cause::NoWorkload, nobody.clone()).unknown();
        // Objects of kinds that are not known, for which an operator may have had to make a set.
        let is_custom = |one: &&String| one.split_once(' ').is_some_and(|(kind, name)| Kind::named(kind).is_none() && !name.contains(' '));
        if let Some(custom) = world.dump.others.iter().find(is_custom) {
            blame.said.text("custom", custom.as_str());
        }
        all.push(verdict(world, &world.sim, blame, &nobody, Vec::new()));
    }
    all
}
