//! Several sets of one manifest: each is counted and judged, and a run ends where only retries are left.

use super::Visit;
use ordinal::base::time::{Span, Time};
use ordinal::playground::{EXAMPLE, Rest};
use ordinal::sim::retries::Retry;

const THREE: &str = include_str!("manifests/three.yaml");

/// A Deployment whose container exits, and a set of another namespace whose init container asks in vain.
const CRASHES_AND_ASKS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: worker}
spec:
  replicas: 2
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      containers:
      - {name: worker, image: 'busybox:1.36', command: [sh, -c, 'sleep 3; exit 1']}
---
apiVersion: v1
kind: Service
metadata: {name: worker}
spec: {selector: {app: worker}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: cart, namespace: shop}
spec:
  serviceName: cart
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      initContainers:
      - {name: gate, image: 'busybox:1.36', command: [sh, -c, 'while [ ! -f /go ]; do sleep 7; done']}
      containers:
      - {name: cart, image: 'nginx:1.27'}
---
";

/// What the Deployment's pods run after that.
const MAIN: &str = "      containers:\n      - {name: main, image: 'nginx:1.27'}\n";

#[test]
fn three_sets_of_one_manifest_are_counted_and_the_stuck_ones_marked() {
    let mut visit = Visit::with(THREE);
    visit.run_until_quiet();
    assert_eq!(visit.fleet(), ["* zk 3/3 ready", "kafka 0/3 wait stuck", "mysql 0/1 danger stuck"]);
    // The set shown is well: Why says of it that, and where the others are stuck.
    assert_eq!(visit.verdict(), "zk is up to date; statefulset/kafka and 1 more wait.");
    let facts = visit.evidence();
    assert!(facts.iter().any(|fact| fact.starts_with("kafka-0 is not initialized yet")), "{facts:?}");
    assert!(facts.iter().any(|fact| fact.starts_with("mysql-0 does not stay up")), "{facts:?}");
    // The run ended where only retries are left, and says so.
    assert!(visit.now() < Time(2 * 3_600_000), "{:?}", visit.now());
    let Some(Rest::OnlyRetries(tried)) = visit.run.present().rest() else { panic!("something is under way") };
    let mut tried: Vec<(String, Retry)> = tried.iter().map(|(key, retry)| (key.name.to_string(), *retry)).collect();
    tried.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(tried, [("kafka-0".to_owned(), Retry::Program), ("mysql-0".to_owned(), Retry::Start(Span::seconds(300)))]);
    let news = visit.news();
    assert!(news.starts_with("Stopped at ") && news.contains("retries go on for ever"), "{news}");
    assert!(news.contains("mysql-0 starts again every 5m") && news.contains("a program in kafka-0 goes on trying"), "{news}");
}

#[test]
fn beside_a_set_that_is_well_a_deployment_that_waits_for_ever_is_told() {
    let gate = "'until nslookup web-0.nginx; do sleep 1; done'";
    let waits = CRASHES_AND_ASKS.split_once("---").expect("a Deployment").0.replace("'sleep 3; exit 1'", gate);
    let mut visit = Visit::with(&format!("{}---\n{EXAMPLE}", waits.replace("containers:", "initContainers:") + MAIN));
    visit.pass(40);
    assert!(visit.evidence().is_empty(), "nobody is late yet: {:?}", visit.evidence());
    visit.pass(60);
    assert_eq!(visit.verdict(), "web is up to date; deployment/worker waits.");
    let facts = visit.evidence();
    assert!(facts.len() == 1 && facts[0].starts_with("worker-"), "{facts:?}");
}

#[test]
fn an_init_container_that_asks_for_a_short_name_is_told_the_full_one() {
    let gate = "'until nslookup web-0.nginx; do sleep 1; done'";
    let waits = CRASHES_AND_ASKS.split_once("---").expect("a Deployment").0.replace("'sleep 3; exit 1'", gate);
    let deployment = waits.replace("containers:", "initContainers:") + MAIN;
    let set = deployment.replace("kind: Deployment", "kind: StatefulSet");
    for text in [deployment, set] {
        let mut visit = Visit::with(&format!("{EXAMPLE}---\n{text}"));
        visit.pass(100);
        let pod = visit.run.present().tables().pods().map(|pod| pod.meta.name.to_string()).find(|name| name.starts_with("worker-"));
        let pod = pod.expect("a pod of the workload");
        visit.type_line(&format!("why {pod}"));
        for part in [
            "worker says ** server can't find web-0.nginx: NXDOMAIN.",
            "adds no search domain to a name with a dot, and never finds web-0.nginx. The full name is web-0.nginx.default.svc.cluster.local.",
            "Ends when: worker asks for web-0.nginx.default.svc.cluster.local",
            "  $ kubectl patch ",
        ] {
            assert!(visit.answer().contains(part), "{part}: {}", visit.answer());
        }
        let line = visit
            .answer()
            .lines()
            .find_map(|line| line.trim().strip_prefix("$ ").filter(|line| line.contains(" patch ")).map(str::to_owned))
            .expect("a line");
        visit.type_line(&line);
        visit.pass(100);
        visit.type_line("kubectl get pods -l app=worker");
        assert_eq!(visit.answer().matches("1/1     Running").count(), 2, "{}", visit.answer());
        assert_eq!(visit.verdict(), "web is up to date.");
    }
}

#[test]
fn a_workload_that_crashes_is_no_news_for_a_set_that_waits_in_a_loop() {
    let mut visit = Visit::with(&format!("{CRASHES_AND_ASKS}{EXAMPLE}"));
    visit.run_until_quiet();
    assert!(visit.now() < Time(2 * 3_600_000), "{:?}", visit.now());
    assert_eq!(visit.fleet(), ["* shop: cart 0/2 wait stuck", "web 3/3 ready"]);
    let news = visit.news();
    assert!(news.contains("a program in cart-0 goes on trying"), "{news}");
    assert_eq!(news.matches(" starts again every 5m").count(), 2, "{news}");
}

#[test]
fn what_a_retry_waits_for_is_news_again() {
    let mut visit = Visit::with(&format!("{CRASHES_AND_ASKS}{EXAMPLE}"));
    visit.run_until_quiet();
    visit.type_line("kubectl exec -n shop cart-0 -c gate -- touch /go");
    visit.pass(10);
    visit.run_until_quiet();
    visit.type_line("kubectl get pods -n shop");
    assert!(visit.answer().contains("cart-0   1/1     Running"), "{}", visit.answer());
}

#[test]
fn a_cluster_in_which_nothing_is_left_says_nothing_about_retries() {
    let visit = Visit::quiet();
    assert_eq!((visit.run.present().rest(), visit.news().as_str(), visit.fleet().len()), (Some(Rest::Nothing), "", 0));
}
