//! The ephemeral containers of a pod: only their subresource adds them, and nothing takes them away.

use ordinal::api::client::{Client, Patch, Subresource, WriteOptions};
use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::sim::{Setup, Sim};
use ordinal::yaml;

fn value(text: &str) -> Value {
    yaml::parse(text).into_iter().find_map(|document| document.value).expect("a value")
}

/// What a strategic patch of a part of the pod brings: its ephemeral containers, or a refusal.
fn patched(sim: &mut Sim, part: Subresource, patch: &str) -> Result<String, String> {
    let written = sim.patch(Kind::Pod, "default", "p", Patch::strategic(&value(patch)), part, &WriteOptions::default());
    let names = |pod: &Value| {
        pod.list_at(&["spec", "ephemeralContainers"]).iter().filter_map(|c| c.text_at(&["name"])).collect::<Vec<_>>().join(" ")
    };
    written
        .map(|written| names(&written.object))
        .map_err(|status| status.causes.first().map_or(status.message.clone(), ToString::to_string))
}

#[test]
fn they_are_added_by_their_subresource_alone_and_stay() {
    let mut sim = Sim::new(&Setup::default());
    let pod = value("{apiVersion: v1, kind: Pod, metadata: {name: p, labels: {a: b}}, spec: {containers: [{name: c, image: nginx}]}}");
    sim.create(Kind::Pod, "default", &pod, &WriteOptions::default()).expect("created");
    let mut early = pod.clone();
    early.set(&["spec", "ephemeralContainers"], value("[{name: d, image: busybox}]"));
    early.set(&["metadata", "name"], "early");
    let refusal = sim.create(Kind::Pod, "default", &early, &WriteOptions::default()).expect_err("refused");
    assert_eq!(refusal.causes[0].to_string(), "spec.ephemeralContainers: Forbidden: cannot be set on create");
    let add = "{metadata: {labels: {a: z}}, spec: {activeDeadlineSeconds: 9, ephemeralContainers: [{name: d, image: busybox}]}}";
    let part = Subresource::EphemeralContainers;
    assert_eq!(patched(&mut sim, part, add), Ok("d".to_owned()));
    // Whatever else was sent does not count.
    let now = sim.get(Kind::Pod, "default", "p").expect("the pod");
    assert_eq!(now.text_at(&["metadata", "labels", "a"]), Some("b"));
    assert_eq!((now.int_at(&["metadata", "generation"]), now.int_at(&["spec", "activeDeadlineSeconds"])), (Some(2), None));
    assert_eq!(now.list_at(&["spec", "ephemeralContainers"])[0].text_at(&["imagePullPolicy"]), Some("Always"));
    let at = "spec.ephemeralContainers: Forbidden: existing ephemeral containers \"d\" may not be";
    let other = "{spec: {ephemeralContainers: [{name: d, image: alpine}]}}";
    let gone = "{spec: {ephemeralContainers: [{$patch: delete, name: d}]}}";
    let said = patched(&mut sim, part, other).expect_err("refused");
    assert!(said.starts_with(&format!("{at} changed\n")), "{said}");
    assert_eq!(patched(&mut sim, part, gone), Err(format!("{at} removed\n")));
    for patch in [other, gone, "{spec: {ephemeralContainers: [{name: e, image: busybox}]}}"] {
        let said = patched(&mut sim, Subresource::None, patch).expect_err("refused");
        assert!(said.starts_with("spec: Forbidden: pod updates may not change fields other than"), "{said}");
    }
    assert_eq!(patched(&mut sim, part, "{spec: {ephemeralContainers: [{name: e, image: busybox}]}}"), Ok("e d".to_owned()));
    assert_eq!(patched(&mut sim, Subresource::None, "{metadata: {labels: {a: c}}}"), Ok("e d".to_owned()));
    let managers = sim.managers(Kind::Pod, "default", "p").to_json();
    assert!(managers.contains("\"subresource\":\"ephemeralcontainers\""), "{managers}");
}
