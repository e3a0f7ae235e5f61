//! What a change makes useless, takes away, or leaves as it was, although nobody has said so; and what gets back from there.

use super::beside::{SERVICE, applied, plain, says, says_not, set, told_of, typed};
use ordinal::api::release::V1_37;
use ordinal::plan::course::End;
use ordinal::plan::{self, Change, Finding, case};
use ordinal::text::plan::Way;

const CLAIMS: &str = "  volumeClaimTemplates:\n  - metadata: {name: d}\n    spec: {accessModes: [ReadWriteOnce], \
                      resources: {requests: {storage: 1Gi}}}\n";
const MOUNT: &str = "        volumeMounts: [{name: d, mountPath: /data}]\n";

fn own(spec: &str, container: &str) -> String {
    format!("{SERVICE}{}", set("", spec, "", container))
}

#[test]
fn a_service_whose_port_is_called_otherwise_now_has_no_endpoint() {
    let front =
        "apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {selector: {app: db}, ports: [{port: 80, targetPort: web}]}\n---\n";
    let named =
        |name: &str, number: u16| format!("{front}{}", own("", &format!("        ports: [{{name: {name}, containerPort: {number}}}]\n")));
    let renamed = applied(&named("web", 80), &named("http", 80));
    says(&renamed, &["svc/front leads to a port that its pods call web", r#""path":"/spec/ports/0/targetPort","value":80"#]);
    assert_eq!(renamed.given.outcome.end, End::Amiss);
    says_not(&applied(&named("web", 80), &named("http", 81)), &["/spec/ports/0/targetPort"]);
    says_not(&applied(&named("web", 80), &named("web", 81)), &["leads to a port"]);
}

#[test]
fn an_autoscaler_stands_still_where_a_container_has_no_request() {
    let scaler = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: db}\nspec: {minReplicas: 3, maxReplicas: 9, \
                  scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: db}, metrics: [{type: Resource, resource: {name: cpu, \
                  target: {type: Utilization, averageUtilization: 60}}}]}\n---\n";
    let requests = "        resources: {requests: {cpu: 10m}}\n";
    let with = |more: &str| format!("{scaler}{}", own("", &format!("{requests}{more}")));
    let tail = "      - {name: tail, image: example.com/tail:1}\n";
    let still = applied(&with(""), &with(tail));
    says(&still, &["tail of db has none", "missing request for cpu", "db stays at 3"]);
    assert_eq!(still.given.outcome.end, End::Amiss);
    let asks = "      - {name: tail, image: example.com/tail:1, resources: {requests: {cpu: 1m}}}\n";
    says_not(&applied(&with(""), &with(asks)), &["stands still"]);
    says_not(&applied(&with(tail), &with(tail).replace("db:1", "db:2")), &["stands still"]);
}

#[test]
fn a_budget_in_per_cent_is_told_as_the_number_that_the_server_makes_of_it() {
    let budget = |asks: &str| {
        format!(
            "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: guard}}\nspec: {{{asks}, selector: {{matchLabels: {{app: db}}}}}}\n---\n"
        )
    };
    let before = |asks: &str| format!("{}{SERVICE}{}", budget(asks), plain());
    let drain = ["kubectl drain node-1 --ignore-daemonsets"];
    let plan = typed(&before("maxUnavailable: 40%"), &drain);
    says(&plan, &["pdb/guard asks for maxUnavailable: 40%: of 3 pods the server makes 2, rounded up", r#"{"maxUnavailable":1}"#]);
    says(&typed(&before("minAvailable: 50%"), &drain), &["of 3 pods the server makes 2, rounded up, so that 1 may be away at once."]);
    says(&typed(&before("minAvailable: 70%"), &drain), &["This line does not end", "of 3 pods the server makes 3, rounded up."]);
    says_not(&typed(&before("maxUnavailable: 1"), &drain), &["may be away at once", "be away at once. One"]);
    let all = ["kubectl drain node-1 node-2 node-3 --ignore-daemonsets"];
    says(&typed(&before("maxUnavailable: 5"), &all), &["pdb/guard (maxUnavailable: 5) lets 3 of 3 pods be away at once"]);
    says_not(&typed(&before("maxUnavailable: 40%"), &["kubectl rollout restart sts db"]), &["rounded up"]);
}

#[test]
fn what_a_merge_patch_takes_away_is_named_and_data_that_no_container_mounts() {
    let before = own(CLAIMS, &format!("{MOUNT}        env: [{{name: A, value: x}}]\n        readinessProbe: {{exec: {{command: [a]}}}}\n"));
    let patch = |how: &str| {
        format!(
            "kubectl patch sts db {how} -p '{{\"spec\":{{\"template\":{{\"spec\":{{\"containers\":[{{\"name\":\"c\",\"image\":\"example.com/db:2\"}}]}}}}}}}}'"
        )
    };
    let merged = typed(&before, &[&patch("--type merge")]);
    let gone = [
        "containers[c].volumeMounts[/data]",
        "containers[c].env[A]",
        "containers[c].readinessProbe",
        "kubectl rollout undo statefulset/db",
    ];
    says(&merged, &gone);
    says(&merged, &["No container of db mounts d any more (before at /data)"]);
    assert_eq!(merged.given.outcome.end, End::Amiss);
    says_not(&typed(&before, &[&patch("")]), &["Gone from the template", "mounts d any more"]);
    let less = applied(&before, &own(CLAIMS, MOUNT));
    says(&less, &["Gone from the template of db: containers[c].env[A], containers[c].readinessProbe."]);
    says_not(&less, &["mounts d any more"]);
}

#[test]
fn what_was_refused_is_told_to_be_old_beside_what_is_new() {
    let map =
        |value: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\nimmutable: true\ndata: {{mode: {value}}}\n---\n");
    let reads = "        envFrom: [{configMapRef: {name: conf}}]\n";
    let with = |value: &str, image: &str| format!("{}{}", map(value), own("", reads).replace("db:1", image));
    let rolled = applied(&with("a", "db:1"), &with("b", "db:2"));
    says(&rolled, &["db runs its new template with the old configmap/conf", "such as conf-2"]);
    assert_eq!(rolled.given.outcome.end, End::Amiss);
    says(&applied(&with("a", "db:1"), &with("b", "db:1")), &["Pods of db go on with the old configmap/conf", "such as conf-2"]);
    says_not(&applied(&with("a", "db:1"), &with("a", "db:2")), &["with the old"]);
    let loose = |value: &str, image: &str| with(value, image).replace("immutable: true\n", "");
    let other = loose("b", "db:2").replace("serviceName: db", "serviceName: other");
    says(&applied(&loose("a", "db:1"), &other), &["The change of db was refused, and that of configmap/conf was not"]);
    says_not(&applied(&loose("a", "db:1"), &loose("b", "db:2")), &["was refused"]);
}

#[test]
fn a_patch_that_makes_two_handlers_is_offered_without_the_old_one() {
    let probe = "        livenessProbe: {tcpSocket: {port: 80}}\n";
    let patch = "kubectl patch sts db -p '{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"livenessProbe\":\
                 {\"httpGet\":{\"path\":\"/\",\"port\":80}}}]}}}}'";
    let plan = typed(&own("", probe), &[patch, "kubectl set image sts/db c=example.com/db:2"]);
    says(&plan, &["its pods run with the old containers[0].livenessProbe", r#""livenessProbe":{"tcpSocket":null,"httpGet""#]);
    let offered = plan.offered().next().map(|course| (course.way, course.outcome.refused.len()));
    assert_eq!(offered, Some((Way::OneHandler, 0)), "{}", told_of(&plan));
}

#[test]
fn what_an_undo_leaves_is_told() {
    let grow = r#"kubectl patch sts db -p '{"spec":{"replicas":4,"minReadySeconds":5,"template":{"spec":{"containers":[{"name":"c","image":"example.com/db:2"}]}}}}'"#;
    let plan = typed(&own("", ""), &[grow, "kubectl rollout undo sts db"]);
    says(&plan, &["takes the pod template of db back, and nothing else", "minReadySeconds: 5", "replicas: 3 -> 4"]);
    assert_eq!(plan.given.outcome.end, End::Amiss);
    says_not(&typed(&own("", ""), &["kubectl set image sts/db c=example.com/db:2", "kubectl rollout undo sts db"]), &["and nothing else"]);
}

#[test]
fn pods_that_one_which_is_not_ready_holds_up_are_told_with_the_lines_that_remove_them() {
    let by_hand = own("  updateStrategy: {type: OnDelete}\n", "");
    let lines = [
        "playground image example.com/db:2 broken",
        "kubectl set image sts/db c=example.com/db:2",
        "kubectl delete pod db-0",
        "kubectl scale sts db --replicas=1",
    ];
    let plan = typed(&by_hand, &lines);
    says(&plan, &["removes no pod while one that stays is not Ready: db-0", "kubectl delete pod db-2, kubectl delete pod db-1"]);
    says_not(&typed(&own("", ""), &["kubectl scale sts db --replicas=1"]), &["removes no pod while"]);
}

#[test]
fn a_member_that_goes_stays_listed_and_is_not_judged() {
    let known = own("", "").replace("db:1", "cassandra:5.0");
    let plan = typed(&known, &["kubectl scale sts db --replicas=2"]);
    says(&plan, &["Scaling db in stops db-2", "nodetool decommission", "not judged in all"]);
    assert!(plan.findings().contains(&Finding::Unjudged), "{}", told_of(&plan));
    let seeds = own("", "        env: [{name: RING_SEEDS, value: db-0.db}]\n");
    says(&typed(&seeds, &["kubectl scale sts db --replicas=2"]), &["Its settings (seeds)"]);
    let leaves = own("", "        lifecycle: {preStop: {exec: {command: [nodetool, decommission]}}}\n").replace("db:1", "cassandra:5.0");
    for (before, line) in [(&leaves, "--replicas=2"), (&known, "--replicas=4"), (&known, "--replicas=0")] {
        says_not(&typed(before, &[&format!("kubectl scale sts db {line}")]), &["Scaling db in stops"]);
    }
    assert!(typed(&own("", ""), &["kubectl scale sts db --replicas=2"]).findings().is_empty());
}

#[test]
fn a_database_that_does_not_start_on_the_data_of_another_major_version_crashes() {
    let with = |image: &str, more: &str| own(CLAIMS, &format!("{MOUNT}{more}")).replace("example.com/db:1", image);
    let folder = |name: &str| format!("        env: [{{name: PGDATA, value: {name}}}]\n");
    let same = folder("/data/db");
    let plan = applied(&with("example.com/postgres:16", &same), &with("example.com/postgres:17", &same));
    says(&plan, &["postgres:17 does not start on the data that example.com/postgres:16 wrote", "Not Ready at the end: db-2"]);
    assert_eq!(plan.given.outcome.end, End::Stuck);
    let other = applied(&with("example.com/postgres:16", &folder("/data/16")), &with("example.com/postgres:17", &folder("/data/17")));
    says_not(&other, &["does not start on the data"]);
    let open = applied(&with("example.com/db:1", ""), &with("example.com/db:2", ""));
    says(&open, &["is not judged", "kubectl rollout undo statefulset/db, kubectl delete pod db-2", "pods Ready, the rest not judged"]);
}

#[test]
fn a_claim_that_no_volume_is_bound_to_has_nothing_to_copy() {
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {allocatable: {cpu: \"4\", memory: 8Gi, pods: \"110\"}, \
                conditions: [{type: Ready, status: \"True\"}]}\n---\n";
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: disk}\nprovisioner: csi.example.com\n---\n";
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d-db-0}\n\
                 spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\nstatus: {phase: Pending}\n---\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: db-0, labels: {app: db, controller-revision-hash: db-1}, ownerReferences: \
               [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u1, controller: true}]}\nspec: {containers: [{name: c, image: \
               example.com/db:1}], volumes: [{name: d, persistentVolumeClaim: {claimName: d-db-0}}]}\nstatus: {phase: Pending}\n---\n";
    let stands = "status: {observedGeneration: 1, replicas: 1, currentRevision: db-1, updateRevision: db-1}\n---\n";
    let before = set(", uid: u1", CLAIMS, "", MOUNT).replace("---\n", stands);
    let new = own(&CLAIMS.replace("accessModes", "storageClassName: disk, accessModes"), MOUNT);
    let mut world = case::world(&format!("{node}{class}{claim}{SERVICE}{pod}{before}"), &V1_37).unwrap();
    case::put_file(&mut world, "after.yaml", &new);
    let lines = ["kubectl delete sts db", "kubectl apply -f after.yaml"].map(str::to_owned).to_vec();
    let plan = plan::of(&world, &Change::Lines(lines));
    says(&plan, &["No volume is bound to pvc/d-db-0", "kubectl delete persistentvolumeclaim d-db-0", r#"{"storageClassName":"disk"}"#]);
    says_not(&plan, &["the data copied"]);
}

#[test]
fn labels_and_annotations_that_alone_replace_pods_are_named() {
    let own = |label: &str, sum: &str, more: &str| {
        let set = set("", "", "", more);
        set.replace(
            "metadata: {labels: {app: db}}",
            &format!("metadata: {{labels: {{app: db, chart: {label}}}, annotations: {{sum: {sum}}}}}"),
        )
    };
    let before = format!("{SERVICE}{}", own("a", "a", ""));
    let plan = applied(&before, &format!("{SERVICE}{}", own("b", "c", "")));
    says(&plan, &["Nothing in the containers of db changes", "metadata.labels.chart, metadata.annotations.sum"]);
    assert_eq!(plan.given.outcome.end, End::Settled);
    says_not(&applied(&before, &format!("{SERVICE}{}", own("b", "c", "        stdin: true\n"))), &["Nothing in the containers"]);
    says_not(&applied(&before, &before), &["Nothing in the containers"]);
}

#[test]
fn a_password_that_counts_for_an_empty_folder_only_is_told_where_there_is_data() {
    let secret = |word: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: db}}\nstringData: {{password: {word}}}\n---\n");
    let env = "        env: [{name: POSTGRES_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}, {name: TZ, value: x}]\n";
    let mount = "        volumeMounts: [{name: d, mountPath: /var/lib/postgresql/data}]\n";
    let of = |word: &str, image: &str| {
        let set = own(CLAIMS, &format!("{env}{mount}")).replace("example.com/db:1", image);
        format!("{}{set}", secret(word))
    };
    let plan = applied(&of("a", "postgres:16"), &of("b", "postgres:16"));
    says(&plan, &["reads POSTGRES_PASSWORD only while its data folder is empty"]);
    assert_eq!(plan.given.outcome.end, End::Amiss);
    says_not(&applied(&of("a", "postgres:16"), &of("a", "postgres:16").replace("value: x", "value: y")), &["data folder is empty"]);
    says_not(&applied(&of("a", "example.com/db:1"), &of("b", "example.com/db:1")), &["data folder is empty"]);
    let empty = |word: &str| of(word, "postgres:16").replace(CLAIMS, "").replace(mount, "");
    says_not(&applied(&empty("a"), &empty("b")), &["data folder is empty"]);
}
