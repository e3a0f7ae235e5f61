//! How long it takes to type, start and end commands: the only place that knows the pace of the recordings' operator and
//! kubectl.

use base::time::Span;
use kubectl::session::Pace;

/// From the start of a kubectl to its first request, by verb: reading its configuration, discovery and, if it validates what
/// it sends, the schema. Medians of the recordings, minus [`LAST_ANSWER`].
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
/// The same for a `replace --force`, which deletes before it reads the schema.
const FIRST_REQUEST_BY_FORCE: Span = Span(90);
/// From a kubectl's request for one object to that for the next: the response and, for `apply`, the read before the write. From its last
/// look for what a `replace --force` has deleted to the first creation, with the schema in between.
pub const OF_KUBECTL: Pace = Pace { object: Span(7), schema: Span(65), at_once: 0 };
/// From the last response until a kubectl exits.
pub const LAST_ANSWER: Span = Span(12);
/// A kubectl's requests before the one that matters, for discovery and the schema.
pub const REQUESTS_BEFORE: u32 = 4;
/// The longest periodic interval of the cluster's components: a random run may begin at any point of it.
pub const ROUND: Span = Span::seconds(15);
/// How long the cluster exists before the first step: nothing must depend on a whole second, and in the recordings it is not one.
pub const PROLOGUE: Span = Span(200);
/// From the end of the last step to the end of the recording.
pub const EPILOGUE: Span = Span(5);
/// From the end of a step to the start of the next.
pub const BETWEEN_STEPS: Span = Span(2);
/// From the start of a command in the background to the next step.
pub const BACKGROUND_START: Span = Span(804);
/// From the request to stop a background command until its end.
pub const BACKGROUND_STOP: Span = Span(405);
/// From a write until somebody who waits for it notices.
pub const NOTICE: Span = Span(2);
/// How late it is noticed that nothing happens any more.
pub const SETTLE_NOTICE: Span = Span(12);

/// From the start of this line to its first request.
pub fn first_request(line: &str) -> Span {
    let mut words = line.split_whitespace();
    let verb = words.next().unwrap_or_default();
    if verb == "replace" && words.any(|word| word == "--force") {
        return FIRST_REQUEST_BY_FORCE;
    }
    FIRST_REQUEST.iter().find(|(v, _)| *v == verb).map_or(FIRST_REQUEST_OTHERWISE, |(_, span)| *span)
}
