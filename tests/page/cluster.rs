//! The actions on the cluster, each of which types its line, and what the panes show of them.

use super::Visit;
use ordinal::text::Hue;

const ALL_READY: [&str; 3] = ["web-0 1/1 Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"];

#[test]
fn a_set_scales_out_and_in_and_its_disks_stay() {
    let mut visit = Visit::quiet();
    visit.scale(1);
    visit.scale(1);
    visit.run_until_quiet();
    assert_eq!(visit.pods().len(), 5);
    visit.printed("$ kubectl scale statefulset web --replicas=5");
    visit.printed("statefulset.apps/web scaled");
    for _ in 0..3 {
        visit.scale(-1);
    }
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY[..2]);
    let drawn = visit.cluster();
    assert_eq!((drawn.disks.len(), drawn.columns.len()), (5, 5), "disks stay when their pods go, and so do their columns");
}

#[test]
fn a_deleted_pod_comes_back_under_its_name_and_is_another() {
    let mut visit = Visit::quiet();
    visit.pick("web-0");
    let before = visit.details().uid;
    visit.command("Delete web-0");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
    assert_ne!(visit.details().uid, before);
    visit.printed("pod \"web-0\" deleted from default namespace");
}

#[test]
fn an_unready_pod_is_told_in_every_pane() {
    let mut visit = Visit::quiet();
    visit.pick("web-0");
    visit.command("Make web-0 not Ready");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["web-0 0/1 Running, not Ready", "web-1 1/1 Ready", "web-2 1/1 Ready"]);
    assert_eq!(visit.object().ready, "2 of 3 Ready");
    assert_eq!(visit.names()[1], "web-0.nginx NXDOMAIN not Ready, so not published");
    assert_eq!(visit.verdict(), "web-0 is running, but not Ready.");
    visit.command("Make web-0 Ready again");
    visit.run_until_quiet();
    assert_eq!((visit.object().ready.as_str(), visit.pods()), ("3 of 3 Ready", ALL_READY.map(str::to_owned).to_vec()));
}

#[test]
fn an_image_that_breaks_is_mended_and_its_pod_has_to_be_deleted() {
    let mut visit = Visit::quiet();
    visit.command("Break the image");
    visit.command("Delete web-2");
    visit.step_until(|visit| visit.pods().iter().any(|pod| pod == "web-2 0/1 ErrImagePull"));
    // As in a real cluster, a fixed template does not repair a pod that never became Ready: somebody has to delete it.
    visit.command("Repair the image");
    visit.command("Delete web-2");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
}

#[test]
fn an_image_is_told_what_to_do_and_repaired() {
    let mut visit = Visit::quiet();
    visit.command("Image: crashes after each start");
    visit.printed("$ playground image nginx:1.27 crash");
    visit.command("Delete web-2");
    visit.step_until(|visit| visit.tiles().iter().any(|(_, tile)| tile.state.mark().1 == Hue::Danger));
    assert_eq!(visit.pods()[2], "web-2 0/1 Error");
    visit.command("Repair the image");
    visit.command("Delete web-2");
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_READY);
}

#[test]
fn an_empty_slot_is_asked_about_like_a_pod() {
    let mut visit = Visit::new();
    visit.step_until(|visit| visit.pods() == ["web-0 0/1 Running, not Ready"]);
    visit.pick("web-2");
    let why = visit.why();
    assert_eq!((why.subject.as_str(), why.verdict.plain().as_str()), ("web-2", "web-2 is not created."));
    assert_eq!((why.decided_by.as_str(), why.line), ("spec.podManagementPolicy", Some(17)));
}
