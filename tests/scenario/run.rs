//! When steps take place and what they record, on a cluster without workloads.

use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use rig::file::Scenario;
use rig::run::{Chance, replay, replay_by_chance};

/// Checks what steps on an empty cluster record: the steps' own lines, without their numbers, and the problems.
fn check(steps: &str, lines: &[&str], problems: &[&str]) {
    let scenario = Scenario::parse(&format!("name: x\nsteps:\n{steps}")).unwrap();
    let played = replay(&scenario, &V1_37).unwrap();
    let of_steps = |l: &&str| !l.contains("\"e\":\"event\"") && !l.contains("\"scenario\"");
    let shown: Vec<&str> = played.trace.lines().filter(of_steps).filter_map(|l| l.find("\"t\"").map(|at| &l[at..l.len() - 1])).collect();
    assert_eq!(shown, lines);
    assert_eq!((played.problems.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), played.cut), (problems, None));
}

#[test]
fn a_watch_runs_beside_the_steps_until_it_is_stopped() {
    check(
        "- {kubectl: get pods -w, background: w}\n- kubectl: get pods\n- stop: w\n- note: end",
        &[
            r#""t":0,"e":"cmd.start","cmd":"get pods -w","id":0"#,
            r#""t":806,"e":"cmd.start","cmd":"get pods","id":1"#,
            r#""t":913,"e":"cmd.end","cmd":"get pods","id":1,"rc":0"#,
            r#""t":1320,"e":"cmd.end","cmd":"get pods -w","id":0"#,
            r#""t":1322,"e":"note","text":"end""#,
        ],
        &[],
    );
}

#[test]
fn quiet_is_counted_from_the_step_or_from_the_last_write() {
    check(
        "- sleep: 3\n- settle: 1.5\n- kubectl: create configmap a\n- settle: 2",
        &[
            r#""t":3000,"e":"slept","s":3"#,
            r#""t":4514,"e":"settled","quiet":1.5"#,
            r#""t":4516,"e":"cmd.start","cmd":"create configmap a","id":0"#,
            r#""t":4703,"e":"cmd.end","cmd":"create configmap a","id":0,"rc":0"#,
            r#""t":6717,"e":"settled","quiet":2"#,
        ],
        &[],
    );
}

#[test]
fn what_never_comes_is_waited_for_no_longer_than_was_said() {
    check(
        "- wait: {pods: 0}\n- wait: {pod: web-0, is: ready, timeout: 2}\n- fault: {op: crash, pod: web-0, exitCode: 1}",
        &[
            r#""t":2,"e":"wait","cond":{"pods":0},"ok":true"#,
            r#""t":2006,"e":"wait","cond":{"pod":"web-0","is":"ready","timeout":2},"ok":false"#,
            r#""t":2008,"e":"fault","op":"crash","pod":"web-0","exitCode":1"#,
        ],
        &["waited in vain for pod=web-0 is=ready timeout=2", "a fault had no effect: there is no pod web-0"],
    );
}

#[test]
fn a_command_that_never_ends_is_ended() {
    check(
        "- kubectl: get pods -w",
        &[r#""t":0,"e":"cmd.start","cmd":"get pods -w","id":0"#, r#""t":600405,"e":"cmd.end","cmd":"get pods -w","id":0"#],
        &["kubectl get pods -w: did not end within 10m"],
    );
}

#[test]
fn names_are_filled_in() {
    check(
        "- remember: {a: x-1}\n- remember: {b: \"${a}2\"}\n- wait: {pod: \"${b}\", is: gone}",
        &[r#""t":6,"e":"wait","cond":{"pod":"x-12","is":"gone"},"ok":true"#],
        &[],
    );
}

#[test]
fn by_chance_each_seed_goes_its_own_way_and_always_the_same() {
    let steps = "name: x\nsteps:\n- kubectl: create deployment a --image=nginx --replicas=3\n- settle: 2";
    let scenario = Scenario::parse(steps).unwrap();
    let play = |jitter, seed| replay_by_chance(&scenario, &V1_37, &Chance { jitter: Span(jitter), seed: Some(seed) }).unwrap().trace;
    assert_eq!(play(20, 1), play(20, 1));
    assert_ne!(play(20, 1), play(20, 2));
    assert_eq!(play(0, 1), replay(&scenario, &V1_37).unwrap().trace, "regular time is the rule");
}

#[test]
fn init_containers_run_where_a_scenario_has_real_nodes() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers: [{name: i, image: busybox, command: ['true']}]\n  \
               containers: [{name: c, image: nginx}]\n";
    let steps = "steps:\n- kubectl: apply -f a.yaml\n- wait: {pod: a, is: ready}\n- kubectl: get pod a -o jsonpath={.status.initContainerStatuses[*].state.terminated.reason}";
    for (cluster, want) in [("{realNodes: true}", "Completed"), ("{}", "")] {
        let scenario = Scenario::parse(&format!("name: x\ncluster: {cluster}\nfiles: {{a.yaml: {pod:?}}}\n{steps}")).unwrap();
        let played = replay(&scenario, &V1_37).unwrap();
        assert!(played.problems.is_empty(), "{:?}", played.problems);
        assert!(played.kubectl.contains(&format!("\"stdout\": \"{want}\"")), "{cluster}: {}", played.kubectl);
    }
}
