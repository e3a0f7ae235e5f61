//! Deletes pods from nodes with `NoExecute` taints that they do not tolerate, at once or when their toleration expires.
//!
//! Models pkg/controller/tainteviction/taint_eviction.go processPodOnNode and timed_workers.go.
//! Promises: a scheduled deletion is never rescheduled: a later sync can only cancel it or carry it out at once.
//! Must not know: how time passes; a plan says when to look again.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::plan::{OnError, PendingEvent, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::client::DeleteOptions;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::node::Taint;
use api::object::pod::{Condition, DISRUPTION_TARGET, Toleration};
use api::object::{Name, Node, Object, ObjectKey, Pod, Uid};
use base::time::{Span, Time};
use server::request::{Edit, Request};
use why::{Component, Decision, Reason, Verdict};

/// The controller; it keeps a timer for each pod.
pub static CONTROLLER: Registration = Registration {
    goes_round: true,
    ..Registration::new(&[(Kind::Pod, watch_pod), (Kind::Node, watch_node)], |view, key, memory| plan(view, key, &mut memory.evictions))
};
/// The source component of this controller's events.
const SOURCE: &str = "taint-eviction-controller";

/// A deletion that was decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Work {
    uid: Uid,
    stage: Stage,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    /// Scheduled for this time, when the pod no longer tolerates this taint.
    Due(Time, Name),
    /// Requested, because of these taints.
    Done(Vec<Taint>),
}

/// What the controller remembers about pods.
#[derive(Clone, Debug, Default)]
pub struct Memory(SortedMap<ObjectKey, Work>);

impl Memory {
    /// Drops a deletion; emits an event if it was still pending.
    fn cancel(&mut self, key: &ObjectKey, plan: &mut Plan) {
        if self.0.remove(key).is_some_and(|w| matches!(w.stage, Stage::Due(..))) {
            plan.say.push(says(key, "Cancelling deletion of Pod"));
            plan.decide(Decision::new(Component::TaintEviction, key.clone(), Verdict::Done, Reason::EvictionCalledOff));
        }
    }
}

/// Queues the pods of a node whose taints change.
fn watch_node(watch: &mut Watch) {
    let [before, after] = watch.change.sides(Object::as_node);
    let taints = |node: Option<&Rc<Node>>| node.map(|n| n.evicting_taints().cloned().collect::<Vec<Taint>>()).unwrap_or_default();
    if taints(before) != taints(after) || after.is_none() {
        watch.enqueue_all(watch.view.cache.pods_on(&watch.change.key.name).map(|pod| pod.key()));
    }
}

/// Queues a pod that comes to a node with taints, and one that is gone while its deletion is scheduled or under way.
fn watch_pod(watch: &mut Watch) {
    let (cache, [before, after]) = (watch.view.cache, watch.change.sides(Object::as_pod));
    let node = after.and_then(|p| p.node.as_ref()).and_then(|n| cache.tables.node("", n));
    let tainted = node.is_some_and(|n| n.evicting_taints().next().is_some());
    let was_bound = before.is_some_and(|p| p.node.is_some());
    if tainted && !was_bound || after.is_none() && watch.memory.evictions.0.contains_key(&watch.change.key) {
        own_key(watch);
    }
}

/// Plans one sync of a pod.
fn plan(view: View, key: &ObjectKey, memory: &mut Memory) -> Plan {
    let View { cache, now, .. } = view;
    let mut plan = Plan::default();
    let pod = cache.tables.pod(&key.namespace, &key.name);
    if memory.0.get(key).is_some_and(|w| pod.is_none_or(|p| p.meta.uid != w.uid)) {
        memory.cancel(key, &mut plan);
    }
    let Some((pod, node)) = pod.and_then(|p| Some((p, p.node.as_ref()?))) else { return plan };
    let taints: Vec<Taint> = match cache.tables.node("", node) {
        Some(node) => node.evicting_taints().cloned().collect(),
        // The Node object is gone: what was scheduled stands.
        None => return carry_on(pod, key, now, memory, plan),
    };
    match judge(&taints, &pod.spec.template.tolerations) {
        Judgement::Unconcerned => memory.cancel(key, &mut plan),
        Judgement::Tolerates(taint) => {
            memory.cancel(key, &mut plan);
            plan.decide(Decision::new(Component::TaintEviction, key.clone(), Verdict::Done, Reason::ToleratesTaint { taint }));
        }
        Judgement::Goes(taint) => {
            let done = Stage::Done(taints);
            if memory.0.get(key).is_none_or(|w| w.stage != done) {
                memory.cancel(key, &mut plan);
                evict(pod, key, taint, now, &mut plan);
                memory.0.insert(key.clone(), Work { uid: pod.meta.uid, stage: done });
            }
        }
        Judgement::GoesAfter(seconds, taint) => {
            let pause = Span::of_seconds(seconds);
            let due = Stage::Due(now + pause, Name::clone(&taint));
            let work = memory.0.entry(key.clone()).or_insert(Work { uid: pod.meta.uid, stage: due });
            match work.stage {
                Stage::Due(at, _) if at <= now => {
                    work.stage = Stage::Done(taints);
                    evict(pod, key, taint, now, &mut plan);
                }
                Stage::Due(at, _) => {
                    work.stage = Stage::Due(at, Name::clone(&taint));
                    let because = Reason::ToleratesTaintFor { taint, seconds };
                    let decision = Decision::new(Component::TaintEviction, key.clone(), Verdict::Waits, because).until(at);
                    plan.decide(decision.blocked_by(ObjectKey::global(Kind::Node, node)));
                    plan.again = Some(at.since(now));
                }
                Stage::Done(_) => {}
            }
        }
    }
    plan
}

/// Carries out what was scheduled before the Node object was deleted.
fn carry_on(pod: &Pod, key: &ObjectKey, now: Time, memory: &mut Memory, mut plan: Plan) -> Plan {
    let Some(work) = memory.0.get_mut(key) else { return plan };
    if let Stage::Due(at, taint) = &work.stage {
        if *at <= now {
            evict(pod, key, Name::clone(taint), now, &mut plan);
            work.stage = Stage::Done(Vec::new());
        } else {
            plan.again = Some(at.since(now));
        }
    }
    plan
}

/// What a node's taints mean for a pod.
#[derive(Debug, PartialEq, Eq)]
enum Judgement {
    /// There are no taints.
    Unconcerned,
    /// All are tolerated indefinitely; this is the first.
    Tolerates(Name),
    /// This one is not tolerated.
    Goes(Name),
    /// Tolerated for this many seconds, the shortest time being for this taint.
    GoesAfter(i64, Name),
}

/// Models processPodOnNode and getMinTolerationTime: for each taint, the first toleration that matches counts.
fn judge(taints: &[Taint], tolerations: &[Toleration]) -> Judgement {
    let mut least: Option<(i64, Name)> = None;
    for taint in taints {
        let spelled = || Name::from(taint.spelled());
        let Some(toleration) = tolerations.iter().find(|t| t.tolerates(&taint.key, &taint.value, &taint.effect)) else {
            return Judgement::Goes(spelled());
        };
        match toleration.seconds {
            Some(seconds) if least.as_ref().is_none_or(|(l, _)| seconds < *l) => least = Some((seconds, spelled())),
            _ => {}
        }
    }
    match (least, taints.first()) {
        (_, None) => Judgement::Unconcerned,
        (None, Some(first)) => Judgement::Tolerates(first.spelled().into()),
        (Some((seconds, taint)), _) => Judgement::GoesAfter(seconds.max(0), taint),
    }
}

/// Models deletePodHandler and addConditionAndDeletePod.
fn evict(pod: &Pod, key: &ObjectKey, taint: Name, now: Time, plan: &mut Plan) {
    let condition =
        Condition::new(DISRUPTION_TARGET, true, now).because("DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint");
    let condition = condition.seen_at(pod.meta.generation);
    plan.say.push(says(key, "Marking for deletion Pod"));
    plan.decide(Decision::new(Component::TaintEviction, key.clone(), Verdict::Acts, Reason::EvictedByTaint { taint }));
    let mark = Request::Edit(key.clone(), Edit::PodCondition(pod.meta.uid, Box::new(condition)));
    let delete = Request::Delete(key.clone(), DeleteOptions::default());
    let steps = [mark, delete].map(|r| Step::new(r).on_error(OnError::IgnoreNotFound));
    plan.batches.push(vec![steps.into()]);
}

fn says(key: &ObjectKey, what: &str) -> PendingEvent {
    PendingEvent::by_name(key.clone(), SOURCE, EventType::Normal, "TaintManagerEviction", format!("{what} {}/{}", key.namespace, key.name))
}
