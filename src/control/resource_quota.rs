//! Writes down in a quota what its namespace takes of what it limits.
//!
//! Models pkg/controller/resourcequota/resource_quota_controller.go syncResourceQuota. What is added to a namespace is counted by
//! the API server as it lets it in; this controller looks when a quota is new or limits something else, and when something that
//! was counted has gone.
//! Not modelled: the look at every quota that comes every five minutes, but for pods that should have been gone by then.

use std::rc::Rc;

use super::cache::Cache;
use super::plan::{OnError, Plan, Step};
use crate::api::kind::Kind;
use crate::api::object::{Name, Object};
use crate::base::time::{Span, Time};
use crate::base::value::Value;
use crate::server::log::Change;
use crate::server::quota::{Usage, amounts, counts, taken};
use crate::server::request::Request;

/// How often every quota is looked at. kube-controller-manager --resource-quota-sync-period.
const PERIOD: Span = Span::seconds(300);

/// Whether a change may free some of what quotas limit. Models resource_quota_monitor.go and the update filters of
/// pkg/quota/v1/install.
pub fn frees(change: &Change, now: Time) -> bool {
    match (&change.before, &change.after) {
        (Some(_), None) => true,
        (Some(Object::Pod(before)), Some(Object::Pod(after))) => counts(before, now) && !counts(after, now),
        (Some(Object::Service(before)), Some(Object::Service(after))) => before.raw != after.raw,
        _ => false,
    }
}

/// One look at one quota.
pub fn plan(cache: &Cache, namespace: &Name, name: &Name, now: Time) -> Plan {
    let Some(Object::Plain(quota)) = cache.tables.find(Kind::ResourceQuota, namespace, name) else { return Plan::default() };
    let hard = amounts(quota.raw.at(&["spec", "hard"]));
    let used = taken(&cache.tables, quota, &hard, now);
    let mut plan = Plan::default();
    let known = |field: &str| amounts(quota.raw.at(&["status", field]));
    if quota.raw.at(&["status", "used"]).is_none() || known("hard") != hard || known("used") != used {
        let mut changed = Rc::clone(quota);
        let status = Value::of([("hard", written(&hard)), ("used", written(&used))]);
        Rc::make_mut(&mut changed).raw.set(&["status"], status);
        plan.then(Step::new(Request::Update(Object::Plain(changed))).on_error(OnError::GoneIsFine));
    }
    let leaving = |object: &Object| object.as_pod().is_some_and(|pod| pod.meta.terminating() && counts(pod, now));
    if cache.tables.within(Kind::Pod, namespace).any(leaving) {
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
