//! What a program has around it: its container, the cluster, the time.

use super::disks::Disks;
use super::place::ContainerInfo;
use base::time::Time;
use server::tables::Tables;

/// The surroundings of a program.
pub struct ProgramContext<'a> {
    /// The container; `None` for a machine outside the cluster network.
    pub place: Option<&'a ContainerInfo>,
    /// The cluster.
    pub tables: &'a Tables,
    pub disks: &'a mut Disks,
    /// The present.
    pub now: Time,
    /// The working directory.
    pub folder: &'a str,
    /// What it is passed of a variable; empty if that is not set.
    pub variable: &'a dyn Fn(&str) -> String,
}
