//! What is kept of a ReplicaSet's pods, against a walk over all of them.

use std::collections::BTreeMap;

use ordinal::api::object::Name;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::{Span, Time};
use ordinal::control::replica_pods::{Life, ReplicaCounts, ReplicaFacts, ReplicaPods};

fn facts(dice: Dice, n: u64) -> ReplicaFacts {
    let roll = |k, sides| dice.below(Purpose::Operation, n, k, sides);
    let lives = [Life::Active, Life::Active, Life::Terminating, Life::Ended];
    ReplicaFacts {
        life: lives[usize::try_from(roll(1, 4)).unwrap()],
        ready: (roll(3, 2) == 0).then(|| Time(roll(4, 90))),
        labeled: roll(5, 5) != 0,
        selected: roll(6, 5) != 0,
    }
}

/// The slow twin: what a walk over all pods finds.
fn check(pods: &ReplicaPods, rows: &BTreeMap<Name, ReplicaFacts>, min_ready: Span, now: Time) {
    let count = |f: &dyn Fn(&ReplicaFacts) -> bool| i64::try_from(rows.values().filter(|r| f(r)).count()).unwrap();
    let counted = |r: &ReplicaFacts| r.active() && r.selected;
    let walked = ReplicaCounts {
        active: count(&counted),
        labeled: count(&|r| counted(r) && r.labeled),
        ready: count(&|r| counted(r) && r.ready.is_some()),
        available: count(&|r| counted(r) && r.ready.is_some_and(|since| since + min_ready <= now)),
        terminating: count(&|r| r.life == Life::Terminating && r.selected),
    };
    assert_eq!(pods.counts(min_ready, now), walked);
    assert_eq!(pods.any_lasting(), rows.values().any(|r| r.life != Life::Ended));
    let young = |r: &ReplicaFacts| r.ready.filter(|_| counted(r)).map(|since| since + min_ready).filter(|at| *at > now);
    assert_eq!(pods.next_available(min_ready, now), rows.values().filter_map(young).min());
    let unavailable = |r: &ReplicaFacts| counted(r) && r.ready.is_none_or(|since| since + min_ready > now);
    let first = pods.first_unavailable(min_ready, now).map(|name| unavailable(&rows[name]));
    assert_eq!(first, rows.values().any(unavailable).then_some(true));
    assert_eq!(pods.strangers().count(), rows.values().filter(|r| r.active() && !r.selected).count());
}

#[test]
fn the_kept_counts_are_those_a_walk_finds() {
    let dice = Dice { seed: 9 };
    let (mut pods, mut rows) = (ReplicaPods::default(), BTreeMap::new());
    for n in 0..4_000 {
        let name: Name = format!("dep-{}", dice.below(Purpose::Operation, n, 10, 12)).into();
        if dice.below(Purpose::Operation, n, 11, 3) == 0 {
            assert_eq!(pods.take(&name), rows.remove(&name));
        } else {
            pods.put(&name, facts(dice, n));
            rows.insert(name, facts(dice, n));
        }
        for min_ready in [Span(0), Span(30)] {
            check(&pods, &rows, min_ready, Time(90));
        }
    }
}
