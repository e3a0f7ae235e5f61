//! What a change does beside the pods: objects that become others, settings that nobody reads anew, budgets, owners, members of lists.

use ordinal::api::release::V1_37;
use ordinal::plan::case::Case;
use ordinal::plan::course::End;
use ordinal::plan::{Change, Finding, Plan};

pub(super) const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 80}]}\n---\n";

/// A set of three pods with more in its metadata, its spec, its pods' spec and its container.
pub(super) fn set(meta: &str, spec: &str, pods: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db{meta}}}\nspec:\n  serviceName: db\n  replicas: 3\n{spec}  \
         selector: {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n    spec:\n{pods}      \
         containers:\n      - name: c\n        image: example.com/db:1\n{container}---\n"
    )
}

pub(super) fn plain() -> String {
    set("", "", "", "")
}

pub(super) fn applied(before: &str, after: &str) -> Plan {
    Case::new(before, after, &V1_37).plan(&Change::Manifest(after.to_owned())).unwrap_or_else(|faults| panic!("{faults:?}"))
}

pub(super) fn typed(before: &str, lines: &[&str]) -> Plan {
    Case::new(before, "", &V1_37)
        .plan(&Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect()))
        .unwrap_or_else(|faults| panic!("{faults:?}"))
}

pub(super) fn says(plan: &Plan, words: &[&str]) {
    let told = told_of(plan);
    assert!(words.iter().all(|words| told.contains(words)), "{told}");
}

pub(super) fn says_not(plan: &Plan, words: &[&str]) {
    let told = told_of(plan);
    assert!(!words.iter().any(|words| told.contains(words)), "{told}");
}

pub(super) fn told_of(plan: &Plan) -> String {
    ordinal::plan::report::text(plan, "after.yaml")
}

#[test]
fn settings_that_change_are_told_with_the_pods_that_keep_the_old_ones() {
    let map = |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata: {{mode: {value}}}\n---\n");
    let reads = set("", "", "", "        envFrom: [{configMapRef: {name: conf}}]\n");
    let plan = applied(&format!("{}{SERVICE}{reads}", map("a")), &format!("{}{SERVICE}{reads}", map("b")));
    says(&plan, &["Changed beside the sets: configmap/conf (data.mode)", "kubectl rollout restart statefulset/db"]);
    let same = applied(&format!("{}{SERVICE}{reads}", map("a")), &format!("{}{SERVICE}{reads}", map("a")));
    assert!(!told_of(&same).contains("Changed beside"), "{}", told_of(&same));
}

#[test]
fn a_service_that_selects_nothing_any_more_and_one_that_is_new_are_told() {
    let other = SERVICE.replace("selector: {app: db}", "selector: {app: gone}");
    let new = SERVICE.replace("name: db", "name: more");
    let plan = applied(&format!("{SERVICE}{}", plain()), &format!("{other}{new}{}", plain()));
    says(&plan, &["svc/db selects no pod any more", "New beside the sets: svc/more"]);
    assert_eq!(plan.given.outcome.end, End::Amiss);
}

#[test]
fn claims_beside_the_sets_are_told_to_go_with_their_volumes() {
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: extra}\n\
                 spec: {storageClassName: network-disk, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\n";
    let plan = typed(&format!("{claim}{SERVICE}{}", plain()), &["kubectl delete pvc extra"]);
    says(&plan, &["Gone for good beside the sets: pvc/extra, and 1 volume"]);
    assert!(plan.findings().contains(&Finding::Data));
}

#[test]
fn budgets_that_hold_a_drain_hold_no_rollout_or_hold_everything_are_told() {
    let budget = |least: u8| {
        format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: guard}}\n\
             spec: {{minAvailable: {least}, selector: {{matchLabels: {{app: db}}}}}}\n---\n"
        )
    };
    let parallel = set("", "  podManagementPolicy: Parallel\n  updateStrategy: {rollingUpdate: {maxUnavailable: 3}}\n", "", "");
    let rolled =
        applied(&format!("{}{SERVICE}{parallel}", budget(2)), &format!("{}{SERVICE}{}", budget(2), parallel.replace("db:1", "db:2")));
    says(&rolled, &["pdb/guard holds back evictions, not the rollout of db", "maxUnavailable: 3 of db counts where the feature gate"]);
    let fewer = typed(&format!("{}{SERVICE}{}", budget(2), plain()), &["kubectl scale sts db --replicas=2"]);
    says(&fewer, &["pdb/guard asks for 2 of the 2 pods of db"]);
    let restarted = typed(&format!("{}{SERVICE}{}", budget(3), plain()), &["kubectl rollout restart sts/db"]);
    says(&restarted, &["pdb/guard holds back evictions, not the rollout of db"]);
    let drained = typed(&format!("{}{SERVICE}{}", budget(3), plain()), &["kubectl drain node-1 --ignore-daemonsets"]);
    says(&drained, &["This line does not end", "pdb/guard does not let", "3 of 3 that it asks for are healthy"]);
}

/// A partition is counted from the first ordinal, wherever that is.
#[test]
fn a_partition_of_a_set_that_starts_later_holds_as_many_pods() {
    let held = |start: u8| {
        let more = format!("  ordinals: {{start: {start}}}\n  updateStrategy: {{rollingUpdate: {{partition: 3}}}}\n");
        let set = set("", &more, "", "");
        applied(&format!("{SERVICE}{set}"), &format!("{SERVICE}{}", set.replace("db:1", "db:2")))
    };
    for start in [0, 5] {
        says(&held(start), &["No pod gets the new revision: the partition is 3."]);
        says_not(&held(start), &["No container of db has a readinessProbe"]);
    }
}

#[test]
fn who_owns_a_set_and_what_a_new_probe_may_do_is_told() {
    let owned = ", ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: shop, uid: u1, controller: true}]";
    let plan = typed(&format!("{SERVICE}{}", set(owned, "", "", "")), &["kubectl scale sts db --replicas=4"]);
    says(&plan, &["Shop/shop owns db"]);
    let probe = "        startupProbe: {tcpSocket: {port: 80}, periodSeconds: 5, failureThreshold: 6}\n";
    let probed = applied(&format!("{SERVICE}{}", plain()), &format!("{SERVICE}{}", set("", "", "", probe)));
    says(&probed, &["startupProbe of c in db is new, and taken to pass. If it fails for 30 s"]);
}

#[test]
fn pods_that_lose_their_labels_stay_and_hold_their_names() {
    let plan = typed(&format!("{SERVICE}{}", plain()), &["kubectl label pod db-1 app=other --overwrite"]);
    says(&plan, &["No longer of db", "db-1", "With the old labels it takes them back"]);
}

#[test]
fn members_that_a_list_does_not_name_are_told() {
    let listed = set("", "", "", "        args: [--initial-cluster=db-0=http://db-0.db:1,db-1=http://db-1.db:1,db-2=http://db-2.db:1]\n");
    let more = typed(&format!("{SERVICE}{listed}"), &["kubectl scale sts db --replicas=5"]);
    says(&more, &["The settings of db name 3 members, and not db-3, db-4"]);
    let two = typed(&format!("{SERVICE}{listed}"), &["kubectl scale sts db --replicas=2"]);
    says(&two, &["Of 3 members of db, 2 are left, and 2 are a majority: the loss of one more takes the quorum"]);
    let one = typed(&format!("{SERVICE}{listed}"), &["kubectl scale sts db --replicas=1"]);
    says(&one, &["Of 3 members of db, 1 is left"]);
    assert_eq!((more.given.outcome.end, one.given.outcome.end), (End::Amiss, End::Amiss));
}

#[test]
fn what_a_cluster_has_is_read_of_what_it_printed() {
    // A claim that is bound to a volume that nobody shows, and a Service with an address of that cluster.
    let bound = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d-db-0, uid: u1}\n\
                 spec: {storageClassName: disk, volumeName: pv-1, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n\
                 status: {phase: Bound}\n---\n";
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: disk, accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let own = SERVICE.replace("clusterIP: None", "clusterIP: 10.43.7.9, clusterIPs: [10.43.7.9]");
    let plan = typed(&format!("{bound}{own}{}", set("", claims, "", "")), &["kubectl delete pod db-0"]);
    assert_eq!(plan.given.outcome.end, End::Settled, "{}", told_of(&plan));
    let headless = applied(&format!("{own}{}", plain()), &format!("{SERVICE}{}", plain()));
    says(&headless, &["may not change once set", "kubectl delete service db"]);
}

#[test]
fn old_pods_that_may_take_long_to_end_are_told() {
    let slow = |image: &str| set("", "", "      terminationGracePeriodSeconds: 600\n", "").replace("db:1", image);
    let plan = applied(&format!("{SERVICE}{}", slow("db:1")), &format!("{SERVICE}{}", slow("db:2")));
    says(&plan, &["Old pods of db have up to 600 s each to end"]);
    let quick = applied(&format!("{SERVICE}{}", plain()), &format!("{SERVICE}{}", plain().replace("db:1", "db:2")));
    assert!(!told_of(&quick).contains("s each to end"), "{}", told_of(&quick));
}

#[test]
fn settings_under_on_delete_are_read_by_pods_that_are_deleted_by_hand() {
    let map = |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata: {{mode: {value}}}\n---\n");
    let reads = set("", "  updateStrategy: {type: OnDelete}\n", "", "        envFrom: [{configMapRef: {name: conf}}]\n");
    let plan = applied(&format!("{}{SERVICE}{reads}", map("a")), &format!("{}{SERVICE}{reads}", map("b")));
    says(&plan, &["kubectl delete pod db-2, kubectl delete pod db-1, kubectl delete pod db-0 does, one pod after another"]);
}
