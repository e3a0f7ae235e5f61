//! The terminal's lines: what was typed, the replies, and the playground's own remarks.

use std::rc::Rc;

use api::object::ObjectKey;
use base::hash::Digest;

/// The origin of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The prompt and a command.
    Typed,
    /// A command's standard output.
    Output,
    /// A command's standard error.
    Error,
    /// The playground itself, never to be mistaken for kubectl.
    Playground,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Unique, even across terminals and branches: a hash of the terminal's place and all its lines up to this one.
    pub id: u64,
    /// Its origin.
    pub voice: Voice,
    /// The text, without the line end.
    pub text: String,
    /// Whether it was only asked and answered while an instant of the past was shown, and is no part of the run.
    pub asked: bool,
}

/// What a typed line wrote, up to where another one wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The id of the line in the terminal.
    pub id: u64,
    /// What was typed, without the prompt.
    pub line: Rc<str>,
    /// The first and the last revision that it wrote.
    pub revisions: (u64, u64),
    /// The objects that it wrote, without duplicates.
    pub wrote: Vec<ObjectKey>,
}

/// How many lines are kept, and how many bytes of them; of a longer line the end is left out.
const LINES_KEPT: usize = 2000;
const BYTES_KEPT: usize = 1 << 18;

/// The contents of a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    written: Digest,
    /// Of the lines that are no part of the run.
    asked: Digest,
    lines: Vec<Line>,
    /// Whether the last line may be continued.
    open: bool,
}

impl Terminal {
    /// What was said on standard error after a line; where no program spoke there, what the playground said.
    pub fn complaints_since(&self, line: Option<u64>) -> String {
        let of = |voice: Voice| self.said_since(line, voice);
        Some(of(Voice::Error)).filter(|said| !said.is_empty()).unwrap_or_else(|| of(Voice::Playground)).join("\n")
    }

    /// What was printed on standard output after a line.
    pub fn output_since(&self, line: Option<u64>) -> String {
        self.said_since(line, Voice::Output).join("\n")
    }

    fn said_since(&self, line: Option<u64>, voice: Voice) -> Vec<&str> {
        let from = self.lines.iter().rposition(|one| Some(one.id) == line).map_or(0, |at| at + 1);
        self.lines[from..].iter().filter(|one| one.voice == voice).map(|one| &*one.text).collect()
    }

    /// An empty terminal, at a place among the others.
    pub fn new(at: usize) -> Self {
        let mut terminal = Terminal::default();
        terminal.written.word(at as u64);
        terminal
    }

    /// Appends text, possibly of several lines. If its last line does not end, the next text of the same voice continues it.
    pub fn write(&mut self, voice: Voice, text: &str) {
        let goes_on = self.open && voice == Voice::Output && self.lines.last().is_some_and(|line| line.voice == voice && !line.asked);
        let before = if goes_on { self.lines.pop().map(|line| line.text) } else { None };
        self.open = voice == Voice::Output && !text.ends_with('\n');
        let text = before.unwrap_or_default() + text;
        for line in text.lines() {
            let text = line[..line.floor_char_boundary(BYTES_KEPT)].to_owned();
            self.written.bytes(text.as_bytes());
            self.written.word(voice as u64);
            self.lines.push(Line { id: self.written.0, voice, text, asked: false });
        }
        self.drop_oldest();
    }

    /// These lines, and those that another terminal has after them, as no part of the run.
    #[must_use]
    pub fn with_asked(&self, other: &Terminal) -> Terminal {
        let mut terminal = self.clone();
        let last = self.lines.last().map(|line| line.id);
        let known = other.lines.iter().rposition(|line| Some(line.id) == last).map_or(0, |at| at + 1);
        for line in &other.lines[known..] {
            terminal.asked.word(line.id);
            let mut id = terminal.asked;
            id.word(terminal.written.0);
            terminal.lines.push(Line { id: id.0, asked: true, ..line.clone() });
        }
        terminal.drop_oldest();
        terminal
    }

    /// Drops the lines that are no part of the run.
    pub fn forget_asked(&mut self) {
        self.lines.retain(|line| !line.asked);
    }

    fn drop_oldest(&mut self) {
        let mut bytes = 0;
        let fits = |line: &&Line| {
            bytes += line.text.len();
            bytes <= BYTES_KEPT
        };
        let kept = self.lines.iter().rev().take(LINES_KEPT).take_while(fits).count();
        self.lines.drain(..self.lines.len() - kept);
    }

    /// The lines, oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
