//! What controllers make of objects that somebody changed by hand, read from the sources of Kubernetes 1.37.1.

use crate::more::{one_pod_set, play};

const VOLUME: &str = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv}\nspec: {accessModes: [ReadWriteOnce], capacity: \
                      {storage: 5Gi}, hostPath: {path: /x}, persistentVolumeReclaimPolicy: Retain, storageClassName: ''}\n";
const CLAIM: &str = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {accessModes: [ReadWriteOnce], \
                     storageClassName: '', resources: {requests: {storage: 1Gi}}}\n";
const PHASE: &str = "get pvc data -o jsonpath={.status.phase}|{.status.capacity}|{.status.accessModes}";

#[test]
fn a_lost_claim_whose_binding_is_forgotten_is_pending_again() {
    let told = play(
        &[("world.yaml", &format!("{VOLUME}{CLAIM}"))],
        &[
            "apply -f world.yaml",
            "wait pvc data --for=jsonpath={.status.phase}=Bound --timeout=30s",
            PHASE,
            "delete pv pv --wait=false",
            "patch pv pv -p '{\"metadata\":{\"finalizers\":null}}'",
            "wait pvc data --for=jsonpath={.status.phase}=Lost --timeout=30s",
            PHASE,
            "annotate pvc data pv.kubernetes.io/bind-completed-",
            "{\"sleep\": 1}",
            PHASE,
        ],
    );
    assert_eq!(told[2], "Bound|{\"storage\":\"5Gi\"}|[\"ReadWriteOnce\"]");
    assert_eq!((told[6].as_str(), told[8].as_str()), ("Lost||", "Pending||"), "{told:?}");
}

#[test]
fn a_claim_that_counts_as_bound_is_lost_where_its_volume_names_another_or_none_by_uid() {
    let reserved = VOLUME.replace("spec: {", "spec: {claimRef: {name: data, namespace: default}, ");
    let restored = CLAIM
        .replace("{name: data}", "{name: data, annotations: {pv.kubernetes.io/bind-completed: 'yes'}}")
        .replace("spec: {", "spec: {volumeName: pv, ");
    let told = play(
        &[("world.yaml", &format!("{reserved}{restored}"))],
        &["apply -f world.yaml", "{\"sleep\": 1}", PHASE, "get pv pv -o jsonpath={.status.phase}", "events --for pvc/data --types=Warning"],
    );
    assert_eq!((told[1].as_str(), told[2].as_str()), ("Lost||", "Available"), "{told:?}");
    assert!(told[3].contains("ClaimMisbound"), "{told:?}");
}

#[test]
fn whether_a_claim_is_used_is_told_only_while_it_is_bound() {
    let pod = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: user}\nspec: {containers: [{name: c, image: nginx}], volumes: [{name: v, \
               persistentVolumeClaim: {claimName: data}}]}\n";
    let unused = "get pvc data -o jsonpath={.status.conditions[*].status}";
    let told = play(
        &[("world.yaml", &format!("{VOLUME}{CLAIM}")), ("pod.yaml", pod)],
        &[
            "apply -f world.yaml",
            "wait pvc data --for=condition=Unused --timeout=30s",
            "apply -f pod.yaml",
            "{\"sleep\": 1}",
            unused,
            "delete pv pv --wait=false",
            "patch pv pv -p '{\"metadata\":{\"finalizers\":null}}'",
            "wait pvc data --for=jsonpath={.status.phase}=Lost --timeout=30s",
            "delete pod user --now",
            "{\"sleep\": 2}",
            unused,
        ],
    );
    assert_eq!((told[3].as_str(), told[8].as_str()), ("False", "False"), "{told:?}");
}

#[test]
fn when_a_deletion_was_asked_for_cannot_be_said_anew() {
    let at = |at: &str| format!("patch cm kept --type=merge -p '{{\"metadata\":{{\"deletionTimestamp\":{at}}}}}'");
    let kept = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, finalizers: [a.io/b]}\n";
    let told = play(
        &[("kept.yaml", kept)],
        &["apply -f kept.yaml", "delete cm kept --wait=false", &at("null"), &at("\"2020-01-01T00:00:00Z\""), "get cm kept -o name"],
    );
    assert_eq!([&*told[2], &*told[3]], ["configmap/kept patched (no change)\n"; 2]);
}

#[test]
fn a_claim_that_has_more_than_it_asks_for_is_not_expanded() {
    let class = "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: fast}\nprovisioner: a.io/b\nallowVolumeExpansion: \
                 true\n";
    let [volume, claim] = [VOLUME, CLAIM].map(|text| text.replace("storageClassName: ''", "storageClassName: fast"));
    let ask = |size: &str| format!("patch pvc data -p '{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\"{size}\"}}}}}}}}'");
    let told = play(
        &[("world.yaml", &format!("{class}{volume}{claim}"))],
        &[
            "apply -f world.yaml",
            "wait pvc data --for=jsonpath={.status.phase}=Bound --timeout=30s",
            &ask("5Gi"),
            "{\"sleep\": 2}",
            "events --for pvc/data",
            &ask("6Gi"),
            "{\"sleep\": 2}",
            "events --for pvc/data",
        ],
    );
    assert!(!told[3].contains("ExternalExpanding") && told[5].contains("ExternalExpanding"), "{told:?}");
}

#[test]
fn a_claim_has_all_that_its_template_says_of_it() {
    let owner = "{apiVersion: v1, kind: ConfigMap, name: gone, uid: 00000000-0000-4000-8000-000000000001}";
    let template = format!(
        "  volumeClaimTemplates:\n  - metadata: {{name: data, labels: {{a: b}}, finalizers: [a.io/b], ownerReferences: [{owner}]}}\n    spec: \
         {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
    );
    let claim = "get pvc data-web-0 -o jsonpath={.metadata.finalizers}{.metadata.ownerReferences[*].name}{.metadata.labels}";
    let told = play(
        &[("web.yaml", &format!("{}{template}", one_pod_set("web", "web")))],
        &[
            "apply -f web.yaml",
            "wait pvc data-web-0 --for=create --timeout=20s",
            claim,
            "{\"sleep\": 9}",
            "get pvc data-web-0 --no-headers",
        ],
    );
    assert_eq!(told[2], r#"["a.io/b"]gone{"a":"b","app":"x"}"#, "it is being deleted, and protected no more");
    assert!(told[3].contains("Terminating"), "its owner is not there: {told:?}");
}

#[test]
fn a_claim_that_is_being_deleted_is_bound_all_the_same() {
    let held = CLAIM.replace("{name: data}", "{name: data, finalizers: [a.io/b]}");
    let told = play(
        &[("claim.yaml", &held), ("pv.yaml", VOLUME)],
        &["apply -f claim.yaml", "delete pvc data --wait=false", "apply -f pv.yaml", "{\"sleep\": 17}", PHASE],
    );
    assert!(told[3].starts_with("Bound|"), "{told:?}");
}

/// What a write of the status of something prints, and what is then there.
fn rewritten(world: &str, target: &str, status: &str, shown: &str) -> [String; 2] {
    let patch = format!("patch {target} --subresource=status --type=merge -p '{{\"status\":{status}}}'");
    let show = format!("get {target} -o 'jsonpath={shown}'");
    let told = play(&[("world.yaml", world)], &["apply -f world.yaml", "{\"settle\": 5, \"timeout\": 60}", &patch, &show]);
    [told[1].clone(), told[2].clone()]
}

#[test]
fn a_status_is_as_a_client_writes_it() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n";
    let ingress = r#"{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]},"conditions":[{"type":"a.io/b","status":"True","reason":"C","message":"","lastTransitionTime":null}]}"#;
    let [_, told] = rewritten(service, "svc s", ingress, "{.status.loadBalancer.ingress}{.status.conditions[*].type}");
    assert_eq!(told, r#"[{"ip":"1.2.3.4","ipMode":"VIP"}]a.io/b"#);
    let patch = format!("patch svc s --subresource=status --type=merge -p '{{\"status\":{ingress}}}'");
    let told = play(&[("s.yaml", service)], &["apply -f s.yaml", &patch, "describe svc s"]);
    assert!(told[2].contains("\nLoadBalancer Ingress:     1.2.3.4 (VIP)\n"), "{}", told[2]);
    let [refused, _] = rewritten(&service.replace("LoadBalancer", "ClusterIP"), "svc s", ingress, "{.status}");
    assert!(refused.contains("status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'"), "{refused}");

    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n";
    let [_, told] = rewritten(
        pod,
        "pod p",
        r#"{"phase":"Failed","reason":"Evicted","message":"no"}"#,
        "{.status.phase}{.status.reason}{.status.message}",
    );
    assert_eq!(told, "FailedEvictedno");
    let restarts = "{.status.containerStatuses[0].restartCount}{.status.containerStatuses[0].state.waiting}";
    let statuses = r#"{"containerStatuses":[{"name":"c","image":"nginx","imageID":"","ready":false,"restartCount":7,"state":{"waiting":{"reason":"No"}}}]}"#;
    assert_eq!(rewritten(pod, "pod p", statuses, restarts)[1], r#"7{"reason":"No"}"#);

    let node = "{.status.capacity.cpu}|{.status.allocatable.cpu}|{.status.conditions[?(@.type==\"Odd\")].status}";
    let capacity = r#"{"capacity":{"cpu":"64"},"conditions":[{"type":"Odd","status":"True"}]}"#;
    let before = rewritten(pod, "node node-1", "{}", node)[1].clone();
    let cpu = before.split('|').nth(1).expect("an amount").to_owned();
    assert_eq!((rewritten(pod, "node node-1", capacity, node)[1].as_str(), before), (&*format!("64|{cpu}|True"), format!("{cpu}|{cpu}|")));

    let claim = r#"{"capacity":{"storage":"9Gi"},"conditions":[{"type":"Odd","status":"True"}]}"#;
    let shown = "{.status.capacity.storage}{.status.conditions[*].type}";
    assert_eq!(rewritten(&format!("{VOLUME}{CLAIM}"), "pvc data", claim, shown)[1], "9GiOdd Unused");
    assert_eq!(rewritten(VOLUME, "pv pv", r#"{"message":"no"}"#, "{.status.phase}{.status.message}")[1], "Availableno");
}

#[test]
fn a_namespace_is_terminating_only_while_it_is_deleted() {
    let [refused, phase] = rewritten(VOLUME, "ns default", r#"{"phase":"Terminating"}"#, "{.status.phase}");
    let why = "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty";
    assert_eq!((refused, phase.as_str()), (format!("! The Namespace \"default\" is invalid: {why}\n? 1\n"), "Active"));
}

#[test]
fn what_the_binder_tells_of_claims_and_volumes_it_tells_again() {
    let patch = |target: &str, status: &str| format!("patch {target} --subresource=status --type=merge -p '{{\"status\":{status}}}'");
    let told = play(
        &[("world.yaml", &format!("{VOLUME}{CLAIM}"))],
        &[
            "apply -f world.yaml",
            "{\"sleep\": 9}",
            &patch("pvc data", r#"{"accessModes":["ReadWriteMany"],"capacity":{"storage":"9Gi"}}"#),
            &patch("pv pv", r#"{"phase":"Failed","message":"no"}"#),
            "{\"sleep\": 9}",
            PHASE,
            "get pv pv -o jsonpath={.status.phase}|{.status.message}",
        ],
    );
    assert_eq!((told[3].as_str(), told[4].as_str()), ("Bound|{\"storage\":\"9Gi\"}|[\"ReadWriteOnce\"]", "Bound|"), "{told:?}");
}

#[test]
fn an_autoscaler_says_each_time_that_it_lacks_metrics_and_looks_at_its_target_in_time() {
    let counts = "get events --field-selector reason=FailedGetResourceMetric -o jsonpath={.items[*].count}";
    let told = play(
        &[("web.yaml", &one_pod_set("web", "web"))],
        &[
            "apply -f web.yaml",
            "autoscale sts web --max=3",
            "{\"sleep\": 50}",
            counts,
            "scale sts web --replicas=5",
            "{\"sleep\": 16}",
            "get sts web -o jsonpath={.spec.replicas}",
        ],
    );
    assert_eq!((told[2].as_str(), told[4].as_str()), ("4", "3"), "{told:?}");
}

#[test]
fn each_metric_that_an_autoscaler_lacks_has_an_event() {
    let metric =
        |name: &str| format!("{{type: Resource, resource: {{name: {name}, target: {{type: Utilization, averageUtilization: 50}}}}}}");
    let autoscaler = format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\nspec: {{maxReplicas: 3, metrics: [{}, {}], \
         scaleTargetRef: {{apiVersion: apps/v1, kind: StatefulSet, name: web}}}}\n",
        metric("cpu"),
        metric("memory")
    );
    let lacks = "get events --field-selector reason=FailedGetResourceMetric -o jsonpath={.items[*].message}";
    let told = play(
        &[("web.yaml", &one_pod_set("web", "web")), ("hpa.yaml", &autoscaler)],
        &["apply -f web.yaml", "apply -f hpa.yaml", "{\"sleep\": 20}", lacks],
    );
    let messages = told[2].split("failed to get ").skip(1);
    let resources: Vec<&str> = messages.filter_map(|message| message.split(' ').next()).collect();
    assert_eq!(resources, ["cpu", "memory"], "{told:?}");
}

#[test]
fn a_deployment_whose_replica_set_is_refused_says_so_in_its_status() {
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {count/replicasets.apps: '0'}}\n";
    let of = "-o 'jsonpath={.status.conditions[?(@.type==\"Progressing\")]";
    let told = play(
        &[("q.yaml", quota)],
        &[
            "apply -f q.yaml",
            "{\"sleep\": 1}",
            "create deployment api --image=nginx",
            "{\"sleep\": 5}",
            &format!("get deployment api {of}.reason}}'"),
            &format!("get deployment api {of}.message}}'"),
            "delete quota q",
            "{\"sleep\": 20}",
            &format!("get deployment api {of}.reason}}'"),
        ],
    );
    assert_eq!((told[2].as_str(), told[5].as_str()), ("ReplicaSetCreateError", "NewReplicaSetAvailable"), "{told:?}");
    assert!(told[3].starts_with("Failed to create new replica set \"api-") && told[3].contains("exceeded quota: q"), "{told:?}");
}

#[test]
fn a_pod_that_stays_is_no_target_of_disruption_after_two_minutes() {
    let target = r#"{"conditions":[{"type":"DisruptionTarget","status":"True","reason":"EvictionByEvictionAPI","lastTransitionTime":"2099-01-01T00:00:00Z"}]}"#;
    let patch = format!("patch pod p --subresource=status -p '{{\"status\":{target}}}'");
    let told = |patch: &str, wait: u32| {
        let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: nginx}]}\n";
        let of = "-o 'jsonpath={.status.conditions[?(@.type==\"DisruptionTarget\")]";
        let lines = [
            "apply -f p.yaml",
            "{\"sleep\": 9}",
            patch,
            &format!("{{\"sleep\": {wait}}}"),
            &format!("get pod p {of}.status}}'"),
            &format!("get pod p {of}.reason}}'"),
        ];
        play(&[("p.yaml", pod)], &lines)[2..].concat()
    };
    let now = patch.replace("2099-01-01T00:00:00Z", &told_at());
    assert_eq!((told(&now, 100), told(&now, 125)), ("TrueEvictionByEvictionAPI".to_owned(), "False".to_owned()));
    assert_eq!(told(&now.replace("EvictionByEvictionAPI", "TerminationByKubelet"), 200), "TrueTerminationByKubelet");
}

/// When scenarios begin, near enough.
fn told_at() -> String {
    let told = play(&[], &["create cm now", "get cm now -o jsonpath={.metadata.creationTimestamp}"]);
    told[1].clone()
}

#[test]
fn an_owner_in_another_namespace_is_reported_and_is_none() {
    let owned = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: owned, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: \
                 kube-root-ca.crt, uid: UID}]}\n";
    let files = |uid: &str| owned.replace("UID", uid);
    let uid = &play(&[], &["get cm kube-root-ca.crt -n kube-system -o jsonpath={.metadata.uid}"])[0];
    let told = play(
        &[("owned.yaml", &files(uid))],
        &["apply -f owned.yaml", "{\"sleep\": 5}", "get cm owned -o name", "get events -o jsonpath={.items[*].message}"],
    );
    assert!(told[1].contains("NotFound"), "{told:?}");
    let words = "name: kube-root-ca.crt, uid: UID] does not exist in namespace \"default\"".replace("UID", uid);
    assert_eq!(told[2], format!("ownerRef [v1/ConfigMap, namespace: default, {words}"));
}

#[test]
fn a_name_is_made_before_anything_is_made_of_it() {
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: j-}\nspec: {template: {spec: {restartPolicy: Never, containers: \
               [{name: a, image: nginx}]}}}\n";
    let told = play(
        &[("job.yaml", job)],
        &[
            "create -f job.yaml",
            "get jobs -o jsonpath={.items[*].metadata.name}",
            "get jobs -o jsonpath={.items[*].spec.template.metadata.labels.job-name}",
            "{\"sleep\": 5}",
            "delete job --all --timeout=60s",
            "{\"sleep\": 60}",
            "get pods",
        ],
    );
    assert_eq!(told[0], format!("job.batch/{} created\n", told[1]));
    assert!(told[1].starts_with("j-") && told[1].len() == 7 && told[2] == told[1], "{told:?}");
    assert_eq!(told.last().map(String::as_str), Some("! No resources found in default namespace.\n"), "{told:?}");
}

#[test]
fn the_api_server_makes_its_own_service_anew() {
    let told = play(&[], &["delete svc kubernetes", "get svc -o name", "{\"sleep\": 11}", "get svc -o name"]);
    assert_eq!(told[1..], ["", "service/kubernetes\n"], "{told:?}");
}

#[test]
fn a_pod_without_a_node_has_nothing_to_be_connected_with() {
    let pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: pend}\nspec: {nodeSelector: {no: where}, containers: [{name: a, image: nginx}]}\n";
    let lines = ["apply -f pod.yaml", "exec pend -- ls", "attach pend"];
    let told = play(&[("pod.yaml", pod)], &lines);
    let refused = "! error: unable to upgrade connection: pod pend does not have a host assigned\n? 1\n";
    assert_eq!(told[1..], [refused; 2], "{told:?}");
}

#[test]
fn what_cannot_be_done_at_once_and_what_is_not_there_is_refused_by_name() {
    let lines = ["taint node node-1 k=w:NoExecute k-", "config get-contexts nope"];
    let told = play(&[], &lines);
    assert_eq!(told[0], "! error: can not both modify and remove the following taint(s) in the same command: k=\n? 1\n");
    assert_eq!(told[1], "CURRENT   NAME   CLUSTER   AUTHINFO   NAMESPACE\n! error: context nope not found\n? 1\n");
}

#[test]
fn a_machine_that_is_silent_is_said_not_to_answer() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: far}\nspec: {nodeName: node-1, containers: [{name: a, image: nginx}]}\n";
    let lines = [
        "apply -f pod.yaml",
        "wait pod far --for=condition=Ready --timeout=60s",
        "get node node-1 -o jsonpath={.status.addresses[0].address}",
        "{\"fault\": {\"op\": \"node-down\", \"node\": \"node-1\"}}",
        "logs far --tail=3",
        "port-forward far 8080:80",
        "attach far",
        "exec far -- ls -l /a b",
    ];
    let told = play(&[("pod.yaml", pod)], &lines);
    let host = format!("{}:10250", told[2]);
    let dial = format!("dial tcp {host}: connect: no route to host\n? 1\n");
    let post = |path: &str| format!("! error: Internal error occurred: error sending request: Post \"https://{host}/{path}\": {dial}");
    let want = [
        format!("! Error from server: Get \"https://{host}/containerLogs/default/far/a?tailLines=3\": {dial}"),
        format!("! error: error upgrading connection: unable to upgrade connection: error dialing backend: {dial}"),
        post("attach/default/far/a?error=1&output=1"),
        post("exec/default/far/a?command=ls&command=-l&command=%2Fa&command=b&error=1&output=1"),
    ];
    assert_eq!(told[3..], want, "{told:#?}");
}
