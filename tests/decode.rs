//! Decoding against the API server's own.
//!
//! `data/decode.jsonl` holds objects with what sigs.k8s.io/json made of them over the k8s.io/api 0.37.1 types: the first type
//! error, the unknown fields, or the object as Go writes it.

use std::fs;
use std::path::Path;

use ordinal::api::decode::{decode, unknown_field_words};
use ordinal::api::kind::Kind;
use ordinal::api::typed::with_empty_members;
use ordinal::base::value::Value;

fn ours(kind: Kind, object: &Value) -> (&'static str, Value) {
    match decode(kind, object) {
        Err(error) => ("error", Value::from(error.message)),
        Ok(decoded) if decoded.unknown.is_empty() => ("typed", with_empty_members(kind, &decoded.object)),
        Ok(decoded) => ("unknown", Value::list(decoded.unknown.iter().map(unknown_field_words))),
    }
}

#[test]
fn objects_are_decoded_and_refused_as_by_the_api_server() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/decode.jsonl");
    let recorded = fs::read_to_string(path).expect("the recorded objects");
    let mut wrong = Vec::new();
    for line in recorded.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let kind = Kind::named(case.text_at(&["kind"]).expect("a kind")).expect("a known kind");
        let (sort, got) = ours(kind, case.get("object").expect("an object"));
        if case.get(sort) != Some(&got) {
            wrong.push(format!("{line}\n  ours {sort}: {}", got.to_json()));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
