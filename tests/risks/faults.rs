//! Faults that fields of a manifest show by themselves: each kind with a manifest that has it, and one that has not.

use ordinal::risks::faults;
use ordinal::text::Lang;
use ordinal::text::risks::Fault;

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: web}]}\n---\n";

const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  replicas: 3\n  \
                   selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      \
                   terminationGracePeriodSeconds: 60\n      containers:\n      - name: c\n        image: example.com/db:1\n        \
                   ports: [{name: web, containerPort: 80}]\n        readinessProbe: {tcpSocket: {port: web}}\n        \
                   volumeMounts: [{name: d, mountPath: /d}]\n  volumeClaimTemplates:\n  - metadata: {name: d}\n    \
                   spec: {storageClassName: disk, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n---\n";

fn found(text: &str) -> Vec<Fault> {
    faults::of(text).into_iter().map(|one| one.fault).collect()
}

/// The manifest with one part in the place of another.
fn with(from: &str, to: &str) -> String {
    let whole = format!("{SERVICE}{SET}");
    assert!(whole.contains(from), "{from}");
    whole.replacen(from, to, 1)
}

#[test]
fn a_sound_manifest_shows_none() {
    assert_eq!(found(&format!("{SERVICE}{SET}")), []);
}

#[test]
fn each_kind_is_found_where_it_is_and_is_told_in_both_languages() {
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: lone, labels: {x: y}}\nspec: {containers: [{name: c, image: example.com/a:1}]}\n---\n";
    let volume = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {persistentVolumeReclaimPolicy: Recycle, \
                  storageClassName: disk, hostPath: {path: /x}}\n---\n";
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {metadata: {labels: {j: j}}, spec: {containers: \
               [{name: c, image: example.com/a:1}], volumes: [{name: v, persistentVolumeClaim: {claimName: nowhere}}]}}}\n---\n";
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: one}\n---\napiVersion: rbac.authorization.k8s.io/v1\n\
                   kind: RoleBinding\nmetadata: {name: b, namespace: two}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, \
                   name: a}]\n---\n";
    let denies = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: none}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n---\n";
    let disk = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: w}\nspec: {storageClassName: disk, csi: {driver: ebs.csi.aws.com, \
                volumeHandle: vol-1}}\n---\n";
    let more = |text: &str| format!("{text}{SERVICE}{SET}");
    let container = |line: &str| with("        ports:", &format!("        {line}\n        ports:"));
    let spec = |line: &str| with("  selector:", &format!("  {line}\n  selector:"));
    let affinity = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                    labelSelector: {matchLabels: {app: bd}}}]}}\n      containers:";
    let cases = [
        (Fault::SelectsNothing, with("selector: {app: db}", "selector: {app: bd}")),
        (Fault::TargetPort, with("targetPort: web", "targetPort: wbe")),
        (Fault::ServiceMissing, with("serviceName: db", "serviceName: nowhere")),
        (Fault::UnusedClaim, with("volumeMounts: [{name: d, mountPath: /d}]", "env: []")),
        (Fault::Partition, spec("updateStrategy: {rollingUpdate: {partition: 2}}")),
        (Fault::GraceTooShort, container("lifecycle: {preStop: {sleep: {seconds: 90}}}")),
        (Fault::ProbePort, with("tcpSocket: {port: web}", "tcpSocket: {port: wbe}")),
        (Fault::HeapOverLimit, container("resources: {limits: {memory: 1Gi}}\n        env: [{name: OPTS, value: -Xms1g -Xmx2g}]")),
        (Fault::NoImageName, with("image: example.com/db:1", "image: \"@image@\"")),
        (Fault::NoReadiness, with("readinessProbe: {tcpSocket: {port: web}}", "env: []")),
        (Fault::ApartFromOthers, with("containers:", affinity)),
        (Fault::OneNode, with("containers:", "nodeName: n1\n      containers:")),
        (Fault::EvenMembers, container("args: [--bootstrap-expect=4]").replacen("replicas: 3", "replicas: 4", 1)),
        (Fault::VersionInSelector, format!("{SERVICE}{SET}").replace("app: db}", "app: db, version: v1.2}")),
        (Fault::UnpinnedFolder, more(volume)),
        (Fault::Recycled, more(volume)),
        (Fault::PortTwice, container("env: [{name: X_LISTENERS, value: \"A://:1,B://:1\"}]")),
        (Fault::PeersUnpublished, container("args: [--join=db-0.db,db-1.db]")),
        (Fault::OtherNamespace, more(account)),
        (Fault::BarePod, more(pod)),
        (Fault::FloatingTag, with("image: example.com/db:1", "image: example.com/db:latest")),
        (Fault::ClaimMissing, more(job)),
        (Fault::NothingRuns, with("replicas: 3", "replicas: 0")),
        (Fault::LivenessEarly, container("livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5}")),
        (Fault::ShortGrace, with("terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 5")),
        (Fault::DeniesAll, more(denies)),
        (Fault::NoZone, more(disk)),
    ];
    for (fault, manifest) in cases {
        assert!(found(&manifest).contains(&fault), "{fault:?}: {:?}\n{manifest}", found(&manifest));
        let one = faults::of(&manifest).into_iter().find(|one| one.fault == fault).expect("it is there");
        assert!(one.line > 0 && Lang::ALL.iter().all(|lang| !one.told(*lang).is_empty()), "{fault:?}");
    }
}

#[test]
fn what_is_meant_so_is_no_fault() {
    // Pods of a set by their names, pods kept away from another workload, a folder that all nodes have.
    let by_name = SERVICE.replace("name: db}", "name: db-0}").replace("{app: db}", "{statefulset.kubernetes.io/pod-name: db-0}");
    assert!(!found(&format!("{by_name}{SERVICE}{SET}")).contains(&Fault::SelectsNothing));
    let listeners = format!("{SERVICE}{SET}").replacen(
        "        ports:",
        "        env: [{name: X_LISTENERS, value: \"A://:1,B://:2\"}]\n        ports:",
        1,
    );
    assert!(!found(&listeners).contains(&Fault::PortTwice));
    let called = with("clusterIP: None, ", "");
    assert!(!found(&called).contains(&Fault::NotHeadless), "nobody calls a pod by its name");
}

#[test]
fn a_disk_of_one_zone_says_its_zone_and_a_regional_one_need_not() {
    let volume =
        |source: &str| format!("apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: w}}\nspec: {{{source}}}\n---\n{SERVICE}{SET}");
    let google = |place: &str| volume(&format!("csi: {{driver: pd.csi.storage.gke.io, volumeHandle: projects/p/{place}/disks/d}}"));
    let is_told = |text: &str| found(text).contains(&Fault::NoZone);
    assert!(is_told(&volume("awsElasticBlockStore: {volumeID: vol-1}")) && is_told(&google("zones/a")));
    assert!(!is_told(&google("regions/r")), "a regional disk is in two zones");
    assert!(!is_told(&volume("azureFile: {shareName: s}")), "every zone reaches a share");
    let affinity = "awsElasticBlockStore: {volumeID: vol-1}, nodeAffinity: {required: {nodeSelectorTerms: []}}";
    assert!(!is_told(&volume(affinity)));
}
