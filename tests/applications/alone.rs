//! Databases that nothing in their manifest makes replicate: each pod has data of its own, which stays with its volume.

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::text::Lang;
use ordinal::view::application;
use ordinal::view::why::{Question, answer};

use super::Story;

/// A set of three with a volume each; `more` are further fields of its container.
pub fn plain(image: &str, folder: &str, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: db}}\nspec: {{clusterIP: None, selector: {{app: db}}, ports: [{{port: 80}}]}}\n---\n\
         apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: db}}\nspec:\n  serviceName: db\n  replicas: 3\n  \
         selector: {{matchLabels: {{app: db}}}}\n  template:\n    metadata: {{labels: {{app: db}}}}\n    spec:\n      containers:\n      \
         - name: db\n        image: {image}\n        volumeMounts: [{{name: data, mountPath: {folder}}}]\n{more}  \
         volumeClaimTemplates:\n  - metadata: {{name: data}}\n    spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
    )
}

/// MySQL's password, as such a field.
pub const PASSWORD: &str = "        env: [{name: MYSQL_ROOT_PASSWORD, value: secret}]\n";

#[test]
fn a_plain_redis_keeps_what_is_its_own_and_nobody_elses() {
    let mut story = Story::begin(&plain("redis:7-alpine", "/data", ""), "db");
    assert_eq!(story.roles(), ["db-0 Single 0", "db-1 Single 0", "db-2 Single 0"]);
    assert_eq!(story.say("kubectl exec db-1 -- redis-cli set whoami db-1"), "OK");
    assert_eq!(story.say("kubectl exec db-1 -- redis-cli role").lines().next(), Some("master"));
    assert_eq!(story.say("kubectl exec db-0 -- redis-cli get whoami"), "");
    story.say("kubectl delete pod db-1");
    story.pass(30);
    assert_eq!(story.say("kubectl exec db-1 -- redis-cli get whoami"), "db-1", "its volume kept it");
    story.write(3);
    assert_eq!(story.roles(), ["db-0 Single 1", "db-1 Single 2", "db-2 Single 1"], "writes go round, after the one that was typed");
    assert_eq!(story.writes(), (4, 0, Some(0)));
    story.say("kubectl delete pvc data-db-1 --wait=false");
    story.say("kubectl delete pod db-1");
    story.pass(60);
    assert_eq!(story.writes(), (4, 0, Some(2)), "no other has a copy");
}

#[test]
fn a_plain_mysql_takes_writes_in_every_pod() {
    let mut story = Story::begin(&plain("mysql:8.4", "/var/lib/mysql", PASSWORD), "db");
    assert_eq!(story.say("kubectl exec db-2 -- mysql -e 'CREATE TABLE a.b (c INT)'"), "");
    assert!(story.say("kubectl exec db-0 -- mysql -e 'SELECT * FROM a.b'").contains("doesn't exist"));
}

#[test]
fn what_a_manifest_says_makes_it_replicate() {
    let env = |name: &str| format!("        env: [{{name: {name}, value: db-0.db}}, {{name: MYSQL_ROOT_PASSWORD, value: a}}]\n");
    let args = |text: &str| format!("        args: [sh, -c, {text:?}]\n");
    for (image, folder, more, replicates) in [
        ("redis:7", "/data", "        args: [redis-server, --appendonly, 'yes']\n".to_owned(), false),
        ("redis:7", "/data", args("[ $HOSTNAME = db-0 ] || S='--slaveof db-0.db 6379'; redis-server $S"), true),
        ("redis:7", "/data", args("# replicaof is not wanted here\nredis-server"), false),
        ("bitnami/redis:7", "/bitnami", env("REDIS_REPLICATION_MODE"), true),
        ("bitnami/mysql:8", "/bitnami", env("MYSQL_MASTER_HOST"), true),
        ("mysql:8", "/var/lib/mysql", env("MYSQL_DATABASE"), false),
    ] {
        let story = Story::begin(&plain(image, folder, &more), "db");
        let want = if replicates {
            ["db-0 Primary 0", "db-1 Replica 0", "db-2 Replica 0"]
        } else {
            ["db-0 Single 0", "db-1 Single 0", "db-2 Single 0"]
        };
        assert_eq!(story.roles(), want, "{image} {more}");
    }
}

#[test]
fn a_mounted_file_makes_it_replicate_unless_it_is_commented_out() {
    for (line, role) in [("replicaof db-0.db 6379", "db-1 Replica 0"), ("# replicaof <host> <port>", "db-1 Single 0")] {
        let conf = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf}}\ndata:\n  redis.conf: |\n    {line}\n---\n");
        let mount =
            plain("redis:7", "/data", "        args: [/etc/redis/redis.conf]\n      volumes: [{name: conf, configMap: {name: conf}}]\n")
                .replace("volumeMounts: [", "volumeMounts: [{name: conf, mountPath: /etc/redis}, ")
                .replace("args: [/", "args: [redis-server, /");
        let story = Story::begin(&(conf + &mount), "db");
        assert_eq!(story.roles()[1], role, "{line}");
    }
}

#[test]
fn the_pane_says_that_nothing_replicates() {
    let story = Story::begin(&plain("redis:7", "/data", ""), "db");
    let pane = |lang| application::project(&story.playground.snapshot(lang), Some(&story.set));
    assert_eq!(pane(Lang::English).verdict.plain(), "3 processes accept writes, each into data of its own.");
    assert!(pane(Lang::English).paragraph.plain().contains("it copies no data"));
    assert!(pane(Lang::English).rows.iter().all(|row| row.role == "own data"));
    assert!(pane(Lang::Korean).verdict.plain().contains("저마다 자기 데이터"));
    assert!(story.playground.timeline().moments().iter().all(|moment| !moment.label(Lang::English.text()).contains("leader")));
}

#[test]
fn a_database_without_a_password_does_not_start_until_it_has_one() {
    for (image, said, variable) in [
        ("mysql:8.4", "Database is uninitialized and password option is not specified", "MYSQL_ROOT_PASSWORD"),
        ("docker.io/library/mariadb:11", "You need to specify one of MARIADB_ROOT_PASSWORD", "MARIADB_ROOT_PASSWORD"),
        ("postgres:16", "Error: Database is uninitialized and superuser password is not specified.", "POSTGRES_PASSWORD"),
    ] {
        let mut story = Story::begin(&plain(image, "/data", "").replace("replicas: 3", "replicas: 1"), "db");
        let pods = story.say("kubectl get pods");
        assert!(pods.contains("Error") || pods.contains("CrashLoopBackOff"), "{image}: {pods}");
        let log = story.say("kubectl logs db-0");
        assert!(log.contains(said), "{image}: {log}");
        let key = ObjectKey::new(Kind::Pod, &"default".into(), &"db-0".into());
        let why = answer(&story.playground.snapshot(Lang::English), &Question::Object(key));
        let way = why.ways.iter().find(|way| way.entry.label == format!("Set {variable} and delete db-0")).expect("a way out");
        story.say(&way.entry.line);
        story.pass(30);
        assert!(story.say("kubectl get pods").contains("1/1"), "{image}");
    }
}

#[test]
fn a_password_is_not_asked_for_where_it_is_not_missing() {
    let env = |name: &str| format!("        env: [{{name: {name}, value: '1'}}]\n");
    for (image, more) in [
        ("mysql:5.7", env("MYSQL_ALLOW_EMPTY_PASSWORD")),
        ("mariadb:11", env("MYSQL_ROOT_PASSWORD_FILE")),
        ("postgres:16", env("POSTGRES_HOST_AUTH_METHOD")),
        ("example.org/mine/postgres:16", String::new()),
        ("bitnami/mysql:8", String::new()),
        ("redis:7", String::new()),
    ] {
        let mut story = Story::begin(&plain(image, "/data", &more), "db");
        assert!(story.say("kubectl get pods").contains("1/1"), "{image}");
    }
    // Whoever has a database is asked no more.
    let mut story = Story::begin(&plain("mysql:8", "/var/lib/mysql", PASSWORD), "db");
    story.say(r#"kubectl patch statefulset db --type=json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/env"}]'"#);
    story.pass(120);
    assert!(story.say("kubectl get pods").matches("1/1").count() == 3);
}
