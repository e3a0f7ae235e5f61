//! What each identity keeps: claim, volume, node, bytes.

use super::cluster::claim_mark;
use super::{Mark, Snapshot, bytes};
use crate::api::object::StatefulSet;
use crate::base::sort::Sort;

/// The Storage pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// The class of the claims; empty where they have none or differ.
    pub class: String,
    /// A row per claim, by ordinal and template.
    pub rows: Vec<StorageRow>,
    /// What stands there instead of rows; empty where there are some.
    pub instead: String,
}

/// A claim and what answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageRow {
    /// The claim's mark.
    pub mark: Mark,
    /// Its name.
    pub claim: String,
    /// `pvc-3f2a · node-b`, or why there is none.
    pub volume: String,
    /// Bytes written.
    pub written: String,
    /// Whether there is no claim yet.
    pub absent: bool,
}

/// How much of a volume's name is enough to tell it: `pvc-` and four digits.
const VOLUME_NAME_SHOWN: usize = 8;

/// The claims of a set.
pub fn project(shot: &Snapshot, shown: Option<(&str, &str)>) -> Storage {
    let set = shown.and_then(|(namespace, name)| shot.set(namespace, name));
    let Some(set) = set.filter(|set| !set.spec.claim_templates.is_empty()) else {
        return Storage { instead: shot.text().storage.empty.to_owned(), ..Storage::default() };
    };
    let rows = shot.ordinals(set).into_iter().flat_map(|ordinal| {
        set.spec.claim_templates.iter().map(move |template| row(shot, set, &template.claim_name(&set.meta.name, ordinal)))
    });
    Storage { class: class_of(shot, set), rows: rows.collect(), instead: String::new() }
}

fn class_of(shot: &Snapshot, set: &StatefulSet) -> String {
    let own = shot.tables.claims().filter(|claim| {
        let templates = &set.spec.claim_templates;
        claim.meta.namespace == set.meta.namespace
            && templates.iter().any(|t| claim.meta.name.starts_with(&format!("{}-{}-", t.name, set.meta.name)))
    });
    let mut classes: Vec<&str> = own.filter_map(|claim| claim.class.as_deref()).collect();
    classes.put_in_order();
    classes.dedup();
    match classes.as_slice() {
        [one] => (shot.text().storage.class)(one),
        _ => String::new(),
    }
}

fn row(shot: &Snapshot, set: &StatefulSet, name: &str) -> StorageRow {
    let text = &shot.text().storage;
    let claim = shot.tables.claim(&set.meta.namespace, name);
    let volume = claim.and_then(|claim| shot.tables.volume("", &claim.volume));
    let short = |name: &str| name.chars().take(VOLUME_NAME_SHOWN).collect::<String>();
    StorageRow {
        mark: claim_mark(claim.map(|claim| &**claim)),
        claim: name.to_owned(),
        volume: match (claim, volume) {
            (None, _) => text.not_created.to_owned(),
            (Some(_), None) => text.no_volume.to_owned(),
            (_, Some(volume)) => match &volume.node {
                Some(node) => format!("{} · {node}", short(&volume.meta.name)),
                None => short(&volume.meta.name),
            },
        },
        written: volume.and_then(|volume| shot.written.bytes(&volume.meta.name)).map_or(String::new(), bytes),
        absent: claim.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::example;

    #[test]
    fn every_identity_has_a_row_whether_or_not_it_has_a_claim() {
        let example = example::ordered_creation();
        let storage = project(&example.snapshot(), Some(("default", "web")));
        let rows: Vec<String> = storage.rows.iter().map(|row| format!("{} | {} | {}", row.claim, row.volume, row.written)).collect();
        assert_eq!(
            rows,
            ["data-web-0 | pvc-3f2a · node-b | 1.2 KiB", "data-web-1 | pvc-81c7 · node-a | 0 B", "data-web-2 | not created | "]
        );
        assert_eq!(storage.class, "StorageClass local-path");
    }
}
