//! Template functions. Models text/template/funcs.go, and kubectl's `base64decode`.

use std::fmt::Write;

use super::eval::{Found, truth};
use crate::print::golang;
use base::base64;
use base::value::Value;

const KNOWN: [&str; 10] = ["and", "or", "not", "len", "index", "print", "printf", "eq", "ne", "base64decode"];

/// Other functions that templates of kubectl have.
const NOT_SIMULATED: [&str; 12] = ["call", "exists", "ge", "gt", "html", "js", "le", "lt", "println", "slice", "split", "urlquery"];

/// Whether there is a function with this name that is not simulated.
pub fn is_not_simulated(name: &str) -> bool {
    NOT_SIMULATED.contains(&name)
}

/// Whether there is a function with this name.
pub fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Calls a function. The error is the bare reason.
pub fn call(name: &str, arguments: &[Found]) -> Result<Found, String> {
    let text = |i: usize| arguments.get(i).cloned().flatten().map(|v| golang::plain(&v)).unwrap_or_default();
    let yes = |b: bool| Ok(Some(Value::Bool(b)));
    match name {
        "and" => Ok(arguments.iter().find(|a| !truth(a)).or(arguments.last()).cloned().flatten()),
        "or" => Ok(arguments.iter().find(|a| truth(a)).or(arguments.last()).cloned().flatten()),
        "not" => yes(!arguments.first().is_some_and(truth)),
        "len" => length(arguments.first().cloned().flatten()).map(Some),
        "index" => index(arguments),
        "print" => Ok(Some(Value::from((0..arguments.len()).map(text).collect::<String>()))),
        "printf" => format(&text(0), arguments.get(1..).unwrap_or_default()).map(|text| Some(Value::from(text))),
        "eq" => yes(arguments.iter().skip(1).any(|a| Some(a) == arguments.first())),
        "ne" => yes(arguments.first() != arguments.get(1)),
        "base64decode" => {
            let bytes = base64::decode(&text(0)).map_err(|at| format!("base64 decode failed: illegal base64 data at input byte {at}"))?;
            Ok(Some(Value::from(String::from_utf8_lossy(&bytes).into_owned())))
        }
        _ => Ok(Some(Value::from(text(0)))),
    }
}

fn length(value: Found) -> Result<Value, String> {
    let count = match value {
        Some(Value::Text(t)) => t.len(),
        Some(Value::List(l)) => l.len(),
        Some(Value::Map(m)) => m.len(),
        None | Some(Value::Null) => return Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        Some(_) => return Err("len of type int64".to_owned()),
    };
    Ok(Value::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn index(arguments: &[Found]) -> Result<Found, String> {
    let mut value = arguments.first().cloned().flatten();
    for key in arguments.iter().skip(1) {
        value = match (&value, key) {
            (Some(Value::List(items)), Some(Value::Int(i))) => {
                let at = usize::try_from(*i).ok().filter(|i| *i < items.len());
                Some(items[at.ok_or_else(|| format!("index out of range: {i}"))?].clone())
            }
            (Some(Value::Map(map)), Some(Value::Text(key))) => map.get(key).cloned(),
            (None | Some(Value::Null), _) => return Err("index of untyped nil".to_owned()),
            (Some(other), _) => return Err(format!("can't index item of type {}", golang::plain(other))),
        };
    }
    Ok(value)
}

/// `printf`, with the verbs that objects need. The error is the bare reason.
fn format(template: &str, arguments: &[Found]) -> Result<String, String> {
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut chars = template.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let verb = chars.next().unwrap_or('%');
        if !verb.is_ascii_alphabetic() && verb != '%' {
            return Err("flags and widths of printf are not simulated".to_owned());
        }
        match (verb, (verb != '%').then(|| arguments.next()).flatten()) {
            ('%', _) => out.push('%'),
            ('q', Some(argument)) => out.push_str(&base::quoted::go_quoted(&golang::plain(&argument.clone().unwrap_or_default()))),
            (_, Some(argument)) => out.push_str(&golang::plain(&argument.clone().unwrap_or_default())),
            (verb, None) => drop(write!(out, "%!{verb}(MISSING)")),
        }
    }
    Ok(out)
}
