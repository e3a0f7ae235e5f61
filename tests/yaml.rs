//! The YAML parser and printer, compared with kubectl's own.
//!
//! `data/yaml.jsonl` holds texts with the results of the libraries used by kubectl 1.37 (k8s.io/apimachinery util/yaml, sigs.k8s.io/yaml):
//! the JSON and YAML of each document up to the first error, and that error's message. `data/printed` holds the output of
//! a real kubectl.

mod places;

use std::fs;
use std::path::Path;

use ordinal::yaml::{parse, print, to_json_pretty};
use serde_json::Value as Json;

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Our result for a text, in the format of the recorded lines.
fn documents(text: &str) -> Vec<Json> {
    let mut out = Vec::new();
    for document in parse(text) {
        if let Some(error) = document.error() {
            out.push(serde_json::json!({ "error": error.problem.to_string() }));
            break;
        }
        let value = document.value.unwrap_or_default();
        out.push(if value.is_null() {
            serde_json::json!({ "json": "null" })
        } else {
            serde_json::json!({ "json": value.to_json(), "yaml": print(&value) })
        });
    }
    out
}

#[test]
fn texts_are_read_refused_and_printed_as_by_kubectl() {
    let recorded = data("yaml.jsonl");
    let mut wrong = Vec::new();
    for line in recorded.lines() {
        let case: Json = serde_json::from_str(line).expect("a line of JSON");
        let text = case["text"].as_str().expect("a text");
        let ours = Json::Array(documents(text));
        if ours != case["documents"] {
            wrong.push(format!("{text:?}\n  kubectl {}\n  ours    {ours}", case["documents"]));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_kubectl_printed_is_printed_the_same() {
    let names = ["statefulset", "pod", "claim", "volumes", "revisions", "slices", "service", "deployment"];
    for name in names {
        let text = data(&format!("printed/{name}.yaml"));
        let documents = parse(&text);
        assert_eq!(documents.len(), 1, "{name}");
        let value = documents[0].value.as_ref().unwrap_or_else(|| panic!("{name}: {:?}", documents[0].problems));
        assert_eq!(print(value), text, "{name}");
    }
    let text = data("printed/statefulset.json");
    let value = parse(&text).remove(0).value.expect("an object");
    assert_eq!(to_json_pretty(&value) + "\n", text);
}
