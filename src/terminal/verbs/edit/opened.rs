//! An edit under way: what its editor was opened with.

use kubectl::editing::Editing;
use kubectl::target::Target;

/// An edit under way.
#[derive(Clone)]
pub struct Opened {
    pub editing: Editing,
    /// The objects as they were read.
    pub(super) targets: Vec<Target>,
    /// The text that they are, without what stands above it.
    pub(super) original: String,
    /// Whether this is what was saved before and did not do.
    pub(super) is_again: bool,
}
