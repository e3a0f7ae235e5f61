//! What is said about nodes, and about pods whose node is silent.

use super::About;

/// Nodes, and what happens to pods when one goes silent.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Node {
    pub menu: About,
    /// Menu entries: each is followed by the command it types.
    pub stop: &'static str,
    pub start: About,
    pub cut: &'static str,
    pub cordon: &'static str,
    pub uncordon: &'static str,
    pub drain: &'static str,
    pub out_of_service: &'static str,
    pub in_service: &'static str,
    pub delete: About,
    /// Its heading.
    pub taint: About,
    pub no_object: &'static str,
    pub network_volumes: &'static str,
    /// Verdicts about a node, and what is behind them.
    pub says_ready: About,
    pub says_closed: About,
    pub says_silent: About,
    /// A sentence that the API server believes, whether or not it is so.
    pub believed: About,
    pub says_no_object: About,
    pub is_off: &'static str,
    pub is_cut: &'static str,
    pub ends_when: &'static str,
    /// A pod and its uid.
    pub process: fn(&str, &str) -> String,
    /// A pod, its uid and its node.
    pub process_on: fn(&str, &str, &str) -> String,
    /// Processes that may outlive their pods.
    pub may_still_run: &'static str,
    pub still_runs: &'static str,
    pub not_in_api: &'static str,
    pub disk_is_on: About,
    /// A pod, and the node that has its volume.
    pub volume_is_elsewhere: fn(&str, &str) -> String,
    /// Facts about a pod that is to go on a silent node.
    pub told_to_go: About,
    pub not_confirmed: &'static str,
    pub for_so_long: About,
    /// Ways out, and what comes of each.
    pub ways: &'static str,
    pub ways_note: &'static str,
    pub force: About,
    pub force_asks_nobody: &'static str,
    pub start_confirms: About,
    pub start_ends_old: About,
    pub delete_collects: About,
    pub delete_changes_nothing: About,
    pub delete_frees: &'static str,
    pub out_of_service_says: &'static str,
    /// What follows for the new pod where its disk is on the node; the claims and the node; and the claims of a node.
    pub then_pending: &'static str,
    pub disk_only_there: fn(&str, &str) -> String,
    pub disks_here: About,
    /// What is at risk.
    pub risk: &'static str,
    pub risk_words: About,
    pub if_off: About,
    pub if_cut: About,
    pub doubt: &'static str,
    /// A uid and a node.
    pub doubt_words: fn(&str, &str) -> String,
    /// The same, where the network of the node is cut.
    pub cut_words: fn(&str, &str) -> String,
    /// How many bytes a process wrote.
    pub wrote: About,
    pub split: About,
    pub two_processes: About,
    /// A uid and a node.
    pub split_words: fn(&str, &str) -> String,
}
