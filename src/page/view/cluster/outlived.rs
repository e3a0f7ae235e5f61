//! Processes that have outlived their pods: their tiles, and what they mean for the promise of at most one per identity.

use super::matrix::{CellKey, Cluster, ColumnKey, ItemKey, RowKey};
use crate::{Glyph, Hue, Mark, Snapshot, rollout, tile, ways};
use api::object::StatefulSet;
use api::well_known::CONTROLLER_REVISION_HASH;

/// Draws the set's processes that have outlived their pods, each as a tile in its identity's column.
pub(super) fn draw_outlived(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet) {
    let text = &shot.text().node;
    for old in ways::outlived(shot).filter(|old| old.worker.key.namespace == set.meta.namespace) {
        let Some(ordinal) = set.ordinal_of(&old.worker.key.name) else { continue };
        let uid = old.uid().to_string();
        let another = shot.tables.pod(&set.meta.namespace, &old.worker.key.name).is_some_and(|pod| pod.ready());
        let word = if old.machine.connected() || old.runs() && another { text.still_runs() } else { text.may_still_run() };
        let hash = old.worker.labels().get(CONTROLLER_REVISION_HASH);
        let tile = tile::outlived(shot, &old, word, rollout::of_name(shot, set, hash.map(|hash| &**hash)));
        let row = RowKey::Node(old.machine.node.to_string());
        cluster.cells.entry(CellKey { row, column: ColumnKey::Ordinal(ordinal) }).or_default().insert(0, ItemKey::Pod(uid.clone()));
        cluster.pods.insert(uid, tile);
    }
}

/// An identity of the set that has a process which outlived its pod, if there is one.
pub(crate) fn endangered(shot: &Snapshot, set: &StatefulSet) -> Option<String> {
    ways::outlived(shot).find(|old| old.is_of(set)).map(|old| old.worker.key.name.to_string())
}

/// The promise of at most one process per identity, where it is in doubt or broken.
pub(super) fn at_most_one(shot: &Snapshot, set: &StatefulSet) -> Option<(Mark, String)> {
    let text = &shot.text().application;
    let old: Vec<ways::Outlived> = ways::outlived(shot).filter(|old| old.is_of(set)).collect();
    match (old.iter().find(|old| old.runs_beside_another(shot)), old.first()) {
        (Some(old), _) => Some((Mark(Glyph::Hazard, Hue::Danger), text.broken(&old.worker.key.name))),
        (None, Some(old)) => Some((Mark(Glyph::Unknown, Hue::Danger), text.in_doubt(&old.worker.key.name))),
        (None, None) => None,
    }
}
