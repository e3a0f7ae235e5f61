//! The cluster around the controllers: scheduling and running pods, provisioning their volumes, and resolving their names.

pub mod command;
pub mod dns;
pub mod images;
pub mod inside;
pub mod kubelet;
pub mod network;
pub mod programs;
pub mod provisioner;
pub mod runtime;
pub mod scheduler;
pub mod stand_in;
pub mod timing;
pub mod zones;
