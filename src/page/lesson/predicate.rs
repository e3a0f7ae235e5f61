//! What can be asked of a run: what happened to its pods, and what a command prints.

use api::object::Name;
use base::sort::Sort;
use base::time::Span;
use playground::Playground;
use server::life;
use server::log::Log;

/// The most virtual time of a command that only asks.
const ANSWER_TIME_MAX: Span = Span::seconds(60);

/// A statement about a run from one instant to another; true if all of its parts are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Predicate {
    /// Exactly these pods are created and deleted, in this order: `deleted web-1 web-2` for those that do not wait for each other.
    pub pods: Option<Vec<String>>,
    /// What commands print in the end, without space at the ends.
    pub prints: Vec<(String, String)>,
    /// Commands that print the same in the end as in the beginning.
    pub keeps: Vec<String>,
    /// Commands that print something else in the end than in the beginning.
    pub changes: Vec<String>,
}

/// A part of a predicate that is false: what it says, and what is so instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `pods`, or the command.
    pub of: String,
    /// What the predicate says.
    pub wanted: String,
    /// What is so.
    pub found: String,
}

impl Predicate {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        *self == Predicate::default()
    }

    /// Whether it is true of the run between two of its states.
    pub fn holds(&self, begun: &Playground, now: &Playground) -> bool {
        self.differences(begun, now).next().is_none()
    }

    /// Its parts that are false.
    pub fn differences<'a>(&'a self, begun: &'a Playground, now: &'a Playground) -> impl Iterator<Item = Difference> + 'a {
        self.clauses().filter_map(move |clause| {
            let (wanted, found) = (clause.wanted(begun), clause.found(begun, now));
            let wanted_words = if matches!(clause, Clause::Changes(_)) { format!("not {wanted}") } else { wanted.clone() };
            (!clause.is_true(&wanted, &found)).then(|| Difference {
                of: clause.line().unwrap_or("pods").to_owned(),
                wanted: wanted_words,
                found,
            })
        })
    }

    /// Its parts.
    pub(super) fn clauses(&self) -> impl Iterator<Item = Clause<'_>> {
        let pods = self.pods.iter().map(|pods| Clause::Pods(pods));
        let prints = self.prints.iter().map(|(line, text)| Clause::Prints(line, text));
        let keeps = self.keeps.iter().map(|line| Clause::Keeps(line));
        pods.chain(prints).chain(keeps).chain(self.changes.iter().map(|line| Clause::Changes(line)))
    }
}

/// A part of a predicate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clause<'a> {
    Pods(&'a [String]),
    Prints(&'a str, &'a str),
    Keeps(&'a str),
    Changes(&'a str),
}

impl<'a> Clause<'a> {
    /// Its command; `None` for what happens to pods.
    pub(super) fn line(self) -> Option<&'a str> {
        match self {
            Clause::Pods(_) => None,
            Clause::Prints(line, _) | Clause::Keeps(line) | Clause::Changes(line) => Some(line),
        }
    }

    /// The text that the end is compared with.
    pub(super) fn wanted(self, begun: &Playground) -> String {
        match self {
            Clause::Pods(pods) => pods.join(", "),
            Clause::Prints(_, text) => text.to_owned(),
            Clause::Keeps(line) | Clause::Changes(line) => printed(begun, line),
        }
    }

    /// The text at the end.
    pub(super) fn found(self, begun: &Playground, now: &Playground) -> String {
        match self.line() {
            Some(line) => printed(now, line),
            None => story(now.sim().log(), begun.sim().log().len()).join(", "),
        }
    }

    /// Whether the text at the end makes it true.
    pub(super) fn is_true(self, wanted: &str, found: &str) -> bool {
        (wanted == found) != matches!(self, Clause::Changes(_))
    }
}

/// What a command prints, without space at the ends. The command is run on a copy.
pub(super) fn printed(state: &Playground, line: &str) -> String {
    state.printed(line, ANSWER_TIME_MAX).trim().to_owned()
}

/// What happened to which pods.
type Event = (&'static str, Vec<Name>);
/// A pod's object was created.
const CREATED: &str = "created";
/// A pod's deletion was requested, or its object was removed at once.
const DELETED: &str = "deleted";

/// What happened to the pods from a position of the log on, in order: pods are grouped, sorted by name, if none of them became Ready or was
/// removed before the next one's turn.
pub(super) fn story(log: &Log, since: usize) -> Vec<String> {
    let mut story: Vec<Event> = Vec::new();
    let mut waited = true;
    for change in log.from(since) {
        let event = match life::Event::of(change) {
            Some(life::Event::Created) => CREATED,
            Some(_) if change.is_deletion() => DELETED,
            other => {
                waited |= matches!(other, Some(life::Event::Ready | life::Event::Gone));
                continue;
            }
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
