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

base::named! {
    /// What a finding shows to have gone wrong: its kind.
    Harm {
        /// Acknowledged writes are on no volume any more.
        DataLost "data-lost",
        /// A volume went with what was on it.
        VolumeDeleted "volume-deleted",
        /// Data are in a directory that goes with its pod.
        Fleeting "fleeting",
        /// Two processes write under one identity.
        TwoWriters "two-writers",
        /// One fault takes the quorum.
        QuorumLost "quorum-lost",
        /// A rollout waits for a pod of a revision that nobody wants any more.
        RollbackTrap "rollback-trap",
        /// Members wait for each other's names before they are Ready.
        ReadinessDeadlock "readiness-deadlock",
        /// A volume is on a node that is away.
        VolumePinned "volume-pinned",
        /// A pod on a silent node stays until somebody acts.
        Terminating "terminating",
        /// A budget lets no pod go from a drained node.
        DrainEndless "drain-endless",
        /// Pods are updated only by whoever deletes them.
        OnDelete "on-delete",
        /// Something else waits for ever.
        Stuck "stuck",
        /// Members have come together on one node.
        Together "together",
        /// Nobody is served for long.
        Unavailable "unavailable",
    }
}

base::named! {
    /// How bad a finding is, the worst first.
    Level {
        /// Acknowledged data are gone.
        Data "data",
        /// Two processes write under one identity.
        Writers "writers",
        /// One fault takes the quorum.
        Quorum "quorum",
        /// It stays as it is until somebody acts.
        Stuck "stuck",
        /// Nobody is served for long.
        Unavailable "unavailable",
    }
}

base::named! {
    /// How often something is met in practice, the most frequent first.
    Rate {
        /// Nothing has to happen.
        Always "always",
        Routine "routine",
        Often "often",
        Sometimes "sometimes",
        Seldom "seldom",
    }
}

base::named! {
    /// What is true of every StatefulSet.
    Common {
        /// The volume of a claim that is deleted is deleted.
        Claim "claim",
        /// Nothing replaces a pod while its node is silent.
        Silent "silent",
        /// A forced deletion leaves the old process behind.
        Forced "forced",
        /// A volume that is lost does not come back.
        Volume "volume",
        /// Two faults at once take more than one.
        Together "together",
    }
}
