//! What people asked before or after a change in public threads, and were surprised by: each with the manifest before and after.

use std::fs;
use std::path::Path;

use ordinal::api::release::V1_37;
use ordinal::plan::course::{Act, End};
use ordinal::plan::{self, Change, Finding, Plan, start, told};
use ordinal::text::Lang;
use ordinal::text::plan::Says;

fn text(name: &str, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plan/asked").join(name).join(file);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn planned(name: &str) -> Plan {
    let world = start::world(&text(name, "before.yaml"), &V1_37).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
    plan::of(&world, &Change::Manifest(text(name, "after.yaml")))
}

fn said(plan: &Plan) -> String {
    told::text(plan, "after.yaml", Lang::English)
}

fn says_all(plan: &Plan, all: &[&str]) {
    let told = said(plan);
    assert!(all.iter().all(|words| told.contains(words)), "{told}");
}

/// groundhog2k/helm-charts#224: the names below the new Service resolve only once each pod is made anew.
#[test]
fn a_service_that_is_renamed_leaves_the_pods_their_old_names() {
    let plan = planned("service-renamed");
    let rounds: Vec<_> = plan.offered().map(|course| (course.outcome.end, course.acts.len(), course.outcome.summary().replaced)).collect();
    assert_eq!(rounds, [(End::Amiss, 2, 0), (End::Settled, 3, 2)], "{}", said(&plan));
    let restart = plan.offered().nth(1).and_then(|course| course.acts.last().cloned());
    assert_eq!(restart, Some(Act::Line("kubectl rollout restart statefulset/shop-postgres".to_owned())));
    says_all(&plan, &["Still with the subdomain shop-postgres: shop-postgres-0, shop-postgres-1.", "lacks: svc/shop-postgres."]);
}

/// dirsigler/uptime-kuma-helm#227: the set begins with an empty claim, the Deployment runs on beside it, and Helm would delete the data.
#[test]
fn a_deployment_that_becomes_a_set_leaves_its_data_behind() {
    let plan = planned("deployment-to-set");
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Amiss, vec![Finding::Stuck]), "{}", said(&plan));
    says_all(
        &plan,
        &[
            "Empty at the start: pvc/storage-kuma-0. The data stays in pvc/kuma-pvc.",
            "sts/kuma also matches pods of deployment/kuma. Pods of both are behind svc/kuma.",
            "lacks: pvc/kuma-pvc, deployment/kuma. Helm",
            "With them go pvc/kuma-pvc and, by reclaim policy Delete, the data on pvc-",
        ],
    );
}

/// jfrog/charts#1436: a second set beside the old one, whose claims keep the data.
#[test]
fn a_set_that_is_renamed_begins_empty_beside_the_old_one() {
    let plan = planned("set-renamed");
    assert_eq!(plan.given.outcome.end, End::Amiss, "{}", said(&plan));
    says_all(
        &plan,
        &[
            "Empty at the start: pvc/volume-registry-0. The data stays in pvc/volume-registry-primary-0.",
            "sts/registry also matches pods of sts/registry-primary. Pods of both are behind svc/registry.",
            "lacks: sts/registry-primary. Helm",
        ],
    );
    // Helm deletes the set, and not its claims.
    assert!(!plan.given.outcome.notes.iter().any(|says| matches!(says, Says::Pruned { .. })), "{}", said(&plan));
}

/// elastic/cloud-on-k8s#1619: the new pod is below the partition, and so it begins at the old revision.
#[test]
fn a_new_pod_below_the_partition_begins_at_the_old_revision() {
    let plan = planned("partition-and-one-more");
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Held, vec![]), "{}", said(&plan));
    says_all(
        &plan,
        &[
            "New, at the old revision with elasticsearch:7.17.0, because of partition 4: es-3.",
            "No pod gets the new revision: the partition is 4.",
        ],
    );
    assert!(plan.given.outcome.notes.is_empty(), "{}", said(&plan));
}

/// A silent node confirms nothing: a pod that is deleted by force there, or with the node, may go on writing beside the new one.
#[test]
fn two_writers_are_no_good_end() {
    let dump = include_str!("../data/diagnose/24-node-silent-terminating/cluster.yaml");
    let world = start::world(dump, &V1_37).expect("a world");
    for line in ["kubectl -n session delete pod hazelcast-1 --force --grace-period=0", "kubectl delete node node-d"] {
        let plan = plan::of(&world, &Change::Lines(vec![line.to_owned()]));
        assert_eq!((plan.given.outcome.end, plan.findings()), (End::Amiss, vec![Finding::Stuck]), "{}", said(&plan));
        says_all(&plan, &["Nobody has confirmed that the old hazelcast-1 stopped. While it runs, both it and the new one write."]);
    }
    // Where a kubelet ends what was deleted, two write for less than the grace period.
    let world = start::world(&text("set-renamed", "before.yaml"), &V1_37).expect("a world");
    let forced = plan::of(&world, &Change::Lines(vec!["kubectl delete pod registry-primary-0 --force --grace-period=0".to_owned()]));
    assert_eq!(forced.given.outcome.end, End::Amiss, "{}", said(&forced));
    says_all(&forced, &["Two processes run as registry-primary-0 for "]);
    let gently = plan::of(&world, &Change::Lines(vec!["kubectl delete pod registry-primary-0".to_owned()]));
    assert_eq!((gently.given.outcome.end, gently.given.outcome.notes.len()), (End::Settled, 0), "{}", said(&gently));
}
