//! Structs as the server's internal types print them in its refusals.

use ordinal::api::kind::Kind;
use ordinal::api::release::{Release, V1_36, V1_37};
use ordinal::api::rules::rules;
use ordinal::api::status::{Fault, FieldError};
use ordinal::base::value::Value;
use ordinal::yaml;

fn value(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

/// The struct that the first error shows at a path.
fn shown(errors: &[FieldError], path: &str) -> String {
    let of_struct = |error: &FieldError| if let Fault::OfStruct(_, shown) = &error.fault { Some(shown.to_string()) } else { None };
    errors.iter().filter(|error| error.path.to_string() == path).find_map(of_struct).unwrap_or_else(|| panic!("{path}: {errors:?}"))
}

/// The struct that the refusal of a new object shows at a path.
fn created(kind: Kind, object: &str, path: &str, release: &'static Release) -> String {
    shown(&(rules().judge_new)(kind, &value(object), release).0, path)
}

/// The same, of an object's update.
fn updated(kind: Kind, old: &str, new: &str, path: &str, release: &'static Release) -> String {
    shown(&(rules().judge_update)(kind, &value(new), &value(old), release).0, path)
}

/// A selector as the refusal of a Job's update shows it.
fn selector(text: &str, release: &'static Release) -> String {
    updated(Kind::Job, "{spec: {}}", &format!("{{spec: {{selector: {text}}}}}"), "spec.selector", release)
}

/// A template as the refusal of a Job's update shows it.
fn template(text: &str, release: &'static Release) -> String {
    updated(Kind::Job, "{spec: {}}", &format!("{{spec: {{template: {text}}}}}"), "spec.template", release)
}

#[test]
fn a_struct_shows_every_field_in_the_order_of_declaration() {
    let strategy = |text: &str| {
        let set = format!("{{spec: {{updateStrategy: {text}}}}}");
        created(Kind::StatefulSet, &set, "spec.updateStrategy", &V1_37)
    };
    assert_eq!(strategy("{type: Recreate}"), r#"{"Type":"Recreate","RollingUpdate":null}"#);
    let expected = r#"{"Type":"x","RollingUpdate":{"Partition":1,"MaxUnavailable":null}}"#;
    assert_eq!(strategy("{type: x, rollingUpdate: {partition: 1}}"), expected);
    let expected = r#"{"Name":"","Protocol":"","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#;
    assert_eq!(created(Kind::Service, "{spec: {ports: [{port: 80}, {port: 80}]}}", "spec.ports[1]", &V1_37), expected);
}

#[test]
fn types_of_the_wire_keep_their_names_and_leave_out_what_is_absent() {
    let expected = r#"{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"app","operator":"In"}]}"#;
    assert_eq!(selector("{matchLabels: {a: b}, matchExpressions: [{operator: In, key: app}]}", &V1_37), expected);
    assert_eq!(selector("{}", &V1_37), "{}");
    let set = "{spec: {volumeClaimTemplates: [{metadata: {name: www}}]}}";
    let claims = updated(Kind::StatefulSet, "{spec: {}}", set, "spec.volumeClaimTemplates", &V1_37);
    assert!(claims.starts_with(r#"[{"name":"www","Spec":{"AccessModes":null,"#), "{claims}");
}

#[test]
fn the_host_namespaces_stood_in_the_security_context_until_1_36() {
    let pods = "{spec: {hostNetwork: true}}";
    assert!(template(pods, &V1_36).contains(r#""SecurityContext":{"HostNetwork":true,"HostPID":false,"#));
    assert!(template("{}", &V1_36).contains(r#""SecurityContext":null,"#));
    let now = template(pods, &V1_37);
    let expected = r#""ServiceAccountName":"","DeprecatedServiceAccount":"","AutomountServiceAccountToken":null,"NodeName":"","HostNetwork":true,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"SecurityContext":null,"#;
    assert!(now.contains(expected), "{now}");
}

#[test]
fn some_fields_stood_elsewhere_until_1_36() {
    let (before, now) = (template("{spec: {}}", &V1_36), template("{spec: {}}", &V1_37));
    for (fields, is_now) in [
        (r#""Subdomain":"","SetHostnameAsFQDN":null,"Affinity""#, false),
        (r#""Priority":null,"PreemptionPolicy":null,"DNSConfig""#, false),
        (r#""RuntimeClassName":null,"Overhead":null,"EnableServiceLinks":null,"TopologySpreadConstraints""#, false),
        (r#""RuntimeClassName":null,"EnableServiceLinks":null,"PreemptionPolicy":null,"Overhead":null,"Topolog"#, true),
    ] {
        assert_eq!((before.contains(fields), now.contains(fields)), (!is_now, is_now), "{fields}\n{before}\n{now}");
    }
    let volume = |release| template("{spec: {volumes: [{}]}}", release);
    let after = r#""RBD":null,"Quobyte":null"#;
    assert_eq!((volume(&V1_36).contains(after), volume(&V1_37).contains(after)), (true, false));
}

#[test]
fn what_the_internal_type_has_by_value_is_never_null() {
    let volumes = template("{spec: {volumes: [{projected: {sources: [{serviceAccountToken: {}}]}}]}}", &V1_37);
    assert!(volumes.contains(r#""ServiceAccountToken":{"Audience":"","ExpirationSeconds":0,"Path":"","User":null}"#), "{volumes}");
}
