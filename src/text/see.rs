//! What is seen on request, and not on a first visit before something is asked for: what changed in an object, the trace, ownership and
//! selection, the keys, what the terminal answers to what it does not know.

use std::sync::OnceLock;

use super::ITEMS;
use base::sentences::Table;

/// The English rows: a table of their own, which comes with the code that shows these (`src/bin/dev/data.rs`).
#[inline(never)]
pub(super) fn rows() -> &'static Table {
    static ENGLISH: OnceLock<Table> = OnceLock::new();
    ENGLISH.get_or_init(|| Table::read(&[include_str!("en/see.txt"), ITEMS]))
}
