//! What components say becomes Events: repeats are counted, similar ones aggregated, and what is too much dropped.
//!
//! Models k8s.io/client-go/tools/record/events_cache.go EventCorrelator and, for the scheduler, whose events are of the later kind,
//! k8s.io/client-go/tools/events/event_broadcaster.go.
//! Not modelled: the last count of a series that has ended, which upstream writes up to twelve minutes later.

use crate::base::sorted::SortedMap;
use std::rc::Rc;

use super::placement::SOURCE;
use crate::api::object::event::EventType;
use crate::api::object::{Event, Meta, Name, Object, ObjectKey, Uid};
use crate::base::time::{Span, Time};
use crate::base::word::Word;
use crate::control::plan::Spoken;
use crate::server::Server;
use crate::server::log::Actor;

/// How many different messages of one reason about one object stand by themselves. events_cache.go defaultAggregateMaxEvents.
const SIMILAR_MOST: usize = 10;
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

/// An object that is spoken about. The uid comes first: it is what tells most of them apart.
type Subject = (Uid, ObjectKey);

/// The memory of all recorders.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// What was said about each object. Shared, so that a copy of the world does not copy all that was ever said in it.
    subjects: SortedMap<Subject, Rc<Vec<Speaker>>>,
    /// What the scheduler says of each object.
    series: SortedMap<Subject, Rc<Vec<Series>>>,
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
    event: ObjectKey,
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
    field_path: Name,
    /// In their order.
    messages: Vec<Word>,
    last: Time,
    /// The Events they became, by what each is known by.
    written: Vec<(Word, ObjectKey)>,
}

impl Recorder {
    /// Writes down what was said, or counts it, or drops it.
    pub fn record(&mut self, server: &mut Server, spoken: &Spoken) {
        if *spoken.source == *SOURCE {
            return self.record_in_series(server, spoken);
        }
        let now = server.now;
        let speakers = self.subjects.entry((spoken.uid, spoken.about.clone())).or_default();
        let speaker = of_source(Rc::make_mut(speakers), spoken, now);
        let may_speak = speaker.may_speak(now);
        let similar = speaker.similar(spoken, now);
        let (message, identity) = similar.fold(&spoken.message, now);
        if !may_speak {
            return;
        }
        let written = similar.written.iter().find(|(known_by, _)| *known_by == identity).map(|(_, key)| key);
        if let Some(Object::Event(old)) = written.and_then(|key| server.tables().get(key)).cloned() {
            let mut event = old;
            let e = Rc::make_mut(&mut event);
            e.count += 1;
            (e.last, e.message, e.about_revision) = (now, message, spoken.revision);
            e.meta.revision = 0;
            let _ = server.update(Object::Event(event), &actor(spoken));
            return;
        }
        self.serial += 1;
        let event = new_event(spoken, message, now, self.serial);
        let key = event.key();
        if server.create(event.into(), &actor(spoken)).is_ok() {
            similar.written.retain(|(known_by, _)| *known_by != identity);
            similar.written.reserve_exact(1);
            similar.written.push((identity, key));
        }
    }
}

impl Recorder {
    /// The same for the scheduler: the second time is written down, later ones only every half an hour.
    /// Models event_broadcaster.go recordToSink, refreshExistingEventSeries and finishSeries.
    fn record_in_series(&mut self, server: &mut Server, spoken: &Spoken) {
        let now = server.now;
        let all = Rc::make_mut(self.series.entry((spoken.uid, spoken.about.clone())).or_default());
        all.retain(|series| now.since(series.last) <= SERIES_END);
        let Some(series) = all.iter_mut().find(|s| s.revision == spoken.revision && s.reason == spoken.reason) else {
            self.serial += 1;
            let event = new_event(spoken, spoken.message.clone(), now, self.serial);
            let (reason, revision, event_key) = (spoken.reason.clone(), spoken.revision, event.key());
            if server.create(event.into(), &actor(spoken)).is_ok() {
                all.push(Series { reason, revision, count: 1, last: now, told: now, event: event_key });
            }
            return;
        };
        (series.count, series.last) = (series.count + 1, now);
        if series.count > 2 && now.since(series.told) < SERIES_TOLD {
            return;
        }
        series.told = now;
        if let Some(Object::Event(old)) = server.tables().get(&series.event).cloned() {
            let mut event = old;
            let e = Rc::make_mut(&mut event);
            (e.count, e.last, e.meta.revision) = (series.count, now, 0);
            let _ = server.update(Object::Event(event), &actor(spoken));
        }
    }
}

/// The speaker of this source and type, who may be new.
fn of_source<'a>(speakers: &'a mut Vec<Speaker>, spoken: &Spoken, now: Time) -> &'a mut Speaker {
    let at = speakers.iter().position(|s| s.source == spoken.source && s.kind == spoken.kind).unwrap_or(speakers.len());
    if at == speakers.len() {
        speakers.reserve_exact(1);
        speakers.push(Speaker { source: spoken.source.clone(), kind: spoken.kind, tokens: BURST, since: now, said: Vec::new() });
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
    fn similar(&mut self, spoken: &Spoken, now: Time) -> &mut Similar {
        let like = |s: &Similar| s.reason == spoken.reason && s.field_path == spoken.field_path;
        let at = self.said.iter().position(like).unwrap_or(self.said.len());
        if at == self.said.len() {
            let (reason, field_path) = (spoken.reason.clone(), Rc::clone(&spoken.field_path));
            self.said.push(Similar { reason, field_path, messages: Vec::new(), last: now, written: Vec::new() });
        }
        &mut self.said[at]
    }
}

impl Similar {
    /// The message to be written and what it is known by: itself, or, of too many similar ones, all of them.
    fn fold(&mut self, message: &Word, now: Time) -> (Word, Word) {
        if now.since(self.last) > SIMILAR_WITHIN {
            self.messages.clear();
        }
        self.last = now;
        if let Err(place) = self.messages.binary_search(message) {
            self.messages.reserve_exact(1);
            self.messages.insert(place, message.clone());
        }
        if self.messages.len() < SIMILAR_MOST {
            return (message.clone(), message.clone());
        }
        self.messages.remove(0);
        (format!("{FOLDED}{message}").into(), FOLDED.into())
    }
}

fn actor(spoken: &Spoken) -> Actor {
    Actor::Speaker(spoken.source.clone())
}

fn new_event(spoken: &Spoken, message: Word, now: Time, serial: u64) -> Event {
    let namespace: Name = if spoken.about.namespace.is_empty() { "default".into() } else { Rc::clone(&spoken.about.namespace) };
    let name = format!("{}.{:016x}", spoken.about.name, 0x18a0_0000_0000_0000 | (now.0 << 20) | serial & 0xf_ffff);
    Event {
        meta: Meta { namespace, name: name.into(), ..Meta::default() },
        about: spoken.about.clone(),
        about_uid: spoken.uid,
        about_revision: spoken.revision,
        field_path: Rc::clone(&spoken.field_path),
        kind: spoken.kind,
        reason: spoken.reason.clone(),
        message,
        count: 1,
        first: now,
        last: now,
        source: spoken.source.clone(),
        host: Rc::clone(&spoken.host),
    }
}
