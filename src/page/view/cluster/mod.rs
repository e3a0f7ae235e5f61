//! The cluster as a matrix: ordinals are columns, nodes are rows.
//!
//! A pod is a tile where its ordinal and its node meet; what does not happen is drawn where it would happen; a disk stays in the row
//! of its node when its pod goes, or in its class's row if any node can reach it. A process that outlives its pod is a tile too.

mod draw;
pub(crate) mod matrix;
pub(crate) mod outlived;
mod pieces;
mod reach;

pub use super::arrow::Towards;
use super::{Snapshot, dense, fleet, node, rollout};
use api::object::NamespacedName;
use draw::draw_ordinal;
pub use matrix::{CellKey, Cluster, Column, ColumnKey, Disk, ItemKey, ObjectLine, Pin, RowKey, Slot};
use outlived::draw_outlived;
use pieces::object_line;

/// The matrix of one set; without a set, the nodes alone.
pub fn project(shot: &Snapshot, shown: Option<&NamespacedName>) -> Cluster {
    let set = shown.and_then(|shown| shot.set_or_gone(&shown.namespace, &shown.name));
    let is_there = shown.is_some_and(|shown| shot.set(&shown.namespace, &shown.name).is_some());
    let sets: Vec<NamespacedName> = shot.tables.stateful_sets().map(|set| set.meta.namespaced_name()).collect();
    let mut cluster = Cluster {
        fleet: if sets.len() > 1 { fleet::project(shot, shown) } else { Vec::new() },
        sets,
        rows: node::rows(shot),
        object: set.filter(|_| is_there).map(|set| object_line(shot, set)),
        ..Cluster::default()
    };
    if let Some(set) = set {
        let ordinals = shot.ordinals(set);
        if ordinals.len() > super::MAX_COLUMNS {
            cluster.dense = Some(dense::project(shot, set, &ordinals, &cluster.rows));
            return cluster;
        }
        for ordinal in &ordinals {
            draw_ordinal(&mut cluster, shot, set, *ordinal);
        }
        draw_outlived(&mut cluster, shot, set);
        cluster.partition = if is_there { rollout::partition(shot, set, &ordinals) } else { None };
    }
    cluster
}
