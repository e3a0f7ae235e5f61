//! Looking at the server again and again, for a time.
//!
//! Models k8s.io/apimachinery/pkg/util/wait/poll.go PollUntilContextTimeout with `immediate`. Promises: the first look is at once,
//! whatever the time to look; no other look comes early, however often the command is polled.

use base::time::{Span, Time};
use kubectl::session::Session;

/// When to look next, and until when.
#[derive(Clone)]
pub struct Polls {
    every: Span,
    until: Time,
    /// `None` before the first look.
    next: Option<Time>,
}

/// What to do now.
pub enum Poll {
    /// To look.
    Now,
    /// Nothing before this instant.
    Later(Time),
    /// The time is over. Where the last look would be due at the end, there is none.
    Over,
}

impl Polls {
    /// One look at once and then one in each such span, for so long from now.
    pub fn new(every: Span, timeout: Span, session: &Session) -> Self {
        Polls { every, until: session.now() + timeout, next: None }
    }

    /// Takes the next look, if it is due.
    pub fn take(&mut self, session: &Session) -> Poll {
        let now = session.now();
        let due = self.next.unwrap_or(now);
        if self.next.is_some() && now >= self.until {
            return Poll::Over;
        }
        if now < due {
            return Poll::Later(due.min(self.until));
        }
        self.next = Some(due + self.every);
        Poll::Now
    }
}
