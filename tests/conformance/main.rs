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

use compare::compare;
use run::Run;
use serde_json::Value;

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings")
}

fn recorded(scenario: &str) -> Vec<Run> {
    Run::recorded(&recordings().join(scenario)).unwrap_or_else(|e| panic!("{e}"))
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
