//! The evidence for an answer, and the check list of a task: what a predicate compares, in words.

use api::kind::Kind;
use api::object::{Name, ObjectKey, Pod};
use base::value::Value;
use playground::Playground;

use super::Sentence;
use super::predicate::{Clause, Predicate, printed};
use super::words::{Filled, Slot, Words, named};

/// What decided an answer: something that was compared, before the command and after the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What was compared.
    pub words: Sentence,
    /// How it was at the command, as people read it; `None` for what happened during the run.
    pub before: Option<Sentence>,
    /// How it was in the end.
    pub after: Sentence,
    /// Whether the end is as the beginning.
    pub is_same: bool,
    /// The command that printed it; empty for what happened to pods.
    pub line: String,
    pub about: Vec<Thing>,
}

/// Something that the page can mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// An object; a file in a pod is told by its pod and by the claim that holds it.
    Object(ObjectKey),
    /// A name in DNS, as it was asked for: `web-1.nginx`.
    DnsName(String),
}

/// A part of a task's goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What is to be reached.
    pub words: Sentence,
    pub done: bool,
    /// What the part was compared with in the beginning.
    before: String,
}

impl Predicate {
    /// What each of its parts compares between two states.
    pub(super) fn seen(&self, begun: &Playground, now: &Playground) -> Vec<Seen> {
        let words = Words::of_course();
        self.clauses().map(|clause| seen(words, clause, begun, now)).collect()
    }

    /// Its parts, as a task begins with them.
    pub(super) fn parts(&self, begun: &Playground) -> Vec<Part> {
        let words = Words::of_course();
        let part = |clause: Clause| {
            let before = clause.wanted(begun);
            Part { words: words.wanted(clause), done: clause.is_true(&before, &clause.found(begun, begun)), before }
        };
        self.clauses().map(part).collect()
    }

    /// The same parts, as they are now.
    pub(super) fn parts_now(&self, parts: &[Part], begun: &Playground, now: &Playground) -> Vec<Part> {
        let part = |(clause, part): (Clause, &Part)| Part { done: clause.is_true(&part.before, &clause.found(begun, now)), ..part.clone() };
        self.clauses().zip(parts).map(part).collect()
    }
}

fn seen(words: &Words, clause: Clause, begun: &Playground, now: &Playground) -> Seen {
    let (before, after) = (clause.line().map(|line| printed(begun, line)), clause.found(begun, now));
    Seen {
        words: words.asked(clause),
        before: before.as_ref().map(|before| words.shown(clause, before)),
        after: words.shown(clause, &after),
        is_same: before.as_ref() == Some(&after),
        line: clause.line().unwrap_or_default().to_owned(),
        about: things(words, clause, [before.as_deref().unwrap_or_default(), &after], now),
    }
}

/// What a part of a predicate is about: what stands in its command, and the objects that the command names or prints.
fn things(words: &Words, clause: Clause, texts: [&str; 2], now: &Playground) -> Vec<Thing> {
    let key = |kind: Kind, name: &str| {
        let namespace = if kind.is_namespaced() { now.current_namespace() } else { "" };
        ObjectKey { kind, namespace: namespace.into(), name: name.into() }
    };
    let Some(line) = clause.line() else {
        let pods = texts[1].split([' ', ',']).filter(|word| word.contains('-'));
        return once(pods.map(|pod| Thing::Object(key(Kind::Pod, pod))));
    };
    let listed =
        |text: &str| text.split_whitespace().filter_map(named).map(|(kind, name)| Thing::Object(key(kind, name))).collect::<Vec<_>>();
    let printed_names = texts.into_iter().flat_map(listed);
    let Some((row, filled)) = words.row(line) else { return once(printed_names) };
    let in_slots = filled.iter().filter_map(|(slot, _, value)| match slot {
        Slot::Object(kind) => Some(Thing::Object(key(*kind, value))),
        Slot::DnsName => Some(Thing::DnsName(value.clone())),
        Slot::Path => Some(Thing::Object(key(Kind::PersistentVolumeClaim, &claim_under(&filled, value, now)?))),
        Slot::Text => None,
    });
    let asked = Some(row.about(&filled)).filter(|about| !about.is_empty()).map(|about| listed(&printed(now, &about)));
    once(in_slots.chain(printed_names).chain(asked.into_iter().flatten()))
}

fn once(things: impl Iterator<Item = Thing>) -> Vec<Thing> {
    things.fold(Vec::new(), |mut all, thing| {
        if !all.contains(&thing) {
            all.push(thing);
        }
        all
    })
}

/// The claim that holds a file of the pod in a command.
fn claim_under(filled: &Filled, path: &str, now: &Playground) -> Option<Name> {
    let name = filled.iter().find_map(|(slot, _, name)| (*slot == Slot::Object(Kind::Pod)).then_some(name))?;
    let pod = now.tables().pod(now.current_namespace(), name)?;
    let volume = volume_under(pod, path)?;
    pod.spec.claims.iter().find(|claim| *claim.volume == *volume).map(|claim| claim.claim.clone())
}

/// The volume that a pod's containers mount over a file.
fn volume_under<'a>(pod: &'a Pod, path: &str) -> Option<&'a str> {
    let mounts = pod.spec.template.raw.list_at(&["containers"]).iter().flat_map(|container| container.list_at(&["volumeMounts"]));
    let is_over = |mount: &&Value| {
        let rest = mount.text_at(&["mountPath"]).and_then(|folder| path.strip_prefix(folder.trim_end_matches('/')));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    mounts.filter(is_over).find_map(|mount| mount.text_at(&["name"]))
}
