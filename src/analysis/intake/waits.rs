//! What tools say that wait for a set: which of them says it, what it read, and who calls the same set done.
//!
//! A line of a tool is a saying as any other ([`sayings`]). Here verdicts are given those lines. A set that the text has with its status is
//! judged by each tool ([`done`]).
//!
//! Promises: what is told of a tool's words rests on the words alone. What a tool would say is said only of a set that was printed.

use super::dump::Dump;
use super::event::Happened;
use super::paste::named::Key;
use super::report::{Judged, Verdict, Waited};
use api::kind::Kind;
use api::object::ObjectKey;
use base::fields::Fields;
use base::value::Value;
use causes::message::{self, take_apart};
use causes::waits::basis;
use done::{Differ, Judge};
use sayings::{Matter, satisfied, tellers};
use text::diagnose::{TOOL, Told};
use why::Cause;

/// Causes of which no more is known than that somebody waits, or has given up: what the tool read says more.
const ONLY_WAITS: [Cause; 2] = [Cause::RolloutWaits, Cause::TimedOut];
/// So many sets are judged at most.
const MOST: usize = 3;
/// What every tool reads of a set: without it, nobody knows what a tool would say.
const READ: [&[&str]; 5] = [
    &["metadata", "generation"],
    &["spec", "replicas"],
    &["spec", "selector"],
    &["spec", "updateStrategy", "type"],
    &["status", "observedGeneration"],
];
/// What tools count: numbers of which a sentence takes the plural.
const COUNTS: [&str; 7] = ["missing", "more", "n", "pods", "ready", "updated", "wanted"];

/// What an Event is about: what a tool names that says it, or else what the Event names.
pub(super) fn about(event: &Happened, told: &message::Told<'_>) -> Key {
    let named = |name: &str| told.names().find(|(of, _)| *of == name).map_or("", |(_, value)| value);
    // `Deployment/shop/api`
    if let Some((kind, rest)) = named("other").split_once('/').filter(|_| told.row.matter.is_some()) {
        let (namespace, name) = rest.split_once('/').unwrap_or(("", rest));
        return (kind.to_owned(), namespace.to_owned(), name.to_owned());
    }
    let own = told.about().filter(|(kind, ..)| told.row.matter.is_some() && *kind == Kind::StatefulSet);
    own.map_or_else(
        || event.about.clone(),
        |(kind, namespace, name)| match namespace.is_empty() {
            true => (kind.info().name.to_owned(), event.about.1.clone(), name),
            false => (kind.info().name.to_owned(), namespace, name),
        },
    )
}

/// What an Event says that is a tool's, and of which set.
fn waited(dump: &Dump, event: &Happened) -> Option<(ObjectKey, Matter, Waited)> {
    let told = take_apart(event.said())?;
    let matter = told.row.matter?;
    let (kind, namespace, name) = about(event, &told);
    let place = if dump.placeless && namespace == "default" { "" } else { &*namespace };
    let is_set = kind.is_empty() || Kind::named(&kind) == Some(Kind::StatefulSet);
    let set = ObjectKey::new(Kind::StatefulSet, &place.into(), &if is_set { &*name } else { "" }.into());
    let blame = told.cause(&set);
    let tools: Vec<Judge> = tellers(told.row.who, &dump.tools).into_iter().filter_map(Judge::named).collect();
    let mut fields = Fields::default();
    for name in COUNTS {
        let count = told.names().find(|(of, _)| *of == name).and_then(|(_, value)| figure(value));
        count.into_iter().for_each(|count| fields.number(name, count));
    }
    tools.first().into_iter().for_each(|tool| fields.text("by", tool.word()));
    let names = tools.iter().map(|tool| short(*tool));
    ["teller", "other_teller"].into_iter().zip(names).for_each(|(name, tool)| fields.text(name, tool));
    let done: Vec<&str> = tools.iter().flat_map(|tool| satisfied(matter, tool.word())).copied().collect();
    let done = Judge::ALL.into_iter().filter(|tool| done.contains(&tool.word()));
    let listed = |tool: Judge| {
        let mut item = Fields::default();
        item.text("tool", short(tool));
        item
    };
    let done: Vec<Fields> = done.map(listed).collect();
    if !done.is_empty() {
        fields.list("done", done);
    }
    fields.extend(&basis(&blame, &blame.object));
    Some((set, matter, Waited { line: event.line, text: event.message.clone(), tools, told: Told { key: TOOL, fields } }))
}

/// A tool's name without the library that it is.
fn short(tool: Judge) -> &'static str {
    tool.name().split(" (").next().unwrap_or_default()
}

/// The number that a word begins with.
fn figure(word: &str) -> Option<i64> {
    word.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Tells verdicts what tools say. One that only says that something waits is told by what the tool read. The other lines go to the verdict
/// on their set, or to the first. Of lines that say the same of a set, the last one counts.
pub(super) fn attach(dump: &Dump, verdicts: &mut [Verdict]) {
    let mut all: Vec<(ObjectKey, Matter, Waited)> = Vec::new();
    for one in dump.events.iter().filter_map(|event| waited(dump, event)) {
        all.retain(|(set, matter, _)| (&one.0, one.1) != (set, *matter));
        all.push(one);
    }
    // That it is in progress tells nothing beside what it waits for, and less of an application than of a set.
    let tells = |(set, matter, one): &(ObjectKey, Matter, Waited)| {
        let is_more = |of: &ObjectKey, other: Matter| other != Matter::Progress || set.name.is_empty() && !of.name.is_empty();
        *matter != Matter::Progress || !all.iter().any(|(of, other, more)| is_more(of, *other) && more.tools == one.tools)
    };
    let all: Vec<_> = all.iter().filter(|one| tells(one)).cloned().collect();
    let is_named = all.iter().any(|(set, ..)| !set.name.is_empty());
    for (set, _, one) in all {
        let tells = |verdict: &&mut Verdict| ONLY_WAITS.contains(&verdict.cause) && says(verdict, &one.text);
        if let Some(verdict) = verdicts.iter_mut().find(tells) {
            verdict.told = one.told;
            continue;
        }
        let own = verdicts.iter().position(|verdict| is_named && verdict.workload.name == set.name);
        if let Some(verdict) = verdicts.get_mut(own.unwrap_or(0)) {
            verdict.waits.push(one);
        }
    }
    judge(dump, verdicts);
}

/// Whether the message of a verdict is a line.
fn says(verdict: &Verdict, line: &str) -> bool {
    verdict.said.named_texts().any(|(name, text)| name == "message" && text == line)
}

/// Gives verdicts what each tool says of their sets, where a tool says that it waits.
fn judge(dump: &Dump, verdicts: &mut [Verdict]) {
    let speaks = |verdict: &Verdict| !verdict.waits.is_empty() || verdict.told.key == TOOL;
    if !verdicts.iter().any(speaks) {
        return;
    }
    let pods: Vec<&Value> = dump.of(Kind::Pod).collect();
    let is_whole = |set: &&Value| READ.iter().all(|path| set.at(path).is_some());
    for set in dump.of(Kind::StatefulSet).filter(is_whole).take(MOST) {
        let name = set.text_at(&["metadata", "name"]).unwrap_or_default();
        let says = done::all(set, pods.iter().copied());
        let differ = Differ::of(set, &says);
        let has_pods = set.int_at(&["spec", "replicas"]) == Some(0) || pods.iter().any(|pod| done::is_own(set, pod));
        let set = ObjectKey::new(Kind::StatefulSet, &done::namespace(set).into(), &name.into());
        let own = verdicts.iter().position(|verdict| verdict.workload.name == set.name);
        if let Some(verdict) = verdicts.get_mut(own.unwrap_or(0)) {
            verdict.judged.push(Judged { set, says, differ, has_pods });
        }
    }
}
