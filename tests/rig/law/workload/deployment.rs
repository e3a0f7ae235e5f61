//! What a Deployment's controller may do. Models pkg/controller/deployment: rolling.go, recreate.go and sync.go.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::case::{Case, count};
use super::replica_set;
use crate::law::named::{Law, Violation};
use api::kind::Kind;
use api::object::workload::{DeploymentStatus, DeploymentStrategy, without_hash};
use api::object::{Deployment, Name, Object, Pod, ReplicaSet};
use api::well_known::DESIRED_REPLICAS;
use base::time::Time;
use base::value::Value;
use server::request::{Edit, Request};
use server::tables::Tables;

/// The reason of the condition that a rollout is over.
const ARRIVED: &str = "NewReplicaSetAvailable";

/// A Deployment's ReplicaSets, and what a plan makes of them.
struct Rollout<'a> {
    deployment: &'a Deployment,
    /// Those it has and those it adopts, oldest first.
    sets: Vec<&'a Rc<ReplicaSet>>,
    /// That of its template.
    new: Option<&'a Rc<ReplicaSet>>,
    /// Those that a plan creates.
    made: Vec<&'a Rc<ReplicaSet>>,
    /// The sizes that a plan gives.
    sizes: BTreeMap<Name, i64>,
}

pub(super) fn judge(case: &Case) -> Result<(), Violation> {
    let Some(deployment) = case.tables().deployment(&case.key.namespace, &case.key.name) else { return Ok(()) };
    let rollout = Rollout::of(case.tables(), deployment).planned(&case.requests);
    rollout.creation(case)?;
    rollout.sizes(case)?;
    rollout.order(case)?;
    rollout.history(case)?;
    rollout.status(case)
}

impl<'a> Rollout<'a> {
    /// Models pkg/controller/controller_ref_manager.go ClaimReplicaSets and deployment_util.go FindNewReplicaSet.
    fn of(tables: &'a Tables, deployment: &'a Deployment) -> Self {
        let meta = &deployment.meta;
        let all = tables.within(Kind::ReplicaSet, &meta.namespace).filter_map(Object::as_replica_set);
        let own = all.filter(|set| match set.meta.controller() {
            Some(owner) => owner.uid == meta.uid,
            None => !meta.terminating() && !set.meta.terminating(),
        });
        let mut sets: Vec<&Rc<ReplicaSet>> = own.filter(|set| deployment.spec.selector.matches(&set.meta.labels)).collect();
        sets.sort_by_key(|set| (set.meta.created.stamp(), Rc::clone(&set.meta.name)));
        let template = template_of(deployment);
        let new = sets.iter().find(|set| without_hash(set.spec.part("template")) == template).copied();
        Rollout { deployment, sets, new, made: Vec::new(), sizes: BTreeMap::new() }
    }

    fn planned(mut self, requests: &[&'a Request]) -> Self {
        for request in requests {
            match request {
                Request::Create(Object::ReplicaSet(set)) => self.made.push(set),
                Request::Update(Object::ReplicaSet(set)) => drop(self.sizes.insert(Rc::clone(&set.meta.name), set.spec.replicas)),
                Request::Edit(key, Edit::Replicas(size)) => drop(self.sizes.insert(Rc::clone(&key.name), *size)),
                _ => {}
            }
        }
        self
    }

    fn size(&self, set: &ReplicaSet) -> i64 {
        self.sizes.get(&set.meta.name).copied().unwrap_or(set.spec.replicas)
    }

    fn is_new(&self, set: &ReplicaSet) -> bool {
        self.new.is_some_and(|new| new.meta.uid == set.meta.uid)
    }

    fn old(&self) -> impl Iterator<Item = &'a Rc<ReplicaSet>> {
        self.sets.iter().copied().filter(|set| !self.is_new(set))
    }

    /// Whether it is not the rollout that goes on: a paused or a resized Deployment shares its pods out among its ReplicaSets.
    /// Models sync.go isScalingEvent.
    fn shares_out(&self) -> bool {
        let desired = |set: &Rc<ReplicaSet>| set.meta.annotation(DESIRED_REPLICAS).and_then(|d| d.parse::<i64>().ok());
        let active = self.sets.iter().filter(|set| set.spec.replicas > 0);
        self.deployment.spec.paused || active.filter_map(|set| desired(set)).any(|desired| desired != self.deployment.spec.replicas)
    }

    fn creation(&self, case: &Case) -> Result<(), Violation> {
        let law = Law::OneSetPerTemplate;
        let template = template_of(self.deployment);
        let Some(made) = self.made.first() else { return Ok(()) };
        case.holds(law, self.made.len() == 1 && self.new.is_none(), || {
            format!("{} is made beside {:?}", made.meta.name, self.new.map(|n| &n.meta.name))
        })?;
        let right = without_hash(made.spec.part("template")) == template;
        case.holds(law, right, || format!("{} is not of the Deployment's template", made.meta.name))?;
        let may = !self.deployment.meta.terminating() && !self.shares_out();
        case.holds(Law::PausedStays, may, || format!("{} is made although nothing rolls out", made.meta.name))
    }

    fn sizes(&self, case: &Case) -> Result<(), Violation> {
        let resized = self.sets.iter().any(|set| self.size(set) != set.spec.replicas);
        let stays = !resized || !self.deployment.meta.terminating();
        case.holds(Law::PausedStays, stays, || "it is being deleted and resizes its ReplicaSets".into())?;
        let before: i64 = self.sets.iter().map(|set| set.spec.replicas).sum();
        let made: i64 = self.made.iter().map(|set| set.spec.replicas).sum();
        let after = self.sets.iter().map(|set| self.size(set)).sum::<i64>() + made;
        let most = self.deployment.spec.replicas + self.deployment.max_surge();
        case.holds(Law::SurgeIsBounded, after <= before || after <= most, || format!("{before} pods become {after}, more than {most}"))?;
        if self.shares_out() {
            return Ok(());
        }
        let grown = self.old().find(|set| self.size(set) > set.spec.replicas);
        case.holds(Law::OldSetsShrink, grown.is_none(), || format!("{:?} grows", grown.map(|set| &set.meta.name)))?;
        if self.deployment.spec.strategy == DeploymentStrategy::Recreate {
            return Ok(());
        }
        let lost =
            |set: &Rc<ReplicaSet>| (set.status.available - self.size(set)).max(0) - (set.status.available - set.spec.replicas).max(0);
        let available: i64 = self.sets.iter().map(|set| set.status.available).sum();
        let lost: i64 = self.sets.iter().map(|set| lost(set)).sum();
        let least = self.deployment.spec.replicas - self.deployment.max_unavailable();
        let enough = lost <= 0 || available - lost >= least;
        case.holds(Law::AvailabilityIsKept, enough, || format!("{lost} of {available} available pods go, {least} are to stay"))
    }

    /// With `Recreate`, pods of the new template come only once all others have ended. Models recreate.go oldPodsRunning.
    fn order(&self, case: &Case) -> Result<(), Violation> {
        let grows = self.made.iter().any(|set| set.spec.replicas > 0) || self.new.is_some_and(|new| self.size(new) > new.spec.replicas);
        if !grows || self.shares_out() || self.deployment.spec.strategy != DeploymentStrategy::Recreate {
            return Ok(());
        }
        let wants = self.old().find(|set| self.size(set) > 0 || set.status.replicas > 0);
        case.holds(Law::RecreateWaits, wants.is_none(), || format!("{:?} still has pods", wants.map(|set| &set.meta.name)))?;
        let pods = case.tables().within(Kind::Pod, &case.key.namespace).filter_map(Object::as_pod);
        let of_old = |pod: &&Rc<Pod>| pod.meta.controller().is_some_and(|o| self.old().any(|set| set.meta.uid == o.uid));
        let lasting = pods.filter(of_old).find(|pod| !pod.status.phase.terminal());
        case.holds(Law::RecreateWaits, lasting.is_none(), || format!("{:?} has not ended", lasting.map(|pod| &pod.meta.name)))
    }

    /// Models sync.go cleanupDeployment.
    fn history(&self, case: &Case) -> Result<(), Violation> {
        let deleted = case.deleted(Kind::ReplicaSet);
        let Some(limit) = self.deployment.spec.revision_history_limit.filter(|_| !deleted.is_empty()) else {
            return case.holds(Law::HistoryIsKept, deleted.is_empty(), || format!("{deleted:?} go, although all are to be kept"));
        };
        // A paused Deployment looks at its ReplicaSets as they were: it may give the last of them its size, and delete it.
        let stays_idle = |set: &ReplicaSet| self.deployment.spec.paused || self.size(set) == 0;
        let idle = |set: &Rc<ReplicaSet>| stays_idle(set) && set.spec.replicas == 0 && set.status.replicas == 0;
        let needed = deleted.iter().find(|name| !self.old().any(|set| set.meta.name == ***name && idle(set)));
        case.holds(Law::HistoryIsKept, needed.is_none(), || format!("{needed:?} is in use"))?;
        let kept = count(self.old().filter(|set| !set.meta.terminating())) - count(&deleted);
        case.holds(Law::HistoryIsKept, kept >= limit, || format!("{} go and {kept} stay, not {limit}", deleted.len()))
    }

    fn status(&self, case: &Case) -> Result<(), Violation> {
        let written = |r: &&&Request| if let Request::Update(Object::Deployment(d)) = r { Some(Rc::clone(d)) } else { None };
        let Some(written) = case.requests.iter().rev().find_map(|r| written(&r)).filter(|_| case.plan.error.is_none()) else {
            return Ok(());
        };
        let (told, seen) = (numbers(&written.status), self.counted());
        case.holds(Law::StatusIsWhatWasSeen, told == seen, || format!("{told:?} where {seen:?} was seen"))?;
        let says = |status: &DeploymentStatus| status.condition("Progressing").is_some_and(|c| c.condition.reason == *ARRIVED);
        let arrives = says(&written.status) && !says(&self.deployment.status);
        let [all, updated, _, available, ..] = seen;
        let so = [all, updated, available].iter().all(|n| *n == self.deployment.spec.replicas);
        case.holds(Law::StatusIsWhatWasSeen, so || !arrives, || format!("it is said to be complete with {seen:?}"))
    }

    /// All pods, those of the new template, Ready ones, available ones and those that are missing, as the ReplicaSets tell, and the
    /// generation. Models sync.go calculateStatus.
    fn counted(&self) -> [i64; 6] {
        let sum = |of: fn(&ReplicaSet) -> i64| self.sets.iter().map(|set| of(set)).sum::<i64>();
        let available = sum(|set| set.status.available);
        let made: i64 = self.made.iter().map(|set| set.spec.replicas).sum();
        let wanted = self.sets.iter().map(|set| set.spec.replicas).sum::<i64>() + made;
        let updated = self.new.map_or(0, |new| new.status.replicas);
        let missing = (wanted - available).max(0);
        [sum(|set| set.status.replicas), updated, sum(|set| set.status.ready), available, missing, self.deployment.meta.generation]
    }
}

/// The template, as ReplicaSets have it.
fn template_of(deployment: &Deployment) -> Value {
    without_hash(deployment.spec.part("template"))
}

fn numbers(status: &DeploymentStatus) -> [i64; 6] {
    [status.replicas, status.updated, status.ready, status.available, status.unavailable, status.observed_generation]
}

/// Two ReplicaSets of a Deployment with the same template.
pub(super) fn twins<'a>(tables: &'a Tables, deployment: &'a Deployment) -> Option<[&'a Name; 2]> {
    let sets = Rollout::of(tables, deployment).sets;
    let template = |set: &ReplicaSet| without_hash(set.spec.part("template"));
    let pairs = sets.iter().enumerate().flat_map(|(i, a)| sets[i + 1..].iter().map(move |b| [*a, *b]));
    pairs.into_iter().find(|[a, b]| template(a) == template(b)).map(|[a, b]| [&a.meta.name, &b.meta.name])
}

/// What the status says, and what it should.
pub(super) fn told_and_so(tables: &Tables, deployment: &Deployment) -> (Vec<i64>, Vec<i64>) {
    (numbers(&deployment.status).into(), Rollout::of(tables, deployment).counted().into())
}

/// What keeps a Deployment from its declared state, if anything.
pub(super) fn shortcoming(tables: &Tables, deployment: &Deployment, now: Time) -> Option<String> {
    let rollout = Rollout::of(tables, deployment);
    let want = deployment.spec.replicas;
    let Some(new) = rollout.new else { return Some("it has no ReplicaSet of its template".into()) };
    let [have, .., available, _] = replica_set::counted(tables, new, now);
    if [new.spec.replicas, have, available] != [want; 3] {
        return Some(format!("of {want} pods {} wants {}, has {have} and {available} available ones", new.meta.name, new.spec.replicas));
    }
    if let Some(old) = rollout.old().find(|set| set.spec.replicas > 0) {
        return Some(format!("{} still wants pods", old.meta.name));
    }
    let told = deployment.status.condition("Progressing").map(|c| &c.condition.reason);
    if deployment.spec.progress_deadline.is_some() && told.is_none_or(|told| **told != *ARRIVED) {
        return Some(format!("its rollout is not said to be complete but {told:?}"));
    }
    let kept = count(rollout.old());
    let limit = deployment.spec.revision_history_limit;
    limit.filter(|limit| kept > *limit).map(|limit| format!("{kept} old ReplicaSets are kept, and {limit} should be"))
}
