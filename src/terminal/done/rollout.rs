//! `kubectl rollout status`, and the health check that Argo CD took from it.
//!
//! Models k8s.io/kubectl/pkg/polymorphichelpers rollout_status.go and gitops-engine/pkg/health health_statefulset.go, health.go.

use crate::fields::{count, generation, partition, replicas, revision, strategy};
use crate::said::{Said, Status, Verdict};
use base::value::Value;

/// The finalizer with which Argo CD's own hooks end; a set that has it is not told to be going.
const HOOK_FINALIZER: &str = "argocd.argoproj.io/hook-finalizer";

/// What one look of `kubectl rollout status` prints, without the end of the line.
pub fn kubectl(set: &Value) -> Said {
    if strategy(set) != "RollingUpdate" {
        return Said::new(Verdict::Error, "rollout status is only available for RollingUpdate strategy type");
    }
    status(set)
}

/// The health, and its message.
pub fn argo(set: &Value) -> Said {
    let metadata = |field: &str| set.at(&["metadata", field]).filter(|value| !value.is_null());
    let finalizers: Vec<&str> = set.list_at(&["metadata", "finalizers"]).iter().filter_map(Value::as_text).collect();
    if metadata("deletionTimestamp").is_none() || finalizers.contains(&HOOK_FINALIZER) {
        let said = status(set);
        return Said::called(if said.verdict == Verdict::Ready { Status::Healthy } else { Status::Progressing }, said.words);
    }
    let blocked = if finalizers.is_empty() { String::new() } else { format!("; blocked by finalizers: {}", finalizers.join(", ")) };
    Said::called(Status::Progressing, Some(format!("Pending deletion{blocked}")))
}

fn status(set: &Value) -> Said {
    let waits = |words: String| Said::new(Verdict::Waits, words);
    let observed = count(set, "observedGeneration");
    if observed == 0 || generation(set) > observed {
        return waits("Waiting for statefulset spec update to be observed...".to_owned());
    }
    let (ready, updated) = (count(set, "readyReplicas"), count(set, "updatedReplicas"));
    if let Some(missing) = replicas(set).map(|wanted| wanted - ready).filter(|missing| *missing > 0) {
        return waits(format!("Waiting for {missing} pods to be ready..."));
    }
    let rolls = set.at(&["spec", "updateStrategy", "rollingUpdate"]).is_some_and(|of| !of.is_null());
    match strategy(set) {
        "RollingUpdate" if rolls => {
            if let Some(wanted) = replicas(set).zip(partition(set)).map(|(all, partition)| all - partition).filter(|all| updated < *all) {
                return waits(format!(
                    "Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated..."
                ));
            }
            return Said::new(Verdict::Ready, format!("partitioned roll out complete: {updated} new pods have been updated..."));
        }
        "OnDelete" => return Said::new(Verdict::Ready, format!("statefulset has {ready} ready pods")),
        _ => {}
    }
    let (current, update) = (revision(set, "currentRevision"), revision(set, "updateRevision"));
    if update != current {
        return waits(format!("waiting for statefulset rolling update to complete {updated} pods at revision {update}..."));
    }
    let all = count(set, "currentReplicas");
    Said::new(Verdict::Ready, format!("statefulset rolling update complete {all} pods at revision {current}..."))
}
