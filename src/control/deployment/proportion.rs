//! What each ReplicaSet gets of the pods by which a Deployment grows or shrinks in the middle of a rollout.
//!
//! Models pkg/controller/deployment/sync.go scale (its last part) and util/deployment_util.go GetReplicaSetProportion.

use std::cmp::Reverse;
use std::rc::Rc;

use super::MAX_REPLICAS;
use crate::api::object::{Deployment, ReplicaSet};
use crate::base::sort::Sort;

/// How many pods each of the ReplicaSets that have any is to have: in proportion to those it has, what is left over to the largest.
pub(super) fn shares(deployment: &Deployment, mut active: Vec<Rc<ReplicaSet>>) -> Vec<(Rc<ReplicaSet>, i64)> {
    let wanted = deployment.spec.replicas;
    let allowed = if wanted > 0 { wanted + deployment.max_surge() } else { 0 };
    let to_add = allowed - active.iter().map(|s| s.spec.replicas).sum::<i64>();
    let age = |s: &ReplicaSet| (s.meta.created.stamp(), Rc::clone(&s.meta.name));
    if to_add > 0 {
        active.put_in_order_of(|s| Reverse((s.spec.replicas, age(s))));
    } else {
        active.put_in_order_of(|s| (Reverse(s.spec.replicas), age(s)));
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

/// By how much a ReplicaSet would grow or shrink as the Deployment did. Models deployment_util.go getReplicaSetFraction.
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

/// A quotient of what is not negative, rounded to the nearest whole number, halves up.
fn rounded(n: i64, by: i64) -> i64 {
    n.saturating_mul(2).saturating_add(by) / by.saturating_mul(2)
}
