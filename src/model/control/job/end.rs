//! How a Job ends.

use base::word::Word;

base::named! {
    /// Why a Job ends, as its conditions tell it. Models pkg/apis/batch JobReason… and pkg/controller/job/job_controller.go.
    JobEnd {
        CompletionsReached "CompletionsReached",
        BackoffLimitExceeded "BackoffLimitExceeded",
        DeadlineExceeded "DeadlineExceeded",
    }
}

impl JobEnd {
    /// The field that decides it.
    pub const fn field(self) -> &'static str {
        match self {
            JobEnd::CompletionsReached => "spec.completions",
            JobEnd::BackoffLimitExceeded => "spec.backoffLimit",
            JobEnd::DeadlineExceeded => "spec.activeDeadlineSeconds",
        }
    }
}

/// Whether a Job ends well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Completes,
    Fails,
}

impl Ending {
    /// The condition while pods are still terminating.
    pub const fn interim(self) -> &'static str {
        match self {
            Ending::Completes => "SuccessCriteriaMet",
            Ending::Fails => "FailureTarget",
        }
    }

    /// The condition once no pod is terminating.
    pub const fn terminal(self) -> &'static str {
        match self {
            Ending::Completes => "Complete",
            Ending::Fails => "Failed",
        }
    }
}

/// A way for a Job to end, as its conditions tell it.
pub(super) struct Outcome {
    pub ending: Ending,
    pub reason: JobEnd,
    pub message: Word,
}

impl Outcome {
    /// All pods have succeeded.
    pub fn complete() -> Self {
        let message = Word::Fixed("Reached expected number of succeeded pods");
        Outcome { ending: Ending::Completes, reason: JobEnd::CompletionsReached, message }
    }

    /// The Job has failed.
    pub fn failed(reason: JobEnd, message: impl Into<Word>) -> Self {
        Outcome { ending: Ending::Fails, reason, message: message.into() }
    }
}
