//! Requests of programs: what was asked of whom, and what came back.
//!
//! Promises: every lookup, connection, write and copy that the model makes is here once, in their order. What is kept is bounded.
//! Whoever reads it changes nothing.
//! Not modelled: the time that a request takes. What a probe asks of its own pod is not here.

use std::rc::Rc;

use super::place::ContainerInfo;
use crate::dns::cache::Kept;
use api::object::pod::Ip;
use api::object::{Name, Pod, Uid};
use base::sorted::SortedMap;
use base::time::Time;

/// How many requests are kept, the latest ones.
const KEPT: u64 = 256;
/// How many characters of an answer are kept.
const LETTERS: usize = 40;

/// Who asks or answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// A program outside the cluster network.
    Outside,
    /// A client that asks on its own, by its title.
    Client(Name),
    /// A program in a pod.
    Pod { namespace: Name, name: Name, uid: Uid },
}

/// What a request is about, and what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// A name that the cluster's DNS is asked for. No addresses: it has none.
    Lookup { name: Name, addresses: Vec<Ip>, kept: Option<Kept> },
    /// A connection, and what is said on it.
    Call(Call),
    /// A write that one member of a replicated application hands on to another.
    Copy { to: Party, disk: Option<Name> },
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name or address that was asked for.
    pub host: Name,
    /// The Service whose address led on.
    pub service: Option<Name>,
    /// The address that was reached or sought; `None` if the name has none.
    pub ip: Option<Ip>,
    /// The pod that had this address, if one had.
    pub server: Option<Party>,
    /// What holds the volume that the answer comes from, or that a write goes to.
    pub disk: Option<Name>,
    pub outcome: Outcome,
}

/// What comes of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An answer, its first line truncated.
    Answer(Rc<str>),
    /// The connection is accepted; nothing that is simulated is said on it.
    Accepted,
    /// A write is kept.
    Kept,
    /// Nothing listens there, or a write is not taken.
    Refused,
    /// No answer comes.
    Lost,
    /// There is no such name.
    Nameless,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub at: Time,
    pub by: Party,
    pub what: Exchange,
}

/// The latest requests, by number.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    /// Whether a probe's command runs.
    pub(super) probes: bool,
    next: u64,
    kept: SortedMap<u64, Asked>,
}

impl Requests {
    /// Takes in a request.
    pub(super) fn take(&mut self, at: Time, by: Party, what: Exchange) {
        let is_own = matches!(&what, Exchange::Call(call) if call.server.as_ref() == Some(&by) && call.outcome != Outcome::Kept);
        if self.probes && is_own {
            return;
        }
        self.kept.insert(self.next, Asked { at, by, what });
        self.next += 1;
        if let Some(gone) = self.next.checked_sub(KEPT + 1) {
            self.kept.remove(&gone);
        }
    }

    /// Takes in a connection on which nothing was said. A program in a pod that found no name has made none: its lookup says so.
    pub(super) fn take_call(&mut self, at: Time, by: Party, call: Call) {
        if call.outcome != Outcome::Nameless || by == Party::Outside {
            self.take(at, by, Exchange::Call(call));
        }
    }

    /// How many were made so far.
    pub fn count(&self) -> u64 {
        self.next
    }

    /// Whether the latest one was answered by another pod of a set than the one whose name was asked for. Then a cache is stale, and the
    /// address has gone to a later pod.
    pub(super) fn is_misled(&self, host: &str) -> bool {
        let Some((_, Asked { what: Exchange::Call(Call { server: Some(Party::Pod { name, .. }), .. }), .. })) = self.kept.last_key_value()
        else {
            return false;
        };
        let first = host.split('.').next().unwrap_or_default();
        let is_of_set = first.rsplit_once('-').zip(name.rsplit_once('-')).is_some_and(|(asked, found)| asked.0 == found.0);
        host.contains('.') && is_of_set && first != &**name
    }

    /// Those that are kept, the oldest first, by number.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Asked)> {
        self.kept.iter().map(|(number, asked)| (*number, asked))
    }
}

impl Party {
    /// A program in a container; without one, one outside the cluster network.
    pub(super) fn of(place: Option<&ContainerInfo>) -> Party {
        place.map_or(Party::Outside, |place| Party::Pod {
            namespace: Rc::clone(&place.namespace),
            name: Rc::clone(&place.pod),
            uid: place.uid,
        })
    }

    /// A pod.
    pub(super) fn pod(pod: &Pod) -> Party {
        Party::Pod { namespace: Rc::clone(&pod.meta.namespace), name: Rc::clone(&pod.meta.name), uid: pod.meta.uid }
    }
}

impl Outcome {
    /// What comes of a connection on which a text is said: the title of a page, or else the last line. Of a line with a label, what stands
    /// behind the label.
    pub(super) fn of_text(text: &str) -> Outcome {
        let title = text.split_once("<title>").and_then(|(_, rest)| Some(rest.split_once("</title>")?.0));
        let last = || text.lines().rev().find(|line| !line.trim().is_empty());
        let line = title.or_else(last).unwrap_or_default();
        let is_label = |label: &str| label.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
        let line = line.split_once(": ").filter(|(label, _)| is_label(label)).map_or(line, |(_, value)| value);
        Outcome::Answer(line.chars().take(LETTERS).collect::<String>().into())
    }
}
