//! Recorded choices are among the best: `choices.txt`.

use ordinal::api::release::V1_37;
use ordinal::base::dice::Dice;
use ordinal::cluster::scheduler::{TieBreak, Verdict, decide};

use super::{World, pod_of, value, values};

/// A set and its Service, which select the pod.
const GIVEN: &str = "
- {kind: Service, metadata: {name: nginx}, spec: {selector: {app: nginx}}}
- {kind: StatefulSet, metadata: {name: web}, spec: {selector: {matchLabels: {app: nginx}}}}
";

/// The pod.
const POD: &str = "{labels: {app: nginx}, owners: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a, controller: true}]}";

/// A world whose nodes hold what a line says.
fn world(held: &[&str]) -> World {
    let mut world = World::default();
    for object in &values(GIVEN) {
        world.add(object);
    }
    for (i, held) in held.iter().enumerate() {
        let cordoned = *held == "-";
        let node = format!("{{kind: Node, metadata: {{name: node-{i}}}, spec: {{unschedulable: {cordoned}}}}}");
        world.add(&value(&node));
        let counts = held.split('+').map(|n| n.parse().unwrap_or(0));
        for ((label, deleted), count) in [("nginx", "~"), ("nginx", "'2026-01-01T00:00:00Z'"), ("other", "~")].into_iter().zip(counts) {
            for n in 0..count {
                let metadata =
                    format!("{{name: {label}-{i}-{n}-{}, labels: {{app: {label}}}, deletionTimestamp: {deleted}}}", deleted.len());
                let pod = format!("{{kind: Pod, metadata: {metadata}, spec: {{nodeName: node-{i}, containers: [{{name: nginx}}]}}}}");
                world.add(&value(&pod));
            }
        }
    }
    world
}

#[test]
fn the_recorded_choice_is_always_among_the_best() {
    let pod = pod_of(&value(POD));
    for line in include_str!("choices.txt").lines().filter(|l| !l.starts_with('#')) {
        let (held, chosen) = line.split_once("->").expect("an arrow");
        let held: Vec<&str> = held.split_whitespace().collect();
        let chosen = chosen.split_whitespace().next().expect("a choice");
        let world = world(&held);
        let view = world.view(&V1_37);
        let Verdict::Fits(fit) = decide(&view, &pod, &TieBreak { prefer: None, dice: Dice { seed: 1 }, attempt: 0 }) else {
            panic!("nowhere: {line}");
        };
        let most = fit.scores.nodes.iter().map(|s| s.total).max();
        let best = fit.scores.nodes.iter().filter(|s| Some(s.total) == most).map(|s| &*s.node);
        let best: Vec<&str> = if most.is_some() { best.collect() } else { vec![&*fit.node] };
        let holds = |node: &str| node.strip_prefix("node-").and_then(|i| i.parse::<usize>().ok()).map(|i| held[i]);
        assert!(best.iter().any(|node| holds(node) == Some(chosen)), "{line}: best are {best:?}");
    }
}
