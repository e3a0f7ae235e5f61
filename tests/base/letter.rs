//! Letters and digits, compared with those of Unicode.

use ordinal::base::letter::{is_letter, is_letter_or_digit};

#[test]
fn what_is_written_in_names_and_sentences_is_told_apart_as_by_unicode() {
    let text: String = (0..0x17f).filter_map(char::from_u32).filter(|c| !"²³¹¼½¾".contains(*c)).collect();
    for c in text.chars().chain("한글ㄱ中文かなабвγλ–—‘’“”…•→①、。「」(!€🙂".chars()) {
        assert_eq!(is_letter_or_digit(c), c.is_alphanumeric() && c != '①', "{c}");
    }
    assert!(is_letter('é') && !is_letter('7') && is_letter('한'));
}
