//! The small sorts, compared with those of the standard library.

use ordinal::base::sort::Sort;

#[test]
fn the_order_is_that_of_the_standard_sort_and_stable() {
    let mut state: u32 = 3;
    for count in 0..200_u32 {
        let mut ours: Vec<(u32, u32)> = Vec::new();
        for place in 0..count {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ours.push((state >> 28, place));
        }
        let mut theirs = ours.clone();
        theirs.sort_by_key(|(key, _)| *key);
        ours.sort_small_by_key(|(key, _)| *key);
        assert_eq!(ours, theirs);
        ours.sort_small_by(|a, b| b.cmp(a));
        theirs.sort_by(|a, b| b.cmp(a));
        assert_eq!(ours, theirs);
        ours.sort_small();
        theirs.sort_unstable();
        assert_eq!(ours, theirs);
    }
}
