//! Single-node volumes: how they are attached to a pod's node, and detached from another.

use ordinal::api::release::{Release, V1_36, V1_37};

use crate::pods::story::tell_of;

const SET: &str = "
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {serviceName: web, replicas: 1, selector: {matchLabels: {app: web}},
 template: {metadata: {labels: {app: web}}, spec: {containers: [{name: nginx, image: nginx, volumeMounts: [{name: data, mountPath: /data}]}],
   tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]}},
 volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: network-disk,
   resources: {requests: {storage: 1Gi}}}}]}}
";

const DEPLOYMENT: &str = "
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: network-disk, resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: a, image: nginx}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: b}
spec: {containers: [{name: b, image: nginx}], volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]}
";

const PLACES: [(&str, &[&str]); 3] = [("web-0", &["node-2", "node-3", "node-3"]), ("a", &["node-1"]), ("b", &["node-2"])];

/// Plays a story of `web-0`, which has a network volume, and compares its report.
fn check_on(objects: &str, release: &'static Release, lines: &str, want: &[&str]) {
    let told = tell_of(objects, release, &PLACES, &format!("pod web-0; {lines}"));
    assert_eq!(told.lines().collect::<Vec<_>>(), want, "\n{lines}\n{told}");
}

fn check(lines: &str, want: &[&str]) {
    check_on(SET, &V1_37, lines, want);
}

#[test]
fn a_volume_is_attached_before_the_containers_start() {
    check(
        "until ContainerCreating; wait 2; get; attachments; why; until Running; get; attachments; node node-2; events",
        &[
            "web-0 0/1 ContainerCreating 0",
            "pv-data-web-0 node-2 coming",
            "web-0: AttachesVolume",
            "web-0 1/1 Running 0",
            "pv-data-web-0 node-2 attached",
            "attached [\"kubernetes.io/csi/network-disk.example.com^pv-data-web-0\"], in use [\"kubernetes.io/csi/network-disk.example.com^pv-data-web-0\"]",
            "Warning FailedScheduling: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
            "Warning FailedScheduling: 0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
            "Normal Scheduled: Successfully assigned default/web-0 to node-2",
            "Normal SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"pv-data-web-0\" ",
            "Normal Pulling containers{nginx}: Pulling image \"nginx\"",
            "Normal Pulled containers{nginx}: Successfully pulled image \"nginx\" in 2.5s (2.5s including waiting). Image size: 72955450 bytes.",
            "Normal Created containers{nginx}: Container created",
            "Normal Started containers{nginx}: Container started",
        ],
    );
}

#[test]
fn a_volume_leaves_with_the_last_pod_that_needs_it() {
    check(
        "until Running; kubectl scale statefulset web --replicas=0; wait 5; attachments; wait 20; attachments; node node-2",
        &["pv-data-web-0 node-2 attached", "none", "attached [], in use []"],
    );
}

#[test]
fn from_a_silent_node_a_volume_is_taken_after_six_minutes() {
    check(
        "until Running; cut node-2; wait 70; force; wait 5; get; said FailedAttachVolume; why; wait 340; get; attachments; wait 17; attachments; \
         until Running; get; said SuccessfulAttachVolume; running",
        &[
            "web-0 0/1 ContainerCreating 0",
            "Warning FailedAttachVolume: Waiting for detach for volume \"pv-data-web-0\" Volume is already exclusively attached to one node, \
             waiting on detach before it can be attached to another node",
            "web-0: WaitsForDetach, pv-data-web-0: WaitsForUnmount, node-2: NodeIsEmptied",
            "web-0 0/1 ContainerCreating 0",
            "pv-data-web-0 node-2 attached",
            "pv-data-web-0 node-2 leaving",
            "web-0 1/1 Running 0",
            "Normal SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume \"pv-data-web-0\" ",
            "nginx nginx",
        ],
    );
}

#[test]
fn the_wait_for_a_volume_ends_when_its_node_comes_back_or_is_said_to_be_off() {
    for act in ["heal node-2", "kubectl taint nodes node-2 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"] {
        check(
            &format!("until Running; cut node-2; wait 70; force; wait 5; why; {act}; wait 40; get"),
            &["web-0: WaitsForDetach, pv-data-web-0: WaitsForUnmount, node-2: NodeIsEmptied", "web-0 1/1 Running 0"],
        );
    }
}

#[test]
fn out_of_service_frees_pod_and_volume_at_once() {
    check(
        "until Running; cut node-2; wait 60; kubectl taint nodes node-2 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute; wait 45; get",
        &["web-0 1/1 Running 0"],
    );
}

#[test]
fn a_deleted_node_keeps_its_volumes_for_six_minutes() {
    check(
        "until Running; cut node-2; kubectl delete node node-2 --wait=false; wait 100; get; wait 250; get; wait 120; get",
        &["web-0 0/1 ContainerCreating 0", "web-0 0/1 ContainerCreating 0", "web-0 1/1 Running 0"],
    );
}

#[test]
fn a_volume_that_a_pod_uses_elsewhere_is_refused_in_the_words_of_the_release() {
    for (release, words) in [
        (&V1_37, "Waiting for detach for volume \"pv-data\" Volume is already used by pod(s) a"),
        (&V1_36, "Multi-Attach error for volume \"pv-data\" Volume is already used by pod(s) a"),
    ] {
        check_on(
            DEPLOYMENT,
            release,
            "wait 30; pod a; get; pod b; get; said FailedAttachVolume; why; pod a; delete; pod b; wait 30; get",
            &[
                "a 1/1 Running 0",
                "b 0/1 ContainerCreating 0",
                &format!("Warning FailedAttachVolume: {words}"),
                "b: WaitsForDetach, a: PodIsReady",
                "b 1/1 Running 0",
            ],
        );
    }
    check_on(
        SET,
        &V1_36,
        "until Running; cut node-2; wait 70; force; wait 5; said FailedAttachVolume",
        &[
            "Warning FailedAttachVolume: Multi-Attach error for volume \"pv-data-web-0\" Volume is already exclusively attached to one node and \
           can't be attached to another",
        ],
    );
}

/// A statically provisioned volume with a class of its own.
fn by_hand(source: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: disk}}, spec: {{capacity: {{storage: 1Gi}}, accessModes: [ReadWriteOnce], \
         storageClassName: hand, persistentVolumeReclaimPolicy: Delete, {source}}}}}\n---\n\
         {{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: {{accessModes: [ReadWriteOnce], storageClassName: hand, \
         resources: {{requests: {{storage: 1Gi}}}}}}}}"
    )
}

#[test]
fn a_volume_made_by_hand_is_deleted_as_far_as_the_control_plane_can() {
    for (source, word) in [
        ("hostPath: {path: /mnt/data}", "Failed host_path deleter only supports /tmp/.+ but received provided /mnt/data"),
        (
            "nfs: {server: a, path: /b}",
            "Failed error getting deleter volume plugin for volume \"disk\": no deletable volume plugin matched",
        ),
        ("hostPath: {path: /tmp/data}", "gone"),
        ("csi: {driver: a.b.c, volumeHandle: a}", "Released"),
        (
            "local: {path: /a}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: DoesNotExist}]}]}}",
            "Failed error getting deleter volume plugin for volume \"disk\": no volume plugin matched",
        ),
    ] {
        check_on(&by_hand(source), &V1_37, "wait 20; kubectl delete pvc data; wait 20; volume disk", &[word]);
    }
}

#[test]
fn a_claim_that_names_a_volume_has_to_suit_it() {
    for (claim, why) in [
        ("storageClassName: hand, resources: {requests: {storage: 2Gi}}, accessModes: [ReadWriteOnce]", "requested PV is too small"),
        ("storageClassName: '', resources: {requests: {storage: 1Gi}}, accessModes: [ReadWriteOnce]", "storageClassName does not match"),
        ("storageClassName: hand, resources: {requests: {storage: 1Gi}}, accessModes: [ReadWriteMany]", "incompatible accessMode"),
        (
            "storageClassName: hand, resources: {requests: {storage: 1Gi}}, accessModes: [ReadWriteOnce], volumeMode: Block",
            "incompatible volumeMode",
        ),
    ] {
        let (volume, _) = by_hand("hostPath: {path: /mnt/data}").split_once("---").map(|(v, c)| (v.to_owned(), c.to_owned())).expect("two");
        let claim =
            format!("{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: {{volumeName: disk, {claim}}}}}");
        let said = format!("Warning VolumeMismatch: Cannot bind to requested volume \"pv-data\": {why}");
        check_on(&format!("{volume}---\n{claim}"), &V1_37, "wait 20; pod data; said VolumeMismatch", &[&said]);
    }
}

#[test]
fn a_claim_grows_where_its_class_allows_it() {
    let grow = "kubectl patch pvc data --type=merge -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"2Gi\"}}}}'";
    check_on(
        DEPLOYMENT,
        &V1_37,
        &format!(
            "wait 20; say {grow}; kubectl patch storageclass network-disk -p '{{\"allowVolumeExpansion\":true}}'; say {grow}; wait 10; \
                  say kubectl get pvc data -o jsonpath={{.status.capacity.storage}}; pod data; said ExternalExpanding; said FileSystemResizeSuccessful"
        ),
        &[
            "Error from server (Forbidden): persistentvolumeclaims \"data\" is forbidden: only dynamically provisioned pvc can be resized and the \
             storageclass that provisions the pvc must support resize",
            "persistentvolumeclaim/data patched",
            "2Gi",
            "Normal ExternalExpanding: waiting for an external controller to expand this PVC",
            "Normal FileSystemResizeSuccessful: MountVolume.NodeExpandVolume succeeded for volume \"pv-data\" node-1",
        ],
    );
}

#[test]
fn what_was_once_part_of_kubernetes_is_a_driver_now_or_nothing() {
    for (provisioner, said) in [
        ("kubernetes.io/aws-ebs", "Normal ProvisioningSucceeded: Successfully provisioned volume pv-data"),
        ("kubernetes.io/no-provisioner", "Warning ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner"),
        ("kubernetes.io/glusterfs", "Warning ProvisioningFailed: no volume plugin matched name: kubernetes.io/glusterfs"),
        ("kubernetes.io/nfs", "Warning ProvisioningFailed: no provisionable volume plugin matched"),
    ] {
        let objects = format!(
            "{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: old}}, provisioner: {provisioner}}}\n---\n\
             {{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: {{accessModes: [ReadWriteOnce], \
             storageClassName: old, resources: {{requests: {{storage: 1Gi}}}}}}}}"
        );
        let reason = said.split([' ', ':']).nth(1).expect("a reason");
        check_on(&objects, &V1_37, &format!("provisioner ebs.csi.aws.com; wait 20; pod data; said {reason}"), &[said]);
    }
    let driver = "kubectl get pv -o jsonpath={.items[*].spec.csi.driver}{.items[*].metadata.annotations}";
    let class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: old}, provisioner: kubernetes.io/gce-pd}";
    check_on(
        &format!("{class}\n---\n{}", DEPLOYMENT.replace("network-disk", "old")),
        &V1_37,
        &format!("wait 20; say {driver}; provisioner kubernetes.io/gce-pd; wait 20; say {driver}"),
        &["", "pd.csi.storage.gke.io{\"pv.kubernetes.io/provisioned-by\":\"pd.csi.storage.gke.io\"}"],
    );
}

#[test]
fn a_provisioner_that_does_not_run_makes_no_volume_until_it_does() {
    let pod = DEPLOYMENT.split("---").nth(1).expect("a pod");
    for (mode, pending) in [
        ("Immediate", "a: Unschedulable, data: NoProvisionerRuns"),
        ("WaitForFirstConsumer", "a: WaitsForVolumes, data: NoProvisionerRuns"),
    ] {
        let objects = format!(
            "{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: far}}, provisioner: nobody.example.com/nfs, \
             volumeBindingMode: {mode}}}\n---\n{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: \
             {{accessModes: [ReadWriteMany], storageClassName: far, resources: {{requests: {{storage: 1Gi}}}}}}}}\n---{pod}"
        );
        let waits = "Waiting for a volume to be created either by the external provisioner 'nobody.example.com/nfs' or manually by the system \
                     administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.";
        let said = format!("Normal ExternalProvisioning: {waits}");
        check_on(
            &objects,
            &V1_37,
            "wait 5; pod a; get; why; pod data; said ExternalProvisioning; provisioner nobody.example.com/nfs; pod a; until Running; get",
            &["a 0/1 Pending 0", pending, &said, "a 1/1 Running 0"],
        );
    }
}

#[test]
fn a_folder_of_a_node_is_for_one_node_only() {
    for (fields, why) in [
        ("accessModes: [ReadWriteMany]", "NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes"),
        ("accessModes: [ReadWriteOnce], selector: {matchLabels: {a: b}}", "claim.Spec.Selector is not supported"),
    ] {
        let claim = DEPLOYMENT.split("---").nth(1).expect("a pod").replace("b}", "data}");
        let objects = format!(
            "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: data}}, spec: {{storageClassName: local-path, {fields}, \
             resources: {{requests: {{storage: 1Gi}}}}}}}}\n---{claim}"
        );
        let said = format!("Warning ProvisioningFailed: failed to provision volume with StorageClass \"local-path\": {why}");
        check_on(&objects, &V1_37, "wait 30; pod a; get; pod data; said ProvisioningFailed", &["a 0/1 Pending 0", &said]);
    }
}

#[test]
fn a_disk_that_waits_for_its_pod_is_of_a_node_only_where_its_provisioner_makes_folders() {
    let class = |provisioner: &str| {
        let class = format!(
            "{{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {{name: waits}}, provisioner: {provisioner}, \
             volumeBindingMode: WaitForFirstConsumer}}"
        );
        format!("{class}\n---{}", SET.replace("network-disk", "waits"))
    };
    let moves = "until Running; say kubectl get pv -o jsonpath={.items[0].spec.csi.driver}{.items[0].spec.hostPath.type}; \
                 kubectl drain node-2 --delete-emptydir-data; wait 60; get";
    let runs = |provisioner: &str| format!("provisioner {provisioner}; {moves}");
    check_on(&class("ebs.csi.aws.com"), &V1_37, &runs("ebs.csi.aws.com"), &["ebs.csi.aws.com", "web-0 1/1 Running 0"]);
    for local in ["rancher.io/local-path", "docker.io/hostpath"] {
        check_on(&class(local), &V1_37, &runs(local), &["DirectoryOrCreate", "web-0 0/1 Pending 0"]);
    }
}

/// A pod with a volume that describes its claim.
const SCRATCH: &str = "
apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers: [{name: a, image: nginx, volumeMounts: [{name: scratch, mountPath: /s}]}]
  volumes:
  - name: scratch
    ephemeral:
      volumeClaimTemplate:
        metadata: {labels: {kept: 'no'}}
        spec: {accessModes: [ReadWriteOnce], storageClassName: network-disk, resources: {requests: {storage: 1Gi}}}
";

#[test]
fn an_ephemeral_volume_has_a_claim_that_comes_and_goes_with_its_pod() {
    let claims = "say kubectl get pvc -o jsonpath={.items[*].metadata.name}/{.items[*].metadata.ownerReferences[0].kind}/{.items[*].metadata.labels}";
    check_on(
        SCRATCH,
        &V1_37,
        &format!("pod a; until Running; {claims}; kubectl delete pod a; wait 60; say kubectl get pvc"),
        &["a-scratch/Pod/{\"kept\":\"no\"}", "No resources found in default namespace."],
    );
}

#[test]
fn a_claim_in_the_way_of_an_ephemeral_volume_is_another_s_until_it_is_gone() {
    let before = DEPLOYMENT.split("---").next().expect("a claim").replace("{name: data}", "{name: a-scratch}");
    check_on(
        &format!("{before}\n---\n{SCRATCH}"),
        &V1_37,
        "pod a; wait 20; said FailedBinding; why; kubectl delete pvc a-scratch; wait 60; get",
        &[
            "Warning FailedBinding: ephemeral volume scratch: PVC default/a-scratch was not created for pod default/a (pod is not owner)",
            "a: SyncFailed",
            "a 1/1 Running 0",
        ],
    );
}

#[test]
fn a_set_s_pod_that_comes_back_gets_another_ephemeral_claim() {
    let volume = SCRATCH.split("volumes:\n").nth(1).expect("its volume").replace("\n  ", "\n     ");
    let set = format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: web}}\nspec:\n  serviceName: web\n  selector: {{matchLabels: {{app: web}}}}\n  \
         template:\n    metadata: {{labels: {{app: web}}}}\n    spec:\n     containers: [{{name: nginx, image: nginx}}]\n     volumes:\n   {volume}"
    );
    let uid = "say kubectl get pvc web-0-scratch -o jsonpath={.metadata.ownerReferences[0].name}";
    check_on(
        &set,
        &V1_37,
        &format!("until Running; {uid}; delete; wait 90; get; {uid}; said FailedBinding"),
        &[
            "web-0",
            "web-0 1/1 Running 0",
            "web-0",
            "Warning FailedBinding: ephemeral volume scratch: PVC default/web-0-scratch was not created for pod default/web-0 (pod is not owner)",
            // A retry comes while the claim is being made, and what sees to it does not see that yet.
            "Warning FailedBinding: ephemeral volume scratch: create PVC web-0-scratch: persistentvolumeclaims \"web-0-scratch\" already exists",
        ],
    );
}
