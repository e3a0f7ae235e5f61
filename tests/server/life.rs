//! The life of a pod, from writes.

use std::rc::Rc;

use ordinal::api::object::pod::{Condition, READY};
use ordinal::api::object::{Deletion, Object, Pod};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::server::life::{Event, Life};
use ordinal::server::log::{Actor, Change};

/// A write at so many seconds; nothing after it where `edit` is `None`.
fn write(before: Option<&Rc<Pod>>, edit: Option<&dyn Fn(&mut Pod)>, at: u64, by: Actor) -> Change {
    let mut pod = before.map_or_else(|| Pod::decode(&Value::default()), |pod| Pod::clone(pod));
    pod.meta.name = "web-0".into();
    let after = edit.map(|edit| {
        edit(&mut pod);
        Object::Pod(Rc::new(pod.clone()))
    });
    Change { revision: at, at: Time(at * 1000), key: pod.key(), before: before.cloned().map(Object::Pod), after, by, signed: None }
}

fn ready(is_so: bool) -> impl Fn(&mut Pod) {
    move |pod| pod.set_condition(Condition::new(READY, is_so, Time(0)))
}

fn leaving(pod: &mut Pod) {
    pod.meta.deletion = Some(Deletion { at: Time(90_000), grace: 30 });
}

/// A life of writes that follow one another, and what each was.
fn live(writes: &[(u64, Option<&dyn Fn(&mut Pod)>, Actor)]) -> (Life, Vec<Option<Event>>) {
    let first = write(None, Some(&|_| {}), 1, Actor::Setup);
    let mut life = Life::of(first.object().and_then(Object::as_pod).expect("a pod"), first.at);
    let events = writes.iter().map(|(at, edit, by)| {
        let pod = Rc::clone(&life.pod);
        life.take(&write(Some(&pod), *edit, *at, by.clone()))
    });
    let events = events.collect();
    (life, events)
}

#[test]
fn a_life_has_each_instant_of_what_happened_to_its_pod() {
    let kubelet = || Actor::Kubelet("node-1".into());
    let (life, events) = live(&[
        (2, Some(&|pod| pod.node = Some("node-1".into())), Actor::Scheduler),
        (3, Some(&ready(true)), kubelet()),
        (7, Some(&leaving), Actor::User),
        (8, Some(&ready(false)), kubelet()),
        (9, None, kubelet()),
    ]);
    let wanted = [Some(Event::Bound("node-1".into())), Some(Event::Ready), Some(Event::Deleted(Actor::User)), None, Some(Event::Gone)];
    assert_eq!(events, wanted);
    let ready: Vec<_> = life.ready.iter().map(|stretch| (stretch.from.seconds(), stretch.to.map(Time::seconds))).collect();
    assert_eq!((ready, life.lost(), life.serves()), (vec![(3, Some(7))], None, false));
    assert_eq!((life.ended(), &life.gone), (Some(&(Time(7_000), Actor::User)), &Some((Time(9_000), kubelet()))));
}

#[test]
fn a_pod_is_lost_once_it_is_no_longer_ready_though_nobody_had_asked() {
    let silent = || Actor::Kubelet("node-1".into());
    let (life, events) = live(&[(3, Some(&ready(true)), silent()), (5, Some(&ready(false)), silent()), (9, Some(&leaving), Actor::User)]);
    assert_eq!(events, [Some(Event::Ready), Some(Event::Unready), Some(Event::Deleted(Actor::User))]);
    assert_eq!(life.lost(), Some(Time(5_000)));
    let (life, _) = live(&[(3, Some(&ready(true)), silent()), (5, Some(&ready(false)), silent()), (6, Some(&ready(true)), silent())]);
    assert_eq!((life.lost(), life.serves()), (None, true));
}

#[test]
fn a_pod_that_is_taken_away_unasked_ended_then() {
    let (life, events) = live(&[(4, None, Actor::User)]);
    assert_eq!((events, life.ended()), (vec![Some(Event::Gone)], Some(&(Time(4_000), Actor::User))));
    // Who asked for the end of a pod that was leaving already is unknown.
    let (mut asked_before, _) = live(&[(4, Some(&leaving), Actor::User)]);
    asked_before.asked = None;
    let gone = write(Some(&Rc::clone(&asked_before.pod)), None, 6, Actor::Scheduler);
    assert_eq!((asked_before.take(&gone), asked_before.ended()), (Some(Event::Gone), None));
}
