//! The terminal's lines: what was typed, what was answered, and what the playground has to say.

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

/// How many lines are kept.
const LINES_KEPT: usize = 2000;

/// What stands in the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    written: Digest,
    lines: Vec<Line>,
}

impl Terminal {
    /// Writes text, which may hold several lines.
    pub fn write(&mut self, voice: Voice, text: &str) {
        for line in text.lines() {
            let text = if voice == Voice::Typed { format!("$ {line}") } else { line.to_owned() };
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
