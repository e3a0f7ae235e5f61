//! Parts of what programs print, quotations in sentences, and names that only people give.

use ordinal::intake::{diagnose, told};

/// The title of the first verdict, and the line that decides.
fn told(text: &str) -> (String, String) {
    let report = diagnose([text]);
    let first = &report.verdicts[0];
    (told::title(first).plain(), first.missing.join("; "))
}

/// What a description says of one container, and nothing above.
const CONTAINER: &str = "
searcher:
    Container ID:   containerd://77aa
    Image:          lab.example/searcher:5.1
    Port:           7001/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
    Ready:          False
    Restart Count:  12
    Limits:
      memory:  300Mi
";

#[test]
fn a_container_without_its_pod_is_told_of_the_pod_that_people_name() {
    assert_eq!(told(CONTAINER).0, "Container fails: the pod exceeds its memory limit");
    let (title, line) = told(&format!("What is the matter with `larch-2`?\n{CONTAINER}"));
    assert_eq!(title, "Container fails: larch-2 exceeds its memory limit");
    assert_eq!(line, "kubectl describe pod larch-2");
}

#[test]
fn a_fence_or_the_row_of_an_event_ends_yaml() {
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: larch\nspec:\n  replicas: 2\n";
    let rows = "  Normal   Scheduled    2m   default-scheduler   Successfully assigned lab/larch-0 to n-7
  Warning  FailedMount  60s (x8 over 2m)   kubelet   MountVolume.SetUp failed for volume \"conf\" : configmap \"larch-conf\" not found\n";
    for text in [format!("```\n{set}```\n\n```\n{rows}```\n"), format!("{set}{rows}")] {
        assert_eq!(told(&text).0, "Volume not mounted: ConfigMap larch-conf of larch-0 does not exist", "{text}");
    }
}

#[test]
fn yaml_that_does_not_parse_is_read_line_by_line() {
    let text = "kind: StatefulSet
metadata:
  name: larch
  labels: [a
status:
  Warning  FailedCreate  20s (x14 over 61s)  statefulset-controller  create Pod larch-0 in StatefulSet larch failed error: pods \"larch-0\" is forbidden: exceeded quota: tight, requested: pods=1, used: pods=3, limited: pods=3
";
    assert_eq!(told(text).0, "Pod refused: a quota has no room for the next pod of larch");
}

#[test]
fn a_message_that_is_quoted_in_a_sentence_is_read_without_the_sentence() {
    let (title, line) = told("My larch-1 says `0/4 nodes are available: 4 Insufficient memory.` and I do not know why, there are 4 nodes.");
    assert_eq!(title, "Unschedulable: no node has enough memory left for larch-1");
    assert_eq!(line, "kubectl describe nodes");
}

#[test]
fn a_cut_message_does_not_replace_a_whole_one() {
    let text = "  Normal   Scheduled    2m   default-scheduler   Successfully assigned lab/larch-0 to n-7
  Warning  FailedMount  60s (x8 over 2m)   kubelet   MountVolume.SetUp failed for volume \"conf\" : secret \"larch-key\" not found
  Warning  FailedMount  2s   kubelet   Unable to att\n";
    assert_eq!(told(text).0, "Volume not mounted: Secret larch-key of larch-0 does not exist");
}

#[test]
fn the_name_that_a_typed_line_has_goes_into_the_one_that_decides() {
    let (_, line) = told("1. kubectl -n lab describe statefulset larch\n\nIt looks odd to me.");
    assert_eq!(line, "kubectl -n lab get sts larch -o yaml && kubectl -n lab get pods,pvc,events");
}

#[test]
fn whoever_gave_up_waiting_tells_no_cause() {
    let (title, line) = told("Error: UPGRADE FAILED: timed out waiting for the condition\n");
    assert_eq!(title, "Cannot be known: Helm 3 gave up waiting, and names no object");
    assert_eq!(line, "kubectl get sts,deploy,jobs,pods,pvc,svc && kubectl get events");
    let row = "NAME      READY   STATUS             RESTARTS   AGE\nlarch-0   0/1     ImagePullBackOff   0          4m\n";
    let report = diagnose([&*format!("Error: UPGRADE FAILED: timed out waiting for the condition\n{row}")]);
    assert_eq!(report.verdicts.len(), 1);
}

#[test]
fn what_argo_cd_says_of_a_set_is_read_from_its_row() {
    let text = "GROUP  KIND         NAMESPACE  NAME   STATUS  HEALTH       HOOK  MESSAGE
apps   StatefulSet  lab        larch  Synced  Progressing        Waiting for 1 pods to be ready...\n";
    let (title, line) = told(text);
    assert_eq!(title, "Cannot be known: Argo CD waits, because 1 pod of larch must become Ready first");
    assert_eq!(line, "kubectl -n lab get pods -o wide && kubectl -n lab describe pods");
}

#[test]
fn a_refused_change_of_a_pod_is_no_invalid_template() {
    let text = "Warning  FailedUpdate  6m (x5 over 2h)  statefulset-controller  update Pod larch-0 in StatefulSet larch failed error: Pod \"larch-0\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`";
    assert_eq!(told(text).0, "Change refused: larch-0 cannot be changed, only made anew");
}

/// What the API server answers to a change of a set.
const REFUSED: &str = "cannot patch \"larch\" with kind StatefulSet: StatefulSet.apps \"larch\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' and 'updateStrategy' are forbidden";

#[test]
fn a_refused_change_asks_who_applies() {
    let (title, line) = told(&format!("Error: UPGRADE FAILED: {REFUSED}\n"));
    assert_eq!(title, "Change refused: that field of larch cannot be changed");
    assert_eq!(line, "helm get manifest RELEASE | kubectl diff -f -");
}

#[test]
fn that_a_claim_is_not_bound_is_over_where_the_claims_shown_are() {
    let text = "My error: `pod has unbound immediate PersistentVolumeClaims (repeated 11 times)`

NAMESPACE   NAME          STATUS   VOLUME     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
lab         conf-larch-0  Bound    pvc-1f2e   10Gi       RWO            fast           9m
";
    assert_eq!(told(text).0, "Cannot be known: the claims are Bound by now");
    assert_eq!(told(&text.replace("Bound ", "Pending")).0, "Claim without a volume: a claim of the pod has no volume");
}

#[test]
fn pods_of_other_workloads_stand_behind_those_of_sets() {
    let text = "NAME                      READY   STATUS             RESTARTS   AGE
gate-6b7c9d8f5d-c9x2k     0/1     CrashLoopBackOff   9          2d
larch-0                   0/1     Pending            0          9m
";
    assert_eq!(told(text).0, "Cannot be known: larch-0 has no node yet");
}

#[test]
fn a_container_that_ends_is_told_before_its_probe() {
    let text = "Events:
  Type     Reason     Age                From     Message
  ----     ------     ----               ----     -------
  Warning  Unhealthy  3m (x9 over 9m)    kubelet  Readiness probe failed: dial tcp 10.1.1.1:80: connect: connection refused
  Warning  BackOff    1m (x9 over 9m)    kubelet  Back-off restarting failed container
";
    assert_eq!(told(text).0, "Container fails: the pod crashes after each start");
}

#[test]
fn a_field_that_no_server_knows_is_told_of_its_set() {
    let text = "Why is that never in sync?
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: larch}
spec:
  serviceAccountName: larch
  selector: {matchLabels: {app: larch}}
  template:
    metadata: {labels: {app: larch}}
    spec: {containers: [{name: a, image: a}]}
";
    assert_eq!(told(text).0, "Change refused: there is no field spec.serviceAccountName in StatefulSet");
}

#[test]
fn the_words_of_a_controller_are_not_those_of_a_program() {
    let text = "E1127 20:41:33.364507   77215 stateful_set.go:395] Error syncing StatefulSet lab/larch, requeuing: StatefulSet.apps \"larch\" is invalid: status.currentReplicas: Invalid value: -1: must be greater than or equal to 0\n";
    assert_eq!(told(text).0, "Cannot be known: the controller fails at larch");
    let text = "I0408 21:14:22.346127    1731 stateful_set_control.go:502] StatefulSet lab/larch terminating Pod larch-0 for update\n";
    assert_eq!(told(text).0, "Cannot be known: the controller replaces pods of larch for an update");
    assert_eq!(
        told("could not create statefulset: statefulsets.apps is forbidden\n").0,
        "Change refused: whoever sends the StatefulSet has no right to do so"
    );
}

#[test]
fn settings_that_a_log_lists_are_no_complaints() {
    let text = "$ kubectl logs larch-0\n2017-04-04T19:32:41Z LARCH_SESSION_TIMEOUT= 4000\n";
    assert!(told(text).0.starts_with("Cannot be known"));
}

#[test]
fn a_refusal_of_kubectl_is_no_log_of_a_pod() {
    let text = "$ kubectl autoscale statefulset larch --min=2 --max=6\nerror: cannot autoscale a {apps StatefulSet}\n";
    assert_eq!(told(text).0, "Cannot be known: the program that was called refuses");
}

#[test]
fn a_line_behind_the_sign_of_a_fence_is_read() {
    let text = "It says:\n```Error: UPGRADE FAILED: failed to create resource: StatefulSet.apps \"larch\" is invalid: spec.replicas: Invalid value: -1```\n";
    assert_eq!(told(text).0, "Change refused: the API server refuses larch as invalid");
}

#[test]
fn rows_of_claims_without_a_header_are_read_with_their_namespaces() {
    let text = "lab    www-larch-0   Pending                                                      ext   17m
lab    www-larch-1   Bound     pvc-8c0be742   2Gi        RWO            ext   9d\n";
    let (title, line) = told(text);
    assert_eq!(title, "Claim without a volume: claim www-larch-0 has no volume");
    assert_eq!(line, "kubectl -n lab describe pvc www-larch-0 && kubectl -n lab get sc");
}

#[test]
fn root_is_no_matter_without_the_words_of_the_kubelet() {
    let row =
        "NAME      READY   STATUS                       RESTARTS   AGE\nlarch-0   0/1     CreateContainerConfigError   0          113s\n";
    assert_eq!(told(row).0, "Container fails: the configuration of a container of larch-0 is refused");
    let text =
        "level=error msg=\"error running larch\" err=\"mkdir /data/larch: permission denied\"\n\nsecurityContext:\n  runAsNonRoot: false\n";
    assert!(told(text).0.starts_with("Container fails: its program says"), "{}", told(text).0);
}

#[test]
fn an_attachment_of_an_earlier_pod_of_the_name_is_stale() {
    let text = "Warning  FailedMount  31s (x9 over 1d)  kubelet  MountVolume.SetUp failed for volume \"pvc-1\" : mount command failed, reason: failed to attach volume pvc-1 for pod lab/larch-0. Volume is already attached by pod lab/larch-0. Status Running\nlarch-0   0/1   Init:0/1   0   1d\n";
    assert_eq!(told(text).0, "Volume not mounted: a volume of larch-0 still counts as attached by an earlier pod of its name");
}

#[test]
fn the_record_of_an_audit_log_tells_who_asked_also_where_it_is_cut() {
    let text = "Who does that?\n{\n  \"kind\": \"Event\",\n  \"apiVersion\": \"audit.k8s.io/v1\",\n  \"verb\": \"delete\",\n  \"user\": {\n    \"username\": \"system:serviceaccount:lab:larch-operator\"\n  },\n  \"objectRef\": {\n    \"resource\": \"pods\",\n    \"namespace\": \"lab\",\n    \"name\": \"larch-0\",\n";
    assert_eq!(told(text).0, "Cannot be known: system:serviceaccount:lab:larch-operator sent the request");
}

#[test]
fn a_mount_without_a_volume_is_told_with_its_name() {
    let text = "Warning  FailedCreate  9s  statefulset-controller  create Pod larch-0 in StatefulSet larch failed error: Pod \"larch-0\" is invalid: [spec.containers[0].volumeMounts[4].name: Not found: \"roots\", spec.containers[0].volumeMounts[5].name: Not found: \"bark\"]\n";
    assert_eq!(told(text).0, "Pod refused: the template of larch has no volume `roots`".replace('`', ""));
}

#[test]
fn an_operator_that_finds_no_set_is_told_of_the_set() {
    let text = "2024-09-14T11:20:29Z\tERROR\tReconciler error\t{\"controller\": \"larch\", \"namespace\": \"lab\", \"error\": \"statefulsets.apps \\\"larch\\\" not found\"}\n";
    assert_eq!(told(text).0, "Cannot be known: there is no StatefulSet larch");
}

#[test]
fn what_waits_stands_behind_what_fails() {
    let rows = "NAME      READY   STATUS             RESTARTS   AGE\nash-0     0/1     Init:0/1           0          26m\nlarch-0   0/1     CrashLoopBackOff   4          26m\n";
    assert_eq!(told(rows).0, "Container fails: larch-0 crashes after each start");
}

#[test]
fn a_field_that_is_missing_is_named() {
    let text = "error validating data: ValidationError(StatefulSet.spec): missing required field \"serviceName\" in io.k8s.api.apps.v1.StatefulSetSpec\n";
    assert_eq!(told(text).0, "Change refused: the manifest lacks the required field serviceName");
    let text = "Error: StatefulSet.apps \"larch\" is invalid: [spec.selector: Required value, spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"larch\"}: `selector` does not match template `labels`]\n";
    assert_eq!(told(text).0, "Change refused: the manifest lacks the required field spec.selector");
}

#[test]
fn a_kubelet_that_is_not_reached_is_no_log() {
    let text = "$ kubectl logs larch-0\nError from server: Get \"https://n-7:10250/containerLogs/lab/larch-0/larch\": dial tcp 10.0.0.7:10250: i/o timeout\n";
    assert_eq!(told(text).0, "Silent node: the API server does not reach the kubelet of a node");
}

#[test]
fn a_claim_without_a_volume_is_told_before_its_pod_without_a_node() {
    let rows = "NAME      READY   STATUS    RESTARTS   AGE\nlarch-0   0/1     Pending   0          5m\n\nNAME           STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\nroot-larch-0   Pending                                                     5m\n";
    assert_eq!(told(rows).0, "Claim without a volume: claim root-larch-0 has no volume");
}

#[test]
fn a_pod_that_is_placed_is_not_unschedulable() {
    let text = "LAST SEEN   TYPE      REASON             OBJECT        MESSAGE\n9m          Warning   FailedScheduling   pod/larch-2   0/3 nodes are available: 3 Insufficient cpu.\n\nNAME      READY   STATUS             RESTARTS   AGE   IP       NODE   NOMINATED NODE\nlarch-2   0/1     CrashLoopBackOff   9          12m   <none>   n-7    <none>\n";
    assert_eq!(told(text).0, "Container fails: larch-2 crashes after each start");
}

#[test]
fn a_message_at_the_end_of_a_sentence_is_read() {
    let text = "I have nine nodes and my pods still get this error: Warning  FailedScheduling  <unknown>  default-scheduler  0/9 nodes are available: 9 node(s) had volume node affinity conflict.\n";
    assert_eq!(told(text).0, "Volume out of reach: a volume of the pod is on nodes that do not take it");
}

#[test]
fn a_program_that_says_why_it_ends_is_believed_more_than_one_that_complains() {
    let text = "Why does it end?\n\nERROR Unable to initialize the larch: no roots\n";
    assert!(told(text).0.starts_with("Container fails: its program says"), "{}", told(text).0);
    let text = "Why does it end?\n\n2031-02-03T04:05:06Z WARN connection failed\n";
    assert!(told(text).0.starts_with("Cannot be known: a log says"), "{}", told(text).0);
}

#[test]
fn a_pod_that_ended_long_ago_has_ended_as_a_whole() {
    let row = |age: &str| {
        format!(
            "NAME      READY   STATUS      RESTARTS   AGE\nlarch-2   0/1     Completed   0          {age}\nlarch-1   1/1     Running     0          1m\n"
        )
    };
    assert_eq!(told(&row("5d2h")).0, "Container fails: larch-2 has ended, and keeps its name");
    assert_eq!(told(&row("20s")).0, "Container fails: the program of larch-2 ends");
}
