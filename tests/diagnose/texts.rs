//! What is read of a text, and what is not kept of it.

use ordinal::api::kind::Kind;
use ordinal::api::object::Uid;
use ordinal::base::time::Time;
use ordinal::intake::paste::Account;
use ordinal::intake::world::Assumed;
use ordinal::intake::{Dump, World, diagnose, told};
use ordinal::why::Family;

const SECRETS: &str = "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: password, namespace: shop}
  data: {key: aHVudGVyMg==}
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: settings, namespace: shop}
  data: {url: 'postgres://admin:hunter2@db'}
- apiVersion: apps/v1
  kind: StatefulSet
  metadata:
    name: web
    namespace: shop
    creationTimestamp: '2019-03-01T10:00:00Z'
    managedFields: [{manager: hunter2}]
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: 'hunter2'
  spec:
    replicas: 1
    serviceName: web
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        containers:
        - name: main
          image: example.com/web:1
          env: [{name: PASSWORD, value: hunter2}, {name: OTHER, value: x}, {name: AGAIN, value: hunter2}]
";

#[test]
fn nothing_private_is_kept() {
    let world = World::of(Dump::read([SECRETS]));
    let objects: Vec<String> = world
        .sim
        .tables()
        .kinds()
        .flat_map(|kind| world.sim.tables().all(kind).map(|one| one.encode().to_json()).collect::<Vec<_>>())
        .collect();
    let report = diagnose([SECRETS]);
    for text in objects.into_iter().chain([told::text(&report), told::json(&report).to_json()]) {
        assert!(!text.contains("hunter2") && !text.contains("aHVudGVyMg"), "{text}");
    }
    assert_eq!(world.dump.secrets, 1);
    let variables = world.sim.tables().stateful_set("shop", "web").expect("the set").encode().to_json();
    assert!(variables.contains(r#""name":"AGAIN","value":"hidden-1""#), "{variables}");
}

#[test]
fn of_managed_fields_only_the_moment_counts() {
    let written = |fields: &str| {
        let text = SECRETS.replace("    managedFields: [{manager: hunter2}]\n", fields).replace("kind: Secret", "kind: Service");
        let mut dump = Dump::read([&*text]);
        // How many lines a text has is no part of what it says.
        dump.account = Account::default();
        dump
    };
    let (short, long) = (
        "    managedFields:\n    - time: '2020-01-01T00:00:00Z'\n",
        "    managedFields:\n    - fieldsType: FieldsV1\n      fieldsV1:\n        f:spec:\n          k:{\"name\":\"main\"}:\n            .: {}\n\n          \
         f:replicas: {}\n      manager: kubectl\n      time: '2020-01-01T00:00:00Z'\n",
    );
    assert_eq!(written(short), written(long));
    assert!(written("").moved > written(long).moved && written(long).has(Kind::StatefulSet));
}

#[test]
fn the_moments_of_a_template_stay() {
    let note = "metadata: {labels: {app: web}, annotations: {kubectl.kubernetes.io/restartedAt: '2019-03-01T10:00:00Z'}}";
    let dump = Dump::read([&*SECRETS.replace("metadata: {labels: {app: web}}", note)]);
    let set = dump.of(Kind::StatefulSet).next().expect("the set").to_json();
    assert!(dump.moved > 0 && set.matches("2019-03-01T10:00:00Z").count() == 1, "{set}");
}

#[test]
fn the_root_certificate_that_was_pasted_is_the_same_object() {
    let pasted =
        SECRETS.replace("{name: settings, namespace: shop}", "{name: kube-root-ca.crt, namespace: shop, resourceVersion: '7', uid: seven}");
    let world = World::of(Dump::read([&*pasted]));
    let [pasted, supplied] = ["shop", "default"].map(|space| world.sim.tables().find(Kind::ConfigMap, space, "kube-root-ca.crt"));
    let (pasted, made) = (pasted.expect("the one of the paste"), pasted.expect("it").encode());
    assert_eq!((pasted.meta().uid, supplied.is_some()), (Uid::parse("seven"), true));
    assert!(made.text_at(&["data", "ca.crt"]).is_some_and(|text| text.starts_with("-----BEGIN CERTIFICATE-----")));
}

#[test]
fn what_is_older_than_the_simulation_can_tell_is_moved() {
    let world = World::of(Dump::read([SECRETS]));
    let set = world.sim.tables().stateful_set("shop", "web").expect("the set");
    assert!(set.meta.created > Time(0) && world.dump.moved > 0);
    assert!(world.assumed.contains(&Assumed::Moved));
}

#[test]
fn a_list_that_was_cut_is_read_as_far_as_it_goes() {
    let cut = &SECRETS[..SECRETS.find("matchLabels").expect("it is there")];
    let dump = Dump::read([cut]);
    assert!(dump.has(Kind::ConfigMap), "{:?}", dump.unread);
    assert_eq!(dump.unread.len(), 1, "{:?}", dump.unread);
}

#[test]
fn the_priority_class_of_pods_that_there_are_exists() {
    let set = |updated: i64| {
        format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web, namespace: shop, uid: one}}\nspec:\n  replicas: 1\n  \
             serviceName: web\n  selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n      \
             priorityClassName: critical\n      containers: [{{name: a, image: nginx}}]\nstatus: {{replicas: 1, updatedReplicas: {updated}}}\n"
        )
    };
    for (updated, is_there) in [(1, true), (0, false)] {
        let world = World::of(Dump::read([&*set(updated)]));
        assert_eq!(world.sim.tables().find(Kind::PriorityClass, "", "critical").is_some(), is_there, "{updated} updated");
        assert_eq!(world.assumed.contains(&Assumed::References), is_there);
    }
}

#[test]
fn any_text_gets_an_answer() {
    for text in
        ["", "{", "[]", "null", "- a", "kind: List\nitems:\n- {", "apiVersion: v1\nkind: Pod", "{\"items\":[{\"kind\":\"Pod\"}]}", "\u{0}"]
    {
        let report = diagnose([text]);
        assert_eq!(report.verdicts[0].family(), Family::CannotKnow, "{text}");
        assert!(!report.verdicts[0].missing.is_empty());
    }
}

#[test]
fn objects_of_unknown_kinds_are_kept_in_mind() {
    let dump = Dump::read(["apiVersion: example.com/v1\nkind: Backup\nmetadata: {name: nightly, namespace: shop}\n"]);
    assert_eq!(dump.others, ["Backup shop/nightly"]);
}
