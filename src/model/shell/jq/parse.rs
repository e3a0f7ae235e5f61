//! Programs of `jq` and `yq`, read.
//!
//! Promises: a program is understood as a whole or not at all.

use base::letter::{is_letter, is_letter_or_digit};

use super::functions;
use base::value::Value;

/// How deep a program may be nested.
const MAX_DEPTH: usize = 60;

/// A program, or a part of one: what it makes of a value is any number of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    /// `.`
    Same,
    /// `.a`, `.["a"]`, `.[0]`: of what, and which.
    At(Box<Term>, Value),
    /// `.[]`
    Each(Box<Term>),
    /// `.a?`
    Try(Box<Term>),
    /// `1`, `true`, `"a"`
    Constant(Value),
    /// `[.a]`
    List(Box<Term>),
    /// `length`, `map(.a)`
    Call(&'static str, Option<Box<Term>>),
    /// `a | b`
    Pipe(Box<Term>, Box<Term>),
    /// `a, b`
    Both(Box<Term>, Box<Term>),
    /// `a == b`
    Binary(&'static str, Box<Term>, Box<Term>),
}

/// The operators by how tightly they bind, the loosest first.
const OPERATORS: [&[&str]; 3] = [&["or"], &["and"], &["==", "!=", "<=", ">=", "<", ">"]];

/// Reads a program; `None` if any of it is unknown.
pub(super) fn read(program: &str) -> Option<Term> {
    let mut reader = Reader { rest: program, depth: 0 };
    let term = reader.pipe()?;
    reader.rest.trim_start().is_empty().then_some(term)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Takes a sign or a word.
    fn take(&mut self, sign: &str) -> Option<()> {
        let rest = self.rest.trim_start().strip_prefix(sign)?;
        let is_word = sign.ends_with(is_letter);
        if is_word && rest.starts_with(|c: char| is_letter_or_digit(c) || c == '_') {
            return None;
        }
        self.rest = rest;
        Some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
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
        while self.take("|").is_some() {
            stages.push(self.both()?);
        }
        self.depth -= 1;
        stages.into_iter().reduce(|first, then| Term::Pipe(first.into(), then.into()))
    }

    fn both(&mut self) -> Option<Term> {
        let mut term = self.binary(0)?;
        while self.take(",").is_some() {
            term = Term::Both(term.into(), self.binary(0)?.into());
        }
        Some(term)
    }

    fn binary(&mut self, level: usize) -> Option<Term> {
        let Some(operators) = OPERATORS.get(level) else { return self.postfix() };
        let mut term = self.binary(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.take(operator).is_some()) {
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
                term = match term {
                    Term::Each(of) => tried(of, Term::Each(Term::Same.into())),
                    Term::At(of, which) => tried(of, Term::At(Term::Same.into(), which)),
                    other => Term::Try(other.into()),
                };
            } else if self.rest.starts_with('[') {
                term = self.index(term)?;
            } else if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                term = if rest.starts_with('[') { self.index(term)? } else { self.key_of(term)? };
            } else {
                return Some(term);
            }
        }
    }

    /// `a` or `"a"` after a dot.
    fn key_of(&mut self, of: Term) -> Option<Term> {
        let key = if self.rest.starts_with('"') { self.text()? } else { self.name()?.into() };
        Some(Term::At(of.into(), key))
    }

    /// What stands in brackets behind a value.
    fn index(&mut self, of: Term) -> Option<Term> {
        self.take("[")?;
        if self.take("]").is_some() {
            return Some(Term::Each(of.into()));
        }
        let which = if self.rest.trim_start().starts_with('"') { self.text()? } else { self.integer()? };
        self.take("]")?;
        Some(Term::At(of.into(), which))
    }

    fn integer(&mut self) -> Option<Value> {
        let text = self.rest.trim_start();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()) + (text.len() - digits.len());
        let (number, rest) = text.split_at(end);
        let number: i64 = number.parse().ok().filter(|_| !rest.starts_with(['.', 'e', 'E']))?;
        self.rest = rest;
        Some(number.into())
    }

    fn primary(&mut self) -> Option<Term> {
        match self.rest.trim_start().chars().next()? {
            '.' => {
                self.take(".")?;
                let is_named = self.rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '"');
                if is_named { self.key_of(Term::Same) } else { Some(Term::Same) }
            }
            '"' => self.text().map(Term::Constant),
            '(' => self.between("(", ")"),
            '[' => self.between("[", "]").map(|term| Term::List(term.into())),
            '-' | '0'..='9' => self.integer().map(Term::Constant),
            _ => self.word(),
        }
    }

    /// A program in brackets.
    fn between(&mut self, open: &str, close: &str) -> Option<Term> {
        self.take(open)?;
        let term = self.pipe()?;
        self.take(close)?;
        Some(term)
    }

    fn word(&mut self) -> Option<Term> {
        let name = self.name()?;
        match name {
            "null" => return Some(Term::Constant(Value::Null)),
            "true" | "false" => return Some(Term::Constant((name == "true").into())),
            _ => {}
        }
        let argument = if self.rest.starts_with('(') { Some(Box::new(self.between("(", ")")?)) } else { None };
        let is_it = |(known, takes): &&(&str, usize)| *known == name && *takes == usize::from(argument.is_some());
        let (known, _) = functions::NAMES.iter().find(is_it)?;
        Some(Term::Call(known, argument))
    }

    /// A text in quotes.
    fn text(&mut self) -> Option<Value> {
        let (mut text, mut letters) = (String::new(), self.rest.trim_start().strip_prefix('"')?.chars());
        loop {
            match letters.next()? {
                '"' => break,
                '\\' => match letters.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    letter @ ('"' | '\\' | '/') => text.push(letter),
                    _ => return None,
                },
                letter => text.push(letter),
            }
        }
        self.rest = letters.as_str();
        Some(text.into())
    }
}

/// The last step of a path, tried with what is before it.
fn tried(of: Box<Term>, step: Term) -> Term {
    Term::Pipe(of, Term::Try(step.into()).into())
}
