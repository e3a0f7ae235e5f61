//! Requests that are seen: dots on their way, sentences, and what a client counts.

use std::collections::BTreeSet;

use ordinal::api::object::NamespacedName;
use ordinal::base::time::{Span, Time};
use ordinal::cluster::inside::clients::Counts;
use ordinal::cluster::inside::requests::{Exchange, Outcome, Party};
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::{Hue, Lang};
use ordinal::view::requests::{Dot, Place, Requests, lines, of};
use ordinal::view::{Snapshot, cluster};

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

/// Every request of a run is drawn while it is on its way, and nothing else is. A program that the model runs late, once something
/// changes, has asked before anybody could look: its requests are listed.
#[test]
fn dots_are_the_requests_that_were_made() {
    let script = "args: [sh, -c, \"[ $HOSTNAME = web-0 ] || S='--slaveof web-0.nginx 6379'; redis-server $S\"]\n        volumeMounts";
    let (at, probe) = ("        readinessProbe:\n          httpGet: {path: /, port: 80}\n          periodSeconds: 5\n", "");
    let redis = &EXAMPLE.replace("nginx:1.27", "redis:7").replace(at, probe).replacen("volumeMounts", script, 1);
    let mut kinds = BTreeSet::new();
    for (manifest, lines) in [
        (EXAMPLE, &["playground ask web-1.nginx:80 20", "kubectl delete pod web-1 --wait=false"][..]),
        (EXAMPLE, &["kubectl exec web-0 -- sh -c 'for i in 1 2 3; do curl -s web-1.nginx; sleep 1; done'"]),
        (EXAMPLE, &["kubectl run a --image=busybox:1.36 --restart=Never -- sh -c 'while true; do wget -qO- web-0.nginx; sleep 2; done'"]),
        (EXAMPLE, &["kubectl exec web-0 -- curl -s -m 2 nobody.nginx", "kubectl exec web-2 -- curl -s web-1.nginx:81"]),
        (EXAMPLE, &["playground ask nginx 10", "kubectl scale sts web --replicas=1", "kubectl scale sts web --replicas=3"]),
        (
            redis,
            &["kubectl exec web-0 -- redis-cli set a b", "playground write statefulset web 5", "kubectl delete pod web-0 --wait=false"],
        ),
    ] {
        let mut playground = begun(manifest);
        let (mut drawn, mut late) = (BTreeSet::new(), BTreeSet::new());
        let first = playground.sim().disks().requests().count();
        let mut known = first;
        for line in lines {
            playground.type_line(line, Lang::English);
            for _ in 0..250 {
                let before = playground.now();
                pass(&mut playground, 100);
                let made = playground.sim().disks().requests();
                for (number, asked) in made.iter().filter(|(number, _)| *number >= known) {
                    let runs_late = asked.at < before && matches!(asked.by, Party::Pod { .. });
                    assert!(runs_late || asked.at >= before, "{number} at {:?} is known at {before:?}", asked.at);
                    kinds.insert(match &asked.what {
                        Exchange::Lookup { .. } => "lookup",
                        Exchange::Call(call) if call.outcome == Outcome::Kept => "write",
                        Exchange::Call(_) => "call",
                        Exchange::Copy { .. } => "copy",
                    });
                    if runs_late {
                        late.insert(number);
                    }
                }
                known = made.count();
                let now = playground.now();
                let dots = seen(&playground, "web").dots;
                drawn.extend(dots.iter().filter(|dot| dot.number >= first && dot.place(now).is_some()).map(|dot| dot.number));
            }
        }
        let made: BTreeSet<u64> = (first..known).collect();
        let missing: Vec<_> = made.difference(&drawn).filter(|number| !late.contains(number)).collect();
        assert!(drawn.is_subset(&made), "{lines:?}");
        assert!(missing.is_empty(), "{lines:?}: {missing:?} of {known}");
        assert!(known > first, "{lines:?}");
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
