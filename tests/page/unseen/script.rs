//! Unseen manifests: start scripts that are mounted, or written by an init container.

use super::{come_up, created, first, has, has_none};
use crate::page::Visit;
use ordinal::base::time::Span;
use ordinal::causes::pod::PodState;

const SESSIONS: &str = include_str!("../manifests/unseen/script-1.yaml");
const TRACKER: &str = include_str!("../manifests/unseen/script-2.yaml");

const ALL_SESSIONS: [&str; 3] = ["sessions-0 1/1 Ready", "sessions-1 1/1 Ready", "sessions-2 1/1 Ready"];
const ALL_TRACKERS: [&str; 3] = ["tracker-mongo-0 1/1 Ready", "tracker-mongo-1 1/1 Ready", "tracker-mongo-2 1/1 Ready"];

/// The command of process 1 in a container.
fn process_1(visit: &mut Visit, pod: &str) -> String {
    let answer = visit.shows(&format!("kubectl exec {pod} -- ps"));
    let line = answer.lines().find(|line| line.split_whitespace().next() == Some("1"));
    line.unwrap_or_else(|| panic!("{pod} has no process 1:\n{answer}")).trim().to_owned()
}

#[test]
fn scripts_of_a_secret_make_three_redis_ready_one_after_the_other() {
    let visit = come_up(SESSIONS);
    assert_eq!(visit.pods(), ALL_SESSIONS);
    for [before, after] in [["sessions-0", "sessions-1"], ["sessions-1", "sessions-2"]] {
        assert!(first(&visit, before, PodState::Ready) <= created(&visit, after), "{after} waits for {before}");
    }
    let claims: Vec<String> = visit.storage().rows.into_iter().map(|row| row.claim).collect();
    assert_eq!(claims, ["data-sessions-0", "data-sessions-1", "data-sessions-2"]);
}

#[test]
fn no_probe_of_a_mounted_script_fails_for_good() {
    let mut visit = come_up(SESSIONS);
    has_none(&visit.verdict(), &["probe", "not Ready", "does not"]);
    for pod in ["sessions-0", "sessions-1", "sessions-2"] {
        visit.pick(pod);
        has_none(&visit.verdict(), &["probe", "not Ready", "does not"]);
    }
    let answer = visit.shows("kubectl exec sessions-2 -- sh /boot/ready.sh; echo code $?");
    has(&answer, &["code 0"]);
    has_none(&answer, &["got:"]);
}

#[test]
fn the_program_that_a_mounted_script_executes_is_process_1() {
    let mut visit = come_up(SESSIONS);
    for pod in ["sessions-0", "sessions-1", "sessions-2"] {
        let process = process_1(&mut visit, pod);
        has(&process, &["redis-server"]);
        has_none(&process, &["/boot/run.sh"]);
    }
}

#[test]
fn the_branch_of_the_mounted_script_is_told_by_the_log() {
    let mut visit = come_up(SESSIONS);
    let logs = ["sessions-0", "sessions-1", "sessions-2"].map(|pod| visit.shows(&format!("kubectl logs {pod}")));
    assert!(logs[0].starts_with("starting as primary\n"), "{}", logs[0]);
    for log in &logs[1..] {
        assert!(log.starts_with("starting as replica of sessions-0.sessions-hl\n"), "{log}");
    }
    logs.iter().for_each(|log| has(log, &["Ready to accept connections"]));
}

#[test]
fn the_arguments_that_the_script_puts_together_make_a_primary_and_its_replicas() {
    let mut visit = come_up(SESSIONS);
    has(&visit.shows("kubectl exec sessions-0 -- redis-cli -a s3ss10ns info replication"), &["role:master", "connected_slaves:2"]);
    for pod in ["sessions-1", "sessions-2"] {
        let answer = visit.shows(&format!("kubectl exec {pod} -- redis-cli -a s3ss10ns info replication"));
        has(&answer, &["role:slave", "master_host:sessions-0.sessions-hl"]);
    }
    has(&visit.shows("kubectl exec sessions-0 -- redis-cli ping"), &["NOAUTH Authentication required."]);
    let answer = visit.shows("kubectl exec sessions-1 -- redis-cli -a s3ss10ns set cart lamp");
    has(&answer, &["READONLY You can't write against a read only replica."]);
}

#[test]
fn the_primary_comes_back_with_its_data_while_its_replicas_stay_ready() {
    let mut visit = come_up(SESSIONS);
    has(&visit.shows("kubectl exec sessions-0 -- redis-cli -a s3ss10ns set cart lamp"), &["OK"]);
    let (volume, before) = (visit.storage().rows.remove(0).volume, visit.flags().len());
    visit.say("kubectl delete pod sessions-0");
    assert_eq!(visit.pods(), ALL_SESSIONS);
    assert_eq!(visit.storage().rows.remove(0).volume, volume);
    has(&visit.shows("kubectl exec sessions-0 -- redis-cli -a s3ss10ns get cart"), &["lamp"]);
    let flags = visit.flags().split_off(before).join("\n");
    has_none(&flags, &["sessions-1 not Ready", "sessions-2 not Ready", "lost"]);
}

#[test]
fn a_script_that_an_init_container_wrote_makes_three_mongo_ready_at_once() {
    let visit = come_up(TRACKER);
    assert_eq!(visit.pods(), ALL_TRACKERS);
    let [zero, one, two] = ["tracker-mongo-0", "tracker-mongo-1", "tracker-mongo-2"].map(|pod| created(&visit, pod));
    assert!(zero.max(one).max(two).since(zero.min(one).min(two)) < Span::seconds(2), "Parallel: {zero:?} {one:?} {two:?}");
    assert!(two < first(&visit, "tracker-mongo-0", PodState::Ready));
}

#[test]
fn each_mongo_is_initialized_before_it_starts() {
    let mut visit = Visit::with(TRACKER);
    visit.step_until(|visit| visit.pods().iter().any(|pod| pod == "tracker-mongo-0 0/1 Init:0/1"));
    visit.run_until_quiet();
    assert_eq!(visit.pods(), ALL_TRACKERS);
}

#[test]
fn the_log_of_a_written_script_names_what_it_read_from_the_config_map() {
    let mut visit = come_up(TRACKER);
    for n in 0..3 {
        let log = visit.shows(&format!("kubectl logs tracker-mongo-{n} -c render"));
        assert_eq!(log.trim(), "rendered start.sh");
        let log = visit.shows(&format!("kubectl logs tracker-mongo-{n}"));
        let start = log.lines().find(|line| !line.starts_with("Defaulted container"));
        assert_eq!(start, Some(format!("member tracker-mongo-{n} of rs0").as_str()), "{log}");
        has(&log, &["Waiting for connections"]);
    }
}

#[test]
fn a_replica_set_that_nobody_initiates_answers_pings_and_has_no_primary() {
    let mut visit = come_up(TRACKER);
    let answer = visit.shows("kubectl exec tracker-mongo-0 -- mongosh --quiet --eval 'rs.status()'");
    has(&answer, &["no replset config has been received", "command terminated with exit code"]);
    assert_ne!(visit.run.present().status(), Some(0));
    let ping = "kubectl exec tracker-mongo-0 -- mongosh --quiet --eval 'quit(db.adminCommand({ping: 1}).ok ? 0 : 2)'; echo code $?";
    has(&visit.shows(ping), &["code 0"]);
    has_none(&visit.application().verdict.plain(), &["is the primary", "leads"]);
    assert!(visit.tiles().iter().all(|(_, tile)| tile.role.is_empty()), "{:?}", visit.tiles());
}

#[test]
fn the_claim_of_a_deleted_mongo_is_kept_and_its_script_is_written_again() {
    let mut visit = come_up(TRACKER);
    visit.shows("kubectl exec tracker-mongo-1 -- sh -c 'echo kept > /data/db/mine; echo note > /work/mine'");
    let volume = visit.storage().rows.remove(1).volume;
    visit.say("kubectl delete pod tracker-mongo-1");
    assert_eq!(visit.pods(), ALL_TRACKERS);
    let row = visit.storage().rows.remove(1);
    assert_eq!((row.claim.as_str(), row.volume), ("dbpath-tracker-mongo-1", volume));
    has(&visit.shows("kubectl exec tracker-mongo-1 -c mongod -- cat /data/db/mine"), &["kept"]);
    let files = visit.shows("kubectl exec tracker-mongo-1 -c mongod -- ls /work");
    has(&files, &["start.sh"]);
    has_none(&files, &["mine"]);
    has(&visit.shows("kubectl logs tracker-mongo-1 -c render"), &["rendered start.sh"]);
}
