//! Words: quotes, variables, substitutions, braces.

use super::{Fault, Op, Parser, Part, Word, is_name, unexpected};

impl Parser {
    pub(super) fn word(&mut self) -> Result<Word, Fault> {
        let mut word = Word::new();
        while let Some(c) = self.peek() {
            match c {
                _ if c.is_whitespace() || ";&|<>()".contains(c) => break,
                '\'' => {
                    self.at += 1;
                    let end = (self.at..self.text.len()).find(|i| self.text[*i] == '\'').ok_or(Fault::Unfinished)?;
                    word.push(Part::Text(self.text[self.at..end].iter().collect(), true));
                    self.at = end + 1;
                }
                '"' => self.double_quoted(&mut word)?,
                '\\' => {
                    self.at += 1;
                    match self.peek() {
                        None => return Err(Fault::Unfinished),
                        Some('\n') => {}
                        Some(c) => push_text(&mut word, c, true),
                    }
                    self.at += 1;
                }
                '$' => self.dollar(&mut word, false)?,
                '`' => self.backquoted(&mut word, false)?,
                _ => {
                    self.at += 1;
                    push_text(&mut word, c, false);
                }
            }
        }
        if word.is_empty() {
            return Err(unexpected(&self.peek().map_or_else(|| "newline".into(), |c| c.to_string())));
        }
        Ok(word)
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), Fault> {
        self.at += 1;
        word.push(Part::Text(String::new(), true));
        loop {
            match self.peek() {
                None => return Err(Fault::Unfinished),
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some('\\') => {
                    self.at += 1;
                    match self.peek() {
                        None => return Err(Fault::Unfinished),
                        Some('\n') => {}
                        Some(c) if "$`\"\\".contains(c) => push_text(word, c, true),
                        Some(c) => {
                            push_text(word, '\\', true);
                            push_text(word, c, true);
                        }
                    }
                    self.at += 1;
                }
                Some('$') => self.dollar(word, true)?,
                Some('`') => self.backquoted(word, true)?,
                Some(c) => {
                    self.at += 1;
                    push_text(word, c, true);
                }
            }
        }
    }

    fn backquoted(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        let end = (self.at + 1..self.text.len()).find(|i| self.text[*i] == '`').ok_or(Fault::Unfinished)?;
        let inner: String = self.text[self.at + 1..end].iter().collect();
        self.at = end + 1;
        let text: Vec<char> = inner.chars().chain([')']).collect();
        let (text, at) = (std::mem::replace(&mut self.text, text), std::mem::replace(&mut self.at, 0));
        let done = self.substitution(word, quoted);
        (self.text, self.at) = (text, at);
        done
    }

    pub(super) fn dollar(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        self.at += 1;
        if self.starts("((") {
            let close = (self.at..self.text.len().saturating_sub(1)).find(|i| self.text[*i] == ')' && self.text[*i + 1] == ')');
            let close = close.ok_or(Fault::Unfinished)?;
            word.push(Part::Sum(self.text[self.at + 2..close].iter().collect()));
            self.at = close + 2;
            return Ok(());
        }
        if self.take("(") {
            return self.substitution(word, quoted);
        }
        if self.take("{") {
            let close = (self.at..self.text.len()).find(|i| self.text[*i] == '}').ok_or(Fault::Unfinished)?;
            let inner: String = self.text[self.at..close].iter().collect();
            self.at = close + 1;
            if let Some(name) = inner.strip_prefix('#').filter(|n| !n.is_empty() && n.chars().all(is_name)) {
                word.push(Part::Length(name.to_owned()));
                return Ok(());
            }
            let end = inner.find(|c: char| !is_name(c)).unwrap_or(inner.len());
            let (name, rest) = if "?#@*$!".contains(&inner) && !inner.is_empty() { (inner.as_str(), "") } else { inner.split_at(end) };
            let default = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
            if name.is_empty() || (!rest.is_empty() && default.is_none()) {
                return Err(Fault::Wrong(format!("`${{{inner}}}` is not understood here")));
            }
            word.push(Part::Variable(name.to_owned(), default.map(str::to_owned), quoted));
            return Ok(());
        }
        let name: String = match self.peek() {
            Some(c) if "?#@*$!".contains(c) || c.is_ascii_digit() => c.to_string(),
            _ => self.text[self.at..].iter().take_while(|c| is_name(**c)).collect(),
        };
        if name.is_empty() {
            push_text(word, '$', quoted);
        } else {
            self.at += name.len();
            word.push(Part::Variable(name, None, quoted));
        }
        Ok(())
    }

    /// `$(…)`, from behind the parenthesis: its operations come before the command that uses what it prints.
    fn substitution(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.printed);
        self.ops.extend([Op::Capture, Op::Save]);
        self.nested(|p| p.list(&[")"]))?;
        self.at += 1;
        self.ops.extend([Op::Restore, Op::Substitute]);
        self.printed = outer;
        word.push(Part::Printed(self.printed, quoted));
        self.printed += 1;
        Ok(())
    }
}

/// Adds a letter to a word.
pub(super) fn push_text(word: &mut Word, c: char, quoted: bool) {
    match word.last_mut() {
        Some(Part::Text(text, q)) if *q == quoted => text.push(c),
        _ => word.push(Part::Text(c.to_string(), quoted)),
    }
}

/// `web-{0..2}` and `{a,b}` are several words.
pub(super) fn braces(word: Word) -> Vec<Word> {
    /// How many words a range may make.
    const MOST: i64 = 1000;
    let found = word.iter().position(|part| matches!(part, Part::Text(text, false) if text.contains('{')));
    let Some(at) = found else { return vec![word] };
    let Part::Text(text, _) = &word[at] else { return vec![word] };
    let (before, rest) = text.split_once('{').unwrap_or_default();
    let Some((inner, after)) = rest.split_once('}') else { return vec![word] };
    let range = inner.split_once("..").and_then(|(a, b)| Some((a.parse::<i64>().ok()?, b.parse::<i64>().ok()?)));
    let choices: Vec<String> = match range {
        Some((a, b)) if a <= b && b - a < MOST => (a..=b).map(|n| n.to_string()).collect(),
        Some((a, b)) if a - b < MOST && b < a => (b..=a).rev().map(|n| n.to_string()).collect(),
        _ if inner.contains(',') => inner.split(',').map(str::to_owned).collect(),
        _ => return vec![word],
    };
    let with = |choice: &String| {
        let mut one = word.clone();
        one[at] = Part::Text(format!("{before}{choice}{after}"), false);
        one
    };
    choices.iter().map(with).collect()
}
