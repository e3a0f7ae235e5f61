//! What the copy plays after a change was accepted. What autoscalers find, whom containers may run as, where pods of a closed node go.
//! Which volumes and classes new pods get, how long they wait for them, which rule keeps them away.

use super::beside::{SERVICE, applied, plain, says, set, told_of, typed};
use ordinal::base::time::Span;
use ordinal::plan::course::End;

/// An autoscaler of 5 to 9 for what its reference names.
fn scaler(reference: &str) -> String {
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: h}}\n\
         spec: {{minReplicas: 5, maxReplicas: 9, scaleTargetRef: {{{reference}}}}}\n---\n"
    )
}

#[test]
fn an_autoscaler_that_does_not_find_its_set_leaves_it_as_it_is() {
    let before = format!("{SERVICE}{}", plain());
    let with = |reference: &str| applied(&before, &(scaler(reference) + &before));
    for (reference, words) in [
        ("apiVersion: extensions/v1beta1, kind: StatefulSet, name: db", "no matches for kind \"StatefulSet\" in group \"extensions\""),
        ("apiVersion: apps/v1, kind: Deployment, name: db", "deployments.apps \"db\" not found"),
    ] {
        let plan = with(reference);
        says(
            &plan,
            &["horizontalpodautoscaler/h finds nothing to scale", words, "db stays at 3", "it brings db to 5 at once: kubectl patch"],
        );
        assert!(!told_of(&plan).contains("brings db to 5 at once, and keeps"), "{}", told_of(&plan));
        assert_eq!(plan.given.outcome.end, End::Amiss);
    }
    let other = with("apiVersion: apps/v1, kind: StatefulSet, name: dc");
    says(&other, &["horizontalpodautoscaler/h finds nothing to scale", "statefulsets.apps \"dc\" not found", "until there is a dc"]);
    // Of a group, every version will do.
    let found = with("apiVersion: apps/v1beta1, kind: StatefulSet, name: db");
    says(&found, &["horizontalpodautoscaler/h brings db to 5 at once, and keeps it between 5 and 9"]);
    assert!(!told_of(&found).contains("finds nothing"), "{}", told_of(&found));
}

#[test]
fn a_rollout_stops_at_a_container_that_must_not_run_as_root_and_asks_to() {
    let before = format!("{SERVICE}{}", plain());
    let root = "      initContainers: [{name: own, image: example.com/own:1, securityContext: {runAsUser: 0}}]\n";
    let hard = "      securityContext: {runAsNonRoot: true, runAsUser: 1001}\n";
    let stops = applied(&before, &format!("{SERVICE}{}", set("", "", &format!("{hard}{root}"), "")));
    says(
        &stops,
        &[
            "container own of db-2: runAsNonRoot counts for it",
            "runAsUser: 0",
            "\"runAsNonRoot\":false",
            "kubectl -n default delete pod db-2",
        ],
    );
    assert_eq!(stops.given.outcome.end, End::Stuck, "{}", told_of(&stops));
    let open = applied(&before, &format!("{SERVICE}{}", set("", "", "      securityContext: {runAsNonRoot: true}\n", "")));
    says(&open, &["c of db must not run as root from now on (runAsNonRoot), and only the image names a user", "not judged in all"]);
    let allowed = root.replace("runAsUser: 0", "runAsUser: 0, runAsNonRoot: false");
    let rolls = applied(&before, &format!("{SERVICE}{}", set("", "", &format!("{hard}{allowed}"), "")));
    assert_eq!(rolls.given.outcome.end, End::Settled, "{}", told_of(&rolls));
}

#[test]
fn a_pod_that_comes_back_to_a_drained_node_is_told_with_the_toleration_that_lets_it() {
    let drained = |pods: &str| typed(&format!("{SERVICE}{}", set("", "", pods, "")), &["kubectl drain node-1 --ignore-daemonsets --force"]);
    // A pod of another node is in the way of each other.
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                 labelSelector: {matchLabels: {app: db}}}]}}\n";
    for toleration in
        ["{operator: Exists}", "{key: node.kubernetes.io/unschedulable, operator: Exists}", "{operator: Exists, effect: NoSchedule}"]
    {
        let plan = drained(&format!("{apart}      tolerations: [{toleration}]\n"));
        says(
            &plan,
            &[
                "Made anew on node-1, although that is cordoned",
                "covers the taint of a cordoned node, too",
                "No other node takes such a pod",
            ],
        );
        says(&plan, &["node-2 (didn't match pod anti-affinity rules)", "\"tolerations\":[]"]);
        assert_eq!(plan.given.outcome.end, End::Amiss, "{}", told_of(&plan));
    }
    for toleration in ["{key: dedicated, operator: Exists}", "{operator: Exists, effect: NoExecute}"] {
        let plan = drained(&format!("      tolerations: [{toleration}]\n"));
        assert!(!told_of(&plan).contains("Made anew on"), "{}", told_of(&plan));
    }
    let opened = ["kubectl drain node-1 --ignore-daemonsets --force", "kubectl uncordon node-1"];
    let plan = typed(&format!("{SERVICE}{}", set("", "", &format!("{apart}      tolerations: [{{operator: Exists}}]\n"), "")), &opened);
    assert_eq!(plan.given.outcome.end, End::Settled, "{}", told_of(&plan));
    let pinned = drained("      nodeName: node-1\n");
    says(&pinned, &["db-0, db-1, db-2", "The template names the node (nodeName)"]);
}

/// What was printed of a cluster: nodes, and a set with these fields in its container, each pod with its node and status.
fn printed(nodes: &str, pods: &str, of_pods: &[(&str, &str)]) -> String {
    let template = format!("{{containers: [{{name: c, image: 'example.com/db:1', volumeMounts: [{{name: d, mountPath: /d}}]{pods}}}]}}");
    let claims = "volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: disk, accessModes: [ReadWriteOnce], resources: \
                  {requests: {storage: 1Gi}}}}]";
    let count = of_pods.len();
    let mut text = format!(
        "{nodes}apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db, namespace: a, uid: u-1, generation: 1}}\nspec: {{serviceName: db, \
         replicas: {count}, selector: {{matchLabels: {{app: db}}}}, template: {{metadata: {{labels: {{app: db}}}}, spec: {template}}}, {claims}}}\n\
         status: {{observedGeneration: 1, replicas: {count}, currentReplicas: {count}, updatedReplicas: {count}, currentRevision: db-1, \
         updateRevision: db-1}}\n"
    );
    for (at, (node, status)) in of_pods.iter().enumerate() {
        text += &format!(
            "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: db-{at}, namespace: a, labels: {{app: db, controller-revision-hash: db-1}}, \
             ownerReferences: [{{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: u-1, controller: true}}]}}\nspec: {{nodeName: {node}, \
             containers: [{{name: c, image: 'example.com/db:1', volumeMounts: [{{name: d, mountPath: /d}}]{pods}}}], \
             volumes: [{{name: d, persistentVolumeClaim: {{claimName: d-db-{at}}}}}]}}\nstatus: {{phase: Running, {status}}}\n"
        );
    }
    text
}

const READY: &str = "conditions: [{type: Ready, status: 'True'}]";

fn node(name: &str, ready: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}, labels: {{kubernetes.io/hostname: {name}}}}}\nstatus: {{allocatable: {{cpu: '8', \
         memory: 30Gi, pods: '110'}}, conditions: [{{type: Ready, status: '{ready}'}}]}}\n---\n"
    )
}

#[test]
fn a_class_that_pods_use_and_nobody_shows_makes_the_volumes_of_more_pods() {
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: a}\nspec: {hard: {pods: '3'}}\nstatus: {hard: {pods: '3'}, \
                 used: {pods: '2'}}\n---\n";
    let other = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: other}\nprovisioner: other.example.com\n---\n";
    for more in ["", other] {
        let before = format!("{more}{}", printed(&node("n-1", "True"), "", &[("n-1", READY), ("n-1", READY)]));
        let plan = typed(&before, &["kubectl scale sts db -n a --replicas=4"]);
        assert_eq!(plan.given.outcome.end, End::Settled, "{}", told_of(&plan));
        says(&plan, &["Created, in this order: db-2, db-3"]);
    }
    // A template that names no class has had a default one.
    let open = printed(&node("n-1", "True"), "", &[("n-1", READY), ("n-1", READY)]).replace("storageClassName: disk, ", "");
    let plan = typed(&open, &["kubectl scale sts db -n a --replicas=3"]);
    assert_eq!(plan.given.outcome.end, End::Settled, "{}", told_of(&plan));
    let before = format!("{quota}{}", printed(&node("n-1", "True"), "", &[("n-1", READY), ("n-1", READY)]));
    let plan = typed(&before, &["kubectl scale sts db -n a --replicas=4"]);
    says(
        &plan,
        &[
            "Created, in this order: db-2.",
            "ResourceQuota q has no room for it (exceeded quota: q, requested: pods=1, used: pods=3, limited: pods=3)",
        ],
    );
}

#[test]
fn a_pod_waits_for_a_volume_that_a_silent_node_keeps() {
    let volume = "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-0}\nspec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], \
                  storageClassName: disk, claimRef: {kind: PersistentVolumeClaim, namespace: a, name: d-db-0}, csi: {driver: csi.example.com, \
                  volumeHandle: h}}\nstatus: {phase: Bound}\n---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: d-db-0, namespace: a}\n\
                  spec: {storageClassName: disk, volumeName: pv-0, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n\
                  status: {phase: Bound}\n---\n";
    let attached = |node: &str| {
        format!(
            "apiVersion: storage.k8s.io/v1\nkind: VolumeAttachment\nmetadata: {{name: a}}\nspec: {{attacher: csi.example.com, nodeName: {node}, \
             source: {{persistentVolumeName: pv-0}}}}\nstatus: {{attached: true}}\n---\n"
        )
    };
    let of = |node_ready: &str, volume: &str| {
        let nodes = format!("{}{}{volume}", node("n-1", node_ready), node("n-2", "True"));
        printed(&nodes, "", &[("n-1", "conditions: [{type: Ready, status: 'False'}]")])
    };
    let force = "kubectl delete pod db-0 -n a --force --grace-period=0";
    for volume in [format!("{volume}{}", attached("n-1")), volume.to_owned()] {
        let plan = typed(&of("Unknown", &volume), &[force]);
        says(&plan, &["db-0 waits 6m", "volume pv-0 (Multi-Attach error): it is attached to n-1", "out-of-service"]);
        assert!(plan.given.outcome.to.since(plan.given.outcome.from) > Span::seconds(360), "{}", told_of(&plan));
    }
    let gone = typed(&of("Unknown", &format!("{volume}{}", attached("n-1"))), &["kubectl delete node n-1"]);
    says(&gone, &["it is attached to n-1, which is gone"]);
    // A node that nobody shows.
    let nobody = of("Unknown", &format!("{volume}{}", attached("n-1"))).replace(&node("n-1", "Unknown"), "");
    says(&typed(&nobody, &[force]), &["it is attached to n-1, which is gone", "Nobody has confirmed that the old db-0 stopped"]);
    let many = format!("{volume}{}", attached("n-1")).replace("ReadWriteOnce", "ReadWriteMany");
    let many = typed(&of("False", &many), &[force]);
    says(&many, &["Nobody has confirmed that the old db-0 stopped"]);
    assert!(!told_of(&many).contains("Multi-Attach"), "{}", told_of(&many));
    let taint = "kubectl taint node n-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute";
    let quick = typed(&of("Unknown", &format!("{volume}{}", attached("n-1"))), &[taint]);
    assert!(!told_of(&quick).contains("Multi-Attach"), "{}", told_of(&quick));
    says(&quick, &["db-0 moves from n-1 to n-2"]);
}

#[test]
fn a_pod_that_runs_keeps_its_rule_and_goes_for_a_new_one() {
    let apart = "      affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, \
                 labelSelector: {matchLabels: {app: db}}}]}}\n";
    let before = format!("{SERVICE}{}", set("", "", apart, "").replace("replicas: 3", "replicas: 4"));
    let lines =
        [r#"kubectl patch sts db --type=json -p '[{"op":"remove","path":"/spec/template/spec/affinity"}]'"#, "kubectl delete pod db-3"];
    let plan = typed(&before, &lines);
    says(&plan, &["didn't satisfy existing pods anti-affinity rules", "and not its own, keeps db-3 away", "$ kubectl delete pod db-0"]);
}

#[test]
fn a_probe_that_killed_pods_and_allows_more_time_is_not_judged() {
    let killed = "conditions: [{type: Ready, status: 'False'}], containerStatuses: [{name: c, image: 'example.com/db:1', imageID: '', ready: false, \
                  restartCount: 9, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: REASON, exitCode: 137}}}]";
    let probe = |failures: u8| format!(", livenessProbe: {{tcpSocket: {{port: 1}}, initialDelaySeconds: 5, failureThreshold: {failures}}}");
    let of = |reason: &str, old: u8| {
        let status = killed.replace("REASON", reason);
        printed(&node("n-1", "True"), &probe(old), &[("n-1", &status)])
            .replace("replicas: 1, sel", "replicas: 1, podManagementPolicy: Parallel, sel")
    };
    let after = |new: &str| {
        let text = printed("", new, &[]).replace("replicas: 0, sel", "replicas: 1, podManagementPolicy: Parallel, sel");
        text.split("status:").next().unwrap_or_default().replace(", uid: u-1, generation: 1", "")
    };
    let plan = applied(&of("Error", 3), &after(&probe(12)));
    says(&plan, &["killed (exit code 137) by a probe of c after about 35 s", "allows about 125 s", "not judged in all"]);
    assert!(!told_of(&plan).contains("It gets stuck"), "{}", told_of(&plan));
    // What else changes does not touch the probe.
    let same = applied(&of("Error", 3), &after(&probe(3)).replace("labels: {app: db}}, spec", "labels: {app: db, b: c}}, spec"));
    says(&same, &["It gets stuck", "keeps failing its probe"]);
    let memory = applied(&of("OOMKilled", 3), &after(&probe(12)));
    assert!(!told_of(&memory).contains("allows about"), "{}", told_of(&memory));
}
