//! Applications with visible state, as the examples of the page have them. What their members do is tested in tests/applications.

use super::Visit;
use ordinal::playground::examples::Example;

fn begun(example: Example) -> Visit {
    let mut visit = Visit::with(example.manifest());
    visit.run_until_quiet();
    visit
}

fn leads(visit: &Visit) -> String {
    visit.application().verdict.plain()
}

fn counts(visit: &Visit) -> Vec<String> {
    visit.application().counts.into_iter().map(|(_, words)| words).collect()
}

#[test]
fn a_quorum_takes_writes_and_loses_its_leader() {
    let mut visit = begun(Example::Quorum);
    assert_eq!(leads(&visit), "etcd-2 leads: 3 of 3 members agree.");
    let minute = visit.application().entries.remove(1);
    assert_eq!((minute.label.as_str(), minute.line.as_str()), ("for 1 min", "playground write statefulset etcd 60"));
    visit.say(&minute.line);
    assert_eq!(counts(&visit), ["60 acknowledged"]);
    for node in ["etcd-1", "etcd-2"].map(|pod| visit.node_of(pod)) {
        visit.type_line(&format!("playground cut node {node}"));
    }
    visit.say("playground write statefulset etcd 3");
    assert_eq!(leads(&visit), "No quorum: 1 member reachable, 2 needed.");
    assert_eq!(counts(&visit), ["60 acknowledged", "3 refused"]);
}

#[test]
fn two_primaries_write_to_one_volume_and_what_they_wrote_is_shown() {
    let mut visit = begun(Example::Replicas);
    let meter = |visit: &Visit| visit.object().at_most_one.map(|(_, words)| words);
    assert_eq!((leads(&visit).as_str(), meter(&visit)), ("db-0 is the primary: 2 replicas follow.", None));
    let node = visit.node_of("db-0");
    visit.say(&format!("playground cut node {node}"));
    assert_eq!(leads(&visit), "There is no primary: db-0 is unreachable.");
    visit.say("kubectl delete pod db-0 --grace-period=0 --force");
    visit.say("playground write statefulset db 8");
    assert_eq!(leads(&visit), "Two processes accept writes, and db-0 is one of them.");
    assert_eq!(meter(&visit).as_deref(), Some("db-0 runs twice"));
    let written = visit.storage().rows.remove(0);
    let of_other = written.interleaved.iter().filter(|(writer, _)| *writer == 1).count();
    assert!(written.writers.len() == 2 && of_other >= 3, "{written:?}");
    visit.switch(&node);
    visit.run_until_quiet();
    assert_eq!(counts(&visit), ["16 acknowledged", "8 lost: acknowledged, but no leader holds them"]);
    assert_eq!(meter(&visit), None, "a promise that is kept is not told");
}

#[test]
fn a_mounted_start_script_makes_its_database_ready_and_what_is_not_followed_is_said() {
    let scripts = include_str!("../applications/scripts.yaml");
    let mut visit = Visit::with(scripts);
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ["pg-0 1/1 Ready", "pg-1 1/1 Ready", "pg-2 1/1 Ready"]);
    assert_eq!(visit.verdict(), "pg is up to date.");
    let mut visit = Visit::with(&scripts.replace("exec docker-entrypoint.sh postgres", "exec /opt/team/serve"));
    visit.run_until_quiet();
    visit.pick("pg-0");
    assert_eq!(visit.verdict(), "pg-0 is Ready.");
    let paragraph = visit.why().paragraph.plain();
    assert!(paragraph.contains("How postgres:16 handles requests is not simulated"), "{paragraph}");
}
