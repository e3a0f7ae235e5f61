//! The controllers: planners over what a [`View`] shows.
//!
//! Promises: a plan is a function of the view, and of the controller's own memory where it has one, which it updates; every plan
//! that sends requests names its reasons.
//! Must not know: how requests are sent, the queue of events, any chance but the keyed one, the browser.

pub mod attach_detach;
pub mod attachments;
pub mod autoscaler;
pub mod cache;
pub mod cron_job;
pub mod daemon_set;
pub mod definition;
pub mod deployment;
pub mod disruption;
pub mod endpoint_slice;
pub mod endpoints;
pub mod ephemeral_volume;
pub mod garbage_collector;
pub mod heartbeat;
pub mod job;
pub mod namespace;
pub mod namespace_objects;
pub mod node_lifecycle;
pub mod plan;
pub mod pod_control;
pub mod pod_gc;
pub mod protection;
pub mod replica_pods;
pub mod replica_set;
pub mod resource_quota;
pub mod set_pods;
pub mod slice_mirroring;
pub mod stateful_set;
pub mod taint_eviction;
pub mod token;
pub mod volume_binder;
pub mod volume_maker;
pub mod volume_match;

use api::object::ObjectKey;
use api::release::Release;
use base::time::Time;
use cache::Cache;
use plan::Plan;
use server::tables::Tables;
use why::{Component, Decision, Reason, Verdict};

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
}

impl View<'_> {
    /// The plan of a controller that does not see its own last writes yet: it waits, and looks again as after a failure.
    /// Models pkg/controller/util/consistency EnsureReady and, for other kinds, pkg/controller SatisfiedExpectations.
    fn stale(&self, who: Component, key: &ObjectKey) -> Option<Plan> {
        self.behind.then(|| Plan {
            error: Some("cache is behind own writes".into()),
            ..Plan::nothing(Decision::new(who, key.clone(), Verdict::Waits, Reason::CacheBehindOwnWrites))
        })
    }
}

#[cfg(test)]
impl<'a> View<'a> {
    /// What the newest release's controllers see where the cache lags behind nothing.
    pub fn at(cache: &'a Cache, now: Time) -> Self {
        View { cache, live: &cache.tables, now, release: &api::release::V1_37, behind: false }
    }
}
