//! Whose place a pod takes: `preempt.yaml`, with cases after pkg/scheduler/framework/plugins/defaultpreemption's.

use std::rc::Rc;

use ordinal::api::object::{Object, Uid};
use ordinal::base::dice::Dice;
use ordinal::cluster::scheduler::{Preemption, TieBreak, Verdict};

use super::{Kind, Value, World, check, decide, pod_of, value};

/// `NAME NODE PRIORITY CPU [started SECOND] [app LABEL] [preempted]`: a pod on a node.
fn pod(words: &str) -> Value {
    let words: Vec<&str> = words.split_whitespace().collect();
    let after = |word: &str| words.iter().position(|w| *w == word).and_then(|at| words.get(at + 1)).copied();
    let mut pod = Value::of([("kind", "Pod")]);
    pod.set(&["metadata", "name"], words[0]);
    pod.set(&["metadata", "labels", "app"], after("app").unwrap_or("nginx"));
    pod.set(
        &["spec"],
        Value::of([("nodeName", Value::from(words[1])), ("priority", Value::from(words[2].parse::<i64>().expect("a number")))]),
    );
    let mut container = Value::of([("name", "nginx")]);
    container.set(&["resources", "requests", "cpu"], words[3]);
    pod.set(&["spec", "containers"], Value::list([container]));
    if let Some(second) = after("started") {
        pod.set(&["status", "started"], second.parse::<i64>().expect("a second"));
    }
    if words.contains(&"preempted") {
        pod.set(&["status", "preempted"], true);
    }
    pod
}

fn world(case: &Value) -> World {
    let mut world = World::of(case.list_at(&["given"]), false);
    for words in case.list_at(&["pods"]) {
        world.add(&pod(words.as_text().expect("words")));
    }
    for words in case.list_at(&["nominated"]) {
        let Object::Pod(pod) = World::object(&pod(words.as_text().expect("words"))) else { unreachable!("{words:?} is a pod") };
        world.nominated.insert(pod.meta.uid, pod);
    }
    world
}

fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Fits(fit) => format!("fits {}", fit.node),
        Verdict::Unschedulable(unfit) => match &unfit.preemption {
            Preemption::Found(room) => {
                let victims: Vec<&str> = room.victims.iter().map(|victim| &*victim.meta.name).collect();
                format!("{}: {}; {}", room.node, victims.join(" "), unfit.message)
            }
            _ => unfit.message.clone(),
        },
    }
}

#[test]
fn a_pod_takes_the_place_of_the_fewest_and_least_important() {
    check(include_str!("preempt.yaml"), world, told);
}

#[test]
fn of_equally_good_places_the_recorded_one_is_taken_otherwise_chance_decides() {
    let case = value("{pods: [a node-1 1 4, b node-2 1 4, c node-3 1 4]}");
    let (world, pod) = (world(&case), pod_of(&value("{priority: 9}")));
    let mut asks = pod;
    asks.meta.uid = Uid::parse("asks");
    let container = Value::of([("resources", Value::of([("requests", Value::of([("cpu", "4")]))]))]);
    Rc::make_mut(&mut asks.spec).template.set(&["spec", "containers"], Value::list([container]));
    let place = |prefer: Option<&str>, seed: u64| {
        let tie = TieBreak { prefer, dice: Dice { seed }, attempt: 0 };
        told(&decide(&world.view(&ordinal::api::release::V1_37), &asks, &tie)).split(':').next().unwrap_or_default().to_owned()
    };
    assert!((0..20).all(|seed| place(Some("node-2"), seed) == "node-2"));
    assert!(["node-1", "node-2", "node-3"].iter().all(|node| (0..20).any(|seed| place(None, seed) == *node)));
    assert_eq!(world.tables.all(Kind::Node).count(), 3);
}
