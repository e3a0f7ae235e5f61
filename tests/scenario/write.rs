//! Scenarios, written and read back.

use rig::file::Scenario;
use rig::write::text;

const EVERYTHING: &str = r#"
name: all
title: "with a # and a: colon"
plane: node-defaults
cluster: {storageClasses: [network-disk], defaultStorageClass: "", realNodes: true}
kubelet: {StopMs: 7}
controlPlane: {WatchMs: 0, RequestMs: 250}
files: {"a.yaml": "a: 1\nb:\n  - 2\n", b.txt: ""}
steps:
- {kubectl: "patch sts web -p '{\"spec\":{\"replicas\":1}}'"}
- {kubectl: get pods -w, background: w}
- stop: w
- join: w
- wait: {is: ready, pod: web-0, timeout: 7}
- wait: {event: FailedCreate, on: web}
- settle: 1.5
- {settle: 0.25, timeout: 60}
- sleep: 0.003
- note: "- [x]"
- fault: {op: node-down, node: "${dead}"}
- fault: {op: node-up, node: a, restartContainers: true}
- fault: {op: node-up, node: a}
- fault: {op: pod-unready, pod: a}
- fault: {op: pod-ready, pod: a}
- fault: {op: evict, pod: a}
- fault: {op: crash, pod: a, exitCode: -1}
- remember: {dead: "${node:web-1}"}
- {at: 0, type: "kubectl get pods\n"}
- {at: 1.5, type: k, terminal: 2}
- {at: 2, interrupt: true}
- {at: 2, edit: "a: 1\n"}
- {at: 3, save: "b: 1\n"}
placements: {web-0: [a, b], web-1: []}
"#;

#[test]
fn a_written_scenario_reads_back_the_same() {
    let scenario = Scenario::parse(EVERYTHING).unwrap();
    let written = text(&scenario);
    assert_eq!(Scenario::parse(&written).unwrap(), scenario, "{written}");
}
