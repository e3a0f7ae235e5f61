//! Recordings of real clusters, and whether the model does the same.
//!
//! `recordings/` holds scenarios as they were played on Kubernetes and what came of it, byte for byte as recorded: one folder each
//! with the scenario, traces and kubectl's output of one or several runs.

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

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings")
}

fn recorded(scenario: &str) -> Vec<Run> {
    Run::recorded(&recordings().join(scenario)).unwrap_or_else(|e| panic!("{e}"))
}

fn names() -> Vec<String> {
    let folders = fs::read_dir(recordings()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = folders.collect();
    names.sort();
    names
}

fn played(scenario: &str) -> Played {
    let text = fs::read_to_string(recordings().join(scenario).join("scenario.yaml")).unwrap();
    replay(&Scenario::parse(&text).unwrap(), &V1_37).unwrap_or_else(|e| panic!("{scenario}: {e}"))
}

/// Scenarios that have to go as on a real cluster.
const HELD: [&str; 0] = [];

#[test]
fn every_scenario_goes_as_on_a_real_cluster() {
    let (mut wrong, mut texts, mut commands) = (Vec::new(), 0, 0);
    for name in names() {
        let played = played(&name);
        let found = compare(&recorded(&name), &Run::read(&played.trace, &played.kubectl).unwrap());
        let all = recorded(&name)[0].commands.len();
        (texts, commands) = (texts + all - found.text.len(), commands + all);
        let same = played.cut.is_none() && found.behaviour().next().is_none();
        println!("{} {name}: text {}/{all}", if same { "same" } else { "DIFF" }, all - found.text.len());
        if !same && HELD.contains(&name.as_str()) {
            wrong.push(format!("{name}: {:?}\n{}", played.cut, found.behaviour().collect::<Vec<_>>().join("\n")));
        }
    }
    println!("{texts} of {commands} kubectl outputs the same");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_scenario_played_twice_leaves_the_same_bytes() {
    for name in names() {
        let (first, second) = (played(&name), played(&name));
        assert!(first == second, "{name} differs from {:?} on", first.trace.lines().zip(second.trace.lines()).find(|(a, b)| a != b));
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
    for folder in fs::read_dir(recordings()).unwrap() {
        let real = Run::recorded(&folder.unwrap().path()).unwrap();
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
        ("create-ordered", |trace, _| trace.retain(|x| x["e"] != "pod.phase"), "life state"),
        ("create-ordered", |trace, _| trace.retain(|x| x["e"] != "event"), "events"),
        (
            "create-ordered",
            |trace, _| {
                let ready = trace.iter().position(|x| x["e"] == "pod.condition" && x["status"] == "True").unwrap();
                let second = trace.iter().position(|x| x["e"] == "pod.created" && x["name"] == "web-1").unwrap();
                let entry = trace.remove(second);
                trace.insert(ready, entry);
            },
            "order",
        ),
        (
            "delete-pod",
            |trace, _| trace.iter_mut().filter(|x| x["e"] == "pod.bound" && x["inst"] == 2).for_each(|x| x["node"] = "node-9".into()),
            "place",
        ),
        ("delete-pod", |trace, _| trace.retain(|x| x["e"] != "endpoints"), "state"),
        ("delete-pod", |trace, _| trace.retain(|x| x["e"] != "pod.created" || x["inst"] != 2), "life order state"),
        (
            "delete-pod",
            |_, commands| {
                commands[0]["rc"] = 1.into();
                commands[1]["stdout"] = "NAME\n".into();
            },
            "text",
        ),
        ("delete-pod", |trace, _| trace.retain(|x| x["e"] != "settled"), "state"),
    ];
    for (scenario, change, want) in cases {
        let found = compare(&recorded(scenario), &changed(scenario, change));
        let words: Vec<&str> = found.parts().into_iter().filter(|(_, found)| !found.is_empty()).map(|(word, _)| word).collect();
        assert_eq!(words.join(" "), want, "{scenario}: {found:#?}");
    }
}
