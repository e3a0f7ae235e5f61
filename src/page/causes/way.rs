//! What a person can do, what is at risk, and the facts that say so.

use crate::command::Entry;
use base::time::Time;
use text::{Mark, Prose};

/// Something a person can do: a button that types its line, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The button.
    pub entry: Entry,
    /// What comes of it.
    pub note: Prose,
    /// Since when there is a wait for it that may also end by itself.
    pub since: Option<Time>,
}

/// A risk to what a StatefulSet promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// A few words.
    pub title: String,
    /// One short paragraph.
    pub words: Prose,
    /// The verdict that it puts in the place of any other, where the harm is done.
    pub verdict: Option<Prose>,
    /// When it is none, and when it is one.
    pub facts: Vec<Evidence>,
}

/// A fact that a decision rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub mark: Mark,
    pub fact: Prose,
    /// A time or a count; may be empty.
    pub detail: String,
    /// The field, its value and the version of the object that say so; may be empty.
    pub seen: String,
}

impl Evidence {
    /// A fact by its words.
    pub fn new(mark: Mark, words: &str, detail: impl Into<String>) -> Evidence {
        Evidence { mark, fact: Prose::read(words), detail: detail.into(), seen: String::new() }
    }

    /// The same, and what says so.
    #[must_use]
    pub fn seen(self, seen: String) -> Evidence {
        Evidence { seen, ..self }
    }
}
