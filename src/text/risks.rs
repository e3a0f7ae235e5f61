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

/// The kinds of findings.
pub const KINDS: [&str; 14] = [
    "data-lost",
    "volume-deleted",
    "fleeting",
    "two-writers",
    "quorum-lost",
    "rollback-trap",
    "readiness-deadlock",
    "volume-pinned",
    "terminating",
    "drain-endless",
    "on-delete",
    "stuck",
    "together",
    "unavailable",
];

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
