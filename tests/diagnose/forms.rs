//! What a reader of pastes must survive: each form that was seen, in a text of its own.

use ordinal::intake::{Dump, diagnose, told};

/// A text: what is special about it, the text, and the family and the object of the first verdict.
pub(super) const FORMS: [(&str, &str, &str, &str); 33] = [
    (
        "quoted with `> `, prompts in brackets, `kc`, Events of 1.6",
        r#"I have been at this for hours. My statefulset is stuck.

> [root@m2 ~]# kc get pods -n mydb
> NAME        READY     STATUS              RESTARTS   AGE
> mydb-0      2/2       Running             0          5d
> mydb-1      0/2       ContainerCreating   0          41m
> [root@m2 ~]# kc describe pod mydb-1 -n mydb
> ...
> Events:
>   FirstSeen     LastSeen        Count   From                    SubObjectPath   Type            Reason          Message
>   ---------     --------        -----   ----                    -------------   --------        ------          -------
>   41m           1m              19      kubelet, node3                          Warning         FailedMount     Unable to mount volumes for pod "mydb-1_mydb(2b…)": timeout expired waiting for volumes to attach/mount for pod "mydb"/"mydb-1". list of unattached/unmounted volumes=[data]
>   41m           2m              27      attachdetach                            Warning         FailedAttachVolume      Multi-Attach error for volume "pvc-ab" Volume is already exclusively attached to one node and can't be attached to another"#,
        "attach-or-mount",
        "pod/mydb-1",
    ),
    (
        "a box of a terminal program",
        r#"│ NAME                      READY   STATUS             RESTARTS        AGE │
│ elastic-master-0          0/1     CrashLoopBackOff   17 (3m4s ago)   65m │"#,
        "container-fails",
        "pod/elastic-master-0",
    ),
    (
        "a box with a sorted column and one more",
        r#"┌──────────────────────────────── Pods(mongo)[3] ────────────────────────────────┐
│ NAME↑        PF READY RESTARTS STATUS               IP           NODE      AGE  │
│ mongo-0      ●  2/2          0 Running              10.0.1.4     n1        5d   │
│ mongo-1      ●  2/2          0 Running              10.0.2.4     n2        5d   │
│ mongo-2      ●  1/2         14 CrashLoopBackOff     10.0.3.4     n3        52m  │
└────────────────────────────────────────────────────────────────────────────────┘"#,
        "container-fails",
        "pod/mongo-2",
    ),
    (
        "several tables in one paste, a set of 1.12",
        r#"NAMESPACE     NAME                 DESIRED   CURRENT   AGE
prod          cassandra            3         2         41m

NAMESPACE   NAME          READY     STATUS    RESTARTS   AGE
prod        cassandra-0   1/1       Running   0          41m
prod        cassandra-1   0/1       Pending   0          40m"#,
        "cannot-know",
        "pod/cassandra-1",
    ),
    (
        "Events with both times, words before 1.10",
        r#"LASTSEEN   FIRSTSEEN   COUNT     NAME          KIND      SUBOBJECT   TYPE      REASON             SOURCE              MESSAGE
12s        41m         145       cassandra-1   Pod                   Warning   FailedScheduling   default-scheduler   No nodes are available that match all of the following predicates:: Insufficient memory (2), MatchInterPodAffinity (1)."#,
        "no-node-fits",
        "pod/cassandra-1",
    ),
    (
        "a bare row of an Event",
        r#"0s Warning FailedMount Pod MountVolume.SetUp failed for volume "pvc-123" : rpc error: code = Internal desc = driver name nfs.csi.k8s.io not found in the list of registered CSI drivers"#,
        "attach-or-mount",
        "pod",
    ),
    (
        "what a client was told",
        r#"error: statefulsets.apps "web" could not be patched: StatefulSet.apps "web" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden
You can run `kubectl replace -f /tmp/kubectl-edit-1.yaml` to try this update again."#,
        "refused-update",
        "sts/web",
    ),
    (
        "the same through Helm",
        r#"Error: UPGRADE FAILED: cannot patch "data-redis" with kind StatefulSet: StatefulSet.apps "data-redis" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', 'updateStrategy' and 'minReadySeconds' are forbidden"#,
        "refused-update",
        "sts/data-redis",
    ),
    (
        "a drain",
        r#"$ kubectl drain node-3 --ignore-daemonsets
node/node-3 cordoned
evicting pod default/zk-1
error when evicting pods/"zk-1" -n "default" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget."#,
        "drain-blocked",
        "pod/zk-1",
    ),
    (
        "`k`, and a node that is not Ready",
        r#"k get sts
NAME    READY   AGE
redis   2/3     22d
k get po -o wide
NAME      READY   STATUS        RESTARTS   AGE   IP            NODE     NOMINATED NODE   READINESS GATES
redis-0   1/1     Running       0          22d   10.0.0.4      n1       <none>           <none>
redis-1   1/1     Running       0          22d   10.0.0.7      n2       <none>           <none>
redis-2   1/1     Terminating   0          22d   10.0.0.9      n3       <none>           <none>
k get no
NAME   STATUS     ROLES    AGE   VERSION
n1     Ready      <none>   90d   v1.27.4
n2     Ready      <none>   90d   v1.27.4
n3     NotReady   <none>   90d   v1.27.4"#,
        "node-silent",
        "pod/redis-2",
    ),
    (
        "prose only",
        r#"pods are just stuck, statefulset shows 1/3 and I don't know why, tried deleting everything. Help!"#,
        "cannot-know",
        "ns",
    ),
    (
        "a claim with the newest columns, an Event of many reasons",
        r#"$ kubectl get pods
NAME      READY   STATUS    RESTARTS   AGE
web-0     1/1     Running   0          3d
web-1     1/1     Running   0          3d
web-2     0/1     Pending   0          14m
$ kubectl get pvc
NAME         STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
www-web-0    Bound     pvc-1    1Gi        RWO            gp2            <unset>                 3d
www-web-1    Bound     pvc-2    1Gi        RWO            gp2            <unset>                 3d
www-web-2    Bound     pvc-3    1Gi        RWO            gp2            <unset>                 3d
$ kubectl get events | grep web-2
14m         Warning   FailedScheduling   pod/web-2   0/6 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) had volume node affinity conflict, 3 Insufficient cpu. preemption: 0/6 nodes are available: 3 No preemption victims found for incoming pod, 3 Preemption is not helpful for scheduling."#,
        "volume-elsewhere",
        "pod/web-2",
    ),
    (
        "a set alone",
        r#"NAME   READY   AGE
web    0/3     12m"#,
        "cannot-know",
        "sts/web",
    ),
    (
        "a manifest alone",
        r#"apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: nginx
  replicas: 3
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      containers:
      - name: nginx
        image: nginx
  volumeClaimTemplates:
  - metadata:
      name: www
    spec:
      accessModes: [ "ReadWriteOnce" ]
      resources:
        requests:
          storage: 1Gi"#,
        "cannot-know",
        "sts/web",
    ),
    (
        "rows without a header, the later of two",
        r#"web-0   0/1     Init:0/1   0          3m
web-0   0/1     Init:CrashLoopBackOff   4          3m"#,
        "container-fails",
        "pod/web-0",
    ),
    (
        "a word that kubectl derives",
        r#"kubectl get pvc -n prod
NAME             STATUS        VOLUME                                     CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-kafka-0     Terminating   pvc-11111111-2222-3333-4444-555555555555   10Gi       RWO            standard       3d
data-kafka-1     Bound         pvc-11111111-2222-3333-4444-666666666666   10Gi       RWO            standard       3d"#,
        "held-by-finalizer",
        "pvc/data-kafka-0",
    ),
    (
        "wrapped by the width of a terminal",
        r#"NAME                    READY   STATUS    RESTARTS   AGE     IP             NODE           NOMINATED NODE   READI
NESS GATES
data-ingest-0           1/1     Running   0          3h12m   10.1.2.3       ip-10-0-0-1    <none>           <none
>
data-ingest-1           0/1     Pending   0          3h11m   <none>         <none>         <none>           <none
>"#,
        "cannot-know",
        "pod/data-ingest-1",
    ),
    (
        "empty cells, classes of which none is the default",
        r#"NAME                             STATUS   ROLES    AGE   VERSION
node/a                           Ready    <none>   9d    v1.30.1

NAME            PROVISIONER                    RECLAIMPOLICY   VOLUMEBINDINGMODE   ALLOWVOLUMEEXPANSION   AGE
fast            ebs.csi.aws.com                Delete          Immediate           true                   9d

NAME          STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-db-0     Pending                                                     9m

NAME      READY   STATUS    RESTARTS   AGE
db-0      0/1     Pending   0          9m"#,
        "claim-pending",
        "pvc/data-db-0",
    ),
    (
        "names that somebody hid",
        r#"ns-{redacted}  app-0   1/1  Running  0 3d
***HIDDEN***   0/1   CrashLoopBackOff  12  1h"#,
        "container-fails",
        "pod",
    ),
    (
        "a set as YAML, its pods as a table",
        r#"kubectl get sts web -o yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
  namespace: default
  generation: 4
  uid: 31111111-2222-4333-8444-555555555555
spec:
  podManagementPolicy: OrderedReady
  replicas: 3
  selector:
    matchLabels:
      app: web
  serviceName: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.25
        name: nginx
  updateStrategy:
    rollingUpdate:
      partition: 2
    type: RollingUpdate
status:
  currentReplicas: 2
  currentRevision: web-aaaa
  observedGeneration: 4
  readyReplicas: 3
  replicas: 3
  updateRevision: web-bbbb
  updatedReplicas: 1

kubectl get po
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3d
web-1   1/1     Running   0          3d
web-2   1/1     Running   0          2m"#,
        "partition",
        "sts/web",
    ),
    (
        "old columns, a row of an Event below a table",
        r#"NAME                 TYPE
standard (default)   kubernetes.io/aws-ebs   

NAME         STATUS    VOLUME   CAPACITY   ACCESSMODES   STORAGECLASS   AGE
data-x-0     Pending                                     standard       5m
17s       5m        22        data-x-0   PersistentVolumeClaim             Warning   ProvisioningFailed   persistentvolume-controller   Failed to provision volume with StorageClass "standard": UnauthorizedOperation: You are not authorized to perform this operation."#,
        "claim-pending",
        "pvc/data-x-0",
    ),
    (
        "nothing is wrong",
        r#"all good now:
NAME      READY   STATUS    RESTARTS   AGE
pg-0      1/1     Running   0          5m
pg-1      1/1     Running   0          4m"#,
        "not-stuck",
        "pod/pg-0",
    ),
    (
        "rows of `-w`, the last of a pod counts",
        r#"$ kubectl get pods -w
NAME    READY   STATUS    RESTARTS   AGE
web-0   0/1     Pending   0          0s
web-0   0/1     Pending   0          0s
web-0   0/1     ContainerCreating   0          0s
web-0   1/1     Running             0          2s
web-1   0/1     Pending             0          0s
web-1   0/1     ContainerCreating   0          1s
web-1   0/1     Error               0          3s
web-1   0/1     CrashLoopBackOff    1 (2s ago)   5s"#,
        "container-fails",
        "pod/web-1",
    ),
    (
        "the namespace first, without a header",
        r#"$ kubectl get po -A | grep -v Running
kube-system   coredns-5d78c9869d-abcde   0/1   Pending   0   3m
prod          kafka-2                    0/1   Init:CrashLoopBackOff   7 (2m ago)   14m"#,
        "container-fails",
        "pod/kafka-2",
    ),
    (
        "fences and headings",
        r#"**What happened**:
The pod stays in `ContainerCreating`:
```
Events:
  Type     Reason                  Age                 From                     Message
  ----     ------                  ----                ----                     -------
  Normal   Scheduled               5m                  default-scheduler        Successfully assigned default/db-0 to node1
  Warning  FailedMount             12s (x9 over 4m)    kubelet                  MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = Aborted desc = an operation with the given Volume ID already exists
```
**Environment**: k8s 1.22"#,
        "attach-or-mount",
        "pod/db-0",
    ),
    (
        "`kind/` before names, no blank line between tables",
        r#"kubectl get sts,svc
NAME                   READY   AGE
statefulset.apps/web   3/3     5m
NAME                 TYPE           CLUSTER-IP     EXTERNAL-IP   PORT(S)        AGE
service/kubernetes   ClusterIP      10.96.0.1      <none>        443/TCP        9d
service/web          LoadBalancer   10.96.17.22    <pending>     80:31080/TCP   5m"#,
        "not-stuck",
        "sts/web",
    ),
    (
        "no scheduler has looked at a pod, and nothing was reported of it",
        r#"Name:             ray-0
Namespace:        batch
Service Account:  default
Node:             <none>
Labels:           controller-revision-hash=ray-1
Status:           Pending
IP:
Controlled By:    StatefulSet/ray
Containers:
  ray:
    Image:      ray:1
QoS Class:       BestEffort
Node-Selectors:  <none>
Events:          <none>"#,
        "nobody-schedules",
        "pod/ray-0",
    ),
    (
        "two sets, one of which says no more than that it has its pods",
        r#"NAME       DESIRED   CURRENT   AGE
alerts     3         3         120d
metrics    2         1         15m

NAME               STATUS    VOLUME    CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-metrics-0     Pending                                       ssd            15m
7s   Warning   ProvisioningFailed   persistentvolumeclaim/data-metrics-0   storageclass.storage.k8s.io "ssd" not found"#,
        "claim-pending",
        "pvc/data-metrics-0",
    ),
    (
        "a quota that is used up, another namespace's Event",
        r#"NAMESPACE     LAST SEEN   TYPE      REASON         OBJECT                  MESSAGE
logs          3m2s        Warning   FailedCreate   statefulset/mongo       create Pod mongo-2 in StatefulSet mongo failed error: pods "mongo-2" is forbidden: exceeded quota: all, requested: limits.memory=2Gi, used: limits.memory=15Gi, limited: limits.memory=16Gi
kube-system   20s         Warning   Unhealthy      pod/metrics-5f9f-2tqlz  Readiness probe failed: HTTP probe failed with statuscode: 500"#,
        "pod-refused",
        "resourcequota/all",
    ),
    (
        "more pods of a set's names are ready than it counts",
        r#"NAME                   READY   AGE
statefulset.apps/web   2/3     5d

NAME        READY   STATUS    RESTARTS   AGE
pod/web-0   1/1     Running   0          5d
pod/web-1   1/1     Running   0          9d
pod/web-2   1/1     Running   0          5d

NAME      STATUS   ROLES    AGE   VERSION
node/a    Ready    <none>   9d    v1.30.1"#,
        "identity-conflict",
        "sts/web",
    ),
    ("a rollout that is complete without a pod", "partitioned roll out complete: 0 new pods have been updated...", "partition", "sts"),
    (
        "a claim that has lost its volume, without a heading",
        "persistentvolumeclaim/data-db-1   Lost     pvc-17   0                         disk   <unset>                 5s",
        "claim-gone",
        "pvc/data-db-1",
    ),
    (
        "a pod that is placed anew after its node fell silent",
        r#"LAST SEEN   TYPE      REASON               OBJECT     MESSAGE
3s          Normal    Scheduled            pod/db-0   Successfully assigned shop/db-0 to b
4s          Warning   NodeNotReady         pod/db-0   Node is not ready
2s          Warning   FailedAttachVolume   pod/db-0   Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node and can't be attached to another"#,
        "attach-or-mount",
        "pod/db-0",
    ),
];

#[test]
fn every_form_is_read() {
    let mut wrong = Vec::new();
    for (form, text, family, object) in FORMS {
        let report = diagnose([text]);
        let first = &report.verdicts[0];
        let found = (first.family().word(), told::short(&first.object));
        if found != (family, object.to_owned()) {
            wrong.push(format!("{form}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), FORMS.len(), wrong.join("\n"));
}

/// A pod's row at one moment and at another; the pod may have gone.
const LATER: &str = "\
$ kubectl -n shop get pods
NAME    READY   STATUS             RESTARTS   AGE
web-0   1/1     Running            0          3d
web-1   0/1     ImagePullBackOff   0          5m
web-2   1/1     Running            0          3d
$ kubectl -n shop get pods
NAME    READY   STATUS    RESTARTS   AGE
web-0   1/1     Running   0          3d
web-1   1/1     Running   0          1m
";

#[test]
fn of_two_moments_the_later_counts() {
    let dump = Dump::read([LATER]);
    let names: Vec<&str> = dump.objects.iter().filter_map(|one| one.value.text_at(&["metadata", "name"])).collect();
    assert_eq!(names, ["web-0", "web-1"]);
    assert!(dump.objects.iter().all(|one| one.value.text_at(&["metadata", "namespace"]) == Some("shop")));
    assert_eq!(diagnose([LATER]).verdicts[0].family().word(), "not-stuck");
}

#[test]
fn numbers_that_no_object_has_are_absent() {
    let dump = Dump::read(["NAME   DESIRED        CURRENT   AGE\nweb    824637186488   2         3d\n"]);
    let set = &dump.objects[0].value;
    assert_eq!((set.int_at(&["spec", "replicas"]), set.int_at(&["status", "replicas"])), (None, Some(2)));
}

#[test]
fn an_event_that_is_over_says_nothing() {
    let scheduled = "1m  Normal  Scheduled  pod/db-0  Successfully assigned x/db-0 to n1\n";
    let refused = "2m  Warning  FailedScheduling  pod/db-0  0/3 nodes are available: 3 Insufficient cpu.\n";
    let family = |text: &str| diagnose([text]).verdicts[0].family().word();
    assert_eq!(family(refused), "no-node-fits");
    assert_eq!(family(&[refused, scheduled].concat()), "cannot-know");
    assert_eq!(family(&[scheduled, refused].concat()), "cannot-know", "times tell, not the order of rows");
}

#[test]
fn a_set_without_its_pods_is_asked_about() {
    let set = |status: &str| {
        let text = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web, namespace: x, generation: 2, uid: 31111111-2222-4333-8444-555555555555}\n\
             spec: {serviceName: web, replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, \
             spec: {containers: [{name: web, image: \"web:2\"}]}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: \
             [ReadWriteOnce], storageClassName: disk, resources: {requests: {storage: 1Gi}}}}], updateStrategy: {type: RollingUpdate, \
             rollingUpdate: {partition: 2}}}\nstatus: {observedGeneration: 2, replicas: 3, STATUS}\n";
        let report = diagnose([&*text.replace("STATUS", status)]);
        let first = &report.verdicts[0];
        (report.verdicts.len(), first.family().word(), first.sure.word(), first.missing.is_empty())
    };
    assert_eq!(
        set("readyReplicas: 2, updatedReplicas: 1, currentRevision: web-1, updateRevision: web-2"),
        (1, "cannot-know", "unknown", false)
    );
    assert_eq!(
        set("readyReplicas: 3, updatedReplicas: 1, currentRevision: web-1, updateRevision: web-2"),
        (1, "partition", "certain", false)
    );
    assert_eq!(
        set("readyReplicas: 3, updatedReplicas: 3, currentRevision: web-2, updateRevision: web-2"),
        (1, "not-stuck", "certain", true)
    );
}
