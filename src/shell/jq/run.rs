//! Programs of `jq` and `yq`, run.
//!
//! Promises: every run ends; what came before an error has been handed out.

use std::cell::Cell;
use std::rc::Rc;

use super::functions;
use super::json::json;
use super::parse::{Part, Term};
use base::value::{Map, Value};

/// How many parts of programs are run at most.
const MAX_STEPS: u32 = 1_000_000;

/// Why a run ends early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The program's mistake, in jq's words.
    Wrong(String),
    /// This is not simulated.
    Unknown,
    /// Nothing more is wanted.
    Enough,
}

/// Takes a result.
pub(super) type Out<'a> = &'a mut dyn FnMut(Value) -> Result<(), Fault>;

pub(super) struct Run {
    left: Cell<u32>,
}

impl Run {
    pub(super) fn new() -> Self {
        Run { left: Cell::new(MAX_STEPS) }
    }

    /// Counts a step; too many are not run.
    pub(super) fn step(&self) -> Result<(), Fault> {
        self.left.set(self.left.get().checked_sub(1).ok_or(Fault::Unknown)?);
        Ok(())
    }

    /// Hands out what a term makes of a value.
    pub(super) fn each(&self, term: &Term, of: &Value, out: Out) -> Result<(), Fault> {
        self.step()?;
        match term {
            Term::Same => out(of.clone()),
            Term::Within => within(of, out),
            Term::At(whole, which) => self.each(whole, of, &mut |whole| self.each(which, of, &mut |which| out(at(&whole, &which)?))),
            Term::Slice(whole, from, to) => self.each(whole, of, &mut |whole| out(slice(&whole, *from, *to)?)),
            Term::Each(whole) => self.each(whole, of, &mut |whole| members(&whole)?.into_iter().try_for_each(&mut *out)),
            Term::Try(term) => match self.apart(term, of, out)? {
                Err(Fault::Wrong(_)) => Ok(()),
                ended => ended,
            },
            Term::Constant(value) => out(value.clone()),
            Term::Text(format, parts) => self.text(*format, parts, of, String::new(), out),
            Term::List(None) => out(Value::from(Vec::new())),
            Term::List(Some(term)) => out(Value::from(self.all(term, of)?)),
            Term::Map(entries) => self.map(entries, of, &Map::as_written([]), out),
            Term::Call(name, arguments) => functions::call(self, name, arguments, of, out),
            Term::Pipe(first, then) => self.each(first, of, &mut |value| self.each(then, &value, out)),
            Term::Both(first, second) => {
                self.each(first, of, out)?;
                self.each(second, of, out)
            }
            Term::Binary("and", left, right) => {
                self.each(left, of, &mut |left| if is_true(&left) { self.truth(right, of, out) } else { out(false.into()) })
            }
            Term::Binary("or", left, right) => {
                self.each(left, of, &mut |left| if is_true(&left) { out(true.into()) } else { self.truth(right, of, out) })
            }
            Term::Binary("//", left, right) => self.either(left, right, of, out),
            Term::Binary(operator, left, right) => {
                self.each(right, of, &mut |right| self.each(left, of, &mut |left| out(functions::binary(operator, &left, &right)?)))
            }
            Term::As(source, name, body) => self.each(source, of, &mut |value| self.each(&body.bound(name, &value), of, out)),
            // Names that have no value are not read.
            Term::Bound(_) => Err(Fault::Unknown),
            Term::If(test, then, other) => self.each(test, of, &mut |test| self.each(if is_true(&test) { then } else { other }, of, out)),
        }
    }

    /// All that a term makes of a value.
    pub(super) fn all(&self, term: &Term, of: &Value) -> Result<Vec<Value>, Fault> {
        let mut values = Vec::new();
        self.each(term, of, &mut |value| {
            values.push(value);
            Ok(())
        })?;
        Ok(values)
    }

    /// The first that a term makes of a value.
    pub(super) fn first(&self, term: &Term, of: &Value) -> Result<Option<Value>, Fault> {
        let mut found = None;
        let ended = self.each(term, of, &mut |value| {
            found = Some(value);
            Err(Fault::Enough)
        });
        if let Err(Fault::Enough) | Ok(()) = ended { Ok(found) } else { ended.map(|()| None) }
    }

    /// Hands out what a term makes of a value. Tells apart how the term itself ended, and the end that came from what took its results.
    fn apart(&self, term: &Term, of: &Value, out: Out) -> Result<Result<(), Fault>, Fault> {
        let mut taken = Ok(());
        let ended = self.each(term, of, &mut |value| {
            taken = out(value);
            taken.clone()
        });
        taken.map(|()| ended)
    }

    fn truth(&self, term: &Term, of: &Value, out: Out) -> Result<(), Fault> {
        self.each(term, of, &mut |value| out(is_true(&value).into()))
    }

    fn either(&self, left: &Term, right: &Term, of: &Value, out: Out) -> Result<(), Fault> {
        let mut any = false;
        let read = self.apart(left, of, &mut |value| {
            any |= is_true(&value);
            if is_true(&value) { out(value) } else { Ok(()) }
        })?;
        match read {
            Err(Fault::Wrong(_)) | Ok(()) if any => Ok(()),
            Err(Fault::Wrong(_)) | Ok(()) => self.each(right, of, out),
            other => other,
        }
    }

    fn text(&self, format: Option<&str>, parts: &[Part], of: &Value, before: String, out: Out) -> Result<(), Fault> {
        match parts.split_first() {
            None => out(before.into()),
            Some((Part::Plain(text), rest)) => self.text(format, rest, of, before + text, out),
            Some((Part::Term(term), rest)) => self.each(term, of, &mut |value| {
                let text = functions::formatted(format.unwrap_or("text"), &value)?;
                self.text(format, rest, of, format!("{before}{text}"), out)
            }),
        }
    }

    fn map(&self, entries: &[(Term, Term)], of: &Value, before: &Map, out: Out) -> Result<(), Fault> {
        let Some(((key, value), rest)) = entries.split_first() else { return out(before.clone().into()) };
        self.each(key, of, &mut |key| {
            let Some(key) = key.as_shared_text() else { return Err(Fault::Unknown) };
            self.each(value, of, &mut |value| {
                let mut map = before.clone();
                map.insert(Rc::clone(&key), value);
                self.map(rest, of, &map, out)
            })
        })
    }
}

/// Whether a value counts as true: all do but `false` and `null`.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// What a value is called.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Int(_) | Value::Real(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}

/// A value as errors name it; how long ones are cut differs from version to version.
pub(super) fn named(value: &Value) -> Result<String, Fault> {
    /// Shorter than this they are whole in every version.
    const WHOLE: usize = 10;
    let text = json(value);
    if text.len() > WHOLE { Err(Fault::Unknown) } else { Ok(format!("{} ({text})", kind(value))) }
}

fn within(value: &Value, out: Out) -> Result<(), Fault> {
    out(value.clone())?;
    match value {
        Value::List(items) => items.iter().try_for_each(|item| within(item, out)),
        Value::Map(map) => map.iter().try_for_each(|(_, value)| within(value, out)),
        _ => Ok(()),
    }
}

/// The members of a list or a map.
pub(super) fn members(value: &Value) -> Result<Vec<Value>, Fault> {
    match value {
        Value::List(items) => Ok(items.to_vec()),
        Value::Map(map) => Ok(map.iter().map(|(_, value)| value.clone()).collect()),
        other => Err(Fault::Wrong(format!("Cannot iterate over {}", named(other)?))),
    }
}

fn at(whole: &Value, which: &Value) -> Result<Value, Fault> {
    match (whole, which) {
        (Value::Map(map), Value::Text(key)) => Ok(map.get(key).cloned().unwrap_or_default()),
        (Value::List(items), Value::Int(at)) => {
            let at = if *at < 0 { at + i64::try_from(items.len()).unwrap_or(i64::MAX) } else { *at };
            Ok(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().unwrap_or_default())
        }
        (Value::Null, Value::Text(_) | Value::Int(_) | Value::Null) => Ok(Value::Null),
        (other, Value::Text(key)) => Err(Fault::Wrong(format!("Cannot index {} with string \"{key}\"", kind(other)))),
        (other, which) => Err(Fault::Wrong(format!("Cannot index {} with {}", kind(other), kind(which)))),
    }
}

fn slice(whole: &Value, from: Option<i64>, to: Option<i64>) -> Result<Value, Fault> {
    let bound = |at: Option<i64>, default: usize, length: usize| {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        at.map_or(default, |at| usize::try_from(if at < 0 { at + length } else { at }.clamp(0, length)).unwrap_or_default())
    };
    match whole {
        Value::Null => Ok(Value::Null),
        Value::List(items) => {
            let (from, to) = (bound(from, 0, items.len()), bound(to, items.len(), items.len()));
            Ok(Value::from(items.get(from..to).unwrap_or_default().to_vec()))
        }
        Value::Text(text) => {
            let letters: Vec<char> = text.chars().collect();
            let (from, to) = (bound(from, 0, letters.len()), bound(to, letters.len(), letters.len()));
            Ok(letters.get(from..to).unwrap_or_default().iter().collect::<String>().into())
        }
        _ => Err(Fault::Unknown),
    }
}
