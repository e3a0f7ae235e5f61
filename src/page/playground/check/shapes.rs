//! Values of another shape than their field's, and what they were probably meant to be. A text may stand where a list belongs, or a list
//! without its dashes. Also what lets one look past a value of which nobody knows what was meant.

use super::values::{in_place, last_field};
use crate::documents::kind_of;
use crate::unsimulated::at;
use api::schema::{Element, Shape, schema};
use api::status::MisfitReason;
use base::field_path::{FieldPath, Step};
use base::value::Value;
use view::manifest::Fix;
use yaml::{self, Document, Found};

/// The lists that are one command, word by word.
const COMMANDS: [&str; 2] = ["command", "args"];
/// What only a shell makes something of.
const OF_SHELLS: [char; 21] = ['|', '&', ';', '<', '>', '(', ')', '$', '`', '\\', '"', '\'', '*', '?', '[', ']', '{', '}', '#', '~', '\n'];
/// What a list on one line gives a meaning to.
const OF_LISTS: [char; 5] = [',', '[', ']', '{', '}'];

/// Whether a path is that of a whole list.
pub(super) fn is_list(document: &Document, path: &FieldPath) -> bool {
    let is_field = matches!(path.0.last(), Some(Step::Field(_)));
    is_field && kind_of(document).and_then(|kind| schema().at(kind, path)).is_some_and(|field| field.shape == Shape::List)
}

/// A value that stands where a list of such values belongs, and the list.
pub(super) fn listed(text: &str, document: &Document, path: &FieldPath) -> Option<Fix> {
    let field = schema().at(kind_of(document)?, path).filter(|_| is_list(document, path))?;
    let found = document.find(path);
    let raw = text.get(found.value.start..found.value.end)?;
    match (at(document.value.as_ref()?, &path.0)?, field.element) {
        (Value::Map(_), Element::Struct(_)) => dashed(text, &found),
        (Value::Map(_) | Value::List(_) | Value::Null, _) | (_, Element::Struct(_)) => None,
        (value, _) => {
            let words = value.as_text().filter(|_| last_field(path).is_some_and(|name| COMMANDS.contains(&&*name)));
            let items = match words {
                Some(words) => command(words, last_field(path).as_deref() == Some(COMMANDS[0]))?.iter().map(|word| flow(word)).collect(),
                None if raw.contains(&OF_LISTS[1..]) => return None,
                None => vec![raw.to_owned()],
            };
            in_place(text, found.named()?, found.value, &format!("[{}]", items.join(", ")))
        }
    }
}

/// The words of a command that stands in one text. What is made for a shell gets one, where it begins the command.
fn command(text: &str, is_whole: bool) -> Option<Vec<&str>> {
    match text.contains(OF_SHELLS) {
        true => is_whole.then(|| vec!["sh", "-c", text]),
        false => Some(text.split_whitespace().collect()),
    }
}

/// A text as an item of a list on one line.
fn flow(text: &str) -> String {
    let value = Value::from(text);
    let plain = yaml::print(&value).trim_end().to_owned();
    if plain.contains('\n') || plain.contains(OF_LISTS) { value.to_json() } else { plain }
}

/// The object of a block that should be the first item of a list.
fn dashed(text: &str, found: &Found) -> Option<Fix> {
    let (key, block) = (found.named()?, text.get(found.value.start..found.value.end)?);
    if found.value.line == key.line || block.starts_with('{') {
        return None;
    }
    let first = block.split_whitespace().next()?;
    let mut fixes = vec![Fix::Word { line: found.value.line, from: first.to_owned(), to: format!("- {first}") }];
    let rest = (found.value.line..).zip(block.trim_end().split('\n')).skip(1).filter(|(_, line)| !line.trim().is_empty());
    fixes.extend(rest.map(|(line, _)| Fix::Word { line, from: String::new(), to: "  ".to_owned() }));
    Some(Fix::All(fixes))
}

/// What lets one look past a field that nobody can correct: a value of its type, or the text without it. It is offered to nobody.
pub(super) fn stand_in(text: &str, document: &Document, path: &FieldPath, why: MisfitReason) -> Option<Fix> {
    let value = match why {
        _ if is_left_out(why) => return left_out(text, &document.find(path)),
        MisfitReason::WrongType(Some(Element::Bool)) => "true",
        MisfitReason::WrongType(Some(Element::Quantity)) => amount(path),
        MisfitReason::WrongType(_) => "1",
        _ => return None,
    };
    let span = document.locate(path);
    let from = text.get(span.start..span.end).filter(|raw| !raw.is_empty() && !raw.contains('\n'))?;
    let line = text.lines().nth(span.line.max(1) - 1)?;
    (line.matches(from).count() == 1).then(|| Fix::Word { line: span.line.max(1), from: from.to_owned(), to: value.to_owned() })
}

/// An amount that no other contradicts: a limit is large, and what is asked for small.
fn amount(path: &FieldPath) -> &'static str {
    let is = |name: &str| path.0.iter().any(|step| matches!(step, Step::Field(field) | Step::Key(field) if **field == *name));
    match () {
        () if is("limits") => "1P",
        () if is("storage") => "1",
        () => "1m",
    }
}

/// Whether a field that does not fit is left out while one looks past it: nothing could stand in for it.
pub(super) fn is_left_out(why: MisfitReason) -> bool {
    use Element::{Bool, Int32, Int64, Quantity};
    let has_stand_in = matches!(why, MisfitReason::WrongType(Some(Bool | Int32 | Int64 | Quantity)));
    !has_stand_in && matches!(why, MisfitReason::WrongType(_) | MisfitReason::Unknown)
}

/// Leaves out a field.
fn left_out(text: &str, found: &Found) -> Option<Fix> {
    let key = found.named()?;
    let whole = text.get(key.start..found.value.end.max(key.end))?.trim_end();
    let before = &text[text[..key.start].rfind('\n').map_or(0, |end| end + 1)..key.start];
    let last = key.line + whole.matches('\n').count();
    let (first, rest) = whole.split_once('\n').map_or((whole, Vec::new()), |(first, _)| (first, (key.line + 1..=last).collect()));
    if before.trim().is_empty() {
        return Some(Fix::Without((key.line..=last).collect()));
    }
    // The other fields of the item follow below its dash; on one line, what is left out takes its comma along.
    let is_item = before.chars().all(|letter| letter == '-' || letter == ' ');
    let comma = text[key.start + first.len()..].chars().take_while(|next| *next == ' ' || *next == ',').collect::<String>();
    let comma = if comma.contains(',') && !is_item { comma } else { String::new() };
    let line = text[key.start..].lines().next()?;
    let from = if is_item { line.to_owned() } else { format!("{first}{comma}") };
    if !is_item && !rest.is_empty() {
        return None;
    }
    Some(Fix::All(vec![Fix::Word { line: key.line, from, to: String::new() }, Fix::Without(rest)]))
}
