//! How long a DaemonSet leaves a failed pod before it deletes the next one on the same node.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Node, Object, OwnerRef, Pod, PodPhase, Uid};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::Memories;
use ordinal::control::cache::Cache;
use ordinal::control::daemon_set::CONTROLLER;
use ordinal::control::plan::Action;
use ordinal::server::request::Request;

use crate::control::{key, see, value, view};

/// The longest back-off; after twice as long it begins anew.
const MOST: Span = Span::seconds(900);

/// A DaemonSet `ds` whose status is of a generation, with a pod on the only node: failed, or Running.
fn cache(uid: u64, observed: i64, phase: PodPhase) -> Cache {
    let mut cache = Cache::default();
    let mut node = Node::decode(&Value::map());
    node.meta.name = "node-1".into();
    see(&mut cache, node);
    let text = format!(
        "metadata: {{name: ds, namespace: default}}\n\
         spec: {{updateStrategy: {{type: OnDelete}}, selector: {{matchLabels: {{app: a}}}}, \
         template: {{metadata: {{labels: {{app: a}}}}, spec: {{containers: []}}}}}}\n\
         status: {{observedGeneration: {observed}}}"
    );
    let mut set = Object::decode(Kind::DaemonSet, &value(&text));
    set.meta_mut().uid = Uid::from_bits(uid);
    let mut pod = Pod::decode(&value("metadata: {name: ds-x, namespace: default, labels: {app: a}}"));
    pod.meta.owners = vec![OwnerRef::controller(Kind::DaemonSet, set.meta())].into();
    pod.node = Some("node-1".into());
    pod.status.phase = phase;
    see(&mut cache, set);
    see(&mut cache, pod);
    cache
}

/// How long a sync leaves the failed pod; `None` where it deletes the pod.
fn left(cache: &Cache, now: Time, memories: &mut Memories) -> Option<Span> {
    let plan = (CONTROLLER.plan)(view(cache, now), &key(Kind::DaemonSet, "ds"), memories);
    let deletes = |action: &Action| matches!(action, Action::Server(Request::Delete(key, _)) if key.kind == Kind::Pod);
    if plan.steps().any(|step| deletes(&step.action)) { None } else { Some(plan.again.expect("it looks again")) }
}

#[test]
fn it_doubles_up_to_a_quarter_of_an_hour_and_begins_anew_after_half_an_hour() {
    let failed = |uid, observed| cache(uid, observed, PodPhase::Failed);
    let (own, others) = (failed(16, 1), [failed(32, 1), failed(16, 2)]);
    let (mut now, mut waits, mut memories) = (Time(0), Vec::new(), Memories::default());
    for _ in 0..12 {
        assert_eq!(left(&own, now, &mut memories), None);
        let wait = left(&own, now, &mut memories).expect("one has just been deleted");
        for other in &others {
            assert_eq!(left(other, now, &mut memories.clone()), None, "others have their own");
        }
        waits.push(wait.0 / 1000);
        now += wait;
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
    let last = Time(now.0 - MOST.0);
    for (pause, want) in [(MOST.0 * 2, 900), (MOST.0 * 2 + 1, 1)] {
        let (now, mut memories) = (last + Span(pause), memories.clone());
        assert_eq!(left(&own, now, &mut memories), None);
        assert_eq!(left(&own, now, &mut memories), Some(Span::seconds(want)), "after {pause} ms");
    }
    let plan = |now, memories: &mut Memories| {
        (CONTROLLER.plan)(view(&cache(16, 1, PodPhase::Running), now), &key(Kind::DaemonSet, "ds"), memories);
        format!("{memories:?}")
    };
    let nothing = format!("{:?}", Memories::default());
    assert_ne!(plan(last + Span(MOST.0 * 2), &mut memories), nothing);
    assert_eq!(plan(last + Span(MOST.0 * 2 + 1), &mut memories), nothing, "what begins anew takes no room");
}
