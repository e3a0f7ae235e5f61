//! Images that no table knows: no registry is asked, so that they are taken to exist, which is said, and may be otherwise.

use super::questions::on_the_page;
use super::*;
use ordinal::causes::{Identity, Way};
use ordinal::view::why::Why;

fn with(image: &str) -> String {
    EXAMPLE.replace("nginx:1.27", image)
}

fn why_of(playground: &Playground, pod: &str) -> Why {
    let pod = Identity { namespace: "default".to_owned(), pod: pod.to_owned() };
    why::project(&playground.snapshot(LANG), Some(&web_name()), None, Some(&pod))
}

/// The way to a pull that fails, if there is one.
fn fails(why: &Why) -> Option<&Way> {
    why.ways.iter().find(|way| way.entry.label == "Let the pull fail")
}

#[test]
fn a_name_or_a_version_that_nobody_knows_is_told_from_those_that_are_there() {
    for image in
        ["nginx:latset", "nginx:99", "ngnix:1.27", "docker.io/library/postgres:99-alpine", "postgres:latset", "mongo:9", "team/bus"]
    {
        assert_eq!(started(&with(image)).verdicts().images, [image]);
    }
    for image in
        ["nginx", "nginx:1", "nginx:1.27-alpine", "nginx:stable-alpine", "postgres:17.2", "rabbitmq:management", "etcd:v3.5", "nginx:crash"]
    {
        assert_eq!(started(&with(image)).verdicts().images, [""; 0], "{image}");
    }
}

#[test]
fn an_image_that_is_taken_to_exist_is_said_to_be_and_its_pull_may_fail() {
    let mut playground = on_the_page(EXAMPLE);
    settle(&mut playground);
    assert_eq!(fails(&why_of(&playground, "web-2")), None);
    let told = "Taken to exist, as no registry is asked: nginx:latset. `playground break image IMAGE` lets its pull fail.";
    for times in [1, 1] {
        playground.type_line("kubectl set image sts/web nginx=nginx:latset", LANG);
        settle(&mut playground);
        assert_eq!(printed(&playground).iter().filter(|line| **line == told).count(), times);
    }
    let why = why_of(&playground, "web-2");
    let facts: Vec<String> = why.evidence.iter().map(|fact| fact.fact.plain()).collect();
    assert!(facts.contains(&"nginx:latset is taken to exist: no registry is asked".to_owned()), "{facts:?}");
    let line = fails(&why).expect("a way").entry.line.clone();
    assert_eq!(line, "playground break image nginx:latset && kubectl delete pod web-2");
    playground.type_line(&line, LANG);
    settle(&mut playground);
    assert_eq!((pods(&playground)[2].as_str(), fails(&why_of(&playground, "web-2"))), ("web-2 ImagePullBackOff", None));
    // Nothing is taken that somebody has said.
    assert_eq!(fails(&why_of(&playground, "web-0")), None);
}
