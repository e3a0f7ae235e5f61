//! The manifests of Kubernetes' tutorials on stateful applications, and of the texts that this project started from, are
//! accepted without complaint and come up.
//!
//! `manifests/` has the contents of the tutorials' own files, with their long scripts shortened; those that the terminal knows by their
//! addresses are in the console's library.

use std::fs;
use std::path::Path;

use ordinal::api::kind::Kind;
use ordinal::api::object::Object;
use ordinal::api::object::storage::ClaimPhase;
use ordinal::api::release::{Release, V1_36, V1_37};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::causes::command;
use ordinal::playground::{self, Playground};
use ordinal::sim::Sim;
use ordinal::text::Lang;
use rig::file::{Scenario, Step};
use rig::law::declared;
use rig::run::{Played, play};
use rig::stage;

/// Long enough for three pods, one after the other, with slow probes.
const COMES_UP: Span = Span::seconds(300);

/// The cluster that tutorials assume: one with a default class.
const CLUSTER: &str = "name: tutorial\ntitle: A tutorial\nfiles: {}\nsteps: []\n";

/// The texts that this project started from, by the recordings with their files.
const SEEDS: [(&str, &[&str]); 4] = [
    ("spine/seed-000", &["sts.yaml", "svc.yaml"]),
    ("storage/seed-001", &["pv.yaml", "kubia.yaml"]),
    ("storage/seed-002", &["web.yaml", "sc.yaml"]),
    ("deployments/seed-003-scale", &["web-sts.yaml", "web-dep.yaml"]),
];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn kubectl(line: String) -> Step {
    Step::Kubectl { line, background: None }
}

/// The result of applying files one after the other, waiting, and applying them again.
fn apply(mut scenario: Scenario, files: &[&str], release: &'static Release) -> (Sim, Played) {
    let all = |scenario: &mut Scenario| scenario.steps.extend(files.iter().map(|file| kubectl(format!("apply -f {file}"))));
    scenario.steps.clear();
    all(&mut scenario);
    scenario.steps.push(Step::Sleep(COMES_UP));
    all(&mut scenario);
    let mut sim = Sim::new(&stage::setup(&scenario, release).unwrap());
    // The tutorial on Cassandra is for minikube.
    sim.run_provisioner("k8s.io/minikube-hostpath");
    let played = play(&scenario, &mut sim);
    (sim, played)
}

/// Checks that everything is ready, bound and available, and that nothing was complained about.
fn check(name: &str, scenario: Scenario, files: &[&str], pods: usize, release: &'static Release) {
    let (sim, played) = apply(scenario, files, release);
    assert_eq!((&played.problems, &played.cut, &played.broken), (&Vec::new(), &None, &None), "{name}");
    let answers: Value = serde_json::from_str(&played.kubectl).unwrap();
    let answers = answers.list_at(&["commands"]);
    assert_eq!(answers.len(), 2 * files.len());
    for (i, answer) in answers.iter().enumerate() {
        assert_eq!((answer.get("rc"), answer.text_at(&["stderr"])), (Some(&Value::Int(0)), Some("")), "{name}: {answer:?}");
        // A set with claim templates is always reported as configured: they are one value, parts of which the server defaults.
        let words: &[&str] = if i < files.len() { &[" created"] } else { &[" unchanged", " configured"] };
        let said = |line: &str| words.iter().any(|word| line.ends_with(word));
        assert!(answer.text_at(&["stdout"]).unwrap().lines().all(said), "{name}: {answer:?}");
    }
    let tables = sim.tables();
    assert_eq!(declared::judge_sets(&sim), Ok(()), "{name}");
    assert!(tables.stateful_sets().all(|s| s.meta.generation == 1), "{name}: applied again, it changed");
    let unready: Vec<&str> = tables.pods().filter(|p| !p.ready()).map(|p| &*p.meta.name).collect();
    assert_eq!((tables.pods().count(), unready), (pods, Vec::new()), "{name}");
    assert!(tables.claims().all(|c| c.status.phase == ClaimPhase::Bound), "{name}");
    let whole = |d: &Value| d.at(&["status", "availableReplicas"]) == d.at(&["spec", "replicas"]);
    assert!(tables.all(Kind::Deployment).map(Object::encode).all(|d| whole(&d)), "{name}");
    let guarded = |b: &Value| b.at(&["status", "disruptionsAllowed"]) == Some(&Value::Int(1));
    assert!(tables.all(Kind::PodDisruptionBudget).map(Object::encode).all(|b| guarded(&b)), "{name}");
}

#[test]
fn the_tutorials_come_up() {
    for (path, pods) in [
        ("../src/terminal/console/library/web.yaml", 2),
        ("../src/terminal/console/library/zookeeper.yaml", 3),
        ("../src/terminal/console/library/cassandra.yaml", 3),
        ("../src/terminal/console/library/mysql.yaml", 3),
        ("tutorials/manifests/wordpress.yaml", 2),
    ] {
        let mut scenario = Scenario::parse(CLUSTER).unwrap();
        scenario.files.insert("set.yaml".to_owned(), read(path));
        for release in [&V1_37, &V1_36] {
            check(path, scenario.clone(), &["set.yaml"], pods, release);
        }
    }
}

#[test]
fn scripts_of_init_containers_tell_the_members_apart() {
    let mut playground = Playground::new(&playground::setup(), &read("../src/terminal/console/library/mysql.yaml"));
    playground.type_line(&command::apply(), Lang::English);
    playground.run(Time(COMES_UP.0), || true);
    let mut said = |member: usize| {
        let line = format!("kubectl exec mysql-{member} -c mysql -- sh -c 'ls /etc/mysql/conf.d; cat /etc/mysql/conf.d/server-id.cnf'");
        let before = playground.terminal().lines().len() + 1;
        playground.type_line(&line, Lang::English);
        playground.terminal().lines()[before..].iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("|")
    };
    assert_eq!(said(0), "primary.cnf|server-id.cnf|[mysqld]|server-id=100");
    assert_eq!(said(1), "replica.cnf|server-id.cnf|[mysqld]|server-id=101");
}

#[test]
fn the_seeds_come_up() {
    let pods = [2, 2, 3, 4];
    for ((folder, files), pods) in SEEDS.into_iter().zip(pods) {
        let scenario = Scenario::parse(&read(&format!("conformance/recordings/{folder}/scenario.yaml"))).unwrap();
        check(folder, scenario, files, pods, &V1_37);
    }
}

#[test]
fn files_of_the_documentation_have_the_kinds_that_their_names_promise() {
    let files = ordinal::console::library::files();
    for (path, kinds) in [
        ("mysql/mysql-configmap.yaml", vec!["ConfigMap"]),
        ("mysql/mysql-services.yaml", vec!["Service", "Service"]),
        ("mysql/mysql-statefulset.yaml", vec!["StatefulSet"]),
        ("cassandra/cassandra-service.yaml", vec!["Service"]),
        ("cassandra/cassandra-statefulset.yaml", vec!["StatefulSet", "StorageClass"]),
    ] {
        let text = files.get(&format!("https://k8s.io/examples/application/{path}")).expect("a file of the tutorials");
        let found: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
        assert_eq!(found, kinds, "{path}");
    }
}
