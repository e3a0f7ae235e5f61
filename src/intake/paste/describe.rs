//! `kubectl describe`: the lines of one object become the object, as far as they tell it, and its Events.
//!
//! Forms of all kubectls from 1.6 to 1.37 are read: the lines form a tree by their indentation ([`block`]), and tables say which label is
//! which field ([`tables`]). The kind is the one whose labels stand at the margin most. What is absent, was cut or cannot be a value of
//! the field is left out.
//!
//! Derived, because kubectl prints something else: the phase of what is going away, from its containers, its node or its volume; the
//! name, where the top was cut, from labels and messages.
//! Not kept: values of variables, manifests that were applied, the volume with a ServiceAccount's token.
//! Not told by any description: uids, the creation of pods, claims and volumes, affinity, scheduling gates, the scheduler's name, what a
//! Pending claim asks for, that a finished pod goes away.

mod block;
mod containers;
mod events;
mod parts;
mod storage;
mod tables;
#[cfg(test)]
mod tests;

use super::found::Found;
use super::named::key;
use api::kind::Kind;
use base::given::SetGiven;
use base::value::Value;
use block::{Block, number, number_or_text, pair, part, present, stamp, unapplied};
use std::ops::Range;
use tables::{CONTAINER, How, KINDS, META, Row, SAID, Told, is_among};

/// The label with a namespace's name.
const SPACE_NAME: &str = "kubernetes.io/metadata.name=";
/// The label with a pod's name.
const POD_NAME: &str = "statefulset.kubernetes.io/pod-name";
/// So many fields of a container stand in what is left of one at least.
const OF_CONTAINER: usize = 3;
/// How access modes are shortened.
const MODES: [(&str, &str); 4] =
    [("RWO", "ReadWriteOnce"), ("ROX", "ReadOnlyMany"), ("RWX", "ReadWriteMany"), ("RWOP", "ReadWriteOncePod")];
/// What stands before a name in messages, and of what kind it is.
const NAMED: [(Kind, &str); 4] = [
    (Kind::Pod, "Successfully assigned "),
    (Kind::Pod, " was running pod "),
    (Kind::Pod, " volumes for pod \""),
    (Kind::StatefulSet, " in StatefulSet "),
];

/// Reads the lines of one described object, with their numbers in the text. An object whose name was cut has none.
pub(super) fn read(lines: &[(usize, &str)], out: &mut Found) {
    let block = Block::new(lines);
    let rows = rows(&block).filter(|_| !is_container(&block));
    let pod = is_container(&block).then_some(Kind::Pod);
    let kind = rows.map(|(kind, _)| kind).or(pod).or_else(|| events::kind(&block));
    let mut object = Value::map();
    let mut told = Told::default();
    if let Some(kind) = kind {
        object.set(&["apiVersion"], kind.api_version());
        object.set(&["kind"], kind.info().name);
    }
    let rows = rows.map_or(&[][..], |(_, rows)| rows);
    if pod.is_some() {
        let mut one = Value::map();
        fill(&block, 0..block.lines.len(), CONTAINER, &mut one, &mut told);
        containers::add_container(events::container(&block).unwrap_or_default(), false, one, &mut object);
    }
    for at in margin(&block).filter(|_| pod.is_none()) {
        if !row(&block, at, rows, &mut object, &mut told) && !row(&block, at, META, &mut object, &mut told) {
            leave(&block, at, &mut told);
        }
    }
    if let Some(kind) = kind.filter(|_| pod.is_none()) {
        complete(&block, kind, &mut object, &mut told);
    }
    // What stands behind a name in its line is none of it.
    if let Some(name) = object.text_at(&["metadata", "name"]).and_then(|name| name.split_whitespace().next()).map(str::to_owned) {
        object.set(&["metadata", "name"], name);
    }
    let text = |field: &str| object.text_at(&["metadata", field]).unwrap_or_default().to_owned();
    let (name, namespace) = (text("name"), text("namespace"));
    let before = out.events.len();
    events::read(&block, kind, &namespace, &name, out);
    let object_of = kind.filter(|_| !rows.is_empty() || pod.is_some());
    if object_of.is_some() || out.events.len() > before {
        take(lines, &block, &told.unread, out);
    }
    if let Some(kind) = object_of {
        for (line, says) in told.said {
            out.fact(line, kind, &name, says);
        }
        let named = margin(&block).find(|at| block.label(*at) == "Name").unwrap_or(0);
        out.described.push(key(&object));
        if margin(&block).any(|at| block.lines[at].split() == ("Events", "<none>")) {
            out.quiet.push(key(&object));
        }
        out.objects.extend(block.lines.get(named).map(|line| (line.number, object)));
    }
}

/// Takes the lines of a description but those that are not known; what a terminal broke off is as the line before.
fn take(lines: &[(usize, &str)], block: &Block, unread: &[usize], out: &mut Found) {
    let (mut heads, mut left) = (block.lines.iter().peekable(), false);
    for (number, _) in lines {
        if let Some(line) = heads.next_if(|line| line.number == *number) {
            left = unread.contains(number) || line.is_event() && out.account.is_unread(*number);
        }
        out.account.read(Some(*number).filter(|_| !left));
    }
}

/// Leaves a line and those below it unread, unless they are of the table of Events, which is read by itself.
fn leave(block: &Block, at: usize, told: &mut Told) {
    let line = &block.lines[at];
    let is_of_events = line.is_event() || ["Type", "FirstSeen", "LastSeen"].contains(&block.label(at)) || line.text.starts_with("--");
    if !is_of_events {
        told.unread.extend(block.lines[at..block.below(at).end].iter().map(|line| line.number));
    }
}

/// The lines at the margin.
fn margin(block: &Block) -> impl Iterator<Item = usize> {
    (0..block.lines.len()).filter(|at| block.lines[*at].indent == 0)
}

/// The kind with the most labels at the margin, and its table; `None` if several fit equally well.
fn rows(block: &Block) -> Option<(Kind, &'static [Row])> {
    let namespaced = margin(block).any(|at| block.label(at) == "Namespace");
    let own = |at: &usize| !META.iter().any(|row| is_among(row.0, block.label(*at)));
    let fits = |rows: &[Row]| margin(block).filter(own).filter(|at| rows.iter().any(|row| is_row(block, *at, row))).count();
    let mut best = (0, None);
    for (kind, rows) in KINDS.iter().filter(|(kind, _)| kind.is_namespaced() || !namespaced) {
        match fits(rows) {
            many if many > best.0 => best = (many, Some((*kind, *rows))),
            many if many == best.0 => best.1 = None,
            _ => {}
        }
    }
    // Every namespace carries its name as a label.
    let is_space = !namespaced && block.lines.iter().any(|line| line.text.contains(SPACE_NAME));
    let space = KINDS.iter().find(|(kind, _)| is_space && *kind == Kind::Namespace).map(|(kind, rows)| (*kind, *rows));
    space.or(best.1).filter(|(_, rows)| is_read(rows))
}

/// Whether a block is what a description says of one container, without its pod.
fn is_container(block: &Block) -> bool {
    let of = |rows: &[Row]| margin(block).filter(|at| rows.iter().any(|row| is_row(block, *at, row))).count();
    let names = ["Name", "Namespace"].iter().any(|name| margin(block).any(|at| block.label(at) == *name));
    !names && of(CONTAINER) >= OF_CONTAINER && of(CONTAINER) > KINDS.iter().map(|(_, rows)| of(rows)).max().unwrap_or(0)
}

/// Whether a kind's table has any field.
fn is_read(rows: &[Row]) -> bool {
    rows.iter().any(|(.., how)| !matches!(how, How::Skip))
}

/// The number and the word after it in each part of `3 desired | 1 total`.
fn counts(value: &str) -> impl Iterator<Item = (&str, &str)> {
    value.split(['|', '/', ',']).filter_map(|piece| piece.trim().split_once(' '))
}

/// Whether a line is of a row.
fn is_row(block: &Block, at: usize, row: &Row) -> bool {
    let fits = |words: &[(&str, &str)]| {
        let printed = block.value(at).map(counts).into_iter().flatten();
        printed.map(|(_, word)| word).eq(words.iter().map(|(word, _)| *word))
    };
    is_among(row.0, block.label(at)) && if let How::Counts(words) = &row.2 { fits(words) } else { true }
}

/// Reads these lines by these rows.
fn fill(block: &Block, lines: Range<usize>, rows: &[Row], into: &mut Value, told: &mut Told) {
    for at in block.heads(lines) {
        if !row(block, at, rows, into, told) {
            leave(block, at, told);
        }
    }
}

/// Reads one line and those below it; `false` if there is no row for it.
fn row(block: &Block, at: usize, rows: &[Row], into: &mut Value, told: &mut Told) -> bool {
    let mut any = false;
    for (_, path, how) in rows.iter().filter(|row| is_row(block, at, row)) {
        let (label, first) = (block.label(at), told.said.len());
        let understood = match how {
            How::Skip => true,
            How::By(put) => {
                put(block, at, into, told);
                true
            }
            How::Within(rows) => {
                let mut within = Value::map();
                fill(block, block.below(at), rows, &mut within, told);
                for (key, value) in within.members() {
                    part(into, path).set(&[key], value.clone());
                }
                true
            }
            How::Counts(words) => {
                let mut whole = true;
                for (amount, word) in block.value(at).map(counts).into_iter().flatten() {
                    let field = words.iter().find(|(known, _)| *known == word).zip(number_or_text(amount));
                    whole &= field.is_some();
                    if let Some(((_, path), amount)) = field {
                        *part(into, path) = amount;
                    }
                }
                whole
            }
            how => simple(block, at, how).map(|value| *part(into, path) = value).is_some(),
        };
        let said = block.value(at).filter(|_| understood && !any && is_among(SAID, label));
        if let Some(value) = said {
            told.said.insert(first, (block.lines[at].number, format!("{label}: {value}")));
        }
        any = true;
    }
    any
}

/// The entries of a map.
fn entries<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Value> {
    let mut map = Value::map();
    let mut apart = false;
    for text in texts {
        // The value of a long annotation stands on lines of its own, shortened.
        let skipped = std::mem::replace(&mut apart, text.ends_with(':'));
        if let Some((key, value)) = pair(text).filter(|_| !skipped && !apart) {
            map.set(&[key], value);
        }
    }
    Some(map).filter(|map| map.members().next().is_some())
}

/// The value of a line that is read in one of the simple ways.
fn simple(block: &Block, at: usize, how: &How) -> Option<Value> {
    let value = block.value(at);
    let split = |value: &str| {
        value.trim_matches(['[', ']']).split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let list = |words: Vec<String>| Some(Value::list(words)).filter(|list| *list != Value::list([""; 0]));
    match how {
        How::Text => value.map(Value::from),
        How::Int => number(value?),
        How::Amount => number_or_text(value?),
        How::Truth => Some(matches!(value?, "True" | "true" | "Yes").into()),
        How::Flag => matches!(value?, "True" | "true" | "Yes").then(|| true.into()),
        How::Stamp => stamp(value?).map(Value::from),
        How::Seconds => number(value?.strip_suffix('s')?),
        How::Pairs => entries(unapplied(value?).split(',')),
        How::Entries => entries(block.texts(at)),
        How::Amounts => {
            let lines = block.heads(block.below(at)).map(|at| block.lines[at].split()).filter(|(_, amount)| present(amount).is_some());
            let map = Value::of(lines);
            Some(map).filter(|map| map.members().next().is_some())
        }
        How::Words => list(split(value?)),
        How::Modes => {
            let whole = |mode: String| MODES.iter().find(|(short, _)| *short == mode).map(|(_, whole)| (*whole).to_owned());
            list(split(value?).into_iter().filter_map(whole).collect())
        }
        How::Made(make) => make(block, at),
        How::Skip | How::Counts(_) | How::Within(_) | How::By(_) => None,
    }
}

/// Derives what the description says otherwise, or not at the place where it was cut.
fn complete(block: &Block, kind: Kind, object: &mut Value, told: &mut Told) {
    if object.at(&["metadata", "name"]).is_none()
        && let Some((namespace, name)) = name(block, kind, object)
    {
        object.set(&["metadata", "name"], name);
        object.set_some(&["metadata", "namespace"], namespace);
    }
    if kind == Kind::Pod {
        // What is left of a container whose name was cut.
        let cut = block.heads(0..block.lines.len()).filter(|at| block.lines[*at].indent > 0);
        let mut one = Value::map();
        for at in cut {
            row(block, at, CONTAINER, &mut one, told);
        }
        if let Some(name) = events::container(block).filter(|_| one.members().next().is_some()) {
            containers::add_container(name, false, one, object);
        }
        storage::without_token(object);
    }
    let phase = match phase(block, kind, object) {
        Some(phase) if object.at(&["metadata", "deletionTimestamp"]).is_some() && object.at(&["status", "phase"]).is_none() => phase,
        _ => return,
    };
    object.set(&["status", "phase"], phase);
}

/// The phase of what goes away, as the rest of the description tells it.
fn phase(block: &Block, kind: Kind, object: &Value) -> Option<&'static str> {
    let has = |path: &[&str]| object.at(path).is_some();
    let shows = |label: &str| margin(block).any(|at| block.label(at) == label);
    let (far, near, decided) = match kind {
        Kind::Pod => {
            let state = |status: &Value, state: &str| status.at(&["state", state]).is_some();
            let began =
                |status: &Value| state(status, "running") || state(status, "terminated") || status.int_at(&["restartCount"]) > Some(0);
            let statuses = object.list_at(&["status", "containerStatuses"]);
            let begun = statuses.iter().any(began);
            let waits = statuses.iter().any(|status| state(status, "waiting")) || shows("Node") && !has(&["spec", "nodeName"]);
            ("Running", "Pending", (begun || waits).then_some(begun))
        }
        Kind::PersistentVolumeClaim => ("Bound", "Pending", shows("Capacity").then(|| has(&["status", "capacity"]))),
        Kind::PersistentVolume => ("Bound", "Available", shows("Claim").then(|| has(&["spec", "claimRef"]))),
        _ => return None,
    };
    decided.map(|far_on| if far_on { far } else { near })
}

/// The namespace, if it is told, and the name of an object whose first lines were cut.
fn name(block: &Block, kind: Kind, object: &Value) -> Option<(Option<String>, String)> {
    let label = object.text_at(&["metadata", "labels", POD_NAME]).map(|name| (None, name.to_owned()));
    label.or_else(|| {
        let marks = NAMED.iter().filter(|(of, _)| *of == kind);
        marks.flat_map(|(_, mark)| block.lines.iter().filter_map(move |line| line.text.split_once(mark))).find_map(|(_, rest)| {
            let word = rest.split([' ', '"', '_', '(']).next().filter(|word| !word.is_empty())?;
            let (namespace, name) = word.split_once('/').map_or((None, word), |(namespace, name)| (Some(namespace.to_owned()), name));
            Some((namespace, name.to_owned()))
        })
    })
}
