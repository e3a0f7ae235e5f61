//! The Why pane: a verdict, its evidence, and what would end the wait.

use super::{Identity, Mark, Prose};
use crate::base::time::Time;

/// The latest decision about one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// What it is about: `web-2`; empty where nothing has been decided.
    pub subject: String,
    /// One sentence, subject first, full stop.
    pub verdict: Prose,
    /// How it is marked.
    pub mark: Option<Mark>,
    /// One short paragraph; may be empty.
    pub paragraph: Prose,
    /// Up to four facts.
    pub evidence: Vec<Evidence>,
    /// The field that decides, or who does; may be empty.
    pub decided_by: String,
    /// The line of the manifest that holds that field.
    pub line: Option<usize>,
    /// What would end the wait; may be empty.
    pub ends_when: Prose,
    /// A page of the documentation: its title and address.
    pub docs: Option<(String, String)>,
}

/// A fact that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Its mark.
    pub mark: Mark,
    /// The fact.
    pub fact: Prose,
    /// A time or a count; may be empty.
    pub detail: String,
}

/// One line of the list of all decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Counts up; tells one from another.
    pub id: u64,
    /// When it was decided last.
    pub at: Time,
    /// How it is marked.
    pub mark: Mark,
    /// The verdict.
    pub verdict: Prose,
    /// What can be asked about.
    pub about: Option<Identity>,
}
