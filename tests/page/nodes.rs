//! Nodes that fail, are emptied, and come back; and what becomes of the pods on them.

use super::Visit;
use ordinal::playground::EXAMPLE;

const ALL_READY: [&str; 3] = ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"];

/// Lets five minutes of silence pass after a fault: web-1 is told to go, and nobody confirms that it has. The node.
fn strand(visit: &mut Visit, fault: impl Fn(&mut Visit, &str)) -> String {
    visit.run_until_quiet();
    let node = visit.node_of("web-1");
    fault(visit, &node);
    visit.run_until_quiet();
    assert_eq!(visit.node(&node).word, "NotReady");
    visit.pick("web-1");
    node
}

/// Cuts the node off by its menu.
fn cut(visit: &mut Visit, node: &str) {
    visit.choose_of_node(node, &format!("playground cut node {node}"));
}

#[test]
fn a_pod_on_a_silent_node_stays_terminating_and_no_other_is_made() {
    let mut visit = Visit::new();
    let node = strand(&mut visit, Visit::switch);
    visit.printed(&format!("$ playground stop node {node}"));
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Terminating", "web-2 1/1 Ready"]);
    let slot = visit.cluster().slots.get("web-1").expect("a slot").clone();
    assert_eq!(slot.reason.plain(), "old web-1 may still run");
    // The set is told of by the same cause.
    for asks in [true, false] {
        if !asks {
            visit.forget();
        }
        assert_eq!(visit.verdict(), "web-1 stays Terminating, and no new web-1 is created.");
        assert_eq!(visit.hazard(), "Split brain if you force-delete");
        assert_eq!(
            visit.ways(),
            [
                format!("Start {node}: playground start node {node}"),
                format!("Mark as out of service: kubectl taint nodes {node} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"),
                format!("Delete {node}: kubectl delete node {node}"),
                "Force-delete web-1: kubectl delete pod web-1 --grace-period=0 --force".to_owned(),
            ]
        );
        let why = visit.why();
        let notes: Vec<String> = why.ways.iter().map(|way| way.note.plain()).collect();
        assert!(notes[1..].iter().all(|note| note.ends_with(". The new pod stays Pending")), "{notes:?}");
        assert_eq!(visit.evidence().last(), Some(&format!("data-web-1: only on {node}")));
        assert!(why.paragraph.plain().contains("under Parallel too"), "{}", why.paragraph.plain());
        assert_eq!(why.docs.map(|(title, _)| title), Some("Force Delete StatefulSet Pods"));
    }
    visit.switch(&node);
    visit.run_until_quiet();
    assert_eq!((visit.pods(), visit.hazard().as_str()), (ALL_READY.map(str::to_owned).to_vec(), ""));
}

#[test]
fn a_forced_deletion_leaves_the_old_process_and_the_disk_where_they_are() {
    let mut visit = Visit::new();
    let node = strand(&mut visit, cut);
    visit.take_way("Force-delete web-1");
    visit.printed(
        "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to \
         run on the cluster indefinitely.",
    );
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 0/1 Pending", "web-1 ? may still run", "web-2 1/1 Ready"]);
    assert_eq!(visit.hazard(), "There may be two pods called web-1");
    let drawn = visit.cluster();
    // In every other row stands why the new pod cannot be there, and a line leads to the disk.
    let elsewhere: Vec<String> = drawn.slots.values().filter(|slot| slot.word.is_empty()).map(|slot| slot.reason.plain()).collect();
    assert_eq!(elsewhere, vec![format!("the volume of web-1 is on {node}"); 2]);
    assert_eq!(drawn.pinned.values().map(|pin| pin.word()).collect::<Vec<_>>(), ["starts", "ends"]);
    visit.take_way(&format!("Start {node}"));
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
}

#[test]
fn on_a_shared_volume_two_processes_run_under_one_identity() {
    let mut visit = Visit::with(&EXAMPLE.replace("accessModes:", "storageClassName: network-disk\n      accessModes:"));
    let node = strand(&mut visit, cut);
    visit.take_way("Force-delete web-1");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-1 ? still runs", "web-2 1/1 Ready"]);
    assert_eq!(visit.hazard(), "Split brain: web-1 runs twice");
    assert_eq!(visit.verdict(), "Two processes answer to the name web-1.");
    let drawn = visit.cluster();
    assert_eq!(drawn.classes, ["network-disk"]);
    let twice: Vec<&str> =
        drawn.disks.values().map(|disk| disk.content.as_str()).filter(|content| content.starts_with("2 mounts")).collect();
    assert_eq!(twice, ["2 mounts · empty"]);
    // Only who asks about the node is told that it was cut off and not switched off.
    visit.ask_node(&node);
    assert!(visit.why().paragraph.plain().contains("its processes keep running"), "{}", visit.why().paragraph.plain());
    visit.switch(&node);
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
}

#[test]
fn a_node_is_cordoned_and_drained_by_its_menu() {
    let mut visit = Visit::quiet();
    let node = visit.node_of("web-1");
    visit.choose_of_node(&node, &format!("kubectl cordon {node}"));
    assert_eq!(visit.node(&node).word, "Ready,SchedulingDisabled");
    visit.choose_of_node(&node, &format!("kubectl uncordon {node}"));
    visit.choose_of_node(&node, &format!("kubectl drain {node} --ignore-daemonsets --delete-emptydir-data"));
    visit.run_until_quiet();
    visit.printed("evicting pod default/web-1");
    // Its disk is on the drained node, so the pod that comes back waits for it.
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 0/1 Pending", "web-2 1/1 Ready"]);
    visit.choose_of_node(&node, &format!("kubectl uncordon {node}"));
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
}
