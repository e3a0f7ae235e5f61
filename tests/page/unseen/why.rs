//! What Why begins with: a key that a ConfigMap has under another name, and a quota of storage.

use crate::page::Visit;

const KEY: &str = include_str!("../manifests/unseen/why-1.yaml");
const QUOTA: &str = include_str!("../manifests/unseen/why-2.yaml");

/// What is no cause of either, and what must not be pointed at for it.
#[track_caller]
fn names_none(why: &str, others: &[&str]) {
    for other in others {
        assert!(!why.contains(other), "{other} is no cause: {why}");
    }
}

/// A field of a pod.
fn field(visit: &mut Visit, pod: &str, path: &str) -> String {
    visit.shows(&format!("kubectl get pod {pod} -o jsonpath='{{{path}}}'"))
}

/// The manifest with the key that its ConfigMap has not.
fn without_its_key() -> Visit {
    let mut visit = Visit::with(KEY);
    visit.run_until_quiet();
    visit
}

#[test]
fn a_key_that_the_config_map_lacks_holds_up_its_init_container_and_nothing_else_is_created() {
    let mut visit = without_its_key();
    assert_eq!(visit.pods(), ["forge-0 0/1 Init:CreateContainerConfigError"]);
    assert!(!visit.news().is_empty(), "a run that ends with retries says so");
    assert_eq!(field(&mut visit, "forge-0", ".status.initContainerStatuses[0].state.terminated.exitCode"), "0");
    assert_eq!(field(&mut visit, "forge-0", ".status.initContainerStatuses[1].restartCount"), "0");
    let described = visit.shows("kubectl describe pod forge-0");
    assert!(described.contains("couldn't find key db-host in ConfigMap default/forge-settings"), "{described}");
    let claims = visit.shows("kubectl get pvc --no-headers");
    assert!(claims.starts_with("data-forge-0 ") && claims.contains("Bound") && claims.lines().count() == 1, "{claims}");
    assert_eq!(visit.storage().claims, 1);
    assert_eq!(visit.shows("kubectl get pdb forge -o jsonpath='{.status.disruptionsAllowed}'"), "0");
}

#[test]
fn why_begins_with_the_key_and_its_line_and_tells_those_who_wait_in_a_clause() {
    let mut visit = without_its_key();
    assert!(visit.verdict().starts_with("forge-0 "), "{}", visit.verdict());
    let (why, whole) = (visit.why(), visit.whole_why());
    assert!(whole.contains("db-host") && whole.contains("forge-settings"), "{whole}");
    assert!(why.line.is_some_and(|line| (73..=75).contains(&line)), "{why:#?}");
    let paragraph = why.paragraph.plain();
    assert!(paragraph.contains("forge-1") && paragraph.contains("for forge-0"), "{paragraph}");
    names_none(&why.decided_by, &["podManagementPolicy", "updateStrategy", "partition", "minAvailable", "affinity", "readinessProbe"]);
    names_none(&whole, &["partition", "minAvailable", "ffinity", "budget", "probe", "crash"]);
    // Who is asked about waits for forge-0.
    for pod in ["forge-1", "forge-2"] {
        let answer = visit.shows(&format!("why {pod}"));
        assert!(answer.starts_with(pod) && answer.contains("forge-0"), "{answer}");
    }
}

#[test]
fn the_key_that_is_added_lets_the_same_pod_go_on_and_the_others_follow() {
    let mut visit = without_its_key();
    let uid = field(&mut visit, "forge-0", ".metadata.uid");
    visit.type_line(r#"kubectl patch cm forge-settings -p '{"data":{"db-host":"forge-db.internal:5432"}}'"#);
    visit.pass(150);
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["forge-0 1/1 Ready", "forge-1 1/1 Ready", "forge-2 1/1 Ready"]);
    assert_eq!(field(&mut visit, "forge-0", ".metadata.uid"), uid, "nothing was deleted");
}

/// The manifest with the quota that is too small.
fn short_of_storage() -> Visit {
    let mut visit = Visit::with(QUOTA);
    visit.run_until_quiet();
    visit
}

#[test]
fn a_quota_of_storage_refuses_the_third_claim_and_with_it_the_third_pod() {
    let mut visit = short_of_storage();
    assert_eq!(visit.pods(), ["warehouse-0 1/1 Ready", "warehouse-1 1/1 Ready"]);
    assert_eq!(visit.storage().claims, 2);
    assert!(!visit.news().is_empty(), "a run that ends with retries says so");
    let claims = visit.shows("kubectl get pvc --no-headers");
    let names: Vec<&str> = claims.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["datadir-warehouse-0", "datadir-warehouse-1"]);
    let described = visit.shows("kubectl describe sts warehouse");
    let words = "Create Claim datadir-warehouse-2 for Pod warehouse-2 in StatefulSet warehouse failed error: persistentvolumeclaims \
                 \"datadir-warehouse-2\" is forbidden: exceeded quota: team-storage, requested: requests.storage=10Gi, used: \
                 requests.storage=20Gi, limited: requests.storage=25Gi";
    assert!(described.contains(words) && described.contains("FailedCreate"), "{described}");
}

#[test]
fn why_begins_with_the_quota_and_not_with_the_order() {
    let mut visit = short_of_storage();
    assert!(visit.verdict().starts_with("warehouse-2 "), "{}", visit.verdict());
    let (why, whole) = (visit.why(), visit.whole_why());
    assert!(whole.contains("team-storage") && whole.contains("requests.storage"), "{whole}");
    assert_eq!(why.line, Some(9), "{why:#?}");
    names_none(&whole, &["for warehouse-1", "pods=", "persistentvolumeclaims="]);
    names_none(&why.decided_by, &["podManagementPolicy"]);
    let answer = visit.shows("why warehouse-2");
    assert!(answer.contains("team-storage") && !answer.contains("for warehouse-1"), "{answer}");
}

#[test]
fn as_many_come_up_as_the_quota_has_room_for() {
    for (room, up) in [("40Gi", 4), ("50Gi", 5)] {
        let mut visit = short_of_storage();
        visit.type_line(&format!(r#"kubectl patch quota team-storage -p '{{"spec":{{"hard":{{"requests.storage":"{room}"}}}}}}'"#));
        visit.pass(1200);
        visit.run_until_quiet();
        let want: Vec<String> = (0..up).map(|ordinal| format!("warehouse-{ordinal} 1/1 Ready")).collect();
        assert_eq!(visit.pods(), want, "{room}");
    }
}
