//! Commands that change objects by patches: apply, set, edit, diff, rollout undo.

use api::client::Client;
use api::kind::Kind;
use base::value::Value;
use kubectl::{Files, Job, Progress};

use crate::sessions::{run_with, world};
use plugged::fake::Fake;

const WEB: &str = include_str!("../../../../tests/data/kubectl/web.yaml");

fn files(web: &str) -> Files {
    [("web.yaml", web)].into_iter().collect()
}

/// A world in which web.yaml was applied.
fn applied() -> Fake {
    let mut fake = Fake::default();
    assert_eq!(run_with(&mut fake, "apply -f web.yaml", &files(WEB)), "service/nginx created\nstatefulset.apps/web created\n");
    fake.writes.clear();
    fake
}

fn set(fake: &Fake) -> Value {
    fake.get(Kind::StatefulSet, "default", "web").expect("the set")
}

#[test]
fn an_apply_changes_what_the_file_changes_and_nothing_else() {
    let replicas = |fake: &Fake| set(fake).int_at(&["spec", "replicas"]);
    let mut fake = applied();
    assert_eq!(run_with(&mut fake, "apply -f web.yaml", &files(WEB)), "service/nginx unchanged\nstatefulset.apps/web unchanged\n");
    let three = files(&WEB.replace("replicas: 2", "replicas: 3"));
    let said = run_with(&mut fake, "apply -f web.yaml", &three);
    assert_eq!((said.as_str(), replicas(&fake)), ("service/nginx unchanged\nstatefulset.apps/web configured\n", Some(3)));
    run_with(&mut fake, "scale sts web --replicas=5", &three);
    assert_eq!(
        run_with(&mut fake, "apply -f web.yaml --dry-run=server", &three),
        "service/nginx unchanged (server dry run)\nstatefulset.apps/web configured (server dry run)\n"
    );
    assert_eq!(
        run_with(&mut fake, "apply -f web.yaml --dry-run=client", &three),
        "service/nginx unchanged (dry run)\nstatefulset.apps/web configured (dry run)\n"
    );
    assert_eq!(replicas(&fake), Some(5));
    let none = files(&WEB.replace("  replicas: 2\n", ""));
    run_with(&mut fake, "apply -f web.yaml", &none);
    assert_eq!(replicas(&fake), None, "what was applied and is no longer in the file goes");
    run_with(&mut fake, "patch sts web --type=merge -p '{\"spec\":{\"replicas\":4}}'", &none);
    run_with(&mut fake, "apply -f web.yaml", &none);
    assert_eq!(replicas(&fake), Some(4), "what was never in the file stays");
}

#[test]
fn an_apply_over_a_created_object_warns() {
    let mut fake = Fake::default();
    run_with(&mut fake, "create -f web.yaml", &files(WEB));
    let said = run_with(&mut fake, "apply -f web.yaml", &files(WEB));
    let warning = |resource: &str| {
        format!(
            "! Warning: resource {resource} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by \
             kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or \
             kubectl apply. The missing annotation will be patched automatically.\n"
        )
    };
    let want =
        format!("{}service/nginx configured\n{}statefulset.apps/web configured\n", warning("services/nginx"), warning("statefulsets/web"));
    assert_eq!(said, want);
}

#[test]
fn broken_files_are_refused_in_kubectls_words() {
    for (text, want) in [
        (
            "a: b: c\n",
            "! error: error parsing web.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context\n? 1\n",
        ),
        (
            "- a\n",
            "! error: error validating \"web.yaml\": error validating data: invalid object to validate; if you choose to ignore these errors, \
             turn validation off with --validate=false\n? 1\n",
        ),
        (
            "kind: Pod\n",
            "! error: error validating \"web.yaml\": error validating data: apiVersion not set; if you choose to ignore these errors, turn \
             validation off with --validate=false\n? 1\n",
        ),
        (
            "apiVersion: apps/v1\nkind: StatefullSet\nmetadata: {name: web}\n",
            "! error: resource mapping not found for name: \"web\" namespace: \"\" from \"web.yaml\": no matches for kind \"StatefullSet\" in \
             version \"apps/v1\"\n! ensure CRDs are installed first\n? 1\n",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {v: 1}}\n",
            "! error: unable to decode \"web.yaml\": json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type \
             string\n? 1\n",
        ),
        (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: web-}\n",
            "! error: from web-: cannot use generate name with apply\n? 1\n",
        ),
        ("# nothing\n---\n", "! error: no objects passed to apply\n? 1\n"),
        (
            "apiVersion: v1\nkind: ComponentStatus\nmetadata: {name: a}\n",
            "note: ordinal: kind ComponentStatus (v1) is not simulated.\n? 1\n",
        ),
    ] {
        assert_eq!(run_with(&mut Fake::default(), "apply -f web.yaml", &files(text)), want, "{text}");
    }
    let two = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- {apiVersion: v1, kind: ConfigMap, \
               metadata: {name: b, namespace: other}}\n";
    assert_eq!(
        run_with(&mut Fake::default(), "apply -f web.yaml -n default", &files(two)),
        "configmap/a created\n! error: the namespace from the provided object \"other\" does not match the namespace \"default\". You must pass \
         '--namespace=other' to perform this operation.\n? 1\n"
    );
}

#[test]
fn a_file_may_come_from_standard_input() {
    let words = ["apply", "-f", "-"].map(str::to_owned).to_vec();
    let mut fake = Fake::default();
    let mut job = Job::from_words(words, &Files::new(), WEB);
    assert_eq!(job.poll(&mut fake), Progress::Done { rc: 0 });
    assert_eq!(job.stdout(), "service/nginx created\nstatefulset.apps/web created\n");
}

#[test]
fn set_changes_the_template_and_says_nothing_of_what_is_so_already() {
    for (line, want) in [
        ("set image sts/web nginx=nginx:1.27", "statefulset.apps/web image updated\n"),
        ("set image sts web *=nginx:1.27", "statefulset.apps/web image updated\n"),
        ("set image sts/web nginx=nginx:1.26", ""),
        ("set image sts/web nope=nginx:1", "! error: unable to find container named \"nope\"\n? 1\n"),
        ("set image sts/web", "! error: at least one image update is required\n? 1\n"),
        ("set env sts/web A=1", "statefulset.apps/web env updated\n"),
        ("set resources sts/web --requests=cpu=10m", "statefulset.apps/web resource requirements updated\n"),
        ("set resources sts/web", "! error: you must specify an update to requests or limits (in the form of --requests/--limits)\n? 1\n"),
    ] {
        assert_eq!(run_with(&mut world(), line, &files(WEB)), want, "{line}");
    }
    let mut fake = world();
    run_with(&mut fake, "set image sts/web nginx=nginx:1.27", &files(WEB));
    run_with(&mut fake, "set env sts/web A=1 B=2", &files(WEB));
    run_with(&mut fake, "set env sts/web A-", &files(WEB));
    let container = set(&fake).list_at(&["spec", "template", "spec", "containers"])[0].clone();
    assert_eq!(container.text_at(&["image"]), Some("nginx:1.27"));
    assert_eq!(container.list_at(&["env"]), [Value::of([("name", "B"), ("value", "2")])]);
}

#[test]
fn history_and_undo_read_as_they_were_recorded() {
    let files = files(WEB);
    let mut fake = world();
    assert_eq!(
        run_with(&mut fake, "rollout history sts/web", &files),
        "statefulset.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         image 1.26\n\n"
    );
    assert_eq!(
        run_with(&mut fake, "rollout history sts/web --revision=1", &files),
        "statefulset.apps/web with revision #1\nPod Template:\n  Labels:\tapp=nginx\n  Containers:\n   nginx:\n    Image:\tnginx:1.25\n    \
         Port:\t80/TCP (web)\n    Host Port:\t0/TCP (web)\n    Readiness:\thttp-get http://:80/ delay=0s timeout=1s period=1s \
         successThreshold=1 failureThreshold=3\n    Environment:\t<none>\n    Mounts:\t<none>\n  Volumes:\t<none>\n  \
         Node-Selectors:\t<none>\n  Tolerations:\t<none>\n\n"
    );
    for (line, want) in [
        ("rollout history sts/web --revision=9", "! error: unable to find the specified revision\n? 1\n"),
        ("rollout undo sts/web --to-revision=42", "! error: unable to find specified revision 42 in history\n? 1\n"),
        ("rollout undo sts/web --dry-run=server", "statefulset.apps/web rolled back (server dry run)\n"),
        ("rollout undo sts/web --to-revision=2", "statefulset.apps/web skipped rollback (current template already matches revision 2)\n"),
        ("rollout undo sts/web", "statefulset.apps/web rolled back\n"),
    ] {
        assert_eq!(run_with(&mut fake, line, &files), want, "{line}");
    }
    assert_eq!(set(&fake).list_at(&["spec", "template", "spec", "containers"])[0].text_at(&["image"]), Some("nginx:1.25"));
    fake.remove(Kind::ControllerRevision, "web-69c579c865");
    assert_eq!(run_with(&mut fake, "rollout undo sts/web", &files), "! error: no last revision to roll back to\n? 1\n");
    assert_eq!(run_with(&mut fake, "rollout restart sts/web", &files), "statefulset.apps/web restarted\n");
    assert_eq!(
        run_with(&mut fake, "rollout restart sts/web", &files),
        "! error: failed to create patch for web: if restart has already been triggered within the past second, please wait before attempting \
         to trigger another\n? 1\n"
    );
}

#[test]
fn where_nobody_types_an_edit_changes_nothing() {
    let mut fake = world();
    assert_eq!(run_with(&mut fake, "edit sts web", &files(WEB)), "! Edit cancelled, no changes made.\n", "nobody edits");
    let mut typed = Job::new("edit sts web", &files(WEB)).with_terminal();
    assert_eq!(typed.poll(&mut fake), Progress::Waiting { until: None });
}

#[test]
fn a_diff_shows_what_an_apply_would_change() {
    let mut fake = applied();
    assert_eq!(run_with(&mut fake, "diff -f web.yaml", &files(WEB)), "");
    let said = run_with(&mut fake, "diff -f web.yaml", &files(&WEB.replace("replicas: 2", "replicas: 3")));
    assert!(said.contains("\n-  replicas: 2\n+  replicas: 3\n") && said.ends_with("? 1\n"), "{said}");
}
