//! Who owns and who selects what is drawn, and where lines go.

use ordinal::api::kind::Kind;
use ordinal::api::object::{Name, NamespacedName, ObjectKey};
use ordinal::base::time::Time;
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::Lang;
use ordinal::view::relations::{End, Rect, Related, Verb, drawn, lines, listed, of, pods_of};
use ordinal::view::{Snapshot, cluster, side};

const DEPLOYMENT: &str = "kubectl create deployment api --image=nginx:1.27 --replicas=2 && kubectl expose deployment api --port=80";

fn played(manifest: &str, lines: &[&str]) -> Playground {
    let mut playground = Playground::new(&setup(), manifest);
    for line in ["kubectl apply -f manifest.yaml"].iter().chain(lines) {
        playground.type_line(line, Lang::English);
        playground.run(Time(playground.now().0 + 60_000), || true);
    }
    playground
}

/// Each relation as its title, verb, objects and names of pods.
fn told(related: &[Related]) -> Vec<String> {
    let one = |related: &Related| {
        let pods = related.pods.iter().map(|(_, name)| name.rsplit_once('-').map_or(&**name, |(parent, _)| parent).to_owned());
        let mut below: Vec<String> = related.objects.iter().cloned().chain(pods).collect();
        below.dedup();
        format!("{} {:?} {}: {}", related.title, related.verb, related.pods.len(), below.join(" "))
    };
    related.iter().map(one).collect()
}

fn of_playground(playground: &Playground, lang: Lang) -> Vec<Related> {
    let shot = Snapshot::of(playground.sim(), lang);
    let mut drawn = cluster::project(&shot, Some(&NamespacedName::of("default", "web")));
    side::add(&mut drawn, &shot, None);
    of(&shot, &drawn)
}

/// Titles with the generated part of a ReplicaSet's name left out.
fn plain(lines: &[String]) -> Vec<String> {
    let hash = |line: &String| {
        let words = line.split(' ').map(|word| match word.strip_prefix("replicaset/api-").or(word.strip_prefix("api-")) {
            Some(_) if word.starts_with("replicaset/") => "replicaset/api-*".to_owned(),
            Some(_) => "api-*".to_owned(),
            None => word.to_owned(),
        });
        words.collect::<Vec<_>>().join(" ")
    };
    lines.iter().map(hash).collect()
}

#[test]
fn owners_come_first_and_services_select_by_labels() {
    let mut playground = played(EXAMPLE, &[DEPLOYMENT, "kubectl create service clusterip other --tcp=80", "playground unready pod web-1"]);
    let all = of_playground(&playground, Lang::English);
    let want = [
        "statefulset/web Owns 3: web",
        "deployment/api Owns 0: replicaset/api-*",
        "replicaset/api-* Owns 2: api-*",
        "service/api Selects 2: api-*",
        "service/nginx Selects 3: web",
    ];
    assert_eq!(plain(&told(&all)), want, "a Service that selects nothing is not drawn, and one that is not Ready is selected all the same");
    assert_eq!(all[0].spoken, "statefulset/web owns web-0, web-1, web-2");
    assert_eq!(of_playground(&playground, Lang::Korean)[4].spoken, "service/nginx가 web-0, web-1, web-2를 선택함");
    // Orphans have no owner, and keep their labels.
    playground.type_line("kubectl delete sts web --cascade=orphan", Lang::English);
    playground.run(Time(playground.now().0 + 5_000), || true);
    assert!(told(&of_playground(&playground, Lang::English)).iter().all(|line| !line.starts_with("statefulset/web")));
    let shot = Snapshot::of(playground.sim(), Lang::English);
    let web = |kind| ObjectKey::new(kind, &"default".into(), &"web".into());
    assert!(pods_of(&shot, &web(Kind::StatefulSet)).is_empty());
    assert_eq!(listed(&pods_of(&shot, &ObjectKey { name: "nginx".into(), ..web(Kind::Service) })), "web-0, web-1, web-2");
}

#[test]
fn what_is_asked_about_is_drawn_alone() {
    let all = of_playground(&played(EXAMPLE, &[DEPLOYMENT]), Lang::English);
    let key = |kind, name: &str| ObjectKey::new(kind, &"default".into(), &name.into());
    let titles = |asked: Option<ObjectKey>, one| plain(&told(&drawn(&all, asked.as_ref(), one)));
    assert_eq!(titles(None, false).len(), 5);
    assert_eq!(titles(None, true), ["statefulset/web Owns 3: web"]);
    let below = ["deployment/api Owns 0: replicaset/api-*", "replicaset/api-* Owns 2: api-*"];
    assert_eq!(titles(Some(key(Kind::Deployment, "api")), true), below);
    assert_eq!(titles(Some(key(Kind::Pod, "web-1")), true), ["statefulset/web Owns 1: web", "service/nginx Selects 1: web"]);
    let (_, pod) = &all[2].pods[0];
    let chain = ["deployment/api Owns 0: replicaset/api-*", "replicaset/api-* Owns 1: api-*", "service/api Selects 1: api-*"];
    assert_eq!(titles(Some(key(Kind::Pod, pod)), true), chain);
    assert_eq!(titles(Some(key(Kind::Node, "node-1")), true), ["statefulset/web Owns 3: web"], "a node is related to nothing");
}

#[test]
fn a_hundred_pods_are_counted() {
    let manifest = EXAMPLE.replace("replicas: 3", "replicas: 100").replace("OrderedReady", "Parallel");
    let all = of_playground(&played(&manifest, &[]), Lang::English);
    assert_eq!(told(&all), ["statefulset/web Owns 100: web", "service/nginx Selects 100: web"]);
    assert_eq!(all[1].spoken, "service/nginx selects 100 pods");
    let names: Vec<Name> = all[0].pods.iter().map(|(_, name)| name.clone()).collect();
    assert!(listed(&names).ends_with(" … +88"), "{}", listed(&names));
}

#[test]
fn each_pod_has_a_branch_beside_its_tile_and_a_pod_that_moves_takes_only_its_end_along() {
    let object = Rect { left: 10, top: 300, right: 110, bottom: 330 };
    let tile = |top| Rect { left: 200, top, right: 280, bottom: top + 50 };
    let owns = |top| lines(object, 280, &[End::tile(tile(top), Verb::Owns)]);
    assert_eq!(owns(100).0, "M60 300V280M60 280H283M283 280V125H280");
    assert_eq!(owns(100).1, "M283 280h0M280 125h0");
    assert_eq!(owns(10).0, "M60 300V280M60 280H283M283 280V35H280", "on another node only the end is another");
    assert_eq!(lines(object, 270, &[End::tile(tile(100), Verb::Selects)]).0, "M60 300V270M60 270H197M197 270V125H200");
    let below = Rect { left: 150, top: 300, right: 250, bottom: 330 };
    assert_eq!(lines(object, 290, &[End::object(below)]).0, "M60 300V290M60 290H200M200 290V300H200");
    assert_eq!(lines(object, 290, &[]), (String::new(), String::new()));
}
