//! Text that is no dump: what people paste of a terminal, taken for objects and Events.
//!
//! ```text
//!   text ──split──▶ blocks ──table, events, describe──▶ Found { objects, events, facts } ──merge──▶ objects of a Dump
//!                     └──YAML, JSON: as in a dump
//! ```
//!
//! Objects are as partial as their text. An age counts from [`rows::figures::NEWEST`], so that order and durations survive.

pub(crate) mod account;
mod argo;
pub(crate) mod command;
pub mod describe;
mod events;
pub mod found;
mod header;
mod lines;
pub(super) mod merge;
pub(crate) mod named;
pub(crate) mod says;
pub(crate) mod sentences;
mod split;
mod table;
pub(crate) mod typed;

pub use account::{Account, Standing};
pub use found::{Fact, Signed};

use crate::event::Happened;
use crate::fragment;
use api::kind::Kind;
use api::object::parent_and_ordinal;
use base::given::SetGiven;
use base::sorted::SortedSet;
use base::value::Value;
use causes::log;
use causes::message::{self, SaidIn, take_apart};
use command::Command;
use found::Found;
use named::{Key, bare, key};
use rows::figures::number;
use rows::read::SAID;
use split::{Block, Form};
use text::diagnose::Sign;

/// By so many characters a message is found in its line.
const SHOWN: usize = 40;
/// Between what people quote, and of how many words a quotation is at least.
const QUOTES: [(char, char); 3] = [('`', '`'), ('"', '"'), ('“', '”')];
const QUOTED: usize = 3;
/// In so many parts of a sentence a message is looked for.
const MOST_PARTS: usize = 4;

/// Reads a text; `None` if it is nothing but YAML or JSON.
pub(super) fn read(text: &str) -> Option<Found> {
    let lines = split::cleaned(text);
    let blocks = split::blocks(&lines, &split::fences(text));
    let is_dump = |block: &Block<'_>| block.form == Form::Yaml;
    let untouched = || lines.iter().map(|line| line.trim_end()).eq(text.lines().map(str::trim_end));
    if blocks.iter().all(is_dump)
        && blocks.iter().map(|block| block.lines.len()).sum::<usize>() >= lines.iter().filter(|line| !line.is_empty()).count()
        && untouched()
    {
        return None;
    }
    let mut out = Found { account: Account::of(lines.iter().map(String::as_str)), ..Found::default() };
    // What stands in no block is a command that printed one.
    let in_blocks: SortedSet<usize> = blocks.iter().flat_map(|block| block.lines.iter().map(|(line, _)| *line)).collect();
    out.account.read((1..=lines.len()).filter(|line| !in_blocks.contains(line) || lines[line - 1].trim() == "---"));
    out.account.read(argo::heads(&lines));
    for block in &blocks {
        let (objects, events, facts) = (out.objects.len(), out.events.len(), out.facts.len());
        let mut rest: Vec<(usize, String)> = Vec::new();
        match block.form {
            Form::Yaml if is_fragment(block) => rest = owned(block),
            Form::Yaml => out.dumps.push((block.lines[0].0 - 1, dedented(block))),
            Form::Table => {
                out.tables.push((block.lines[0].0, block.lines[block.lines.len() - 1].0));
                table::read(block, &mut out, &mut rest);
            }
            Form::Loose => rest = owned(block),
            Form::Described => {
                describe::read(&block.lines, &mut out);
                let about = out.objects[objects..].last().map(|(_, value)| key(value));
                if about.is_none() && out.events.len() == events {
                    rest = owned(block);
                }
                facts_of_described(block, events, &mut out);
                if about.is_none() {
                    state_of_described(block, &mut out);
                }
            }
        }
        if block.command.verb == "logs" {
            out.logged.extend(block.command.names.first().cloned());
        }
        loose(block, &rest, &mut out);
        told_by_command(block, &mut out, objects, events);
        let about = out.events[events..].iter().find(|event| !event.about.2.is_empty()).map(|event| event.about.clone());
        if let Some((kind, _, name)) = about.filter(|_| block.form == Form::Described) {
            let kind = Kind::named(&kind).map_or("", causes::command::short);
            out.facts[facts..].iter_mut().filter(|fact| fact.about.is_empty()).for_each(|fact| fact.about = format!("{kind}/{name}"));
        }
    }
    attribute(&mut out, sentences::only_pod(&lines).as_deref());
    nameless(&mut out);
    // What is left of an object that nothing names is of no more use than its facts.
    out.objects.retain(|(_, value)| value.text_at(&["metadata", "name"]).is_some_and(|name| !name.is_empty()));
    let mut seen: Vec<(String, String, String)> = Vec::new();
    out.events.retain(|event| {
        let key = (event.about.2.clone(), event.reason.clone(), event.message.clone());
        let is_new = event.reason.is_empty() || event.last.is_some() || !seen.contains(&key);
        seen.push(key);
        is_new
    });
    Some(out)
}

/// Takes down what the states of the containers say of a pod that nothing names.
fn nameless(out: &mut Found) {
    let is_nameless = |value: &Value| value.text_at(&["metadata", "name"]).is_none_or(str::is_empty);
    let pods = out.objects.iter().filter(|(_, value)| value.text_at(&["kind"]) == Some(Kind::Pod.info().name) && is_nameless(value));
    let said: Vec<Happened> = pods
        .flat_map(|(line, pod)| {
            let lists = ["initContainerStatuses", "containerStatuses"].map(|list| pod.list_at(&["status", list]).iter());
            lists.into_iter().flatten().flat_map(fragment::container).map(|event| Happened { line: *line, ..event })
        })
        .collect();
    out.events.extend(said);
}

/// Gives the Events of a pod that nothing names to the only pod that may be meant.
/// That is one that is not placed or not Ready, or the one that people call by its name.
fn attribute(out: &mut Found, called: Option<&str>) {
    let cell = |value: &Value, column: &str| value.text_at(&[SAID, column]).unwrap_or_default().to_owned();
    let is_pod = |value: &Value| value.text_at(&["kind"]) == Some(Kind::Pod.info().name);
    let the_one = |test: &dyn Fn(&Value) -> bool| {
        let named = |value: &&Value| value.text_at(&["metadata", "name"]).is_some_and(|name| !name.is_empty());
        let mut all = out.objects.iter().map(|(_, value)| value).filter(named).filter(|value| is_pod(value) && test(value)).map(key);
        let first = all.next();
        let is_only = |one: &Key| all.all(|other| other == *one);
        first.filter(is_only)
    };
    let unplaced = the_one(&|pod| cell(pod, "STATUS") == "Pending");
    let unnamed = |value: &Value| value.text_at(&["metadata", "name"]).is_none_or(str::is_empty);
    let unready = the_one(&|pod| cell(pod, "READY").split_once('/').is_some_and(|(ready, all)| ready != all));
    let has_pods = out.objects.iter().any(|(_, value)| is_pod(value) && !unnamed(value));
    let called = called.filter(|_| !has_pods).map(|name| (Kind::Pod.info().name.to_owned(), String::new(), name.to_owned()));
    let (unplaced, unready) = (unplaced.or(called.clone()), unready.or(called));
    // What is left of a description is of that pod, too.
    for (_, value) in out.objects.iter_mut().filter(|(_, value)| is_pod(value) && unnamed(value)) {
        if let Some((_, namespace, name)) = &unready {
            value.set(&["metadata", "name"], &**name);
            value.set_filled(&["metadata", "namespace"], &**namespace);
        }
    }
    for event in out.events.iter_mut().filter(|event| event.about.2.is_empty()) {
        let is_of_pod = event.said().means().is_some_and(|found| found.row.kind == Kind::Pod);
        let meant = if event.reason == "FailedScheduling" { &unplaced } else { &unready };
        if let Some(meant) = meant.as_ref().filter(|_| is_of_pod) {
            event.about = meant.clone();
        }
    }
}

/// Takes down those Events of a described object that say why something waits.
fn facts_of_described(block: &Block<'_>, from: usize, out: &mut Found) {
    for event in &out.events[from..] {
        let is_telling = says::tells(event);
        let start: String = event.message.chars().take(SHOWN).collect();
        if let Some((line, _)) = block.lines.iter().find(|(_, line)| is_telling && line.contains(&*start)) {
            let kind = Kind::named(&event.about.0).map_or("", causes::command::short);
            let about = format!("{kind}/{}", event.about.2);
            out.facts.push(Fact {
                line: *line,
                about: about.trim_matches('/').to_owned(),
                says: format!("{}: {}", event.reason, event.message),
            });
        }
    }
}

/// Takes the reason and the message in what is left of a description, which no object has, for something that was said.
fn state_of_described(block: &Block<'_>, out: &mut Found) {
    for (line, text) in &block.lines {
        let value = ["Reason:", "Message:"].iter().find_map(|label| text.trim_start().strip_prefix(label)).map(str::trim);
        let event = |value: &str| Happened {
            reason: value.to_owned(),
            message: value.to_owned(),
            place: SaidIn::State,
            line: *line,
            ..Happened::default()
        };
        out.events.extend(value.map(event).filter(says::tells));
    }
}

fn owned(block: &Block<'_>) -> Vec<(usize, String)> {
    block.lines.iter().map(|(number, line)| (*number, (*line).to_owned())).collect()
}

/// The text of a block without the blanks that all its lines begin with.
fn dedented(block: &Block<'_>) -> String {
    let indent = block.lines.first().map_or(0, |(_, line)| line.len() - line.trim_start_matches(' ').len());
    let lines: Vec<&str> = block.lines.iter().map(|(_, line)| line.get(indent..).unwrap_or_default()).collect();
    lines.join("\n") + "\n"
}

/// Reads lines one by one: rows without a header, Events, messages.
fn loose(block: &Block<'_>, lines: &[(usize, String)], out: &mut Found) {
    let of_command = block.command.kinds.first().copied();
    let named = block.lines.iter().find_map(|(_, line)| line.strip_prefix("Name:")).map(str::trim).unwrap_or_default();
    let before = out.events.len();
    let (mut any, mut left, mut begun) = (false, Vec::new(), 0);
    if let Some(lines) = templates(lines, &block.command, out) {
        out.account.read(lines);
    }
    // How long the line before was, if it was the row of an Event; and whether a message goes on.
    let (mut row, mut open, mut after) = (0, false, false);
    for (number, line) in lines {
        let goes_on = row >= table::WRAPS && !events::begins(line) && line.starts_with(|c: char| c == ' ' || c.is_ascii_lowercase());
        if table::loose(*number, line, of_command, out).is_some() {
            out.account.read([*number]);
            (any, row) = (true, 0);
            continue;
        }
        let goes_on = goes_on || open && !line.trim().is_empty() || after && lines::goes_on(line);
        after = goes_on;
        if let Some(event) = out.events.last_mut().filter(|_| goes_on) {
            event.message = [&*event.message, line.trim()].join(" ");
            open = open && lines::is_open(&event.message);
            if says::is_known(event) {
                out.account.read(begun..=*number);
            }
            continue;
        }
        begun = *number;
        if status(*number, line, &block.command, out).is_some() {
            any = true;
            continue;
        }
        let is_answer = line.trim_start().starts_with("Error from server");
        if let Some(sign) = log::sign(line).filter(|_| block.command.verb == "logs" && !is_answer) {
            out.sign(*number, line, &block.command, sign);
            any = true;
            continue;
        }
        let event = events::loose(*number, line, out);
        row = event.map_or(0, |()| line.chars().count());
        if event.is_some() || quoted(*number, line, out).is_some() || message(*number, line, out).is_some() {
            (any, after) = (true, true);
            open = out.events.last().is_some_and(|event| lines::is_open(&event.message));
        } else {
            left.push((*number, line));
        }
    }
    if !any && lines.len() > 1 {
        let together = |between: &str| lines.iter().map(|(_, line)| line.trim()).collect::<Vec<_>>().join(between);
        any = message(lines[0].0, &together(" "), out).or_else(|| message(lines[0].0, &together(""), out)).is_some();
        if any {
            out.account.read(left.drain(..).map(|(number, _)| number));
        }
    }
    let is_log = block.command.verb == "logs";
    for (number, line) in left {
        match log::sign(line).filter(|_| is_log || log::is_line(line) || !says::is_told(line)) {
            _ if refused(number, line, &block.command, out).is_some() => out.account.read([number]),
            Some(sign) => out.sign(number, line, &block.command, sign),
            _ if fragment(number, line, &block.command, out).is_some() || says::is_ordinary(line) => out.account.read([number]),
            // A program may complain in mere words, behind its level.
            _ if !is_log && says::is_prose(line) && !(log::is_line(line) && log::complains(line)) => {
                out.account.take([number], Standing::Prose)
            }
            None if log::complains(line) && (is_log && !says::is_told(line) || log::is_line(line)) => {
                out.sign(number, line, &block.command, Sign::Complains)
            }
            _ => {}
        }
    }
    // What is left of a described object names it.
    for event in out.events[before..].iter_mut().filter(|event| event.about.2.is_empty() && causes::message::is_name(named)) {
        let said = event.said().means().map(|found| found.row.kind).filter(|kind| !kind.is_namespaced());
        let guess = if parent_and_ordinal(named).is_some() { Kind::Pod } else { said.unwrap_or(Kind::StatefulSet) };
        event.about = (of_command.unwrap_or(guess).info().name.to_owned(), String::new(), named.to_owned());
    }
}

/// Takes down what people quote within a line that they wrote: the messages between signs of code or quotes.
fn quoted(number: usize, line: &str, out: &mut Found) -> Option<()> {
    let is_own = says::is_prose(line) || says::is_said(line);
    // What has quotes within is not taken apart by them.
    let is_plain = |close: &char| *close != '"' || line.matches('"').count() == 2;
    let all = QUOTES.iter().filter(|(_, close)| is_own && is_plain(close)).flat_map(|(open, close)| {
        let mut parts = line.split([*open, *close]).skip(1);
        std::iter::from_fn(move || Some((parts.next()?, parts.next()?))).map(|(within, _)| within)
    });
    let within: Vec<&str> = all.filter(|within| within.split_whitespace().count() >= QUOTED).collect();
    if let Some(found) = within.into_iter().filter_map(|within| message(number, within, out)).last() {
        return Some(found);
    }
    // A message, or the row of an Event, that a sentence ends with.
    let rows = ["Warning ", "Normal "].iter().filter_map(|word| line.find(word).filter(|at| *at > 0));
    if let Some(at) = rows.filter(|_| is_own).find(|at| events::is_row(&line[*at..])) {
        return events::loose(number, &line[at..], out);
    }
    let ends = line.match_indices(": ").map(|(at, _)| &line[at + 2..]).filter(|_| is_own);
    let told = ends.take(MOST_PARTS).find(|rest| sayings::frame_of(rest).is_some_and(|frame| frame.is_telling));
    told.and_then(|rest| message(number, rest, out))
}

/// Takes down the messages of lines, by their numbers, that turned out to be no YAML.
pub(super) fn messages(text: &str, numbers: &SortedSet<usize>, out: &mut Found) {
    for (number, line) in (1..).zip(text.lines()).filter(|(number, _)| numbers.contains(number)) {
        message(number, line, out);
    }
}

/// Whether a block is what `grep` left of the YAML of the set that the command names.
fn is_fragment(block: &Block<'_>) -> bool {
    let of_set = block.command.verb == "get" && block.command.kinds == [Kind::StatefulSet] && block.command.names.len() == 1;
    let is_json = block.lines.first().is_some_and(|(_, line)| line.trim_start().starts_with('{'));
    of_set && !is_json && !block.lines.iter().any(|(_, line)| line.contains("kind:"))
}

/// Fields of a set that stand alone in what `grep` leaves of its YAML, and where they are.
const FRAGMENTS: [(&str, &[&str]); 12] = [
    ("collisionCount", &["status", "collisionCount"]),
    ("currentReplicas", &["status", "currentReplicas"]),
    ("currentRevision", &["status", "currentRevision"]),
    ("maxUnavailable", &["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]),
    ("observedGeneration", &["status", "observedGeneration"]),
    ("partition", &["spec", "updateStrategy", "rollingUpdate", "partition"]),
    ("podManagementPolicy", &["spec", "podManagementPolicy"]),
    ("readyReplicas", &["status", "readyReplicas"]),
    ("replicas", &["spec", "replicas"]),
    ("serviceName", &["spec", "serviceName"]),
    ("updateRevision", &["status", "updateRevision"]),
    ("updatedReplicas", &["status", "updatedReplicas"]),
];

/// The lines of claim templates that stand alone, whose status nobody ever updates.
fn templates(lines: &[(usize, String)], command: &Command, out: &mut Found) -> Option<Vec<usize>> {
    let at = lines.iter().position(|(_, line)| line.trim() == split::TEMPLATES)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(&lines[at].1);
    let within = |line: &&(usize, String)| indent(&line.1) > own || indent(&line.1) == own && line.1.trim_start().starts_with('-');
    let below: Vec<&(usize, String)> = lines[at + 1..].iter().take_while(within).collect();
    if let Some((line, said)) = below.iter().find(|(_, line)| line.trim() == "phase: Pending") {
        let name = command.names.first().filter(|_| command.kinds == [Kind::StatefulSet]).cloned().unwrap_or_default();
        out.events.push(Happened {
            about: (Kind::StatefulSet.info().name.to_owned(), command.namespace.clone(), name),
            reason: "ClaimTemplate".to_owned(),
            message: said.trim().to_owned(),
            place: SaidIn::State,
            line: *line,
            ..Happened::default()
        });
    }
    Some(below.iter().map(|(line, _)| *line).chain([lines[at].0]).collect())
}

/// Takes a line of JSON for the status of a set, whose revisions name it, or for another field that a command printed of one.
fn status(line: usize, text: &str, command: &Command, out: &mut Found) -> Option<()> {
    let named = command.names.first().filter(|_| command.verb == "get" && command.kinds == [Kind::StatefulSet]);
    if let Some(name) = named.filter(|_| ["OrderedReady", "Parallel"].contains(&text.trim())) {
        let mut set = bare(Kind::StatefulSet, &command.namespace, name);
        set.set(&["spec", "podManagementPolicy"], text.trim());
        out.objects.push((line, set));
        out.account.read([line]);
        return Some(());
    }
    let value = Some(text.trim()).filter(|text| text.starts_with('{') && text.ends_with('}')).and_then(base::json::value)?;
    let revision = ["updateRevision", "currentRevision"].iter().find_map(|field| value.text_at(&[field]));
    let of_revision = revision.and_then(|revision| revision.rsplit_once('-')).map(|(set, _)| set.to_owned());
    let Some(name) = of_revision else {
        named.filter(|_| value.get("kind").is_none())?;
        out.account.read([line]);
        return Some(());
    };
    let mut set = bare(Kind::StatefulSet, &command.namespace, &name);
    set.set(&["status"], value);
    out.fact(line, Kind::StatefulSet, &name, text.trim().to_owned());
    out.objects.push((line, set));
    out.account.read([line]);
    Some(())
}

/// Takes a line for what kubectl answers to a command that it does not do.
fn refused(number: usize, line: &str, command: &Command, out: &mut Found) -> Option<()> {
    let said = line.trim().strip_prefix("error: ").filter(|_| !command.verb.is_empty() && command.verb != "logs")?;
    out.events.push(Happened {
        reason: "ClientSays".to_owned(),
        message: said.to_owned(),
        place: SaidIn::State,
        line: number,
        ..Happened::default()
    });
    Some(())
}

/// Takes a line of a set's YAML for a field of the set that a command names.
fn fragment(line: usize, text: &str, command: &Command, out: &mut Found) -> Option<()> {
    let name = command.names.first().filter(|_| command.verb == "get" && command.kinds == [Kind::StatefulSet])?;
    let (key, value) = text.trim().trim_start_matches("- ").split_once(':')?;
    let value = value.trim();
    if value.is_empty() {
        return split::is_key(key).then_some(());
    }
    let is_strategy = key == "type" && ["RollingUpdate", "OnDelete"].contains(&value);
    let strategy: &[&str] = &["spec", "updateStrategy", "type"];
    let known = FRAGMENTS.iter().find(|(known, _)| *known == key).map(|(_, path)| *path).filter(|_| !is_strategy);
    let Some(path) = known.or(is_strategy.then_some(strategy)) else { return split::is_key(key).then_some(()) };
    let mut set = bare(Kind::StatefulSet, &command.namespace, name);
    match number(value) {
        Some(number) => set.set(path, number),
        None => set.set(path, value),
    }
    out.fact(line, Kind::StatefulSet, name, text.trim().to_owned());
    out.objects.push((line, set));
    Some(())
}

/// Takes down what a line alone says, if anything is known of it.
fn message(line: usize, text: &str, out: &mut Found) -> Option<()> {
    let mut event = lines::spoken(text)?;
    let named =
        lines::named(&event.message).or_else(|| lines::named(text)).map(|(kind, namespace, name)| (kind.to_owned(), namespace, name));
    let about = take_apart(event.said()).and_then(|told| told.about());
    let about = about.map(|(kind, namespace, name)| (kind.info().name.to_owned(), namespace, name));
    if event.about.2.is_empty() {
        event.about = named.or(about).unwrap_or_default();
    }
    event.line = line;
    out.account.read([line]);
    if says::tells(&event) {
        out.fact(line, Kind::named(&event.about.0).unwrap_or(Kind::Event), &event.about.2, text.trim().to_owned());
    }
    out.events.push(event);
    Some(())
}

/// Gives what a block told the namespace of the command that printed it, and Events the object that it names.
fn told_by_command(block: &Block<'_>, out: &mut Found, objects: usize, events: usize) {
    let command = &block.command;
    for (_, value) in &mut out.objects[objects..] {
        let kind = value.text_at(&["kind"]).and_then(Kind::named);
        let unnamed = value.text_at(&["metadata", "name"]).is_none_or(str::is_empty);
        if let Some(name) = command.names.first().filter(|_| unnamed && kind.is_none_or(|kind| command.kinds.contains(&kind))) {
            value.set(&["metadata", "name"], &**name);
        }
        let none = value.text_at(&["metadata", "namespace"]).is_none_or(str::is_empty);
        if none && !command.namespace.is_empty() && kind.is_some_and(|kind| kind.is_namespaced()) {
            value.set(&["metadata", "namespace"], &*command.namespace);
        }
    }
    let described = command.kinds.first().zip(command.names.first()).filter(|_| command.verb == "describe");
    // The Events of one description are about one object, which one of them may name.
    let assigned = out.events[events..].iter().find_map(|event| message::captured("assigned {ns}/{pod} to ", &event.message));
    let is_one = matches!(block.form, Form::Described | Form::Loose);
    let assigned = assigned.filter(|_| is_one).map(|names| (names[0].1.to_owned(), names[1].1.to_owned()));
    for event in &mut out.events[events..] {
        if let Some((namespace, pod)) = assigned.as_ref().filter(|_| event.about.2.is_empty() && !event.reason.is_empty()) {
            event.about = (Kind::Pod.info().name.to_owned(), namespace.clone(), pod.clone());
        }
        if let Some((kind, name)) = described.filter(|_| event.about.2.is_empty()) {
            event.about = (kind.info().name.to_owned(), String::new(), name.clone());
        }
        if event.about.1.is_empty() {
            event.about.1.clone_from(&command.namespace);
        }
    }
}
