//! What the page shows of such applications: the pane, the roles on tiles, the at-most-one meter, the writers of a volume.

use ordinal::api::object::NamespacedName;
use ordinal::text::Lang;
use ordinal::view::application::{self, Application};
use ordinal::view::cluster::{self, Cluster};
use ordinal::view::{storage, why};

use super::{Story, quorum, replicas};

fn pane(story: &Story, lang: Lang) -> Application {
    application::project(&story.playground.snapshot(lang), Some(&story.set))
}

fn verdict(story: &Story) -> String {
    pane(story, Lang::English).verdict.plain()
}

/// What the Why pane says of the set.
fn at_first_sight(story: &Story) -> String {
    why::project(&story.playground.snapshot(Lang::English), Some(&story.set), None, None).verdict.plain()
}

/// `db-0 primary 3 writes`: a row per process.
fn rows(story: &Story) -> Vec<String> {
    pane(story, Lang::English).rows.iter().map(|row| format!("{} {} {}", row.pod, row.role, row.holds)).collect()
}

fn counts(story: &Story) -> Vec<String> {
    pane(story, Lang::English).counts.into_iter().map(|(_, words)| words).collect()
}

fn drawn(story: &Story) -> Cluster {
    cluster::project(&story.playground.snapshot(Lang::English), Some(&story.set))
}

/// What the header says of at most one process a name, where that is in doubt.
fn meter(story: &Story) -> Option<String> {
    drawn(story).object.expect("a set is shown").at_most_one.map(|(_, words)| words)
}

fn badges(story: &Story) -> Vec<String> {
    let mut badges: Vec<String> = drawn(story).pods.values().map(|tile| format!("{} {}", tile.identity.pod, tile.role)).collect();
    badges.sort();
    badges
}

#[test]
fn the_pane_says_who_leads_and_whether_there_is_a_quorum() {
    let mut story = quorum();
    assert_eq!(verdict(&story), "etcd-2 leads: 3 of 3 members agree.");
    story.write(2);
    assert_eq!(rows(&story), ["etcd-0 follower 2 writes", "etcd-1 follower 2 writes", "etcd-2 leader 2 writes"]);
    assert_eq!(badges(&story), ["etcd-0 follower", "etcd-1 follower", "etcd-2 leader"]);
    assert_eq!(counts(&story), ["2 acknowledged"]);
    let nodes = [story.node_of("etcd-1"), story.node_of("etcd-2")];
    story.say(&format!("playground cut node {}", nodes[1]));
    story.pass(2);
    assert_eq!(verdict(&story), "etcd-1 leads: 2 of 3 members agree.");
    assert_eq!(rows(&story)[2], "etcd-2 out of sight ?", "a cut looks like a machine that is off");
    story.say(&format!("playground stop node {}", nodes[0]));
    story.pass(2);
    assert_eq!(verdict(&story), "No quorum: 1 member reachable, 2 needed.");
    assert_eq!(at_first_sight(&story), "etcd is as declared, but has no quorum: 1 of 3.");
    story.write(1);
    assert_eq!(counts(&story), ["2 acknowledged", "1 refused"]);
    assert_eq!(badges(&story)[0], "etcd-0 no quorum");
    assert!(pane(&story, Lang::Korean).verdict.plain().starts_with("쿼럼을"));
}

#[test]
fn a_set_that_was_scaled_in_below_its_quorum_is_as_declared_and_not_up_to_date() {
    let mut story = quorum();
    assert_eq!(at_first_sight(&story), "etcd is up to date.");
    story.say("kubectl scale statefulset etcd --replicas=1");
    story.pass(120);
    assert_eq!(at_first_sight(&story), "etcd is as declared, but has no quorum: 1 of 3.");
}

#[test]
fn clients_are_told_to_write_and_to_stop_by_lines() {
    let mut story = quorum();
    let lines = |story: &Story| pane(story, Lang::English).entries.into_iter().map(|entry| entry.line).collect::<Vec<_>>();
    assert_eq!(lines(&story), [1, 60, 600].map(|n| format!("playground write statefulset etcd {n}")));
    story.say("playground write statefulset etcd 60");
    story.pass(5);
    assert_eq!(lines(&story), ["playground write statefulset etcd 0"]);
    story.say("playground write statefulset etcd 0");
    let (before, _, _) = story.writes();
    story.pass(30);
    assert_eq!(story.writes().0, before);
}

#[test]
fn two_primaries_are_told_and_what_each_wrote_to_the_volume() {
    let mut story = replicas();
    story.write(1);
    let node = story.node_of("db-0");
    story.say(&format!("playground cut node {node}"));
    story.pass(2);
    assert_eq!(verdict(&story), "There is no primary: db-0 is unreachable.");
    assert_eq!(at_first_sight(&story), "db is as declared, but has no primary.");
    assert_eq!(meter(&story), None);
    story.pass(360);
    story.say("kubectl delete pod db-0 --grace-period=0 --force");
    assert_eq!(meter(&story), Some("db-0 could run twice".to_owned()));
    story.pass(60);
    story.write(3);
    assert_eq!(meter(&story), Some("db-0 runs twice".to_owned()));
    assert_eq!(verdict(&story), "Two processes accept writes, and db-0 is one of them.");
    assert_eq!(badges(&story)[..2], ["db-0 primary", "db-0 primary"]);
    let shot = story.playground.snapshot(Lang::English);
    let row = storage::project(&shot, Some(&NamespacedName::of("default", "db"))).rows.remove(0);
    assert_eq!(row.writers.len(), 2, "{row:?}");
    let columns: Vec<usize> = row.interleaved.iter().map(|(writer, _)| *writer).collect();
    assert!(columns.ends_with(&[0, 1, 0, 1]) || columns.ends_with(&[1, 0, 1, 0]), "{columns:?}");
    story.say(&format!("playground start node {node}"));
    story.pass(30);
    assert_eq!(counts(&story).last().map(String::as_str), Some("3 lost: acknowledged, but no leader holds them"));
    assert_eq!(meter(&story), None);
}

#[test]
fn a_set_without_peers_has_no_such_pane() {
    let story = Story::begin(ordinal::playground::EXAMPLE, "web");
    assert_eq!(pane(&story, Lang::English), Application::default());
    assert!(badges(&story).iter().all(|badge| badge.ends_with(' ')));
}

#[test]
fn the_timeline_flags_who_leads() {
    let mut story = quorum();
    let node = story.node_of("etcd-2");
    story.say(&format!("playground stop node {node}"));
    story.pass(5);
    for (lang, of_leaders, told) in [
        (Lang::English, "leader", ["etcd-2 leader", "etcd: no leader", "etcd-1 leader"]),
        (Lang::Korean, "리더", ["etcd-2 리더", "etcd 리더 없음", "etcd-1 리더"]),
    ] {
        let labels = story.playground.timeline().moments().iter().map(|moment| moment.label(lang.text()));
        assert_eq!(labels.filter(|label| label.contains(of_leaders)).collect::<Vec<_>>(), told);
    }
}
