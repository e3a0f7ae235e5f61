//! Objects that a command handles one after another, with a pause between them.
//!
//! Promises: with a pause of 0, all turns come at the same instant; no turn comes early, however often the command is polled.

use crate::base::time::Time;
use crate::kubectl::session::Session;

/// The objects whose turn is yet to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns<T> {
    /// In reverse: the next one is last.
    rest: Vec<T>,
    at: Time,
}

/// The next turn.
pub enum Turn<T> {
    /// It is this object's turn.
    Now(T),
    /// There is no turn before this instant.
    Later(Time),
    /// Nothing is left.
    Over,
}

impl<T> Turns<T> {
    /// Turns in this order, the first one at once.
    pub fn new(mut all: Vec<T>, session: &Session) -> Self {
        all.reverse();
        Turns { rest: all, at: session.now() }
    }

    /// Takes the next object, if it is its turn.
    pub fn take(&mut self, session: &Session) -> Turn<T> {
        if session.now() < self.at && !self.rest.is_empty() {
            return Turn::Later(self.at);
        }
        self.at = session.now() + session.around.pace;
        self.rest.pop().map_or(Turn::Over, Turn::Now)
    }
}
