//! Lists that clones share.

use ordinal::base::list::List;

#[test]
fn a_change_of_a_copy_is_its_own_and_what_is_emptied_equals_what_was_never_filled() {
    let one: List<i64> = (1..4).collect();
    let mut other = one.clone();
    other.make_mut().retain(|n| *n > 1);
    assert_eq!((&*one, &*other), ([1, 2, 3].as_slice(), [2, 3].as_slice()));
    other.make_mut().clear();
    assert_eq!(other, List::new());
}
