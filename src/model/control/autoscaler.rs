//! What a HorizontalPodAutoscaler does in a cluster without a metrics server: it keeps its target within its bounds, and reports
//! that it has no metrics.
//!
//! Models pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler as far as a failure to fetch metrics.
//! Reads: the controllers' cache.
//! Promises: a target with zero replicas is left alone; an unchanged status is not written; what fails is said at every sync.
//! Not modelled: metrics of any kind; scaling from zero.

use std::rc::Rc;

use super::plan::{OnError, PendingEvent, Plan, Step};
use super::registration::{Registration, Watch};
use super::seen::View;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::pod::{Condition, Truth, encode_condition};
use api::object::{Object, ObjectKey, Plain};
use api::release::AUTOSCALER_PERIOD;
use base::given::SetGiven;
use base::value::Value;
use base::word::Word;
use server::request::{Edit, Request};
use server::scale_target::Target;
use why::{Component, Decision, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(&[(Kind::HorizontalPodAutoscaler, watch)], |view, key, _| plan(view, key));
/// The source component of this controller's events.
const SOURCE: &str = "horizontal-pod-autoscaler";
/// The default of `minReplicas`. Models pkg/apis/autoscaling/v2/defaults.go.
const LEAST: i64 = 1;

/// Queues an autoscaler that is new or changed. Nobody tells the controller of its target: it comes back to that in time.
fn watch(watch: &mut Watch) {
    let generation = |side: &Option<Object>| side.as_ref().map(|o| o.meta().generation);
    if watch.change.before.is_none() || generation(&watch.change.before) != generation(&watch.change.after) {
        let View { around, release, .. } = watch.view;
        watch.enqueue_after(&watch.change.key, around.sync + release.autoscaler_first_look);
    }
}

/// Plans one sync of an autoscaler.
pub fn plan(view: View, key: &ObjectKey) -> Plan {
    let Some(autoscaler) = view.cache.tables.get(key).and_then(Object::as_plain) else { return Plan::default() };
    let mut sync = Sync { autoscaler, view, status: autoscaler.raw.get("status").cloned().unwrap_or_else(Value::map), say: Vec::new() };
    let target = match Target::of(autoscaler).find(&view.cache.tables, &autoscaler.meta.namespace) {
        Ok(target) => target.clone(),
        Err(missing) => return sync.has_no_target(missing),
    };
    sync.tells("AbleToScale", Truth::True, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
    let replicas = target.encode().int_at(&["spec", "replicas"]).unwrap_or(0);
    let bound = |field: &str| autoscaler.raw.int_at(&["spec", field]);
    let (least, most) = (bound("minReplicas").unwrap_or(LEAST), bound("maxReplicas").unwrap_or(replicas));
    if replicas == 0 {
        sync.has_no_replicas()
    } else if replicas > most {
        sync.rescales(&target, replicas, most, "above Spec.MaxReplicas")
    } else if replicas < least {
        sync.rescales(&target, replicas, least, "below Spec.MinReplicas")
    } else {
        sync.lacks_metrics(replicas)
    }
}

/// A sync in progress.
struct Sync<'a> {
    autoscaler: &'a Rc<Plain>,
    view: View<'a>,
    /// The status to write.
    status: Value,
    /// Events to emit.
    say: Vec<PendingEvent>,
}

impl Sync<'_> {
    fn has_no_target(mut self, missing: String) -> Plan {
        let words = format!("the HPA controller was unable to get the target's current scale: {missing}");
        self.tells("AbleToScale", Truth::False, "FailedGetScale", words);
        for (field, value) in [("currentMetrics", Value::Null), ("desiredReplicas", 0.into())] {
            if self.status.get(field).is_none() {
                self.status.set(&[field], value);
            }
        }
        self.warns("FailedGetScale", missing.clone());
        self.end(Verdict::Waits, Reason::NoScaleTarget { missing: missing.into() })
    }

    fn has_no_replicas(mut self) -> Plan {
        self.tells("ScalingActive", Truth::False, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
        self.counts(0, 0, Value::Null);
        self.end(Verdict::Waits, Reason::ScalingIsOff)
    }

    fn rescales(mut self, target: &Object, replicas: i64, wanted: i64, off: &str) -> Plan {
        let able = format!("the HPA controller was able to update the target scale to {wanted}");
        self.tells("AbleToScale", Truth::True, "SucceededRescale", able);
        if self.view.release.autoscalers_scale_to_zero {
            let words = "the HPA controller did not scale the workload to zero";
            self.tells("ScaledToZero", Truth::False, "NotScaledToZero", words);
        }
        self.counts(replicas, wanted, Value::Null);
        self.status.set(&["lastScaleTime"], self.view.now.rfc3339());
        let said = format!("New size: {wanted}; reason: Current number of replicas {off}");
        let pending_event = PendingEvent::of(self.key(), &self.autoscaler.meta, SOURCE, EventType::Normal, "SuccessfulRescale", said);
        let mut plan = Plan::default();
        plan.then(Step::new(Request::Edit(target.key(), Edit::Replicas(wanted))).says(pending_event));
        let Plan { batches, decisions, again, .. } = self.end(Verdict::Acts, Reason::Rescales { from: replicas, to: wanted });
        plan.batches.extend(batches);
        Plan { decisions, again, ..plan }
    }

    fn lacks_metrics(mut self, replicas: i64) -> Plan {
        let metrics = self.autoscaler.raw.list_at(&["spec", "metrics"]);
        let count = metrics.len();
        let resource_of = |metric: Option<&Value>| metric.and_then(|m| m.text_at(&["resource", "name"])).unwrap_or("cpu").to_owned();
        let failure = |metric: Option<&Value>| {
            let resource = resource_of(metric);
            let fetch = format!(
                "unable to get metrics for resource {resource}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"
            );
            let amount = metric.and_then(|m| m.at(&["resource", "target", "averageValue"])).map_or("utilization", |_| "usage");
            format!("failed to get {resource} {amount}: {fetch}")
        };
        let (resource, failed) = (resource_of(metrics.first()), failure(metrics.first()));
        // Each metric of a resource has an Event of its own; the condition tells of the first.
        let others = metrics.iter().skip(1).filter(|metric| metric.get("resource").is_some());
        let others: Vec<String> = others.map(|metric| failure(Some(metric))).collect();
        let invalid = format!(
            "invalid metrics ({count} invalid out of {count}), first error is: failed to get {resource} resource metric value: {failed}"
        );
        let why = format!("the HPA was unable to compute the replica count: {failed}");
        self.tells("ScalingActive", Truth::False, "FailedGetResourceMetric", why);
        let wanted = self.status.int_at(&["desiredReplicas"]).unwrap_or(0);
        self.counts(replicas, wanted, Value::list(metrics.iter().map(|_| Value::of([("type", "")]))));
        self.warns("FailedGetResourceMetric", failed);
        others.into_iter().for_each(|failed| self.warns("FailedGetResourceMetric", failed));
        self.warns("FailedComputeMetricsReplicas", invalid);
        self.end(Verdict::Waits, Reason::NoMetrics)
    }

    /// Sets a condition; its transition time changes only with its status.
    fn tells(&mut self, kind: &'static str, truth: Truth, reason: &'static str, message: impl Into<Word>) {
        let condition = Condition::new(kind, truth, self.view.now).because(reason, message);
        let mut told = encode_condition(&condition, false);
        let mut all = self.status.get("conditions").cloned().unwrap_or_default();
        let list = all.make_list();
        match list.iter_mut().find(|other| other.text_at(&["type"]) == Some(kind)) {
            Some(before) => {
                if before.get("status") == told.get("status") {
                    told.set(&["lastTransitionTime"], before.get("lastTransitionTime").cloned().unwrap_or_default());
                }
                *before = told;
            }
            None => list.push(told),
        }
        self.status.set(&["conditions"], all);
    }

    /// Sets the current and desired replicas.
    fn counts(&mut self, replicas: i64, wanted: i64, metrics: Value) {
        self.status.remove(&["currentReplicas"]);
        self.status.set_filled(&["currentReplicas"], replicas);
        self.status.set(&["desiredReplicas"], wanted);
        self.status.set(&["currentMetrics"], metrics);
        if self.view.release.generations_of_autoscalers {
            self.status.set(&["observedGeneration"], self.autoscaler.meta.generation);
        }
    }

    fn warns(&mut self, reason: &'static str, message: String) {
        self.say.push(PendingEvent::of(self.key(), &self.autoscaler.meta, SOURCE, EventType::Warning, reason, message));
    }

    /// Finishes the sync: writes the status if it changed, records the decision, and comes back in time.
    fn end(self, verdict: Verdict, because: Reason) -> Plan {
        let mut plan = Plan::nothing(Decision::new(Component::Autoscaler, self.key(), verdict, because));
        if self.autoscaler.raw.get("status") != Some(&self.status) {
            let mut changed = Rc::clone(self.autoscaler);
            Rc::make_mut(&mut changed).raw.set(&["status"], self.status);
            plan.then(Step::new(Request::Update(Object::Plain(changed))).on_error(OnError::Ignore));
        }
        Plan { say: self.say, again: Some(AUTOSCALER_PERIOD), ..plan }
    }

    fn key(&self) -> ObjectKey {
        let meta = &self.autoscaler.meta;
        ObjectKey::new(Kind::HorizontalPodAutoscaler, &meta.namespace, &meta.name)
    }
}
