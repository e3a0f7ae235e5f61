//! Base64, written and read.

use ordinal::base::base64::{decode, encode};

#[test]
fn what_is_written_is_read_back() {
    for text in ["", "a", "ab", "abc", "abcd", "\u{0}\u{ff}"] {
        assert_eq!(decode(&encode(text.as_bytes())), Ok(text.as_bytes().to_vec()));
    }
    assert_eq!(encode(b"admin"), "YWRtaW4=");
}

#[test]
fn the_first_wrong_byte_is_named() {
    for (text, at) in [("***", 0), ("YWRt*", 4), ("YW=t", 2), ("YWR", 0), ("=", 0), ("YQ=", 3), ("YQ==x", 4), ("YWRtaW4", 4)] {
        assert_eq!(decode(text), Err(at), "{text}");
    }
    assert_eq!(decode("YWRt\naW4="), Ok(b"admin".to_vec()));
}
