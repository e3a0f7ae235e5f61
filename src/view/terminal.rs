//! The terminal's lines: what was typed, what was answered, and what the playground has to say.

use crate::api::object::ObjectKey;
use crate::base::hash::Digest;

/// Who wrote a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The prompt and a command.
    Typed,
    /// A command's standard output.
    Output,
    /// A command's standard error.
    Error,
    /// The playground itself: never to be taken for kubectl.
    Playground,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Tells it from every other line, those of another branch of time too: made of all the lines up to it.
    pub id: u64,
    /// Who wrote it.
    pub voice: Voice,
    /// The line, without its end.
    pub text: String,
}

/// A line that was typed and wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The line in the terminal.
    pub id: u64,
    /// What was typed, without the prompt.
    pub line: String,
    /// The versions that it wrote, first and last.
    pub revisions: (u64, u64),
    /// Of which objects, each once.
    pub wrote: Vec<ObjectKey>,
}

/// How many lines are kept.
const LINES_KEPT: usize = 2000;

/// What stands in the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    written: Digest,
    lines: Vec<Line>,
    /// Whether the last line may go on.
    open: bool,
}

impl Terminal {
    /// Writes text, which may hold several lines. A text that does not end its last line leaves it to the next one of its voice.
    pub fn write(&mut self, voice: Voice, text: &str) {
        let goes_on = self.open && voice == Voice::Output && self.lines.last().is_some_and(|line| line.voice == voice);
        let before = if goes_on { self.lines.pop().map(|line| line.text) } else { None };
        self.open = voice == Voice::Output && !text.ends_with('\n');
        let text = before.unwrap_or_default() + text;
        for line in text.lines() {
            let text = line.to_owned();
            self.written.bytes(text.as_bytes());
            self.written.word(voice as u64);
            self.lines.push(Line { id: self.written.0, voice, text });
        }
        let excess = self.lines.len().saturating_sub(LINES_KEPT);
        self.lines.drain(..excess);
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
