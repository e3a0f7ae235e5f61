//! Digits, compared with those of the formatting machinery.

use ordinal::base::decimal::{push_hex, push_number};

#[test]
fn digits_are_those_of_the_formatting_machinery() {
    for number in [0, 1, 9, 10, 1_000, -1, -90, i64::MAX, i64::MIN] {
        let mut text = String::from("web-");
        push_number(&mut text, number);
        assert_eq!(text, format!("web-{number}"));
    }
    for number in [0x18a0_0000_0000_0000, 0xfedc_ba98_7654_3210] {
        let mut text = String::from("web-0.");
        push_hex(&mut text, number);
        assert_eq!(text, format!("web-0.{number:x}"));
    }
}
