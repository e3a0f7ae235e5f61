//! Values, as Go prints them.

use base::value::Value;
use verbs::print::golang::{plain, syntax};

#[test]
fn values_print_as_go_prints_them() {
    let value = Value::of([("a", Value::list([1, 2])), ("b", Value::from("x\"y")), ("c", Value::Null)]);
    assert_eq!(plain(&value), "map[a:[1 2] b:x\"y c:<nil>]");
    assert_eq!(syntax(&value), r#"map[string]interface {}{"a":[]interface {}{1, 2}, "b":"x\"y", "c":interface {}(nil)}"#);
}
