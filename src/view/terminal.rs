//! The terminal's lines: what was typed, what was answered, and what the playground has to say.

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
    /// Counts up; tells one from another.
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
    counted: u64,
    lines: Vec<Line>,
}

impl Terminal {
    /// Writes text, which may hold several lines.
    pub fn write(&mut self, voice: Voice, text: &str) {
        for line in text.lines() {
            self.counted += 1;
            let text = if voice == Voice::Typed { format!("$ {line}") } else { line.to_owned() };
            self.lines.push(Line { id: self.counted, voice, text });
        }
        let excess = self.lines.len().saturating_sub(LINES_KEPT);
        self.lines.drain(..excess);
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
