//! How long it takes to type, start and end things: the only place that knows how fast the hands and the kubectl of the
//! recordings were.

use crate::base::time::Span;

/// From the start of a kubectl to its first request: reading its configuration, discovery.
pub const FIRST_REQUEST: Span = Span(80);
/// From a kubectl's last answer to its end.
pub const LAST_ANSWER: Span = Span(4);
/// From the end of a step to the start of the next.
pub const BETWEEN_STEPS: Span = Span(2);
/// From the start of a command in the background to the next step.
pub const BACKGROUND_START: Span = Span(804);
/// From the wish to end a command in the background to its end.
pub const BACKGROUND_STOP: Span = Span(405);
/// From a write to the moment when somebody who waits for it has seen it.
pub const NOTICE: Span = Span(2);
/// How late it is noticed that nothing happened any more.
pub const SETTLE_NOTICE: Span = Span(12);
