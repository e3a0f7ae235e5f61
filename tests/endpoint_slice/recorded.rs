//! The slices of real clusters while their pods came and went.

use ordinal::base::sorted::{SortedMap, SortedSet};
use std::fs;
use std::path::Path;
use std::rc::Rc;

use ordinal::api::kind::Kind;
use ordinal::api::object::pod::{Condition, Ip, PodPhase, READY};
use ordinal::api::object::{Deletion, Name, Object, ObjectKey, Pod};
use ordinal::base::time::Time;
use ordinal::base::value::{Map, Value};

use crate::endpoint_slice::world::{World, json};

fn recorded_content(entry: &Value) -> String {
    let text = |e: &Value, key: &str| e.text_at(&[key]).unwrap_or_default().to_owned();
    let flag = |e: &Value, key: &str| e.get(key).and_then(Value::as_bool).unwrap_or_default();
    let line = |e: &Value| {
        let flags = ["ready", "serving", "terminating"].map(|k| flag(e, k).to_string()).join(" ");
        format!("{} {} {} {flags}", text(e, "pod"), text(e, "hostname"), text(e, "node"))
    };
    let mut lines: Vec<String> = entry.list_at(&["endpoints"]).iter().map(line).collect();
    lines.sort();
    let ports: SortedSet<String> = entry.list_at(&["ports"]).iter().filter_map(|p| p.as_text().map(str::to_owned)).collect();
    format!("{lines:?} {ports:?}")
}

/// Plays a recording's pods and Services; returns the contents of its slices and of the model's.
fn play(lines: &str) -> (World, SortedMap<Name, Vec<String>>) {
    let mut lines = lines.lines().map(json);
    let head = lines.next().expect("a head");
    let mut world = World::with_nodes(&["node-1", "node-2", "node-3"]);
    let mut recorded: SortedMap<Name, Vec<String>> = SortedMap::new();
    for entry in lines {
        let name: Name = entry.text_at(&["name"]).unwrap_or_default().into();
        match entry.text_at(&["e"]).unwrap_or_default() {
            "endpoints" => {
                let service: Name = entry.text_at(&["service"]).unwrap_or_default().into();
                recorded.entry(service).or_default().push(recorded_content(&entry));
            }
            "svc.created" => {
                let manifests = head.list_at(&["services"]);
                if let Some(manifest) = manifests.iter().find(|m| m.text_at(&["metadata", "name"]) == Some(&name)) {
                    world.put_service(manifest);
                }
            }
            "svc.spec" => {
                let mut manifest = world.view.service("default", &name).expect("the Service").encode();
                for (path, values) in entry.get("changed").and_then(Value::as_map).into_iter().flat_map(Map::iter) {
                    let path: Vec<&str> = std::iter::once("spec").chain(path.split('.')).collect();
                    manifest.set(&path, values.as_list().and_then(|v| v.last()).cloned().unwrap_or_default());
                }
                world.put_service(&manifest);
            }
            "svc.removed" => {
                world.view.remove(&ObjectKey::new(Kind::Service, &"default".into(), &name));
                world.memories.remove(&name);
                let gone: Vec<Object> = world.slices(&name).into_iter().map(|s| s.clone().into()).collect();
                for slice in gone {
                    world.view.remove(&slice.key());
                }
            }
            "node.removed" => drop(world.view.remove(&ObjectKey::new(Kind::Node, &"".into(), &name))),
            kind => play_pod(&mut world, &head, &entry, kind, &name),
        }
    }
    (world, recorded)
}

fn play_pod(world: &mut World, head: &Value, entry: &Value, kind: &str, name: &Name) {
    let text = |key: &str| entry.text_at(&[key]).unwrap_or_default();
    let revision = world.revision;
    let shown = |pod: &mut Pod, ready: bool| pod.set_condition(Condition::new(READY, ready, Time(revision * 1000)));
    match kind {
        "pod.created" => {
            let owner = entry.list_at(&["owners"]).first().and_then(Value::as_text).unwrap_or_default();
            let owner = owner.split(['/', '@', ' ']).nth(1).unwrap_or_default().to_owned();
            let key = if owner.is_empty() { format!("Pod/{name}") } else { owner };
            let mut labels = head.at(&["labels", &key]).cloned().unwrap_or_else(Value::map);
            labels.set(&["statefulset.kubernetes.io/pod-name"], name);
            let metadata = Value::of([("name", Value::from(name)), ("namespace", "default".into()), ("labels", labels)]);
            let spec = Value::of([("hostname", text("hostname")), ("subdomain", text("subdomain"))]);
            let mut pod = Pod::decode(&Value::of([("metadata", metadata), ("spec", spec)]));
            pod.meta.uid = world.stamp().1;
            world.put_pod(name, Some(&pod));
        }
        "pod.removed" => drop(world.put_pod(name, None)),
        "pod.bound" => drop(world.change(name, |pod| pod.node = Some(text("node").into()))),
        "pod.phase" => {
            let address = Ip([10, 244, 0, u8::try_from(revision % 250).unwrap_or(0)]);
            let phase = [PodPhase::Pending, PodPhase::Running, PodPhase::Succeeded, PodPhase::Failed];
            let phase = phase.into_iter().find(|p| p.word() == text("phase")).unwrap_or_default();
            world.change(name, |pod| {
                pod.status.phase = phase;
                if phase == PodPhase::Running {
                    pod.status.ip.get_or_insert(address);
                }
            });
        }
        "pod.condition" => drop(world.change(name, |pod| shown(pod, text("status") == "True"))),
        "pod.deleting" => drop(world.change(name, |pod| pod.meta.deletion = Some(Deletion { at: Time(0), grace: 0 }))),
        "pod.labels" => drop(world.change(name, |pod| {
            let mut labels = SortedMap::clone(&pod.meta.labels);
            entry.list_at(&["dropped"]).iter().filter_map(Value::as_text).for_each(|key| drop(labels.remove(key)));
            let set = entry.get("set").and_then(Value::as_map).into_iter().flat_map(Map::iter);
            labels.extend(set.filter_map(|(k, v)| Some((k.clone(), v.as_shared_text()?))));
            pod.meta.labels = Rc::new(labels);
        })),
        _ => {}
    }
}

/// Whether `part` is a subsequence of `whole`.
fn comes_in(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|p| rest.any(|w| w == p))
}

#[test]
fn slices_go_through_every_recorded_content_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/endpoints");
    let mut count = 0;
    for file in fs::read_dir(folder).expect("the recordings") {
        let path = file.expect("a file").path();
        let (world, recorded) = play(&fs::read_to_string(&path).expect("text"));
        for (service, mut recorded) in recorded {
            recorded.dedup();
            let ours = world.contents.get(&service).cloned().unwrap_or_default();
            let place = format!("{} {service}", path.display());
            let reached = (0..=recorded.len()).rev().find(|n| comes_in(&recorded[..*n], &ours)).unwrap_or(0);
            assert_eq!(recorded.get(reached), None, "{place}: never held after {:?}; held {ours:#?}", recorded[..reached].last());
            assert_eq!(recorded.last(), ours.last(), "{place}");
            count += recorded.len();
        }
    }
    println!("{count} recorded contents");
    assert!(count > 150, "the recordings are all there");
}
