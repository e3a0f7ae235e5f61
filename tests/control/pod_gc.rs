//! When a pod is removed whose end no kubelet will confirm.

use ordinal::api::kind::Kind;
use ordinal::api::object::node::{OUT_OF_SERVICE_TAINT, Taint};
use ordinal::api::object::{Deletion, Meta, Name, Node, Pod};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::Memories;
use ordinal::control::cache::Cache;
use ordinal::control::pod_gc::CONTROLLER;

use super::{key, see, view};

fn cache(node: Option<&str>, terminating: bool) -> Cache {
    let mut cache = Cache::default();
    let mut pod = Pod::decode(&Value::map());
    pod.meta = Meta { name: "web-1".into(), namespace: "default".into(), ..Meta::default() };
    pod.meta.deletion = terminating.then_some(Deletion { at: Time(0), grace: 10 });
    pod.node = Some("node-1".into());
    see(&mut cache, pod);
    if let Some(taint) = node {
        let mut node = Node::decode(&Value::map());
        node.meta.name = "node-1".into();
        node.taints = vec![Taint { key: taint.into(), value: Name::default(), effect: "NoExecute".into(), since: None }];
        see(&mut cache, node);
    }
    cache
}

#[test]
fn a_pod_is_removed_in_the_look_that_finds_its_node_off_or_gone_for_40_seconds() {
    // The node's taint or none for a missing node, whether the pod is being deleted, now, and when it is looked at again.
    let cases = [
        (Some(OUT_OF_SERVICE_TAINT), true, 22_300, Some(40_000)),
        (Some(OUT_OF_SERVICE_TAINT), true, 40_000, Some(40_000)),
        (Some(OUT_OF_SERVICE_TAINT), false, 40_000, None),
        (Some("node.kubernetes.io/unreachable"), true, 40_000, None),
        (None, true, 22_300, Some(80_000)),
        (None, false, 22_300, Some(80_000)),
    ];
    for (node, terminating, now, due) in cases {
        let cache = cache(node, terminating);
        let found = (CONTROLLER.plan)(view(&cache, Time(now)), &key(Kind::Pod, "web-1"), &mut Memories::default());
        let acts_at = if found.batches.is_empty() { found.again.map(|span| now + span.0) } else { Some(now) };
        assert_eq!(acts_at, due, "{node:?} {terminating} {now}");
    }
}
