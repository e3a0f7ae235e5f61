//! The cluster around the controllers: who places pods, runs them, makes their volumes, resolves their names.

pub mod command;
pub mod dns;
pub mod images;
pub mod inside;
pub mod kubelet;
pub mod network;
pub mod runtime;
pub mod scheduler;
pub mod timing;
