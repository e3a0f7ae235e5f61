//! The control plane that is seen: each write of the log as a dot, and as a sentence.

use std::collections::BTreeSet;

use ordinal::api::object::NamespacedName;
use ordinal::base::time::Span;
use ordinal::playground::{EXAMPLE, Playground, setup};
use ordinal::text::Lang;
use ordinal::view::cluster::{self, ItemKey};
use ordinal::view::requests::{Dot, Place, Requests};
use ordinal::view::{Snapshot, writes};

/// How long passes between two looks, in milliseconds: less than a dot is on its way.
const LOOK: u64 = 400;

fn seen(playground: &Playground, lang: Lang) -> Requests {
    let shot = Snapshot::of(playground.sim(), lang);
    writes::of(&shot, &cluster::project(&shot, Some(&NamespacedName::of("default", "web"))), 1)
}

/// Types a line; all dots that are seen in the time after it.
fn watched(playground: &mut Playground, line: &str, millis: u64) -> Vec<Dot> {
    let mut dots: Vec<Dot> = Vec::new();
    let first = playground.sim().log().len() as u64;
    playground.type_line(line, Lang::English);
    for _ in 0..millis / LOOK {
        playground.run(playground.now() + Span(LOOK), || true);
        let seen = seen(playground, Lang::English).dots;
        let numbers: BTreeSet<u64> = seen.iter().map(|dot| dot.number).collect();
        assert_eq!(numbers.len(), seen.len(), "each is drawn once");
        assert!(seen.iter().all(|dot| dot.place(playground.now()).is_some()), "none has yet to leave, none is there already");
        let is_new = |dot: &Dot| dot.number >= first && !dots.iter().any(|known| known.number == dot.number);
        dots.extend(seen.into_iter().filter(is_new).collect::<Vec<_>>());
    }
    dots
}

/// The end of a dot's way, and what is said of it.
fn told<'a>(dots: &'a [Dot], said: &str) -> (&'a Dot, [&'a Place; 2]) {
    let dot = dots.iter().find(|dot| dot.said.contains(said)).unwrap_or_else(|| {
        panic!("no {said} among {:#?}", dots.iter().map(|dot| &dot.said).collect::<Vec<_>>());
    });
    (dot, [&dot.way[0], &dot.way[1]])
}

#[test]
fn dots_are_the_writes_of_the_log() {
    let mut playground = Playground::new(&setup(), EXAMPLE);
    for line in [
        "kubectl apply -f manifest.yaml",
        "kubectl scale sts web --replicas=4",
        "kubectl set image sts/web nginx=nginx:1.28",
        "kubectl create deployment front --image=nginx:1.27",
        "playground stop node $(kubectl get pod web-1 -o jsonpath={.spec.nodeName})",
        "kubectl delete sts web",
    ] {
        let first = playground.sim().log().len();
        let drawn: Vec<u64> = watched(&mut playground, line, 60_000).iter().map(|dot| dot.number).collect();
        let log = playground.sim().log();
        let all: Vec<u64> = (first..log.len()).map(|at| at as u64).collect();
        assert_eq!(drawn, all, "{line}");
        assert!(!all.is_empty(), "{line}");
    }
}

#[test]
fn each_component_writes_from_its_place() {
    let mut playground = Playground::new(&setup(), EXAMPLE);
    let dots = watched(&mut playground, "kubectl apply -f manifest.yaml", 60_000);
    let strip = |title: &str| Place::Strip(title.to_owned());
    let set = Place::Link("statefulset/web".to_owned());
    assert_eq!(told(&dots, "kubectl creates statefulset/web").1, [&strip("kubectl"), &set]);
    let (created, way) = told(&dots, "statefulset-controller creates pod/web-1");
    assert_eq!((way[0], created.words.as_str(), created.returns), (&set, "create", false));
    let (bound, way) = told(&dots, "kube-scheduler binds pod/web-1 to node-");
    let uid = playground.tables().pod("default", "web-1").expect("a pod").meta.uid.to_string();
    assert_eq!((way, bound.words.as_str()), ([&strip("kube-scheduler"), &Place::Item(ItemKey::Pod(uid.clone()))], "bind"));
    let node = bound.said.rsplit(' ').next().expect("a node").to_owned();
    let (ready, way) = told(&dots, "writes the status of pod/web-1: Running, Ready");
    assert_eq!((way, ready.words.as_str()), ([&Place::Item(ItemKey::Node(node)), &Place::Item(ItemKey::Pod(uid))], "status"));
    assert_eq!(told(&dots, "statefulset-controller writes the status of statefulset/web").1, [&strip("statefulset-controller"), &set]);
    let gone = watched(&mut playground, "kubectl delete pod web-1 --wait=false", 40_000);
    told(&gone, "kubectl asks for the deletion of pod/web-1");
    assert!(told(&gone, "removes pod/web-1").0.said.starts_with("kubelet node-"));
    let (english, korean) = (seen(&playground, Lang::English), seen(&playground, Lang::Korean));
    assert_eq!(english.lines.len(), 4);
    assert!(english.lines.is_sorted_by_key(|line| std::cmp::Reverse(line.number)), "the newest first");
    assert!(
        korean.lines.iter().zip(&english.lines).all(|(korean, english)| korean.number == english.number && korean.said != english.said)
    );
}
