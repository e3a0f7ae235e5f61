//! Validation cases: a manifest, what kubectl says when it is applied, and what the API server keeps of it.
//!
//! Each case is played on a fresh cluster in which nothing runs, so that only kubectl and the API server have a say.

use serde::{Deserialize, Serialize};

use crate::api::release::Release;
use crate::base::value::Value;
use crate::kubectl::{Files, Job, Progress};
use crate::server::log::Actor;
use crate::sim::{Setup, Sim};

/// The name of a case's manifest, as kubectl's sentences have it.
const MANIFEST: &str = "case.yaml";
/// The name of the manifest that is applied before it.
const SETUP: &str = "setup.yaml";

/// A case, but for what a real cluster made of it.
#[derive(Deserialize)]
struct Case {
    id: String,
    manifest: String,
    setup: Option<String>,
}

/// What became of a case.
#[derive(Serialize)]
struct Outcome {
    id: String,
    apply: Output,
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

/// Plays one line of a file of cases; the line that tells what became of it. An error says why it is no case.
pub fn play_case(line: &str, release: &'static Release) -> Result<String, String> {
    let case: Case = serde_json::from_str(line).map_err(|e| format!("no validation case: {e}"))?;
    let mut sim = Sim::new(&Setup { release, classes: Vec::new(), ..Setup::default() });
    if let Some(setup) = &case.setup {
        apply(&mut sim, SETUP, setup);
    }
    let output = apply(&mut sim, MANIFEST, &case.manifest);
    let one = output.rc == 0 && output.stdout.lines().count() == 1;
    let stored = if one { stored(&sim) } else { None };
    serde_json::to_string(&Outcome { id: case.id, apply: output, stored }).map_err(|e| e.to_string())
}

/// Applies a manifest at once, without letting time pass.
fn apply(sim: &mut Sim, name: &str, manifest: &str) -> Output {
    let files: Files = [(name, manifest)].into_iter().collect();
    let mut job = Job::new(&format!("apply -f {name}"), &files);
    let rc = match job.poll(sim) {
        Progress::Done { rc } => rc,
        Progress::Waiting { .. } => 1,
    };
    Output { rc, stdout: job.stdout(), stderr: job.stderr() + &job.note() }
}

/// What the API server kept of what the user wrote last. Like the recorded cases it leaves out the template of a workload.
fn stored(sim: &Sim) -> Option<Stored> {
    let by_user = sim.log().from(0).filter(|c| c.by == Actor::User);
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
