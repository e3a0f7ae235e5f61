//! What the page shows when nodes fail, updates run, and a Deployment stands beside the set.

use super::*;
use ordinal::causes::Identity;
use ordinal::causes::command::Naming;
use ordinal::causes::pod::PodState;
use ordinal::sim::Setup;
use ordinal::sim::setup::ClassSetup;
use ordinal::view::cluster::{Cluster, ColumnKey, ItemKey, Pin, RowKey};
use ordinal::view::why::Why;
use ordinal::view::{node, side};

fn drawn(playground: &Playground) -> Cluster {
    let shot = playground.snapshot(LANG);
    let mut cluster = cluster::project(&shot, Some(&web_name()));
    side::add(&mut cluster, &shot, None);
    cluster
}

fn why(playground: &Playground, lang: Lang, pod: &str) -> Why {
    let identity = Identity { namespace: "default".into(), pod: pod.into() };
    why::project(&playground.snapshot(lang), Some(&web_name()), None, Some(&identity))
}

fn ways(why: &Why) -> Vec<&str> {
    why.ways.iter().map(|way| way.entry.line.as_str()).collect()
}

/// The node of a pod of the set.
fn node_of(playground: &Playground, pod: &str) -> String {
    let pod = playground.tables().pod("default", pod).expect("it is there");
    pod.node.as_ref().expect("it has a node").to_string()
}

/// The running example after web-1's node has been unreachable for long enough, and that node.
fn stranded(manifest: &str, fault: &str) -> (Playground, String) {
    let mut playground = started(manifest);
    settle(&mut playground);
    let node = node_of(&playground, "web-1");
    playground.type_line(&format!("playground {fault} node {node}"), LANG);
    playground.run(Time(playground.now().0 + 420_000), || true);
    (playground, node)
}

#[test]
fn a_pod_that_nobody_confirms_keeps_its_place_and_the_ways_out_are_told() {
    for fault in ["stop", "cut"] {
        let (playground, node) = stranded(EXAMPLE, fault);
        let why = why(&playground, LANG, "web-1");
        assert_eq!(why.verdict.plain(), "web-1 stays Terminating, and no new web-1 is created.", "{fault}");
        let want = [
            format!("playground start node {node}"),
            format!("kubectl taint nodes {node} node.kubernetes.io/out-of-service=nodeshutdown:NoExecute"),
            format!("kubectl delete node {node}"),
            "kubectl delete pod web-1 --grace-period=0 --force".to_owned(),
        ];
        assert_eq!(ways(&why), want, "{fault}: what the API server sees is the same");
        assert_eq!(why.hazard.as_ref().map(|hazard| hazard.facts.len()), Some(2));
        assert_eq!(drawn(&playground).slots["web-1"].reason.plain(), "old web-1 may still run");
    }
}

#[test]
fn only_who_asks_about_a_silent_node_is_told_what_happened_to_it() {
    for (fault, said) in [("stop", "is off"), ("cut", "is cut")] {
        let (playground, name) = stranded(EXAMPLE, fault);
        let shot = playground.snapshot(LANG);
        let row = node::rows(&shot).into_iter().find(|row| row.name == name).expect("every node has a row");
        assert_eq!((row.word.as_str(), row.switch.label.as_str()), ("NotReady", "Start node"), "{fault}");
        assert!(node::why(&shot, &name).paragraph.plain().contains(said), "{fault}");
    }
}

#[test]
fn a_process_that_outlives_its_pod_is_a_tile_beside_the_new_one() {
    let shared = EXAMPLE.replace("accessModes:", "storageClassName: network-disk\n      accessModes:");
    for (manifest, verdict, held) in
        [(EXAMPLE, "web-1 has no node.", true), (shared.as_str(), "Two processes answer to the name web-1.", false)]
    {
        let mut setup = Setup::default();
        setup.classes.push(ClassSetup::network_disk());
        let mut playground = Playground::new(&setup, manifest);
        playground.type_line(&command::apply(), LANG);
        settle(&mut playground);
        let node = node_of(&playground, "web-1");
        playground.type_line(&format!("playground cut node {node}"), LANG);
        playground.run(Time(playground.now().0 + 420_000), || true);
        playground.type_line("kubectl delete pod web-1 --grace-period=0 --force", LANG);
        playground.run(Time(playground.now().0 + 60_000), || true);
        let cluster = drawn(&playground);
        let outlived: Vec<_> = cluster.pods.iter().filter(|(_, tile)| tile.state == PodState::Outlived).collect();
        assert_eq!(outlived.len(), 1);
        assert_eq!(cluster.node_of(&ItemKey::Pod(outlived[0].0.clone())), Some(node.clone()));
        assert_eq!(cluster.pods.values().filter(|tile| tile.identity.pod == "web-1").count(), 2);
        assert_eq!(why(&playground, LANG, "web-1").verdict.plain(), verdict);
        assert_eq!(cluster.pinned.values().any(|pin| *pin == Pin::Ends), held, "the disk on the node holds the new pod back");
        playground.type_line(&format!("playground start node {node}"), LANG);
        settle(&mut playground);
        assert!(drawn(&playground).pods.values().all(|tile| tile.state == PodState::Ready));
    }
}

#[test]
fn a_partition_stands_between_what_is_updated_and_what_keeps_its_revision() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    assert_eq!(drawn(&playground).partition, None, "nothing to hold");
    playground.type_line(&Naming::default().partition("web", 2), LANG);
    playground.type_line("kubectl set image statefulset/web nginx=nginx:1.28", LANG);
    settle(&mut playground);
    let cluster = drawn(&playground);
    let line = cluster.partition.as_ref().expect("it is set");
    assert_eq!((line.value, line.columns, line.spoken.as_str()), (2, 2, "partition 2: web-2 and up are updated"));
    let used: Vec<String> = cluster.object.iter().flat_map(|line| &line.revisions).map(|r| format!("{} {}", r.label, r.pods)).collect();
    assert_eq!(used, ["r1 ×2", "r2 ×1"]);
    let why = why(&playground, LANG, "web-1");
    assert_eq!(
        (why.verdict.plain().as_str(), why.decided_by.as_str()),
        ("web-1 keeps revision r1.", "spec.updateStrategy.rollingUpdate.partition")
    );
    playground.type_line(&line.command(0), LANG);
    settle(&mut playground);
    assert_eq!(drawn(&playground).partition, None, "the update is done");
}

#[test]
fn a_pod_that_fails_on_a_revision_nobody_wants_has_to_be_deleted() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl set image statefulset/web nginx=nginx:broken", LANG);
    playground.run(Time(playground.now().0 + 20_000), || true);
    // Its revision is the wanted one: only its image is the obstacle.
    assert_eq!(ways(&why(&playground, LANG, "web-2")), ["playground mend image nginx:broken"]);
    playground.type_line("kubectl rollout undo statefulset/web", LANG);
    playground.run(Time(playground.now().0 + 20_000), || true);
    let why = why(&playground, LANG, "web-2");
    assert_eq!((ways(&why), why.ends_when.plain().as_str()), (vec!["kubectl delete pod web-2"], "you delete web-2"));
}

#[test]
fn pods_without_ordinals_stand_in_the_same_rows() {
    let deployment = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: front}\nspec:\n  replicas: 2\n  \
                      selector: {matchLabels: {app: front}}\n  template:\n    metadata: {labels: {app: front}}\n    \
                      spec: {containers: [{name: c, image: nginx}]}\n";
    let mut playground = started(&format!("{EXAMPLE}\n{deployment}"));
    settle(&mut playground);
    let cluster = drawn(&playground);
    let side = cluster.side.as_ref().expect("there is a Deployment");
    assert_eq!((side.workload.title().as_str(), side.replicas), ("deployment/front", Some(2)));
    assert_eq!(side.scale(3).as_deref(), Some("kubectl scale deployment front --replicas=5"));
    let beside = cluster.cells.iter().filter(|(cell, _)| cell.column == ColumnKey::Side);
    assert!(beside.clone().all(|(cell, _)| matches!(cell.row, RowKey::Node(_))));
    assert_eq!(beside.map(|(_, items)| items.len()).sum::<usize>(), 2);
    assert_eq!(cluster.columns.len(), 3, "columns are the set's");
    let labels: Vec<&str> = cluster.pods.values().filter(|tile| tile.stranger).map(|tile| tile.label.as_str()).collect();
    assert!(labels.len() == 2 && labels.iter().all(|label| label.starts_with("…-")), "{labels:?}");
}

#[test]
fn a_strangers_place_is_taken_by_another_while_nobody_confirms_that_it_has_ended() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: front}\nspec:\n  replicas: 1\n  \
                      selector: {matchLabels: {app: front}}\n  template:\n    metadata: {labels: {app: front}}\n    \
                      spec: {containers: [{name: c, image: nginx}]}\n";
    let mut playground = started(deployment);
    settle(&mut playground);
    let first = playground.tables().pods().next().expect("one was made").meta.name.to_string();
    let node = node_of(&playground, &first);
    playground.type_line(&format!("playground cut node {node}"), LANG);
    playground.run(Time(playground.now().0 + 420_000), || true);
    let why = why(&playground, LANG, &first);
    assert_eq!(why.verdict.plain(), format!("{first} stays Terminating."));
    let mut cluster = cluster::project(&playground.snapshot(LANG), None);
    side::add(&mut cluster, &playground.snapshot(LANG), None);
    let mut words: Vec<&str> = cluster.pods.values().map(|tile| tile.word.as_str()).collect();
    words.sort_unstable();
    assert_eq!(words, ["Ready", "Terminating"]);
}

#[test]
fn a_pod_that_its_set_let_go_is_drawn_once_and_keeps_its_name_from_another() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl label pod web-1 app-", LANG);
    settle(&mut playground);
    let cluster = drawn(&playground);
    let uid = playground.tables().pod("default", "web-1").expect("it is still there").meta.uid.to_string();
    let cells = cluster.cells.iter().filter(|(_, items)| items.contains(&ItemKey::Pod(uid.clone())));
    assert_eq!(cells.map(|(cell, _)| cell.column).collect::<Vec<_>>(), [ColumnKey::Ordinal(1)]);
    let slot = &cluster.slots["web-1"];
    assert_eq!((cluster.side, slot.word.as_str(), slot.reason.plain().as_str()), (None, "not recreated", "the name is taken"));
    let mut elsewhere = cluster::project(&playground.snapshot(LANG), None);
    side::add(&mut elsewhere, &playground.snapshot(LANG), None);
    assert!(elsewhere.pods.contains_key(&uid), "where its set is not shown, it is a pod like any other");
}

#[test]
fn both_languages_have_words_for_all_of_it() {
    let (mut playground, node) = stranded(EXAMPLE, "cut");
    let told = |playground: &Playground| {
        let why = why(playground, Lang::Korean, "web-1");
        let hazard = why.hazard.expect("something is at risk");
        assert!(!why.verdict.is_empty() && !hazard.title.is_empty() && why.ways.iter().all(|way| !way.note.is_empty()));
        [why.verdict.plain(), hazard.title, hazard.words.plain()].join(" ")
    };
    let before = told(&playground);
    playground.type_line("kubectl delete pod web-1 --grace-period=0 --force", LANG);
    let after = told(&playground);
    assert!(before != after && before.contains("web-1") && after.contains(&node), "{before} | {after}");
}

#[test]
fn a_set_of_more_ordinals_than_are_drawn_says_so() {
    let mut playground = started(EXAMPLE);
    settle(&mut playground);
    playground.type_line("kubectl scale statefulset web --replicas=6000", LANG);
    let told = |lang| cluster::project(&playground.snapshot(lang), Some(&web_name())).object.map(|object| object.ready);
    assert_eq!(told(LANG).as_deref(), Some("3 of 6000 Ready · the first 5000 are shown"));
    assert_eq!(told(Lang::Korean).as_deref(), Some("3 / 6000 Ready · 처음 5000개만 표시"));
}
