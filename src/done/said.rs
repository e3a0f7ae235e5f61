//! What a tool says.

/// What a tool makes of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Ready,
    Waits,
    /// The tool gives up, and waits no longer.
    Failed,
    /// The tool has no verdict for such a set, and ends with an error.
    Error,
    Unknown,
}

impl Verdict {
    /// Its word in reports for programs.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Ready => "ready",
            Verdict::Waits => "waits",
            Verdict::Failed => "failed",
            Verdict::Error => "error",
            Verdict::Unknown => "unknown",
        }
    }
}

/// A verdict, and what the program says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub verdict: Verdict,
    /// `None` where it says nothing.
    pub words: Option<String>,
}

impl Said {
    pub(crate) fn new(verdict: Verdict, words: impl Into<String>) -> Said {
        Said { verdict, words: Some(words.into()) }
    }

    pub(crate) fn is(verdict: Verdict) -> Said {
        Said { verdict, words: None }
    }
}
