//! Updates: revisions, the partition, a broken image and the way back.

use super::Visit;

/// The revision and the paint of each pod, by column: `r2 diagonal`.
fn revisions(visit: &Visit) -> Vec<String> {
    visit.tiles().iter().map(|(_, tile)| format!("{} {}", tile.revision, tile.paint.word())).collect()
}

/// The example after the Commands menu has held its updates, and rolled one out.
fn held() -> Visit {
    let mut visit = Visit::quiet();
    visit.command("Hold updates with a partition");
    visit.command("Roll out nginx:1.28");
    visit.run_until_quiet();
    visit
}

#[test]
fn a_tile_names_its_revision_where_there_are_several_and_the_default_partition_has_no_line() {
    let mut visit = Visit::quiet();
    assert_eq!(revisions(&visit), [" solid", " solid", " solid"]);
    assert_eq!(visit.object().revisions[0].label, "");
    visit.command("Roll out nginx:1.28");
    visit.step_until(|visit| revisions(visit).contains(&"r2 diagonal".to_owned()));
    assert_eq!(revisions(&visit), ["r1 solid", "r1 solid", "r2 diagonal"]);
    assert_eq!(visit.cluster().partition, None);
}

#[test]
fn a_partition_holds_an_update_and_the_line_is_moved() {
    let mut visit = held();
    visit.printed("$ kubectl set image statefulset/web nginx=nginx:1.28");
    assert_eq!(revisions(&visit), ["r1 solid", "r1 solid", "r2 diagonal"]);
    let object = visit.object();
    assert!(object.facts.contains(&("partition", "2".to_owned())), "{:?}", object.facts);
    let legend: Vec<String> =
        object.revisions.iter().map(|used| format!("{} {} {} {}", used.paint.word(), used.label, used.image, used.pods)).collect();
    assert_eq!(legend, ["solid r1 nginx:1.27 ×2", "diagonal r2 nginx:1.28 ×1"]);
    visit.pick("web-1");
    assert_eq!(visit.verdict(), "web-1 keeps revision r1.");
    assert_eq!(visit.why().decided_by, "spec.updateStrategy.rollingUpdate.partition");
    let line = visit.cluster().partition.expect("the update is held");
    assert_eq!((line.value, line.spoken.as_str()), (2, "partition 2: web-2 and up are updated"));
    visit.say(&line.command(1));
    let line = r#"$ kubectl patch statefulset web -p '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":1}}}}'"#;
    visit.printed(line);
    assert_eq!(revisions(&visit), ["r1 solid", "r2 diagonal", "r2 diagonal"]);
    let line = visit.cluster().partition.expect("the update is held");
    assert_eq!(line.value, 1);
    visit.say(&line.command(0));
    assert_eq!(revisions(&visit), ["r2 diagonal", "r2 diagonal", "r2 diagonal"]);
    assert_eq!(visit.cluster().partition, None, "an update that is done needs no line");
}

#[test]
fn a_broken_rollout_is_undone_and_its_pod_has_to_be_deleted() {
    let mut visit = Visit::quiet();
    visit.command("Roll out an image that cannot be pulled");
    visit.step_until(|visit| visit.pods().iter().any(|pod| pod == "web-2 0/1 ErrImagePull"));
    visit.command("Undo the last rollout");
    visit.pass(5);
    visit.pick("web-2");
    assert_eq!(visit.verdict(), "web-2 does not start: its image cannot be pulled.");
    assert_eq!(
        visit.why().paragraph.plain(),
        "A newer revision exists, but it will not reach web-2: with OrderedReady, the controller replaces no pod until web-2 is Ready."
    );
    assert_eq!(visit.why().ends_when.plain(), "you delete web-2");
    assert_eq!(visit.ways(), ["Delete web-2: kubectl delete pod web-2"]);
    visit.take_way("Delete web-2");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    assert_eq!(revisions(&visit), ["r3 crossed", "r3 crossed", "r3 crossed"]);
}
