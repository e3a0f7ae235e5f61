//! Data of one major version under the image of another: in the cluster, in the terminal, and in the plan.

use ordinal::cluster::inside::Content;
use ordinal::intake::{Dump, World};

use super::Story;
use super::alone::{PASSWORD, plain};

const FOLDER: &str = "/var/lib/postgresql/data";
const VARIABLES: &str = "        env: [{name: POSTGRES_PASSWORD, value: a}, {name: PGDATA, value: /var/lib/postgresql/data/pgdata}]\n";

/// Who has no probe counts as Ready for the second in which the server ends.
const PROBE: &str = "        readinessProbe: {exec: {command: [pg_isready]}, periodSeconds: 1}\n";

/// Three PostgreSQLs of version 16, each with data of its own; none of them waits for another.
fn sixteen() -> Story {
    let manifest = plain("postgres:16", FOLDER, &format!("{VARIABLES}{PROBE}"))
        .replace("serviceName: db\n", "serviceName: db\n  podManagementPolicy: Parallel\n");
    Story::begin(&manifest, "db")
}

/// The pods with what `kubectl get` says of them.
fn pods(story: &mut Story) -> Vec<String> {
    let table = story.say("kubectl get pods --no-headers");
    table.lines().map(|line| line.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_rollout_to_a_major_that_does_not_read_the_data_stops_at_its_first_pod() {
    let mut story = sixteen();
    story.say("kubectl set image sts/db db=postgres:17");
    story.pass(100);
    let all = pods(&mut story);
    assert_eq!(all[..2], ["db-0 1/1 Running", "db-1 1/1 Running"]);
    assert!(all[2].starts_with("db-2 0/1 "), "{all:?}");
    let log = story.say("kubectl logs db-2");
    assert!(log.contains("FATAL:  database files are incompatible with server"), "{log}");
    assert!(log.contains("was initialized by PostgreSQL version 16, which is not compatible with this version 17."), "{log}");
}

#[test]
fn a_new_pod_has_a_new_disk_and_starts() {
    let mut story = sixteen();
    story.say("kubectl set image sts/db db=postgres:17 && kubectl scale sts/db --replicas 4");
    story.pass(100);
    assert_eq!(pods(&mut story)[3], "db-3 1/1 Running");
}

#[test]
fn what_takes_the_data_away_lets_the_image_start() {
    for line in ["kubectl delete pvc data-db-2 --wait=false", "kubectl set env sts/db PGDATA=/var/lib/postgresql/data/new"] {
        let mut story = sixteen();
        story.say(line);
        story.say("kubectl set image sts/db db=postgres:17");
        story.say("kubectl delete pod db-2");
        story.pass(100);
        assert_eq!(pods(&mut story)[2], "db-2 1/1 Running", "{line}");
    }
}

#[test]
fn a_patch_release_and_a_newer_mysql_read_what_is_there() {
    let mut story = sixteen();
    story.say("kubectl set image sts/db db=postgres:16.4");
    story.pass(100);
    assert_eq!(pods(&mut story), ["db-0 1/1 Running", "db-1 1/1 Running", "db-2 1/1 Running"]);
    for (from, to, ready) in [("mysql:8.0", "mysql:9.1", "1/1"), ("mysql:9.1", "mysql:8.0", "0/1")] {
        let mut story = Story::begin(&plain(from, "/var/lib/mysql", PASSWORD), "db");
        story.say(&format!("kubectl set image sts/db db={to}"));
        story.pass(100);
        assert!(pods(&mut story)[2].starts_with(&format!("db-2 {ready} ")), "{from} to {to}");
    }
}

#[test]
fn a_pod_that_a_dump_shows_ready_keeps_its_database() {
    let mut story = sixteen();
    let dump = story.say("kubectl get sts,pods,pvc,pv,nodes,sc,svc,controllerrevisions -A -o yaml");
    // As a plan reads a dump: a diagnosis drops the values of variables, and with them where the data are.
    let world = World::of(Dump::read_whole([&*dump]));
    let (tables, disks) = (world.sim.tables(), world.sim.disks());
    let held = tables.volumes().filter(|volume| Content::of(disks.disk(&volume.medium(""))) == Content::Database);
    assert_eq!(held.count(), 3, "{dump}");
}

#[test]
fn what_is_not_there_takes_nothing_away() {
    let mut story = sixteen();
    story.say("kubectl exec db-0 -- rm -f /var/lib/postgresql/data/nothing");
    assert_eq!(story.contents()[0], Content::Database);
    story.say("kubectl exec db-0 -- rm -rf /var/lib/postgresql/data/pgdata");
    assert_eq!(story.contents()[0], Content::Empty);
}

#[test]
fn a_disk_says_what_is_on_it() {
    let mut story = sixteen();
    assert_eq!(story.contents(), [Content::Database, Content::Database, Content::Database]);
    story.say("kubectl delete pvc data-db-2 --wait=false && kubectl delete pod db-2");
    story.pass(60);
    assert_eq!(story.lost(), [Content::Database]);
    let web = plain("nginx", "/data", "");
    let mut story = Story::begin(&web, "db");
    assert_eq!(story.contents(), [Content::Empty, Content::Empty, Content::Empty]);
    story.say("kubectl exec db-0 -- touch /data/ready && kubectl exec db-1 -- mkdir '/data/lost+found'");
    let [file, folder] = [Content::File("ready".to_owned()), Content::Folder("lost+found".to_owned())];
    assert_eq!(story.contents(), [file, folder, Content::Empty]);
}
