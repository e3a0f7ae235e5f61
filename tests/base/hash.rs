//! Hashes, digests and prints.

use ordinal::base::hash::{Digest, fnv1_32, print, safe_encode};

#[test]
fn a_revision_hash_is_decimal_digits_safely_encoded() {
    assert_eq!(safe_encode("0123456789"), "456789bcdf");
    assert_eq!(fnv1_32(b""), 2_166_136_261);
}

#[test]
fn a_digest_knows_where_a_text_ends() {
    let of = |texts: [&str; 2]| {
        let mut digest = Digest::default();
        for text in texts {
            digest.text(text);
        }
        digest
    };
    assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
    assert_ne!(of(["ab", ""]), of(["", "ab"]));
    let texts = [["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"]].map(|texts| print(&texts));
    assert!((0..4).all(|at| !texts[..at].contains(&texts[at])), "nor does a print run texts together");
}
