//! The controllers: pure planners over what their cache shows.
//!
//! Promises: the same view and time give the same plan; every plan names its reasons.
//! Must not know: how requests are sent, the queue of events, randomness, the browser.

pub mod attach_detach;
pub mod autoscaler;
pub mod cache;
pub mod cron_job;
pub mod daemon_set;
pub mod deployment;
pub mod disruption;
pub mod endpoint_slice;
pub mod facts;
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
pub mod stateful_set;
pub mod taint_eviction;
pub mod volume_binder;
pub mod volume_match;

use crate::api::release::Release;
use crate::base::time::Time;
use cache::Cache;

/// What a workload controller's sync gets to see.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The controllers' cache.
    pub cache: &'a Cache,
    /// The time of the sync; sampled once.
    pub now: Time,
    /// The Kubernetes release being modelled.
    pub release: &'static Release,
    /// Whether the cache does not show this controller's own last writes to this object yet.
    pub behind: bool,
}
