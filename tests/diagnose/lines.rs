//! What becomes of each line of a paste: it is read, a person wrote it, or it is said not to be read, before anything else is said.

use ordinal::intake::{Report, diagnose, told};
use ordinal::text::ANALYSIS;
use ordinal::text::diagnose::Unread;

use super::forms::FORMS;

/// An Event that no component reports.
const UNKNOWN: &str = "3s          Warning   Flummoxed   pod/zebra-0   the flux is out of phase";

/// Texts, and the numbers of the lines of which nothing is known.
const TEXTS: [(&str, &str, &[usize]); 7] = [
    (
        "Events of reasons that are not known, with a header and without",
        "LAST SEEN   TYPE      REASON       OBJECT       MESSAGE
4s          Normal    Scheduled    pod/web-0    Successfully assigned shop/web-0 to node-1
3s          Warning   Flummoxed    pod/web-0    the flux is out of phase

2s          Warning   Flummoxed    pod/web-1    the flux is out of phase again",
        &[3, 5],
    ),
    (
        "an Event of a described claim, and a label that kubectl does not print",
        "Name:          data-db-0
Namespace:     shop
StorageClass:  net
Status:        Bound
Volume:        pv-a
Capacity:      30Gi
Moon Phase:    waxing
Access Modes:  RWO
Used By:       db-0
Events:
  Type     Reason              Age   From                             Message
  ----     ------              ----  ----                             -------
  Warning  VolumeMelted        4m    external-resizer ebs.csi.aws.com  volume \"pv-a\" is too warm",
        &[7, 13],
    ),
    (
        "a log",
        "$ kubectl get pods
NAME    READY   STATUS    RESTARTS   AGE
db-0    0/1     Running   0          5m
$ kubectl logs db-0
Waiting for the other members
2026-01-04 11:02:03 INFO cannot resolve db-1.db
2026-01-04 11:02:04 INFO going round again",
        &[5, 7],
    ),
    (
        "what a person wrote",
        "Hi all, my set is stuck since yesterday and I have no idea why.
Does anybody know?

NAME    READY   STATUS    RESTARTS   AGE
db-0    0/1     Pending   0          5m

Thanks!",
        &[],
    ),
    ("Korean prose", "안녕하세요, 파드가 계속 Pending 상태입니다.\n\ndb-0    0/1     Pending   0          5m", &[]),
    (
        "lines of another program",
        "NAME    READY   AGE
db      1/3     5m

level=error ts=2026-01-04T11:02:03Z caller=main.go:12 err=\"no quorum\"
{\"level\":\"info\",\"msg\":\"retrying\"}",
        // That one complains is quoted.
        &[5],
    ),
    ("a fragment of a command's output", "db      3/3     5m\n\n   replicas = 3", &[3]),
];

fn unread(report: &Report) -> Vec<usize> {
    let number = |one: &Unread| if let Unread::Line { line, .. } = one { Some(*line) } else { None };
    report.unread.iter().filter_map(number).collect()
}

#[test]
fn what_is_not_known_is_said_with_its_number() {
    for (what, text, lines) in TEXTS {
        assert_eq!(unread(&diagnose([text])), lines, "{what}");
    }
}

#[test]
fn a_column_that_is_not_known_is_said() {
    let report = diagnose(["NAME    READY   STATUS    RESTARTS   AGE   MOON-PHASE\nweb-0   1/1     Running   0          5m    waxing"]);
    assert_eq!(report.unread, [Unread::Column { line: 1, column: "MOON-PHASE".into() }]);
}

#[test]
fn in_any_form_a_line_that_says_something_unknown_is_found() {
    for (what, text, ..) in FORMS {
        let text = format!("{text}\n\n{UNKNOWN}\n");
        let report = diagnose([&*text]);
        assert_eq!(unread(&report).last(), Some(&(text.lines().count())), "{what}");
        let said = told::text(&report);
        assert!(said.starts_with(ANALYSIS.diagnose.unread()), "{what}: said first");
        assert!(!said.contains("the text does not say") && !said.contains("is complete"), "{what}: {said}");
    }
}

#[test]
fn nothing_is_called_complete_while_a_line_is_not_read() {
    let complete =
        "NAME   READY   AGE\nweb    1/1     5d\n\nNAME    READY   STATUS    RESTARTS   AGE\nweb-0   1/1     Running   0          5d\n";
    let title = |text: &str| told::title(&diagnose([text]).verdicts[0]).plain();
    assert_eq!(title(complete), "Nothing is stuck: web is 1/1 Ready");
    assert_eq!(title(&format!("{complete}\n{UNKNOWN}")), "Nothing is stuck: as far as the text was read, web is 1/1 Ready");
}

#[test]
fn of_many_lines_the_first_are_shown_and_the_others_counted() {
    let text = format!("db-0    0/1     Pending   0          5m\n\n{}", "level=info at=x\n".repeat(100));
    let report = diagnose([&*text]);
    assert_eq!((unread(&report).len(), report.unread.last()), (40, Some(&Unread::Further { count: 60, line: 102 })));
}

#[test]
fn a_table_of_another_kind_is_no_set() {
    let custom = "$ kubectl get prometheus
NAME   VERSION   DESIRED   READY   RECONCILED   AVAILABLE   AGE
p      v2.51.2   1                                          11m
$ kubectl get psmdb
NAME   ENDPOINT   STATUS         AGE
my     x          initializing   9m";
    let report = diagnose([custom]);
    assert_eq!(report.verdicts.iter().map(|verdict| verdict.cause.word()).collect::<Vec<_>>(), ["no-workload"]);
    assert_eq!(report.others, ["prometheus p", "psmdb my"]);
}

#[test]
fn of_one_reason_the_last_message_counts() {
    let [old, new] = [
        "  Warning  FailedScheduling  5h12m                  default-scheduler  0/4 nodes are available: 1 node(s) were unschedulable, 3 node(s) had volume node affinity conflict.",
        "  Warning  FailedScheduling  2m1s (x242 over 4h3m)  default-scheduler  0/3 nodes are available: 3 persistentvolumeclaim \"data-kafka-1\" not found.",
    ];
    let head = "Events:\n  Type     Reason            Age                    From               Message\n  ----     ------            ----                   ----               -------";
    for rows in [[old, new], [new, old]] {
        let report = diagnose([&*format!("{head}\n{}", rows.join("\n"))]);
        assert_eq!(report.verdicts.iter().map(|verdict| verdict.family().word()).collect::<Vec<_>>(), ["claim-gone"]);
    }
}

#[test]
fn the_taint_of_the_control_plane_is_not_why_no_node_fits() {
    let taint = "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }";
    let former = "1 node(s) had taint {node-role.kubernetes.io/master: }, that the pod didn't tolerate";
    for (reasons, is) in [
        (format!("{taint}, 3 Insufficient cpu"), "insufficient-cpu"),
        (format!("3 node(s) didn't match Pod's node affinity/selector, {former}"), "nodeselector-no-match"),
        (format!("{taint}, 1 Insufficient cpu, 2 node(s) didn't match pod anti-affinity rules"), "no-node-fits"),
        (format!("{taint}, 3 node(s) had untolerated taint {{dedicated: db}}"), "untolerated-taint"),
        (taint.to_owned(), "untolerated-taint"),
    ] {
        let text = format!("Warning  FailedScheduling  2m  default-scheduler  0/4 nodes are available: {reasons}. preemption: none.");
        assert_eq!(diagnose([&*text]).verdicts[0].cause.word(), is, "{text}");
    }
}

#[test]
fn a_log_names_its_pod_and_a_condition_alone_is_read() {
    let log = r#"Mar 12 09:12:11 node3 kubelet[1234]: E0312 09:12:11.123456    1234 pod_workers.go:1300] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"db\" with CrashLoopBackOff: \"back-off 5m0s restarting failed container=db pod=db-0_prod(12-56)\"" pod="prod/db-0" podUID="12-56""#;
    let verdict = &diagnose([log]).verdicts[0];
    assert_eq!((verdict.cause.word(), told::short(&verdict.object)), ("crash-loop", "pod/db-0".to_owned()));
    assert_eq!(verdict.missing, ["kubectl -n prod logs db-0 --all-containers --tail=50 --previous"]);
    let condition = r#"{"lastProbeTime":null,"message":"0/3 nodes are available: 3 Insufficient memory.","reason":"Unschedulable","status":"False","type":"PodScheduled"}"#;
    let report = diagnose([condition]);
    assert_eq!((report.verdicts[0].cause.word(), report.unread.len()), ("insufficient-memory", 0));
    let status = "status:\n  conditions:\n  - message: 'containers with unready status: [db]'\n    reason: ContainersNotReady\n    status: \"False\"\n    type: Ready\n  containerStatuses:\n  - name: db\n    ready: false\n    restartCount: 8\n    lastState:\n      terminated:\n        exitCode: 137\n        reason: OOMKilled\n    state:\n      waiting:\n        reason: CrashLoopBackOff\n  phase: Running\n";
    assert_eq!(diagnose([status]).verdicts[0].cause.word(), "out-of-memory");
    // What the kubelet tells over several lines is one message.
    let mount = "Warning  FailedMount  4m33s (x25 over 49m)  kubelet  MountVolume.MountDevice failed for volume \"pvc-11\" : rpc error: code = Internal desc = mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t ext4 /dev/sdb /mnt\nOutput: mount: /mnt: wrong fs type, bad option, bad superblock on /dev/sdb.";
    let report = diagnose([mount]);
    assert_eq!((report.verdicts[0].cause.word(), report.unread.len()), ("file-system", 0));
    // Of a pod that has no name, a word stands for it.
    let verdict = &diagnose(["Back-off restarting failed container db in pod"]).verdicts[0];
    assert_eq!((verdict.cause.word(), &*verdict.missing[0]), ("crash-loop", "kubectl logs POD --all-containers --tail=50 --previous"));
}
