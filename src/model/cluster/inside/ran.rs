//! What a program printed, its exit code, and what the playground says of it.

use base::note::Note;
use base::printed::{Piece, Stream};
use shell::{Host, Shell};

/// A program's output and exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// What the playground says of it.
    pub note: Option<Note>,
    /// The exit code.
    pub code: i32,
}

impl Ran {
    pub(super) fn out(text: impl Into<String>) -> Self {
        Ran { out: text.into(), ..Ran::default() }
    }

    /// The outcome of a process with this exit code and output. What the playground said is read as a log has it, too, but for what
    /// makes no failure less certain.
    pub fn read(code: i32, printed: Vec<Piece>) -> Self {
        let mut ran = Ran { code, ..Ran::default() };
        for piece in printed.into_iter().filter(|piece| !piece.note().is_some_and(Note::is_aside)) {
            let end = if piece.on(Stream::Out).is_some() { &mut ran.out } else { &mut ran.err };
            end.push_str(&piece.logged());
            ran.note = ran.note.or_else(|| piece.note().cloned());
        }
        ran
    }

    /// Prints it in the shell that ran it; its exit code.
    pub fn print_in(self, shell: &mut Shell, host: &mut dyn Host) -> i32 {
        shell.print(Stream::Out, &self.out, host);
        shell.print(Stream::Err, &self.err, host);
        if let Some(note) = self.note {
            shell.note(note);
        }
        self.code
    }

    /// Something that is not simulated, of which the playground tells.
    pub fn note(note: Note) -> Self {
        Ran { note: Some(note), code: 1, ..Ran::default() }
    }

    pub(super) fn failed(code: i32, why: impl Into<String>) -> Self {
        Ran { err: why.into(), code, ..Ran::default() }
    }
}
