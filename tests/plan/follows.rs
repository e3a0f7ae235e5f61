//! What follows of a change where no pod moves at once, what is left over, and what of a wish a way does not reach.

use super::beside::{SERVICE, applied, plain, says, says_not, set, told_of, typed};
use ordinal::plan::Finding;
use ordinal::plan::course::End;
use ordinal::text::plan::Way;

const CLAIMS: &str = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {accessModes: [ReadWriteOnce], \
                      resources: {requests: {storage: 1Gi}}}\n";
const SCALER: &str = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: db}\nspec: {minReplicas: 5, \
                      maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}}\n---\n";

fn budget(name: &str, least: u8) -> String {
    format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: {name}}}\n\
         spec: {{minAvailable: {least}, selector: {{matchLabels: {{app: db}}}}}}\n---\n"
    )
}

/// A set whose pods mount their claims.
fn with_claims(spec: &str) -> String {
    set("", &format!("{CLAIMS}{spec}"), "", "        volumeMounts: [{name: d, mountPath: /data}]\n")
}

#[test]
fn lines_after_one_that_failed_are_typed_and_the_course_that_stops_is_told() {
    let lines = ["kubectl patch sts db -p '{\"spec\":{\"serviceName\":\"other\"}}'", "kubectl scale sts db --replicas=1"];
    let plan = typed(&format!("{SERVICE}{}", plain()), &lines);
    says(&plan, &["Typed all the same after that", "Removed, in this order: db-2, db-1", "Stopped at the line that fails:"]);
    assert!(plan.stopped().is_some_and(|course| course.outcome.sets.is_empty()));
    says_not(&typed(&format!("{SERVICE}{}", plain()), &lines[1..]), &["Typed all the same", "Stopped at"]);
}

#[test]
fn a_patch_to_on_delete_is_offered_without_the_rest_of_the_old_strategy() {
    let patch = r#"kubectl patch sts db -p '{"spec":{"updateStrategy":{"type":"OnDelete"}}}'"#;
    let plan = typed(&format!("{SERVICE}{}", plain()), &[patch, "kubectl set image sts/db c=example.com/db:2"]);
    says(&plan, &["only allowed for updateStrategy 'RollingUpdate'", "Replaced, in this order: db-2, db-1, db-0"]);
    let offered = plan.offered().next().map(|course| (course.way, course.outcome.summary().replaced));
    assert_eq!(offered, Some((Way::NoRolling, 0)), "{}", told_of(&plan));
}

#[test]
fn claims_that_a_way_does_not_change_are_told_with_it() {
    let other = with_claims("").replace("ReadWriteOnce", "ReadWriteOncePod");
    let plan = applied(&format!("{SERVICE}{}", with_claims("")), &format!("{SERVICE}{other}"));
    says(&plan, &["Only new ones get what the template asks for: 1Gi ReadWriteOncePod", "Nor can accessModes of a claim be patched"]);
    let empty = set("", "", "      volumes: [{name: d, emptyDir: {}}]\n", "        volumeMounts: [{name: d, mountPath: /data}]\n");
    let plan = applied(&format!("{SERVICE}{}", with_claims("")), &format!("{SERVICE}{empty}"));
    says(&plan, &["No pod of db uses pvc/d-db-", "/data begins empty, on a volume that goes with its pod each time"]);
    let image = with_claims("").replace("db:1", "db:2");
    says_not(&applied(&format!("{SERVICE}{}", with_claims("")), &format!("{SERVICE}{image}")), &["Nor can", "No pod of db uses"]);
}

#[test]
fn fields_that_are_taken_away_from_claim_templates_are_named() {
    let plan = applied(
        &format!("{SERVICE}{}", with_claims("").replace("accessModes", "storageClassName: disk, accessModes")),
        &format!("{SERVICE}{}", with_claims("")),
    );
    says(&plan, &["volumeClaimTemplates[d].spec.storageClassName: disk -> -", "With these as they were, the rest of the change is taken"]);
}

#[test]
fn claims_that_are_left_over_are_named_and_come_back_with_their_data() {
    let before = format!("{SERVICE}{}", with_claims(""));
    let fewer = typed(&before, &["kubectl scale sts db --replicas=2"]);
    says(&fewer, &["Left over, of no pod that db wants: pvc/d-db-2"]);
    says_not(&typed(&before, &["kubectl scale sts db --replicas=4"]), &["Left over", "With the old data"]);
    let left = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d-db-3}\nspec: {storageClassName: disk, volumeName: pv-3, \
                accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\nstatus: {phase: Bound}\n---\n";
    let more = typed(&format!("{left}{before}"), &["kubectl scale sts db --replicas=4"]);
    says(&more, &["With the old data of pvc/d-db-3: db-3", "Kept: 4 claims and 4 volumes"]);
}

#[test]
fn an_autoscaler_that_goes_or_comes_is_told_with_the_number() {
    let gone = typed(&format!("{SCALER}{SERVICE}{}", plain()), &["kubectl delete hpa db"]);
    says(&gone, &["nobody scales db any more", "no former number comes back"]);
    let new = applied(&format!("{SERVICE}{}", plain()), &format!("{SERVICE}{SCALER}{}", plain()));
    says(&new, &["brings db to 5 at once, and keeps it between 5 and 9"]);
    says_not(&typed(&format!("{SCALER}{SERVICE}{}", plain()), &["kubectl delete pod db-0"]), &["nobody scales", "keeps it between"]);
}

#[test]
fn names_resolve_from_the_moment_their_service_is_there() {
    let plan = applied(&plain(), &format!("{SERVICE}{}", plain()));
    says(&plan, &["resolve from now on, without a restart", "db-0.db.default.svc"]);
    says_not(&applied(&format!("{SERVICE}{}", plain()), &format!("{SERVICE}{}", plain())), &["resolve from now on"]);
}

#[test]
fn budgets_that_come_go_or_are_two_are_told() {
    let before = format!("{SERVICE}{}", plain());
    says(&applied(&before, &format!("{}{before}", budget("guard", 2))), &["holds back evictions of db from now on", "1 of 3 may go"]);
    let tight = applied(&before, &format!("{}{before}", budget("guard", 3)));
    says(&tight, &["it lets none go"]);
    let gone = typed(&format!("{}{before}", budget("guard", 2)), &["kubectl delete pdb guard"]);
    says(&gone, &["no budget holds back evictions of db any more"]);
    let two = typed(&format!("{}{}{before}", budget("guard", 2), budget("other", 1)), &["kubectl drain node-1 --ignore-daemonsets"]);
    says(&two, &["select the same pods of db", "Still cordoned after that: node-1", "kubectl uncordon node-1"]);
    assert_eq!((tight.given.outcome.end, two.given.outcome.end), (End::Amiss, End::Amiss));
}

#[test]
fn metadata_of_a_set_moves_no_pod_and_a_floating_tag_is_not_pulled_again() {
    let named = |value: &str| set(&format!(", annotations: {{roll: \"{value}\"}}"), "", "", "").replace("db:1", "db:stable");
    let plan = applied(&format!("{SERVICE}{}", named("1")), &format!("{SERVICE}{}", named("2")));
    says(&plan, &["metadata.annotations.roll", "kubectl rollout restart statefulset/db", "does not pull it again"]);
    says_not(&typed(&format!("{SERVICE}{}", plain()), &["kubectl rollout restart sts db"]), &["does not pull it again", "Only metadata"]);
}

#[test]
fn under_on_delete_pods_are_deleted_one_by_one() {
    let by_hand = |image: &str| set("", "  updateStrategy: {type: OnDelete}\n", "", "").replace("db:1", image);
    let plan = applied(&format!("{SERVICE}{}", by_hand("db:1")), &format!("{SERVICE}{}", by_hand("db:2")));
    says(&plan, &["nor by kubectl rollout restart", "kubectl delete pod db-2, kubectl delete pod db-1, kubectl delete pod db-0"]);
    assert_eq!(plan.given.outcome.end, End::Held);
}

#[test]
fn a_rollout_that_readiness_does_not_hold_is_not_judged() {
    let before = format!("{SERVICE}{}", plain());
    let plan = applied(&before, &before.replace("db:1", "db:2"));
    says(&plan, &["No container of db has a readinessProbe", "Whether it goes well is not judged in all"]);
    assert_eq!(plan.findings(), [Finding::Unjudged]);
    let probe = "        readinessProbe: {tcpSocket: {port: 80}}\n        ports: [{containerPort: 80}]\n";
    let probed = format!("{SERVICE}{}", set("", "", "", probe));
    says_not(&applied(&probed, &probed.replace("db:1", "db:2")), &["has a readinessProbe", "not judged in all"]);
    let waits = format!("{SERVICE}{}", set("", "  minReadySeconds: 5\n", "", ""));
    says_not(&applied(&waits, &waits.replace("db:1", "db:2")), &["has a readinessProbe"]);
}

#[test]
fn a_field_at_the_wrong_place_is_told_with_the_right_one() {
    let before = format!("{SERVICE}{}", plain());
    let plan = applied(&before, &before.replace("  replicas: 3\n", "  replicas: 3\n  serviceAccountName: db\n"));
    says(&plan, &["spec.serviceAccountName is known as spec.template.spec.serviceAccountName"]);
}

#[test]
fn a_class_is_made_anew_and_its_volumes_are_changed_one_by_one() {
    let class = |policy: &str| {
        format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: disk}}\nprovisioner: csi.example.com\nreclaimPolicy: {policy}\n---\n"
        )
    };
    let own = with_claims("").replace("accessModes", "storageClassName: disk, accessModes");
    let plan = applied(&format!("{}{SERVICE}{own}", class("Delete")), &format!("{}{SERVICE}{own}", class("Retain")));
    says(&plan, &["delete disk and make it anew", r#"-p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'"#]);
}

#[test]
fn sets_under_one_budget_that_roll_at_once_are_told_together() {
    let two = format!("{}{}{SERVICE}{}", budget("guard", 1), plain(), plain().replace("metadata: {name: db}", "metadata: {name: db2}"));
    let apart = two.replacen(
        "matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}",
        "matchLabels: {app: db, n: a}}\n  template:\n    metadata: {labels: {app: db, n: a}}",
        1,
    );
    let plan = applied(&apart, &apart.replace("db:1", "db:2"));
    says(&plan, &["db, db2 roll out at the same time, each on its own", "pdb/guard covers them all"]);
    says_not(&plan, &["holds back evictions, not the rollout of"]);
    assert!(plan.findings().contains(&Finding::Quorum));
    let one = format!("{}{SERVICE}{}", budget("guard", 1), plain());
    says_not(&applied(&one, &one.replace("db:1", "db:2")), &["roll out at the same time"]);
}
