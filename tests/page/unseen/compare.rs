//! One program as a set and as a Deployment, and two programs that have nothing to do with each other.

use crate::page::Visit;
use ordinal::api::object::NamespacedName;
use ordinal::view::{both, compare};

const SAME: &str = include_str!("../manifests/unseen/compare-1.yaml");
const STRANGERS: &str = include_str!("../manifests/unseen/compare-2.yaml");

/// The pod of the set that things happen to.
const NAMED: &str = "kv-named-0";

/// The cells of a row of the comparison.
#[track_caller]
fn row(visit: &Visit, name: &str) -> [String; 2] {
    let table = visit.beside_deployment().expect("the two stand beside each other");
    let found = table.rows.iter().find(|[row, ..]| row == name).unwrap_or_else(|| panic!("{name} is not in {:#?}", table.rows));
    [found[1].clone(), found[2].clone()]
}

/// The pods with a label, by name.
fn pods_of(visit: &Visit, app: &str) -> Vec<String> {
    let named = |pod: &str| pod.strip_prefix(app).is_some_and(|rest| rest.starts_with('-'));
    let pods = visit.run.present().tables().pods().map(|pod| pod.meta.name.to_string());
    let mut pods: Vec<String> = pods.filter(|pod| named(pod)).collect();
    pods.sort();
    pods
}

/// A field of a pod.
fn field(visit: &mut Visit, pod: &str, path: &str) -> String {
    visit.shows(&format!("kubectl get pod {pod} -o jsonpath='{{{path}}}'"))
}

/// What a pod has in its cart: nothing, or a lamp.
fn cart(visit: &mut Visit, pod: &str) -> String {
    let answer = visit.shows(&format!("kubectl exec {pod} -- redis-cli get cart"));
    let answer = answer.trim().trim_matches('"');
    if answer == "(nil)" { String::new() } else { answer.to_owned() }
}

/// Both workloads, with a lamp in the cart of one pod of each, and the name of that of the Deployment.
fn carts() -> (Visit, String) {
    let mut visit = Visit::with(SAME);
    visit.run_until_quiet();
    let plain = pods_of(&visit, "kv-plain").remove(0);
    for pod in [NAMED, &*plain] {
        assert_eq!(visit.shows(&format!("kubectl exec {pod} -- redis-cli set cart lamp")), "OK");
    }
    (visit, plain)
}

#[test]
fn the_same_program_in_both_kinds_is_compared_by_itself() {
    let mut visit = Visit::with(SAME);
    visit.run_until_quiet();
    assert_eq!((pods_of(&visit, "kv-named"), pods_of(&visit, "kv-plain").len()), (vec![NAMED.to_owned(), "kv-named-1".to_owned()], 2));
    assert!(visit.tiles().iter().all(|(_, tile)| tile.word == "Ready"), "{:?}", visit.pods());
    let table = visit.beside_deployment().expect("they are one program");
    assert_eq!(table.heads, ["statefulset/kv-named", "deployment/kv-plain"]);
    let [own, other] = row(&visit, "Name in DNS");
    assert!(own.starts_with("kv-named-0.kv-named") && !other.contains("kv-plain-"), "{own} {other}");
    assert_eq!(row(&visit, "Coming up"), ["one at a time", "2 at once"]);
    let [own, other] = row(&visit, "Volume");
    assert!(own.contains("pvc-") && other.contains("emptyDir"), "{own} {other}");
    // What only a set has is told of the Deployment as nothing.
    let only = table.rows.iter().filter(|[name, ..]| ["artition", "rdinal"].iter().any(|word| name.contains(word)));
    for [name, _, other] in only {
        assert!(!other.contains(|c: char| c.is_ascii_digit()), "{name}: {other}");
    }
}

#[test]
fn a_deleted_pod_keeps_its_lamp_in_the_set_and_loses_it_in_the_deployment() {
    let (mut visit, plain) = carts();
    let address = field(&mut visit, NAMED, ".status.podIP");
    visit.say(&format!("kubectl delete pod {NAMED}"));
    assert_ne!(field(&mut visit, NAMED, ".status.podIP"), address);
    assert_eq!(cart(&mut visit, NAMED), "lamp");
    visit.type_line(&format!("kubectl delete pod {plain} --wait=false"));
    // The new one is created beside the one that ends.
    visit.step_until(|visit| pods_of(visit, "kv-plain").len() == 3);
    visit.run_until_quiet();
    let left = pods_of(&visit, "kv-plain");
    assert!(left.len() == 2 && !left.contains(&plain), "{left:?} has {plain}");
    for pod in &left {
        assert_eq!(cart(&mut visit, pod), "", "{pod}");
    }
    let [own, other] = row(&visit, "Names");
    assert!(own.contains(NAMED) && own.contains("same") && other.contains("new"), "{own} {other}");
    let [own, other] = row(&visit, "Data after replacement");
    assert!(own.starts_with("kept") && other.starts_with("lost"), "{own} {other}");
    let [own, other] = row(&visit, "Time without a pod");
    assert!(own != other && own.contains(':') && other.contains(':'), "{own} {other}");
}

#[test]
fn a_pod_of_the_set_is_never_there_twice() {
    let (mut visit, _) = carts();
    let uid = field(&mut visit, NAMED, ".metadata.uid");
    visit.type_line(&format!("kubectl delete pod {NAMED} --wait=false"));
    let there = |visit: &Visit| pods_of(visit, "kv-named").iter().any(|pod| pod == NAMED);
    visit.step_until(|visit| !there(visit));
    visit.step_until(there);
    assert_ne!(field(&mut visit, NAMED, ".metadata.uid"), uid);
    assert_eq!(pods_of(&visit, "kv-named").len(), 2);
}

#[test]
fn a_crash_costs_neither_of_them_its_lamp() {
    let (mut visit, plain) = carts();
    for pod in [NAMED, &*plain] {
        let same = |visit: &mut Visit| [".metadata.uid", ".status.podIP"].map(|path| field(visit, pod, path));
        let before = same(&mut visit);
        visit.say(&format!("kubectl exec {pod} -- redis-cli shutdown"));
        assert_eq!(same(&mut visit), before);
        assert_eq!(field(&mut visit, pod, ".status.containerStatuses[0].restartCount"), "1");
        assert_eq!(cart(&mut visit, pod), "lamp", "{pod}");
    }
}

#[test]
fn a_drain_of_a_pod_with_an_empty_dir_asks_for_a_flag_and_costs_its_lamp() {
    let (mut visit, plain) = carts();
    let node = field(&mut visit, &plain, ".spec.nodeName");
    visit.say(&format!("kubectl drain {node} --ignore-daemonsets"));
    let answer = visit.answer();
    assert!(answer.contains("cannot delete Pods with local storage (use --delete-emptydir-data to override)"), "{answer}");
    assert!(pods_of(&visit, "kv-plain").contains(&plain));
    visit.say(&format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data"));
    visit.say(&format!("kubectl uncordon {node}"));
    let left = pods_of(&visit, "kv-plain");
    assert!(left.len() == 2 && !left.contains(&plain), "{left:?} has {plain}");
    for pod in &left {
        assert_eq!(cart(&mut visit, pod), "", "{pod}");
    }
}

#[test]
fn a_drain_of_a_pod_of_the_set_keeps_its_lamp() {
    let (mut visit, _) = carts();
    let node = field(&mut visit, NAMED, ".spec.nodeName");
    visit.say(&format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data"));
    visit.say(&format!("kubectl uncordon {node}"));
    assert_eq!(cart(&mut visit, NAMED), "lamp");
}

#[test]
fn a_silent_node_keeps_the_pod_of_the_set_and_not_that_of_the_deployment() {
    let (mut visit, plain) = carts();
    let mut other = Visit::of(visit.run.clone());
    let (uid, node) = (field(&mut visit, NAMED, ".metadata.uid"), visit.node_of(NAMED));
    visit.switch(&node);
    visit.pass(600);
    assert_eq!(pods_of(&visit, "kv-named").len(), 2, "none is put in its place");
    assert_eq!(field(&mut visit, NAMED, ".metadata.uid"), uid);
    let listed = visit.shows(&format!("kubectl get pod {NAMED} --no-headers"));
    assert!(listed.contains("Terminating"), "{listed}");
    let node = other.node_of(&plain);
    other.switch(&node);
    let before = pods_of(&other, "kv-plain");
    other.pass(200);
    assert_eq!(pods_of(&other, "kv-plain"), before, "it is too early");
    other.pass(400);
    let new: Vec<String> = pods_of(&other, "kv-plain").into_iter().filter(|pod| !before.contains(pod)).collect();
    assert!(!new.is_empty(), "{before:?}");
    for pod in &new {
        assert_ne!(other.node_of(pod), node);
        assert_eq!(cart(&mut other, pod), "", "{pod}");
    }
    let [_, told] = row(&other, "A lost pod");
    assert!(told.contains("replaced") && !told.contains("not replaced"), "{told}");
}

#[test]
fn delete_and_crash_are_done_to_one_of_each_by_one_button() {
    let (visit, _) = carts();
    let entries = both::entries(&visit.shot(), &visit.cluster());
    assert!(entries.len() >= 2, "{entries:?}");
    for entry in &entries {
        let (named, plain) = (entry.line.contains("kv-named-"), entry.line.contains("kv-plain-"));
        assert!(named && plain || entry.line.contains("node-"), "{entry:?}");
    }
}

/// The two programs that have nothing to do with each other, come up.
fn strangers() -> Visit {
    let mut visit = Visit::with(STRANGERS);
    visit.run_until_quiet();
    visit
}

/// The pods of the Deployment `wiki`.
fn wikis(visit: &Visit) -> Vec<String> {
    pods_of(visit, "wiki").into_iter().filter(|pod| !pod.starts_with("wiki-db-")).collect()
}

#[test]
fn two_programs_that_are_compared_are_told_to_differ() {
    let mut visit = strangers();
    assert!(visit.shows("kubectl get deploy wiki --no-headers").contains("3/3"), "{}", visit.answer());
    assert!(visit.shows("kubectl get sts wiki-db --no-headers").contains("1/1"), "{}", visit.answer());
    let [set, wiki] = ["wiki-db", "wiki"].map(|name| NamespacedName::of("default", name));
    let both = compare::side_by_side(visit.run.present().lives(), &visit.shot(), &set, &wiki).expect("both have pods");
    assert!(both.note.contains("differ"), "{}", both.note);
}

#[test]
fn the_pods_of_the_wiki_do_not_wait_for_its_database() {
    let mut visit = Visit::with(STRANGERS);
    let ready = |visit: &Visit, names: &[String]| {
        let tables = visit.run.present().tables();
        names.iter().filter(|name| tables.pods().any(|pod| *pod.meta.name == ***name && pod.ready())).count()
    };
    visit.step_until(|visit| ready(visit, &wikis(visit)) == 3);
    assert_eq!(ready(&visit, &["wiki-db-0".to_owned()]), 0, "its database is not initialized yet");
    visit.run_until_quiet();
    assert_eq!(ready(&visit, &["wiki-db-0".to_owned()]), 1);
}

#[test]
fn only_the_database_has_something_to_lose_and_keeps_it() {
    let mut visit = strangers();
    assert_eq!(visit.storage().claims, 1);
    assert!(visit.tiles().iter().all(|(_, tile)| tile.own.is_empty()), "none has an emptyDir");
    visit.say("kubectl exec wiki-db-0 -- sh -c 'echo kept > /var/lib/mysql/kept'");
    visit.say("kubectl delete pod wiki-db-0");
    assert_eq!(visit.shows("kubectl exec wiki-db-0 -- cat /var/lib/mysql/kept"), "kept");
    let gone = wikis(&visit).remove(0);
    visit.say(&format!("kubectl delete pod {gone}"));
    assert!(wikis(&visit).len() == 3 && !wikis(&visit).contains(&gone));
    assert!(!visit.flags().iter().any(|flag| flag.contains("lost")), "{:?}", visit.flags());
    assert!(visit.tiles().iter().all(|(_, tile)| tile.loss.is_empty()), "{:?}", visit.tiles());
}

#[test]
fn a_port_of_every_node_reaches_the_wiki() {
    let mut visit = strangers();
    let pod = wikis(&visit).remove(0);
    for node in ["node-1", "node-2", "node-3"] {
        let address = visit.shows(&format!("kubectl get node {node} -o jsonpath='{{.status.addresses[0].address}}'"));
        let answer = visit.shows(&format!("kubectl exec {pod} -- curl -s http://{address}:30080"));
        assert!(answer.contains("nginx"), "{node}: {answer}");
    }
}
