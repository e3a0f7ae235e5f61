//! Parsing redirections and here-documents.

use super::word::push_text;
use super::{Fault, Parser, Part, Redirect, Word, not_learnt, unexpected};
use crate::dialect::Dialect;

impl Parser {
    /// Parses a redirection, if there is one here.
    pub(super) fn redirect(&mut self) -> Result<Option<Redirect>, Fault> {
        if self.dialect == Dialect::Dash && self.starts("&>") {
            return Err(not_learnt("`&>`"));
        }
        let number = self.text[self.at..].iter().take_while(|c| c.is_ascii_digit()).count();
        let sign: String = self.text[self.at + number..].iter().take_while(|c| "<>&-".contains(**c)).collect();
        let is_other = match number {
            0 => false,
            1 => !matches!(self.text[self.at], '0'..='2') || self.text[self.at] == '0' && sign != "<",
            _ => true,
        };
        let is_copied = sign.ends_with('-') && sign.contains('&') || sign.starts_with("<&") || sign.starts_with("<>");
        let is_copy = sign == ">&" && !self.text.get(self.at + number + 2).is_some_and(|c| "12".contains(*c));
        if sign.starts_with(['<', '>']) && (is_other || is_copied || is_copy) {
            let shown: String = self.text[self.at..self.at + number].iter().collect();
            return Err(not_learnt(&format!("`{shown}{sign}`")));
        }
        if number == 1 && sign == "<" {
            self.at += 1;
        }
        for (sign, out, err, append) in [
            ("2>>", false, true, true),
            ("&>>", true, true, true),
            ("1>>", true, false, true),
            (">>", true, false, true),
            ("2>&1", false, true, false),
            ("1>&2", true, false, false),
            (">&2", true, false, false),
            ("1>&1", true, false, false),
            (">&1", true, false, false),
            ("2>", false, true, false),
            ("&>", true, true, false),
            ("1>", true, false, false),
            (">|", true, false, false),
            (">", true, false, false),
        ] {
            if !self.take(sign) {
                continue;
            }
            match sign {
                "2>&1" => return Ok(Some(Redirect::ErrToOut)),
                "1>&2" | ">&2" => return Ok(Some(Redirect::OutToErr)),
                "1>&1" | ">&1" => return Ok(Some(Redirect::Nothing)),
                _ => {}
            }
            self.blanks(false);
            return Ok(Some(Redirect::Write { out, err, append, to: self.target()? }));
        }
        let is_posix = matches!(self.dialect, Dialect::Dash | Dialect::Ash);
        if is_posix && self.starts("<<<") || self.dialect == Dialect::Dash && (self.starts("<(") || self.starts(">(")) {
            return Err(unexpected(if self.starts("<<<") { "<" } else { "(" }));
        }
        if self.take("<<<") {
            self.blanks(false);
            let mut word = self.target()?;
            push_text(&mut word, '\n', true);
            return Ok(Some(Redirect::Here(word)));
        }
        if self.take("<<") {
            let tabs = self.take("-");
            self.blanks(false);
            let quoted = self.peek().is_some_and(|c| "'\"\\".contains(c));
            let word = self.target()?;
            let delimiter: String = word.iter().map(|p| if let Part::Text(t, _) = p { t.as_str() } else { "" }).collect();
            return Ok(Some(Redirect::Here(self.here_document(&delimiter, quoted, tabs)?)));
        }
        if self.starts("<(") || self.starts(">(") {
            return Err(not_learnt("`<(`"));
        }
        if self.take("<") {
            self.blanks(false);
            return Ok(Some(Redirect::Read(self.target()?)));
        }
        Ok(None)
    }

    pub(super) fn target(&mut self) -> Result<Word, Fault> {
        match self.peek() {
            None => Err(Fault::Unfinished),
            Some('\n') => Err(unexpected("newline")),
            Some('<' | '>') if self.text.get(self.at + 1) == Some(&'(') && self.dialect != Dialect::Dash => Err(not_learnt("`<(`")),
            Some(c) if ";&|<>()".contains(c) => Err(unexpected(&c.to_string())),
            Some(_) => self.word(),
        }
    }

    /// The body of a here-document: the lines after this one up to the delimiter, which are consumed at once.
    fn here_document(&mut self, delimiter: &str, quoted: bool, tabs: bool) -> Result<Word, Fault> {
        let line_end = |p: &Self, from: usize| (from..p.text.len()).find(|i| p.text[*i] == '\n').ok_or(Fault::Unfinished);
        let begin = line_end(self, self.at)? + 1;
        let (mut at, mut body) = (begin, String::new());
        loop {
            let end = line_end(self, at).unwrap_or(self.text.len());
            if at >= self.text.len() {
                return Err(Fault::Unfinished);
            }
            let line: String = self.text[at..end].iter().collect();
            let line = if tabs { line.trim_start_matches('\t') } else { &line };
            at = (end + 1).min(self.text.len());
            if line == delimiter {
                self.text.drain(begin..at);
                return if quoted { Ok(vec![Part::Text(body, true)]) } else { self.expandable(&body) };
            }
            body.push_str(line);
            body.push('\n');
        }
    }

    /// The body of an unquoted here-document: variables and substitutions are expanded, quotes are literal.
    fn expandable(&mut self, body: &str) -> Result<Word, Fault> {
        self.within(body, |p| {
            let mut word = Word::new();
            while let Some(c) = p.peek() {
                match c {
                    // Here a quote is a sign like others, and keeps the backslash before it.
                    '\\' if !p.starts("\\\"") => p.backslash(&mut word)?,
                    '$' => p.dollar(&mut word, true)?,
                    '`' => p.backquoted(&mut word, true)?,
                    c => {
                        p.at += 1;
                        push_text(&mut word, c, true);
                    }
                }
            }
            Ok(word)
        })
    }
}
