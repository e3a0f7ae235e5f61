//! What can go wrong: what its sentences are made from. A kind of finding, of act and of change is a word each, by which a row is chosen.

use std::sync::OnceLock;

use super::ITEMS;
use base::sentences::Table;

/// The English rows: a table of their own, which comes with the code that searches (`src/bin/dev/data.rs`).
#[inline(never)]
pub(super) fn rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[include_str!("en/risks.txt"), ITEMS]))
}

/// The key of a finding.
pub const FOUND: &str = "risks.found";

/// What a finding shows to have gone wrong: its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// Acknowledged writes are on no volume any more.
    DataLost,
    /// A volume went with what was on it.
    VolumeDeleted,
    /// Data are in a directory that goes with its pod.
    Fleeting,
    /// Two processes write under one identity.
    TwoWriters,
    /// One fault takes the quorum.
    QuorumLost,
    /// A rollout waits for a pod of a revision that nobody wants any more.
    RollbackTrap,
    /// Members wait for each other's names before they are Ready.
    ReadinessDeadlock,
    /// A volume is on a node that is away.
    VolumePinned,
    /// A pod on a silent node stays until somebody acts.
    Terminating,
    /// A budget lets no pod go from a drained node.
    DrainEndless,
    /// Pods are updated only by whoever deletes them.
    OnDelete,
    /// Something else waits for ever.
    Stuck,
    /// Members have come together on one node.
    Together,
    /// Nobody is served for long.
    Unavailable,
}

impl Harm {
    /// All of them.
    pub const ALL: [Harm; 14] = [
        Harm::DataLost,
        Harm::VolumeDeleted,
        Harm::Fleeting,
        Harm::TwoWriters,
        Harm::QuorumLost,
        Harm::RollbackTrap,
        Harm::ReadinessDeadlock,
        Harm::VolumePinned,
        Harm::Terminating,
        Harm::DrainEndless,
        Harm::OnDelete,
        Harm::Stuck,
        Harm::Together,
        Harm::Unavailable,
    ];

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Harm::DataLost => "data-lost",
            Harm::VolumeDeleted => "volume-deleted",
            Harm::Fleeting => "fleeting",
            Harm::TwoWriters => "two-writers",
            Harm::QuorumLost => "quorum-lost",
            Harm::RollbackTrap => "rollback-trap",
            Harm::ReadinessDeadlock => "readiness-deadlock",
            Harm::VolumePinned => "volume-pinned",
            Harm::Terminating => "terminating",
            Harm::DrainEndless => "drain-endless",
            Harm::OnDelete => "on-delete",
            Harm::Stuck => "stuck",
            Harm::Together => "together",
            Harm::Unavailable => "unavailable",
        }
    }
}

/// The kinds of acts.
pub const ACTS: [&str; 17] = [
    "silent",
    "off",
    "node-deleted",
    "drained",
    "forced",
    "broken",
    "crashing",
    "unready",
    "rollout",
    "pod-deleted",
    "all-deleted",
    "claim-deleted",
    "volume-lost",
    "moved",
    "scaled-in",
    "scaled-out",
    "unpublished",
];

/// How bad a finding is.
pub const LEVELS: [&str; 5] = ["data", "writers", "quorum", "stuck", "unavailable"];

/// How often something is met.
pub const RATES: [&str; 5] = ["always", "routine", "often", "sometimes", "seldom"];

/// What is true of every StatefulSet.
pub const COMMON: [&str; 5] = ["claim", "silent", "forced", "volume", "together"];

/// When an act of a course begins.
pub const WHENS: [&str; 4] = ["at-once", "soon", "later", "after"];

/// The changes of a manifest that are tried.
pub const CHANGES: [&str; 17] = [
    "parallel",
    "rolling",
    "replicas",
    "copies",
    "several",
    "retain",
    "grace",
    "anti-affinity",
    "spread",
    "readiness",
    "liveness",
    "anywhere",
    "prefer",
    "publish",
    "reclaim",
    "claim",
    "budget",
];
