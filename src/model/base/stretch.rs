//! Stretches of time in which something was so.

use crate::time::{Span, Time};

/// A stretch of time in one state. Where only one state is of interest, it is `()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch<T = ()> {
    pub state: T,
    pub from: Time,
    /// `None` while it lasts.
    pub to: Option<Time>,
}

impl<T> Stretch<T> {
    /// How long it was by an instant at or after its start.
    pub fn length(&self, now: Time) -> Span {
        self.to.unwrap_or(now).since(self.from)
    }
}

/// Takes in the state from an instant on, `None` where there is none. A stretch without length is dropped: nobody saw it.
pub fn turn<T: PartialEq>(stretches: &mut Vec<Stretch<T>>, state: Option<T>, at: Time) {
    if let Some(last) = stretches.last_mut().filter(|last| last.to.is_none()) {
        if state.as_ref() == Some(&last.state) {
            return;
        }
        last.to = Some(at);
        if last.from == at {
            stretches.pop();
        }
    }
    stretches.extend(state.map(|state| Stretch { state, from: at, to: None }));
}

/// The state that lasts.
pub fn lasting<T: Copy>(stretches: &[Stretch<T>]) -> Option<T> {
    stretches.last().filter(|last| last.to.is_none()).map(|last| last.state)
}

/// Whether the last of some stretches lasts.
pub fn lasts(stretches: &[Stretch]) -> bool {
    lasting(stretches).is_some()
}

/// How long some stretches were together, by an instant.
pub fn total(stretches: &[Stretch], now: Time) -> Span {
    Span(stretches.iter().map(|stretch| stretch.length(now).0).sum())
}
