//! Who wrote to a volume.

use ordinal::api::object::{Name, Uid};
use ordinal::base::time::Time;
use ordinal::cluster::inside::journal::Journal;

#[test]
fn writers_are_told_apart_and_one_after_the_other_is_no_interleaving() {
    let name: Name = "web-1".into();
    let (old, new) = (Uid::from_bits(1 << 60), Uid::from_bits(2 << 60));
    for (writes, want) in [(&[(old, 1), (old, 2), (new, 3)][..], false), (&[(old, 1), (new, 2), (old, 3)], true)] {
        let mut journal = Journal::default();
        for (uid, at) in writes {
            journal.take(&name, *uid, Time(*at), "a line\nanother\n");
        }
        assert_eq!(journal.interleaved(), want);
        assert_eq!(&*journal.pieces[0].text, "another");
        assert_eq!(journal.writers.iter().map(|writer| writer.bytes).sum::<usize>(), 3 * 15);
    }
}
