//! The lines of `kubectl describe`: those of `src/model/kinds`, and how they are printed.

pub mod common;
mod containers;
mod jobs;
pub mod layout;
pub mod network;
mod node;
mod pod;
pub mod small;
mod storage;
pub mod volumes;
mod workloads;

use crate::at;
use crate::described::How;
use api::kind::Kind;
use api::release::Release;
use api::view as shown;
use api::view::View;
use base::value::Value;
use layout::Page;

/// The lines of a kind's description.
pub struct Described {
    pub kinds: &'static [Kind],
    /// Whether the lines are all that is printed but the Events; else they only tell the kind.
    pub is_printed: bool,
    pub lines: &'static [Line],
}

/// A kind of volume: its field, the text of its type, and its lines.
pub type Source = (&'static str, &'static str, &'static [Line]);

/// A line of a description.
pub struct Line {
    /// Its label, and behind bars those that are read as well.
    pub labels: &'static str,
    when: When,
    /// Whether a release has it; all have it where there is nothing.
    has: Option<fn(&Release) -> bool>,
    /// The field that is printed. A path has a blank between its keys.
    path: &'static str,
    pub(crate) print: Print,
    /// The field that is read.
    pub(crate) to: &'static str,
    pub read: How,
}

/// When a line is printed.
#[derive(PartialEq)]
enum When {
    Always,
    /// If there is such a field.
    Given,
    /// If there is what holds the field.
    Held,
    /// Below the line before.
    Below,
    /// By other releases.
    Never,
}

/// How a field is printed behind the label.
pub(crate) enum Print {
    Nothing,
    /// As it is, or as this word where it is missing.
    Field(&'static str),
    Text(fn(&Value) -> String),
    Lines(fn(&mut Page, usize, &str, &Value)),
    Around(fn(&mut Page, usize, &str, &Value, &View)),
    /// `{path} words`: numbers with the words that follow them.
    Counts(&'static str),
    /// Lines so many steps further in.
    Within(usize, &'static [Line]),
}

/// The lines of `src/model/kinds`.
mod lines {
    use super::common::*;
    use super::containers::*;
    use super::jobs::*;
    use super::network::*;
    use super::node::*;
    use super::pod::*;
    use super::small::*;
    use super::storage::*;
    use super::volumes::*;
    use super::workloads::*;
    use super::{Described, Kind, Line, Print, Source, When};
    use crate::cells::*;
    use crate::described::{How, read};

    include!(concat!(env!("OUT_DIR"), "/describe.rs"));
}

pub(crate) use lines::{CLAIMSOURCE, CLAIMTEMPLATE, RUNNING, TEMPLATE, TERMINATED, WAITING};
pub use lines::{CONTAINER, EACH, KINDS, SOURCES};

impl Line {
    /// Whether a label is one of the line's.
    pub fn is(&self, label: &str) -> bool {
        self.labels.split('|').any(|one| one == label)
    }
}

/// Describes an object of a kind, up to its Events; `false` if the table has no lines for the kind.
pub fn describe(page: &mut Page, kind: Kind, object: &Value, view: &View) -> bool {
    let of_kind = KINDS.iter().chain(lines::PRINTED).find(|one| one.is_printed && one.kinds.contains(&kind));
    of_kind.map(|one| print(page, 0, one.lines, object, view)).is_some()
}

/// The section about a workload's pod template.
pub fn pod_template(page: &mut Page, template: Option<&Value>, view: &View) {
    page.line(0, "Pod Template:");
    print(page, 1, TEMPLATE, template.unwrap_or(&Value::Null), view);
}

pub(crate) fn print(page: &mut Page, level: usize, lines: &[Line], object: &Value, view: &View) {
    for line in lines.iter().filter(|line| line.has.is_none_or(|has| has(view.release))) {
        let field = at(object, line.path).filter(|field| !field.is_null());
        let text = field.map(shown::scalar).filter(|text| !["", "[]", "{}"].contains(&&**text));
        let is_printed = match line.when {
            When::Always => true,
            When::Given => text.is_some(),
            When::Held => line.path.rsplit_once(' ').is_some_and(|(path, _)| at(object, path).is_some()),
            When::Below => field.is_some(),
            When::Never => false,
        };
        if !is_printed {
            continue;
        }
        let label = line.labels.split('|').next().unwrap_or_default();
        let field = field.unwrap_or(&Value::Null);
        match line.print {
            Print::Nothing => {}
            Print::Field(missing) => page.field(level, label, text.as_deref().unwrap_or(missing)),
            Print::Text(make) => page.field(level, label, make(field)),
            Print::Lines(write) => write(page, level, label, field),
            Print::Around(write) => write(page, level, label, field, view),
            Print::Counts(words) => page.field(level, label, counted(words, field)),
            Print::Within(steps, lines) => {
                if line.when != When::Below {
                    page.line(level, format!("{label}:"));
                }
                print(page, level + steps, lines, field, view);
            }
        }
    }
}

/// `3 desired | 2 total`.
fn counted(words: &str, object: &Value) -> String {
    let piece = |piece: &str| match piece.split_once('}') {
        Some((path, rest)) => at(object, path).map_or_else(|| "0".to_owned(), shown::scalar) + rest,
        None => piece.to_owned(),
    };
    words.split('{').map(piece).collect()
}
