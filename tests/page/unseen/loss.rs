//! Unseen manifests: when data are lost, and when they are only out of reach.

use super::{come_up, first, gone, has, has_none, losses};
use crate::page::Visit;
use ordinal::base::time::Time;
use ordinal::causes::pod::PodState;
use ordinal::text::Lang;

const LEDGER: &str = include_str!("../manifests/unseen/loss-1.yaml");
const ARCHIVE: &str = include_str!("../manifests/unseen/loss-2.yaml");

const FOUR: [&str; 4] = ["ledger-0 1/1 Ready", "ledger-1 1/1 Ready", "ledger-2 1/1 Ready", "ledger-3 1/1 Ready"];
const NO_FILE: &str = "No such file or directory";

/// Four ledgers, each with a note of its own beside its database.
fn ledger() -> Visit {
    let mut visit = come_up(LEDGER);
    assert_eq!(visit.pods(), FOUR);
    for n in 0..4 {
        visit.shows(&format!("kubectl exec ledger-{n} -- sh -c 'echo entry-{n} > /pg/note'"));
    }
    visit
}

/// The note of a ledger.
fn note(visit: &mut Visit, n: usize) -> String {
    visit.shows(&format!("kubectl exec ledger-{n} -- cat /pg/note"))
}

/// The claims there are, by name.
fn claims(visit: &mut Visit) -> Vec<String> {
    let names = visit.shows("kubectl get pvc -o name");
    names.lines().filter_map(|line| line.split_once('/')).map(|(_, name)| name.to_owned()).collect()
}

/// When the timeline tells that something of a pod was lost.
fn lost_at(visit: &Visit, pod: &str) -> Vec<Time> {
    let label = |moment: &ordinal::view::timeline::Moment| moment.label(Lang::English.text());
    let moments = visit.run.head().timeline().moments().iter();
    let told = moments.filter(|moment| label(moment).starts_with(&format!("{pod}:")) && label(moment).ends_with("lost"));
    told.map(|moment| moment.at).collect()
}

#[test]
fn four_ledgers_have_a_claim_each_and_nothing_is_lost() {
    let mut visit = ledger();
    assert_eq!(claims(&mut visit), ["pg-ledger-0", "pg-ledger-1", "pg-ledger-2", "pg-ledger-3"]);
    assert_eq!(visit.storage().retention, [("whenDeleted", "Retain"), ("whenScaled", "Delete")]);
    assert!(losses(&visit).is_empty(), "{:?}", losses(&visit));
}

#[test]
fn scaling_in_loses_the_data_of_the_two_ledgers_that_go_and_no_others() {
    let mut visit = ledger();
    visit.say("kubectl scale sts ledger --replicas=2");
    assert!(gone(&visit, "ledger-3") <= first(&visit, "ledger-2", PodState::Terminating), "ledger-3 goes first");
    assert_eq!(claims(&mut visit), ["pg-ledger-0", "pg-ledger-1"]);
    assert_eq!(visit.shows("kubectl get pv --no-headers | wc -l").trim(), "2", "the volumes go too");
    for pod in ["ledger-2", "ledger-3"] {
        let lost = lost_at(&visit, pod);
        assert_eq!(lost.len(), 1, "{pod} in {:?}", visit.flags());
        assert!(lost[0] >= gone(&visit, pod), "{pod} is lost once its pod is gone");
    }
    assert_eq!(losses(&visit).len(), 2, "{:?}", losses(&visit));
    for n in 0..2 {
        has(&note(&mut visit, n), &[&format!("entry-{n}")]);
    }
}

#[test]
fn the_line_that_loses_claims_is_the_one_of_scaling_for_one_set_and_of_deletion_for_the_other() {
    let mut visit = ledger();
    visit.say("kubectl scale sts ledger --replicas=2");
    has(&visit.shows("why deleted pvc/pg-ledger-3"), &["whenScaled", "line 28"]);
    let mut visit = archive();
    visit.say("kubectl delete sts archive");
    has(&visit.shows("why deleted pvc/meta-archive-0"), &["whenDeleted", "line 28"]);
}

#[test]
fn a_ledger_that_comes_back_after_scaling_in_begins_with_an_empty_database() {
    let mut visit = ledger();
    visit.say("kubectl scale sts ledger --replicas=2");
    visit.say("kubectl scale sts ledger --replicas=4");
    assert_eq!(visit.pods(), FOUR);
    assert_eq!(claims(&mut visit).len(), 4);
    for n in 2..4 {
        has(&visit.shows(&format!("kubectl logs ledger-{n}")), &["PostgreSQL init process complete; ready for start up."]);
        has(&note(&mut visit, n), &[NO_FILE]);
    }
    visit.say("kubectl delete pod ledger-0");
    let log = visit.shows("kubectl logs ledger-0");
    has(&log, &["PostgreSQL Database directory appears to contain a database; Skipping initialization"]);
    has_none(&log, &["PostgreSQL init process complete"]);
    has(&note(&mut visit, 0), &["entry-0"]);
}

#[test]
fn a_claim_that_is_told_to_go_takes_nothing_with_it_before_its_pod_does() {
    let mut visit = ledger();
    visit.type_line("kubectl delete pvc pg-ledger-1 --wait=false");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), FOUR, "ledger-1 stays Ready");
    has(&visit.shows("kubectl get pvc pg-ledger-1"), &["Terminating"]);
    has(&visit.verdict(), &["pg-ledger-1", "ledger-1"]);
    has(&visit.storage().rows.remove(1).note, &["Terminating", "goes with the pod"]);
    assert!(losses(&visit).is_empty(), "nothing is lost yet: {:?}", losses(&visit));
    has(&note(&mut visit, 1), &["entry-1"]);
    visit.say("playground crash pod ledger-1");
    has(&note(&mut visit, 1), &["entry-1"]);
    assert!(losses(&visit).is_empty(), "a container that starts again loses nothing: {:?}", losses(&visit));
}

#[test]
fn the_data_of_a_claim_that_is_told_to_go_are_lost_when_its_pod_is_deleted() {
    let mut visit = ledger();
    visit.type_line("kubectl delete pvc pg-ledger-1 --wait=false");
    visit.run_until_quiet();
    let (before, volume) = (visit.now(), visit.shows("kubectl get pvc pg-ledger-1 -o jsonpath='{.spec.volumeName}'"));
    visit.say("kubectl delete pod ledger-1");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), FOUR);
    let lost = lost_at(&visit, "ledger-1");
    assert!(lost.len() == 1 && lost[0] > before && lost[0] >= gone(&visit, "ledger-1"), "{lost:?}");
    assert_eq!(losses(&visit).len(), 1, "only the data of ledger-1: {:?}", losses(&visit));
    has(&note(&mut visit, 1), &[NO_FILE]);
    assert_ne!(visit.shows("kubectl get pvc pg-ledger-1 -o jsonpath='{.spec.volumeName}'"), volume);
    has(&visit.shows("kubectl logs ledger-1"), &["PostgreSQL init process complete; ready for start up."]);
    for n in [0, 2, 3] {
        has(&note(&mut visit, n), &[&format!("entry-{n}")]);
    }
}

#[test]
fn a_deleted_ledger_leaves_its_claims_and_finds_its_data_when_it_is_applied_again() {
    let mut visit = ledger();
    visit.say("kubectl delete sts ledger");
    visit.run_until_quiet();
    assert!(visit.pods().is_empty(), "{:?}", visit.pods());
    let phases = visit.shows("kubectl get pvc --no-headers");
    assert!(phases.lines().count() == 4 && phases.lines().all(|line| line.contains(" Bound ")), "{phases}");
    assert_eq!(visit.volumes().len(), 4, "what the set left is shown: {:?}", visit.volumes());
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.pods(), FOUR);
    for n in 0..4 {
        has(&note(&mut visit, n), &[&format!("entry-{n}")]);
    }
    assert!(losses(&visit).is_empty(), "{:?}", losses(&visit));
}

#[test]
fn a_class_of_a_provisioner_comes_up_or_says_that_nobody_provisions() {
    let mut visit = Visit::with(ARCHIVE);
    visit.pass(300);
    if visit.pods() == ["archive-0 1/1 Ready", "archive-1 1/1 Ready"] {
        assert_eq!(claims(&mut visit).len(), 4);
        return;
    }
    let claim = visit.shows("kubectl describe pvc objects-archive-0");
    has(&claim, &["Pending", "Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com' or manually"]);
    has(&visit.whole_why(), &["archive-0", "ebs.csi.aws.com"]);
}

/// The archive with the provisioner of the default class, and a file of its own on each of its four volumes.
fn archive() -> Visit {
    let mut visit = come_up(&ARCHIVE.replace("ebs.csi.aws.com", "rancher.io/local-path"));
    assert_eq!(visit.pods(), ["archive-0 1/1 Ready", "archive-1 1/1 Ready"]);
    assert_eq!(claims(&mut visit), ["meta-archive-0", "meta-archive-1", "objects-archive-0", "objects-archive-1"]);
    for n in 0..2 {
        visit.shows(&format!("kubectl exec archive-{n} -- sh -c 'echo object-{n} > /objects/note; echo meta-{n} > /meta/note'"));
    }
    visit
}

/// Asserts that an archive has what was written to it.
#[track_caller]
fn kept(visit: &mut Visit, n: usize) {
    has(&visit.shows(&format!("kubectl exec archive-{n} -- cat /objects/note")), &[&format!("object-{n}")]);
    has(&visit.shows(&format!("kubectl exec archive-{n} -- cat /meta/note")), &[&format!("meta-{n}")]);
}

/// How many volumes are in a phase.
fn volumes_in(visit: &mut Visit, phase: &str) -> usize {
    let volumes = visit.shows("kubectl get pv --no-headers");
    volumes.lines().filter(|line| line.split_whitespace().any(|word| word == phase)).count()
}

#[test]
fn scaling_an_archive_in_and_deleting_a_pod_lose_nothing() {
    let mut visit = archive();
    visit.say("kubectl scale sts archive --replicas=1");
    assert_eq!(visit.pods(), ["archive-0 1/1 Ready"]);
    assert_eq!((claims(&mut visit).len(), volumes_in(&mut visit, "Bound")), (4, 4));
    visit.say("kubectl scale sts archive --replicas=2");
    kept(&mut visit, 1);
    visit.say("kubectl delete pod archive-0");
    assert_eq!(visit.pods(), ["archive-0 1/1 Ready", "archive-1 1/1 Ready"]);
    kept(&mut visit, 0);
    assert!(losses(&visit).is_empty(), "{:?}", losses(&visit));
}

#[test]
fn a_deleted_archive_loses_what_its_class_deletes_and_not_what_its_class_retains() {
    let mut visit = archive();
    visit.say("kubectl delete sts archive");
    visit.run_until_quiet();
    assert_eq!(claims(&mut visit), [""; 0]);
    assert_eq!((volumes_in(&mut visit, "Released"), volumes_in(&mut visit, "Bound")), (2, 0));
    let left = visit.shows("kubectl get pv --no-headers");
    assert!(left.lines().count() == 2 && left.lines().all(|line| line.contains("objects-archive-") && line.contains("keep")), "{left}");
    let lost = losses(&visit);
    assert_eq!(lost.len(), 2, "{lost:?}");
    has(&lost.join("\n"), &["archive-0", "archive-1", "meta-0", "meta-1"]);
    has_none(&lost.join("\n"), &["object"]);
}

#[test]
fn the_claims_of_a_replica_that_was_scaled_in_go_with_the_set_as_well() {
    let mut visit = archive();
    visit.say("kubectl scale sts archive --replicas=1");
    visit.say("kubectl delete sts archive");
    visit.run_until_quiet();
    assert_eq!(claims(&mut visit), [""; 0]);
    assert_eq!((volumes_in(&mut visit, "Released"), volumes_in(&mut visit, "Bound")), (2, 0));
}

#[test]
fn an_archive_that_is_applied_again_gets_new_volumes_beside_the_released_ones() {
    let mut visit = archive();
    visit.say("kubectl delete sts archive");
    visit.run_until_quiet();
    visit.apply();
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["archive-0 1/1 Ready", "archive-1 1/1 Ready"]);
    assert_eq!((volumes_in(&mut visit, "Released"), volumes_in(&mut visit, "Bound")), (2, 4));
    assert_eq!(claims(&mut visit).len(), 4);
    for folder in ["/objects", "/meta"] {
        has(&visit.shows(&format!("kubectl exec archive-0 -- cat {folder}/note")), &[NO_FILE]);
    }
    let released = visit.volumes().into_iter().filter(|row| row.contains("Released")).count();
    assert_eq!(released, 2, "{:?}", visit.volumes());
}
