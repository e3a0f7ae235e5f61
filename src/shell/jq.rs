//! Tools with a language of values, as far as tutorials use it: `jq`, `yq`.
//!
//! Promises: what is not supported is refused in the playground's own words, never answered wrongly.

use super::query::refuse;
use super::tools::{Job, MISUSED};
use crate::base::sort::Sort;
use crate::base::value::Value;
use crate::yaml;

/// `yq`, version 4: paths, sorting and selecting documents.
pub fn yq(j: &mut Job) -> i32 {
    j.words.retain(|word| !matches!(*word, "e" | "ea" | "eval" | "eval-all"));
    let found = match asked(j) {
        Ok(found) => found,
        Err(status) => return status,
    };
    let printed: Vec<String> =
        found.iter().map(|value| if value.as_text().is_some() { plain(value) } else { yaml::print(value) }).collect();
    j.out = printed.join(if found.iter().any(|v| v.as_map().is_some()) { "---\n" } else { "" });
    j.status()
}

/// `jq`: paths.
pub fn jq(j: &mut Job) -> i32 {
    let found = match asked(j) {
        Ok(found) => found,
        Err(status) => return status,
    };
    let (raw, compact) = (j.on('r'), j.on('c'));
    for value in &found {
        let text = match value {
            Value::Text(_) if raw => plain(value),
            Value::Map(_) | Value::List(_) if !compact => halved(&yaml::to_json_pretty(value)),
            other => format!("{}\n", other.to_json()),
        };
        j.out.push_str(&text);
    }
    j.status()
}

/// Lines with their indentation halved.
fn halved(text: &str) -> String {
    let half = |line: &str| {
        let rest = line.trim_start_matches(' ');
        format!("{}{rest}\n", " ".repeat((line.len() - rest.len()) / 2))
    };
    text.lines().map(half).collect()
}

/// The results of the program in the arguments for the documents of the files after it, or of the input; or an exit code.
fn asked(j: &mut Job) -> Result<Vec<Value>, i32> {
    let program = j.words.first().copied().unwrap_or(".");
    let files: Vec<&str> = j.words.iter().skip(1).copied().collect();
    let text = j.text(&files);
    let documents = yaml::parse(&text);
    if let Some(wrong) = documents.iter().find_map(yaml::Document::error) {
        j.fail(&format!("ordinal: {} cannot read this: {}.", j.name(), wrong.problem));
        return Err(MISUSED);
    }
    query(program, documents.into_iter().filter_map(|d| d.value).collect()).ok_or_else(|| refuse(j, j.name(), program))
}

fn plain(value: &Value) -> String {
    format!("{}\n", value.as_text().map_or_else(|| value.to_json(), str::to_owned))
}

/// The results of a program for documents; `None` if it is not supported.
fn query(program: &str, documents: Vec<Value>) -> Option<Vec<Value>> {
    let mut values = documents;
    for stage in program.split('|').map(str::trim) {
        values = match stage {
            "split_doc" | "." => values,
            "[.]" => vec![Value::from(values)],
            "reverse" | "length" | "keys" => values.iter().map(|value| whole(stage, value)).collect::<Option<_>>()?,
            _ => {
                if let Some(path) = inside(stage, "sort_by") {
                    let sorted = |value: &Value| {
                        let mut items = value.as_list()?.to_vec();
                        items.put_in_order_of(|item| along(path, item).and_then(|f| f.first().map(Value::to_json)));
                        Some(Value::from(items))
                    };
                    values.iter().map(sorted).collect::<Option<_>>()?
                } else if let Some(test) = inside(stage, "select") {
                    let choices: Vec<(&str, &str)> = test.split(" or ").map(choice).collect::<Option<_>>()?;
                    let wanted = |value: &Value| {
                        choices.iter().any(|(path, want)| {
                            let found = along(path, value).unwrap_or_default();
                            found.first().is_some_and(|v| plain(v).trim() == *want)
                        })
                    };
                    values.retain(wanted);
                    values
                } else {
                    let found: Vec<Vec<Value>> = values.iter().map(|value| along(stage, value)).collect::<Option<_>>()?;
                    found.concat()
                }
            }
        };
    }
    Some(values)
}

/// The path and the text of `.a == "b"`.
fn choice(test: &str) -> Option<(&str, &str)> {
    let (path, want) = test.split_once("==")?;
    let want = want.trim();
    let quoted = want.strip_prefix('"').and_then(|want| want.strip_suffix('"'));
    let is_plain = matches!(want, "true" | "false" | "null") || want.parse::<i64>().is_ok();
    Some((path.trim(), quoted.or(is_plain.then_some(want))?))
}

fn inside<'a>(stage: &'a str, name: &str) -> Option<&'a str> {
    stage.strip_prefix(name)?.trim().strip_prefix('(')?.strip_suffix(')')
}

fn whole(what: &str, value: &Value) -> Option<Value> {
    match (what, value) {
        ("reverse", Value::List(items)) => Some(Value::from(items.iter().rev().cloned().collect::<Vec<_>>())),
        ("length", Value::List(items)) => i64::try_from(items.len()).ok().map(Value::from),
        ("length", Value::Map(map)) => i64::try_from(map.iter().count()).ok().map(Value::from),
        ("keys", Value::Map(map)) => Some(Value::list(map.iter().map(|(key, _)| key.clone()))),
        _ => None,
    }
}

/// The values at `.a.b[0]."c".d[]`.
fn along(path: &str, value: &Value) -> Option<Vec<Value>> {
    let mut values = vec![value.clone()];
    let mut rest = path.trim().strip_prefix('.')?;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            rest = after.strip_prefix('.').unwrap_or(after);
            let pick = |value: &Value| match (index.trim(), value) {
                ("", Value::List(items)) => items.to_vec(),
                ("", Value::Map(map)) => map.iter().map(|(_, v)| v.clone()).collect(),
                (text, Value::List(items)) => {
                    let at = text
                        .parse::<i64>()
                        .ok()
                        .and_then(|n| usize::try_from(if n < 0 { n + i64::try_from(items.len()).ok()? } else { n }).ok());
                    vec![at.and_then(|at| items.get(at)).cloned().unwrap_or_default()]
                }
                (text, value) => vec![value.get(text.trim_matches('"')).cloned().unwrap_or_default()],
            };
            values = values.iter().flat_map(pick).collect();
            continue;
        }
        let (key, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (key, after) = quoted.split_once('"')?;
                (key, after)
            }
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c)) {
            return None;
        }
        values = values.iter().map(|value| value.get(key).cloned().unwrap_or_default()).collect();
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    Some(values)
}
