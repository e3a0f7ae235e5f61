//! What a controller sees in a sync: the cache, the time, and what else it reads of a cluster.

use api::object::ObjectKey;
use api::release::Release;
use base::dice::Dice;
use base::time::{Span, Time};
use server::tables::Tables;
use why::{Component, Decision, Reason, Verdict};

use super::cache::Cache;
use super::heartbeat::Heartbeat;
use super::plan::Plan;

/// What controllers read of a cluster besides its objects.
pub struct Environment<'a> {
    /// From a write until it is seen.
    pub watch: Span,
    /// From seeing a change until the sync it causes.
    pub sync: Span,
    /// The same where the garbage collector looks up an object and its owners again before.
    pub collect: Span,
    /// The time between two checks of the nodes.
    pub node_monitor_period: Span,
    /// How long a node may be silent.
    pub node_monitor_grace: Span,
    /// Whether volumes have drivers, which attach them.
    pub has_drivers: bool,
    /// Determines the order of what upstream does in parallel.
    pub dice: Dice,
    /// When the lease of a node is renewed, if it has a kubelet: leases are not kept as objects.
    pub heartbeat: &'a dyn Fn(&str) -> Option<Heartbeat>,
}

/// What a sync gets to see.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The controllers' cache.
    pub cache: &'a Cache,
    /// The API server's current state, for the few controllers that read from it before they let something go.
    pub live: &'a Tables,
    /// The time of the sync; sampled once.
    pub now: Time,
    /// The Kubernetes release being modelled.
    pub release: &'static Release,
    /// Whether the cache does not show this controller's own last writes to this object yet.
    pub behind: bool,
    /// What else of the cluster it sees.
    pub around: &'a Environment<'a>,
}

impl View<'_> {
    /// The plan of a controller that does not see its own last writes yet: it waits, and looks again as after a failure.
    /// Models pkg/controller/util/consistency EnsureReady and, for other kinds, pkg/controller SatisfiedExpectations.
    pub(crate) fn stale(&self, who: Component, key: &ObjectKey) -> Option<Plan> {
        self.behind.then(|| Plan {
            error: Some("cache is behind own writes".into()),
            ..Plan::nothing(Decision::new(who, key.clone(), Verdict::Waits, Reason::CacheBehindOwnWrites))
        })
    }
}
