//! Remarks as SARIF 2.1.0, the form that code scanning takes.

use std::env::consts::OS;

use serde_json::{Value, json};

use crate::explain::Topic;
use crate::remark::{Remark, Severity};

/// The schema of the form.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run with the findings of remarks, and a rule for each topic that is remarked on. What is told and is no finding is a notification of
/// the tool, and raises no alert.
pub fn sarif(remarks: &[Remark]) -> String {
    let mut topics: Vec<Topic> = Vec::new();
    let (remarks, told): (Vec<&Remark>, Vec<&Remark>) = remarks.iter().partition(|remark| remark.is_finding());
    for remark in &remarks {
        if !topics.contains(&remark.topic) {
            topics.push(remark.topic);
        }
    }
    let rules: Vec<Value> = topics.iter().map(|topic| rule(*topic, &remarks)).collect();
    let results: Vec<Value> = remarks.iter().map(|remark| result(remark, &topics)).collect();
    let driver = json!({ "name": "ordinal", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let mut run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    if !told.is_empty() {
        let notifications: Vec<Value> = told.iter().map(|remark| notification(remark)).collect();
        run["invocations"] = json!([{ "executionSuccessful": true, "toolExecutionNotifications": notifications }]);
    }
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    serde_json::to_string_pretty(&log).unwrap_or_default()
}

fn rule(topic: Topic, remarks: &[&Remark]) -> Value {
    let worst = remarks.iter().filter(|remark| remark.topic == topic).map(|remark| remark.severity).max();
    let (title, help) = (topic.title(), topic.text());
    json!({
        "id": topic.id(),
        "shortDescription": { "text": title },
        "fullDescription": { "text": topic.what() },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": worst.unwrap_or(Severity::Warning).sarif() },
        "properties": { "tags": ["kubernetes", "statefulset"] },
    })
}

fn notification(remark: &Remark) -> Value {
    let mut told = json!({ "level": remark.severity.sarif(), "message": { "text": remark.whole() } });
    locate(&mut told, remark);
    told
}

/// Says where the files have what a remark is about.
fn locate(value: &mut Value, remark: &Remark) {
    if let Some(place) = &remark.place {
        let artifact = json!({ "artifactLocation": { "uri": uri(&place.file) }, "region": { "startLine": place.line } });
        value["locations"] = json!([{ "physicalLocation": artifact }]);
    }
}

fn result(remark: &Remark, topics: &[Topic]) -> Value {
    let mut result = json!({
        "ruleId": remark.topic.id(),
        "ruleIndex": topics.iter().position(|topic| *topic == remark.topic),
        "level": remark.severity.sarif(),
        "message": { "text": remark.whole() },
        // The same finding of the same workload is the same alert, wherever its line goes.
        "partialFingerprints": { "ordinal/v1": format!("{}:{}", remark.topic.id(), remark.workload) },
    });
    locate(&mut result, remark);
    if let Some(reason) = &remark.accepted {
        result["suppressions"] = json!([{ "kind": "inSource", "justification": reason }]);
    }
    result
}

/// A file's name as the reference of a URI.
fn uri(file: &str) -> String {
    let file = if OS == "windows" { file.replace('\\', "/") } else { file.to_owned() };
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    file.trim_start_matches("./").bytes().map(byte).collect()
}
