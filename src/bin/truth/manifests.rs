//! Manifests of others: what was counted on the day on which they were played, read from the report beside the recorder.

use std::fs;

use crate::suite::project;

/// The report, in the project's folder.
pub const REPORT: &str = "tests/conformance/recorder/MANIFESTS.md";

/// What was compared, and of how many manifests it was the same.
pub struct Count {
    /// In the report's words.
    pub what: String,
    /// How many were the same.
    pub same: usize,
    /// How many there are.
    pub all: usize,
}

/// The first table of the report; its last row is about everything at once.
pub fn counts() -> Vec<Count> {
    let file = project().join(REPORT);
    let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let rows = text.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| {
        let mut cells = row.trim_matches('|').split('|').map(str::trim);
        let (what, count) = (cells.next()?.to_owned(), cells.next()?.split_once(" of ")?);
        Some(Count { what, same: count.0.replace(',', "").parse().ok()?, all: count.1.replace(',', "").parse().ok()? })
    })
    .collect()
}
