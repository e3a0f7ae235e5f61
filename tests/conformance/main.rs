//! Recordings of real clusters, and whether the model does the same.
//!
//! `recordings/` holds scenarios as they were played on Kubernetes 1.37.1 and what came of it, byte for byte as recorded: a folder
//! for each subject, in it one for each scenario, with traces and kubectl's output of two or three runs.

mod compare;
mod life;
mod run;
mod screen;
mod state;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use compare::compare;
use ordinal::api::release::V1_37;
use ordinal::scenario::file::Scenario;
use ordinal::scenario::run::{Played, replay};
use run::Run;
use serde_json::Value;

/// Scenarios that do not go as on a real cluster, and why.
const DIFFERS: [(&str, &str); 0] = [];

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings")
}

fn inside(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every scenario, with its group: `spine/delete-pod`.
fn scenarios() -> Vec<String> {
    let of_group = |group: String| inside(&recordings().join(&group)).into_iter().map(move |name| format!("{group}/{name}"));
    inside(&recordings()).into_iter().flat_map(of_group).collect()
}

fn recorded(scenario: &str) -> Vec<Run> {
    Run::recorded(&recordings().join(scenario)).unwrap_or_else(|e| panic!("{e}"))
}

fn played(scenario: &str) -> Played {
    let text = fs::read_to_string(recordings().join(scenario).join("scenario.yaml")).unwrap();
    replay(&Scenario::parse(&text).unwrap(), &V1_37).unwrap_or_else(|e| panic!("{scenario}: {e}"))
}

/// Plays the scenarios of a group, prints how each compares, and demands that all go as on a real cluster but those that are
/// known not to.
fn check(group: &str) {
    let (mut wrong, mut right, mut commands) = (Vec::new(), 0, 0);
    for scenario in scenarios().into_iter().filter(|s| s.starts_with(&format!("{group}/"))) {
        let (played, recorded) = (played(&scenario), recorded(&scenario));
        let found = compare(&recorded, &Run::read(&played.trace, &played.kubectl).unwrap());
        let all = recorded[0].commands.len();
        (right, commands) = (right + all - found.text.len(), commands + all);
        let same = played.cut.is_none() && found.behaviour().next().is_none();
        println!("{} {scenario}: text {}/{all}", if same { "same" } else { "DIFF" }, all - found.text.len());
        match DIFFERS.iter().find(|(known, _)| *known == scenario) {
            None if !same => {
                wrong.push(format!("{scenario}: {:?}\n{}", played.cut, found.behaviour().collect::<Vec<_>>().join("\n")));
            }
            Some((_, why)) if same => wrong.push(format!("{scenario} goes as on a real cluster now, although {why}: take it off DIFFERS")),
            _ => {}
        }
    }
    println!("{group}: {right} of {commands} kubectl outputs the same");
    assert!(commands > 0, "no scenarios in {group}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_spine_goes_as_on_a_real_cluster() {
    check("spine");
}

#[test]
fn updates_go_as_on_a_real_cluster() {
    check("updates");
}

#[test]
fn storage_goes_as_on_a_real_cluster() {
    check("storage");
}

#[test]
fn ownership_goes_as_on_a_real_cluster() {
    check("ownership");
}

#[test]
fn nodes_go_as_on_a_real_cluster() {
    check("nodes");
}

#[test]
fn deployments_go_as_on_a_real_cluster() {
    check("deployments");
}

#[test]
fn kubectl_goes_as_on_a_real_cluster() {
    check("kubectl");
}

#[test]
fn everything_else_goes_as_on_a_real_cluster() {
    check("others");
}

#[test]
fn a_scenario_played_twice_leaves_the_same_bytes() {
    for scenario in scenarios() {
        let (first, second) = (played(&scenario), played(&scenario));
        assert!(first == second, "{scenario} differs from {:?} on", first.trace.lines().zip(second.trace.lines()).find(|(a, b)| a != b));
    }
}

#[test]
fn what_cannot_be_played_is_said_and_ends_with_exit_code_2() {
    let folder = std::env::temp_dir().join(format!("ordinal-replay-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).unwrap();
        folder.join(name).to_str().unwrap().to_owned()
    };
    let out = folder.join("out/").to_str().unwrap().to_owned();
    let steps = |steps: &str| format!("name: x\nsteps:\n{steps}\n");
    let good = write("good.yaml", &steps("- note: well"));
    for (args, code, says) in [
        (vec![good.as_str(), &out], 0, ""),
        (vec![], 2, "nothing to play"),
        (vec!["--fast", &good, &out], 2, "unknown option --fast"),
        (vec!["--release-version", "1.12", &good, &out], 2, "no release 1.12 is modelled"),
        (vec!["nowhere.yaml", &out], 2, "nowhere.yaml"),
        (vec![&write("step.yaml", &steps("- sing: loud")), &out], 2, "unknown field `sing`"),
        (vec![&write("fault.yaml", &steps("- fault: {op: meteor}")), &good, &out], 2, "unknown variant `meteor`"),
        (vec![&write("name.yaml", &steps("- kubectl: get pod ${nobody}")), &out], 2, "${nobody}"),
        (vec![&write("stop.yaml", &steps("- stop: nothing")), &out], 2, "no command runs in the background as `nothing`"),
        (vec![&write("long.yaml", &steps("- sleep: 100000000")), &out], 2, "the scenario goes on for more than"),
        (vec!["--cases", &write("cases.jsonl", "{}"), &out], 2, "missing field `id`"),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_replay")).args(&args).output().unwrap();
        let said = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?} says {said}");
    }
    assert!(folder.join("out/good/trace.jsonl").exists(), "one that cannot be played stops no other");
    fs::remove_dir_all(folder).unwrap();
}

/// The first recorded run of a scenario with its lines and commands changed.
fn changed(scenario: &str, change: impl Fn(&mut Vec<Value>, &mut Vec<Value>)) -> Run {
    let mut run = recorded(scenario).remove(0);
    change(&mut run.trace, &mut run.commands);
    run
}

#[test]
fn what_a_real_run_did_is_never_wrong() {
    for scenario in scenarios().iter().filter(|s| s.starts_with("spine/")) {
        let real = recorded(scenario);
        for run in &real {
            let found = compare(&real, run);
            assert!(found.parts().iter().all(|(_, found)| found.is_empty()), "{found:#?}");
        }
    }
}

#[test]
fn each_kind_of_mistake_is_found_and_called_by_its_name() {
    type Change = fn(&mut Vec<Value>, &mut Vec<Value>);
    let cases: [(&str, Change, &str); 8] = [
        ("spine/create-ordered", |trace, _| trace.retain(|x| x["e"] != "pod.phase"), "life state"),
        ("spine/create-ordered", |trace, _| trace.retain(|x| x["e"] != "event"), "events"),
        (
            "spine/create-ordered",
            |trace, _| {
                let ready = trace.iter().position(|x| x["e"] == "pod.condition" && x["status"] == "True").unwrap();
                let second = trace.iter().position(|x| x["e"] == "pod.created" && x["name"] == "web-1").unwrap();
                let entry = trace.remove(second);
                trace.insert(ready, entry);
            },
            "order",
        ),
        (
            "spine/delete-pod",
            |trace, _| trace.iter_mut().filter(|x| x["e"] == "pod.bound" && x["inst"] == 2).for_each(|x| x["node"] = "node-9".into()),
            "place",
        ),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "endpoints"), "state"),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "pod.created" || x["inst"] != 2), "life order state"),
        (
            "spine/delete-pod",
            |_, commands| {
                commands[0]["rc"] = 1.into();
                commands[1]["stdout"] = "NAME\n".into();
            },
            "text",
        ),
        ("spine/delete-pod", |trace, _| trace.retain(|x| x["e"] != "settled"), "state"),
    ];
    for (scenario, change, want) in cases {
        let found = compare(&recorded(scenario), &changed(scenario, change));
        let words: Vec<&str> = found.parts().into_iter().filter(|(_, found)| !found.is_empty()).map(|(word, _)| word).collect();
        assert_eq!(words.join(" "), want, "{scenario}: {found:#?}");
    }
}
