//! Which revision a pod keeps, comes back at, and fails on in vain.

use crate::Instant;
use crate::ground::fails_by_itself;
use crate::pod::{PodState, pod_word};
use api::admit::TOLERATED;
use api::object::stateful_set::{PodManagementPolicy, UpdateStrategy};
use api::object::{Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use base::value::Value;
use why::Reason;

/// Whether a pod was created from an older revision than the newest.
pub fn is_old(set: &StatefulSet, pod: &Pod) -> bool {
    let hash = pod.meta.label(CONTROLLER_REVISION_HASH);
    !set.status.update_revision.is_empty() && hash.is_some_and(|hash| **hash != *set.status.update_revision)
}

/// The rule by which a running pod keeps an old revision. `decided` is the controller's latest decision.
pub fn keeps(set: &StatefulSet, pod: &Pod, decided: Option<&Reason>) -> Option<Reason> {
    let runs = pod.node.is_some() && !pod.meta.terminating() && pod_word(pod, false).state != PodState::Bad;
    if !is_old(set, pod) || !runs {
        return None;
    }
    let floor = set.first_updated();
    let held = set.ordinal_of(&pod.meta.name).is_some_and(|ordinal| ordinal < floor);
    match decided {
        _ if set.spec.strategy == UpdateStrategy::RollingUpdate && held => Some(Reason::BelowPartition { below: floor }),
        Some(
            reason @ (Reason::OnDeleteWaitsForYou { .. }
            | Reason::UpdateWaitsForUnavailable { .. }
            | Reason::WaitsForPodToBeReady { .. }
            | Reason::WaitsForPodToBeAvailable { .. }
            | Reason::WaitsForPodToGo { .. }
            | Reason::ReplacingForUpdate { .. }
            | Reason::RecreatingPod { .. }
            | Reason::RecreateWaitsForPodToGo { .. }),
        ) => Some(reason.clone()),
        _ => None,
    }
}

/// Whether a pod that is deleted comes back at the current revision and not at the newest.
pub fn comes_back_old(set: &StatefulSet, pod: &Pod) -> bool {
    let left = set.status.current - i64::from(!pod.meta.terminating());
    set.ordinal_of(&pod.meta.name).is_some_and(|ordinal| set.keeps_current(ordinal, left))
}

/// Whether a pod fails on an outdated revision while the controller waits for it to become Ready; not where a partition holds it there.
/// A pod that no node takes is none where the newest revision asks for the same of a node.
pub fn is_trapped(shot: &Instant, set: &StatefulSet, pod: &Pod) -> bool {
    let fails = || pod_word(pod, false).state == PodState::Bad || fails_by_itself(shot, pod);
    let would_wait_too = || pod.node.is_none() && asks_the_same(&set.spec.template.raw, &pod.spec.template.raw);
    waits_in_vain(set, pod) && fails() && !would_wait_too()
}

/// The fields of a pod's spec that the scheduler reads, but for those of containers, and tolerations.
const PLACING: [&str; 6] = ["affinity", "nodeSelector", "nodeName", "topologySpreadConstraints", "schedulerName", "priorityClassName"];

/// Whether two specs of pods ask for the same of a node.
fn asks_the_same(one: &Value, other: &Value) -> bool {
    let tolerations = |spec: &Value| -> Vec<Value> {
        let own = |one: &&Value| one.text_at(&["key"]).is_none_or(|key| !TOLERATED.contains(&key));
        spec.list_at(&["tolerations"]).iter().filter(own).cloned().collect()
    };
    let asked = |spec: &Value| -> Vec<(Option<Value>, Vec<i64>)> {
        let of = |one: &Value| {
            (one.get("resources").cloned(), one.list_at(&["ports"]).iter().filter_map(|port| port.int_at(&["hostPort"])).collect())
        };
        ["initContainers", "containers"].iter().flat_map(|list| spec.list_at(&[list])).map(of).collect()
    };
    PLACING.iter().all(|field| one.get(field) == other.get(field)) && tolerations(one) == tolerations(other) && asked(one) == asked(other)
}

/// Whether a controller that waits for a pod waits for an outdated revision, which it would replace; not where a partition holds it there.
pub fn waits_in_vain(set: &StatefulSet, pod: &Pod) -> bool {
    let held = set.spec.rolling_update.is_some() && comes_back_old(set, pod);
    is_old(set, pod) && !held && set.spec.policy == PodManagementPolicy::OrderedReady && !pod.meta.terminating()
}
