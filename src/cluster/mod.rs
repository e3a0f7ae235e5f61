//! The cluster around the controllers: what places pods, runs them, provisions their volumes and resolves their names.

pub mod command;
pub mod dns;
pub mod images;
pub mod inside;
pub mod kubelet;
pub mod network;
pub mod runtime;
pub mod scheduler;
pub mod timing;
