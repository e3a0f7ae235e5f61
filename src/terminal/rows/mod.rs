//! What kubectl prints of an object, as rows: each says how a field is printed, and how it is read from a print.
//!
//! Promises: what a row reads of its own print is printed the same again. A printer is a function of objects and an instant.
//! Must not know: the cluster, command lines, what a paste is for.

pub mod cells;
pub mod describe;
pub mod described;
pub mod figures;
mod pod;
pub mod read;

use api::change::Change;
use api::kind::Kind;
use base::time::Time;
use base::value::Value;

/// Kinds and the columns of their tables. What an older release or another program prints follows after kubectl's own.
type Table = (&'static [Kind], &'static [Column]);

/// A column of `kubectl get`.
pub struct Column {
    /// `READY`.
    pub heading: &'static str,
    pub shown: Shown,
    /// The change that introduced it, if guides do not show it.
    pub since: Option<Change>,
    /// Whether the kind is known by it, together with the other such columns.
    sign: bool,
    cell: Cell,
}

/// When a column is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Always,
    /// With `-o wide`.
    Wide,
    /// By other releases or programs.
    Never,
}

/// Where a cell's text comes from, and where it is read to. Paths are keys with a blank between them.
enum Cell {
    /// The field at a path, and the word for a missing one.
    Field(&'static str, &'static str),
    /// Two numbers around a slash.
    Ratio(&'static str, &'static str),
    Of(fn(&Value, Time) -> String, read::Read),
}

/// The columns of `src/model/kinds`.
#[allow(unused_variables, reason = "few cells need the time")]
mod tables {
    use super::cells::*;
    use super::{Cell, Change, Column, Kind, Shown, Table, Value, part, read};
    use api::view::*;

    include!(concat!(env!("OUT_DIR"), "/get.rs"));
}

impl Column {
    /// The cell of an object at a point in time.
    pub fn cell(&self, object: &Value, now: Time) -> String {
        let number = |path| at(object, path).and_then(Value::as_int).unwrap_or_default();
        match self.cell {
            Cell::Field(path, missing) => {
                let field = at(object, path).filter(|field| !field.is_null()).map(api::view::scalar);
                field.filter(|text| !text.is_empty()).unwrap_or_else(|| missing.to_owned())
            }
            Cell::Ratio(one, all) => format!("{}/{}", number(one), number(all)),
            Cell::Of(print, _) => print(object, now),
        }
    }

    /// Writes into an object what a cell says of it.
    pub fn read(&self, cell: &str, into: &mut Value) {
        match self.cell {
            Cell::Field(path, missing) => {
                let number = figures::number(cell).map(Value::from);
                let field = match missing {
                    "0" => number,
                    "N/A" => number.or(Some(cell.into())),
                    "true" | "false" => Some((cell == "true").into()),
                    _ => Some(cell.into()),
                };
                field.into_iter().for_each(|field| *part(into, path) = field);
            }
            Cell::Ratio(one, all) => {
                for (path, number) in [one, all].into_iter().zip(cell.split('/').map(figures::number)) {
                    number.into_iter().for_each(|number| *part(into, path) = number.into());
                }
            }
            Cell::Of(_, read) => read(into, self.heading, cell),
        }
    }

    /// Whether a heading is this one. Releases write headings apart, with a hyphen or in one: `MIN-AVAILABLE`, `CONTAINER(S)`.
    pub fn is(&self, heading: &str) -> bool {
        let letters = |text: &'static str| text.chars().filter(char::is_ascii_alphabetic);
        letters(self.heading).eq(heading.chars().filter(char::is_ascii_alphabetic))
    }
}

/// The columns that kubectl prints of a kind, and those that are read of it, in this order.
pub fn columns(kind: Kind) -> impl Iterator<Item = &'static Column> {
    let of = move |(kinds, _): &&Table| kinds.contains(&kind);
    let any = tables::TABLES.last().filter(|_| !tables::TABLES.iter().any(|table| of(&table)));
    tables::TABLES.iter().filter(of).chain(any).flat_map(|(_, columns)| *columns)
}

/// The columns of all kinds.
pub fn all() -> impl Iterator<Item = &'static Column> {
    tables::TABLES.iter().flat_map(|(_, columns)| *columns)
}

/// The kind that has these columns.
pub fn kind(has: impl Fn(&Column) -> bool) -> Option<Kind> {
    let signs = |(_, columns): &&Table| {
        let mut signs = columns.iter().filter(|column| column.sign).peekable();
        signs.peek().is_some() && signs.all(&has)
    };
    tables::TABLES.iter().find(signs).map(|(kinds, _)| kinds[0])
}

fn keys(path: &str) -> impl Iterator<Item = &str> {
    path.split(' ').filter(|key| !key.is_empty())
}

/// The value under a path of keys, which are apart by a blank.
pub fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    keys(path).try_fold(value, Value::get)
}

/// The same, made if it is not there.
pub fn part<'a>(value: &'a mut Value, path: &str) -> &'a mut Value {
    keys(path).fold(value, |value, key| value.make_map().entry(key, Value::map))
}
