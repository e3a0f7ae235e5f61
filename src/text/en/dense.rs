//! Many ordinals, in English.

use crate::dense::Dense;

/// Many ordinals.
pub const DENSE: Dense = Dense {
    arrange: "Arrange",
    by_ordinal: "By ordinal",
    by_node: "By node",
    cells: "Cluster: a cell for each ordinal, fifty per row",
    cells_by_node: "Cluster: a cell for each ordinal, a row for each node",
    filter: "Show only",
    node: "Node shown",
    all_nodes: "All nodes",
    go_to: "Go to ordinal",
    legend: "fill = revision, shape = state",
    pod: "pod",
    place: "node",
    state: "state",
    next: "next",
    more: |n| format!("and {n} more pods"),
};
