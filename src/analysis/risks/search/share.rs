//! Several workers on one search.
//!
//! Each worker does the whole search by itself, in the same order. What takes long is to run a course: one of the workers runs each, and
//! the others take from its [`Summary`] what they need. A course that shows something new is run by each of them, as only its own states
//! tell the details. So every worker comes to the same findings, however many there are.

use std::fmt::Debug;

pub use super::trial::Summary;

/// A course, by the number of its search, its depth and its number there.
pub type CourseId = (usize, usize, usize);

/// Who runs a course.
#[derive(Clone, Debug)]
pub enum Claim {
    /// The worker that asks.
    Own,
    /// Another one, which is not done.
    Taken,
    /// Another one has run it.
    Known(Summary),
}

/// What the workers share. Each has an object of its own.
pub trait Share: Debug {
    /// The number of the next search that this worker begins.
    fn begin(&self) -> usize;
    /// Asks for a course to be run here. `first` is the act that it begins with.
    fn claim(&self, place: CourseId, first: usize) -> Claim;
    /// Whether this worker keeps the states after an act that another one has run as well.
    fn keeps(&self, first: usize) -> bool;
    /// How many courses further on a worker runs one while another is still at the next; there are so many acts.
    fn ahead(&self, acts: usize) -> usize;
    /// Tells what came of a course.
    fn publish(&self, place: CourseId, summary: Summary);
    /// Waits until another worker has run a course; false where that cannot be known before the slice ends.
    fn wait(&self, place: CourseId) -> bool;
}
