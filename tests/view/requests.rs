//! Requests that are seen: dots on their way, sentences, and what a client counts.

use std::collections::{BTreeMap, BTreeSet};

use ordinal::api::object::NamespacedName;
use ordinal::api::release::V1_37;
use ordinal::base::time::{Span, Time};
use ordinal::cluster::inside::clients::Counts;
use ordinal::cluster::inside::requests::{Asked, Call, Exchange, Outcome, Party};
use ordinal::lesson::check;
use ordinal::playground::examples::Example;
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::{Hue, Lang};
use ordinal::view::requests::{Dot, Place, Requests, lines, of};
use ordinal::view::{Snapshot, cluster};

use crate::page::course::course;

fn begun(manifest: &str) -> Playground {
    let mut playground = Playground::new(&setup(), manifest);
    say(&mut playground, "kubectl apply -f manifest.yaml", 60_000);
    playground
}

fn say(playground: &mut Playground, line: &str, millis: u64) {
    playground.type_line(line, Lang::English);
    pass(playground, millis);
}

fn pass(playground: &mut Playground, millis: u64) {
    playground.run(playground.now() + Span(millis), || true);
}

fn seen(playground: &Playground, set: &str) -> Requests {
    let shot = Snapshot::of(playground.sim(), Lang::English);
    of(&shot, &cluster::project(&shot, Some(&NamespacedName::of("default", set))), 1)
}

/// Each request that is kept, oldest first.
fn told(playground: &Playground, set: &str) -> Vec<String> {
    let shot = Snapshot::of(playground.sim(), Lang::English);
    lines(&shot, &cluster::project(&shot, Some(&NamespacedName::of("default", set)))).into_iter().map(|line| line.said).collect()
}

fn counts(playground: &Playground) -> Counts {
    let mut clients = playground.sim().disks().clients();
    clients.next().map(|(_, client)| client.counts).expect("a client asks")
}

/// Where a dot passes, with pods by what they are.
fn way(dot: &Dot) -> Vec<String> {
    let place = |place: &Place| match place {
        Place::Item(key) => format!("{key:?}").split('(').next().unwrap_or_default().to_owned(),
        Place::Link(token) | Place::Disk(token) => token.clone(),
        Place::Strip(title) => title.clone(),
        Place::Nowhere => "nowhere".to_owned(),
    };
    dot.way.iter().map(place).collect()
}

#[test]
fn a_client_looks_a_name_up_and_then_asks_the_pod() {
    let mut playground = begun(EXAMPLE);
    say(&mut playground, "playground ask web-1.nginx:80 2", 400);
    let first = seen(&playground, "web");
    assert_eq!(way(&first.dots[0]), ["client of web-1.nginx:80", "pod/web-1"]);
    assert_eq!(first.dots[1].place(playground.now()), None, "it has yet to leave");
    pass(&mut playground, 500);
    let second = seen(&playground, "web");
    assert_eq!(way(second.dots.first().expect("the call"))[..2], ["client of web-1.nginx:80", "Pod"]);
    assert_eq!((second.dots[0].returns, second.dots[0].hue), (true, Hue::Ready));
    let ip = playground.tables().pod("default", "web-1").and_then(|pod| pod.status.ip).expect("an address");
    assert_eq!(
        told(&playground, "web"),
        [
            format!("client of web-1.nginx:80 looks up web-1.nginx: {ip}"),
            format!("client of web-1.nginx:80 asks web-1 ({ip}): Welcome to nginx!"),
        ]
    );
}

#[test]
fn a_client_counts_what_comes_of_it_and_stops_by_itself() {
    let mut playground = begun(EXAMPLE);
    say(&mut playground, "playground ask web-1.nginx:80 600", 4_500);
    assert_eq!(counts(&playground), Counts { answered: 5, ..Counts::default() });
    say(&mut playground, "kubectl delete pod web-1 --wait=false", 60_000);
    let after = counts(&playground);
    assert!(after.refused > 0 && after.answered > 30, "{after:?}");
    let node = playground.tables().pod("default", "web-1").and_then(|pod| pod.node.clone()).expect("a node");
    say(&mut playground, &format!("playground stop node {node}"), 20_000);
    assert!(counts(&playground).lost > 15, "{:?}", counts(&playground));
    let dark = seen(&playground, "web");
    let lost = dark.dots.iter().find(|dot| dot.hue == Hue::Gone).expect("a dot on its way into the dark");
    assert_eq!((lost.returns, way(lost)[1].as_str()), (false, "Pod"));
    say(&mut playground, "playground ask web-1.nginx:80 0", 1_000);
    let made = playground.sim().disks().requests().count();
    pass(&mut playground, 10_000);
    assert_eq!(playground.sim().disks().requests().count(), made);
}

#[test]
fn a_cache_that_is_stale_leads_a_client_astray_and_says_so() {
    let mut playground = begun(EXAMPLE);
    say(&mut playground, "playground cache dns 30 30", 10);
    say(&mut playground, "playground ask web-1.nginx:80 60", 500);
    say(&mut playground, "kubectl delete pod web-1 --wait=false", 15_000);
    let told = told(&playground, "web");
    assert!(told.iter().any(|line| line.ends_with("from the cache; the server would answer otherwise")), "{told:#?}");
    assert!(counts(&playground).lost > 0, "{:?}", counts(&playground));
}

#[test]
fn a_service_sends_a_client_to_one_pod_after_the_other() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {selector: {app: nginx}, ports: [{port: 80}]}\n";
    let mut playground = begun(&format!("{EXAMPLE}---\n{service}"));
    say(&mut playground, "playground ask front 3", 3_500);
    let told = told(&playground, "web");
    let asked: BTreeSet<&str> = told.iter().filter_map(|line| line.split_once(" asks ")?.1.split(' ').next()).collect();
    assert_eq!(asked, BTreeSet::from(["web-0", "web-1", "web-2"]), "{told:#?}");
    let service = seen(&playground, "web").dots.iter().map(way).find(|way| way.len() > 2).expect("a call");
    assert_eq!(service[1], "service/front");
}

#[test]
fn what_is_no_host_is_not_asked() {
    let mut playground = begun(EXAMPLE);
    say(&mut playground, "playground ask 'we b'", 1_000);
    say(&mut playground, "playground ask web:x", 1_000);
    assert_eq!(playground.sim().disks().clients().count(), 0);
}

/// How long a run passes between two looks, in milliseconds: less than a dot is on its way.
const LOOK: u64 = 400;

/// A run that is watched: what is drawn of it, and what its processes hold and print.
struct Watched {
    playground: Playground,
    set: String,
    first: u64,
    known: u64,
    drawn: BTreeSet<u64>,
    /// Those that a program made before anybody could look: the model runs it late, once something changes.
    late: BTreeSet<u64>,
    /// Each request that was made, as it is told.
    told: BTreeMap<u64, String>,
    made: BTreeMap<u64, Asked>,
    /// How many entries each member of a replicated application holds.
    held: BTreeMap<String, usize>,
    /// How many writes were acknowledged before.
    before: usize,
}

impl Watched {
    fn new(playground: Playground, set: &str) -> Watched {
        let first = playground.sim().disks().requests().count();
        let empty = Watched {
            playground,
            set: set.to_owned(),
            first,
            known: first,
            drawn: BTreeSet::new(),
            late: BTreeSet::new(),
            told: BTreeMap::new(),
            made: BTreeMap::new(),
            held: BTreeMap::new(),
            before: 0,
        };
        Watched { held: empty.entries(), before: empty.acknowledged(), ..empty }
    }

    fn say(&mut self, line: &str, millis: u64) {
        let before = self.playground.now();
        self.playground.type_line(line, Lang::English);
        self.look(before);
        for _ in 0..millis / LOOK {
            let before = self.playground.now();
            pass(&mut self.playground, LOOK);
            self.look(before);
        }
    }

    fn look(&mut self, before: Time) {
        let (shot, now) = (Snapshot::of(self.playground.sim(), Lang::English), self.playground.now());
        let cluster = cluster::project(&shot, Some(&NamespacedName::of("default", &self.set)));
        let made = self.playground.sim().disks().requests();
        let mut copied = BTreeSet::new();
        for (number, asked) in made.iter().filter(|(number, _)| *number >= self.known) {
            let runs_late = asked.at < before && matches!(asked.by, Party::Pod { .. });
            assert!(runs_late || asked.at >= before, "{number} at {:?} is known at {before:?}", asked.at);
            if runs_late {
                self.late.insert(number);
            }
            if let Exchange::Copy { to: to @ Party::Pod { .. }, .. } = &asked.what {
                copied.insert(uid(to));
            } else if let Exchange::Call(Call { outcome: Outcome::Kept, server: Some(server), .. }) = &asked.what {
                copied.insert(uid(server));
            }
            self.made.insert(number, asked.clone());
        }
        if self.known < made.count() {
            self.told.extend(lines(&shot, &cluster).into_iter().map(|line| (line.number, line.said)));
        }
        self.known = made.count();
        let dots = of(&shot, &cluster, 1).dots;
        self.drawn.extend(dots.iter().filter(|dot| dot.number >= self.first && dot.place(now).is_some()).map(|dot| dot.number));
        let held = self.entries();
        for (member, entries) in &held {
            let grew = self.held.get(member).is_some_and(|before| before != entries);
            assert!(!grew || copied.contains(member), "{member} holds {entries} and nobody wrote to it: {:?}", self.held);
        }
        self.held = held;
    }

    fn entries(&self) -> BTreeMap<String, usize> {
        let all = self.playground.sim().disks().replicated();
        let pods = self.playground.tables().pods().filter_map(|pod| all.member_of(pod.meta.uid));
        pods.map(|member| (member.place().uid.to_string(), member.log().len())).collect()
    }

    /// How many writes the application has acknowledged.
    fn acknowledged(&self) -> usize {
        let ledger = self.playground.sim().disks().replicated().ledger(&NamespacedName::of("default", &self.set));
        ledger.map_or(0, |ledger| ledger.acknowledged.len())
    }

    /// How many of the requests are so.
    fn count(&self, is_so: impl Fn(&Asked) -> bool) -> usize {
        self.made.values().filter(|asked| is_so(asked)).count()
    }

    /// How many lines the terminal and the logs of pods show that have a text.
    fn printed(&self, text: &str) -> usize {
        let terminal = self.playground.terminal().lines().iter().filter(|line| line.text.contains(text)).count();
        terminal + self.logged(|line| line.contains(text))
    }

    fn logged(&self, is_so: impl Fn(&str) -> bool) -> usize {
        let disks = self.playground.sim().disks();
        let all = self.playground.tables().pods().flat_map(|pod| pod.spec.template.containers.iter().map(|c| (pod.meta.uid, &c.name)));
        let logs = all.flat_map(|(uid, name)| [disks.log_of(uid, name), disks.previous_log_of(uid, name)]).flatten();
        logs.map(|log| log.text().lines().filter(|line| is_so(line)).count()).sum()
    }

    /// Holds what was drawn to what was made, and what was made to what processes count by themselves.
    fn check(&mut self, name: &str, printed: &[(&str, &str)]) {
        self.playground.write(ordinal::sim::Sim::catch_up_with_containers);
        let before = self.playground.now();
        self.look(before);
        let made: BTreeSet<u64> = (self.first..self.known).collect();
        assert!(self.drawn.is_subset(&made), "{name}");
        let missing: Vec<_> = made.difference(&self.drawn).filter(|number| !self.late.contains(number)).collect();
        let told: Vec<&String> = self.told.range(self.first..).map(|(_, told)| told).collect();
        assert!(missing.is_empty() || made.is_empty(), "{name}: {missing:?} of {told:#?}");
        for (text, said) in printed {
            let drawn = told.iter().filter(|told| told.contains(said)).count();
            assert_eq!((drawn, drawn > 0), (self.printed(text), true), "{name}: {said} and {text} of {told:#?}");
        }
        // A server's log has a line for each request that it answered.
        let has_log = |party: &Party| self.playground.tables().pods().any(|pod| pod.meta.uid.to_string() == uid(party));
        let served = self.count(|asked| {
            matches!(&asked.what, Exchange::Call(Call { server: Some(server), outcome: Outcome::Answer(_), .. })
                if told_by_nginx(&asked.what) && has_log(server))
        });
        assert_eq!(served, self.logged(|line| line.contains("\"GET ")), "{name}: {told:#?}");
        for (title, client) in self.playground.sim().disks().clients() {
            let Counts { answered, refused, lost, .. } = client.counts;
            let its = |asked: &Asked| asked.by == Party::Client(title.name.clone());
            let nameless = |asked: &Asked| matches!(&asked.what, Exchange::Lookup { addresses, .. } if addresses.is_empty());
            let calls = |asked: &Asked| matches!(asked.what, Exchange::Call(_)) || nameless(asked);
            let all = usize::try_from(answered + refused + lost).expect("few");
            assert_eq!(self.count(|asked| its(asked) && calls(asked)), all, "{name}: {:?}", client.counts);
        }
        let outcome = |outcome: &Outcome| self.count(|asked| matches!(&asked.what, Exchange::Call(call) if call.outcome == *outcome));
        assert_eq!(outcome(&Outcome::Kept), self.acknowledged() - self.before, "{name}");
    }
}

fn uid(party: &Party) -> String {
    if let Party::Pod { uid, .. } = party { uid.to_string() } else { String::new() }
}

/// Whether a call was answered with a page of nginx.
fn told_by_nginx(what: &Exchange) -> bool {
    matches!(what, Exchange::Call(Call { outcome: Outcome::Answer(words), .. }) if words.contains("nginx"))
}

/// A run: its name, the manifest, its set, the lines that are typed, and pairs of what is printed and what is drawn equally often.
type Run<'a> = (&'a str, &'a str, &'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

/// Every request of a run is drawn while it is on its way, and nothing else is. What processes print and count by themselves tells how
/// many there are.
#[test]
fn dots_are_the_requests_that_were_made() {
    let script = "args: [sh, -c, \"[ $HOSTNAME = web-0 ] || S='--slaveof web-0.nginx 6379'; redis-server $S\"]\n        volumeMounts";
    let (at, probe) = ("        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n", "");
    let redis = &EXAMPLE.replace("nginx:1.27", "redis:7").replace(at, probe).replacen("volumeMounts", script, 1);
    let welcome = "<title>Welcome to nginx!</title>";
    let replicas = Example::Replicas.manifest();
    let any = "kubectl expose pod db-0 --name any --port 6379 --selector app=db";
    let runs: [Run; 15] = [
        ("ask", EXAMPLE, "web", &["playground ask web-1.nginx:80 20", "kubectl delete pod web-1 --wait=false"], &[]),
        (
            "a loop of curl",
            EXAMPLE,
            "web",
            &["kubectl exec web-0 -- sh -c 'for i in 1 2 3; do curl -s web-1.nginx; sleep 1; done'"],
            &[(welcome, "web-0 asks web-1")],
        ),
        (
            "a loop of wget",
            EXAMPLE,
            "web",
            &["kubectl run a --image=busybox:1.36 --restart=Never -- sh -c 'while true; do wget -qO- web-0.nginx; sleep 2; done'"],
            &[(welcome, "a asks web-0")],
        ),
        (
            "in vain",
            EXAMPLE,
            "web",
            &["kubectl exec web-0 -- curl -sS -m 2 nobody.nginx", "kubectl exec web-2 -- curl -sS web-1.nginx:81"],
            &[("Could not resolve host", "nobody.nginx"), ("Failed to connect to web-1.nginx port 81", "web-2 asks web-1")],
        ),
        (
            "scaled",
            EXAMPLE,
            "web",
            &["playground ask nginx 10", "kubectl scale sts web --replicas=1", "kubectl scale sts web --replicas=3"],
            &[],
        ),
        (
            "a primary",
            redis,
            "web",
            &["kubectl exec web-0 -- redis-cli set a b", "playground write statefulset web 5", "kubectl delete pod web-0 --wait=false"],
            &[("OK", "web-0 writes to web-0")],
        ),
        (
            "redis-cli",
            replicas,
            "db",
            &[
                any,
                "kubectl exec db-1 -- sh -c 'for i in 1 2 3; do redis-cli -h db-0.db set k v$i; redis-cli -h db-0.db get k; sleep 1; done'",
                "kubectl exec db-2 -- sh -c 'for i in 1 2 3; do redis-cli -h any get k; sleep 1; done'",
                "kubectl exec db-1 -- redis-cli -h db-2.db set k v",
                "kubectl exec db-2 -- redis-cli get k",
                "kubectl run c --image=redis:7.4 -- sleep infinity",
                "kubectl exec c -- redis-cli get k",
            ],
            &[
                ("OK", "db-1 writes to db-0"),
                ("v1", ": v1"),
                ("v3", ": v3"),
                ("READONLY", "db-1 asks db-2"),
                ("Connection refused", "c asks"),
            ],
        ),
        (
            "failover",
            replicas,
            "db",
            &[
                "playground write statefulset db 20",
                "playground stop node $(kubectl get pod db-0 -o jsonpath={.spec.nodeName})",
                "kubectl delete pod db-0 --force --grace-period=0",
            ],
            &[],
        ),
        (
            "a quorum",
            Example::Quorum.manifest(),
            "etcd",
            &[
                "playground write statefulset etcd 30",
                "playground cut node $(kubectl get pod etcd-0 -o jsonpath={.spec.nodeName})",
                "kubectl exec etcd-1 -- etcdctl put a b",
                "kubectl exec etcd-2 -- etcdctl get a",
                "playground start node $(kubectl get pod etcd-0 -o jsonpath={.spec.nodeName})",
            ],
            &[("OK", "etcd-1 writes to")],
        ),
        (
            "a partition",
            EXAMPLE,
            "web",
            &[
                "kubectl patch sts web -p '{\"spec\":{\"updateStrategy\":{\"rollingUpdate\":{\"partition\":2}}}}'",
                "playground ask web-2.nginx:80 30",
                "kubectl set image sts/web nginx=nginx:1.28",
            ],
            &[],
        ),
        (
            "a node fails",
            EXAMPLE,
            "web",
            &[
                "playground ask nginx:80 60",
                "playground stop node $(kubectl get pod web-1 -o jsonpath={.spec.nodeName})",
                "kubectl exec web-0 -- sh -c 'for i in 1 2 3; do curl -sS -m 2 web-1.nginx; sleep 1; done'",
            ],
            &[("Timeout was reached", "web-0 asks web-1")],
        ),
        (
            "a cut network",
            EXAMPLE,
            "web",
            &[
                "kubectl exec web-0 -- sh -c 'for i in $(seq 15); do curl -sS -m 2 web-2.nginx; sleep 3; done' &",
                "playground cut node $(kubectl get pod web-2 -o jsonpath={.spec.nodeName})",
                "playground start node $(kubectl get pod web-2 -o jsonpath={.spec.nodeName})",
            ],
            &[("Timeout was reached", "no answer")],
        ),
        (
            "cached names",
            EXAMPLE,
            "web",
            &[
                "playground cache dns 30 30",
                "playground ask web-1.nginx:80 40",
                "kubectl delete pod web-1 --wait=false",
                "kubectl exec web-0 -- sh -c 'for i in 1 2 3; do getent hosts web-1.nginx; sleep 1; done'",
            ],
            &[("web-1.nginx.default", "web-0 looks up")],
        ),
        (
            "a Deployment",
            EXAMPLE,
            "web",
            &[
                "kubectl create deployment front --image=nginx:1.27 --replicas=2",
                "kubectl expose deployment front --port=80",
                "kubectl exec web-0 -- sh -c 'for i in 1 2 3 4; do curl -s front; sleep 1; done'",
                "playground ask front 20",
                "kubectl rollout restart deployment front",
            ],
            &[(welcome, "web-0 asks front-")],
        ),
        (
            "from outside",
            EXAMPLE,
            "web",
            &[
                "kubectl port-forward web-1 8080:80 &",
                "curl -s localhost:8080",
                "kubectl exec web-2 -- curl -s localhost",
                "kubectl exec web-0 -- sh -c 'nc -z web-1.nginx 80 && echo open'",
            ],
            &[(welcome, ": Welcome to nginx!")],
        ),
    ];
    let mut kinds = BTreeSet::new();
    let mut watch = |run: &mut Watched, name: &str, printed: &[(&str, &str)]| {
        run.check(name, printed);
        kinds.extend(run.made.values().map(|asked| match &asked.what {
            Exchange::Lookup { .. } => "lookup",
            Exchange::Call(call) if call.outcome == Outcome::Kept => "write",
            Exchange::Call(_) => "call",
            Exchange::Copy { .. } => "copy",
        }));
    };
    for (name, manifest, set, lines, printed) in runs {
        let mut run = Watched::new(begun(manifest), set);
        for line in lines {
            run.say(line, 25_000);
        }
        watch(&mut run, name, printed);
    }
    let stored = ("Data stored on pod", ": Data stored on pod");
    for (name, set, printed) in [
        ("sessions", "cart", &[stored][..]),
        ("roles", "db", &[("OK", "writes to db-0")]),
        ("quorum", "etcd", &[]),
        ("clusterip-names", "web", &[]),
        ("starting-peers", "web", &[]),
    ] {
        let lesson = course().iter().find(|lesson| lesson.name == name).expect("a lesson");
        let way = lesson.chooses().then(|| check::play(lesson, &V1_37).came_true()[0]);
        let mut run = Watched::new(lesson.begin(&setup(), Lang::English).present().clone(), set);
        run.say(lesson.line_of(way), lesson.within.0);
        for line in lesson.task.iter().flat_map(|task| &task.solution) {
            run.say(line, 60_000);
        }
        watch(&mut run, name, printed);
    }
    assert_eq!(kinds.len(), 4, "{kinds:?}");
}

#[test]
fn requests_of_one_program_at_one_instant_leave_one_after_the_other() {
    let mut playground = begun(EXAMPLE);
    say(&mut playground, "playground ask web-0.nginx:80 1", 50);
    let begins: Vec<Time> = seen(&playground, "web").dots.iter().map(|dot| dot.begins).collect();
    assert_eq!(begins.len(), 2);
    assert_eq!(begins[1].since(begins[0]), Span(900));
}

#[test]
fn a_write_goes_on_to_the_disk_and_from_the_primary_to_its_copies() {
    let script = "args: [sh, -c, \"[ $HOSTNAME = web-0 ] || S='--slaveof web-0.nginx 6379'; redis-server $S\"]\n        volumeMounts";
    let probe = "        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n";
    let redis = EXAMPLE.replace("nginx:1.27", "redis:7").replace(probe, "").replacen("volumeMounts", script, 1);
    let mut playground = begun(&redis);
    say(&mut playground, "playground write statefulset web 1", 600);
    let ways: Vec<Vec<String>> = seen(&playground, "web").dots.iter().map(way).collect();
    let copy = |n: u32| ["Pod".to_owned(), "Pod".to_owned(), format!("persistentvolumeclaim/data-web-{n}")].to_vec();
    let write = ["client of web".to_owned(), "Pod".to_owned(), "persistentvolumeclaim/data-web-0".to_owned()].to_vec();
    assert_eq!(ways, [write, copy(1), copy(2)]);
}
