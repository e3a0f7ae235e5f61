//! What people typed, or asked before they typed it, in public threads: lines that name files, on clusters that a manifest brings along.

use super::deletions;
use ordinal::api::release::V1_37;
use ordinal::plan::case::{self, Case};
use ordinal::plan::course::End;
use ordinal::plan::watch::Fate;
use ordinal::plan::{self, Change, Finding, Plan, report, told};
use ordinal::text::plan::{Says, Way};

const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 7000}]}\n---\n";
const SET: &str = "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 3
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: example.com/db:v1.4
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 8Gi}}}
";
const CLASS: &str = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: block, annotations: \
                     {storageclass.kubernetes.io/is-default-class: \"true\"}}\nprovisioner: csi.example.com\n---\n";
const ANEW: [&str; 2] = ["kubectl delete statefulset db --cascade=orphan", "kubectl apply -f after.yaml"];

/// The plan of lines that may name `after.yaml`.
fn planned(before: &str, after: &str, lines: &[&str]) -> Plan {
    let mut world = case::world(before, &V1_37).unwrap_or_else(|faults| panic!("{faults:?}"));
    case::put_file(&mut world, "after.yaml", after);
    plan::of(&world, &Change::Lines(lines.iter().map(|line| (*line).to_owned()).collect()))
}

fn said(plan: &Plan) -> String {
    report::text(plan, "")
}

/// The last lines of the first way round, which takes this many more than were given.
fn offered(plan: &Plan, way: Way, more: usize) -> Vec<String> {
    let first = plan.offered().next().unwrap_or_else(|| panic!("{}", said(plan)));
    assert_eq!((first.way, first.outcome.end), (way, End::Settled), "{}", said(plan));
    let lines = told::lines(first, "");
    assert_eq!(lines.len(), told::lines(&plan.given, "").len() + more, "{lines:?}");
    lines
}

fn text(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// kubernetes/kubernetes#141876: adopted pods lack the volume of a new template, and a pod's volumes cannot be changed.
#[test]
fn adopted_pods_do_not_get_the_volume_of_a_new_template() {
    let wal = "  - metadata: {name: wal}\n    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 4Gi}}}\n";
    let after = SET.replace("/data}]", "/data}, {name: wal, mountPath: /wal}]") + wal;
    let plan = planned(&format!("{SERVICE}{SET}"), &after, &ANEW);
    let outcome = &plan.given.outcome;
    assert_eq!((outcome.end, outcome.refused.len(), outcome.summary().replaced), (End::Stuck, 0, 0), "{}", said(&plan));
    assert!(said(&plan).contains("pod updates may not change fields other than"), "{}", said(&plan));
    let frees = ["kubectl delete pod db-0", "kubectl delete pod db-1", "kubectl delete pod db-2"];
    assert_eq!(offered(&plan, Way::Renew, 3)[2..], text(&frees));
}

/// migtools/crane#795: a claim that was there is used as it is, and a new one is made of the template.
#[test]
fn a_new_claim_follows_the_template_and_not_the_other_claims() {
    let other = CLASS.replace("name: block, annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}", "name: fast");
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data-db-0}\nspec: {storageClassName: fast, accessModes: \
                 [ReadWriteOnce], resources: {requests: {storage: 50Gi}}}\n---\n";
    let set = SET.replace("replicas: 3", "replicas: 1").replace("accessModes", "storageClassName: block, accessModes");
    let plan = planned(&format!("{CLASS}{other}{claim}{SERVICE}{set}"), "", &["kubectl scale statefulset db --replicas=2"]);
    let outcome = &plan.given.outcome;
    let unlike =
        Says::Unlike { asks: "block 8Gi".to_owned(), claims: text(&["pvc/data-db-0 (fast 50Gi)"]), made: text(&["pvc/data-db-1"]) };
    assert_eq!((outcome.end, &outcome.notes[0]), (End::Amiss, &unlike), "{}", said(&plan));
    assert!(said(&plan).contains("Nor can a claim be patched to another class"), "{}", said(&plan));
    assert_eq!(outcome.sets[0].watched.ready_after, 2);
}

/// observIQ/bindplane-op-helm#88: what happens to the claims is told by the set that is deleted.
#[test]
fn the_deleted_set_decides_about_its_claims() {
    let policy =
        |of: &str| SET.replace("replicas: 3", &format!("replicas: 1\n  persistentVolumeClaimRetentionPolicy: {{whenDeleted: {of}}}"));
    let after = policy("Retain").replace("app: db}", "app: db, tier: control}");
    let lines = ["kubectl delete statefulset db", "kubectl apply -f after.yaml"];
    let plan = planned(&format!("{SERVICE}{}", policy("Delete")), &after, &lines);
    let outcome = &plan.given.outcome;
    let empty = Says::Empty { claims: text(&["pvc/data-db-0"]), old: Vec::new(), away: false };
    assert_eq!((outcome.end, outcome.notes.as_slice()), (End::Amiss, &[empty, Says::TookClaims { set: "db".into() }][..]));
    assert!(plan.findings().contains(&Finding::Data) && outcome.sets[0].watched.ready_after == 1, "{}", said(&plan));
    // Retained first, they stay.
    let patch = r#"kubectl patch statefulset db -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}'"#;
    let kept = planned(&format!("{SERVICE}{}", policy("Delete")), &after, &[patch, lines[0], lines[1]]);
    assert_eq!((kept.given.outcome.end, kept.given.outcome.notes.len()), (End::Settled, 0), "{}", said(&kept));
}

/// kurrent-io/EventStore.Charts#27: a class that does not let claims grow refuses the first line of the usual recipe.
#[test]
fn claims_grow_only_where_their_class_lets_them() {
    let grow = |at: usize| format!(r#"kubectl patch pvc data-db-{at} -p '{{"spec":{{"resources":{{"requests":{{"storage":"32Gi"}}}}}}}}'"#);
    let (patches, after, before) = ([grow(0), grow(1), grow(2)], SET.replace("8Gi", "32Gi"), format!("{CLASS}{SERVICE}{SET}"));
    let lines: Vec<&str> = patches.iter().map(String::as_str).chain(ANEW).collect();
    let plan = planned(&before, &after, &lines);
    let words = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize";
    assert!(plan.given.outcome.refused[0].said.ends_with(words), "{}", said(&plan));
    assert_eq!(offered(&plan, Way::Prepared, 1)[0], r#"kubectl patch storageclass block -p '{"allowVolumeExpansion":true}'"#);
    // Folders of nodes do not grow, whatever their class says.
    let folders = planned(&format!("{SERVICE}{SET}"), &after, &lines);
    assert!(folders.given.outcome.refused[0].said.ends_with(words) && folders.offered().next().is_none(), "{}", said(&folders));
    // The same is offered where the manifest alone is applied.
    let world = case::world(&before, &V1_37).expect("a world");
    let applied = plan::of(&world, &Change::Manifest(format!("{CLASS}{SERVICE}{after}")));
    let rounds: Vec<_> = applied.offered().map(|course| (course.way, course.outcome.end, course.acts.len())).collect();
    assert_eq!(rounds, [(Way::Orphan, End::Amiss, 2), (Way::Prepared, End::Settled, 6)], "{}", said(&applied));
    // Made anew around its pods, the set only looks as if its claims had grown.
    let outcome = planned(&before, &after, &ANEW).given.outcome;
    let claims = text(&["pvc/data-db-0 (8Gi)", "pvc/data-db-1 (8Gi)", "pvc/data-db-2 (8Gi)"]);
    assert_eq!(outcome.notes, [Says::Unlike { asks: "32Gi".to_owned(), claims, made: Vec::new() }]);
    assert_eq!((outcome.end, outcome.summary().replaced), (End::Amiss, 0));
}

/// kubernetes/kubernetes#110718: on the only node, the old rule of the pod that runs keeps the new pod away.
#[test]
fn a_rule_of_a_running_pod_keeps_the_next_away_from_the_only_node() {
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: solo}\n---\n";
    let (set, _) = SET.split_once("  volumeClaimTemplates").expect("templates");
    let set = set.replace("        volumeMounts: [{name: data, mountPath: /data}]\n", "").replace("replicas: 3", "replicas: 2");
    let term = "topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}";
    let rule =
        |rule: &str| set.replace("      containers:", &format!("      affinity: {{podAntiAffinity: {{{rule}}}}}\n      containers:"));
    let hard = rule(&format!("requiredDuringSchedulingIgnoredDuringExecution: [{{{term}}}]"));
    let soft = rule(&format!("preferredDuringSchedulingIgnoredDuringExecution: [{{weight: 100, podAffinityTerm: {{{term}}}}}]"));
    let plan = planned(&format!("{node}{SERVICE}{hard}"), &soft, &["kubectl apply -f after.yaml", "kubectl delete pod db-1"]);
    assert_eq!(plan.given.outcome.end, End::Stuck, "{}", said(&plan));
    assert!(
        said(&plan).contains("0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules."),
        "{}",
        said(&plan)
    );
    assert_eq!(offered(&plan, Way::Renew, 1)[2], "kubectl delete pod db-0");
}

/// kubernetes/kubernetes#36333: in order, no pod is removed while one before is not Ready. The dump has no more than a person would leave.
#[test]
fn a_crashing_pod_keeps_the_highest_from_being_removed() {
    let (set, _) = SET.split_once("  volumeClaimTemplates").expect("templates");
    let set = set
        .replace("        volumeMounts: [{name: data, mountPath: /data}]\n", "        readinessProbe: {tcpSocket: {port: 7000}}\n")
        .replace(
            "metadata: {name: db}",
            "metadata: {name: db, namespace: default, uid: 5b1c0000-0000-4000-8000-000000000001, generation: 1}",
        );
    let status = "status: {observedGeneration: 1, replicas: 3, readyReplicas: 2, currentReplicas: 3, updatedReplicas: 3, currentRevision: \
                  db-6d9f7c5b84, updateRevision: db-6d9f7c5b84}\n";
    let pod = |at: usize| {
        let (ready, state) = match at {
            0 => (false, "restartCount: 31, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}"),
            _ => (true, "restartCount: 0, state: {running: {}}"),
        };
        let owner = "{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: 5b1c0000-0000-4000-8000-000000000001, controller: true}";
        format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: db-{at}\n  namespace: default\n  labels: {{app: db, controller-revision-hash: \
             db-6d9f7c5b84}}\n  ownerReferences: [{owner}]\nspec:\n  nodeName: w{at}\n  containers: [{{name: db, image: \
             \"example.com/db:v1.4\"}}]\nstatus:\n  phase: Running\n  conditions: [{{type: Ready, status: \"{}\"}}]\n  \
             containerStatuses: [{{name: db, image: \"example.com/db:v1.4\", ready: {ready}, {state}}}]\n",
            if ready { "True" } else { "False" },
        )
    };
    let plan = planned(&format!("{set}{status}{}{}{}", pod(0), pod(1), pod(2)), "", &["kubectl scale sts db --replicas=2"]);
    let set = &plan.given.outcome.sets[0];
    assert_eq!((plan.given.outcome.end, deletions(&set.watched).count()), (End::Stuck, 0), "{}", said(&plan));
    let ready: Vec<bool> = set.watched.pods.iter().map(|pod| pod.ready).collect();
    assert_eq!((set.remain.as_slice(), ready.as_slice()), (&["db-2".into()][..], &[false, true, true][..]), "{}", said(&plan));
}

/// druid-io/druid-operator#83: a Service cannot become headless.
#[test]
fn a_service_becomes_headless_only_if_it_is_made_anew() {
    let plan = planned(
        &format!("{}{SET}", SERVICE.replace("clusterIP: None, ", "")),
        &format!("{SERVICE}{SET}"),
        &["kubectl apply -f after.yaml"],
    );
    assert!(plan.given.outcome.refused[0].said.ends_with("may not change once set"), "{}", said(&plan));
    assert_eq!(offered(&plan, Way::Prepared, 1)[0], "kubectl delete service db");
    assert_eq!(plan.offered().next().map(|course| course.outcome.summary().replaced), Some(0));
}

/// dc-tec/openbao-operator#341: scaling in and out brings the old data back.
#[test]
fn a_pod_that_was_scaled_away_comes_back_with_its_data() {
    let lines = ["kubectl scale sts db --replicas=2", "kubectl scale sts db --replicas=3"];
    let told = |set: &str| {
        let plan = planned(&format!("{SERVICE}{set}"), "", &lines);
        assert_eq!(plan.given.outcome.end, End::Settled, "{}", said(&plan));
        let set = &plan.given.outcome.sets[0];
        let anew = set.watched.storage.iter().any(|one| one.fate == Fate::Remade);
        (told::of_set(set).into_iter().find(|says| matches!(says, Says::OldData { .. })), anew)
    };
    // For a fresh start, the claim is deleted between the lines, or by the set itself.
    let fresh = planned(&format!("{SERVICE}{SET}"), "", &[lines[0], "kubectl delete pvc data-db-2", lines[1]]);
    assert_eq!((fresh.given.outcome.end, fresh.given.outcome.notes.len()), (End::Settled, 0), "{}", said(&fresh));
    assert!(!said(&fresh).contains("old data"), "{}", said(&fresh));
    let policy = SET.replace("replicas: 3", "replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}");
    let by_set = planned(&format!("{SERVICE}{policy}"), "", &lines).given.outcome.notes;
    assert_eq!(by_set, [Says::Empty { claims: text(&["pvc/data-db-2"]), old: Vec::new(), away: false }]);
    let old = Says::OldData { pods: vec!["db-2".into()], claims: text(&["pvc/data-db-2"]) };
    assert_eq!(told(SET), (Some(old), false));
}

/// bitnami/bitnami-docker-postgresql#243: nobody here knows whether the new version reads the data; if not, the way back is barred as well.
#[test]
fn another_major_version_on_old_data_is_not_judged_and_tried_as_crashing() {
    let before = format!("{SERVICE}{}", SET.replace("replicas: 3", "replicas: 1"));
    for (image, is_new) in [("example.com/db:v2.0", true), ("example.com/db:v1.5", false), ("example.com/other:v2.0", false)] {
        let after = before.replace("example.com/db:v1.4", image);
        let plan = planned(&before, &after, &["kubectl apply -f after.yaml", "kubectl rollout undo statefulset db"]);
        let major = Says::NewMajor { from: "example.com/db:v1.4".into(), to: image.into(), fails: false };
        assert_eq!(plan.given.outcome.notes.contains(&major), is_new, "{}", said(&plan));
        // It was there, and went.
        assert_eq!((plan.given.outcome.end, plan.given.outcome.summary().replaced), (End::Settled, 2), "{}", said(&plan));
        let crashes: Vec<End> = plan.ways.iter().filter(|way| way.way == Way::Crashes).map(|way| way.outcome.end).collect();
        assert_eq!(crashes, if is_new { vec![End::Stuck] } else { Vec::new() });
    }
}

/// dgraph-io/charts#127: a new selector that the old pods do not match leaves them alone, and their names taken.
#[test]
fn pods_that_the_new_selector_does_not_match_are_not_adopted() {
    let chart = |set: &str, chart: &str| set.replace("app: db}", &format!("app: db, chart: db-{chart}}}"));
    let after = chart(SET, "2").replace("v1.4", "v1.5");
    let plan = planned(&format!("{SERVICE}{}", chart(SET, "1")), &after, &ANEW);
    let outcome = &plan.given.outcome;
    assert_eq!((outcome.end, outcome.refused.len(), outcome.summary().replaced), (End::Stuck, 0, 0), "{}", said(&plan));
    assert!(said(&plan).contains("db cannot create db-0: a pod of that name exists and is not its own."), "{}", said(&plan));
    assert_eq!(offered(&plan, Way::Renew, 3)[2], "kubectl delete pod db-0");
}

#[test]
fn what_is_refused_beside_the_sets_of_a_manifest_is_left_out() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: db}\nspec: {minAvailable: many}\n---\n";
    let (world, faults) = Case::new(&format!("{budget}{SERVICE}{SET}"), "", &V1_37).world().unwrap_or_else(|faults| panic!("{faults:?}"));
    assert!(matches!(faults.as_slice(), [fault] if fault.words.contains("minAvailable")), "{faults:?}");
    assert_eq!(world.tables().pods().filter(|pod| pod.ready()).count(), 3);
    assert_eq!(Case::new(SET, "", &V1_37).world().expect("a world").1.len(), 0);
}
