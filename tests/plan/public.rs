//! What people asked before or after a change, and manifests of others, each with its true answer (`data/public4/plan`).
//!
//! The answers were written down before the product was tried: a change that ends badly may not be told to end well.

use std::fs;
use std::path::Path;

use ordinal::api::release::V1_37;
use ordinal::plan::case::Case;
use ordinal::plan::course::End;
use ordinal::plan::given::Given;
use ordinal::plan::{Change, Finding, Plan, report, told};

fn text(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/public4/plan").join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The plan of a manifest that is applied after another one, or after a dump.
fn applied(before: &str, after: &str) -> Plan {
    let Given::Manifest(after) = Given::read(&text(after)) else { panic!("{after} is a manifest") };
    Case::new(&text(before), &after, &V1_37).plan(&Change::Manifest(after)).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The plan of lines that are typed; `after.yaml` is the file of that name beside the manifest.
fn typed(folder: &str, lines: &[&str]) -> Plan {
    let after = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/public4/plan").join(folder).join("after.yaml");
    let files: Vec<(String, String)> = fs::read_to_string(after).ok().map(|text| ("after.yaml".to_owned(), text)).into_iter().collect();
    let later = files.first().map_or("", |(_, text)| text).to_owned();
    let case = Case::new(&text(&format!("{folder}/before.yaml")), &later, &V1_37).beside(files);
    case.plan(&Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect())).expect("a world")
}

fn said(plan: &Plan) -> String {
    report::text(plan, "after.yaml")
}

/// Holds how a plan ends, what is bad about it, and what it says and does not say.
fn holds(plan: &Plan, end: End, findings: &[Finding], says: &[&str], never: &[&str]) {
    let told = said(plan);
    assert_eq!((plan.given.outcome.end, plan.findings().as_slice()), (end, findings), "{told}");
    assert!(says.iter().all(|words| told.contains(words)), "{told}");
    assert!(!never.iter().any(|words| told.contains(words)), "{told}");
}

/// OT-CONTAINER-KIT/redis-operator#488: the old pods do not match the new selector, and each stands in the way until somebody deletes it.
#[test]
fn a_selector_that_changes_takes_the_old_pods_one_by_one() {
    let plan = applied("p01/before.yaml", "p01/after.yaml");
    let ways: Vec<Vec<String>> = plan.offered().map(|course| told::lines(course, "after.yaml")).collect();
    let [lines] = ways.as_slice() else { panic!("{}", said(&plan)) };
    assert!(lines[0].contains("--cascade=orphan") && lines[1] == "kubectl apply -f after.yaml", "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("kubectl delete pod filer-")).count(), 3, "{lines:?}");
    assert!(!said(&plan).contains("Nothing that was tried"), "{}", said(&plan));
}

/// apecloud/kubeblocks#7473: a disk of a cloud is in one zone, whatever the cluster was made of.
#[test]
fn a_disk_of_a_zone_does_not_move_with_its_pod() {
    let words = "3 node(s) didn't match PersistentVolume's node affinity";
    let lines = ["$ kubectl -n default rollout undo sts/docs", "$ kubectl -n default delete pod docs-2"];
    for before in ["p02/before.yaml", "min/zone-bare-dump.yaml"] {
        holds(
            &applied(before, "p02/after.yaml"),
            End::Stuck,
            &[Finding::Stuck],
            &[words, lines[0], lines[1]],
            &["moves from", "data-docs-0"],
        );
    }
    let dump = applied("min/zone-dump.yaml", "p02/after.yaml");
    assert!(said(&dump).contains(words) && !said(&dump).contains("clusterIPs"), "{}", said(&dump));
}

/// kubernetes/website#29739: the number of replicas leaves the file, and an autoscaler owns it.
#[test]
fn a_field_that_leaves_the_manifest_is_told_with_who_owns_it() {
    let plan = applied("p03/before.yaml", "p03/after.yaml");
    let says = [
        "cn had replicas: 6, and the new manifest has no replicas",
        "decides how many replicas cn has, between 4 and 10",
        "6 become 1",
        "cn-5, cn-4, cn-3, cn-2, cn-1",
    ];
    holds(&plan, End::Settled, &[Finding::Unavailable, Finding::Unjudged], &says, &[]);
}

/// kubernetes/kubernetes#137409: what failed was the command, and another one has not run yet.
#[test]
fn a_template_that_was_corrected_is_taken_to_run() {
    holds(&applied("p06/before.yaml", "p06/after.yaml"), End::Settled, &[], &["coord-1, coord-0"], &["Ready throughout"]);
    let dump = applied("min/crashing-dump.yaml", "min/crashing-after.yaml");
    holds(&dump, End::Settled, &[], &["Taken to get Ready", "coord-1, coord-0"], &["Container fails"]);
}

/// kubernetes/enhancements#1915: a set that is deleted takes its claims along, and keeps them as an orphan's.
#[test]
fn claims_go_with_their_set_unless_it_goes_alone() {
    let lines = ["kubectl delete sts idx", "kubectl apply -f after.yaml"];
    holds(
        &typed("p07", &lines),
        End::Amiss,
        &[Finding::Unavailable, Finding::Quorum, Finding::Stuck, Finding::Data],
        &["Empty at the start", "whenDeleted"],
        &[],
    );
    let orphan = ["kubectl delete sts idx --cascade=orphan", lines[1]];
    assert!(!said(&typed("p07", &orphan)).contains("Empty at the start"));
}

/// bitnami/charts#4614: one of three configured servers is no quorum.
#[test]
fn members_that_a_scale_in_removes_are_missed() {
    let plan = typed("p09", &["kubectl -n stream scale sts zk --replicas=1"]);
    holds(
        &plan,
        End::Amiss,
        &[Finding::Unjudged, Finding::Stuck],
        &["Of 3 members of zk, 1 is left", "no quorum"],
        &["leaves nothing waiting"],
    );
    let two = typed("p09", &["kubectl -n stream scale sts zk --replicas=2"]);
    assert!(!said(&two).contains("no quorum"), "{}", said(&two));
}

/// openebs-archive/openebs-docs#569: a claim that is made anew is empty, and its old volume waits for a hand.
#[test]
fn a_claim_that_is_made_anew_is_empty() {
    let lines = ["kubectl delete sts mongo", "kubectl delete pvc data-mongo-0", "kubectl apply -f after.yaml"];
    let says = ["Empty at the start: pvc/data-mongo-0. The data stays in pv/", "as Released", "claimRef", "volumeName"];
    let plan = typed("p12", &lines);
    assert_eq!(plan.given.outcome.end, End::Amiss);
    assert!(says.iter().all(|words| said(&plan).contains(words)), "{}", said(&plan));
}

#[test]
fn what_a_tool_keeps_by_an_annotation_is_not_said_to_be_deleted() {
    let told = said(&applied("min/keep-before.yaml", "min/keep-after.yaml"));
    assert!(!told.contains("Helm, and GitOps that prunes, delete them"), "{told}");
    assert!(told.contains("pvc/shared as well, and so does Helm") && told.contains("pvc/argo as well, and so does Argo CD"), "{told}");
    let bare = said(&applied("min/zone-bare-dump.yaml", "p02/after.yaml"));
    assert!(!bare.contains("Helm"), "what the set made itself, nobody prunes\n{bare}");
}

#[test]
fn a_trimmed_dump_is_completed_with_what_servers_always_store() {
    let plan = applied("min/trimmed-before.yaml", "min/trimmed-after.yaml");
    assert_eq!((plan.given.outcome.end, plan.given.outcome.refused.len()), (End::Settled, 0), "{}", said(&plan));
}

#[test]
fn what_is_assumed_of_nodes_is_said_and_counts_what_the_change_asks_for() {
    let plan = applied("min/rename-before.yaml", "min/node-label-after.yaml");
    holds(
        &plan,
        End::Settled,
        &[Finding::Unjudged],
        &["Assumed: 3 nodes", "As the files stand", "With nodes with the label disk=ssd"],
        &["gets stuck"],
    );
}

#[test]
fn a_set_that_is_renamed_begins_empty_behind_both_services() {
    let plan = applied("min/rename-before.yaml", "min/rename-after.yaml");
    let says = ["Empty at the start", "data-db-0", "The selector of sts/database also matches pods of sts/db"];
    assert!(says.iter().all(|words| said(&plan).contains(words)), "{}", said(&plan));
    assert_eq!(plan.given.outcome.end, End::Amiss);
}
