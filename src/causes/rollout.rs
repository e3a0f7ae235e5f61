//! Which revision a pod keeps, comes back at, and fails on in vain.

use crate::Instant;
use crate::ground::fails_by_itself;
use crate::pod::{PodState, pod_word};
use api::object::stateful_set::{PodManagementPolicy, UpdateStrategy};
use api::object::{Pod, StatefulSet};
use api::well_known::CONTROLLER_REVISION_HASH;
use why::Reason;

/// The `partition` of a set; 0 where none is set.
pub fn partition_of(set: &StatefulSet) -> i64 {
    set.spec.rolling_update.as_ref().map_or(0, |update| update.partition)
}

/// Whether a pod was created from an older revision than the newest.
pub fn is_old(set: &StatefulSet, pod: &Pod) -> bool {
    let hash = pod.meta.label(CONTROLLER_REVISION_HASH);
    !set.status.update_revision.is_empty() && hash.is_some_and(|hash| **hash != *set.status.update_revision)
}

/// The rule by which a running pod keeps an old revision. `decided` is the controller's latest decision.
pub fn keeps(set: &StatefulSet, pod: &Pod, decided: Option<&Reason>) -> Option<Reason> {
    if !is_old(set, pod) || pod.meta.terminating() || pod_word(pod, false).state == PodState::Bad {
        return None;
    }
    let floor = set.spec.start + partition_of(set);
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
pub fn is_trapped(shot: &Instant, set: &StatefulSet, pod: &Pod) -> bool {
    let fails = || pod_word(pod, false).state == PodState::Bad || fails_by_itself(shot, pod);
    waits_in_vain(set, pod) && fails()
}

/// Whether a controller that waits for a pod waits for an outdated revision, which it would replace; not where a partition holds it there.
pub fn waits_in_vain(set: &StatefulSet, pod: &Pod) -> bool {
    let held = set.spec.rolling_update.is_some() && comes_back_old(set, pod);
    is_old(set, pod) && !held && set.spec.policy == PodManagementPolicy::OrderedReady && !pod.meta.terminating()
}
