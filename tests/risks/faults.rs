//! Faults that fields of a manifest show by themselves: each kind with a manifest that has it, and one that has not.

use ordinal::risks::faults;
use ordinal::text::risks::{Common, Fault};

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: web}]}\n---\n\
                       apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: db}\nspec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}\n---\n";

const SET: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  serviceName: db\n  replicas: 3\n  \
                   selector: {matchLabels: {app: db}}\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      \
                   terminationGracePeriodSeconds: 60\n      topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, \
                   whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: db}}}]\n      containers:\n      - name: c\n        image: example.com/db:1\n        \
                   resources: {requests: {memory: 1Gi}}\n        \
                   ports: [{name: web, containerPort: 80}]\n        readinessProbe: {tcpSocket: {port: web}}\n        \
                   startupProbe: {tcpSocket: {port: web}}\n        livenessProbe: {tcpSocket: {port: web}}\n        \
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
        (
            Fault::HeapOverLimit,
            with(
                "resources: {requests: {memory: 1Gi}}",
                "resources: {limits: {memory: 1Gi}}\n        env: [{name: OPTS, value: '\"-Xmx2g\"'}]",
            ),
        ),
        (Fault::NoImageName, with("image: example.com/db:1", "image: \"@image@\"")),
        (Fault::NoReadiness, with("readinessProbe: {tcpSocket: {port: web}}", "tty: false")),
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
        (Fault::LivenessEarly, with("startupProbe: {tcpSocket: {port: web}}", "workingDir: /")),
        (Fault::ShortGrace, with("terminationGracePeriodSeconds: 60", "terminationGracePeriodSeconds: 5")),
        (Fault::DeniesAll, more(denies)),
        (Fault::NoZone, more(disk)),
    ];
    for (fault, manifest) in cases {
        assert!(found(&manifest).contains(&fault), "{fault:?}: {:?}\n{manifest}", found(&manifest));
        let one = faults::of(&manifest).into_iter().find(|one| one.fault == fault).expect("it is there");
        assert!(one.line > 0 && !one.told().is_empty(), "{fault:?}");
    }
}

/// The manifest with one pod, which is its only one.
fn single() -> String {
    format!("{SERVICE}{SET}").replacen("replicas: 3", "replicas: 1", 1)
}

/// Holds that a manifest shows a fault, and the sound one does not.
fn holds(fault: Fault, manifest: &str) {
    let one = faults::of(manifest).into_iter().find(|one| one.fault == fault);
    let one = one.unwrap_or_else(|| panic!("{fault:?}: {:?}\n{manifest}", found(manifest)));
    let told = one.told();
    assert!(one.line > 0 && !told.is_empty() && !told.contains("{{"), "{fault:?}: {told:?}");
}

/// The manifest with a line in its container, or in the spec of its pods.
fn container(line: &str) -> String {
    with("        ports:", &format!("        {line}\n        ports:"))
}

fn pods(line: &str) -> String {
    with("      containers:", &format!("      {line}\n      containers:"))
}

#[test]
fn what_containers_run_and_read_is_looked_at() {
    let hook = |words: &str| container(&format!("lifecycle: {{preStop: {{exec: {{command: [sh, -c, \"{words}\"]}}}}}}"));
    holds(Fault::LeavesAtStop, &hook("etcdctl member remove $ID"));
    holds(Fault::LeavesAtStop, &hook("consul leave"));
    holds(Fault::Wipes, &hook("stop; rm -rf /d/*"));
    holds(Fault::Wipes, &container("args: [sh, -c, \"rm -r /d && exec db\"]"));
    for harmless in ["rm -rf /d/lost+found", "rm -rf /tmp/*", "echo rm -rf /d", "sleep 5"] {
        assert_eq!(found(&hook(harmless)), [], "{harmless}");
    }
    holds(Fault::NotExpanded, &container("env: [{name: A, value: \"$(B)\"}, {name: B, value: x}]"));
    assert_eq!(found(&container("env: [{name: B, value: x}, {name: A, value: \"$(B) $$(C) $(hostname)\"}]")), []);
    let number = container("env: [{name: KAFKA_BROKER_ID, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]")
        .replace("example.com/db", "apache/kafka");
    holds(Fault::NameForNumber, &number);
    let script = number.replacen("        ports:", "        command: [sh, -c, exec own]\n        ports:", 1);
    assert!(!found(&script).contains(&Fault::NameForNumber), "a script may take the number out of the name");
    holds(Fault::OnNoVolume, &container("env: [{name: DATA_DIR, value: /elsewhere}]"));
    assert_eq!(found(&container("env: [{name: DATA_DIR, value: /d/x}]")), []);
    let image = |name: &str| with("example.com/db:1", name);
    holds(Fault::NoPassword, &image("postgres:16"));
    assert!(
        !found(&container("envFrom: [{secretRef: {name: s}}]").replace("example.com/db:1", "postgres:16")).contains(&Fault::NoPassword)
    );
    holds(Fault::Placeholder, &image("your.registry.com/db:1"));
    holds(Fault::FloatingTag, &image("example.com/db:latest-pg16"));
    holds(Fault::FloatingTag, &image("redis:alpine"));
    assert!(!found(&image("redis:7-alpine")).contains(&Fault::FloatingTag));
    holds(Fault::NothingSaved, &container("args: [--save, \"\", --appendonly, \"no\"]").replace("example.com/db:1", "redis:7"));
}

#[test]
fn where_pods_may_be_is_looked_at() {
    holds(Fault::HostPort, &with("containerPort: 80", "containerPort: 80, hostPort: 80"));
    let folder = |path: &str, kind: &str| pods(&format!("volumes: [{{name: h, hostPath: {{path: {path}, type: {kind}}}}}]"));
    holds(Fault::Beforehand, &folder("/srv/h", "Directory"));
    assert_eq!(found(&folder("/srv/h", "DirectoryOrCreate")), []);
    assert_eq!(found(&folder("/dev/x", "Directory")), []);
    holds(Fault::NodesChosen, &pods("nodeSelector: {tier: db}"));
    assert_eq!(found(&pods("nodeSelector: {kubernetes.io/os: linux}")), []);
    let given = format!("apiVersion: v1\nkind: Node\nmetadata: {{name: node-1}}\n---\n{}", pods("nodeSelector: {tier: db}"));
    assert_eq!(found(&given), [], "the run tells of given nodes");
    let apart = |labels: &str| {
        let term = format!("{{topologyKey: kubernetes.io/hostname, labelSelector: {{matchLabels: {labels}}}}}");
        pods(&format!("affinity: {{podAntiAffinity: {{requiredDuringSchedulingIgnoredDuringExecution: [{term}]}}}}"))
    };
    holds(Fault::NodeEach, &apart("{app: db}"));
    let local = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {storageClassName: disk, local: {path: /x}}\n---\n";
    holds(Fault::LocalFolder, &format!("{local}{SERVICE}{SET}"));
}

#[test]
fn how_many_there_are_is_looked_at() {
    holds(Fault::SingleCopy, &single());
    let named = "volumes: [{name: e, persistentVolumeClaim: {claimName: shared}}]\n      containers:";
    let mounted = |text: &str| text.replacen("mountPath: /d}", "mountPath: /d}, {name: e, mountPath: /e}", 1);
    holds(Fault::OneClaim, &mounted(&single().replacen("containers:", named, 1)));
    holds(Fault::OneClaim, &mounted(&with("containers:", named)));
    holds(
        Fault::NoBudget,
        &with("maxUnavailable: 1, selector: {matchLabels: {app: db}}", "maxUnavailable: 1, selector: {matchLabels: {app: x}}"),
    );
    holds(Fault::NotApart, &with("DoNotSchedule", "ScheduleAnyway"));
    holds(Fault::BestEffort, &with("resources: {requests: {memory: 1Gi}}", "resources: {}"));
    let store = with("example.com/db:1", "mongo:7");
    holds(Fault::Unjoined, &store);
    let joined = store.replacen("        ports:", "        args: [--replSet, rs]\n        ports:", 1);
    assert!(!found(&joined).contains(&Fault::Unjoined));
    holds(Fault::NotFormed, &joined);
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: c, image: mongo:7, \
               args: [\"rs.initiate()\"]}]}}}\n---\n";
    assert!(!found(&format!("{job}{joined}")).contains(&Fault::NotFormed));
    let redis =
        with("example.com/db:1", "redis:7").replacen("        ports:", "        args: [--cluster-enabled, \"yes\"]\n        ports:", 1);
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {redis.conf: cluster-enabled yes}\n---\n";
    holds(Fault::NotFormed, &format!("{config}{redis}"));
    holds(Fault::MembersListed, &container("args: [--bootstrap-expect=3]"));
    holds(Fault::MembersListed, &container("args: [\"http://db-{0...2}.db/d\"]"));
    assert_eq!(found(&container("command: [sh, -c, \"# db-0, db-1\\nexec db\"]")), []);
    let bare = SET.replacen("volumeMounts: [{name: d, mountPath: /d}]", "args: [--raft]", 1);
    let bare = format!("{SERVICE}{}---\n", bare.split("  volumeClaimTemplates").next().expect("a set"));
    holds(Fault::NoClaim, &bare);
    assert_eq!(found(&bare.replace("--raft", "--web")), []);
}

#[test]
fn volumes_and_classes_are_looked_at() {
    let class =
        |more: &str| format!("apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{name: disk}}\n{more}\n---\n{SERVICE}{SET}");
    let ebs = "provisioner: ebs.csi.aws.com\nvolumeBindingMode: WaitForFirstConsumer\nallowVolumeExpansion: true";
    assert_eq!(found(&class(ebs)), []);
    holds(Fault::OfPlatform, &class("provisioner: k8s.io/minikube-hostpath"));
    holds(Fault::NoGrowth, &class(&ebs.replace("true", "false")));
    holds(Fault::EarlyZone, &class(&ebs.replace("WaitForFirstConsumer", "Immediate")));
    let volume = |more: &str| {
        format!(
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: v}}\nspec: {{storageClassName: disk, {more}}}\n---\n{SERVICE}{SET}"
        )
    };
    holds(Fault::Placeholder, &volume("csi: {driver: x, volumeHandle: <volume-id>}"));
    holds(Fault::Placeholder, &volume("iscsi: {iqn: \"iqn.your.san:x\"}"));
    assert_eq!(found(&volume("csi: {driver: x, volumeHandle: vol-1}, claimRef: {namespace: default, name: d-db-0}")), []);
    holds(Fault::ReservedElsewhere, &volume("csi: {driver: x, volumeHandle: vol-1}, claimRef: {namespace: other, name: d-db-0}"));
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec: {}\n---\n";
    holds(Fault::ClaimUnused, &format!("{claim}{SERVICE}{SET}"));
    let postgres = |tag: &str, more: &str| {
        let named = container(&format!("env: [{{name: POSTGRES_PASSWORD, value: x}}{more}]")).replace("example.com/db:1", tag);
        named.replace("mountPath: /d", "mountPath: /var/lib/postgresql/data")
    };
    holds(Fault::DiskIsData, &postgres("postgres:16", ""));
    assert!(!found(&postgres("postgres:16", ", {name: PGDATA, value: /var/lib/postgresql/data/x}")).contains(&Fault::DiskIsData));
    assert!(!found(&postgres("postgres:16", "").replace("disk", "local-path")).contains(&Fault::DiskIsData), "a folder has no lost+found");
    holds(Fault::DataMoved, &postgres("postgres:18", ""));
    assert!(!found(&postgres("postgres:17", "")).contains(&Fault::DataMoved));
    holds(Fault::SmallClaim, &postgres("postgres:16", "").replace("storage: 1Gi", "storage: 100Mi"));
    holds(Fault::NotOwner, &container("securityContext: {runAsUser: 1000}"));
    holds(Fault::NotOwner, &with("example.com/db:1", "prom/prometheus:v3.0.0"));
    assert_eq!(found(&pods("securityContext: {runAsUser: 1000, fsGroup: 1000}")), []);
}

#[test]
fn policies_and_services_are_looked_at() {
    let policy = |spec: &str| {
        format!("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: np}}\nspec: {{podSelector: {{}}, {spec}}}\n---\n")
    };
    let client = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {metadata: {labels: {app: j}}, spec: {containers: \
                  [{name: c, image: example.com/a:1, args: [\"http://db:80\"]}]}}}\n---\n";
    let from = |labels: &str| policy(&format!("ingress: [{{from: [{{podSelector: {{matchLabels: {labels}}}}}]}}]"));
    let raft = container("args: [--raft]");
    holds(Fault::ShutOut, &format!("{client}{}{raft}", from("{app: db}")));
    holds(Fault::ShutOut, &format!("{}{raft}", from("{app: j}")));
    assert!(!found(&format!("{client}{}{raft}", policy("ingress: [{from: [{podSelector: {}}]}]"))).contains(&Fault::ShutOut));
    let dns = "policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}]}]";
    holds(Fault::NoWayOut, &format!("{}{SERVICE}{SET}", policy(dns)));
    assert_eq!(found(&format!("{}{SERVICE}{SET}", policy("policyTypes: [Egress], egress: [{}]"))), []);
    let old = "name: db, annotations: {service.alpha.kubernetes.io/tolerate-unready-endpoints: \"true\"}";
    holds(Fault::UnreadAnnotation, &with("name: db", old));
    let managed = format!("{SERVICE}{SET}").replace("app: db}", "app: db, app.kubernetes.io/managed-by: kustomize}");
    holds(Fault::VersionInSelector, &managed);
}

#[test]
fn what_does_not_work_comes_first() {
    let both = container("args: [--bootstrap-expect=3]\n        env: [{name: DATA_DIR, value: /elsewhere}]");
    assert_eq!(found(&both), [Fault::OnNoVolume, Fault::MembersListed]);
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

/// The manifest with other objects before it.
fn beside(text: &str) -> String {
    format!("{text}---\n{SERVICE}{SET}")
}

#[test]
fn a_field_that_overrides_another_is_looked_at() {
    let id = container("env: [{name: ZOO_MY_ID, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]")
        .replace("example.com/db:1", "zookeeper:3.9");
    holds(Fault::NameForNumber, &id);
    let init = "      initContainers: [{name: i, image: example.com/i:1, command: [sh, -c, 'echo 1 > /d/myid']}]\n      containers:";
    assert!(!found(&id.replacen("      containers:", init, 1)).contains(&Fault::NameForNumber), "the image keeps the number that is there");
    let postgres = |more: &str| {
        let named = container(&format!("env: [{{name: POSTGRES_PASSWORD, value: x}}{more}]")).replace("example.com/db:1", "postgres:16");
        named.replace("mountPath: /d", "mountPath: /var/lib/postgresql/data")
    };
    holds(Fault::DiskIsData, &postgres(""));
    let below = "/var/lib/postgresql/data/pgdata";
    assert!(!found(&postgres(&format!(", {{name: PATRONI_POSTGRESQL_DATA_DIR, value: {below}}}"))).contains(&Fault::DiskIsData));
    let map =
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata: {{p.yml: 'data_dir: {below}'}}\n---\n{}", postgres(""));
    assert!(!found(&map).contains(&Fault::DiskIsData));
    let unready = with("readinessProbe: {tcpSocket: {port: web}}", "tty: false");
    let told = |text: &str, fault: Fault| faults::of(text).into_iter().find(|one| one.fault == fault).expect("a fault").told();
    assert!(told(&unready, Fault::NoReadiness).contains("startupProbe"), "a container is not Ready before that passes");
    let unstarted = unready.replacen("startupProbe: {tcpSocket: {port: web}}", "stdin: false", 1);
    assert!(told(&unstarted, Fault::NoReadiness).contains("as soon as its containers run"));
    let asks = |command: &str| {
        let set = with("startupProbe: {tcpSocket: {port: web}}", "tty: false");
        set.replace("livenessProbe: {tcpSocket: {port: web}}", &format!("livenessProbe: {{exec: {{command: {command}}}}}"))
    };
    holds(Fault::LivenessEarly, &asks("[sh, -c, 'redis-cli ping | grep PONG']"));
    assert_eq!(found(&asks("[redis-cli, ping]")), [], "an error is an answer");
    let shared = |more: &str| {
        let volume = format!("volumes: [{{name: e, persistentVolumeClaim: {{claimName: shared{more}}}}}]");
        let mounted = single().replacen("mountPath: /d}", "mountPath: /d}, {name: e, mountPath: /e}", 1);
        mounted.replacen("      containers:", &format!("      {volume}\n      containers:"), 1)
    };
    holds(Fault::OneClaim, &shared(""));
    assert!(!found(&shared(", readOnly: true")).contains(&Fault::OneClaim), "readers share a volume");
}

#[test]
fn where_data_lie_and_who_gets_them_is_looked_at() {
    holds(Fault::NoSource, &pods("volumes: [{name: e}]"));
    assert_eq!(found(&pods("volumes: [{name: d}]")), [Fault::Shadowed], "a template takes its place");
    let claim = |name: &str, class: &str, size: &str| {
        format!(
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: {name}}}\nspec: {{storageClassName: {class}, accessModes: \
             [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}\n---\n"
        )
    };
    holds(Fault::ClaimInstead, &beside(&claim("d-db-0", "disk", "2Gi")));
    assert!(!found(&beside(&claim("d-db-0", "disk", "1024Mi"))).contains(&Fault::ClaimInstead), "the same size in other words");
    holds(Fault::ClaimGoes, &beside(&claim("d-db-0", "disk", "1Gi")));
    let keeps = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: disk}\nprovisioner: example.com/p\nreclaimPolicy: Retain\n---\n";
    assert!(!found(&beside(&format!("{keeps}{}", claim("d-db-0", "disk", "1Gi")))).contains(&Fault::ClaimGoes));
    let volume = |name: &str, size: &str, more: &str| {
        format!(
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {{name: {name}}}\nspec: {{storageClassName: disk, accessModes: [ReadWriteOnce], \
             capacity: {{storage: {size}}}, csi: {{driver: example.com/p, volumeHandle: {name}}}{more}}}\n---\n"
        )
    };
    let two = format!("{}{}", claim("one", "disk", "1Gi"), claim("other", "disk", "1Gi"));
    holds(Fault::Crosswise, &beside(&format!("{two}{}{}", volume("v", "1Gi", ""), volume("w", "1Gi", ""))));
    let reserved = ", claimRef: {namespace: default, name: one}";
    for sound in [volume("w", "1Gi", reserved), volume("w", "500Mi", "")] {
        assert!(!found(&beside(&format!("{two}{}{sound}", volume("v", "1Gi", "")))).contains(&Fault::Crosswise), "{sound}");
    }
    let zonal = with("storageClassName: disk", "storageClassName: gp3");
    holds(Fault::OneZone, &zonal);
    let brought = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: gp3}\nprovisioner: example.com/p\nallowVolumeExpansion: true\n---\n";
    assert_eq!(found(&format!("{brought}{zonal}")), [], "the class says itself what it is");
    let folder = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: v}\nspec: {storageClassName: disk, hostPath: {path: /x}}\n---\n";
    let user = pods("securityContext: {runAsUser: 1000, fsGroup: 1000}");
    holds(Fault::FolderOwner, &format!("{folder}{user}"));
    assert!(!found(&format!("{folder}{}", pods("securityContext: {runAsUser: 0}"))).contains(&Fault::FolderOwner));
    let deployment = |strategy: &str| {
        let pod = "{metadata: {labels: {x: y}}, spec: {containers: [{name: c, image: example.com/a:1}], volumes: [{name: v, \
                   persistentVolumeClaim: {claimName: one}}]}}";
        let set = format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec: {{{strategy}template: {pod}}}\n---\n");
        beside(&format!("{set}{}", claim("one", "disk", "1Gi")))
    };
    holds(Fault::RollsOnOnce, &deployment(""));
    assert!(!found(&deployment("strategy: {type: Recreate}, ")).contains(&Fault::RollsOnOnce));
    let keeper = |mount: &str| {
        let set = with("example.com/db:1", "osixia/openldap:1.5.0").replace("mountPath: /d", &format!("mountPath: {mount}"));
        let (set, _) = set.split_once("  volumeClaimTemplates").expect("a set");
        set.replacen("      containers:", "      volumes: [{name: d, hostPath: {path: /x}}]\n      containers:", 1)
    };
    holds(Fault::NoClaim, &keeper("/ldif"));
    assert_eq!(found(&keeper("/var/lib/ldap")), [], "the folder of a node keeps them");
}

#[test]
fn what_runs_at_each_start_is_looked_at() {
    let init = |script: &str| {
        let one = format!(
            "initContainers: [{{name: i, image: example.com/i:1, command: [sh, -c, \"{script}\"], volumeMounts: [{{name: d, mountPath: /d}}]}}]"
        );
        pods(&one)
    };
    holds(Fault::WritesAnew, &init("echo ok > /d/index.html"));
    holds(Fault::InstallsAtStart, &init("apk add curl"));
    holds(Fault::InstallsAtStart, &init("curl -s https://example.com/x | sh"));
    holds(Fault::WaitIgnored, &init("kubectl wait --timeout=9s job/x\\necho done"));
    for harmless in [
        "[ -f /d/index.html ] || echo ok > /d/index.html",
        "echo ok >> /d/index.html",
        "echo ok > /tmp/index.html",
        "echo 1 > /d/myid",
        "apk add curl || true",
        "echo apk add curl",
        "set -e\\nkubectl wait --timeout=9s job/x\\necho done",
        "kubectl wait --timeout=9s job/x || exit 1\\necho done",
    ] {
        assert_eq!(found(&init(harmless)), [], "{harmless}");
    }
    let hook = |script: &str| container(&format!("lifecycle: {{postStart: {{exec: {{command: [sh, -c, \"{script}\"]}}}}}}"));
    holds(Fault::HookWaits, &hook("until db ping\\ndo sleep 1\\ndone\\ndb init"));
    holds(Fault::HookSleeps, &hook("sleep 15s\\ndb init"));
    for harmless in [
        "until db ping\\ndo sleep 1; [ $((n++)) -gt 9 ] && break\\ndone",
        "(until db ping\\ndo sleep 1\\ndone) &",
        "sleep 15",
        "sleep 15; db init || true",
    ] {
        assert_eq!(found(&hook(harmless)), [], "{harmless}");
    }
}

#[test]
fn what_probes_cannot_ask_is_looked_at() {
    let asks = |env: &str, words: &str| {
        let set = container(&format!("env: [{{name: P, {env}}}]"));
        set.replace("readinessProbe: {tcpSocket: {port: web}}", &format!("readinessProbe: {{exec: {{command: [{words}]}}}}"))
    };
    let secret = "valueFrom: {secretKeyRef: {name: s, key: k}}";
    holds(Fault::ProbeVariable, &asks(secret, "db, -a, $(P), ping"));
    assert_eq!(found(&asks("value: x", "db, -a, $(P), ping")), [], "a plain value is put in");
    assert_eq!(found(&asks(secret, "sh, -c, 'db -a $P ping'")), [], "a shell knows the variable");
    let redis = |conf: &str, words: &str| {
        let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n  redis.conf: |\n    {conf}\n---\n");
        let set = asks("value: x", words).replace("example.com/db:1", "redis:7");
        let set = set.replacen("      containers:", "      volumes: [{name: m, configMap: {name: m}}]\n      containers:", 1);
        let set = set.replacen("        ports:", "        args: [/m/redis.conf]\n        ports:", 1);
        format!("{map}{set}")
    };
    let tls = "port 0\n    tls-port 6379\n    replicaof db-0.db 6379";
    holds(Fault::ProbePlain, &redis(tls, "redis-cli, ping"));
    assert_eq!(found(&redis(tls, "redis-cli, --tls, ping")), []);
    assert_eq!(found(&redis(tls, "redis-cli, ping").replace("/m/redis.conf", "/m/other.conf")), [], "another file is read");
    assert_eq!(found(&redis(&tls.replace("port 0", "port 6380"), "redis-cli, ping")), []);
    holds(Fault::NothingSaved, &redis("save \"\"\n    appendonly no", "redis-cli, ping"));
    assert!(!found(&redis("save \"\"\n    appendonly yes", "redis-cli, ping")).contains(&Fault::NothingSaved));
    let alone = redis("requirepass x", "redis-cli, ping").replace("name: m}\ndata", "name: m, labels: {a: sentinel}}\ndata");
    holds(Fault::Unjoined, &alone);
    let sentinel = alone.replace("[/m/redis.conf]", "[/m/redis.conf, --sentinel]");
    assert!(!found(&sentinel).contains(&Fault::Unjoined), "a sentinel keeps nothing");
    let slow = |after: i64| {
        let set = with("startupProbe: {tcpSocket: {port: web}}", "tty: false").replace("example.com/db:1", "cassandra:5");
        set.replace("livenessProbe: {", &format!("livenessProbe: {{initialDelaySeconds: {after}, "))
    };
    holds(Fault::LivenessEarly, &slow(60));
    assert!(!found(&slow(60).replace("cassandra:5", "example.com/db:1")).contains(&Fault::LivenessEarly), "no store is known to be slow");
    assert!(!found(&slow(300)).contains(&Fault::LivenessEarly));
    holds(Fault::NoLiveness, &with("livenessProbe: {tcpSocket: {port: web}}", "tty: false"));
    let common = |text: &str, fault: Fault| {
        let all = faults::of(text);
        all.iter().find(|one| one.fault == fault).expect("the fault").common()
    };
    let unwatched = with("livenessProbe: {tcpSocket: {port: web}}", "tty: false");
    assert_eq!(common(&unwatched, Fault::NoLiveness), None, "a startupProbe asks, but not for long");
    let unasked = unwatched.replace("startupProbe: {tcpSocket: {port: web}}", "stdin: false");
    assert_eq!(common(&unasked, Fault::NoLiveness), Some(Common::Hangs));
    let resources = |to: &str| with("resources: {requests: {memory: 1Gi}}", to);
    assert_eq!(common(&resources("stdin: false"), Fault::BestEffort), Some(Common::Evicted), "a volume alone says nothing");
    let heap = resources("args: [-Xms1g, -Xmx4g]");
    assert_eq!(common(&heap, Fault::BestEffort), None);
    holds(Fault::BestEffort, &heap);
    let client =
        with("livenessProbe: {tcpSocket: {port: web}}", "tty: false").replace("ports: [{name: web, containerPort: 80}]", "stdin: false");
    assert!(!found(&client).contains(&Fault::NoLiveness), "no server is there");
}

#[test]
fn what_else_is_asked_for_is_looked_at() {
    let limits = |name: &str| with("resources: {requests: {memory: 1Gi}}", &format!("resources: {{limits: {{{name}: 1}}}}"));
    holds(Fault::ExtraResource, &limits("nvidia.com/gpu"));
    assert_eq!(found(&limits("cpu")), []);
    holds(Fault::Placeholder, &container("env: [{name: A, value: <replace-me>}]"));
    assert_eq!(found(&container("env: [{name: A, value: '<a href=\"x\">'}]")), []);
    let ingress = |field: &str| {
        beside(&format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i, annotations: {{kubernetes.io/ingress.class: nginx}}}}\n\
             spec: {{{field}rules: []}}\n"
        ))
    };
    holds(Fault::ClassTwice, &ingress("ingressClassName: nginx, "));
    assert_eq!(found(&ingress("")), []);
    let hook = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, annotations: {helm.sh/hook: test}}\nspec: {containers: [{name: c, image: \
                example.com/a:1}]}\n";
    let one = faults::of(&beside(hook)).into_iter().find(|one| one.fault == Fault::BarePod).expect("a pod");
    assert!(one.told().contains("helm.sh/hook"));
}
