//! An edit under way, as whoever brings the editor sees it.

/// An edit under way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editing {
    /// What is edited: `statefulset web`.
    pub title: String,
    /// The program that edits the file; none where somebody types into the editor.
    pub program: Option<String>,
    /// The path of the file.
    pub path: String,
    /// What is in the file when the editor opens it.
    pub text: String,
    /// What the file held when the editor was closed, or why there was no editor.
    pub closed: Option<Result<String, String>>,
}
