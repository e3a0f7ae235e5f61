//! An edit under way: what its editor was opened with, and what it left.

use crate::target::Target;

/// An edit under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editing {
    /// The objects as they were read.
    pub(super) targets: Vec<Target>,
    /// The text that they are, without what stands above it.
    pub(super) original: String,
    /// The program that edits the file; none where somebody types into the editor.
    pub program: Option<String>,
    /// The path of the file.
    pub path: String,
    /// What is in the file when the editor opens it.
    pub text: String,
    /// Whether this is what was saved before and did not do.
    pub(super) is_again: bool,
    /// What the file held when the editor was closed, or why there was no editor.
    pub(super) closed: Option<Result<String, String>>,
}
