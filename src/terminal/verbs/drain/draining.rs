//! A `drain` under way: the nodes left, and how far the eviction of each pod is.

use crate::write::DryRun;
use api::object::NamespacedName;
use base::time::{Span, Time};
use kubectl::select::Filter;

/// What the flags ask for.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) force: bool,
    pub(super) ignore_daemon_sets: bool,
    pub(super) delete_local_data: bool,
    pub(super) delete: bool,
    pub(super) grace: Option<i64>,
    pub(super) pods: Filter,
    pub(super) timeout: Option<Span>,
    pub(super) dry_run: DryRun,
}

/// How far one pod's eviction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// To be asked for at an instant.
    Evict(Time),
    /// Granted; to be looked after at an instant.
    Leaving(Time),
}

#[derive(Clone)]
pub(super) struct Victim {
    pub(super) name: NamespacedName,
    pub(super) uid: String,
    pub(super) stage: Stage,
}

/// What goes wrong with a node, in words.
#[derive(Clone)]
pub(super) enum Trouble {
    /// Some of its pods are not asked to go.
    Refused(String),
    Failed(String),
}

impl Trouble {
    pub(super) fn words(self) -> String {
        match self {
            Trouble::Refused(words) | Trouble::Failed(words) => words,
        }
    }
}

/// A drain under way.
#[derive(Clone)]
pub struct Drain {
    pub(super) rules: Rules,
    /// The nodes still to be drained, the present one last.
    pub(super) nodes: Vec<String>,
    /// The pods of the present node.
    pub(super) pods: Vec<Victim>,
    /// When the pods of the present node were first asked to go; `None` before that.
    pub(super) started: Option<Time>,
    /// Nodes that could not be drained.
    pub(super) failed: Vec<String>,
    /// What went wrong with the present node.
    pub(super) failures: Vec<Trouble>,
    /// What went wrong with those before.
    pub(super) told: Vec<Trouble>,
}
