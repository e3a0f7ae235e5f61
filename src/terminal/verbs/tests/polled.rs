//! Commands that look at the server at fixed times, and not whenever something changes. Words and times are those of a real server and
//! kubectl, 1.37.1.

use api::kind::Kind;
use base::value::Value;
use kubectl::Job;

use crate::sessions::{run, run_with, world};
use crate::waiting::Running;

fn pod(name: &str, uid: &str) -> Value {
    let mut pod = Value::of([("apiVersion", "v1"), ("kind", "Pod")]);
    for (field, value) in [("name", name), ("namespace", "default"), ("uid", uid)] {
        pod.set(&["metadata", field], value);
    }
    pod
}

#[test]
fn creation_is_looked_for_each_half_second_and_of_all_objects_before_any_is_told_of() {
    let late = "! error: timed out waiting for the condition\n? 1\n";
    for line in [
        "wait pod/web-0 pod/web-9 --for=create --timeout=2s",
        "wait pod web-0 web-9 --for=create --timeout=2s",
        "wait pod/web-9 pod/web-0 --for=create --for=condition=Ready --timeout=2s",
        "wait pod/web-9 --for=create --for=delete --timeout=2s",
    ] {
        assert_eq!(Running::start(world(), line).during(2000).ends(), late, "{line}");
    }
    let mut running = Running::start(world(), "wait pod/web-0 pod/web-9 --for=create --timeout=2s");
    running.during(1100).fake.put(pod("web-9", "new"));
    assert_eq!(running.during(400).ends(), "pod/web-0 condition met\npod/web-9 condition met\n");
}

#[test]
fn several_missing_objects_and_those_of_files_are_not_waited_for() {
    let missing = |names: &[&str]| {
        let lines = names.iter().map(|name| format!("! Error from server (NotFound): pods \"{name}\" not found\n"));
        lines.collect::<String>() + "? 1\n"
    };
    let file = "apiVersion: v1\nkind: Pod\nmetadata: {name: solo}\n";
    let files = [("one.yaml", file)].into_iter().collect();
    for (line, want) in [
        ("wait pod web-8 web-9 --for=create --timeout=2s", missing(&["web-8", "web-9"])),
        ("wait pod/web-8 pod/web-0 pod/web-9 --for=create --timeout=2s", missing(&["web-8", "web-9"])),
        ("wait -f one.yaml --for=create --timeout=2s", missing(&["solo"])),
        ("wait pod web-0 web-1 --for=create", "pod/web-0 condition met\npod/web-1 condition met\n".to_owned()),
    ] {
        assert_eq!(run_with(&mut world(), line, &files), want, "{line}");
    }
    assert_eq!(run(&mut world(), "wait pod/web-0 --for=create --timeout=0"), "pod/web-0 condition met\n");
    assert_eq!(run(&mut world(), "wait pod/web-9 --for=create --timeout=0"), "! error: timed out waiting for the condition\n? 1\n");
}

const WEB_1: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web-1}\nspec: {containers: [{name: c, image: nginx}]}\n";

/// A `replace --force` of the pod web-1 that has just deleted it.
fn replacing(flags: &str) -> Running {
    let files = [("w.yaml", WEB_1)].into_iter().collect();
    let mut running = Running { fake: world(), job: Job::new(&format!("replace --force -f w.yaml{flags}"), &files) };
    running.waits();
    running
}

#[test]
fn a_replacement_is_made_on_the_full_second_at_which_nothing_has_the_name() {
    let deleted = "pod \"web-1\" deleted from default namespace\n";
    let mut running = replacing("");
    running.during(300).fake.remove(Kind::Pod, "web-1");
    running.during(600).waits();
    assert_eq!(running.during(100).ends(), format!("{deleted}pod/web-1 replaced\n"));
    let mut running = replacing(" --timeout=4s");
    running.during(300).fake.remove(Kind::Pod, "web-1");
    running.fake.put(pod("web-1", "of the set"));
    assert_eq!(running.during(3700).ends(), format!("{deleted}! error: context deadline exceeded\n? 1\n"));
    assert!(!running.fake.writes.iter().any(|write| write.starts_with("create")), "{:?}", running.fake.writes);
}

#[test]
fn a_replacement_without_grace_waits_for_the_very_object_before_it_looks_for_the_name() {
    let mut running = replacing(" --grace-period=0");
    running.during(300).fake.remove(Kind::Pod, "web-1");
    assert_eq!(running.ends(), "pod \"web-1\" deleted from default namespace\npod/web-1 replaced\n");
    let late = "! error: timed out waiting for the condition on pods/web-1\n? 1\n";
    assert!(replacing(" --wait --timeout=4s").during(4000).ends().ends_with(late));
}

#[test]
fn replicas_are_looked_at_each_full_second_and_not_at_the_end() {
    let scaled = |set: &mut Value| set.set(&["status", "replicas"], 3);
    let mut running = Running::start(world(), "scale sts web --replicas=3 --timeout=20s");
    running.during(100).fake.change(Kind::StatefulSet, "web", scaled);
    running.during(800).waits();
    assert_eq!(running.during(100).ends(), "statefulset.apps/web scaled\n");
    for timeout in ["100ms", "1s"] {
        let mut running = Running::start(world(), &format!("scale sts web --replicas=3 --timeout={timeout}"));
        running.during(50).fake.change(Kind::StatefulSet, "web", scaled);
        let late = "! error: timed out waiting for \"web\" to be synced\n? 1\n";
        assert_eq!(running.during(if timeout == "1s" { 950 } else { 50 }).ends(), late);
    }
}
