//! The distance between words.

use ordinal::base::distance::distance;

#[test]
fn a_letter_added_dropped_or_replaced_counts_one() {
    for (a, b, want) in [("get", "get", 0), ("gte", "get", 2), ("gt", "get", 1), ("gett", "get", 1), ("", "get", 3), ("이름", "이른", 1)]
    {
        assert_eq!((distance(a, b), distance(b, a)), (want, want), "{a} {b}");
    }
}
