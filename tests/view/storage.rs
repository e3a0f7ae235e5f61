//! The rows of the storage pane.

use ordinal::view::storage::project;

use crate::view::example::{self, web_name};

#[test]
fn every_identity_has_a_row_whether_or_not_it_has_a_claim() {
    let example = example::ordered_creation();
    let storage = project(&example.snapshot(), Some(&web_name()));
    let rows: Vec<String> = storage.rows.iter().map(|row| format!("{} | {} | {}", row.claim, row.volume, row.written)).collect();
    assert_eq!(rows, ["data-web-0 | pvc-3f2a · node-b | empty", "data-web-1 | pvc-81c7 · node-a | empty", "data-web-2 | not created | "]);
    assert_eq!(storage.class, "StorageClass local-path");
    assert_eq!(storage.retention, [("whenDeleted", "Retain"), ("whenScaled", "Retain")]);
}
