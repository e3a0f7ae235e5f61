//! What is kept of a StatefulSet's pods, against a walk over all of them.

use std::collections::BTreeMap;
use std::ops::Range;

use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::{Pod, PodPhase, Uid};
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::set_pods::{Counts, PodFacts, SetPods};

fn facts(dice: Dice, n: u64) -> PodFacts {
    let roll = |k, sides| dice.below(Purpose::Operation, n, k, sides);
    let phase = [PodPhase::Pending, PodPhase::Running, PodPhase::Running, PodPhase::Failed][usize::try_from(roll(1, 4)).unwrap()];
    PodFacts {
        name: format!("web-{n}").into(),
        uid: Uid::default(),
        revision_seen: 0,
        phase,
        ready: (roll(2, 2) == 0).then(|| Time(roll(3, 90))),
        terminating: roll(4, 4) == 0,
        revision: ["a", "b"][usize::try_from(roll(5, 2)).unwrap()].into(),
        identity: roll(6, 9) != 0,
        storage: roll(7, 9) != 0,
        selected: roll(8, 9) != 0,
    }
}

/// The slow twin: what a walk over all pods finds.
fn check(pods: &SetPods, rows: &BTreeMap<i64, PodFacts>, range: &Range<i64>, min_ready: Span, now: Time) {
    let count = |f: &dyn Fn(&PodFacts) -> bool| i64::try_from(rows.values().filter(|r| f(r)).count()).unwrap();
    let walked = Counts {
        replicas: count(&|_| true),
        ready: count(&PodFacts::running_and_ready),
        available: count(&|r| r.running_and_ready() && r.available(min_ready, now)),
    };
    assert_eq!(pods.counts(min_ready, now), walked);
    assert_eq!(pods.first_missing(range), range.clone().find(|o| !rows.contains_key(o)));
    let settled = |f: &PodFacts| f.running_and_ready() && !f.terminating && f.identity && f.storage && f.selected;
    let first = rows.range(range.clone()).find(|(_, f)| !settled(f) || !f.available(min_ready, now)).map(|(o, _)| *o);
    assert_eq!(pods.first_unsettled(range, min_ready, now), first);
    let young = |f: &PodFacts| f.ready.map(|since| since + min_ready).filter(|at| *at > now);
    assert_eq!(pods.next_available(min_ready, now), rows.values().filter_map(young).min());
    let needs_repair = |f: &PodFacts| f.phase.terminal() || !f.identity || !f.storage;
    let walked: Vec<i64> = rows.range(range.clone()).filter(|(_, f)| needs_repair(f)).map(|(o, _)| *o).collect();
    assert_eq!(pods.needs_repair(range).collect::<Vec<_>>(), walked);
    assert_eq!(pods.live_of("a"), count(&|r| !r.terminating && &*r.revision == "a"));
}

#[test]
fn the_kept_facts_are_those_a_walk_finds() {
    let dice = Dice { seed: 5 };
    let (mut pods, mut rows) = (SetPods::default(), BTreeMap::new());
    for n in 0..4_000 {
        let ordinal = i64::try_from(dice.below(Purpose::Operation, n, 10, 12)).unwrap();
        if dice.below(Purpose::Operation, n, 11, 3) == 0 {
            assert_eq!(pods.take(ordinal), rows.remove(&ordinal));
        } else {
            pods.put(ordinal, facts(dice, n));
            rows.insert(ordinal, facts(dice, n));
        }
        let start = i64::try_from(dice.below(Purpose::Operation, n, 12, 3)).unwrap();
        pods.begin_at(start);
        for min_ready in [Span(0), Span(30)] {
            check(&pods, &rows, &(start..start + 8), min_ready, Time(90));
        }
    }
}

#[test]
fn a_pod_is_available_from_the_whole_second_in_which_it_got_ready() {
    let mut pod = Pod::decode(&Value::map());
    pod.set_condition(Condition::new(READY, true, Time(2_900)));
    let facts = PodFacts::of(&pod, true, true);
    assert_eq!([6_999, 7_000].map(|now| facts.available(Span(5_000), Time(now))), [false, true]);
}
