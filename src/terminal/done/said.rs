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

base::named! {
    /// A program's own word for its verdict.
    Status {
        Healthy "Healthy",
        Progressing "Progressing",
        Current "Current",
        InProgress "InProgress",
        Terminating "Terminating",
        Failed "Failed",
        Unknown "Unknown",
    }
}

impl Status {
    /// What it means.
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Status::Healthy | Status::Current => Verdict::Ready,
            Status::Progressing | Status::InProgress | Status::Terminating => Verdict::Waits,
            Status::Failed => Verdict::Failed,
            Status::Unknown => Verdict::Unknown,
        }
    }
}

/// A verdict, and what the program says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub verdict: Verdict,
    /// `None` of a program that has no such words.
    pub status: Option<Status>,
    /// `None` where it says nothing.
    pub words: Option<String>,
}

impl Said {
    pub(crate) fn new(verdict: Verdict, words: impl Into<String>) -> Said {
        Said { verdict, status: None, words: Some(words.into()) }
    }

    pub(crate) fn is(verdict: Verdict) -> Said {
        Said { verdict, status: None, words: None }
    }

    pub(crate) fn called(status: Status, words: Option<String>) -> Said {
        Said { verdict: status.verdict(), status: Some(status), words }
    }
}
