//! The shortest run that shows something.

use rig::random::shrink::shortest;

#[test]
fn what_is_not_needed_is_left_out() {
    let whole: Vec<u64> = (0..100).collect();
    for needed in [&[][..], &[0], &[99], &[3, 50, 51], &[0, 33, 66, 99]] {
        let shows = |list: &[u64]| needed.iter().all(|n| list.contains(n)).then(|| list.to_vec());
        assert_eq!(shortest(&whole, whole.clone(), shows), needed);
    }
    assert_eq!(shortest(&[], 7, |_| None), 7);
}
