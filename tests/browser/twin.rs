//! The model behaves the same natively and as wasm: every line a run produces, byte for byte.

use std::fs;
use std::path::Path;

use ordinal::api::release::V1_37;
use rig::file::Scenario;
use rig::random::{self, WorkloadMix};
use rig::run;
use serde_json::{Value, json};

use crate::page::{Page, cargo_dev};
use crate::site::{Folder, Site};

/// Where `dev build --twin` puts the model as wasm, in the project's directory.
const TWIN: &str = "target/twin";
/// Random runs for both: seed and number of operations.
const RANDOM: [(u64, u64); 2] = [(1, 600), (2, 600)];

pub fn native_and_wasm_leave_the_same_bytes(page: &Page) {
    cargo_dev(&["build", "--twin"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(TWIN);
    fs::write(root.join("index.html"), "<!doctype html><title>twin</title>").expect("a folder that can be written");
    let site = Site::open(0, Folder::of(root, "/"), |_, _| true).expect("a free port");
    let scenarios = spine();
    page.open(&format!("http://127.0.0.1:{}/", site.port()));
    let tasks: Vec<Value> = scenarios
        .iter()
        .map(|(_, text)| json!(["scenario", text]))
        .chain(RANDOM.map(|(seed, operations)| json!(["random", format!("{seed} {operations}")])))
        .collect();
    page.js(&format!(
        "for (const [kind, text] of {}) {{
             const task = document.body.appendChild(document.createElement('pre'));
             [task.className, task.textContent] = [kind, text];
         }}",
        json!(tasks)
    ));
    let failed = page.js_later("import('/twin.js').then(module => module.default()).then(() => done(null), e => done(String(e)))");
    assert_eq!(failed, Value::Null);
    let results = page.js("return [...document.querySelectorAll('pre')].map(task => task.textContent)");
    let mut results = results.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text"));
    let mut lines = 0;
    for (name, text) in &scenarios {
        let played = run::replay(&Scenario::parse(text).expect("a scenario"), &V1_37).expect("a cluster that is known");
        lines += check_same(name, &(played.trace + &played.kubectl), results.next().expect("a result"));
    }
    for (seed, operations) in RANDOM {
        let report = random::run(&WorkloadMix::ALL, seed, operations, &V1_37, |_| true);
        let native = format!("{:016x} after {} events", report.digest.0, report.events);
        check_same(&format!("random run {seed}"), &native, results.next().expect("a result"));
    }
    println!("native and wasm: {} scenarios, {lines} lines the same", scenarios.len());
    page.visit();
}

/// The scenarios of the spine, with their text.
fn spine() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/recordings/spine");
    let mut scenarios: Vec<(String, String)> = fs::read_dir(folder)
        .expect("the recordings")
        .flatten()
        .map(|entry| {
            let text = fs::read_to_string(entry.path().join("scenario.yaml")).expect("a scenario");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    scenarios.sort();
    scenarios
}

/// Asserts that two runs produced the same lines; returns how many.
fn check_same(what: &str, native: &str, wasm: &str) -> usize {
    let different = native.lines().zip(wasm.lines()).enumerate().find(|(_, (a, b))| a != b);
    if let Some((at, (native, wasm))) = different {
        panic!("{what}, line {}:\n native {native}\n wasm   {wasm}", at + 1);
    }
    assert_eq!(native.len(), wasm.len(), "{what}: one ends before the other");
    native.lines().count()
}
