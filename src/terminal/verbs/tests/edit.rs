//! `kubectl edit` on the page, where somebody types into an editor, and with an editor that the environment names.

use api::kind::Kind;
use api::object::ObjectKey;
use api::release::V1_37;
use base::time::Span;
use playground::history::{Act, History, link, scenario};
use playground::{Playground, setup};
use rig::file::Scenario;
use rig::session;
use text::Lang;
use view::terminal::Voice;

const LANG: Lang = Lang::English;
const EXAMPLE: &str = include_str!("../../../page/playground/example.yaml");
const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,\n# and an empty file will abort the edit. If an error \
                      occurs while saving this file will be\n# reopened with the relevant failures.\n#\n";
const CANCELLED: &str = "Edit cancelled, no changes made.\n";

/// The example, applied and settled.
fn started() -> History {
    let mut history = History::new(&setup(), EXAMPLE, LANG);
    line(&mut history, "kubectl apply -f manifest.yaml");
    history.run_until_quiet(|| true);
    history
}

/// What a line prints.
fn line(history: &mut History, line: &str) -> String {
    told_by(history, |history| {
        history.act(Act::Line(line.to_owned()), LANG);
    })
}

/// What is printed when the editor is closed with a text that one makes of what it shows.
fn save(history: &mut History, edit: impl Fn(&str) -> String) -> String {
    told_by(history, |history| {
        let text = edit(history.present().text());
        history.edit(text.clone(), LANG);
        history.save(&text, LANG);
    })
}

fn told_by(history: &mut History, act: impl FnOnce(&mut History)) -> String {
    let before = history.present().terminal().lines().len();
    act(history);
    let new = history.present().terminal().lines()[before..].iter().filter(|line| line.voice != Voice::Typed);
    new.flat_map(|line| [line.text.as_str(), "\n"]).collect()
}

/// The set's number of replicas, and its generation.
fn set(history: &History) -> (i64, i64) {
    let object =
        history.present().tables().get(&ObjectKey::new(Kind::StatefulSet, &"default".into(), &"web".into())).expect("a set").encode();
    (object.int_at(&["spec", "replicas"]).unwrap_or_default(), object.int_at(&["metadata", "generation"]).unwrap_or_default())
}

/// Without what a file is called that is kept.
fn anonymous(printed: &str) -> String {
    let (before, after) = printed.split_once("/tmp/kubectl-edit-").unwrap_or_else(|| panic!("a file is kept: {printed}"));
    format!("{before}FILE{}", &after[".yaml".len() + 5..])
}

#[test]
fn what_is_changed_in_the_editor_is_sent_and_the_manifest_comes_back() {
    let mut history = started();
    assert_eq!(line(&mut history, "kubectl edit sts web"), "");
    line(&mut history, "kubectl get sts web -o yaml");
    // What reads differently from what guides show is said once.
    let live = line(&mut history, "kubectl get sts web -o yaml");
    assert_eq!(history.present().text(), format!("{HEADER}{live}"));
    assert_eq!(history.present().edits().map(|editing| editing.title.as_str()), Some("statefulset web"));
    // What is typed into the editor is no manifest, and what a line beside applies is.
    history.edit("nonsense".to_owned(), LANG);
    assert_eq!((history.present().text(), history.present().manifest()), ("nonsense", EXAMPLE));
    history.edit(format!("{HEADER}{live}"), LANG);
    let flags = history.present().timeline().moments().len();
    let now = history.present().now();
    assert_eq!(save(&mut history, |text| text.replace("\n  replicas: 3", "\n  replicas: 5")), "statefulset.apps/web edited\n");
    assert_eq!((set(&history), history.present().text()), ((5, 2), EXAMPLE));
    let moments = history.present().timeline().moments();
    let flag = moments[flags..].iter().find(|moment| moment.at == now).expect("a flag");
    assert_eq!(flag.label(LANG.text()), "edit sts web");
    let managers = line(&mut history, "kubectl get sts web -o jsonpath='{.metadata.managedFields[*].manager}'");
    assert!(managers.contains("kubectl-edit"), "{managers}");
    assert_eq!(line(&mut history, "why web-4 | head -1").lines().count(), 1);
}

#[test]
fn an_edit_that_changes_nothing_ends_without_a_word_to_the_server() {
    let mut history = started();
    for edit in
        [|text: &str| text.to_owned(), |text: &str| format!("# Why not?\n{text}"), |text: &str| text.replace("replicas: 3", "replicas:  3")]
    {
        line(&mut history, "kubectl edit sts/web");
        assert_eq!(save(&mut history, edit), CANCELLED);
    }
    line(&mut history, "kubectl edit sts web");
    history.edit("draft".to_owned(), LANG);
    let left = told_by(&mut history, |history| {
        history.act(Act::Interrupt, LANG);
    });
    assert_eq!(left, CANCELLED);
    assert_eq!((set(&history), history.present().text()), ((3, 1), EXAMPLE));
    line(&mut history, "kubectl edit svc nginx");
    assert_ne!(history.present().text(), "draft");
    assert_eq!(save(&mut history, |_| String::new()), "error: services \"nginx\" is invalid\n");
    assert!(
        history.present().text().contains("# * <nil>: Invalid value: \"The edited file failed validation\": invalid object to validate\n")
    );
    history.act(Act::Interrupt, LANG);
    line(&mut history, "kubectl edit svc nginx --validate=false");
    assert_eq!(save(&mut history, |_| "# nothing\n".to_owned()), "Edit cancelled, saved file was empty.\n");
    assert_eq!(line(&mut history, "kubectl edit sts nobody"), "Error from server (NotFound): statefulsets.apps \"nobody\" not found\n");
    assert_eq!(line(&mut history, "kubectl edit job"), "error: edit cancelled, no objects found\n");
}

#[test]
fn what_the_server_refuses_is_opened_again_with_the_reason_above_it() {
    let mut history = started();
    line(&mut history, "kubectl edit sts web");
    let wrong = |text: &str| text.replace("serviceName: nginx", "serviceName: other");
    assert_eq!(save(&mut history, wrong), "error: statefulsets.apps \"web\" is invalid\n");
    let again = history.present().text().to_owned();
    let reason = "# statefulsets.apps \"web\" was not valid:\n# * spec.serviceName: Invalid value: \"other\": field is immutable\n#\napiVersion: \
                  apps/v1\n";
    assert!(again.starts_with(&format!("{HEADER}{reason}")), "{again}");
    assert!(again.contains("serviceName: other"));
    let kept = "A copy of your changes has been stored to \"FILE\"\nerror: Edit cancelled, no valid changes were saved.\n";
    assert_eq!(anonymous(&save(&mut history, str::to_owned)), kept);
    assert_eq!(line(&mut history, "grep -c other /tmp/kubectl-edit-*.yaml"), "2\n");
    // What is mended is sent.
    line(&mut history, "kubectl edit sts web");
    save(&mut history, wrong);
    let mended = |text: &str| text.replace("serviceName: other", "serviceName: nginx").replace("replicas: 3", "replicas: 2");
    assert_eq!(save(&mut history, mended), "statefulset.apps/web edited\n");
    assert_eq!(set(&history), (2, 2));
}

#[test]
fn what_cannot_be_read_is_opened_again_and_counted_without_its_comments() {
    let mut history = started();
    line(&mut history, "kubectl edit sts web");
    let printed = save(&mut history, |text| text.replace("spec:\n  persistent", "spec:\n   persistent"));
    assert_eq!(printed, "error: statefulsets.apps \"web\" is invalid\n");
    let reason = history.present().text().lines().nth(5).unwrap_or_default().to_owned();
    let line_of_yaml = reason.strip_prefix("# * <nil>: Invalid value: \"The edited file failed validation\": yaml: line ");
    let (number, words) = line_of_yaml.and_then(|rest| rest.split_once(": ")).unwrap_or_else(|| panic!("{reason}"));
    let bare: Vec<&str> = history.present().text().lines().filter(|line| !line.starts_with('#')).collect();
    let at = number.parse::<usize>().expect("a number");
    assert!(words == "did not find expected key" && bare[at - 3..=at].iter().any(|line| line.contains("persistent")), "{reason}");
    let kind = |text: &str| text.replace("spec:\n   persistent", "spec:\n  persistent").replace("kind: StatefulSet", "kind: Frob");
    assert_eq!(save(&mut history, kind), "");
    let reason = "# The edited file had a syntax error: resource mapping not found for name: \"web\" namespace: \"default\" from \
                  \"edited-file\": no matches for kind \"Frob\" in version \"apps/v1\"\n# ensure CRDs are installed first\n#\n";
    assert!(history.present().text().starts_with(&format!("{HEADER}{reason}")), "{}", history.present().text());
    let name =
        |text: &str| text.replace("kind: Frob", "kind: StatefulSet").replace("  name: web\n  namespace", "  name: other\n  namespace");
    let kept = "A copy of your changes has been stored to \"FILE\"\nerror: At least one of apiVersion, kind and name was changed\n";
    assert_eq!(anonymous(&save(&mut history, name)), kept);
    line(&mut history, "kubectl edit sts web");
    let printed = save(&mut history, |text| text.replace("namespace: default", "namespace: other"));
    let kept = "A copy of your changes has been stored to \"FILE\"\nerror: the namespace from the provided object \"other\" does not match the \
                namespace \"default\". You must pass '--namespace=other' to perform this operation.\n";
    assert_eq!(anonymous(&printed), kept);
}

#[test]
fn what_can_be_tried_again_is_kept_in_a_file() {
    let mut history = started();
    line(&mut history, "kubectl edit sts web");
    let unknown = |text: &str| text.replace("\n  replicas: 3\n  rev", "\n  replicas: 2\n  replica: 4\n  rev");
    assert_eq!(save(&mut history, unknown), "error: statefulsets.apps \"web\" is invalid\n");
    let reason =
        "# * patch: Invalid value: \"map[spec:map[replica:4 replicas:2]]\": strict decoding error: unknown field \"spec.replica\"\n";
    assert!(history.present().text().contains(reason), "{}", history.present().text());
    history.act(Act::Interrupt, LANG);
    assert_eq!(line(&mut history, "echo $?"), "1\n");
    line(&mut history, "kubectl edit sts web --validate=warn");
    let printed = save(&mut history, unknown);
    assert_eq!(printed, "Warning: unknown field \"spec.replica\"\nstatefulset.apps/web edited\n");
    // Somebody else's version stands in the way only of who changes it.
    line(&mut history, "kubectl edit sts web");
    line(&mut history, "kubectl scale sts web --replicas=4");
    assert_eq!(save(&mut history, |text| text.replace("nginx:1.27", "nginx:1.28")), "statefulset.apps/web edited\n");
    assert_eq!(set(&history).0, 4);
    line(&mut history, "kubectl edit sts web");
    line(&mut history, "kubectl scale sts web --replicas=3");
    let versioned = |text: &str| text.replace("  resourceVersion: \"", "  resourceVersion: \"1");
    let printed = save(&mut history, versioned);
    let (first, rest) = printed.split_once('\n').unwrap_or_default();
    let conflict = "error: statefulsets.apps \"web\" could not be patched: Operation cannot be fulfilled on statefulsets.apps \"web\": ";
    assert!(first.starts_with(conflict), "{first}");
    assert_eq!(anonymous(rest), "You can run `kubectl replace -f FILE` to try this update again.\n");
    line(&mut history, "kubectl create cm gone");
    line(&mut history, "kubectl edit cm gone");
    line(&mut history, "kubectl delete cm gone");
    let printed = save(&mut history, |text| format!("{text}data: {{a: b}}\n"));
    let kept = "error: configmaps \"gone\" could not be found on the server\nThe edits you made on deleted resources have been saved to \"FILE\"\n";
    assert_eq!(anonymous(&printed), kept);
}

#[test]
fn several_objects_are_edited_as_a_list() {
    let mut history = started();
    line(&mut history, "kubectl edit svc/nginx sts/web");
    assert_eq!(history.present().edits().map(|editing| editing.title.as_str()), Some("service nginx, statefulset web"));
    assert!(history.present().text().starts_with(&format!("{HEADER}apiVersion: v1\nitems:\n- apiVersion: v1\n")));
    assert!(history.present().text().ends_with("kind: List\nmetadata: {}\n"));
    let printed = save(&mut history, |text| text.replace("replicas: 3\n    revision", "replicas: 2\n    revision"));
    assert_eq!(printed, "service/nginx skipped\nstatefulset.apps/web edited\n");
    line(&mut history, "kubectl edit cm kube-root-ca.crt -n kube-system --record");
    let printed = save(&mut history, |text| text.replace("\ndata:", "\ndata:\n  a: b"));
    assert_eq!(printed, "configmap/kube-root-ca.crt edited\n");
    let cause = line(&mut history, "kubectl get cm kube-root-ca.crt -n kube-system -o jsonpath='{.metadata.annotations}'");
    assert!(cause.contains("kubectl edit cm kube-root-ca.crt --namespace=kube-system --record=true"), "{cause}");
}

#[test]
fn an_editor_that_the_environment_names_is_run_on_the_file() {
    let mut history = started();
    let sed = "KUBE_EDITOR='sed -i s/nginx:1.27/nginx:1.28/' kubectl edit sts web";
    assert_eq!(line(&mut history, sed), "statefulset.apps/web edited\n");
    assert_eq!(line(&mut history, "kubectl get sts web -o jsonpath='{.spec.template.spec.containers[0].image}'"), "nginx:1.28\n");
    line(&mut history, "export EDITOR=\"sed -i 's/^  replicas: 3/  replicas: 2/'\"");
    assert_eq!(line(&mut history, "kubectl edit sts web && echo well"), "statefulset.apps/web edited\nwell\n");
    history.run_until_quiet(|| true);
    assert_eq!(line(&mut history, "kubectl edit sts web"), CANCELLED);
    assert_eq!(line(&mut history, "ls /tmp"), "");
    assert_eq!(line(&mut history, "EDITOR=false kubectl edit sts web"), "error: there was a problem with the editor \"false\"\n");
    assert_eq!(line(&mut history, "EDITOR=frobnicate kubectl edit sts web"), "error: unable to launch the editor \"frobnicate\"\n");
    let wrong = "KUBE_EDITOR='sed -i s/serviceName:.nginx/serviceName:y/' kubectl edit sts web";
    assert!(line(&mut history, wrong).starts_with("error: statefulsets.apps \"web\" is invalid\nA copy of your changes"));
    // In a pipe or in the background, nobody types into an editor.
    assert_eq!(line(&mut history, "EDITOR=vim kubectl edit sts web 2>&1 &"), format!("[1] 2\n{CANCELLED}"));
    assert!(history.present().edits().is_none());
    line(&mut history, "EDITOR=/usr/bin/vim kubectl edit sts web");
    assert!(history.present().edits().is_some());
    history.act(Act::Interrupt, LANG);
    line(&mut history, "unset EDITOR; KUBE_EDITOR=frobnicate");
    line(&mut history, "kubectl edit sts web");
    assert!(history.present().edits().is_some(), "what is not exported is not passed on");
}

/// A run with an edit that was refused, one that was left, and one that did something; in its past another way was taken.
fn edited() -> History {
    let mut history = started();
    line(&mut history, "kubectl edit sts web");
    save(&mut history, |text| text.replace("serviceName: nginx", "serviceName: other"));
    history.act(Act::Interrupt, LANG);
    line(&mut history, "kubectl edit sts web");
    history.run(history.present().now() + Span(1500), || true);
    save(&mut history, |text| text.replace("\n  replicas: 3", "\n  replicas: 5"));
    history.run_until_quiet(|| true);
    history
}

fn printed(playground: &Playground) -> Vec<&str> {
    playground.terminal().lines().iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn a_run_with_edits_is_shared_and_copied_as_a_scenario() {
    let history = edited();
    assert_eq!(set(&history), (5, 2));
    let text = link::write(&history, "");
    let read = link::read(&text, &setup(), LANG, &|_| None, || true);
    assert_eq!((read.unread, read.cut, read.differs), (0, false, false), "{text}");
    assert_eq!(printed(read.history.present()), printed(history.present()));
    let scenario = Scenario::parse(&scenario::text(&history)).expect("a scenario");
    let played = session::play(&scenario, &V1_37).expect("a session");
    assert_eq!(played.sim().digest(), history.present().sim().digest());
    assert_eq!(printed(&played), printed(history.present()));
}

#[test]
fn the_past_has_the_editor_as_it_was_and_what_is_saved_there_begins_a_branch() {
    let mut history = edited();
    let saved = history.inputs().last().expect("a save").at;
    history.seek(base::time::Time(saved.0 - 500));
    assert!(history.present().edits().is_some() && history.present().text().contains("replicas: 3"));
    assert_eq!(save(&mut history, |text| text.replace("\n  replicas: 3", "\n  replicas: 1")), "statefulset.apps/web edited\n");
    assert_eq!((history.branches().len(), set(&history)), (2, (1, 2)));
    history.return_to(1);
    assert_eq!((set(&history), history.present().manifest()), ((5, 2), EXAMPLE));
}

#[test]
fn an_edit_of_one_twin_changes_the_other_in_the_same_way() {
    use playground::history::Variant;
    let mut history = started();
    let parallel = |text: &str| text.replace("OrderedReady", "Parallel");
    let (own, other) = (|text: &str| text.to_owned(), parallel);
    assert_eq!(
        history.vary(&[Variant { release: &V1_37, manifest: &own }, Variant { release: &V1_37, manifest: &other }], || true),
        Some(true)
    );
    assert!(history.is_twinned());
    line(&mut history, "kubectl edit sts web");
    assert_eq!(save(&mut history, |text| text.replace("\n  replicas: 3", "\n  replicas: 4")), "statefulset.apps/web edited\n");
    let (_, beside) = history.beside().expect("a twin");
    assert_eq!(printed(beside).last(), Some(&"statefulset.apps/web edited"));
    let replicas = |playground: &Playground| playground.tables().stateful_set("default", "web").map(|set| set.spec.replicas);
    assert_eq!((replicas(history.present()), replicas(beside)), (Some(4), Some(4)));
}
