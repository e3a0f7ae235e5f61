//! What a budget allows, case by case: from the pods there are and the controllers that want them.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::budget::DisruptionBudget;
use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::{Deletion, Meta, Object, OwnerRef, Pod, StatefulSet, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::control::Memories;
use ordinal::control::cache::Cache;
use ordinal::control::disruption::CONTROLLER;
use ordinal::control::plan::{Action, Plan};
use ordinal::server::request::Request;

use super::{key, see, value, view};

fn put(cache: &mut Cache, mut object: Object, name: &str) {
    let meta = object.meta_mut();
    (meta.name, meta.namespace) = (name.into(), "default".into());
    meta.uid = Uid::from_bits(name.bytes().fold(99, |h, b| h * 131 + u64::from(b)) << 8);
    see(cache, object);
}

/// A sync of the budget `pdb`.
fn plan(cache: &Cache, now: Time) -> Plan {
    (CONTROLLER.plan)(view(cache, now), &key(Kind::PodDisruptionBudget, "pdb"), &mut Memories::default())
}

fn set(replicas: i64) -> Object {
    let template = Value::of([("metadata", Value::map()), ("spec", Value::map())]);
    let spec = Value::of([("replicas", Value::from(replicas)), ("selector", Value::map()), ("template", template)]);
    StatefulSet::decode(&Value::of([("spec", spec)])).into()
}

/// A pod from a few words: `ready`, `leaving`, `bare`.
fn pod(cache: &Cache, words: &str) -> Object {
    let mut pod = Pod::decode(&Value::map());
    pod.meta.labels = Rc::new([("app".into(), "web".into())].into());
    if !words.contains("bare") {
        let owner = cache.tables.stateful_set("default", "web").unwrap();
        pod.meta.owners.make_mut().push(OwnerRef::controller(Kind::StatefulSet, &owner.meta));
    }
    if words.contains("ready") {
        pod.set_condition(Condition::new(READY, true, Time(0)));
    }
    pod.meta.deletion = words.contains("leaving").then_some(Deletion { at: Time(0), grace: 30 });
    pod.into()
}

/// `expected, desired, healthy: allowed`, or what is complained of.
fn judged(spec: &str, replicas: i64, pods: &[&str]) -> String {
    let mut cache = Cache::default();
    put(&mut cache, set(replicas), "web");
    for (i, words) in pods.iter().enumerate() {
        let pod = pod(&cache, words);
        put(&mut cache, pod, &format!("web-{i}"));
    }
    let budget = DisruptionBudget::decode(&value(&format!("spec: {{selector: {{matchLabels: {{app: web}}}}, {spec}}}")));
    put(&mut cache, budget.into(), "pdb");
    let plan = plan(&cache, Time(0));
    let said: Vec<&str> = plan.say.iter().map(|s| &*s.reason).collect();
    let written = plan.batches.iter().flatten().flatten().find_map(|step| match &step.action {
        Action::Server(Request::Update(Object::Budget(b))) => Some(b.status.clone()),
        _ => None,
    });
    let status = written.map(|s| format!("{}, {}, {}: {}", s.expected_pods, s.desired_healthy, s.current_healthy, s.disruptions_allowed));
    [status.unwrap_or_default(), said.join(" ")].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_budget_allows_what_is_healthy_beyond_what_has_to_be() {
    let three: &[&str] = &["ready", "ready", "ready"];
    let cases: [(&str, i64, &[&str], &str); 12] = [
        ("minAvailable: 2", 3, three, "3, 2, 3: 1"),
        ("minAvailable: 3", 3, three, "3, 3, 3: 0"),
        // A number of pods that stay is counted against the pods there are, everything else against those wanted.
        ("minAvailable: 2", 5, three, "3, 2, 3: 1"),
        ("maxUnavailable: 1", 5, three, "5, 4, 3: 0"),
        ("maxUnavailable: 0", 3, three, "3, 3, 3: 0"),
        ("minAvailable: 50%", 5, three, "5, 3, 3: 0"),
        ("maxUnavailable: 34%", 3, three, "3, 1, 3: 2"),
        ("maxUnavailable: 9", 3, three, "3, 0, 3: 3"),
        ("minAvailable: 1", 3, &["ready", "leaving ready", ""], "3, 1, 1: 0"),
        ("minAvailable: 0", 3, &[], "0, 0, 0: 0 NoPods"),
        ("maxUnavailable: 1", 1, &["ready", "bare ready"], "1, 0, 2: 2 UnmanagedPods"),
        ("minAvailable: 1", 1, &["ready", "bare ready"], "2, 1, 2: 1"),
    ];
    for (spec, replicas, pods, want) in cases {
        assert_eq!(judged(spec, replicas, pods), want, "{spec} of {replicas}, {pods:?}");
    }
}

#[test]
fn a_granted_eviction_counts_until_the_pod_is_seen_to_leave_or_two_minutes_are_over() {
    let mut cache = Cache::default();
    put(&mut cache, set(1), "web");
    let one = pod(&cache, "ready");
    put(&mut cache, one, "web-0");
    let mut budget = DisruptionBudget::decode(&Value::map());
    budget.spec.set(&["selector"], Value::map());
    budget.spec.set(&["minAvailable"], 0);
    budget.status.disrupted_pods.insert("web-0".into(), Time(1000));
    budget.meta = Meta::default();
    put(&mut cache, budget.into(), "pdb");
    for (now, again, said) in [(2000, Some(119_001), 0), (121_000, Some(1), 0), (121_001, None, 1)] {
        let plan = plan(&cache, Time(now));
        assert_eq!((plan.again.map(|s| s.0), plan.say.len()), (again, said), "{now}");
        let words = "Pod was expected by PDB default/default to be deleted but it wasn't";
        assert!(plan.say.iter().all(|pending_event| pending_event.message == *words), "{:?}", plan.say);
    }
}
