//! Scans text into tokens: indentation, simple keys and flow levels.
//!
//! Models go.yaml.in/yaml/v2 scannerc.go. Tokens are queued because only a `:` reveals that what preceded it was a key, whose key token
//! then has to be inserted in front of it.

use std::collections::VecDeque;

use super::cursor::{Cursor, Mark};
use super::fault::Fault;
use super::token::{Style, Token, TokenKind};

/// The maximum length in characters of a key without `?`.
const SIMPLE_KEY_MAX_CHARACTERS: usize = 1024;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// What is wrong.
    pub fault: Fault,
    /// The line number as printed by the parser; 0 if it prints none.
    pub line: usize,
    /// The start of the span to mark.
    pub start: Mark,
    /// The end of the span to mark.
    pub end: Mark,
}

pub(super) type Scanned<T> = Result<T, Box<SyntaxError>>;

/// A potential simple key, confirmed by a `:` after it.
#[derive(Clone, Copy, Default)]
struct SimpleKey {
    possible: bool,
    /// In block context, at the indentation of the map: only a key is allowed here.
    required: bool,
    /// The token queue is held back until this is decided. Upstream's scanner forgets to do so for an empty flow collection.
    watched: bool,
    /// The sequence number of its first token.
    token: usize,
    mark: Mark,
}

/// Scans one document's text token by token.
pub(super) struct Scanner<'a> {
    pub(super) cursor: Cursor<'a>,
    tokens: VecDeque<Token>,
    taken: usize,
    /// The column of the innermost block collection; -1 outside of any.
    pub(super) indent: isize,
    indents: Vec<isize>,
    pub(super) simple_key_allowed: bool,
    /// The potential key of each flow level, starting with the block context.
    simple_keys: Vec<SimpleKey>,
}

impl<'a> Scanner<'a> {
    /// A scanner at the beginning of a document.
    pub fn new(cursor: Cursor<'a>) -> Self {
        Scanner {
            cursor,
            tokens: VecDeque::new(),
            taken: 0,
            indent: -1,
            indents: Vec::new(),
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
        }
    }

    /// The next token, without consuming it.
    pub fn peek(&mut self) -> Scanned<&Token> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(&self.tokens[0])
    }

    /// Consumes the token returned by [`Scanner::peek`].
    pub fn take(&mut self) -> Option<Token> {
        self.taken += 1;
        self.tokens.pop_front()
    }

    /// An error whose message names the current line; marked from `start` to at most the end of that line.
    pub(super) fn error<T>(&self, start: Mark, fault: Fault) -> Scanned<T> {
        let here = self.cursor.mark;
        let line = if here.line == 0 { 0 } else { here.line + 1 };
        let mut end = here;
        end.offset = if start == here {
            here.offset + self.cursor.char().map_or(0, char::len_utf8)
        } else {
            here.offset.min(self.cursor.line_end(start.offset))
        };
        Err(Box::new(SyntaxError { fault, line, start, end }))
    }

    pub(super) fn error_here<T>(&self, fault: Fault) -> Scanned<T> {
        self.error(self.cursor.mark, fault)
    }

    pub(super) fn in_flow(&self) -> bool {
        self.simple_keys.len() > 1
    }

    fn column(&self) -> isize {
        self.cursor.mark.column.try_into().unwrap_or(isize::MAX)
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.tokens.push_back(Token { kind, start, end: self.cursor.mark });
    }

    /// Whether a token might yet have to be inserted in front of the queue's first.
    fn needs_more(&mut self) -> Scanned<bool> {
        if self.tokens.is_empty() {
            return Ok(true);
        }
        let head = self.taken;
        match self.simple_keys.iter().position(|key| key.possible && key.watched && key.token == head) {
            Some(level) => self.still_possible(level),
            None => Ok(false),
        }
    }

    /// Whether the potential key is still valid: on one line, and not too long.
    fn still_possible(&mut self, level: usize) -> Scanned<bool> {
        let key = self.simple_keys[level];
        let here = self.cursor.mark;
        if key.possible && (key.mark.line < here.line || key.mark.index + SIMPLE_KEY_MAX_CHARACTERS < here.index) {
            self.drop_simple_key(level)?;
        }
        Ok(self.simple_keys[level].possible)
    }

    fn drop_simple_key(&mut self, level: usize) -> Scanned<()> {
        let key = self.simple_keys[level];
        if key.possible && key.required {
            return self.error(key.mark, Fault::NoColon);
        }
        self.simple_keys[level].possible = false;
        Ok(())
    }

    fn drop_last_simple_key(&mut self) -> Scanned<()> {
        self.drop_simple_key(self.simple_keys.len() - 1)
    }

    /// Records that a simple key may begin here.
    fn save_simple_key(&mut self) -> Scanned<()> {
        if self.simple_key_allowed {
            self.drop_last_simple_key()?;
            let level = self.simple_keys.len() - 1;
            self.simple_keys[level] = SimpleKey {
                possible: true,
                required: !self.in_flow() && self.indent == self.column(),
                watched: true,
                token: self.taken + self.tokens.len(),
                mark: self.cursor.mark,
            };
        }
        Ok(())
    }

    /// Opens a block collection if the column is deeper than the innermost one.
    fn roll_indent(&mut self, mark: Mark, before: Option<usize>, kind: TokenKind) {
        let column = mark.column.try_into().unwrap_or(isize::MAX);
        if self.in_flow() || self.indent >= column {
            return;
        }
        self.indents.push(self.indent);
        self.indent = column;
        let token = Token { kind, start: mark, end: mark };
        self.insert(before, token);
    }

    /// Inserts a token before the one with this sequence number, or at the end if that one has been consumed.
    fn insert(&mut self, before: Option<usize>, token: Token) {
        let at = before.and_then(|number| number.checked_sub(self.taken)).unwrap_or(self.tokens.len());
        self.tokens.insert(at.min(self.tokens.len()), token);
    }

    /// Closes the block collections that are deeper than `column`.
    fn unroll_indent(&mut self, column: isize) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.cursor.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch(&mut self) -> Scanned<()> {
        self.pass_gaps();
        self.unroll_indent(self.column());
        if self.cursor.at_end() {
            return self.fetch_end();
        }
        let in_flow = self.in_flow();
        match self.cursor.byte(0) {
            b'%' if self.cursor.mark.column == 0 => self.fetch_directive(),
            b'-' if self.cursor.is_document_indicator(b'-') => self.fetch_document_indicator(TokenKind::DocumentStart),
            b'.' if self.cursor.is_document_indicator(b'.') => self.fetch_document_indicator(TokenKind::DocumentEnd),
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.cursor.is_gap(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.cursor.is_gap(1) => self.fetch_key(),
            b':' if in_flow || self.cursor.is_gap(1) => self.fetch_value(),
            b'*' | b'&' | b'!' => self.fetch_property(),
            b'|' | b'>' if !in_flow => self.fetch_block_scalar(),
            b'\'' | b'"' => self.fetch_flow_scalar(Style::Quoted),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => self.error_here(Fault::NoToken),
            _ => self.fetch_flow_scalar(Style::Plain),
        }
    }

    /// Skips white space and comments between tokens. A tab is not indentation, so it is skipped only where no key can begin.
    fn pass_gaps(&mut self) {
        loop {
            while self.cursor.byte(0) == b' ' || (self.cursor.byte(0) == b'\t' && (self.in_flow() || !self.simple_key_allowed)) {
                self.cursor.skip();
            }
            self.cursor.skip_comment();
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.skip_line();
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }

    fn fetch_end(&mut self) -> Scanned<()> {
        if self.cursor.mark.column != 0 {
            self.cursor.mark.column = 0;
            self.cursor.mark.line += 1;
        }
        self.unroll_indent(-1);
        self.drop_last_simple_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.cursor.mark);
        Ok(())
    }

    fn fetch_directive(&mut self) -> Scanned<()> {
        self.unroll_indent(-1);
        self.drop_last_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let kind = self.scan_directive()?;
        self.push(kind, start);
        Ok(())
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind) -> Scanned<()> {
        self.unroll_indent(-1);
        self.drop_last_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        self.cursor.skip_many(3);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_indicator(&mut self, kind: TokenKind) {
        let start = self.cursor.mark;
        self.cursor.skip();
        self.push(kind, start);
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scanned<()> {
        self.save_simple_key()?;
        self.simple_keys.push(SimpleKey { token: self.taken + self.tokens.len(), ..SimpleKey::default() });
        self.simple_key_allowed = true;
        self.fetch_indicator(kind);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scanned<()> {
        self.drop_last_simple_key()?;
        if let [.., outer, inner] = self.simple_keys.as_mut_slice() {
            outer.watched &= outer.token != inner.token;
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        self.fetch_indicator(kind);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scanned<()> {
        self.drop_last_simple_key()?;
        self.simple_key_allowed = true;
        self.fetch_indicator(TokenKind::FlowEntry);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scanned<()> {
        self.begin_block(Fault::EntryHere, TokenKind::BlockSequenceStart)?;
        self.simple_key_allowed = true;
        self.fetch_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scanned<()> {
        self.begin_block(Fault::KeyHere, TokenKind::BlockMappingStart)?;
        self.simple_key_allowed = !self.in_flow();
        self.fetch_indicator(TokenKind::Key);
        Ok(())
    }

    /// Begins a block at an indicator that is its first, unless the indicator stands where none may.
    fn begin_block(&mut self, fault: Fault, kind: TokenKind) -> Scanned<()> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return self.error_here(fault);
            }
            self.roll_indent(self.cursor.mark, None, kind);
        }
        self.drop_last_simple_key()
    }

    fn fetch_value(&mut self) -> Scanned<()> {
        let level = self.simple_keys.len() - 1;
        if self.still_possible(level)? {
            let key = self.simple_keys[level];
            self.insert(Some(key.token), Token { kind: TokenKind::Key, start: key.mark, end: key.mark });
            self.roll_indent(key.mark, Some(key.token), TokenKind::BlockMappingStart);
            self.simple_keys[level].possible = false;
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return self.error_here(Fault::ValueHere);
                }
                self.roll_indent(self.cursor.mark, None, TokenKind::BlockMappingStart);
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.fetch_indicator(TokenKind::Value);
        Ok(())
    }

    /// An alias, anchor or tag.
    fn fetch_property(&mut self) -> Scanned<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let start = self.cursor.mark;
        let kind = self.scan_property()?;
        self.push(kind, start);
        Ok(())
    }

    fn fetch_block_scalar(&mut self) -> Scanned<()> {
        self.drop_last_simple_key()?;
        self.simple_key_allowed = true;
        let token = self.scan_block_scalar()?;
        self.tokens.push_back(token);
        Ok(())
    }

    fn fetch_flow_scalar(&mut self, style: Style) -> Scanned<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        let token = if style == Style::Plain { self.scan_plain()? } else { self.scan_quoted()? };
        self.tokens.push_back(token);
        Ok(())
    }
}
