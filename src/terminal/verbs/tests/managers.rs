//! Field managers as kubectl shows and asks for them, beside what the recordings hold (`m-…` in tests/conformance/recordings/further).

use api::client::{Client, Patch, Subresource, WriteOptions};
use api::kind::Kind;
use sim::{Setup, Sim};

use crate::more::play;

const CM: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b, c: d}\n";
const RED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: red}\n";
const MANAGED: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, managedFields: [{manager: x}]}\n";

fn printed(lines: &[&str]) -> Vec<String> {
    play(&[("cm.yaml", CM), ("red.yaml", RED), ("managed.yaml", MANAGED)], lines)
}

#[test]
fn a_diff_against_the_server_asks_it_to_apply() {
    let lines = [
        "apply --server-side -f cm.yaml",
        "diff --server-side --field-manager=other -f red.yaml",
        "diff --server-side -f red.yaml",
        "get cm one -o jsonpath={.data}",
    ];
    let printed = printed(&lines);
    let conflict = "! Error from server (Conflict): Apply failed with 1 conflict: conflict with \"kubectl\": .data.a\n? 2\n";
    assert_eq!(printed[1], conflict);
    assert!(printed[2].contains("\n-  a: b\n-  c: d\n+  a: red\n") && printed[2].ends_with("? 1\n"), "{}", printed[2]);
    assert_eq!(printed[3], "{\"a\":\"b\",\"c\":\"d\"}");
}

#[test]
fn a_dry_run_changes_no_managers() {
    let who = "get cm one -o jsonpath={.metadata.managedFields[*].manager}";
    let version = "get cm one -o jsonpath={.metadata.resourceVersion}";
    let lines = [
        "apply -f cm.yaml",
        version,
        "apply --server-side -f cm.yaml --dry-run=server",
        who,
        version,
        "apply --server-side -f cm.yaml",
        who,
        version,
        "apply --server-side -f cm.yaml",
        version,
        "apply --server-side --field-manager=two -f cm.yaml",
        version,
    ];
    let printed = printed(&lines);
    assert!(printed[2].starts_with("configmap/one serverside-applied (server dry run)\n"), "{}", printed[2]);
    assert_eq!((&*printed[3], &printed[4]), ("kubectl-client-side-apply", &printed[1]));
    assert_eq!(printed[6], "kubectl kubectl-last-applied");
    assert_ne!(printed[7], printed[4], "to change hands is a write");
    assert_eq!(printed[9], printed[7], "what changes nothing is none");
    assert_ne!(printed[11], printed[9], "who owns with another one changes the object");
}

#[test]
fn a_template_sees_the_managers_of_all_it_shows() {
    let lines = [
        "apply -f cm.yaml",
        "get cm one -o jsonpath={.metadata}",
        "get cm -o go-template='{{.items}}'",
        "get cm one -o custom-columns=M:.metadata",
        "get cm one -o jsonpath={.data[0]}",
        "annotate cm one a=b -o jsonpath={.metadata}",
        "get cm one -o yaml",
    ];
    let printed = printed(&lines);
    assert_eq!(
        printed.iter().map(|text| text.contains("kubectl-client-side-apply")).collect::<Vec<_>>(),
        [false, true, true, true, true, true, false]
    );
}

#[test]
fn a_label_shows_what_was_read_with_the_label_and_an_annotation_what_was_written() {
    let shown =
        "-o jsonpath='{.metadata.resourceVersion} {.metadata.managedFields[*].manager} {.metadata.labels}{.metadata.annotations.x}'";
    let lines =
        ["apply -f cm.yaml", "get cm one", "label cm one x=y", "get cm one", "annotate cm one x=z", "get cm one", "label cm one x-"];
    let shown = lines.map(|line| if line.starts_with("apply") { line.to_owned() } else { format!("{line} {shown}") });
    let printed = printed(&shown.each_ref().map(String::as_str));
    assert_eq!(printed[2], printed[1].clone() + "{\"x\":\"y\"}");
    assert!(printed[3].contains(" kubectl-client-side-apply kubectl-label {"), "{}", printed[3]);
    assert_eq!(printed[4], printed[5]);
    assert_eq!(printed[6], printed[5].replace("{\"x\":\"y\"}", "{}"));
}

#[test]
fn who_may_not_apply_is_told() {
    let printed = printed(&[
        "apply --server-side -f managed.yaml",
        "apply --server-side -f cm.yaml --field-manager=",
        "create -f cm.yaml --field-manager=hand",
        "get cm one -o jsonpath={.metadata.managedFields[*].manager}",
        "label cm one a=b -o yaml --show-managed-fields",
        "label cm one a=c --overwrite -o yaml",
    ]);
    assert_eq!(printed[0], "! Error from server (BadRequest): metadata.managedFields must be nil\n? 1\n");
    assert_eq!(printed[1], "! The PatchOptions \"\" is invalid: fieldManager: Required value: is required for apply patch\n? 1\n");
    assert_eq!(printed[3], "hand");
    assert!(printed[4].contains("    manager: hand\n") && !printed[5].contains("managedFields"));
}

#[test]
fn each_write_says_who_writes_and_how_strictly_it_is_read() {
    let mut sim = Sim::new(&Setup::default());
    let parsed = |text: &str| yaml::parse(text).swap_remove(0).value.expect("an object");
    let by = |manager: &str| WriteOptions { manager: manager.into(), ..WriteOptions::default() };
    sim.create(Kind::ConfigMap, "default", &parsed(CM), &by("maker")).expect("created");
    let mut patch = |text: &str, options: &WriteOptions| {
        let written = sim.patch(Kind::ConfigMap, "default", "one", Patch::strategic(&parsed(text)), Subresource::None, options);
        let managers = sim.managers(Kind::ConfigMap, "default", "one");
        let names = managers.as_list().unwrap_or_default().iter().filter_map(|entry| entry.text_at(&["manager"]));
        (written.map(|written| written.warnings.len()).map_err(|status| status.message), names.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(patch("data: {a: x}", &by("mender")), (Ok(0), "maker mender".to_owned()));
    assert_eq!(patch("data: {e: x}", &WriteOptions::default()), (Ok(0), "kubectl maker mender".to_owned()));
    assert_eq!(patch("dada: {a: y}", &by("mender")).0, Ok(1));
    let refused = patch("dada: {a: y}", &WriteOptions { strict: true, ..by("mender") }).0;
    assert!(refused.as_ref().is_err_and(|words| words.contains("unknown field \"dada\"")), "{refused:?}");
}

#[test]
fn a_dry_run_that_is_refused_deletes_nothing_by_force() {
    const BAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b, c: d}\nimmutable: maybe\n";
    let uid = "get cm one -o jsonpath={.metadata.uid}";
    let lines = ["apply -f cm.yaml", uid, "apply --dry-run=client --force -f bad.yaml", uid, "apply --force -f bad.yaml", uid];
    let printed = play(&[("cm.yaml", CM), ("bad.yaml", BAD)], &lines);
    assert!(printed[2].ends_with("? 1\n"), "{}", printed[2]);
    assert_eq!(printed[1], printed[3]);
    assert_ne!(printed[1], printed[5], "without a dry run, what was there is deleted and made again");
}
