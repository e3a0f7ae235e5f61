//! What becomes of data, as far as a text tells: volumes that go, that no node reaches any more, copies that know nothing of each other.
//! And what the cluster is taken to have, so that a plan does not fail for what was only assumed.

use super::beside::{SERVICE, applied, says, set, told_of, typed};
use ordinal::api::release::V1_37;
use ordinal::plan::case::Case;
use ordinal::plan::course::End;
use ordinal::plan::{Change, Finding};

const CLAIMS: &str = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {storageClassName: disks, accessModes: [ReadWriteOnce], \
                      resources: {requests: {storage: 1Gi}}}\n";
const MOUNT: &str = "        volumeMounts: [{name: d, mountPath: /data}]\n";

/// A node, and a set of one pod with its claim and its volume, as a server prints them without annotations.
fn printed(volume: &str, spec: &str) -> String {
    let node = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, uid: 5a1d0c22-0000-4000-8000-0000000000{name}, labels: \
             {{kubernetes.io/hostname: {name}}}}}\nstatus: {{allocatable: {{cpu: \"8\", memory: 30Gi, pods: \"110\"}}, conditions: [{{type: \
             Ready, status: \"True\"}}]}}\n---\n"
        )
    };
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: disks}\nprovisioner: disk.example.com\n---\n";
    let uid = "83d8d001-7ad2-42a4-984e-a378e6cb09d2";
    let claim = format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: d-db-0, namespace: default, uid: {uid}, labels: {{app: db}}}}\nspec: \
         {{storageClassName: disks, accessModes: [ReadWriteOnce], volumeName: {volume}, resources: {{requests: {{storage: 1Gi}}}}}}\nstatus: \
         {{phase: Bound, accessModes: [ReadWriteOnce], capacity: {{storage: 1Gi}}}}\n---\n"
    );
    let volume = format!(
        "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {volume}, uid: 83d8d001-7ad2-42a4-984e-a378e6cb09d3}}\nspec: \
         {{storageClassName: disks, accessModes: [ReadWriteOnce], capacity: {{storage: 1Gi}}, {spec}, claimRef: {{kind: \
         PersistentVolumeClaim, namespace: default, name: d-db-0, uid: {uid}}}}}\nstatus: {{phase: Bound}}\n---\n"
    );
    let of =
        set(", uid: 5a1d0c22-0000-4000-8000-0000000000a1, namespace: default", CLAIMS, "", MOUNT).replace("replicas: 3", "replicas: 1");
    let status = "status: {observedGeneration: 3, replicas: 1, readyReplicas: 1, currentRevision: db-a, updateRevision: db-a}\n---\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: db-0, namespace: default, uid: 5a1d0c22-0000-4000-8000-0000000000b1, labels: {app: \
               db, controller-revision-hash: db-a, statefulset.kubernetes.io/pod-name: db-0}, ownerReferences: [{apiVersion: apps/v1, kind: \
               StatefulSet, name: db, uid: 5a1d0c22-0000-4000-8000-0000000000a1, controller: true}]}\nspec: {nodeName: n-a, containers: \
               [{name: c, image: example.com/db:1, volumeMounts: [{name: d, mountPath: /data}]}], volumes: [{name: d, \
               persistentVolumeClaim: {claimName: d-db-0}}]}\nstatus: {phase: Running, conditions: [{type: Ready, status: \"True\"}]}\n---\n";
    format!("{}{}{class}{SERVICE}{}{status}{pod}{claim}{volume}", node("n-a"), node("n-b"), of.trim_end_matches("---\n"))
}

#[test]
fn a_volume_that_a_provisioner_made_goes_with_its_claim_though_nobody_printed_its_annotations() {
    let made = "pvc-83d8d001-7ad2-42a4-984e-a378e6cb09d2";
    let lines = ["kubectl scale sts db --replicas=0", "kubectl delete pvc d-db-0"];
    let loses = |volume: &str, policy: &str| {
        let spec = format!("persistentVolumeReclaimPolicy: {policy}, csi: {{driver: disk.example.com, volumeHandle: h}}");
        let plan = typed(&printed(volume, &spec), &lines);
        (plan.findings().contains(&Finding::Data), told_of(&plan))
    };
    let (lost, told) = loses(made, "Delete");
    assert!(lost, "{told}");
    let (lost, told) = loses(made, "Retain");
    assert!(!lost, "{told}");
    // Whoever gives a volume a name of his own has made it by hand.
    let (lost, told) = loses("disk-1", "Delete");
    assert!(!lost, "{told}");
}

#[test]
fn a_volume_of_a_node_that_is_gone_is_not_offered_again() {
    let affinity = "nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: \
                    [n-a]}]}]}}";
    let before = printed("disk-1", &format!("persistentVolumeReclaimPolicy: Retain, local: {{path: /disk}}, {affinity}"));
    let lines = ["kubectl delete node n-a", "kubectl delete pvc d-db-0 --wait=false", "kubectl delete pod db-0 --force"];
    let plan = typed(&before, &lines);
    says(&plan, &["No node is left that reaches the old volume"]);
    assert!(!told_of(&plan).contains("claimRef"), "{}", told_of(&plan));
    let stays = typed(&before, &lines[1..]);
    assert!(!told_of(&stays).contains("No node is left"), "{}", told_of(&stays));
}

#[test]
fn claims_beside_the_sets_that_are_made_anew_have_lost_their_data() {
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: extra}\nspec: {storageClassName: network-disk, accessModes: \
                 [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\n";
    let before = format!("{claim}{SERVICE}{}", set("", "", "", ""));
    let case = Case::new(&before, "", &V1_37).beside(vec![("claim.yaml".to_owned(), claim.to_owned())]);
    let planned = |lines: [&str; 2]| {
        let change = Change::Lines(lines.map(str::to_owned).to_vec());
        case.plan(&change).unwrap_or_else(|faults| panic!("{faults:?}"))
    };
    says(&planned(["kubectl delete -f claim.yaml", "kubectl apply -f claim.yaml"]), &["Gone for good beside the sets: pvc/extra"]);
    let kept = planned(["kubectl apply -f claim.yaml", "kubectl apply -f claim.yaml"]);
    assert!(!told_of(&kept).contains("Gone for good"), "{}", told_of(&kept));
}

#[test]
fn more_copies_of_a_store_that_nothing_joins_are_not_judged() {
    let of = |image: &str, env: &str| {
        let set = set("", CLAIMS, "", &format!("{MOUNT}        env: [{{name: A, value: {env}}}]\n")).replace("example.com/db:1", image);
        format!("{SERVICE}{}", set.replace("replicas: 3", "replicas: 1").replace("storageClassName: disks, ", ""))
    };
    let grow = |before: &str| typed(before, &["kubectl scale sts db --replicas=3"]);
    let plan = grow(&of("influxdb:2.7", "x"));
    says(&plan, &["Each pod of db keeps its own influxdb", "nothing copied from the others: db-1, db-2"]);
    assert!(plan.findings().contains(&Finding::Unjudged));
    for before in [of("influxdb:2.7", "replication"), of("example.com/db:1", "x")] {
        assert!(!told_of(&grow(&before)).contains("keeps its own"), "{before}");
    }
}

#[test]
fn a_service_that_leads_to_other_pods_is_told_with_both() {
    let front = |ordinal: u8| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: front}}\nspec: {{selector: {{statefulset.kubernetes.io/pod-name: db-{ordinal}}}, \
             ports: [{{port: 80}}]}}\n---\n"
        )
    };
    let of = |ordinal: u8| format!("{}{SERVICE}{}", front(ordinal), set("", "", "", ""));
    let plan = applied(&of(1), &of(0));
    says(&plan, &["svc/front leads to db-0 now, and no longer to db-1"]);
    assert!(plan.findings().contains(&Finding::Unjudged));
    assert!(!told_of(&applied(&of(1), &of(1))).contains("leads to"));
}

#[test]
fn nodes_have_room_for_what_does_not_fit_only_in_the_second_answer() {
    let of = |memory: &str| format!("{SERVICE}{}", set("", "", "", &format!("        resources: {{requests: {{memory: {memory}}}}}\n")));
    let restart = ["kubectl rollout restart sts db"];
    let plan = typed(&of("7Gi"), &restart);
    assert_eq!(plan.given.outcome.end, End::Settled, "{}", told_of(&plan));
    // Three pods of 7 GiB have each a node of 8.
    says(&plan, &["3 nodes of 4 CPUs and 8.0 GiB each"]);
    let large = typed(&of("9Gi"), &restart);
    says(&large, &["As the files stand:", "3 Insufficient memory", "With nodes of 4 CPUs and 36 GiB"]);
    assert_eq!(large.given.outcome.end, End::Settled, "{}", told_of(&large));
    says(&typed(&of("100Mi"), &restart), &["3 nodes of 4 CPUs and 8.0 GiB each"]);
}

#[test]
fn a_class_that_only_a_later_file_names_is_taken_to_be_there() {
    let after = format!("{SERVICE}{}", set("", CLAIMS, "", MOUNT));
    let case = Case::new(SERVICE, &after, &V1_37).beside(vec![("after.yaml".to_owned(), after)]);
    let plan = case.plan(&Change::Lines(vec!["kubectl apply -f after.yaml".to_owned()])).unwrap_or_else(|faults| panic!("{faults:?}"));
    says(&plan, &["As the files stand:", "StorageClass disks does not exist", "With StorageClass disks, whose volumes every node reaches"]);
    assert_eq!((plan.given.outcome.end, plan.findings()), (End::Settled, vec![Finding::Unjudged]), "{}", told_of(&plan));
}
