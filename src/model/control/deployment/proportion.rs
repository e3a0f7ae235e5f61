//! Proportional scaling: how a change of size in the middle of a rollout is distributed over the ReplicaSets.
//!
//! Models pkg/controller/deployment/sync.go scale (its last part) and util/deployment_util.go GetReplicaSetProportion.

use std::cmp::Reverse;
use std::rc::Rc;

use super::MAX_REPLICAS;
use api::object::{Deployment, ReplicaSet};
use base::sort::Sort;

/// The new size of each ReplicaSet that has pods: in proportion to its current size, with the remainder going to the largest.
pub(super) fn shares(deployment: &Deployment, mut active: Vec<Rc<ReplicaSet>>) -> Vec<(Rc<ReplicaSet>, i64)> {
    let wanted = deployment.spec.replicas;
    let allowed = if wanted > 0 { wanted + deployment.max_surge() } else { 0 };
    let to_add = allowed - active.iter().map(|s| s.spec.replicas).sum::<i64>();
    let age = |s: &ReplicaSet| (s.meta.created.stamp(), Rc::clone(&s.meta.name));
    if to_add > 0 {
        active.sort_small_by_key(|s| Reverse((s.spec.replicas, age(s))));
    } else {
        active.sort_small_by_key(|s| (Reverse(s.spec.replicas), age(s)));
    }
    let mut added = 0;
    let mut out = Vec::with_capacity(active.len());
    for set in active {
        let left = to_add - added;
        let fraction = fraction(deployment, &set);
        let share = if to_add > 0 { fraction.min(left) } else { fraction.max(left) };
        let share = if left == 0 { 0 } else { share };
        added += share;
        let size = set.spec.replicas + share;
        out.push((set, size));
    }
    if let Some((_, largest)) = out.first_mut() {
        *largest = (*largest + to_add - added).max(0);
    }
    out
}

/// The proportional change in a ReplicaSet's size, given the Deployment's. Models deployment_util.go getReplicaSetFraction.
fn fraction(deployment: &Deployment, set: &ReplicaSet) -> i64 {
    let wanted = deployment.spec.replicas;
    if wanted == 0 {
        return -set.spec.replicas;
    }
    let before = set.meta.annotation(MAX_REPLICAS).and_then(|m| m.parse().ok()).filter(|m| *m > 0).unwrap_or(deployment.status.replicas);
    if before <= 0 {
        return 0;
    }
    rounded(set.spec.replicas.saturating_mul(wanted + deployment.max_surge()), before) - set.spec.replicas
}

/// A quotient of non-negative integers, rounded half up.
fn rounded(n: i64, by: i64) -> i64 {
    n.saturating_mul(2).saturating_add(by) / by.saturating_mul(2)
}
