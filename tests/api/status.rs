//! Errors about fields, in the server's words.

use ordinal::api::status::{Fault, FieldError, Status};
use ordinal::base::field_path::FieldPath;
use ordinal::base::value::Value;

#[test]
fn sentences_show_the_value_as_go_does() {
    let at = |fault, detail: &str| FieldError::new(FieldPath::of("spec.name"), fault, detail).to_string();
    assert_eq!(at(Fault::Required, ""), "spec.name: Required value");
    assert_eq!(at(Fault::Invalid("a<b>\u{feff}\n".into()), "bad"), "spec.name: Invalid value: \"a<b>\\ufeff\\n\": bad");
    assert_eq!(at(Fault::Invalid(Value::Null), ""), "spec.name: Invalid value: null");
    let unsupported = Fault::NotSupported("x".into(), vec!["A".into(), "B".into()]);
    assert_eq!(at(unsupported.clone(), ""), "spec.name: Unsupported value: \"x\": supported values: \"A\", \"B\"");
    let of_struct = Fault::OfStruct(Box::new(unsupported), r#"{"Type":"x"}"#.into());
    assert_eq!(at(of_struct, ""), "spec.name: Unsupported value: {\"Type\":\"x\"}: supported values: \"A\", \"B\"");
    assert_eq!(at(Fault::TooMany(3, 1), ""), "spec.name: Too many: 3: must have at most 1 item");
}

#[test]
fn an_invalid_object_is_told_each_thing_once() {
    let image = || FieldError::new(FieldPath::of("spec.image"), Fault::Required, "");
    let status = Status::invalid("Pod", "p", vec![image(), image()]);
    assert_eq!(status.message, "Pod \"p\" is invalid: spec.image: Required value");
    assert_eq!(status.causes.len(), 2);
}
