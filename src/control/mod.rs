//! The controllers: pure planners over what their caches show.
//!
//! Promises: the same view and time give the same plan; every plan names its reasons.
//! Must not know: how requests are sent, the queue of events, randomness, the browser.

pub mod cache;
pub mod endpoint_slice;
pub mod facts;
pub mod garbage_collector;
pub mod plan;
pub mod protection;
pub mod stateful_set;
pub mod volume_binder;
pub mod volume_match;
