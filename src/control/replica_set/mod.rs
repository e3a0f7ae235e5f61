//! Decides what a ReplicaSet does next: make the pods that are missing, or delete those that are too many.
//!
//! Models pkg/controller/replicaset/replica_set.go syncReplicaSet.
//! Reads: the controllers' cache, which lags behind the store. Upstream's expectations are not modelled: while the cache lacks
//! the controller's own last writes, a sync does nothing, which keeps it from acting twice all the same.
//! Not modelled: ReplicationControllers.

mod rank;

use std::rc::Rc;

use super::View;
use super::plan::{Batch, OnError, Plan, Spoken, StatusChange, StatusWrite, Step};
use super::replica_pods::{ReplicaCounts, ReplicaFacts};
use crate::api::client::DeleteOptions;
use crate::api::kind::Kind;
use crate::api::object::pod::{Condition, PodSpec, PodStatus};
use crate::api::object::workload::ReplicaSetStatus;
use crate::api::object::{Meta, Name, ObjectKey, OwnerRef, Pod, ReplicaSet};
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::server::request::{Edit, Request};
use crate::why::{Component, Decision, Reason, Verdict};

/// How this controller signs its events.
const SOURCE: &str = "replicaset-controller";
/// How many pods one sync makes or deletes at the most. Models replica_set.go BurstReplicas.
const BURST: i64 = 500;
/// The condition of a ReplicaSet that could not make or delete its pods.
pub const REPLICA_FAILURE: &str = "ReplicaFailure";

/// One sync of one set.
struct Sync<'a> {
    view: View<'a>,
    set: &'a Rc<ReplicaSet>,
    key: ObjectKey,
    adopted: Vec<&'a Rc<Pod>>,
    counts: ReplicaCounts,
    min_ready: Span,
    plan: Plan,
}

/// What one sync of a ReplicaSet does.
pub fn plan(view: View, namespace: &Name, name: &Name) -> Plan {
    let Some(set) = view.cache.tables.replica_set(namespace, name) else { return Plan::default() };
    let key = ObjectKey::new(Kind::ReplicaSet, namespace, name);
    if view.behind {
        let decision = Decision::new(Component::ReplicaSet, key, Verdict::Waits, Reason::CacheBehindOwnWrites);
        return Plan { error: Some("cache is behind own writes".into()), ..Plan::nothing(decision) };
    }
    let min_ready = Span::seconds(u64::try_from(set.spec.min_ready_seconds).unwrap_or(0));
    let counts = view.cache.replicas_of(set.meta.uid).map(|pods| pods.counts(min_ready, view.now)).unwrap_or_default();
    let mut sync = Sync { view, set, key, adopted: Vec::new(), counts, min_ready, plan: Plan::default() };
    sync.claim();
    sync.manage();
    sync.finish()
}

/// Puts a failed request into a status, or takes an earlier one out. Models replica_set_utils.go calculateStatus.
pub fn tell_of_failure(status: &mut ReplicaSetStatus, error: Option<&Word>, reason: &'static str, now: Time) {
    let told = status.conditions.iter().any(|c| c.kind == *REPLICA_FAILURE);
    match error {
        Some(error) if !told => status.conditions.push(Condition::new(REPLICA_FAILURE, true, now).because(reason, error.clone())),
        Some(_) => {}
        None => status.conditions.retain(|c| c.kind != *REPLICA_FAILURE),
    }
}

impl<'a> Sync<'a> {
    /// Takes pods that nobody manages, and lets go those that the selector does not pick.
    /// Models pkg/controller/controller_ref_manager.go ClaimPods.
    fn claim(&mut self) {
        if self.set.meta.terminating() {
            return;
        }
        let cache = self.view.cache;
        let fits = |pod: &&Rc<Pod>| ReplicaFacts::of(pod, Some(&self.set.spec)).active && self.set.spec.selector.matches(&pod.meta.labels);
        self.adopted = cache.orphans(&self.set.meta.namespace).filter(fits).collect();
        let adopts = |pod: &&Rc<Pod>| {
            let owner = OwnerRef::controller(Kind::ReplicaSet, &self.set.meta);
            vec![Step::new(Request::Edit(pod_key(pod), Edit::AddOwner(pod.meta.uid, owner)))]
        };
        let mut batch: Batch = self.adopted.iter().map(adopts).collect();
        let strangers = cache.replicas_of(self.set.meta.uid).into_iter().flat_map(|pods| pods.strangers());
        for pod in strangers.filter_map(|name| cache.tables.pod(&self.set.meta.namespace, name)) {
            let release = Request::Edit(pod_key(pod), Edit::RemoveOwner(pod.meta.uid, self.set.meta.uid));
            batch.push(vec![Step::new(release).on_error(OnError::GoneIsFine)]);
        }
        for pod in &self.adopted {
            let facts = ReplicaFacts::of(pod, Some(&self.set.spec));
            let available = facts.ready.is_some_and(|since| since + self.min_ready <= self.view.now);
            self.counts.active += 1;
            self.counts.labeled += i64::from(facts.labeled);
            self.counts.ready += i64::from(facts.ready.is_some());
            self.counts.available += i64::from(available);
        }
        if !batch.is_empty() {
            self.decide(Verdict::Acts, Reason::ClaimingPods);
            self.plan.batches.push(batch);
        }
    }

    /// Makes or deletes pods until there are as many as wanted. Models replica_set.go manageReplicas.
    fn manage(&mut self) {
        if self.set.meta.terminating() {
            self.decide(Verdict::Done, Reason::SetIsBeingDeleted);
            return;
        }
        let missing = self.set.spec.replicas - self.counts.active;
        match missing {
            0 if self.plan.decisions.is_empty() => self.decide(Verdict::Done, Reason::UpToDate),
            0 => {}
            1.. => self.create(missing.min(BURST)),
            _ => self.delete((-missing).min(BURST)),
        }
    }

    /// Makes pods in batches of 1, 2, 4, …; a batch in which one fails is the last. Models replica_set.go slowStartBatch.
    fn create(&mut self, count: i64) {
        let step = Step::new(Request::Create(self.new_pod().into()))
            .says(self.spoken(false, "SuccessfulCreate", "Created pod: {}"))
            .always_complains(self.spoken(true, "FailedCreate", "Error creating: {}"));
        let (mut left, mut size) = (usize::try_from(count).unwrap_or(0), 1);
        while left > 0 {
            size = left.min(size);
            self.plan.batches.push(vec![vec![step.clone()]; size]);
            left -= size;
            size *= 2;
        }
        self.decide(Verdict::Acts, Reason::CreatingReplicas { count });
    }

    /// Deletes pods, all at once.
    fn delete(&mut self, count: i64) {
        let chosen = self.to_delete(usize::try_from(count).unwrap_or(0));
        let delete = |pod: &Rc<Pod>| {
            let step = Step::new(Request::Delete(pod_key(pod), DeleteOptions::default()))
                .on_error(OnError::GoneIsFine)
                .says(self.spoken(false, "SuccessfulDelete", format!("Deleted pod: {}", pod.meta.name)))
                .complains(self.spoken(true, "FailedDelete", "Error deleting: {}"));
            vec![step]
        };
        let batch: Batch = chosen.iter().map(delete).collect();
        self.plan.batches.push(batch);
        self.decide(Verdict::Acts, Reason::RemovingReplicas { count });
    }

    /// A pod of the set, whose name the server gives. Models pkg/controller/controller_utils.go GetPodFromTemplate.
    fn new_pod(&self) -> Pod {
        let template = &self.set.spec.template;
        let spec = PodSpec {
            hostname: Rc::clone(&template.hostname),
            subdomain: Rc::clone(&template.subdomain),
            claims: Vec::new(),
            template: Rc::clone(template),
        };
        let meta = Meta {
            namespace: Rc::clone(&self.set.meta.namespace),
            generate_name: Some(format!("{}-", self.set.meta.name).into()),
            labels: Rc::clone(&template.labels),
            annotations: Rc::clone(&template.annotations),
            owners: vec![OwnerRef::controller(Kind::ReplicaSet, &self.set.meta)],
            ..Meta::default()
        };
        Pod { meta, spec: Rc::new(spec), node: None, status: PodStatus::default() }
    }

    /// Closes the plan: the status, and when to look again. Models replica_set_utils.go calculateStatus.
    fn finish(mut self) -> Plan {
        let ReplicaCounts { active, labeled, ready, available, terminating } = self.counts;
        let wanted = ReplicaSetStatus {
            replicas: active,
            fully_labeled: labeled,
            ready,
            available,
            terminating: Some(terminating),
            observed_generation: self.set.meta.generation,
            conditions: self.set.status.conditions.clone(),
        };
        let failure = if active < self.set.spec.replicas { "FailedCreate" } else { "FailedDelete" };
        let change = StatusChange::ReplicaSet { seen: self.set.status.clone(), wanted, failure, now: self.view.now };
        self.plan.status = Some(StatusWrite { key: self.key, uid: self.set.meta.uid, change });
        if ready != available {
            let pods = self.view.cache.replicas_of(self.set.meta.uid);
            let next = pods.and_then(|pods| pods.next_available(self.min_ready, self.view.now));
            self.plan.again = next.map(|at| at.since(self.view.now));
        }
        self.plan
    }

    fn decide(&mut self, verdict: Verdict, because: Reason) {
        self.plan.decisions.push(Decision::new(Component::ReplicaSet, self.key.clone(), verdict, because));
    }

    fn spoken(&self, warning: bool, reason: &'static str, message: impl Into<Word>) -> Spoken {
        Spoken::of(self.key.clone(), &self.set.meta, SOURCE, warning, reason, message)
    }
}

fn pod_key(pod: &Pod) -> ObjectKey {
    ObjectKey::new(Kind::Pod, &pod.meta.namespace, &pod.meta.name)
}
