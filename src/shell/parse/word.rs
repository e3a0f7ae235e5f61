//! Parsing words: quotes, variables, substitutions, braces.

use super::{Cut, Fault, Op, Parser, Part, Word, is_name, not_learnt, unexpected};
use crate::base::note::Note;

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
                Some('\\') => self.backslash(word)?,
                Some('$') => self.dollar(word, true)?,
                Some('`') => self.backquoted(word, true)?,
                Some(c) => {
                    self.at += 1;
                    push_text(word, c, true);
                }
            }
        }
    }

    /// A backslash in double quotes, which escapes only some characters.
    pub(super) fn backslash(&mut self, word: &mut Word) -> Result<(), Fault> {
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
        Ok(())
    }

    /// Parses another text in place of this one, into the same operations.
    pub(super) fn within<T>(&mut self, text: &str, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let (text, at) = (std::mem::replace(&mut self.text, text.chars().collect()), std::mem::take(&mut self.at));
        let done = read(self);
        (self.text, self.at) = (text, at);
        done
    }

    /// Consumes the text up to a character, and the character itself.
    fn up_to(&mut self, end: char) -> Result<String, Fault> {
        let close = (self.at..self.text.len()).find(|i| self.text[*i] == end).ok_or(Fault::Unfinished)?;
        let inner = self.text[self.at..close].iter().collect();
        self.at = close + 1;
        Ok(inner)
    }

    pub(super) fn backquoted(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        self.at += 1;
        let inner = self.up_to('`')?;
        self.within(&format!("{inner})"), |p| p.substitution(word, quoted))
    }

    /// What follows a dollar sign: a variable, a substitution, arithmetic.
    pub(super) fn dollar(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        self.at += 1;
        if self.take("((") {
            return self.sum(word);
        }
        if self.take("(") {
            return self.substitution(word, quoted);
        }
        if self.take("{") {
            let inner = self.up_to('}')?;
            word.push(braced(&inner, quoted)?);
            return Ok(());
        }
        if !quoted && self.starts("'") {
            return Err(not_learnt("`$'`"));
        }
        let name: String = match self.peek() {
            Some(c) if SPECIAL.contains(c) || c.is_ascii_digit() => c.to_string(),
            _ => self.text[self.at..].iter().take_while(|c| is_name(**c)).collect(),
        };
        if name == RANDOM {
            return Err(chance());
        }
        if name.is_empty() {
            push_text(word, '$', quoted);
        } else {
            self.at += name.len();
            word.push(Part::Variable(name, None, quoted));
        }
        Ok(())
    }

    /// `$((…))`, from after the opening parentheses.
    fn sum(&mut self, word: &mut Word) -> Result<(), Fault> {
        let (mut depth, mut close) = (0, self.at);
        loop {
            match self.text.get(close).ok_or(Fault::Unfinished)? {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                ')' => break,
                _ => {}
            }
            close += 1;
        }
        let inner: String = self.text[self.at..close].iter().collect();
        self.at = close + 1;
        self.expect(")")?;
        if inner.split(|c| !is_name(c)).any(|name| name == RANDOM) {
            return Err(chance());
        }
        if !is_learnt_sum(&inner) {
            return Err(not_learnt(&format!("`$(({inner}))`")));
        }
        let terms = self.within(&inner, |p| {
            let mut terms = Word::new();
            while let Some(c) = p.peek() {
                if c == '$' {
                    p.nested(|p| p.dollar(&mut terms, true))?;
                } else {
                    p.at += 1;
                    push_text(&mut terms, c, true);
                }
            }
            Ok(terms)
        })?;
        word.push(Part::Sum(terms));
        Ok(())
    }

    /// `$(…)`, from after the opening parenthesis: its operations precede the command that uses its output.
    fn substitution(&mut self, word: &mut Word, quoted: bool) -> Result<(), Fault> {
        let outer = std::mem::take(&mut self.printed);
        self.ops.extend([Op::Capture, Op::Save]);
        self.tested(|p| p.nested(|p| p.list(&[")"])))?;
        self.at += 1;
        self.ops.extend([Op::Restore, Op::Substitute]);
        self.printed = outer;
        word.push(Part::Printed(self.printed, quoted));
        self.printed += 1;
        Ok(())
    }
}

/// The variable whose value is up to chance.
const RANDOM: &str = "RANDOM";

/// Nothing here happens by chance, so that the same lines do the same.
fn chance() -> Fault {
    Fault::NotLearnt(Note::Chance)
}

/// What `[[ … =~ … ]]` found: the whole, and each group.
pub const GROUPS: &str = "BASH_REMATCH";

/// The shell's special parameters.
const SPECIAL: &str = "?#@*$!";

/// The signs before a pattern that is taken off a value: whether off its end, and whether the longest piece.
const CUTS: [(&str, bool, bool); 4] = [("##", false, true), ("#", false, false), ("%%", true, true), ("%", true, false)];

/// The contents of `${…}`: a variable, its length, with a default value, or without what fits a pattern.
fn braced(inner: &str, quoted: bool) -> Result<Part, Fault> {
    if let Some(name) = inner.strip_prefix('#').filter(|name| !name.is_empty() && name.chars().all(is_name)) {
        return Ok(Part::Length(name.to_owned()));
    }
    let group = inner.strip_prefix(&format!("{GROUPS}[")).and_then(|rest| rest.strip_suffix(']'));
    if group.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())) {
        return Ok(Part::Variable(inner.to_owned(), None, quoted));
    }
    let mut letters = inner.chars();
    let is_special = letters.next().is_some_and(|c| SPECIAL.contains(c)) && letters.next().is_none();
    let end = if is_special { inner.len() } else { inner.find(|c| !is_name(c)).unwrap_or(inner.len()) };
    let (name, rest) = inner.split_at(end);
    if name == RANDOM {
        return Err(chance());
    }
    let default = rest.strip_prefix(":-").or_else(|| rest.strip_prefix('-'));
    let is_plain = |text: &str| !text.contains(['$', '`', '"', '\'', '\\']);
    let cut = CUTS.into_iter().find_map(|(sign, end, longest)| Some(Cut { pattern: rest.strip_prefix(sign)?.to_owned(), end, longest }));
    if let Some(cut) = cut.filter(|cut| is_plain(&cut.pattern) && !name.is_empty()) {
        return Ok(Part::Cut(name.to_owned(), cut, quoted));
    }
    let is_plain = default.is_none_or(is_plain);
    if name.is_empty() || !is_plain || (!rest.is_empty() && default.is_none()) {
        return Err(not_learnt(&format!("`${{{inner}}}`")));
    }
    Ok(Part::Variable(name.to_owned(), default.map(str::to_owned), quoted))
}

/// Whether an arithmetic expression is supported: no powers, bit operations, assignments or conditions.
fn is_learnt_sum(text: &str) -> bool {
    let others = ["**", "++", "--", "&", "|", "^", "~", "?", ",", "<<", ">>"];
    let compared = ["==", "!=", "<=", ">="].iter().fold(text.to_owned(), |text, sign| text.replace(sign, " "));
    !compared.contains(['=', '!']) && !others.iter().any(|sign| text.contains(sign)) || text.contains("$(")
}

/// Appends a character to a word.
pub(super) fn push_text(word: &mut Word, c: char, quoted: bool) {
    match word.last_mut() {
        Some(Part::Text(text, q)) if *q == quoted => text.push(c),
        _ => word.push(Part::Text(c.to_string(), quoted)),
    }
}

/// Brace expansion: `web-{0..2}` and `{a,b}` are several words.
pub(super) fn braces(word: Word) -> Vec<Word> {
    /// The most words in a range.
    const MOST: u64 = 1000;
    let found = word.iter().position(|part| matches!(part, Part::Text(text, false) if text.contains('{')));
    let Some(at) = found else { return vec![word] };
    let Part::Text(text, _) = &word[at] else { return vec![word] };
    let (before, rest) = text.split_once('{').unwrap_or_default();
    let Some((inner, after)) = rest.split_once('}') else { return vec![word] };
    let range = inner.split_once("..").and_then(|(a, b)| Some((a.parse::<i64>().ok()?, b.parse::<i64>().ok()?)));
    let choices: Vec<String> = match range {
        Some((a, b)) if a.abs_diff(b) >= MOST => return vec![word],
        Some((a, b)) if a <= b => (a..=b).map(|n| n.to_string()).collect(),
        Some((a, b)) => (b..=a).rev().map(|n| n.to_string()).collect(),
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
