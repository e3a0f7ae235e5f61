//! `ordinal check`, and the action of GitHub that calls it, in repositories that the tests make.
//!
//! Stand-ins take the place of helm, of kustomize, and of the cargo that would compile the program for minutes.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use ordinal::base::value::Value;
use ordinal::yaml;

use crate::cli::{hold_to_schema, reports};

/// Puts the program where cargo would put what it compiles.
const CARGO: &str = r#"#!/bin/sh
echo "$*" > "${0%/*}/asked"
while [ $# -gt 0 ]; do
    if [ "$1" = --root ]; then root=$2; fi
    shift
done
mkdir -p "$root/bin" && ln -sf "$PROGRAM" "$root/bin/ordinal"
"#;
/// Prints the templates with the value of `replicas`, as Helm prints documents.
const HELM: &str = r##"#!/bin/sh
for template in "$3"/templates/*; do
    echo ---
    echo "# Source: $2/templates/${template##*/}"
    sed "s/{{ .Values.replicas }}/$(sed -n 's/^replicas: //p' "$3/values.yaml")/" "$template"
done
"##;
/// Prints what stands in the base, with the names of an overlay.
const KUSTOMIZE: &str = r#"#!/bin/sh
prefix=$(sed -n 's/^namePrefix: //p' "$2/kustomization.yaml")
sed "s/name: web$/name: ${prefix}web/" "$2/../base/web.yaml"
"#;
const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 80}]
";
const BUDGET: &str = "\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 3
  selector: {matchLabels: {app: web}}
";
const SET: &str = "\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: web
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: nginx:1.27
        ports: [{containerPort: 80}]
";

/// A folder that goes at the end, with programs in `bin` and a repository in `work`.
struct Desk(PathBuf);

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Desk {
    /// One with these programs, and git. Each test names its own.
    fn with(test: &str, programs: &[(&str, &str)]) -> Desk {
        let desk = Desk(env::temp_dir().join(format!("ordinal-check-test-{}-{test}", std::process::id())));
        let _ = fs::remove_dir_all(&desk.0);
        fs::create_dir_all(desk.0.join("work")).expect("a folder");
        for (name, text) in programs {
            let file = format!("../bin/{name}");
            desk.write(&file, text);
            fs::set_permissions(desk.work().join(file), fs::Permissions::from_mode(0o755)).expect("a program");
        }
        desk.git(&["init", "-q", "-b", "main"]);
        desk
    }

    fn work(&self) -> PathBuf {
        self.0.join("work")
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.work().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// A program with the stand-ins first, and nothing of the person who runs the tests.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = env::var("PATH").unwrap_or_default();
        command.current_dir(self.work()).env("PATH", format!("{}:{path}", self.0.join("bin").display())).env("HOME", &self.0);
        let own = [("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("PROGRAM", env!("CARGO_BIN_EXE_ordinal"))];
        let who =
            ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"].map(|name| (name, "tests@example.com"));
        command.envs(own).envs(who);
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        command
    }

    fn git(&self, args: &[&str]) -> String {
        let output = self.command("git").args(args).output().expect("git runs");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Commits all that is there; the commit.
    fn commit(&self, why: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", why]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn check(&self, args: &[&str]) -> (String, String, Option<i32>) {
        told(&self.command(env!("CARGO_BIN_EXE_ordinal")).args(["check", "--depth", "1"]).args(args).output().expect("ordinal runs"))
    }

    /// Plays the steps of the action that run something, with inputs, until one fails.
    fn act(&self, inputs: &[(&str, &str)]) -> (String, String, Option<i32>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/actions/check");
        let text = fs::read_to_string(folder.join("action.yml")).expect("the action");
        let documents = yaml::parse(&text);
        let action = documents[0].value.as_ref().expect("YAML");
        let temp = self.0.join("temp");
        fs::create_dir_all(&temp).expect("a folder");
        let mut known = vec![("runner.temp", temp.display().to_string()), ("github.action_path", folder.display().to_string())];
        for (name, value) in inputs {
            assert!(action.at(&["inputs", name]).is_some(), "{name} is an input");
            known.push((name, (*value).to_owned()));
        }
        let valued = |text: &str| {
            let given = |name: &str| known.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
            let default = |name: &str| action.text_at(&["inputs", name, "default"]).map(str::to_owned);
            replaced(text, |name| match name.strip_prefix("inputs.") {
                Some(input) => given(input).or_else(|| default(input)),
                None => given(name),
            })
        };
        let mut done = (String::new(), String::new(), None);
        for step in action.list_at(&["runs", "steps"]).iter().filter(|step| step.at(&["run"]).is_some()) {
            let mut command = self.command("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", step.text_at(&["run"]).expect("a script")]);
            command.env("GITHUB_STEP_SUMMARY", temp.join("summary.md"));
            for (name, value) in ordinal::base::value::members(step.at(&["env"]).and_then(Value::as_map)) {
                command.env(name.to_string(), valued(value.as_text().expect("a text")));
            }
            done = told(&command.output().expect("bash runs"));
            if done.2 != Some(0) {
                break;
            }
        }
        done
    }

    fn temp(&self, file: &str) -> String {
        fs::read_to_string(self.0.join("temp").join(file)).expect("a file of the action")
    }
}

fn told(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

/// A text with the values of its expressions.
fn replaced(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = text.split("${{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        let (name, rest) = part.split_once("}}").expect("an expression ends");
        all + &value(name.trim()).unwrap_or_else(|| panic!("{name} has a value")) + rest
    })
}

/// A repository with a set and its Service, and a clone of the newest commit alone, as a workflow has.
fn shallow(test: &str, change: &[(&str, &str)]) -> (Desk, String) {
    let desk = Desk::with(test, &[("cargo", CARGO)]);
    desk.write("deploy/service.yaml", SERVICE);
    desk.write("deploy/web.yaml", SET);
    desk.write("deploy/budget.yaml", BUDGET);
    desk.write(".github/workflows/ci.yaml", "on: push\n");
    let base = desk.commit("deploy: add web");
    change.iter().for_each(|(from, to)| desk.write("deploy/web.yaml", &SET.replace(from, to)));
    desk.commit("deploy: change web");
    fs::rename(desk.work(), desk.0.join("origin")).expect("a folder moves");
    fs::create_dir(desk.work()).expect("a folder");
    desk.git(&["clone", "-q", "--depth", "1", &format!("file://{}", desk.0.join("origin").display()), "."]);
    (desk, base)
}

mod the_action {
    use super::*;

    #[test]
    fn fails_for_a_risk_until_a_line_accepts_it() {
        let (desk, base) = shallow("accepted", &[("nginx:1.27", "nginx:1.28")]);
        let inputs = [("base", &*base), ("fail-on", "stuck"), ("depth", "1")];
        let (printed, errors, code) = desk.act(&inputs);
        assert_eq!(code, Some(1), "{printed}{errors}");
        let risk = "::error file=deploy/budget.yaml,line=5,title=drain-endless%3A sts/web::";
        assert!(printed.contains(risk), "{printed}");
        assert!(
            printed.contains("::notice file=deploy/web.yaml,line=4,") && printed.contains("Replaced, in this order: web-2, web-1, web-0.")
        );
        assert!(desk.temp("summary.md").contains("A drain of node-1 never ends"));
        let asked = fs::read_to_string(desk.0.join("bin/asked")).expect("cargo was called");
        assert!(asked.contains("install --locked") && asked.trim_end().ends_with("--bin ordinal"), "{asked}");
        let source = asked.split_whitespace().skip_while(|word| *word != "--path").nth(1).expect("a path");
        assert!(Path::new(source).join("Cargo.toml").exists(), "{source}");

        let accepted =
            "drain-endless sts/web every pod is moved by hand before\nrollback-trap sts/web who takes a rollout back deletes the pod\n";
        desk.write(".ordinal-accepted", accepted);
        for image in ["nginx:1.28", "nginx:1.29"] {
            desk.write("deploy/web.yaml", &SET.replace("nginx:1.27", image));
            desk.commit("deploy: accept what was found");
            let (printed, errors, code) = desk.act(&inputs);
            assert_eq!(code, Some(0), "{image}: {printed}{errors}");
            assert!(!printed.contains("drain-endless") && printed.contains("sts/web"), "{printed}");
        }
        assert!(desk.temp("ordinal.sarif").contains("\"justification\": \"every pod is moved by hand before\""));
    }

    #[test]
    fn names_the_line_that_the_api_server_refuses() {
        let (desk, base) = shallow("refused", &[("serviceName: web", "serviceName: other")]);
        let (printed, errors, code) = desk.act(&[("base", &base), ("depth", "1")]);
        assert_eq!(code, Some(1), "{printed}{errors}");
        assert!(printed.contains("::error file=deploy/web.yaml,line=6,title=plan-refused"), "{printed}");
    }

    #[test]
    fn says_nothing_of_a_change_elsewhere() {
        let (desk, base) = shallow("elsewhere", &[]);
        desk.write("README.md", "A set.\n");
        desk.commit("readme: describe web");
        assert_eq!(desk.act(&[("base", &base), ("fail-on", "stuck")]), (String::new(), String::new(), Some(0)));
    }
}

/// The set with a claim for each pod, and what becomes of these when the set is deleted.
fn with_claims(policy: &str) -> String {
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let mounted = SET.replace("containerPort: 80}]\n", "containerPort: 80}]\n        volumeMounts: [{name: data, mountPath: /data}]\n");
    mounted + claims + policy
}

#[test]
fn a_finding_says_what_it_assumes() {
    let desk = Desk::with("assumes", &[]);
    desk.write("deploy/service.yaml", SERVICE);
    desk.write("deploy/web.yaml", &with_claims(""));
    desk.commit("deploy: add web");
    let mut command = desk.command(env!("CARGO_BIN_EXE_ordinal"));
    let (printed, errors, _) = told(&command.args(["risks", "deploy", "--depth", "1", "-o", "github"]).output().expect("ordinal runs"));
    let pinned = printed.lines().find(|line| line.contains("title=volume-pinned%3A")).unwrap_or_else(|| panic!("{printed}{errors}"));
    assert!(pinned.contains("Assumed: disks of nodes."), "{pinned}");
    // What hangs on what is assumed fails nobody.
    let (checked, ..) = desk.check(&["-o", "github"]);
    let pinned = checked.lines().find(|line| line.contains("title=volume-pinned%3A"));
    assert!(pinned.is_none_or(|line| line.starts_with("::warning ")), "{checked}");
}

mod a_set_that_is_gone {
    use super::*;

    fn with(test: &str, set: &str) -> Desk {
        let desk = Desk::with(test, &[]);
        desk.write("deploy/service.yaml", SERVICE);
        desk.write("deploy/web.yaml", set);
        desk.write("other/db.yaml", &SET.replace("name: web", "name: db"));
        desk.commit("deploy: add web");
        fs::remove_file(desk.work().join("deploy/web.yaml")).expect("a file goes");
        desk
    }

    #[test]
    fn warns_that_apply_leaves_it_and_that_its_pods_stop_where_somebody_prunes() {
        let desk = with("gone", &with_claims(""));
        let (printed, errors, code) = desk.check(&["--base", "main"]);
        assert!(errors.is_empty() && code == Some(0), "{printed}{errors}");
        assert!(
            printed.starts_with("deploy/web.yaml:4: warning: sts/web is gone from the repository: `kubectl apply` leaves it, "),
            "{printed}"
        );
        assert!(printed.contains(" [plan-gone]\n") && printed.contains("Deleted with their owner: web-"), "{printed}");
        assert!(printed.contains("Kept: 3 claims and 3 volumes.") && printed.contains(" Findings: 1, "), "{printed}");
        let (printed, _, code) = desk.check(&["--base", "main", "-o", "github", "deploy/web.yaml"]);
        assert!(printed.contains("::warning file=deploy/web.yaml,line=4,title=plan-gone%3A sts/web::") && code == Some(0), "{printed}");
        desk.write(".ordinal-accepted", "plan-gone sts/web it moved to another cluster\n");
        assert!(desk.check(&["--base", "main"]).0.contains("Accepted: plan-gone of sts/web: it moved to another cluster"));
    }

    #[test]
    fn fails_where_its_data_goes_with_it() {
        let desk = with("gone-data", &with_claims("  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Retain}\n"));
        let (printed, errors, code) = desk.check(&["--base", "main"]);
        assert!(errors.is_empty() && code == Some(1), "{printed}{errors}");
        assert!(printed.contains("error: sts/web is gone") && printed.contains("deletes its data by `whenDeleted: Delete`."), "{printed}");
    }

    #[test]
    fn is_none_that_only_moved() {
        let desk = with("moved", SET);
        desk.write("apps/web.yaml", &format!("{SERVICE}---\n{SET}"));
        let (printed, ..) = desk.check(&["--base", "main"]);
        assert!(!printed.contains("is gone") && printed.contains("apps/web.yaml:"), "{printed}");
    }
}

#[test]
fn json_is_what_its_schema_says_and_has_the_remarks_of_text() {
    let desk = Desk::with("json", &[]);
    desk.write("deploy/service.yaml", SERVICE);
    desk.write("deploy/web.yaml", SET);
    desk.commit("deploy: add web");
    desk.write("deploy/web.yaml", &SET.replace("nginx:1.27", "nginx:1.28"));
    let (printed, errors, _) = desk.check(&["--base", "main", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_str(&printed).unwrap_or_else(|why| panic!("{why}: {printed}{errors}"));
    hold_to_schema("check", &report);
    let (text, ..) = desk.check(&["--base", "main"]);
    let remarks = report["remarks"].as_array().expect("remarks");
    assert!(remarks.len() > 1 && remarks.iter().all(|one| text.contains(one["title"].as_str().expect("a title"))), "{text}");
}

#[test]
fn a_folder_without_git_is_checked_as_it_is() {
    let desk = Desk::with("no-git", &[]);
    fs::remove_dir_all(desk.work().join(".git")).expect("a repository");
    desk.write("deploy/web.yaml", &format!("{SERVICE}---\n{SET}"));
    let (printed, errors, _) = desk.check(&[]);
    assert!(printed.contains("deploy/web.yaml:") && printed.contains("Manifests with a StatefulSet: 1."), "{printed}{errors}");
    let (_, errors, code) = desk.check(&["--base", "main"]);
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("main: no branch and no commit of this name is here"), "{errors}");
}

#[test]
fn a_base_that_is_not_here_is_named_with_what_fetches_it() {
    let desk = Desk::with("no-base", &[]);
    desk.write("deploy/web.yaml", SET);
    desk.commit("deploy: add web");
    let (printed, errors, code) = desk.check(&["--base", "nosuch"]);
    assert_eq!((&*printed, code), ("", Some(2)));
    assert!(errors.contains("nosuch: no branch and no commit of this name is here;") && errors.contains("`fetch-depth: 0`"), "{errors}");
    assert!(!errors.contains("fatal"), "{errors}");
}

/// Twelve recorded changes, in a folder each.
const CHANGES: usize = 12;

#[test]
fn the_change_of_a_branch_is_told_as_plan_tells_it() {
    let desk = Desk::with("as-plan", &[]);
    let all: Vec<PathBuf> = reports::changes().into_iter().take(CHANGES).collect();
    let put = |file: &str| {
        for folder in &all {
            let text = fs::read_to_string(folder.join(file)).expect("a manifest");
            desk.write(&format!("{}/set.yaml", folder.file_name().expect("a name").to_string_lossy()), &text);
        }
    };
    put("before.yaml");
    desk.commit("deploy: add sets");
    put("after.yaml");
    let (printed, errors, _) = desk.check(&["--base", "main", "-o", "github"]);
    let all_told: String =
        ["%0A", "%3A", "%2C", "%25"].iter().zip(["\n", ":", ",", "%"]).fold(printed, |all, (from, to)| all.replace(from, to));
    for folder in &all {
        let [before, after] = ["before.yaml", "after.yaml"].map(|file| folder.join(file));
        let mut command = desk.command(env!("CARGO_BIN_EXE_ordinal"));
        let (text, ..) = told(&command.arg("plan").args([&before, &after]).output().expect("ordinal runs"));
        // A manifest is called by the folder of the repository, or by its file.
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let text = text.replace(&after.display().to_string(), &name);
        for fact in reports::facts(&text).iter().chain(&reports::ids(&text)) {
            assert!(all_told.contains(fact.as_str()), "{name}: check lacks `{fact}`:\n{all_told}{errors}");
        }
    }
}

mod manifests {
    use super::*;

    /// A repository with a chart and a kustomization.
    fn rendered(test: &str, programs: &[(&str, &str)]) -> Desk {
        let desk = Desk::with(test, programs);
        desk.write("charts/kv/Chart.yaml", "apiVersion: v2\nname: kv\nversion: 1.0.0\n");
        desk.write("charts/kv/values.yaml", "replicas: 2\n");
        desk.write("charts/kv/templates/set.yaml", &SET.replace("replicas: 3", "replicas: {{ .Values.replicas }}"));
        desk.write("charts/kv/templates/service.yaml", SERVICE);
        desk.write("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n");
        desk.write("base/kustomization.yaml", "resources: [web.yaml]\n");
        desk.write("base/web.yaml", &format!("{SERVICE}---\n{SET}"));
        desk.commit("deploy: add a chart and an overlay");
        desk
    }

    #[test]
    fn are_rendered_from_charts_and_kustomizations() {
        let desk = rendered("rendered", &[("helm", HELM), ("kustomize", KUSTOMIZE)]);
        let (printed, errors, code) = desk.check(&[]);
        assert!(errors.is_empty() && code == Some(0), "{printed}{errors}");
        assert!(printed.contains("charts/kv/templates/set.yaml:1: warning: web has no Ready pod "), "{printed}");
        assert!(printed.contains("prod/kustomization.yaml:1: warning: Names of pods do not resolve: "), "{printed}");
        assert!(printed.contains("\nManifests with a StatefulSet: 2. "), "{printed}");
        // A change of the values is one of the chart, a change of the base one of the overlay.
        desk.write("charts/kv/values.yaml", "replicas: 1\n");
        let (printed, ..) = desk.check(&["--base", "main", "-o", "github"]);
        assert!(
            printed.contains("file=charts/kv/templates/set.yaml,line=1,")
                && printed.contains("title=sts/web::sts/web (default): Finished after")
                && printed.contains("%0ARemoved, in this order: web-1.%0A"),
            "{printed}"
        );
        assert!(!printed.contains("prod-web"), "{printed}");
        desk.commit("charts: shrink kv");
        desk.write("base/web.yaml", &SET.replace("nginx:1.27", "nginx:1.28"));
        let (printed, ..) = desk.check(&["--base", "main", "-o", "github"]);
        assert!(printed.contains("prod-web-2, prod-web-1, prod-web-0") && !printed.contains("charts/kv"), "{printed}");
    }

    #[test]
    fn are_planned_as_the_tool_applies_them_that_the_repository_shows() {
        let desk = rendered("applier", &[("helm", HELM), ("kustomize", KUSTOMIZE)]);
        desk.write("plain/all.yaml", &format!("{SERVICE}---\n{SET}"));
        let app = |kind: &str, spec: &str| format!("apiVersion: {kind}\nmetadata: {{name: web}}\nspec: {spec}\n");
        desk.write(
            "apps/web.yaml",
            &app(
                "argoproj.io/v1alpha1\nkind: Application",
                "{source: {path: plain}, syncPolicy: {syncOptions: [Replace=true, Force=true]}}",
            ),
        );
        desk.write("apps/prod.yaml", &app("kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization", "{path: ./prod, prune: true}"));
        desk.commit("apps: say who applies");
        desk.write("charts/kv/values.yaml", "replicas: 1\n");
        desk.write("plain/all.yaml", &format!("{SERVICE}---\n{}", SET.replace("nginx:1.27", "nginx:1.28")));
        desk.write("base/web.yaml", &format!("{SERVICE}---\n{}", SET.replace("nginx:1.27", "nginx:1.28")));
        let (printed, errors, _) = desk.check(&["--base", "main", "-o", "github"]);
        let by = |tool: &str, file: &str| format!("The change is planned as {tool} applies it: {file} shows that.");
        for (tool, file, line) in [
            ("Helm 4", "charts/kv/Chart.yaml", "helm upgrade"),
            ("Argo CD", "apps/web.yaml", "argocd app sync web --sync-option=Replace=true --sync-option=Force=true: ended"),
            ("Flux", "apps/prod.yaml", "flux reconcile kustomization prod-web --prune=true"),
        ] {
            assert!(printed.contains(&by(tool, file)) && printed.replace("%3A", ":").contains(line), "{tool}: {printed}{errors}");
        }
        // What Argo CD deletes and makes anew, all pods leave at once.
        assert!(printed.contains("Deleted with their owner: web-0, web-1, web-2."), "{printed}");
    }

    #[test]
    fn of_a_folder_are_searched_by_risks_as_check_searches_them() {
        let desk = rendered("folder", &[("helm", HELM), ("kustomize", KUSTOMIZE)]);
        fs::remove_dir_all(desk.work().join(".git")).expect("no repository is needed");
        let risks = |args: &[&str]| {
            let mut command = desk.command(env!("CARGO_BIN_EXE_ordinal"));
            told(&command.args(["risks", "--depth", "1"]).args(args).output().expect("ordinal runs"))
        };
        let (printed, errors, code) = risks(&["."]);
        // A rollout of pods that start in order is a trap, whether that is written or the default.
        assert!(errors.is_empty() && code == Some(1) && printed.contains("[rollback-trap]"), "{printed}{errors}");
        assert!(printed.contains("charts/kv/Chart.yaml:\n") && printed.contains("prod/kustomization.yaml:\n"), "{printed}");
        assert!(printed.contains("prod-web"), "{printed}");
        let whole = desk.work().canonicalize().expect("a path");
        for path in ["charts/kv", "charts/kv/Chart.yaml", whole.join("charts").to_str().expect("text")] {
            let (printed, errors, _) = risks(&[path]);
            assert!(errors.is_empty() && printed.contains("\n1. ") && !printed.contains("prod-web"), "{printed}{errors}");
        }
        let (printed, ..) = risks(&[".", "-o", "github"]);
        assert!(
            printed.contains("file=charts/kv/templates/set.yaml,line=1,") && printed.contains("file=prod/kustomization.yaml,"),
            "{printed}"
        );
        let (_, errors, code) = risks(&[".", "--explain", "1"]);
        assert!(code == Some(2) && errors.contains("name one: charts/kv/Chart.yaml, prod/kustomization.yaml"), "{errors}");
        desk.write("empty/values.yaml", "replicas: 2\n");
        desk.write(
            "empty/app.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: db}\nspec: {source: {path: prod}}\n",
        );
        let (_, errors, code) = risks(&["empty"]);
        assert!(code == Some(2) && errors.contains("empty: no manifest with a StatefulSet is there"), "{errors}");
        let (_, errors, code) = risks(&["empty/app.yaml"]);
        assert!(code == Some(2) && errors.contains("no StatefulSet; the Application only names where manifests are"), "{errors}");
    }

    #[test]
    fn that_no_program_renders_are_named() {
        let desk = rendered("bare", &[]);
        let git = env::split_paths(&env::var_os("PATH").unwrap_or_default()).map(|folder| folder.join("git")).find(|git| git.exists());
        fs::create_dir_all(desk.0.join("alone")).expect("a folder");
        symlink(git.expect("git"), desk.0.join("alone/git")).expect("a link");
        let mut command = desk.command(env!("CARGO_BIN_EXE_ordinal"));
        let (printed, errors, code) = told(&command.arg("check").env("PATH", desk.0.join("alone")).output().expect("ordinal runs"));
        assert_eq!(code, Some(0), "{printed}{errors}");
        assert!(errors.contains("charts/kv/Chart.yaml: not checked: helm would render it"), "{errors}");
        assert!(errors.contains("prod/kustomization.yaml: not checked: kustomize or kubectl would render it"), "{errors}");
    }

    #[test]
    fn with_two_definitions_of_one_set_stand_for_themselves() {
        let desk = Desk::with("twice", &[]);
        desk.write("examples/one.yaml", &format!("{SERVICE}---\n{SET}"));
        desk.write("examples/two.yaml", &format!("{SERVICE}---\n{}", SET.replace("replicas: 3", "replicas: 2")));
        desk.write("broken/web.yaml", "kind: StatefulSet\nmetadata: {name: web\nspec: x: y\n");
        desk.commit("examples: add two");
        let (printed, errors, code) = desk.check(&[]);
        assert_eq!(code, Some(2), "{printed}{errors}");
        assert!(errors.contains("broken/web.yaml:3: "), "{errors}");
        assert!(printed.contains("examples/one.yaml:") && printed.contains("examples/two.yaml:"), "{printed}");
        let whole = desk.work().canonicalize().expect("a path").join("examples/two.yaml");
        for path in ["examples/two.yaml", whole.to_str().expect("text")] {
            let (printed, errors, code) = desk.check(&[path]);
            assert!(errors.is_empty() && code == Some(0), "{errors}");
            assert!(printed.contains("examples/two.yaml:") && !printed.contains("one.yaml"), "{printed}");
        }
        let (printed, errors, code) = desk.check(&["examples/three.yaml"]);
        assert_eq!((printed.as_str(), code), ("", Some(2)));
        assert!(errors.contains("examples/three.yaml: no file of the repository is there"), "{errors}");
    }
}
