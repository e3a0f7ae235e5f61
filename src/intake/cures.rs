//! Cures: lines that are typed beside a copy of the world, and what came of them.

use super::verdict::{Cause, Verdict};
use super::world::World;
use api::object::ObjectKey;
use base::time::Span;
use sim::Sim;

/// Lines that were tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub lines: Vec<String>,
    /// How long until the object was well; `None` where it never was.
    pub took: Option<Span>,
    /// What it risks; may be empty.
    pub risk: String,
}

/// What came of all tries for a cause.
#[derive(Clone, Debug, Default)]
pub struct Tries {
    pub cures: Vec<Tried>,
    pub not_cures: Vec<Tried>,
    /// The world after the try that took the cause away and left another.
    pub partly: Option<Sim>,
}

/// Tries what may help.
pub fn tried(_world: &World, _sim: &Sim, _key: &ObjectKey, _cause: &Cause) -> Tries {
    Tries::default()
}

/// Tries the cures of several causes together.
pub fn together(_world: &World, _sim: &Sim, _key: &ObjectKey, _found: &mut [Verdict]) {}
