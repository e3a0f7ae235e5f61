//! What surprises people of a change: what it is, and what to do about it.

use ordinal::plan::matter::Matter;

/// The sentences of each matter below its word: what it is, and what to do about it.
const ROWS: &str = include_str!("matter.txt");

fn sentence(matter: Matter, at: usize) -> &'static str {
    ROWS.lines().skip_while(|line| *line != matter.word()).nth(at).unwrap_or_default().trim_start()
}

/// What it is.
pub fn matter(matter: Matter) -> &'static str {
    sentence(matter, 1)
}

/// What to do about it.
pub fn remedy(matter: Matter) -> &'static str {
    sentence(matter, 2)
}
