//! A session becomes a scenario, and the scenario the session again.

use api::release::V1_37;
use base::time::{Span, Time};
use playground::history::{Act, History, scenario};
use playground::{Playground, setup};
use rig::file::{Scenario, Step};
use rig::session;
use serde_json::Value;
use text::Lang;

const EXAMPLE: &str = include_str!("../../../page/playground/example.yaml");

/// The contents of each terminal.
fn terminals(playground: &Playground) -> Vec<Vec<(String, String)>> {
    let mut playground = playground.clone();
    let tabs = playground.tabs().0;
    let mut read = |tab| {
        playground.choose_tab(tab);
        playground.terminal().lines().iter().map(|line| (format!("{:?}", line.voice), line.text.clone())).collect()
    };
    (0..tabs).map(&mut read).collect()
}

fn lived() -> History {
    let mut history = History::new(&setup(), EXAMPLE, Lang::English);
    let line = |history: &mut History, line: &str| history.act(Act::Line(line.to_owned()), Lang::English);
    let pass = |history: &mut History, ms| history.run(history.present().now() + Span(ms), || true);
    line(&mut history, "kubectl apply -f manifest.yaml");
    pass(&mut history, 1234);
    history.choose_tab(1);
    line(&mut history, "kubectl get pods -w | grep -v Pending");
    pass(&mut history, 60_000);
    history.choose_tab(0);
    line(&mut history, "x=3; for i in 0 1; do\necho web-$i\ndone");
    line(&mut history, "kubectl scale sts web --replicas=$x; echo $?");
    pass(&mut history, 20_001);
    history.edit(EXAMPLE.replace("replicas: 3", "replicas: 1"), Lang::English);
    line(&mut history, "kubectl apply -f manifest.yaml && kubectl get sts web -o 'jsonpath={.spec.replicas}'");
    line(&mut history, "playground stop node node-2");
    pass(&mut history, 100_500);
    line(&mut history, "playground form classic");
    line(&mut history, "kubectl delete pod web-0 --wait=false; kubectl get pods; kubectl frobnicate");
    pass(&mut history, 3000);
    history.choose_tab(1);
    history.act(Act::Interrupt, Lang::English);
    line(&mut history, "cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"on\"}\nEOF");
    pass(&mut history, 777);
    history
}

#[test]
fn a_session_copied_as_a_scenario_replays_with_the_same_outputs() {
    let history = lived();
    let text = scenario::text(&history);
    let scenario = Scenario::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let played = session::play(&scenario, &V1_37).expect("a session");
    assert_eq!(played.now(), history.present().now());
    assert_eq!(terminals(&played), terminals(history.present()));
    assert_eq!(played.sim().digest(), history.present().sim().digest());

    let written = session::replay(&scenario, &V1_37).expect("a session");
    let all: Value = serde_json::from_str(&written.kubectl).expect("JSON");
    let commands = all["commands"].as_array().expect("commands");
    let printed = |at: usize, what: &str| commands[at][what].as_str().unwrap_or_default().to_owned();
    assert_eq!(commands.len(), 9);
    assert_eq!(printed(0, "stdout"), "service/nginx created\nstatefulset.apps/web created\n");
    assert!(printed(1, "stdout").contains("web-2   1/1     Running"), "{}", printed(1, "stdout"));
    assert_eq!(printed(2, "stdout"), "web-0\nweb-1\n");
    assert_eq!(printed(3, "stdout"), "statefulset.apps/web scaled\n0\n");
    assert!(printed(7, "stdout").starts_with("pod \"web-0\" deleted\n"), "{}", printed(7, "stdout"));
    assert_eq!(printed(8, "stdout"), "configmap/on created\n");
    assert_eq!(commands[8]["rc"].as_i64(), Some(0));
    assert!(written.trace.lines().count() > 50);
}

#[test]
fn only_the_past_of_the_instant_shown_is_copied() {
    let mut history = lived();
    history.seek(Time(30_000));
    let scenario = Scenario::parse(&scenario::text(&history)).expect("a scenario");
    assert_eq!(scenario.steps.iter().filter(|step| matches!(step, Step::Act { .. })).count(), 2);
    let played = session::play(&scenario, &V1_37).expect("a session");
    assert_eq!(terminals(&played), terminals(history.present()));
}

#[test]
fn what_cannot_be_typed_is_refused_with_its_place() {
    for (text, why) in [
        ("steps: [{kubectl: get pods}]", "step 1: on the page one types, interrupts, edits, saves and sleeps"),
        ("files: {a.yaml: x}\nsteps: []", "a.yaml is not in the editor, which holds manifest.yaml alone"),
    ] {
        let scenario = Scenario::parse(&format!("name: x\nplane: playground\n{text}")).expect("a scenario");
        assert_eq!(session::play(&scenario, &V1_37).map(drop), Err(why.to_owned()), "{text}");
    }
    for (step, why) in [
        ("type: k get pods", "`at` goes with"),
        ("at: 1\n  sh: k get pods", "`at` goes with"),
        ("at: 1\n  terminal: 0\n  type: a", "`terminal` counts from 1"),
    ] {
        let error = Scenario::parse(&format!("name: x\nsteps:\n- {step}\n")).expect_err(step).message;
        assert!(error.contains(why), "{step}: {error}");
    }
}

#[test]
fn what_is_left_of_a_terminal_belongs_to_the_lines_typed_last() {
    let long = format!("cat <<EOF\n{}EOF", "a line\n".repeat(1500));
    let mut history = History::new(&setup(), "", Lang::English);
    for line in ["echo lost", &long, "echo kept", "", "sleep 1", ""] {
        history.act(Act::Line(line.to_owned()), Lang::English);
    }
    history.run_until_quiet(|| true);
    let written = session::replay(&Scenario::parse(&scenario::text(&history)).expect("a scenario"), &V1_37).expect("a session");
    let all: Value = serde_json::from_str(&written.kubectl).expect("JSON");
    let command = |command: &Value| {
        let printed = command["stdout"].as_str().unwrap_or_default().lines().count();
        (command["cmd"].as_str().unwrap_or_default().lines().next().map(str::to_owned), printed, command["rc"].as_i64())
    };
    let commands: Vec<_> = all["commands"].as_array().expect("commands").iter().map(command).collect();
    let want = [("echo lost", 0, None), ("cat <<EOF", 1500, None), ("echo kept", 1, None), ("sleep 1", 0, Some(0))];
    assert_eq!(commands, want.map(|(line, printed, rc)| (Some(line.to_owned()), printed, rc)));
}
