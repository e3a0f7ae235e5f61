//! What a text tells of a running cluster is believed: the revisions of its sets, who owns its fields, where its volumes are.

use super::beside::{SERVICE, says, set, told_of, typed};
use ordinal::api::release::V1_37;
use ordinal::causes::command::MANIFEST;
use ordinal::plan::by::asked;
use ordinal::plan::case::Case;
use ordinal::plan::course::Course;
use ordinal::plan::told::lines;
use ordinal::plan::{Change, Plan};
use ordinal::text::plan::{Says, Way};
use ordinal::tools::asked::Options;
use ordinal::tools::tool::Tool;
use ordinal::why::Cause;
use std::rc::Rc;

/// A pod of the set as a server prints it, without what people cut away.
fn pod(ordinal: u8, revision: &str, image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: db-{ordinal}\n  labels: {{app: db, controller-revision-hash: {revision}, \
         statefulset.kubernetes.io/pod-name: db-{ordinal}}}\n  ownerReferences:\n  - {{apiVersion: apps/v1, kind: StatefulSet, name: db, \
         uid: 5a1d0c22-0000-4000-8000-0000000000a1, controller: true}}\nspec:\n  nodeName: n-{ordinal}\n  containers:\n  - name: c\n    \
         image: {image}\nstatus:\n  phase: Running\n  conditions:\n  - {{type: PodScheduled, status: \"True\"}}\n  - {{type: Ready, status: \
         \"True\"}}\n---\n"
    )
}

/// A node that is Ready, with more labels.
fn node(name: &str, labels: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Node\nmetadata:\n  name: {name}\n  labels: {{kubernetes.io/hostname: {name}{labels}}}\nstatus:\n  allocatable: \
         {{cpu: \"8\", memory: 30Gi, pods: \"110\"}}\n  capacity: {{cpu: \"8\", memory: 30Gi, pods: \"110\"}}\n  conditions: [{{type: Ready, \
         status: \"True\"}}]\n---\n"
    )
}

/// A set that runs, of which nobody printed the generation, with a status of two revisions.
fn live(spec: &str, current: &str, update: &str) -> String {
    let nodes: String = (0..3).map(|at| node(&format!("n-{at}"), "")).collect();
    let of = set(", uid: 5a1d0c22-0000-4000-8000-0000000000a1", spec, "", "");
    let status = format!(
        "status: {{observedGeneration: 3, replicas: 3, readyReplicas: 3, currentRevision: {current}, updateRevision: {update}}}\n---\n"
    );
    format!("{nodes}{SERVICE}{}{status}", of.trim_end_matches("---\n"))
}

/// The only set of a course.
fn images(course: &Course) -> Vec<String> {
    let pods = course.outcome.sets.iter().flat_map(|set| &set.watched.pods);
    pods.map(|pod| pod.seen.images.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn the_revision_that_a_status_names_is_that_of_the_template() {
    let pods: String = (0..3).map(|at| pod(at, "db-6b8f5d9c77", "example.com/db:1")).collect();
    let plan = typed(&(live("", "db-6b8f5d9c77", "db-6b8f5d9c77") + &pods), &["kubectl delete pod db-1"]);
    let gone: Vec<&str> = plan.given.outcome.sets.iter().flat_map(|set| &set.watched.replaced).map(|row| &*row.pod).collect();
    assert_eq!(gone, ["db-1"], "{}", told_of(&plan));
    assert!(!told_of(&plan).contains("new revision"), "{}", told_of(&plan));
}

#[test]
fn a_pod_that_is_told_not_to_be_ready_holds_a_rollout_up() {
    let pods = |of: [bool; 3]| -> String {
        let told = |ready: bool, pod: String| {
            if ready { pod } else { pod.replace("type: Ready, status: \"True\"", "type: Ready, status: \"False\"") }
        };
        let probe = "image: example.com/db:1\n    readinessProbe: {tcpSocket: {port: 80}}\n";
        (0..3)
            .zip(of)
            .map(|(at, ready)| told(ready, pod(at, "db-a", "example.com/db:1").replace("image: example.com/db:1\n", probe)))
            .collect()
    };
    let line = "kubectl set image statefulset/db c=example.com/db:2";
    let plan = |ready| typed(&(live("", "db-a", "db-a") + &pods(ready)), &[line]);
    let replaced = |plan: &Plan| plan.given.outcome.sets.iter().map(|set| set.watched.replaced.len()).sum::<usize>();
    assert_eq!(replaced(&plan([true; 3])), 3);
    // What holds it up is what is deleted, wherever that is.
    for (ready, held) in [([true, true, false], "db-2"), ([true, false, true], "db-1")] {
        let plan = plan(ready);
        assert_eq!(replaced(&plan), 0);
        let renewed = plan.offered().find(|course| course.way == Way::Renew).map(|course| lines(course, "").split_off(1));
        assert_eq!(renewed, Some(vec![format!("kubectl delete pod {held}")]), "{}", told_of(&plan));
    }
}

#[test]
fn a_pod_below_the_partition_keeps_the_template_that_pods_of_its_revision_show() {
    let pods = pod(0, "db-old", "example.com/db:0") + &pod(1, "db-old", "example.com/db:0") + &pod(2, "db-new", "example.com/db:1");
    let partition = "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}\n";
    let plan = typed(&(live(partition, "db-old", "db-new") + &pods), &["kubectl delete pod db-0"]);
    assert_eq!(images(&plan.given), ["example.com/db:0", "example.com/db:0", "example.com/db:1"], "{}", told_of(&plan));
}

#[test]
fn a_refused_pod_of_an_old_revision_lacks_what_that_revision_names() {
    let account = |name: &str| format!("apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}}}\n---\n");
    let partition = "  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}\n";
    let before =
        format!("{}{}{SERVICE}{}", account("older"), account("newer"), set("", partition, "      serviceAccountName: older\n", ""));
    let renamed = r#"kubectl patch sts db -p '{"spec":{"template":{"spec":{"serviceAccountName":"newer"}}}}'"#;
    let plan = typed(&before, &[renamed, "kubectl delete sa older", "kubectl delete pod db-0"]);
    says(&plan, &["the old revision that they are made of names the ServiceAccount older", "create serviceaccount older"]);
    assert!(!told_of(&plan).contains("ServiceAccount newer"), "{}", told_of(&plan));
}

#[test]
fn lines_are_typed_one_after_the_other() {
    let plan = typed(&format!("{SERVICE}{}", set("", "", "", "")), &["kubectl rollout restart sts/db", "kubectl delete pod db-0"]);
    let watched = &plan.given.outcome.sets[0].watched;
    let gone: Vec<&str> = watched.replaced.iter().map(|row| &*row.pod).collect();
    assert_eq!((gone.as_slice(), watched.lowest.0), (["db-2", "db-0", "db-1"].as_slice(), 1), "{}", told_of(&plan));
}

#[test]
fn one_claim_of_all_pods_is_attached_to_one_node() {
    let storage = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-one}\nspec: {capacity: {storage: 1Gi}, accessModes: \
                   [ReadWriteOnce], storageClassName: san, claimRef: {namespace: default, name: shared}, csi: {driver: san.example.com, \
                   volumeHandle: v-1}}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: shared}\nspec: {accessModes: \
                   [ReadWriteOnce], storageClassName: san, volumeName: pv-one, resources: {requests: {storage: 1Gi}}}\n---\n";
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                 labelSelector: {matchLabels: {app: db}}}]}}\n      volumes: [{name: d, persistentVolumeClaim: {claimName: shared}}]\n";
    let one = set("", "", apart, "        volumeMounts: [{name: d, mountPath: /d}]\n").replace("replicas: 3", "replicas: 1");
    let plan = typed(&format!("{}{}{storage}{SERVICE}{one}", node("n-0", ""), node("n-1", "")), &["kubectl scale sts db --replicas=3"]);
    assert_eq!(plan.waits.iter().map(|verdict| verdict.cause).collect::<Vec<_>>(), [Cause::MultiAttach], "{}", told_of(&plan));
    says(&plan, &["db-1 stays ContainerCreating (Multi-Attach)", "of its claim shared", "ReadWriteMany", "scale sts db --replicas=1"]);
}

#[test]
fn a_claim_in_another_zone_than_its_pod_is_told_with_how_its_class_binds() {
    let zoned = |name: &str, zone: &str| node(name, &format!(", topology.kubernetes.io/zone: {zone}"));
    let storage = |mode: &str| {
        format!(
            "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: san}}\nprovisioner: san.example.com\nvolumeBindingMode: \
             {mode}\n---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: pv-one}}\nspec: {{capacity: {{storage: 1Gi}}, \
             accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Delete, storageClassName: san, claimRef: {{namespace: default, name: \
             d-db-0}}, csi: {{driver: san.example.com, volumeHandle: v-1}}, nodeAffinity: {{required: {{nodeSelectorTerms: \
             [{{matchExpressions: [{{key: topology.kubernetes.io/zone, operator: In, values: [z-b]}}]}}]}}}}}}\n---\napiVersion: \
             v1\nkind: PersistentVolumeClaim\nmetadata: {{name: d-db-0}}\nspec: {{accessModes: [ReadWriteOnce], storageClassName: san, \
             volumeName: pv-one, resources: {{requests: {{storage: 1Gi}}}}}}\n---\n"
        )
    };
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: san, accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let none = set("", claims, "      nodeSelector: {topology.kubernetes.io/zone: z-a}\n", "").replace("replicas: 3", "replicas: 0");
    let planned = |mode: &str| {
        let before = format!("{}{}{}{SERVICE}{none}", zoned("n-a", "z-a"), zoned("n-b", "z-b"), storage(mode));
        typed(&before, &["kubectl scale sts db --replicas=1"])
    };
    let plan = planned("Immediate");
    says(&plan, &["nodes in z-b reach; db-0 may only go to z-a", "binds Immediate", "WaitForFirstConsumer", "allowedTopologies"]);
    let late = planned("WaitForFirstConsumer");
    says(&late, &["nodes in z-b reach; db-0 may only go to z-a"]);
    assert!(!told_of(&late).contains("binds Immediate"), "{}", told_of(&late));
}

#[test]
fn a_volume_that_no_node_is_left_for_is_told_by_every_word_of_its_affinity() {
    let zoned = |name: &str, disk: &str| node(name, &format!(", topology.kubernetes.io/zone: z-b, disk: {disk}"));
    let storage = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-one}\nspec: {capacity: {storage: 1Gi}, accessModes: \
                   [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, storageClassName: san, claimRef: {namespace: default, name: \
                   d-db-0}, csi: {driver: san.example.com, volumeHandle: v-1}, nodeAffinity: {required: {nodeSelectorTerms: \
                   [{matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [z-b]}, {key: disk, operator: NotIn, \
                   values: [old]}]}]}}}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d-db-0}\nspec: {accessModes: \
                   [ReadWriteOnce], storageClassName: san, volumeName: pv-one, resources: {requests: {storage: 1Gi}}}\n---\n";
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: san, accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let one = set("", claims, "", "").replace("replicas: 3", "replicas: 1");
    let told = |disk: &str| {
        let before = format!("{}{}{storage}{SERVICE}{one}", zoned("n-a", "new"), zoned("n-b", disk));
        told_of(&typed(&before, &["kubectl drain n-a --ignore-daemonsets"]))
    };
    let lost = "is reached only from nodes with topology.kubernetes.io/zone=z-b, and none is left";
    assert!(told("old").contains(lost), "{}", told("old"));
}

/// A set that an autoscaler has scaled, with its managers.
const OWNED: &str = ", managedFields: [{manager: kubectl, operation: Apply, apiVersion: apps/v1, fieldsType: FieldsV1, fieldsV1: {\"f:spec\": \
                     {\"f:serviceName\": {}, \"f:selector\": {}, \"f:template\": {\"f:metadata\": {\"f:labels\": {\"f:app\": {}}}, \"f:spec\": \
                     {\"f:containers\": {'k:{\"name\":\"c\"}': {.: {}, \"f:name\": {}, \"f:image\": {}}}}}}}}, {manager: \
                     kube-controller-manager, operation: Update, apiVersion: apps/v1, subresource: scale, fieldsType: FieldsV1, fieldsV1: \
                     {\"f:spec\": {\"f:replicas\": {}}}}]";

#[test]
fn a_conflict_names_the_owners_that_the_object_shows_and_what_force_comes_to() {
    let before = format!("{SERVICE}{}", set(OWNED, "", "", ""));
    let after = set("", "", "", "").replace("replicas: 3", "replicas: 1").replace("db:1", "db:2");
    let case = Case::new(&before, "", &V1_37).beside(vec![(MANIFEST.to_owned(), after)]);
    let line = format!("kubectl apply --server-side -f {MANIFEST}");
    let plan = case.plan(&Change::Lines(vec![line])).unwrap_or_else(|faults| panic!("{faults:?}"));
    let notes = &plan.given.outcome.notes;
    assert!(notes.iter().any(|says| matches!(says, Says::Conflict { fields, .. } if *fields == [".spec.replicas"])), "{}", told_of(&plan));
    says(&plan, &["kube-controller-manager with subresource scale: .spec.replicas", "Leave these fields out of the file"]);
    says(&plan, &["With `--force-conflicts`:", "Removed, in this order: db-2, db-1.", "Replaced, in this order: db-0."]);
    assert!(!told_of(&plan).contains("kubectl-client-side-apply"), "{}", told_of(&plan));
}

#[test]
fn what_helm_does_not_own_is_taken_over_on_a_copy_and_then_its_fields() {
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: \
                  1Gi}}}\n";
    for (claims, tool, tells, hides) in [
        ("", Tool::Helm3, vec!["With `--take-ownership`:"], "--force-conflicts"),
        ("", Tool::Helm4, vec!["With `--take-ownership`:"], "--force-conflicts"),
        (claims, Tool::Helm3, vec!["With `--take-ownership`:"], "--force-conflicts"),
        (claims, Tool::Helm4, vec![".spec.volumeClaimTemplates", "With `--take-ownership --force-conflicts`:"], "With `--force-conflicts`"),
    ] {
        let text = format!("{SERVICE}{}", set("", claims, "", ""));
        let change = Change::By(Rc::new(asked(tool, None, Options::default(), [&text, &text])));
        let plan = Case::new(&text, "", &V1_37).plan(&change).unwrap_or_else(|faults| panic!("{faults:?}"));
        says(&plan, &["invalid ownership metadata"]);
        says(&plan, &tells);
        assert!(!told_of(&plan).contains(hides), "{}", told_of(&plan));
    }
}

#[test]
fn what_is_called_configured_and_changes_nothing_is_told_so() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: db}\nspec: {minAvailable: 1, selector: {matchLabels: {app: \
                  db}}}\n---\n";
    let before = format!("{SERVICE}{budget}{}", set("", "", "", ""));
    let after = before.replace("serviceName: db", "serviceName: other");
    let change = Change::By(Rc::new(asked(Tool::ArgoCd, None, Options::default(), [&before, &after])));
    let plan = Case::new(&before, "", &V1_37).plan(&change).unwrap_or_else(|faults| panic!("{faults:?}"));
    says(&plan, &["PodDisruptionBudget", "configured", "The tool says configured of what it sends, also where that changes nothing."]);
    says(&plan, &["It is over at once, and something is left to do."]);
}

#[test]
fn the_worst_note_comes_first() {
    let claims = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: network-disk, accessModes: [ReadWriteOnce], \
                  resources: {requests: {storage: 1Gi}}}\n";
    let members = "        args: [\"--initial-cluster=db-0=http://db-0.db:2380,db-1=http://db-1.db:2380,db-2=http://db-2.db:2380\"]\n";
    let plan = typed(&format!("{SERVICE}{}", set("", claims, "", members)), &["kubectl scale sts db --replicas=1"]);
    let told = told_of(&plan);
    let at = |words: &str| told.find(words).unwrap_or_else(|| panic!("{words}: {told}"));
    assert!(at("no quorum") < at("Left over"), "{told}");
}
