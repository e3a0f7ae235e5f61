//! Replicated applications: who leads, whether there is a quorum, and which writes are lost, as nodes fail and volumes are deleted.
//! Everything is typed, as a visitor would.

use std::rc::Rc;

use ordinal::api::object::{Claim, NamespacedName};
use ordinal::base::time::Time;
use ordinal::cluster::inside::Content;
use ordinal::cluster::inside::replicated::{Member, Role};
use ordinal::cluster::timing::Timing;
use ordinal::playground::Playground;
use ordinal::playground::examples::Example;
use ordinal::playground::history::{Act, History, link};
use ordinal::sim::Setup;
use ordinal::sim::setup::ClassSetup;
use ordinal::text::Lang;

mod alone;
mod images;
mod majors;
mod openings;
mod page;
mod scripts;
mod tools;
mod waits;

/// The page's cluster, with a manifest applied.
struct Story {
    playground: Playground,
    set: NamespacedName,
}

impl Story {
    fn begin(manifest: &str, set: &str) -> Story {
        let classes = vec![ClassSetup::local_path(), ClassSetup::network_disk()];
        let setup = Setup { timing: Timing::workstation(), classes, ..Setup::default() };
        let mut story = Story { playground: Playground::new(&setup, manifest), set: NamespacedName::of("default", set) };
        story.say("kubectl apply -f manifest.yaml");
        story.pass(120);
        story
    }

    /// Types a line; returns the terminal's output.
    fn say(&mut self, line: &str) -> String {
        let before = self.playground.terminal().lines().len();
        self.playground.type_line(line, Lang::English);
        self.playground.run(Time(self.playground.now().0 + 50), || true);
        let lines = self.playground.terminal().lines();
        lines[before..].iter().skip(1).map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    }

    /// Lets this many seconds pass.
    fn pass(&mut self, seconds: u64) {
        self.playground.run(Time(self.playground.now().0 + seconds * 1000), || true);
    }

    fn members(&self) -> impl Iterator<Item = &Member> {
        self.playground.sim().disks().replicated().members(&self.set)
    }

    /// `etcd-0 leader 3`: each member, its role, and how many writes it holds; by name, then by node.
    fn roles(&self) -> Vec<String> {
        let mut roles: Vec<String> = self.members().map(|m| format!("{} {:?} {}", m.place().pod, m.role(), m.log().len())).collect();
        roles.sort();
        roles
    }

    fn leader(&self) -> Option<String> {
        self.members().find(|m| m.role().leads()).map(|m| m.place().pod.to_string())
    }

    /// Acknowledged writes, refused writes, and acknowledged ones that no leading member holds.
    fn writes(&self) -> (usize, u32, Option<usize>) {
        let all = self.playground.sim().disks().replicated();
        let (kept, refused) = all.ledger(&self.set).map_or((0, 0), |l| (l.acknowledged.len(), l.refused));
        (kept, refused, all.lost(&self.set))
    }

    /// Lets a client make `count` writes, and waits for as long as that takes.
    fn write(&mut self, count: u32) {
        self.say(&format!("playground write statefulset {} {count}", self.set.name));
        self.pass(u64::from(count) + 1);
    }

    /// What is on the volumes of the set's claims, by the claims' names.
    fn contents(&self) -> Vec<Content> {
        let (tables, disks) = (self.playground.tables(), self.playground.sim().disks());
        let mut claims: Vec<_> = tables.claims().filter(|claim| claim.meta.namespace == self.set.namespace).collect();
        claims.sort_by(|a, b| a.meta.name.cmp(&b.meta.name));
        let volume_of = |claim: &Claim| Rc::clone(tables.volume("", &claim.spec.volume).expect("it is bound"));
        claims.iter().map(|claim| Content::of(disks.disk(&volume_of(claim).medium("")))).collect()
    }

    /// What was lost, in order.
    fn lost(&self) -> Vec<Content> {
        self.playground.sim().disks().losses().after(0).iter().map(|lost| lost.content.clone()).collect()
    }

    fn node_of(&self, pod: &str) -> String {
        let pod = self.playground.tables().pod("default", pod).expect("it is there");
        pod.node.as_ref().expect("it has a node").to_string()
    }
}

fn quorum() -> Story {
    Story::begin(Example::Quorum.manifest(), "etcd")
}

fn replicas() -> Story {
    Story::begin(Example::Replicas.manifest(), "db")
}

#[test]
fn whoever_holds_most_leads_and_every_member_keeps_what_is_acknowledged() {
    let mut story = quorum();
    assert_eq!(story.leader().as_deref(), Some("etcd-2"), "{:?}", story.roles());
    story.write(5);
    assert_eq!(story.roles(), ["etcd-0 Follower 5", "etcd-1 Follower 5", "etcd-2 Leader 5"]);
    assert_eq!(story.writes(), (5, 0, Some(0)));
    story.say("kubectl delete pod etcd-2");
    story.pass(30);
    assert_eq!(story.roles(), ["etcd-0 Follower 5", "etcd-1 Leader 5", "etcd-2 Follower 5"], "its volume kept what it had");
    story.write(2);
    assert_eq!(story.writes(), (7, 0, Some(0)));
}

#[test]
fn one_of_three_has_no_quorum_and_refuses_writes_until_another_is_back() {
    for fault in ["stop", "cut"] {
        let mut story = quorum();
        story.write(3);
        let nodes = [story.node_of("etcd-1"), story.node_of("etcd-2")];
        for node in &nodes {
            story.say(&format!("playground {fault} node {node}"));
        }
        story.pass(2);
        assert_eq!(story.leader(), None, "{fault}: {:?}", story.roles());
        story.write(2);
        assert_eq!(story.writes(), (3, 2, None), "{fault}");
        story.say(&format!("playground start node {}", nodes[0]));
        story.pass(30);
        assert!(story.leader().is_some(), "{fault}: {:?}", story.roles());
        story.write(1);
        assert_eq!(story.writes(), (4, 2, Some(0)), "{fault}");
        story.say(&format!("playground start node {}", nodes[1]));
        story.pass(30);
        assert!(story.roles().iter().all(|role| role.ends_with(" 4")), "{fault}: {:?}", story.roles());
    }
}

#[test]
fn a_leader_cut_off_steps_down_and_the_others_choose_another() {
    let mut story = quorum();
    story.write(2);
    let node = story.node_of("etcd-2");
    story.say(&format!("playground cut node {node}"));
    story.pass(2);
    assert_eq!(story.roles(), ["etcd-0 Follower 2", "etcd-1 Leader 2", "etcd-2 Alone 2"]);
    story.write(3);
    assert_eq!(story.roles(), ["etcd-0 Follower 5", "etcd-1 Leader 5", "etcd-2 Alone 2"]);
    story.say(&format!("playground start node {node}"));
    story.pass(30);
    assert_eq!(story.roles(), ["etcd-0 Follower 5", "etcd-1 Leader 5", "etcd-2 Follower 5"]);
    assert_eq!(story.writes(), (5, 0, Some(0)));
}

#[test]
fn two_members_without_their_volumes_outvote_the_one_that_remembers() {
    let mut story = quorum();
    story.write(4);
    let node = story.node_of("etcd-0");
    story.say(&format!("playground stop node {node}"));
    story.say("kubectl delete pvc data-etcd-1 data-etcd-2 --wait=false");
    story.say("kubectl delete pod etcd-1 etcd-2");
    story.pass(60);
    assert_eq!(story.writes(), (4, 0, Some(4)), "{:?}", story.roles());
    story.write(1);
    story.say(&format!("playground start node {node}"));
    story.pass(60);
    assert!(story.roles().iter().all(|role| role.ends_with(" 1")), "{:?}", story.roles());
    assert_eq!(story.writes(), (5, 0, Some(4)), "what it remembered is gone for good");
}

#[test]
fn a_volume_that_is_lost_is_copied_from_the_others() {
    let mut story = quorum();
    story.write(4);
    story.say("kubectl delete pvc data-etcd-1 --wait=false");
    story.say("kubectl delete pod etcd-1");
    story.pass(60);
    assert!(story.roles().iter().all(|role| role.ends_with(" 4")), "{:?}", story.roles());
    assert_eq!(story.writes(), (4, 0, Some(0)));
}

#[test]
fn members_that_no_name_leads_to_never_meet() {
    let lonely = Example::Quorum.manifest().replace("serviceName: etcd", "serviceName: nothing");
    let story = Story::begin(&lonely, "etcd");
    assert_eq!(story.roles(), ["etcd-0 Alone 0", "etcd-1 Alone 0", "etcd-2 Alone 0"]);
}

#[test]
fn ordinal_0_is_the_primary_and_the_others_copy_it() {
    let mut story = replicas();
    story.write(3);
    assert_eq!(story.roles(), ["db-0 Primary 3", "db-1 Replica 3", "db-2 Replica 3"]);
    story.say("kubectl scale statefulset db --replicas=4");
    story.pass(30);
    assert_eq!(story.roles()[3], "db-3 Replica 3");
    story.say("kubectl delete pod db-0");
    story.pass(1);
    story.write(2);
    let (kept, refused, _) = story.writes();
    assert!(refused > 0 && kept + refused as usize == 5, "while ordinal 0 is away nobody takes writes: {kept}, {refused}");
    story.pass(30);
    assert_eq!(story.leader().as_deref(), Some("db-0"));
    assert_eq!(story.writes().2, Some(0));
}

#[test]
fn an_empty_primary_empties_its_replicas_where_they_start_anew_and_stops_them_where_they_do_not() {
    let mysql = Example::Replicas.manifest().replace("redis:7.4", "mysql:8.4").replace("redis-server", "mysqld");
    let mysql = mysql.replace("mountPath: /data", "mountPath: /var/lib/mysql");
    for (manifest, want) in [
        (Example::Replicas.manifest(), ["db-0 Primary 0", "db-1 Replica 0", "db-2 Replica 0"]),
        (&mysql, ["db-0 Primary 0", "db-1 Diverged 4", "db-2 Diverged 4"]),
    ] {
        let mut story = Story::begin(manifest, "db");
        story.write(4);
        story.say("kubectl delete pvc data-db-0 --wait=false");
        story.say("kubectl delete pod db-0");
        story.pass(60);
        assert_eq!(story.roles(), want);
        assert_eq!(story.writes(), (4, 0, Some(4)));
    }
}

#[test]
fn two_primaries_write_to_one_volume_after_a_forced_deletion_and_one_of_them_is_forgotten() {
    let mut story = replicas();
    story.write(3);
    let node = story.node_of("db-0");
    story.say(&format!("playground cut node {node}"));
    story.pass(360);
    story.say("kubectl delete pod db-0 --grace-period=0 --force");
    story.pass(60);
    let primaries = story.members().filter(|m| m.role() == Role::Primary).count();
    assert_eq!(primaries, 2, "{:?}", story.roles());
    story.write(4);
    assert_eq!(story.writes(), (3 + 2 * 4, 0, Some(0)), "each is right in its own eyes");
    let disks = story.playground.sim().disks();
    let journals: Vec<_> = disks.volumes().filter(|(_, disk)| disk.journal().interleaved()).collect();
    assert_eq!(journals.len(), 1);
    assert_eq!(journals[0].1.journal().writers.len(), 2);
    story.say(&format!("playground start node {node}"));
    story.pass(30);
    assert_eq!(story.writes(), (11, 0, Some(4)), "what the old one took is lost to everybody: {:?}", story.roles());
}

#[test]
fn the_same_lines_give_the_same_writes_however_time_is_cut() {
    let file = |pieces: u64| {
        let mut story = quorum();
        story.say("playground write statefulset etcd 20");
        (0..pieces).for_each(|_| {
            story.playground.run(Time(story.playground.now().0 + 24_000 / pieces), || true);
        });
        story.say("kubectl exec etcd-1 -- cat /var/lib/etcd/ordinal.log")
    };
    let whole = file(1);
    assert_eq!(whole.lines().filter(|line| line.ends_with("client write")).count(), 20, "{whole}");
    assert_eq!(file(24), whole);
}

#[test]
fn a_cluster_comes_to_rest_when_its_client_has_written() {
    let mut story = quorum();
    story.say("playground write statefulset etcd 3");
    story.playground.run_until_quiet(|| true);
    assert_eq!(story.writes(), (3, 0, Some(0)));
    assert!(story.playground.ahead().is_none());
}

#[test]
fn a_rollout_moves_the_lead_and_loses_nothing() {
    let mut story = quorum();
    story.say("playground write statefulset etcd 120");
    story.say("kubectl set image statefulset/etcd etcd=quay.io/coreos/etcd:v3.6.0");
    story.pass(150);
    let (kept, refused, lost) = story.writes();
    assert_eq!((kept + refused as usize, lost), (120, Some(0)), "{:?}", story.roles());
    let labels = story.playground.timeline().moments().iter().map(|moment| moment.label(Lang::English.text()));
    let led: Vec<String> = labels.filter_map(|label| Some(label.strip_suffix(" leader")?.to_owned())).collect();
    assert_eq!(led, ["etcd-2", "etcd: no", "etcd-1", "etcd: no", "etcd-2"], "from the top down, each leader that is replaced hands over");
    assert!(story.roles().iter().all(|role| role.ends_with(&format!(" {kept}"))), "{:?}", story.roles());
}

#[test]
fn a_member_that_outlives_its_pod_finds_no_majority_and_acknowledges_nothing() {
    let shared = Example::Quorum
        .manifest()
        .replace("accessModes: [ReadWriteOnce]", "storageClassName: network-disk\n      accessModes: [ReadWriteMany]");
    let mut story = Story::begin(&shared, "etcd");
    story.write(3);
    let node = story.node_of("etcd-2");
    story.say(&format!("playground cut node {node}"));
    story.pass(360);
    story.say("kubectl delete pod etcd-2 --grace-period=0 --force");
    story.pass(60);
    assert_eq!(story.members().filter(|m| &*m.place().pod == "etcd-2").count(), 2, "{:?}", story.roles());
    story.write(4);
    assert_eq!(story.writes(), (7, 0, Some(0)), "{:?}", story.roles());
    story.say(&format!("playground start node {node}"));
    story.pass(30);
    assert_eq!(story.writes(), (7, 0, Some(0)), "{:?}", story.roles());
    assert_eq!(story.roles().len(), 3);
}

#[test]
fn a_link_carries_what_an_image_does_and_what_a_client_wrote() {
    let setup = Setup { timing: Timing::workstation(), ..Setup::default() };
    let mut history = History::new(&setup, Example::Quorum.manifest(), Lang::English);
    for (at, line) in [
        (0, "kubectl apply -f manifest.yaml"),
        (60, "playground write statefulset etcd 5"),
        (70, "playground image quay.io/coreos/etcd:v3.6.0 slow"),
        (80, "kubectl set image statefulset/etcd etcd=quay.io/coreos/etcd:v3.6.0"),
        (300, "kubectl get pods"),
    ] {
        history.run(Time(at * 1000), || true);
        history.act(Act::Line(line.to_owned()), Lang::English);
    }
    let read = link::read(&link::write(&history, ""), &setup, Lang::English, &|_| None, || true);
    assert_eq!((read.unread, read.cut, read.differs), (0, false, false));
    let told = |history: &History| {
        let all = history.present().sim().disks().replicated();
        all.members(&NamespacedName::of("default", "etcd"))
            .map(|m| format!("{} {:?} {}", m.place().pod, m.role(), m.log().len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&read.history), told(&history));
    assert!(told(&history).iter().all(|member| member.ends_with(" 5")), "{:?}", told(&history));
    history.seek(Time(140_000));
    let ready = history.present().tables().pods().filter(|pod| pod.ready()).count();
    assert_eq!(ready, 2, "a slow image keeps the rollout waiting");
}

#[test]
fn whatever_stands_in_a_members_file_it_goes_on() {
    for line in ["4294967295.4294967295 x 0 y", "1.1", "0.0 a 18446744073709551615 ", "-1.2 a 3 b", "\u{1}"] {
        let mut story = quorum();
        story.write(1);
        for pod in ["etcd-0", "etcd-1", "etcd-2"] {
            story.say(&format!("kubectl exec {pod} -- sh -c 'echo \"{line}\" > /var/lib/etcd/ordinal.log'"));
        }
        story.say("kubectl delete pods --all");
        story.pass(60);
        assert!(story.leader().is_some(), "{line}: {:?}", story.roles());
        story.write(2);
        assert_eq!(story.writes().0, 3, "{line}");
    }
}

#[test]
fn hundreds_of_replicas_cost_little() {
    let mut story = replicas();
    let many = Example::Replicas.manifest().replace("replicas: 3", "replicas: 300\n  podManagementPolicy: Parallel");
    story.playground.edit(many, Lang::English);
    story.say("kubectl delete -f manifest.yaml");
    story.pass(60);
    story.say("kubectl apply -f manifest.yaml");
    story.pass(300);
    story.write(3);
    let replicas = story.roles().iter().filter(|role| role.contains("Replica 3")).count();
    assert_eq!(replicas, 299);
}
