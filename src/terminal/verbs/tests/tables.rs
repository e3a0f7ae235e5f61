//! The row of one object of each kind, and the status of pods in every state.

use base::time::Time;
use kubectl::{Files, Job};

use plugged::fake::Fake;

/// The cells of the only object's row, separated by bars.
fn row(object: &str, line: &str) -> String {
    let mut fake = Fake::with(object);
    fake.now = Time::parse_rfc3339("2026-11-20T08:10:00Z").expect("an instant");
    let mut job = Job::new(line, &Files::new());
    job.poll(&mut fake);
    let text = job.stdout();
    let mut lines = text.lines();
    let (headings, cells) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    // A heading may contain single blanks; columns are at least three apart.
    let mut starts: Vec<usize> = Vec::new();
    for (at, c) in headings.char_indices() {
        let before = headings[..at].len() - headings[..at].trim_end().len();
        if c != ' ' && (at == 0 || before >= 3) {
            starts.push(at);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([cells.len()]);
    starts.iter().zip(ends).map(|(s, e)| cells.get(*s..e).unwrap_or_default().trim_end()).collect::<Vec<_>>().join("|")
}

fn object(kind: &str, rest: &str) -> String {
    let (version, kind) = kind.rsplit_once(' ').unwrap_or(("v1", kind));
    format!(
        "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: default, creationTimestamp: \"2026-11-20T08:09:55Z\"}}\n{rest}\n"
    )
}

#[test]
fn every_kind_has_its_columns() {
    for (kind, rest, line, want) in [
        ("apps/v1 StatefulSet", "spec: {replicas: 3}\nstatus: {readyReplicas: 2}", "get sts", "x|2/3|5s"),
        (
            "apps/v1 StatefulSet",
            "spec: {replicas: 1, template: {spec: {containers: [{name: a, image: i}, {name: b, image: j}]}}}",
            "get sts -o wide",
            "x|0/1|5s|a,b|i,j",
        ),
        (
            "apps/v1 DaemonSet",
            "spec: {template: {spec: {nodeSelector: {a: b}}}}\nstatus: {desiredNumberScheduled: 2, numberReady: 1}",
            "get ds",
            "x|2|0|1|0|0|a=b|5s",
        ),
        (
            "Service",
            "spec: {type: NodePort, clusterIP: 10.0.0.1, ports: [{port: 80, nodePort: 30080, protocol: TCP}, {port: 53, protocol: UDP}]}",
            "get svc",
            "x|NodePort|10.0.0.1|<none>|80:30080/TCP,53/UDP|5s",
        ),
        ("Service", "spec: {type: ExternalName, externalName: a.b}", "get svc -o wide", "x|ExternalName|<none>|a.b|<none>|5s|<none>"),
        ("Service", "spec: {type: LoadBalancer, clusterIP: 10.0.0.1}", "get svc", "x|LoadBalancer|10.0.0.1|<pending>|<none>|5s"),
        (
            "Endpoints",
            "subsets: [{addresses: [{ip: 1.1.1.1}, {ip: 1.1.1.2}, {ip: 1.1.1.3}, {ip: 1.1.1.4}], ports: [{port: 80}]}]",
            "get ep",
            "x|1.1.1.1:80,1.1.1.2:80,1.1.1.3:80 + 1 more...|5s",
        ),
        ("Endpoints", "subsets: []", "get ep", "x|<none>|5s"),
        ("Endpoints", "subsets: [{notReadyAddresses: [{ip: 1.1.1.1}], ports: [{port: 80}]}]", "get ep", "x||5s"),
        ("discovery.k8s.io/v1 EndpointSlice", "addressType: IPv4", "get endpointslices", "x|IPv4|<unset>|<unset>|5s"),
        ("PersistentVolumeClaim", "spec: {storageClassName: fast}\nstatus: {phase: Pending}", "get pvc", "x|Pending||||fast|<unset>|5s"),
        (
            "PersistentVolumeClaim",
            "spec: {volumeName: v}\nstatus: {phase: Bound, accessModes: [ReadWriteMany, ReadWriteOnce], capacity: {storage: 1Gi}}",
            "get pvc",
            "x|Bound|v|1Gi|RWO,RWX||<unset>|5s",
        ),
        ("policy/v1 PodDisruptionBudget", "spec: {minAvailable: 50%}\nstatus: {disruptionsAllowed: 1}", "get pdb", "x|50%|N/A|1|5s"),
        (
            "autoscaling/v2 HorizontalPodAutoscaler",
            "spec: {minReplicas: 1, maxReplicas: 5, scaleTargetRef: {kind: StatefulSet, name: web}, metrics: [{type: Resource, resource: \
             {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]}\nstatus: {currentReplicas: 3}",
            "get hpa",
            "x|StatefulSet/web|cpu: <unknown>/80%|1|5|3|5s",
        ),
        (
            "batch/v1 Job",
            "spec: {completions: 3, parallelism: 1}\nstatus: {succeeded: 1, startTime: \"2026-11-20T08:09:56Z\"}",
            "get jobs",
            "x|Running|1/3|4s|5s",
        ),
        ("batch/v1 CronJob", "spec: {schedule: \"* * * * *\"}", "get cj", "x|* * * * *|<none>|False|0|<none>|5s"),
        ("ConfigMap", "data: {a: b}\nbinaryData: {c: ZA==}", "get cm", "x|2|5s"),
        ("Secret", "type: Opaque\ndata: {a: Yg==}", "get secrets", "x|Opaque|1|5s"),
        ("ServiceAccount", "", "get sa", "x|5s"),
        ("Namespace", "status: {phase: Active}", "get ns", "x|Active|5s"),
        (
            "Event",
            "involvedObject: {kind: Pod, name: web-0}\ntype: Normal\nreason: Killing\nmessage: \"Stopping\\nall\"\ncount: 2\n\
             firstTimestamp: \"2026-11-20T08:09:00Z\"\nlastTimestamp: \"2026-11-20T08:09:50Z\"\nsource: {component: kubelet, host: node-1}",
            "get events -o wide",
            "10s|Normal|Killing|pod/web-0||kubelet, node-1|Stopping...|60s|2|x",
        ),
        (
            "PersistentVolume",
            "spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOncePod], persistentVolumeReclaimPolicy: Retain}\nstatus: {phase: Available}",
            "get pv",
            "x|1Gi|RWOP|Retain|Available|||<unset>||5s",
        ),
    ] {
        assert_eq!(row(&object(kind, rest), line), want, "{line}: {rest}");
    }
}

#[test]
fn a_pods_status_is_what_ails_it() {
    for (rest, want) in [
        ("status: {phase: Pending}", "0/1|Pending|0"),
        ("status: {phase: Failed, reason: Evicted}", "0/1|Evicted|0"),
        (
            "status: {phase: Pending, conditions: [{type: PodScheduled, status: \"False\", reason: SchedulingGated}]}",
            "0/1|SchedulingGated|0",
        ),
        ("status: {phase: Pending, containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}", "0/1|ContainerCreating|0"),
        ("status: {phase: Pending, containerStatuses: [{state: {waiting: {}}}]}", "0/1|Pending|0"),
        ("status: {phase: Running, containerStatuses: [{ready: true, state: {running: {}}}]}", "1/1|Running|0"),
        (
            "status: {phase: Running, containerStatuses: [{restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, lastState: \
             {terminated: {finishedAt: \"2026-11-20T08:09:40Z\"}}}]}",
            "0/1|CrashLoopBackOff|3 (20s ago)",
        ),
        ("status: {phase: Succeeded, containerStatuses: [{state: {terminated: {exitCode: 0, reason: Completed}}}]}", "0/1|Completed|0"),
        ("status: {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 137, signal: 9}}}]}", "0/1|Signal:9|0"),
        ("status: {phase: Failed, containerStatuses: [{state: {terminated: {exitCode: 2}}}]}", "0/1|ExitCode:2|0"),
        (
            "status: {phase: Running, conditions: [{type: Ready, status: \"True\"}], containerStatuses: [{state: {terminated: {reason: \
             Completed}}}, {ready: true, state: {running: {}}}]}",
            "1/1|Running|0",
        ),
        (
            "status: {phase: Running, containerStatuses: [{state: {terminated: {reason: Completed}}}, {ready: true, state: {running: {}}}]}",
            "1/1|NotReady|0",
        ),
        ("status: {phase: Pending, initContainerStatuses: [{state: {running: {}}}]}", "0/1|Init:0/1|0"),
        (
            "status: {phase: Pending, initContainerStatuses: [{restartCount: 2, state: {waiting: {reason: CrashLoopBackOff}}}]}",
            "0/1|Init:CrashLoopBackOff|2",
        ),
        ("status: {phase: Pending, initContainerStatuses: [{state: {terminated: {exitCode: 1, reason: Error}}}]}", "0/1|Init:Error|0"),
    ] {
        let spec = if rest.contains("initContainer") {
            "spec: {initContainers: [{name: i}], containers: [{name: a}]}\n"
        } else {
            "spec: {containers: [{name: a}]}\n"
        };
        let cells = row(&object("Pod", &format!("{spec}{rest}")), "get pods");
        assert_eq!(cells, format!("x|{want}|5s"), "{rest}");
    }
    let leaving = object("Pod", "spec: {containers: [{name: a}]}\nstatus: {phase: Running}")
        .replace("namespace: default", "namespace: default, deletionTimestamp: \"2026-11-20T08:09:58Z\"");
    assert_eq!(row(&leaving, "get pods"), "x|0/1|Terminating|0|5s");
    assert_eq!(row(&leaving.replace("Running", "Succeeded"), "get pods"), "x|0/1|Succeeded|0|5s");
}
