//! Plans of changes, and what can go wrong, in the words of the page.

use ordinal::api::release::V1_37;
use ordinal::plan::{self, Change, report as planned};
use ordinal::playground::EXAMPLE;
use ordinal::risks::{Options, Search, Start, told};

use super::Visit;

/// The plan of a line, as text.
fn plan_of(visit: &Visit, line: &str) -> String {
    planned::text(&plan::of(visit.run.present(), &Change::Lines(vec![line.to_owned()])), "manifest.yaml")
}

/// Asserts that a text holds lines.
#[track_caller]
fn holds(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|one| one.trim() == *line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_rollout_is_planned_with_its_order_and_how_many_stay_ready() {
    let text = plan_of(&Visit::quiet(), "kubectl rollout restart sts/web");
    holds(&text, &["Replaced, in this order: web-2, web-1, web-0.", "At least 2 of 3 pods are Ready throughout."]);
    assert!(text.contains("maxUnavailable: 2"), "another way to make the change stands beside: {text}");
}

#[test]
fn a_refused_manifest_comes_with_the_way_round_it() {
    let visit = Visit::quiet();
    let text = EXAMPLE.replace("serviceName: nginx", "serviceName: other");
    let text = planned::text(&plan::of(visit.run.present(), &Change::Manifest(text)), "manifest.yaml");
    for words in ["The API server refuses this", "field is immutable", "spec.serviceName", "--cascade=orphan"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_drain_that_gets_stuck_says_so_and_what_ends_it() {
    let mut visit = Visit::quiet();
    let drain = "kubectl drain node-1 --ignore-daemonsets --delete-emptydir-data";
    let text = plan_of(&visit, drain);
    assert!(text.contains("It gets stuck") && text.contains("kubectl uncordon node-1"), "{text}");
    visit.say(drain);
    visit.printed("node/node-1 drained");
    let text = plan_of(&visit, "kubectl scale statefulset web --replicas=4");
    assert!(text.contains("stays so until somebody acts"), "a plan begins where the cluster stands: {text}");
}

#[test]
fn what_can_go_wrong_with_the_example_is_told_with_what_prevents_it_and_what_protects() {
    let mut search = Search::new(Start::manifest(EXAMPLE, &V1_37), Options { depth: 1, only: Some(Vec::new()), ..Options::default() });
    search.finish();
    let kinds: Vec<&str> = search.findings().iter().map(|finding| finding.shown.kind.word()).collect();
    for kind in ["rollback-trap", "terminating", "volume-pinned"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let trap = search.findings().iter().find(|finding| finding.shown.kind.word() == "rollback-trap").expect("a trap");
    let change = trap.prevention.change.as_ref().expect("a change that prevents it");
    assert_eq!(told::fields(change), "podManagementPolicy: Parallel\n");
    let rolling = search.protections().iter().find(|one| one.change.guard.word() == "rolling").expect("a line that protects");
    assert_eq!(told::fields(&rolling.change), "updateStrategy:\n  type: OnDelete\n");
    let (with_this, _) = told::without(rolling);
    assert_eq!(with_this, "With this instead");
    let sentence = "Nobody finishes a rollout of web: with OnDelete every pod keeps its old template until somebody deletes it.";
    assert_eq!(told::sentence(&rolling.findings[0]).plain(), sentence);
}
