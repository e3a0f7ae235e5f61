//! The queue, played line by line.

use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::{Object, ObjectKey, SchedulingRules};
use ordinal::api::release::V1_37;
use ordinal::base::sorted::SortedSet;
use ordinal::base::time::Time;
use ordinal::cluster::scheduler::{Plugin, Queue};
use ordinal::control::cache::Cache;
use ordinal::server::log::{Actor, Change};

use super::{Value, pod_of};

/// Plays lines of `milliseconds verb arguments`:
/// `push NAME [PRIORITY] [gated]`, `pop NAME` (`-` for none), `refused NAME`, `error NAME`, `forget NAME`, `next MILLISECONDS` (`-` for
/// never), and `left NAME`: a pod left its node, which wakes NAME (`-` for nobody).
fn check(script: &str) {
    let mut cache = Cache::default();
    let mut queue = Queue::default();
    for line in script.lines().map(str::trim).filter(|l| !l.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [now, verb, argument, rest @ ..] = words.as_slice() else { panic!("too short: {line}") };
        let now = Time(now.parse().expect("milliseconds"));
        let key = ObjectKey::new(Kind::Pod, &"default".into(), &(*argument).into());
        match *verb {
            "push" => {
                let mut pod = pod_of(&Value::map());
                pod.meta.name = (*argument).into();
                cache.tables.insert(pod.into());
                let priority = rest.iter().find_map(|w| w.parse().ok()).unwrap_or(0);
                queue.push(&key, &SchedulingRules { priority, gated: rest.contains(&"gated"), ..SchedulingRules::default() }, now);
            }
            "pop" => {
                let got = queue.pop(now).map_or("-".to_owned(), |(key, _)| key.name.to_string());
                assert_eq!(got, *argument, "{line}");
            }
            "refused" => queue.failed(&key, SortedSet::from([Plugin::NodeResourcesFit]), now),
            "error" => queue.failed(&key, SortedSet::new(), now),
            "forget" => queue.forget(&key),
            "next" => {
                let got = queue.next_time().map_or("-".to_owned(), |t| t.0.to_string());
                assert_eq!(got, *argument, "{line}");
            }
            "left" => {
                let woken = queue.wake(&departure(), &V1_37, &cache, now);
                let names: Vec<&str> = woken.iter().map(|k| &*k.name).collect();
                assert_eq!(if names.is_empty() { "-".to_owned() } else { names.join(" ") }, words[2..].join(" "), "{line}");
            }
            other => panic!("no such verb: {other}"),
        }
    }
}

/// A pod left its node.
fn departure() -> Change {
    let mut pod = pod_of(&Value::map());
    pod.node = Some("node-1".into());
    let before = Object::Pod(Rc::new(pod));
    Change { revision: 1, at: Time(0), key: before.key(), before: Some(before), after: None, by: Actor::User, signed: None }
}

#[test]
fn the_higher_priority_goes_first_then_the_longer_wait() {
    check(
        "0 push a
         5 push b
         5 push c 10
         9 next 5
         9 pop c
         9 pop a
         9 pop b
         9 pop -
         9 next -",
    );
}

#[test]
fn a_refused_pod_waits_for_something_that_helps_it() {
    check(
        "0 push a
         0 pop a
         0 refused a
         400 pop -
         400 left a
         400 pop a
         400 left -",
    );
}

#[test]
fn a_refused_pod_sits_out_its_back_off_only_while_others_can_be_tried() {
    check(
        "0 push a
         0 pop a
         0 refused a
         400 left a
         400 push b
         400 push c
         400 next 0
         400 pop b
         400 pop c
         400 pop a",
    );
}

#[test]
fn an_error_is_tried_again_at_the_end_of_the_second_in_which_the_back_off_ends() {
    check(
        "300 push a
         300 pop a
         310 error a
         400 left -
         1999 pop -
         1999 next 2000
         2000 pop a
         2000 error a
         4999 pop -
         5000 pop a",
    );
}

#[test]
fn back_offs_double_up_to_ten_seconds() {
    check(
        "0 push a
         0 pop a
         0 error a
         0 next 2000
         2000 pop a
         2000 error a
         2000 next 5000
         5000 pop a
         5000 error a
         5000 next 10000
         10000 pop a
         10000 error a
         10000 next 19000
         19000 pop a
         19000 error a
         19000 next 30000
         30000 pop a
         30000 error a
         30000 next 41000",
    );
}

#[test]
fn a_refusal_ends_a_row_of_errors() {
    check(
        "0 push a
         0 pop a
         0 error a
         2000 pop a
         2000 refused a
         2500 left a
         2500 pop a
         2500 error a
         2500 next 4000",
    );
}

#[test]
fn after_five_minutes_a_refused_pod_is_tried_whatever_happened() {
    check(
        "1000 push a
         1000 pop a
         1000 refused a
         1000 next 330000
         329999 pop -
         330000 pop a",
    );
}

#[test]
fn a_pod_that_is_gone_is_not_tried() {
    check(
        "0 push a
         0 forget a
         0 pop -
         0 push a
         0 push a
         0 pop a
         0 pop -
         0 forget a
         0 refused a
         0 left -
         0 next -",
    );
}

#[test]
fn a_gated_pod_waits_for_its_gates_alone() {
    check(
        "0 push a gated
         0 pop -
         0 left -
         0 next -
         900000 pop -",
    );
}

#[test]
fn those_that_failed_at_the_same_instant_are_tried_in_the_order_in_which_they_failed() {
    check(
        "0 push zz
         0 push aa
         5 pop zz
         5 refused zz
         5 pop aa
         5 refused aa
         3000 left aa zz
         3000 pop zz
         3000 refused zz
         3000 pop aa
         3000 refused aa
         3001 left aa zz
         9000 pop zz
         9000 pop aa",
    );
}
