//! Loads of nodes against a recount.

use std::collections::BTreeMap;
use std::rc::Rc;

use ordinal::api::object::meta::Deletion;
use ordinal::api::object::pod::PodPhase;
use ordinal::api::object::{Pod, Uid};
use ordinal::api::well_known::POD_NAME;
use ordinal::base::dice::{Dice, Purpose};
use ordinal::base::time::Time;
use ordinal::base::value::Value;
use ordinal::cluster::scheduler::Loads;

use super::value;

/// Pods of two sets, differing as pods of StatefulSets do.
fn pod(number: u64) -> Pod {
    let spec = "{containers: [{resources: {requests: {cpu: 100m, example.com/gpu: 1}}, ports: [{containerPort: 80, hostPort: 80}]}], \
                volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}";
    let spec = value(spec);
    let labels = [("app", format!("set-{}", number % 2)), (POD_NAME, format!("web-{number}"))];
    let metadata = Value::of([("name", Value::from(format!("web-{number}"))), ("labels", Value::of(labels))]);
    let mut pod = Pod::decode(&Value::of([("metadata", metadata), ("spec", spec)]));
    pod.meta.uid = Uid::from_bits(number << 8);
    pod.node = Some(format!("node-{}", number % 3).into());
    pod
}

#[test]
fn sums_equal_a_recount_whatever_happened() {
    let dice = Dice { seed: 7 };
    let mut alive: BTreeMap<u64, Rc<Pod>> = BTreeMap::new();
    let mut loads = Loads::default();
    for step in 0..500 {
        let number = dice.below(Purpose::Operation, step, 0, 12);
        let mut changed = alive.get(&number).map_or_else(|| pod(number), |p| (**p).clone());
        match dice.below(Purpose::Operation, step, 1, 4) {
            0 => changed.meta.deletion = Some(Deletion { at: Time(0), grace: 0 }),
            1 => changed.status.phase = PodPhase::Succeeded,
            _ => {}
        }
        let changed = Rc::new(changed);
        if dice.below(Purpose::Operation, step, 2, 3) == 0 {
            alive.remove(&number);
            loads.remove(&changed);
        } else {
            alive.insert(number, Rc::clone(&changed));
            loads.place(&changed);
        }
        let mut recount = Loads::default();
        for pod in alive.values() {
            recount.place(pod);
        }
        assert_eq!(loads, recount, "after step {step}");
    }
}
