//! Unseen manifests: several sets in one manifest, of which some are stuck and others wait for these.

use super::{come_up, has, has_none, select};
use crate::page::Visit;
use ordinal::api::kind::Kind;
use ordinal::playground::Rest;
use ordinal::view::fleet::Member;

const AUTH: &str = include_str!("../manifests/unseen/several-1.yaml");
const ANALYTICS: &str = include_str!("../manifests/unseen/several-2.yaml");

/// A set among the others, by its name.
fn member(visit: &Visit, set: &str) -> Member {
    let fleet = visit.cluster().fleet;
    fleet.into_iter().find(|member| *member.set.name == *set).unwrap_or_else(|| panic!("{set} is not in {:?}", visit.fleet()))
}

/// How many pods of each set are Ready, in the order in which the page has the sets.
fn readiness(visit: &Visit) -> Vec<String> {
    visit.cluster().fleet.iter().map(|member| format!("{} {}", member.set.name, member.ready)).collect()
}

/// The pod that a set is stuck at; empty where it is not stuck.
fn stuck_at(visit: &Visit, set: &str) -> String {
    let member = member(visit, set);
    if member.stuck { member.pod.map_or(String::new(), |pod| pod.pod) } else { String::new() }
}

#[test]
fn three_sets_are_counted_and_the_one_whose_database_has_no_password_is_stuck() {
    let visit = come_up(AUTH);
    assert_eq!(readiness(&visit), ["cache 2/2", "auth-db 0/1", "auth 0/2"]);
    let marks = ["cache", "auth-db", "auth"].map(|set| member(&visit, set).mark.1.word());
    assert_eq!(marks, ["ready", "danger", "wait"], "{:?}", visit.fleet());
    assert_eq!((stuck_at(&visit, "cache").as_str(), stuck_at(&visit, "auth-db").as_str()), ("", "auth-db-0"));
    let side = visit.cluster().side.expect("the Deployment");
    assert_eq!((side.title().as_str(), side.ready.as_str()), ("deployment/portal", "2 of 2 Ready"));
}

#[test]
fn the_run_stops_at_the_retries_of_the_database_and_of_who_waits_for_it() {
    let visit = come_up(AUTH);
    let Some(Rest::OnlyRetries(tried)) = visit.run.present().rest() else { panic!("something is under way") };
    let mut tried: Vec<String> = tried.iter().map(|(key, _)| key.name.to_string()).collect();
    tried.sort();
    assert_eq!(tried, ["auth-0", "auth-db-0"]);
    let news = visit.news();
    has(&news, &["auth-db-0", "auth-0", "retries"]);
    has_none(&news, &["cache-", "portal-"]);
}

#[test]
fn the_database_says_that_its_password_is_missing() {
    let mut visit = come_up(AUTH);
    let log = visit.shows("kubectl logs auth-db-0");
    has(
        &log,
        &[
            "Error: Database is uninitialized and superuser password is not specified.",
            "You must specify POSTGRES_PASSWORD to a non-empty value for the",
        ],
    );
    let code = "kubectl get pod auth-db-0 -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}'";
    assert_eq!(visit.shows(code).trim(), "1");
    has(&visit.shows("kubectl get pod auth-db-0"), &["0/1", "CrashLoopBackOff"]);
}

#[test]
fn the_root_is_the_database_with_the_variables_of_its_own_container() {
    let mut visit = come_up(AUTH);
    select(&mut visit, Kind::StatefulSet, "default", "auth-db");
    has(&visit.verdict(), &["auth-db-0"]);
    has(&visit.whole_why(), &["POSTGRES_PASSWORD"]);
    has_none(&visit.whole_why(), &["cache", "portal"]);
    let line = visit.why().line.expect("the manifest decides");
    assert!((76..=80).contains(&line), "{line} is not in the variables of auth-db: {:#?}", visit.why());
}

#[test]
fn who_waits_for_the_database_says_so_and_is_told_apart_from_the_root() {
    let mut visit = come_up(AUTH);
    let pods = visit.shows("kubectl get pods");
    let auth = pods.lines().find(|line| line.starts_with("auth-0 ")).expect("auth-0 exists");
    has(auth, &["0/1", "Init:0/1"]);
    has_none(&pods, &["auth-1 "]);
    has(&visit.shows("kubectl logs auth-0 -c wait-for-db"), &["database not ready"]);
    visit.ask_name("auth-db-0.auth-db");
    has(&visit.names()[0], &["NXDOMAIN"]);
    select(&mut visit, Kind::StatefulSet, "default", "auth");
    has(&visit.verdict(), &["auth-0"]);
    has(&visit.whole_why(), &["wait-for-db", "auth-1"]);
    has_none(&visit.whole_why(), &["cache", "portal"]);
    let line = visit.why().line.expect("the manifest decides");
    assert!((116..=122).contains(&line), "{line} is not in the init container: {:#?}", visit.why());
}

#[test]
fn the_set_that_is_well_tells_where_the_others_are_stuck() {
    let visit = come_up(AUTH);
    assert_eq!(visit.object().name, "cache");
    let facts = visit.evidence().join("\n");
    has(&facts, &["auth-db-0"]);
    assert_eq!(visit.verdict(), "cache is up to date; statefulset/auth and 1 more wait.");
}

#[test]
fn a_password_and_a_new_pod_bring_up_the_database_and_everyone_who_waits() {
    let mut visit = come_up(AUTH);
    visit.shows("kubectl set env sts/auth-db POSTGRES_PASSWORD=pw");
    visit.type_line("kubectl delete pod auth-db-0");
    visit.pass(60);
    visit.run_until_quiet();
    assert_eq!(readiness(&visit), ["cache 2/2", "auth-db 1/1", "auth 2/2"]);
    assert_eq!(["cache", "auth-db", "auth"].map(|set| stuck_at(&visit, set)), ["", "", ""]);
}

#[test]
fn three_sets_of_a_namespace_are_counted_and_the_one_without_a_class_is_stuck() {
    let visit = come_up(ANALYTICS);
    assert_eq!(readiness(&visit), ["bus 3/3", "clickhouse 0/2", "keeper 0/3"]);
    let marks = ["bus", "clickhouse", "keeper"].map(|set| member(&visit, set).mark.1.word());
    assert_eq!(marks[0], "ready", "{:?}", visit.fleet());
    assert!(marks[1..].iter().all(|mark| *mark != "ready"), "{:?}", visit.fleet());
    assert_eq!((stuck_at(&visit, "bus").as_str(), stuck_at(&visit, "keeper").as_str()), ("", "keeper-0"));
    let side = visit.cluster().side.expect("the Deployment");
    assert_eq!(side.ready, "1 of 1 Ready");
}

#[test]
fn the_run_stops_where_only_the_loops_that_ask_for_the_keeper_go_on() {
    let visit = come_up(ANALYTICS);
    let Some(Rest::OnlyRetries(tried)) = visit.run.present().rest() else { panic!("something is under way") };
    let tried: Vec<String> = tried.iter().map(|(key, _)| key.name.to_string()).collect();
    for pod in ["clickhouse-0", "clickhouse-1"] {
        assert!(tried.iter().any(|name| name == pod), "{pod} is not in {tried:?}");
    }
    has(&visit.news(), &["clickhouse-0", "clickhouse-1", "retries"]);
    has_none(&visit.news(), &["bus-", "dashboards-"]);
}

#[test]
fn the_class_that_does_not_exist_is_the_cause_and_its_line_is_pointed_at() {
    let mut visit = Visit::with(ANALYTICS);
    visit.pass(120);
    has(&visit.shows("kubectl describe pvc log-keeper-0 -n analytics"), &["storageclass.storage.k8s.io \"fast-nvme\" not found"]);
    has(&visit.shows("kubectl describe pod keeper-0 -n analytics"), &["pod has unbound immediate PersistentVolumeClaims"]);
    let claims = visit.shows("kubectl get pvc -n analytics --no-headers");
    let phase = |claim: &str| {
        let line = claims.lines().find(|line| line.starts_with(&format!("{claim} "))).unwrap_or_else(|| panic!("no {claim} in {claims}"));
        line.split_whitespace().nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(["log-keeper-0", "store-clickhouse-0", "store-clickhouse-1"].map(phase), ["Pending", "Bound", "Bound"]);
    select(&mut visit, Kind::StatefulSet, "analytics", "keeper");
    has(&visit.verdict(), &["keeper-0"]);
    has(&visit.whole_why(), &["fast-nvme"]);
    assert_eq!(visit.why().line, Some(94), "{:#?}", visit.why());
    has_none(&visit.verdict(), &["clickhouse", "bus"]);
    has_none(&visit.shows("kubectl get pods -n analytics"), &["keeper-1 ", "keeper-2 "]);
}

#[test]
fn both_pods_of_the_parallel_set_ask_for_the_keeper_in_vain() {
    let mut visit = Visit::with(ANALYTICS);
    visit.pass(120);
    let pods = visit.shows("kubectl get pods -n analytics");
    for pod in ["clickhouse-0", "clickhouse-1"] {
        let line = pods.lines().find(|line| line.starts_with(pod)).unwrap_or_else(|| panic!("no {pod} in {pods}"));
        has(line, &["0/1", "Init:0/1"]);
        let log = visit.shows(&format!("kubectl logs -n analytics {pod} -c wait-keeper"));
        has(&log, &["nc: bad address 'keeper-0.keeper'", "keeper-0 not reachable"]);
    }
    select(&mut visit, Kind::StatefulSet, "analytics", "clickhouse");
    has(&visit.verdict(), &["clickhouse-"]);
    has(&visit.whole_why(), &["wait-keeper"]);
    let line = visit.why().line.expect("the manifest decides");
    assert!((62..=65).contains(&line), "{line} is not in the init container: {:#?}", visit.why());
}

#[test]
fn the_missing_class_brings_up_the_keeper_and_who_waits_for_it() {
    let mut visit = come_up(ANALYTICS);
    visit.type_line("cat > class.yaml <<'EOF'");
    for line in [
        "apiVersion: storage.k8s.io/v1",
        "kind: StorageClass",
        "metadata: {name: fast-nvme}",
        "provisioner: rancher.io/local-path",
        "volumeBindingMode: WaitForFirstConsumer",
    ] {
        visit.type_line(line);
    }
    visit.type_line("EOF");
    has(&visit.shows("kubectl apply -f class.yaml"), &["storageclass.storage.k8s.io/fast-nvme created"]);
    visit.pass(60);
    visit.run_until_quiet();
    assert_eq!(readiness(&visit), ["bus 3/3", "clickhouse 2/2", "keeper 3/3"]);
}

#[test]
// Release 1.37 names each immutable field on its own.
fn another_class_in_the_manifest_is_refused() {
    let mut visit = come_up(ANALYTICS);
    visit.edit(&ANALYTICS.replace("      storageClassName: fast-nvme\n", ""));
    visit.apply();
    visit.pass(5);
    has(&visit.answer(), &["spec.volumeClaimTemplates", "field is immutable"]);
    visit.run_until_quiet();
    assert_eq!(readiness(&visit), ["bus 3/3", "clickhouse 0/2", "keeper 0/3"]);
}
