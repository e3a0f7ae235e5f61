//! Commands that look at the server at fixed times, and not whenever something changes. Words and times are those of a real server and
//! kubectl, 1.37.1.

use ordinal::base::value::Value;

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
