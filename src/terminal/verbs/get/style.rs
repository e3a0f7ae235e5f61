//! How the tables of `get` look: which columns and cells an object's row has.

use super::request::Request;
use crate::print::columns::{Column, columns};
use crate::print::table::one_line;
use api::kind::Kind;
use api::view::{self, map_at, scalar};
use base::time::Time;
use base::value::Value;
use kubectl::form::row_before;
use kubectl::session::Session;
use kubectl::target::Target;

/// How tables look, apart from the kind.
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Clone, Default)]
pub(super) struct Style {
    pub(super) wide: bool,
    pub(super) namespaces: bool,
    pub(super) kinds: bool,
    pub(super) headings: bool,
    pub(super) labels: bool,
    pub(super) label_columns: Vec<String>,
}

impl Style {
    /// The way to print these objects; so many of the types asked for could not be listed, and have no part in the answer.
    pub(super) fn of(Request { call, asked, .. }: &Request, wide: bool, objects: &[Target], unread: usize) -> Style {
        let lists = !asked.has_names() && asked.several_kinds() && asked.kinds.len() > unread + 1;
        let several = lists || objects.windows(2).any(|w| w[0].kind != w[1].kind);
        Style {
            wide,
            namespaces: call.flags.on("all-namespaces"),
            kinds: several || call.flags.on("show-kind"),
            headings: !call.flags.on("no-headers"),
            labels: call.flags.on("show-labels"),
            label_columns: call.flags.list("label-columns").into_iter().map(str::to_owned).collect(),
        }
    }

    /// The rows of a table, with its headings where they are wanted.
    pub(super) fn table(&self, kind: Kind, objects: &[Value], now: Time, session: &mut Session) -> Vec<Vec<String>> {
        let mut rows = Vec::with_capacity(objects.len() + 1);
        if self.headings {
            rows.push(self.headings(kind, session));
        }
        rows.extend(objects.iter().map(|o| self.row(kind, o, now, session)));
        rows
    }

    /// The columns shown.
    fn columns(&self, kind: Kind, session: &mut Session) -> Vec<Column> {
        columns(kind).into_iter().filter(|column| column.is_shown(self.wide, |change| session.has(change))).collect()
    }

    pub(super) fn headings(&self, kind: Kind, session: &mut Session) -> Vec<String> {
        let mut cells = Vec::new();
        if self.namespaces {
            cells.push("NAMESPACE".to_owned());
        }
        cells.extend(self.columns(kind, session).iter().map(|c| c.heading().to_owned()));
        let last_part = |key: &str| key.rsplit('/').next().unwrap_or(key).to_ascii_uppercase();
        cells.extend(self.label_columns.iter().map(|key| last_part(key)));
        if self.labels {
            cells.push("LABELS".to_owned());
        }
        cells
    }

    /// An object's row, in the form chosen.
    pub(super) fn row(&self, kind: Kind, object: &Value, now: Time, session: &mut Session) -> Vec<String> {
        let today = self.cells(kind, object, now, session);
        let Some((change, before)) = row_before(kind, object) else { return today };
        let classic = self.cells(kind, &before, now, session);
        if classic == today || session.has(change) { today } else { classic }
    }

    fn cells(&self, kind: Kind, object: &Value, now: Time, session: &mut Session) -> Vec<String> {
        let mut cells = Vec::new();
        if self.namespaces {
            cells.push(view::namespace(object).to_owned());
        }
        for (i, column) in self.columns(kind, session).into_iter().enumerate() {
            let cell = one_line(&column.cell(object, now));
            cells.push(if i == 0 && self.kinds && kind != Kind::Event { format!("{}/{cell}", kind.qualified_singular()) } else { cell });
        }
        let labels = map_at(object, &["metadata", "labels"]);
        let label = |key: &String| labels.and_then(|m| m.get(key)).map(scalar).unwrap_or_default();
        cells.extend(self.label_columns.iter().map(label));
        if self.labels {
            cells.push(view::labels_text(labels));
        }
        cells
    }
}
