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
