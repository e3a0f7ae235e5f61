//! Metadata reads back as it was written.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Deletion, Meta, OwnerRef, Uid};
use ordinal::base::time::Time;
use ordinal::base::value::Value;

#[test]
fn a_uid_reads_back_as_it_was_printed() {
    for bits in [0, 1, u64::MAX, 0x1234_5678_9abc_def0] {
        let uid = Uid::from_bits(bits);
        assert_eq!(Uid::parse(&uid.to_string()), uid);
    }
    assert_ne!(Uid::parse("my-own-uid"), Uid::parse("another"));
}

#[test]
fn metadata_reads_back_as_it_was_written() {
    let mut meta = Meta { name: "web-0".into(), namespace: "default".into(), uid: Uid::from_bits(99), revision: 7, ..Meta::default() };
    meta.owners.make_mut().push(OwnerRef::controller(Kind::StatefulSet, &Meta { name: "web".into(), ..Meta::default() }));
    meta.deletion = Some(Deletion { at: Time(30_000), grace: 30 });
    let object = Value::of([("metadata", meta.encode())]);
    assert_eq!(Meta::decode(&object), meta);
}
