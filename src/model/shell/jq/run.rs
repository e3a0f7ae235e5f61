//! Programs of `jq` and `yq`, run.
//!
//! Promises: every run ends; what came before an error has been handed out.

use std::cell::Cell;

use super::functions;
use super::json::json;
use super::parse::Term;
use base::value::Value;

/// How many parts of programs are run at most.
const MAX_STEPS: u32 = 1_000_000;

/// Why a run ends early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The program's mistake, in jq's words.
    Wrong(String),
    /// This is not simulated.
    Unknown,
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
    fn step(&self) -> Result<(), Fault> {
        self.left.set(self.left.get().checked_sub(1).ok_or(Fault::Unknown)?);
        Ok(())
    }

    /// Hands out what a term makes of a value.
    pub(super) fn each(&self, term: &Term, of: &Value, out: Out) -> Result<(), Fault> {
        self.step()?;
        match term {
            Term::Same => out(of.clone()),
            Term::At(whole, which) => self.each(whole, of, &mut |whole| out(at(&whole, which)?)),
            Term::Each(whole) => self.each(whole, of, &mut |whole| members(&whole)?.into_iter().try_for_each(&mut *out)),
            Term::Try(term) => match self.apart(term, of, out)? {
                Err(Fault::Wrong(_)) => Ok(()),
                ended => ended,
            },
            Term::Constant(value) => out(value.clone()),
            Term::List(term) => out(Value::from(self.all(term, of)?)),
            Term::Call(name, argument) => functions::call(self, name, argument.as_deref(), of, out),
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
            Term::Binary(operator, left, right) => {
                self.each(right, of, &mut |right| self.each(left, of, &mut |left| out(functions::holds(operator, &left, &right)?.into())))
            }
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
}

/// Whether a value counts as true: all do but `false` and `null`.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// What a value is called.
fn kind(value: &Value) -> &'static str {
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
        (Value::Null, _) => Ok(Value::Null),
        (other, Value::Text(key)) => Err(Fault::Wrong(format!("Cannot index {} with string \"{key}\"", kind(other)))),
        (other, which) => Err(Fault::Wrong(format!("Cannot index {} with {}", kind(other), kind(which)))),
    }
}
