//! Something that a text says of an object.

use api::object::ObjectKey;
use base::fields::Content;
use causes::blame::Blame;

/// A cause that a text says, and where.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) blame: Blame,
    /// What the words are about.
    pub(super) about: ObjectKey,
    /// The workload that waits.
    pub(super) workload: ObjectKey,
    /// The more telling, the lower.
    pub(super) rank: usize,
    /// The lines that say so.
    pub(super) lines: Vec<usize>,
    /// The line that is quoted; 0 where none is.
    pub(super) quoted: usize,
}

/// The text of a field.
pub(super) fn field<'a>(blame: &'a Blame, name: &str) -> Option<&'a str> {
    match blame.said.get(name) {
        Some(Content::Text(text)) => Some(text),
        _ => None,
    }
}
