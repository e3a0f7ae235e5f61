//! The steps of a scenario file, read and refused.

use ordinal::base::time::Span;
use rig::file::{Fault, FileError, KubeletDelays, Plane, Scenario, Step};

/// A scenario with these steps.
fn scenario(steps: &str) -> Result<Scenario, FileError> {
    Scenario::parse(&format!("name: x\nsteps:\n{steps}"))
}

#[test]
fn every_kind_of_step_is_read() {
    let steps = "
- &again
  kubectl: get pods -w
  background: watch
- *again
- stop: watch
- join: watch
- wait: {sts: web, ready: 3, timeout: 7}
- wait: {event: FailedCreate, on: web}
- settle: 1.5
  timeout: 60
- sleep: 2.0
- note: text
- fault: {op: node-up, node: \"${dead}\", restartContainers: true}
- fault: {op: crash, pod: web-0}
- remember: {dead: \"${node:web-1}\"}
";
    let steps = scenario(steps).unwrap().steps;
    assert_eq!(steps[1], Step::Kubectl { line: "get pods -w".into(), background: Some("watch".into()) });
    assert!(matches!(&steps[4], Step::Wait { timeout: Span(7000), .. }), "{:?}", steps[4]);
    assert!(matches!(&steps[5], Step::Wait { timeout: Span(90_000), .. }), "{:?}", steps[5]);
    assert_eq!(steps[6], Step::Settle { quiet: Span(1500), timeout: Span(60_000) });
    assert_eq!(steps[9], Step::Fault(Fault::NodeUp { node: "${dead}".into(), restart_containers: true }));
    assert_eq!(steps[10], Step::Fault(Fault::Crash { pod: "web-0".into(), exit_code: 1 }));
}

#[test]
fn what_is_not_known_is_refused_with_its_place() {
    for (steps, line, says) in [
        ("- sing: loud\n", 3, "steps[0]: unknown field `sing`"),
        ("- note: a\n- fault: {op: meteor, node: a}\n", 4, "steps[1].fault.op: unknown variant `meteor`"),
        ("- fault: {op: node-down, pod: a}\n", 3, "steps[0]: unknown field `pod`, expected `node`"),
        ("- fault: {op: node-down}\n", 3, "missing field `node`"),
        ("- wait: {pod: web-0, is: happy}\n", 3, "steps[0].wait: `happy` is not a state"),
        ("- wait: {pod: web-0, mood: good}\n", 3, "steps[0].wait: a wait has no field `mood`"),
        ("- wait: {pod: web-0}\n", 3, "not what to wait for"),
        ("- wait: {pod: web-0, sts: web, is: ready}\n", 3, "this one names several"),
        ("- wait: {sts: web, ready: many}\n", 3, "`ready` must be a whole number, not \"many\""),
        ("- settle: soon\n", 3, "steps[0]: \"soon\" is not a number of seconds"),
        ("- settle: -1\n", 3, "-1 is not a number of seconds"),
        ("- settle: 1.2345\n", 3, "1.2345 is not a number of seconds"),
        ("- note: a\n  background: b\n", 3, "`background` goes only with `kubectl` and `sh`"),
        ("- note: a\n  sleep: 1\n", 3, "this one has several"),
        ("- timeout: 1\n", 3, "a step needs one of"),
        ("- [1]\n", 3, "invalid type"),
    ] {
        let error = scenario(steps).unwrap_err();
        assert!(error.message.contains(says), "{steps:?} gives {error}");
        assert_eq!(error.place.map(|(l, _)| l), Some(line), "{steps:?} gives {error}");
    }
    assert!(Scenario::parse("name: x\nplain: default\nsteps: []").unwrap_err().message.contains("unknown field `plain`"));
}

#[test]
fn no_text_is_too_odd_to_be_refused() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nsteps: [*c,*c,*c,*c,*c,*c]\n";
    let deep = "[".repeat(10_000);
    for text in ["", "\0", "- - -", "name: x", "steps: &a [*a]", bomb, &deep] {
        assert!(Scenario::parse(text).is_err(), "{}", &text[..text.len().min(40)]);
    }
}

#[test]
fn what_a_file_does_not_say_is_as_usual() {
    let s = scenario("- note: a\n").unwrap();
    assert_eq!((s.plane, &*s.cluster.default_storage_class, s.kubelet), (Plane::Default, "local-path", KubeletDelays::default()));
    let s = Scenario::parse("name: x\nplane: maxunavailable\ncluster: {storageClasses: []}\nkubelet: {SyncMs: 5}\nsteps: []").unwrap();
    assert_eq!((s.plane, s.cluster.storage_classes.len(), s.kubelet.sync_ms), (Plane::MaxUnavailable, 0, Some(5)));
}
