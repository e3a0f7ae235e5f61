//! Gentler ways to what given lines come to: offered where their trial does less harm, and not where it does as much.

use super::beside::{SERVICE, plain, says, set, told_of, typed};
use ordinal::plan::Plan;
use ordinal::plan::told::lines;
use ordinal::text::plan::Way;

const BUDGET: &str = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: guard}\n\
                      spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}\n---\n";
const NODE: &str = "apiVersion: v1\nkind: Node\nmetadata: {name: only}\n---\napiVersion: v1\nkind: Node\nmetadata: {name: other}\n\
                    spec: {unschedulable: true}\n---\n";
const CLAIMS: &str = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {accessModes: [ReadWriteOnce], \
                      resources: {requests: {storage: 1Gi}}}\n";
const MOUNT: &str = "        volumeMounts: [{name: d, mountPath: /data}]\n";

/// The lines of a way, where it is offered.
fn offered(plan: &Plan, way: Way) -> Option<Vec<String>> {
    plan.offered().find(|course| course.way == way).map(|course| lines(course, "manifest.yaml"))
}

fn own(spec: &str) -> String {
    format!("{SERVICE}{}", set("", &format!("{spec}{CLAIMS}"), "", MOUNT))
}

#[test]
fn a_set_that_is_deleted_and_applied_again_can_leave_its_pods() {
    let before = format!("{SERVICE}{}", plain());
    let lines = ["kubectl get sts db -o yaml > db.yaml", "kubectl delete sts/db", "kubectl create -f db.yaml"];
    let plan = typed(&before, &lines);
    assert_eq!(offered(&plan, Way::KeepPods).map(|lines| lines[1].clone()).as_deref(), Some("kubectl delete sts/db --cascade=orphan"));
    assert_eq!(offered(&typed(&before, &lines[1..2]), Way::KeepPods), None, "a set that is to go");
    let kept = ["kubectl get sts db -o yaml > db.yaml", "kubectl delete sts/db --cascade=orphan", "kubectl create -f db.yaml"];
    assert_eq!(offered(&typed(&before, &kept), Way::KeepPods), None);
}

#[test]
fn a_drain_that_asks_no_budget_can_ask_it() {
    // All three run on the node that is drained, and may run on another afterwards.
    let before = format!("{NODE}{BUDGET}{SERVICE}{}", plain());
    let drain = "kubectl drain only --ignore-daemonsets --disable-eviction --grace-period=0";
    let plan = typed(&before, &["kubectl uncordon other", drain]);
    says(&plan, &["pdb/guard holds back evictions, and no pod that is deleted: fewer of db are healthy"]);
    let lines = offered(&plan, Way::Evicts).expect("a way");
    assert_eq!(lines[1], "kubectl drain only --ignore-daemonsets");
    let apart =
        typed(&before, &["kubectl uncordon other", "kubectl drain only --grace-period 0 --ignore-daemonsets --disable-eviction=true"]);
    assert_eq!(offered(&apart, Way::Evicts).expect("a way")[1], "kubectl drain only --ignore-daemonsets");
    let unguarded = typed(&before.replace(BUDGET, ""), &["kubectl uncordon other", drain]);
    assert_eq!(offered(&unguarded, Way::Evicts), None, "no budget holds anything back");
}

#[test]
fn several_pods_that_are_deleted_at_once_can_go_one_after_another() {
    let before = format!("{SERVICE}{}", plain());
    let plan = typed(&before, &["kubectl delete pod db-0 db-1 db-2"]);
    let lines = offered(&plan, Way::OneByOne).expect("a way");
    assert_eq!(lines, ["kubectl delete pod db-0", "kubectl delete pod db-1", "kubectl delete pod db-2"]);
    let way = plan.offered().find(|course| course.way == Way::OneByOne).expect("a way");
    assert_eq!(way.outcome.summary().lowest, 2);
    assert_eq!(offered(&typed(&before, &["kubectl delete pod db-1"]), Way::OneByOne), None);
}

#[test]
fn a_set_that_is_scaled_to_nothing_and_back_can_be_restarted() {
    let before = format!("{SERVICE}{}", plain());
    let plan = typed(&before, &["kubectl scale sts db --replicas=0", "kubectl scale sts db --replicas=3"]);
    assert_eq!(offered(&plan, Way::Restarts).as_deref(), Some(&["kubectl rollout restart statefulset/db".to_owned()][..]));
    assert_eq!(offered(&typed(&before, &["kubectl scale sts db --replicas=0"]), Way::Restarts), None, "it is to have no pods");
    let fewer = typed(&before, &["kubectl scale sts db --replicas=0", "kubectl scale sts db --replicas=2"]);
    assert_eq!(offered(&fewer, Way::Restarts), None, "it is to have another number");
}

#[test]
fn what_would_go_with_a_set_or_a_claim_can_stay() {
    let policy = "  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete, whenDeleted: Retain}\n";
    let plan = typed(&own(policy), &["kubectl scale sts db --replicas=1"]);
    let lines = offered(&plan, Way::KeepClaims).expect("a way");
    assert_eq!(lines[0], r#"kubectl patch statefulset db -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Retain"}}}'"#);
    assert_eq!(offered(&plan, Way::KeepVolumes), None, "the claims stay, and their volumes with them");
    let plan = typed(&own(""), &["kubectl scale sts db --replicas=0", "kubectl delete pvc d-db-2"]);
    let lines = offered(&plan, Way::KeepVolumes).expect("a way");
    assert!(lines[0].starts_with("kubectl patch pv $(kubectl get pvc d-db-2 -o jsonpath={.spec.volumeName}) -p "), "{lines:?}");
    assert!(!plan.offered().find(|course| course.way == Way::KeepVolumes).expect("a way").outcome.lost.iter().any(|_| true));
    assert_eq!(offered(&typed(&own(""), &["kubectl scale sts db --replicas=1"]), Way::KeepVolumes), None, "nothing goes");
}

#[test]
fn a_rollout_that_ends_at_a_partition_can_go_on() {
    let partition = "  updateStrategy: {rollingUpdate: {partition: 1}}\n";
    let image = "kubectl set image sts/db c=example.com/db:2";
    let plan = typed(&own(partition), &[image]);
    let lines = offered(&plan, Way::AllOrdinals).unwrap_or_else(|| panic!("{}", told_of(&plan)));
    assert_eq!(lines[1], r#"kubectl patch statefulset db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}'"#);
    let asked = r#"kubectl patch sts db -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'"#;
    assert_eq!(offered(&typed(&own(""), &[asked, image]), Way::AllOrdinals), None, "the lines themselves ask for the partition");
    assert_eq!(offered(&typed(&own(""), &[image]), Way::AllOrdinals), None, "there is none");
}
