//! Unseen manifests: what the timeline and Why say of drains and of a silent node.

use super::{come_up, first, has, has_none, spans, strangers};
use crate::page::Visit;
use ordinal::base::time::{Span, Time};
use ordinal::causes::pod::PodState;
use ordinal::text::Lang;

const COORD: &str = include_str!("../manifests/unseen/timeline-1.yaml");
const CONSUL: &str = include_str!("../manifests/unseen/timeline-2.yaml");

const ALL_COORDS: [&str; 3] = ["coord-0 1/1 Ready", "coord-1 1/1 Ready", "coord-2 1/1 Ready"];
const ALL_CONSULS: [&str; 3] = ["consul-0 1/1 Ready", "consul-1 1/1 Ready", "consul-2 1/1 Ready"];

/// A manifest whose claims can be used on any node.
fn anywhere(manifest: &str) -> String {
    manifest.replace("      accessModes:", "      storageClassName: network-disk\n      accessModes:")
}

/// Asserts that three pods of a set are on three nodes.
#[track_caller]
fn one_on_each_node(visit: &Visit, set: &str) {
    let mut nodes: Vec<String> = (0..3).map(|n| visit.node_of(&format!("{set}-{n}"))).collect();
    nodes.sort();
    nodes.dedup();
    assert_eq!(nodes.len(), 3, "{nodes:?}");
}

/// How many pods the budget lets go.
fn allowed(visit: &mut Visit) -> String {
    visit.shows("kubectl get pdb coord -o jsonpath='{.status.disruptionsAllowed}'")
}

fn volume_of(visit: &mut Visit, claim: &str) -> String {
    visit.shows(&format!("kubectl get pvc {claim} -o jsonpath='{{.spec.volumeName}}'"))
}

/// Empties the node of coord-1, and lets two minutes pass. The node.
fn drained(visit: &mut Visit) -> String {
    let node = visit.node_of("coord-1");
    visit.type_line(&format!("kubectl drain {node} --ignore-daemonsets"));
    visit.pass(120);
    node
}

#[test]
fn three_coordinators_come_up_at_once_on_a_node_each() {
    let mut visit = come_up(COORD);
    assert_eq!(visit.pods(), ALL_COORDS);
    one_on_each_node(&visit, "coord");
    assert_eq!(allowed(&mut visit), "1");
    let ready = (0..3).map(|n| first(&visit, &format!("coord-{n}"), PodState::Ready)).min();
    let created = (0..3).map(|n| super::created(&visit, &format!("coord-{n}"))).max();
    assert!(created < ready, "Parallel: created until {created:?}, Ready from {ready:?}");
}

#[test]
fn each_coordinator_has_the_number_that_its_start_script_counts() {
    let mut visit = come_up(COORD);
    for n in 0..3 {
        let answer = visit.shows(&format!("kubectl exec coord-{n} -- cat /data/myid"));
        assert_eq!(answer.trim(), (n + 1).to_string());
    }
}

#[test]
fn a_pod_of_a_drained_node_waits_and_the_other_two_keep_the_quorum() {
    let mut visit = come_up(COORD);
    let node = drained(&mut visit);
    assert_eq!(visit.node(&node).word, "Ready,SchedulingDisabled");
    assert_eq!(visit.pods(), ["coord-0 1/1 Ready", "coord-1 0/1 Pending", "coord-2 1/1 Ready"]);
    assert_eq!(allowed(&mut visit), "0");
    let described = visit.shows("kubectl describe pod coord-1");
    has(&described, &["0/3 nodes are available:", "1 node(s) were unschedulable"]);
    assert_eq!(visit.object().ready, "2 of 3 Ready");
}

#[test]
fn the_cause_of_the_pod_that_waits_is_the_closed_node_and_nothing_is_said_not_to_be_created() {
    let mut visit = come_up(COORD);
    let node = drained(&mut visit);
    for selected in [false, true] {
        if selected {
            visit.pick("coord-1");
        }
        has(&visit.verdict(), &["coord-1"]);
        has(&visit.whole_why(), &[&node]);
        has_none(&visit.whole_why(), &["is not created"]);
    }
}

#[test]
fn with_volumes_for_any_node_the_pods_that_exclude_it_are_the_cause_too() {
    let mut visit = come_up(&anywhere(COORD));
    let node = drained(&mut visit);
    let described = visit.shows("kubectl describe pod coord-1");
    let why = "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules";
    has(&described, &[why]);
    visit.pick("coord-1");
    has(&visit.whole_why(), &[node.as_str(), "anti-affinity"]);
    has_none(&visit.whole_why(), &["is not created"]);
}

/// What stands in the cells of a pod that has no node, by row.
fn refused(visit: &Visit, pod: &str) -> Vec<String> {
    let drawn = visit.cluster();
    let slots = drawn.slots.values().filter(|slot| slot.identity.pod == pod && slot.word.is_empty());
    slots.map(|slot| slot.spoken.clone()).collect()
}

#[test]
fn each_row_says_why_its_node_does_not_take_a_pod_that_any_node_may_have() {
    let mut visit = come_up(&anywhere(COORD));
    let node = drained(&mut visit);
    let others: Vec<String> = visit.cluster().rows.iter().map(|row| row.name.clone()).filter(|row| *row != node).collect();
    let pod_on = |visit: &mut Visit, node: &str| {
        let names = format!("kubectl get pods -o name --field-selector spec.nodeName={node}");
        visit.shows(&names).trim().trim_start_matches("pod/").to_owned()
    };
    let mut want = vec![format!("{node}: cordoned: it accepts no new pods")];
    for other in &others {
        let there = pod_on(&mut visit, other);
        want.push(format!("{other}: has {there}, from which coord-1 is kept apart"));
    }
    want.sort();
    assert_eq!(refused(&visit, "coord-1"), want);
    // Of anything else, the scheduler's own words are told.
    visit.say(&format!("kubectl taint nodes {node} busy=yes:NoSchedule"));
    visit.say(&format!("kubectl uncordon {node}"));
    visit.run_until_quiet();
    assert!(refused(&visit, "coord-1").contains(&format!("{node}: had untolerated taint(s)")), "{:?}", refused(&visit, "coord-1"));
    visit.say(&format!("kubectl taint nodes {node} busy-"));
    visit.run_until_quiet();
    assert_eq!(refused(&visit, "coord-1"), [""; 0]);
}

#[test]
fn the_timeline_tells_the_drain_and_the_pod_that_was_evicted_and_no_other() {
    let mut visit = come_up(COORD);
    let before = visit.flags().len();
    let node = drained(&mut visit);
    let flags = visit.flags().split_off(before);
    assert!(flags.iter().any(|flag| flag.contains(&node) || flag.contains("drain")), "{flags:?}");
    assert!(flags.iter().any(|flag| flag.contains("coord-1")), "{flags:?}");
    let others = ["coord-0 Running", "coord-0 not Ready", "coord-2 Running", "coord-2 not Ready"];
    has_none(&flags.join("\n"), &others);
}

#[test]
fn a_second_drain_is_refused_by_the_budget_and_closes_its_node_all_the_same() {
    let mut visit = come_up(COORD);
    drained(&mut visit);
    let second = visit.node_of("coord-0");
    visit.type_line(&format!("kubectl drain {second} --ignore-daemonsets --timeout=60s"));
    visit.pass(90);
    let answer = visit.answer();
    let refused = "error when evicting pods/\"coord-0\" -n \"default\" (will retry after 5s): \
                   Cannot evict pod as it would violate the pod's disruption budget.";
    has(&answer, &[refused]);
    assert!(answer.matches(refused).count() > 1, "it is tried again:\n{answer}");
    assert!(visit.run.present().status().is_some_and(|status| status != 0), "{:?}", visit.run.present().status());
    assert_eq!(visit.node(&second).word, "Ready,SchedulingDisabled");
    assert_eq!(visit.pods(), ["coord-0 1/1 Ready", "coord-1 0/1 Pending", "coord-2 1/1 Ready"]);
}

#[test]
fn the_pod_comes_back_to_the_node_that_is_opened_with_the_claim_that_it_had() {
    let mut visit = come_up(COORD);
    let volume = volume_of(&mut visit, "data-coord-1");
    let node = drained(&mut visit);
    let second = visit.node_of("coord-0");
    visit.type_line(&format!("kubectl drain {second} --ignore-daemonsets --timeout=60s"));
    visit.pass(90);
    visit.say(&format!("kubectl uncordon {node}"));
    assert_eq!(visit.pods(), ALL_COORDS);
    assert_eq!((visit.node_of("coord-1"), volume_of(&mut visit, "data-coord-1")), (node, volume));
    assert_eq!(allowed(&mut visit), "1");
}

/// The servers of Consul and the pods of the Deployment, and the node of consul-1, which was switched off at the instant.
fn silenced(manifest: &str) -> (Visit, String, Time) {
    let mut visit = come_up(manifest);
    assert_eq!(visit.pods()[..3], ALL_CONSULS);
    let node = visit.node_of("consul-1");
    let at = visit.now();
    visit.switch(&node);
    (visit, node, at)
}

/// When the timeline first tells something.
fn flag_at(visit: &Visit, flag: &str) -> Time {
    let mut moments = visit.run.head().timeline().moments().iter();
    let found = moments.find(|moment| moment.label(Lang::English.text()) == flag);
    found.unwrap_or_else(|| panic!("{flag} is not in {:?}", visit.flags())).at
}

/// Asserts that a span is about so many seconds.
#[track_caller]
fn about(span: Span, from: u64, to: u64) {
    assert!(Span::seconds(from) <= span && span <= Span::seconds(to), "{span:?} is not {from} to {to} seconds");
}

#[test]
fn three_servers_are_on_a_node_each_and_three_pods_of_the_deployment_beside_them() {
    let visit = come_up(CONSUL);
    assert_eq!(visit.pods()[..3], ALL_CONSULS);
    one_on_each_node(&visit, "consul");
    assert_eq!(visit.cluster().side.expect("the Deployment").ready, "3 of 3 Ready");
}

#[test]
fn for_some_seconds_only_the_page_notices_that_a_node_is_silent() {
    let (mut visit, node, _) = silenced(CONSUL);
    visit.pass(25);
    assert_eq!(visit.node(&node).word, "off");
    assert_eq!(visit.object().ready, "3 of 3 Ready, 1 out of sight");
    assert_eq!(visit.cluster().side.expect("the Deployment").ready, "3 of 3 Ready, 1 out of sight");
    assert!(!visit.flags().iter().any(|flag| flag.ends_with("NotReady")), "{:?}", visit.flags());
}

#[test]
fn the_instant_at_which_a_node_is_given_up_is_called_by_its_name() {
    let (mut visit, node, at) = silenced(CONSUL);
    visit.pass(75);
    let noticed = flag_at(&visit, &format!("{node} NotReady"));
    about(noticed.since(at), 35, 60);
    assert!(noticed <= flag_at(&visit, "consul-1 not Ready"), "{:?}", visit.flags());
    let flags = visit.flags();
    let of_node = flags.iter().position(|flag| *flag == format!("{node} NotReady")).expect("it is there");
    assert!(!flags[of_node..].iter().any(|flag| flag.ends_with(" Running")), "{flags:?}");
    assert_eq!(visit.node(&node).word, "NotReady");
    has(&visit.shows(&format!("kubectl describe node {node}")), &["node.kubernetes.io/unreachable"]);
    visit.ask_name("consul-0.consul");
    has_none(&visit.names()[0], &["NXDOMAIN"]);
}

#[test]
fn the_servers_own_toleration_ends_after_a_minute_and_that_of_the_deployment_after_five() {
    let (mut visit, node, _) = silenced(CONSUL);
    let there: Vec<String> = strangers(&visit).into_iter().filter(|pod| visit.node_of(pod) == node).collect();
    assert!(!there.is_empty(), "the soft rule places one pod of the Deployment on each node");
    visit.pass(150);
    let noticed = flag_at(&visit, &format!("{node} NotReady"));
    about(first(&visit, "consul-1", PodState::Terminating).since(noticed), 50, 75);
    for pod in &there {
        assert!(!spans(&visit, pod).iter().any(|span| span.state == PodState::Terminating), "{pod} is not evicted yet");
    }
    visit.pass(330);
    for pod in &there {
        about(first(&visit, pod, PodState::Terminating).since(noticed), 290, 320);
    }
}

#[test]
fn the_deployment_replaces_its_pod_elsewhere_and_the_set_does_not() {
    let (mut visit, node, _) = silenced(CONSUL);
    let old = strangers(&visit);
    visit.pass(480);
    assert_eq!(visit.pods()[..3], ["consul-0 1/1 Ready", "consul-1 1/1 Terminating", "consul-2 1/1 Ready"]);
    assert_eq!(visit.object().ready, "2 of 3 Ready");
    assert_eq!(visit.cluster().side.as_ref().expect("the Deployment").ready, "3 of 3 Ready");
    let new: Vec<String> = strangers(&visit).into_iter().filter(|pod| !old.contains(pod)).collect();
    assert!(!new.is_empty() && new.iter().all(|pod| visit.node_of(pod) != node), "{new:?}");
    visit.pick("consul-1");
    has(&visit.whole_why(), &["consul-1", node.as_str()]);
}

#[test]
fn two_of_three_servers_are_a_quorum_and_stay_ready() {
    let (mut visit, _, _) = silenced(CONSUL);
    let before = visit.flags().len();
    visit.pass(480);
    let flags = visit.flags().split_off(before);
    has_none(&flags.join("\n"), &["consul-0 not Ready", "consul-2 not Ready"]);
    has_none(&visit.application().verdict.plain(), &["No quorum", "no leader"]);
}

#[test]
fn a_node_that_comes_back_gets_its_server_and_its_data_again() {
    let (mut visit, node, _) = silenced(CONSUL);
    let volume = volume_of(&mut visit, "data-consul-1");
    visit.pass(480);
    visit.switch(&node);
    visit.pass(180);
    assert_eq!(visit.pods()[..3], ALL_CONSULS);
    assert_eq!((visit.node_of("consul-1"), volume_of(&mut visit, "data-consul-1")), (node.clone(), volume));
    assert_eq!(visit.node(&node).word, "Ready");
}

#[test]
fn a_server_that_is_deleted_by_force_finds_no_other_node() {
    let (mut visit, node, _) = silenced(CONSUL);
    visit.pass(200);
    visit.type_line("kubectl delete pod consul-1 --force");
    visit.pass(60);
    assert!(visit.pods().iter().any(|pod| pod == "consul-1 0/1 Pending"), "{:?}", visit.pods());
    has(&visit.shows("kubectl describe pod consul-1"), &["0/3 nodes are available:", "untolerated taint"]);
    assert_ne!(visit.node_of("consul-0"), node);
    let (mut visit, _, _) = silenced(&anywhere(CONSUL));
    visit.pass(200);
    visit.type_line("kubectl delete pod consul-1 --force");
    visit.pass(60);
    let described = visit.shows("kubectl describe pod consul-1");
    has(&described, &["0/3 nodes are available:", "1 node(s) had untolerated taint", "2 node(s) didn't match pod anti-affinity rules"]);
}
