//! Objects that a command handles one after another, with a pause between them.
//!
//! Promises: with a pause of 0, all turns come at the same instant; no turn comes early, however often the command is polled.

use crate::session::Session;
use base::time::{Span, Time};

/// The objects whose turn is yet to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turns<T> {
    /// In reverse: the next one is last.
    rest: Vec<T>,
    at: Time,
}

/// The next turn.
pub enum NextTurn<T> {
    /// It is this object's turn.
    Now(T),
    /// There is no turn before this instant.
    Later(Time),
    /// Nothing is left.
    Over,
}

impl<T> Turns<T> {
    /// Turns in this order, the first one at once.
    pub fn new(all: Vec<T>, session: &Session) -> Self {
        Turns::after(Span::default(), all, session)
    }

    /// The same, the first one after such a pause.
    pub fn after(pause: Span, mut all: Vec<T>, session: &Session) -> Self {
        all.reverse();
        Turns { rest: all, at: session.now() + pause }
    }

    /// Takes the next object, if it is its turn.
    pub fn take(&mut self, session: &Session) -> NextTurn<T> {
        if session.now() < self.at && !self.rest.is_empty() {
            return NextTurn::Later(self.at);
        }
        self.at = session.now() + session.around.pace.object;
        self.rest.pop().map_or(NextTurn::Over, NextTurn::Now)
    }
}
