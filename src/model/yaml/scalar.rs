//! Scans the tokens with content: scalars, tags, anchors, directives.
//!
//! Models go.yaml.in/yaml/v2 scannerc.go, the scanning of tokens with contents.

use super::cursor::Mark;
use super::fault::Fault;
use super::scan::{Scanned, Scanner};
use super::token::{Style, Token, TokenKind};

/// The maximum number of digits of a version number in a `%YAML` directive.
const VERSION_NUMBER_MAX_DIGITS: usize = 2;

/// How to treat the trailing line breaks of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// White space that was read but may turn out not to belong to the scalar.
#[derive(Default)]
struct Pending {
    spaces: String,
    first_break: String,
    more_breaks: String,
    /// Whether a line break was read since the last character.
    broken: bool,
}

impl Pending {
    /// Folds lines: a single break becomes a space, of several breaks one is dropped.
    fn flush_into(&mut self, out: &mut String) {
        if self.broken {
            if !self.first_break.starts_with('\n') {
                out.push_str(&self.first_break);
                out.push_str(&self.more_breaks);
            } else if self.more_breaks.is_empty() {
                out.push(' ');
            } else {
                out.push_str(&self.more_breaks);
            }
        } else {
            out.push_str(&self.spaces);
        }
        *self = Pending::default();
    }
}

fn scalar(text: String, style: Style, start: Mark, end: Mark) -> Token {
    Token { kind: TokenKind::Scalar(text, style), start, end }
}

impl Scanner<'_> {
    fn pass_blank_or_break(&mut self, pending: &mut Pending) {
        if self.cursor.is_blank(0) {
            if pending.broken {
                self.cursor.skip();
            } else {
                self.cursor.read(&mut pending.spaces);
            }
        } else if pending.broken {
            self.cursor.read_line(&mut pending.more_breaks);
        } else {
            pending.spaces.clear();
            self.cursor.read_line(&mut pending.first_break);
            pending.broken = true;
        }
    }

    fn ends_document(&self) -> bool {
        self.cursor.is_document_indicator(b'-') || self.cursor.is_document_indicator(b'.')
    }

    /// A plain scalar; ends at `: `, ` #`, a flow indicator inside a flow collection, or a lesser indentation.
    pub(super) fn scan_plain(&mut self) -> Scanned<Token> {
        let start = self.cursor.mark;
        let mut end = start;
        let mut text = String::new();
        let mut pending = Pending::default();
        let column = usize::try_from(self.indent + 1).unwrap_or(0);
        while !self.ends_document() && self.cursor.byte(0) != b'#' {
            while !self.cursor.is_gap(0) && !self.ends_plain() {
                pending.flush_into(&mut text);
                self.cursor.read(&mut text);
                end = self.cursor.mark;
            }
            if !(self.cursor.is_blank(0) || self.cursor.is_break(0)) {
                break;
            }
            while self.cursor.is_blank(0) || self.cursor.is_break(0) {
                if pending.broken && self.cursor.mark.column < column && self.cursor.byte(0) == b'\t' {
                    return self.error_here(Fault::TabIndents);
                }
                self.pass_blank_or_break(&mut pending);
            }
            if !self.in_flow() && self.cursor.mark.column < column {
                break;
            }
        }
        if pending.broken {
            self.simple_key_allowed = true;
        }
        Ok(scalar(text, Style::Plain, start, end))
    }

    fn ends_plain(&self) -> bool {
        match self.cursor.byte(0) {
            b':' => self.cursor.is_gap(1),
            b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.in_flow(),
            _ => false,
        }
    }

    /// A single- or double-quoted scalar.
    pub(super) fn scan_quoted(&mut self) -> Scanned<Token> {
        let start = self.cursor.mark;
        let quote = self.cursor.byte(0);
        self.cursor.skip();
        let mut text = String::new();
        loop {
            if self.ends_document() {
                return self.error(start, Fault::DocumentIndicator);
            }
            if self.cursor.at_end() {
                return self.error(start, Fault::EndOfStream);
            }
            let mut pending = Pending::default();
            while !self.cursor.is_gap(0) {
                match self.cursor.byte(0) {
                    b'\'' if quote == b'\'' && self.cursor.byte(1) == b'\'' => {
                        text.push('\'');
                        self.cursor.skip_many(2);
                    }
                    c if c == quote => break,
                    b'\\' if quote == b'"' && self.cursor.is_break(1) => {
                        self.cursor.skip();
                        self.cursor.skip_line();
                        pending.broken = true;
                        break;
                    }
                    b'\\' if quote == b'"' => self.scan_escape(&mut text)?,
                    _ => self.cursor.read(&mut text),
                }
            }
            if self.cursor.byte(0) == quote {
                break;
            }
            let escaped_break = pending.broken;
            while self.cursor.is_blank(0) || self.cursor.is_break(0) {
                self.pass_blank_or_break(&mut pending);
            }
            if escaped_break {
                text.push_str(&pending.more_breaks);
            } else {
                pending.flush_into(&mut text);
            }
        }
        self.cursor.skip();
        Ok(scalar(text, Style::Quoted, start, self.cursor.mark))
    }

    /// An escape sequence.
    fn scan_escape(&mut self, text: &mut String) -> Scanned<()> {
        let digits = match self.cursor.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        if digits > 0 {
            self.cursor.skip_many(2);
            return self.scan_escaped_code(digits, text);
        }
        text.push(match self.cursor.byte(1) {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            c @ (b' ' | b'"' | b'\'' | b'\\') => char::from(c),
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            _ => return self.error_here(Fault::UnknownEscape),
        });
        self.cursor.skip_many(2);
        Ok(())
    }

    fn scan_escaped_code(&mut self, digits: usize, text: &mut String) -> Scanned<()> {
        let mut code = 0u32;
        for i in 0..digits {
            let Some(digit) = char::from(self.cursor.byte(i)).to_digit(16) else {
                return self.error_here(Fault::NoHexNumber);
            };
            code = code.wrapping_shl(4) | digit;
        }
        match char::from_u32(code) {
            Some(c) => text.push(c),
            None => return self.error_here(Fault::EscapeCode),
        }
        self.cursor.skip_many(digits);
        Ok(())
    }

    /// A literal (`|`) or folded (`>`) block scalar.
    pub(super) fn scan_block_scalar(&mut self) -> Scanned<Token> {
        let start = self.cursor.mark;
        let folded = self.cursor.byte(0) == b'>';
        self.cursor.skip();
        let (chomping, increment) = self.scan_block_header(start)?;
        let mut end = self.cursor.mark;
        let mut column = increment.map(|n| usize::try_from(self.indent).unwrap_or(0) + n);
        let mut text = String::new();
        let (mut line_break, mut more_breaks) = (String::new(), String::new());
        self.scan_block_breaks(&mut column, &mut more_breaks, &mut end)?;
        let mut leading_blank = false;
        while Some(self.cursor.mark.column) == column && !self.cursor.at_end() {
            let blank = self.cursor.is_blank(0);
            if folded && !leading_blank && !blank && line_break.starts_with('\n') {
                if more_breaks.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(&line_break);
            }
            text.push_str(&more_breaks);
            line_break.clear();
            more_breaks.clear();
            leading_blank = blank;
            while !self.cursor.is_break_or_end(0) {
                self.cursor.read(&mut text);
            }
            self.cursor.read_line(&mut line_break);
            self.scan_block_breaks(&mut column, &mut more_breaks, &mut end)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(&line_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&more_breaks);
        }
        Ok(scalar(text, Style::Block, start, end))
    }

    /// The chomping and indentation indicators of a block scalar, in either order.
    fn scan_block_header(&mut self, start: Mark) -> Scanned<(Chomping, Option<usize>)> {
        let mut chomping = Chomping::Clip;
        let mut increment = None;
        for _ in 0..2 {
            match self.cursor.byte(0) {
                b'+' if chomping == Chomping::Clip => chomping = Chomping::Keep,
                b'-' if chomping == Chomping::Clip => chomping = Chomping::Strip,
                b'0' if increment.is_none() => return self.error_here(Fault::IndentationZero),
                digit @ b'1'..=b'9' if increment.is_none() => increment = Some(usize::from(digit - b'0')),
                _ => break,
            }
            self.cursor.skip();
        }
        self.end_line(start)?;
        Ok((chomping, increment))
    }

    /// Skips the rest of a line, which holds nothing but a comment.
    fn end_line(&mut self, start: Mark) -> Scanned<()> {
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_break_or_end(0) {
            return self.error(start, Fault::NoLineBreak);
        }
        self.cursor.skip_line();
        Ok(())
    }

    /// Skips indentation and empty lines; unless the header sets the indentation, the first non-empty line does.
    fn scan_block_breaks(&mut self, column: &mut Option<usize>, breaks: &mut String, end: &mut Mark) -> Scanned<()> {
        *end = self.cursor.mark;
        let mut deepest = 0;
        loop {
            let before = |mark: usize| column.is_none_or(|c| mark < c);
            while before(self.cursor.mark.column) && self.cursor.byte(0) == b' ' {
                self.cursor.skip();
            }
            deepest = deepest.max(self.cursor.mark.column);
            if before(self.cursor.mark.column) && self.cursor.byte(0) == b'\t' {
                return self.error_here(Fault::TabForSpace);
            }
            if !self.cursor.is_break(0) {
                break;
            }
            self.cursor.read_line(breaks);
            *end = self.cursor.mark;
        }
        if column.is_none() {
            *column = Some(deepest.max(usize::try_from(self.indent + 1).unwrap_or(0)).max(1));
        }
        Ok(())
    }

    fn scan_word(&mut self) -> String {
        let mut word = String::new();
        while self.cursor.is_word() {
            self.cursor.read(&mut word);
        }
        word
    }

    /// An alias, an anchor or a tag.
    pub(super) fn scan_property(&mut self) -> Scanned<TokenKind> {
        let start = self.cursor.mark;
        let sign = self.cursor.byte(0);
        if sign == b'!' {
            return self.scan_tag(start);
        }
        self.cursor.skip();
        let name = self.scan_word();
        let ends = self.cursor.is_gap(0) || matches!(self.cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ends {
            return self.error(start, Fault::NoName);
        }
        Ok(if sign == b'*' { TokenKind::Alias(name) } else { TokenKind::Anchor(name) })
    }

    fn scan_tag(&mut self, start: Mark) -> Scanned<TokenKind> {
        let (mut handle, mut suffix) = (String::new(), String::new());
        if self.cursor.byte(1) == b'<' {
            self.cursor.skip_many(2);
            self.scan_uri(&mut suffix, false, start)?;
            if self.cursor.byte(0) != b'>' {
                return self.error(start, Fault::NoTagEnd);
            }
            self.cursor.skip();
        } else {
            handle = self.scan_tag_handle(false, start)?;
            if handle.len() > 1 && handle.ends_with('!') {
                self.scan_uri(&mut suffix, false, start)?;
            } else {
                handle[1..].clone_into(&mut suffix);
                self.scan_uri(&mut suffix, true, start)?;
                "!".clone_into(&mut handle);
                if suffix.is_empty() {
                    std::mem::swap(&mut handle, &mut suffix);
                }
            }
        }
        if !self.cursor.is_gap(0) {
            return self.error(start, Fault::NoGap);
        }
        Ok(TokenKind::Tag(handle, suffix))
    }

    fn scan_tag_handle(&mut self, directive: bool, start: Mark) -> Scanned<String> {
        if self.cursor.byte(0) != b'!' {
            return self.error(start, Fault::NoTagHandle);
        }
        self.cursor.skip();
        let mut handle = format!("!{}", self.scan_word());
        if self.cursor.byte(0) == b'!' {
            self.cursor.read(&mut handle);
        } else if directive && handle != "!" {
            return self.error(start, Fault::NoTagHandle);
        }
        Ok(handle)
    }

    fn scan_uri(&mut self, out: &mut String, may_be_empty: bool, start: Mark) -> Scanned<()> {
        let before = out.len();
        let mut octets = Vec::new();
        while self.cursor.is_word() || (self.cursor.byte(0) != 0 && b";/?:@&=+$,.!~*'()[]%".contains(&self.cursor.byte(0))) {
            if self.cursor.byte(0) == b'%' {
                let hex = |ahead| char::from(self.cursor.byte(ahead)).to_digit(16).and_then(|d| u8::try_from(d).ok());
                let (Some(high), Some(low)) = (hex(1), hex(2)) else {
                    return self.error(start, Fault::NoOctet);
                };
                octets.push(high << 4 | low);
                self.cursor.skip_many(3);
            } else {
                octets.push(self.cursor.byte(0));
                self.cursor.skip();
            }
        }
        out.push_str(&String::from_utf8_lossy(&octets));
        if out.len() == before && !may_be_empty {
            return self.error(start, Fault::NoTagUri);
        }
        Ok(())
    }

    /// A `%YAML` or `%TAG` directive.
    pub(super) fn scan_directive(&mut self) -> Scanned<TokenKind> {
        let start = self.cursor.mark;
        self.cursor.skip();
        let name = self.scan_word();
        if name.is_empty() {
            return self.error(start, Fault::NoDirectiveName);
        }
        if !self.cursor.is_gap(0) {
            return self.error(start, Fault::DirectiveSign);
        }
        let kind = match name.as_str() {
            "YAML" => self.scan_version(start)?,
            "TAG" => self.scan_tag_directive(start)?,
            _ => return self.error(start, Fault::UnknownDirective),
        };
        self.end_line(start)?;
        Ok(kind)
    }

    fn scan_version(&mut self, start: Mark) -> Scanned<TokenKind> {
        self.cursor.skip_blanks();
        let major = self.scan_version_number(start)?;
        if self.cursor.byte(0) != b'.' {
            return self.error(start, Fault::NoVersionDot);
        }
        self.cursor.skip();
        let minor = self.scan_version_number(start)?;
        Ok(TokenKind::Version((major, minor) == (1, 1)))
    }

    fn scan_version_number(&mut self, start: Mark) -> Scanned<u32> {
        let mut digits = 0;
        let mut number = 0;
        while let Some(digit) = char::from(self.cursor.byte(0)).to_digit(10) {
            digits += 1;
            if digits > VERSION_NUMBER_MAX_DIGITS {
                return self.error(start, Fault::LongVersion);
            }
            number = number * 10 + digit;
            self.cursor.skip();
        }
        if digits == 0 {
            return self.error(start, Fault::NoVersion);
        }
        Ok(number)
    }

    fn scan_tag_directive(&mut self, start: Mark) -> Scanned<TokenKind> {
        self.cursor.skip_blanks();
        let handle = self.scan_tag_handle(true, start)?;
        if !self.cursor.is_blank(0) {
            return self.error(start, Fault::NoBlank);
        }
        self.cursor.skip_blanks();
        let mut prefix = String::new();
        self.scan_uri(&mut prefix, false, start)?;
        if !self.cursor.is_gap(0) {
            return self.error(start, Fault::NoGap);
        }
        Ok(TokenKind::TagHandle(handle, prefix))
    }
}
