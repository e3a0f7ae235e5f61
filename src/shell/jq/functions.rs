//! What programs of `jq` and `yq` call: functions, operators, formats.

use std::cmp::Ordering;
use std::rc::Rc;

use super::json::json;
use super::parse::Term;
use super::run::{Fault, Out, Run, is_true, kind, members, named};
use crate::tools::numbers::by_amount;
use base::base64;
use base::sort::Sort;
use base::value::{Map, Value};

/// The functions, and how many arguments each takes.
pub(super) const NAMES: [(&str, usize); 43] = [
    ("add", 0),
    ("all", 0),
    ("all", 1),
    ("all", 2),
    ("any", 0),
    ("any", 1),
    ("any", 2),
    ("ascii_upcase", 0),
    ("contains", 1),
    ("del", 1),
    ("empty", 0),
    ("first", 0),
    ("first", 1),
    ("flatten", 0),
    ("from_entries", 0),
    ("group_by", 1),
    ("has", 1),
    ("index", 1),
    ("join", 1),
    ("keys", 0),
    ("last", 0),
    ("length", 0),
    ("map", 1),
    ("map_values", 1),
    ("max", 0),
    ("min", 0),
    ("not", 0),
    ("objects", 0),
    ("range", 1),
    ("range", 2),
    ("reverse", 0),
    ("select", 1),
    ("sort", 0),
    ("sort_by", 1),
    ("split", 1),
    ("split_doc", 0),
    ("startswith", 1),
    ("to_entries", 0),
    ("tonumber", 0),
    ("tostring", 0),
    ("type", 0),
    ("unique", 0),
    ("with_entries", 1),
];

/// The formats, which stand behind an `@`.
pub(super) const FORMATS: [&str; 6] = ["base64", "base64d", "csv", "json", "text", "tsv"];

/// Hands out what a function makes of a value.
pub(super) fn call(run: &Run, name: &str, arguments: &[Term], of: &Value, out: Out) -> Result<(), Fault> {
    match (name, arguments) {
        ("empty", []) => Ok(()),
        ("select", [test]) => run.each(test, of, &mut |test| if is_true(&test) { out(of.clone()) } else { Ok(()) }),
        ("first", [term]) => run.first(term, of)?.map_or(Ok(()), out),
        ("range", [to]) => run.each(to, of, &mut |to| range(run, 0, integer(&to)?, out)),
        ("range", [from, to]) => {
            run.each(from, of, &mut |from| run.each(to, of, &mut |to| range(run, integer(&from)?, integer(&to)?, out)))
        }
        (name, []) if FORMATS.contains(&name) => out(formatted(name, of)?.into()),
        (_, []) => out(simple(name, of)?),
        ("has" | "contains" | "startswith" | "split" | "join" | "index", [with]) => {
            run.each(with, of, &mut |with| out(compared(name, of, &with)?))
        }
        ("any" | "all", [values, test]) => {
            // The first that settles it is enough.
            let settles = Term::Pipe(values.clone().into(), test.clone().into());
            let mut settled = false;
            let ended = run.each(&settles, of, &mut |value| {
                settled = is_true(&value) == (name == "any");
                if settled { Err(Fault::Enough) } else { Ok(()) }
            });
            if !settled {
                ended?;
            }
            out((settled == (name == "any")).into())
        }
        ("del", [Term::At(whole, which)]) if **whole == Term::Same => run.each(which, of, &mut |which| out(without(of, &which)?)),
        (_, [term]) => out(collected(run, name, term, of)?),
        _ => Err(Fault::Unknown),
    }
}

/// Functions without an argument.
fn simple(name: &str, of: &Value) -> Result<Value, Fault> {
    match (name, of) {
        ("not", _) => Ok((!is_true(of)).into()),
        ("type", _) => Ok(kind(of).into()),
        ("tostring", _) => Ok(plain(of).into()),
        ("split_doc", _) | ("tonumber", Value::Int(_) | Value::Real(_)) => Ok(of.clone()),
        ("tonumber", Value::Text(text)) => text.trim().parse::<i64>().map(Value::from).map_err(|_| Fault::Unknown),
        ("ascii_upcase", Value::Text(text)) => Ok(text.to_ascii_uppercase().into()),
        ("length", _) => length(of),
        ("keys", Value::Map(map)) => {
            let mut keys: Vec<Value> = map.iter().map(|(key, _)| Value::from(key)).collect();
            keys.sort_small_by(compare);
            Ok(keys.into())
        }
        ("keys", Value::List(items)) => Ok(Value::list((0..items.len()).filter_map(|at| i64::try_from(at).ok()))),
        ("keys", other) => Err(Fault::Wrong(format!("{} has no keys", named(other)?))),
        ("reverse", Value::Null) => Ok(Value::from(Vec::new())),
        ("reverse", Value::List(items)) => Ok(Value::from(items.iter().rev().cloned().collect::<Vec<_>>())),
        ("reverse", Value::Text(text)) => Ok(text.chars().rev().collect::<String>().into()),
        ("first", Value::List(items)) => Ok(items.first().cloned().unwrap_or_default()),
        ("last", Value::List(items)) => Ok(items.last().cloned().unwrap_or_default()),
        ("first" | "last", Value::Null) => Ok(Value::Null),
        ("add", _) => members(of)?.iter().try_fold(Value::Null, |sum, value| binary("+", &sum, value)),
        ("any", _) => Ok(members(of)?.iter().any(is_true).into()),
        ("all", _) => Ok(members(of)?.iter().all(is_true).into()),
        ("flatten", Value::List(items)) => Ok(flat(items).into()),
        ("sort" | "unique" | "min" | "max", Value::List(items)) => {
            Ok(ordered(name, items.iter().map(|v| (v.clone(), v.clone())).collect()))
        }
        ("to_entries", Value::Map(map)) => Ok(Value::list(map.iter().map(|(key, value)| entry(key, value)))),
        ("from_entries", Value::List(items)) => {
            let mut map = Map::as_written([]);
            for item in items.iter() {
                let key =
                    ["key", "k", "name"].iter().find_map(|key| item.get(key)).and_then(Value::as_shared_text).ok_or(Fault::Unknown)?;
                map.insert(key, item.get("value").or_else(|| item.get("v")).cloned().unwrap_or_default());
            }
            Ok(map.into())
        }
        _ => Err(Fault::Unknown),
    }
}

/// A member as `to_entries` has it.
fn entry(key: &Rc<str>, value: &Value) -> Value {
    Value::of([("key", Value::from(key)), ("value", value.clone())])
}

fn length(of: &Value) -> Result<Value, Fault> {
    let count = |n: usize| Ok(Value::from(i64::try_from(n).unwrap_or(i64::MAX)));
    match of {
        Value::Null => count(0),
        Value::Text(text) => count(text.chars().count()),
        Value::List(items) => count(items.len()),
        Value::Map(map) => count(map.len()),
        Value::Int(n) => Ok(n.saturating_abs().into()),
        Value::Bool(_) => Err(Fault::Wrong(format!("{} has no length", named(of)?))),
        Value::Real(_) => Err(Fault::Unknown),
    }
}

/// Functions that compare a value with another one.
fn compared(name: &str, of: &Value, with: &Value) -> Result<Value, Fault> {
    match (name, of, with) {
        ("has", Value::Map(map), Value::Text(key)) => Ok(map.get(key).is_some().into()),
        ("has", Value::List(items), Value::Int(at)) => Ok(usize::try_from(*at).is_ok_and(|at| at < items.len()).into()),
        ("contains", ..) => contains(of, with).map(Value::from),
        ("startswith", Value::Text(text), Value::Text(part)) => Ok(text.starts_with(&**part).into()),
        ("split", Value::Text(text), Value::Text(part)) if !part.is_empty() => Ok(Value::list(text.split(&**part))),
        ("index", Value::Text(text), Value::Text(part)) => {
            Ok(text.find(&**part).and_then(|at| i64::try_from(at).ok()).map_or(Value::Null, Value::from))
        }
        ("join", Value::List(items), Value::Text(between)) => {
            let word = |item: &Value| match item {
                Value::Null => Ok(String::new()),
                Value::List(_) | Value::Map(_) => Err(Fault::Unknown),
                other => Ok(plain(other)),
            };
            Ok(items.iter().map(word).collect::<Result<Vec<_>, _>>()?.join(between).into())
        }
        _ => Err(Fault::Unknown),
    }
}

fn contains(of: &Value, part: &Value) -> Result<bool, Fault> {
    let any = |items: &[Value], part: &Value| items.iter().any(|item| contains(item, part).unwrap_or_default());
    match (of, part) {
        (Value::Text(text), Value::Text(part)) => Ok(text.contains(&**part)),
        (Value::List(items), Value::List(parts)) => Ok(parts.iter().all(|part| any(items, part))),
        (Value::Map(map), Value::Map(parts)) => {
            Ok(parts.iter().all(|(key, part)| map.get(key).is_some_and(|value| contains(value, part).unwrap_or_default())))
        }
        (of, part) if kind(of) == kind(part) => Ok(compare(of, part).is_eq()),
        _ => Err(Fault::Unknown),
    }
}

/// Functions that do something with each member of a value.
fn collected(run: &Run, name: &str, term: &Term, of: &Value) -> Result<Value, Fault> {
    match (name, of) {
        ("map", _) => {
            let mut all = Vec::new();
            for member in members(of)? {
                all.extend(run.all(term, &member)?);
            }
            Ok(all.into())
        }
        ("map_values", Value::List(items)) => {
            let mapped: Result<Vec<Option<Value>>, Fault> = items.iter().map(|item| run.first(term, item)).collect();
            Ok(mapped?.into_iter().flatten().collect::<Vec<_>>().into())
        }
        ("map_values", Value::Map(map)) => {
            let mut mapped = Map::as_written([]);
            for (key, value) in map.iter() {
                if let Some(value) = run.first(term, value)? {
                    mapped.insert(Rc::clone(key), value);
                }
            }
            Ok(mapped.into())
        }
        ("any" | "all", _) => {
            let mut tests = Vec::new();
            for member in members(of)? {
                tests.extend(run.all(term, &member)?.iter().map(is_true));
            }
            Ok(if name == "any" { tests.contains(&true) } else { !tests.contains(&false) }.into())
        }
        ("with_entries", _) => {
            let entries = collected(run, "map", term, &simple("to_entries", of)?)?;
            simple("from_entries", &entries)
        }
        ("sort_by" | "group_by", Value::List(items)) => {
            let keyed = |item: &Value| Ok((Value::from(run.all(term, item)?), item.clone()));
            Ok(ordered(name, items.iter().map(keyed).collect::<Result<_, Fault>>()?))
        }
        _ => Err(Fault::Unknown),
    }
}

/// What the functions that put in order make of values with their keys.
fn ordered(name: &str, mut keyed: Vec<(Value, Value)>) -> Value {
    let values = |keyed: Vec<(Value, Value)>| keyed.into_iter().map(|(_, value)| value).collect::<Vec<_>>();
    keyed.sort_small_by(|(one, _), (other, _)| compare(one, other));
    match name {
        "sort" | "sort_by" => values(keyed).into(),
        "min" => keyed.into_iter().next().unwrap_or_default().1,
        "max" => keyed.into_iter().next_back().unwrap_or_default().1,
        "unique" => {
            keyed.dedup_by(|(one, _), (other, _)| compare(one, other).is_eq());
            values(keyed).into()
        }
        _ => Value::list(keyed.chunk_by(|(one, _), (other, _)| compare(one, other).is_eq()).map(|group| values(group.to_vec()))),
    }
}

/// The order of all values: `null`, `false`, `true`, numbers, strings, lists, maps.
pub(super) fn compare(one: &Value, other: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(false) => 1,
        Value::Bool(true) => 2,
        Value::Int(_) | Value::Real(_) => 3,
        Value::Text(_) => 4,
        Value::List(_) => 5,
        Value::Map(_) => 6,
    };
    let in_turn = |mut pairs: Vec<Ordering>, lengths: Ordering| {
        pairs.retain(|pair| pair.is_ne());
        pairs.first().copied().unwrap_or(lengths)
    };
    match (one, other) {
        (Value::Int(one), Value::Int(other)) => one.cmp(other),
        (Value::Int(_) | Value::Real(_), Value::Int(_) | Value::Real(_)) => by_amount(&one.to_json(), &other.to_json()),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::List(one), Value::List(other)) => {
            in_turn(one.iter().zip(other.iter()).map(|(one, other)| compare(one, other)).collect(), one.len().cmp(&other.len()))
        }
        (Value::Map(one), Value::Map(other)) => {
            let sorted = |map: &Map| {
                let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                entries.sort_small_by(|(one, _), (other, _)| one.cmp(other));
                entries
            };
            let (one, other) = (sorted(one), sorted(other));
            let keys = one.iter().map(|(key, _)| key).cmp(other.iter().map(|(key, _)| key));
            keys.then(in_turn(one.iter().zip(&other).map(|((_, one), (_, other))| compare(one, other)).collect(), Ordering::Equal))
        }
        _ => rank(one).cmp(&rank(other)),
    }
}

pub(super) fn binary(operator: &str, left: &Value, right: &Value) -> Result<Value, Fault> {
    let order = compare(left, right);
    match operator {
        "==" => return Ok(order.is_eq().into()),
        "!=" => return Ok(order.is_ne().into()),
        "<" => return Ok(order.is_lt().into()),
        "<=" => return Ok(order.is_le().into()),
        ">" => return Ok(order.is_gt().into()),
        ">=" => return Ok(order.is_ge().into()),
        _ => {}
    }
    match (operator, left, right) {
        ("+", Value::Null, other) | ("+", other, Value::Null) => Ok(other.clone()),
        ("+", Value::Text(one), Value::Text(other)) => Ok(format!("{one}{other}").into()),
        ("+", Value::List(one), Value::List(other)) => Ok([one.as_slice(), other.as_slice()].concat().into()),
        ("+", Value::Map(one), Value::Map(other)) => Ok(Map::as_written(one.iter().chain(other.iter())).into()),
        ("-", Value::List(one), Value::List(other)) => {
            let left = one.iter().filter(|item| !other.iter().any(|gone| compare(item, gone).is_eq()));
            Ok(left.cloned().collect::<Vec<_>>().into())
        }
        (_, Value::Int(one), Value::Int(other)) => of_integers(operator, *one, *other),
        ("+", ..) => Err(Fault::Wrong(format!("{} and {} cannot be added", named(left)?, named(right)?))),
        _ => Err(Fault::Unknown),
    }
}

fn of_integers(operator: &str, one: i64, other: i64) -> Result<Value, Fault> {
    let result = match operator {
        "+" => one.checked_add(other),
        "-" => one.checked_sub(other),
        "*" => one.checked_mul(other),
        "/" if other != 0 && one % other == 0 => one.checked_div(other),
        "%" => one.checked_rem(other),
        _ => None,
    };
    result.map(Value::from).ok_or(Fault::Unknown)
}

pub(super) fn formatted(format: &str, value: &Value) -> Result<String, Fault> {
    let row = |separator: &str, cell: fn(&str) -> String| {
        let Value::List(items) = value else {
            return Err(Fault::Wrong(format!("{} cannot be {format}-formatted, only an array can be", named(value)?)));
        };
        let cell = |item: &Value| match item {
            Value::Null => Ok(String::new()),
            Value::Text(text) => Ok(cell(text)),
            Value::List(_) | Value::Map(_) => Err(Fault::Unknown),
            other => Ok(plain(other)),
        };
        Ok(items.iter().map(cell).collect::<Result<Vec<_>, Fault>>()?.join(separator))
    };
    match format {
        "json" => Ok(json(value)),
        "base64" => Ok(base64::encode(plain(value).as_bytes())),
        "base64d" => {
            let bytes = base64::decode(&plain(value)).map_err(|_| Fault::Unknown)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        "tsv" => row("\t", |text| text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")),
        "csv" => row(",", |text| format!("\"{}\"", text.replace('"', "\"\""))),
        _ => Ok(plain(value)),
    }
}

/// A string as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_text().map_or_else(|| json(value), str::to_owned)
}

fn flat(items: &[Value]) -> Vec<Value> {
    items.iter().flat_map(|item| item.as_list().map_or_else(|| vec![item.clone()], flat)).collect()
}

/// A value without one of its members.
fn without(of: &Value, which: &Value) -> Result<Value, Fault> {
    match (of, which) {
        (Value::Map(map), Value::Text(key)) => {
            let mut map = Map::clone(map);
            map.retain(|known, _| *known != **key);
            Ok(map.into())
        }
        (Value::Null, _) => Ok(Value::Null),
        _ => Err(Fault::Unknown),
    }
}

fn integer(value: &Value) -> Result<i64, Fault> {
    value.as_int().ok_or(Fault::Unknown)
}

fn range(run: &Run, from: i64, to: i64, out: Out) -> Result<(), Fault> {
    (from..to).try_for_each(|n| {
        run.step()?;
        out(n.into())
    })
}
