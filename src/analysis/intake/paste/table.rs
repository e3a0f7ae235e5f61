//! Tables of `kubectl get`: cells by the columns of the header, and rows without one by what their cells look like.

use std::ops::RangeInclusive;

use super::argo;
use super::command::kind_of;
use super::events;
use super::found::Found;
use super::header::{Header, joined};
use super::named::bare;
use super::split::Block;
use crate::event::Happened;
use api::kind::Kind;
use api::view::MODES;
use causes::message::{Said, SaidIn, is_name};
use rows::figures::{age, number};

/// From this length on a line may have been wrapped by a terminal.
pub(super) const WRAPS: usize = 75;
/// Kinds whose rows become objects; those of others are kept in mind by name.
const MADE: [Kind; 10] = [
    Kind::StatefulSet,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::StorageClass,
    Kind::Node,
    Kind::Service,
    Kind::ResourceQuota,
    Kind::PodDisruptionBudget,
    Kind::Namespace,
];
/// Cells that say nothing.
const NOTHING: [&str; 9] = ["", "N/A", "<none>", "<unset>", "<unknown>", "<invalid>", "<nil>", "…", "..."];

/// Columns whose cells are worth a line beside the verdict.
const TOLD: [&str; 10] = ["READY", "DESIRED", "CURRENT", "STATUS", "RESTARTS", "VOLUME", "CLAIM", "STORAGECLASS", "PROVISIONER", "REQUEST"];

/// Columns of any kind, and those that k9s adds: they decide nothing.
const PLAIN: [&str; 4] = ["NAMESPACE", "CPU", "MEM", "PF"];

/// Reads a block of a table.
pub(super) fn read(block: &Block<'_>, out: &mut Found, rest: &mut Vec<(usize, String)>) {
    let Some(header) = block.lines.first().and_then(|(_, line)| Header::of(line)) else { return };
    let is_events = header.has("REASON") && header.has("MESSAGE");
    let of_command = block.command.kinds.first().filter(|_| block.command.kinds.len() == 1).copied();
    let kind = header.kind().or(of_command);
    if header.has("HEALTH") && header.has("KIND") {
        // What Argo CD says of the objects of an application: whether they differ from Git.
        out.account.read(block.lines.iter().map(|(line, _)| *line));
        block.lines[1..].iter().for_each(|(number, line)| argo::row(*number, line, &header.cells(line), out));
        return;
    }
    let other = block.command.other.as_deref().filter(|_| !is_events);
    let mut rows: Vec<(RangeInclusive<usize>, String)> = Vec::new();
    out.account.read([block.lines[0].0]);
    for (number, line) in &block.lines[1..] {
        let first = line.split_whitespace().next().unwrap_or_default();
        let bare = first.rsplit('/').next().unwrap_or(first);
        let is_row = if is_events {
            events::begins(line)
        } else {
            !events::begins(line)
                && line.split_whitespace().nth(1).is_some()
                && (is_name(bare)
                    || is_hidden(bare)
                    || header.columns[0].0 == "NAMESPACE" && line.split_whitespace().nth(1).is_some_and(is_name))
                && !line.starts_with("         ")
        };
        match rows.last_mut() {
            Some((lines, last)) if !is_row && (is_events || last.chars().count() >= WRAPS && !events::begins(line)) => {
                *lines = *lines.start()..=*number;
                // A terminal wraps within words, too; a message it is that has its own blanks.
                last.push_str(if is_events { " " } else { "" });
                last.push_str(if is_events { line.trim() } else { line });
            }
            _ if is_row => rows.push((*number..=*number, (*line).to_owned())),
            _ => rest.push((*number, (*line).to_owned())),
        }
    }
    for (lines, line) in rows {
        let (cells, number) = (header.cells(&line), *lines.start());
        if is_events {
            events::of_cells(lines, &cells, &line, out);
        } else if let Some(other) = other {
            // Of a kind that is not known, whatever its columns are called.
            out.others.extend(cells.iter().find(|(column, _)| *column == "NAME").map(|(_, name)| format!("{other} {name}")));
            out.account.read(lines);
        } else if row(number, kind, &cells, out).is_some() {
            out.account.read(lines);
        } else {
            rest.push((number, line));
        }
    }
    if let Some(kind) = kind.filter(|kind| MADE.contains(kind) && other.is_none() && !is_events) {
        let is_known = |name: &str| PLAIN.contains(&name) || rows::columns(kind).any(|column| column.is(name));
        let unknown = header.columns.iter().filter(|(column, _)| !is_known(column));
        out.columns.extend(unknown.map(|(column, _)| (block.lines[0].0, column.clone())));
    }
}

/// Whether a text stands for a name that somebody hid.
fn is_hidden(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || "{}<>*-_.".contains(c)) && text.contains(['{', '<', '*', 'x', '_'])
}

/// Takes a row of a kind for an object.
fn row(line: usize, kind: Option<Kind>, cells: &[(&str, String)], out: &mut Found) -> Option<()> {
    let cell = |name: &str| cells.iter().find(|(column, _)| *column == name).map(|(_, cell)| cell.as_str()).unwrap_or_default();
    let (prefix, called) = cell("NAME").rsplit_once('/').map_or(("", cell("NAME")), |(prefix, name)| (prefix, name));
    let (called, is_default) = called.split_once(" (default").map_or((called, false), |(name, _)| (name, true));
    let kind = kind_of(prefix).filter(|_| !prefix.is_empty()).or(kind)?;
    if called.is_empty() || called.contains(' ') {
        return None;
    }
    if !MADE.contains(&kind) {
        out.others.push(format!("{} {called}", kind.info().name));
        return Some(());
    }
    let mut value = bare(kind, if kind.is_namespaced() { cell("NAMESPACE") } else { "" }, called);
    if is_default {
        value.set(&["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"], "true");
    }
    for (heading, cell) in cells.iter().filter(|(_, cell)| !NOTHING.contains(&&**cell)) {
        rows::columns(kind).filter(|column| column.is(heading)).for_each(|column| column.read(cell, &mut value));
    }
    let told = cells.iter().filter(|(column, cell)| TOLD.contains(column) && !NOTHING.contains(&&**cell));
    let says: Vec<String> = told.map(|(column, cell)| format!("{column} {cell}")).collect();
    out.fact(line, kind, called, says.join(", "));
    out.objects.push((line, value));
    Some(())
}

/// Takes a line without a header for a row of the kind that its cells look like.
pub(super) fn loose(line: usize, text: &str, of_command: Option<Kind>, out: &mut Found) -> Option<()> {
    let cells = joined(text.split_whitespace().map(str::to_owned).collect());
    let [name, more @ ..] = cells.as_slice() else { return None };
    let bare = name.rsplit('/').next().unwrap_or(name);
    if !is_name(bare) {
        // A row whose name somebody hid tells its word all the same.
        let word = more.get(1)?;
        let hidden = is_hidden(bare) && is_ratio(&more[0]) && is_word(word) && Said::of(SaidIn::Column, word).means().is_some();
        return hidden.then(|| {
            let about = (Kind::Pod.info().name.to_owned(), String::new(), String::new());
            out.events.push(Happened { about, message: word.clone(), place: SaidIn::Column, line, ..Happened::default() });
        });
    }
    let within = || like(more.get(1..)?).filter(|_| is_name(&more[0]));
    let (space, (kind, columns)) = like(more).map(|like| (None, like)).or_else(|| Some((Some("NAMESPACE"), within()?)))?;
    let named = kind_of(name.split_once('/').map_or("", |(kind, _)| kind));
    let kind = named.or(of_command.filter(|of| kind == Kind::StatefulSet && *of != Kind::Pod)).unwrap_or(kind);
    let cells: Vec<(&str, String)> = space.into_iter().chain(columns).zip(cells.iter().cloned()).collect();
    row(line, Some(kind), &cells, out)
}

fn is_ratio(text: &str) -> bool {
    text.split_once('/').is_some_and(|(one, all)| number(one).is_some() && number(all).is_some())
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric() || ":/".contains(c))
}

/// The kind of a row that has these cells behind the name, and the headings of its cells.
fn like(more: &[String]) -> Option<(Kind, Vec<&'static str>)> {
    let at = |index: usize| more.get(index).map(String::as_str).unwrap_or_default();
    let is_age = |index| age(at(index)).is_some();
    let has_modes = |index| MODES.iter().any(|(short, _)| at(index).contains(short));
    let starts = |words: &[&str]| words.iter().any(|word| at(0).starts_with(word));
    // The cells that an unbound claim leaves empty, and the class that it may name.
    const UNBOUND: [&str; 4] = ["VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS"];
    let (kind, columns, but) = match () {
        () if is_ratio(at(0)) && is_word(at(1)) && at(2).starts_with(|c: char| c.is_ascii_digit()) && is_age(3) => (Kind::Pod, 7, &[][..]),
        () if is_ratio(at(0)) && is_age(1) => (Kind::StatefulSet, 5, &[][..]),
        () if starts(&["Bound", "Lost", "Terminating"]) && has_modes(3) => (Kind::PersistentVolumeClaim, 7, &[][..]),
        // A claim that has lost its volume has neither size nor modes.
        () if at(0) == "Lost" && more.iter().any(|cell| age(cell).is_some()) => (Kind::PersistentVolumeClaim, 3, &[][..]),
        () if at(0) == "Pending" && is_age(1) => (Kind::PersistentVolumeClaim, 7, &UNBOUND[..]),
        () if at(0) == "Pending" && is_age(2) => (Kind::PersistentVolumeClaim, 7, &UNBOUND[..3]),
        () if has_modes(1) && at(4).contains('/') => (Kind::PersistentVolume, 7, &[][..]),
        () if starts(&["Ready", "NotReady"]) && more.iter().any(|cell| cell.starts_with("v1.")) => (Kind::Node, 2, &[][..]),
        () => return None,
    };
    let printed = rows::columns(kind).filter(|column| column.since.is_none()).map(|column| column.heading).take(columns);
    Some((kind, printed.filter(|heading| !but.contains(heading)).collect()))
}
