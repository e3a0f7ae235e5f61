//! Objects that a command handles one after another, with a pause between them.
//!
//! Promises: with a pause of 0, as many turns come at the same instant as may; no turn comes early, however often the command is polled.

use base::time::{Span, Time};
use kubectl::session::Session;

/// How long a command takes for as many objects as it asks for at one instant.
const BUSY: Span = Span::seconds(1);

/// The objects whose turn is yet to come.
#[derive(Clone)]
pub struct Turns<T> {
    /// In reverse: the next one is last.
    rest: Vec<T>,
    at: Time,
    /// How many turns came.
    taken: usize,
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
        Turns { rest: all, at: session.now() + pause, taken: 0 }
    }

    /// Takes the next object, if it is its turn.
    pub fn take(&mut self, session: &Session) -> NextTurn<T> {
        if session.now() < self.at && !self.rest.is_empty() {
            return NextTurn::Later(self.at);
        }
        self.taken += 1;
        let pace = session.around.pace;
        let is_busy = pace.at_once > 0 && self.taken.is_multiple_of(pace.at_once);
        self.at = session.now() + if is_busy { BUSY } else { pace.object };
        self.rest.pop().map_or(NextTurn::Over, NextTurn::Now)
    }
}
