//! A watch of events under way: which events, and those that were shown.

use crate::print::table::Widths;
use api::kind::Kind;
use base::time::Time;

/// Which events to show.
#[derive(Clone)]
pub(super) struct Choice {
    pub(super) scope: Option<String>,
    pub(super) about: Option<(Kind, String)>,
    pub(super) types: Vec<String>,
}

/// A watch of events.
#[derive(Clone)]
pub struct Watch {
    pub(super) choice: Choice,
    pub(super) after: u64,
    pub(super) widths: Widths,
    pub(super) has_headings: bool,
    /// When the request is over.
    pub(super) until: Option<Time>,
}
