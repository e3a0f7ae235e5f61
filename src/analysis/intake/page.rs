//! A pasted cluster as the page's run starts from it: a text that a link can carry, and a world whose clocks are short.

use super::dump::Dump;
use super::event::Happened;
use super::members::{ASKED, DESCRIBED, MIXED, OTHERWISE, SERVER, WITHHELD};
use super::moments::{EPOCH, move_times};
use super::world::World;
use base::given::SetGiven;
use base::time::Time;
use base::value::Value;
use sim::Sim;
use text::diagnose::Assumed;

/// The instant of the newest moment that a dump speaks of, in the page. Ages up to a day survive.
pub const NEWEST: Time = Time(24 * 3600 * 1000);
/// The instant of all that is older: not zero, which stands for never.
const OLDEST: Time = Time(1000);

impl Dump {
    /// The objects of kinds that the simulation knows and the Events, without what was dropped as they were read, as JSON of which
    /// [`Dump::read`] makes the same world.
    pub fn text(&self) -> String {
        let objects = self.objects.iter().filter(|one| !self.is_told(one)).map(|printed| printed.value.clone());
        let mut items: Vec<Value> = objects.chain(self.events.iter().map(printed)).collect();
        if let (Some(first), Some(newest)) = (items.first_mut(), self.newest) {
            // What was dropped may have had the newest moment. Here it is read, and dropped again.
            let write = Value::of([("time", Value::from(newest.rfc3339()))]);
            first.set(&["metadata", "managedFields"], Value::list([write]));
        }
        let mixed = self.mixed.then(|| (MIXED, Value::from(true)));
        let server = self.server.map(|minor| (SERVER, Value::from(minor)));
        let otherwise = (!self.otherwise.is_empty()).then(|| (OTHERWISE, Value::list(self.otherwise.iter().map(String::as_str))));
        let names = |(kind, namespace, name): &(String, String, String)| Value::list([&**kind, namespace, name]);
        let described = (!self.described.is_empty()).then(|| (DESCRIBED, Value::list(self.described.iter().map(names))));
        let [asked, withheld] = self.asked_text();
        let beside =
            [(ASKED, asked), (WITHHELD, withheld)].into_iter().filter(|(_, list)| list.as_list().is_some_and(|list| !list.is_empty()));
        let more = mixed.into_iter().chain(otherwise).chain(server).chain(described).chain(beside);
        Value::of([("kind", Value::from("List")), ("items", Value::list(items))].into_iter().chain(more)).to_json()
    }
}

impl World {
    /// The world of a dump whose newest moment lies at [`NEWEST`].
    pub fn for_page(mut dump: Dump) -> World {
        let is_timed = dump.newest.is_some();
        let seconds = |at: Time| i64::try_from(at.0 / 1000).unwrap_or(i64::MAX);
        let by = dump.newest.map_or(0, |newest| seconds(NEWEST) - seconds(newest));
        for printed in &mut dump.objects {
            move_times(&mut printed.value, &|at| Some(moved(at - EPOCH, by)));
        }
        for last in dump.events.iter_mut().filter_map(|event| event.last.as_mut()) {
            *last = moved(seconds(*last), by);
        }
        dump.newest = Some(NEWEST);
        dump.moved += by;
        let mut world = World::of(dump);
        if !is_timed {
            world.assumed.push(Assumed::NoTime);
        }
        world
    }
}

/// The cluster of a text that [`Dump::text`] wrote; `None` of any other.
pub fn stand(text: &str) -> Option<Sim> {
    let dump = Dump::read([text]);
    let holds = dump.has_cluster();
    (holds && dump.unread.is_empty()).then(|| World::for_page(dump).sim)
}

/// An instant in seconds of the simulation, moved by some.
fn moved(seconds: i64, by: i64) -> Time {
    u64::try_from(seconds + by).map_or(OLDEST, |seconds| Time(seconds.saturating_mul(1000)).max(OLDEST))
}

/// An Event as a server prints it.
fn printed(event: &Happened) -> Value {
    let (kind, namespace, name) = &event.about;
    let text = |text: &str| Value::from(text);
    let about = Value::of([("kind", text(kind)), ("namespace", text(namespace)), ("name", text(name))]);
    let mut value = Value::of([
        ("kind", text("Event")),
        ("metadata", Value::of([("name", text("event"))])),
        ("involvedObject", about),
        ("reason", text(&event.reason)),
        ("message", text(&event.message)),
        ("source", Value::of([("component", text(&event.source))])),
    ]);
    value.set_some(&["lastTimestamp"], event.last.map(Time::rfc3339));
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::kind::Kind;

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
        let (tables, ten_seconds) = (world.sim.tables(), base::time::Span::seconds(10));
        assert_eq!(tables.pod("shop", "alone").expect("the pod").meta.created + ten_seconds, NEWEST);
        assert_eq!(tables.stateful_set("shop", "web").expect("the set").meta.created, OLDEST);
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
}
