//! Lines that were typed against a real control plane 1.37.1, and what they printed there.

use kubectl::commands::COMMANDS;

use crate::more::{one_pod_set, play};

const SET: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: nginx}\nspec: {clusterIP: None, ports: [{port: 80}], selector: {app: nginx}}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nginx\n  replicas: 2\n  selector: {matchLabels: {app: nginx}}\n  template:\n    metadata: {labels: {app: nginx}}\n    spec: {containers: [{name: nginx, image: 'nginx:1.25', ports: [{name: http, containerPort: 8080}]}]}\n";
const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: fresh}\nspec: {ports: [{port: 80, name: a, targetPort: http}, {port: 81, targetPort: 9}], selector: {app: nginx}}\n";
const THREE: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\nspec:\n  serviceName: nginx\n  replicas: 3\n  selector: {matchLabels: {app: nginx}}\n  template:\n    metadata: {labels: {app: nginx}}\n    spec: {containers: [{name: nginx, image: 'nginx:1.25', ports: [{name: http, containerPort: 8080}]}]}\n";

/// Plays lines after the set has settled; each prints what stands beside it.
fn check(cases: &[(&str, &str)]) {
    let before = ["apply -f set.yaml", "rollout status sts web"];
    let lines: Vec<&str> = before.into_iter().chain(cases.iter().map(|(line, _)| *line)).collect();
    let printed = play(&[("set.yaml", SET), ("svc.yaml", SERVICE), ("three.yaml", THREE)], &lines);
    for ((line, want), printed) in cases.iter().zip(&printed[before.len()..]) {
        assert_eq!(printed, want, "kubectl {line}");
    }
}

#[test]
fn what_chooses_no_pods_has_no_process_log_or_port() {
    check(&[
        ("create cm conf --from-literal=a=b", "configmap/conf created\n"),
        ("exec cm/conf -- ls", "! error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n? 1\n"),
        ("logs cm/conf", "! error: cannot get the logs from *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n? 1\n"),
        ("attach cm/conf", "! error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n? 1\n"),
        ("port-forward cm/conf 80", "! error: cannot attach to *v1.ConfigMap: selector for *v1.ConfigMap not implemented\n? 1\n"),
        (
            "logs svc/kubernetes",
            "! error: cannot get the logs from *v1.Service: invalid service 'kubernetes': Service is defined without a selector\n? 1\n",
        ),
        (
            "exec svc/kubernetes -- ls",
            "! error: cannot attach to *v1.Service: invalid service 'kubernetes': Service is defined without a selector\n? 1\n",
        ),
    ]);
}

#[test]
fn a_kind_without_revisions_says_so() {
    check(&[
        ("create cm conf --from-literal=a=b", "configmap/conf created\n"),
        ("create job once --image=nginx:1.25", "job.batch/once created\n"),
        ("rollout history job once", "! error: no history viewer has been implemented for \"Job.batch\"\n? 1\n"),
        (
            "rollout history cm conf",
            "! error: error retrieving history for \"ConfigMap\", no visitor method exists for { ConfigMap}\n? 1\n",
        ),
        ("rollout status job once", "! error: no status viewer has been implemented for Job.batch\n? 1\n"),
    ]);
}

#[test]
fn the_words_of_a_command_are_checked_before_it_begins() {
    check(&[
        ("exec", "! error: pod, type/name or --filename must be specified\n? 1\n"),
        ("exec -- ls", "! error: pod, type/name or --filename must be specified\n? 1\n"),
        (
            "exec web-0 ls -- -l",
            "! error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n! See 'kubectl exec -h' for help and examples\n? 1\n",
        ),
        ("attach", "! error: at least 1 argument is required for attach\n? 1\n"),
        ("attach web-0 -c nope", "! error: cannot attach to the container: container nope is not valid for pod web-0 out of: nginx\n? 1\n"),
        (
            "logs",
            "! error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n! POD or TYPE/NAME is a required argument for the logs command\n! See 'kubectl logs -h' for help and examples\n? 1\n",
        ),
        (
            "logs web-0 nginx extra",
            "! error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n! POD or TYPE/NAME is a required argument for the logs command\n! See 'kubectl logs -h' for help and examples\n? 1\n",
        ),
        (
            "logs web-0 -l app=nginx",
            "! error: only a selector (-l) or a POD name is allowed\n! See 'kubectl logs -h' for help and examples\n? 1\n",
        ),
        ("logs web-0 nginx -c nginx", "! error: only one of -c or an inline [CONTAINER] arg is allowed\n? 1\n"),
        ("logs web-0 --all-containers -c nginx", "! error: --all-containers=true should not be specified with container name nginx\n? 1\n"),
        ("logs web-0 --tail=-5", "! error: --tail must be greater than or equal to -1\n? 1\n"),
        ("taint", "! error: one or more resources must be specified as <resource> <name>\n? 1\n"),
        ("delete pod web-1 -o yaml", "! error: unexpected -o output mode: yaml. We only support '-o name'\n? 1\n"),
        ("delete pod web-1 -o wide --dry-run=client", "! error: unexpected -o output mode: wide. We only support '-o name'\n? 1\n"),
        ("gett pods", "! error: unknown command \"gett\" for \"kubectl\"\n! \n! Did you mean this?\n! 	set\n! 	get\n? 1\n"),
        ("apply -f set.yaml --prune --all -l a=b", "! error: cannot set --all and --selector at the same time\n? 1\n"),
        ("replace -f svc.yaml --grace-period=3", "! error: --grace-period must have --force specified\n? 1\n"),
        ("replace -f svc.yaml --timeout=3s", "! error: --timeout must have --force specified\n? 1\n"),
        (
            "replace -f svc.yaml --force --cascade=foo",
            "! error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"\n? 1\n",
        ),
        (
            "create deploy d1 --image=",
            "! error: failed to create deployment: Deployment.apps \"d1\" is invalid: spec.template.spec.containers: Required value\n? 1\n",
        ),
        (
            "set image sts web nginx=x --validate=false",
            "! error: unknown flag: --validate\n! See 'kubectl set image --help' for usage.\n? 1\n",
        ),
        ("set env sts/web A=1 --record", "! error: unknown flag: --record\n! See 'kubectl set env --help' for usage.\n? 1\n"),
        ("replace -f set.yaml --record", "! error: unknown flag: --record\n! See 'kubectl replace --help' for usage.\n? 1\n"),
        (
            "rollout restart sts web --validate=false",
            "! error: unknown flag: --validate\n! See 'kubectl rollout restart --help' for usage.\n? 1\n",
        ),
        (
            "get rs --field-selector status.replicas=2",
            "! Error from server (BadRequest): Unable to find \"apps/v1, Resource=replicasets\" that match label selector \"\", field selector \"status.replicas=2\": \"status.replicas\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"\n? 1\n",
        ),
        (
            "set image svc nginx nginx=x",
            "! error: services/nginx the object is not a pod or does not have a pod template: *v1.Service\n? 1\n",
        ),
    ]);
}

#[test]
fn ports_are_looked_up_by_name_and_by_service() {
    check(&[
        ("replace -f svc.yaml", "! The Service \"fresh\" is invalid: spec.ports[1].name: Required value\n? 1\n"),
        ("replace -f svc.yaml", "! The Service \"fresh\" is invalid: spec.ports[1].name: Required value\n? 1\n"),
        ("port-forward web-0 x", "! error: Pod 'web-0' does not have a named port 'x'\n? 1\n"),
        ("port-forward web-0 80:x", "! error: Pod 'web-0' does not have a named port 'x'\n? 1\n"),
        (
            "port-forward web-0 http:0",
            "! error: error parsing local port 'http': strconv.ParseUint: parsing \"http\": invalid syntax\n? 1\n",
        ),
        ("port-forward web-0 80:99999999999999999999", "! error: Pod 'web-0' does not have a named port '99999999999999999999'\n? 1\n"),
        (
            "port-forward web-0 99999",
            "! error: error parsing local port '99999': strconv.ParseUint: parsing \"99999\": value out of range\n? 1\n",
        ),
        ("port-forward svc/nginx 8080:81", "! error: Service nginx does not have a service port 81\n? 1\n"),
        ("port-forward svc/fresh x", "! Error from server (NotFound): services \"fresh\" not found\n? 1\n"),
        ("port-forward svc/fresh a:82", "! Error from server (NotFound): services \"fresh\" not found\n? 1\n"),
        ("port-forward svc/fresh b:a", "! Error from server (NotFound): services \"fresh\" not found\n? 1\n"),
        ("port-forward svc/fresh 99999:81", "! Error from server (NotFound): services \"fresh\" not found\n? 1\n"),
    ]);
}

#[test]
fn an_annotation_may_be_set_to_what_it_is() {
    check(&[
        ("annotate sts web a=b", "statefulset.apps/web annotated\n"),
        ("annotate sts web a=b", "statefulset.apps/web annotated\n"),
        (
            "annotate sts web a=c",
            "! error: --overwrite is false but found the following declared annotation(s): 'a' already has a value (b)\n? 1\n",
        ),
    ]);
}

#[test]
fn the_short_name_of_events_is_ambiguous() {
    check(&[
        (
            "get ev --field-selector involvedObject.name=nope",
            "! Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io\n! No resources found in default namespace.\n",
        ),
        (
            "describe ev/nope",
            "! Warning: short name \"ev\" could also match lower priority resource events.events.k8s.io\n! Error from server (NotFound): events \"nope\" not found\n? 1\n",
        ),
    ]);
}

#[test]
fn generated_objects_are_those_of_kubectl() {
    check(&[
        (
            "create pdb p --selector=app=x,tier!=a --min-available=1 --dry-run=client -o yaml",
            "! error: \"!=\" is not a valid label selector operator\n? 1\n",
        ),
        ("create deploy d1 --image=nginx:1,busybox --dry-run=client -o jsonpath={.spec.template.spec.containers[*].name}", "nginx busybox"),
    ]);
}

#[test]
fn after_a_timeout_nothing_else_is_looked_at() {
    check(&[
        ("patch pod web-0 -p '{\"metadata\":{\"labels\":{\"x\":\"y\"}}}'", "pod/web-0 patched\n"),
        (
            "wait pod web-0 web-1 --for=jsonpath={.metadata.labels.x}=z --timeout=1s",
            "! timed out waiting for the condition on pods/web-0\n! timed out waiting for the condition on pods/web-1\n? 1\n",
        ),
        (
            "wait pod web-1 web-0 --for=jsonpath={.metadata.labels.x}=y --timeout=1s",
            "! timed out waiting for the condition on pods/web-1\n! timed out waiting for the condition on pods/web-0\n? 1\n",
        ),
    ]);
}

#[test]
fn dry_runs_and_differences_show_the_merged_object() {
    check(&[
        ("patch sts web -p null", "statefulset.apps/web patched (no change)\n"),
        ("apply -f three.yaml --dry-run=client -o jsonpath={.spec.replicas}", "3"),
        ("replace -f three.yaml --dry-run=server", "statefulset.apps/web replaced (server dry run)\n"),
        ("create cm plain --from-literal=a=b", "configmap/plain created\n"),
        ("replace -f svc.yaml", "! The Service \"fresh\" is invalid: spec.ports[1].name: Required value\n? 1\n"),
        ("diff -f svc.yaml", "! The Service \"fresh\" is invalid: spec.ports[1].name: Required value\n? 2\n"),
    ]);
}

#[test]
fn what_kubectl_knows_and_is_not_simulated_is_never_called_unknown() {
    for line in [
        "get servicecidrs",
        "get ipaddresses.networking.k8s.io",
        "auth can-i --list",
        "config set-credentials a --token=b",
        "config unset users.a",
        "exec --filename=set.yaml -- ls",
        "cp a web-0:/b",
        "create cj c --image=busybox --schedule=@daily",
        "delete pod web-0 -i",
        "expose pod web-0 -l a=b",
        "get pods -o custom-columns-file=a",
        "get pods -o kyaml",
        "run a --image=nginx -e A=b",
    ] {
        let printed = play(&[], &[line]).concat();
        assert!(printed.starts_with("! ordinal: ") && printed.ends_with(" is not simulated.\n? 1\n"), "{line}: {printed}");
    }
    for (command, word) in COMMANDS.iter().flat_map(|c| c.elsewhere.split_whitespace().map(move |word| (c.name, word))) {
        let printed = play(&[], &[&format!("{command} {word}")]).concat();
        assert!(printed.starts_with("! ordinal: ") && printed.ends_with(" is not simulated.\n? 1\n"), "{command} {word}: {printed}");
    }
}

#[test]
fn the_kubeconfig_can_be_asked_for_its_parts() {
    let lines = [
        "config set-context --current --namespace=team",
        "config view -o jsonpath={..namespace}",
        "config view -o go-template='{{len .contexts}}'",
    ];
    assert_eq!(play(&[], &lines)[1..], ["team", "1"]);
}

#[test]
fn a_daemon_set_counts_its_nodes_outside_of_the_column() {
    let set = SET.split("---\n").nth(1).unwrap_or_default();
    let daemons = set.replace("StatefulSet", "DaemonSet").replace("  serviceName: nginx\n  replicas: 2\n", "");
    let printed = play(&[("ds.yaml", &daemons)], &["apply -f ds.yaml", "rollout status ds web", "describe ds web"]);
    let counts = "Desired Number of Nodes Scheduled: 3\nCurrent Number of Nodes Scheduled: 3\n";
    assert!(printed[2].starts_with("Name:           web\n") && printed[2].contains(counts), "{}", printed[2]);
}

#[test]
fn a_history_shows_claims_without_their_kind() {
    let claims = "  volumeClaimTemplates:\n  - {metadata: {name: www}, spec: {accessModes: [ReadWriteOnce], resources: {requests: \
                  {storage: 1Gi}}}}\n";
    let lines = [
        "apply -f set.yaml",
        "get sts web -o jsonpath={.spec.volumeClaimTemplates[0].kind}",
        "rollout history sts web --revision=1 -o jsonpath={.spec.volumeClaimTemplates[0].kind}{.spec.volumeClaimTemplates[0].metadata.name}",
    ];
    let printed = play(&[("set.yaml", &format!("{SET}{claims}"))], &lines);
    assert_eq!(printed[1..], ["PersistentVolumeClaim", "www"]);
}

#[test]
fn a_list_of_fields_shows_four_of_their_values() {
    let printed = play(&[], &["explain pv.status", "explain pv.status.phase", "explain sts.spec"]);
    assert!(printed[0].contains("  enum: Available, Bound, Failed, Pending, ....\n"), "{}", printed[0]);
    assert!(printed[1].contains("    Released\n"), "{}", printed[1]);
    assert!(printed[2].contains("FIELD: spec <StatefulSetSpec>\n"), "{}", printed[2]);
}

#[test]
fn a_type_alone_is_edited_if_it_has_one_object() {
    let printed = play(&[("set.yaml", SET)], &["apply -f set.yaml", "edit sts"]);
    assert_eq!(printed[1], "! Edit cancelled, no changes made.\n");
}

#[test]
fn a_pod_whose_claim_could_not_be_asked_for_has_no_node_meant_for_it() {
    let set = one_pod_set("web", "nginx").replace(
        "  template:",
        "  persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}\n  volumeClaimTemplates:\n  - metadata: {name: data}\n    spec: {accessModes: \
         [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n  template:",
    );
    let set = set.replace("image: nginx}", "image: nginx, volumeMounts: [{name: data, mountPath: /data}]}");
    let asked = "get pod web-0 -o jsonpath={.status.conditions[0].reason}:{.status.nominatedNodeName}";
    let told = play(&[("set.yaml", &set)], &["apply -f set.yaml", "{\"sleep\": 0.6}", asked, "events --for pod/web-0 --no-headers"]);
    assert!(told[2].contains("running PreBind plugin"), "{told:?}");
    assert_eq!(told[1], "SchedulerError:", "{told:?}");
}

#[test]
fn a_default_class_made_in_the_first_second_is_newer_than_what_was_there() {
    let class = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nprovisioner: rancher.io/local-path\n\
                 metadata: {name: zippy, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}\n";
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\n\
                 spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let lines = ["apply -f class.yaml", "apply -f claim.yaml", "get pvc c -o jsonpath={.spec.storageClassName}"];
    assert_eq!(play(&[("class.yaml", class), ("claim.yaml", claim)], &lines)[2], "zippy");
}

#[test]
fn events_are_gone_after_an_hour() {
    let set = one_pod_set("web", "nginx");
    let lines = [
        "apply -f set.yaml",
        "{\"sleep\": 60}",
        "get events --field-selector=involvedObject.kind=StatefulSet -o name",
        "{\"sleep\": 3500}",
        "get events --field-selector=involvedObject.kind=StatefulSet -o name",
        "{\"sleep\": 110}",
        "get events",
        "describe pod web-0",
    ];
    let printed = play(&[("set.yaml", &set)], &lines);
    assert_eq!((printed[1].lines().count(), &printed[2]), (1, &printed[1]), "a lease lasts an hour and a minute");
    assert_eq!(printed[3], "! No resources found in default namespace.\n");
    assert!(printed[4].ends_with("Events:                      <none>\n"), "{}", printed[4]);
}

#[test]
fn a_node_has_the_extended_resources_that_its_status_says() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: nginx, resources: {limits: \
               {example.com/gpu: 1}}}\n";
    let lines = [
        "apply -f p.yaml",
        "{\"sleep\": 2}",
        "get pod p -o jsonpath={.status.conditions[0].message}",
        "patch node node-2 --subresource=status --type=merge -p '{\"status\":{\"capacity\":{\"example.com/gpu\":\"2\"},\"allocatable\":{\"example.com/gpu\":\"2\"}}}'",
        "{\"sleep\": 3}",
        "get pod p -o jsonpath='{.status.phase} {.spec.nodeName}'",
        "describe node node-2",
        "apply -f q.yaml",
        "{\"sleep\": 2}",
        "get pod q -o jsonpath={.status.conditions[0].message}",
    ];
    let two = pod.replace("name: p}", "name: q}").replace("gpu: 1}", "gpu: 2}");
    let printed = play(&[("p.yaml", pod), ("q.yaml", &two)], &lines);
    let lacks = "0/3 nodes are available: 3 Insufficient example.com/gpu.";
    assert!(printed[1].starts_with(lacks), "{}", printed[1]);
    assert_eq!((&*printed[2], &*printed[3]), ("node/node-2 patched\n", "Running node-2"));
    assert!(
        printed[4].contains("\n  example.com/gpu:    2\n") && printed[4].contains("\n  example.com/gpu    1         1\n"),
        "{}",
        printed[4]
    );
    assert!(printed[6].starts_with(lacks), "one of two is taken: {}", printed[6]);
}
