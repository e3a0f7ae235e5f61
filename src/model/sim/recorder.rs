//! What components say becomes Events: repeats are counted, similar ones aggregated, and what is too much dropped.
//!
//! The count is the recorder's: it goes on when an Event was not written because there were too many, or has been deleted, and the
//! Event is created anew under its name then.
//!
//! Models k8s.io/client-go/tools/record/events_cache.go EventCorrelator and, for the scheduler, whose events are of the later kind,
//! k8s.io/client-go/tools/events/event_broadcaster.go.
//! Not modelled: the last count of a series that has ended, which upstream writes up to twelve minutes later.

use std::rc::Rc;

use super::placement::SOURCE;
use api::kind::Kind;
use api::object::event::EventType;
use api::object::{Event, Meta, Name, Object, ObjectKey, Uid, no_name};
use base::decimal::push_hex;
use base::hash::print_name;
use base::slots::Slots;
use base::time::{Span, Time};
use base::word::Word;
use control::plan::PendingEvent;
use server::Server;
use server::log::Actor;

/// How many different messages of one reason about one object stand by themselves. events_cache.go defaultAggregateMaxEvents.
const MAX_SIMILAR: usize = 10;
/// Over how long messages count as similar. events_cache.go defaultAggregateIntervalInSeconds.
const SIMILAR_WITHIN: Span = Span::seconds(600);
/// How many events of one type a component may write about one object at once. events_cache.go defaultSpamBurst.
const BURST: u64 = 25;
/// How long it takes until it may write one more. events_cache.go defaultSpamQPS.
const REFILL: Span = Span::seconds(300);
/// How long the scheduler remembers what it said last. event_broadcaster.go finishTime.
const SERIES_END: Span = Span::seconds(360);
/// How often it writes down how long its series have become. event_broadcaster.go refreshTime.
const SERIES_TOLD: Span = Span::seconds(1800);
/// What a folded message begins with.
const FOLDED: &str = "(combined from similar events): ";

/// What is remembered of each object that is spoken about, by its uid and its key. Shared, so that a copy of the world does not copy all
/// that was ever said in it.
#[derive(Clone, Debug)]
struct Subjects<T>(Slots<Subject<T>>);

#[derive(Clone, Debug)]
struct Subject<T> {
    uid: Uid,
    key: ObjectKey,
    known: Rc<Vec<T>>,
}

impl<T> Default for Subjects<T> {
    fn default() -> Self {
        Subjects(Slots::default())
    }
}

impl<T: Clone> Subjects<T> {
    /// What is remembered of the object of an event, which may be new.
    fn of(&mut self, pending_event: &PendingEvent) -> &mut Vec<T> {
        let PendingEvent { uid, about, .. } = pending_event;
        let hash = print_name(uid.bits(), &about.namespace, &about.name);
        let place = self.0.find(hash, |subject| subject.uid == *uid && subject.key == *about);
        let new = || Subject { uid: *uid, key: about.clone(), known: Rc::default() };
        let place = place.unwrap_or_else(|| self.0.add(hash, new()));
        Rc::make_mut(&mut self.0.get_mut(place).expect("found or added").known)
    }
}

/// The memory of all recorders.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// What was said about each object.
    subjects: Subjects<Speaker>,
    /// What the scheduler says of each object.
    series: Subjects<Series>,
    serial: u64,
}

/// What the scheduler said of one version of an object for one reason, whatever its words: the first words stand.
#[derive(Clone, Debug)]
struct Series {
    reason: Word,
    revision: u64,
    count: i64,
    last: Time,
    told: Time,
    /// As it was first.
    event: Rc<Event>,
}

/// A component that speaks about an object, in events of one type: warnings use up nothing of what may be told otherwise.
#[derive(Clone, Debug)]
struct Speaker {
    source: Word,
    kind: EventType,
    /// How many events it may still write, and since when that is so.
    tokens: u64,
    since: Time,
    said: Vec<Similar>,
}

/// Events of one speaker that are the same but for their message. Mostly there is one, in a great many of these: the lists have no room
/// to spare.
#[derive(Clone, Debug)]
struct Similar {
    reason: Word,
    /// In their order.
    messages: Vec<Word>,
    last: Time,
    /// What became of them, by the part of the object and by what is said of it.
    told: Vec<((Name, Word), Told)>,
}

/// What the recorder knows of an Event, whether or not the Event was ever written or is still there.
/// Models events_cache.go eventLog.
#[derive(Clone, Debug)]
struct Told {
    event: ObjectKey,
    count: i64,
    first: Time,
}

impl Recorder {
    /// Writes down what was said, or counts it, or drops it.
    pub fn record(&mut self, server: &mut Server, pending_event: &PendingEvent) {
        if *pending_event.source == *SOURCE {
            return self.record_in_series(server, pending_event);
        }
        let now = server.now;
        let speaker = of_source(self.subjects.of(pending_event), pending_event, now);
        let may_speak = speaker.may_speak(now);
        let similar = speaker.similar(pending_event, now);
        let folds = similar.folds(pending_event, now);
        let identity =
            if folds { (no_name(), FOLDED.into()) } else { (Rc::clone(&pending_event.field_path), pending_event.message.clone()) };
        let told = similar.observe(identity, || {
            self.serial += 1;
            Told { event: event_key(pending_event, now, self.serial), count: 0, first: now }
        });
        if !may_speak {
            return;
        }
        let message = if folds { [FOLDED, &pending_event.message].concat().into() } else { pending_event.message.clone() };
        if told.count > 1
            && let Some(Object::Event(mut event)) = server.tables().get(&told.event).cloned()
        {
            let e = Rc::make_mut(&mut event);
            (e.count, e.last, e.message, e.meta.revision) = (told.count, now, message, 0);
            let _ = server.update(Object::Event(event), &actor(pending_event));
            return;
        }
        let event = Event { count: told.count, first: told.first, message, ..new_event(pending_event, now, &told.event) };
        let _ = server.create(event.into(), &actor(pending_event));
    }
}

impl Recorder {
    /// The same for the scheduler: the second time is written down, later ones only every half an hour.
    /// Models event_broadcaster.go recordToSink, refreshExistingEventSeries and finishSeries.
    fn record_in_series(&mut self, server: &mut Server, pending_event: &PendingEvent) {
        let now = server.now;
        let all = self.series.of(pending_event);
        all.retain(|series| now.since(series.last) <= SERIES_END);
        let Some(series) = all.iter_mut().find(|s| s.revision == pending_event.revision && s.reason == pending_event.reason) else {
            self.serial += 1;
            let event = Rc::new(new_event(pending_event, now, &event_key(pending_event, now, self.serial)));
            let (reason, revision) = (pending_event.reason.clone(), pending_event.revision);
            all.push(Series { reason, revision, count: 1, last: now, told: now, event: Rc::clone(&event) });
            let _ = server.create(Object::Event(event), &actor(pending_event));
            return;
        };
        (series.count, series.last) = (series.count + 1, now);
        if series.count > 2 && now.since(series.told) < SERIES_TOLD {
            return;
        }
        series.told = now;
        let stored = server.tables().get(&series.event.key()).and_then(Object::as_event).cloned();
        let is_there = stored.is_some();
        let mut event = stored.unwrap_or_else(|| Rc::clone(&series.event));
        let e = Rc::make_mut(&mut event);
        (e.count, e.last, e.meta.revision) = (series.count, now, 0);
        let _ =
            if is_there { server.update(event.into(), &actor(pending_event)) } else { server.create(event.into(), &actor(pending_event)) };
    }
}

/// The speaker of this source and type, who may be new.
fn of_source<'a>(speakers: &'a mut Vec<Speaker>, pending_event: &PendingEvent, now: Time) -> &'a mut Speaker {
    let at = speakers.iter().position(|s| s.source == pending_event.source && s.kind == pending_event.kind).unwrap_or(speakers.len());
    if at == speakers.len() {
        speakers.reserve_exact(1);
        speakers.push(Speaker {
            source: pending_event.source.clone(),
            kind: pending_event.kind,
            tokens: BURST,
            since: now,
            said: Vec::new(),
        });
    }
    &mut speakers[at]
}

impl Speaker {
    fn may_speak(&mut self, now: Time) -> bool {
        let refilled = now.since(self.since).0 / REFILL.0;
        if refilled > 0 {
            self.tokens = (self.tokens + refilled).min(BURST);
            self.since += Span(refilled * REFILL.0);
        }
        let may = self.tokens > 0;
        self.tokens = self.tokens.saturating_sub(1);
        may
    }

    /// What it has said so far that is like this.
    fn similar(&mut self, pending_event: &PendingEvent, now: Time) -> &mut Similar {
        let at = self.said.iter().position(|s| s.reason == pending_event.reason).unwrap_or(self.said.len());
        if at == self.said.len() {
            self.said.push(Similar { reason: pending_event.reason.clone(), messages: Vec::new(), last: now, told: Vec::new() });
        }
        &mut self.said[at]
    }
}

impl Similar {
    /// Takes note of a message. Whether there are now too many similar ones for each to be known by its part of the object and by itself.
    fn folds(&mut self, pending_event: &PendingEvent, now: Time) -> bool {
        let message = &pending_event.message;
        if now.since(self.last) > SIMILAR_WITHIN {
            self.messages.clear();
        }
        self.last = now;
        if let Err(place) = self.messages.binary_search(message) {
            self.messages.reserve_exact(1);
            self.messages.insert(place, message.clone());
        }
        let folds = self.messages.len() >= MAX_SIMILAR;
        if folds {
            self.messages.remove(0);
        }
        folds
    }

    /// Counts what was said once more. Models events_cache.go eventObserve.
    fn observe(&mut self, identity: (Name, Word), new: impl FnOnce() -> Told) -> Told {
        let at = self.told.iter().position(|(known_by, _)| *known_by == identity).unwrap_or(self.told.len());
        if at == self.told.len() {
            self.told.reserve_exact(1);
            self.told.push((identity, new()));
        }
        let told = &mut self.told[at].1;
        told.count += 1;
        told.clone()
    }
}

fn actor(pending_event: &PendingEvent) -> Actor {
    Actor::Speaker(pending_event.source.clone())
}

/// The key of a new Event.
fn event_key(pending_event: &PendingEvent, now: Time, serial: u64) -> ObjectKey {
    let namespace: Name =
        if pending_event.about.namespace.is_empty() { "default".into() } else { Rc::clone(&pending_event.about.namespace) };
    let mut name = String::with_capacity(pending_event.about.name.len() + 17);
    name += &pending_event.about.name;
    name.push('.');
    push_hex(&mut name, 0x18a0_0000_0000_0000 | (now.0 << 20) | serial & 0xf_ffff);
    ObjectKey { kind: Kind::Event, namespace, name: name.into() }
}

fn new_event(pending_event: &PendingEvent, now: Time, key: &ObjectKey) -> Event {
    Event {
        meta: Meta { namespace: Rc::clone(&key.namespace), name: Rc::clone(&key.name), ..Meta::default() },
        about: pending_event.about.clone(),
        about_uid: pending_event.uid,
        about_revision: pending_event.revision,
        field_path: Rc::clone(&pending_event.field_path),
        kind: pending_event.kind,
        reason: pending_event.reason.clone(),
        message: pending_event.message.clone(),
        count: 1,
        first: now,
        last: now,
        source: pending_event.source.clone(),
        host: Rc::clone(&pending_event.host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::client::DeleteOptions;
    use api::release::V1_37;
    use base::dice::Dice;
    use base::value::Value;

    fn server() -> Server {
        let mut server = Server::new(&V1_37, Dice { seed: 1 });
        let namespace = Value::of([("metadata", Value::of([("name", "default")]))]);
        server.create(Object::decode(Kind::Namespace, &namespace), &Actor::Setup).expect("created");
        server
    }

    fn pending_event(source: &str, message: &str, revision: u64) -> PendingEvent {
        let pod = ObjectKey::new(Kind::Pod, &"default".into(), &"web-0".into());
        PendingEvent { revision, ..PendingEvent::by_name(pod, source.to_owned(), EventType::Warning, "Failed", message.to_owned()) }
    }

    fn events(server: &Server) -> Vec<Rc<Event>> {
        server.tables().all(Kind::Event).filter_map(Object::as_event).cloned().collect()
    }

    fn delete_all(server: &mut Server) {
        for event in events(server) {
            server.delete(&event.key(), &DeleteOptions::default(), &Actor::User).expect("deleted");
        }
    }

    #[test]
    fn a_deleted_event_comes_again_under_its_name_and_counts_on() {
        for (source, after) in [("kubelet", 3), (SOURCE, 2)] {
            let (mut server, mut recorder) = (server(), Recorder::default());
            server.now = Time(1000);
            recorder.record(&mut server, &pending_event(source, "no", 1));
            let first = events(&server);
            if after == 3 {
                recorder.record(&mut server, &pending_event(source, "no", 1));
            }
            delete_all(&mut server);
            server.now = Time(5000);
            recorder.record(&mut server, &pending_event(source, "no", 1));
            let again = events(&server);
            let shown = |e: &Event| (e.meta.name.clone(), e.count, e.first, e.last);
            let wanted = (first[0].meta.name.clone(), after, Time(1000), Time(5000));
            assert_eq!(again.iter().map(|e| shown(e)).collect::<Vec<_>>(), [wanted], "{source}");
        }
    }

    #[test]
    fn an_event_lives_for_an_hour_after_it_was_last_said() {
        let (mut server, mut recorder) = (server(), Recorder::default());
        let mut say = |server: &mut Server, message: &str, at: u64| {
            server.now = Time(Span::seconds(at).0);
            recorder.record(server, &pending_event("kubelet", message, 1));
        };
        for (message, at) in [("once", 0), ("again", 10), ("later", 50), ("again", 1000)] {
            say(&mut server, message, at);
        }
        let mut left = |seconds: u64| {
            server.end_leases(Time(Span::seconds(seconds).0));
            events(&server).iter().map(|e| (e.message.to_string(), e.count)).collect::<Vec<_>>()
        };
        assert_eq!(left(3659).len(), 3, "a lease lasts a minute longer than an Event has to be kept");
        assert_eq!(left(3660), [("again".to_owned(), 2)], "what was said in one minute goes with one lease");
        assert_eq!((left(4659).len(), left(4660).len()), (1, 0));
        say(&mut server, "again", 5000);
        assert_eq!(events(&server).iter().map(|e| e.count).collect::<Vec<_>>(), [3], "the recorder counts on");
        let removals = server.log().kept().filter(|change| change.after.is_none()).map(|change| (change.at, change.by.clone()));
        let ends = [3660, 3660, 4660].map(|end| (Time(Span::seconds(end).0), Actor::ApiServer));
        assert_eq!(removals.collect::<Vec<_>>(), ends);
    }

    #[test]
    fn what_is_dropped_is_counted() {
        let (mut server, mut recorder) = (server(), Recorder::default());
        let counts = |server: &Server| events(server).iter().map(|e| e.count).collect::<Vec<_>>();
        for _ in 0..30 {
            recorder.record(&mut server, &pending_event("kubelet", "no", 1));
        }
        recorder.record(&mut server, &pending_event("kubelet", "never", 1));
        assert_eq!(counts(&server), [25]);
        server.now += REFILL;
        recorder.record(&mut server, &pending_event("kubelet", "no", 1));
        assert_eq!(counts(&server), [31]);
        server.now += REFILL;
        recorder.record(&mut server, &pending_event("kubelet", "never", 1));
        assert_eq!(counts(&server), [31, 2], "it was never written before");
    }

    #[test]
    fn a_repeated_event_is_about_the_version_it_was_first_about() {
        let (mut server, mut recorder) = (server(), Recorder::default());
        recorder.record(&mut server, &pending_event("kubelet", "no", 5));
        recorder.record(&mut server, &pending_event("kubelet", "no", 9));
        let about: Vec<_> = events(&server).iter().map(|e| (e.count, e.about_revision)).collect();
        assert_eq!(about, [(2, 5)]);
    }

    #[test]
    fn what_is_said_of_all_containers_is_similar_but_told_apart() {
        let (mut server, mut recorder) = (server(), Recorder::default());
        for n in 0..12 {
            let of = |path: &str| PendingEvent { field_path: path.into(), ..pending_event("kubelet", &format!("no {n}"), 1) };
            recorder.record(&mut server, &of("spec.containers{a}"));
            recorder.record(&mut server, &of("spec.containers{b}"));
        }
        let all = events(&server);
        let folded: Vec<_> = all.iter().filter(|e| e.message.starts_with(FOLDED)).map(|e| (e.count, &*e.message)).collect();
        assert_eq!((all.len(), folded), (22, vec![(3, "(combined from similar events): no 11")]));
    }
}
