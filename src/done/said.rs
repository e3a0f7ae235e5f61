//! What a tool says.

base::named! {
    /// What a tool makes of a set.
    Verdict {
        Ready "ready",
        Waits "waits",
        /// The tool gives up, and waits no longer.
        Failed "failed",
        /// The tool has no verdict for such a set, and ends with an error.
        Error "error",
        Unknown "unknown",
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
