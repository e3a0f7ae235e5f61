//! What a first visit says, and what stands around the lessons; the lessons themselves are files.

use super::Count;

/// The first visit.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Hello {
    pub title: &'static str,
    pub here: &'static str,
    pub start: &'static str,
    pub paste: &'static str,
    pub stop: &'static str,
}

/// The pane with the lessons.
#[allow(missing_docs, reason = "text/en holds the words themselves")]
#[derive(Clone, Debug)]
pub struct Lessons {
    pub button: &'static str,
    pub title: &'static str,
    /// Which lesson this is, and of how many.
    pub of: fn(usize, usize) -> String,
    pub phases: [&'static str; 3],
    /// For how many seconds one looks.
    pub question: Count,
    pub lock: &'static str,
    pub skip: &'static str,
    /// The title of the lesson that follows.
    pub next: super::About,
    pub again: &'static str,
    pub last: &'static str,
    pub predicted: &'static str,
    pub happened: &'static str,
    pub disturbed: &'static str,
    pub hidden: &'static str,
    pub hidden_why: &'static str,
    pub paused: &'static str,
}
