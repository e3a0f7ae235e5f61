//! kstatus, by which Flux and Helm 4 wait: of a set alone, and of a set with its pods.
//!
//! Models fluxcd/cli-utils/pkg/kstatus: status/generic.go, status/core.go, polling/statusreaders/pod_controller.go. The versions of Flux
//! and of Helm 4 do not differ here.

use crate::fields::{count, namespace, partition, replicas, revision, strategy};
use crate::said::{Said, Status};
use base::label::LabelSelector;
use base::value::Value;

type Computed = (Status, String);

/// What kstatus computes of a set without a look at its pods.
pub fn alone(set: &Value) -> Said {
    said(generic(set).unwrap_or_else(|| of_set(set)))
}

/// The same, and failed where a pod of a set in progress has failed for good.
pub fn with_pods<'a>(set: &Value, pods: impl IntoIterator<Item = &'a Value>) -> Said {
    if set.at(&["spec", "selector"]).is_none() {
        return said((Status::Unknown, "no selector found".to_owned()));
    }
    let computed = generic(set).unwrap_or_else(|| of_set(set));
    let failed = pods.into_iter().filter(|pod| is_own(set, pod) && has_failed(pod)).count();
    if computed.0 == Status::InProgress && failed > 0 {
        return said((Status::Failed, format!("{failed} pods have failed")));
    }
    said(computed)
}

/// Whether a pod is where the set is, and has the labels that its selector asks for.
pub fn is_own(set: &Value, pod: &Value) -> bool {
    let selector = set.at(&["spec", "selector"]).and_then(LabelSelector::of_value);
    let label = |key: &str| pod.text_at(&["metadata", "labels", key]);
    namespace(pod) == namespace(set) && selector.is_some_and(|selector| selector.matches(label))
}

fn said((status, message): Computed) -> Said {
    Said::called(status, Some(message))
}

/// What deletion, generation and the conditions of the project's own tell of an object of any kind.
fn generic(object: &Value) -> Option<Computed> {
    if object.text_at(&["metadata", "deletionTimestamp"]).is_some_and(|time| !time.is_empty()) {
        return Some((Status::Terminating, "Resource scheduled for deletion".to_owned()));
    }
    let (generation, observed) = (object.int_at(&["metadata", "generation"]), object.int_at(&["status", "observedGeneration"]));
    if let Some((generation, observed)) = generation.zip(observed).filter(|(generation, observed)| generation != observed) {
        let kind = object.text_at(&["kind"]).unwrap_or_default();
        return Some((Status::InProgress, format!("{kind} generation is {generation}, but latest observed generation is {observed}")));
    }
    object.list_at(&["status", "conditions"]).iter().filter(|one| one.text_at(&["status"]) == Some("True")).find_map(|one| {
        let status = match one.text_at(&["type"])? {
            "Reconciling" => Status::InProgress,
            "Stalled" => Status::Failed,
            _ => return None,
        };
        Some((status, one.text_at(&["message"]).unwrap_or_default().to_owned()))
    })
}

fn of_set(set: &Value) -> Computed {
    if strategy(set) == "OnDelete" {
        return (Status::Current, "StatefulSet is using the ondelete update strategy".to_owned());
    }
    let waits = |message: String| (Status::InProgress, message);
    let wanted = replicas(set).unwrap_or(1);
    let (all, ready, updated) = (count(set, "replicas"), count(set, "readyReplicas"), count(set, "updatedReplicas"));
    if wanted > all {
        return waits(format!("Replicas: {all}/{wanted}"));
    }
    if wanted > ready {
        return waits(format!("Ready: {ready}/{wanted}"));
    }
    if all > wanted {
        return waits(format!("Pending termination: {}", all - wanted));
    }
    // A partition of -1 is none.
    if let Some(partition) = partition(set).filter(|partition| *partition != -1) {
        let expected = wanted - partition;
        return if updated < expected {
            waits(format!("updated: {updated}/{expected}"))
        } else {
            (Status::Current, format!("Partition rollout complete. updated: {updated}"))
        };
    }
    let current = count(set, "currentReplicas");
    if wanted > current {
        return waits(format!("current: {current}/{wanted}"));
    }
    if revision(set, "currentRevision") != revision(set, "updateRevision") {
        return waits("Waiting for updated revision to match current".to_owned());
    }
    (Status::Current, format!("All replicas scheduled as expected. Replicas: {all}"))
}

/// Whether a pod has failed, and neither goes nor merely waits for a node.
pub fn has_failed(pod: &Value) -> bool {
    let has = |condition: &str, status: &str, reason: Option<&str>| {
        pod.list_at(&["status", "conditions"]).iter().any(|one| {
            one.text_at(&["type"]) == Some(condition)
                && one.text_at(&["status"]) == Some(status)
                && reason.is_none_or(|reason| one.text_at(&["reason"]) == Some(reason))
        })
    };
    if has("PodScheduled", "False", Some("Unschedulable")) {
        return false;
    }
    if let Some((status, _)) = generic(pod) {
        return status == Status::Failed;
    }
    let crashes = |one: &Value| one.text_at(&["state", "waiting", "reason"]) == Some("CrashLoopBackOff");
    pod.text_at(&["status", "phase"]) == Some("Running")
        && !has("Ready", "True", None)
        && pod.list_at(&["status", "containerStatuses"]).iter().any(crashes)
}
