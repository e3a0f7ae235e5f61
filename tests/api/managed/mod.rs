//! Sets, conflicts and what goes, by examples.

mod fields;

use ordinal::api::client::Subresource;
use ordinal::api::kind::Kind;
use ordinal::api::managed::fields::paths;
use ordinal::api::managed::walk::merge;
use ordinal::api::managed::{Applied, Entry, Writer, apply, decode, encode, root, update};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::yaml;

fn object(text: &str) -> Value {
    yaml::parse(text).remove(0).value.expect("a value")
}

/// A Deployment, its managers, and the instant.
struct Life {
    live: Option<Value>,
    managers: Vec<Entry>,
    now: Time,
}

impl Life {
    fn new() -> Life {
        Life { live: None, managers: Vec::new(), now: Time(0) }
    }

    fn writer(manager: &str) -> Writer {
        Writer { manager: manager.into(), part: Subresource::None }
    }

    fn apply(&mut self, manager: &str, text: &str, force: bool) -> Result<(), String> {
        self.now = Time(self.now.0 + 1000);
        let applied = Applied { config: &object(text), writer: &Life::writer(manager), force, now: self.now };
        let new = apply(Kind::Deployment, self.live.as_ref(), &mut self.managers, &applied).map_err(|status| status.message)?;
        self.live = Some(without_nulls(&new));
        Ok(())
    }

    fn update(&mut self, manager: &str, text: &str) {
        self.now = Time(self.now.0 + 1000);
        let new = object(text);
        update(Kind::Deployment, self.live.as_ref(), &new, &mut self.managers, &Life::writer(manager), self.now);
        self.live = Some(new);
    }

    fn owned(&self, manager: &str) -> Vec<String> {
        let own = self.managers.iter().filter(|entry| &*entry.writer.manager == manager);
        own.flat_map(|entry| paths(&entry.fields)).collect()
    }

    fn spec(&self) -> String {
        self.live.as_ref().and_then(|live| live.get("spec")).map(Value::to_json).unwrap_or_default()
    }
}

/// As decoding leaves an object.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Map(map) => Value::of(map.iter().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), without_nulls(v)))),
        other => other.clone(),
    }
}

const ONE: &str = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {x: v}}, spec: {replicas: 1, selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}}}}";

#[test]
fn who_applies_owns_what_was_given_and_who_updates_what_is_there() {
    let mut life = Life::new();
    life.apply("one", ONE, false).expect("applied");
    let ports = r#".spec.template.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"]"#;
    let container = r#".spec.template.spec.containers[name="c"]"#;
    let want = [
        ".metadata.labels.x".to_owned(),
        ".spec.replicas".to_owned(),
        ".spec.selector".to_owned(),
        container.to_owned(),
        format!("{container}.image"),
        format!("{container}.name"),
        ports.to_owned(),
        format!("{ports}.containerPort"),
    ];
    assert_eq!(life.owned("one"), want);
    life.update("two", &ONE.replace("{x: v}", "{x: v, z: z}").replace("replicas: 1", "replicas: 3"));
    assert_eq!(life.owned("two"), [".metadata.labels.z", ".spec.replicas"]);
    assert_eq!(life.owned("one"), [&want[..1], &want[2..]].concat());
}

#[test]
fn conflicts_name_every_manager_and_field() {
    let mut life = Life::new();
    life.apply("one", ONE, false).expect("applied");
    let other = ONE.replace("replicas: 1", "replicas: 2");
    let refused = life.apply("two", &other, false).expect_err("refused");
    assert_eq!(refused, "Apply failed with 1 conflict: conflict with \"one\": .spec.replicas");
    life.update("hand", &ONE.replace("image: i", "image: j"));
    let refused = life.apply("two", &other, false).expect_err("refused");
    assert_eq!(
        refused,
        "Apply failed with 2 conflicts: conflicts with \"hand\" using apps/v1:\n- .spec.template.spec.containers[name=\"c\"].image\n\
         conflicts with \"one\":\n- .spec.replicas"
    );
    life.apply("two", &other, true).expect("forced");
    assert!(life.owned("hand").is_empty() && !life.owned("one").contains(&".spec.replicas".to_owned()));
}

#[test]
fn what_is_applied_no_more_goes_unless_somebody_else_owns_it() {
    let mut life = Life::new();
    life.apply("one", ONE, false).expect("applied");
    life.apply("two", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: {x: v}}}", false).expect("co-owned");
    life.apply(
        "one",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [{name: d}]}}}}",
        false,
    )
    .expect("applied");
    assert_eq!(life.spec(), r#"{"template":{"spec":{"containers":[{"name":"d"}]}}}"#);
    assert_eq!(life.owned("two"), [".metadata.labels.x"]);
    assert_eq!(life.live.as_ref().and_then(|live| live.text_at(&["metadata", "labels", "x"])), Some("v"));
    life.apply("two", "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}", false).expect("applied");
    assert_eq!(life.live.as_ref().and_then(|live| live.at(&["metadata", "labels"])), None);
    assert_eq!(life.managers.len(), 1);
}

#[test]
fn lists_with_keys_come_in_the_order_of_who_applies() {
    let env = |names: &str| format!("{{spec: {{template: {{spec: {{containers: [{{name: c, env: [{names}]}}]}}}}}}}}");
    let root = root(Kind::Deployment);
    let merged = |old: &str, new: &str| {
        let merged = merge(root, Some(&object(&env(old))), Some(&object(&env(new)))).expect("something");
        let list = merged.at(&["spec", "template", "spec", "containers"]).cloned().unwrap_or_default();
        let names = list.as_list().expect("a list")[0].list_at(&["env"]).iter().map(|e| e.text_at(&["name"]).expect("a name").to_owned());
        names.collect::<Vec<String>>().concat()
    };
    assert_eq!(merged("{name: A}, {name: B}", "{name: C}, {name: A}"), "CAB");
    assert_eq!(merged("{name: A}, {name: B}, {name: C}", "{name: C}, {name: A}"), "BCA");
    assert_eq!(merged("{name: A}, {name: B}", "{name: A}, {name: C}"), "ABC");
}

#[test]
fn too_many_updaters_become_one() {
    let mut life = Life::new();
    life.apply("one", ONE, false).expect("applied");
    for i in 1..=12 {
        let labels = (1..=i).map(|j| format!("l{j}: v")).collect::<Vec<_>>().join(", ");
        life.update(&format!("hand-{i}"), &ONE.replace("{x: v}", &format!("{{x: v, {labels}}}")));
    }
    assert_eq!(life.managers.iter().filter(|entry| !entry.applied).count(), 10);
    assert_eq!(life.owned("ancient-changes"), [".metadata.labels.l1", ".metadata.labels.l2", ".metadata.labels.l3"]);
}

#[test]
fn managers_read_back_as_they_are_shown() {
    let mut life = Life::new();
    life.apply("one", ONE, false).expect("applied");
    life.update("two", &ONE.replace("replicas: 1", "replicas: 3"));
    assert_eq!(decode(&encode(&life.managers)), Some(life.managers));
    assert_eq!(decode(&object("[{}]")), Some(Vec::new()));
    assert_eq!(decode(&object("[{manager: x}]")), None);
}
