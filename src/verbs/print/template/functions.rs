//! Template functions. Models text/template/funcs.go, and kubectl's `exists`, `base64decode` and `split`.

use std::cmp::Ordering;
use std::fmt::Write;

use super::eval::{Found, truth};
use crate::print::golang;
use base::base64;
use base::value::Value;

const KNOWN: [&str; 19] = [
    "and",
    "or",
    "not",
    "len",
    "index",
    "print",
    "printf",
    "println",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "base64decode",
    "exists",
    "split",
    "html",
    "js",
];

/// The escapes of Go's template.HTMLEscapeString.
const HTML: [(char, &str); 5] = [('"', "&#34;"), ('\'', "&#39;"), ('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;")];
/// The escapes of template.JSEscapeString.
const SCRIPT: [(char, &str); 9] = [
    ('\\', "\\\\"),
    ('\'', "\\'"),
    ('"', "\\\""),
    ('<', "\\u003C"),
    ('>', "\\u003E"),
    ('&', "\\u0026"),
    ('=', "\\u003D"),
    ('\n', "\\u000A"),
    ('\t', "\\u0009"),
];

fn escaped(text: &str, letters: &[(char, &str)]) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match letters.iter().find(|(letter, _)| *letter == c) {
            Some((_, words)) => out.push_str(words),
            None => out.push(c),
        }
    }
    out
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
        "exists" => yes(index(arguments).is_ok_and(|v| v.is_some())),
        "print" | "println" => {
            let joined: Vec<String> = (0..arguments.len()).map(text).collect();
            Ok(Some(Value::from(if name == "print" { joined.concat() } else { joined.join(" ") + "\n" })))
        }
        "printf" => Ok(Some(Value::from(format(&text(0), arguments.get(1..).unwrap_or_default())))),
        "eq" => yes(arguments.iter().skip(1).any(|a| Some(a) == arguments.first())),
        "ne" => yes(arguments.first() != arguments.get(1)),
        "lt" | "le" | "gt" | "ge" => {
            let order = compare(arguments)?;
            yes(match name {
                "lt" => order == Ordering::Less,
                "le" => order != Ordering::Greater,
                "gt" => order == Ordering::Greater,
                _ => order != Ordering::Less,
            })
        }
        "base64decode" => {
            let bytes = base64::decode(&text(0)).map_err(|at| format!("base64 decode failed: illegal base64 data at input byte {at}"))?;
            Ok(Some(Value::from(String::from_utf8_lossy(&bytes).into_owned())))
        }
        "html" => Ok(Some(Value::from(escaped(&text(0), &HTML)))),
        "js" => Ok(Some(Value::from(escaped(&text(0), &SCRIPT)))),
        "split" => Ok(Some(Value::list(text(0).split(text(1).as_str()).collect::<Vec<_>>()))),
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

fn compare(arguments: &[Found]) -> Result<Ordering, String> {
    match (arguments.first().cloned().flatten(), arguments.get(1).cloned().flatten()) {
        (Some(Value::Int(a)), Some(Value::Int(b))) => Ok(a.cmp(&b)),
        (Some(Value::Text(a)), Some(Value::Text(b))) => Ok(a.cmp(&b)),
        _ => Err("incompatible types for comparison".to_owned()),
    }
}

/// `printf`, with flags `-` and `0`, a width, and the verbs that objects need.
fn format(template: &str, arguments: &[Found]) -> String {
    /// The maximum width.
    const MAX_WIDTH: usize = 1000;
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let (mut left, mut zero, mut width) = (false, false, 0usize);
        while let Some(&c) = chars.peek() {
            match c {
                '-' => left = true,
                '0' if width == 0 => zero = true,
                '0'..='9' => {
                    let digit = usize::try_from(c.to_digit(10).unwrap_or(0)).unwrap_or(0);
                    width = width.saturating_mul(10).saturating_add(digit);
                }
                _ => break,
            }
            chars.next();
        }
        let verb = chars.next().unwrap_or('%');
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(argument) = arguments.next() else {
            let _ = write!(out, "%!{verb}(MISSING)");
            continue;
        };
        let value = argument.clone().unwrap_or_default();
        let text = if verb == 'q' { base::quoted::go_quoted(&golang::plain(&value)) } else { golang::plain(&value) };
        let missing = width.min(MAX_WIDTH).saturating_sub(text.chars().count());
        let fill = |c: char| std::iter::repeat_n(c, missing).collect::<String>();
        match (left, zero && verb == 'd') {
            (true, _) => out.push_str(&(text + &fill(' '))),
            (false, true) => out.push_str(&(fill('0') + &text)),
            (false, false) => out.push_str(&(fill(' ') + &text)),
        }
    }
    out
}
