//! What the view of many ordinals says.

use super::Count;

/// Many ordinals: how they are arranged, and which of them are looked for.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Dense {
    pub arrange: &'static str,
    pub by_ordinal: &'static str,
    pub by_node: &'static str,
    pub cells: &'static str,
    pub cells_by_node: &'static str,
    pub filter: &'static str,
    pub node: &'static str,
    pub all_nodes: &'static str,
    pub go_to: &'static str,
    /// What fill and shape of a cell stand for.
    pub legend: &'static str,
    pub pod: &'static str,
    pub place: &'static str,
    pub state: &'static str,
    pub next: &'static str,
    /// How many pods are listed no more.
    pub more: Count,
}
