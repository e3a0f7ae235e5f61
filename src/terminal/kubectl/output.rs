//! The output of a command so far, in order and by stream.
//!
//! Promises: text is only ever appended; a terminal can fetch what is new since its last look.

use api::object::ObjectKey;
use base::sorted::SortedSet;

use api::change::Change;
use base::note::Note;
pub use base::printed::{Piece, Stream};

/// Everything a command has printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pieces: Vec<Piece>,
    taken: usize,
    warned: SortedSet<String>,
    changes: SortedSet<Change>,
    applied: Vec<ObjectKey>,
    /// What is said once the failure is printed that it is about.
    hints: Vec<Note>,
}

impl Output {
    fn push(&mut self, stream: Stream, text: &str) {
        if !text.is_empty() {
            self.pieces.push(Piece::Text(stream, text.to_owned()));
        }
    }

    /// Prints to standard output.
    pub fn out(&mut self, text: impl AsRef<str>) {
        self.push(Stream::Out, text.as_ref());
    }

    /// Passes on another program's output.
    pub fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Text(stream, text) => self.push(stream, &text),
            Piece::Note(note) => self.note(note),
        }
    }

    /// Prints a line to standard output.
    pub fn line(&mut self, text: impl AsRef<str>) {
        self.push(Stream::Out, &format!("{}\n", text.as_ref()));
    }

    /// Prints a line to standard error.
    pub fn err(&mut self, text: impl AsRef<str>) {
        self.push(Stream::Err, &format!("{}\n", text.as_ref()));
    }

    /// Says something in the playground's own voice.
    pub fn note(&mut self, note: Note) {
        self.pieces.push(Piece::Note(note));
    }

    /// Says something after the failure that is printed next; the same only once.
    pub fn hint(&mut self, note: Note) {
        if !self.hints.contains(&note) {
            self.hints.push(note);
        }
    }

    /// Says what was kept for after a failure.
    pub fn tell_hints(&mut self) {
        for hint in std::mem::take(&mut self.hints) {
            self.note(hint);
        }
    }

    /// Records that something reads differently from what guides show.
    pub fn changed(&mut self, change: Change) {
        self.changes.insert(change);
    }

    /// What [`Output::changed`] recorded.
    pub fn changes(&self) -> impl Iterator<Item = Change> + '_ {
        self.changes.iter().copied()
    }

    /// Records that an object of a file is stored as the file has it.
    pub fn applied(&mut self, object: ObjectKey) {
        self.applied.push(object);
    }

    /// What [`Output::applied`] recorded since the last call.
    pub fn take_applied(&mut self) -> Vec<ObjectKey> {
        std::mem::take(&mut self.applied)
    }

    /// Prints a warning to standard error, once per text.
    pub fn warn(&mut self, text: &str) {
        if self.warned.insert(text.to_owned()) {
            self.err(format!("Warning: {text}"));
        }
    }

    /// Everything printed to a stream.
    pub fn text(&self, stream: Stream) -> String {
        self.pieces.iter().filter_map(|piece| piece.on(stream)).collect()
    }

    /// Everything that the playground has said, as a transcript has it.
    pub fn notes(&self) -> String {
        self.pieces.iter().filter(|piece| piece.note().is_some()).map(Piece::logged).collect()
    }

    /// The output since the last call.
    pub fn take_new(&mut self) -> Vec<Piece> {
        let new = self.pieces[self.taken..].to_vec();
        self.taken = self.pieces.len();
        new
    }
}
