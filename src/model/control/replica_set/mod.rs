//! The ReplicaSet controller: creates missing pods and deletes surplus ones.
//!
//! Models pkg/controller/replicaset/replica_set.go syncReplicaSet.
//! Reads: the controllers' cache, which lags behind the store. Upstream's expectations are not modelled; instead, a sync does nothing
//! while the cache lacks the controller's own last writes, which equally keeps it from acting twice.
//! Not modelled: ReplicationControllers.

mod rank;

use std::rc::Rc;

use super::plan::{Batch, Plan, StatusChange, StatusWrite, Step};
use super::pod_control::{PodControl, slow_batches};
use super::registration::{OwnWrites, Registration, own_key};
use super::replica_pods::{ReplicaCounts, ReplicaFacts, ReplicaPods};
use super::seen::View;
use api::kind::Kind;
use api::object::pod::Condition;
use api::object::workload::ReplicaSetStatus;
use api::object::{ObjectKey, OwnerRef, Pod, ReplicaSet};
use base::time::{Span, Time};
use base::word::Word;
use why::{Component, Decision, Reason, Verdict};

/// How long after a pod becomes available older releases sync its ReplicaSet again. Models replica_set.go updatePod.
const SKEW: Span = Span::seconds(1);

/// The controller.
pub static CONTROLLER: Registration = Registration {
    own_writes: OwnWrites::All(Kind::ReplicaSet),
    ..Registration::new(&[(Kind::ReplicaSet, own_key), (Kind::Pod, |watch| watch.managers(Kind::ReplicaSet))], |view, key, _| {
        plan(view, key)
    })
};
/// The source component of this controller's events.
const SOURCE: &str = "replicaset-controller";
/// The maximum number of pods that one sync creates or deletes. Models replica_set.go BurstReplicas.
const BURST: i64 = 500;
/// The condition of a ReplicaSet that failed to create or delete pods.
pub const REPLICA_FAILURE: &str = "ReplicaFailure";

/// One sync of a ReplicaSet.
struct Sync<'a> {
    view: View<'a>,
    set: &'a Rc<ReplicaSet>,
    key: ObjectKey,
    adopted: Vec<&'a Rc<Pod>>,
    counts: ReplicaCounts,
    min_ready: Span,
    plan: Plan,
}

/// Plans one sync of a ReplicaSet.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
    let (namespace, name) = (&key.namespace, &key.name);
    let Some(set) = view.cache.tables.replica_set(namespace, name) else { return Plan::default() };
    let key = key.clone();
    if let Some(waits) = view.stale(Component::ReplicaSet, &key) {
        return waits;
    }
    let min_ready = Span::of_seconds(set.spec.min_ready_seconds);
    let counts = view.cache.replicas_of(set.meta.uid).map(|pods| pods.counts(min_ready, view.now)).unwrap_or_default();
    let mut sync = Sync { view, set, key, adopted: Vec::new(), counts, min_ready, plan: Plan::default() };
    sync.claim();
    sync.manage();
    sync.finish()
}

/// Sets the failure condition in a status, or removes it. Models replica_set_utils.go calculateStatus.
pub fn tell_of_failure(status: &mut ReplicaSetStatus, error: Option<&Word>, reason: &'static str, now: Time) {
    let told = status.conditions.iter().any(|c| c.kind == *REPLICA_FAILURE);
    match error {
        Some(error) if !told => status.conditions.push(Condition::new(REPLICA_FAILURE, true, now).because(reason, error.clone())),
        Some(_) => {}
        None => status.conditions.retain(|c| c.kind != *REPLICA_FAILURE),
    }
}

impl Sync<'_> {
    /// Adopts matching pods without a controller, and releases those that the selector no longer matches.
    /// Models pkg/controller/controller_ref_manager.go ClaimPods.
    fn claim(&mut self) {
        if self.set.meta.terminating() {
            return;
        }
        let cache = self.view.cache;
        let fits =
            |pod: &&Rc<Pod>| ReplicaFacts::of(pod, Some(&self.set.spec)).active() && self.set.spec.selector.matches(&pod.meta.labels);
        self.adopted = cache.orphans(&self.set.meta.namespace).filter(fits).collect();
        let adopts = |pod: &&Rc<Pod>| {
            let owner = OwnerRef::controller(Kind::ReplicaSet, &self.set.meta);
            vec![Step::adopt(pod.key(), pod.meta.uid, owner)]
        };
        let mut batch: Batch = self.adopted.iter().map(adopts).collect();
        let strangers = cache.replicas_of(self.set.meta.uid).into_iter().flat_map(ReplicaPods::strangers);
        for pod in strangers.filter_map(|name| cache.tables.pod(&self.set.meta.namespace, name)) {
            batch.push(vec![Step::release(pod.key(), pod.meta.uid, self.set.meta.uid)]);
        }
        for pod in &self.adopted {
            let facts = ReplicaFacts::of(pod, Some(&self.set.spec));
            self.counts.active += 1;
            self.counts.labeled += i64::from(facts.labeled);
            self.counts.ready += i64::from(facts.ready.is_some());
            self.counts.available += i64::from(pod.is_available(self.min_ready, self.view.now));
        }
        if !batch.is_empty() {
            self.decide(Verdict::Acts, Reason::ClaimingPods);
            self.plan.batches.push(batch);
        }
    }

    /// Creates or deletes pods until there are as many as wanted. Models replica_set.go manageReplicas.
    fn manage(&mut self) {
        if self.set.meta.terminating() {
            self.decide(Verdict::Done, Reason::WorkloadIsBeingDeleted);
            return;
        }
        let missing = self.set.spec.replicas - self.counts.active;
        match missing {
            0 if self.plan.decisions.is_empty() => self.wait_or_rest(),
            0 => {}
            1.. => self.create(missing.min(BURST)),
            _ => self.delete((-missing).min(BURST)),
        }
    }

    /// With the wanted number of pods, waits at most for them to become available.
    fn wait_or_rest(&mut self) {
        let count = self.counts.active - self.counts.available;
        let pods = self.view.cache.replicas_of(self.set.meta.uid);
        match pods.and_then(|pods| pods.first_unavailable(self.min_ready, self.view.now)) {
            Some(pod) => {
                let pod = ObjectKey::new(Kind::Pod, &self.set.meta.namespace, pod);
                let because = Reason::ReplicasNotAvailable { count };
                let decision = Decision::new(Component::ReplicaSet, self.key.clone(), Verdict::Waits, because);
                self.plan.decide(decision.blocked_by(pod));
            }
            None => self.decide(Verdict::Done, Reason::UpToDate),
        }
    }

    /// Plans the creation of pods.
    fn create(&mut self, count: i64) {
        let step = self.pods().create(&self.set.spec.template);
        self.plan.batches.extend(slow_batches(vec![step; usize::try_from(count).unwrap_or(0)]));
        self.decide(Verdict::Acts, Reason::CreatingReplicas { count });
    }

    /// Plans the deletion of pods, in one batch.
    fn delete(&mut self, count: i64) {
        let chosen = self.to_delete(usize::try_from(count).unwrap_or(0));
        self.plan.batches.push(chosen.iter().map(|pod| vec![self.pods().delete(pod)]).collect());
        self.decide(Verdict::Acts, Reason::RemovingReplicas { count });
    }

    fn pods(&self) -> PodControl<'_> {
        PodControl { kind: Kind::ReplicaSet, owner: &self.set.meta, source: SOURCE }
    }

    /// Completes the plan: the status, and when to requeue. Models replica_set_utils.go calculateStatus.
    fn finish(mut self) -> Plan {
        let ReplicaCounts { active, labeled, ready, available, terminating } = self.counts;
        let wanted = ReplicaSetStatus {
            replicas: active,
            fully_labeled: labeled,
            ready,
            available,
            terminating: self.view.release.counts_terminating_replicas.then_some(terminating),
            observed_generation: self.set.meta.generation,
            conditions: self.set.status.conditions.clone(),
        };
        let failure = if active < self.set.spec.replicas { "FailedCreate" } else { "FailedDelete" };
        let change = StatusChange::ReplicaSet { seen: self.set.status.clone(), wanted, failure, now: self.view.now };
        self.plan.status = Some(StatusWrite { key: self.key, uid: self.set.meta.uid, change });
        if ready != available {
            let pods = self.view.cache.replicas_of(self.set.meta.uid);
            let next = pods.and_then(|pods| pods.next_available(self.min_ready, self.view.now)).map(|at| at.since(self.view.now));
            self.plan.again = match (self.view.release.looks_when_available, ready == self.set.spec.replicas) {
                (true, _) => next,
                (false, true) => Some(self.min_ready),
                (false, false) => next.map(|next| next + SKEW),
            };
        }
        self.plan
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decide(Decision::new(Component::ReplicaSet, self.key.clone(), verdict, because));
    }
}
