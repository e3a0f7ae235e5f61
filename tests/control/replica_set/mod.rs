//! How many pods a ReplicaSet creates, deletes, adopts and releases, and what it tells of them.

mod rank;

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::workload::ReplicaSetStatus;
use ordinal::api::object::{Deletion, OwnerRef, Pod, PodPhase, ReplicaSet, Uid};
use ordinal::base::time::{Span, Time};
use ordinal::base::word::Word;
use ordinal::control::View;
use ordinal::control::cache::Cache;
use ordinal::control::plan::{Action, Batch, Plan, StatusChange, StatusWrite, Step};
use ordinal::control::replica_set::{plan, tell_of_failure};
use ordinal::server::request::{Edit, Request};

use super::{key, see, value, view};

const NOW: Time = Time(100_000);

/// A ReplicaSet `rs` with selector `app: a` and this many replicas, and these pods: their names and what is special about them.
fn cache(replicas: i64, pods: &[(&str, &str)]) -> Cache {
    let text = format!(
        "metadata: {{name: rs, namespace: default}}\nspec: {{replicas: {replicas}, minReadySeconds: 10, selector: {{matchLabels: {{app: a}}}}, \
         template: {{metadata: {{labels: {{app: a, tier: b}}}}, spec: {{containers: [{{name: a, image: v1}}]}}}}}}"
    );
    let mut set = ReplicaSet::decode(&value(&text));
    set.meta.uid = Uid::from_bits(99 << 4);
    set.meta.generation = 1;
    let pods: Vec<Pod> = pods.iter().enumerate().map(|(i, (name, special))| pod(&set, i, name, special)).collect();
    let mut cache = Cache::default();
    see(&mut cache, set);
    for pod in pods {
        see(&mut cache, pod);
    }
    cache
}

fn pod(set: &ReplicaSet, i: usize, name: &str, special: &str) -> Pod {
    let mut pod = Pod::decode(&value(&format!("metadata: {{name: {name}, namespace: default, labels: {{app: a, tier: b}}}}")));
    pod.meta.uid = Uid::from_bits(u64::try_from(i + 1).unwrap_or(0) << 4);
    pod.meta.owners = vec![OwnerRef::controller(Kind::ReplicaSet, &set.meta)].into();
    pod.node = Some("node-1".into());
    pod.status.phase = PodPhase::Running;
    pod.status.conditions = vec![Condition::new(READY, true, Time(0))];
    let labels = |key: &str, value: &str| Rc::new([(key.into(), value.into())].into());
    match special {
        "ending" => pod.meta.deletion = Some(Deletion { at: NOW, grace: 30 }),
        "ended" => pod.status.phase = PodPhase::Failed,
        "starting" => pod.status.conditions.clear(),
        "young" => pod.status.conditions[0].since = Time(95_000),
        "stray" => pod.meta.labels = labels("app", "z"),
        "bare" => pod.meta.labels = labels("app", "a"),
        "orphan" => pod.meta.owners.make_mut().clear(),
        _ => {}
    }
    pod
}

fn planned(cache: &Cache) -> Plan {
    plan(view(cache, NOW), &key(Kind::ReplicaSet, "rs"))
}

/// The plan, batch by batch: `+` creates a pod, `-name` deletes, `<name` adopts, `>name` releases one.
fn asked(plan: &Plan) -> String {
    let step = |step: &Step| match &step.action {
        Action::Server(Request::Create(_)) => "+".to_owned(),
        Action::Server(Request::Delete(key, _)) => format!("-{}", key.name),
        Action::Server(Request::Edit(key, Edit::AddOwner(..))) => format!("<{}", key.name),
        Action::Server(Request::Edit(key, Edit::RemoveOwner { .. })) => format!(">{}", key.name),
        other => format!("{other:?}"),
    };
    let batch = |batch: &Batch| batch.iter().flatten().map(step).collect::<Vec<_>>().join(" ");
    plan.batches.iter().map(batch).collect::<Vec<_>>().join(" | ")
}

#[test]
fn there_are_made_to_be_as_many_pods_as_wanted() {
    for (replicas, pods, want) in [
        (0, &[][..], ""),
        (1, &[], "+"),
        (7, &[], "+ | + + | + + + +"),
        (6, &[], "+ | + + | + + +"),
        (2, &[("a", ""), ("b", "starting")], ""),
        (2, &[("a", ""), ("b", "ending")], "+"),
        (2, &[("a", ""), ("b", "ended")], "+"),
        (1, &[("a", ""), ("b", "starting")], "-b"),
        (1, &[("a", ""), ("b", "young")], "-b"),
        (0, &[("a", ""), ("b", "ending"), ("c", "ended")], "-a"),
        (2, &[("a", ""), ("b", "orphan")], "<b"),
        (1, &[("a", "starting"), ("b", "orphan")], "<b | -a"),
        (2, &[("a", ""), ("b", "stray")], ">b | +"),
    ] {
        assert_eq!(asked(&planned(&cache(replicas, pods))), want, "{replicas} of {pods:?}");
    }
}

#[test]
fn the_status_counts_the_pods_that_last() {
    let pods =
        [("a", ""), ("b", "young"), ("c", "starting"), ("d", "ending"), ("e", "ended"), ("f", "bare"), ("g", "stray"), ("h", "orphan")];
    let plan = planned(&cache(5, &pods));
    let Some(StatusWrite { change: StatusChange::ReplicaSet { wanted, .. }, .. }) = plan.status else { panic!("a status") };
    let counts = ReplicaSetStatus {
        replicas: 5,
        fully_labeled: 4,
        ready: 4,
        available: 3,
        terminating: Some(1),
        observed_generation: 1,
        conditions: Vec::new(),
    };
    assert_eq!(wanted, counts);
    assert_eq!(plan.again, Some(Span(5_000)), "when the young pod becomes available");
}

#[test]
fn what_a_set_waits_for_is_a_pod_that_is_not_available() {
    for (pods, want) in
        [(&[("a", ""), ("b", "")][..], None), (&[("a", "young"), ("b", "starting")], Some("b")), (&[("a", ""), ("b", "young")], Some("b"))]
    {
        let plan = planned(&cache(2, pods));
        let blocked_by = plan.decisions.iter().find_map(|d| d.blocked_by.as_ref()).map(|key| &*key.name);
        assert_eq!(blocked_by, want, "{pods:?}");
    }
}

#[test]
fn a_cache_behind_its_own_writes_is_not_acted_on() {
    let cache = cache(3, &[]);
    let view = View { behind: true, ..view(&cache, NOW) };
    let plan = plan(view, &key(Kind::ReplicaSet, "rs"));
    assert!(plan.is_empty() && plan.status.is_none() && plan.error.is_some());
}

#[test]
fn a_failure_is_told_once_and_taken_back() {
    let mut status = ReplicaSetStatus::default();
    for (error, want) in [(Some("no room"), "no room"), (Some("other"), "no room"), (None, "")] {
        tell_of_failure(&mut status, error.map(Word::from).as_ref(), "FailedCreate", NOW);
        assert_eq!(status.conditions.first().map_or("", |c| &*c.message), want);
    }
}
