//! What Kubernetes, the programs around it, and kubectl say: the one catalogue, a row for each saying (`rows.txt`).
//!
//! A saying has a form with slots, the places in which it is printed, the kind of its object, and the cause that it means. It matches only
//! there: an Event, a STATUS column, a condition, the state of a container, a log, the words of kubectl. In prose, nothing matches but what
//! is long enough to be a quotation. What decides a cause and what ends it stands beside the rows, by the cause (`decides.txt`,
//! `ends.txt`). What a tool reads that says so while it waits for a set is in the row, too (`tools.txt`).
//!
//! Promises: plain data, no clock, no allocation per row that is looked at in vain.
//! Must not know: what a text looks like, and what a cause is told as.

mod decides;
mod ends;
mod form;
mod matter;
mod row;
#[cfg(test)]
mod tests;
mod words;

pub use decides::{Form, decides};
pub use ends::{Remedy, remedies};
pub use form::{Names, captured, is_name};
pub use matter::{Matter, satisfied, spoken_of, tellers};
pub use row::{Meaning, Row, SaidIn, Where, rows};

use api::kind::Kind;
use row::frames;
use why::Cause;

/// With fewer fixed letters, a form is not looked for in a line alone.
const LEAST: usize = 10;
/// From so many fixed letters on, a form within a line is a quotation.
const TELLING: usize = 24;

/// Something that was said: where, for what reason, and in which words.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub place: SaidIn,
    /// The reason of the Event, of the state or of the condition; the condition's type before a slash. May be empty.
    pub reason: &'a str,
    pub text: &'a str,
}

/// A row that matches, and the names in its slots.
#[derive(Clone, Debug)]
pub struct Match<'a> {
    pub row: &'static Row,
    /// How telling the row is: the lower, the more.
    pub rank: usize,
    pub names: Names<'a>,
}

impl<'a> Said<'a> {
    /// Words of a place without a reason.
    pub fn of(place: SaidIn, text: &'a str) -> Said<'a> {
        Said { place, reason: "", text }
    }

    /// The first row that matches; `None` where no row does.
    pub fn means(self) -> Option<Match<'a>> {
        rows().iter().enumerate().find_map(|(rank, row)| Some(Match { row, rank, names: self.fits(row)? }))
    }

    /// The rows of several causes that match, the more telling first: of a message that counts nodes, each reason.
    pub fn all(self) -> impl Iterator<Item = Match<'a>> {
        rows().iter().enumerate().filter_map(move |(rank, row)| Some(Match { row, rank, names: self.fits(row)? }))
    }

    /// The names in the slots of a row, if this is its saying.
    fn fits(self, row: &'static Row) -> Option<Names<'a>> {
        let is_alone = matches!(self.place, SaidIn::Line | SaidIn::Log);
        if !row.places.iter().any(|at| at.holds(self.place, self.reason)) {
            return None;
        }
        if row.is_any() {
            let by_reason = row.places.iter().any(|at| at.place == Some(self.place) && !at.reasons.is_empty() && at.names(self.reason));
            return (by_reason && !is_alone).then(Names::new);
        }
        if self.place == SaidIn::Column {
            return form::whole(row.form, self.text).filter(|_| row.also.is_empty());
        }
        if row.is_word() {
            let word = || form::whole(row.form, self.reason).or_else(|| form::whole(row.form, self.text));
            return if is_alone || !row.also.iter().all(|more| captured(more, self.text).is_some()) { None } else { word() };
        }
        if is_alone && form::letters(row.form) < LEAST {
            return None;
        }
        let is_own = row.places.iter().any(|at| at.place.is_none_or(|place| place == self.place));
        let is_short = is_alone && !is_own && form::letters(row.form) < TELLING;
        if is_short && self.place == SaidIn::Log {
            return None;
        }
        let begins = is_short;
        let mut names = if begins { form::at_start(row.form, self.text) } else { captured(row.form, self.text) };
        if names.is_none() && !is_alone {
            names = form::whole(row.form, self.reason);
        }
        let mut names = names?;
        for more in &row.also {
            names.extend(captured(more, self.text)?);
        }
        Some(names)
    }
}

/// How a message of an Event begins that was copied without it.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub reason: &'static str,
    /// The words are enough to know the Event by.
    pub is_telling: bool,
}

/// The Event whose message a text is, by how it begins.
pub fn frame_of(text: &str) -> Option<Frame> {
    let found = frames().iter().find(|(_, begins)| form::at_start(begins, text).is_some());
    found.map(|(reason, begins)| Frame { reason, is_telling: form::letters(begins) >= TELLING })
}

/// Whether a text begins with the form of a row.
pub fn begins(row: &Row, text: &str) -> bool {
    form::at_start(row.form, text).is_some()
}

/// Words of messages that mean a cause; names in them are in braces.
pub fn words_of(cause: Cause) -> impl Iterator<Item = &'static str> {
    rows().iter().filter(move |row| row.meaning == Meaning::Cause(cause) && !row.is_any()).map(|row| row.form)
}

/// The kind of object on which a cause hangs, as its first row says.
pub fn kind_of(cause: Cause) -> Option<Kind> {
    rows().iter().find(|row| row.meaning == Meaning::Cause(cause)).map(|row| row.kind)
}
