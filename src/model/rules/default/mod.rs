//! Defaulting: the fields that the API server fills in when the client leaves them out.
//!
//! The server takes three steps: [`apply`] is the scheme's defaulting and depends on the object alone; then [`create`] or
//! [`update`] applies the kind's strategy to a new or changed object: the initial status, the generation, and resetting fields that
//! clients may not set. All are pure and idempotent.
//! Left to the server, because it depends on more than the object: name, uid, timestamps and namespace (before [`create`], which
//! labels jobs with their uid), cluster IPs and node ports (after [`create`]), and all of admission (service accounts,
//! tolerations, classes, finalizers).
//! Not modelled: Windows, cloud volumes.
//!
//! Models pkg/apis/*/v1/defaults.go and pkg/registry/*/*/strategy.go.

mod batch;
mod gates;
mod other;
mod pod;
mod service;
mod storage;
mod strategy;
mod table;
mod workload;

pub use strategy::{create, update};
pub use table::apply;
