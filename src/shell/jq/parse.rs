//! Programs of `jq` and `yq`, read.
//!
//! Promises: a program is understood as a whole or not at all.

use base::letter::{is_letter, is_letter_or_digit};
use std::rc::Rc;

use super::functions;
use base::value::Value;

/// How deep a program may be nested.
const MAX_DEPTH: usize = 60;

/// A program, or a part of one: what it makes of a value is any number of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// `.`
    Same,
    /// `..`
    Within,
    /// `.a`, `.["a"]`, `.[0]`: of what, and which.
    At(Box<Term>, Box<Term>),
    /// `.[2:4]`
    Slice(Box<Term>, Option<i64>, Option<i64>),
    /// `.[]`
    Each(Box<Term>),
    /// `.a?`
    Try(Box<Term>),
    /// `1`, `true`
    Constant(Value),
    /// `"a \(.b)"`, perhaps with the name of a format before it.
    Text(Option<&'static str>, Vec<Part>),
    /// `[.a]`
    List(Option<Box<Term>>),
    /// `{a: .b}`
    Map(Vec<(Term, Term)>),
    /// `length`, `map(.a)`
    Call(&'static str, Vec<Term>),
    /// `a | b`
    Pipe(Box<Term>, Box<Term>),
    /// `a, b`
    Both(Box<Term>, Box<Term>),
    /// `a == b`
    Binary(&'static str, Box<Term>, Box<Term>),
    /// `if a then b else c end`
    If(Box<Term>, Box<Term>, Box<Term>),
    /// `a as $x | b`
    As(Box<Term>, Rc<str>, Box<Term>),
    /// `$x`
    Bound(Rc<str>),
}

impl Term {
    /// This term with a value for a name.
    pub(super) fn bound(&self, name: &str, value: &Value) -> Term {
        let boxed = |term: &Term| Box::new(term.bound(name, value));
        match self {
            Term::Bound(own) if **own == *name => Term::Constant(value.clone()),
            Term::Same | Term::Within | Term::Constant(_) | Term::Bound(_) | Term::List(None) => self.clone(),
            Term::At(whole, which) => Term::At(boxed(whole), boxed(which)),
            Term::Slice(whole, from, to) => Term::Slice(boxed(whole), *from, *to),
            Term::Each(whole) => Term::Each(boxed(whole)),
            Term::Try(term) => Term::Try(boxed(term)),
            Term::Text(format, parts) => {
                let part = |part: &Part| match part {
                    Part::Plain(text) => Part::Plain(text.clone()),
                    Part::Term(term) => Part::Term(term.bound(name, value)),
                };
                Term::Text(*format, parts.iter().map(part).collect())
            }
            Term::List(Some(term)) => Term::List(Some(boxed(term))),
            Term::Map(entries) => {
                Term::Map(entries.iter().map(|(key, member)| (key.bound(name, value), member.bound(name, value))).collect())
            }
            Term::Call(called, arguments) => Term::Call(called, arguments.iter().map(|term| term.bound(name, value)).collect()),
            Term::Pipe(first, then) => Term::Pipe(boxed(first), boxed(then)),
            Term::Both(first, second) => Term::Both(boxed(first), boxed(second)),
            Term::Binary(operator, left, right) => Term::Binary(operator, boxed(left), boxed(right)),
            Term::If(test, then, other) => Term::If(boxed(test), boxed(then), boxed(other)),
            // The same name again means something else from there on.
            Term::As(source, own, body) if **own == *name => Term::As(boxed(source), Rc::clone(own), body.clone()),
            Term::As(source, own, body) => Term::As(boxed(source), Rc::clone(own), boxed(body)),
        }
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Plain(String),
    Term(Term),
}

/// The operators by how tightly they bind, the loosest first.
const OPERATORS: [&[&str]; 5] = [&["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"], &["+", "-"], &["*", "/", "%"]];

/// Reads a program; `None` if any of it is unknown.
pub(super) fn read(program: &str) -> Option<Term> {
    let mut reader = Reader { rest: program, depth: 0, names: Vec::new() };
    let term = reader.pipe()?;
    reader.blank();
    reader.rest.is_empty().then_some(term)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    /// The names that have values here.
    names: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
        while let Some(comment) = self.rest.strip_prefix('#') {
            self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
        }
    }

    /// Takes a sign.
    fn take(&mut self, sign: &str) -> Option<()> {
        self.blank();
        let rest = self.rest.strip_prefix(sign)?;
        let is_word = sign.ends_with(is_letter);
        if is_word && rest.starts_with(|c: char| is_letter_or_digit(c) || c == '_') {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    /// Whether a sign comes next, but not one that begins with it and goes on.
    fn take_operator(&mut self, sign: &str) -> bool {
        let before = self.rest;
        let longer = matches!(sign, "<" | ">" | "/" | "|" | "+" | "-" | "*" | "%");
        if self.take(sign).is_none() || (longer && self.rest.starts_with(['=', '/'])) {
            self.rest = before;
            return false;
        }
        true
    }

    fn name(&mut self) -> Option<&'a str> {
        self.blank();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return None;
        }
        self.rest = rest;
        Some(name)
    }

    fn pipe(&mut self) -> Option<Term> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut stages = vec![self.both()?];
        while self.take_operator("|") {
            stages.push(self.both()?);
        }
        self.depth -= 1;
        stages.into_iter().reduce(|first, then| Term::Pipe(first.into(), then.into()))
    }

    fn both(&mut self) -> Option<Term> {
        let mut term = self.alternative()?;
        while self.take(",").is_some() {
            term = Term::Both(term.into(), self.alternative()?.into());
        }
        Some(term)
    }

    fn alternative(&mut self) -> Option<Term> {
        let mut terms = vec![self.binary(0)?];
        while self.take("//").is_some() {
            terms.push(self.binary(0)?);
        }
        terms.into_iter().rev().reduce(|other, first| Term::Binary("//", first.into(), other.into()))
    }

    fn binary(&mut self, level: usize) -> Option<Term> {
        let Some(operators) = OPERATORS.get(level) else { return self.postfix() };
        let mut term = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take_operator(operator)) {
            term = Term::Binary(operator, term.into(), self.binary(level + 1)?.into());
        }
        Some(term)
    }

    fn postfix(&mut self) -> Option<Term> {
        let mut term = self.primary()?;
        loop {
            if self.rest.starts_with("..") {
                return None;
            }
            if let Some(rest) = self.rest.strip_prefix('?') {
                self.rest = rest;
                // Only the last step is tried.
                let step = |step: Term, of: Box<Term>| Term::Pipe(of, Term::Try(step.into()).into());
                term = match term {
                    Term::Each(of) => step(Term::Each(Term::Same.into()), of),
                    Term::At(of, key) if matches!(*key, Term::Constant(_)) => step(Term::At(Term::Same.into(), key), of),
                    other => Term::Try(other.into()),
                };
            } else if self.rest.starts_with('[') {
                term = self.index(term)?;
            } else if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                term = if rest.starts_with('[') { self.index(term)? } else { self.key_of(term)? };
            } else {
                return if self.take("as").is_some() { self.naming(term) } else { Some(term) };
            }
        }
    }

    /// `$x | …` behind `a as`. Patterns that take values apart are not read.
    fn naming(&mut self, of: Term) -> Option<Term> {
        self.take("$")?;
        let name = self.name()?;
        self.take("|")?;
        self.names.push(name);
        let body = self.pipe()?;
        self.names.pop();
        Some(Term::As(of.into(), name.into(), body.into()))
    }

    /// `a` or `"a"` after a dot.
    fn key_of(&mut self, of: Term) -> Option<Term> {
        let key = if self.rest.starts_with('"') { self.text(None)? } else { Term::Constant(self.name()?.into()) };
        Some(Term::At(of.into(), key.into()))
    }

    /// What stands in brackets behind a value.
    fn index(&mut self, of: Term) -> Option<Term> {
        self.take("[")?;
        if self.take("]").is_some() {
            return Some(Term::Each(of.into()));
        }
        let (inside, from) = (self.rest, self.integer());
        if self.take(":").is_some() {
            let to = self.integer();
            self.take("]")?;
            return Some(Term::Slice(of.into(), from, to));
        }
        self.rest = inside;
        let which = self.pipe()?;
        self.take("]")?;
        Some(Term::At(of.into(), which.into()))
    }

    fn integer(&mut self) -> Option<i64> {
        self.blank();
        let digits = self.rest.strip_prefix('-').unwrap_or(self.rest);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()) + (self.rest.len() - digits.len());
        let (number, rest) = self.rest.split_at(end);
        let number = number.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    fn primary(&mut self) -> Option<Term> {
        self.blank();
        let first = self.rest.chars().next()?;
        match first {
            '.' => {
                let rest = &self.rest[1..];
                if let Some(rest) = rest.strip_prefix('.') {
                    self.rest = rest;
                    return Some(Term::Within);
                }
                self.rest = rest;
                let named = rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"');
                if named { self.key_of(Term::Same) } else { Some(Term::Same) }
            }
            '"' => self.text(None),
            '@' => self.format(),
            '$' => {
                self.take("$")?;
                let name = self.name()?;
                self.names.contains(&name).then(|| Term::Bound(name.into()))
            }
            '(' => {
                self.take("(")?;
                let term = self.pipe()?;
                self.take(")")?;
                Some(term)
            }
            '[' => {
                self.take("[")?;
                let empty = self.take("]").is_some();
                let of = if empty { None } else { Some(Box::new(self.pipe()?)) };
                if !empty {
                    self.take("]")?;
                }
                Some(Term::List(of))
            }
            '{' => self.map(),
            '-' | '0'..='9' => self.integer().filter(|_| !self.rest.starts_with(['.', 'e', 'E'])).map(|n| Term::Constant(n.into())),
            _ => self.word(),
        }
    }

    /// `@tsv`, or `@uri "…"`.
    fn format(&mut self) -> Option<Term> {
        self.take("@")?;
        let name = self.name()?;
        let known = functions::FORMATS.iter().copied().find(|known| *known == name)?;
        self.blank();
        if self.rest.starts_with('"') { self.text(Some(known)) } else { Some(Term::Call(known, Vec::new())) }
    }

    fn word(&mut self) -> Option<Term> {
        let name = self.name()?;
        match name {
            "null" => return Some(Term::Constant(Value::Null)),
            "true" | "false" => return Some(Term::Constant((name == "true").into())),
            "if" => return self.condition(),
            _ => {}
        }
        let mut arguments = Vec::new();
        if self.rest.starts_with('(') {
            self.take("(")?;
            arguments.push(self.pipe()?);
            while self.take(";").is_some() {
                arguments.push(self.pipe()?);
            }
            self.take(")")?;
        }
        let (known, _) = functions::NAMES.iter().find(|(known, takes)| *known == name && *takes == arguments.len())?;
        Some(Term::Call(known, arguments))
    }

    fn condition(&mut self) -> Option<Term> {
        let test = self.pipe()?;
        self.take("then")?;
        let then = self.pipe()?;
        let otherwise = if self.take("elif").is_some() {
            self.condition()?
        } else {
            let term = if self.take("else").is_some() { self.pipe()? } else { Term::Same };
            self.take("end")?;
            term
        };
        Some(Term::If(test.into(), then.into(), otherwise.into()))
    }

    fn map(&mut self) -> Option<Term> {
        self.take("{")?;
        let mut entries = Vec::new();
        while self.take("}").is_none() {
            if !entries.is_empty() {
                self.take(",")?;
            }
            self.blank();
            let key = match self.rest.chars().next()? {
                '(' => {
                    self.take("(")?;
                    let key = self.pipe()?;
                    self.take(")")?;
                    key
                }
                '"' => self.text(None)?,
                _ => Term::Constant(self.name()?.into()),
            };
            let value = if self.take(":").is_some() { self.alternative()? } else { Term::At(Term::Same.into(), key.clone().into()) };
            entries.push((key, value));
        }
        Some(Term::Map(entries))
    }

    /// A text in quotes.
    fn text(&mut self, format: Option<&'static str>) -> Option<Term> {
        self.rest = self.rest.strip_prefix('"')?;
        let (mut parts, mut plain) = (Vec::new(), String::new());
        loop {
            let mut letters = self.rest.chars();
            let letter = letters.next()?;
            self.rest = letters.as_str();
            match letter {
                '"' => break,
                '\\' => {
                    let mut letters = self.rest.chars();
                    let letter = letters.next()?;
                    self.rest = letters.as_str();
                    match letter {
                        '(' => {
                            parts.push(Part::Plain(std::mem::take(&mut plain)));
                            parts.push(Part::Term(self.pipe()?));
                            self.take(")")?;
                        }
                        'n' => plain.push('\n'),
                        't' => plain.push('\t'),
                        'r' => plain.push('\r'),
                        '"' | '\\' | '/' => plain.push(letter),
                        _ => return None,
                    }
                }
                _ => plain.push(letter),
            }
        }
        if parts.is_empty() && format.is_none() {
            return Some(Term::Constant(plain.into()));
        }
        parts.push(Part::Plain(plain));
        Some(Term::Text(format, parts))
    }
}
