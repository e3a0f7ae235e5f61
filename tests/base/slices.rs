//! Work in slices.

use ordinal::base::slices::{Slices, Work, whole};

async fn sum(slices: Slices) -> u32 {
    let mut sum = 0;
    for one in 1..=3 {
        slices.rest().await;
        sum += one;
    }
    sum
}

#[test]
fn slices_come_to_what_the_whole_comes_to() {
    assert_eq!(whole(sum(Slices::WHOLE)), 6);
    assert_eq!(whole(sum(Slices::until(|| true))), 6);
    let mut work = Work::new(sum(Slices::until(|| true)));
    assert_eq!([work.slice(), work.slice(), work.slice(), work.slice()], [None, None, None, Some(6)]);
}
