//! A `wait` under way: the conditions, and the objects that have to meet them.

use crate::polls::Polls;
use crate::print::jsonpath::Template;
use crate::write::Report;
use api::kind::Kind;
use base::time::{Span, Time};
use base::value::Value;
use kubectl::failure::Failure;

/// The condition to wait for.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    Deleted,
    Created,
    Condition { kind: String, status: String },
    Field { path: Template, value: Option<String> },
}

/// Looks for objects until all of them are there.
#[derive(Clone)]
pub struct Creation {
    pub(super) polls: Polls,
    pub(super) timeout: Span,
    pub(super) until: Time,
}

#[derive(Clone)]
pub(super) struct Awaited {
    pub(super) kind: Kind,
    pub(super) namespace: String,
    pub(super) name: String,
    /// As it was last seen.
    pub(super) object: Value,
    /// Whether it existed when its turn came.
    pub(super) is_found: bool,
}

/// Objects that are being waited for.
#[derive(Clone)]
pub struct Waiting {
    /// The conditions, each of which an object has to meet, one after the other.
    pub(super) wanted: Vec<Wanted>,
    /// How many of them the present object has met.
    pub(super) met: usize,
    /// In reverse: the last one is being looked at.
    pub(super) objects: Vec<Awaited>,
    pub(super) report: Report,
    pub(super) timeout: Span,
    pub(super) until: Time,
    /// Whether one of them has timed out.
    pub(super) is_late: bool,
    pub(super) failures: Vec<Failure>,
}
