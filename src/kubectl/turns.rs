//! Objects that a command asks for one after another, at its own pace.
//!
//! Promises: with a pace of 0, every turn comes at the same instant; no turn comes before its time, whenever the command is polled.

use crate::base::time::Time;
use crate::kubectl::session::Session;

/// What is left to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns<T> {
    /// The next one last.
    rest: Vec<T>,
    at: Time,
}

/// Whose turn it is.
pub enum Turn<T> {
    /// This one's.
    Now(T),
    /// Nobody's before this instant.
    Later(Time),
    /// Nobody is left.
    Over,
}

impl<T> Turns<T> {
    /// In this order, the first one at once.
    pub fn new(mut all: Vec<T>, session: &Session) -> Self {
        all.reverse();
        Turns { rest: all, at: session.now() }
    }

    /// Takes the next one, if it is its turn.
    pub fn take(&mut self, session: &Session) -> Turn<T> {
        if session.now() < self.at && !self.rest.is_empty() {
            return Turn::Later(self.at);
        }
        self.at = session.now() + session.around.pace;
        self.rest.pop().map_or(Turn::Over, Turn::Now)
    }
}
