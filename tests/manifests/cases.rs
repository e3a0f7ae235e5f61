//! Eleven public manifests, each with what a real cluster of three plain nodes does with it and with one change (`data/manifests5`).
//!
//! The truths were written down before the product was tried.

use std::fs;
use std::path::Path;

use ordinal::api::release::V1_37;
use ordinal::base::slices::{Slices, whole};
use ordinal::intake::told as diagnosed;
use ordinal::plan::case::Case;
use ordinal::plan::manifest::diagnosis;
use ordinal::plan::{Change, Finding, Plan, report};

fn input(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/manifests5").join(name).join("input.yaml");
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// What happens with a manifest.
enum Asked<'a> {
    /// It is applied to a cluster without objects.
    First,
    /// It was applied, and then another text is.
    Then(String),
    /// It was applied, and then lines are typed, which find this file as `after.yaml`.
    Lines(&'a [&'a str], String),
}

fn planned(before: &str, asked: Asked) -> Plan {
    let (case, change) = match asked {
        Asked::First => (Case::new("", before, &V1_37), Change::Manifest(before.to_owned())),
        Asked::Then(after) => (Case::new(before, &after, &V1_37), Change::Manifest(after)),
        Asked::Lines(lines, file) => {
            let case = Case::new(before, &file, &V1_37).beside(vec![("after.yaml".to_owned(), file)]);
            (case, Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect()))
        }
    };
    case.plan(&change).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Holds what a plan says, in this order, what it never says, and what is bad about it.
fn holds(plan: &Plan, says: &[&str], never: &[&str], findings: &[Finding]) {
    let told = report::text(plan, "input.yaml");
    in_order(&told, says);
    assert!(!never.iter().any(|words| told.contains(words)), "{told}");
    assert_eq!(plan.findings(), findings, "{told}");
}

/// Holds what a diagnosis of the manifest says, in this order.
fn diagnoses(text: &str, says: &[&str]) {
    in_order(&diagnosed::text(&whole(diagnosis(text, &V1_37, Slices::WHOLE).expect("a manifest").within())), says);
}

/// Holds that a text says these words, one after another.
fn in_order(told: &str, says: &[&str]) {
    let mut rest = told;
    for words in says {
        let at = rest.find(words).unwrap_or_else(|| panic!("`{words}` is not said, or not there:\n{told}"));
        rest = &rest[at + words.len()..];
    }
}

const ALL_CLEAR: &str = "leaves nothing waiting";

#[test]
fn m01_an_account_comes_before_a_config_map() {
    let text = input("m01");
    let with = "With ServiceAccount relay-node-reader, ConfigMap relay-accounts, which no file brings";
    let says = ["As the files stand", "ServiceAccount relay-node-reader does not exist", with, "relay-0, relay-1, relay-2"];
    holds(&planned(&text, Asked::First), &says, &[], &[]);
    diagnoses(&text, &["the ServiceAccount of relay does not exist", with]);
    let made = planned(&text, Asked::Lines(&["kubectl create serviceaccount relay-node-reader"], String::new()));
    let says = [
        "As the files stand",
        "Created, in this order: relay-0.",
        "configmap \"relay-accounts\" not found",
        "With ConfigMap relay-accounts, which no file brings",
        "relay-0, relay-1, relay-2",
    ];
    holds(&made, &says, &["already exists"], &[]);
}

#[test]
fn m02_what_is_no_yaml_comes_after_a_service_that_is_made() {
    let text = input("m02");
    let first = planned(&text, Asked::First);
    holds(
        &first,
        &["mapping values are not allowed in this context", "New beside the sets: svc/craft-core."],
        &["Nothing of it is applied"],
        &[Finding::Stuck],
    );
    let mended = text
        .replace("- name: server image:", "- name: server\n        image:")
        .replacen("apiVersion: v1\nkind: StatefulSet", "apiVersion: apps/v1\nkind: StatefulSet", 1)
        .replace("      labels:\n        instance: craft-core", "      labels:\n        instance: craft-core\n        app: craft-core");
    let says = ["Left out before the change", "mapping values are not allowed", "Created, in this order: craft-core-0."];
    let plan = planned(&text, Asked::Then(mended));
    holds(&plan, &says, &["no object"], &[]);
}

#[test]
fn m03_all_members_wait_for_a_config_map() {
    let text = input("m03");
    let with = "With ConfigMap platform-trust-bundle, which no file brings";
    let says = ["As the files stand", "Created together", "configmap \"platform-trust-bundle\" not found", with];
    holds(&planned(&text, Asked::First), &says, &[], &[]);
    diagnoses(&text, &["platform-trust-bundle", with]);
    let grown = planned(&text, Asked::Then(text.replace("storage: 1Gi", "storage: 16Gi")));
    holds(&grown, &["spec.volumeClaimTemplates", "field is immutable", "--cascade=orphan"], &[ALL_CLEAR], &[Finding::Refused]);
}

#[test]
fn m04_a_class_comes_before_a_config_map_and_an_old_claim_holds_the_set() {
    let text = input("m04");
    let with = "With StorageClass kv-ssds, whose volumes every node reaches, ConfigMap kv-conf, which no file brings";
    let says = ["As the files stand", "StorageClass kv-ssds does not exist", with, "kv-0, kv-1, kv-2"];
    holds(&planned(&text, Asked::First), &says, &["namespaces \"kvstore\" not found"], &[Finding::Unjudged]);
    let after = text.replace("kv-ssds", "standard");
    holds(&planned(&text, Asked::Then(after.clone())), &["field is immutable"], &[], &[Finding::Unjudged, Finding::Refused]);
    let anew = planned(&text, Asked::Lines(&["kubectl delete sts kv -n kvstore", "kubectl apply -f after.yaml"], after));
    let says = ["As the files stand", "StorageClass kv-ssds does not exist", "With StorageClass kv-ssds"];
    holds(&anew, &says, &[ALL_CLEAR], &[Finding::Unavailable, Finding::Unjudged, Finding::Quorum, Finding::Stuck]);
}

#[test]
fn m07_one_refused_set_hides_no_other_and_a_drained_node_keeps_the_files() {
    let text = input("m07");
    let says = [
        "spec.template.spec.initContainers[0].volumeMounts[0].name: Not found: \"chatbox-api-storage\"",
        "Created, in this order: chatbox-api-0.",
    ];
    let first = planned(&text, Asked::First);
    holds(&first, &says, &[], &[Finding::Refused]);
    let told = report::text(&first, "input.yaml");
    assert!(["chatbox-pg-0", "chatbox-redis-0"].iter().all(|pod| told.contains(pod)), "{told}");
    let (before, _) = Case::new(&text, "", &V1_37).world().expect("a world");
    let node = before.tables().pod("chatbox", "chatbox-pg-0").and_then(|pod| pod.node.clone()).expect("a node");
    let line = format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data");
    let drained = planned(&text, Asked::Lines(&[&line], String::new()));
    let told = report::text(&drained, "input.yaml");
    assert!(drained.findings().contains(&Finding::Data), "{told}");
    assert!(
        told.contains("Left out before the change") && told.contains(&format!("The old files stay on {node}")) && !told.contains(ALL_CLEAR),
        "{told}"
    );
    assert!(told.contains(&format!("chatbox-pg-0 moves from {node}")), "{told}");
}

#[test]
fn m08_both_causes_of_a_refusal_are_told_and_the_mended_set_comes() {
    let text = input("m08");
    let says = [
        "spec.template.spec.volumes[0].name: Invalid value: \"shopfront.apphost-41c07be2a9-pg-data\": must not contain dots",
        "spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"shopfront.apphost-41c07be2a9-pg-data\"",
    ];
    holds(&planned(&text, Asked::First), &says, &[], &[Finding::Refused]);
    let mended = text.replace("shopfront.apphost-41c07be2a9-pg-data", "pg-data");
    let plan = planned(&text, Asked::Then(mended.clone()));
    holds(&plan, &["Left out before the change", "Created, in this order: pg-statefulset-0."], &["gets stuck"], &[]);
    let newer = planned(&mended, Asked::Lines(&["kubectl set image sts/pg-statefulset pg=docker.io/library/postgres:18"], String::new()));
    let told = report::text(&newer, "input.yaml");
    assert!(newer.findings().contains(&Finding::Stuck) && told.contains("kubectl -n default delete pod pg-statefulset-0"), "{told}");
}

#[test]
fn m10_a_name_that_is_not_expanded_ends_the_program_and_a_mended_template_reaches_no_pod() {
    let text = input("m10");
    let first = planned(&text, Asked::First);
    holds(&first, &["Created, in this order: mq-ha-0.", "Stuck because", "mq-ha-0"], &[ALL_CLEAR], &[Finding::Stuck]);
    diagnoses(&text, &["mq-ha-0"]);
    let of_node = "        - name: RABBITMQ_NODENAME\n          value: rabbit@$(MY_POD_NAME).mq-ha-discovery.messaging.svc.cluster.local\n";
    let mended = text
        .replace(of_node, "")
        .replace("        - name: RABBITMQ_USE_LONGNAME", &format!("{of_node}        - name: RABBITMQ_USE_LONGNAME"));
    let plan = planned(&text, Asked::Then(mended));
    let told = report::text(&plan, "input.yaml");
    assert!(plan.findings().contains(&Finding::Stuck) && told.contains("delete pod mq-ha-0") && !told.contains("All 3 pods run"), "{told}");
}

#[test]
fn m11_a_device_that_no_node_has_keeps_all_pods_and_on_delete_hides_nothing() {
    let text = input("m11");
    let with = "With nodes with tke.cloud.tencent.com/eni-ip, which no file brings";
    let says = ["As the files stand", "3 Insufficient tke.cloud.tencent.com/eni-ip", with];
    holds(&planned(&text, Asked::First), &says, &[], &[]);
    let lines = [
        "kubectl set image statefulset/gateway nginx=nginx:1.25.4",
        "kubectl scale statefulset/gateway --replicas=11",
        "kubectl delete pod gateway-0",
    ];
    let plan = planned(&text, Asked::Lines(&lines, String::new()));
    let told = report::text(&plan, "input.yaml");
    assert!(told.contains("3 Insufficient tke.cloud.tencent.com/eni-ip") && told.contains("gateway-10"), "{told}");
    // Nothing is to be cured of a load balancer.
    let told = diagnosed::text(&whole(diagnosis(&text, &V1_37, Slices::WHOLE).expect("a manifest").within()));
    assert!(!told.contains("delete svc gateway"), "{told}");
}

#[test]
fn m13_a_secret_is_the_cause_and_not_the_script() {
    let text = input("m13");
    let with = "With Secret ci-worker, which no file brings";
    let says = ["As the files stand", "secret \"ci-worker\" not found", with, "ci-worker-0, ci-worker-1"];
    // Names do not resolve, as there is no Service of the set.
    holds(&planned(&text, Asked::First), &says, &["syntax error", "command\":[\"true\"]"], &[Finding::Stuck]);
    let lines = [
        r#"kubectl patch statefulset ci-worker -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'"#,
        "kubectl set image statefulset/ci-worker ci-worker=concourse/concourse:7.11.2",
    ];
    let canary = planned(&text, Asked::Lines(&lines, String::new()));
    let told = report::text(&canary, "input.yaml");
    assert!(told.contains("Replaced, in this order: ci-worker-1.") && !told.contains("ci-worker-0 is deleted"), "{told}");
    assert!(!told.contains(r#""partition":0"#) && !told.contains("syntax error"), "{told}");
}

#[test]
fn m14_volumes_and_an_old_version_are_refused_and_a_second_label_is_missing() {
    let text = input("m14");
    let first = planned(&text, Asked::First);
    let says = [
        "\"probe-vol-0\" is invalid: spec.nodeAffinity: Required value",
        "\"probe-vol-1\"",
        "no matches for kind \"StatefulSet\" in version \"apps/v1beta2\"",
    ];
    holds(&first, &says, &[], &[Finding::Stuck, Finding::Refused]);
}

#[test]
fn m17_two_at_a_time_while_all_is_well() {
    let text = input("m17");
    holds(&planned(&text, Asked::First), &["Created together"], &[], &[]);
    let line = "kubectl set image statefulset/logs-search-searcher -n search quickwit=quickwit/quickwit:v0.8.2";
    let plan = planned(&text, Asked::Lines(&[line], String::new()));
    let told = report::text(&plan, "input.yaml");
    assert!(
        told.contains("At least 4 of 6 pods are Ready throughout") && !told.contains("waits until all of the one before are Ready"),
        "{told}"
    );
}
