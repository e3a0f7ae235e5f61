//! Drawing the matrix: what is drawn in an ordinal's column, and in which row.

use super::matrix::{CellKey, Cluster, ColumnKey, ItemKey, Pin, RowKey, Slot, node_row, place};
use super::pieces::{claims_of, column, disk_of, identity, slot_for};
use crate::{Prose, Snapshot, rollout, tile, ways};
use api::object::pod::POD_SCHEDULED;
use api::object::{Pod, StatefulSet};
use causes::barred::{Bar, Refused, refused};
use cluster::scheduler::message::UNSCHEDULABLE;
use text::why::Standing;

/// The most pods that are named in a cell.
const MOST_NAMED: usize = 2;

/// Draws one column: the heading, and the cells below it.
pub(super) fn draw_ordinal(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet, ordinal: i64) {
    let name = set.pod_name(ordinal);
    let pod = shot.tables.pod(&set.meta.namespace, &name).map(|pod| &**pod);
    let claims = claims_of(shot, set, ordinal);
    cluster.columns.push(column(shot, set, ordinal, pod, &claims));
    let column = ColumnKey::Ordinal(ordinal);
    if let Some(pod) = pod {
        let uid = pod.meta.uid.to_string();
        place(cluster, node_row(pod), column, ItemKey::Pod(uid.clone()));
        cluster.pods.insert(uid, tile::of(shot, pod, rollout::of_pod(shot, set, pod)));
    }
    let stranded = pod.is_some_and(|pod| pod.meta.terminating() && ways::unreachable_node(shot, pod).is_some());
    // A pod that the set does not own, or has let go, keeps the name from its own.
    let lacks_its_own = pod.is_none_or(|pod| !pod.meta.is_controlled_by(set.meta.uid));
    if stranded || lacks_its_own && set.ordinals().contains(&ordinal) {
        place(cluster, RowKey::Waiting, column, ItemKey::Slot(name.to_string()));
        let standing = if stranded { Standing::NotRecreated } else { causes::ground::standing(shot, set, &name) };
        cluster.slots.insert(name.to_string(), slot_for(shot, set, ordinal, standing));
    }
    for claim in claims.into_iter().filter_map(|(_, claim)| claim) {
        let Some(volume) = shot.tables.volume("", &claim.spec.volume) else { continue };
        let key = volume.meta.name.to_string();
        let row = match &volume.spec.node {
            Some(node) => RowKey::Node(node.to_string()),
            None => RowKey::Class(volume.class().to_owned()),
        };
        if let RowKey::Class(class) = &row
            && !cluster.classes.contains(class)
        {
            cluster.classes.push(class.clone());
        }
        place(cluster, row, column, ItemKey::Disk(key.clone()));
        cluster.disks.insert(key, disk_of(shot, claim, volume, pod));
        if let (Some(pod), Some(node)) = (pod, &volume.spec.node)
            && pod.node.is_none()
        {
            draw_pin(cluster, shot, set, ordinal, node);
        }
    }
    let is_pinned = cluster.pinned.contains_key(&CellKey { row: RowKey::Waiting, column });
    if let Some(pod) = pod.filter(|pod| !is_pinned && has_no_node(pod)) {
        draw_refusals(cluster, shot, set, ordinal, pod);
    }
}

/// Whether the scheduler has found no node for a pod.
fn has_no_node(pod: &Pod) -> bool {
    let looked = pod.condition(POD_SCHEDULED).is_some_and(|scheduled| *scheduled.reason == *UNSCHEDULABLE);
    looked && pod.node.is_none() && !pod.meta.terminating()
}

/// Draws the line between a pod without a node and its disk on a node, and in all other rows why the pod is not there.
fn draw_pin(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet, ordinal: i64, node: &str) {
    let name = set.pod_name(ordinal);
    let cell = |row| CellKey { row, column: ColumnKey::Ordinal(ordinal) };
    cluster.pinned.insert(cell(RowKey::Waiting), Pin::Starts);
    let waiting = cluster.item_of(&identity(set, &name)).and_then(|item| match item {
        ItemKey::Pod(uid) => cluster.pods.get_mut(&uid),
        _ => None,
    });
    if let Some(tile) = waiting {
        tile.address = shot.text().node.disk_is_on(node);
    }
    let rows: Vec<String> = cluster.rows.iter().map(|row| row.name.clone()).collect();
    let end = rows.iter().position(|row| row == node).unwrap_or(rows.len());
    for (at, row) in rows.into_iter().enumerate() {
        let key = cell(RowKey::Node(row.clone()));
        if at <= end {
            cluster.pinned.insert(key.clone(), if at == end { Pin::Ends } else { Pin::Passes });
        }
        if at != end {
            let reason = shot.text().node.volume_is_elsewhere(&name, node);
            draw_refusal(cluster, set, ordinal, &row, &reason);
        }
    }
}

/// Draws in the row of each node why it does not take a pod.
fn draw_refusals(cluster: &mut Cluster, shot: &Snapshot, set: &StatefulSet, ordinal: i64, pod: &Pod) {
    let words = &shot.text().node;
    for Refused { node, bar, says } in refused(shot, pod) {
        let reason = match bar {
            Some(Bar::Closed) => words.takes_nobody().to_owned(),
            Some(Bar::Pods(pods)) => {
                let names: Vec<String> = pods.iter().take(MOST_NAMED).map(|pod| format!("<{}>", pod.meta.name)).collect();
                words.keeps_apart(&names.join(", "), &pod.meta.name)
            }
            None => words.refuses(&says),
        };
        draw_refusal(cluster, set, ordinal, &node, &reason);
    }
}

/// Draws in the row of a node why a pod is not there.
fn draw_refusal(cluster: &mut Cluster, set: &StatefulSet, ordinal: i64, node: &str, reason: &str) {
    let name = set.pod_name(ordinal);
    let (reason, slot) = (Prose::read(reason), format!("{name}@{node}"));
    let spoken = format!("{node}: {}", reason.plain());
    place(cluster, RowKey::Node(node.to_owned()), ColumnKey::Ordinal(ordinal), ItemKey::Slot(slot.clone()));
    cluster.slots.insert(slot, Slot { identity: identity(set, &name), word: String::new(), reason, alone: false, spoken });
}
