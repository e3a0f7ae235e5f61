//! The pod garbage collector: removes pods whose end no kubelet will ever confirm, because their node is gone or out of service.
//!
//! Models pkg/controller/podgc/gc_controller.go gcOrphaned, gcTerminating and gcUnscheduledTerminating.
//! Upstream checks all pods in every period; here a pod is checked when it or its node changes, and removed at the time of the
//! periodic check that would have found it.
//! Not modelled: the limit on terminated pods.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::node::OUT_OF_SERVICE_TAINT;
use api::object::pod::{Condition, DISRUPTION_TARGET, Truth};
use api::object::{Name, Node, Object, ObjectKey, Pod};
use base::time::{Span, Time};
use server::request::{Edit, Request};
use why::{Component, Decision, Reason, Verdict};

/// The controller; it goes round.
pub static CONTROLLER: Registration = Registration {
    goes_round: true,
    ..Registration::new(&[(Kind::Pod, watch_pod), (Kind::Node, watch_node)], |view, key, memory| plan(view, key, &mut memory.pod_gc))
};
/// The period of the checks. podgc gcCheckPeriod.
const PERIOD: Span = Span::seconds(20);
/// How long a Node object has to be missing before its pods are removed. podgc quarantineTime.
const QUARANTINE: Span = Span::seconds(40);

/// What the controller remembers: since when the nodes that pods are bound to have been missing.
#[derive(Clone, Debug, Default)]
pub struct Memory(SortedMap<Name, Time>);

fn watch_pod(watch: &mut Watch) {
    if watch.change.after.as_ref().and_then(Object::as_pod).is_some_and(|pod| concerns(watch.view.cache, pod)) {
        own_key(watch);
    }
}

/// Queues the pods of a node that is gone or out of service.
fn watch_node(watch: &mut Watch) {
    let (View { cache, now, .. }, node) = (watch.view, &watch.change.key.name);
    let after = watch.change.after.as_ref().and_then(Object::as_node);
    if after.is_some() {
        watch.memory.pod_gc.0.remove(node);
    } else {
        watch.memory.pod_gc.0.entry(Rc::clone(node)).or_insert(now);
    }
    // Others need not be looked at.
    if after.is_none_or(|node| out_of_service(node)) {
        watch.enqueue_all(cache.pods_on(node).filter(|pod| concerns(cache, pod)).map(|pod| pod.key()));
    }
}

/// Whether a pod is a candidate for removal.
fn concerns(cache: &Cache, pod: &Pod) -> bool {
    match &pod.node {
        None => pod.meta.terminating() && (!pod.status.phase.terminal() || pod.held_by().is_some()),
        Some(name) => match cache.tables.node("", name) {
            None => true,
            Some(node) => pod.meta.terminating() && out_of_service(node),
        },
    }
}

fn out_of_service(node: &Node) -> bool {
    node.ready() != Truth::True && node.taints.iter().any(|t| &*t.key == OUT_OF_SERVICE_TAINT)
}

/// Plans one sync of a pod.
fn plan(view: View, key: &ObjectKey, memory: &mut Memory) -> Plan {
    let View { cache, now, .. } = view;
    let Some(pod) = cache.tables.pod(&key.namespace, &key.name).filter(|p| concerns(cache, p)) else { return Plan::default() };
    let decide = |verdict, because| Decision::new(Component::PodGc, key.clone(), verdict, because);
    let done = pod.meta.deletion.is_some_and(|d| d.grace == 0) && pod.status.phase.terminal();
    if done {
        let held = |finalizer| decide(Verdict::Waits, Reason::HeldByFinalizer { finalizer: Rc::clone(finalizer) });
        return pod.held_by().map(held).map_or_else(Plan::default, Plan::nothing);
    }
    let due = now.at_stroke(PERIOD);
    let (because, orphan) = match &pod.node {
        None => (Reason::NeverHadNode, false),
        Some(node) if cache.tables.node("", node).is_some() => (Reason::NodeIsOutOfService { node: Rc::clone(node) }, false),
        Some(node) => {
            let missed = *memory.0.entry(Rc::clone(node)).or_insert(now);
            let due = missed.at_stroke(PERIOD) + QUARANTINE;
            if now < due {
                let waits = decide(Verdict::Waits, Reason::WaitsForNodeToReturn { node: Rc::clone(node) }).until(due);
                let waits = waits.blocked_by(ObjectKey::global(Kind::Node, node));
                return Plan { again: Some(due.since(now)), ..Plan::nothing(waits) };
            }
            (Reason::NodeObjectGone { node: Rc::clone(node) }, true)
        }
    };
    if now < due {
        return Plan { again: Some(due.since(now)), ..Plan::nothing(decide(Verdict::Waits, because).until(due)) };
    }
    let mut plan = Plan::nothing(decide(Verdict::Acts, because));
    plan.batches.push(vec![remove(pod, key, orphan, now)]);
    plan
}

/// Models markFailedAndDeletePodWithCondition.
fn remove(pod: &Pod, key: &ObjectKey, orphan: bool, now: Time) -> Vec<Step> {
    let condition = Condition::new(DISRUPTION_TARGET, true, now).because("DeletionByPodGC", "PodGC: node no longer exists");
    let condition = condition.seen_at(pod.meta.generation);
    let fails = Request::Edit(key.clone(), Edit::PodFails(pod.meta.uid, orphan.then(|| Box::new(condition))));
    let options = DeleteOptions { grace_period_seconds: Some(0), ..DeleteOptions::default() };
    [fails, Request::Delete(key.clone(), options)].map(|r| Step::new(r).on_error(OnError::IgnoreNotFound)).into()
}
