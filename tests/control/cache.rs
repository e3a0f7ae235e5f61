//! The indices of the controllers' cache, change by change.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{ClaimVolume, Condition, READY};
use ordinal::api::object::{Claim, Deletion, Meta, NamespacedName, Object, OwnerRef, Pod, PodPhase, StatefulSet, Uid};
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::list::List;
use ordinal::base::time::{Span, Time};
use ordinal::base::value::Value;
use ordinal::control::cache::Cache;

use super::change;

fn claim(leaving: bool) -> Object {
    let deletion = leaving.then_some(Deletion { at: Time(0), grace: 0 });
    let meta = Meta { namespace: "default".into(), name: "data-web-0".into(), deletion, ..Meta::default() };
    Claim { meta, ..Claim::decode(&Value::map()) }.into()
}

fn pod() -> Object {
    let mut pod = Pod::decode(&Value::map());
    pod.meta = Meta { namespace: "default".into(), name: "web-0".into(), ..Meta::default() };
    Rc::make_mut(&mut pod.spec).claims = vec![ClaimVolume { volume: "data".into(), claim: "data-web-0".into(), ephemeral: false }];
    pod.into()
}

/// The indices by name as they are kept: an entry of something that has gone would be seen.
fn indices(cache: &Cache) -> String {
    let all = format!("{cache:?}");
    let (_, from) = all.split_once(", misplaced: {").expect("the first of them");
    let (indices, _) = from.split_once(", dependents: ").expect("what follows them");
    assert!([", on_node: {", ", users: {", ", lacking: {"].iter().all(|name| indices.contains(name)), "{indices}");
    indices.to_owned()
}

/// What the indices say of a set, of a node and of the claims that pods use.
fn told(cache: &Cache, set: Uid) -> String {
    let pods = cache.pods_of(set).map(|pods| {
        let rows: Vec<_> = pods.range(0..i64::MAX).collect();
        let (unselected, counts) = (pods.unselected().count(), pods.counts(Span(0), Time(100)));
        format!("{rows:?} {unselected} {counts:?} {} {}", pods.live_of("a"), pods.live_of("b"))
    });
    let names = |pods: Vec<&Rc<Pod>>| pods.iter().map(|p| p.meta.name.to_string()).collect::<Vec<_>>();
    let on_nodes = ["", "node-1", "node-2"].map(|node| names(cache.pods_on(node).collect()));
    let (orphans, misplaced) = (names(cache.orphans(&"default".into()).collect()), names(cache.misplaced(set).collect()));
    let using = ["data-0", "data-1"].map(|claim| cache.users_of(&NamespacedName::of("default", claim)).collect::<Vec<_>>());
    format!("{pods:?} {on_nodes:?} {orphans:?} {misplaced:?} {using:?} {} {}", cache.lacks_claims(), indices(cache))
}

#[test]
fn the_indices_are_those_of_a_cache_that_sees_each_pod_as_new() {
    let dice = Dice { seed: 11 };
    let raw = Value::of([("selector", Value::of([("matchLabels", Value::of([("app", "nginx")]))]))]);
    let mut set = StatefulSet::decode(&Value::of([("spec", raw)]));
    set.meta = Meta { namespace: "default".into(), name: "web".into(), uid: Uid::from_bits(99), ..Meta::default() };
    let owner = OwnerRef::controller(Kind::StatefulSet, &set.meta);
    let uid = set.meta.uid;
    let mut cache = Cache::default();
    let see = |cache: &mut Cache, before: Option<Object>, after: Option<Object>| {
        if before.is_some() || after.is_some() {
            cache.see(&change(before, after));
        }
    };
    see(&mut cache, None, Some(set.clone().into()));
    for n in 0..2_000 {
        let roll = |k, sides| dice.below(Purpose::Operation, n, k, sides);
        let name = ["web-0", "web-1", "web-2", "web-x"][usize::try_from(roll(1, 4)).unwrap()];
        let old = cache.tables.pod("default", name).cloned();
        let mut new = old.as_deref().cloned().unwrap_or_else(|| {
            let mut new = Pod::decode(&Value::map());
            new.meta = Meta { namespace: "default".into(), name: name.into(), uid: Uid::from_bits(n << 8), ..Meta::default() };
            new
        });
        match roll(2, 7) {
            0 => new.node = [None, Some("node-1"), Some("node-2")][usize::try_from(roll(3, 3)).unwrap()].map(Into::into),
            1 => new.meta.owners = if roll(3, 3) == 0 { List::new() } else { vec![owner.clone()].into() },
            2 => {
                let app = ["nginx", "other"][usize::from(roll(3, 2) == 0)];
                new.meta.labels = Rc::new([("app".into(), app.into())].into_iter().collect());
            }
            3 => {
                let claim = format!("data-{}", roll(3, 2)).into();
                Rc::make_mut(&mut new.spec).claims = vec![ClaimVolume { volume: "data".into(), claim, ephemeral: false }];
            }
            4 => new.set_condition(Condition::new(READY, roll(3, 2) == 0, Time(roll(4, 50)))),
            5 => new.status.phase = if roll(3, 2) == 0 { PodPhase::Running } else { PodPhase::Failed },
            _ => new.meta.deletion = Some(Deletion { at: Time(0), grace: 0 }),
        }
        let goes = old.is_some() && roll(5, 12) == 0;
        see(&mut cache, old.map(Into::into), (!goes).then(|| new.into()));
        let mut fresh = Cache::default();
        see(&mut fresh, None, Some(set.clone().into()));
        for pod in cache.tables.pods() {
            see(&mut fresh, None, Some(Rc::clone(pod).into()));
        }
        assert_eq!(told(&cache, uid), told(&fresh, uid), "after {n}");
    }
}

#[test]
fn a_claim_is_lacking_while_a_pod_uses_it_and_it_is_not_there_or_leaves() {
    let mut cache = Cache::default();
    for (before, after, lacks) in [
        (None, Some(claim(false)), false),
        (None, Some(pod()), false),
        (Some(claim(false)), Some(claim(true)), true),
        (Some(claim(true)), None, true),
        (Some(pod()), Some(pod()), true),
        (None, Some(claim(false)), false),
        (Some(claim(false)), Some(claim(true)), true),
        (Some(pod()), None, false),
        (Some(claim(true)), None, false),
        (None, Some(pod()), true),
    ] {
        let change = change(before, after);
        cache.see(&change);
        assert_eq!(cache.lacks_claims(), lacks, "after {change:?}");
    }
}
