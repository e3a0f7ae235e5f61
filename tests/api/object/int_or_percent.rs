//! Numbers and percentages.

use ordinal::api::object::int_or_percent::IntOrPercent;
use ordinal::base::value::Value;

#[test]
fn a_percentage_is_rounded_as_the_caller_asks() {
    for (written, whole, down, up) in [
        (Value::from("25%"), 3, 0, 1),
        (Value::from("25%"), 10, 2, 3),
        (Value::from("25%"), 4, 1, 1),
        (Value::from("0%"), 9, 0, 0),
        (Value::from("100%"), 9, 9, 9),
        (Value::from(2), 9, 2, 2),
    ] {
        let read = IntOrPercent::decode(&written).unwrap();
        assert_eq!((read.rounded_down(whole), read.rounded_up(whole)), (down, up), "{written:?} of {whole}");
    }
    assert_eq!(IntOrPercent::decode(&Value::from("two")), None);
}
