//! Manifests and an API server's complete answer to each, without a cluster: decoding, defaulting, validation.

use ordinal::api::decode::{Decoded, decode, strict_words};
use ordinal::api::kind::Kind;
use ordinal::api::release::V1_37;
use ordinal::api::rules::rules;
use ordinal::api::status::Status;
use ordinal::base::value::Value;
use ordinal::kubectl::{Files, Job};
use ordinal::sim::{Setup, Sim};
use ordinal::yaml;
use serde::Deserialize;

use comparison::tally::Tally;

#[derive(Deserialize)]
struct Collection {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    /// The case's subject.
    t: String,
    manifest: String,
    result: String,
}

/// What the server appends to a `generateName` in the recordings.
const SUFFIX: &str = "abcde";

#[test]
fn the_answer_to_each_manifest_is_the_servers() {
    let collection: Collection = serde_json::from_str(include_str!("../data/validation/vectors.json")).expect("a collection");
    let mut tally = Tally::of("answers to manifests");
    for vector in &collection.vectors {
        tally.judge(&vector.t, &vector.result, &answer(&vector.manifest));
    }
    tally.finish();
}

fn answer(manifest: &str) -> String {
    let document = yaml::parse(manifest).into_iter().next().unwrap_or_default();
    let object = document.value.unwrap_or_default();
    let Some(kind) = Kind::of(object.text_at(&["apiVersion"]).unwrap_or(""), object.text_at(&["kind"]).unwrap_or("")) else {
        return format!("DECODE: {}", not_an_object(manifest));
    };
    match decode(kind, &object) {
        Err(error) => format!("DECODE: {}", error.message),
        Ok(Decoded { object, unknown }) if unknown.is_empty() => judgement(kind, object),
        Ok(Decoded { object, unknown }) => format!("STRICT: {}\n{}", strict_words(&unknown), judgement(kind, object)),
    }
}

/// The error for something without a kind, which comes from kubectl where it reads structs.
fn not_an_object(manifest: &str) -> String {
    let files: Files = [("case.yaml", manifest)].into_iter().collect();
    let mut job = Job::new("set image -f case.yaml a=b", &files);
    job.poll(&mut Sim::new(&Setup::default()));
    let said = job.stderr();
    said.trim_end().trim_start_matches("error: ").trim_start_matches("unable to decode \"case.yaml\": ").to_owned()
}

/// The server's answer to a new object without unknown fields.
fn judgement(kind: Kind, mut object: Value) -> String {
    if let (None, Some(prefix)) = (object.text_at(&["metadata", "name"]), object.text_at(&["metadata", "generateName"])) {
        let name = format!("{prefix}{SUFFIX}");
        object.set(&["metadata", "name"], name);
    }
    if kind.is_namespaced() {
        object.set(&["metadata", "namespace"], "default");
    }
    (rules().fill_in)(kind, &mut object, &V1_37);
    (rules().prepare_new)(kind, &mut object, &V1_37);
    let (errors, _) = (rules().judge_new)(kind, &object, &V1_37);
    if errors.is_empty() {
        return "OK".to_owned();
    }
    let name = object.text_at(&["metadata", "name"]).unwrap_or_default();
    Status::invalid(&kind.group_kind(), name, errors).message
}
