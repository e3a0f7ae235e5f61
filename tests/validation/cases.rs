//! Manifests and edits, and kubectl's exact output when they were sent to a real cluster.
//!
//! A case goes all the way: YAML, kubectl's own validation, the patch of an edit, the server's decoding, defaulting, admission and
//! validation, the store, and kubectl's message about the outcome.

use std::collections::BTreeMap;

use ordinal::api::release::{Release, V1_34, V1_35, V1_36, V1_37};
use ordinal::base::value::Value;
use ordinal::scenario::cases::play_case;
use ordinal::yaml;

use crate::validation::tally::{Tally, without_token_names};

/// Where a real server of a release answered differently from the next one: the name of a case, the output and the stored object.
const FORMER: [(&Release, &str); 3] = [
    (&V1_36, include_str!("../data/validation/former.jsonl")),
    (&V1_35, include_str!("../data/validation/former-1.35.jsonl")),
    (&V1_34, include_str!("../data/validation/former-1.34.jsonl")),
];

#[test]
fn kubectl_prints_what_it_printed_for_a_real_cluster_and_the_same_is_kept() {
    check_on(&Release::ALL, include_str!("../data/validation/cases.jsonl"), ["texts", "stored objects"]);
}

/// Manifests generated at random from each kind's schema, and the answers of an API server of 1.37.1.
#[test]
fn random_manifests_are_answered_and_kept_as_by_a_real_server() {
    check(include_str!("../data/validation/random.jsonl"), ["texts for random manifests", "stored random manifests"]);
}

/// Typical mistakes and edits, kind by kind, and the answers of an API server and a kubectl of 1.37.1.
#[test]
fn mistakes_and_edits_are_answered_and_kept_as_by_a_real_server() {
    check(include_str!("../data/validation/edits.jsonl"), ["texts for mistakes and edits", "stored edits"]);
}

/// Differences between the sources of 1.36.3 and 1.37.1, with the answers of 1.37.1.
#[test]
fn what_the_releases_differ_in_is_answered_and_kept_as_by_a_real_server() {
    check(include_str!("../data/validation/releases.jsonl"), ["texts for what the releases differ in", "stored in either release"]);
}

/// Creations, replacements, patches and applications, of whose answers the real servers' differed from ours when they were recorded.
#[test]
fn requests_are_answered_and_kept_as_by_a_real_server() {
    check(include_str!("../data/validation/flows.jsonl"), ["texts for requests", "stored requests"]);
}

/// Policies, Ingresses and their classes, roles from a line, right and wrong, and the answers of 1.37.1; no 1.36.3 was asked.
#[test]
fn what_the_network_may_do_is_answered_and_kept_as_by_a_real_server() {
    check_on(&[&V1_37], include_str!("../data/validation/network.jsonl"), ["texts for the network", "stored for the network"]);
}

/// Roles and their bindings, right and wrong, and edits of them; no 1.36.3 was asked.
#[test]
fn who_may_do_what_is_answered_and_kept_as_by_a_real_server() {
    check_on(&[&V1_37], include_str!("../data/validation/roles.jsonl"), ["texts for roles", "stored for roles"]);
}

/// Uids of nothing, Secrets with line breaks, deprecated Endpoints, addresses in dry runs, signed quantities, owners named twice;
/// no 1.36.3 was asked.
#[test]
fn what_other_manifests_showed_is_answered_and_kept_as_by_a_real_server() {
    check_on(&[&V1_37], include_str!("../data/validation/answers.jsonl"), ["texts for other manifests", "stored of other manifests"]);
}

/// Definitions, webhooks and others that are only kept, with one mistake each, and objects of custom kinds; no 1.36.3 was asked.
#[test]
fn what_is_only_kept_is_refused_as_by_a_real_server() {
    check_on(&[&V1_37], include_str!("../data/validation/kept.jsonl"), ["texts for kept kinds", "stored of kept kinds"]);
}

/// Runs each case on both releases, with the same result on both unless it is in [`FORMER`].
fn check(cases: &str, what: [&'static str; 2]) {
    check_on(&[&V1_37, &V1_36], cases, what);
}

fn check_on(releases: &[&'static Release], cases: &str, what: [&'static str; 2]) {
    for release in releases {
        // The answers of the release itself go before those of later ones.
        let later = FORMER.iter().position(|(former, _)| former.name == release.name).map_or(0, |at| at + 1);
        let answers = FORMER[..later].iter().flat_map(|(_, answers)| answers.lines());
        let of_former: Vec<Value> = answers.map(|line| serde_json::from_str(line).expect("an answer")).collect();
        let of_former: BTreeMap<&str, &Value> = of_former.iter().map(|answer| (name(answer), answer)).collect();
        let (mut words, mut kept) = (Tally::of(what[0]), Tally::of(what[1]));
        for line in cases.lines() {
            let case: Value = serde_json::from_str(line).expect("a case");
            let real = of_former.get(name(&case)).copied().unwrap_or(&case);
            judge(line, real, release, &mut words, &mut kept);
        }
        words.finish();
        kept.finish();
    }
}

fn name(case: &Value) -> &str {
    case.text_at(&["id"]).expect("every case has a name")
}

fn judge(line: &str, real: &Value, release: &'static Release, words: &mut Tally, kept: &mut Tally) {
    let ours: Value = serde_json::from_str(&play_case(line, release).expect("a case")).expect("an outcome");
    let id = format!("{} on {}", name(real), release.name);
    words.judge(&id, &printed(real), &printed(&ours));
    if let (Some(real), Some(ours)) = (real.get("stored"), ours.get("stored")) {
        kept.judge(&id, &comparable(real), &comparable(ours));
    }
}

/// The exit code and both streams, or those of each line.
fn printed(case: &Value) -> String {
    let lines = case.list_at(&["told"]);
    if !lines.is_empty() {
        return lines.iter().map(told).collect::<Vec<String>>().join("\n");
    }
    let part = |name: &str| case.text_at(&["apply", name]).unwrap_or_default();
    format!("{}{}rc {}", part("stdout"), part("stderr"), case.int_at(&["apply", "rc"]).unwrap_or_default())
}

/// What kubectl printed for a line: of an object, without what is drawn and what the clock says.
fn told(output: &Value) -> String {
    let part = |name: &str| output.text_at(&[name]).unwrap_or_default();
    let mut stdout = part("stdout").to_owned();
    if let Ok(mut object) = serde_json::from_str::<Value>(&stdout) {
        for field in ["uid", "resourceVersion", "creationTimestamp"] {
            object.remove(&["metadata", field]);
        }
        object.remove(&["status", "lastPhaseTransitionTime"]);
        for (list, time) in [(["metadata", "managedFields"], "time"), (["status", "conditions"], "lastTransitionTime")] {
            let mut entries = object.list_at(&list).to_vec();
            for entry in &mut entries {
                entry.remove(&[time]);
            }
            if !entries.is_empty() {
                object.set(&list, entries);
            }
        }
        stdout = without_token_names(&yaml::print(&object));
    }
    format!("{stdout}{}rc {}", part("stderr"), output.int_at(&["rc"]).unwrap_or_default())
}

/// The stored object, without addresses that the server picks and without the template, which the recordings leave out.
fn comparable(stored: &Value) -> String {
    let mut stored = stored.clone();
    for picked in ["clusterIP", "clusterIPs"] {
        if stored.at(&["spec", picked]).is_some_and(|value| !value.to_json().contains("None")) {
            stored.set(&["spec", picked], "picked");
        }
    }
    stored.remove(&["spec", "template"]);
    without_token_names(&yaml::print(&stored))
}
