//! JSON against a JSON Schema, as far as the schemas of the reports and of SARIF use the language.
//!
//! A keyword that is not known here is a fault of the value that it is asked about: no schema is held to by half. `format` says how a text
//! is meant, and most readers do not check it.

use serde_json::{Map, Value};

/// What says nothing about a value.
const REMARKS: [&str; 9] = ["$schema", "$id", "$defs", "definitions", "title", "description", "default", "format", "enumDescriptions"];

/// A schema, with the document in which its references are looked for.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    document: &'a Value,
    here: &'a Value,
}

impl<'a> Schema<'a> {
    pub fn of(document: &'a Value) -> Schema<'a> {
        Schema { document, here: document }
    }

    /// What is wrong with a value, each fault after its place.
    pub fn faults(self, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.hold(value, "", &mut faults);
        faults
    }

    fn at(self, here: &'a Value) -> Schema<'a> {
        Schema { here, ..self }
    }

    fn takes(self, value: &Value) -> bool {
        self.faults(value).is_empty()
    }

    fn hold(self, value: &Value, place: &str, faults: &mut Vec<String>) {
        let keywords = match self.here {
            Value::Bool(true) => return,
            Value::Object(keywords) => keywords,
            _ => return faults.push(format!("{place}: nothing may stand here")),
        };
        for (keyword, said) in keywords {
            if let Some(fault) = self.fault(keywords, keyword, said, value, place, faults) {
                faults.push(format!("{place}: {fault}"));
            }
        }
    }

    /// What one keyword finds wrong with the value itself; what is wrong below goes into `faults`.
    fn fault(
        self,
        keywords: &'a Map<String, Value>,
        keyword: &str,
        said: &'a Value,
        value: &Value,
        place: &str,
        faults: &mut Vec<String>,
    ) -> Option<String> {
        let fails = |fails: bool| fails.then(|| format!("{value} against {keyword} {said}"));
        let number = |by: fn(f64, f64) -> bool| value.as_f64().zip(said.as_f64()).is_some_and(|(is, most)| by(is, most));
        match keyword {
            _ if REMARKS.contains(&keyword) => None,
            "$ref" => {
                let path = said.as_str().and_then(|path| path.strip_prefix('#')).expect("a reference into the document");
                self.at(self.document.pointer(path).expect("a place in the document")).hold(value, place, faults);
                None
            }
            "type" => fails(!list(said).iter().any(|name| is_of(value, name))),
            "const" => fails(value != said),
            "enum" => fails(!list(said).contains(value)),
            "minimum" => fails(number(|is, least| is < least)),
            "maximum" => fails(number(|is, most| is > most)),
            "minItems" => fails(value.as_array().is_some_and(|items| said.as_u64() > Some(items.len() as u64))),
            "uniqueItems" => fails(value.as_array().is_some_and(|items| (1..items.len()).any(|at| items[..at].contains(&items[at])))),
            "required" => fails(value.as_object().is_some_and(|fields| list(said).iter().any(|name| !has(fields, name)))),
            "anyOf" => fails(!list(said).iter().any(|one| self.at(one).takes(value))),
            "oneOf" => fails(list(said).iter().filter(|one| self.at(one).takes(value)).count() != 1),
            "items" => {
                for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.at(said).hold(item, &format!("{place}/{at}"), faults);
                }
                None
            }
            "properties" => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = said.get(name) {
                        self.at(schema).hold(field, &format!("{place}/{name}"), faults);
                    }
                }
                None
            }
            "additionalProperties" => {
                let is_named = |name: &str| keywords.get("properties").is_some_and(|named| named.get(name).is_some());
                for (name, field) in value.as_object().into_iter().flatten().filter(|(name, _)| !is_named(name)) {
                    self.at(said).hold(field, &format!("{place}/{name}"), faults);
                }
                None
            }
            _ => Some(format!("{keyword} is not known here")),
        }
    }
}

/// The values of a list; another value is a list of its own.
fn list(said: &Value) -> &[Value] {
    said.as_array().map_or(std::slice::from_ref(said), Vec::as_slice)
}

fn has(fields: &Map<String, Value>, name: &Value) -> bool {
    name.as_str().is_some_and(|name| fields.contains_key(name))
}

/// Whether a value is of the type of this name.
fn is_of(value: &Value, name: &Value) -> bool {
    match name.as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        other => panic!("{other:?} is no type of JSON Schema"),
    }
}

#[test]
fn schema_finds_each_kind_of_fault_at_its_place() {
    use serde_json::json;
    let schema = json!({
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": { "$ref": "#/$defs/number" },
            "b": { "type": ["string", "null"], "enum": ["x", null] },
            "c": { "type": "array", "minItems": 1, "uniqueItems": true, "items": { "anyOf": [{ "const": 1 }, { "const": "one" }] } },
            "d": { "oneOf": [{ "type": "integer" }, { "type": "number" }] },
            "e": { "pattern": "^e" }
        },
        "additionalProperties": false,
        "$defs": { "number": { "type": "integer", "minimum": 0, "maximum": 9, "description": "d" } }
    });
    let places = |value: Value| -> Vec<String> {
        Schema::of(&schema).faults(&value).iter().map(|fault| fault.split(": ").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(places(json!({ "a": 0, "b": null, "c": [1, "one"], "d": 0.5 })), [""; 0]);
    for (value, place) in [
        (json!([]), ""),
        (json!({ "b": "x" }), ""),
        (json!({ "a": -1 }), "/a"),
        (json!({ "a": 10 }), "/a"),
        (json!({ "a": 1, "b": "y" }), "/b"),
        (json!({ "a": 1, "c": [] }), "/c"),
        (json!({ "a": 1, "c": [1, 1] }), "/c"),
        (json!({ "a": 1, "c": [1, 2] }), "/c/1"),
        (json!({ "a": 1, "d": 1 }), "/d"),
        (json!({ "a": 1, "e": "e" }), "/e"),
        (json!({ "a": 1, "f": 1 }), "/f"),
    ] {
        assert_eq!(places(value.clone()), [place], "{value}");
    }
}
