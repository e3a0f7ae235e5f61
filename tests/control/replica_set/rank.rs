//! Which pods a ReplicaSet deletes first.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::{Meta, OwnerRef, Pod, PodPhase, ReplicaSet, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;

use super::{NOW, asked, planned};
use crate::control::{see, value};

const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// One of two ReplicaSets of a Deployment; `rs` wants one pod.
fn set(name: &str, uid: u64) -> ReplicaSet {
    let text = format!(
        "metadata: {{name: {name}, namespace: default}}\n\
         spec: {{replicas: 1, selector: {{matchLabels: {{set: {name}}}}}, template: {{metadata: {{labels: {{set: {name}}}}}, spec: {{}}}}}}"
    );
    let mut set = ReplicaSet::decode(&value(&text));
    set.meta.uid = Uid::from_bits(uid << 4);
    let above = Meta { name: "dep".into(), uid: Uid::from_bits(90 << 4), ..Meta::default() };
    set.meta.owners = vec![OwnerRef::controller(Kind::Deployment, &above)].into();
    set
}

/// A Running pod of a set, each on a node of its own, Ready since an instant; then changed. The pod's name is its uid.
fn pod(set: &ReplicaSet, uid: u64, change: impl FnOnce(&mut Pod)) -> Pod {
    let mut pod = Pod::decode(&Value::map());
    pod.meta = Meta {
        name: uid.to_string().into(),
        namespace: "default".into(),
        uid: Uid::from_bits(uid << 4),
        labels: Rc::new([("set".into(), Rc::clone(&set.meta.name))].into()),
        owners: vec![OwnerRef::controller(Kind::ReplicaSet, &set.meta)].into(),
        created: Time(80_000),
        ..Meta::default()
    };
    pod.node = Some(format!("node-{uid}").into());
    pod.status.phase = PodPhase::Running;
    pod.status.conditions = vec![Condition::new(READY, true, Time(90_000))];
    change(&mut pod);
    pod
}

/// Which of two pods a set that wants one deletes. The set's sibling has a third.
fn goes(first: impl FnOnce(&mut Pod), second: impl FnOnce(&mut Pod)) -> String {
    let (own, other) = (set("rs", 91), set("other", 92));
    let pods = [pod(&own, 1, first), pod(&own, 2, second), pod(&other, 3, |_| {})];
    let mut cache = Cache::default();
    see(&mut cache, own);
    see(&mut cache, other);
    for pod in pods {
        see(&mut cache, pod);
    }
    asked(&planned(&cache))
}

/// Whether a pod goes before another, whose uid is lower.
fn check(why: &str, first: impl FnOnce(&mut Pod), then: impl FnOnce(&mut Pod)) {
    assert_eq!(goes(then, first), "-2", "{why}");
}

fn ready_at(at: u64) -> impl FnOnce(&mut Pod) {
    move |pod| pod.status.conditions = vec![Condition::new(READY, true, Time(at))]
}

#[test]
fn pods_that_serve_less_go_first() {
    let unready = |p: &mut Pod| p.status.conditions.clear();
    let costs = |cost: &'static str| move |p: &mut Pod| p.meta.annotations = Rc::new([(DELETION_COST.into(), cost.into())].into());
    check("no node before a node", |p| p.node = None, |_| {});
    check("Pending before Running", |p| p.status.phase = PodPhase::Pending, unready);
    check("not Ready before Ready", unready, |_| {});
    check("cheap before dear", costs("-5"), |_| {});
    check("no cost counts as none", |_| {}, costs("5"));
    check("a cost that is no number counts as none", costs("9 to 5"), costs("5"));
    check("Ready for a short time before Ready for a long one", ready_at(99_000), ready_at(20_000));
    check(
        "created lately before created long ago",
        |p| {
            unready(p);
            p.meta.created = Time(99_000);
        },
        unready,
    );
}

#[test]
fn pods_of_about_the_same_age_go_by_uid() {
    assert_eq!(NOW, Time(100_000));
    assert_eq!(goes(ready_at(90_000), ready_at(91_000)), "-1", "both between 2^33 and 2^34 nanoseconds");
    assert_eq!(goes(ready_at(91_000), ready_at(90_000)), "-1");
    assert_eq!(goes(ready_at(90_000), ready_at(96_000)), "-2", "about half as old");
}

#[test]
fn pods_with_more_neighbours_go_first() {
    let on = |node: &'static str| move |p: &mut Pod| p.node = Some(node.into());
    assert_eq!(goes(on("node-1"), on("node-3")), "-2", "the sibling's pod is there");
    assert_eq!(goes(on("node-3"), on("node-2")), "-1");
    assert_eq!(goes(on("node-1"), on("node-2")), "-1");
}
