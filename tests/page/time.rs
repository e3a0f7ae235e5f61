//! The passing of time: what is next, the past, branches, breakpoints, lanes.

use super::Visit;
use ordinal::base::time::Time;
use ordinal::playground::stop::Stops;

/// An instant while web-0 comes up.
const THEN: Time = Time(6000);

#[test]
fn what_is_next_is_told_until_nothing_more_happens() {
    let mut visit = Visit::new();
    visit.seek(Time(0));
    assert_eq!(visit.next(), "Next: the control plane acts");
    visit.run_until_quiet();
    assert_eq!(visit.next(), "Nothing more happens by itself");
    let lanes = ["web-0", "web-1", "web-2"].map(|pod| visit.lane(pod));
    assert_eq!(
        lanes,
        [
            "Pending 0:00, ContainerCreating 0:02, Running 0:05, Ready 0:06",
            "Pending 0:06, ContainerCreating 0:09, Running 0:12, Ready 0:13",
            "Pending 0:13, ContainerCreating 0:15, Running 0:18, Ready 0:19",
        ]
    );
    visit.scale(1);
    assert_eq!(visit.next(), "Next: the control plane acts");
    visit.step_until(|visit| visit.pods().last().is_some_and(|pod| pod == "web-3 0/1 ContainerCreating"));
    assert_eq!(visit.next(), "Next: kubelet on node-2 starts web-3 in 0.4 s");
}

#[test]
fn an_instant_of_the_past_is_shown_as_it_was_and_the_end_as_it_is() {
    let mut visit = Visit::quiet();
    let end = (visit.clock(), visit.lines().join("\n"), visit.pods(), visit.flags());
    visit.seek(THEN);
    assert_eq!(visit.clock(), "0:06.000");
    assert_eq!(visit.pods(), ["web-0 0/1 Running, not Ready"]);
    assert_eq!(visit.verdict(), "web-1 is not created.");
    assert_eq!(visit.news(), "You are viewing the past. If you change anything here, a new branch starts, and the old one is kept.");
    assert_eq!(visit.flags(), end.3, "what comes next is drawn");
    visit.seek(Time(0));
    assert_eq!((visit.clock().as_str(), visit.pods().len()), ("0:00.010", 0), "the first command takes some time");
    visit.seek_now();
    assert_eq!((visit.clock(), visit.lines().join("\n"), visit.pods(), visit.flags()), end);
    assert_eq!(visit.news(), "");
}

#[test]
fn acting_in_the_past_begins_a_branch_and_each_has_its_own_pods_and_terminal() {
    let mut visit = Visit::quiet();
    visit.seek(THEN);
    visit.scale(1);
    assert_eq!(visit.news(), "A new branch starts at 0:06. The old one is kept as branch 1.");
    visit.run_until_quiet();
    let four = ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready", "web-3 1/1 Ready"];
    assert_eq!(visit.pods(), four);
    assert_eq!(visit.branches(), ["1 · from the start", "* 2 · from 0:06: scale statefulset web"]);
    visit.return_to(1);
    assert_eq!(visit.pods(), four[..3]);
    assert!(!visit.lines().contains(&"statefulset.apps/web scaled"), "{:#?}", visit.lines());
    visit.return_to(2);
    assert_eq!(visit.pods(), four);
    visit.printed("statefulset.apps/web scaled");
}

#[test]
fn asking_in_the_past_is_answered_there_and_begins_no_branch() {
    let mut visit = Visit::quiet();
    let (end, up) = (visit.clock(), visit.pods());
    visit.seek(THEN);
    let (then, pods) = (visit.clock(), visit.pods());
    visit.type_line("kubectl get pods; why web-2");
    let answer = visit.answer();
    let said: Vec<&str> = answer.lines().take(3).collect();
    assert_eq!(
        said,
        ["NAME    READY   STATUS    RESTARTS   AGE", "web-0   0/1     Running   0          6s", "web-2 is not created."],
        "{answer}"
    );
    assert_eq!((visit.clock(), visit.pods(), visit.branches()), (then, pods, Vec::new()));
    visit.seek_now();
    assert_eq!((visit.clock(), visit.pods()), (end, up));
}

#[test]
fn a_run_that_stops_at_a_breakpoint_says_where_and_why() {
    let mut visit = Visit::quiet();
    visit.stop_at(Stops { not_ready: true, ..Stops::default() });
    visit.pick("web-1");
    visit.command("Make web-1 not Ready");
    visit.run_until_quiet();
    assert_eq!(visit.news(), "Stopped at 0:30: web-1 is no longer Ready.");
    assert_eq!(visit.pods()[1], "web-1 0/1 Running, not Ready");
}

#[test]
fn a_silent_node_and_a_deployment_have_lanes_of_their_own() {
    let mut visit = Visit::quiet();
    assert_eq!((visit.lanes_of_nodes(), visit.lane_beside()), (Vec::new(), Vec::new()));
    visit.say("kubectl create deployment side --image=nginx:1.27 --replicas=2");
    visit.say("playground stop node node-2");
    assert_eq!(visit.lanes_of_nodes(), ["node-2: Ready 0:00, Unknown 1:25"]);
    assert_eq!(visit.lane_beside(), ["0:30 r1 ×1", "0:30 r1 ×2"]);
    let of_node: Vec<String> = visit.flags().into_iter().filter(|flag| flag.starts_with("node-2")).collect();
    assert_eq!(of_node, ["node-2 NotReady"]);
}

#[test]
fn where_a_node_falls_silent_its_pods_are_told_not_to_be_ready() {
    let mut visit = Visit::quiet();
    let (node, before) = (visit.node_of("web-1"), visit.flags().len());
    visit.say(&format!("playground cut node {node}"));
    visit.pass(60);
    let flags = visit.flags().split_off(before);
    let at = |flag: &str| flags.iter().position(|told| told == flag).unwrap_or_else(|| panic!("{flag} in {flags:?}"));
    assert!(at(&format!("{node} NotReady")) < at("web-1 not Ready"), "{flags:?}");
    assert!(!flags.iter().any(|flag| flag == "web-1 Running"), "{flags:?}");
}
