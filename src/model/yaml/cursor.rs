//! A position in the text, and lookahead for the scanner.

use std::cell::Cell;
use std::rc::Rc;

use super::Span;

/// A position. Line and column are 0-based and relative to the document, as in error messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// Bytes from the start of the whole text.
    pub offset: usize,
    /// Characters from the start of the document.
    pub index: usize,
    /// Lines from the start of the document.
    pub line: usize,
    /// Characters from the start of the line.
    pub column: usize,
}

/// The line starts of a text.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    text: Rc<str>,
    starts: Rc<[usize]>,
    length: usize,
    /// An offset and its column, from which those nearby are counted: a text of megabytes may be one line.
    counted: Cell<(usize, usize)>,
}

impl Lines {
    /// `text` may be longer than the caller's, which is its first `length` bytes: spans never extend beyond those.
    pub fn new(text: Rc<str>, length: usize) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Lines { text, length, starts, counted: Cell::default() }
    }

    /// The text of the caller.
    pub fn text(&self) -> &str {
        &self.text[..self.length]
    }

    /// The 0-based line that contains a byte offset.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The span between two byte offsets.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let (start, end) = (start.min(self.length), end.min(self.length));
        let line = self.line_of(start);
        Span { start, end, line: line + 1, column: self.column(line, start) + 1 }
    }

    /// The characters between the start of a line and an offset in the line.
    fn column(&self, line: usize, offset: usize) -> usize {
        let count = |from: usize, to: usize| self.text[from..to].chars().count();
        let (begin, (at, column)) = (self.starts[line], self.counted.get());
        let is_nearer = at >= begin && self.line_of(at) == line && at.abs_diff(offset) < offset - begin;
        let column = match is_nearer {
            true if at <= offset => column + count(at, offset),
            true => column - count(offset, at),
            false => count(begin, offset),
        };
        self.counted.set((offset, column));
        column
    }
}

/// Iterates over one document of a text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    end: usize,
    first_line: usize,
    lines: &'a Lines,
    /// The current position.
    pub mark: Mark,
}

impl<'a> Cursor<'a> {
    /// A cursor at `start` that stops at `end`.
    pub fn new(text: &'a str, start: usize, end: usize, lines: &'a Lines) -> Self {
        let mut mark = Mark { offset: start, ..Mark::default() };
        if text[start..end].starts_with('\u{feff}') {
            mark.offset += '\u{feff}'.len_utf8();
        }
        Cursor { text, end, first_line: lines.line_of(start), lines, mark }
    }

    /// The byte `ahead` bytes from here; 0 at the end and beyond.
    pub fn byte(&self, ahead: usize) -> u8 {
        let at = self.mark.offset + ahead;
        if at < self.end { self.text.as_bytes()[at] } else { 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.mark.offset..self.end]
    }

    /// The current character.
    pub fn char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Whether the end is reached.
    pub fn at_end(&self) -> bool {
        self.mark.offset >= self.end
    }

    /// The length in bytes of the line break at `ahead`; 0 if there is none. YAML 1.1 has three line breaks outside of ASCII.
    fn break_length(&self, ahead: usize) -> usize {
        match (self.byte(ahead), self.byte(ahead + 1), self.byte(ahead + 2)) {
            (b'\r', b'\n', _) | (0xc2, 0x85, _) => 2,
            (b'\r' | b'\n', ..) => 1,
            (0xe2, 0x80, 0xa8 | 0xa9) => 3,
            _ => 0,
        }
    }

    /// Whether there is a line break at `ahead`.
    pub fn is_break(&self, ahead: usize) -> bool {
        self.break_length(ahead) > 0
    }

    /// Whether there is a space or tab at `ahead`.
    pub fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// Whether there is a line break at `ahead`, or the end.
    pub fn is_break_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_break(ahead)
    }

    /// Whether there is a space, tab or line break at `ahead`, or the end.
    pub fn is_gap(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_break_or_end(ahead)
    }

    /// Whether the current character is a letter, digit, `-` or `_`.
    pub fn is_word(&self) -> bool {
        matches!(self.byte(0), b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'-')
    }

    /// Whether a line starts here with `---` or `...`.
    pub fn is_document_indicator(&self, sign: u8) -> bool {
        self.mark.column == 0 && (0..3).all(|i| self.byte(i) == sign) && self.is_gap(3)
    }

    /// Skips a character other than a line break.
    pub fn skip(&mut self) {
        self.take();
    }

    /// Skips several characters other than line breaks.
    pub fn skip_many(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    fn take(&mut self) -> Option<char> {
        let c = self.char()?;
        self.mark.offset += c.len_utf8();
        self.mark.index += 1;
        self.mark.column += 1;
        Some(c)
    }

    /// Moves a character other than a line break into `out`.
    pub fn read(&mut self, out: &mut String) {
        out.extend(self.take());
    }

    /// Skips a line break, if there is one here.
    pub fn skip_line(&mut self) {
        let length = self.break_length(0);
        if length > 0 {
            self.mark.index += if self.byte(0) == b'\r' { length } else { 1 };
            self.mark.offset += length;
            self.mark.column = 0;
            self.mark.line += 1;
        }
    }

    /// Moves a line break into `out`, normalised to `\n` except for the two Unicode separators.
    pub fn read_line(&mut self, out: &mut String) {
        match self.break_length(0) {
            0 => {}
            3 => out.extend(self.char()),
            _ => out.push('\n'),
        }
        self.skip_line();
    }

    /// Skips spaces and tabs.
    pub fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.skip();
        }
    }

    /// Skips a comment up to the line break, if one begins here.
    pub fn skip_comment(&mut self) {
        if self.byte(0) == b'#' {
            while !self.is_break_or_end(0) {
                self.skip();
            }
        }
    }

    /// The end of the line that contains a byte offset.
    pub fn line_end(&self, offset: usize) -> usize {
        self.text[offset..self.end].find(['\n', '\r']).map_or(self.end, |length| offset + length)
    }

    /// The span between two marks.
    pub fn span(&self, start: Mark, end: Mark) -> Span {
        if start.offset > self.lines.length {
            return self.lines.span(start.offset, start.offset);
        }
        let end = end.offset.max(start.offset).min(self.lines.length);
        Span { start: start.offset, end, line: self.first_line + start.line + 1, column: start.column + 1 }
    }
}
