//! The columns of `kubectl get`: the rows of a kind, and those that the definition of a custom kind adds.

use crate::print::golang;
use crate::print::jsonpath::Template;
use api::change::Change;
use api::custom;
use api::kind::Kind;
use api::view;
use base::time::Time;
use base::value::Value;
use rows::Shown;

/// A column.
#[derive(Clone, Copy)]
pub enum Column {
    Own(&'static rows::Column),
    /// Of a CustomResourceDefinition.
    Defined(&'static custom::Column),
}

impl Column {
    /// `READY`.
    pub fn heading(self) -> &'static str {
        match self {
            Column::Own(column) => column.heading,
            Column::Defined(column) => column.heading,
        }
    }

    /// Whether the column is printed, with `-o wide` or without, where changes are as told.
    pub fn is_shown(self, wide: bool, has: impl FnOnce(Change) -> bool) -> bool {
        match self {
            Column::Own(column) => (column.shown == Shown::Always || wide && column.shown == Shown::Wide) && column.since.is_none_or(has),
            Column::Defined(column) => wide || !column.wide,
        }
    }

    /// The cell of an object at a point in time.
    pub fn cell(self, object: &Value, now: Time) -> String {
        match self {
            Column::Own(column) => column.cell(object, now),
            Column::Defined(column) => defined(column, object, now),
        }
    }
}

/// A cell of a column that a definition adds. Models apiextensions-apiserver pkg/registry/customresource/tableconvertor.
fn defined(column: &custom::Column, object: &Value, now: Time) -> String {
    let found = Template::parse_relaxed(column.path).and_then(|path| path.results(object)).unwrap_or_default().concat();
    match found.first().and_then(Value::as_text) {
        Some(time) if column.is_date => view::age(now, time),
        _ => found.iter().map(golang::plain).collect::<Vec<_>>().join(" "),
    }
}

/// The columns of a kind, wide ones included.
pub fn columns(kind: Kind) -> Vec<Column> {
    let own = rows::columns(kind).map(Column::Own);
    match kind {
        Kind::Custom(_) => own.take(1).chain(kind.info().columns.iter().map(Column::Defined)).collect(),
        _ => own.collect(),
    }
}
