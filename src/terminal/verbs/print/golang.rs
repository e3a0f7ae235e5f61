//! Values as Go's `fmt` prints them.

use base::quoted::go_quoted;
use base::value::Value;

/// `%v`: `map[a:1 b:[x y]]`.
pub use api::patch::go_text as plain;

/// `%#v`: `map[string]interface {}{"a":1}`.
pub fn syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::Text(text) => go_quoted(text),
        Value::List(items) => format!("[]interface {{}}{{{}}}", items.iter().map(syntax).collect::<Vec<_>>().join(", ")),
        Value::Map(map) => {
            let entries = map.iter().map(|(k, v)| format!("{}:{}", go_quoted(k), syntax(v))).collect::<Vec<_>>();
            format!("map[string]interface {{}}{{{}}}", entries.join(", "))
        }
        other => other.to_json(),
    }
}
