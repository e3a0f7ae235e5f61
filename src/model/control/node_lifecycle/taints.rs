//! Keeps a node's `NoSchedule` taints in line with its conditions and with whether it is cordoned.
//!
//! Models pkg/controller/nodelifecycle/node_lifecycle_controller.go doNoScheduleTaintingPass.

use crate::plan::{OnError, Plan, Step};
use crate::registration::{Registration, own_key};
use crate::seen::View;
use api::kind::Kind;
use api::object::node::{NO_SCHEDULE, NOT_READY_TAINT, Taint, UNREACHABLE_TAINT, UNSCHEDULABLE_TAINT};
use api::object::pod::{READY, Truth};
use api::object::{Name, Node, ObjectKey};
use server::request::{Edit, Request};
use why::{Component, Decision, Maintenance, Reason, Verdict};

/// The controller.
pub static CONTROLLER: Registration = Registration::new(&[(Kind::Node, own_key)], |view, key, _| plan(view, key));
/// The taint for each condition status. nodeConditionToTaintKeyStatusMap.
const TAINTS: [(&str, Truth, &str); 6] = [
    (READY, Truth::False, NOT_READY_TAINT),
    (READY, Truth::Unknown, UNREACHABLE_TAINT),
    ("MemoryPressure", Truth::True, "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", Truth::True, "node.kubernetes.io/disk-pressure"),
    ("NetworkUnavailable", Truth::True, "node.kubernetes.io/network-unavailable"),
    ("PIDPressure", Truth::True, "node.kubernetes.io/pid-pressure"),
];

/// Plans one sync of a node.
fn plan(view: View, key: &ObjectKey) -> Plan {
    let Some(node) = view.cache.tables.node("", &key.name) else { return Plan::default() };
    let wanted = wanted(node);
    let has = |key: &str| node.taint(key, NO_SCHEDULE).is_some();
    let add: Vec<Taint> = wanted
        .iter()
        .filter(|key| !has(key))
        .map(|key| Taint { key: (*key).into(), value: Name::default(), effect: NO_SCHEDULE.into(), since: Some(view.now) })
        .collect();
    let kept_up = TAINTS.iter().map(|(_, _, key)| *key).chain([UNSCHEDULABLE_TAINT]);
    let remove: Vec<(Name, Name)> =
        kept_up.filter(|key| has(key) && !wanted.contains(key)).map(|key| (key.into(), NO_SCHEDULE.into())).collect();
    if add.is_empty() && remove.is_empty() {
        return Plan::default();
    }
    let mut plan = Plan::nothing(Decision::new(
        Component::NodeLifecycle,
        node.key(),
        Verdict::Acts,
        Reason::Maintenance(Maintenance::TaintsFollowNode),
    ));
    plan.then(Step::new(Request::Edit(node.key(), Edit::NodeTaints(add, remove))).on_error(OnError::IgnoreNotFound));
    plan
}

/// The taints that a node should have. A node that has not reported yet keeps the one it was admitted with.
fn wanted(node: &Node) -> Vec<&'static str> {
    let stands = |(kind, status, _): &&(&str, Truth, &str)| node.condition(kind).is_some_and(|c| c.status == *status);
    let mut keys: Vec<&str> = TAINTS.iter().filter(stands).map(|(_, _, key)| *key).collect();
    if node.condition(READY).is_none() {
        keys.push(NOT_READY_TAINT);
    }
    if node.unschedulable {
        keys.push(UNSCHEDULABLE_TAINT);
    }
    keys
}
