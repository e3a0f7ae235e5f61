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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Cache;
    use crate::plan::Action;
    use api::object::pod::READY;
    use api::object::{Object, PodPhase, Uid};
    use server::log::{Actor, Change};
    use server::request::{Edit, Request};

    const NOW: Time = Time(100_000);

    /// A ReplicaSet `rs` with selector `app: a` and this many replicas, and these pods: their names and what is special about them.
    fn cache(replicas: i64, pods: &[(&str, &str)]) -> Cache {
        let text = format!(
            "metadata: {{name: rs, namespace: default}}\nspec: {{replicas: {replicas}, minReadySeconds: 10, selector: {{matchLabels: {{app: a}}}}, \
             template: {{metadata: {{labels: {{app: a, tier: b}}}}, spec: {{containers: [{{name: a, image: v1}}]}}}}}}"
        );
        let mut set = ReplicaSet::decode(&yaml::parse(&text).remove(0).value.expect("a value"));
        set.meta.uid = Uid::from_bits(99 << 4);
        set.meta.generation = 1;
        let pods: Vec<Pod> = pods.iter().enumerate().map(|(i, (name, special))| pod(&set, i, name, special)).collect();
        let mut cache = Cache::default();
        for object in std::iter::once(Object::from(set)).chain(pods.into_iter().map(Object::from)) {
            let change =
                Change { revision: 1, at: NOW, key: object.key(), before: None, after: Some(object), by: Actor::Setup, signed: None };
            cache.see(&change);
        }
        cache
    }

    fn pod(set: &ReplicaSet, i: usize, name: &str, special: &str) -> Pod {
        let object = yaml::parse(&format!("metadata: {{name: {name}, namespace: default, labels: {{app: a, tier: b}}}}")).remove(0);
        let mut pod = Pod::decode(&object.value.expect("a value"));
        pod.meta.uid = Uid::from_bits(u64::try_from(i + 1).unwrap_or(0) << 4);
        pod.meta.owners = vec![OwnerRef::controller(Kind::ReplicaSet, &set.meta)].into();
        pod.node = Some("node-1".into());
        pod.status.phase = PodPhase::Running;
        pod.status.conditions = vec![Condition::new(READY, true, Time(0))];
        let labels = |key: &str, value: &str| Rc::new([(key.into(), value.into())].into());
        match special {
            "ending" => pod.meta.deletion = Some(api::object::Deletion { at: NOW, grace: 30 }),
            "ended" => pod.status.phase = PodPhase::Failed,
            "starting" => pod.status.conditions.clear(),
            "young" => pod.status.conditions[0].since = Time(95_000),
            "stray" => pod.meta.labels = labels("app", "z"),
            "bare" => pod.meta.labels = labels("app", "a"),
            "orphan" => pod.meta.owners.make_mut().clear(),
            _ => {}
        }
        pod
    }

    fn planned(cache: &Cache) -> Plan {
        plan(View::at(cache, NOW), &ObjectKey::new(Kind::ReplicaSet, &"default".into(), &"rs".into()))
    }

    /// The plan, batch by batch: `+` creates a pod, `-name` deletes, `<name` adopts, `>name` releases one.
    fn asked(plan: &Plan) -> String {
        let step = |step: &Step| match &step.action {
            Action::Server(Request::Create(_)) => "+".to_owned(),
            Action::Server(Request::Delete(key, _)) => format!("-{}", key.name),
            Action::Server(Request::Edit(key, Edit::AddOwner(..))) => format!("<{}", key.name),
            Action::Server(Request::Edit(key, Edit::RemoveOwner { .. })) => format!(">{}", key.name),
            other => format!("{other:?}"),
        };
        let batch = |batch: &Batch| batch.iter().flatten().map(step).collect::<Vec<_>>().join(" ");
        plan.batches.iter().map(batch).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn there_are_made_to_be_as_many_pods_as_wanted() {
        for (replicas, pods, want) in [
            (0, &[][..], ""),
            (1, &[], "+"),
            (7, &[], "+ | + + | + + + +"),
            (6, &[], "+ | + + | + + +"),
            (2, &[("a", ""), ("b", "starting")], ""),
            (2, &[("a", ""), ("b", "ending")], "+"),
            (2, &[("a", ""), ("b", "ended")], "+"),
            (1, &[("a", ""), ("b", "starting")], "-b"),
            (1, &[("a", ""), ("b", "young")], "-b"),
            (0, &[("a", ""), ("b", "ending"), ("c", "ended")], "-a"),
            (2, &[("a", ""), ("b", "orphan")], "<b"),
            (1, &[("a", "starting"), ("b", "orphan")], "<b | -a"),
            (2, &[("a", ""), ("b", "stray")], ">b | +"),
        ] {
            assert_eq!(asked(&planned(&cache(replicas, pods))), want, "{replicas} of {pods:?}");
        }
    }

    #[test]
    fn the_status_counts_the_pods_that_last() {
        let pods =
            [("a", ""), ("b", "young"), ("c", "starting"), ("d", "ending"), ("e", "ended"), ("f", "bare"), ("g", "stray"), ("h", "orphan")];
        let plan = planned(&cache(5, &pods));
        let Some(StatusWrite { change: StatusChange::ReplicaSet { wanted, .. }, .. }) = plan.status else { panic!("a status") };
        let counts = ReplicaSetStatus {
            replicas: 5,
            fully_labeled: 4,
            ready: 4,
            available: 3,
            terminating: Some(1),
            observed_generation: 1,
            conditions: Vec::new(),
        };
        assert_eq!(wanted, counts);
        assert_eq!(plan.again, Some(Span(5_000)), "when the young pod becomes available");
    }

    #[test]
    fn what_a_set_waits_for_is_a_pod_that_is_not_available() {
        for (pods, want) in [
            (&[("a", ""), ("b", "")][..], None),
            (&[("a", "young"), ("b", "starting")], Some("b")),
            (&[("a", ""), ("b", "young")], Some("b")),
        ] {
            let plan = planned(&cache(2, pods));
            let blocked_by = plan.decisions.iter().find_map(|d| d.blocked_by.as_ref()).map(|key| &*key.name);
            assert_eq!(blocked_by, want, "{pods:?}");
        }
    }

    #[test]
    fn a_cache_behind_its_own_writes_is_not_acted_on() {
        let cache = cache(3, &[]);
        let view = View { behind: true, ..View::at(&cache, NOW) };
        let plan = plan(view, &ObjectKey::new(Kind::ReplicaSet, &"default".into(), &"rs".into()));
        assert!(plan.is_empty() && plan.status.is_none() && plan.error.is_some());
    }

    #[test]
    fn a_failure_is_told_once_and_taken_back() {
        let mut status = ReplicaSetStatus::default();
        for (error, want) in [(Some("no room"), "no room"), (Some("other"), "no room"), (None, "")] {
            tell_of_failure(&mut status, error.map(Word::from).as_ref(), "FailedCreate", NOW);
            assert_eq!(status.conditions.first().map_or("", |c| &*c.message), want);
        }
    }
}
