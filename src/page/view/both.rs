//! The same fault for the set and for the workload beside it: what each makes of it can be compared.
//!
//! Promises: both are met in the same state: two Ready pods, or a node that has one of each.

use super::Snapshot;
use super::cluster::{Cluster, ColumnKey, ItemKey, RowKey};
use api::kind::Kind;
use causes::Identity;
use causes::command::{Entry, Naming, delete, drain};
use causes::pod::PodState;

/// A Ready pod that is drawn: its node, whether it is one beside the set, and its identity.
type Drawn<'a> = (&'a str, bool, &'a Identity);

/// What can be done to both, each with the lines that it types; nothing where one of them has no Ready pod.
pub fn entries(shot: &Snapshot, drawn: &Cluster) -> Vec<Entry> {
    let words = &shot.text().compare;
    let ready = ready(drawn);
    let of = |beside: bool| ready.iter().filter(move |(_, is_beside, _)| *is_beside == beside);
    // A node that has one of each; else one pod of each, wherever they are.
    let shared = of(false).find_map(|set| of(true).find(|side| side.0 == set.0).map(|side| (set, side)));
    let Some((set, side)) = shared.or_else(|| of(false).next().zip(of(true).next())) else { return Vec::new() };
    let lines = |line: &dyn Fn(&Identity) -> String| [line(set.2), line(side.2)].join("\n");
    let crash = |identity: &Identity| shot.naming(&identity.namespace).playground("crash", Kind::Pod, &identity.pod);
    let mut entries = vec![
        Entry::new(words.delete_one_each(), lines(&|identity| delete(shot, identity).line + " --wait=false")),
        Entry::new(words.crash_one_each(), lines(&crash)),
    ];
    if let Some(((node, ..), _)) = shared {
        entries.push(Entry::new(words.stop_with_both(node), Naming::default().playground("stop", Kind::Node, node)));
        entries.push(Entry::new(words.drain_with_both(node), drain(node)));
    }
    entries
}

/// The Ready pods, by node.
fn ready(drawn: &Cluster) -> Vec<Drawn<'_>> {
    let mut found = Vec::new();
    for (key, items) in drawn.cells.iter() {
        let RowKey::Node(node) = &key.row else { continue };
        for item in items {
            let ItemKey::Pod(uid) = item else { continue };
            if let Some(tile) = drawn.pods.get(uid).filter(|tile| tile.state == PodState::Ready) {
                found.push((node.as_str(), key.column == ColumnKey::Side, &tile.identity));
            }
        }
    }
    found
}
