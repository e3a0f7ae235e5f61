//! The search for runs in which processes of two pods have the same identity: what a StatefulSet guarantees never to happen, until
//! somebody forces it.

use std::fmt;

use super::{Ended, OPERATIONS_PER_WORLD, Play, WorkloadMix, shrink};
use crate::file::Step;
use crate::write;
use api::release::Release;
use base::dice::mix;
use sim::process::Split;

/// A way to break the guarantee: telling the control plane that something is dead which may be alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HazardKind {
    /// Deleting a pod without waiting for its kubelet (`--force`).
    ForceDelete,
    /// Deleting the Node of a running machine.
    DeleteNode,
    /// Declaring a running machine to be off, with the taint `node.kubernetes.io/out-of-service`.
    OutOfService,
}

impl HazardKind {
    /// All dares.
    pub const ALL: [HazardKind; 3] = [HazardKind::ForceDelete, HazardKind::DeleteNode, HazardKind::OutOfService];
}

/// Its name on a command line.
impl fmt::Display for HazardKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            HazardKind::ForceDelete => "force-delete",
            HazardKind::DeleteNode => "delete-node",
            HazardKind::OutOfService => "out-of-service",
        })
    }
}

/// A run in which two processes had the same identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The number of the world in which it was found, counted from 1.
    pub world: u64,
    /// The first time it happened.
    pub split: Split,
    /// The shortest such run, as the text of a scenario file.
    pub scenario: String,
}

/// Looks for a run in which a dare leads to two processes with one identity, in at most this many worlds.
pub fn search(seed: u64, dare: HazardKind, worlds: u64, release: &'static Release) -> Option<Found> {
    let all: Vec<u64> = (0..OPERATIONS_PER_WORLD).collect();
    (1..=worlds).find_map(|world| {
        let play = Play { cast: WorkloadMix::Sets, seed: mix(seed ^ mix(world)), dare: Some(dare), release };
        let shows = |operations: &[u64]| {
            let ended = play.operations(operations);
            ended.splits.first().cloned().map(|split| (split, ended))
        };
        let first = shows(&all)?;
        let (split, Ended { mut scenario, .. }) = shrink::shortest(&all, first, shows);
        scenario.name = format!("two-lives-by-{dare}");
        scenario.title = format!("Two processes of {} at once", split.identity.name);
        scenario.steps.push(Step::Note(format!("processes of two pods run under {} since {}", split.identity, split.at)));
        Some(Found { world, split, scenario: write::text(&scenario) })
    })
}
