//! The counts of the scheduler's Events, which use the newer events API and are counted differently.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use ordinal::api::release::V1_37;
use rig::file::Scenario;
use rig::run::replay;
use serde_json::Value;

/// Recordings in which pods are retried several times, at instants that only rules determine.
const TRIED_AGAIN: [&str; 6] = ["n-drain-pdb", "n-net-delnode", "p-pinned-down", "u-network", "v-cordon-spread", "w-drain-rollout"];

/// The counts of each `FailedScheduling`, by pod, in order.
fn counts(trace: &str) -> BTreeMap<String, Vec<u64>> {
    let mut counts: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for line in trace.lines() {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        if entry["e"] == "event" && entry["reason"] == "FailedScheduling" {
            let count = entry["count"].as_u64().expect("a count");
            counts.entry(entry["object"].as_str().expect("an object").to_owned()).or_default().push(count);
        }
    }
    counts
}

#[test]
fn the_scheduler_counts_what_it_says_of_one_version_of_a_pod() {
    for name in TRIED_AGAIN {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings/further").join(name);
        let read = |file: &str| fs::read_to_string(folder.join(file)).expect("a file of the recording");
        let scenario = Scenario::parse(&read("scenario.yaml")).expect("a scenario");
        let played = replay(&scenario, &V1_37).expect("a run");
        let recorded = counts(&read("trace.jsonl"));
        assert!(recorded.values().any(|counts| counts.len() > 1), "{name}");
        assert_eq!(counts(&played.trace), recorded, "{name}");
    }
}
