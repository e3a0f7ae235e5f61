//! The two tables of what ends a cause: what the catalogue tells (`sayings/ends.txt`), and what is tried (`causes/remedy/table.rs`).

use ordinal::api::kind::Kind;
use ordinal::causes::command::Naming;
use ordinal::causes::remedy::{Remedy, of_cause};
use ordinal::intake::diagnose;
use ordinal::sayings::{self, remedies};
use ordinal::why::Cause;

use super::{CLUSTER, GIVEN, OWN, cases};

/// Causes that are tried to be ended otherwise than the catalogue tells, although there are lines for that.
const OTHERWISE: &[Cause] = &[
    // What the reason offers does, or only the playground can.
    Cause::LivenessProbe,
    Cause::ImageNever,
    Cause::StartupProbe,
    Cause::NotReady,
    Cause::GateNeverReady,
    Cause::WaitsForPeers,
    Cause::ProvisionerNotRunning,
    Cause::ProvisionerRefuses,
    Cause::VolumeMismatch,
    // They end by themselves.
    Cause::ImageRate,
    Cause::ProvisionSlow,
    Cause::NotAttachedYet,
    Cause::MountOwner,
    // What is told takes a value that nobody here knows, or the lines are for another object.
    Cause::ImagePullParallel,
    Cause::Gang,
    Cause::ClaimPending,
    Cause::NotPasted,
    Cause::ProvisionSource,
    Cause::ProvisionParameters,
    Cause::ProvisionExists,
    Cause::OtherClaim,
    Cause::PvcMissing,
    Cause::WffcWaitsForUnschedulablePod,
    Cause::NoNodeFits,
    Cause::SchedulerProfile,
    Cause::DeviceMissing,
    Cause::NodeFeatures,
    Cause::TaintEvicts,
    Cause::ObjectUnread,
    Cause::VolumeMode,
    Cause::HostPath,
];

#[test]
fn what_the_catalogue_tells_to_end_a_cause_is_tried() {
    let has_lines = |told: &sayings::Remedy| Remedy::ALL.iter().any(|remedy| remedy.known() == *told);
    let mut wrong = Vec::new();
    for cause in Cause::ALL {
        let (tried, told) = (of_cause(*cause), remedies(*cause));
        let is_tried = |told: &sayings::Remedy| tried.iter().any(|remedy| remedy.known() == *told);
        let otherwise = !tried.is_empty() && told.iter().any(has_lines) && !told.iter().any(is_tried);
        if otherwise != OTHERWISE.contains(cause) {
            wrong.push(format!("{cause:?}: told {told:?}, tried {tried:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines of each cure of a recorded cluster.
fn cures(folder: &str, name: &str) -> Vec<Vec<String>> {
    let case = cases(folder).into_iter().find(|case| case.name == name).expect("a case of that name");
    let report = diagnose([&*case.file(CLUSTER)]);
    report.verdicts.into_iter().flat_map(|verdict| verdict.cures).map(|cure| cure.lines).collect()
}

#[test]
fn data_is_given_up_only_where_nothing_else_helps_but_fewer_pods() {
    let gives_up = |cures: Vec<Vec<String>>| cures.iter().flatten().any(|line| line.contains("delete pvc"));
    assert!(!gives_up(cures(OWN, "39-volume-on-cordoned-node")), "the node can be opened");
    assert!(gives_up(cures(GIVEN, "13-pinned-deleted-node")), "nobody brings the node back");
}

#[test]
fn a_claim_that_is_used_goes_with_its_user_and_not_by_its_finalizer() {
    let all = cures(OWN, "24-claim-held-by-a-backup");
    assert_eq!(all.first(), Some(&vec!["kubectl -n wiki2 delete pod nightly-backup".to_owned()]));
}

#[test]
fn a_line_names_its_namespace_and_kinds_by_where_it_is_typed() {
    let (here, elsewhere) = (Naming::of("shop", "default"), Naming::elsewhere("shop"));
    let line = |naming: &Naming| naming.delete(Kind::StatefulSet, "web");
    assert_eq!(line(&here), "kubectl delete statefulset web --namespace=shop");
    assert_eq!(line(&elsewhere), "kubectl -n shop delete sts web");
    let of_nothing = |naming: &Naming| naming.delete(Kind::Node, "n1");
    assert_eq!([Naming::of("", "default"), Naming::elsewhere("")].map(|naming| of_nothing(&naming)), ["kubectl delete node n1"; 2]);
}
