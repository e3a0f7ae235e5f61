//! DaemonSets and Jobs in a whole cluster.

use ordinal::api::client::{Client, DeleteOptions, Patch, Propagation, Subresource, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::api::object::{Object, ObjectKey, Pod, PodPhase};
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::cluster::timing::Timing;
use ordinal::sim::{Fault, Setup, Sim};
use ordinal::why::{Component, Reason};
use ordinal::yaml;

/// Longer than anything here takes.
const LONG: Span = Span::seconds(3600);

fn parsed(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

fn create(sim: &mut Sim, kind: Kind, text: &str) {
    let written = sim.create(kind, "default", &parsed(text), &WriteOptions::default());
    written.unwrap_or_else(|status| panic!("{status:?}"));
}

fn patch(sim: &mut Sim, kind: Kind, name: &str, text: &str) {
    let done = sim.patch(kind, "default", name, Patch::strategic(&parsed(text)), Subresource::None, &WriteOptions::default());
    done.unwrap_or_else(|status| panic!("{status:?}"));
}

fn rest(sim: &mut Sim) {
    sim.run_until(sim.now() + LONG);
}

/// The given fields of a status.
fn status(sim: &Sim, kind: Kind, name: &str, fields: &[&str]) -> Vec<i64> {
    let object = sim.get(kind, "default", name).expect("it is there");
    fields.iter().map(|field| object.int_at(&["status", field]).unwrap_or(0)).collect()
}

/// The nodes of the pods, by name.
fn nodes(sim: &Sim) -> Vec<String> {
    let mut nodes: Vec<String> = sim.tables().pods().filter_map(|p| p.node.as_ref()).map(ToString::to_string).collect();
    nodes.sort();
    nodes
}

/// The messages of Events with a reason, without generated suffixes.
fn said(sim: &Sim, reason: &str) -> Vec<String> {
    let written = sim.log().from(0).filter(|change| change.before.is_none()).filter_map(|change| change.after.as_ref());
    let events = written.filter_map(Object::as_event).filter(|e| e.reason == *reason);
    events.map(|e| e.message.rsplit_once('-').map_or(&*e.message, |(start, _)| start).to_owned()).collect()
}

/// The reason of a component's latest decision about an object.
fn last_decision(sim: &Sim, about: &ObjectKey, who: Component) -> Option<Reason> {
    sim.decisions().by(about, who).map(|entry| entry.decision.because.clone())
}

#[test]
fn a_job_that_another_controller_manages_is_left_alone() {
    for (manager, pods) in [("example.com/queue", 0), ("kubernetes.io/job-controller", 1)] {
        let mut sim = Sim::new(&Setup::default());
        let template = "template: {spec: {restartPolicy: Never, containers: [{name: a, image: nginx:1.27}]}}";
        create(&mut sim, Kind::Job, &format!("metadata: {{name: work}}\nspec: {{managedBy: {manager}, {template}}}\n"));
        sim.run_until(sim.now() + Span::seconds(20));
        let job = sim.get(Kind::Job, "default", "work").expect("it is there");
        let said = sim
            .decisions()
            .by(&ObjectKey::new(Kind::Job, &"default".into(), &"work".into()), Component::Job)
            .map(|entry| &entry.decision.because);
        let is_left = matches!(said, Some(Reason::JobIsLeftTo { manager }) if **manager == *"example.com/queue");
        assert_eq!((sim.tables().pods().count(), is_left), (pods, pods == 0), "{said:?}");
        assert_eq!(job.at(&["status"]).is_none_or(|status| status.as_map().is_none_or(|map| map.iter().count() == 0)), is_left, "{job:?}");
    }
}

#[test]
fn an_autoscaler_keeps_its_target_within_bounds_and_says_why_it_does_no_more() {
    let mut sim = Sim::new(&Setup::default());
    let scaled = "{apiVersion: apps/v1, kind: Deployment, name: api}";
    create(
        &mut sim,
        Kind::HorizontalPodAutoscaler,
        &format!(
            "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: h}}, spec: {{maxReplicas: 4, scaleTargetRef: {scaled}}}}}"
        ),
    );
    let key = ObjectKey::new(Kind::HorizontalPodAutoscaler, &"default".into(), &"h".into());
    sim.run_until(sim.now() + Span::seconds(60));
    let because = last_decision(&sim, &key, Component::Autoscaler);
    assert!(matches!(&because, Some(Reason::NoScaleTarget { missing }) if missing.ends_with("\"api\" not found")), "{because:?}");
    let deployment = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {selector: {matchLabels: {app: api}}, template: \
                      {metadata: {labels: {app: api}}, spec: {containers: [{name: a, image: 'nginx:1'}]}}}}";
    create(&mut sim, Kind::Deployment, deployment);
    sim.run_until(sim.now() + Span::seconds(60));
    assert_eq!(last_decision(&sim, &key, Component::Autoscaler), Some(Reason::NoMetrics));
    patch(&mut sim, Kind::Deployment, "api", "{spec: {replicas: 9}}");
    sim.run_until(sim.now() + Span::seconds(60));
    let replicas = sim.get(Kind::Deployment, "default", "api").ok().and_then(|api| api.int_at(&["spec", "replicas"]));
    assert_eq!((replicas, said(&sim, "SuccessfulRescale").len()), (Some(4), 1));
    let told = sim.decisions().recent().any(|(_, decision)| decision.because == Reason::Rescales { from: 9, to: 4 });
    assert!(told);
    assert_eq!(last_decision(&sim, &key, Component::Autoscaler), Some(Reason::NoMetrics));
    patch(&mut sim, Kind::Deployment, "api", "{spec: {replicas: 0}}");
    sim.run_until(sim.now() + Span::seconds(60));
    assert_eq!(last_decision(&sim, &key, Component::Autoscaler), Some(Reason::ScalingIsOff));
}

fn daemon_set(more: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: agent}}\nspec:\n  selector: {{matchLabels: {{app: agent}}}}\n  template:\n    \
         metadata: {{labels: {{app: agent}}}}\n    spec: {{containers: [{{name: a, image: 'nginx:1'}}]{more}}}\n"
    )
}

const SCHEDULED: [&str; 5] =
    ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "updatedNumberScheduled", "numberMisscheduled"];

#[test]
fn a_daemon_set_has_a_pod_on_every_node_that_fits() {
    let mut sim = Sim::new(&Setup::default());
    patch(&mut sim, Kind::Node, "node-3", "{spec: {taints: [{key: a, effect: NoSchedule}]}}");
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    rest(&mut sim);
    assert_eq!(
        (nodes(&sim), status(&sim, Kind::DaemonSet, "agent", &SCHEDULED)),
        (vec!["node-1".into(), "node-2".into()], vec![2, 2, 2, 2, 0])
    );
    patch(&mut sim, Kind::Node, "node-3", "{spec: {taints: null}}");
    rest(&mut sim);
    assert_eq!((nodes(&sim).len(), status(&sim, Kind::DaemonSet, "agent", &SCHEDULED)), (3, vec![3, 3, 3, 3, 0]));
    patch(&mut sim, Kind::Node, "node-1", "{spec: {unschedulable: true}}");
    rest(&mut sim);
    assert_eq!(nodes(&sim).len(), 3, "a cordoned node keeps its pod");
    assert_eq!(said(&sim, "SuccessfulCreate"), ["Created pod: agent"; 3]);
}

#[test]
fn a_pod_of_a_daemon_set_stays_on_a_node_that_is_down_however_long_its_author_would_have_it() {
    let mut sim = Sim::new(&Setup::default());
    let limited = |key: &str| format!("{{key: node.kubernetes.io/{key}, operator: Exists, effect: NoExecute, tolerationSeconds: 5}}");
    let [down, away] = ["not-ready", "unreachable"].map(limited);
    create(&mut sim, Kind::DaemonSet, &daemon_set(&format!(", tolerations: [{down}, {{key: a, operator: Exists}}, {away}]")));
    rest(&mut sim);
    let pod = sim.tables().pods().next().expect("a pod");
    let tolerations = sim.get(Kind::Pod, "default", &pod.meta.name).expect("the pod").list_at(&["spec", "tolerations"]).to_vec();
    let keys = tolerations.iter().filter_map(|toleration| toleration.text_at(&["key"]));
    assert_eq!(keys.take(3).collect::<Vec<_>>(), ["node.kubernetes.io/not-ready", "a", "node.kubernetes.io/unreachable"]);
    assert!(tolerations.iter().all(|toleration| toleration.get("tolerationSeconds").is_none()), "{tolerations:?}");
}

#[test]
fn a_daemon_set_replaces_its_pods_one_by_one() {
    let mut sim = Sim::new(&Setup::default());
    create(&mut sim, Kind::DaemonSet, &daemon_set(", nodeSelector: {kubernetes.io/os: linux}"));
    rest(&mut sim);
    patch(&mut sim, Kind::DaemonSet, "agent", "{spec: {template: {spec: {containers: [{name: a, image: 'nginx:2'}]}}}}");
    let until = sim.now() + LONG;
    while sim.next_time().is_some_and(|at| at <= until) && sim.step() {
        assert!(sim.tables().pods().filter(|p| p.ready() && !p.meta.terminating()).count() >= 2, "at {}", sim.now());
    }
    assert!(sim.tables().pods().all(|p| *p.spec.template.containers[0].image == *"nginx:2"));
    assert_eq!(status(&sim, Kind::DaemonSet, "agent", &SCHEDULED), [3, 3, 3, 3, 0]);
    assert_eq!(sim.tables().revisions().map(|r| r.number).max(), Some(2));
    assert_eq!(sim.next_time(), None);
}

#[test]
fn a_daemon_set_that_surges_makes_the_new_pod_beside_the_old_one() {
    let mut sim = Sim::new(&Setup::default());
    let surging = "  minReadySeconds: 3\n  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n";
    create(&mut sim, Kind::DaemonSet, &(daemon_set("") + surging));
    rest(&mut sim);
    patch(&mut sim, Kind::DaemonSet, "agent", "{spec: {template: {spec: {containers: [{name: a, image: 'nginx:2'}]}}}}");
    let until = sim.now() + LONG;
    let (mut most, mut waits_for) = (0, 0);
    let set = ObjectKey::new(Kind::DaemonSet, &"default".into(), &"agent".into());
    while sim.next_time().is_some_and(|at| at <= until) && sim.step() {
        if let Some(Reason::UpdateWaitsForNodes { count }) = last_decision(&sim, &set, Component::DaemonSet) {
            waits_for = waits_for.max(count);
        }
        let staying = || sim.tables().pods().filter(|p| !p.meta.terminating());
        assert!(staying().filter(|p| p.ready()).count() >= 3, "at {}", sim.now());
        most = most.max(staying().count());
    }
    assert_eq!((most, waits_for), (4, 1));
    assert_eq!(last_decision(&sim, &set, Component::DaemonSet), Some(Reason::UpToDate));
    assert!(sim.tables().pods().all(|p| *p.spec.template.containers[0].image == *"nginx:2"));
    assert_eq!(status(&sim, Kind::DaemonSet, "agent", &SCHEDULED), [3, 3, 3, 3, 0]);
}

#[test]
fn a_daemon_set_forgets_a_pod_that_has_ended_before_it_is_gone() {
    let mut sim = Sim::new(&Setup::default());
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    rest(&mut sim);
    let old = sim.tables().pods().next().map(|p| p.meta.name.to_string()).expect("a pod");
    patch(&mut sim, Kind::Pod, &old, "{metadata: {finalizers: [example.com/hold]}}");
    sim.delete(Kind::Pod, "default", &old, &DeleteOptions::default()).expect("deleted");
    rest(&mut sim);
    assert_eq!((sim.tables().pods().count(), status(&sim, Kind::DaemonSet, "agent", &SCHEDULED)), (4, vec![3, 3, 3, 3, 0]));
}

/// A cluster whose containers run their commands.
fn cluster() -> Sim {
    Sim::new(&Setup { timing: Timing::recording().with_real_nodes(), ..Setup::default() })
}

fn job(spec: &str, pod: &str) -> String {
    format!(
        "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: pi}}\nspec:\n{spec}  template: {{spec: {{containers: [{{name: a, image: 'perl:5.34', {pod}}}]}}}}\n"
    )
}

fn with_policy(text: &str, policy: &str) -> String {
    text.replace("template: {spec: {", &format!("template: {{spec: {{restartPolicy: {policy}, "))
}

/// The conditions that a Job ended with.
fn outcome(sim: &Sim) -> Vec<String> {
    let object = sim.get(Kind::Job, "default", "pi").expect("it is there");
    let conditions = object.list_at(&["status", "conditions"]).iter();
    conditions.map(|c| format!("{} {}", c.text_at(&["type"]).unwrap_or(""), c.text_at(&["reason"]).unwrap_or(""))).collect()
}

#[test]
fn a_job_runs_pods_until_enough_have_succeeded_or_too_many_failed() {
    let complete = ["SuccessCriteriaMet CompletionsReached", "Complete CompletionsReached"];
    let failed = ["FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded"];
    let late = ["FailureTarget DeadlineExceeded", "Failed DeadlineExceeded"];
    for (spec, pod, policy, want, counts) in [
        ("", "command: [perl, -wle, 'print 1']", "Never", complete, [1, 0]),
        ("  completions: 5\n  parallelism: 2\n", "command: [perl, -e, 'sleep 3']", "Never", complete, [5, 0]),
        ("  parallelism: 3\n", "command: [perl]", "Never", complete, [3, 0]),
        ("  backoffLimit: 2\n", "command: ['sh', '-c', 'exit 1']", "Never", failed, [0, 3]),
        ("  backoffLimit: 2\n", "command: ['sh', '-c', 'exit 1']", "OnFailure", failed, [0, 1]),
        ("", "command: ['sh', '-c', 'for i in 1 2 3; do echo $i; sleep 1; done']", "Never", complete, [1, 0]),
        ("  activeDeadlineSeconds: 9\n", "command: ['sh', '-c', 'until test -f /tmp/x; do sleep 1; done']", "Never", late, [0, 1]),
        (
            "  activeDeadlineSeconds: 9\n",
            "command: ['sh', '-c', 'sleep 4; touch /tmp/x; until test -f /tmp/x; do sleep 1; done']",
            "Never",
            complete,
            [1, 0],
        ),
        ("  activeDeadlineSeconds: 9\n", "command: ['sh', '-c', 'while true; do sleep 1; done']", "Never", late, [0, 1]),
        ("  backoffLimit: 2\n", "}], initContainers: [{name: i, image: a, command: ['sh', '-c', 'exit 1']", "OnFailure", failed, [0, 1]),
        ("  activeDeadlineSeconds: 5\n", "command: [sleep, infinity]", "Never", late, [0, 1]),
    ] {
        let mut sim = cluster();
        create(&mut sim, Kind::Job, &with_policy(&job(spec, pod), policy));
        rest(&mut sim);
        assert_eq!(outcome(&sim), want, "{spec}{pod} {policy}");
        assert_eq!(status(&sim, Kind::Job, "pi", &["succeeded", "failed"]), counts, "{spec}{pod} {policy}");
        assert_eq!(status(&sim, Kind::Job, "pi", &["active"]), [0]);
        assert_eq!(sim.next_time(), None);
    }
}

/// The Job's status apart from its counts: start, conditions with reasons, pods not counted yet.
fn standing(sim: &Sim) -> String {
    let object = sim.get(Kind::Job, "default", "pi").expect("it is there");
    let conditions = object.list_at(&["status", "conditions"]).iter();
    let told = conditions.map(|c| ["type", "status", "reason"].map(|field| c.text_at(&[field]).unwrap_or("")).join(" "));
    let has = |field: &str| object.at(&["status", field]).is_some();
    let told: Vec<String> = told.collect();
    format!("{} {} started={} finalizers={}", status(sim, Kind::Job, "pi", &["active"])[0], told.join(", "), has("startTime"), held(sim))
}

/// How many pods a finalizer holds until they are counted.
fn held(sim: &Sim) -> usize {
    sim.tables().pods().filter(|p| p.meta.finalizers.iter().any(|f| **f == *"batch.kubernetes.io/job-tracking")).count()
}

#[test]
fn a_suspended_job_has_no_pods_and_its_time_begins_when_it_is_resumed() {
    let suspend = |sim: &mut Sim, yes: bool| {
        patch(sim, Kind::Job, "pi", &format!("{{spec: {{suspend: {yes}}}}}"));
        sim.run_until(sim.now() + Span::seconds(100));
    };
    let mut sim = cluster();
    let text = job("  suspend: true\n  parallelism: 2\n  completions: 2\n  activeDeadlineSeconds: 40\n", "command: [sleep, '20']");
    create(&mut sim, Kind::Job, &with_policy(&text, "Never"));
    sim.run_until(sim.now() + Span::seconds(100));
    assert_eq!(standing(&sim), "0 Suspended True JobSuspended started=false finalizers=0");
    let key = ObjectKey::new(Kind::Job, &"default".into(), &"pi".into());
    assert_eq!(last_decision(&sim, &key, Component::Job), Some(Reason::JobIsSuspended));
    patch(&mut sim, Kind::Job, "pi", "{spec: {suspend: false}}");
    sim.run_until(sim.now() + Span::seconds(12));
    assert_eq!(standing(&sim), "2 Suspended False JobResumed started=true finalizers=2");
    suspend(&mut sim, true);
    assert_eq!(standing(&sim), "0 Suspended True JobSuspended started=false finalizers=0");
    assert_eq!((sim.tables().pods().count(), status(&sim, Kind::Job, "pi", &["failed"])), (0, vec![0]), "they are not counted");
    suspend(&mut sim, false);
    let complete = "SuccessCriteriaMet True CompletionsReached, Complete True CompletionsReached";
    assert_eq!(standing(&sim), format!("0 Suspended False JobResumed, {complete} started=true finalizers=0"));
    assert_eq!(said(&sim, "Suspended"), ["Job suspended"]);
    assert_eq!(said(&sim, "Resumed"), ["Job resumed"]);
}

#[test]
fn a_pod_of_a_job_is_held_until_it_is_counted_and_counted_once() {
    let mut sim = cluster();
    create(&mut sim, Kind::Job, &with_policy(&job("", "command: [sleep, infinity]"), "Never"));
    rest(&mut sim);
    assert_eq!(held(&sim), 1);
    let name = sim.tables().pods().next().map(|p| p.meta.name.to_string()).expect("a pod");
    sim.delete(Kind::Pod, "default", &name, &DeleteOptions::default()).expect("deleted");
    let (mut uncounted, until) = (0, sim.now() + Span::seconds(60));
    while sim.next_time().is_some_and(|at| at <= until) && sim.step() {
        let object = sim.get(Kind::Job, "default", "pi").expect("it is there");
        uncounted = uncounted.max(object.list_at(&["status", "uncountedTerminatedPods", "failed"]).len());
    }
    assert_eq!((uncounted, status(&sim, Kind::Job, "pi", &["failed", "active"]), held(&sim)), (1, vec![1, 1], 1));
}

#[test]
fn fewer_pods_at_once_are_no_failures_and_a_job_that_goes_lets_its_pods_go() {
    let mut sim = cluster();
    create(&mut sim, Kind::Job, &with_policy(&job("  parallelism: 3\n  completions: 9\n", "command: [sleep, infinity]"), "Never"));
    rest(&mut sim);
    patch(&mut sim, Kind::Job, "pi", "{spec: {parallelism: 1}}");
    rest(&mut sim);
    assert_eq!((status(&sim, Kind::Job, "pi", &["failed", "active"]), held(&sim)), (vec![0, 1], 1));
    sim.delete(Kind::Job, "default", "pi", &DeleteOptions::default()).expect("deleted");
    rest(&mut sim);
    assert_eq!(sim.tables().pods().count(), 0);
}

#[test]
fn a_job_finds_its_pods_by_its_uid() {
    let mut sim = cluster();
    create(&mut sim, Kind::Job, &with_policy(&job("", "command: [perl]"), "Never"));
    rest(&mut sim);
    let stored = sim.get(Kind::Job, "default", "pi").expect("it is there");
    let uid = stored.text_at(&["metadata", "uid"]).expect("a uid").to_owned();
    assert_eq!(stored.text_at(&["spec", "selector", "matchLabels", "batch.kubernetes.io/controller-uid"]), Some(&*uid));
    let pod = sim.tables().pods().next().expect("a pod");
    assert_eq!(pod.meta.label("controller-uid").map(ToString::to_string), Some(uid));
    assert_eq!(pod.meta.label("job-name").map(ToString::to_string).as_deref(), Some("pi"));
    assert_eq!(pod.status.phase.word(), "Succeeded");
}

#[test]
fn a_daemon_set_taken_back_gives_its_old_revision_the_highest_number_and_forgets_others_beyond_the_limit() {
    let mut sim = cluster();
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    let mut seen = Vec::new();
    for image in ["nginx:2", "nginx:1", "nginx:3", "nginx:4"] {
        rest(&mut sim);
        patch(
            &mut sim,
            Kind::DaemonSet,
            "agent",
            &format!("{{spec: {{template: {{spec: {{containers: [{{name: a, image: '{image}'}}]}}}}}}}}"),
        );
        rest(&mut sim);
        seen.push(numbers(&sim));
    }
    patch(&mut sim, Kind::DaemonSet, "agent", "{spec: {revisionHistoryLimit: 1}}");
    rest(&mut sim);
    seen.push(numbers(&sim));
    assert_eq!(seen, [vec![1, 2], vec![2, 3], vec![2, 3, 4], vec![2, 3, 4, 5], vec![4, 5]]);
}

#[test]
fn of_several_revisions_of_its_template_a_daemon_set_keeps_the_highest_and_one_pod_per_node() {
    let mut sim = cluster();
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    create(&mut sim, Kind::DaemonSet, &daemon_set("").replace("name: agent}\nspec", "name: other}\nspec"));
    for image in ["nginx:2", "nginx:1"] {
        rest(&mut sim);
        patch(
            &mut sim,
            Kind::DaemonSet,
            "other",
            &format!("{{spec: {{template: {{spec: {{containers: [{{name: a, image: '{image}'}}]}}}}}}}}"),
        );
    }
    rest(&mut sim);
    assert_eq!(numbers(&sim), [1, 2, 3], "the one of agent, and two of other, of which one is of the same template");
    let orphan = DeleteOptions { propagation: Some(Propagation::Orphan), ..DeleteOptions::default() };
    sim.delete(Kind::DaemonSet, "default", "agent", &orphan).expect("it is there");
    rest(&mut sim);
    assert_eq!(numbers(&sim), [2, 3]);
    assert_eq!(sim.tables().pods().count(), sim.tables().nodes().count());
}

/// The numbers of the revisions, in order.
fn numbers(sim: &Sim) -> Vec<i64> {
    let mut numbers: Vec<i64> = sim.tables().all(Kind::ControllerRevision).filter_map(Object::as_revision).map(|r| r.number).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn a_daemon_set_that_waits_for_deletions_says_so() {
    let mut sim = Sim::new(&Setup::default());
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    rest(&mut sim);
    let template = "template: {spec: {containers: [{name: a, image: 'nginx:2'}]}}";
    patch(
        &mut sim,
        Kind::DaemonSet,
        "agent",
        &format!("{{spec: {{updateStrategy: {{type: OnDelete, rollingUpdate: null}}, {template}}}}}"),
    );
    rest(&mut sim);
    let key = ObjectKey::new(Kind::DaemonSet, &"default".into(), &"agent".into());
    assert_eq!(last_decision(&sim, &key, Component::DaemonSet), Some(Reason::OnDeleteWaitsForYou { count: 3 }));
    for pod in sim.tables().pods().map(|pod| pod.meta.name.to_string()).collect::<Vec<_>>() {
        sim.delete(Kind::Pod, "default", &pod, &DeleteOptions::default()).expect("deleted");
    }
    rest(&mut sim);
    assert_eq!(last_decision(&sim, &key, Component::DaemonSet), Some(Reason::UpToDate));
}

#[test]
fn a_job_deleted_while_its_status_is_written_stays_deleted() {
    let mut sim = cluster();
    create(&mut sim, Kind::Job, &with_policy(&job("  completions: 2\n", "command: [perl, -e, 'sleep 2']"), "Never"));
    let until = sim.now() + Span::seconds(30);
    while sim.next_time().is_some_and(|at| at <= until) && sim.step() {
        let mut other = sim.clone();
        let foreground = DeleteOptions { propagation: Some(Propagation::Foreground), ..DeleteOptions::default() };
        other.delete(Kind::Job, "default", "pi", &foreground).expect("deleted");
        rest(&mut other);
        assert!(other.get(Kind::Job, "default", "pi").is_err(), "deleted at {}", sim.now());
    }
}

#[test]
fn failed_pods_of_a_daemon_set_are_left_longer_each_time() {
    let mut sim = Sim::new(&Setup::default());
    create(&mut sim, Kind::DaemonSet, &daemon_set(""));
    rest(&mut sim);
    let on_first = |sim: &Sim| {
        let mut there = sim.tables().pods().filter(|pod| pod.node.as_deref() == Some("node-1") && !pod.meta.terminating());
        there.next().map(|pod| (pod.meta.uid, pod.meta.name.to_string(), pod.status.phase))
    };
    let agent = ObjectKey::new(Kind::DaemonSet, &"default".into(), &"agent".into());
    let mut waits = Vec::new();
    for _ in 0..4 {
        let (_, pod, _) = on_first(&sim).expect("there is one");
        sim.fault(&Fault::Evict { namespace: "default".into(), pod: pod.as_str().into() }).expect("it runs");
        let evicted = sim.now();
        sim.run_until(evicted + Span(500));
        let stays = on_first(&sim).is_some_and(|(_, name, _)| name == pod);
        let backs_off = last_decision(&sim, &agent, Component::DaemonSet) == Some(Reason::BacksOff { failed: 1 });
        assert_eq!(stays, backs_off, "{:?}", last_decision(&sim, &agent, Component::DaemonSet));
        let is_back = |sim: &Sim| on_first(sim).is_some_and(|(_, name, phase)| name != pod && phase == PodPhase::Running);
        while !is_back(&sim) {
            sim.run_until(sim.now() + Span(100));
        }
        waits.push(sim.now().since(evicted).0 / 1000);
    }
    assert_eq!(waits, [0, 1, 2, 4], "each wait is twice the one before");
    assert_eq!(said(&sim, "FailedDaemonPod").len(), 4);
}

#[test]
fn a_job_lets_go_a_pod_that_it_no_longer_selects_and_takes_it_back() {
    let mut sim = cluster();
    let sleeps = |restart: &str| with_policy(&job("", "command: [sleep, '3000000']"), restart);
    create(&mut sim, Kind::Job, &sleeps("Never"));
    sim.run_until(sim.now() + Span::seconds(60));
    let label = "batch.kubernetes.io/controller-uid";
    let pods = |sim: &Sim| -> Vec<(String, bool, bool)> {
        let of = |pod: &Pod| (pod.meta.name.to_string(), pod.meta.controller().is_some(), !pod.meta.finalizers.is_empty());
        sim.tables().pods().filter(|pod| !pod.meta.terminating()).map(|pod| of(pod)).collect()
    };
    let first = pods(&sim).remove(0).0;
    let uid = sim.tables().pods().next().and_then(|pod| pod.meta.label(label)).expect("the label").to_string();
    let relabel = |sim: &mut Sim, value: &str| {
        patch(sim, Kind::Pod, &first, &format!("{{metadata: {{labels: {{{label}: '{value}'}}}}}}"));
        let writes = sim.log().len();
        sim.run_until(sim.now() + Span::seconds(60));
        let own = (writes..sim.log().len()).filter_map(|at| sim.log().get(at)).filter(|change| *change.key.name == *first);
        own.filter(|change| change.before.as_ref().map(|o| &o.meta().owners) != change.after.as_ref().map(|o| &o.meta().owners)).count()
    };
    assert_eq!(relabel(&mut sim, "another"), 1, "owner and finalizer go in one write");
    let mut now = pods(&sim);
    now.sort_by_key(|(name, ..)| *name != first);
    let [(_, owned, tracked), (_, true, true)] = now[..] else { panic!("another takes its place: {now:?}") };
    assert!(!owned && !tracked, "{now:?}");
    assert_eq!(status(&sim, Kind::Job, "pi", &["active", "failed", "succeeded"]), [1, 0, 0]);
    assert_eq!(relabel(&mut sim, &uid), 1, "and come in one");
    let now = pods(&sim);
    assert!(matches!(now[..], [(_, true, true)]), "one of both is too many: {now:?}");
    assert_eq!(status(&sim, Kind::Job, "pi", &["active", "failed", "succeeded"]), [1, 0, 0]);
}
