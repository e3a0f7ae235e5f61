//! A sorted map compared with the standard library's, and the sharing between its clones.

use ordinal::base::sorted::{SortedMap, SortedSet};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Pseudo-random numbers from a fixed seed.
fn numbers(count: usize) -> impl Iterator<Item = u64> {
    let mut state: u64 = 7;
    (0..count).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

#[test]
fn whatever_is_done_a_sorted_map_is_what_a_b_tree_would_be() {
    for (keys, steps) in [(10, 200), (600, 4000), (100_000, 3000)] {
        let (mut ours, mut theirs) = (SortedMap::new(), BTreeMap::new());
        for (step, number) in numbers(steps).enumerate() {
            let key = number % keys;
            match number % 7 {
                0 | 1 => assert_eq!(ours.remove(&key), theirs.remove(&key)),
                2 => *ours.entry(key).or_default() += step,
                _ => assert_eq!(ours.insert(key, step), theirs.insert(key, step)),
            }
            if number % 7 == 2 {
                *theirs.entry(key).or_default() += step;
            }
            assert_eq!(ours.get(&key), theirs.get(&key));
            assert!(ours.range(key..key + keys / 3).eq(theirs.range(key..key + keys / 3)), "from {key}");
            assert!(ours.range(..=key).rev().eq(theirs.range(..=key).rev()), "to {key}");
        }
        ours.retain(|key, _| key % 3 > 0);
        theirs.retain(|key, _| key % 3 > 0);
        assert!(ours.iter().eq(theirs.iter()) && ours.iter().rev().eq(theirs.iter().rev()));
        assert_eq!(ours.len(), theirs.len());
        assert_eq!(ours.last_key_value(), theirs.last_key_value());
        assert_eq!(ours.pop_first(), theirs.pop_first());
    }
}

#[test]
fn how_a_map_came_about_does_not_show() {
    let value = Rc::new(());
    let (up, down): (SortedMap<_, _>, SortedMap<_, _>) =
        ((0..500).map(|k| (k, value.clone())).collect(), (0..500).rev().map(|k| (k, value.clone())).collect());
    // The entries that a change of a clone copies are those of a run.
    let run_length = |map: &SortedMap<u64, Rc<()>>| {
        let before = Rc::strong_count(&value);
        let mut clone = map.clone();
        clone.get_mut(&250).expect("a key");
        Rc::strong_count(&value) - before
    };
    assert_ne!(run_length(&up), run_length(&down));
    assert_eq!(up, down);
}

#[test]
fn an_empty_or_inverted_range_has_nothing_in_it() {
    let set: SortedSet<u64> = (0..1000).collect();
    for (from, to) in [(400, 400), (900, 100), (2000, 3000)] {
        assert_eq!(set.range(from..to).count(), 0, "{from} to {to}");
    }
}

#[test]
fn a_clone_shares_its_runs_until_one_of_them_changes() {
    let owner = Rc::new(());
    let mut map: SortedMap<u64, (u64, Rc<()>)> = (0..1000).map(|key| (key, (key, owner.clone()))).collect();
    let kept = map.clone();
    assert_eq!(Rc::strong_count(&owner), 1001, "a clone copies no entry");
    map.get_mut(&500).expect("a key").0 = 7;
    let run = Rc::strong_count(&owner) - 1001;
    map.remove(&0);
    assert_eq!((kept[&500].0, kept.len(), kept.get(&0).map(|value| value.0)), (500, 1000, Some(0)));
    assert_eq!((map[&500].0, map.len()), (7, 999));
    assert!((1..100).contains(&run), "a change copies the entries beside it: {run}");
    assert_eq!(Rc::strong_count(&owner), 1001 + 2 * run - 1, "only what changed is copied");
}
