//! JSON: values, refusals, and the place of an error.

use ordinal::base::json::{Why, read, value};

#[test]
fn values_are_read() {
    let text = r#" {"a": [1, -2.5, "b\u0041\n", null, true], "a b": {}, "n": 18446744073709551616} "#;
    let read = value(text).map(|value| value.to_json());
    assert_eq!(read.as_deref(), Some(r#"{"a":[1,-2.5,"bA\n",null,true],"a b":{},"n":18446744073709551616}"#));
    assert_eq!(value(r#"{"a": 1, "a": 2}"#).map(|value| value.to_json()).as_deref(), Some(r#"{"a":2}"#));
}

#[test]
fn what_is_no_json_has_no_value() {
    for text in ["", "{", "{a: 1}", "{} {}", "'a'", "[1,]", "01", "nul", "\"\\x\""] {
        assert_eq!(value(text), None, "{text}");
    }
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(value(&nested(100)).is_some());
    assert_eq!(value(&nested(130)), None);
}

#[test]
fn an_error_has_its_place() {
    let wrong = read("{\"a\": 한}", 0, 10).unwrap_err();
    assert_eq!((wrong.at, wrong.place), (6, 6..9));
    assert_eq!(read("[[[", 0, 2).unwrap_err().why, Why::TooDeep);
    assert_eq!(read("[", 0, 2).unwrap_err().why, Why::Ends);
}
