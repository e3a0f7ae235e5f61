//! What a tool says of an object that it waits for.

/// What a tool says of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// With what Argo CD tells then.
    Ready(String),
    Waits(String),
    Failed(String),
    /// It is told to go.
    Leaves,
    Missing,
}

impl State {
    /// It is satisfied, and says nothing.
    pub(crate) const READY: State = State::Ready(String::new());

    /// Ready, or what is waited for.
    pub(crate) fn unless(waits: bool, why: impl Into<String>) -> State {
        if waits { State::Waits(why.into()) } else { State::READY }
    }

    /// Whether it is satisfied.
    pub(crate) fn is_ready(&self) -> bool {
        matches!(self, State::Ready(_))
    }

    /// As kstatus calls it.
    pub fn word(&self) -> &'static str {
        match self {
            State::Ready(_) => "Current",
            State::Waits(_) => "InProgress",
            State::Failed(_) => "Failed",
            State::Leaves => "Terminating",
            State::Missing => "NotFound",
        }
    }

    /// Why, as kstatus tells.
    pub fn message(&self) -> &str {
        match self {
            State::Ready(message) | State::Waits(message) | State::Failed(message) => message,
            State::Leaves => "Resource scheduled for deletion",
            State::Missing => "Resource not found",
        }
    }
}
