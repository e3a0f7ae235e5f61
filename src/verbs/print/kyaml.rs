//! `-o kyaml`: YAML in flow style with quotes, independent of indentation and safe from reinterpreted bare words.
//!
//! Models sigs.k8s.io/yaml/kyaml.

use std::fmt::Write;

use crate::print::declared::Order;
use base::quoted::go_quoted;
use base::value::{Map, Value};
use yaml::{self, MemberOrder};

/// Blanks per level.
const INDENT: usize = 2;

/// The value as a document.
pub fn print(value: &Value, order: Order) -> String {
    let mut out = "---\n".to_owned();
    write(value, order, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, order: Order, indent: usize, out: &mut String) {
    match value {
        Value::Map(map) if !map.is_empty() => write_map(map, order, indent, out),
        Value::List(items) if !items.is_empty() => write_list(items, order.inside(""), indent, out),
        Value::Text(text) => write_text(text, indent, out),
        other => out.push_str(&other.to_json()),
    }
}

fn start_line(indent: usize, out: &mut String) {
    let _ = write!(out, "\n{:indent$}", "");
}

fn write_map(map: &Map, order: Order, indent: usize, out: &mut String) {
    out.push('{');
    for (key, value) in order.members(map) {
        start_line(indent + INDENT, out);
        let _ = if is_plain(key) { write!(out, "{key}: ") } else { write!(out, "{}: ", go_quoted(key)) };
        write(value, order.inside(key), indent + INDENT, out);
        out.push(',');
    }
    start_line(indent, out);
    out.push('}');
}

/// Lists of collections put their brackets next to the items' braces; a list with a scalar has a line per item.
fn write_list(items: &[Value], order: Order, indent: usize, out: &mut String) {
    let is_filled = |item: &Value| item.as_map().is_some_and(|m| !m.is_empty()) || item.as_list().is_some_and(|l| !l.is_empty());
    out.push('[');
    if items.iter().all(is_filled) {
        for (i, item) in items.iter().enumerate() {
            out.push_str(if i == 0 { "" } else { ", " });
            write(item, order, indent, out);
        }
    } else {
        for item in items {
            start_line(indent + INDENT, out);
            write(item, order, indent + INDENT, out);
            out.push(',');
        }
        start_line(indent, out);
    }
    out.push(']');
}

/// A text in quotes; one of several lines has a line for each, with the line ends escaped. Models kyaml.go renderString.
fn write_text(text: &str, indent: usize, out: &mut String) {
    let folds = text.contains('\n');
    out.push('"');
    for line in text.split_inclusive('\n') {
        if folds {
            fold(indent, out);
            // A leading blank would be taken for indentation. Lines without one are moved, so that all stand as they did.
            let is_blank = |c: char| c.is_whitespace() && c != '\n';
            out.push(if line.starts_with(is_blank) { '\\' } else { ' ' });
        }
        line.chars().for_each(|c| write_char(c, out));
    }
    if folds {
        fold(indent, out);
    }
    out.push('"');
}

/// Ends a line within quotes in a way that does not count.
fn fold(indent: usize, out: &mut String) {
    out.push('\\');
    start_line(indent + INDENT, out);
}

/// A character within quotes. Models kyaml.go appendEscapedRune.
fn write_char(c: char, out: &mut String) {
    match c {
        '\t' => out.push('\t'),
        '\0' => out.push_str("\\0"),
        '\u{1b}' => out.push_str("\\e"),
        '\u{85}' => out.push_str("\\N"),
        '\u{a0}' => out.push_str("\\_"),
        '\u{2028}' => out.push_str("\\L"),
        '\u{2029}' => out.push_str("\\P"),
        other => {
            let quoted = go_quoted(other.encode_utf8(&mut [0; 4]));
            out.push_str(&quoted[1..quoted.len() - 1]);
        }
    }
}

/// Whether a key needs no quotes.
fn is_plain(key: &str) -> bool {
    let starts = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let read = || yaml::parse(key).into_iter().next().and_then(|document| document.value);
    starts && key.chars().all(word) && read().is_some_and(|value| value.as_text() == Some(key))
}
