//! Slots, compared with a B-tree of the standard library; and what clones share.

use ordinal::base::dice::{Dice, Purpose, mix};
use ordinal::base::slots::{SlotId, Slots};
use std::collections::BTreeMap;
use std::rc::Rc;

#[test]
fn entries_are_found_as_in_a_b_tree() {
    let dice = Dice { seed: 3 };
    for (keys, spread) in [(40, u64::MAX), (3_000, u64::MAX), (60, 0x8f), (60, 3)] {
        let (mut ours, mut theirs) = (Slots::default(), BTreeMap::new());
        let hash = |key: u64| u32::try_from(mix(key) & spread & 0xffff_ffff).expect("32 bits");
        let mut kept = Vec::new();
        for n in 0..12_000 {
            let key = dice.below(Purpose::Operation, n, 1, keys);
            let place = ours.find(hash(key), |(other, _)| *other == key);
            assert_eq!(place.and_then(|place| ours.get(place)), theirs.get(&key), "before {n}");
            match (place, dice.below(Purpose::Operation, n, 2, 3)) {
                (Some(place), 0) => assert_eq!(ours.remove(hash(key), place), theirs.remove(&key)),
                (Some(place), _) => {
                    *ours.get_mut(place).expect("an entry") = (key, n);
                    theirs.insert(key, (key, n));
                }
                (None, _) => {
                    let place = ours.add(hash(key), (key, n));
                    assert_eq!(ours.get(place), Some(&(key, n)));
                    theirs.insert(key, (key, n));
                }
            }
            assert_eq!(ours.len(), theirs.len());
            if n % 4_000 == 0 {
                kept.push((ours.clone(), theirs.clone()));
            }
        }
        for (ours, theirs) in kept {
            for key in 0..keys {
                let found = ours.find(hash(key), |(other, _)| *other == key).and_then(|place| ours.get(place));
                assert_eq!(found, theirs.get(&key), "a clone is as it was");
            }
        }
    }
}

#[test]
fn a_place_is_given_again_and_not_in_a_clone() {
    let mut slots = Slots::default();
    let places: Vec<SlotId> = (0..100).map(|n| slots.add(n, n)).collect();
    let kept = slots.clone();
    assert_eq!(slots.remove(50, places[50]), Some(50));
    assert_eq!(slots.remove(50, places[50]), None);
    assert_eq!(slots.add(500, 500), places[50]);
    assert_eq!((kept.get(places[50]), slots.get(places[50])), (Some(&50), Some(&500)));
    slots.retain(|n| *n, |n| *n >= 90);
    assert_eq!((slots.len(), slots.find(500, |n| *n == 500), slots.find(89, |n| *n == 89)), (11, Some(places[50]), None));
    assert_eq!((kept.len(), kept.find(89, |n| *n == 89)), (100, Some(places[89])));
}

#[test]
fn clones_share_what_neither_changes() {
    let entry = Rc::new(());
    let mut slots = Slots::default();
    let places: Vec<SlotId> = (0..100).map(|n| slots.add(n, entry.clone())).collect();
    let kept = slots.clone();
    assert_eq!(Rc::strong_count(&entry), 101, "a clone copies no entry");
    let removed = slots.remove(50, places[50]);
    assert_eq!((removed.is_some(), kept.len()), (true, 100));
    assert_eq!(Rc::strong_count(&entry), 101 + 32, "only the entries beside the removed one are copied");
}
