//! Which type a patched object says it is of.

use ordinal::api::client::PatchType;
use ordinal::api::kind::Kind;
use ordinal::api::patch::apply;
use ordinal::api::release::V1_37;
use ordinal::base::value::Value;

/// What the server says to a merge patch that gives a ConfigMap this version and kind.
fn said(version: Value, kind: Value) -> String {
    let mut object = Value::of([("apiVersion", "v1"), ("kind", "ConfigMap")]);
    object.set(&["metadata", "name"], "w1");
    object.set(&["data", "a"], "b");
    let patch = Value::of([("apiVersion", version), ("kind", kind)]);
    match apply(Kind::ConfigMap, PatchType::Merge, &object, &patch, &V1_37) {
        Ok(_) => String::new(),
        Err(status) => match &*status.causes {
            [] => format!("{} {:?}", status.message, status.warnings),
            causes => causes[0].detail.clone(),
        },
    }
}

#[test]
fn only_an_empty_kind_is_that_of_the_object() {
    for (version, kind, want) in [
        ("v1", Value::from("ConfigMap"), ""),
        ("v1", "".into(), ""),
        ("v1", Value::Null, ""),
        ("v1", "Pod".into(), "converting (v1.Pod) to (core.ConfigMap): unknown conversion"),
        ("autoscaling/v1", "Scale".into(), "converting (v1.Scale) to (core.ConfigMap): unknown conversion"),
        ("v2", "".into(), r#"no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111""#),
        ("v1", "configmap".into(), r#"no kind "configmap" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111""#),
        ("a/b/c", "ConfigMap".into(), "unexpected GroupVersion string: a/b/c"),
        (
            "v1",
            3.into(),
            "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .kind of type string",
        ),
        (
            "",
            "".into(),
            r#"the name of the object (w1 based on URL) was undeterminable: name must be provided ["unknown field \"data\"", "unknown field \"metadata\""]"#,
        ),
    ] {
        assert_eq!(said(version.into(), kind.clone()), want, "{version} {kind:?}");
    }
}
