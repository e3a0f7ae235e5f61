//! `kubectl ordinal`: the program as kubectl's plugin.
//!
//! A stand-in for kubectl answers from recorded clusters, in kubectl's words.

#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use ordinal::api::kind::Kind;
use serde_json::Value;

use crate::cli::opened::{Opened, page};

/// Answers `version` and `get` from the files beside it: `asked` takes the arguments, `fails` has the words of a cluster that cannot be
/// read, `refused` the resources that may not be listed, `unknown` one that the server does not have, `scope/resource` the items.
const KUBECTL: &str = r#"#!/bin/sh
here=${0%/*}
echo "$*" >> "$here/asked"
fail() { echo "$1" >&2; exit 1; }
code=0 scope=all words="at the cluster scope" kinds=
while [ $# -gt 0 ]; do
    case "$1" in
    version) verb=version ;;
    get) verb=get; kinds=$2; shift ;;
    -n) scope=$2; words="in the namespace \"$2\""; shift ;;
    esac
    shift
done
if [ -f "$here/fails" ]; then fail "$(cat "$here/fails")"; fi
if [ "$verb" = version ]; then echo "Client Version: v1.37.1"; echo "Server Version: v1.37.1"; exit 0; fi
for kind in $(echo "$kinds" | tr , ' '); do
    if grep -qx "$kind" "$here/unknown"; then fail "error: the server doesn't have a resource type \"$kind\""; fi
done
echo "apiVersion: v1"
echo "items:"
for kind in $(echo "$kinds" | tr , ' '); do
    name=${kind%%.*} group=${kind#*.} place=$words
    if [ "$group" = "$kind" ]; then group=; fi
    if [ -f "$here/cluster/$name" ]; then place="at the cluster scope"; fi
    if grep -qx "$name" "$here/refused"; then
        echo "Error from server (Forbidden): $kind is forbidden: User \"dev\" cannot list resource \"$name\" in API group \"$group\" $place" >&2
        code=1
    elif [ -f "$here/cluster/$name" ]; then cat "$here/cluster/$name"
    elif [ -f "$here/$scope/$name" ]; then cat "$here/$scope/$name"
    fi
done
echo "kind: List"
echo "metadata:"
echo "  resourceVersion: \"\""
exit $code
"#;
/// What a role that looks after workloads alone may read.
const ROLE: [&str; 2] = ["pods", "statefulsets"];

/// A recorded case.
struct Case {
    dump: PathBuf,
    namespace: String,
    set: String,
}

fn case(folder: &str, name: &str) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(folder).join(name);
    let told: Value = serde_json::from_str(&fs::read_to_string(path.join("case.json")).expect("a case")).expect("JSON");
    let text = |key: &str| told[key].as_str().expect("a text").to_owned();
    Case { dump: path.join("cluster.yaml"), namespace: text("namespace"), set: text("set") }
}

/// The items of a dump as kubectl prints them.
fn items(dump: &str) -> Vec<&str> {
    let begins = dump.find("items:\n").expect("items") + "items:\n".len();
    let text = &dump[begins..=dump.rfind("\nkind: List").expect("the end")];
    let mut starts: Vec<usize> = text.match_indices("\n- ").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    starts.iter().zip(starts.iter().skip(1).chain([&text.len()])).map(|(from, to)| &text[*from..*to]).collect()
}

/// The first value of a key at an indent.
fn value<'a>(item: &'a str, key: &str) -> &'a str {
    item.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default().trim_matches('"')
}

/// A folder with the stand-in and the plugin, which is removed at the end.
struct Desk(PathBuf);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Desk {
    /// One at which a dump is served. Each test names its own.
    fn of(test: &str, dump: &str) -> Desk {
        let desk = Desk(env::temp_dir().join(format!("ordinal-plugin-{}-{test}", std::process::id())));
        let _ = fs::remove_dir_all(&desk.0);
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for kind in Kind::ALL.iter().filter(|kind| !kind.is_namespaced()) {
            files.insert(format!("cluster/{}", kind.info().plural), String::new());
        }
        for item in items(dump) {
            let kind = Kind::of(value(&format!("  {}", &item[2..]), "  apiVersion: "), value(item, "  kind: ")).expect("a kind");
            let scopes: &[&str] = if kind.is_namespaced() { &["all", value(item, "    namespace: ")] } else { &["cluster"] };
            for scope in scopes {
                files.entry(format!("{scope}/{}", kind.info().plural)).or_default().push_str(item);
            }
        }
        files
            .extend([("kubectl", KUBECTL), ("refused", ""), ("unknown", ""), ("asked", "")].map(|(name, text)| (name.into(), text.into())));
        for (name, text) in files {
            let path = desk.0.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        fs::set_permissions(desk.0.join("kubectl"), fs::Permissions::from_mode(0o755)).expect("a program");
        symlink(env!("CARGO_BIN_EXE_ordinal"), desk.0.join("kubectl-ordinal")).expect("the plugin");
        desk
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file");
    }

    /// Refuses everything but what a role may read.
    fn refuses(&self, may: &[&str]) {
        let all = Kind::ALL.iter().map(|kind| kind.info().plural).filter(|name| !may.contains(name));
        self.write("refused", &all.collect::<Vec<_>>().join("\n"));
    }

    fn run(&self, args: &[&str]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.0.display());
        Command::new(self.0.join("kubectl-ordinal")).args(args).env("PATH", path).current_dir(&self.0).output().expect("the plugin runs")
    }

    /// What `diagnose` tells as JSON.
    fn told(&self, args: &[&str]) -> Value {
        let output = self.run(&[&["diagnose", "-o", "json"], args].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("JSON")
    }

    /// The commands that kubectl was given: they only read, and nothing private.
    fn asked(&self) -> Vec<String> {
        let lines: Vec<String> = fs::read_to_string(self.0.join("asked")).expect("commands").lines().map(str::to_owned).collect();
        for line in &lines {
            let verb = line.split(' ').find(|word| !word.starts_with('-')).expect("a verb");
            assert!(["get", "version"].contains(&verb) && !line.contains("secret") && !line.contains("configmap"), "{line}");
        }
        lines
    }
}

/// What the program tells of a dump.
fn told_of(dump: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ordinal")).args(["diagnose", "-o", "json"]).arg(dump).output().expect("the program");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The verdicts of a report: where they stand, but for the lines of the text.
fn verdicts(told: &Value) -> Vec<Vec<String>> {
    let keys = ["cause", "detail", "object", "workload", "namespace", "sure", "sentence", "cures"];
    told["verdicts"].as_array().expect("verdicts").iter().map(|one| keys.iter().map(|key| one[key].to_string()).collect()).collect()
}

#[test]
fn the_cluster_that_is_read_tells_what_its_dump_tells() {
    let all = [("diagnose-own", "01-quota-of-pods"), ("diagnose", "08-class-missing"), ("diagnose-own", "24-claim-held-by-a-backup")];
    for (folder, name) in all {
        let case = case(folder, name);
        let desk = Desk::of(name, &fs::read_to_string(&case.dump).expect("a dump"));
        let told = desk.told(&["-A"]);
        assert_eq!(verdicts(&told), verdicts(&told_of(&case.dump)), "{name}");
        assert_eq!(told["unread"], Value::Array(Vec::new()), "{name}");
        assert_eq!(desk.asked().len(), 2, "one version and one get");
    }
}

#[test]
fn what_a_role_may_not_read_is_said_and_the_saved_text_says_the_same() {
    let case = case("diagnose-own", "17-multi-attach");
    let desk = Desk::of("role", &fs::read_to_string(&case.dump).expect("a dump"));
    desk.refuses(&ROLE);
    let told = desk.told(&["-A", "--save", "saved.yaml"]);
    let asked: BTreeSet<String> = desk.asked().iter().flat_map(|line| line.split([' ', ','])).map(str::to_owned).collect();
    let unread: Vec<&str> = told["unread"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert_eq!(
        unread[0],
        "persistentvolumeclaims: User \"dev\" cannot list resource \"persistentvolumeclaims\" in API group \"\" at the cluster scope"
    );
    assert!(unread.iter().all(|line| asked.contains(line.split(':').next().expect("a resource"))), "{unread:?}");
    assert!(unread.len() > 10, "{unread:?}");
    // The disk of its pod is attached elsewhere, which Events alone tell.
    let (first, workload) = (&told["verdicts"][0], format!("sts/{}", case.set));
    assert_eq!([&first["sure"], &first["workload"]], ["unknown", &*workload]);
    assert!(first["missing"][0].as_str().expect("a command").contains("event"), "{first}");
    assert_eq!(verdicts(&told_of(&desk.0.join("saved.yaml"))), verdicts(&told));
    desk.asked();
}

#[test]
fn of_a_workload_its_namespace_is_read_and_it_alone_is_told() {
    let case = case("diagnose-own", "12-host-port-taken");
    let desk = Desk::of("workload", &fs::read_to_string(&case.dump).expect("a dump"));
    let named = format!("sts/{}", case.set);
    let told = desk.told(&[&named, "-n", &case.namespace, "--context", "prod", "--kubeconfig", "here"]);
    let own: Vec<Vec<String>> = verdicts(&told_of(&case.dump)).into_iter().filter(|one| one[3] == format!("\"{named}\"")).collect();
    assert!(!own.is_empty() && verdicts(&told) == own, "{told}");
    let asked = desk.asked();
    assert!(asked.iter().all(|line| line.starts_with("--kubeconfig=here --context=prod ") && line.ends_with(" --request-timeout=20s")));
    assert!(asked[1].contains(&format!(" -n {} ", case.namespace)), "{}", asked[1]);
    // A pod waits for a node, on which the pods of all namespaces are.
    let others = format!("get pods -A --field-selector=metadata.namespace!={}", case.namespace);
    assert!(asked[2].contains(&others), "{}", asked[2]);
}

#[test]
fn what_tools_call_done_is_told_of_the_cluster_that_is_read() {
    let case = case("diagnose", "53-crash-after-ready");
    let desk = Desk::of("done", &fs::read_to_string(&case.dump).expect("a dump"));
    let output = desk.run(&["done", &format!("sts/{}", case.set), "-n", &case.namespace, "-o", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((told.as_array().map(Vec::len), told[0]["set"].as_str()), (Some(1), Some(&*case.set)));
    let helm = told[0]["tools"].as_array().and_then(|tools| tools.iter().find(|one| one["tool"] == "helm4")).expect("a verdict");
    assert_eq!(helm["verdict"], "failed", "the pods are read as well");
    desk.asked();
}

#[test]
fn the_commands_are_shown_where_they_are_asked_for() {
    let case = case("diagnose", "40-complete");
    let desk = Desk::of("commands", &fs::read_to_string(&case.dump).expect("a dump"));
    let [silent, shown] = [&["diagnose", "-A"][..], &["diagnose", "-A", "--show-commands"]].map(|args| desk.run(args));
    assert!(silent.stderr.is_empty() && silent.stdout == shown.stdout);
    let lines: Vec<String> = String::from_utf8_lossy(&shown.stderr).lines().map(|line| line.replacen("kubectl ", "", 1)).collect();
    assert_eq!(lines, desk.asked()[2..]);
}

#[test]
fn a_resource_that_the_server_does_not_have_is_left_out() {
    let case = case("diagnose-own", "01-quota-of-pods");
    let desk = Desk::of("absent", &fs::read_to_string(&case.dump).expect("a dump"));
    desk.write("unknown", "csinodes.storage.k8s.io\n");
    let told = desk.told(&["-A"]);
    assert_eq!(told["verdicts"][0]["detail"], "quota-exceeded");
    assert_eq!(told["unread"][0], "csinodes.storage.k8s.io: the server doesn't have a resource type \"csinodes.storage.k8s.io\"");
    assert!(desk.asked()[1].contains("csinodes") && !desk.asked()[2].contains("csinodes"));
}

#[test]
fn what_cannot_be_read_ends_with_one_sentence_and_the_words_of_kubectl() {
    let case = case("diagnose", "40-complete");
    let desk = Desk::of("failures", &fs::read_to_string(&case.dump).expect("a dump"));
    let said = |args: &[&str]| {
        let output = desk.run(args);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && output.stdout.is_empty() && words.lines().count() == 1, "{args:?}: {words}");
        words.trim_end().to_owned()
    };
    let refused = "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?";
    let log = "E1128 01:53:30.107689   15961 memcache.go:381] \"Couldn't get current server API group list\"";
    desk.write("fails", &format!("{log}\n{refused}"));
    assert_eq!(said(&["diagnose", "-A"]), format!("ordinal: the API server does not answer: \"{refused}\""));
    let slow = "Unable to connect to the server: net/http: request canceled (Client.Timeout exceeded while awaiting headers)";
    desk.write("fails", slow);
    assert_eq!(said(&["diagnose", "-A", "--request-timeout", "1s"]), format!("ordinal: the API server does not answer: \"{slow}\""));
    desk.write("fails", "error: context \"other\" does not exist");
    let words = "ordinal: kubectl has no context other: \"context \"other\" does not exist\"";
    assert_eq!(said(&["diagnose", "--context", "other"]), words);
    desk.write("fails", "error: You must be logged in to the server (Unauthorized)");
    let words = "ordinal: the cluster does not accept who asks: \"You must be logged in to the server (Unauthorized)\"";
    assert_eq!(said(&["diagnose"]), words);
    fs::remove_file(desk.0.join("fails")).expect("a file");
    let words = format!("ordinal: no StatefulSet other is in the cluster; there is {}/{}", case.namespace, case.set);
    assert_eq!(said(&["diagnose", "sts/other", "-A"]), words);
    assert_eq!(said(&["diagnose", "-n", "empty"]), "ordinal: no StatefulSet is in namespace empty");
    assert_eq!(said(&["diagnose", "deploy/web"]), "ordinal: deploy/web is no StatefulSet; one is named as sts/NAME");
    desk.refuses(&["pods"]);
    let why = "User \"dev\" cannot list resource \"statefulsets\" in API group \"apps\" at the cluster scope";
    assert_eq!(
        said(&["diagnose", "-A"]),
        format!("ordinal: StatefulSets may not be read: \"{why}\"; -n NAMESPACE asks for one namespace alone")
    );
    desk.asked();
    fs::remove_file(desk.0.join("kubectl")).expect("a file");
    let output = Command::new(desk.0.join("kubectl-ordinal")).args(["diagnose", "-A"]).env("PATH", &desk.0).output().expect("the plugin");
    assert!(output.status.code() == Some(2) && String::from_utf8_lossy(&output.stderr).starts_with("ordinal: no kubectl is in PATH, "));
}

#[test]
fn the_cluster_that_is_read_is_opened_in_the_page() {
    let case = case("diagnose", "08-class-missing");
    let desk = Desk::of("opened", &fs::read_to_string(&case.dump).expect("a dump"));
    let path = format!("{}:/usr/bin:/bin", desk.0.display());
    let mut command = Command::new(desk.0.join("kubectl-ordinal"));
    command.args(["diagnose", "-n", &case.namespace, "--open", "--page"]).arg(page("opened-plugin")).env("PATH", path);
    let opened = Opened::of(command.current_dir(&desk.0));
    for file in ["/cluster.txt", "/cluster.run"] {
        assert!(opened.file(file).contains(&case.set), "{file}");
    }
    assert!(!desk.asked().is_empty());
}
