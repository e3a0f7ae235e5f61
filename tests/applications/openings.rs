//! What servers print when they begin, what their clients are let in to and end, and what a MongoDB answers that nobody initiated.

use super::Story;
use super::alone::{PASSWORD, plain};

/// One pod of an image, with data in this folder.
fn one(image: &str, folder: &str, more: &str) -> Story {
    Story::begin(&plain(image, folder, more).replace("replicas: 3", "replicas: 1"), "db")
}

/// Asserts that a log has these lines, in this order, by their ends; blank ones are left out.
#[track_caller]
fn ends_with(log: &str, want: &[&str]) {
    let lines: Vec<&str> = log.lines().filter(|line| !line.is_empty()).collect();
    let is_right = lines.len() == want.len() && lines.iter().zip(want).all(|(line, end)| line.ends_with(end));
    assert!(is_right, "{want:#?}\n{log}");
}

fn log_after_restart(story: &mut Story) -> String {
    story.say("kubectl delete pod db-0");
    story.pass(60);
    story.say("kubectl logs db-0")
}

#[test]
fn a_database_tells_its_first_start_from_every_other() {
    let postgres = "        env: [{name: POSTGRES_PASSWORD, value: a}]\n";
    let new = "PostgreSQL init process complete; ready for start up.";
    let old = "PostgreSQL Database directory appears to contain a database; Skipping initialization";
    let ready = "UTC [1] LOG:  database system is ready to accept connections";
    let mut story = one("postgres:17", "/var/lib/postgresql/data", postgres);
    ends_with(&story.say("kubectl logs db-0"), &[new, ready]);
    ends_with(&log_after_restart(&mut story), &[old, ready]);
    // Without a volume, a container that starts again finds nothing.
    let mut story = one("postgres:17", "/elsewhere", postgres);
    story.say("playground crash pod db-0");
    story.pass(30);
    ends_with(&story.say("kubectl logs db-0"), &[new, ready]);
    let ready = "0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.";
    let notes =
        ["[Note] [Entrypoint]: Initializing database files", "[Note] [Entrypoint]: MySQL init process done. Ready for start up.", ready];
    let mut story = one("mysql:8.4", "/var/lib/mysql", PASSWORD);
    ends_with(&story.say("kubectl logs db-0"), &notes);
    ends_with(&log_after_restart(&mut story), &[ready]);
    let log = one("mysql:8.0.36", "/var/lib/mysql", PASSWORD).say("kubectl logs db-0");
    assert!(log.ends_with("Version: '8.0.36'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL."), "{log}");
    let mut story = one("mariadb:11", "/var/lib/mysql", PASSWORD);
    ends_with(&log_after_restart(&mut story), &["0 [Note] mariadbd: ready for connections."]);
}

#[test]
fn what_may_have_been_written_before_is_not_told_as_a_first_start() {
    let more = "        env: [{name: POSTGRES_PASSWORD, value: a}]\n      initContainers: [{name: restore, image: team/restore, \
                volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]}]\n";
    let mut story = one("postgres:17", "/var/lib/postgresql/data", more);
    ends_with(&story.say("kubectl logs db-0 -c db"), &["LOG:  database system is ready to accept connections"]);
    // A server that logs to a file prints nothing, and one whose tag says that it is never ready does not say that it is.
    for (image, args) in [("redis:8", "redis-server, --logfile, /data/log"), ("redis:8-unready", "redis-server")] {
        assert_eq!(one(image, "/data", &format!("        args: [{args}]\n")).say("kubectl logs db-0"), "", "{image}");
    }
}

#[test]
fn a_redis_tells_what_it_loads_and_that_it_is_ready() {
    for (image, args, loads, ready) in [
        ("redis:7.4", "redis-server", "* DB loaded from disk: 0.000 seconds", "* Ready to accept connections tcp"),
        ("redis:6.2", "--appendonly, 'yes'", "* DB loaded from append only file: 0.000 seconds", "* Ready to accept connections"),
        ("valkey/valkey:8", "valkey-server", "* DB loaded from disk: 0.000 seconds", "* Ready to accept connections tcp"),
    ] {
        let mut story = one(image, "/data", &format!("        args: [{args}]\n"));
        ends_with(&story.say("kubectl logs db-0"), &[ready]);
        story.say("kubectl exec db-0 -- redis-cli set cart lamp");
        let log = log_after_restart(&mut story);
        ends_with(&log, &[loads, ready]);
        assert!(log.starts_with("1:M 01 Jan 2026 00:"), "{log}");
    }
}

#[test]
fn a_client_that_shuts_its_server_down_ends_the_container_with_0() {
    for (image, folder, more, line) in
        [("redis:8", "/data", "", "redis-cli shutdown"), ("mysql:8.4", "/var/lib/mysql", PASSWORD, "mysqladmin shutdown")]
    {
        let mut story = one(image, folder, more);
        story.say(&format!("kubectl exec db-0 -- {line}"));
        story.pass(30);
        for (field, want) in [("restartCount", "1"), ("lastState.terminated.exitCode", "0")] {
            let found = story.say(&format!("kubectl get pod db-0 -o jsonpath={{.status.containerStatuses[0].{field}}}"));
            assert_eq!(found, want, "{line}: {field}");
        }
    }
}

#[test]
fn a_redis_with_a_password_lets_nobody_in_without_it() {
    let more = "        args: [redis-server, --requirepass, $(PASS)]\n        env: [{name: PASS, value: s3cret}]\n";
    let mut story = one("redis:8", "/data", more);
    for (line, want) in [
        ("redis-cli ping", "NOAUTH Authentication required."),
        ("redis-cli -a s3cret --no-auth-warning ping", "PONG"),
        ("redis-cli -a other ping", "AUTH failed: WRONGPASS invalid username-password pair or user is disabled."),
        ("sh -c 'REDISCLI_AUTH=$PASS redis-cli ping'", "PONG"),
        ("sh -c 'export REDISCLI_AUTH=$PASS; redis-cli ping'", "PONG"),
    ] {
        let said = story.say(&format!("kubectl exec db-0 -- {line}"));
        assert!(said.contains(want) && (want != "PONG" || said == want), "{line}: {said}");
    }
}

#[test]
fn a_replica_tells_whom_its_configuration_file_names() {
    let conf = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  redis.conf: |\n    replicaof db-0.db 6379\n---\n";
    let mount = plain(
        "redis:8",
        "/data",
        "        args: [redis-server, /etc/redis/redis.conf]\n      volumes: [{name: conf, configMap: {name: conf}}]\n",
    )
    .replace("volumeMounts: [", "volumeMounts: [{name: conf, mountPath: /etc/redis}, ");
    let mut story = Story::begin(&(conf.to_owned() + &mount), "db");
    let said = story.say("kubectl exec db-1 -- redis-cli info replication");
    assert_eq!(said, "# Replication\nrole:slave\nmaster_host:db-0.db\nmaster_port:6379\nmaster_link_status:up");
}

#[test]
fn a_mongo_answers_until_somebody_may_have_initiated_it() {
    let args = "        args: [mongod, --replSet, rs0]\n";
    let ask = |story: &mut Story, script: &str| story.say(&format!("kubectl exec db-0 -c db -- mongosh --quiet --eval \"{script}\""));
    let mut story = one("mongo:8.0", "/data/db", args);
    ends_with(
        &story.say("kubectl logs db-0"),
        &["each works alone here.", "\"msg\":\"Waiting for connections\",\"attr\":{\"port\":27017,\"ssl\":\"off\"}}"],
    );
    for (script, want) in [
        ("db.adminCommand('ping')", "{ ok: 1 }"),
        ("db.runCommand({ ping: 1 }).ok", "1"),
        ("print(db.hello().isWritablePrimary)", "false"),
        ("rs.status().ok", "MongoServerError[NotYetInitialized]: no replset config has been received\ncommand terminated with exit code 1"),
        (
            "rs.initiate()",
            "ordinal: how the members of mongo find one another is not simulated: each works alone here.\n\
             command terminated with exit code 1",
        ),
        ("db.users.count()", "ordinal: mongosh is not simulated.\ncommand terminated with exit code 127"),
    ] {
        assert_eq!(ask(&mut story, script), want, "{script}");
    }
    let said = ask(&mut one("mongo:8.0", "/data/db", ""), "rs.status()");
    assert!(said.starts_with("MongoServerError[NoReplicationEnabled]: not running with --replSet"), "{said}");
    let sidecar = format!("{args}      - {{name: sidecar, image: team/mongo-sidecar}}\n");
    let said = ask(&mut one("mongo:8.0", "/data/db", &sidecar), "rs.status()");
    assert!(said.starts_with("ordinal: mongosh is not simulated."), "nobody knows what the sidecar did: {said}");
}

#[test]
fn of_an_image_that_nobody_knows_the_log_is_said_not_to_be_known() {
    let quiet = "ordinal: what team/bus:2 logs is not known here.";
    assert_eq!(one("team/bus:2", "/data", "").say("kubectl logs db-0"), quiet);
    assert_eq!(one("team/bus:2", "/data", "        args: [serve]\n").say("kubectl logs -l app=db"), quiet);
    // A script is followed, and what it prints is all that there is.
    for (script, log) in [("echo up; sleep infinity", "up"), ("sleep infinity", "")] {
        let more = format!("        command: [sh, -c, '{script}']\n");
        assert_eq!(one("team/bus:2", "/data", &more).say("kubectl logs db-0"), log, "{script}");
    }
}
