//! The Deployment controller: decides which ReplicaSet has the current template and how many pods each ReplicaSet gets.
//!
//! Models pkg/controller/deployment/deployment_controller.go syncDeployment. Each question has its own file; this one puts them in
//! order.
//! Reads: the controllers' cache, which lags behind the store. A write based on an outdated version is refused by the server and the
//! sync retried, even if an earlier step of the same sync made it outdated: upstream works the same way.
//! Not modelled: the annotation of the old rollback API.

mod history;
mod new_set;
mod progress;
mod proportion;
mod recreate;
mod rolling;
mod scale;
mod status;

use api::well_known::{DESIRED_REPLICAS, MAX_REPLICAS};
use base::sort::Sort;
use base::sorted::SortedSet;
use std::rc::Rc;

use super::plan::{PendingEvent, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{Condition, Truth};
use api::object::workload::{DeploymentCondition, DeploymentStrategy};
use api::object::{Deployment, Name, Object, ObjectKey, OwnerRef, ReplicaSet};
use base::time::Time;
use base::word::Word;
use progress::ProgressReason;
use server::request::Request;
use why::{Component, Decision, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(
    &[(Kind::Deployment, own_key), (Kind::ReplicaSet, |watch| watch.managers(Kind::Deployment)), (Kind::Pod, watch_pod)],
    |view, key, _| plan(view, key),
);
/// The source component of this controller's events.
const SOURCE: &str = "deployment-controller";

/// The condition that says whether enough pods are available.
const AVAILABLE: &str = "Available";
/// The condition that reports the rollout's progress.
const PROGRESSING: &str = "Progressing";

/// A Deployment's ReplicaSets in one sync.
struct Sets {
    /// The one for the current template, if it exists.
    new: Option<Rc<ReplicaSet>>,
    /// All others.
    old: Vec<Rc<ReplicaSet>>,
}

impl Sets {
    /// All ReplicaSets, the new one last.
    fn all(&self) -> impl Iterator<Item = &Rc<ReplicaSet>> {
        self.old.iter().chain(&self.new)
    }

    /// The total number of pods they want.
    fn wanted(&self) -> i64 {
        self.all().map(|s| s.spec.replicas).sum()
    }

    /// The total number of their available pods.
    fn available(&self) -> i64 {
        self.all().map(|s| s.status.available).sum()
    }
}

/// One sync of a Deployment.
struct Sync<'a> {
    view: View<'a>,
    key: ObjectKey,
    /// The Deployment with this sync's changes; its version is still the one that was seen.
    deployment: Rc<Deployment>,
    /// Its ReplicaSets as seen, oldest first.
    known: Vec<Rc<ReplicaSet>>,
    /// The ReplicaSets that this sync writes to.
    written: SortedSet<Name>,
    plan: Plan,
}

/// Wakes a Deployment that waits for its last pod to go. Models deployment_controller.go deletePod.
fn watch_pod(watch: &mut Watch) {
    let (cache, [before, after]) = (watch.view.cache, watch.change.sides(Object::as_pod));
    let Some(gone) = before.filter(|_| after.is_none()) else { return };
    let namespace = &gone.meta.namespace;
    let owner = |o: Option<&OwnerRef>, kind: Kind| o.filter(|o| o.is_a(kind)).map(|o| Rc::clone(&o.name));
    let set = owner(gone.meta.controller(), Kind::ReplicaSet).and_then(|name| cache.tables.replica_set(namespace, &name));
    let name = set.and_then(|set| owner(set.meta.controller(), Kind::Deployment));
    let Some(deployment) = name.and_then(|name| cache.tables.deployment(namespace, &name)) else { return };
    let mut sets = cache.dependents(deployment.meta.uid).filter_map(|key| cache.tables.get(key));
    if deployment.spec.strategy == DeploymentStrategy::Recreate && sets.all(|set| cache.replicas_of(set.meta().uid).is_none()) {
        watch.enqueue(&deployment.key());
    }
}

/// Plans one sync of a Deployment.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
    let (namespace, name) = (&key.namespace, &key.name);
    let Some(deployment) = view.cache.tables.deployment(namespace, name).cloned() else { return Plan::default() };
    let key = key.clone();
    let mut sync = Sync { view, key, deployment, known: Vec::new(), written: SortedSet::new(), plan: Plan::default() };
    sync.claim();
    sync.run();
    sync.plan
}

impl Sync<'_> {
    /// Runs the branch that applies to this sync. Models deployment_controller.go syncDeployment, after ReplicaSets are claimed.
    fn run(&mut self) {
        if self.deployment.meta.terminating() {
            self.decide(Verdict::Done, Reason::WorkloadIsBeingDeleted);
            let sets = self.sets();
            self.write_counts(&sets);
            return;
        }
        self.note_pause();
        let unscaled = self.unscaled();
        if self.deployment.spec.paused {
            self.decide(Verdict::Waits, Reason::RolloutPaused);
            self.adjust(unscaled);
        } else if !unscaled.is_empty() {
            self.adjust(unscaled);
        } else {
            match self.deployment.spec.strategy {
                DeploymentStrategy::Recreate => self.recreate(),
                DeploymentStrategy::RollingUpdate { .. } => self.roll(),
            }
        }
    }

    /// Collects the Deployment's ReplicaSets; adopts matching ones without a controller, and releases those that its selector no
    /// longer matches. Models pkg/controller/controller_ref_manager.go ClaimReplicaSets.
    fn claim(&mut self) {
        let tables = &self.view.cache.tables;
        let (meta, selector) = (&self.deployment.meta, &self.deployment.spec.selector);
        let mut batch = Vec::new();
        for set in tables.within(Kind::ReplicaSet, &meta.namespace).filter_map(Object::as_replica_set) {
            let fits = selector.matches(&set.meta.labels);
            match set.meta.controller() {
                Some(owner) if owner.uid == meta.uid && fits => self.known.push(Rc::clone(set)),
                Some(owner) if owner.uid == meta.uid && !meta.terminating() => {
                    batch.push(vec![Step::release(set.key(), set.meta.uid, meta.uid)]);
                }
                None if fits && !meta.terminating() && !set.meta.terminating() => {
                    batch.push(vec![Step::adopt(set.key(), set.meta.uid, OwnerRef::controller(Kind::Deployment, meta))]);
                    self.known.push(Rc::clone(set));
                }
                _ => {}
            }
        }
        self.known.sort_small_by(by_age);
        if !batch.is_empty() {
            self.plan.batches.push(batch);
            self.decide(Verdict::Acts, Reason::ClaimingReplicaSets);
        }
    }

    /// Records in a condition that the rollout was paused or resumed. Models sync.go checkPausedConditions.
    fn note_pause(&mut self) {
        if self.deployment.spec.progress_deadline.is_none() {
            return;
        }
        let told = ProgressReason::told(&self.deployment.status);
        if told == Some(ProgressReason::TimedOut) {
            return;
        }
        let (reason, message) = match (self.deployment.spec.paused, told == Some(ProgressReason::Paused)) {
            (true, false) => (ProgressReason::Paused, "Deployment is paused"),
            (false, true) => (ProgressReason::Resumed, "Deployment is resumed"),
            (true, true) | (false, false) => return,
        };
        self.tell_progress(Truth::Unknown, reason, message);
        self.write();
    }

    /// Plans a write of the Deployment with this sync's changes.
    fn write(&mut self) {
        self.plan.then(Step::new(Request::Update(Object::Deployment(Rc::clone(&self.deployment)))));
    }

    fn tell_progress(&mut self, status: Truth, reason: ProgressReason, message: impl Into<Word>) {
        let condition = DeploymentCondition::new(PROGRESSING, status, self.view.now, reason.word(), message);
        Rc::make_mut(&mut self.deployment).status.set_condition(condition);
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decide(self.decision(verdict, because));
    }

    fn decision(&self, verdict: Verdict, because: Reason) -> Decision {
        Decision::new(Component::Deployment, self.key.clone(), verdict, because)
    }

    fn pending_event(&self, kind: EventType, reason: &'static str, message: impl Into<Word>) -> PendingEvent {
        PendingEvent::of(self.key.clone(), &self.deployment.meta, SOURCE, kind, reason, message)
    }
}

/// The Deployment with a complaint noted in its condition Progressing; `None` if there is one for the same reason already.
/// Models sync.go getNewReplicaSet.
pub fn noting(deployment: &Deployment, complaint: &PendingEvent, now: Time) -> Option<Deployment> {
    let mut noting = deployment.clone();
    let condition = Condition::new(PROGRESSING, Truth::False, now).because(complaint.reason.clone(), complaint.message.clone());
    noting.status.set_condition(DeploymentCondition { condition, updated: now });
    (noting != *deployment).then_some(noting)
}

/// Oldest first. Models controller_utils.go ReplicaSetsByCreationTimestamp.
fn by_age(a: &Rc<ReplicaSet>, b: &Rc<ReplicaSet>) -> std::cmp::Ordering {
    (a.meta.created.stamp(), &a.meta.name).cmp(&(b.meta.created.stamp(), &b.meta.name))
}
