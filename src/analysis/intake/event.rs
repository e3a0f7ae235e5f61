//! Events of a pasted cluster, and whatever else was said in it.

use base::time::Time;
use causes::message::{Said, SaidIn};

/// Something that was said, as far as it tells anything: an Event, or a message without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// The kind, namespace and name of what it is about.
    pub about: (String, String, String),
    pub reason: String,
    pub message: String,
    pub last: Option<Time>,
    /// The component that reported it.
    pub source: String,
    /// Where it stood.
    pub place: SaidIn,
    /// The number of its first line in the text, from 1 on; 0 where no line is its own.
    pub line: usize,
}

impl Happened {
    /// What was said, to be looked up.
    pub fn said(&self) -> Said<'_> {
        Said { place: self.place, reason: &self.reason, text: &self.message }
    }
}
