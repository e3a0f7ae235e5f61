//! Validation cases: manifests, edits and requests, and kubectl's exact output when they were sent to a real cluster.
//!
//! A case goes all the way: YAML, kubectl's own validation, the patch of an edit, the server's decoding, defaulting, admission and
//! validation, the store, and kubectl's message about the outcome.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use api::release::Release;
use base::value::Value;
use rig::cases::play_case;

use crate::listed::GONE_ANSWERS;
use crate::suite::project;
use crate::tally::{Tally, without_token_names};

/// A file of cases.
pub struct Collection {
    pub name: &'static str,
    /// How many former releases were asked, too, from the newest on.
    pub former: usize,
    /// Whether the coming release was asked, too.
    pub later: bool,
    /// What its texts and its stored objects are called.
    what: [&'static str; 2],
}

/// All of them.
pub const COLLECTIONS: [Collection; 9] = [
    Collection { name: "cases", former: 3, later: true, what: ["texts", "stored objects"] },
    Collection { name: "random", former: 1, later: true, what: ["texts for random manifests", "stored random manifests"] },
    Collection { name: "edits", former: 1, later: true, what: ["texts for mistakes and edits", "stored edits"] },
    Collection { name: "releases", former: 1, later: true, what: ["texts for what the releases differ in", "stored in either release"] },
    Collection { name: "flows", former: 1, later: true, what: ["texts for requests", "stored requests"] },
    Collection { name: "network", former: 0, later: true, what: ["texts for the network", "stored for the network"] },
    Collection { name: "roles", former: 0, later: true, what: ["texts for roles", "stored for roles"] },
    Collection { name: "answers", former: 0, later: true, what: ["texts for other manifests", "stored of other manifests"] },
    Collection { name: "kept", former: 0, later: true, what: ["texts for kept kinds", "stored of kept kinds"] },
];

/// How lines begin that are not simulated.
const NOT_SIMULATED: [&str; 3] = ["describe ingressclass ", "describe rolebinding ", "describe clusterrolebinding "];

/// How the names of cases about lists begin.
const OF_LISTS: [&str; 4] = ["text-list-", "text-L-", "release-list-", "release-typed-list"];

fn file(name: &str) -> PathBuf {
    project().join("tests/data/validation").join(format!("{name}.jsonl"))
}

fn lines(name: &str) -> String {
    fs::read_to_string(file(name)).unwrap_or_else(|e| panic!("{name}.jsonl: {e}"))
}

/// What the releases after the default one answered otherwise than it, by file.
const LATER: [(&str, &str); 1] = [("1.38", "later")];

/// What a release answered otherwise than the next one, by file: the name of a case, the output and the stored object.
const FORMER: [(&str, &str); 3] = [("1.36", "former"), ("1.35", "former-1.35"), ("1.34", "former-1.34")];

/// The files of what a release answered otherwise than the default one, its own before those of later ones; `None` if it was not asked.
fn former(collection: &Collection, release: &Release) -> Option<&'static [(&'static str, &'static str)]> {
    if release.name == Release::ALL[0].name {
        return Some(&[]);
    }
    if let Some(at) = LATER.iter().position(|(name, _)| *name == release.name) {
        return collection.later.then(|| &LATER[at..=at]);
    }
    let asked = &FORMER[..collection.former];
    asked.iter().position(|(name, _)| *name == release.name).map(|at| &FORMER[..=at])
}

/// Runs each case of a collection on a release: the texts, and the stored objects. `None` if that release was not asked.
pub fn judge(collection: &Collection, release: &'static Release) -> Option<[Tally; 2]> {
    let otherwise: String = former(collection, release)?.iter().map(|(_, name)| lines(name)).collect();
    let otherwise: Vec<Value> = otherwise.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect();
    let otherwise: BTreeMap<&str, &Value> = otherwise.iter().map(|answer| (name(answer), answer)).collect();
    let [mut words, mut kept] = collection.what.map(Tally::of);
    for line in lines(collection.name).lines() {
        let case: Value = serde_json::from_str(line).expect("a case");
        let real = otherwise.get(name(&case)).copied().unwrap_or(&case);
        if is_compared(&case, release) && !is_gone(real) {
            judge_case(line, real, release, &mut words, &mut kept);
        }
    }
    Some([words, kept])
}

/// Whether a case is compared on a release: each of its lines is simulated, and a case about lists is compared on 1.38 alone, as whose
/// kubectl the model reads lists on every release.
pub fn is_compared(case: &Value, release: &Release) -> bool {
    let is_of_lists = OF_LISTS.iter().any(|begins| name(case).starts_with(begins));
    let mut lines = case.list_at(&["lines"]).iter().filter_map(Value::as_text);
    let is_simulated = lines.all(|line| !NOT_SIMULATED.iter().any(|begins| line.starts_with(begins)));
    is_simulated && (!is_of_lists || release.name == LATER[0].0)
}

/// Whether a case is not played any more, by what was answered.
pub fn is_gone(case: &Value) -> bool {
    let answer = printed(case);
    GONE_ANSWERS.iter().flat_map(|(words, _)| *words).any(|words| answer.contains(words))
}

fn name(case: &Value) -> &str {
    case.text_at(&["id"]).expect("every case has a name")
}

fn judge_case(line: &str, real: &Value, release: &'static Release, words: &mut Tally, kept: &mut Tally) {
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
