//! Lessons: what will a command do? Asked before it runs, and answered by the run itself.
//!
//! A lesson is a file below `course`: a run that leads to the question, a command line, a span of time, and claims about what happens
//! within it, with all sentences in every language.
//! Promises: which claim comes true is read from the log, not from an answer key; the tests play every lesson, and exactly one
//! of its claims comes true.
//! Must not know: the browser, how anything is drawn.

mod file;
mod progress;

use api::kind::Kind;
use api::object::{Name, Object};
use base::sort::Sort;
use base::time::{Span, Time};
pub use file::course;
use playground::history::{History, link};
use playground::preset::Preset;
use playground::{EXAMPLE, Playground};
pub use progress::{Phase, Progress};
use server::log::{Change, Log};
use sim::{Setup, Sim};
use text::Lang;

/// A question about what a command will do.
#[derive(Clone, Debug)]
pub struct Lesson {
    pub title: Sentence,
    /// How things stand before the command.
    pub story: Sentence,
    /// Whether its set manages its pods in parallel.
    parallel: bool,
    /// What is done before the question is asked, as in a link.
    run: String,
    /// The command.
    pub line: String,
    /// How long the effects are observed.
    pub within: Span,
    /// The question; empty where it is what happens next.
    pub question: Sentence,
    /// What might happen, in the order in which it is offered.
    pub claims: Vec<Claim>,
    /// Why it came as it did.
    pub because: Sentence,
}

/// A sentence in the languages of the page.
#[derive(Clone, Debug, Default)]
pub struct Sentence([Option<String>; Lang::ALL.len()]);

/// A claim about what will happen.
#[derive(Clone, Debug)]
pub struct Claim {
    outcome: Outcome,
    /// What it says.
    pub words: Sentence,
}

/// What happens if a claim is true.
#[derive(Clone, Debug)]
enum Outcome {
    /// Exactly these pods are created and deleted, in this order: `deleted web-1 web-2` for those that do not wait for each other.
    Pods(Vec<String>),
    /// This many volume claims exist in the end.
    VolumeClaims(usize),
}

/// What happened to which pods.
type Event = (&'static str, Vec<Name>);
/// A pod's object was created.
const CREATED: &str = "created";
/// A pod's deletion was requested, or its object was removed at once.
const DELETED: &str = "deleted";

impl Sentence {
    /// The sentence in a language, or else in English.
    pub fn told(&self, lang: Lang) -> &str {
        let [english, ..] = &self.0;
        self.0[lang as usize].as_ref().or(english.as_ref()).map_or("", String::as_str)
    }
}

impl Lesson {
    /// The manifest in the editor.
    pub fn manifest(&self) -> String {
        if self.parallel { Preset::Policy.sides()[1].of(EXAMPLE) } else { EXAMPLE.to_owned() }
    }

    /// A run in the state in which the question is asked.
    pub fn begin(&self, setup: &Setup, lang: Lang) -> History {
        self.read_run(setup, lang).history
    }

    fn read_run(&self, setup: &Setup, lang: Lang) -> link::Read {
        let run = format!("edit {}\n{}", link::escape(&self.manifest()), self.run);
        link::read(&run, setup, lang, || true)
    }

    /// The index of the claim that holds for what was written from a position of the log until an instant; `None` if none does, because
    /// something else was done in the meantime.
    pub fn outcome(&self, state: &Playground, since: usize, until: Time) -> Option<usize> {
        let story = story(state.sim().log(), since, until);
        self.claims.iter().position(|claim| claim.outcome.holds(&story, state.sim()))
    }
}

impl Outcome {
    fn holds(&self, story: &[String], sim: &Sim) -> bool {
        match self {
            Outcome::Pods(pods) => pods == story,
            Outcome::VolumeClaims(count) => sim.tables().all(Kind::PersistentVolumeClaim).count() == *count,
        }
    }
}

/// What happened to the pods, in order: pods are grouped, sorted by name, if none of them became Ready or was removed before the next
/// one's turn.
fn story(log: &Log, since: usize, until: Time) -> Vec<String> {
    let mut story: Vec<Event> = Vec::new();
    let mut waited = true;
    for change in log.from(since).take_while(|change| change.at <= until).filter(|change| change.key.kind == Kind::Pod) {
        let Some(event) = event(change) else {
            waited |= came_up(change) || change.after.is_none();
            continue;
        };
        match story.last_mut().filter(|(last, _)| *last == event && !waited) {
            Some((_, pods)) => pods.push(change.key.name.clone()),
            None => story.push((event, vec![change.key.name.clone()])),
        }
        waited = false;
    }
    let told = |(event, mut pods): Event| {
        pods.sort_small();
        pods.iter().fold(event.to_owned(), |told, pod| told + " " + pod)
    };
    story.into_iter().map(told).collect()
}

fn event(change: &Change) -> Option<&'static str> {
    let going = |object: &Option<Object>| object.as_ref().is_some_and(|object| object.meta().terminating());
    match (&change.before, &change.after) {
        (None, Some(_)) => Some(CREATED),
        (Some(_), None) if !going(&change.before) => Some(DELETED),
        (Some(_), Some(_)) if going(&change.after) && !going(&change.before) => Some(DELETED),
        _ => None,
    }
}

fn came_up(change: &Change) -> bool {
    let ready = |object: &Option<Object>| object.as_ref().and_then(Object::as_pod).is_some_and(|pod| pod.ready());
    ready(&change.after) && !ready(&change.before)
}

#[cfg(test)]
mod tests;
