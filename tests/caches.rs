//! The cluster's DNS where it caches: names asked for too early, addresses of pods that were replaced, and who is told why.

use crate::typed::Page;
use ordinal::api::object::NamespacedName;
use ordinal::playground::EXAMPLE;
use ordinal::playground::examples::Example;
use ordinal::text::Lang;
use ordinal::view::dns;

/// A pod that asks.
const ASKER: &str = "kubectl run asker --image=nginx-slim:0.8 --restart=Never";

/// The first address that a name has from a pod.
fn look_up(page: &mut Page, name: &str) -> String {
    let said = page.say(&format!("kubectl exec asker -- dig +short {name}.default.svc.cluster.local"));
    said.lines().next().unwrap_or("none").to_owned()
}

fn address(page: &Page, pod: &str) -> String {
    let pod = page.0.tables().pod("default", pod).expect("it is there");
    pod.status.ip.expect("it has an address").to_string()
}

/// The DNS pane: each name of a pod with its answer and what is said of that, and what is cached.
fn pane(page: &Page) -> (Vec<String>, Vec<[String; 3]>) {
    let shot = page.0.snapshot(Lang::English);
    let pane = dns::project(&shot, Some(&NamespacedName::of("default", "web")));
    let names = pane.names.iter().skip(1).map(|row| format!("{} {} {}", row.name, row.records.join(","), row.reason).trim().to_owned());
    (names.collect(), pane.cached)
}

#[test]
fn a_name_asked_for_too_early_stays_unknown_until_the_denial_is_forgotten() {
    for (profile, waits) in [("none", 0), ("kubeadm-1.31", 30), ("eks-k3s", 5), ("node-local", 5), ("kube-dns", 0), ("10 20", 20)] {
        let mut page = Page::begin(EXAMPLE, &[&format!("playground cache dns {profile}"), ASKER]);
        page.pass(20);
        page.say("kubectl apply -f manifest.yaml");
        let begun = page.0.now();
        assert_eq!(look_up(&mut page, "web-0.nginx"), "none", "{profile}");
        let asked = page.0.now();
        while look_up(&mut page, "web-0.nginx") == "none" && page.0.now().since(begun).0 < 90_000 {
            page.pass(1);
        }
        let (found, ready) = (page.0.now().since(asked).0 / 1000, address(&page, "web-0"));
        assert_eq!(look_up(&mut page, "web-0.nginx"), ready);
        assert!(if waits > 9 { (waits - 1..waits + 2).contains(&found) } else { found < 16 }, "{profile}: after {found} s");
    }
}

#[test]
fn the_address_of_a_pod_that_was_replaced_stays_until_its_time_is_over() {
    let mut page = Page::begin(EXAMPLE, &["playground cache dns kubeadm-1.31", "kubectl apply -f manifest.yaml", ASKER]);
    page.pass(60);
    let before = address(&page, "web-1");
    assert_eq!(look_up(&mut page, "web-1.nginx"), before);
    assert_eq!(pane(&page).1, [["web-1.nginx.default.svc.cluster.local A".to_owned(), before.clone(), "30s".to_owned()]]);
    page.say("kubectl delete pod web-1");
    page.pass(10);
    let after = address(&page, "web-1");
    assert_ne!(before, after, "it has another address");
    assert_eq!(look_up(&mut page, "web-1.nginx"), before, "the cache has the old one");
    let said = page.say("kubectl exec asker -- curl -sS web-1.nginx");
    assert!(said.contains("curl: (") && !said.contains("html"), "nobody has that address: {said}");
    let (names, cached) = pane(&page);
    assert!(names[1].starts_with(&format!("web-1.nginx {before} from the cache for another ")), "{names:?}");
    assert!(names[1].ends_with("the server itself would answer otherwise by now"), "{names:?}");
    assert_eq!(names[0], format!("web-0.nginx {}", address(&page, "web-0")), "what nobody asked for is answered anew");
    assert!(cached.iter().any(|row| row[0].starts_with("web-1.nginx")), "{cached:?}");
    let why = page.say("why dns web-1.nginx");
    assert!(why.contains(&format!("web-1.nginx resolves to {before}.")) && why.contains("The cluster's DNS caches"), "{why}");
    assert!(why.contains("the cache forgets the answer at"), "{why}");
    page.pass(30);
    assert_eq!(look_up(&mut page, "web-1.nginx"), after);
    assert!(page.say("kubectl exec asker -- curl -sS web-1.nginx").contains("html"));
}

#[test]
fn the_ttl_of_a_cached_answer_counts_down_and_another_setting_begins_anew() {
    let mut page = Page::begin(EXAMPLE, &["playground cache dns kubeadm-1.31", "kubectl apply -f manifest.yaml", ASKER]);
    page.pass(60);
    let ttl = |page: &mut Page| {
        let said = page.say("kubectl exec asker -- dig web-0.nginx.default.svc.cluster.local");
        let record = said.lines().find(|line| line.starts_with("web-0.") && line.contains("IN")).expect("a record").to_owned();
        record.split_whitespace().nth(1).expect("a TTL").to_owned()
    };
    assert_eq!(ttl(&mut page), "30");
    page.pass(12);
    assert_eq!(ttl(&mut page), "18");
    page.say("playground cache dns eks-k3s");
    assert!(pane(&page).1.is_empty());
    assert_eq!(ttl(&mut page), "5");
    page.say("playground cache dns none");
    assert_eq!(ttl(&mut page), "30");
    assert!(pane(&page).1.is_empty());
    assert!(page.say("playground cache dns sometimes").contains("playground cache dns"), "what it does not know, it does not do");
}

#[test]
fn members_that_were_asked_for_too_early_find_each_other_when_the_denial_is_forgotten() {
    let leader_after = |profile: &str| {
        let mut page = Page::begin(Example::Quorum.manifest(), &[]);
        page.say(&format!("playground cache dns {profile}"));
        page.say(ASKER);
        page.pass(20);
        page.say("kubectl apply -f manifest.yaml");
        let begun = page.0.now();
        for ordinal in 0..3 {
            assert_eq!(look_up(&mut page, &format!("etcd-{ordinal}.etcd")), "none");
        }
        let leads = |page: &Page| {
            let set = NamespacedName::of("default", "etcd");
            page.0.sim().disks().replicated().members(&set).any(|member| member.role().leads())
        };
        while !leads(&page) && page.0.now().since(begun).0 < 300_000 {
            page.pass(1);
        }
        page.0.now().since(begun).0 / 1000
    };
    let (without, with) = (leader_after("none"), leader_after("60 60"));
    assert!(without < with && with < 200, "{without} s without a cache, {with} s with one");
}
