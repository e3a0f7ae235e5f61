//! What a HorizontalPodAutoscaler does in a cluster without a metrics server: it looks, finds nothing to scale by, and says so.
//!
//! Models pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler as far as a failure to fetch metrics.
//! Not modelled: metrics of any kind, so nothing is ever scaled; upstream repeats the look every 15 seconds, here it is taken
//! when the autoscaler has changed, and that long after its target has.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Spoken, Step};
use crate::api::kind::Kind;
use crate::api::object::pod::{Condition, Truth, encode_condition};
use crate::api::object::{Name, Object, ObjectKey, Plain};
use crate::base::time::Time;
use crate::base::value::Value;
use crate::base::word::Word;
use crate::server::request::Request;
use crate::why::{Component, Decision, Reason, Verdict};

/// How this controller signs its events.
const SOURCE: &str = "horizontal-pod-autoscaler";

/// One look at one autoscaler.
pub fn plan(cache: &Cache, namespace: &Name, name: &Name, now: Time) -> Plan {
    let Some(Object::Plain(autoscaler)) = cache.tables.find(Kind::HorizontalPodAutoscaler, namespace, name) else { return Plan::default() };
    let key = ObjectKey::new(Kind::HorizontalPodAutoscaler, namespace, name);
    let says = |reason: &'static str, message: String| Spoken::of(key.clone(), &autoscaler.meta, SOURCE, true, reason, message);
    let replicas = match replicas_of_target(cache, autoscaler) {
        Ok(replicas) => replicas,
        Err(missing) => {
            let because = Reason::NoScaleTarget { missing: missing.clone().into() };
            let plan = written(autoscaler, key.clone(), status_without_target(autoscaler, &missing, now), because);
            let say = if plan.batches.is_empty() { Vec::new() } else { vec![says("FailedGetScale", missing)] };
            return Plan { say, ..plan };
        }
    };
    let resource = autoscaler.raw.list_at(&["spec", "metrics"]).first().and_then(|m| m.text_at(&["resource", "name"])).unwrap_or("cpu");
    let fetch = format!(
        "unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"
    );
    let failed = format!("failed to get {resource} utilization: {fetch}");
    let invalid = format!("invalid metrics (1 invalid out of 1), first error is: failed to get {resource} resource metric value: {failed}");
    let status = status(replicas, &failed, now);
    let plan = written(autoscaler, key.clone(), status, Reason::NoMetrics);
    if plan.batches.is_empty() {
        return plan;
    }
    Plan { say: vec![says("FailedGetResourceMetric", failed), says("FailedComputeMetricsReplicas", invalid)], ..plan }
}

/// Writes a status that is not there yet, and tells why nothing is scaled.
fn written(autoscaler: &Rc<Plain>, key: ObjectKey, status: Value, because: Reason) -> Plan {
    let mut plan = Plan::nothing(Decision::new(Component::Autoscaler, key, Verdict::Waits, because));
    if autoscaler.raw.get("status").map(without_times) != Some(without_times(&status)) {
        let mut changed = Rc::clone(autoscaler);
        Rc::make_mut(&mut changed).raw.set(&["status"], status);
        plan.then(Step::new(Request::Update(Object::Plain(changed))).on_error(OnError::Ignore));
    }
    plan
}

/// How many replicas the target has, or what is said where there is none.
fn replicas_of_target(cache: &Cache, autoscaler: &Plain) -> Result<i64, String> {
    let part = |field: &str| autoscaler.raw.text_at(&["spec", "scaleTargetRef", field]).unwrap_or_default();
    let unknown =
        || format!("no matches for kind {:?} in group {:?}", part("kind"), part("apiVersion").split_once('/').map_or("", |(g, _)| g));
    let kind = Kind::of(part("apiVersion"), part("kind")).ok_or_else(unknown)?;
    let found = cache.tables.find(kind, &autoscaler.meta.namespace, part("name"));
    let found = found.ok_or_else(|| format!("{} {:?} not found", kind.resource(), part("name")))?;
    Ok(found.encode().int_at(&["status", "replicas"]).unwrap_or(0))
}

/// Whether an object is what an autoscaler is to scale.
pub fn scales(autoscaler: &Plain, target: &ObjectKey) -> bool {
    let part = |field: &str| autoscaler.raw.text_at(&["spec", "scaleTargetRef", field]).unwrap_or_default();
    part("name") == &*target.name && Kind::of(part("apiVersion"), part("kind")) == Some(target.kind)
}

fn status_without_target(autoscaler: &Plain, missing: &str, now: Time) -> Value {
    let words = format!("the HPA controller was unable to get the target's current scale: {missing}");
    let able = Condition::new("AbleToScale", Truth::False, now).because("FailedGetScale", Word::from(words));
    let mut status = autoscaler.raw.get("status").cloned().unwrap_or_default();
    let others = status.list_at(&["conditions"]).iter().filter(|c| c.text_at(&["type"]) != Some("AbleToScale")).cloned();
    let conditions: Vec<Value> = std::iter::once(encode_condition(&able, false, None)).chain(others).collect();
    status.set(&["conditions"], Value::list(conditions));
    for (field, value) in [("currentMetrics", Value::Null), ("desiredReplicas", 0.into())] {
        if status.get(field).is_none() {
            status.set(&[field], value);
        }
    }
    status
}

fn status(replicas: i64, failed: &str, now: Time) -> Value {
    let able = Condition::new("AbleToScale", Truth::True, now)
        .because("SucceededGetScale", "the HPA controller was able to get the target's current scale");
    let why = format!("the HPA was unable to compute the replica count: {failed}");
    let active = Condition::new("ScalingActive", Truth::False, now).because("FailedGetResourceMetric", Word::from(why));
    Value::of([
        ("conditions", Value::list([able, active].iter().map(|c| encode_condition(c, false, None)))),
        ("currentMetrics", Value::Null),
        ("currentReplicas", replicas.into()),
        ("desiredReplicas", 0.into()),
    ])
}

/// A status but for when its conditions came to be.
fn without_times(status: &Value) -> Value {
    let mut status = status.clone();
    let mut conditions = status.get("conditions").cloned().unwrap_or_default();
    for condition in conditions.make_list() {
        condition.remove(&["lastTransitionTime"]);
    }
    status.set(&["conditions"], conditions);
    status
}
