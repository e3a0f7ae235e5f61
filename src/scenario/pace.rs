//! How long it takes to type, start and end things: the only place that knows how fast the hands and the kubectl of the
//! recordings were.

use crate::base::time::Span;

/// From the start of a kubectl to its first request, by verb: reading its configuration, discovery and, where it validates what
/// it sends, the schema. Medians of the recordings, less [`LAST_ANSWER`].
const FIRST_REQUEST: [(&str, Span); 9] = [
    ("apply", Span(210)),
    ("create", Span(175)),
    ("replace", Span(265)),
    ("diff", Span(400)),
    ("edit", Span(160)),
    ("explain", Span(140)),
    ("label", Span(120)),
    ("annotate", Span(120)),
    ("describe", Span(100)),
];
/// The same for every other verb.
const FIRST_REQUEST_OTHERWISE: Span = Span(95);
/// From what a kubectl asks for one object to what it asks for the next: an answer and, for `apply`, what it reads before.
pub const BETWEEN_OBJECTS: Span = Span(7);
/// From a kubectl's last answer to its end.
pub const LAST_ANSWER: Span = Span(12);
/// Requests of a kubectl before the one that counts, for discovery and the schema.
pub const REQUESTS_BEFORE: usize = 4;
/// The longest of the rounds that components of the cluster make: a run by chance begins anywhere in it.
pub const ROUND: Span = Span::seconds(15);
/// How long the cluster stands before the first step: nothing may hang on its being a whole second, and in the recordings it is none.
pub const PROLOGUE: Span = Span(200);
/// From the end of the last step to the end of the record.
pub const EPILOGUE: Span = Span(5);
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

/// From the start of this line to its first request.
pub fn first_request(line: &str) -> Span {
    let verb = line.split_whitespace().next().unwrap_or_default();
    FIRST_REQUEST.iter().find(|(v, _)| *v == verb).map_or(FIRST_REQUEST_OTHERWISE, |(_, span)| *span)
}
