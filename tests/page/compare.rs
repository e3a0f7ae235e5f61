//! Side by side: a StatefulSet and a Deployment of one template, two variants of a manifest, two branches of time.

use super::Visit;
use crate::preset::Preset;
use ordinal::api::release::V1_38;
use ordinal::base::time::Time;
use ordinal::playground::history::History;
use ordinal::playground::{EXAMPLE, setup};
use ordinal::text::Lang;
use ordinal::view::both;
use ordinal::view::cluster::ColumnKey;
use ordinal::view::compare::Table;

/// Asserts the headings of a comparison, and that it has these rows.
#[track_caller]
fn tells(table: Option<Table>, heads: [&str; 2], rows: &[[&str; 3]]) {
    let table = table.expect("the two differ");
    assert_eq!(table.heads, heads);
    for row in rows {
        assert!(table.rows.iter().any(|found| found == row), "{row:?} is not in {:#?}", table.rows);
    }
}

fn names(table: &Table) -> Vec<&str> {
    table.rows.iter().map(|[name, ..]| name.as_str()).collect()
}

#[test]
fn a_deployment_of_the_same_template_is_told_apart_from_the_set() {
    let mut visit = Visit::quiet();
    visit.stand_beside();
    visit.run_until_quiet();
    visit.printed("deployment.apps/web created");
    assert_eq!(visit.pods().len(), 6);
    let heads = ["statefulset/web", "deployment/web"];
    let rows = [["Claims", "3, one each", "none"], ["Coming up", "one at a time", "3 at once"]];
    let table = visit.beside_deployment();
    assert_eq!(table.as_ref().map(|table| table.note.as_str()), Some("same template, emptyDir for claims"));
    tells(table, heads, &rows);
    visit.say("kubectl delete pod web-1");
    let told = ["Names", "Name in DNS", "Address", "Volume", "Data after replacement", "Time without a pod", "Coming up", "Claims"];
    let table = visit.beside_deployment();
    assert_eq!(names(table.as_ref().expect("the two differ")), told, "what somebody deletes is no property of the set");
    tells(table, heads, &[["Claims", "3, one each", "none"], ["Name in DNS", "web-1.nginx", "none: its pods have no ordinals"]]);
}

/// The cells of a row.
#[track_caller]
fn row(visit: &Visit, name: &str) -> [String; 2] {
    let table = visit.beside_deployment().expect("the two differ");
    let found = table.rows.iter().find(|[row, ..]| row == name).unwrap_or_else(|| panic!("{name} is not in {:#?}", table.rows));
    [found[1].clone(), found[2].clone()]
}

/// The example with a Deployment beside it, and each pod's name on its disk.
fn beside() -> Visit {
    let mut visit = Visit::quiet();
    visit.stand_beside();
    visit.run_until_quiet();
    let drawn = visit.cluster();
    let pods: Vec<String> = drawn.pods.values().map(|tile| tile.identity.pod.clone()).collect();
    for pod in pods {
        visit.say(&format!("kubectl exec {pod} -- sh -c 'echo {pod} > /data/name'"));
    }
    visit
}

/// A pod of the set and one of the Deployment on one node, and that.
fn pair(visit: &Visit) -> [String; 3] {
    let drawn = visit.cluster();
    let pods: Vec<(String, String)> =
        drawn.pods.values().map(|tile| (tile.identity.pod.clone(), visit.node_of(&tile.identity.pod))).collect();
    let is_own = |pod: &str| pod.len() == "web-0".len();
    let found = pods.iter().filter(|(pod, _)| is_own(pod)).find_map(|(pod, node)| {
        let other = pods.iter().find(|(other, there)| !is_own(other) && there == node)?;
        Some([pod.clone(), other.0.clone(), node.clone()])
    });
    found.expect("a node has one of each")
}

#[test]
fn what_a_replaced_pod_keeps_and_loses_is_told_for_both() {
    let mut visit = beside();
    let [own, other] = row(&visit, "Volume");
    assert!(own.starts_with("its own: pvc-"), "{own}");
    assert_eq!(other, "an emptyDir");
    let [pod, stranger, _] = pair(&visit);
    visit.say(&format!("kubectl delete pod {pod} {stranger} --wait=false"));
    let [own, other] = row(&visit, "Names");
    assert!(own == format!("same name: {pod}") && other.starts_with("new name: …-"), "{own} {other}");
    let content = |name: &str| if name.len() > 24 { format!("{} B", name.len() + 1) } else { format!("“{name}”") };
    assert_eq!(row(&visit, "Data after replacement"), [format!("kept: “{pod}”"), format!("lost: {}", content(&stranger))]);
    assert_eq!(row(&visit, "Name in DNS"), [format!("{pod}.nginx"), "none: its pods have no ordinals".to_owned()]);
    let [own, other] = row(&visit, "Volume");
    assert!(own.starts_with("the same: pvc-"), "{own}");
    assert_eq!(other, "a new emptyDir");
    // Both get another address: only the name stays.
    let [own, other] = row(&visit, "Address");
    assert!(own.starts_with("new: 10.244.") && other.starts_with("new: 10.244."), "{own} {other}");
    // The Deployment's new pod comes while the old one stops, the set's after it.
    let [own, other] = row(&visit, "Time without a pod");
    assert!(own.starts_with("0:0") && other.starts_with("0:0") && own > other, "{own} {other}");
    let table = visit.beside_deployment().expect("the two differ");
    assert!(!names(&table).contains(&"A lost pod"), "{table:#?}");
}

/// The example beside a Deployment, where one of the two has written something, once both have lost a pod; and the cells about data.
fn replaced_where_one_wrote(writes: impl Fn(&[String; 3]) -> String) -> (Visit, [String; 2]) {
    let mut visit = Visit::quiet();
    visit.stand_beside();
    visit.run_until_quiet();
    let pair = pair(&visit);
    visit.say(&format!("kubectl exec {} -- sh -c 'echo note > /data/name'", writes(&pair)));
    visit.say(&format!("kubectl delete pod {} {} --wait=false", pair[0], pair[1]));
    visit.run_until_quiet();
    let cells = row(&visit, "Data after replacement");
    (visit, cells)
}

#[test]
fn what_nobody_wrote_is_neither_kept_nor_lost() {
    assert_eq!(replaced_where_one_wrote(|pair| pair[0].clone()).1, ["kept: “note”", "nothing was written"]);
    let (mut visit, cells) = replaced_where_one_wrote(|pair| pair[1].clone());
    assert_eq!(cells, ["nothing was written", "lost: “note”"]);
    let node = pair(&visit)[2].clone();
    visit.switch(&node);
    visit.pass(70);
    let [own, _] = row(&visit, "Data after replacement");
    assert!(own.starts_with("nothing was written"), "{own}");
}

#[test]
fn a_lost_node_is_told_for_both_before_anything_is_replaced_and_after() {
    let mut visit = beside();
    let node = pair(&visit)[2].clone();
    visit.switch(&node);
    visit.pass(70);
    let lost = row(&visit, "A lost pod");
    assert!(lost.iter().all(|cell| cell.contains(" lost since 1:") && cell.ends_with(", not replaced")), "{lost:?}");
    visit.run_until_quiet();
    let [own, other] = row(&visit, "A lost pod");
    assert!(own.contains(" lost since 1:") && own.ends_with(", not replaced"), "{own}");
    assert!(other.starts_with("replaced after 5:"), "{other}");
    let [own, other] = row(&visit, "Time without a pod");
    assert!(own.starts_with("since 1:") && other.starts_with("5:"), "{own} {other}");
}

#[test]
fn what_happens_to_one_side_alone_says_so_on_the_other() {
    let mut visit = beside();
    visit.say("kubectl delete pod web-1");
    assert_eq!(row(&visit, "Data after replacement"), ["kept: “web-1”", "none replaced yet"]);
    let [own, other] = row(&visit, "Address");
    assert!(own.starts_with("new: 10.244.") && other == "none replaced yet", "{own} {other}");
}

#[test]
fn a_pod_whose_program_ends_at_once_has_neither_come_up_nor_been_lost() {
    let mut visit = Visit::of(History::new(&setup(), EXAMPLE, Lang::English));
    visit.type_line("playground image nginx:1.27 crash");
    visit.apply();
    visit.pass(60);
    visit.stand_beside();
    visit.pass(60);
    visit.type_line("kubectl delete pod web-0");
    visit.pass(60);
    let table = visit.beside_deployment().expect("the two differ");
    let rows = names(&table);
    assert!(!rows.contains(&"A lost pod") && !rows.contains(&"Missing at once (not by you)"), "{:#?}", table.rows);
    assert!(row(&visit, "Time without a pod")[0].starts_with("since "), "{:#?}", table.rows);
}

#[test]
fn two_strangers_are_told_to_have_different_templates() {
    let mut visit = Visit::quiet();
    visit.say("kubectl create deployment other --image=redis:7");
    assert_eq!(visit.beside_deployment().map(|table| table.note), Some("different pod templates".to_owned()));
}

#[test]
fn one_pod_at_a_time_and_all_at_once_come_up_beside_each_other() {
    let mut visit = Visit::quiet();
    visit.compare(Preset::Policy);
    assert_eq!((visit.clock().as_str(), visit.pods().len()), ("0:00.010", 0), "both begin anew");
    visit.run_until_quiet();
    let heads = ["1 · OrderedReady", "2 · Parallel"];
    tells(visit.compared(), heads, &[["Coming up", "one at a time", "3 at once"], ["All Ready at", "0:19", "0:06"]]);
    assert_eq!((visit.pods().len(), visit.beside().pods.len(), visit.beside().note.as_str()), (3, 3, "3 of 3 Ready"));
    visit.run.swap();
    assert!(visit.manifest().contains("podManagementPolicy: Parallel"));
    visit.scale(1);
    visit.run_until_quiet();
    assert_eq!((visit.pods().len(), visit.beside().pods.len()), (4, 4), "what is done is done on both");
}

#[test]
fn a_partition_holds_what_goes_through_beside() {
    let mut visit = Visit::new();
    visit.compare(Preset::Partition);
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["2 · partition: 2", "1 · partition: 0"],
        &[["Latest revision", "1 of 3", "3 of 3"], ["Replaced", "web-2", "web-2, web-1, web-0"]],
    );
}

/// What a comparison says of the releases.
fn rules(visit: &Visit) -> Vec<String> {
    let table = visit.compared().expect("the two differ");
    table.rules.into_iter().map(|told| told.words).collect()
}

#[test]
fn what_changed_between_two_releases_is_told_where_the_set_meets_it() {
    let range = EXAMPLE.replacen("partition: 0\n", "partition: 1\n      maxUnavailable: 67%\n", 1);
    let parallel = range.replace("OrderedReady", "Parallel");
    for (manifest, words) in [
        (range, &["`maxUnavailable` counts only pods from the partition up"][..]),
        (parallel, &["`maxUnavailable` counts only pods from the partition up", "a set with `Parallel` deletes surplus pods"]),
    ] {
        let mut visit = Visit::with(&manifest);
        visit.run_until_quiet();
        visit.compare(Preset::On(&V1_38));
        visit.run_until_quiet();
        let told = rules(&visit);
        assert_eq!(told.len(), words.len(), "{told:?}");
        for (told, words) in told.iter().zip(words) {
            assert!(told.starts_with(&format!("From Kubernetes 1.38, {words}")), "{told}");
        }
    }
}

#[test]
fn two_releases_differ_in_how_many_pods_an_update_takes_down() {
    let mut visit = Visit::new();
    visit.compare(Preset::Release);
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["2 · Kubernetes 1.37", "3 · Kubernetes 1.36"],
        &[
            ["Missing at once (not by you)", "2 at once", "one at a time"],
            ["spec.updateStrategy.rollingUpdate.maxUnavailable", "2, from the manifest", "dropped; the manifest says 2"],
        ],
    );
    assert_eq!(rules(&visit), ["From Kubernetes 1.37, `maxUnavailable` takes effect: an update takes down so many pods at once."]);
    assert_eq!(visit.run.branch().release.name, "1.37");
    visit.run.swap();
    assert_eq!(visit.run.branch().release.name, "1.36");
}

#[test]
fn a_manifest_is_edited_freely_beside_what_it_was() {
    let mut visit = Visit::quiet();
    visit.compare(Preset::Edit);
    assert_eq!((visit.beside().pods.len(), visit.compared()), (3, None), "nothing differs yet");
    visit.edit(&EXAMPLE.replace("replicas: 3", "replicas: 4"));
    visit.apply();
    visit.run_until_quiet();
    tells(
        visit.compared(),
        ["1 · replicas: 4", "2 · replicas: 3"],
        &[["Ready", "4 of 4", "3 of 3"], ["Claims", "4, one each", "3, one each"], ["web-3", "Ready", "—"]],
    );
}

#[test]
fn another_release_is_chosen_and_begins_again() {
    let mut visit = Visit::quiet();
    visit.choose_release("1.36");
    visit.run_until_quiet();
    visit.type_line("kubectl version");
    assert_eq!(visit.lines().last(), Some(&"Server Version: v1.36.3"));
    visit.restart();
    assert_eq!(visit.run.branch().release.name, "1.36");
}

#[test]
fn two_branches_are_told_apart_at_the_instant_shown() {
    let mut visit = Visit::quiet();
    visit.seek(Time(6000));
    visit.scale(1);
    visit.run_until_quiet();
    assert_eq!(visit.compared(), None, "nobody has asked to compare them");
    visit.run.put_beside(Some(1));
    tells(visit.compared(), ["branch 2", "branch 1"], &[["Ready", "4 of 4", "3 of 3"], ["web-3", "Ready", "—"]]);
}

#[test]
fn one_chooses_which_branch_stands_beside_which() {
    let mut visit = Visit::quiet();
    for instant in [6000, 7000] {
        visit.seek(Time(instant));
        visit.scale(1);
        visit.run_until_quiet();
    }
    for (beside, heads) in [(1, ["branch 3", "branch 1"]), (2, ["branch 3", "branch 2"])] {
        visit.run.put_beside(Some(beside));
        tells(visit.compared(), heads, &[]);
    }
    visit.run.put_beside(Some(1));
    visit.run.swap();
    tells(visit.compared(), ["branch 1", "branch 3"], &[]);
    assert_eq!(visit.pods().len(), 3);
}

#[test]
fn the_same_is_done_to_one_pod_of_each_or_to_a_node_that_has_both() {
    let mut visit = Visit::quiet();
    let entries = |visit: &Visit| both::entries(&visit.shot(), &visit.cluster());
    assert!(entries(&visit).is_empty(), "nothing is beside the set");
    visit.stand_beside();
    visit.run_until_quiet();
    // How many pods of each are not Ready.
    let away = |visit: &Visit| {
        [false, true].map(|beside| {
            let of = |(column, _): &&(ColumnKey, _)| (*column == ColumnKey::Side) == beside;
            visit.tiles().iter().filter(of).filter(|(_, tile)| tile.word != "Ready").count()
        })
    };
    for at in 0..2 {
        let entry = entries(&visit).swap_remove(at);
        assert_eq!(entry.line.lines().count(), 2, "{entry:?}");
        entry.line.lines().for_each(|line| visit.type_line(line));
        visit.pass(1);
        let [set, side] = away(&visit);
        assert!(set > 0 && side > 0, "{entry:?}: {:?}", visit.pods());
        visit.run_until_quiet();
        assert_eq!(away(&visit), [0, 0]);
    }
    let nodes = entries(&visit).split_off(2);
    for (entry, verb) in nodes.iter().zip(["playground stop node", "kubectl drain"]) {
        let mut visit = Visit::of(visit.run.clone());
        visit.type_line(&entry.line);
        visit.pass(if verb.contains("stop") { 60 } else { 1 });
        let [set, side] = away(&visit);
        assert!(entry.line.starts_with(verb) && set > 0 && side > 0, "{entry:?}: {:?}", visit.pods());
    }
    assert_eq!(nodes.len(), 2);
}
