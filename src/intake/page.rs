//! A pasted cluster as the page's run starts from it: a text that a link can carry, and a world whose clocks are short.

use super::read::{Dump, EPOCH, Happened, unix};
use super::world::{Assumed, World};
use base::time::Time;
use base::value::Value;
use sim::Sim;

/// The instant of the newest moment that a dump speaks of, in the page. Ages up to a day survive.
pub const NEWEST: Time = Time(24 * 3600 * 1000);
/// The instant of all that is older: not zero, which stands for never.
const OLDEST: Time = Time(1000);
/// Members whose texts are no moments of the object: a template's are compared with those of its revisions, and stay.
const TIMELESS: [&str; 4] = ["annotations", "labels", "data", "template"];

impl Dump {
    /// The objects of kinds that the simulation knows and the Events, without what was dropped as they were read, as JSON of which
    /// [`Dump::read`] makes the same world.
    pub fn text(&self) -> String {
        let mut items: Vec<Value> = self.objects.iter().map(|printed| printed.value.clone()).collect();
        if let (Some(first), Some(newest)) = (items.first_mut(), self.newest) {
            // What was dropped may have had the newest moment. Here it is read, and dropped again.
            let write = Value::of([("time", Value::from(newest.rfc3339()))]);
            first.set(&["metadata", "managedFields"], Value::list([write]));
        }
        items.extend(self.events.iter().map(printed));
        Value::of([("kind", Value::from("List")), ("items", Value::list(items))]).to_json()
    }
}

impl World {
    /// The world of a dump whose newest moment lies at [`NEWEST`].
    pub fn for_page(mut dump: Dump) -> World {
        let is_timed = dump.newest.is_some();
        let seconds = |at: Time| i64::try_from(at.0 / 1000).unwrap_or(i64::MAX);
        let by = dump.newest.map_or(0, |newest| seconds(NEWEST) - seconds(newest));
        for printed in &mut dump.objects {
            move_times(&mut printed.value, by);
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
    (!dump.objects.is_empty() && dump.unread.is_empty()).then(|| World::for_page(dump).sim)
}

/// An instant in seconds of the simulation, moved by some.
fn moved(seconds: i64, by: i64) -> Time {
    u64::try_from(seconds + by).map_or(OLDEST, |seconds| Time(seconds.saturating_mul(1000)).max(OLDEST))
}

/// Moves the moments of an object.
fn move_times(value: &mut Value, by: i64) {
    match value {
        Value::Text(text) => {
            if let Some(at) = unix(text) {
                *value = moved(at - EPOCH, by).rfc3339().into();
            }
        }
        Value::List(_) => value.make_list().iter_mut().for_each(|one| move_times(one, by)),
        Value::Map(_) => {
            for (_, member) in value.make_map().iter_mut().filter(|(key, _)| !TIMELESS.contains(&&***key)) {
                move_times(member, by);
            }
        }
        _ => {}
    }
}

/// An Event as a server prints it.
fn printed(event: &Happened) -> Value {
    let (kind, namespace, name) = &event.about;
    let text = |text: &str| Value::from(text);
    let about = Value::of([("kind", text(kind)), ("namespace", text(namespace)), ("name", text(name))]);
    let mut value = Value::of([
        ("kind", text("Event")),
        ("metadata", Value::of([("name", text(name))])),
        ("involvedObject", about),
        ("reason", text(&event.reason)),
        ("message", text(&event.message)),
        ("source", Value::of([("component", text(&event.source))])),
    ]);
    if let Some(last) = event.last {
        value.set(&["lastTimestamp"], last.rfc3339());
    }
    value
}
