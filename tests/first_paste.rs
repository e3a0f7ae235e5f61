//! The first paste works: a text that somebody brings is the first thing in an empty cluster, and its sets come up after the buttons that
//! the page offers, or one sentence says why they do not.
//!
//! The page does the same: it begins a run around the text, looks at it, and its buttons make corrections, type the lines that make what is
//! missing, and apply.

use std::fs;
use std::path::Path;

use ordinal::base::time::{Span, Time};
use ordinal::causes::command;
use ordinal::playground::history::{Act, History};
use ordinal::playground::{self, EXAMPLE};
use ordinal::text::Lang;
use ordinal::view::manifest::Fix;
use ordinal::view::why;
use rig::file::Scenario;

const LANG: Lang = Lang::English;
/// Long enough for five members, one after the other, with slow probes.
const COMES_UP: Span = Span::seconds(900);

/// A visit that began with a paste.
struct Visit {
    run: History,
    clicks: usize,
}

/// What becomes of a paste.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// Every set is Ready after so many clicks.
    Runs(usize),
    /// This is said of the first thing that is wrong, and no button is left to press.
    Says(String),
    /// Neither.
    Stands(String),
}

impl Visit {
    fn paste(text: &str) -> Visit {
        let mut visit = Visit { run: History::around_text(&playground::setup(), text, LANG), clicks: 0 };
        visit.look();
        visit
    }

    fn look(&mut self) {
        assert!(self.run.look_on(|| true));
    }

    fn type_line(&mut self, line: String) {
        self.run.act(Act::Line(line), LANG);
    }

    /// Presses "Fix it", or the button that makes all corrections, while something is refused that it mends.
    fn fix(&mut self) {
        let verdicts = self.run.present().verdicts();
        let is_mended = verdicts.refusals.iter().any(|refusal| refusal.fix.is_some());
        if !is_mended {
            return;
        }
        let text = Fix::All(verdicts.fixes.clone()).mend(self.run.present().manifest());
        self.run.edit(text, LANG);
        self.look();
        self.clicks += 1;
    }

    /// Presses "Create what is missing, and apply" where something is, else "Apply".
    fn apply(&mut self) {
        for entry in self.run.present().verdicts().missing.clone() {
            self.type_line(entry.line);
        }
        self.run.take_off_server_fields();
        self.type_line(command::apply());
        self.run.run(Time(self.run.present().now().0 + COMES_UP.0), || true);
        self.clicks += 1;
    }

    fn outcome(&self) -> Outcome {
        let (present, verdicts) = (self.run.present(), self.run.present().verdicts());
        let sets: Vec<_> = present.tables().stateful_sets().collect();
        let unready: Vec<String> =
            sets.iter().filter(|set| set.status.ready < set.spec.replicas).map(|set| set.meta.name.to_string()).collect();
        match (&verdicts.refusals[..], sets.len(), &unready[..]) {
            ([], 1.., []) => Outcome::Runs(self.clicks),
            ([first, ..], _, _) if verdicts.missing.is_empty() && verdicts.refusals.iter().all(|refusal| refusal.fix.is_none()) => {
                Outcome::Says(first.plain.plain())
            }
            _ => {
                let why = why::project(&present.snapshot(LANG), None, None, None);
                Outcome::Stands(format!("{unready:?} {:#?} {} {}", verdicts, why.verdict.plain(), why.paragraph.plain()))
            }
        }
    }
}

/// Pastes a text into a first visit, and presses what is offered.
fn first_paste(text: &str) -> Outcome {
    let mut visit = Visit::paste(text);
    visit.fix();
    visit.apply();
    visit.outcome()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Some of a text's documents.
fn documents(text: &str, which: std::ops::Range<usize>) -> String {
    text.split("---\n").collect::<Vec<_>>()[which].join("---\n")
}

/// Files of a recorded scenario, one after the other.
fn files(scenario: &str, names: &[&str]) -> String {
    let scenario = Scenario::parse(&read(&format!("tests/conformance/recordings/{scenario}/scenario.yaml"))).expect("a scenario");
    names.iter().map(|name| scenario.files[*name].trim_end()).collect::<Vec<_>>().join("\n---\n") + "\n"
}

#[test]
fn the_manifests_of_the_seeds_come_up_at_once() {
    let kubia = |name| read(&format!("src/terminal/console/library/kubia-{name}.yaml"));
    for (name, text, clicks) in [
        // The text has the set before its Service.
        ("000", files("spine/seed-000", &["sts.yaml", "svc.yaml"]), 1),
        ("000, the set alone", files("spine/seed-000", &["sts.yaml"]), 1),
        // The book's version of the API is gone: one click mends it, one applies it.
        ("001", [kubia("volumes"), kubia("service"), kubia("set")].join("---\n"), 2),
        ("001, the set alone", kubia("set"), 2),
        // It lacks its class, and serviceName is that of another Service.
        ("002", read("tests/browser/manifests/seed-002.yaml"), 1),
        ("003", files("deployments/seed-003-scale", &["web-sts.yaml", "web-dep.yaml"]), 1),
        ("003, the set with its Service", read("tests/browser/manifests/seed-003.yaml"), 1),
        // Its namespace, class, password and account are elsewhere.
        ("a database of a repository", read("tests/browser/manifests/ledger.yaml"), 1),
    ] {
        assert_eq!(first_paste(&text), Outcome::Runs(clicks), "{name}");
    }
}

#[test]
fn the_manifests_of_the_documentation_come_up_at_once_whole_and_in_parts() {
    let library = |name| read(&format!("src/terminal/console/library/{name}.yaml"));
    let (web, mysql, cassandra, zookeeper) = (library("web"), library("mysql"), library("cassandra"), library("zookeeper"));
    for (name, text) in [
        ("web", web.clone()),
        ("web, Parallel", web.replace("  serviceName:", "  podManagementPolicy: Parallel\n  serviceName:")),
        ("web, the set alone", documents(&web, 1..2)),
        ("zookeeper", zookeeper.clone()),
        // Its provisioner is minikube's.
        ("cassandra", cassandra.clone()),
        ("cassandra, the set alone", documents(&cassandra, 1..3)),
        ("mysql", mysql.clone()),
        // It lacks its ConfigMap, from which its script copies files by their names.
        ("mysql, the set alone", documents(&mysql, 3..4)),
        ("the page's quorum", read("src/page/playground/examples/quorum.yaml")),
        ("the page's primary and replicas", read("src/page/playground/examples/replicas.yaml")),
    ] {
        assert_eq!(first_paste(&text), Outcome::Runs(1), "{name}");
    }
}

/// The example with more in the spec of its pods.
fn with_spec(more: &str) -> String {
    EXAMPLE.replacen("    spec:\n      containers:\n", &format!("    spec:\n{more}      containers:\n"), 1)
}

/// The example with a script before its container that copies a file of a ConfigMap.
fn with_script(volume: &str, line: &str) -> String {
    with_spec(&format!(
        "      volumes: [{{name: conf, {volume}}}]\n      initContainers:\n      - name: init\n        image: busybox:1.36\n        command: [sh, -ec, \
         \"{line}\"]\n        volumeMounts: [{{name: conf, mountPath: /mnt/conf}}]\n"
    ))
}

#[test]
fn what_a_manifest_lacks_is_known_before_anything_is_refused_and_made_by_one_button() {
    let in_shop = |text: &str| text.replace("metadata:\n  name:", "metadata:\n  namespace: shop\n  name:");
    let class = |name: &str, text: &str| text.replace("      accessModes", &format!("      storageClassName: {name}\n      accessModes"));
    let copies = with_script("configMap: {name: settings}", "cp /mnt/conf/master.cnf /tmp/x.cnf && . /mnt/conf/env.sh");
    for (name, text, lacks) in [
        ("a namespace", in_shop(EXAMPLE), 1),
        ("a class", class("gp3", EXAMPLE), 1),
        ("a class that several nodes write to", class("efs", EXAMPLE).replace("ReadWriteOnce", "ReadWriteMany"), 1),
        ("a Service", documents(EXAMPLE, 1..2), 1),
        ("an account", with_spec("      serviceAccountName: runner\n"), 1),
        ("a priority", with_spec("      priorityClassName: important\n"), 1),
        ("a runtime", with_spec("      runtimeClassName: gvisor\n"), 1),
        ("what every cluster has", with_spec("      priorityClassName: system-cluster-critical\n      serviceAccountName: default\n"), 0),
        ("files of a ConfigMap, by what a script names", copies.clone(), 1),
        ("a file of a Secret", with_script("secret: {secretName: keys}", "test -s /mnt/conf/tls.key"), 1),
        ("one file", with_script("configMap: {name: c, items: [{key: a, path: b}]}", "cat /mnt/conf/b"), 1),
        ("a claim", with_script("persistentVolumeClaim: {claimName: shared}", "touch /mnt/conf/x"), 1),
        (
            "a class of a claim for each pod",
            with_script(
                "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], storageClassName: scratch, resources: {requests: \
                 {storage: 1Gi}}}}}",
                "touch /mnt/conf/x",
            ),
            1,
        ),
        ("much at once", class("gp3", &in_shop(&documents(&copies, 1..2))), 4),
    ] {
        let mut visit = Visit::paste(&text);
        let known = visit.run.present().verdicts().missing.len();
        visit.apply();
        assert_eq!((known, visit.outcome()), (lacks, Outcome::Runs(1)), "{name}");
        assert_eq!(visit.run.present().verdicts().missing, [], "{name}");
    }
    // A provisioner that the manifest's own class asks for.
    let own = format!(
        "{}---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: ssd}}\nprovisioner: pd.csi.storage.gke.io\n",
        class("ssd", EXAMPLE)
    );
    assert_eq!(first_paste(&own), Outcome::Runs(1));
}

#[test]
fn two_that_ask_for_different_keys_of_one_object_both_get_them() {
    let one = with_script("configMap: {name: settings}", "cat /mnt/conf/one");
    let other = documents(&with_script("configMap: {name: settings}", "cat /mnt/conf/two"), 1..2).replace("name: web\n", "name: other\n");
    let mut visit = Visit::paste(&format!("{one}---\n{other}"));
    assert_eq!(visit.run.present().verdicts().missing.len(), 1);
    visit.apply();
    assert_eq!(visit.outcome(), Outcome::Runs(1));
}

#[test]
fn what_came_through_a_word_processor_or_has_a_version_that_is_gone_takes_one_more_click() {
    let word = EXAMPLE.replace("  - name:", "  – name:").replace("---\n", "—-\n").replace("serviceName: nginx", "serviceName: “nginx”");
    let spaces =
        EXAMPLE.replace("      containers:", "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}containers:").replace(": nginx\n", ":\u{a0}nginx\n");
    for (name, text) in [
        ("dashes, quotes and a separator", word.clone()),
        ("dashes and no-break spaces", word.replace("\n      ", "\n\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}")),
        ("no-break spaces", spaces),
        ("tabs", EXAMPLE.replace("  replicas", "\treplicas")),
        ("a version that is gone", EXAMPLE.replace("apps/v1", "apps/v1beta1")),
    ] {
        assert_ne!(text, EXAMPLE, "{name}");
        assert_eq!(first_paste(&text), Outcome::Runs(2), "{name}");
    }
    // A dash in a command is no fault of YAML.
    let flag = EXAMPLE.replace("image: nginx:1.27\n", "image: nginx:1.27\n        args: [nginx, –g, daemon off;]\n");
    let visit = Visit::paste(&flag);
    let [note] = &visit.run.present().verdicts().notes[..] else { panic!("{:#?}", visit.run.present().verdicts()) };
    assert_eq!(note.fix.as_ref().map(|fix| fix.mend(&flag)), Some(flag.replace('–', "--")));
}

#[test]
fn a_template_is_called_one_at_its_line_and_nothing_is_offered_that_cannot_work() {
    for hole in ["${NAMESPACE:=flux-system}", "${NAMESPACE}", "$(NAMESPACE)", "<your-namespace>", "\"{{ .Release.Namespace }}\""] {
        let text = EXAMPLE.replace("metadata:\n  name:", &format!("metadata:\n  namespace: {hole}\n  name:"));
        let told = LANG.text().manifest.template(hole.trim_matches('"'), 4).replace('`', "");
        let visit = Visit::paste(&text);
        let verdicts = visit.run.present().verdicts();
        assert_eq!((verdicts.refusals.len(), verdicts.missing.len()), (1, 0), "{hole}: {verdicts:#?}");
        assert_eq!(first_paste(&text), Outcome::Says(told), "{hole}");
    }
    // In the name of what a set asks for, whether that is refused or stored.
    for (right, wrong) in [
        ("      accessModes", "      storageClassName: ${CLASS}\n      accessModes"),
        ("serviceName: nginx", "serviceName: ${SERVICE}"),
        ("image: nginx:1.27", "image: ${IMAGE:-nginx}"),
    ] {
        let text = EXAMPLE.replace(right, wrong);
        let visit = Visit::paste(&text);
        let verdicts = visit.run.present().verdicts();
        let noted = verdicts.notes.iter().map(|note| note.words.plain());
        let said: Vec<String> = verdicts.refusals.iter().map(|refusal| refusal.plain.plain()).chain(noted).collect();
        assert!(
            verdicts.missing.is_empty() && said.iter().any(|said| said.starts_with("This file is a template")),
            "{wrong}: {verdicts:#?}"
        );
    }
    // A container's own arguments may have what the kubelet fills in, and scripts what a shell does.
    let own = with_script("emptyDir: {}", "echo $(HOME) ${HOSTNAME##*-}");
    assert_eq!(first_paste(&own), Outcome::Runs(1));
}

#[test]
fn what_cannot_run_here_says_so_and_why_speaks_of_it() {
    let words = &LANG.text().manifest;
    let custom = "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {instances: 3}\n";
    for (name, text, told) in [
        ("a custom resource", custom.to_owned(), words.custom_kind().to_owned()),
        ("a template", EXAMPLE.replace("  name: web\n", "  name: {{ .Release.Name }}\n"), String::new()),
        (
            "a name that no namespace can have",
            EXAMPLE.replace("metadata:\n  name:", "metadata:\n  namespace: My_Shop\n  name:"),
            String::new(),
        ),
    ] {
        let mut visit = Visit::paste(&text);
        visit.apply();
        let Outcome::Says(said) = visit.outcome() else { panic!("{name}: {:?}", visit.outcome()) };
        assert!(told.is_empty() || said == told.replace('`', ""), "{name}: {said}");
        let present = visit.run.present();
        assert_eq!(present.tables().stateful_sets().count(), 0, "{name}");
        let why = why::refused(LANG, &present.verdicts().refusals);
        assert_eq!((why.verdict.plain(), why.paragraph.plain()), (LANG.text().why.refused().to_owned(), said), "{name}");
    }
}

#[test]
fn another_set_of_the_same_name_is_told_from_a_change_of_a_field() {
    let web = read("src/terminal/console/library/web.yaml");
    let replaced = |text: String| {
        let mut visit = Visit::paste(EXAMPLE);
        visit.apply();
        visit.run.edit(text, LANG);
        visit.apply();
        let verdicts = visit.run.present().verdicts().clone();
        (verdicts.replaces_other.map(|set| set.to_string()), verdicts.refusals.first().map(|refusal| refusal.plain.plain()))
    };
    let told = LANG.text().manifest.another_set("web").replace(['<', '>'], "");
    assert_eq!(replaced(web), (Some("default/web".to_owned()), Some(told)));
    let (other, said) = replaced(EXAMPLE.replace("serviceName: nginx", "serviceName: other"));
    assert_eq!(other, None);
    assert!(said.is_some_and(|said| said.contains("serviceName") || said.contains("cannot be changed")));
}

#[test]
fn the_terminal_names_the_way_after_a_refusal() {
    let mut run = History::new(&playground::setup(), "", LANG);
    let book = "https://github.com/luksa/kubernetes-in-action/blob/master/Chapter10/kubia-statefulset.yaml";
    for (line, says) in [
        (format!("kubectl create -f {book}"), "ordinal: StatefulSet is served as apps/v1 now."),
        ("kubectl apply -f local-path.yaml".to_owned(), "ordinal: ls lists the files."),
        ("kuberctl proxy".to_owned(), "ordinal: did you mean kubectl?"),
    ] {
        run.act(Act::Line(line.clone()), LANG);
        let lines: Vec<&str> = run.present().terminal().lines().iter().map(|line| line.text.as_str()).collect();
        let from = lines.iter().rposition(|said| said.ends_with(&line)).expect("the line");
        assert!(lines[from..].iter().any(|said| said.starts_with(says)), "{line}: {lines:#?}");
    }
    run.act(Act::Line("kubectl run box --image=busybox:1.28 -- sleep 1000".to_owned()), LANG);
    run.run(Time(60_000), || true);
    run.act(Act::Line("kubectl exec box -- nslook^up kubernetes".to_owned()), LANG);
    let lines: Vec<&str> = run.present().terminal().lines().iter().map(|line| line.text.as_str()).collect();
    let [.., why, hint] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(why.contains("nslook^up") && *hint == "ordinal: did you mean nslookup?", "{lines:?}");
}
