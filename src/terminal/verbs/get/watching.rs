//! A `get -w` under way: what is watched, how it is shown, and what was shown last.

use super::style::Style;
use crate::print::format::Format;
use crate::print::table::Widths;
use api::kind::Kind;
use base::sorted::SortedMap;
use base::time::Time;
use base::value::Value;
use kubectl::select::Filter;

/// A watch under way.
#[derive(Clone)]
pub struct Watch {
    pub(super) kind: Kind,
    pub(super) scope: Option<String>,
    pub(super) name: Option<String>,
    pub(super) filter: Filter,
    pub(super) after: u64,
    /// The objects that passed the filter last, where there is one: an object that stops passing is gone for the watcher.
    pub(super) passing: SortedMap<String, Value>,
    pub(super) format: Option<Format>,
    pub(super) style: Style,
    pub(super) events: bool,
    pub(super) has_headings: bool,
    pub(super) widths: Widths,
    pub(super) printed: usize,
    /// When the request is over.
    pub(super) until: Option<Time>,
}
