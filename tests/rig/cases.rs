//! Validation cases: a manifest, kubectl's output when it is applied, and what the API server stores.
//!
//! Each case is run on a fresh, empty cluster, so that only kubectl and the API server are involved. A case with `lines` is told what
//! kubectl prints for each of them instead; its manifest is the file that they may name.

use serde::{Deserialize, Serialize};

use api::release::Release;
use base::value::Value;
use kubectl::{Files, Job, Progress};
use server::log::Actor;
use sim::{Setup, Sim};

/// The name of a case's manifest in kubectl's messages.
const MANIFEST: &str = "case.yaml";
/// The name of the manifest that is applied before it.
const SETUP: &str = "setup.yaml";

/// A case, without the recorded result of a real cluster.
#[derive(Deserialize)]
struct Case {
    id: String,
    manifest: String,
    setup: Option<String>,
    #[serde(default)]
    lines: Vec<String>,
}

/// The result of a case.
#[derive(Serialize)]
struct Outcome {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    apply: Option<Output>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    told: Vec<Output>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<Stored>,
}

#[derive(Serialize)]
struct Output {
    rc: i32,
    stdout: String,
    stderr: String,
}

#[derive(Serialize)]
struct Stored {
    labels: Value,
    generation: Value,
    spec: Value,
}

/// Runs one line of a file of cases; returns the line with its result. The error says why the line is not a valid case.
pub fn play_case(line: &str, release: &'static Release) -> Result<String, String> {
    let case: Case = serde_json::from_str(line).map_err(|e| format!("no validation case: {e}"))?;
    let mut sim = Sim::new(&Setup { release, classes: Vec::new(), ..Setup::default() });
    if let Some(setup) = &case.setup {
        apply(&mut sim, SETUP, setup);
    }
    let outcome = if case.lines.is_empty() {
        let output = apply(&mut sim, MANIFEST, &case.manifest);
        let one = output.rc == 0 && output.stdout.lines().count() == 1;
        let stored = if one { stored(&sim) } else { None };
        Outcome { id: case.id, apply: Some(output), told: Vec::new(), stored }
    } else {
        let files: Files = [(MANIFEST, case.manifest.as_str())].into_iter().collect();
        let told = case.lines.iter().map(|line| kubectl(&mut sim, line, &files)).collect();
        Outcome { id: case.id, apply: None, told, stored: None }
    };
    serde_json::to_string(&outcome).map_err(|e| e.to_string())
}

fn apply(sim: &mut Sim, name: &str, manifest: &str) -> Output {
    kubectl(sim, &format!("apply -f {name}"), &[(name, manifest)].into_iter().collect())
}

/// Runs a line immediately, without letting time pass.
fn kubectl(sim: &mut Sim, line: &str, files: &Files) -> Output {
    let mut job = Job::new(line, files);
    let rc = match job.poll(sim) {
        Progress::Done { rc } => rc,
        Progress::Waiting { .. } => 1,
    };
    Output { rc, stdout: job.stdout(), stderr: job.stderr() + &job.note() }
}

/// The object the API server stored last. Like in the recorded cases, a workload's template is left out.
fn stored(sim: &Sim) -> Option<Stored> {
    let by_user = sim.log().kept().filter(|c| c.by == Actor::User);
    let object = by_user.last()?.after.as_ref()?.encode();
    let part = |path: &[&str]| object.at(path).cloned();
    let mut spec = part(&["spec"]).unwrap_or_else(Value::map);
    spec.remove(&["template"]);
    Some(Stored {
        labels: part(&["metadata", "labels"]).unwrap_or_default(),
        generation: part(&["metadata", "generation"]).unwrap_or_default(),
        spec,
    })
}
