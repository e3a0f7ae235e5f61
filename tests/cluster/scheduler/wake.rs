//! Which changes help which refused pods: `wake.yaml`.

use ordinal::api::object::{Object, Pod, SchedulingRules, Uid};
use ordinal::api::release::Release;
use ordinal::base::sorted::SortedSet;
use ordinal::base::time::Time;
use ordinal::cluster::scheduler::{Plugin, Queue};
use ordinal::control::cache::Cache;
use ordinal::server::log::{Actor, Change};

use super::{Value, World, pod_of, values};

/// Every plugin that refuses.
const PLUGINS: [Plugin; 12] = [
    Plugin::SchedulingGates,
    Plugin::NodeUnschedulable,
    Plugin::NodeName,
    Plugin::TaintToleration,
    Plugin::NodeAffinity,
    Plugin::NodePorts,
    Plugin::NodeResourcesFit,
    Plugin::VolumeRestrictions,
    Plugin::VolumeBinding,
    Plugin::VolumeZone,
    Plugin::PodTopologySpread,
    Plugin::InterPodAffinity,
];

/// Whether a change wakes a pod that this plugin refused.
fn wakes(change: &Change, plugin: Plugin, release: &Release, pod: &Pod) -> bool {
    let object = Object::from(pod.clone());
    let key = object.key();
    let mut cache = Cache::default();
    cache.see(&Change { revision: 1, at: Time(0), key: key.clone(), before: None, after: Some(object), by: Actor::User, signed: None });
    let mut queue = Queue::default();
    queue.push(&key, &SchedulingRules::default(), Time(0));
    queue.pop(Time(0));
    queue.failed(&key, SortedSet::from([plugin]), Time(0));
    queue.wake(change, release, &cache, Time(0)) == [key]
}

#[test]
fn a_change_wakes_the_pods_it_could_help() {
    let cases = values(include_str!("wake.yaml"));
    let mut wrong = Vec::new();
    for case in &cases {
        let side = |key: &str| case.get(key).map(World::object);
        let (before, after): (Option<Object>, Option<Object>) = (side("before"), side("after"));
        let key = before.as_ref().or(after.as_ref()).expect("an object").key();
        let change = Change { revision: 1, at: Time(0), key, before, after, by: Actor::User, signed: None };
        let mut pod = pod_of(case.get("pod").unwrap_or(&Value::Null));
        pod.meta.uid = Uid::parse("Pod default/web-0");
        let release = Release::named(case.text_at(&["release"]).unwrap_or("1.37")).expect("a known release");
        let woken = PLUGINS.iter().filter(|plugin| wakes(&change, **plugin, release, &pod));
        let got: Vec<String> = woken.map(ToString::to_string).collect();
        let want = case.text_at(&["helps"]).unwrap_or_default();
        if got.join(" ") != want {
            wrong.push(format!("{}\n  want {want}\n  got  {}", case.text_at(&["name"]).unwrap_or_default(), got.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
