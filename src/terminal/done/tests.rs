//! The verdicts of the real programs, as `tests/conformance/recorder/judges` recorded them: `given` from outside, `own` by this repository.

use std::fs::read_to_string;

use super::{Judge, Said, Status, Verdict};
use base::json;
use base::value::Value;

fn read(path: &str) -> Value {
    let path = format!("{}/../../../tests/data/done/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    json::value(&text).unwrap_or_else(|| panic!("{path} is not JSON"))
}

/// The file of a tool's verdicts, and which column of a row has the verdict; the words follow.
fn column(tool: Judge) -> (&'static str, usize) {
    match tool {
        Judge::Kubectl => ("kubectl", 0),
        Judge::Helm3 => ("helm3", 0),
        Judge::Helm4 => ("helm4", 4),
        Judge::ArgoCd => ("argo", 0),
        Judge::Flux => ("flux", 4),
        Judge::Kstatus => ("flux", 0),
        Judge::Kubedog => ("kubedog", 0),
        Judge::Ansible => ("ansible", 0),
    }
}

/// The verdict for which a word stands that the recording has for a program without such words.
fn verdict(word: &str) -> Verdict {
    match word {
        "done" | "ready" => Verdict::Ready,
        "not ready" | "waits" => Verdict::Waits,
        "error" | "panics" => Verdict::Error,
        other => panic!("a word of no program: {other}"),
    }
}

fn recorded(row: &Value, column: usize) -> Said {
    let text = |at: usize| row.as_list().and_then(|row| row.get(at)?.as_text()).unwrap_or_default();
    let words = text(column + 1).trim_end_matches('\n');
    let status = Status::named(text(column));
    let verdict = status.map_or_else(|| verdict(text(column)), Status::verdict);
    Said { verdict, status, words: (!words.is_empty()).then(|| words.to_owned()) }
}

fn check(folder: &str) {
    let states = read(&format!("{folder}/states.json"));
    for tool in Judge::ALL {
        let (file, column) = column(tool);
        let verdicts = read(&format!("{folder}/verdicts/{file}.json"));
        for (name, state) in states.members() {
            // Where kubedog panicked, the given verdicts have none.
            let Some(row) = verdicts.get(name) else { continue };
            let set = state.get("set").expect("every state has a set");
            assert_eq!(tool.says(set, state.list_at(&["pods"])), recorded(row, column), "{name}: {tool:?}");
            if tool.reads_pods() {
                assert_eq!(tool.says(set, []), recorded(row, 2), "{name} without pods: {tool:?}");
            }
        }
    }
}

#[test]
fn given_states_are_told_as_the_programs_tell_them() {
    check("given");
}

#[test]
fn own_states_are_told_as_the_programs_tell_them() {
    check("own");
}

#[test]
fn every_tool_has_a_version() {
    assert!(Judge::ALL.iter().all(|tool| !tool.version().is_empty()));
}
