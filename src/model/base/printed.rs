//! What programs print, and what the playground says between.

use std::borrow::Cow;

use super::note::Note;

/// The stream that a program's text goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A piece of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A program's words, including line ends.
    Text(Stream, String),
    /// The playground's own voice, which no real program has.
    Note(Note),
}

impl Piece {
    /// What it adds to a stream.
    pub fn on(&self, stream: Stream) -> Option<&str> {
        if let Piece::Text(own, text) = self { (*own == stream).then_some(text) } else { None }
    }

    /// The note that it is, if it is one.
    pub fn note(&self) -> Option<&Note> {
        if let Piece::Note(note) = self { Some(note) } else { None }
    }

    /// Its text as a log has it, including line ends.
    pub fn logged(&self) -> Cow<'_, str> {
        match self {
            Piece::Text(_, text) => text.into(),
            Piece::Note(note) => format!("{note}\n").into(),
        }
    }
}
