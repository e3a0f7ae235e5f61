//! Which changes help which refused pods: `wake.yaml`.

use super::{Value, World, pod_of};
use crate::scheduler::Plugin;
use crate::scheduler::wake::{Happening, helps};
use api::object::{Object, Uid};
use api::release::Release;
use base::time::Time;
use server::log::{Actor, Change};
use server::tables::Tables;

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

#[test]
fn a_change_wakes_the_pods_it_could_help() {
    let cases: Vec<Value> = serde_yaml::from_str(include_str!("wake.yaml")).expect("the cases are YAML");
    let mut wrong = Vec::new();
    for case in &cases {
        let side = |key: &str| case.get(key).map(World::object);
        let (before, after): (Option<Object>, Option<Object>) = (side("before"), side("after"));
        let key = before.as_ref().or(after.as_ref()).expect("an object").key();
        let change = Change { revision: 1, at: Time(0), key, before, after, by: Actor::User, signed: None };
        let mut pod = pod_of(case.get("pod").unwrap_or(&Value::Null));
        pod.meta.uid = Uid::parse("Pod default/web-0");
        let tables = Tables::default();
        let release = Release::named(case.text_at(&["release"]).unwrap_or("1.37")).expect("a known release");
        let woken =
            |happening: Happening| PLUGINS.iter().filter(|p| helps(&happening, **p, &pod, &tables)).map(ToString::to_string).collect();
        let got: Vec<String> = Happening::of(&change, release).map(woken).unwrap_or_default();
        let want = case.text_at(&["helps"]).unwrap_or_default();
        if got.join(" ") != want {
            wrong.push(format!("{}\n  want {want}\n  got  {}", case.text_at(&["name"]).unwrap_or_default(), got.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
