//! Values as Go prints them in patch errors.

use std::fmt::Write;

use base::value::Value;

/// A value as Go's `%v` prints it: `map[spec:map[replicas:2]]`.
pub fn go_text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// Several lists as Go's `%v` prints them, one list of lists.
pub(super) fn go_lists(lists: &[&[Value]]) -> String {
    let lists: Vec<Value> = lists.iter().map(|list| Value::list(list.iter().cloned())).collect();
    go_text(&Value::from(lists))
}

/// The name of a value's Go type.
pub(super) fn go_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "%!s(<nil>)",
        other => other.go_type(),
    }
}

/// The name of the kind of a value's Go type.
pub(super) fn go_kind(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "slice",
        Value::Map(_) => "map",
        other => go_type(other),
    }
}

/// The error of Go's decoder for a value that does not fit.
pub(super) fn cannot_unmarshal(value: &Value, go: &str) -> String {
    let what = match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Int(_) | Value::Real(_) => "number",
        other => go_type(other),
    };
    format!("json: cannot unmarshal {what} into Go value of type {go}")
}

fn write(value: &Value, out: &mut String) {
    let _ = match value {
        Value::Null => write!(out, "<nil>"),
        Value::Bool(b) => write!(out, "{b}"),
        Value::Int(n) => write!(out, "{n}"),
        Value::Real(n) => write!(out, "{n}"),
        Value::Text(t) => write!(out, "{t}"),
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { " " } else { "" });
                write(item, out);
            }
            return out.push(']');
        }
        Value::Map(map) => {
            out.push_str("map[");
            for (i, (key, item)) in map.iter().enumerate() {
                let _ = write!(out, "{}{key}:", if i > 0 { " " } else { "" });
                write(item, out);
            }
            return out.push(']');
        }
    };
}
