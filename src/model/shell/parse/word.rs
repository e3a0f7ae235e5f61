//! Parsing words: quotes, variables, substitutions, braces.

use std::rc::Rc;

use super::{Fault, Op, Parser, Part, Redirect, Word, is_name, not_learnt, unexpected};
use crate::dialect::Dialect;
use crate::tools::escapes::escaped;
use base::note::Note;
use base::pattern;

impl Parser {
    /// Whether an element of an array is set here: `a[b]=c`.
    pub(super) fn is_element(&self) -> bool {
        let word: String = self.text[self.at..].iter().take_while(|c| !c.is_whitespace()).collect();
        word.contains("]=") || word.contains("]+=")
    }

    /// Whether what follows is the list of an array: `a=(b c)`.
    pub(super) fn is_array(&self) -> bool {
        self.peek() == Some('(') && self.at > 0 && self.text[self.at - 1] == '='
    }

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
        if self.starts("((") && (self.dialect != Dialect::Bash || self.ends_a_sum()) {
            self.at += 2;
            return self.sum(word);
        }
        if self.take("(") {
            return self.substitution(word, quoted);
        }
        if self.take("{") {
            let inner = self.braced_text()?;
            return self.braced(&inner, quoted, word);
        }
        if self.starts("[") && self.dialect == Dialect::Bash {
            return Err(not_learnt("`$[`"));
        }
        if !quoted && self.dialect == Dialect::Bash && self.starts("\"") {
            return Ok(());
        }
        if !quoted && self.dialect != Dialect::Dash && self.take("'") {
            let begin = self.at;
            while *self.text.get(self.at).ok_or(Fault::Unfinished)? != '\'' {
                self.at += if self.text[self.at] == '\\' { 2 } else { 1 };
            }
            let inner: String = self.text[begin..self.at].iter().collect();
            self.at += 1;
            word.push(Part::Text(escaped(&inner.replace("\\'", "'").replace("\\\"", "\"")), true));
            return Ok(());
        }
        let name: String = match self.peek() {
            Some(c) if SPECIAL.contains(c) || c.is_ascii_digit() => c.to_string(),
            _ => self.text[self.at..].iter().take_while(|c| is_name(**c)).collect(),
        };
        if name == RANDOM {
            return Err(chance());
        }
        let is_counted = match self.dialect {
            Dialect::Bash => matches!(name.as_str(), "LINENO" | "SECONDS"),
            dialect => dialect == Dialect::Ash && name == "LINENO",
        };
        if is_counted {
            return Err(not_learnt(&format!("`${name}`")));
        }
        if name.is_empty() {
            push_text(word, '$', quoted);
        } else {
            self.at += name.len();
            word.push(Part::Variable(name, quoted));
        }
        Ok(())
    }

    /// Whether `((` has its `))`. Bash takes `$((a) | b)` for a command in parentheses, whose output is used.
    fn ends_a_sum(&self) -> bool {
        let mut depth = 0;
        for (at, c) in self.text.iter().enumerate().skip(self.at + 2) {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                ')' => return self.text.get(at + 1) == Some(&')'),
                _ => {}
            }
        }
        true
    }

    /// `$((…))`, from after the opening parentheses.
    pub(super) fn sum(&mut self, word: &mut Word) -> Result<(), Fault> {
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
        let asked = self.asked.take();
        let start = self.ops.len();
        if let Some((name, sign)) = &asked {
            self.ops.push(Op::Unasked(Rc::clone(name), sign, 0));
        }
        self.ops.extend([Op::Capture, Op::Save]);
        let inside = self.ops.len();
        self.tested(|p| p.nested(|p| p.list(&[")"])))?;
        self.at += 1;
        // `$(< file)` is the text of the file.
        if let [Op::Simple(simple)] = &mut self.ops[inside..]
            && self.dialect == Dialect::Bash
            && simple.words.is_empty()
            && let [Redirect::Read(_)] = simple.redirects[..]
        {
            Rc::make_mut(simple).words.push(vec![Part::Text("cat".to_owned(), true)]);
        }
        self.ops.extend([Op::Restore, Op::Substitute]);
        let end = self.ops.len();
        if let Some(Op::Unasked(_, _, to)) = self.ops.get_mut(start) {
            *to = end;
        }
        self.asked = asked;
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
    Fault::Unsupported(Note::Chance)
}

/// What `[[ … =~ … ]]` found: the whole, and each group.
pub const GROUPS: &str = "BASH_REMATCH";

/// The shell's special parameters.
const SPECIAL: &str = "?#@*$!";

/// What may be made of a variable, the longer signs first.
const CHANGES: [&str; 21] =
    [":-", ":=", ":+", ":?", "##", "%%", "-", "=", "+", "?", "#", "%", "//", "/#", "/%", "/", ":", "^^", "^", ",,", ","];

impl Parser {
    /// The text of `${…}`, with what it holds of the same kind and of quotes, up to and with its end.
    fn braced_text(&mut self) -> Result<String, Fault> {
        let (start, mut depth, mut quote) = (self.at, 0, None);
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '\\' => self.at += 1,
                '"' | '\'' if quote == Some(c) => quote = None,
                '"' if quote.is_none() => quote = Some(c),
                '{' if self.text[self.at - 2] == '$' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                '}' if quote.is_none() => return Ok(self.text[start..self.at - 1].iter().collect()),
                _ => {}
            }
        }
        Err(Fault::Unfinished)
    }

    /// The contents of `${…}`: a variable, its length, or what is made of it.
    fn braced(&mut self, inner: &str, quoted: bool, word: &mut Word) -> Result<(), Fault> {
        if let Some(name) = inner.strip_prefix('#').filter(|name| !name.is_empty() && name.chars().all(is_name)) {
            word.push(Part::Length(name.to_owned()));
            return Ok(());
        }
        let group = inner.strip_prefix(&format!("{GROUPS}[")).and_then(|rest| rest.strip_suffix(']'));
        if group.is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit())) {
            let part = Part::Variable(inner.to_owned(), quoted);
            word.push(if self.dialect == Dialect::Ash { Part::Changed(inner.to_owned(), "", Word::new(), quoted) } else { part });
            return Ok(());
        }
        let is_special = inner.starts_with(|c| SPECIAL.contains(c)) && !inner[1..].starts_with(is_name);
        let end = if is_special { 1 } else { inner.find(|c| !is_name(c)).unwrap_or(inner.len()) };
        let (name, rest) = inner.split_at(end);
        if name == RANDOM {
            return Err(chance());
        }
        if rest.is_empty() && !name.is_empty() {
            word.push(Part::Variable(name.to_owned(), quoted));
            return Ok(());
        }
        let is_ash = self.dialect == Dialect::Ash;
        let is_it = |sign: &&str| rest.starts_with(sign) && !(is_ash && matches!(*sign, "/#" | "/%"));
        let change = CHANGES.into_iter().find(is_it).filter(|_| !name.is_empty());
        // Those of bash, which others refuse when they come to it.
        let is_lacking = |sign: &str| match self.dialect {
            Dialect::Dash => sign.starts_with(['/', '^', ',']) || sign == ":",
            Dialect::Ash => sign.starts_with(['^', ',']),
            Dialect::Bash | Dialect::Sh => false,
        };
        let is_of_list = |sign: &str| matches!(name, "@" | "*") && (sign == ":" || sign.starts_with(['/', '^', ',']));
        let Some(sign) = change.filter(|sign| !is_lacking(sign) && !is_of_list(sign)) else {
            if self.dialect == Dialect::Dash || self.dialect == Dialect::Ash && !is_of_list(rest.get(..1).unwrap_or_default()) {
                word.push(Part::Changed(inner.to_owned(), "", Word::new(), quoted));
                return Ok(());
            }
            return Err(not_learnt(&format!("`${{{inner}}}`")));
        };
        let outer = self.asked.replace((name.into(), sign));
        let is_pattern = sign.starts_with(['#', '%', '/', '^', ',']);
        let rest = &rest[sign.len()..];
        // A pattern is not empty.
        let is_slash = |(at, c): &(usize, char)| *at > 0 && *c == '/' && !rest[..*at].ends_with('\\');
        let cut = rest.char_indices().find(is_slash).filter(|_| sign.starts_with('/')).map_or(rest.len(), |(at, _)| at);
        let mut with = self.nested(|p| p.within(&rest[..cut], |p| p.braced_word(quoted, is_pattern)))?;
        if let Some(instead) = rest.get(cut + 1..) {
            with.push(Part::Cut);
            with.extend(self.nested(|p| p.within(instead, |p| p.braced_word(quoted, false)))?);
        }
        self.asked = outer;
        word.push(Part::Changed(name.to_owned(), sign, with, quoted));
        Ok(())
    }

    /// What stands after the sign in `${…}`; of a pattern, what is quoted stands for itself.
    fn braced_word(&mut self, quoted: bool, is_pattern: bool) -> Result<Word, Fault> {
        let mut word = Word::new();
        while let Some(c) = self.peek() {
            let start = word.len();
            match c {
                '\'' if !quoted || is_pattern => {
                    self.at += 1;
                    let inner = self.up_to('\'')?;
                    word.push(Part::Text(inner, true));
                }
                '"' => self.double_quoted(&mut word)?,
                '\\' => {
                    let escaped = self.text.get(self.at + 1).copied();
                    self.at += 2;
                    if let Some(c) = escaped.filter(|c| *c != '\n') {
                        word.push(Part::Text(c.to_string(), true));
                    }
                }
                '$' => self.dollar(&mut word, quoted && !is_pattern)?,
                '`' => self.backquoted(&mut word, quoted && !is_pattern)?,
                c => {
                    self.at += 1;
                    push_text(&mut word, c, quoted && !is_pattern);
                    continue;
                }
            }
            for part in word.iter_mut().skip(start).filter(|_| is_pattern) {
                if let Part::Text(text, true) = part {
                    *text = pattern::quoted(text);
                }
            }
        }
        Ok(word)
    }
}

/// Appends a character to a word.
pub(super) fn push_text(word: &mut Word, c: char, quoted: bool) {
    match word.last_mut() {
        Some(Part::Text(text, q)) if *q == quoted => text.push(c),
        _ => word.push(Part::Text(c.to_string(), quoted)),
    }
}

/// The most words in a range.
const MAX_RANGE: usize = 1000;
/// The most words that braces make of one; those beyond are left out.
const MAX_WORDS: usize = 10_000;

/// A piece of a word, as braces see it: an unquoted letter, or anything else.
#[derive(Clone)]
enum Bit {
    Letter(char),
    Whole(Part),
}

/// Brace expansion: `web-{0..2}` and `{a,b}` are several words.
pub(super) fn braces(word: &Word) -> Vec<Word> {
    if !word.iter().any(|part| matches!(part, Part::Text(text, false) if text.contains('{'))) {
        return vec![word.clone()];
    }
    let mut bits = Vec::new();
    for part in word {
        match part {
            Part::Text(text, false) => bits.extend(text.chars().map(Bit::Letter)),
            other => bits.push(Bit::Whole(other.clone())),
        }
    }
    let joined = |bits: Vec<Bit>| {
        let mut word = Word::new();
        for bit in bits {
            match bit {
                Bit::Letter(c) => push_text(&mut word, c, false),
                Bit::Whole(part) => word.push(part),
            }
        }
        word
    };
    choices(&bits, 0).into_iter().map(joined).filter(|word| !word.is_empty()).collect()
}

fn is(bit: &Bit, letter: char) -> bool {
    matches!(bit, Bit::Letter(c) if *c == letter)
}

/// What braces make of a text, from a place on.
fn choices(bits: &[Bit], from: usize) -> Vec<Vec<Bit>> {
    for open in (from..bits.len()).filter(|at| is(&bits[*at], '{')) {
        let (mut depth, mut cuts, mut close) = (0, vec![open], None);
        for (at, bit) in bits.iter().enumerate().skip(open + 1) {
            if is(bit, '{') {
                depth += 1;
            } else if is(bit, '}') && depth == 0 {
                close = Some(at);
                break;
            } else if is(bit, '}') {
                depth -= 1;
            } else if is(bit, ',') && depth == 0 {
                cuts.push(at);
            }
        }
        let Some(close) = close else { continue };
        let inner: String = bits[open + 1..close].iter().map(|bit| if let Bit::Letter(c) = bit { *c } else { ' ' }).collect();
        let mut middles: Vec<Vec<Bit>> = Vec::new();
        if cuts.len() > 1 {
            cuts.push(close);
            middles.extend(cuts.windows(2).flat_map(|pair| choices(&bits[pair[0] + 1..pair[1]], 0)));
        } else if let Some(range) = range(&inner) {
            middles.extend(range.into_iter().map(|text| text.chars().map(Bit::Letter).collect()));
        } else {
            continue;
        }
        let ends = choices(&bits[close + 1..], 0);
        let one = |middle: &Vec<Bit>, end: &Vec<Bit>| [&bits[..open], middle, end].concat();
        return middles.iter().take(MAX_RANGE).flat_map(|middle| ends.iter().map(move |end| one(middle, end))).take(MAX_WORDS).collect();
    }
    vec![bits.to_vec()]
}

/// `1..3`, `01..10`, `a..e`, `0..6..2`
fn range(text: &str) -> Option<Vec<String>> {
    let mut parts = text.split("..");
    let (from, to, step) = (parts.next()?, parts.next()?, parts.next().map_or(Some(1), |step| step.parse::<i64>().ok())?);
    let letter = |text: &str| text.chars().next().filter(|c| c.is_ascii_alphabetic() && text.len() == 1).map(|c| i64::from(u32::from(c)));
    let of_letters = letter(from).zip(letter(to));
    let (a, b) = of_letters.or_else(|| from.parse().ok().zip(to.parse().ok()))?;
    let step = step.unsigned_abs().max(1);
    if parts.next().is_some() || a.abs_diff(b) / step >= MAX_RANGE as u64 {
        return None;
    }
    let is_padded = |text: &str| text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0');
    let width = if is_padded(from) || is_padded(to) { from.len().max(to.len()) } else { 0 };
    let ways = (0..=a.abs_diff(b) / step).map(|n| i128::from(n) * i128::from(step));
    let numbers = ways.map(|way| i128::from(a) + if a <= b { way } else { -way });
    let shown = |n: i128| match of_letters {
        Some(_) => u8::try_from(n).map(char::from).unwrap_or_default().to_string(),
        None => format!("{n:0width$}"),
    };
    Some(numbers.map(shown).collect())
}
