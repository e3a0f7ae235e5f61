//! Which pods a ReplicaSet deletes first when it scales down.
//!
//! Models pkg/controller/controller_utils.go ActivePodsWithRanks and replica_set.go getPodsToDelete, getPodsRankedByRelatedPodsOnSameNode.
//! Among pods that became Ready in the same second, upstream prefers those that restarted more often; here such ties are broken by
//! uid, which makes the order total.

use base::sort::Sort;
use base::sorted::SortedMap;
use std::cmp::Reverse;
use std::rc::Rc;

use super::Sync;
use crate::replica_pods::ReplicaPods;
use api::kind::Kind;
use api::object::pod::READY;
use api::object::{Name, Pod, PodPhase, Uid};
use base::time::Time;

/// The annotation that makes a pod more or less costly to delete. Models core.PodDeletionCost.
const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";

/// A pod's rank: the lowest is deleted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Worth {
    assigned: bool,
    phase: PodPhase,
    ready: bool,
    cost: i64,
    neighbours: Reverse<usize>,
    ready_for: u32,
    restarts: Reverse<i64>,
    age: u32,
    uid: Uid,
}

impl Worth {
    fn of(pod: &Pod, neighbours: usize, now: Time) -> Self {
        let ready = pod.ready();
        let since = pod.condition(READY).map(|c| c.since).unwrap_or_default();
        let unless_ready = |n: u32| if ready { 0 } else { n };
        let restarts = pod.status.containers.iter().map(|c| c.restarts).max().unwrap_or(0);
        Worth {
            assigned: pod.node.is_some(),
            phase: pod.status.phase,
            ready,
            cost: pod.meta.annotation(DELETION_COST).and_then(|cost| cost.parse().ok()).unwrap_or(0),
            neighbours: Reverse(neighbours),
            ready_for: if ready { magnitude(since, now) } else { 0 },
            restarts: Reverse(if ready { 0 } else { restarts }),
            age: unless_ready(magnitude(pod.meta.created, now)),
            uid: pod.meta.uid,
        }
    }
}

/// How long ago something was, on a logarithmic scale of nanoseconds: 0 for now, one more for each doubling.
/// Models controller_utils.go logarithmicRankDiff; timestamps have whole seconds.
fn magnitude(since: Time, now: Time) -> u32 {
    const NANOSECONDS: u64 = 1_000_000;
    now.since(since.stamp()).0.saturating_mul(NANOSECONDS).checked_ilog2().map_or(0, |n| n + 1)
}

impl Sync<'_> {
    /// The `count` pods to delete.
    pub(super) fn to_delete(&self, count: usize) -> Vec<Rc<Pod>> {
        let own = self.view.cache.replicas_of(self.set.meta.uid).into_iter().flat_map(ReplicaPods::active);
        let own = own.filter_map(|name| self.view.cache.tables.pod(&self.set.meta.namespace, name));
        let mut pods: Vec<&Rc<Pod>> = own.chain(self.adopted.iter().copied()).collect();
        if count < pods.len() {
            let neighbours = self.active_by_node();
            let on = |pod: &Pod| pod.node.as_ref().and_then(|node| neighbours.get(node)).copied().unwrap_or(0);
            pods.sort_small_by_key(|pod| Worth::of(pod, on(pod), self.view.now));
        }
        pods.into_iter().take(count).cloned().collect()
    }

    /// The number of active pods per node, over the sets with this one's owner: none where it has no owner, so that pods of a lone set
    /// count as no one's neighbours. Models getReplicaSetsWithSameController.
    fn active_by_node(&self) -> SortedMap<Name, usize> {
        let cache = self.view.cache;
        let owner = self.set.meta.controller().map(|o| o.uid);
        let family = owner.into_iter().flat_map(|uid| cache.dependents(uid)).filter(|key| key.kind == Kind::ReplicaSet);
        let family = family
            .filter_map(|key| cache.tables.replica_set(&key.namespace, &key.name))
            .filter(|s| s.meta.controller().map(|o| o.uid) == owner);
        let pods = family.filter_map(|set| cache.replicas_of(set.meta.uid)).flat_map(ReplicaPods::active);
        let mut count = SortedMap::new();
        for node in pods.filter_map(|name| cache.tables.pod(&self.set.meta.namespace, name)?.node.as_ref()) {
            *count.entry(Rc::clone(node)).or_default() += 1;
        }
        count
    }
}
