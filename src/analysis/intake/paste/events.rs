//! Event rows of every age: of `kubectl get events`, of `describe`, with a header and without.

use std::ops::RangeInclusive;

use super::command::kind_of;
use super::found::Found;
use super::says;
use crate::event::Happened;
use api::kind::Kind;
use causes::message::is_name;
use rows::figures::{self, ago};

/// What an Event's row says.
#[derive(Default)]
struct Row<'a> {
    age: &'a str,
    object: (String, &'a str),
    reason: &'a str,
    source: &'a str,
    message: &'a str,
}

/// The types of Events.
const TYPES: [&str; 2] = ["Normal", "Warning"];
/// So many words stand before the type at most.
const BEFORE: usize = 9;
/// What stands before the message of an Event that stands for several.
const COMBINED: &str = "(combined from similar events): ";

/// Whether a line begins the row of an Event.
pub(super) fn begins(line: &str) -> bool {
    line.split_whitespace().take(BEFORE).any(|word| TYPES.contains(&word))
}

/// Whether a line is the row of an Event that begins with its type.
pub(super) fn is_row(line: &str) -> bool {
    TYPES.iter().any(|word| line.trim_start().starts_with(word)) && by_words(line).is_some()
}

/// A word of a line, and what comes after it.
fn next(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// An age and what comes after it, with how often: `4s (x2822 over 11h)`.
fn age_first(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = next(text);
    let known = figures::age(word).is_some() || ["<unknown>", "<invalid>"].contains(&word);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix("(x").and_then(|many| many.split_once(')')).map_or(rest, |(_, rest)| rest);
    known.then_some((word, rest))
}

/// Whether a word may be the reason of an Event.
fn is_reason(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// The row of an Event, by its words.
fn by_words(line: &str) -> Option<Row<'_>> {
    let (mut before, mut rest) = (Vec::new(), line);
    loop {
        let (word, more) = next(rest);
        rest = more;
        if TYPES.contains(&word) {
            break;
        }
        if word.is_empty() || before.len() >= BEFORE {
            return None;
        }
        before.push(word);
    }
    let (reason, rest) = next(rest);
    if !is_reason(reason) {
        return None;
    }
    let mut row = Row { reason, ..Row::default() };
    if let Some(name) = before.first().and_then(|word| word.strip_suffix(':')).filter(|name| is_name(name)) {
        // Somebody wrote before the row which pod it is of.
        row.object = (Kind::Pod.info().name.to_owned(), name);
    }
    let is_age = |word: &&&str| figures::age(word).is_some() || word.starts_with("<unknown");
    // The oldest form counts from the first to the last time.
    let ages: Vec<&&str> = before.iter().filter(is_age).collect();
    let counts = before.iter().any(|word| word.bytes().all(|b| b.is_ascii_digit()));
    if let Some(age) = ages.get(usize::from(ages.len() > 1 && counts && before.first().is_some_and(|word| figures::age(word).is_some()))) {
        row.age = age;
        let named = before.windows(2).find(|pair| is_name(pair[0]) && kind_of(pair[1]).is_some_and(|kind| kind.info().name == pair[1]));
        if let Some(pair) = named {
            // The oldest form of `get events`: the Event's own name, and the kind.
            row.object = (pair[1].to_owned(), pair[0].rsplit_once('.').map_or(pair[0], |(name, _)| name));
            let (source, rest) = from(rest);
            return Some(Row { source, message: rest, ..row });
        }
        let (word, more) = next(rest);
        let (kind, name) = word.split_once('/').unwrap_or((word, ""));
        match kind_of(kind).filter(|_| !counts) {
            Some(kind) => {
                row.object = (kind.info().name.to_owned(), name);
                row.message = more;
            }
            // `describe` of that age has the source before the type.
            None => row.message = rest,
        }
        return Some(row);
    }
    let Some((age, rest)) = age_first(rest) else {
        let (word, more) = next(rest);
        let (kind, name) = word.split_once('/')?;
        row.object = (kind_of(kind)?.info().name.to_owned(), name);
        return Some(Row { message: more, ..row });
    };
    let (source, message) = from(rest);
    Some(Row { age, source, message, ..row })
}

/// The source of an Event, with the host of a kubelet, and what comes after it.
fn from(text: &str) -> (&str, &str) {
    let (source, rest) = next(text);
    let rest = if source.ends_with(',') { next(rest).1 } else { rest };
    (source.trim_end_matches(','), rest)
}

/// Takes a line without a header for the row of an Event.
pub(super) fn loose(line: usize, text: &str, out: &mut Found) -> Option<()> {
    let row = by_words(text)?;
    happened(line..=line, row, out);
    Some(())
}

/// Takes the cells of a table's row for an Event.
pub(super) fn of_cells(lines: RangeInclusive<usize>, cells: &[(&str, String)], line: &str, out: &mut Found) {
    let cell = |names: &[&str]| {
        let found = cells.iter().find(|(column, _)| names.contains(column)).map(|(_, cell)| cell.as_str());
        found.unwrap_or_default()
    };
    let has = |name: &str| cells.iter().any(|(column, _)| *column == name);
    let fits = TYPES.contains(&cell(&["TYPE"])) && is_reason(cell(&["REASON"]));
    // Cells tell more only where columns stand between; and words bear it when a row does not keep to the columns.
    if !fits || !(has("SOURCE") || has("KIND") || has("NAMESPACE")) {
        if let Some(row) = by_words(line) {
            happened(lines, row, out);
        }
        return;
    }
    let (kind, name) = cell(&["OBJECT"]).split_once('/').unwrap_or((cell(&["KIND"]), cell(&["NAME"])));
    let name = if has("OBJECT") { name } else { name.rsplit_once('.').map_or(name, |(name, _)| name) };
    let row = Row {
        age: cell(&["LAST SEEN", "LASTSEEN"]),
        object: (kind_of(kind).map_or(kind, |kind| kind.info().name).to_owned(), name),
        reason: cell(&["REASON"]),
        source: cell(&["SOURCE", "FROM"]),
        message: cell(&["MESSAGE"]),
    };
    let before = out.events.len();
    happened(lines, row, out);
    if let Some(event) = out.events.get_mut(before) {
        cell(&["NAMESPACE"]).clone_into(&mut event.about.1);
    }
}

/// Takes down an Event.
fn happened(lines: RangeInclusive<usize>, row: Row<'_>, out: &mut Found) {
    let message = row.message.trim();
    let message = message.strip_prefix(COMBINED).unwrap_or(message);
    let age = figures::age(row.age);
    let kind = kind_of(&row.object.0).unwrap_or(Kind::Event);
    let event = Happened {
        about: (row.object.0, String::new(), row.object.1.to_owned()),
        reason: row.reason.to_owned(),
        message: message.to_owned(),
        last: age.map(ago),
        source: row.source.to_owned(),
        line: *lines.start(),
        ..Happened::default()
    };
    if says::tells(&event) {
        out.fact(*lines.start(), kind, row.object.1, format!("{}: {message}", row.reason));
    }
    out.happened(lines, event);
}
