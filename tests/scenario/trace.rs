//! What a trace tells of writes made by hand.

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{self, Condition, ContainerState, ContainerStatus, Ip, Truth};
use ordinal::api::object::{Deletion, Meta, Object, OwnerRef, Pod, PodPhase, StatefulSet, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::cluster::runtime::{Happening, Process, RuntimeEntry};
use ordinal::server::log::{Actor, Change, Log};
use rig::json::Entry;
use rig::trace::{Header, Trace};

/// A log that is written to by hand.
#[derive(Default)]
struct LocalHost {
    log: Log,
    now: u64,
}

impl LocalHost {
    /// Writes an object over what is there.
    fn write(&mut self, before: Option<&Object>, after: Option<&Object>) {
        let key = after.or(before).unwrap().key();
        let (before, after) = (before.cloned(), after.cloned());
        self.log.push(Change { revision: self.now, at: Time(self.now), key, before, after, by: Actor::User, signed: None });
        self.now += 1;
    }

    /// Writes a new object, then each of its later versions, then its removal.
    fn life(&mut self, versions: &[Object]) {
        self.write(None, versions.first());
        for pair in versions.windows(2) {
            self.write(Some(&pair[0]), Some(&pair[1]));
        }
        self.write(versions.last(), None);
    }
}

/// The lines of a log, without their numbers and times.
fn lines(log: &Log, runtime: &[RuntimeEntry]) -> Vec<String> {
    let mut trace = Trace::begin(Time(0), &Log::default());
    trace.catch_up(log, runtime);
    trace.finish(&header()).lines().skip(1).map(|l| format!("{{{}", &l[l.find("\"e\"").unwrap()..])).collect()
}

fn header() -> Header {
    Header { scenario: "x".into(), kubernetes: "v1.37.1".into(), problems: Vec::new() }
}

fn meta(name: &str, uid: u64) -> Meta {
    Meta { name: name.into(), namespace: "default".into(), uid: Uid::from_bits(uid << 4), ..Meta::default() }
}

fn pod() -> Pod {
    let spec = Value::of([("containers", Value::list([Value::of([("name", "nginx"), ("image", "nginx:1.25")])]))]);
    let mut pod = Pod::decode(&Value::of([("spec", spec)]));
    pod.meta = meta("web-0", 7);
    pod.meta.owners.make_mut().push(OwnerRef::controller(Kind::StatefulSet, &meta("web", 1)));
    pod
}

#[test]
fn a_pods_life_is_told_change_by_change() {
    let created = pod();
    let mut bound = created.clone();
    bound.node = Some("node-2".into());
    let mut running = bound.clone();
    running.status.phase = PodPhase::Running;
    running.status.ip = Some(Ip([10, 244, 2, 2]));
    running.status.containers.push(ContainerStatus {
        name: "nginx".into(),
        image: "nginx:1.25".into(),
        state: ContainerState::Running { started: Time(0) },
        last: None,
        ready: true,
        started: true,
        restarts: 0,
        starts: 1,
    });
    running.set_condition(Condition::new(pod::READY, Truth::True, Time(0)));
    running.set_condition(Condition::new("Initialized", Truth::True, Time(0)));
    let mut deleting = running.clone();
    deleting.meta.deletion = Some(Deletion { at: Time(9), grace: 10 });
    let mut local_host = LocalHost::default();
    local_host.life(&[created, bound, running, deleting].map(Object::from));
    assert_eq!(
        lines(&local_host.log, &[]),
        [
            r#"{"e":"pod.created","name":"web-0","owners":["StatefulSet/web (blocks)"],"image":"nginx:1.25"}"#,
            r#"{"e":"pod.bound","name":"web-0","node":"node-2"}"#,
            r#"{"e":"pod.phase","name":"web-0","phase":"Running","was":"Pending"}"#,
            r#"{"e":"pod.containers","name":"web-0","containers":[{"name":"nginx","state":"running","ready":true,"restarts":0}]}"#,
            r#"{"e":"pod.condition","name":"web-0","type":"Ready","status":"True"}"#,
            r#"{"e":"pod.deleting","name":"web-0","grace":10}"#,
            r#"{"e":"pod.removed","name":"web-0"}"#,
        ]
    );
}

#[test]
fn a_status_is_told_when_it_changed_and_a_spec_by_path() {
    let spec = |n: i64| Value::of([("replicas", n)]);
    let mut set = StatefulSet::decode(&Value::of([("spec", spec(3))]));
    set.meta = Meta { generation: 1, ..meta("web", 1) };
    let mut seen = set.clone();
    seen.status.observed_generation = 1;
    seen.status.collision_count = Some(0);
    let mut again = seen.clone();
    again.status.collision_count = Some(1);
    let mut scaled = again.clone();
    scaled.spec.set(&["replicas"], 5);
    scaled.meta.generation = 2;
    let mut local_host = LocalHost::default();
    local_host.life(&[set, seen, again, scaled].map(Object::from));
    assert_eq!(
        lines(&local_host.log, &[]),
        [
            r#"{"e":"sts.created","name":"web"}"#,
            r#"{"e":"sts.status","name":"web","replicas":0,"availableReplicas":0}"#,
            r#"{"e":"sts.status","name":"web","observedGeneration":1,"replicas":0,"availableReplicas":0}"#,
            r#"{"e":"sts.spec","name":"web","generation":2,"changed":{"replicas":[3,5]}}"#,
            r#"{"e":"sts.removed","name":"web"}"#,
        ]
    );
}

#[test]
fn differences_are_told_where_they_are() {
    let container = |image: &str| Value::of([("image", image)]);
    let old = Value::of([("replicas", Value::from(3)), ("list", Value::list([container("a")])), ("env", Value::Null)]);
    let new = Value::of([("list", Value::list([container("b")])), ("env", Value::list([1]))]);
    let version = |spec: Value, generation| {
        let mut set = StatefulSet::decode(&Value::of([("spec", spec)]));
        set.meta = Meta { generation, ..meta("web", 1) };
        Object::from(set)
    };
    let mut local_host = LocalHost::default();
    local_host.life(&[version(old, 1), version(new, 2)]);
    let lines = lines(&local_host.log, &[]);
    let changed =
        r#"{"e":"sts.spec","name":"web","generation":2,"changed":{"env":[null,[1]],"list[0].image":["a","b"],"replicas":[3,null]}}"#;
    assert!(lines.iter().any(|line| line == changed), "{lines:?}");
}

#[test]
fn what_happens_on_a_machine_stands_among_the_writes_it_happened_between() {
    let second = Pod { meta: Meta { uid: Uid::from_bits(99), ..pod().meta }, ..pod() };
    let mut local_host = LocalHost::default();
    local_host.life(&[pod().into()]);
    local_host.life(&[second.into()]);
    let process =
        Process { pod: "web-0".into(), uid: Uid::default(), node: "node-1".into(), container: "nginx".into(), image: "nginx:1.25".into() };
    let happened = |position, what| RuntimeEntry { at: Time(0), position, what };
    let other = Process { uid: Uid::from_bits(99), ..process.clone() };
    let stopped = Happening::Stopped { process: other, exit_code: Some(0), why: "terminated".into() };
    let runtime = [happened(1, Happening::Started(process)), happened(4, stopped), happened(4, Happening::NodeDown("node-1".into()))];
    assert_eq!(
        lines(&local_host.log, &runtime)[1..],
        [
            r#"{"e":"runtime.container-started","container":"nginx","image":"nginx:1.25","node":"node-1","pod":"web-0"}"#,
            r#"{"e":"pod.removed","name":"web-0"}"#,
            r#"{"e":"pod.created","name":"web-0","inst":2,"owners":["StatefulSet/web (blocks)"],"image":"nginx:1.25"}"#,
            r#"{"e":"pod.removed","name":"web-0","inst":2}"#,
            r#"{"e":"runtime.container-stopped","container":"nginx","exitCode":0,"node":"node-1","pod":"web-0#2","why":"terminated"}"#,
            r#"{"e":"runtime.node-down","node":"node-1"}"#,
        ]
    );
}

#[test]
fn what_was_there_before_the_first_step_is_known_but_not_told() {
    let mut local_host = LocalHost::default();
    local_host.life(&[pod().into()]);
    let mut trace = Trace::begin(Time(100), &local_host.log);
    let before = local_host.log.len();
    local_host.now = 140;
    local_host.life(&[pod().into()]);
    trace.catch_up(&local_host.log, &[]);
    trace.put(Time(90), &Entry::new("note"));
    let written = trace.finish(&header());
    let lines: Vec<&str> = written.lines().skip(1).collect();
    assert_eq!((before, lines.len()), (2, 3));
    assert!(lines[0].starts_with("{\"seq\":0,\"t\":40,\"e\":\"pod.created\",\"name\":\"web-0\",\"inst\":2,"), "{written}");
    assert_eq!(lines[2], "{\"seq\":2,\"t\":-10,\"e\":\"note\"}");
}
