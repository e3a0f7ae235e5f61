//! Stretches of time in which something was so.

use base::time::{Span, Time};

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Time,
    /// `None` where it lasted at the end.
    pub to: Option<Time>,
}

impl Stretch {
    /// How long it was by an instant at or after its start.
    pub fn length(&self, now: Time) -> Span {
        self.to.unwrap_or(now).since(self.from)
    }
}

/// How long some stretches were together, by an instant.
pub fn total(stretches: &[Stretch], now: Time) -> Span {
    Span(stretches.iter().map(|stretch| stretch.length(now).0).sum())
}

/// Whether the last of some stretches lasted at the end.
pub fn lasts(stretches: &[Stretch]) -> bool {
    stretches.last().is_some_and(|last| last.to.is_none())
}

/// When an ordinal had no Ready pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub ordinal: i64,
    pub stretches: Vec<Stretch>,
}

impl Absence {
    /// How long it was together, by an instant; `None` where it lasts.
    pub fn ended(&self, now: Time) -> Option<Span> {
        (!lasts(&self.stretches)).then(|| total(&self.stretches, now))
    }
}

/// Opens or closes a stretch; one without length is none.
pub fn mark(stretches: &mut Vec<Stretch>, is_so: bool, at: Time) {
    match stretches.last_mut().filter(|last| last.to.is_none()) {
        None if is_so => stretches.push(Stretch { from: at, to: None }),
        Some(last) if !is_so => {
            last.to = Some(at);
            if last.from == at {
                stretches.pop();
            }
        }
        _ => {}
    }
}
