//! Ordinal: a deterministic model of the Kubernetes control plane around `StatefulSets`.

pub mod api;
pub mod base;
pub mod cluster;
pub mod control;
pub mod kubectl;
pub mod scenario;
pub mod server;
pub mod sim;
pub mod text;
pub mod view;
pub mod why;
pub mod yaml;
