//! Manifests that are pasted: what comes up, what is refused or noted in which words, and what the buttons do.

use ordinal::api::kind::Kind;
use ordinal::playground::EXAMPLE;

use super::Visit;

const SEED_002: &str = include_str!("../browser/manifests/seed-002.yaml");
const SEED_003: &str = include_str!("../browser/manifests/seed-003.yaml");
/// What the second document's author has, and a fresh cluster lacks.
const MY_STORAGE_CLASS: &str = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: my-storage-class}\n\
     provisioner: rancher.io/local-path\nvolumeBindingMode: WaitForFirstConsumer\n";

/// What is said of a tab.
const TAB: &str = "YAML allows no tab here, only spaces. The YAML is invalid here, so this document and those after it were not sent.";

/// The plain sentences of what was refused.
fn refused(visit: &Visit) -> Vec<String> {
    visit.run.present().verdicts().refusals.iter().map(|refusal| refusal.plain.plain()).collect()
}

/// The words of the notes.
fn noted(visit: &Visit) -> Vec<String> {
    visit.run.present().verdicts().notes.iter().map(|note| note.words.plain()).collect()
}

/// Puts a text into the editor and applies it.
fn apply(visit: &mut Visit, text: &str) {
    visit.edit(text);
    visit.apply();
}

#[test]
fn the_set_of_seed_003_comes_up_beside_the_example() {
    let mut visit = Visit::new();
    apply(&mut visit, SEED_003);
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("default/web-sts"), "what one applies is what one sees");
    assert_eq!(visit.pods(), ["web-sts-0 1/1 Ready", "web-sts-1 1/1 Ready"]);
    assert!(visit.names().iter().any(|name| name.starts_with("web-sts-1.nginx-sts ")), "{:#?}", visit.names());
    assert!(visit.volumes().iter().any(|claim| claim.starts_with("www-web-sts-1 ")), "{:#?}", visit.volumes());
}

#[test]
fn the_set_of_seed_002_waits_for_its_class_and_then_comes_up() {
    let mut visit = Visit::with(SEED_002);
    let told = [
        "There is no Service nginx. The API server does not check this: the pods run, but their names do not resolve. The Service nginx-state \
         selects them: with its name in serviceName, they resolve.",
        "There is no StorageClass my-storage-class. The API server does not check this: the claims stay Pending, and so do the pods.",
    ];
    assert_eq!(noted(&visit), told);
    visit.run_until_quiet();
    visit.pick("web-0");
    assert_eq!(visit.evidence(), ["web-0 0:00.0", "www-web-0: There is no StorageClass my-storage-class 0:00.0"]);
    apply(&mut visit, &format!("{SEED_002}{MY_STORAGE_CLASS}"));
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

#[test]
fn an_error_is_told_in_the_servers_words_and_a_button_explains_the_field() {
    let mut visit = Visit::quiet();
    let wrong = EXAMPLE.replace("  volumeClaimTemplates:", "  volumeClaimTemplate:");
    apply(&mut visit, &wrong);
    visit.run_until_quiet();
    let [refusal] = &visit.run.present().verdicts().refusals[..] else { panic!("{:#?}", visit.run.present().verdicts()) };
    assert!(refusal.words.ends_with("strict decoding error: unknown field \"spec.volumeClaimTemplate\""), "{}", refusal.words);
    assert_eq!(refusal.plain.plain(), "There is no field volumeClaimTemplate here. Did you mean volumeClaimTemplates? Nothing was stored.");
    let place = refusal.place.clone().expect("a place");
    assert_eq!((place.line, place.columns), (38, 2..21));
    let help = refusal.help.clone().expect("a button");
    assert_eq!(help.line, "kubectl explain statefulset.spec");
    assert_eq!(visit.pods().len(), 3, "the last good run stays on the screen");
    visit.say(&help.line);
    visit.printed("    A StatefulSetSpec is the specification of a StatefulSet.");
    let mut refused = Visit::with(&wrong);
    refused.run_until_quiet();
    assert_eq!(refused.verdict(), "web was refused.");
    assert_eq!(refused.run.present().verdicts().kept, [""; 0], "what is refused is not kept");
}

#[test]
fn what_is_kept_and_not_simulated_is_said() {
    let mut visit = Visit::new();
    apply(
        &mut visit,
        &EXAMPLE.replace("        image: nginx:1.27", "        image: nginx:1.27\n        securityContext: {privileged: true}"),
    );
    visit.run_until_quiet();
    assert_eq!(visit.run.present().verdicts().kept, ["spec.template.spec.containers[0].securityContext"]);
}

#[test]
fn a_namespace_that_is_missing_is_told_once_and_made_by_a_button() {
    let mut visit = Visit::quiet();
    apply(&mut visit, &EXAMPLE.replace("metadata:\n  name:", "metadata:\n  namespace: shop\n  name:"));
    visit.run_until_quiet();
    assert_eq!(refused(&visit), ["There is no namespace shop: nothing can be stored in it."]);
    let help = visit.run.present().verdicts().refusals[0].help.clone().expect("a button");
    visit.say(&help.line);
    visit.printed("namespace/shop created");
    assert_eq!(refused(&visit), [""; 0]);
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("shop/web"));
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
}

#[test]
fn one_button_makes_what_is_missing_and_what_was_refused_is_shown_until_then() {
    let mut visit = Visit::new();
    apply(
        &mut visit,
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db, namespace: shop}\nspec:\n  serviceName: db\n  selector: {matchLabels: {app: \
         db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      containers:\n      - {name: db, image: 'nginx:1.27', envFrom: \
         [{configMapRef: {name: conf}}]}\n",
    );
    visit.run_until_quiet();
    assert_eq!(visit.set().map(|set| set.to_string()).as_deref(), Some("shop/db"), "and not the example beside it");
    assert_eq!(visit.verdict(), "db was refused.");
    for entry in visit.run.present().verdicts().missing.clone() {
        visit.type_line(&entry.line);
    }
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["db-0 1/1 Ready"]);
    assert!(visit.run.present().verdicts().missing.is_empty());
    assert!(visit.run.present().tables().all(Kind::ConfigMap).any(|map| &*map.key().name == "conf"));
}

#[test]
fn a_tab_is_named_at_its_line_and_mended() {
    let mut visit = Visit::quiet();
    apply(&mut visit, &EXAMPLE.replacen("\n  name: nginx", "\n\tname: nginx", 1));
    visit.run_until_quiet();
    let [refusal] = &visit.run.present().verdicts().refusals[..] else { panic!("{:#?}", visit.run.present().verdicts()) };
    assert_eq!((refusal.place.as_ref().map(|place| place.line), refusal.plain.plain().as_str()), (Some(4), TAB));
    let fix = refusal.fix.clone().expect("a correction");
    assert_eq!(fix.mend(&visit.manifest()), EXAMPLE);
}
