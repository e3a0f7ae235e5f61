//! The disruption controller: computes how many pods of each disruption budget may be evicted.
//!
//! Models pkg/controller/disruption/disruption.go trySync and syncStalePodDisruption.
//! Promises: each status is computed from one view; if the budget changed meanwhile, for instance through an eviction, the write is
//! refused and the sync retried.
//! Not modelled: controllers known only by their scale subresource.

use base::sorted::SortedMap;
use std::rc::Rc;

use super::cache::Cache;
use super::plan::{PendingEvent, Plan, Step};
use super::registration::{Effect, Registration, Watch, own_key};
use super::seen::View;
use api::kind::{Kind, Trait};
use api::object::budget::{BudgetStatus, DisruptionBudget, Kept};
use api::object::event::EventType;
use api::object::int_or_percent::IntOrPercent;
use api::object::pod::{Condition, DISRUPTION_TARGET, Truth};
use api::object::{Name, Object, ObjectKey, OwnerRef, Pod, Uid};
use base::time::{Span, Time};
use base::value::{Value, members};
use base::word::Word;
use server::request::{Edit, Request};
use why::{Component, Decision, Healthy, Maintenance, Reason, Verdict};

/// The controller of budgets.
pub static CONTROLLER: Registration =
    Registration::new(&[(Kind::PodDisruptionBudget, own_key), (Kind::Pod, watch_pod)], |view, key, _| plan(view, key));
/// The controller of pods that were to be disrupted.
pub static STALE: Registration = Registration::new(&[(Kind::Pod, watch_disrupted)], |view, key, _| plan_stale(view, key));
/// How long a pod may take to be seen terminating after its eviction was granted. disruption.go DeletionTimeout.
const DELETION_TIMEOUT: Span = Span::seconds(120);
/// How long a pod that was to be disrupted may stay before that no longer holds. disruption.go stalePodDisruptionTimeout.
const STALE_AFTER: Span = Span::seconds(120);
/// The reason with which a kubelet says that it ends a pod. PodReasonTerminationByKubelet.
const BY_KUBELET: &str = "TerminationByKubelet";
/// The source component of this controller's events. disruption.go NewDisruptionController.
const SOURCE: &str = "controllermanager";

fn watch_disrupted(watch: &mut Watch) {
    if let Some(at) = watch.change.after.as_ref().and_then(Object::as_pod).and_then(|pod| stale_at(pod)) {
        watch.enqueue_after(&watch.change.key, at.since(watch.view.now));
    }
}

/// Queues the budget that matches a pod as it now is, or as it was before its deletion. A budget that matched only its former labels is
/// not synced. Models updatePod and deletePod.
fn watch_pod(watch: &mut Watch) {
    let Some(pod) = watch.change.object().and_then(Object::as_pod) else { return };
    let mut budgets = watch.view.cache.tables.budgets_of(pod);
    let Some(first) = budgets.next() else { return };
    if budgets.next().is_some() {
        watch.effects.push(Effect::Say(Box::new(says_of_several(pod, first))));
    }
    watch.enqueue(&first.key());
}

/// The event for a pod that several budgets select; only the first is used. Models getPdbForPod.
fn says_of_several(pod: &Pod, first: &DisruptionBudget) -> PendingEvent {
    let (namespace, name) = (&pod.meta.namespace, &pod.meta.name);
    let message =
        format!("Pod \"{namespace}\"/\"{name}\" matches multiple PodDisruptionBudgets.  Chose \"{}\" arbitrarily.", first.meta.name);
    PendingEvent::of(pod.key(), &pod.meta, SOURCE, EventType::Warning, "MultiplePodDisruptionBudgets", message)
}

/// Plans one sync of a budget.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let View { cache, now, .. } = view;
    let Some(budget) = cache.tables.budget(&key.namespace, &key.name) else { return Plan::default() };
    let mut plan = Plan::default();
    let within = cache.tables.within(Kind::Pod, &key.namespace).filter_map(|o| o.as_pod());
    let pods: Vec<&Rc<Pod>> = within.filter(|p| budget.selects(&p.meta.labels)).collect();
    let about = |kind, reason, message: String| PendingEvent::of(key.clone(), &budget.meta, SOURCE, kind, reason, message);
    if pods.is_empty() {
        plan.say.push(about(EventType::Normal, "NoPods", "No matching pods found".to_owned()));
    }
    let expected = match expect(cache, budget, &pods) {
        Ok(expected) => expected,
        Err(error) => {
            let message = format!("Failed to calculate the number of expected pods: {error}");
            plan.say.push(about(EventType::Warning, "CalculateExpectedPodCountFailed", message));
            plan.decide(decision(key, Verdict::Refused, Reason::BudgetUnclear { error: error.clone() }));
            writes(budget, budget.status.clone().failed(error, now), &mut plan);
            return plan;
        }
    };
    if expected.unmanaged {
        plan.say.push(about(EventType::Warning, "UnmanagedPods", unmanaged(budget)));
    }
    let (disrupted, recheck) = still_disrupted(budget, &pods, now, &mut plan);
    let healthy = pods.iter().filter(|p| is_healthy(p, &disrupted)).count();
    let status = status(budget, &expected, i64::try_from(healthy).unwrap_or(i64::MAX), disrupted).judged(now);
    plan.decide(explain(key, &status, &pods));
    plan.again = recheck.map(|at| at.since(now));
    writes(budget, status, &mut plan);
    plan
}

/// When it no longer holds that a pod is to be disrupted; `None` where that is not said of it, or it goes.
/// Models nonTerminatingPodHasStaleDisruptionCondition.
pub fn stale_at(pod: &Pod) -> Option<Time> {
    let said = pod.condition(DISRUPTION_TARGET).filter(|c| c.status == Truth::True && c.reason != *BY_KUBELET)?;
    (!pod.meta.terminating() && !pod.status.phase.terminal()).then(|| said.since + STALE_AFTER)
}

/// Plans one look at a pod that was to be disrupted. Models syncStalePodDisruption.
fn plan_stale(view: View, key: &ObjectKey) -> Plan {
    let Some(pod) = view.cache.tables.pod(&key.namespace, &key.name) else { return Plan::default() };
    let Some(at) = stale_at(pod) else { return Plan::default() };
    if at > view.now {
        return Plan { again: Some(at.since(view.now)), ..Plan::default() };
    }
    let mut plan = Plan::nothing(decision(key, Verdict::Acts, Reason::Maintenance(Maintenance::StatusFollows)));
    let over = Condition::new(DISRUPTION_TARGET, false, view.now).seen_at(pod.meta.generation);
    plan.then(Step::new(Request::Edit(key.clone(), Edit::PodCondition(pod.meta.uid, Box::new(over)))));
    plan
}

/// Plans the write of a status that differs.
fn writes(budget: &DisruptionBudget, status: BudgetStatus, plan: &mut Plan) {
    if status != budget.status {
        let changed = DisruptionBudget { status, ..budget.clone() };
        plan.then(Step::new(Request::Update(changed.into())));
    }
}

/// How many pods a budget expects.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    pods: i64,
    healthy: i64,
    /// Whether some pods have no controller.
    unmanaged: bool,
}

/// Models getExpectedPodCount.
fn expect(cache: &Cache, budget: &DisruptionBudget, pods: &[&Rc<Pod>]) -> Result<Expected, Word> {
    match budget.spec.kept {
        Kept::MinAvailable(IntOrPercent::Int(least)) => {
            Ok(Expected { pods: i64::try_from(pods.len()).unwrap_or(i64::MAX), healthy: least, unmanaged: false })
        }
        Kept::MinAvailable(share) => {
            let (pods, unmanaged) = scale(cache, pods)?;
            Ok(Expected { pods, healthy: share.rounded_up(pods), unmanaged })
        }
        Kept::MaxUnavailable(most) => {
            let (pods, unmanaged) = scale(cache, pods)?;
            Ok(Expected { pods, healthy: (pods - most.rounded_up(pods)).max(0), unmanaged })
        }
        Kept::Unsaid => Ok(Expected { pods: 0, healthy: 0, unmanaged: false }),
    }
}

/// The total scale of these pods' controllers, each counted once, and whether some pods have no controller.
/// Models getExpectedScale.
fn scale(cache: &Cache, pods: &[&Rc<Pod>]) -> Result<(i64, bool), Word> {
    let mut scales: SortedMap<Uid, i64> = SortedMap::new();
    let mut unmanaged = false;
    for pod in pods {
        let Some(owner) = pod.meta.controller() else {
            unmanaged = true;
            continue;
        };
        if scales.contains_key(&owner.uid) {
            continue;
        }
        let Some(kind) = owner.kind_in_group() else {
            let (kind, version) = &owner.written;
            return Err(format!("no matches for kind {kind:?} in version {version:?}").into());
        };
        if !kind.has(Trait::Scale) {
            return Err(format!("{} does not implement the scale subresource", kind.resource()).into());
        }
        let Some((uid, wanted)) = controller_scale(cache, &pod.meta.namespace, owner) else {
            return Err(format!("found no controllers for pod \"{}\"", pod.meta.name).into());
        };
        scales.insert(uid, wanted);
    }
    Ok((scales.values().sum(), unmanaged))
}

/// A pod's controller, of a kind that has a scale, and that scale. Models the finders: a ReplicaSet's Deployment stands in for it.
fn controller_scale(cache: &Cache, namespace: &str, owner: &OwnerRef) -> Option<(Uid, i64)> {
    match owner.kind_in_group()? {
        Kind::StatefulSet => {
            let set = cache.tables.stateful_set(namespace, &owner.name).filter(|s| s.meta.uid == owner.uid)?;
            Some((set.meta.uid, set.spec.replicas))
        }
        Kind::ReplicaSet => {
            let set = cache.tables.replica_set(namespace, &owner.name).filter(|s| s.meta.uid == owner.uid)?;
            match set.meta.controller().filter(|o| o.kind_in_group() == Some(Kind::Deployment)) {
                None => Some((set.meta.uid, set.spec.replicas)),
                Some(above) => {
                    let deployment = cache.tables.deployment(namespace, &above.name).filter(|d| d.meta.uid == above.uid)?;
                    Some((deployment.meta.uid, deployment.spec.replicas))
                }
            }
        }
        kind => {
            let found = cache.tables.find(kind, namespace, &owner.name)?.as_plain().filter(|found| found.meta.uid == owner.uid)?;
            Some((found.meta.uid, found.raw.int_at(&["spec", "replicas"]).unwrap_or(0)))
        }
    }
}

/// Models countHealthyPods.
fn is_healthy(pod: &Pod, disrupted: &SortedMap<Name, Time>) -> bool {
    !pod.meta.terminating() && !disrupted.contains_key(&pod.meta.name) && pod.ready()
}

/// The pods whose eviction was granted but that are not seen terminating yet, and when to check them again.
/// Models buildDisruptedPodMap.
fn still_disrupted(budget: &DisruptionBudget, pods: &[&Rc<Pod>], now: Time, plan: &mut Plan) -> (SortedMap<Name, Time>, Option<Time>) {
    let mut still = SortedMap::new();
    for pod in pods.iter().filter(|p| !p.meta.terminating()) {
        let Some(granted) = budget.status.disrupted_pods.get(&pod.meta.name) else { continue };
        if *granted + DELETION_TIMEOUT < now {
            // Upstream names the namespace twice.
            let namespace = &budget.meta.namespace;
            let message = format!("Pod was expected by PDB {namespace}/{namespace} to be deleted but it wasn't");
            plan.say.push(PendingEvent::of(pod.key(), &pod.meta, SOURCE, EventType::Warning, "NotDeleted", message));
        } else {
            still.insert(Rc::clone(&pod.meta.name), *granted);
        }
    }
    let recheck = still.values().min().map(|at| *at + DELETION_TIMEOUT + Span(1));
    (still, recheck)
}

/// Models updatePdbStatus.
fn status(budget: &DisruptionBudget, expected: &Expected, healthy: i64, disrupted: SortedMap<Name, Time>) -> BudgetStatus {
    let allowed = if expected.pods <= 0 { 0 } else { (healthy - expected.healthy).max(0) };
    BudgetStatus {
        observed_generation: budget.meta.generation,
        disruptions_allowed: allowed,
        current_healthy: healthy,
        desired_healthy: expected.healthy,
        expected_pods: expected.pods,
        disrupted_pods: disrupted,
        condition: budget.status.condition.clone(),
    }
}

/// The decision on how many pods may be evicted; if none, blocked by an unhealthy pod where there is one.
fn explain(key: &ObjectKey, status: &BudgetStatus, pods: &[&Rc<Pod>]) -> Decision {
    let because = match status.disruptions_allowed {
        _ if pods.is_empty() => Reason::NoPodsSelected,
        0 => Reason::NoDisruptionAllowed(counts(status)),
        count => Reason::DisruptionsAllowed { count },
    };
    let none = matches!(because, Reason::NoDisruptionAllowed(_));
    let unhealthy = pods.iter().filter(|_| none).find(|pod| !is_healthy(pod, &status.disrupted_pods)).map(|pod| pod.key());
    Decision { blocked_by: unhealthy, ..decision(key, Verdict::Done, because) }
}

/// The decision that a budget refuses a pod's eviction, with the numbers it is based on.
pub fn refuses(budget: &DisruptionBudget, pod: &Pod) -> Decision {
    let because = Reason::EvictionRefused { budget: Rc::clone(&budget.meta.name), counts: counts(&budget.status) };
    decision(&pod.key(), Verdict::Refused, because).blocked_by(budget.key()).seen(
        budget.key(),
        "status.disruptionsAllowed",
        budget.status.disruptions_allowed.to_string(),
        budget.meta.revision,
    )
}

fn counts(status: &BudgetStatus) -> Healthy {
    Healthy { healthy: status.current_healthy, desired: status.desired_healthy, expected: status.expected_pods }
}

fn decision(key: &ObjectKey, verdict: Verdict, because: Reason) -> Decision {
    Decision::new(Component::Disruption, key.clone(), verdict, because)
}

fn unmanaged(budget: &DisruptionBudget) -> String {
    format!(
        "Pods selected by this PodDisruptionBudget (selector: {}) were found to be unmanaged. As a result, the status of the PDB cannot \
         be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" \
         field of the PDB to an integer value.",
        go_selector(budget.spec.value().get("selector").unwrap_or(&Value::Null))
    )
}

/// A label selector as Go prints it.
fn go_selector(selector: &Value) -> String {
    let labels = members(selector.get("matchLabels").and_then(Value::as_map));
    let labels: Vec<String> = labels.map(|(k, v)| format!("{k}: {},", v.as_text().unwrap_or_default())).collect();
    let requirement = |r: &Value| {
        let text = |key: &str| r.text_at(&[key]).unwrap_or_default();
        let values: Vec<&str> = r.list_at(&["values"]).iter().filter_map(Value::as_text).collect();
        format!("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},", text("key"), text("operator"), values.join(" "))
    };
    let expressions: Vec<String> = selector.list_at(&["matchExpressions"]).iter().map(requirement).collect();
    let (labels, expressions) = (labels.concat(), expressions.concat());
    format!("&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:[]LabelSelectorRequirement{{{expressions}}},}}")
}
