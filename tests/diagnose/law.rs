//! The law of a dump: no verdict contradicts what an object says of itself, and one that did would be caught.

use std::collections::BTreeMap;

use ordinal::api::kind::Kind;
use ordinal::api::object::ObjectKey;
use ordinal::api::release::V1_37;
use ordinal::base::time::Span;
use ordinal::base::value::Value;
use ordinal::intake::{Door, Dump, Fact, against, diagnose};
use rig::random::{WorkloadMix, cluster};

use super::{CLUSTER, GIVEN, OWN, cases};

/// So many random clusters are printed, each after so many operations at most.
const SEEDS: u64 = 60;
const OPERATIONS: u64 = 30;
/// From the last operation until a cluster is printed.
const LATER: Span = Span::seconds(90);

/// The dumps of the tests, by name.
fn dumps() -> Vec<(String, String)> {
    let of = |folder| cases(folder).into_iter().map(|case| (case.name.clone(), case.file(CLUSTER)));
    let mut all: Vec<(String, String)> = [GIVEN, OWN].into_iter().flat_map(of).collect();
    let printed = |seed: u64| {
        let mix = WorkloadMix::ALL[usize::from(seed.is_multiple_of(2))];
        Some((format!("seed {seed}"), super::dump(&cluster(mix, seed, 5 + seed % OPERATIONS, LATER, &V1_37)?)))
    };
    all.extend((1..=SEEDS).filter_map(printed));
    all
}

#[test]
fn no_verdict_contradicts_an_object() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, text) in dumps() {
        let report = diagnose([&*text]);
        if report.door != Door::Dump {
            continue;
        }
        let dump = Dump::read([&*text]);
        count += report.verdicts.len();
        let broken =
            |one: &ordinal::intake::Verdict| Some(format!("{name}: {:?} of {}: {:?}", one.cause, one.object, against(&dump, one)?));
        wrong.extend(report.verdicts.iter().filter_map(broken));
        for key in &report.well {
            let unready = dump.of(Kind::StatefulSet).filter(|set| is_it(set, key)).any(|set| {
                let ready = set.int_at(&["status", "readyReplicas"]).unwrap_or(0);
                ready < set.int_at(&["spec", "replicas"]).unwrap_or(1) && set.int_at(&["status", "replicas"]).unwrap_or(0) > ready
            });
            wrong.extend(unready.then(|| format!("{name}: {key} is called well")));
        }
    }
    println!("{count} verdicts of dumps");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

fn is_it(value: &Value, key: &ObjectKey) -> bool {
    value.text_at(&["metadata", "name"]) == Some(&key.name)
        && value.text_at(&["metadata", "namespace"]).unwrap_or_default() == &*key.namespace
}

/// An object that says the contrary of what most verdicts on it say: it is there, Ready, Bound, of the newest revision, and stays.
fn contrary(kind: Kind, value: &Value) -> Vec<Value> {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut other = value.clone();
        change(&mut other);
        other
    };
    let leaves = value.at(&["metadata", "deletionTimestamp"]).is_some();
    let ready = Value::list([Value::of([("type", "Ready"), ("status", "True")])]);
    let mut all = vec![with(&|one| {
        if leaves {
            one.remove(&["metadata", "deletionTimestamp"]);
        } else {
            one.set(&["metadata", "deletionTimestamp"], "2026-01-01T00:00:00Z");
        }
    })];
    match kind {
        Kind::Pod => {
            all.push(with(&|one| one.set(&["status", "conditions"], ready.clone())));
            all.push(with(&|one| {
                for list in ["containerStatuses", "initContainerStatuses"] {
                    let runs = |status: &Value| {
                        let mut status = status.clone();
                        status.set(&["restartCount"], 0);
                        status.set(&["state"], Value::of([("running", Value::map())]));
                        status.remove(&["lastState"]);
                        status
                    };
                    let statuses: Vec<Value> = one.list_at(&["status", list]).iter().map(runs).collect();
                    one.set(&["status", list], Value::list(statuses));
                }
            }));
        }
        Kind::PersistentVolumeClaim => all.push(with(&|one| one.set(&["status", "phase"], "Bound"))),
        Kind::PersistentVolume => all.push(with(&|one| one.set(&["status", "phase"], "Bound"))),
        Kind::Node => all.push(with(&|one| {
            one.set(&["status", "conditions"], ready.clone());
            one.set(&["spec", "unschedulable"], false);
        })),
        Kind::PodDisruptionBudget => all.push(with(&|one| one.set(&["status", "disruptionsAllowed"], 1))),
        Kind::StatefulSet => all.push(with(&|one| {
            one.set(&["status", "readyReplicas"], 0);
            one.set(&["status", "updateRevision"], value.text_at(&["status", "currentRevision"]).unwrap_or_default());
        })),
        _ => {}
    }
    all
}

#[test]
fn a_verdict_against_an_object_is_caught() {
    let (mut caught, mut all) = (BTreeMap::<String, usize>::new(), 0);
    for (_, text) in dumps() {
        let report = diagnose([&*text]);
        let dump = Dump::read([&*text]);
        for verdict in &report.verdicts {
            let Some(at) = dump.objects.iter().position(|one| one.kind == verdict.object.kind && is_it(&one.value, &verdict.object)) else {
                continue;
            };
            all += 1;
            let mut heard = dump.clone();
            for node in heard.objects.iter_mut().filter(|one| one.kind == Kind::Node) {
                node.value = contrary(Kind::Node, &node.value).pop().expect("a node that is heard");
            }
            if let Some(fact) = against(&heard, verdict) {
                *caught.entry(format!("{fact:?}")).or_default() += 1;
            }
            for other in contrary(verdict.object.kind, &dump.objects[at].value) {
                let mut changed = dump.clone();
                changed.objects[at].value = other;
                if let Some(fact) = against(&changed, verdict) {
                    *caught.entry(format!("{fact:?}")).or_default() += 1;
                }
            }
        }
    }
    println!("{all} verdicts on objects of dumps; what was changed to the contrary was caught: {caught:?}");
    for fact in [Fact::Ready, Fact::Deletion, Fact::Exit, Fact::Phase, Fact::Condition, Fact::Count] {
        assert!(caught.contains_key(&format!("{fact:?}")), "{fact:?} was never caught: {caught:?}");
    }
}
