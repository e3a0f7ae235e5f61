//! Updates the usage in a quota's status.
//!
//! Models pkg/controller/resourcequota/resource_quota_controller.go syncResourceQuota. Added usage is charged by the API server on
//! admission; this controller syncs a quota when it is new or its limits change, and when something it counted is gone.
//! Not modelled: the five-minute resync of every quota, except for pods that are terminating past their grace period.

use std::rc::Rc;

use super::plan::{OnError, Plan, Step};
use super::registration::{Registration, Watch, own_key};
use super::seen::View;
use api::kind::Kind;
use api::object::{Object, ObjectKey};
use base::time::{Span, Time};
use base::value::Value;
use server::log::Change;
use server::quota::{Usage, amounts, counts, taken};
use server::request::Request;
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration { watches_all: Some(watch), ..Registration::new(&[], |view, key, _| plan(view, key)) };
/// The resync period. kube-controller-manager --resource-quota-sync-period.
const PERIOD: Span = Span::seconds(300);

/// Queues a quota that is new or whose limits change, and the quotas of a namespace where usage may be freed.
fn watch(watch: &mut Watch) {
    let View { cache, now, .. } = watch.view;
    if watch.change.key.kind == Kind::ResourceQuota && watch.change.after.is_some() {
        let hard = |o: &Option<Object>| o.as_ref().and_then(|o| o.encode().at(&["spec", "hard"]).cloned());
        if hard(&watch.change.before) != hard(&watch.change.after) {
            own_key(watch);
        }
        return;
    }
    let mut quotas = cache.tables.within(Kind::ResourceQuota, &watch.change.key.namespace).peekable();
    if quotas.peek().is_some() && frees(watch.change, now) {
        watch.enqueue_all(quotas.map(Object::key));
    }
}

/// Whether a change may free usage. Models resource_quota_monitor.go and the update filters of
/// pkg/quota/v1/install.
fn frees(change: &Change, now: Time) -> bool {
    match (&change.before, &change.after) {
        (Some(_), None) => true,
        (Some(Object::Pod(before)), Some(Object::Pod(after))) => counts(before, now) && !counts(after, now),
        (Some(Object::Service(before)), Some(Object::Service(after))) => before.spec.value() != after.spec.value(),
        _ => false,
    }
}

/// Plans one sync of a quota.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let View { cache, now, .. } = view;
    let Some(Object::Plain(quota)) = cache.tables.get(key) else { return Plan::default() };
    let hard = amounts(quota.raw.at(&["spec", "hard"]));
    let used = taken(&cache.tables, quota, &hard, now);
    let mut plan = Plan::default();
    let known = |field: &str| amounts(quota.raw.at(&["status", field]));
    if quota.raw.at(&["status", "used"]).is_none() || known("hard") != hard || known("used") != used {
        plan.decide(Decision::new(Component::ResourceQuota, key.clone(), Verdict::Acts, Reason::Maintenance(Maintenance::StatusFollows)));
        let mut changed = Rc::clone(quota);
        let status = Value::of([("hard", written(&hard)), ("used", written(&used))]);
        Rc::make_mut(&mut changed).raw.set(&["status"], status);
        plan.then(Step::new(Request::Update(Object::Plain(changed))).on_error(OnError::IgnoreNotFound));
    }
    let leaving = |object: &Object| object.as_pod().is_some_and(|pod| pod.meta.terminating() && counts(pod, now));
    if cache.tables.within(Kind::Pod, &key.namespace).any(leaving) {
        plan.again = Some(now.until_stroke(PERIOD));
    }
    plan
}

fn written(usage: &Usage) -> Value {
    let mut map = Value::map();
    for (name, amount) in usage {
        map.set(&[&**name], amount.to_string());
    }
    map
}
