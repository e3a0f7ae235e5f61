//! What mounts show: parts of volumes, folders of nodes, and disks whose PersistentVolume objects are gone.

use ordinal::api::release::V1_37;

use crate::pods::story::tell_of;

fn check(objects: &str, lines: &str, want: &[&str]) {
    let told = tell_of(objects, &V1_37, &[], &format!("pod a; until Running; {lines}"));
    assert_eq!(told.lines().collect::<Vec<_>>(), want, "\n{lines}\n{told}");
}

/// A pod with a container whose mounts are given, and volumes.
fn pod(name: &str, mounts: &str, volumes: &str) -> String {
    let node = if name == "c" { "node-2" } else { "node-1" };
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {{nodeSelector: {{kubernetes.io/hostname: {node}}}, containers: [{{name: c, image: nginx, env: [{{name: ME, value: \
         mine}}], volumeMounts: [{mounts}]}}], volumes: [{volumes}]}}}}"
    )
}

const SETTINGS: &str = "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {main.conf: 'one', other.conf: 'two'}}";

#[test]
fn a_part_of_a_volume_is_a_file_or_a_folder_of_it() {
    let mounts = "{name: settings, mountPath: /etc/app/main.conf, subPath: main.conf}, {name: scratch, mountPath: /a, subPath: one}, \
                  {name: scratch, mountPath: /b, subPathExpr: two/$(ME)}, {name: scratch, mountPath: /all}";
    let volumes = "{name: settings, configMap: {name: settings}}, {name: scratch, emptyDir: {}}";
    check(
        &format!("{SETTINGS}\n---\n{}", pod("a", mounts, volumes)),
        "say kubectl exec a -- cat /etc/app/main.conf; say kubectl exec a -- ls -l /etc/app; say kubectl exec a -- ls /b /all/two; \
         kubectl exec a -- sh -c 'echo x > /a/f && echo y > /b/f'; say kubectl exec a -- cat /a/f /b/f /all/one/f /all/two/mine/f; \
         say kubectl exec a -- sh -c 'echo z > /etc/app/main.conf'",
        &[
            "one",
            "total 4",
            "-rw-r--r-- 1 root root    3 Jan  1 00:00 main.conf",
            "/b:",
            "/all/two:",
            "mine",
            "x",
            "y",
            "x",
            "y",
            "sh: 1: cannot create /etc/app/main.conf: Read-only file system",
            "command terminated with exit code 2",
        ],
    );
}

#[test]
fn a_mount_to_read_cannot_be_written_and_processes_start_where_the_container_says() {
    let mounts = "{name: scratch, mountPath: /in, readOnly: true}, {name: scratch, mountPath: /out}, {name: host, mountPath: /host}";
    let volumes = "{name: scratch, emptyDir: {}}, {name: host, hostPath: {path: /mnt/h}}";
    check(
        &pod("a", mounts, volumes).replace("image: nginx,", "image: nginx, workingDir: /out/work/,"),
        "say kubectl exec a -- pwd; kubectl exec a -- sh -c 'echo x > f'; say kubectl exec a -- cat /in/work/f; \
         say kubectl exec a -- sh -c 'echo y > /in/g'; say kubectl exec a -- sh -c 'echo y >> /in/work/f'; say kubectl exec a -- rm /in/work/f; \
         kubectl exec a -- sh -c 'cd && echo z > /host/f'; say kubectl exec a -- cat f ../../host/f",
        &[
            "/out/work",
            "x",
            "sh: 1: cannot create /in/g: Read-only file system",
            "command terminated with exit code 2",
            "sh: 1: cannot create /in/work/f: Read-only file system",
            "command terminated with exit code 2",
            "rm: cannot remove '/in/work/f': Read-only file system",
            "command terminated with exit code 1",
            "x",
            "z",
        ],
    );
}

#[test]
fn a_folder_of_a_node_is_for_all_pods_there_and_outlives_them() {
    let on_host = |name: &str| pod(name, "{name: host, mountPath: /h}", "{name: host, hostPath: {path: /mnt/h}}");
    check(
        &["a", "b", "c"].map(on_host).join("\n---\n"),
        "kubectl exec a -- sh -c 'echo x > /h/f'; kubectl delete pod a; wait 2; say kubectl exec b -- cat /h/f; say kubectl exec c -- cat /h/f",
        &["x", "cat: /h/f: No such file or directory", "command terminated with exit code 1"],
    );
}

fn volume(name: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: {name}}}, spec: {{accessModes: [ReadWriteOnce], capacity: {{storage: 1Gi}}, \
         hostPath: {{path: /mnt/v}}, storageClassName: manual, persistentVolumeReclaimPolicy: Retain}}}}"
    )
}

fn user(name: &str, claim: &str) -> String {
    let user = pod(name, "{name: d, mountPath: /data}", &format!("{{name: d, persistentVolumeClaim: {{claimName: {claim}}}}}"));
    format!(
        "{{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {{name: {claim}}}, spec: {{accessModes: [ReadWriteOnce], \
         storageClassName: manual, resources: {{requests: {{storage: 1Gi}}}}}}}}\n---\n{user}"
    )
}

#[test]
fn a_disk_outlives_its_volume_object_and_is_found_by_another_of_the_same_source() {
    let tear = "kubectl exec a -- sh -c 'echo precious > /data/f'; kubectl delete pv one --wait=false; \
                kubectl patch pv one --type=merge -p '{\"metadata\":{\"finalizers\":null}}'; wait 1; \
                say kubectl get pvc data -o jsonpath={.status.phase}; say kubectl exec a -- cat /data/f";
    let objects = format!("{}\n---\n{}", volume("one"), user("a", "data"));
    // The same name and source: the claim has its volume again.
    let again = format!(
        "make {}; wait 20; say kubectl get pvc data -o jsonpath={{.status.phase}}; say kubectl exec a -- cat /data/f",
        volume("one")
    );
    check(&objects, &format!("{tear}; {again}"), &["Lost", "precious", "Bound", "precious"]);
    // Another name, for another claim.
    let other = format!("make {}; make {}; pod b; until Running; say kubectl exec b -- cat /data/f", volume("two"), user("b", "other"));
    check(&objects, &format!("{tear}; {other}"), &["Lost", "precious", "precious"]);
}

#[test]
fn a_lost_claim_is_helped_by_making_its_volume_again() {
    let objects = format!("{}\n---\n{}", volume("one"), user("a", "data"));
    check(
        &objects,
        "kubectl delete pv one --wait=false; kubectl patch pv one --type=merge -p '{\"metadata\":{\"finalizers\":null}}'; wait 1; \
         ways pvc/data",
        &["$ echo '{\"apiVersion\":\"v1\",\"kind\":\"PersistentVolume\",\"metadata\":{\"name\":\"one\"},\"spec\":{\"accessModes\":\
             [\"ReadWriteOnce\"],\"capacity\":{\"storage\":\"1Gi\"},\"hostPath\":{\"path\":\"/mnt/v\",\"type\":\"\"},\
             \"persistentVolumeReclaimPolicy\":\"Retain\",\"storageClassName\":\"manual\",\"volumeMode\":\"Filesystem\"}}' | kubectl apply -f -"],
    );
}
