use super::*;
use crate::release::{V1_33, V1_36, V1_37};

#[test]
fn a_struct_shows_every_field_in_the_order_of_declaration() {
    let strategy = Value::of([("type", "Recreate")]);
    assert_eq!(go_json(&strategy, GoType::of("StatefulSetUpdateStrategy")), r#"{"Type":"Recreate","RollingUpdate":null}"#);
    let mut strategy = Value::map();
    strategy.set(&["rollingUpdate", "partition"], 1);
    let expected = r#"{"Type":"","RollingUpdate":{"Partition":1,"MaxUnavailable":null}}"#;
    assert_eq!(go_json(&strategy, GoType::of("StatefulSetUpdateStrategy")), expected);
    let port = Value::of([("port", 80)]);
    let expected = r#"{"Name":"","Protocol":"","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#;
    assert_eq!(go_json(&port, GoType::of("ServicePort")), expected);
}

#[test]
fn types_of_the_wire_keep_their_names_and_leave_out_what_is_absent() {
    let mut selector = Value::map();
    selector.set(&["matchLabels", "a"], "b");
    selector.set(&["matchExpressions"], Value::list([Value::of([("operator", "In"), ("key", "app")])]));
    let expected = r#"{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"app","operator":"In"}]}"#;
    assert_eq!(go_json(&selector, GoType::of("LabelSelector")), expected);
    assert_eq!(go_json(&Value::map(), GoType::of("LabelSelector")), "{}");
    let mut claim = Value::map();
    claim.set(&["metadata", "name"], "www");
    assert!(go_json(&claim, GoType::of("PersistentVolumeClaim")).starts_with(r#"{"name":"www","Spec":{"AccessModes":null,"#));
}

#[test]
fn the_host_namespaces_stood_in_the_security_context_until_1_36() {
    let spec = Value::of([("hostNetwork", true)]);
    let older = GoType::of("PodSpec").of_release(&V1_36);
    assert!(go_json(&spec, older).contains(r#""SecurityContext":{"HostNetwork":true,"HostPID":false,"#));
    assert!(go_json(&Value::map(), older).contains(r#""SecurityContext":null,"#));
    let now = go_json(&spec, GoType::of("PodSpec").of_release(&V1_37));
    let expected = r#""ServiceAccountName":"","DeprecatedServiceAccount":"","AutomountServiceAccountToken":null,"NodeName":"","HostNetwork":true,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"SecurityContext":null,"#;
    assert!(now.contains(expected), "{now}");
}

#[test]
fn until_1_33_values_are_shown_as_go_writes_them() {
    let on_1_33 = |json: &str, of: &'static str| shown(yaml::parse(json)[0].value.as_ref(), GoType::of(of), &V1_33);
    for (of, json, wanted) in [
        (
            "LabelSelector",
            r#"{"matchExpressions":[{"key":"app","operator":"In","values":["a","b"]}]}"#,
            r#"v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:"app", Operator:"In", Values:[]string{"a", "b"}}}}"#,
        ),
        (
            "StatefulSetUpdateStrategy",
            r#"{"type":"x","rollingUpdate":{"partition":1}}"#,
            r#"apps.StatefulSetUpdateStrategy{Type:"x", RollingUpdate:(*apps.RollingUpdateStatefulSetStrategy)(0xc000000000)}"#,
        ),
        ("Toleration", "{}", r#"core.Toleration{Key:"", Operator:"", Value:"", Effect:"", TolerationSeconds:(*int64)(nil)}"#),
        (
            "OwnerReference",
            r#"{"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}"#,
            r#"v1.OwnerReference{APIVersion:"v1", Kind:"Event", Name:"e", UID:"u", Controller:(*bool)(nil), BlockOwnerDeletion:(*bool)(nil)}"#,
        ),
    ] {
        assert_eq!(on_1_33(json, of), wanted);
    }
    assert_eq!(shown(None, GoType::of("LabelSelector"), &V1_33), "\"null\"");
    let list = |value: &Value| shown(value, GoType::list("OwnerReference"), &V1_33);
    assert_eq!(list(&Value::Null), "[]v1.OwnerReference(nil)");
    assert_eq!(syntax::plain(&Value::list(["a"])).as_deref(), Some(r#"[]string{"a"}"#));
}

#[test]
fn indented_json_has_one_member_a_line() {
    let rolling = Value::of([("partition", 1)]);
    let expected = "{\n \"Partition\": 1,\n \"MaxUnavailable\": null\n}";
    assert_eq!(go_json_indented(&rolling, GoType::of("RollingUpdateStatefulSetStrategy")), expected);
    assert_eq!(go_json_indented(&Value::list(Vec::<Value>::new()), GoType::list("Container")), "[]");
}

#[test]
fn every_type_that_is_named_is_known() {
    for (owner, fields) in TYPES {
        for field in fields.split_ascii_whitespace() {
            let Some((_, of)) = field.split_once(':') else { continue };
            let of = of.trim_start_matches(['*', '[', ']']);
            assert!(of == "Cloud" || fields_of(of).or(fields_of(&format!("~{of}"))).is_some(), "{owner} names {of}");
        }
    }
}

#[test]
fn every_field_that_a_client_can_write_is_known() {
    // The internal type embeds the metadata, and has the deprecated name of the service account elsewhere; 1.35 alone has `workloadRef`.
    let elsewhere = ["serviceAccount", "workloadRef"];
    for (name, fields) in TYPES {
        let Some(ty) = crate::schema::schema().named(name) else { continue };
        let is_known = |field: &str| fields.split([' ', '#', '?', '@', '%', '*', ':', '=']).any(|f| f.eq_ignore_ascii_case(field));
        let unknown = ty.fields.iter().map(|f| f.name).filter(|f| !is_known(f) && !elsewhere.contains(f));
        let unknown: Vec<_> = unknown.filter(|f| !(fields.starts_with('~') && matches!(*f, "metadata" | "kind" | "apiVersion"))).collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}
