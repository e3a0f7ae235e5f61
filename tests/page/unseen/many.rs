//! Unseen manifests: sets of more pods than a screen lists.

use super::{come_up, created, first, gone, has, has_none, losses};
use crate::page::Visit;
use ordinal::base::time::{Span, Time};
use ordinal::causes::pod::PodState;

const SHARDS: &str = include_str!("../manifests/unseen/many-1.yaml");
const TENANTS: &str = include_str!("../manifests/unseen/many-2.yaml");

/// How many pods are Ready, as the page says; how many claims it counts; how many names answer.
fn counted(visit: &Visit) -> (String, usize, usize) {
    (visit.object().ready, visit.storage().claims, visit.dns().counted.answering)
}

/// kubectl's word for a pod in the dense view; empty where it has no pod.
fn word(visit: &Visit, pod: &str) -> String {
    let dense = visit.cluster().dense.expect("more pods than columns");
    dense.cell_of(pod).map_or(String::new(), |cell| dense.word(cell).to_owned())
}

#[test]
fn thirty_pods_of_a_list_with_two_claims_each_are_all_counted() {
    let mut visit = come_up(SHARDS);
    assert_eq!(counted(&visit), ("30 of 30 Ready".to_owned(), 60, 31));
    assert_eq!(visit.dns().counted.all, 31, "the pods and their Service");
    assert_eq!(visit.shows("kubectl get pvc --no-headers | wc -l").trim(), "60");
    let claims = visit.shows("kubectl get pvc");
    has(&claims, &["queue-shard-0 ", "queue-shard-29 ", "spool-shard-0 ", "spool-shard-29 "]);
    has_none(&claims, &["Pending"]);
    visit.ask_name("shard-29.shard.default.svc.cluster.local");
    has_none(&visit.names()[0], &["NXDOMAIN"]);
}

#[test]
fn the_pods_of_a_parallel_set_do_not_wait_for_each_other() {
    let visit = come_up(SHARDS);
    let pods: Vec<String> = (0..30).map(|n| format!("shard-{n}")).collect();
    let last = pods.iter().map(|pod| created(&visit, pod)).max();
    let ready = pods.iter().map(|pod| first(&visit, pod, PodState::Ready)).min();
    assert!(last < ready, "the last is created at {last:?}, the first is Ready at {ready:?}");
}

#[test]
fn a_parallel_set_removes_eighteen_pods_at_once_and_keeps_all_claims() {
    let mut visit = come_up(SHARDS);
    visit.type_line("kubectl scale sts shard --replicas=12");
    visit.step_until(|visit| word(visit, "shard-29") == "Terminating" && word(visit, "shard-12") == "Terminating");
    visit.run_until_quiet();
    assert_eq!(counted(&visit), ("12 of 12 Ready".to_owned(), 60, 13));
    assert_eq!(visit.shows("kubectl get pods --no-headers | wc -l").trim(), "12");
    assert_eq!(visit.shows("kubectl get pvc --no-headers | grep -c Bound").trim(), "60");
    visit.ask_name("shard-12.shard");
    has(&visit.names()[0], &["NXDOMAIN"]);
    visit.ask_name("shard-11.shard");
    has_none(&visit.names()[0], &["NXDOMAIN"]);
    assert!(losses(&visit).is_empty(), "{:?}", losses(&visit));
}

#[test]
fn a_set_that_grows_again_takes_the_claims_that_it_left() {
    let mut visit = come_up(SHARDS);
    visit.shows("kubectl exec shard-20 -- sh -c 'echo kept > /queue/note'");
    let volume = "kubectl get pvc queue-shard-20 -o jsonpath='{.spec.volumeName}'";
    let before = visit.shows(volume);
    visit.say("kubectl scale sts shard --replicas=12");
    visit.say("kubectl scale sts shard --replicas=30");
    assert_eq!(counted(&visit), ("30 of 30 Ready".to_owned(), 60, 31));
    assert_eq!(visit.shows(volume), before);
    has(&visit.shows("kubectl exec shard-20 -- cat /queue/note"), &["kept"]);
}

#[test]
fn thirty_six_pods_come_up_in_their_order_and_are_all_counted() {
    let visit = come_up(TENANTS);
    assert_eq!(counted(&visit), ("36 of 36 Ready".to_owned(), 36, 37));
    assert_eq!(visit.dns().counted.all, 37, "the pods and their Service");
    for n in 0..35 {
        let (before, after) = (format!("tenant-cache-{n}"), format!("tenant-cache-{}", n + 1));
        let (ready, next): (Time, Time) = (first(&visit, &before, PodState::Ready), created(&visit, &after));
        assert!(ready <= next, "{after} is created at {next:?}, {before} is Ready at {ready:?}");
    }
    // A pod that has only just become Ready is not available yet: the next waits for a second each time.
    let whole = first(&visit, "tenant-cache-35", PodState::Ready).since(first(&visit, "tenant-cache-0", PodState::Ready));
    assert!(whole > Span::seconds(35), "{whole:?}");
}

#[test]
fn the_names_of_pods_have_the_name_of_the_service_and_not_that_of_the_set() {
    let mut visit = come_up(TENANTS);
    for pod in ["tenant-cache-7", "tenant-cache-35"] {
        visit.ask_name(&format!("{pod}.tenants"));
        has_none(&visit.names()[0], &["NXDOMAIN"]);
        visit.ask_name(&format!("{pod}.tenant-cache"));
        has(&visit.names()[0], &["NXDOMAIN"]);
    }
}

#[test]
fn an_ordered_set_removes_its_pods_from_the_last_one_at_a_time_and_keeps_their_claims() {
    let mut visit = come_up(TENANTS);
    visit.say("kubectl scale sts/tenant-cache --replicas=27");
    assert_eq!(counted(&visit), ("27 of 27 Ready".to_owned(), 36, 28));
    for n in 27..35 {
        let (later, earlier) = (format!("tenant-cache-{n}"), format!("tenant-cache-{}", n + 1));
        let (end, begin) = (gone(&visit, &earlier), first(&visit, &later, PodState::Terminating));
        assert!(end <= begin, "{later} is deleted at {begin:?}, {earlier} is gone at {end:?}");
    }
    let claims = visit.shows("kubectl get pvc");
    for n in 27..36 {
        has(&claims, &[format!("rdb-tenant-cache-{n} ").as_str()]);
    }
    assert_eq!(claims.lines().count(), 1 + 36, "{claims}");
    assert_eq!(visit.shows("kubectl get pods --no-headers | wc -l").trim(), "27");
    assert!(losses(&visit).is_empty(), "{:?}", losses(&visit));
}
