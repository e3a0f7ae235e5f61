//! Stretches of time.

use ordinal::base::stretch::{Stretch, lasting, lasts, total, turn};
use ordinal::base::time::{Span, Time};

#[test]
fn turns_open_and_close_stretches_and_drop_those_without_length() {
    let mut stretches = Vec::new();
    for (at, state) in [(1, Some('a')), (2, Some('a')), (5, Some('b')), (5, Some('c')), (7, None), (8, None), (9, Some('a'))] {
        turn(&mut stretches, state, Time(at));
    }
    let found: Vec<_> = stretches.iter().map(|Stretch { state, from, to }| (*state, from.0, to.map(|to| to.0))).collect();
    assert_eq!((found, lasting(&stretches)), (vec![('a', 1, Some(5)), ('c', 5, Some(7)), ('a', 9, None)], Some('a')));
}

#[test]
fn the_total_counts_what_lasts_up_to_an_instant() {
    let mut stretches = Vec::new();
    for (at, is_so) in [(1_000, true), (3_000, false), (4_000, true)] {
        turn(&mut stretches, is_so.then_some(()), Time(at));
    }
    assert_eq!((total(&stretches, Time(5_000)), lasts(&stretches)), (Span(3_000), true));
}
