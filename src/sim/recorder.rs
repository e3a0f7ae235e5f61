//! What components say becomes Events: repeats are counted, similar ones folded, and too many dropped.
//!
//! Models k8s.io/client-go/tools/record/events_cache.go EventCorrelator.

use crate::base::sorted::{SortedMap, SortedSet};
use std::rc::Rc;

use crate::api::kind::Kind;
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
/// How many events a component may write about one object at once. events_cache.go defaultSpamBurst.
const BURST: u64 = 25;
/// How long it takes until it may write one more. events_cache.go defaultSpamQPS.
const REFILL: Span = Span::seconds(300);
/// What a folded message begins with.
const FOLDED: &str = "(combined from similar events): ";

type Speaker = (Word, ObjectKey, Uid);

/// Which events count as the same but for their message.
type Similar = (Speaker, bool, Word, Name);

/// The memory of all recorders.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    tokens: SortedMap<Speaker, (u64, Time)>,
    similar: SortedMap<Similar, (SortedSet<Word>, Time)>,
    written: SortedMap<(Similar, Word), ObjectKey>,
    serial: u64,
}

impl Recorder {
    /// Writes down what was said, or counts it, or drops it.
    pub fn record(&mut self, server: &mut Server, spoken: &Spoken) {
        let now = server.now;
        let speaker = (spoken.source.clone(), spoken.about.clone(), spoken.uid);
        let similar = (speaker.clone(), spoken.warning, spoken.reason.clone(), Rc::clone(&spoken.field_path));
        let (message, identity) = self.fold(&similar, spoken, now);
        if !self.may_speak(speaker, now) {
            return;
        }
        let place = (similar, identity);
        if let Some(Object::Event(old)) = self.written.get(&place).and_then(|key| server.tables().get(key)).cloned() {
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
        let key = ObjectKey::new(Kind::Event, &event.meta.namespace, &event.meta.name);
        if server.create(event.into(), &actor(spoken)).is_ok() {
            self.written.insert(place, key);
        }
    }

    /// The message to be written and what it is known by: itself, or, of too many similar ones, all of them.
    fn fold(&mut self, similar: &Similar, spoken: &Spoken, now: Time) -> (Word, Word) {
        let (messages, last) = self.similar.entry(similar.clone()).or_insert_with(|| (SortedSet::new(), now));
        if now.since(*last) > SIMILAR_WITHIN {
            messages.clear();
        }
        *last = now;
        messages.insert(spoken.message.clone());
        if messages.len() < SIMILAR_MOST {
            return (spoken.message.clone(), spoken.message.clone());
        }
        messages.pop_first();
        (format!("{FOLDED}{}", spoken.message).into(), FOLDED.into())
    }

    fn may_speak(&mut self, speaker: Speaker, now: Time) -> bool {
        let (tokens, since) = self.tokens.entry(speaker).or_insert((BURST, now));
        let refilled = now.since(*since).0 / REFILL.0;
        if refilled > 0 {
            *tokens = (*tokens + refilled).min(BURST);
            *since += Span(refilled * REFILL.0);
        }
        if *tokens == 0 {
            return false;
        }
        *tokens -= 1;
        true
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
        warning: spoken.warning,
        reason: spoken.reason.clone(),
        message,
        count: 1,
        first: now,
        last: now,
        source: spoken.source.clone(),
        host: Rc::clone(&spoken.host),
        series: false,
    }
}
