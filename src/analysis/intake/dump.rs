//! A dump: what was read of a paste, before anything is made of it.

use super::event::Happened;
use super::paste::account::Account;
use super::paste::found::{Fact, Signed};
use super::paste::named::{Key, key};
use super::paste::sentences::Sentences;
use super::paste::typed::{By, Typed};
use super::withheld::Withheld;
use api::kind::Kind;
use api::object::ObjectKey;
use base::sorted::SortedSet;
use base::time::Time;
use base::value::Value;
use cluster::kubelet::references::needs;
use text::diagnose::{Assumed, Unread};

/// An object of a kind that the simulation knows, as it was printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    pub kind: Kind,
    pub value: Value,
}

/// What a paste holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dump {
    /// The objects of kinds that the simulation knows, without Events and Secrets.
    pub objects: Vec<Printed>,
    pub events: Vec<Happened>,
    /// Objects of other kinds, by kind and name: kept in mind, not simulated.
    pub others: Vec<String>,
    /// The workload that alone is to be told of.
    pub only: Option<ObjectKey>,
    /// What could not be read, and why.
    pub unread: Vec<Unread>,
    /// The kinds that were asked for, where the text says so.
    pub asked: SortedSet<Kind>,
    /// What kubectl could not read.
    pub withheld: Vec<Withheld>,
    /// What became of each line of the texts, which follow each other.
    pub account: Account,
    /// How many Secrets were dropped.
    pub secrets: usize,
    /// The newest moment that anything in it speaks of.
    pub newest: Option<Time>,
    /// Whether a text was more than YAML or JSON.
    pub mixed: bool,
    /// What a text that is no dump was understood to say.
    pub facts: Vec<Fact>,
    /// The objects that are known in part only: from tables, from manifests, from Events.
    pub partly: SortedSet<Key>,
    /// Those of them that were written in YAML or JSON, and are not only shown or described.
    pub written: SortedSet<Key>,
    /// The objects of which a description says that nothing was reported about them.
    pub quiet: SortedSet<Key>,
    /// The objects that were described.
    pub described: SortedSet<Key>,
    /// The names of the pods of which a log was pasted.
    pub logged: SortedSet<String>,
    /// What people tell in it.
    pub(crate) sentences: Sentences,
    /// What the lines name that somebody typed.
    pub(crate) typed: Typed,
    /// Who applies what it is about, where it tells.
    pub(crate) by: Option<By>,
    /// The tools of which it speaks.
    pub tools: Vec<&'static str>,
    /// What lines of logs say.
    pub signs: Vec<Signed>,
    /// Whether there are ages, and no date from which they count.
    pub undated: bool,
    /// Whether nothing tells the namespace of an object.
    pub placeless: bool,
    /// What is supposed otherwise than it would be assumed ([`Assumed::id`]).
    pub otherwise: SortedSet<String>,
    /// The minor version of the server, where `kubectl version` was pasted.
    pub server: Option<i64>,
    /// By how many seconds its times were moved, because it is older than the simulation can tell.
    pub moved: i64,
}

impl Dump {
    /// Whether an object is known in part only.
    pub(super) fn is_partly(&self, at: usize) -> bool {
        self.partly.contains(&key(&self.objects[at].value))
    }

    /// Whether an assumption holds, which it does unless the opposite is to be supposed; either way it is on the list.
    pub(super) fn holds(&self, one: Assumed, assumed: &mut Vec<Assumed>) -> bool {
        let id = one.id();
        if assumed.iter().all(|known| known.id() != id) {
            assumed.push(one);
        }
        !self.otherwise.contains(&id)
    }

    /// Whether no more than rows and descriptions tells of an object.
    pub fn is_told(&self, one: &Printed) -> bool {
        let key = key(&one.value);
        self.partly.contains(&key) && !self.written.contains(&key)
    }

    /// Whether it has an object that was printed or written: rows and descriptions alone make no cluster.
    pub fn has_cluster(&self) -> bool {
        self.objects.iter().any(|one| !self.is_told(one))
    }

    /// Whether there is any object of a kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.objects.iter().any(|printed| printed.kind == kind)
    }

    /// The objects of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        self.objects.iter().filter(move |printed| printed.kind == kind).map(|printed| &printed.value)
    }

    /// The Events about an object.
    pub fn about<'a>(&'a self, kind: Kind, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Happened> {
        let is_it = move |event: &&Happened| event.about.0 == kind.info().name && event.about.1 == namespace && event.about.2 == name;
        self.events.iter().filter(is_it)
    }

    /// Whether the cluster says that an object is not there, to which a pod of its namespace refers; or that a pod lacks something, and
    /// not what.
    pub fn says_missing(&self, kind: Kind, namespace: &str, name: &str) -> bool {
        let words = format!("{} \"{name}\" not found", kind.info().singular);
        let lacks = |pod: &Value| {
            let says = |one: &Value| {
                let message = one.text_at(&["state", "waiting", "message"]).unwrap_or_default();
                let unnamed = message.is_empty() && one.text_at(&["state", "waiting", "reason"]) == Some("CreateContainerConfigError");
                message.contains(&words) || unnamed && refers(pod, kind, name)
            };
            ["initContainerStatuses", "containerStatuses"].iter().any(|of| pod.list_at(&["status", of]).iter().any(says))
        };
        self.of(Kind::Pod).filter(|pod| pod.text_at(&["metadata", "namespace"]) == Some(namespace)).any(lacks)
            || self.events.iter().any(|one| one.about.1 == namespace && one.message.contains(&words))
    }
}

/// Whether a pod refers to a ConfigMap or a Secret.
fn refers(pod: &Value, kind: Kind, name: &str) -> bool {
    pod.get("spec").into_iter().flat_map(needs).any(|need| need.kind == kind && need.name == name)
}
