//! What is said about things side by side, and about runs that are shared. The English tables show what each entry is.

use super::{About, Count};

/// Two workloads or two branches side by side.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Compare {
    pub button: &'static str,
    /// A Deployment of the same template, in the same cluster.
    pub deployment: &'static str,
    /// The pairs of variants offered; see `playground::preset`.
    pub partition: &'static str,
    pub policy: &'static str,
    pub release: &'static str,
    pub edit: &'static str,
    pub both: &'static str,
    /// That two variants began, and what becomes of what is done.
    pub begun: &'static str,
    pub begun_to_edit: &'static str,
    pub nothing_varies: &'static str,
    /// Which branch stands beside the one shown.
    pub with: &'static str,
    pub with_none: &'static str,
    pub swap: &'static str,
    pub choose_release: &'static str,
    pub title: &'static str,
    /// What the templates of the two have in common: all, all but the claims, not everything.
    pub same_template: &'static str,
    pub without_claims: &'static str,
    pub other_template: &'static str,
    pub ready: &'static str,
    pub updated: &'static str,
    /// A part of a whole.
    pub of: fn(i64, i64) -> String,
    pub settled: &'static str,
    pub names: &'static str,
    /// A name that a new pod took over.
    pub kept: About,
    /// The name that went, and the one that came.
    pub changed: fn(&str, &str) -> String,
    pub coming_up: &'static str,
    pub away: &'static str,
    /// How many at most at one time.
    pub at_once: Count,
    pub replaced_by: &'static str,
    pub most: &'static str,
    pub claims: &'static str,
    /// How many claims, and whether pods share one.
    pub claim_count: fn(usize, bool) -> String,
    pub lost: &'static str,
    /// A pod that cannot end, and since when.
    pub waits: fn(&str, &str) -> String,
    /// After how long another came.
    pub replaced: About,
    /// A pod that came in the place of a lost one, and is not Ready.
    pub not_up: About,
    /// Reasons of Events that only one side has.
    pub events: &'static str,
    pub branches: &'static str,
    pub branch: fn(u32) -> String,
    /// The instant that is compared.
    pub at: About,
    /// The button that puts another branch beside the one shown.
    pub offer: &'static str,
}

/// Sharing, and files of runs.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Link {
    pub button: &'static str,
    /// How many characters it has.
    pub copied: Count,
    pub in_address: Count,
    pub address: &'static str,
    pub snippet: &'static str,
    pub snippet_copied: &'static str,
    pub copy: &'static str,
    pub save: &'static str,
    pub open: &'static str,
    pub file_note: &'static str,
    pub open_here: &'static str,
    pub damaged: &'static str,
    pub instead: &'static str,
    pub newer: &'static str,
    /// How many lines were left out.
    pub unread: Count,
    pub cut: &'static str,
    pub differs: &'static str,
    pub broken: &'static str,
    pub no_run: &'static str,
    pub no_link: &'static str,
    pub opened: &'static str,
    pub too_large: &'static str,
    pub too_long: &'static str,
}
