//! Text that is no dump: what people paste of a terminal, taken for objects and Events.

mod describe;

use super::read::Happened;
use base::time::Time;
use base::value::Value;

/// The instant at which a text without timestamps is taken to have been printed: ages count back from it. As far from the beginning of
/// the simulation's time as a dump is moved that is older than it.
const NEWEST: Time = Time(30 * 86_400_000);

/// What a text was understood to say.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Objects as far as the text tells them, in the API's shape, each with the number of the line that names it.
    pub objects: Vec<(usize, Value)>,
    pub events: Vec<Happened>,
    /// What was understood, with the line that it comes from: for a list beside the verdict.
    pub facts: Vec<Fact>,
}

/// Something that a text was understood to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The number of the line in the text, from 1 on.
    pub line: usize,
    /// The kind and name of the object that it is about: `pod/web-0`.
    pub about: String,
    /// A field and its value as they are printed.
    pub says: String,
}
