//! `rollout pause`, `rollout resume` and `rollout restart`.
//!
//! Models k8s.io/kubectl/pkg/polymorphichelpers objectpauser.go, objectresumer.go and objectrestarter.go.

use crate::manifests;
use crate::targets::{self, Lookup};
use crate::work::{Step, done_or};
use crate::write::Report;
use api::client::Patch;
use api::kind::Kind;
use api::view::{text, truth};
use base::value::Value;
use kubectl::call::Call;
use kubectl::failure::Failure;
use kubectl::session::Session;
use kubectl::target::Target;

/// The template annotation that makes a restart a change.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// Runs `rollout pause`.
pub fn pause(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    change_all(call, session, "paused", |target, _| set_paused(target, true))
}

/// Runs `rollout resume`.
pub fn resume(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    change_all(call, session, "resumed", |target, _| set_paused(target, false))
}

/// Runs `rollout restart`.
pub fn restart(call: &Call, session: &mut Session) -> Result<Step, Failure> {
    change_all(call, session, "restarted", |target, session| {
        let (resource, name) = (target.kind.resource(), &target.name);
        if !matches!(target.kind, Kind::StatefulSet | Kind::Deployment | Kind::DaemonSet) {
            return Err(Failure::client(format!("error: {resource} {name:?} restarting is not supported")));
        }
        if truth(&target.object, &["spec", "paused"]) {
            return Err(Failure::client(format!("error: {resource} {name:?} can't restart paused deployment (run rollout resume first)")));
        }
        let path = ["spec", "template", "metadata", "annotations", RESTARTED_AT];
        let now = session.now().rfc3339();
        if text(&target.object, &path) == now {
            return Err(Failure::client(format!(
                "failed to create patch for {name}: if restart has already been triggered within the past second, please wait \
                 before attempting to trigger another"
            )));
        }
        let mut patch = Value::map();
        patch.set(&path, now);
        Ok(patch)
    })
}

fn set_paused(target: &Target, paused: bool) -> Result<Value, Failure> {
    let (resource, name) = (target.kind.resource(), &target.name);
    if target.kind != Kind::Deployment {
        let word = if paused { "pausing" } else { "resuming" };
        return Err(Failure::client(format!("error: {resource} {name:?} {word} is not supported")));
    }
    if truth(&target.object, &["spec", "paused"]) == paused {
        let word = if paused { "already paused" } else { "not paused" };
        return Err(Failure::client(format!("error: {resource} {name:?} is {word}")));
    }
    let mut patch = Value::map();
    patch.set(&["spec", "paused"], if paused { Value::Bool(true) } else { Value::Null });
    Ok(patch)
}

/// Patches each object with what `patch` returns for it.
fn change_all(
    call: &Call,
    session: &mut Session,
    done: &str,
    patch: impl Fn(&Target, &mut Session) -> Result<Value, Failure>,
) -> Result<Step, Failure> {
    Failure::client_if(call.args.is_empty() && !manifests::are_given(call), "required resource not specified")?;
    let report = Report::of(call)?;
    let (found, mut failures) =
        Failure::parted(targets::find(call, &call.args, session, Lookup { type_means_all: true, ..Lookup::default() })?);
    if found.is_empty() && failures.is_empty() {
        session.output.err(format!("No resources found in {} namespace.", session.namespace(call)));
    }
    for target in found {
        let mut change = || {
            let patch = patch(&target, session)?;
            let patched = session.patch(&target, Patch::strategic(&patch), &report.options);
            let patched = patched.map_err(|status| Failure::client(format!("failed to patch: {}", status.message)))?;
            report.say(session, &target.resource_name(), done, &patched)
        };
        failures.extend(change().err());
    }
    done_or(failures)
}
