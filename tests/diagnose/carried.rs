//! A pasted cluster as a link carries it to a page.

use ordinal::api::kind::Kind;
use ordinal::base::time::{Span, Time};
use ordinal::intake::page::{NEWEST, stand};
use ordinal::intake::{Dump, World};
use ordinal::text::diagnose::Assumed;

const OLD: &str = r#"{"items": [
    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "creationTimestamp": "2026-03-05T10:00:09Z"}, "data": {"k": "aHVudGVyMg=="}},
    {"apiVersion": "apps/v1", "kind": "StatefulSet",
     "metadata": {"name": "web", "namespace": "shop", "uid": "6b7c5f0e-8d3c-4f1e-9f1c-0a1b2c3d4e5f", "creationTimestamp": "2019-03-01T10:00:00Z",
                  "managedFields": [{"manager": "hunter2"}],
                  "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "hunter2"}},
     "spec": {"replicas": 1, "serviceName": "web", "selector": {"matchLabels": {"app": "web"}},
              "template": {"metadata": {"labels": {"app": "web"}, "annotations": {"kubectl.kubernetes.io/restartedAt": "2026-03-04T10:00:00Z"}},
                           "spec": {"containers": [{"name": "main", "image": "web:1", "args": ["2026-03-04T10:00:00Z"],
                                                    "env": [{"name": "P", "value": "hunter2"}]}]}}}},
    {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "alone", "namespace": "shop", "creationTimestamp": "2026-03-05T09:59:59Z"},
     "spec": {"containers": [{"name": "main", "image": "web:1"}]}},
    {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"}, "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "alone"},
     "reason": "FailedScheduling", "message": "no \\ \n node", "lastTimestamp": "2026-03-05T10:00:00Z", "source": {"component": "scheduler"}}
]}"#;

#[test]
fn what_a_text_carries_is_clean_and_reads_as_the_same() {
    let dump = Dump::read([OLD]);
    let text = dump.text();
    assert!(!text.contains("hunter2") && !text.contains("aHVudGVyMg") && !text.contains("Secret"), "{text}");
    let again = Dump::read([&*text]);
    assert_eq!((&again.objects, &again.events, again.newest), (&dump.objects, &dump.events, dump.newest));
    assert_eq!((again.unread.len(), again.text()), (0, text));
}

#[test]
fn the_newest_moment_is_a_day_after_the_beginning_and_templates_stay() {
    let world = World::for_page(Dump::read([OLD]));
    assert_eq!((world.at, world.sim.now(), world.dump.newest), (NEWEST, NEWEST, Some(NEWEST)));
    let (tables, ten_seconds) = (world.sim.tables(), Span::seconds(10));
    assert_eq!(tables.pod("shop", "alone").expect("the pod").meta.created + ten_seconds, NEWEST);
    assert_eq!(tables.stateful_set("shop", "web").expect("the set").meta.created, Time(1000));
    let kept = world.dump.of(Kind::StatefulSet).next().expect("the set").to_json();
    assert_eq!(kept.matches("2026-03-04T10:00:00Z").count(), 2, "{kept}");
    assert_eq!(world.dump.events[0].last, Some(Time(NEWEST.0 - 9000)));
    let text = Dump::read([OLD]).text();
    assert_eq!(stand(&text).map(|sim| sim.digest()), Some(world.sim.digest()));
    assert!(stand(&text[..text.len() / 2]).is_none() && stand("").is_none() && stand("kind: Pod").is_none());
}

#[test]
fn a_dump_without_a_moment_says_so() {
    let world = World::for_page(Dump::read(["{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"}}"]));
    assert!(world.assumed.contains(&Assumed::NoTime) && world.at >= NEWEST);
}
