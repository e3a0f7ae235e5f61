//! Patches, made and applied as the real libraries and the server do.

mod type_meta;

use ordinal::api::client::PatchType;
use ordinal::api::decode::{decode, strict_words};
use ordinal::api::kind::Kind;
use ordinal::api::patch::{PatchError, Patched, apply, apply_locally, merge, three_way, two_way};
use ordinal::api::release::V1_37;
use ordinal::api::schema::schema;
use ordinal::api::status::{Fault, Status, StatusReason};
use ordinal::api::typed::with_empty_members;
use ordinal::base::value::Value;
use ordinal::yaml;

fn value(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

/// The value that a refusal of a patch shows: what the merge has left of the patch.
fn left(refused: &Status) -> Option<&str> {
    refused.causes.iter().find_map(|cause| if let Fault::Invalid(value) = &cause.fault { value.as_text() } else { None })
}

/// `data/patches.jsonl` holds patches with what k8s.io/apimachinery strategicpatch, its converter and json-patch made of them.
#[test]
fn patches_are_made_and_applied_as_by_the_real_libraries() {
    let (mut wrong, mut shown) = (Vec::new(), 0);
    for line in include_str!("../../data/patches.jsonl").lines() {
        let case: Value = serde_json::from_str(line).expect("a line of JSON");
        let kind = Kind::named(case.text_at(&["kind"]).expect("a kind")).expect("a known kind");
        let part = |name: &str| case.get(name).cloned().unwrap_or_default();
        let (a, b) = (part("a"), part("b"));
        let mode = case.text_at(&["mode"]).expect("a mode");
        let wanted = case.text_at(&["rest"]).unwrap_or("");
        let mut rest = String::new();
        let words = |e: PatchError| e.to_string();
        let result = match mode {
            "three" => three_way(kind, &a, &b, &part("c")).map_err(words),
            "two" => two_way(kind, &a, &b).map_err(words),
            "merge" => merge(&a, &b).map_err(words),
            "json" => apply_locally(schema().kind(kind), PatchType::Json, &a, &b).map_err(|_| "refused".to_owned()),
            "apply" => {
                // The server shows what is left where it refuses the result, as one with a field that nobody knows.
                let mut strange = a.clone();
                strange.set(&["nobodyKnows"], true);
                let refused = apply(kind, PatchType::Strategic, &strange, &b, &V1_37).and_then(Patched::strict).err();
                let seen = refused.as_ref().and_then(left);
                shown += usize::from(seen.is_some());
                let merged = apply_locally(schema().kind(kind), PatchType::Strategic, &a, &b).map_err(words);
                // A directive that takes the field away leaves nothing to refuse.
                rest = if merged.is_ok() { seen.unwrap_or(wanted).to_owned() } else { String::new() };
                merged
            }
            _ => match apply(kind, PatchType::Strategic, &a, &Value::map(), &V1_37) {
                Err(status) => Err(status.causes[0].detail.clone()),
                Ok(patched) => {
                    rest = if patched.unknown.is_empty() { String::new() } else { strict_words(&patched.unknown) };
                    // As Go writes it: without empty lists and maps.
                    let written = decode(kind, &patched.object).expect("what was decoded").object;
                    Ok(with_empty_members(kind, &written))
                }
            },
        };
        let good = match &result {
            Ok(value) => case.get("result") == Some(value) && wanted == rest,
            Err(words) => case.text_at(&["error"]) == Some(words),
        };
        if !good {
            wrong.push(format!("{line}\n  ours {:?} {rest}", result.map(|v| v.to_json())));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(shown, 35, "patches of which a refusal shows what is left");
}

const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec: {replicas: 2, serviceName: nginx, template: {spec: {containers: [{name: a, image: b}]}}}";

fn patched(how: PatchType, patch: &str) -> String {
    match apply(Kind::StatefulSet, how, &value(SET), &value(patch), &V1_37) {
        Ok(patched) if patched.unknown.is_empty() => patched.object.to_json(),
        Ok(patched) => patched.strict().unwrap_err().message,
        Err(status) => {
            let code = match status.reason {
                StatusReason::Invalid => 422,
                StatusReason::Unknown => 500,
                _ => 400,
            };
            format!("{code} {}", status.message)
        }
    }
}

#[test]
fn refusals_are_in_the_servers_words() {
    for (how, patch, want) in [
        (
            PatchType::Strategic,
            "{spec: {replicas: x}}",
            r#"422  "" is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32"#,
        ),
        (
            PatchType::Strategic,
            "{spec: {replica: 2}}",
            r#" "" is invalid: patch: Invalid value: "map[spec:map[replica:2]]": strict decoding error: unknown field "spec.replica""#,
        ),
        (
            PatchType::Strategic,
            "{spec: {template: {spec: {containers: [{image: x}]}}}}",
            "500 map: map[image:x] does not contain declared merge key: name",
        ),
        (PatchType::Strategic, "{spec: {template: {spec: {$retainKeys: x}}}}", "400 invalid patch format of retainKeys"),
        (PatchType::Json, "{a: b}", "400 error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        (PatchType::Json, "[{op: remove, path: /spec/nothing}]", "422 the server rejected our request due to an error in our request"),
        (
            PatchType::Json,
            "[{op: test, path: /spec/replicas, value: 3}]",
            "422 the server rejected our request due to an error in our request",
        ),
        (
            PatchType::Merge,
            "{spec: {replicas: x, template: null, serviceName: null}}",
            r#"422  "" is invalid: patch: Invalid value: "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\",\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":\"x\"}}": json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32"#,
        ),
    ] {
        assert_eq!(patched(how, patch), want, "{patch}");
    }
}

#[test]
fn patches_change_what_they_name() {
    for (how, patch, path, want) in [
        (
            PatchType::Strategic,
            "{spec: {template: {spec: {containers: [{name: a, image: c}]}}}}",
            "containers",
            r#"[{"image":"c","name":"a"}]"#,
        ),
        (
            PatchType::Strategic,
            "{spec: {template: {spec: {containers: [{name: b, image: c}]}}}}",
            "containers",
            r#"[{"image":"c","name":"b"},{"image":"b","name":"a"}]"#,
        ),
        (PatchType::Merge, "{spec: {template: {spec: {containers: [{name: z}]}}}}", "containers", r#"[{"name":"z"}]"#),
        (
            PatchType::Json,
            "[{op: add, path: /spec/template/spec/containers/-, value: {name: z}}]",
            "containers",
            r#"[{"image":"b","name":"a"},{"name":"z"}]"#,
        ),
        (PatchType::Json, "[{op: remove, path: /spec/template/spec/containers/0}]", "containers", "[]"),
    ] {
        let object = apply(Kind::StatefulSet, how, &value(SET), &value(patch), &V1_37).unwrap().object;
        assert_eq!(object.at(&["spec", "template", "spec", path]).map(Value::to_json).as_deref(), Some(want), "{patch}");
    }
}

#[test]
fn what_was_applied_and_is_no_longer_wanted_goes_and_the_rest_stays() {
    let diff = |original: &str, modified: &str, current: &str| {
        three_way(Kind::StatefulSet, &value(original), &value(modified), &value(current)).unwrap().to_json()
    };
    // The replicas were in the last applied configuration, so leaving them out removes them; otherwise the scaled number stays.
    assert_eq!(diff("{spec: {replicas: 2}}", "{spec: {}}", "{spec: {replicas: 3}}"), r#"{"spec":{"replicas":null}}"#);
    assert_eq!(diff("{spec: {}}", "{spec: {}}", "{spec: {replicas: 3}}"), "{}");
    assert_eq!(diff("{spec: {replicas: 2}}", "{spec: {replicas: 2}}", "{spec: {replicas: 2, serviceName: x}}"), "{}");
    // Claim templates are compared as a whole, and the server has defaulted them.
    assert_eq!(
        diff(
            "{}",
            "{spec: {volumeClaimTemplates: [{metadata: {name: www}}]}}",
            "{spec: {volumeClaimTemplates: [{kind: PersistentVolumeClaim, metadata: {name: www}}]}}"
        ),
        r#"{"spec":{"volumeClaimTemplates":[{"metadata":{"name":"www"}}]}}"#
    );
}

#[test]
fn too_deep_is_refused() {
    let deep = (0..1000).fold(Value::Null, |inner, _| Value::of([("a", inner)]));
    assert!(apply(Kind::Pod, PatchType::Merge, &value("{}"), &deep, &V1_37).is_err());
    assert!(three_way(Kind::Pod, &value("{}"), &deep, &value("{}")).is_err());
}
