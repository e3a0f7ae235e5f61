//! What tools print while they wait for a set, or as they give up: which tool, what it read, who calls the same set done, and what to ask
//! for.

use ordinal::intake::{Report, Waited, diagnose, told};

/// A text, the object of its first verdict, what is told of it, and what is asked for.
const WAITS: [(&str, &str, &[&str], &str); 21] = [
    (
        "$ argocd app get shop\nName:               argocd/shop\nProject:            default\nNamespace:          shop\nSource:\n- Repo:             https://git.example.com/shop.git\n  Target:           HEAD\nSyncWindow:         Sync Allowed\nSync Policy:        Automated\nSync Status:        Synced to HEAD (1a2b3c4)\nHealth Status:      Progressing\n\nGROUP  KIND         NAMESPACE  NAME   STATUS  HEALTH       HOOK  MESSAGE\n       Service      shop       redis  Synced  Healthy            service/redis created\napps   StatefulSet  shop       redis  Synced  Progressing        statefulset.apps/redis created",
        "sts/redis",
        &[
            "Argo CD says that redis is Progressing",
            "line 15: apps StatefulSet shop redis Synced Progressing statefulset.apps/redis created",
        ],
        "kubectl -n shop get sts,pods -o wide",
    ),
    (
        "apps   StatefulSet  shop       redis  Synced  Progressing        statefulset.apps/redis created",
        "sts/redis",
        &["Argo CD says that redis is Progressing", "line 1: apps StatefulSet shop redis"],
        "kubectl -n shop get sts,pods -o wide",
    ),
    (
        "$ helm upgrade db ./db -n prod --wait\nError: UPGRADE FAILED: resource StatefulSet/prod/db not ready. status: InProgress, message: Ready: 2/3\ncontext deadline exceeded",
        "sts/db",
        &["Helm 4 gave up waiting: 2 of 3 pods of db", "status.readyReplicas"],
        "kubectl -n prod get pods -o wide",
    ),
    (
        "Run helm upgrade rabbit ./rabbit --namespace mq --wait\nError: UPGRADE FAILED: context deadline exceeded",
        "sts",
        &["Helm 3 gave up waiting, and names no object", "every object of the release"],
        "kubectl -n mq get sts,deploy,jobs,pods,pvc,svc",
    ),
    (
        "Error: UPGRADE FAILED: resource StatefulSet/stream/kafka not ready. status: Failed, message: 1 pods have failed",
        "sts/kafka",
        &["Helm 4 gave up before its timeout", "CrashLoopBackOff", "kubectl, Helm 3 and Argo CD, wait on"],
        "kubectl -n stream get pods -o wide",
    ),
    (
        "Error: UPGRADE FAILED: resource StatefulSet/prod/db not ready. status: InProgress, message: Pending termination: 1",
        "sts/db",
        &["db has more pods", "kubectl rollout status, Argo CD, kubedog may call the same set done"],
        "kubectl -n prod get pods -o wide",
    ),
    (
        "GROUP  KIND         NAMESPACE  NAME   STATUS  HEALTH       HOOK  MESSAGE\napps   StatefulSet  shop       redis  Synced  Progressing        Waiting for 2 pods to be ready...",
        "sts/redis",
        &["Argo CD waits: 2 pods of redis", "OnDelete or Recreate, Helm 3, Helm 4, Flux"],
        "kubectl -n shop get pods -o wide",
    ),
    (
        "Our Argo CD application is Progressing. The message is:\n\nPending deletion; blocked by finalizers: foregroundDeletion\n\nWhy?",
        "sts",
        &["is being deleted", "metadata.deletionTimestamp", "kubectl rollout status, Helm 3, kubedog, Ansible may call the same set done"],
        "kubectl get sts -o yaml",
    ),
    (
        "$ kubectl -n edge rollout status sts/proxy --timeout=300s\nWaiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\nerror: timed out waiting for the condition",
        "sts/proxy",
        &["kubectl rollout status waits: 0 of 2 pods of proxy", "status.updatedReplicas", "kubectl rollout status gave up waiting"],
        "kubectl -n edge get sts proxy -o yaml",
    ),
    (
        "$ kubectl rollout status statefulset/agent -n mon\nerror: rollout status is only available for RollingUpdate strategy type",
        "sts/agent",
        &["an error, and no wait", "Helm 3, Helm 4, Flux and kstatus call the set done at once"],
        "kubectl -n mon get pods -L controller-revision-hash",
    ),
    (
        "우리 Argo CD 앱이 계속 Progressing 상태입니다.\n\nwaiting for statefulset rolling update to complete 2 pods at revision ledger-7f9c6d5b8...",
        "sts",
        &["Argo CD waits: status.currentRevision"],
        "kubectl get sts -o yaml",
    ),
    (
        "NAME  REVISION  SUSPENDED  READY  MESSAGE\napps  main@sha1:51c1bd0f  False  False  health check failed after 5m0.041s: timeout waiting for: [StatefulSet/data/mongo status: 'InProgress']",
        "sts/mongo",
        &["Flux gave up waiting: mongo was still InProgress", "rules of kstatus"],
        "kubectl -n data get sts,pods -o wide",
    ),
    (
        "health check failed after 4.2s: failed early due to stalled resources: [StatefulSet/data/nats status: 'Failed']",
        "sts/nats",
        &["Flux gave up before its timeout"],
        "kubectl -n data get pods -o wide",
    ),
    (
        "kind: HelmRelease\napiVersion: helm.toolkit.fluxcd.io/v2\nmetadata: {name: mongo, namespace: data}\nstatus:\n  conditions:\n  - type: Ready\n    status: \"False\"\n    reason: UpgradeFailed\n    message: \"Helm upgrade failed for release data/mongo with chart mongodb@15.6.2: timeout waiting for: [StatefulSet/data/mongo status: 'InProgress']\"\n",
        "sts/mongo",
        &["Flux gave up waiting"],
        "kubectl -n data get sts,pods -o wide",
    ),
    (
        "Error: UPGRADE FAILED: resource Deployment/prod/api not ready. status: InProgress, message: Available: 0/2",
        "deployment/api",
        &["Helm 4 gave up waiting for another object: Deployment/prod/api", "That is no StatefulSet"],
        "kubectl -n prod get all,pvc",
    ),
    (
        "fatal: [localhost]: FAILED! => {\"changed\": true, \"msg\": \"\\\"StatefulSet\\\" \\\"pg\\\": Timed out waiting on resource\"}",
        "sts/pg",
        &["Ansible gave up waiting for pg"],
        "kubectl get sts,deploy,jobs,pods,pvc,svc",
    ),
    (
        "kubedog: StatefulSet db: up-to-date 0->3 (user should delete old pods manually now!)",
        "sts",
        &["kubedog waits: with OnDelete", "They do not ask for new pods with OnDelete"],
        "kubectl get pods -L controller-revision-hash",
    ),
    (
        "Error: UPGRADE FAILED: conflict occurred while applying object shop/cache apps/v1, Kind=StatefulSet: Apply failed with 1 conflict: conflict with \"kube-controller-manager\" with subresource \"scale\" using apps/v1: .spec.replicas",
        "sts/cache",
        &[
            "an autoscaler owns .spec.replicas",
            "Helm 3 and Argo CD set it back without a word",
            "Helm 4 applies one object after the other",
        ],
        "kubectl -n shop get sts cache -o yaml --show-managed-fields",
    ),
    (
        "error: Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.volumeClaimTemplates",
        "sts",
        &["kubectl-client-side-apply owns .spec.volumeClaimTemplates", "a template with the same content conflicts as well"],
        "kubectl get sts -o yaml --show-managed-fields",
    ),
    (
        "Warning  UpgradeFailed  3m12s  helm-controller  Helm upgrade failed for release data/mongo with chart mongodb@15.6.2: another operation (install/upgrade/rollback) is in progress",
        "sts",
        &["another operation on the release is in progress", "No pod waits for that"],
        "helm history RELEASE",
    ),
    (
        "StatefulSet/prod/db dry-run failed (Invalid): StatefulSet.apps \"db\" is invalid: spec.serviceName: Invalid value: \"other\": field is immutable",
        "sts/db",
        &["spec.serviceName of a StatefulSet cannot be changed", "Flux tries all objects before it applies the first"],
        "kubectl -n prod diff -f FILE",
    ),
];

/// Texts with similar words, in which no tool waits for a set.
const OTHERS: [&str; 5] = [
    "  Warning  FailedAttachVolume  2m (x6 over 14m)  attachdetach-controller  AttachVolume.Attach failed for volume \"pvc-5d0d8d52\" : rpc error: code = DeadlineExceeded desc = context deadline exceeded",
    "$ kubectl rollout status deploy/api -n shop\nWaiting for deployment \"api\" rollout to finish: 1 out of 3 new replicas have been updated...",
    "I installed the chart with helm (helm install es ./es --wait). es-2 stays Pending:\n\n  Warning  FailedScheduling  94s  default-scheduler  0/3 nodes are available: 3 Insufficient memory.",
    "  Warning  Unhealthy  12s (x9 over 3m)  kubelet  Readiness probe failed: Get \"http://10.244.1.7:8080/ready\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "The claim says: Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
];

fn english(report: &Report) -> String {
    told::text(report)
}

#[test]
fn a_tool_that_waits_is_told_by_what_it_read() {
    for (text, object, says, asks) in WAITS {
        let report = diagnose([text]);
        let first = &report.verdicts[0];
        let out = english(&report);
        assert_eq!(told::short(&first.object), object, "{out}");
        says.iter().for_each(|says| assert!(out.contains(says), "{says}\n{out}"));
        assert!(first.missing.iter().any(|line| line.starts_with(asks)), "{asks}\n{out}");
        assert!(!told::text(&report).contains("{>"), "{text}");
    }
}

#[test]
fn what_others_say_in_similar_words_is_no_wait_of_a_tool() {
    for text in OTHERS {
        let report = diagnose([text]);
        let out = english(&report);
        assert!(report.verdicts.iter().all(|verdict| verdict.waits.is_empty() && verdict.judged.is_empty()), "{out}");
        assert!(!["gave up", "Helm 3 ", "Argo CD waits"].iter().any(|words| out.contains(words)), "{out}");
    }
}

#[test]
fn a_set_that_was_pasted_with_its_status_is_judged_by_each_tool() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/diagnose/02-rollout-bad-image/cluster.yaml");
    let cluster = std::fs::read_to_string(path).expect("a cluster");
    let said = "Error: UPGRADE FAILED: resource StatefulSet/payments/ledger not ready. status: InProgress, message: Ready: 2/3\n\n";
    let (alone, both) = (diagnose([&*cluster]), diagnose([said, &*cluster]));
    let [was, is] = [&alone, &both].map(|report| &report.verdicts[0]);
    assert_eq!((was.cause, &was.object, was.cures.len()), (is.cause, &is.object, is.cures.len()), "the cause is the same");
    assert!(was.judged.is_empty() && was.waits.is_empty(), "a cluster of which no tool speaks is not judged");
    let [Waited { line: 1, tools, .. }] = &is.waits[..] else { panic!("one line: {:?}", is.waits) };
    assert_eq!(tools.iter().map(|tool| tool.name()).collect::<Vec<_>>(), ["Helm 4"]);
    let [judged] = &is.judged[..] else { panic!("one set: {:?}", is.judged) };
    assert_eq!((judged.says.len(), &*judged.set.name, judged.has_pods), (8, "ledger", true));
    let out = english(&both);
    for says in [
        "Helm 4 gave up waiting: 2 of 3 pods of ledger",
        "Argo CD: Progressing (waits): Waiting for 1 pods to be ready...",
        "All tools say the same of this set.",
    ] {
        assert!(out.contains(says), "{says}\n{out}");
    }
    let json = told::json(&both).to_json();
    assert!(json.contains("\"waits\"") && json.contains("\"judged\"") && json.contains("\"tool\":\"helm4\""), "{json}");
}
