//! What tools say that wait, held against the recorded states: each line is known, and who calls the same set done is the table's.

use crate::{Matter, Said, SaidIn, satisfied, spoken_of, tellers};
use base::json;
use base::value::Value;
use done::{Judge, Verdict};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The sets of the recorded states, as an API server stores them: one with RollingUpdate has a partition.
fn states() -> Vec<(String, Value, Vec<Value>)> {
    let read = |folder: &str| {
        let path = format!("{}/../../../tests/data/done/{folder}/states.json", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        json::value(&text).unwrap_or_else(|| panic!("{path} is not JSON"))
    };
    let is_stored = |set: &Value| {
        let strategy = set.at(&["spec", "updateStrategy"]);
        strategy.is_some_and(|one| one.text_at(&["type"]) != Some("RollingUpdate") || one.at(&["rollingUpdate"]).is_some())
    };
    let of = |(name, state): (&Rc<str>, &Value)| Some((name.to_string(), state.get("set").cloned()?, state.list_at(&["pods"]).to_vec()));
    let all = ["given", "own"].map(read);
    all.iter().flat_map(Value::members).filter_map(of).filter(|(_, set, _)| is_stored(set)).collect()
}

/// The line in which a tool prints its words of a set; `None` where it prints none.
fn printed(tool: Judge, said: &done::Said) -> Option<String> {
    let words = said.words.as_deref()?;
    let status = match said.verdict {
        Verdict::Failed => "Failed",
        _ if words == "Resource scheduled for deletion" => "Terminating",
        _ => "InProgress",
    };
    match tool {
        Judge::Helm4 => Some(format!("Error: UPGRADE FAILED: resource StatefulSet/shop/web not ready. status: {status}, message: {words}")),
        Judge::Flux => Some(format!("error: timeout waiting for: [StatefulSet/shop/web status: '{status}']")),
        Judge::Kubectl | Judge::Helm3 | Judge::ArgoCd | Judge::Kubedog => Some(words.to_owned()),
        Judge::Kstatus | Judge::Ansible => None,
    }
}

#[test]
fn who_calls_a_set_done_that_another_waits_for_is_what_was_recorded() {
    let mut recorded: BTreeMap<(&str, &str), Vec<Judge>> = BTreeMap::new();
    let mut known = 0;
    for (name, set, pods) in states() {
        let all = done::all(&set, &pods);
        for (tool, said) in all.iter().filter(|(_, said)| said.verdict != Verdict::Ready) {
            let Some(line) = printed(*tool, said) else { continue };
            let row = Said::of(SaidIn::Line, &line).means().map(|found| found.row);
            let Some(matter) = row.and_then(|row| row.matter) else {
                // Kubedog's shortest words are too short to be known by, and what Helm 3 says of revisions, logs know.
                let is_short = *tool == Judge::Kubedog && !line.contains("up-to-date");
                assert!(is_short || line.contains("does not yet match"), "{name}: {line}");
                continue;
            };
            known += 1;
            assert!(tellers(row.expect("a row").who, &[tool.word()]).contains(&tool.word()), "{name}: {line}");
            let done = recorded.entry((matter.word(), tool.word())).or_default();
            let also = all.iter().filter(|(_, said)| said.verdict == Verdict::Ready).map(|(also, _)| *also);
            also.for_each(|also| done.extend((!done.contains(&also)).then_some(also)));
        }
    }
    assert!(known > 150, "{known}");
    for ((matter, tool), mut done) in recorded {
        done.sort_by_key(|one| Judge::ALL.into_iter().position(|of| of == *one));
        let done: Vec<&str> = done.into_iter().map(Judge::word).collect();
        assert_eq!(satisfied(Matter::named(matter).expect("a matter"), tool), done, "{matter} {tool}");
    }
}

#[test]
fn of_several_tools_with_one_saying_it_is_that_of_which_the_text_speaks() {
    let row = |line: &'static str| Said::of(SaidIn::Line, line).means().expect("a row").row.who;
    let waits = row("Waiting for 2 pods to be ready...");
    assert_eq!(tellers(waits, &spoken_of("Health Status: Progressing")), ["argocd"]);
    assert_eq!(tellers(waits, &spoken_of("$ kubectl rollout status sts/web")), ["kubectl"]);
    assert_eq!(tellers(waits, &spoken_of("why?")), ["kubectl", "argocd"]);
    assert_eq!(tellers(row("Error: UPGRADE FAILED: context deadline exceeded"), &[]), ["helm3"]);
    // The words are those of both.
    let refused = row(
        "Error: UPGRADE FAILED: cannot patch \"db\" with kind StatefulSet: StatefulSet.apps \"db\" is invalid: spec.serviceName: Invalid value: \"x\": field is immutable",
    );
    assert_eq!(tellers(refused, &spoken_of("Error: UPGRADE FAILED")), ["helm3", "helm4"]);
}

#[test]
fn similar_words_of_others_are_no_tools() {
    for line in [
        "Waiting for deployment \"api\" rollout to finish: 1 out of 3 new replicas have been updated...",
        "rpc error: code = DeadlineExceeded desc = context deadline exceeded",
        "Readiness probe failed: context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
        "Some resources are pending deletion",
        "error: timed out waiting for the condition on pods/web-0",
    ] {
        assert!(Said::of(SaidIn::Line, line).means().is_none_or(|found| found.row.matter.is_none()), "{line}");
    }
}

#[test]
fn the_tools_of_the_table_and_of_the_rows_are_those_that_judge() {
    let of_rows = crate::rows().iter().filter(|row| row.matter.is_some()).flat_map(|row| row.who.split(','));
    let of_table = Matter::ALL.iter().flat_map(|matter| Judge::ALL.map(|tool| satisfied(*matter, tool.word()))).flatten().copied();
    let all: Vec<&str> = of_rows.chain(of_table).chain(spoken_of("rollout status helm argo flux")).collect();
    assert!(all.len() > 60);
    all.iter().for_each(|word| assert!(Judge::named(word).is_some(), "{word}"));
}
