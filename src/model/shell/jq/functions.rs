//! What programs of `jq` and `yq` call, and how they compare.

use std::cmp::Ordering;
use std::rc::Rc;

use super::parse::Term;
use super::run::{Fault, Out, Run, is_true, members, named};
use base::sort::Sort;
use base::value::Value;

/// The functions, and how many arguments each takes.
pub(super) const NAMES: [(&str, usize); 8] = [
    ("keys", 0),
    ("length", 0),
    ("map", 1),
    ("not", 0),
    ("reverse", 0),
    ("select", 1),
    ("sort_by", 1),
    // Of yq alone.
    ("split_doc", 0),
];

/// Hands out what a function makes of a value.
pub(super) fn call(run: &Run, name: &str, argument: Option<&Term>, of: &Value, out: Out) -> Result<(), Fault> {
    match (name, argument, of) {
        ("select", Some(test), _) => run.each(test, of, &mut |test| if is_true(&test) { out(of.clone()) } else { Ok(()) }),
        ("map", Some(term), _) => {
            let mut all = Vec::new();
            for member in members(of)? {
                all.extend(run.all(term, &member)?);
            }
            out(all.into())
        }
        ("sort_by", Some(term), Value::List(items)) => out(sorted(run, term, items)?),
        ("not", ..) => out((!is_true(of)).into()),
        ("split_doc", ..) => out(of.clone()),
        ("length", ..) => out(length(of)?),
        ("keys", ..) => out(keys(of)?),
        ("reverse", _, Value::Null) => out(Vec::new().into()),
        ("reverse", _, Value::List(items)) => out(items.iter().rev().cloned().collect::<Vec<_>>().into()),
        _ => Err(Fault::Unknown),
    }
}

fn sorted(run: &Run, term: &Term, items: &[Value]) -> Result<Value, Fault> {
    let mut keyed: Vec<(Vec<Place>, &Value)> = Vec::new();
    for item in items {
        let places = run.all(term, item)?.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        if places.iter().any(|(rank, ..)| *rank >= LIST) {
            return Err(Fault::Unknown);
        }
        keyed.push((places, item));
    }
    keyed.sort_small_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Value::list(keyed.into_iter().map(|(_, value)| value.clone())))
}

fn length(of: &Value) -> Result<Value, Fault> {
    let count = match of {
        Value::Null => 0,
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Map(map) => map.len(),
        Value::Int(n) => return Ok(n.saturating_abs().into()),
        Value::Bool(_) => return Err(Fault::Wrong(format!("{} has no length", named(of)?))),
        Value::Real(_) => return Err(Fault::Unknown),
    };
    Ok(i64::try_from(count).unwrap_or(i64::MAX).into())
}

fn keys(of: &Value) -> Result<Value, Fault> {
    match of {
        Value::Map(map) => {
            let mut keys: Vec<&Rc<str>> = map.iter().map(|(key, _)| key).collect();
            keys.sort_small_by(|one, other| one.cmp(other));
            Ok(Value::list(keys))
        }
        Value::List(items) => Ok(Value::list((0..items.len()).filter_map(|at| i64::try_from(at).ok()))),
        other => Err(Fault::Wrong(format!("{} has no keys", named(other)?))),
    }
}

/// The place of a value in the order of all values: `null`, `false`, `true`, numbers, strings, lists, maps.
type Place = (u8, i64, Rc<str>);

const LIST: u8 = 5;

/// Lists, and maps, have one place for all of them.
fn place(value: &Value) -> Result<Place, Fault> {
    let none = || Rc::from("");
    Ok(match value {
        Value::Null => (0, 0, none()),
        Value::Bool(is_true) => (1 + u8::from(*is_true), 0, none()),
        Value::Int(number) => (3, *number, none()),
        Value::Text(text) => (4, 0, Rc::clone(text)),
        Value::List(_) => (LIST, 0, none()),
        Value::Map(_) => (LIST + 1, 0, none()),
        Value::Real(_) => return Err(Fault::Unknown),
    })
}

/// The order of two values, of which only one may be a list, and only one a map.
fn order(one: &Value, other: &Value) -> Result<Ordering, Fault> {
    match (one, other) {
        (Value::List(_), Value::List(_)) | (Value::Map(_), Value::Map(_)) => Err(Fault::Unknown),
        _ => Ok(place(one)?.cmp(&place(other)?)),
    }
}

/// Whether a comparison holds.
pub(super) fn holds(operator: &str, left: &Value, right: &Value) -> Result<bool, Fault> {
    let order = order(left, right)?;
    Ok(match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    })
}
